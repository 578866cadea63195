/* SPDX-License-Identifier: Apache-2.0 */
/* Non-target and new lesions: words, PET rules, dating back, visits; overall responses as told by the summary line. */
#include "timeline.h"

static char last_summary[512];
static char last_issue[64];
static int last_visits;
static void keep(const timeline *t) {
    (void)snprintf(last_summary, sizeof last_summary, "%s", summary(t));
    (void)snprintf(last_issue, sizeof last_issue, "%s", t->criteria->issue_count ? t->criteria->issues[0].code : "");
    last_visits = (int)t->criteria->visit_count;
}
static const char *read_as(const char *lesions) {
    with_timeline((timeline){.lesions = lesions, .check = keep});
    return last_summary;
}

#define TARGET_SD "0 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 48 -\n"
#define LIVER "0 H liver non_target soft ct present - -\n"

/* ---- non-target lesions ---- */

TEST(non_target_lesions_by_their_state) {
    CHECK_TEXT(read_as(TARGET_SD LIVER "56 H liver non_target soft ct present - larger\n"), "SD/non/none/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD LIVER "56 H liver non_target soft ct absent - -\n"), "SD/CR/none/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD LIVER "56 H liver non_target soft ct progressed - -\n"), "SD/PD/none/PD/PD/PD/-");
    CHECK_TEXT(read_as(TARGET_SD LIVER "56 H liver non_target soft ct not_evaluable - -\n"), "SD/NE/none/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD LIVER), "SD/NE/none/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD LIVER "56 H liver non_target soft ct equivocal - -\n"), "SD/non/none/SD/SD/SD/-");
}

TEST(non_target_disease_only) {
    CHECK_TEXT(read_as(LIVER "56 H liver non_target soft ct present - smaller\n"),
               "-/non/none/non-CR/non-PD/non-CR/non-PD/non-CR/non-PD/-");
    CHECK_TEXT(read_as(LIVER "56 H liver non_target soft ct absent - -\n"), "-/CR/none/CR/CR/CR/-");
}

/* Every criterion that calls a response CR says whether it saw target lesions: without them there is no SD to fall back to. */
static unsigned complete, told;
static void count_complete(const timeline *t) {
    complete = told = 0;
    for (size_t k = 0; k < t->criteria->criterion_count; k++) {
        const bfl_criterion_result *r = &t->criteria->criteria[k];
        if (r->visit_count < 2 || r->visits[1].response != BFL_RESPONSE_CR) continue;
        complete++;
        told += r->visits[1].without_targets;
    }
}
TEST(complete_response_without_targets_is_told_by_every_criterion) {
    with_timeline((timeline){.lesions = LIVER "56 H liver non_target soft ct absent - -\n", .check = count_complete});
    CHECK(complete >= 4 && told == complete);
    /* PCWG3 too, where a bone scan was done and shows nothing. */
    unsigned without_scan = complete;
    with_timeline((timeline){.lesions = LIVER "56 H liver non_target soft ct absent - -\n"
                                              "56 B bone - blastic bone_scan absent - -\n",
                             .check = count_complete});
    CHECK(complete == without_scan + 1 && told == complete);
    with_timeline((timeline){.lesions = "0 L lung target soft ct measured 50 -\n56 L lung target soft ct absent - -\n",
                             .check = count_complete});
    CHECK(complete >= 4 && told == 0);
}

TEST(equivocal_progression_confirmed_is_dated_back) {
    CHECK_TEXT(
        read_as(LIVER "56 H liver non_target soft ct equivocal - -\n112 H liver non_target soft ct progressed - -\n"),
        "-/PD/none/PD/PD/PD/-; -/PD/none/PD/PD/PD/-");
    CHECK_TEXT(
        read_as(LIVER "56 H liver non_target soft ct equivocal - -\n112 H liver non_target soft ct present - -\n"),
        "-/non/none/non-CR/non-PD/non-CR/non-PD/non-CR/non-PD/-; "
        "-/non/none/non-CR/non-PD/non-CR/non-PD/non-CR/non-PD/-");
}

TEST(non_target_node_is_normal_below_ten) {
    CHECK_TEXT(read_as(TARGET_SD "0 N lymph_node non_target soft ct measured 12 -\n"
                                 "56 N lymph_node non_target soft ct measured 9.9 -\n"),
               "SD/CR/none/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD "0 N lymph_node non_target soft ct measured 12 -\n"
                                 "56 N lymph_node non_target soft ct measured 10 -\n"),
               "SD/non/none/SD/SD/SD/-");
}

TEST(absence_counts_only_from_the_kind_of_study_that_had_shown_it) {
    CHECK_TEXT(
        read_as(TARGET_SD "0 B bone non_target marrow fdg_pet present - -\n56 B bone non_target - ct absent - -\n"),
        "SD/NE/none/SD/SD/SD/NE");
    CHECK_TEXT(read_as(TARGET_SD
                       "0 B bone non_target marrow fdg_pet present - -\n56 B bone non_target - fdg_pet absent - -\n"),
               "SD/CR/none/SD/SD/SD/CR");
}

TEST(a_blank_role_is_non_target_when_a_lesion_is_named) {
    CHECK_TEXT(read_as(TARGET_SD "0 B bone - lytic ct present - -\n56 B bone - lytic ct present - stable\n"),
               "SD/non/none/SD/SD/SD/SD");
    CHECK_TEXT(read_as(TARGET_SD "0 B bone - - ct present - -\n56 B bone - - ct present - stable\n"),
               "SD/-/none/SD/SD/SD/SD");
    CHECK_TEXT(read_as(TARGET_SD "0 H liver - - ct present - -\n56 H liver - - ct present - stable\n"),
               "SD/non/none/SD/SD/SD/-");
}

static void marker_holds(const timeline *t) { CHECK_TEXT(summary(t), "CR/non/none/PR/PR/PR/-"); }
static void marker_normal(const timeline *t) { CHECK_TEXT(summary(t), "CR/-/none/CR/CR/CR/-"); }
TEST(complete_response_needs_a_normal_marker) {
    const char *gone = "0 L lung target soft ct measured 50 -\n56 L lung target soft ct absent - -\n";
    with_timeline(
        (timeline){.lesions = gone, .labs = "0 CEA 137.9 ng/mL 0 5.0\n56 CEA 5.1 ng/mL 0 5.0", .check = marker_holds});
    with_timeline(
        (timeline){.lesions = gone, .labs = "0 CEA 137.9 ng/mL 0 5.0\n56 CEA 5.0 ng/mL 0 5.0", .check = marker_normal});
    with_timeline(
        (timeline){.lesions = gone, .labs = "0 CEA 4.9 ng/mL 0 5.0\n56 CEA 7 ng/mL 0 5.0", .check = marker_normal});
}

/* ---- new lesions ---- */

TEST(a_new_lesion_is_progression_until_a_study_finds_it_gone) {
    CHECK_TEXT(read_as(TARGET_SD "56 X liver new soft ct present - -\n"), "SD/-/unequivocal/PD/PD/PD/-");
    CHECK_TEXT(read_as(TARGET_SD "56 X liver new soft ct present - -\n112 L lung target soft ct measured 48 -\n"),
               "SD/-/unequivocal/PD/PD/PD/-; SD/-/unequivocal/PD/PD/PD/-");
    CHECK_TEXT(read_as(TARGET_SD "56 X liver new soft ct present - -\n112 L lung target soft ct measured 48 -\n"
                                 "112 X liver new soft ct absent - -\n"),
               "SD/-/unequivocal/PD/PD/PD/-; SD/-/none/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD "56 X liver new soft ct absent - -\n"), "SD/-/none/SD/SD/SD/-");
}

TEST(an_equivocal_new_lesion_is_dated_back_when_confirmed) {
    CHECK_TEXT(read_as(TARGET_SD "56 X liver new soft ct equivocal - -\n"), "SD/-/equivocal/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD "56 X liver new soft ct equivocal - -\n112 X liver new soft ct present - -\n"),
               "SD/-/unequivocal/PD/PD/PD/-; NE/-/unequivocal/PD/PD/PD/-");
    CHECK_TEXT(read_as(TARGET_SD "56 X liver new soft ct equivocal - -\n112 X liver new soft ct absent - -\n"
                                 "112 L lung target soft ct measured 48 -\n"),
               "SD/-/equivocal/SD/SD/SD/-; SD/-/none/SD/SD/SD/-");
}

TEST(a_lesion_first_seen_later_and_not_called_new_is_equivocal) {
    CHECK_TEXT(read_as(TARGET_SD "56 X liver - soft ct present - -\n"), "SD/-/equivocal/SD/SD/SD/-");
    CHECK_TEXT(last_issue, "recist.role_missing");
    CHECK_TEXT(read_as(TARGET_SD "56 X liver - soft ct present - smaller\n"), "SD/non/none/SD/SD/SD/-");
}

/* Bone metastases diagnosed before the baseline: the reader is told, and what is written counts. */
TEST(bone_disease_diagnosed_before_is_said_and_changes_no_response) {
    const char *lesions = TARGET_SD "56 T5 bone new blastic ct present - -\n";
    CHECK_TEXT(read_as(lesions), "SD/-/unequivocal/PD/SD/SD/NE");
    CHECK_TEXT(last_issue, "");
    with_timeline((timeline){.lesions = lesions, .clinicals = "-20 bone_metastasis yes\n", .check = keep});
    CHECK_TEXT(last_summary, "SD/-/unequivocal/PD/SD/SD/NE");
    CHECK_TEXT(last_issue, "recist.bone_diagnosed_before");
    with_timeline((timeline){.lesions = lesions, .clinicals = "30 bone_metastasis yes\n", .check = keep});
    CHECK_TEXT(last_issue, "");
    with_timeline((timeline){.lesions = lesions, .clinicals = "-20 bone_metastasis no\n", .check = keep});
    CHECK_TEXT(last_issue, "");
    with_timeline((timeline){.lesions = TARGET_SD "0 T4 bone non_target lytic ct present - -\n"
                                                  "56 T5 bone new blastic ct present - -\n",
                             .clinicals = "-20 bone_metastasis yes\n",
                             .check = keep});
    CHECK_TEXT(last_issue, "");
}

TEST(a_normal_node_is_not_a_new_lesion) {
    CHECK_TEXT(read_as(TARGET_SD "56 N lymph_node new soft ct measured 9.9 -\n"), "SD/-/none/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD "56 N lymph_node new soft ct measured 10 -\n"), "SD/-/unequivocal/PD/PD/PD/-");
}

/* "Negative FDG-PET at baseline, with a positive FDG-PET at follow-up is a sign of PD based on a new lesion." */
TEST(pet_negative_at_baseline_positive_now_is_progression) {
    CHECK_TEXT(read_as(TARGET_SD "0 P liver - - fdg_pet absent - -\n56 P liver new soft fdg_pet present - -\n"),
               "SD/-/unequivocal/PD/PD/PD/-");
    CHECK_TEXT(read_as(TARGET_SD
                       "0 L lung target soft fdg_pet present - -\n56 P@segment_4 liver new soft fdg_pet present - -\n"),
               "SD/-/unequivocal/PD/PD/PD/-");
}

/* "No FDG-PET at baseline and a positive FDG-PET at follow-up": CT decides. */
TEST(pet_without_baseline_waits_for_ct) {
    CHECK_TEXT(read_as(TARGET_SD "56 P liver new soft fdg_pet present - -\n"), "SD/-/equivocal/SD/SD/SD/-");
    CHECK_TEXT(read_as(TARGET_SD "56 P liver new soft fdg_pet present - -\n58 P liver new soft ct present - -\n"),
               "SD/-/unequivocal/PD/PD/PD/-");
    CHECK_TEXT(read_as(TARGET_SD "56 P@s4 liver new soft fdg_pet present - -\n56 Q@s4 liver new soft ct present - -\n"),
               "SD/-/unequivocal/PD/PD/PD/-");
    /* CT confirms later: dated back to the PET. */
    CHECK_TEXT(read_as(TARGET_SD "56 P liver new soft fdg_pet present - -\n112 P liver new soft ct present - -\n"
                                 "112 L lung target soft ct measured 48 -\n"),
               "SD/-/unequivocal/PD/PD/PD/-; SD/-/unequivocal/PD/PD/PD/-");
}

/* "If the positive FDG-PET corresponds to a pre-existing site of disease on CT that is not progressing, this is not PD." */
TEST(pet_at_a_known_site_is_not_new) {
    CHECK_TEXT(read_as(TARGET_SD LIVER
                       "56 P@H liver new soft fdg_pet present - -\n56 H liver non_target soft ct present - stable\n"),
               "SD/non/none/SD/SD/SD/-");
}

TEST(other_tracers_are_equivocal_until_ct_shows_it) {
    CHECK_TEXT(
        read_as(TARGET_SD "0 L lung target soft psma_pet present - -\n56 P liver new soft psma_pet present - -\n"),
        "SD/-/equivocal/SD/SD/SD/-");
}

/* ---- visits and baseline ---- */

TEST(studies_within_the_window_make_one_visit) {
    (void)read_as("0 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 48 -\n70 B bone non_target "
                  "lytic bone_scan present - stable\n");
    CHECK_INT(last_visits, 2);
    (void)read_as("0 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 48 -\n71 B bone non_target "
                  "lytic bone_scan present - stable\n");
    CHECK_INT(last_visits, 3);
}

TEST(the_baseline_is_the_last_imaging_before_treatment) {
    CHECK_TEXT(read_as("-60 L lung target soft ct measured 20 -\n-5 L lung target soft ct measured 50 -\n56 L lung "
                       "target soft ct measured 35 -\n"),
               "PR/-/none/PR/PR/PR/-");
    CHECK_INT(last_visits, 2);
    /* A PET within four weeks of the last CT belongs to the baseline; a study after day 0 never does. */
    CHECK_TEXT(read_as("-30 B bone non_target marrow fdg_pet present - -\n-2 L lung target soft ct measured 50 -\n3 L "
                       "lung target soft ct measured 35 -\n"),
               "PR/NE/none/PR/PR/PR/NE");
    CHECK_INT(last_visits, 2);
    (void)read_as("3 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 35 -\n");
    CHECK_TEXT(last_summary, "PR/-/none/PR/PR/PR/-");
    CHECK_TEXT(last_issue, "recist.no_baseline");
    (void)read_as("-29 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 35 -\n");
    CHECK_TEXT(last_issue, "recist.old_baseline");
    (void)read_as("-28 L lung target soft ct measured 50 -\n56 L lung target soft ct measured 35 -\n");
    CHECK_TEXT(last_issue, "");
}

TEST(no_lesions_no_visits) {
    CHECK_TEXT(read_as(""), "");
    CHECK_INT(last_visits, 0);
}

TEST_CASES(CASE(non_target_lesions_by_their_state), CASE(non_target_disease_only),
           CASE(complete_response_without_targets_is_told_by_every_criterion),
           CASE(equivocal_progression_confirmed_is_dated_back), CASE(non_target_node_is_normal_below_ten),
           CASE(absence_counts_only_from_the_kind_of_study_that_had_shown_it),
           CASE(a_blank_role_is_non_target_when_a_lesion_is_named), CASE(complete_response_needs_a_normal_marker),
           CASE(a_new_lesion_is_progression_until_a_study_finds_it_gone),
           CASE(an_equivocal_new_lesion_is_dated_back_when_confirmed),
           CASE(a_lesion_first_seen_later_and_not_called_new_is_equivocal), CASE(a_normal_node_is_not_a_new_lesion),
           CASE(bone_disease_diagnosed_before_is_said_and_changes_no_response),
           CASE(pet_negative_at_baseline_positive_now_is_progression), CASE(pet_without_baseline_waits_for_ct),
           CASE(pet_at_a_known_site_is_not_new), CASE(other_tracers_are_equivocal_until_ct_shows_it),
           CASE(studies_within_the_window_make_one_visit), CASE(the_baseline_is_the_last_imaging_before_treatment),
           CASE(no_lesions_no_visits))
