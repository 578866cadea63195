/* SPDX-License-Identifier: Apache-2.0 */
/* The elevated-ALP pathway, node by node: done, next, later, not needed. */
#include "workup/patient.h"

static void alp(patient *p, int32_t day, const char *value) { lab(p, day, "ALP", value, "U/L", "45", "125"); }

TEST(isolated_rise_begins_with_its_source) {
    patient p = begin();
    alp(&p, 0, "312");
    assess(&p, 0);
    CHECK_INT(node(&p, "ggt")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "bone_alp")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "symptoms")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "bone_scan")->state, BFL_STEP_LATER);
    CHECK(has(node(&p, "bone_scan")->why, "comes after: GGT"));
    CHECK_INT(node(&p, "bone_scan_cancer")->state, BFL_STEP_NOT_NEEDED);
    CHECK(has(node(&p, "bone_scan_cancer")->why, "no cancer is recorded"));
    CHECK_INT(node(&p, "radiographs")->state, BFL_STEP_LATER);
    CHECK_INT(node(&p, "bone_agent")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "paget_treat")->state, BFL_STEP_LATER);
    CHECK_INT(node(&p, "very_high")->state, BFL_STEP_NOT_NEEDED);
    CHECK(has(node(&p, "ggt")->why, "ALP is 2.50 times its upper limit on day 0"));
    CHECK_INT(node(&p, "ggt")->by_day, 14);
    CHECK_TEXT(p.workup->next[0].rule->id, "workup.alp.ggt");
    CHECK_INT(p.workup->next[0].priority, 1);
    CHECK(!p.workup->most_useful);
    CHECK(!step(&p, "routine_visit"));
    end(&p);
}

TEST(normal_ggt_leads_to_the_bone_scan) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "22", "U/L", "", "38");
    assess(&p, 0);
    CHECK_INT(node(&p, "ggt")->state, BFL_STEP_DONE);
    CHECK(has(node(&p, "ggt")->why, "GGT 22 U/L on day 0"));
    CHECK_INT(node(&p, "ggt")->event_count, 1);
    CHECK_INT(node(&p, "bone_scan")->state, BFL_STEP_NEXT);
    CHECK(node(&p, "bone_scan")->has_by);
    CHECK_INT(node(&p, "bone_scan")->by_day, 28);
    CHECK_INT(node(&p, "minerals")->state, BFL_STEP_NEXT);
    CHECK(has(node(&p, "minerals")->action, "Measure calcium, phosphate"));
    CHECK(!has(node(&p, "minerals")->action, "{"));
    CHECK_INT(node(&p, "liver_imaging")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(raised_ggt_leads_to_the_liver) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "210", "U/L", "", "38");
    assess(&p, 0);
    CHECK_INT(node(&p, "liver_imaging")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "ama")->state, BFL_STEP_LATER);
    CHECK_INT(node(&p, "bone_alp")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "bone_scan")->state, BFL_STEP_LATER);
    end(&p);
}

TEST(normal_bone_alp_closes_the_bone_branch) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "210", "U/L", "", "38");
    lab(&p, 2, "BALP", "11", "ug/L", "5", "22.4");
    lesion(&p, 3, "liver", BFL_ORGAN_LIVER, BFL_MODALITY_ULTRASOUND)->state = BFL_LESION_ABSENT;
    assess(&p, 3);
    CHECK_INT(node(&p, "bone_scan")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "liver_imaging")->state, BFL_STEP_DONE);
    CHECK_INT(node(&p, "ama")->state, BFL_STEP_NEXT);
    end(&p);
}

TEST(focus_leads_to_radiographs_then_mri) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "22", "U/L", "", "38");
    lesion(&p, 10, "left femur", BFL_ORGAN_BONE, BFL_MODALITY_BONE_SCAN)->uptake = BFL_UPTAKE_HIGH;
    assess(&p, 10);
    CHECK_INT(node(&p, "bone_scan")->state, BFL_STEP_DONE);
    CHECK_INT(node(&p, "radiographs")->state, BFL_STEP_NEXT);
    CHECK(has(node(&p, "radiographs")->action, "left femur"));
    CHECK_INT(node(&p, "mri")->state, BFL_STEP_LATER);
    end(&p);

    p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "22", "U/L", "", "38");
    lesion(&p, 10, "left femur", BFL_ORGAN_BONE, BFL_MODALITY_BONE_SCAN);
    lesion(&p, 12, "left femur", BFL_ORGAN_BONE, BFL_MODALITY_XRAY)->matrix = BFL_MATRIX_LYTIC;
    assess(&p, 12);
    CHECK_INT(node(&p, "radiographs")->state, BFL_STEP_DONE);
    CHECK_INT(node(&p, "mri")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "ct")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "biopsy")->state, BFL_STEP_LATER);
    end(&p);
}

TEST(clean_scan_ends_the_imaging_branch) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "22", "U/L", "", "38");
    lesion(&p, 10, "skeleton", BFL_ORGAN_BONE, BFL_MODALITY_BONE_SCAN)->state = BFL_LESION_ABSENT;
    assess(&p, 10);
    CHECK_INT(node(&p, "radiographs")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "mri")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "unexplained")->state, BFL_STEP_LATER);
    end(&p);
}

static void minerals(patient *p, int32_t day, const char *vitamin_d) {
    lab(p, day, "CA", "2.30", "mmol/L", "2.15", "2.55");
    lab(p, day, "PHOS", "1.1", "mmol/L", "0.8", "1.5");
    lab(p, day, "VITD", vitamin_d, "nmol/L", "50", "125");
    lab(p, day, "PTH", "4", "pmol/L", "1.6", "6.9");
    lab(p, day, "CREAT", "70", "umol/L", "45", "84");
}

TEST(walk_without_a_cause_looks_for_hidden_malignancy) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "22", "U/L", "", "38");
    minerals(&p, 1, "80");
    lesion(&p, 10, "skeleton", BFL_ORGAN_BONE, BFL_MODALITY_BONE_SCAN)->state = BFL_LESION_ABSENT;
    assess(&p, 10);
    CHECK_INT(node(&p, "minerals")->state, BFL_STEP_DONE);
    CHECK_INT(node(&p, "unexplained")->state, BFL_STEP_NEXT);
    CHECK(has(node(&p, "unexplained")->changes, "47 %"));
    CHECK_INT(node(&p, "supplement")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(low_vitamin_d_is_a_cause) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "22", "U/L", "", "38");
    minerals(&p, 1, "18");
    lesion(&p, 10, "skeleton", BFL_ORGAN_BONE, BFL_MODALITY_BONE_SCAN)->state = BFL_LESION_ABSENT;
    assess(&p, 10);
    CHECK_INT(node(&p, "supplement")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "unexplained")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(impaired_kidney_asks_nephrology) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 1, "CREAT", "190", "umol/L", "45", "84");
    assess(&p, 1);
    CHECK_INT(node(&p, "nephrology")->state, BFL_STEP_NEXT);
    end(&p);
}

static const bfl_step *nephrology_for(patient *p, const char *creatinine) {
    alp(p, 0, "312");
    lab(p, 1, "CREAT", creatinine, "mg/dL", "", "");
    assess(p, 1);
    return node(p, "nephrology");
}

/* The range that its course is judged by stands in, and is named. */
TEST(a_row_without_a_range_is_judged_by_the_usual_one) {
    patient p = begin();
    const bfl_step *asked = nephrology_for(&p, "2.4");
    CHECK_INT(asked->state, BFL_STEP_NEXT);
    CHECK(has(asked->why, "CREAT 2.4 mg/dL on day 1 (by a range that its row does not print)"));
    end(&p);
    p = begin();
    CHECK_INT(nephrology_for(&p, "0.8")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
    p = begin();
    CHECK_INT(nephrology_for(&p, "<2.4")->state, BFL_STEP_LATER);
    end(&p);
}

TEST(a_low_value_without_a_range_too) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 0, "GGT", "22", "U/L", "", "38");
    lab(&p, 1, "CA", "1.60", "mmol/L", "", "");
    assess(&p, 1);
    CHECK_INT(node(&p, "supplement")->state, BFL_STEP_NEXT);
    CHECK(has(node(&p, "supplement")->why, "by a range that its row does not print"));
    end(&p);
}

TEST(cancer_goes_to_the_scan_at_once) {
    patient p = begin();
    bfl_record_patient(p.builder)->tumour = "breast";
    alp(&p, 0, "312");
    assess(&p, 0);
    CHECK_INT(node(&p, "bone_scan_cancer")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "bone_scan")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "bone_agent")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(known_metastases_lead_to_management) {
    patient p = begin();
    lung(&p);
    alp(&p, 0, "312");
    assess(&p, 0);
    CHECK_INT(node(&p, "bone_scan_cancer")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "oncology")->state, BFL_STEP_DONE);
    CHECK_INT(node(&p, "bone_agent")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "follow_therapy")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "follow_therapy")->by_day, 28);
    CHECK_INT(node(&p, "follow_high")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "paget_treat")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(bone_agent_is_done_and_clouds_the_course) {
    patient p = begin();
    lung(&p);
    drug(&p, 5, "denosumab");
    alp(&p, 0, "312");
    alp(&p, 20, "200");
    assess(&p, 20);
    CHECK_INT(node(&p, "bone_agent")->state, BFL_STEP_DONE);
    CHECK(has(node(&p, "follow_therapy")->why, "lowers ALP by itself"));
    CHECK(has(node(&p, "follow_therapy")->why, "denosumab"));
    end(&p);
}

TEST(high_under_treatment_is_reconsidered_after_three_months) {
    for (int32_t last = 90; last <= 91; last++) {
        patient p = begin();
        lung(&p);
        alp(&p, 0, "312");
        alp(&p, last, "320");
        judge(&p, last, BFL_BONE_NONE);
        assess(&p, last);
        CHECK_INT(node(&p, "reconsider")->state, last == 91 ? BFL_STEP_NEXT : BFL_STEP_LATER);
        end(&p);
    }
    patient p = begin();
    lung(&p);
    alp(&p, 0, "900");
    alp(&p, 91, "320");
    assess(&p, 91);
    CHECK_INT(node(&p, "reconsider")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(more_than_thousand) {
    const char *values[] = {"1000", "1001"};
    for (size_t i = 0; i < 2; i++) {
        patient p = begin();
        alp(&p, 0, values[i]);
        assess(&p, 0);
        CHECK_INT(node(&p, "very_high")->state, i ? BFL_STEP_NEXT : BFL_STEP_NOT_NEEDED);
        end(&p);
    }
}

TEST(fever_asks_for_sepsis) {
    patient p = begin();
    alp(&p, 0, "400");
    said(&p, 0, "fever", "yes");
    assess(&p, 0);
    CHECK_INT(node(&p, "sepsis")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "sepsis")->by_day, 1);
    end(&p);
    p = begin();
    alp(&p, 0, "400");
    said(&p, -1, "fever", "yes");
    said(&p, 0, "fever", "no");
    assess(&p, 0);
    CHECK_INT(node(&p, "sepsis")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(old_results_do_not_count) {
    for (int32_t day = -29; day <= -28; day++) {
        patient p = begin();
        lab(&p, day, "GGT", "22", "U/L", "", "38");
        alp(&p, 0, "312");
        assess(&p, 0);
        CHECK_INT(node(&p, "ggt")->state, day == -28 ? BFL_STEP_DONE : BFL_STEP_NEXT);
        end(&p);
    }
}

TEST(repeat_between_one_and_three_months) {
    patient p = begin();
    alp(&p, 0, "312");
    assess(&p, 0);
    CHECK_INT(node(&p, "repeat")->state, BFL_STEP_NEXT);
    CHECK(has(node(&p, "repeat")->action, "between day 30 and day 91"));
    CHECK_INT(node(&p, "follow_high")->state, BFL_STEP_LATER);
    end(&p);
    p = begin();
    alp(&p, 0, "312");
    alp(&p, 40, "300");
    assess(&p, 40);
    CHECK_INT(node(&p, "repeat")->state, BFL_STEP_DONE);
    CHECK_INT(node(&p, "follow_high")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "follow_high")->by_day, 40 + 91);
    end(&p);
}

TEST(normal_again_is_followed_less_often) {
    patient p = begin();
    alp(&p, 0, "312");
    alp(&p, 60, "99");
    assess(&p, 60);
    CHECK_INT(node(&p, "follow_normal")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "follow_normal")->by_day, 60 + 182);
    CHECK_INT(node(&p, "ggt")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "bone_scan")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "follow_high")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(overdue_becomes_soon_and_says_so) {
    patient p = begin();
    alp(&p, 0, "312");
    assess(&p, 400);
    CHECK_INT(node(&p, "repeat")->by_day, 407);
    CHECK(has(node(&p, "repeat")->why, "this was due on day 91"));
    end(&p);
}

/* The day by which counts from what came before, not from today. */
TEST(due_days_count_from_the_step_before) {
    patient p = begin();
    alp(&p, 0, "312");
    lab(&p, 9, "GGT", "22", "U/L", "", "38");
    assess(&p, 20);
    CHECK_INT(node(&p, "bone_scan")->by_day, 9 + 28);
    CHECK_INT(node(&p, "bone_alp")->by_day, 20 + 7);
    CHECK(has(node(&p, "bone_alp")->why, "this was due on day 14"));
    end(&p);
}

TEST(node_for_others_is_not_needed_even_if_done) {
    patient p = begin();
    alp(&p, 0, "312");
    lesion(&p, 3, "skeleton", BFL_ORGAN_BONE, BFL_MODALITY_BONE_SCAN)->state = BFL_LESION_ABSENT;
    assess(&p, 3);
    CHECK_INT(node(&p, "bone_scan")->state, BFL_STEP_DONE);
    CHECK_INT(node(&p, "bone_scan_cancer")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "paget_evaluate")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

/* ---- Paget disease ---- */

static patient paget(const char *nadir, const char *last, int32_t last_day) {
    patient p = begin();
    alp(&p, 0, "300");
    said(&p, 20, "paget", "yes");
    bfl_therapy *course = bfl_record_add_therapy(p.builder, day_date(30), day_date(212));
    course->drug = "alendronate";
    alp(&p, 120, nadir);
    if (*last) alp(&p, last_day, last);
    return p;
}

TEST(paget_is_treated_first) {
    patient p = begin();
    alp(&p, 0, "300");
    said(&p, 20, "paget", "yes");
    assess(&p, 20);
    CHECK_INT(node(&p, "paget_treat")->state, BFL_STEP_NEXT);
    CHECK(has(node(&p, "paget_treat")->action, "alendronate 40 mg"));
    CHECK_INT(node(&p, "paget_treat")->by_day, 48);
    CHECK_INT(node(&p, "paget_monitor")->state, BFL_STEP_NOT_NEEDED);
    CHECK_INT(node(&p, "biopsy")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

TEST(paget_is_monitored_and_evaluated) {
    patient p = paget("160", "", 0);
    assess(&p, 120);
    CHECK_INT(node(&p, "paget_treat")->state, BFL_STEP_DONE);
    CHECK_INT(node(&p, "paget_monitor")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "paget_monitor")->by_day, 120 + 91);
    CHECK_INT(node(&p, "paget_evaluate")->state, BFL_STEP_NEXT);
    CHECK_INT(node(&p, "paget_evaluate")->by_day, 30 + 182 + 182);
    CHECK_INT(node(&p, "paget_retreat")->state, BFL_STEP_NOT_NEEDED);
    end(&p);
}

/* 25 % is not more than 25 %. */
TEST(paget_relapse_is_more_than_a_quarter_above_the_nadir) {
    const char *last[] = {"100", "100.1"};
    for (size_t i = 0; i < 2; i++) {
        patient p = paget("80", last[i], 400);
        assess(&p, 400);
        CHECK_INT(node(&p, "paget_evaluate")->state, BFL_STEP_DONE);
        CHECK_INT(node(&p, "paget_retreat")->state, i ? BFL_STEP_NEXT : BFL_STEP_NOT_NEEDED);
        if (i) CHECK(has(node(&p, "paget_retreat")->why, "25.1 % above its lowest value"));
        end(&p);
    }
}

TEST(paget_relapse_waits_for_the_evaluation) {
    patient p = paget("80", "140", 300);
    assess(&p, 300);
    CHECK_INT(node(&p, "paget_retreat")->state, BFL_STEP_LATER);
    end(&p);
}

TEST(paget_response_is_a_fall_by_more_than_a_quarter) {
    const char *nadir[] = {"225", "224.9"};
    for (size_t i = 0; i < 2; i++) {
        patient p = paget(nadir[i], nadir[i], 400);
        assess(&p, 400);
        CHECK_INT(node(&p, "paget_resistant")->state, i ? BFL_STEP_NOT_NEEDED : BFL_STEP_NEXT);
        end(&p);
    }
}

/* ---- does the pathway apply ---- */

TEST(pathway_only_where_alp_is_raised_or_asked_for) {
    patient p = begin();
    alp(&p, 0, "99");
    assess(&p, 0);
    CHECK_INT(p.workup->pathway_count, 0);
    CHECK(step(&p, "routine_visit"));
    CHECK_INT(p.workup->next_count, 1);
    CHECK(p.workup->next[0].has_by);
    CHECK_INT(p.workup->next[0].by_day, 91);
    end(&p);

    p = begin();
    bfl_note *note = bfl_record_add_note(p.builder);
    note->topic = "alp_workup";
    note->date = day_date(0);
    assess(&p, 0);
    CHECK(p.workup->pathway_count > 0);
    CHECK_INT(node(&p, "ggt")->state, BFL_STEP_LATER);
    end(&p);
}

TEST(a_word_is_enough) {
    patient p = begin();
    lab(&p, 0, "ALP", "high", "", "", "");
    assess(&p, 0);
    CHECK_INT(node(&p, "ggt")->state, BFL_STEP_NEXT);
    end(&p);
}

TEST(after_death_nothing_is_next) {
    for (int32_t death = 9; death <= 11; death++) {
        patient p = begin();
        bfl_record_patient(p.builder)->death = day_date(death);
        alp(&p, 0, "312");
        assess(&p, 10);
        CHECK_INT(p.workup->next_count > 0, death > 10);
        CHECK_INT(node(&p, "ggt")->state, death > 10 ? BFL_STEP_NEXT : BFL_STEP_NOT_NEEDED);
        end(&p);
    }
}

TEST(an_empty_record_is_no_trouble) {
    patient p = begin();
    assess(&p, INT32_MIN);
    CHECK_INT(p.workup->next_count, 1);
    CHECK_TEXT(bfl_step_state_word(BFL_STEP_NOT_NEEDED), "not_needed");
    end(&p);
}

TEST(overlay_moves_the_day) {
    patient p = begin_with("{\"workup.alp.ggt\": {\"within_days\": 3}}");
    alp(&p, 0, "312");
    assess(&p, 0);
    CHECK_INT(node(&p, "ggt")->by_day, 3);
    end(&p);
}

TEST_CASES(CASE(isolated_rise_begins_with_its_source), CASE(normal_ggt_leads_to_the_bone_scan),
           CASE(raised_ggt_leads_to_the_liver), CASE(normal_bone_alp_closes_the_bone_branch),
           CASE(focus_leads_to_radiographs_then_mri), CASE(clean_scan_ends_the_imaging_branch),
           CASE(walk_without_a_cause_looks_for_hidden_malignancy), CASE(low_vitamin_d_is_a_cause),
           CASE(impaired_kidney_asks_nephrology), CASE(a_row_without_a_range_is_judged_by_the_usual_one),
           CASE(a_low_value_without_a_range_too), CASE(cancer_goes_to_the_scan_at_once),
           CASE(known_metastases_lead_to_management), CASE(bone_agent_is_done_and_clouds_the_course),
           CASE(high_under_treatment_is_reconsidered_after_three_months), CASE(more_than_thousand),
           CASE(fever_asks_for_sepsis), CASE(old_results_do_not_count), CASE(repeat_between_one_and_three_months),
           CASE(normal_again_is_followed_less_often), CASE(overdue_becomes_soon_and_says_so),
           CASE(due_days_count_from_the_step_before), CASE(node_for_others_is_not_needed_even_if_done),
           CASE(paget_is_treated_first), CASE(paget_is_monitored_and_evaluated),
           CASE(paget_relapse_is_more_than_a_quarter_above_the_nadir), CASE(paget_relapse_waits_for_the_evaluation),
           CASE(paget_response_is_a_fall_by_more_than_a_quarter), CASE(pathway_only_where_alp_is_raised_or_asked_for),
           CASE(a_word_is_enough), CASE(after_death_nothing_is_next), CASE(an_empty_record_is_no_trouble),
           CASE(overlay_moves_the_day))
