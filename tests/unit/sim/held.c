/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every number of the simulator is held in place: what a few patients of each class, scenario and world come to is summed up in
 * one number each. A parameter that changes nothing here would be a parameter that does nothing. When the model is changed
 * on purpose, the failing test prints the new rows; bench/calibrate shows whether it still agrees with what is published.
 */
#include "sim/sim.h"
#include "test.h"

#include <stdlib.h>

#include "held_series.inc"
/* clang-format off */
static const struct row {
    const char *class_id;
    bfl_sim_scenario scenario;
    bfl_sim_world world;
    uint64_t sum;
} rows[] = {
#include "held.inc"
};
/* clang-format on */
enum { RARE = 250, RARE_INJURED = 6 }; /* the class says one in fifty: 5 are expected */
enum { SERIES = 40, PATIENTS = 8, ROWS = sizeof rows / sizeof *rows };

static const char *const scenario_names[] = {"MIXED", "FLARE",    "PROGRESSION",  "LIVER",      "CHOLANGITIS",
                                             "PAGET", "FRACTURE", "RADIOTHERAPY", "BONE_AGENT", "METHOD_CHANGE"};
static const char *const world_names[] = {"DEFAULT", "HELD_BACK", "WRONG"};

/* FNV-1a. */
static void add(uint64_t *sum, const void *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) *sum = (*sum ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
}
static void add_text(uint64_t *sum, const char *z) { add(sum, z, strlen(z) + 1); }
static void add_whole(uint64_t *sum, int64_t n) { add(sum, &n, sizeof n); }
static void add_maybe(uint64_t *sum, bfl_maybe m) {
    add_whole(sum, m.present);
    if (m.present) add_whole(sum, m.value.mantissa), add_whole(sum, m.value.exponent);
}

static void add_record(uint64_t *sum, const bfl_record *r) {
    add_text(sum, r->patient.sex);
    add_maybe(sum, r->patient.age_years);
    for (size_t i = 0; i < r->therapy_count; i++)
        add_text(sum, r->therapies[i].drug), add_whole(sum, r->therapies[i].start.day);
    for (size_t i = 0; i < r->clinical_count; i++)
        add_text(sum, r->clinicals[i].item), add_text(sum, r->clinicals[i].value);
    for (size_t i = 0; i < r->lesion_count; i++) {
        const bfl_lesion *l = &r->lesions[i];
        add_whole(sum, l->when.day);
        add_text(sum, l->id);
        add_whole(sum,
                  (int64_t)l->role * 1000 + (int64_t)l->matrix * 100 + (int64_t)l->state * 10 + (int64_t)l->uptake);
        add_whole(sum, l->changes);
        add_maybe(sum, l->longest_mm);
        add_maybe(sum, l->short_mm);
        add_maybe(sum, l->hu_mean);
        add_maybe(sum, l->slice_mm);
    }
    for (size_t i = 0; i < r->lab_count; i++) {
        add_text(sum, r->labs[i].name);
        add_text(sum, r->labs[i].written);
        add_maybe(sum, r->labs[i].ref_low);
        add_maybe(sum, r->labs[i].ref_high);
    }
}

static void add_truth(uint64_t *sum, const bfl_truth *t) {
    const int32_t days[] = {t->flare_day,       t->flare_end_day,    t->regrowth_day,
                            t->progression_day, t->outside_day,      t->cholangitis_day,
                            t->fracture_day,    t->radiotherapy_day, t->liver_injury_day};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) add_whole(sum, days[i]);
    for (size_t i = 0; i < t->lesion_count; i++) {
        const bfl_truth_lesion *l = &t->lesions[i];
        add_whole(sum, l->latent);
        add_whole(sum, (int64_t)l->flare_day + l->flare_end_day);
        add_whole(sum, (int64_t)l->regrowth_day + l->progression_day);
    }
}

static uint64_t sum_of(const bfl_rulebook *rulebook, const struct row *row) {
    uint64_t sum = 0xcbf29ce484222325u;
    bfl_sim_options options = {.struct_size = sizeof options,
                               .class_id = row->class_id,
                               .seed = (uint64_t)(row - rows),
                               .scenario = row->scenario,
                               .world = row->world};
    for (uint64_t i = 0; i < PATIENTS; i++) {
        bfl_simulated *s = NULL;
        bfl_error err = {0};
        CHECK_INT(bfl_simulate_patient(rulebook, &options, i, &s, &err), BFL_OK);
        if (!s) printf("# %s\n", err.message);
        if (!s) continue;
        add_record(&sum, bfl_simulated_record(s));
        add_truth(&sum, bfl_simulated_truth(s));
        bfl_simulated_free(s);
    }
    return sum;
}

TEST(every_parameter_is_held) {
    bfl_rulebook *rulebook = NULL;
    uint64_t sums[ROWS];
    bool same = true;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL), BFL_OK);
    for (size_t i = 0; i < ROWS; i++) {
        sums[i] = sum_of(rulebook, &rows[i]);
        same = same && sums[i] == rows[i].sum;
    }
    CHECK(same);
    for (size_t i = 0; i < ROWS && !same; i++)
        printf("#     {%s%s%s, BFL_SIM_%s, BFL_SIM_%s, 0x%016llxu},\n", rows[i].class_id ? "\"" : "",
               rows[i].class_id ? rows[i].class_id : "NULL", rows[i].class_id ? "\"" : "",
               scenario_names[rows[i].scenario], world_names[rows[i].world], (unsigned long long)sums[i]);
    bfl_rulebook_free(rulebook);
}

/* The published series with their designs, in a few patients each. */
TEST(every_design_is_held) {
    bfl_rulebook *rulebook = NULL;
    bfl_sim_calibration *made = NULL;
    const bfl_sim_anchor *a;
    uint64_t sum = 0xcbf29ce484222325u;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL), BFL_OK);
    CHECK_INT(bfl_sim_calibrate(rulebook, NULL, SERIES, &made, NULL), BFL_OK);
    for (size_t i = 0; made && (a = bfl_sim_calibration_at(made, i)); i++) {
        const double numbers[] = {a->published, a->low, a->high, a->simulated};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) add_whole(&sum, llround(numbers[k] * 1000));
        add_whole(&sum, (int64_t)a->patients);
    }
    CHECK(sum == SERIES_SUM);
    if (sum != SERIES_SUM) printf("# series: 0x%016llxu\n", (unsigned long long)sum);
    bfl_sim_calibration_free(made);
    bfl_rulebook_free(rulebook);
}

/* Rare enough that eight patients show none. */
TEST(injury_of_the_liver_is_as_rare_as_its_class_says) {
    bfl_rulebook *rulebook = NULL;
    size_t injured = 0;
    CHECK_INT(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL), BFL_OK);
    for (uint64_t i = 0; i < RARE; i++) {
        bfl_sim_options options = {.struct_size = sizeof options, .class_id = "androgen_axis", .seed = 1};
        bfl_simulated *s = NULL;
        CHECK_INT(bfl_simulate_patient(rulebook, &options, i, &s, NULL), BFL_OK);
        if (!s) continue;
        injured += bfl_simulated_truth(s)->liver_injury_day != BFL_TRUTH_NEVER;
        bfl_simulated_free(s);
    }
    CHECK_INT(injured, RARE_INJURED);
    bfl_rulebook_free(rulebook);
}

TEST_CASES(CASE(every_parameter_is_held), CASE(every_design_is_held),
           CASE(injury_of_the_liver_is_as_rare_as_its_class_says))
