/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that verdict, images, laboratory and genome ask for. */
#include "workup/patient.h"

/* New blastic lesion at the first CT, day 42. */
static patient first_scan(bfl_bone_state state) {
    patient p = begin();
    lung(&p);
    bfl_lesion *found = lesion(&p, 42, "T5", BFL_ORGAN_BONE, BFL_MODALITY_CT);
    found->role = BFL_ROLE_NEW;
    found->matrix = BFL_MATRIX_BLASTIC;
    judge(&p, 42, state);
    return p;
}

TEST(suspected_flare_is_imaged_again_after_six_weeks) {
    patient p = first_scan(BFL_BONE_FLARE_SUSPECTED);
    assess(&p, 42);
    const bfl_step *again = step(&p, "reimage");
    CHECK(again && again->has_by);
    if (again) {
        CHECK_INT(again->by_day, 42 + 56);
        CHECK(has(again->action, "between day 84 and day 98"));
    }
    const bfl_step *drug_step = step(&p, "continue_drug");
    CHECK(drug_step);
    if (drug_step) CHECK(has(drug_step->action, "Continue gefitinib meanwhile"));
    CHECK(step(&p, "fdg_pet"));
    CHECK(!step(&p, "biopsy_progression"));
    CHECK(!step(&p, "routine_imaging"));
    CHECK(!p.workup->most_useful);
    end(&p);
}

TEST(no_word_to_go_on_where_the_drug_may_harm) {
    patient p = begin();
    drug(&p, 0, "pembrolizumab");
    lesion(&p, 42, "T5", BFL_ORGAN_BONE, BFL_MODALITY_CT)->changes = BFL_CHANGE_DENSER;
    said(&p, 42, "pain", "new")->site = "T5";
    judge(&p, 42, BFL_BONE_FLARE_SUSPECTED);
    assess(&p, 42);
    CHECK(!step(&p, "continue_drug"));
    CHECK(step(&p, "ici_pain"));
    CHECK_INT(step(&p, "ici_pain")->by_day, 49);
    end(&p);
}

/* The MRI that found the new lesions does not settle them: inflammation of bone looks the same (Kubo 2021). */
TEST(new_bone_with_new_pain_under_a_checkpoint_inhibitor) {
    for (int biopsied = 0; biopsied < 2; biopsied++) {
        patient p = begin();
        drug(&p, 0, "pembrolizumab");
        said(&p, 120, "pain", "new")->site = "back";
        lesion(&p, 120, "thoracic vertebrae", BFL_ORGAN_BONE, BFL_MODALITY_MRI)->role = BFL_ROLE_NEW;
        if (biopsied) tissue(&p, 130, BFL_ORGAN_BONE, "no_tumour");
        judge(&p, 120, BFL_BONE_UNDETERMINED);
        assess(&p, 130);
        const bfl_step *work_up = step(&p, "ici_bone");
        CHECK_INT(work_up != NULL, !biopsied);
        CHECK(!step(&p, "continue_drug"));
        if (work_up) {
            CHECK(strstr(work_up->action, "rheumatology") && strstr(work_up->action, "thoracic vertebrae"));
            CHECK_INT(work_up->by_day, 134);
        }
        end(&p);
    }
}

TEST(liver_told_in_words_is_measured_within_days) {
    patient p = begin();
    lung(&p);
    said(&p, 20, "jaundice", "yes");
    judge(&p, 20, BFL_BONE_UNDETERMINED);
    assess(&p, 20);
    CHECK(step(&p, "liver_danger"));
    CHECK_INT(step(&p, "liver_danger")->by_day, 23);
    CHECK(!step(&p, "liver_injury") && !step(&p, "continue_drug"));
    end(&p);

    p = begin();
    lung(&p);
    lab(&p, 20, "ALT", "high", "", "", "");
    assess(&p, 20);
    CHECK(step(&p, "liver_injury") && !step(&p, "liver_danger"));
    end(&p);
}

TEST(high_calcium_is_asked_for_as_long_as_it_lasts) {
    patient p = begin();
    lung(&p);
    const bfl_grade row = {.analyte = bfl_analyte_find(BFL_TEXT("CA")), .term = "Hypercalcemia", .day = 10, .grade = 2};
    p.criteria.grades = &row;
    p.criteria.grade_count = 1;
    lab(&p, 10, "CA", "3.0", "mmol/L", "2.15", "2.55");
    lab(&p, 10, "PTH", "1", "pmol/L", "1.6", "6.9");
    lab(&p, 10, "CREAT", "70", "umol/L", "45", "84");
    assess(&p, 11);
    CHECK(step(&p, "hypercalcaemia"));
    CHECK_INT(step(&p, "hypercalcaemia")->by_day, 12);
    end(&p);
}

/* A scan before the six weeks does not count as the repetition; one after them starts the next wait. */
TEST(repeated_scan_moves_the_date) {
    const int32_t days[] = {83, 84};
    for (size_t i = 0; i < 2; i++) {
        patient p = first_scan(BFL_BONE_FLARE_SUSPECTED);
        lesion(&p, days[i], "T5", BFL_ORGAN_BONE, BFL_MODALITY_CT);
        judge(&p, days[i], BFL_BONE_FLARE_SUSPECTED);
        assess(&p, days[i]);
        CHECK_INT(step(&p, "reimage")->by_day, i ? 84 + 56 : 42 + 56);
        end(&p);
    }
}

TEST(undetermined_names_one_test) {
    patient p = first_scan(BFL_BONE_UNDETERMINED);
    assess(&p, 42);
    CHECK(p.workup->most_useful);
    if (p.workup->most_useful) {
        CHECK_TEXT(p.workup->most_useful->rule->id, "workup.step.bone_markers");
        CHECK(p.workup->most_useful->has_by);
    }
    end(&p);

    p = first_scan(BFL_BONE_UNDETERMINED);
    lab(&p, 40, "ALP", "90", "U/L", "45", "125");
    assess(&p, 42);
    CHECK_TEXT(p.workup->most_useful->rule->id, "workup.step.bone_markers");
    CHECK(has(p.workup->most_useful->action, "osteocalcin"));
    end(&p);

    p = first_scan(BFL_BONE_UNDETERMINED);
    lab(&p, 40, "ALP", "90", "U/L", "45", "125");
    lab(&p, 41, "BALP", "20", "ug/L", "5", "22");
    lab(&p, 41, "OC", "20", "ng/mL", "8", "40");
    assess(&p, 42);
    CHECK_TEXT(p.workup->most_useful->rule->id, "workup.step.fdg_pet");
    end(&p);

    p = first_scan(BFL_BONE_UNDETERMINED);
    lab(&p, 40, "ALP", "90", "U/L", "45", "125");
    lab(&p, 41, "BALP", "20", "ug/L", "5", "22");
    lab(&p, 41, "OC", "20", "ng/mL", "8", "40");
    lesion(&p, 45, "T5", BFL_ORGAN_BONE, BFL_MODALITY_FDG_PET);
    assess(&p, 45);
    CHECK_TEXT(p.workup->most_useful->rule->id, "workup.step.reimage");
    end(&p);
}

TEST(bone_markers_only_early) {
    const int32_t days[] = {91, 92};
    for (size_t i = 0; i < 2; i++) {
        patient p = begin();
        lung(&p);
        lesion(&p, days[i], "T5", BFL_ORGAN_BONE, BFL_MODALITY_CT)->changes = BFL_CHANGE_DENSER;
        judge(&p, days[i], BFL_BONE_UNDETERMINED);
        assess(&p, days[i]);
        CHECK_INT(step(&p, "bone_markers") != NULL, i == 0);
        end(&p);
    }
}

TEST(alp_counts_from_three_weeks_before_the_scan) {
    const int32_t days[] = {20, 21, 64};
    for (size_t i = 0; i < 3; i++) {
        patient p = first_scan(BFL_BONE_UNDETERMINED);
        lab(&p, days[i], "ALP", "90", "U/L", "45", "125");
        assess(&p, 64);
        CHECK_INT(step(&p, "alp_now") != NULL, i == 0);
        end(&p);
    }
}

TEST(lytic_growth_is_biopsied) {
    patient p = begin();
    lung(&p);
    lesion(&p, 42, "left femur", BFL_ORGAN_BONE, BFL_MODALITY_CT)->changes = BFL_CHANGE_LYTIC_GROWTH;
    judge(&p, 42, BFL_BONE_UNDETERMINED);
    assess(&p, 42);
    CHECK_TEXT(p.workup->most_useful->rule->id, "workup.step.biopsy_lytic");
    CHECK(has(p.workup->most_useful->action, "left femur"));
    end(&p);
}

TEST(veto_is_biopsied) {
    patient p = first_scan(BFL_BONE_UNDETERMINED);
    const bfl_evidence veto = {.finding = "soft-tissue mass at T5", .group = "matrix", .veto = true};
    p.verdict.now.evidence = &veto;
    p.verdict.now.evidence_count = 1;
    assess(&p, 42);
    CHECK(step(&p, "biopsy_lytic"));
    CHECK(has(step(&p, "biopsy_lytic")->why, "soft-tissue mass at T5"));
    end(&p);
}

TEST(late_days_are_no_growth) {
    patient p = first_scan(BFL_BONE_UNDETERMINED);
    const bfl_evidence veto = {.finding = "day 200 of gefitinib", .group = "time", .veto = true};
    p.verdict.now.evidence = &veto;
    p.verdict.now.evidence_count = 1;
    assess(&p, 42);
    CHECK(!step(&p, "biopsy_lytic"));
    end(&p);
}

TEST(liver_and_bone_are_split) {
    patient p = begin();
    lung(&p);
    lab(&p, 0, "ALP", "110", "U/L", "45", "125");
    lab(&p, 13, "ALP", "300", "U/L", "45", "125");
    const bfl_liver_day liver = {
        .day = 13, .alt_x_uln = number("4"), .alp_x_uln = number("2.4"), .entry = true, .reasons = NULL};
    p.criteria.liver = &liver;
    p.criteria.liver_count = 1;
    judge(&p, 13, BFL_BONE_UNDETERMINED);
    assess(&p, 13);
    CHECK_TEXT(p.workup->most_useful->rule->id, "workup.step.split_alp");
    CHECK(has(p.workup->most_useful->action, "gamma-"));
    CHECK(step(&p, "liver_injury"));
    CHECK_INT(step(&p, "liver_injury")->by_day, 20);
    CHECK(has(step(&p, "liver_injury")->action, "gefitinib by its label"));
    CHECK(step(&p, "continue_drug"));
    end(&p);
}

TEST(transaminases_from_three_times_the_limit) {
    const char *alt[] = {"2.99", "3.00"};
    for (size_t i = 0; i < 2; i++) {
        patient p = begin();
        lung(&p);
        const bfl_liver_day liver = {.day = 13, .alt_x_uln = number(alt[i])};
        p.criteria.liver = &liver;
        p.criteria.liver_count = 1;
        assess(&p, 13);
        CHECK_INT(step(&p, "liver_injury") != NULL, i == 1);
        end(&p);
    }
    patient p = begin();
    lung(&p);
    const bfl_liver_day liver = {.day = 13, .alt_x_uln = number("4")};
    p.criteria.liver = &liver;
    p.criteria.liver_count = 1;
    lab(&p, 20, "ALT", "falling", "", "", "");
    assess(&p, 20);
    CHECK(!step(&p, "liver_injury"));
    end(&p);
}

TEST(alp_from_bone_is_no_liver_injury) {
    const char *bone[] = {"78", "11"};
    for (size_t i = 0; i < 2; i++) {
        patient p = begin();
        lab(&p, 0, "ALP", "312", "U/L", "45", "125");
        lab(&p, 0, "BALP", bone[i], "ug/L", "5", "22.4");
        const bfl_liver_day liver = {.alt_x_uln = number("0.5"), .alp_x_uln = number("2.5"), .entry = true};
        p.criteria.liver = &liver;
        p.criteria.liver_count = 1;
        assess(&p, 0);
        CHECK_INT(step(&p, "liver_injury") != NULL, i == 1);
        end(&p);
    }
}

TEST(hys_law_is_repeated_and_silences_go_on) {
    patient p = begin();
    lung(&p);
    const bfl_liver_day liver = {
        .day = 13, .alt_x_uln = number("4"), .bilirubin_x_uln = number("2.5"), .entry = true, .hys_law = true};
    p.criteria.liver = &liver;
    p.criteria.liver_count = 1;
    judge(&p, 13, BFL_BONE_FLARE_SUSPECTED);
    assess(&p, 13);
    CHECK_TEXT(p.workup->next[0].rule->id, "workup.step.hys_law");
    CHECK_INT(p.workup->next[0].by_day, 16);
    CHECK(has(p.workup->next[0].action, "discuss with hepatology whether gefitinib is held as its label says"));
    CHECK(!step(&p, "continue_drug"));
    CHECK(!step(&p, "liver_injury"));
    end(&p);
}

TEST(cord_signs_come_first) {
    patient p = first_scan(BFL_BONE_UNDETERMINED);
    said(&p, 42, "cord_signs", "yes");
    assess(&p, 42);
    CHECK_TEXT(p.workup->next[0].rule->id, "workup.step.cord_mri");
    CHECK(p.workup->most_useful == &p.workup->next[0]);
    CHECK_INT(p.workup->next[0].by_day, 43);
    end(&p);

    p = first_scan(BFL_BONE_UNDETERMINED);
    said(&p, 42, "cord_signs", "yes");
    lesion(&p, 42, "left femur", BFL_ORGAN_BONE, BFL_MODALITY_MRI);
    assess(&p, 42);
    CHECK(step(&p, "cord_mri"));
    end(&p);

    p = first_scan(BFL_BONE_UNDETERMINED);
    said(&p, 42, "cord_signs", "yes");
    lesion(&p, 42, "thoracic spine", BFL_ORGAN_BONE, BFL_MODALITY_MRI);
    assess(&p, 42);
    CHECK(!step(&p, "cord_mri"));
    end(&p);
}

TEST(progression_asks_for_tissue_and_resistance) {
    patient p = first_scan(BFL_BONE_FLARE_SUSPECTED);
    tissue(&p, 50, BFL_ORGAN_LIVER, "tumour");
    lesion(&p, 210, "pelvis", BFL_ORGAN_BONE, BFL_MODALITY_FDG_PET)->state = BFL_LESION_PROGRESSED;
    judge(&p, 210, BFL_BONE_PROGRESSION);
    assess(&p, 210);
    CHECK(step(&p, "biopsy_progression"));
    CHECK(step(&p, "resistance_test"));
    CHECK_INT(step(&p, "resistance_test")->by_day, 224);
    CHECK(has(step(&p, "resistance_test")->action, "T790M"));
    CHECK(!step(&p, "continue_drug"));
    CHECK(!step(&p, "t790m"));
    end(&p);
}

TEST(t790m_names_a_third_generation_drug) {
    patient p = first_scan(BFL_BONE_FLARE_SUSPECTED);
    tissue(&p, 215, BFL_ORGAN_LIVER, "tumour");
    gene(&p, 215, "EGFR", "T790M", "positive");
    said(&p, 210, "ecog", "3");
    judge(&p, 215, BFL_BONE_PROGRESSION);
    assess(&p, 215);
    const bfl_step *found = step(&p, "t790m");
    CHECK(found);
    if (found) {
        CHECK(has(found->action, "osimertinib"));
        CHECK(has(found->action, "ECOG 3 on day 210"));
        CHECK_INT(found->by_day, 229);
        CHECK_INT(found->event_count, 1);
    }
    CHECK(!step(&p, "biopsy_progression"));
    CHECK(!step(&p, "resistance_test"));
    end(&p);

    p = first_scan(BFL_BONE_PROGRESSION);
    gene(&p, 215, "EGFR", "T790M", "positive");
    said(&p, 212, "deterioration", "yes");
    assess(&p, 215);
    CHECK(has(step(&p, "t790m")->action, "ECOG is not recorded, assess it first; deterioration on day 212"));
    end(&p);

    p = first_scan(BFL_BONE_PROGRESSION);
    gene(&p, 30, "EGFR", "T790M", "positive");
    drug(&p, 40, "osimertinib");
    assess(&p, 215);
    CHECK(!step(&p, "t790m"));
    end(&p);

    p = first_scan(BFL_BONE_PROGRESSION);
    gene(&p, 215, "EGFR", "T790M", "negative");
    assess(&p, 215);
    CHECK(!step(&p, "t790m"));
    end(&p);
}

TEST(other_resistance_is_named) {
    patient p = first_scan(BFL_BONE_PROGRESSION);
    gene(&p, 215, "EGFR", "C797S", "positive");
    gene(&p, 215, "MET", "amplification", "positive");
    tissue(&p, 215, BFL_ORGAN_LIVER, "small cell");
    assess(&p, 215);
    CHECK(step(&p, "c797s"));
    CHECK(step(&p, "met_amplification"));
    CHECK(step(&p, "resistance_other"));
    end(&p);
    p = first_scan(BFL_BONE_PROGRESSION);
    gene(&p, 215, "MET", "exon 14", "positive");
    assess(&p, 215);
    CHECK(!step(&p, "met_amplification"));
    CHECK(!step(&p, "resistance_other"));
    end(&p);
}

/* ---- lung ---- */

static void young_alk_patient(patient *p) {
    bfl_patient *row = bfl_record_patient(p->builder);
    row->tumour = "lung";
    row->histology = "adenocarcinoma";
    row->stage = "IV";
    drug(p, 0, "alectinib");
    gene(p, 0, "ALK", "rearrangement", "positive");
    static const char *const negative[] = {"EGFR", "ROS1", "KRAS", "BRAF"};
    for (size_t i = 0; i < 4; i++) gene(p, 0, negative[i], "", "negative");
}

TEST(miliary_pattern_is_named) {
    patient p = begin();
    young_alk_patient(&p);
    lesion(&p, 0, "both lungs", BFL_ORGAN_LUNG, BFL_MODALITY_CT)->note = "miliary: profuse tiny nodules";
    assess(&p, 90);
    CHECK(step(&p, "miliary"));
    CHECK(has(step(&p, "miliary")->why, "both lungs"));
    CHECK(step(&p, "brain_imaging"));
    const bfl_step *rest = step(&p, "drivers_remaining");
    CHECK(rest);
    if (rest) {
        CHECK(has(rest->action, "MET, RET, NTRK, HER2"));
        CHECK(has(rest->action, "ALK rearrangement is known"));
    }
    CHECK(!step(&p, "drivers"));
    end(&p);
}

TEST(miliary_pattern_by_size_number_and_spread) {
    const struct {
        const char *size, *count, *note;
        bool miliary;
    } cases[] = {{"3", "50", "random", true},
                 {"3.1", "50", "random", false},
                 {"3", "49", "random", false},
                 {"3", "50", "clustered", false},
                 {"2", "", "diffuse", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        patient p = begin();
        young_alk_patient(&p);
        bfl_lesion *nodules = lesion(&p, 0, "both lungs", BFL_ORGAN_LUNG, BFL_MODALITY_CT);
        nodules->longest_mm = number(cases[i].size);
        nodules->count = number(cases[i].count);
        nodules->note = cases[i].note;
        assess(&p, 1);
        CHECK_INT(step(&p, "miliary") != NULL, cases[i].miliary);
        end(&p);
    }
}

TEST(drivers_not_yet_tested) {
    patient p = begin();
    bfl_patient *row = bfl_record_patient(p.builder);
    row->tumour = "lung";
    row->histology = "adenocarcinoma";
    gene(&p, 0, "EGFR", "", "negative");
    gene(&p, 0, "ERBB2", "", "negative");
    assess(&p, 0);
    CHECK(step(&p, "drivers"));
    if (step(&p, "drivers"))
        CHECK(has(step(&p, "drivers")->action, "Test for ALK, ROS1, BRAF, KRAS, MET, RET, NTRK (panel"));
    end(&p);

    static const char *const others[] = {"squamous cell carcinoma", "small cell carcinoma", "non-small cell, squamous"};
    for (size_t i = 0; i < 3; i++) {
        p = begin();
        row = bfl_record_patient(p.builder);
        row->tumour = "lung";
        row->histology = others[i];
        assess(&p, 0);
        CHECK(!step(&p, "drivers"));
        end(&p);
    }
}

TEST(own_marker_is_followed) {
    patient p = begin();
    lung(&p);
    lab(&p, 0, "CEA", "137.9", "ng/mL", "0", "5");
    lab(&p, 38, "CEA", "34.7", "ng/mL", "0", "5");
    assess(&p, 38);
    CHECK(step(&p, "own_marker"));
    if (step(&p, "own_marker")) {
        CHECK_INT(step(&p, "own_marker")->by_day, 38 + 42);
        CHECK(has(step(&p, "own_marker")->action, "arcinoembryonic"));
    }
    end(&p);
}

TEST(salivary_amylase_is_followed) {
    patient p = begin();
    young_alk_patient(&p);
    lab(&p, 0, "AMY", "584", "U/L", "44", "132");
    lab(&p, 0, "AMY_P", "76", "U/L", "", "");
    assess(&p, 30);
    CHECK(step(&p, "salivary_amylase"));
    if (step(&p, "salivary_amylase")) CHECK_INT(step(&p, "salivary_amylase")->by_day, 42);
    CHECK(!step(&p, "own_marker"));
    end(&p);
}

TEST(low_calcium_is_worked_up) {
    const char *values[] = {"2.02", "2.03"};
    for (size_t i = 0; i < 2; i++) {
        patient p = begin();
        lung(&p);
        lab(&p, 43, "CA", values[i], "mmol/L", "2.03", "2.60");
        assess(&p, 43);
        CHECK_INT(step(&p, "hypocalcaemia") != NULL, i == 0);
        if (i == 0) CHECK(has(step(&p, "hypocalcaemia")->action, "agnesium"));
        end(&p);
    }
}

TEST(nothing_to_do_is_the_next_regular_scan) {
    patient p = begin();
    lung(&p);
    lesion(&p, 42, "T4", BFL_ORGAN_BONE, BFL_MODALITY_CT);
    judge(&p, 42, BFL_BONE_NONE);
    assess(&p, 42);
    CHECK_INT(p.workup->next_count, 1);
    CHECK(step(&p, "routine_imaging"));
    if (step(&p, "routine_imaging")) CHECK_INT(step(&p, "routine_imaging")->by_day, 42 + 56);
    CHECK(!step(&p, "routine_visit"));
    end(&p);
}

TEST(order_is_by_priority) {
    patient p = first_scan(BFL_BONE_UNDETERMINED);
    said(&p, 42, "fracture", "yes")->note = "pathological";
    lab(&p, 40, "ALP", "400", "U/L", "45", "125");
    assess(&p, 42);
    for (size_t i = 0; i < p.workup->next_count; i++) {
        CHECK_INT(p.workup->next[i].priority, i + 1);
        CHECK(*p.workup->next[i].action && *p.workup->next[i].patient_action);
        CHECK(!has(p.workup->next[i].action, "{") && !has(p.workup->next[i].why, "{"));
        CHECK_INT(p.workup->next[i].state, BFL_STEP_NEXT);
    }
    CHECK_TEXT(p.workup->next[0].rule->id, "workup.step.fracture");
    CHECK(!in_list(p.workup->next, p.workup->next_count, "workup.alp.fracture"));
    CHECK_INT(node(&p, "fracture")->state, BFL_STEP_NEXT);
    end(&p);
}

TEST_CASES(CASE(suspected_flare_is_imaged_again_after_six_weeks), CASE(no_word_to_go_on_where_the_drug_may_harm),
           CASE(new_bone_with_new_pain_under_a_checkpoint_inhibitor), CASE(liver_told_in_words_is_measured_within_days),
           CASE(high_calcium_is_asked_for_as_long_as_it_lasts), CASE(repeated_scan_moves_the_date),
           CASE(undetermined_names_one_test), CASE(bone_markers_only_early),
           CASE(alp_counts_from_three_weeks_before_the_scan), CASE(lytic_growth_is_biopsied), CASE(veto_is_biopsied),
           CASE(late_days_are_no_growth), CASE(liver_and_bone_are_split), CASE(alp_from_bone_is_no_liver_injury),
           CASE(transaminases_from_three_times_the_limit), CASE(hys_law_is_repeated_and_silences_go_on),
           CASE(cord_signs_come_first), CASE(progression_asks_for_tissue_and_resistance),
           CASE(t790m_names_a_third_generation_drug), CASE(other_resistance_is_named), CASE(miliary_pattern_is_named),
           CASE(miliary_pattern_by_size_number_and_spread), CASE(drivers_not_yet_tested), CASE(own_marker_is_followed),
           CASE(salivary_amylase_is_followed), CASE(low_calcium_is_worked_up),
           CASE(nothing_to_do_is_the_next_regular_scan), CASE(order_is_by_priority))
