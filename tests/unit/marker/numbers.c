/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbers of every analyte: reference change values (worked out apart from the program, in Python, from the formula of
 * Fokkema 2006) and the usual ranges that stand in where none is printed.
 */
#include "patient.h"

typedef struct noise_row {
    const char *analyte, *up, *down;
} noise_row;

/* clang-format off */
static const noise_row noise_rows[] = {
    {"ALP", "28.3", "22.1"},
    {"ALP_1", "42.4", "29.8"},
    {"ALP_2", "31.3", "23.9"},
    {"ALP_3", "31.3", "23.9"},
    {"ALP_1_ACT", "54.9", "35.5"},
    {"ALP_2_ACT", "44.8", "30.9"},
    {"ALP_3_ACT", "44.8", "30.9"},
    {"BALP", "24.7", "19.8"},
    {"BALP_ACT", "27.0", "21.2"},
    {"OC", "24.9", "20.0"},
    {"CTX", "39.3", "28.2"},
    {"ICTP", "34.8", "25.8"},
    {"NTX", "52.2", "34.3"},
    {"P1NP", "24.4", "19.6"},
    {"PTH", "57.4", "36.5"},
    {"GGT", "29.7", "22.9"},
    {"ALT", "35.0", "25.9"},
    {"AST", "32.6", "24.6"},
    {"BIL", "76.0", "43.2"},
    {"LDH", "17.3", "14.8"},
    {"CA", "6.2", "5.8"},
    {"CA_CORR", "6.7", "6.3"},
    {"ALB", "9.3", "8.5"},
    {"PHOS", "25.0", "20.0"},
    {"MG", "10.3", "9.3"},
    {"CREAT", "15.3", "13.3"},
    {"BUN", "48.0", "32.4"},
    {"CRP", "153.1", "60.5"},
    {"AMY", "21.6", "17.7"},
    {"AMY_P", "39.6", "28.4"},
    {"AMY_S", "41.8", "29.5"},
    {"HB", "8.5", "7.9"},
    {"WBC", "36.6", "26.8"},
    {"PLT", "24.4", "19.6"},
    {"CEA", "45.7", "31.4"},
    {"CYFRA", "89.1", "47.1"},
    {"NSE", "82.4", "45.2"},
    {"SCC", "189.9", "65.5"},
    {"PROGRP", "52.2", "34.3"},
    {"SLX", "52.3", "34.3"},
    {"CA153", "24.4", "19.6"},
    {"CA125", "98.9", "49.7"},
    {"CA199", "58.6", "37.0"},
    {"PSA", "26.3", "20.8"},
    {"LAP", "59.7", "37.4"},
};
/* clang-format on */

static const char *analyte, *value;

static void write_value(patient *p) {
    const bfl_analyte *known = bfl_analyte_find(bfl_text_of(analyte));
    bfl_record_patient(p->builder)->tumour = "lung";
    CHECK(known != NULL);
    if (known) (void)lab(p, 0, analyte, value, known->units[0].text, "", "");
}

TEST(reference_change_values) {
    value = "10";
    for (size_t i = 0; i < sizeof noise_rows / sizeof *noise_rows; i++) {
        analyte = noise_rows[i].analyte;
        patient p = patient_of(write_value);
        const bfl_marker *m = course(&p, analyte);
        CHECK_DECIMAL(m->rcv_up_percent.value, noise_rows[i].up);
        CHECK_DECIMAL(m->rcv_down_percent.value, noise_rows[i].down);
        patient_forget(&p);
    }
}

/* Every variation rule but the default belongs to an analyte of the terms and stands in the table above. */
TEST(every_variation_is_listed) {
    bfl_rulebook *rulebook = NULL;
    CHECK(bfl_rulebook_open(BFL_TEXT(""), &rulebook, NULL) == BFL_OK);
    size_t rules = 0;
    for (size_t i = 0; i < bfl_rulebook_count(rulebook); i++)
        rules += bfl_text_starts(bfl_text_of(bfl_rulebook_at(rulebook, i)->id), BFL_TEXT("marker.variation."));
    CHECK_INT(rules, sizeof noise_rows / sizeof *noise_rows);
    bfl_rulebook_free(rulebook);
}

typedef struct range_row {
    const char *analyte, *below, *low, *high, *above; /* "" = no lower limit */
} range_row;

static const range_row range_rows[] = {
    {"ALT", "", "", "40", "40.1"},
    {"AST", "", "", "40", "40.1"},
    {"GGT", "", "", "60", "60.1"},
    {"BIL", "", "", "1.2", "1.21"},
    {"LDH", "", "", "250", "251"},
    {"CA", "8.4", "8.5", "10.5", "10.6"},
    {"CA_CORR", "8.4", "8.5", "10.5", "10.6"},
    {"ALB", "3.4", "3.5", "5.2", "5.3"},
    {"CREAT", "", "", "1.3", "1.31"},
    {"CRP", "", "", "0.5", "0.51"},
    {"AMY", "", "", "130", "131"},
    {"AMY_P", "", "", "55", "56"},
    {"CEA", "", "", "5.0", "5.1"},
    {"CYFRA", "", "", "3.5", "3.6"},
    {"PROGRP", "", "", "81", "81.1"},
    {"NSE", "", "", "16.3", "16.4"},
    {"SCC", "", "", "2.5", "2.6"},
    {"CA153", "", "", "31", "31.1"},
    {"CA125", "", "", "35", "35.1"},
    {"CA199", "", "", "37", "37.1"},
    {"PSA", "", "", "4.0", "4.1"},
};

static void check_range(const char *at, bool below, bool above) {
    value = at;
    patient p = patient_of(write_value);
    const bfl_marker *m = course(&p, analyte);
    CHECK_INT(m->point_count, 1);
    CHECK_INT(m->point_count && m->points[0].below_range, below);
    CHECK_INT(m->point_count && m->points[0].above_range, above);
    CHECK(says(m, "marker.range.usual"));
    patient_forget(&p);
}

TEST(usual_ranges) {
    for (size_t i = 0; i < sizeof range_rows / sizeof *range_rows; i++) {
        const range_row *row = &range_rows[i];
        analyte = row->analyte;
        check_range(row->high, false, false);
        check_range(row->above, false, true);
        if (!*row->low) continue;
        check_range(row->low, false, false);
        check_range(row->below, true, false);
    }
}

TEST_CASES(CASE(reference_change_values), CASE(every_variation_is_listed), CASE(usual_ranges))
