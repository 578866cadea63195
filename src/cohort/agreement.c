/* SPDX-License-Identifier: Apache-2.0 */
/* Do the definitions of a flare agree? Each pair as a two-by-two table with Cohen's kappa. */
#include "cohort/study.h"

#include <string.h>

static bool called(const making *m, const bfl_cohort_patient *p) {
    return (void)m, p->flare == BFL_FLARE_SUSPECTED || p->flare == BFL_FLARE_CONFIRMED;
}
static bool confirmed(const making *m, const bfl_cohort_patient *p) { return (void)m, p->flare == BFL_FLARE_CONFIRMED; }
static bool image(const making *m, const bfl_cohort_patient *p) { return (void)m, p->image_flare; }
static bool alp(const making *m, const bfl_cohort_patient *p) { return (void)m, p->alp_flare; }
static bool stated(const making *m, const bfl_cohort_patient *p) {
    return (void)m, strcmp(p->stated_flare, "yes") == 0;
}

static size_t criterion(const making *m, const char *id) {
    for (size_t k = 0; k < m->out->criterion_count; k++)
        if (strcmp(m->out->criteria[k], id) == 0) return k;
    return 0;
}

/* At some visit RECIST read literally says progression, and with its note on flare it does not. */
static bool note(const making *m, const bfl_cohort_patient *p) {
    size_t literal = criterion(m, "recist11"), with_note = criterion(m, "recist11_flare_note");
    for (size_t i = 0; i < p->visit_count; i++)
        if (p->visits[i].responses[literal] == BFL_RESPONSE_PD && p->visits[i].responses[with_note] != BFL_RESPONSE_PD)
            return true;
    return false;
}

static const struct {
    const char *name;
    bool (*is)(const making *m, const bfl_cohort_patient *p);
} definitions[] = {
    {"boneflare, suspected or confirmed", called},
    {"boneflare, confirmed", confirmed},
    {"bone worse while the rest holds", image},
    {"RECIST 1.1: PD only without the note on flare", note},
    {"ALP rose and fell again", alp},
    {"as the source says", stated},
};
enum { DEFINITIONS = sizeof definitions / sizeof *definitions };

static void pair_row(table *t, size_t a, size_t b) {
    making *m = t->m;
    uint64_t counts[2][2] = {{0}};
    for (size_t i = 0; i < m->patients.count; i++) {
        const bfl_cohort_patient *p = &m->patients.items[i];
        if (cohort_in_bone_set(m, p)) counts[!definitions[a].is(m, p)][!definitions[b].is(m, p)]++;
    }
    bfl_num_kappa k = bfl_num_cohen_kappa(m->arena, &counts[0][0], 2, BFL_NUM_UNWEIGHTED, m->options.level);
    put_text(t, definitions[a].name);
    put_text(t, definitions[b].name);
    put_count(t, counts[0][0]);
    put_count(t, counts[0][1]);
    put_count(t, counts[1][0]);
    put_count(t, counts[1][1]);
    if (k.state != BFL_NUM_OK) {
        put_missing(t, "");
        put_gap(t, 4, k.state == BFL_NUM_CONSTANT ? "one answer only" : state_words(k.state));
        return;
    }
    put_number(t, k.observed, 3);
    put_number(t, k.kappa, 3);
    put_number(t, k.se, 3);
    put_number(t, k.low, 3);
    put_number(t, k.high, 3);
}

void cohort_agree(making *m) {
    table t = cohort_table_begin(m, "agreement", "Agreement of definitions of a flare",
                                 "first second both only_first only_second neither observed kappa se low high");
    bool any = m->patients.count && m->patients.items[0].stated_flare[0];
    for (size_t a = 0; a < DEFINITIONS; a++)
        for (size_t b = a + 1; b < DEFINITIONS; b++)
            if (any || definitions[b].is != stated) pair_row(&t, a, b);
    cohort_table_end(&t, bfl_arena_printf(m->arena,
                                          "%s Cohen's kappa with its large-sample interval; there is none "
                                          "where chance alone would agree always.",
                                          cohort_bone_words(m)));
}
