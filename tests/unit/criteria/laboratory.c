/* SPDX-License-Identifier: Apache-2.0 */
/* CTCAE v5 grades at both sides of every threshold, and liver injury. */
#include "timeline.h"

static char graded[256];
static void keep_grades(const timeline *t) {
    bfl_buf text = {.arena = t->arena};
    for (size_t i = 0; i < t->criteria->grade_count; i++) {
        const bfl_grade *g = &t->criteria->grades[i];
        bfl_buf_addf(&text, "%sd%d %s %d %s", i ? ", " : "", (int)g->day, g->analyte->id, g->grade,
                     g->baseline_abnormal ? "x baseline" : "x limit");
    }
    (void)snprintf(graded, sizeof graded, "%s", bfl_buf_z(&text));
}
static const char *grades(const char *labs) {
    with_timeline((timeline){.lesions = "", .labs = labs, .check = keep_grades});
    return graded;
}

/* A value after a normal baseline; returns the digit of its grade, '0' when there is none. */
static char grade_of(const char *analyte, const char *value, const char *unit, const char *low, const char *high) {
    char labs[256];
    (void)snprintf(labs, sizeof labs, "14 %s %s %s %s %s", analyte, value, unit, low, high);
    const char *text = grades(labs);
    const char *space = strrchr(text, 'x');
    return *text ? space[-2] : '0';
}

static void steps(const char *analyte, const char *const values[4], const char *const above[4], const char *unit,
                  const char *high) {
    for (int i = 0; i < 4; i++) {
        CHECK_INT(grade_of(analyte, values[i], unit, "-", high), '0' + i);
        CHECK_INT(grade_of(analyte, above[i], unit, "-", high), '1' + i);
    }
}

TEST(multiples_of_the_upper_limit) {
    const char *const alp[] = {"100", "250", "500", "2000"}, *const alp_above[] = {"100.1", "250.1", "500.1", "2000.1"};
    steps("ALP", alp, alp_above, "U/L", "100");
    steps("GGT", alp, alp_above, "U/L", "100");
    const char *const alt[] = {"40", "120", "200", "800"}, *const alt_above[] = {"40.1", "120.1", "200.1", "800.1"};
    steps("ALT", alt, alt_above, "U/L", "40");
    steps("AST", alt, alt_above, "U/L", "40");
    const char *const bil[] = {"1", "1.5", "3", "10"}, *const bil_above[] = {"1.01", "1.51", "3.01", "10.01"};
    steps("BIL", bil, bil_above, "mg/dL", "1");
    const char *const crea[] = {"1", "1.5", "3", "6"}, *const crea_above[] = {"1.01", "1.51", "3.01", "6.01"};
    steps("CREAT", crea, crea_above, "mg/dL", "1");
}

TEST(multiples_of_an_abnormal_baseline) {
    /* Kaneko 2017: 379 (104-338), then 952 = 2.51 x baseline. */
    CHECK_TEXT(grades("0 ALP 379 U/L 104 338\n13 ALP 952 U/L 104 338"), "d13 ALP 2 x baseline");
    CHECK_TEXT(grades("0 ALP 338 U/L 104 338\n13 ALP 952 U/L 104 338"), "d13 ALP 2 x limit");
    CHECK_TEXT(grades("0 ALP 200 U/L - 100\n13 ALP 400 U/L - 100"), "d13 ALP 1 x baseline"); /* 2.0 counts */
    CHECK_TEXT(grades("0 ALP 200 U/L - 100\n13 ALP 399 U/L - 100"), "");
    CHECK_TEXT(grades("0 ALP 200 U/L - 100\n13 ALP 500 U/L - 100"), "d13 ALP 1 x baseline");
    CHECK_TEXT(grades("0 ALP 200 U/L - 100\n13 ALP 501 U/L - 100"), "d13 ALP 2 x baseline");
    CHECK_TEXT(grades("0 ALP 200 U/L - 100\n13 ALP 1001 U/L - 100"), "d13 ALP 3 x baseline");
    CHECK_TEXT(grades("0 ALP 200 U/L - 100\n13 ALP 4001 U/L - 100"), "d13 ALP 4 x baseline");
    CHECK_TEXT(grades("0 GGT 200 U/L - 100\n13 GGT 400 U/L - 100"), "d13 GGT 1 x baseline");
    CHECK_TEXT(grades("0 ALT 80 U/L - 40\n13 ALT 120 U/L - 40"), "d13 ALT 1 x baseline"); /* 1.5 counts */
    CHECK_TEXT(grades("0 ALT 80 U/L - 40\n13 ALT 119 U/L - 40"), "");
    CHECK_TEXT(grades("0 AST 80 U/L - 40\n13 AST 241 U/L - 40"), "d13 AST 2 x baseline");
    CHECK_TEXT(grades("0 BIL 2 mg/dL - 1\n13 BIL 2 mg/dL - 1"), ""); /* above 1.0, not from */
    CHECK_TEXT(grades("0 BIL 2 mg/dL - 1\n13 BIL 2.1 mg/dL - 1"), "d13 BIL 1 x baseline");
    CHECK_TEXT(grades("0 BIL 2 mg/dL - 1\n13 BIL 6.1 mg/dL - 1"), "d13 BIL 3 x baseline");
}

TEST(creatinine_by_limit_or_baseline) {
    CHECK_TEXT(grades("0 CREAT 0.6 mg/dL - 1.2\n13 CREAT 0.9 mg/dL - 1.2"), "");
    CHECK_TEXT(grades("0 CREAT 0.6 mg/dL - 1.2\n13 CREAT 0.91 mg/dL - 1.2"), "d13 CREAT 2 x limit");
    CHECK_TEXT(grades("0 CREAT 0.6 mg/dL - 1.2\n13 CREAT 1.81 mg/dL - 1.2"), "d13 CREAT 3 x limit");
}

TEST(plain_thresholds) {
    CHECK_INT(grade_of("CA", "10.5", "mg/dL", "8.5", "10.5"), '0');
    CHECK_INT(grade_of("CA", "10.6", "mg/dL", "8.5", "10.5"), '1');
    CHECK_INT(grade_of("CA", "11.5", "mg/dL", "8.5", "10.5"), '1');
    CHECK_INT(grade_of("CA", "11.6", "mg/dL", "8.5", "10.5"), '2');
    CHECK_INT(grade_of("CA", "12.6", "mg/dL", "8.5", "10.5"), '3');
    CHECK_INT(grade_of("CA", "13.6", "mg/dL", "8.5", "10.5"), '4');
    CHECK_INT(grade_of("CA", "2.91", "mmol/L", "2.1", "2.6"), '2');
    CHECK_INT(grade_of("CA", "3.11", "mmol/L", "2.1", "2.6"), '3');
    CHECK_INT(grade_of("CA", "3.41", "mmol/L", "2.1", "2.6"), '4');
    CHECK_INT(grade_of("CA", "2.02", "mmol/L", "2.03", "2.60"), '1'); /* Shi 2021, patient 2 */
    CHECK_INT(grade_of("CA", "2.0", "mmol/L", "2.03", "2.60"), '1');
    CHECK_INT(grade_of("CA", "1.96", "mmol/L", "2.03", "2.60"), '2');
    CHECK_INT(grade_of("CA", "1.74", "mmol/L", "2.03", "2.60"), '3');
    CHECK_INT(grade_of("CA", "1.49", "mmol/L", "2.03", "2.60"), '4');
    CHECK_INT(grade_of("CA", "8", "mg/dL", "8.5", "10.5"), '1');
    CHECK_INT(grade_of("CA", "7.9", "mg/dL", "8.5", "10.5"), '2');
    CHECK_INT(grade_of("CA", "6.9", "mg/dL", "8.5", "10.5"), '3');
    CHECK_INT(grade_of("CA", "5.9", "mg/dL", "8.5", "10.5"), '4');
    CHECK_INT(grade_of("HB", "11.9", "g/dL", "12", "16"), '1');
    CHECK_INT(grade_of("HB", "10", "g/dL", "12", "16"), '1');
    CHECK_INT(grade_of("HB", "99", "g/L", "120", "160"), '2');
    CHECK_INT(grade_of("HB", "7.9", "g/dL", "12", "16"), '3');
    CHECK_INT(grade_of("PLT", "75", "10*9/L", "150", "400"), '1');
    CHECK_INT(grade_of("PLT", "74", "10*9/L", "150", "400"), '2');
    CHECK_INT(grade_of("PLT", "49", "10*9/L", "150", "400"), '3');
    CHECK_INT(grade_of("PLT", "24", "10*9/L", "150", "400"), '4');
    CHECK_INT(grade_of("AMY", "150", "U/L", "-", "100"), '1');
    CHECK_INT(grade_of("AMY", "151", "U/L", "-", "100"), '2');
    CHECK_INT(grade_of("AMY", "500", "U/L", "-", "100"), '2');
    CHECK_INT(grade_of("LIPASE", "501", "U/L", "-", "100"), '3');
}

TEST(calcium_is_corrected_for_albumin_of_the_day) {
    /* 8.2 + 0.8 x (4 - 3) = 9.0 */
    CHECK_TEXT(grades("14 CA 8.2 mg/dL 8.5 10.5\n14 ALB 3 g/dL 3.8 5.0"), "");
    CHECK_TEXT(grades("14 CA 8.2 mg/dL 8.5 10.5\n15 ALB 3 g/dL 3.8 5.0"), "d14 CA 1 x limit");
    CHECK_TEXT(grades("14 CA 10.2 mg/dL 8.5 10.5\n14 ALB 20 g/L 38 50"), "d14 CA 2 x limit"); /* 11.8 */
    CHECK_TEXT(grades("14 CA 8.2 mg/dL 8.5 10.5\n14 CA_CORR 9.4 mg/dL 8.5 10.5"), "");
}

TEST(values_written_above_or_below_a_bound) {
    CHECK_INT(grade_of("ALT", ">120", "U/L", "-", "40"), '2');
    CHECK_INT(grade_of("ALT", "<500", "U/L", "-", "40"), '0');
    CHECK_INT(grade_of("PLT", "<50", "10*9/L", "150", "400"), '3');
}

TEST(alp_without_range_or_scale_is_not_graded) {
    CHECK_TEXT(grades("14 ALP 952 U/L - -"), "");
    CHECK_TEXT(grades("0 ALP 300 U/L 104 338\n14 ALP 952 U/L - -"), ""); /* it may be the other scale */
    CHECK_TEXT(grades("0 GGT 80 U/L - 100\n14 GGT 300 U/L - -"), "d14 GGT 2 x limit");
}

/* ---- liver injury ---- */

static char liver[256];
static void keep_liver(const timeline *t) {
    bfl_buf text = {.arena = t->arena};
    for (size_t i = 0; i < t->criteria->liver_count; i++) {
        const bfl_liver_day *l = &t->criteria->liver[i];
        bfl_buf_addf(&text, "%sd%d R %s/%s %s%s%s%s", i ? ", " : "", (int)l->day,
                     l->r_value.present ? bfl_decimal_z(t->arena, l->r_value.value, 2) : "-",
                     l->r_without_bone.present ? bfl_decimal_z(t->arena, l->r_without_bone.value, 2) : "-",
                     bfl_liver_pattern_word(l->pattern), l->entry ? " entry" : "", l->hys_law ? " hy" : "",
                     l->assumed_range ? " assumed" : "");
    }
    (void)snprintf(liver, sizeof liver, "%s", bfl_buf_z(&text));
}
static const char *liver_of(const char *lesions, const char *labs) {
    with_timeline((timeline){.lesions = lesions, .labs = labs, .check = keep_liver});
    return liver;
}

#define T4 "0 T4 bone non_target lytic ct present - -"

TEST(kaneko_2017_day_13) {
    /* (168 / 40) / (952 / 338) = 1.49; without the bone share of 35.1 % 2.30 */
    CHECK_TEXT(liver_of(T4, "13 ALP 952 U/L 104 338\n13 AST 101 U/L - -\n13 ALT 168 U/L - -\n13 ALP_3 35.1 % - -"),
               "d13 R 1.49/2.30 mixed assumed");
    CHECK_TEXT(liver_of(T4, "13 ALP 952 U/L 104 338\n13 AST 101 U/L - -\n13 ALT 168 U/L - -"),
               "d13 R 1.49/- unknown assumed");
}

TEST(pattern_at_both_sides_of_its_limits) {
    CHECK_TEXT(liver_of("", "13 ALP 100 U/L 40 100\n13 ALT 200 U/L - 40"), "d13 R 5.00/- hepatocellular entry");
    CHECK_TEXT(liver_of("", "13 ALP 100 U/L 40 100\n13 ALT 199 U/L - 40"), "d13 R 4.98/- mixed");
    CHECK_TEXT(liver_of("", "13 ALP 100 U/L 40 100\n13 ALT 80 U/L - 40"), "d13 R 2.00/- cholestatic");
    CHECK_TEXT(liver_of("", "13 ALP 100 U/L 40 100\n13 ALT 81 U/L - 40"), "d13 R 2.03/- mixed");
    CHECK_TEXT(liver_of("", "13 ALP 90 U/L 40 100\n13 ALT 30 U/L - 40"), "d13 R 0.83/- none");
}

TEST(bone_as_a_likely_source) {
    CHECK_TEXT(liver_of("", "13 ALP 250 U/L 40 100\n13 ALT 30 U/L - 40\n13 GGT 30 U/L - 50"), "d13 R 0.30/- unknown");
    CHECK_TEXT(liver_of("", "13 ALP 250 U/L 40 100\n13 ALT 30 U/L - 40\n13 GGT 80 U/L - 50"),
               "d13 R 0.30/- cholestatic entry");
    CHECK_TEXT(liver_of(T4, "13 ALP 250 U/L 40 100\n13 ALT 30 U/L - 40\n13 GGT 80 U/L - 50"),
               "d13 R 0.30/- cholestatic entry");
    CHECK_TEXT(liver_of(T4, "13 ALP 250 U/L 40 100\n13 ALT 30 U/L - 40"), "d13 R 0.30/- unknown");
}

TEST(bone_disease_that_was_diagnosed_is_a_source_too) {
    const char *labs = "13 ALP 250 U/L 40 100\n13 ALT 30 U/L - 40";
    CHECK_TEXT(liver_of("", labs), "d13 R 0.30/- cholestatic entry");
    with_timeline((timeline){.labs = labs, .clinicals = "0 bone_metastasis yes", .check = keep_liver});
    CHECK_TEXT(liver, "d13 R 0.30/- unknown");
    with_timeline((timeline){.labs = labs, .clinicals = "14 bone_metastasis yes", .check = keep_liver});
    CHECK_TEXT(liver, "d13 R 0.30/- cholestatic entry");
}

TEST(thresholds_of_liver_injury) {
    CHECK_TEXT(liver_of("", "13 ALP 200 U/L 40 100\n13 ALT 30 U/L - 40"), "d13 R 0.38/- cholestatic entry");
    CHECK_TEXT(liver_of("", "13 ALP 199 U/L 40 100\n13 ALT 30 U/L - 40"), "d13 R 0.38/- cholestatic");
    CHECK_TEXT(liver_of("", "13 ALP 150 U/L 40 100\n13 ALT 200 U/L - 40"), "d13 R 3.33/- mixed entry");
    CHECK_TEXT(liver_of("", "13 ALP 150 U/L 40 100\n13 ALT 199 U/L - 40"), "d13 R 3.32/- mixed");
}

TEST(hys_law_at_both_sides) {
    CHECK_TEXT(liver_of("", "13 ALP 199 U/L 40 100\n13 ALT 120 U/L - 40\n13 BIL 2 mg/dL - 1"),
               "d13 R 1.51/- cholestatic entry hy");
    CHECK_TEXT(liver_of("", "13 ALP 200 U/L 40 100\n13 ALT 120 U/L - 40\n13 BIL 2 mg/dL - 1"),
               "d13 R 1.50/- cholestatic entry");
    CHECK_TEXT(liver_of("", "13 ALP 199 U/L 40 100\n13 ALT 119 U/L - 40\n13 BIL 2 mg/dL - 1"),
               "d13 R 1.49/- cholestatic");
    CHECK_TEXT(liver_of("", "13 ALP 199 U/L 40 100\n13 ALT 120 U/L - 40\n13 BIL 1.99 mg/dL - 1"),
               "d13 R 1.51/- cholestatic");
    /* ALP that may come from bone does not take the alarm away; nor does its bone share where it is known. */
    CHECK_TEXT(liver_of(T4, "13 ALP 400 U/L 40 100\n13 ALT 120 U/L - 40\n13 BIL 2 mg/dL - 1"),
               "d13 R 0.75/- unknown entry hy");
    CHECK_TEXT(liver_of("", "13 ALP 400 U/L 40 100\n13 ALP_3 60 % - -\n13 ALT 120 U/L - 40\n13 BIL 2 mg/dL - 1"),
               "d13 R 0.75/1.88 cholestatic entry hy");
    CHECK_TEXT(liver_of("", "13 ALP 90 U/L 40 100\n13 AST 120 U/L - 40\n13 BIL 2 mg/dL - 1"), "d13 R 3.33/- mixed hy");
}

/* Neither a missing ALP nor a second sample hides an injury. */
TEST(hys_law_without_alp_and_from_two_samples) {
    CHECK_TEXT(liver_of("", "13 ALT 400 U/L - 40\n13 BIL 5 mg/dL - 1"), "d13 R -/- unknown entry hy");
    CHECK_TEXT(liver_of("", "13 ALT 400 U/L - 40"), "d13 R -/- unknown entry");
    CHECK_TEXT(liver_of("", "13 ALT 30 U/L - 40"), "d13 R -/- none");
    CHECK_TEXT(liver_of("", "13 ALT 120 U/L - 40\n27 BIL 2 mg/dL - 1"), "d13 R -/- unknown entry hy");
    CHECK_TEXT(liver_of("", "13 ALT 120 U/L - 40\n28 BIL 2 mg/dL - 1"), "d13 R -/- unknown");
    CHECK_TEXT(liver_of("", "1 BIL 2 mg/dL - 1\n13 ALT 120 U/L - 40\n14 BIL 1 mg/dL - 1"), "d13 R -/- unknown");
    CHECK_TEXT(liver_of("", "13 BIL 5 mg/dL - 1"), "");
}

TEST_CASES(CASE(multiples_of_the_upper_limit), CASE(multiples_of_an_abnormal_baseline),
           CASE(creatinine_by_limit_or_baseline), CASE(plain_thresholds),
           CASE(calcium_is_corrected_for_albumin_of_the_day), CASE(values_written_above_or_below_a_bound),
           CASE(alp_without_range_or_scale_is_not_graded), CASE(kaneko_2017_day_13),
           CASE(pattern_at_both_sides_of_its_limits), CASE(bone_as_a_likely_source),
           CASE(bone_disease_that_was_diagnosed_is_a_source_too), CASE(thresholds_of_liver_injury),
           CASE(hys_law_at_both_sides), CASE(hys_law_without_alp_and_from_two_samples))
