/* SPDX-License-Identifier: Apache-2.0 */
/* truth.csv: a row a visit, with what is true of the patient repeated; truth_lesions.csv: a row a lesion and visit. Words and
 * numbers only, so no cell needs quotes. A day that never comes is an empty cell. */
#include "simulate_truth.h"

static void put_day(FILE *out, int32_t day) {
    if (day != BFL_TRUTH_NEVER) (void)fprintf(out, "%d", (int)day);
    (void)fputc(',', out);
}

static const char *yes(bool value) { return value ? "yes" : "no"; }

void cli_truth_head(FILE *visits, FILE *lesions) {
    (void)fputs(
        "patient,class,world,scenario,responds,flare_day,flare_end_day,regrowth_day,progression_day,outside_day,"
        "liver_injury_day,cholangitis_day,fracture_day,radiotherapy_day,method_change_day,paget,bone_agent,"
        "visit_day,bone,progression_outside\n",
        visits);
    (void)fputs(
        "patient,lesion,organ,matrix,latent,flare_day,flare_end_day,regrowth_day,progression_day,visit_day,state\n",
        lesions);
}

static void put_patient(FILE *out, const bfl_truth *t) {
    (void)fprintf(out, "%s,%s,%s,%s,%s,", t->patient, t->class_id, bfl_sim_world_word(t->world),
                  bfl_sim_scenario_word(t->scenario), yes(t->responds));
    const int32_t days[] = {t->flare_day,        t->flare_end_day,    t->regrowth_day,    t->progression_day,
                            t->outside_day,      t->liver_injury_day, t->cholangitis_day, t->fracture_day,
                            t->radiotherapy_day, t->method_change_day};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) put_day(out, days[i]);
    (void)fprintf(out, "%s,%s,", yes(t->paget), yes(t->bone_agent));
}

static void put_lesion(FILE *out, const bfl_truth *t, const bfl_truth_lesion *l) {
    (void)fprintf(out, "%s,%s,%s,%s,%s,", t->patient, l->id, bfl_organ_word(l->organ), bfl_matrix_word(l->matrix),
                  yes(l->latent));
    put_day(out, l->flare_day);
    put_day(out, l->flare_end_day);
    put_day(out, l->regrowth_day);
    put_day(out, l->progression_day);
}

void cli_truth_rows(FILE *visits, FILE *lesions, const bfl_truth *t) {
    for (size_t v = 0; v < t->visit_count; v++) {
        const bfl_truth_visit *visit = &t->visits[v];
        put_patient(visits, t);
        (void)fprintf(visits, "%d,%s,%s\n", (int)visit->day, bfl_truth_state_word(visit->bone),
                      yes(visit->progression_outside));
        for (size_t i = 0; i < t->lesion_count; i++) {
            put_lesion(lesions, t, &t->lesions[i]);
            (void)fprintf(lesions, "%d,%s\n", (int)visit->day, bfl_truth_state_word(visit->lesions[i]));
        }
    }
}
