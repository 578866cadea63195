/* SPDX-License-Identifier: Apache-2.0 */
/* The shapes of a course compared by probability. The expected numbers come from tests/oracle/forms.py, which works another way. */
#include "patient.h"

#include <math.h>

typedef struct row {
    int day;
    const char *value, *method;
} row;

static const row *rows;
static const char *analyte;

static void write_rows(patient *p) {
    for (const row *r = rows; r->value; r++) {
        bfl_lab *added = lab(p, r->day, analyte, r->value, strcmp(analyte, "CEA") == 0 ? "ng/mL" : "U/L", "45", "125");
        added->method = r->method ? r->method : "";
    }
}

static bfl_form_fit fit_of(const char *name, const row *series) {
    bfl_form_fit fit = {.fitted = false};
    analyte = name, rows = series;
    patient p = patient_of(write_rows);
    CHECK(bfl_marker_compare(p.record, p.rulebook, course(&p, name), &fit, NULL) == BFL_OK);
    patient_forget(&p);
    return fit;
}

#define SERIES(...) ((const row[]){__VA_ARGS__, {0, NULL, NULL}})

static bool near(double found, double expected, double by) {
    bool good = fabs(found - expected) <= by;
    if (!good) printf("# found %.6g, expected %.6g\n", found, expected);
    return good;
}

TEST(each_shape_is_recognised) {
    bfl_form_fit f =
        fit_of("ALP", SERIES({-3, "100", 0}, {20, "108", 0}, {41, "95", 0}, {62, "103", 0}, {83, "99", 0}));
    CHECK_TEXT(bfl_form_word(f.best), "stable");
    CHECK(f.named && f.fitted && f.value_count == 5 && f.bound_count == 0 && !f.has_days);
    f = fit_of("ALP", SERIES({-3, "400", 0}, {20, "300", 0}, {41, "190", 0}, {62, "140", 0}, {83, "120", 0}));
    CHECK_TEXT(bfl_form_word(f.best), "fall");
    f = fit_of("ALP", SERIES({-3, "100", 0}, {20, "104", 0}, {41, "160", 0}, {62, "230", 0}, {83, "330", 0}));
    CHECK_TEXT(bfl_form_word(f.best), "rise");
    CHECK(f.has_days && f.onset_day > 0 && f.onset_day < 41);
    f = fit_of("ALP", SERIES({-3, "100", 0}, {14, "210", 0}, {28, "250", 0}, {49, "160", 0}, {70, "90", 0}));
    CHECK_TEXT(bfl_form_word(f.best), "rise_then_fall");
    CHECK(f.onset_day < f.peak_day && f.peak_day < f.return_day && f.peak_day > 10 && f.peak_day < 40);
    f = fit_of("ALP", SERIES({-3, "100", "old"}, {20, "104", "old"}, {41, "98", "old"}, {62, "172", "new"},
                             {83, "178", "new"}));
    CHECK_TEXT(bfl_form_word(f.best), "step");
    CHECK(f.has_days && f.onset_day == 62);
}

TEST(a_step_needs_a_changed_method) {
    bfl_form_fit with = fit_of("ALP", SERIES({0, "100", "A"}, {21, "104", "A"}, {42, "98", "A"}, {63, "150", "B"}));
    bfl_form_fit without = fit_of("ALP", SERIES({0, "100", "A"}, {21, "104", "A"}, {42, "98", "A"}, {63, "150", "a"}));
    CHECK(with.probability[BFL_FORM_STEP] > without.probability[BFL_FORM_STEP]);
    CHECK(near(with.probability[BFL_FORM_STEP], 0.5420, 0.002));
    CHECK(near(without.probability[BFL_FORM_STEP], 0.0327, 0.002));
}

TEST(too_little_says_nothing) {
    bfl_form_fit f = fit_of("ALP", SERIES({0, "100", 0}));
    CHECK(!f.fitted && f.value_count == 1);
    f = fit_of("CRP", SERIES({0, "<10", 0}, {20, "<10", 0}));
    CHECK(!f.fitted);
    f = fit_of("ALP", SERIES({0, "0", 0}, {20, "100", 0}));
    CHECK(!f.fitted && f.value_count == 1); /* 0 has no logarithm */
    CHECK(!fit_of("GGT", SERIES({0, "high", 0})).fitted);
    bfl_form_fit kept = {.value_count = 7};
    CHECK(bfl_marker_compare(NULL, NULL, NULL, &kept, NULL) == BFL_EINVAL);
    CHECK_INT(kept.value_count, 7);
}

TEST(bounds_speak_on_their_side) {
    bfl_form_fit up = fit_of("CEA", SERIES({0, "20", 0}, {21, "22", 0}, {42, ">60", 0}));
    bfl_form_fit down = fit_of("CEA", SERIES({0, "20", 0}, {21, "22", 0}, {42, "<6", 0}));
    bfl_form_fit idle = fit_of("CEA", SERIES({0, "20", 0}, {21, "22", 0}, {42, "<60", 0}));
    CHECK(up.probability[BFL_FORM_RISE] > 0.8 && up.bound_count == 1);
    /* So sudden a drop may be a fall or a step. */
    CHECK(down.probability[BFL_FORM_FALL] + down.probability[BFL_FORM_STEP] > 0.85);
    CHECK(down.probability[BFL_FORM_RISE] < 0.01 && down.probability[BFL_FORM_STABLE] < 0.01);
    CHECK_TEXT(bfl_form_word(idle.best), "stable");
    CHECK(up.next > 60 && down.next < 6);
    /* All but one a bound, and the bounds agree with it. */
    bfl_form_fit far = fit_of("CEA", SERIES({0, ">1000", 0}, {21, "900", 0}, {42, "<0.001", 0}));
    double sum = 0;
    for (int k = 0; k < BFL_FORM_COUNT; k++) sum += far.probability[k];
    CHECK(near(sum, 1, 1e-9) && far.probability[BFL_FORM_RISE] < 0.01);
}

TEST(numbers_of_the_oracle) {
    const row *series = SERIES({-5, "164", 0}, {42, "134", 0}, {90, "69", 0}); /* Shi, patient 2 */
    static const double marginal[] = {-7.53761, -2.66906, -10.06892, -5.20244, -3.23635},
                        probability[] = {0.01334, 0.86811, 0.00040, 0.06892, 0.04923};
    bfl_form_fit f = fit_of("ALP", series);
    for (int k = 0; k < BFL_FORM_COUNT; k++) {
        CHECK(near(f.log_marginal[k], marginal[k], 0.003));
        CHECK(near(f.probability[k], probability[k], 0.001));
    }
    CHECK_INT(f.next_day, 111);
}

TEST(the_next_value) {
    bfl_form_fit f =
        fit_of("ALP", SERIES({-3, "100", 0}, {20, "108", 0}, {41, "95", 0}, {62, "103", 0}, {83, "99", 0}));
    CHECK(near(f.next, 100.02, 0.1) && f.next_low > 70 && f.next_high < 140);
    CHECK(f.next_low < f.next && f.next < f.next_high);
    CHECK(f.has_above && f.above > f.next && f.has_below && f.below < f.next);
    CHECK(near(f.next_low, 78.65, 0.1) && near(f.next_high, 124.86, 0.1) && near(f.above, 177, 0.5));
    /* After a value beyond the limit the shape is another one; before it, the same. */
    bfl_form_fit after = fit_of(
        "ALP", SERIES({-3, "100", 0}, {20, "108", 0}, {41, "95", 0}, {62, "103", 0}, {83, "99", 0}, {104, "200", 0}));
    CHECK(after.best != BFL_FORM_STABLE && f.above < 200);
    /* A rise that goes on contradicts nothing, however high: no upper limit up to tenfold. */
    f = fit_of("ALP", SERIES({-3, "100", 0}, {20, "104", 0}, {41, "160", 0}, {62, "230", 0}, {83, "330", 0}));
    CHECK(!f.has_above && f.has_below && f.below < 330);
}

TEST(values_long_before_the_baseline_and_very_many_are_left_out) {
    CHECK_INT(fit_of("ALP", SERIES({-200, "500", 0}, {-91, "400", 0}, {-90, "105", 0}, {0, "100", 0}, {21, "98", 0}))
                  .value_count,
              3);
    static row many[60];
    static char texts[60][8];
    for (int i = 0; i < 50; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "%d", 100 + i % 7);
        many[i] = (row){7 * i, texts[i], NULL};
    }
    bfl_form_fit f = fit_of("ALP", many);
    CHECK_INT(f.value_count, 24);
    CHECK_TEXT(bfl_form_word(f.best), "stable");
}

/* The same blood in other units has the same shapes; values shift by the factor. */
TEST(units_do_not_matter) {
    static const row a[] = {{0, "120", 0}, {21, "240", 0}, {42, "180", 0}, {63, "120", 0}, {0, NULL, NULL}};
    bfl_form_fit x = fit_of("ALP", a);
    static const row b[] = {{0, "1200", 0}, {21, "2400", 0}, {42, "1800", 0}, {63, "1200", 0}, {0, NULL, NULL}};
    bfl_form_fit y = fit_of("ALP", b);
    for (int k = 0; k < BFL_FORM_COUNT; k++) CHECK(near(x.probability[k], y.probability[k], 1e-9));
    CHECK(near(10 * x.next, y.next, 0.2));
}

TEST_CASES(CASE(each_shape_is_recognised), CASE(a_step_needs_a_changed_method), CASE(too_little_says_nothing),
           CASE(bounds_speak_on_their_side), CASE(numbers_of_the_oracle), CASE(the_next_value),
           CASE(values_long_before_the_baseline_and_very_many_are_left_out), CASE(units_do_not_matter))
