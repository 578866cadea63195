/* SPDX-License-Identifier: Apache-2.0 */
/* Change against the reference change value, to the last digit, and the shape of a course. */
#include "patient.h"

static const char *const *values; /* of the course under test, one every ten days from day 0 */

static void write_values(patient *p) {
    for (int i = 0; values[i]; i++) alp(p, 10 * i, values[i]);
}

static bfl_marker assess(patient *p, const char *const *course_values) {
    values = course_values;
    *p = patient_of(write_values);
    return *course(p, "ALP");
}

#define COURSE(...) ((const char *const[]){__VA_ARGS__, NULL})

static void check_shape(const char *const *course_values, const char *shape) {
    patient p;
    bfl_marker m = assess(&p, course_values);
    CHECK_TEXT(bfl_shape_word(m.shape), shape);
    patient_forget(&p);
}

TEST(alp_noise_is_28_up_and_22_down) {
    patient p;
    bfl_marker m = assess(&p, COURSE("1000", "1000"));
    CHECK_DECIMAL(m.rcv_up_percent.value, "28.3");
    CHECK_DECIMAL(m.rcv_down_percent.value, "22.1");
    CHECK_DECIMAL(m.change_percent.value, "0");
    patient_forget(&p);
}

static void check_noise(const char *from, const char *to, const char *noise) {
    patient p;
    bfl_marker m = assess(&p, COURSE(from, to));
    CHECK_TEXT(bfl_noise_word(m.beyond_noise), noise);
    CHECK_TEXT(bfl_noise_word(m.last_beyond_noise), noise);
    patient_forget(&p);
}

TEST(noise_ends_exactly_at_its_limit) {
    check_noise("1000", "1283", "within");
    check_noise("1000", "1283.1", "up");
    check_noise("1000", "779", "within");
    check_noise("1000", "778.9", "down");
    check_noise("164", "134", "within"); /* -18 %, Shi patient 2 */
    check_noise("145", "98", "down");    /* -32 %, Shi patient 1 */
}

TEST(published_shapes) {
    check_shape(COURSE("142", "144", "145", "98", "68"), "falling"); /* Shi patient 1: stable, then falling */
    check_shape(COURSE("142", "144", "145"), "stable");
    check_shape(COURSE("164", "134", "69"), "falling"); /* Shi patient 2 */
    check_shape(COURSE("164", "134"), "stable");        /* inside the noise */
    check_shape(COURSE("379", "952"), "rising");        /* Kaneko */
}

TEST(every_shape) {
    check_shape(COURSE("100"), "unknown");
    check_shape(COURSE("100", "110", "90", "105"), "stable");
    check_shape(COURSE("100", "60"), "falling");
    check_shape(COURSE("100", "150", "200"), "rising");
    check_shape(COURSE("100", "200", "110"), "rise_then_fall");
    check_shape(COURSE("100", "50", "110"), "fall_then_rise");
    check_shape(COURSE("100", "200", "110", "300"), "fall_then_rise"); /* the last two turns */
    check_shape(COURSE("100", "200", "180", "190"), "rising");         /* noise at the top is no turn */
}

TEST(slow_drift_is_seen) {
    /* Each step is inside the noise, the whole is not. */
    check_shape(COURSE("100", "115", "130", "145"), "rising");
    check_shape(COURSE("100", "90", "80", "70"), "falling");
}

TEST(days_of_a_flare) {
    patient p;
    bfl_marker m = assess(&p, COURSE("100", "120", "150", "250", "180", "125", "80"));
    CHECK_TEXT(bfl_shape_word(m.shape), "rise_then_fall");
    CHECK_DAY(m.onset_day, "20");
    CHECK_DAY(m.peak_day, "30");
    CHECK_DAY(m.return_day, "50"); /* 125 is within noise of the baseline */
    patient_forget(&p);
    m = assess(&p, COURSE("100", "250", "140"));
    CHECK_TEXT(bfl_shape_word(m.shape), "rise_then_fall");
    CHECK(!m.return_day.present);
    patient_forget(&p);
}

TEST(bounds_turn_only_when_they_decide) {
    check_shape(COURSE("100", ">200", "90"), "rise_then_fall");
    check_shape(COURSE("100", "<90"), "unknown");
    check_shape(COURSE("100", "<60"), "falling");
    check_shape(COURSE("<10", "<10"), "stable");
    check_shape(COURSE(">1000", ">1000"), "unknown");
    check_shape(COURSE("<10", "40"), "rising");
    check_shape(COURSE(">1000", "700"), "falling");
    check_shape(COURSE(">1000", "900"), "unknown");
}

static void write_words(patient *p) {
    (void)lab(p, 0, "CEA", "high", "", "", "");
    (void)lab(p, 30, "CEA", "falling", "", "", "");
    (void)lab(p, 0, "CYFRA", "high", "", "", "");
    (void)lab(p, 0, "NSE", "normal", "", "", "");
    (void)lab(p, 30, "NSE", "high", "", "", "");
    (void)lab(p, 0, "AMY", "584", "U/L", "", "");
    (void)lab(p, 90, "AMY", "falling", "", "", "");
    (void)lab(p, 0, "CA", "9.4", "mg/dL", "8.5", "10.5");
    (void)lab(p, 13, "CA", "normal", "", "", "");
    alp(p, 0, "100");
    alp(p, 13, "250");
    (void)lab(p, 60, "ALP", "falling", "", "", "");
    (void)lab(p, 7, "ALP", "stable", "", "", ""); /* between numbers: the numbers speak */
}

TEST(words) {
    patient p = patient_of(write_words);
    CHECK_TEXT(course(&p, "CEA")->said, "falling");
    CHECK_TEXT(bfl_shape_word(course(&p, "CEA")->shape), "falling");
    CHECK_INT(course(&p, "CEA")->point_count, 0);
    CHECK_INT(course(&p, "CEA")->baseline_index, -1);
    CHECK_TEXT(bfl_shape_word(course(&p, "CYFRA")->shape), "unknown");
    CHECK_TEXT(bfl_shape_word(course(&p, "NSE")->shape), "rising");
    CHECK_TEXT(bfl_shape_word(course(&p, "AMY")->shape), "falling");
    CHECK_TEXT(bfl_shape_word(course(&p, "CA")->shape), "stable");
    CHECK_TEXT(bfl_shape_word(course(&p, "ALP")->shape), "rise_then_fall");
    CHECK_DAY(course(&p, "ALP")->peak_day, "13");
    CHECK(says(course(&p, "ALP"), "marker.shape.said"));
    patient_forget(&p);
}

static const char *unit, *low, *high;

static void write_in_unit(patient *p) {
    for (int i = 0; values[i]; i++) (void)lab(p, 10 * i, "ALP", values[i], unit, low, high);
}

/* The same blood in U/L and in ukat/L (60 U/L) gives the same course. */
TEST(units_do_not_matter) {
    unit = "U/L", low = "42", high = "126", values = COURSE("150", "300", "480", "120", "90");
    patient a = patient_of(write_in_unit);
    unit = "ukat/L", low = "0.7", high = "2.1", values = COURSE("2.5", "5", "8", "2", "1.5");
    patient b = patient_of(write_in_unit);
    const bfl_marker *x = course(&a, "ALP"), *y = course(&b, "ALP");
    CHECK_INT(x->point_count, 5);
    CHECK_INT(y->point_count, 5);
    CHECK_TEXT(bfl_shape_word(x->shape), "rise_then_fall");
    CHECK_INT(x->shape, y->shape);
    CHECK_INT(x->beyond_noise, y->beyond_noise);
    CHECK(bfl_decimal_compare(x->change_percent.value, y->change_percent.value) == 0);
    CHECK(bfl_decimal_compare(x->last_x_uln.value, y->last_x_uln.value) == 0);
    for (size_t i = 0; i < 5 && i < y->point_count; i++) {
        CHECK(bfl_decimal_compare(x->points[i].value, y->points[i].value) == 0);
        CHECK(bfl_decimal_compare(x->points[i].x_uln.value, y->points[i].x_uln.value) == 0);
        CHECK_INT(x->points[i].above_range, y->points[i].above_range);
    }
    CHECK_INT(a.markers->alp_raised, b.markers->alp_raised);
    patient_forget(&a);
    patient_forget(&b);
}

TEST_CASES(CASE(alp_noise_is_28_up_and_22_down), CASE(noise_ends_exactly_at_its_limit), CASE(published_shapes),
           CASE(every_shape), CASE(slow_drift_is_seen), CASE(days_of_a_flare), CASE(bounds_turn_only_when_they_decide),
           CASE(words), CASE(units_do_not_matter))
