/* SPDX-License-Identifier: Apache-2.0 */
/* Isozyme activities, salivary amylase, corrected calcium, the patient's own marker. */
#include "patient.h"

static void write_isozymes(patient *p) {
    drug(p, "gefitinib", 0);
    lab(p, 0, "ALP", "379", "IU/L", "104", "338")->method = "JSCC";
    lab(p, 13, "ALP", "952", "IU/L", "104", "338")->method = "JSCC";
    (void)lab(p, 13, "ALP_1", "8.6", "%", "", "");
    (void)lab(p, 13, "ALP_2", "56.3", "%", "", "");
    (void)lab(p, 13, "ALP_3", "35.1", "%", "", "");
    (void)lab(p, 20, "ALP_3", "40", "%", "", ""); /* no total that day */
}

TEST(isozyme_activities) {
    patient p = patient_of(write_isozymes);
    CHECK_DECIMAL(course(&p, "ALP_1_ACT")->points[0].value, "82");
    CHECK_DECIMAL(course(&p, "ALP_2_ACT")->points[0].value, "536");
    const bfl_marker *bone_part = course(&p, "ALP_3_ACT");
    CHECK_INT(bone_part->point_count, 1);
    CHECK_DECIMAL(bone_part->points[0].value, "334");
    CHECK(bone_part->points[0].derived);
    CHECK(bone_part->points[0].above_range); /* 54 % of 338 is 182.5 */
    CHECK(says(bone_part, "marker.isozyme.activity"));
    CHECK(p.markers->alp_bone);
    CHECK_INT(course(&p, "ALP_3")->point_count, 2);
    patient_forget(&p);
}

static void write_satoh(patient *p) {
    bfl_record_patient(p->builder)->tumour = "lung";
    drug(p, "alectinib", 0);
    (void)lab(p, 0, "AMY", "584", "IU/L", "", "");
    (void)lab(p, 0, "AMY_P", "76", "IU/L", "", "");
    (void)lab(p, 0, "CEA", "1.6", "ng/mL", "", "");
    (void)lab(p, 0, "CYFRA", "0.6", "ng/mL", "", "");
    (void)lab(p, 0, "PROGRP", "54.5", "pg/mL", "", "");
    (void)lab(p, 0, "PSA", "9", "ng/mL", "", "4");
}

TEST(salivary_amylase_is_the_own_marker) {
    patient p = patient_of(write_satoh);
    const bfl_marker *salivary = course(&p, "AMY_S");
    CHECK_DECIMAL(salivary->points[0].value, "508");
    CHECK(salivary->points[0].derived);
    CHECK(salivary->own);
    CHECK(strstr(salivary->reasons[0].finding, "87 %") != NULL);
    CHECK(!course(&p, "CEA")->own && !course(&p, "CYFRA")->own && !course(&p, "PROGRP")->own);
    CHECK(!course(&p, "PSA")->own); /* not a prostate cancer */
    CHECK(says(course(&p, "PSA"), "marker.own.psa"));
    patient_forget(&p);
}

static const char *pancreatic;

static void write_pancreatitis(patient *p) {
    bfl_record_patient(p->builder)->tumour = "lung";
    (void)lab(p, 0, "AMY", "600", "IU/L", "", "");
    (void)lab(p, 0, "AMY_P", pancreatic, "IU/L", "", "");
}

TEST(pancreatic_amylase_is_no_own_marker) {
    pancreatic = "301";
    patient p = patient_of(write_pancreatitis);
    CHECK_DECIMAL(course(&p, "AMY_S")->points[0].value, "299");
    CHECK(!course(&p, "AMY_S")->own && !course(&p, "AMY")->own);
    patient_forget(&p);
    pancreatic = "300"; /* exactly half is salivary */
    p = patient_of(write_pancreatitis);
    CHECK(course(&p, "AMY_S")->own && course(&p, "AMY")->own);
    patient_forget(&p);
}

static void write_share(patient *p) {
    bfl_record_patient(p->builder)->tumour = "lung";
    (void)lab(p, 0, "AMY", "600", "IU/L", "44", "132");
    (void)lab(p, 0, "AMY_S_PCT", "87", "%", "", "");
}

TEST(salivary_share_becomes_an_activity) {
    patient p = patient_of(write_share);
    CHECK_DECIMAL(course(&p, "AMY_S")->points[0].value, "522");
    CHECK(course(&p, "AMY_S")->own && course(&p, "AMY")->own);
    patient_forget(&p);
}

static void write_own(patient *p) {
    bfl_record_patient(p->builder)->tumour = "lung";
    (void)lab(p, 0, "CEA", "137.9", "ng/mL", "0", "5.0");
    (void)lab(p, 40, "CEA", "34.7", "ng/mL", "0", "5.0");
    (void)lab(p, 0, "SLX", "110", "ng/mL", "", "38");
    (void)lab(p, 0, "NSE", "10", "ng/mL", "", "16");
    (void)lab(p, 40, "NSE", "60", "ng/mL", "", "16"); /* raised later: not at baseline */
}

TEST(own_markers_are_raised_at_baseline) {
    patient p = patient_of(write_own);
    CHECK(course(&p, "CEA")->own && course(&p, "SLX")->own);
    CHECK(!course(&p, "NSE")->own);
    CHECK_DECIMAL(course(&p, "CEA")->change_percent.value, "-74.8");
    patient_forget(&p);
}

static void write_calcium(patient *p) {
    drug(p, "gefitinib", 0);
    (void)lab(p, 0, "CA", "2.20", "mmol/L", "2.15", "2.55");
    (void)lab(p, 0, "ALB", "30", "g/L", "35", "52");
    (void)lab(p, 9, "CA", "2.20", "mmol/L", "2.15", "2.55"); /* no albumin: not corrected */
}

TEST(calcium_corrected_for_albumin) {
    patient p = patient_of(write_calcium);
    const bfl_marker *m = course(&p, "CA_CORR");
    CHECK_INT(m->point_count, 1);
    /* 2.20 + 0.02 x 10 = 2.40 mmol/L = 9.62 mg/dL */
    CHECK_DECIMAL(bfl_decimal_round(m->points[0].value, 2), "9.62");
    CHECK(!m->points[0].below_range && !m->points[0].above_range);
    patient_forget(&p);
}

static void write_hungry_bone(patient *p) {
    drug(p, "gefitinib", 0);
    (void)bone(p, 0, BFL_CHANGE_NONE);
    (void)bone(p, 43, BFL_CHANGE_DENSER);
    (void)lab(p, -5, "CA", "2.14", "mmol/L", "2.03", "2.60");
    (void)lab(p, 43, "CA", "2.02", "mmol/L", "2.03", "2.60");
    (void)lab(p, 90, "CA", "1.96", "mmol/L", "2.03", "2.60");
    alp(p, -5, "164");
    alp(p, 43, "134");
    alp(p, 90, "69");
}

TEST(calcium_falls_while_bone_heals) {
    patient p = patient_of(write_hungry_bone);
    const bfl_marker *m = course(&p, "CA");
    CHECK(m->points[2].below_range);
    CHECK(says(m, "marker.calcium.healing"));
    CHECK_TEXT(bfl_shape_word(course(&p, "ALP")->shape), "falling");
    CHECK(speaks_for(cause(&p, "bone_healing"), "marker.cause.bone_healing.calcium_below"));
    CHECK(cause(&p, "bone_healing")->present);
    CHECK(!cause(&p, "bone_progression")->present);
    patient_forget(&p);
}

static void write_low_calcium_alone(patient *p) {
    drug(p, "gefitinib", 0);
    (void)lab(p, 43, "CA", "1.96", "mmol/L", "2.03", "2.60");
}

TEST(low_calcium_alone_is_not_healing) {
    patient p = patient_of(write_low_calcium_alone);
    CHECK(course(&p, "CA")->points[0].below_range);
    CHECK(!says(course(&p, "CA"), "marker.calcium.healing"));
    patient_forget(&p);
}

TEST_CASES(CASE(isozyme_activities), CASE(salivary_amylase_is_the_own_marker),
           CASE(pancreatic_amylase_is_no_own_marker), CASE(salivary_share_becomes_an_activity),
           CASE(own_markers_are_raised_at_baseline), CASE(calcium_corrected_for_albumin),
           CASE(calcium_falls_while_bone_heals), CASE(low_calcium_alone_is_not_healing))
