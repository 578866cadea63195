/* SPDX-License-Identifier: Apache-2.0 */
/* Points and their ranges: one a day, own multiple, borrowed and usual ranges, scales, bounds, words. */
#include "patient.h"

static void write_kaneko_alp(patient *p) {
    drug(p, "gefitinib", 0);
    lab(p, 0, "ALP", "379", "IU/L", "104", "338")->method = "JSCC";
    lab(p, 13, "ALP", "952", "IU/L", "104", "338")->method = "JSCC";
}

TEST(multiple_of_own_range) {
    patient p = patient_of(write_kaneko_alp);
    const bfl_marker *m = course(&p, "ALP");
    CHECK_INT(m->point_count, 2);
    CHECK_INT(m->baseline_index, 0);
    CHECK_DECIMAL(m->points[0].x_uln.value, "1.12");
    CHECK_DECIMAL(m->last_x_uln.value, "2.82");
    CHECK_DECIMAL(m->change_percent.value, "151.2");
    CHECK(m->points[0].above_range && m->points[1].above_range);
    CHECK_TEXT(bfl_shape_word(m->shape), "rising");
    CHECK_TEXT(bfl_noise_word(m->beyond_noise), "up");
    CHECK_INT(p.markers->issue_count, 0);
    patient_forget(&p);
}

static void write_baseline(patient *p) {
    alp(p, -40, "100");
    alp(p, -3, "101");
    alp(p, 0, "102");
    alp(p, 1, "103");
}

TEST(baseline_is_last_at_or_before_day_0) {
    patient p = patient_of(write_baseline);
    CHECK_INT(course(&p, "ALP")->baseline_index, 2);
    patient_forget(&p);
}

static void write_late_baseline(patient *p) {
    alp(p, 5, "100");
    alp(p, 9, "110");
}

TEST(baseline_is_first_when_nothing_is_before_day_0) {
    patient p = patient_of(write_late_baseline);
    CHECK_INT(course(&p, "ALP")->baseline_index, 0);
    patient_forget(&p);
}

static void write_same_day(patient *p) {
    alp(p, 0, "100");
    alp(p, 0, "160");
    alp(p, 9, "110");
}

TEST(one_point_a_day) {
    patient p = patient_of(write_same_day);
    const bfl_marker *m = course(&p, "ALP");
    CHECK_INT(m->point_count, 2);
    CHECK_DECIMAL(m->points[0].value, "100");
    patient_forget(&p);
}

static void write_range_beside_exact(patient *p) {
    alp(p, 0, "100");
    bfl_lab *range = bfl_record_add_lab(p->builder, (bfl_date){20, 41, BFL_DATE_RELATIVE});
    *range = (bfl_lab){.name = "ALP", .written = "300", .unit_text = "U/L", .method = "", .note = ""};
    range->ref_low = number("45"), range->ref_high = number("125");
    alp(p, 41, "150");
}

TEST(value_of_the_day_goes_before_a_range_that_ends_on_it) {
    patient p = patient_of(write_range_beside_exact);
    const bfl_marker *m = course(&p, "ALP");
    CHECK_INT(m->point_count, 2);
    CHECK_DECIMAL(m->points[1].value, "150");
    patient_forget(&p);
}

static void write_borrowed(patient *p) {
    (void)lab(p, 0, "GGT", "37", "U/L", "", "");
    (void)lab(p, 20, "GGT", "80", "U/L", "", "40");
    (void)lab(p, 90, "GGT", "50", "U/L", "", "100");
}

TEST(nearest_range_stands_in) {
    patient p = patient_of(write_borrowed);
    const bfl_marker *m = course(&p, "GGT");
    CHECK_DECIMAL(m->points[0].x_uln.value, "0.93");
    CHECK(!m->points[0].above_range);
    CHECK(says(m, "marker.range.borrowed"));
    CHECK(!says(m, "marker.range.usual"));
    patient_forget(&p);
}

static void write_other_method(patient *p) {
    lab(p, 0, "ALP", "300", "U/L", "", "")->method = "JSCC";
    lab(p, 20, "ALP", "90", "U/L", "38", "113")->method = "IFCC";
}

TEST(range_is_not_borrowed_across_scales) {
    patient p = patient_of(write_other_method);
    const bfl_marker *m = course(&p, "ALP");
    CHECK(!says(m, "marker.range.borrowed"));
    CHECK(says(m, "marker.range.usual"));
    CHECK_DECIMAL(m->points[0].x_uln.value, "0.93"); /* 300 of 322 */
    CHECK(!m->points[0].above_range);
    patient_forget(&p);
}

static void write_no_range(patient *p) {
    (void)lab(p, 0, "ALT", "168", "U/L", "", "");
    (void)lab(p, 0, "ALP", "300", "U/L", "", "");
    (void)lab(p, 0, "SLX", "110", "U/mL", "", "");
}

TEST(missing_ranges) {
    patient p = patient_of(write_no_range);
    CHECK_DECIMAL(course(&p, "ALT")->last_x_uln.value, "4.20");
    CHECK(says(course(&p, "ALT"), "marker.range.usual"));
    /* ALP has two scales and this row names none: no multiple, neither raised nor normal. */
    CHECK(!course(&p, "ALP")->last_x_uln.present);
    CHECK(!course(&p, "ALP")->points[0].above_range);
    CHECK(says(course(&p, "ALP"), "marker.range.missing"));
    CHECK(!p.markers->alp_raised);
    CHECK_INT(p.markers->cause_count, 0);
    CHECK(!course(&p, "SLX")->last_x_uln.present);
    CHECK(!course(&p, "SLX")->own);
    patient_forget(&p);
}

static void write_extreme(patient *p) { (void)lab(p, 0, "ALP", "981", "U/L", "", ""); }

TEST(above_every_scale_is_raised) {
    patient p = patient_of(write_extreme);
    CHECK(!course(&p, "ALP")->last_x_uln.present);
    CHECK(course(&p, "ALP")->points[0].above_range);
    CHECK(says(course(&p, "ALP"), "marker.range.every_scale"));
    CHECK(p.markers->alp_raised);
    patient_forget(&p);
}

static void write_mixed_scales(patient *p) {
    lab(p, 0, "ALP", "300", "U/L", "106", "322")->method = "JSCC";
    lab(p, 20, "ALP", "100", "U/L", "38", "113")->method = "IFCC";
    (void)lab(p, 40, "ALP", "110", "U/L", "", "");
}

TEST(scales_are_never_mixed) {
    patient p = patient_of(write_mixed_scales);
    const bfl_marker *m = course(&p, "ALP");
    CHECK_INT(m->point_count, 2); /* the row without a scale is left out */
    CHECK_DECIMAL(m->points[0].value, "105");
    CHECK_DECIMAL(m->points[0].x_uln.value, "0.93");
    CHECK_DECIMAL(m->change_percent.value, "-4.8"); /* not -67 % */
    CHECK_TEXT(bfl_noise_word(m->beyond_noise), "within");
    CHECK(says(m, "marker.scale.converted"));
    CHECK(says(m, "marker.scale.unknown"));
    CHECK(has_issue(&p, "marker.scale_mixed"));
    CHECK(has_issue(&p, "marker.scale_unknown"));
    patient_forget(&p);
}

static void write_bounds(patient *p) {
    (void)lab(p, 0, "PSA", ">1000", "ng/mL", "", "4");
    (void)lab(p, 30, "PSA", "<0.5", "ng/mL", "", "4");
    (void)lab(p, 0, "CEA", "<5", "ng/mL", "", "5");
    (void)lab(p, 0, "NSE", "<20", "ng/mL", "", "16");
    (void)lab(p, 0, "SCC", "4", "ng/mL", "", "1.5");
    (void)lab(p, 30, "SCC", "<3.9", "ng/mL", "", "1.5");
}

TEST(bounds_give_no_ratio) {
    patient p = patient_of(write_bounds);
    const bfl_marker *psa = course(&p, "PSA");
    CHECK(!psa->last_x_uln.present && !psa->points[0].x_uln.present);
    CHECK(!psa->change_percent.present);
    CHECK(psa->points[0].above_range && !psa->points[1].above_range);
    CHECK_TEXT(bfl_noise_word(psa->beyond_noise), "down"); /* the bounds decide */
    CHECK_TEXT(bfl_shape_word(psa->shape), "falling");
    CHECK(says(psa, "marker.noise.censored"));
    CHECK(!course(&p, "CEA")->points[0].above_range);
    CHECK(!course(&p, "NSE")->points[0].above_range); /* "<20" with a limit of 16 says nothing */
    CHECK(!course(&p, "NSE")->own);
    CHECK_TEXT(bfl_noise_word(course(&p, "SCC")->beyond_noise), "unknown"); /* 4 -> "<3.9" may be noise */
    CHECK_TEXT(bfl_shape_word(course(&p, "SCC")->shape), "unknown");
    patient_forget(&p);
}

static void write_nothing(patient *p) {
    (void)lab(p, 0, "ALP", "300", "", "", "");
    (void)lab(p, 0, "ALP", "high fever", "U/L", "", "");
    (void)lab(p, 1, "nonsense", "300", "U/L", "", "");
}

TEST(nothing_usable) {
    patient p = patient_of(write_nothing);
    CHECK_INT(p.markers->course_count, 0);
    CHECK(!p.markers->alp_raised && !p.markers->alp_bone);
    CHECK_INT(p.markers->cause_count, 0);
    patient_forget(&p);
}

static void write_one(patient *p) { alp(p, 0, "100"); }

TEST(one_value_has_no_shape) {
    patient p = patient_of(write_one);
    const bfl_marker *m = course(&p, "ALP");
    CHECK_TEXT(bfl_shape_word(m->shape), "unknown");
    CHECK_TEXT(bfl_noise_word(m->beyond_noise), "unknown");
    CHECK(!m->change_percent.present && !m->last_change_percent.present);
    CHECK(!m->onset_day.present && !m->peak_day.present && !m->return_day.present);
    patient_forget(&p);
}

static void write_order(patient *p) {
    (void)lab(p, 0, "CA", "10.2", "mg/dL", "", "");
    (void)lab(p, 0, "ALB", "3.9", "g/dL", "", "");
    alp(p, 0, "100");
    (void)lab(p, 0, "AST", "20", "U/L", "", "");
}

TEST(courses_stand_in_analyte_order) {
    patient p = patient_of(write_order);
    CHECK_INT(p.markers->course_count, 5);
    for (size_t i = 1; i < p.markers->course_count; i++)
        CHECK(strcmp(p.markers->courses[i - 1].analyte->id, p.markers->courses[i].analyte->id) < 0);
    CHECK(bfl_markers_find(p.markers, "GGT") == NULL);
    patient_forget(&p);
}

TEST_CASES(CASE(multiple_of_own_range), CASE(baseline_is_last_at_or_before_day_0),
           CASE(baseline_is_first_when_nothing_is_before_day_0), CASE(one_point_a_day),
           CASE(value_of_the_day_goes_before_a_range_that_ends_on_it), CASE(nearest_range_stands_in),
           CASE(range_is_not_borrowed_across_scales), CASE(missing_ranges), CASE(above_every_scale_is_raised),
           CASE(scales_are_never_mixed), CASE(bounds_give_no_ratio), CASE(nothing_usable), CASE(one_value_has_no_shape),
           CASE(courses_stand_in_analyte_order))
