/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of diameters: thresholds at both sides, small and absent lesions, missing ones, measurability, limits. */
#include "timeline.h"

/* The response of the target lesions at the last visit, given the sizes of one lung lesion over time. */
static bfl_response response_at_last;
static bfl_maybe sum_at_last;
static void keep_last(const timeline *t) {
    const bfl_recist_visit *v = &t->criteria->visits[t->criteria->visit_count - 1];
    response_at_last = v->target;
    sum_at_last = v->sum_mm;
}

static const char *target_of(const char *lesions) {
    with_timeline((timeline){.lesions = lesions, .check = keep_last});
    return bfl_response_word(response_at_last);
}

#define ONE(day, mm) #day " L lung target soft ct measured " #mm " -\n"
#define NODE(day, id, mm) #day " " #id " lymph_node target soft ct measured " #mm " -\n"

TEST(thirty_percent_smaller_is_partial_response) {
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 35)), "PR");
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 35.01)), "SD");
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 34.99)), "PR");
    CHECK_TEXT(target_of(ONE(0, 33.3) ONE(56, 23.31)), "PR"); /* exactly 30 %, which binary floats miss */
}

TEST(twenty_percent_and_five_millimetres_larger_is_progression) {
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 60)), "PD");
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 59.99)), "SD");
    CHECK_TEXT(target_of(ONE(0, 25) ONE(56, 30)), "PD");      /* exactly 20 % and exactly 5 mm */
    CHECK_TEXT(target_of(ONE(0, 24.9) ONE(56, 29.88)), "SD"); /* 20 % but 4.98 mm */
    CHECK_TEXT(target_of(ONE(0, 20) ONE(56, 25)), "PD");
    CHECK_TEXT(target_of(ONE(0, 20) ONE(56, 24.9)), "SD");
    CHECK_TEXT(target_of(ONE(0, 26) ONE(56, 31)), "SD"); /* 5 mm but 19.2 % */
}

TEST(progression_is_counted_from_the_nadir) {
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 25) ONE(112, 30)), "PD");
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 25) ONE(112, 29.9)), "PR");
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 45) ONE(112, 53.9)), "SD");
    CHECK_TEXT(target_of(ONE(0, 50) ONE(56, 45) ONE(112, 54)), "PD");
}

static void nadir_is_45(const timeline *t) {
    const bfl_recist_visit *v = &t->criteria->visits[2];
    CHECK_DECIMAL(v->nadir_mm.value, "45");
    CHECK_DECIMAL(v->change_percent.value, "8.0");
    CHECK_DECIMAL(v->nadir_change_percent.value, "20.0");
    CHECK_DECIMAL(t->criteria->visits[1].change_percent.value, "-10.0");
}
TEST(changes_are_told_from_baseline_and_nadir) {
    with_timeline((timeline){.lesions = ONE(0, 50) ONE(56, 45) ONE(112, 54), .check = nadir_is_45});
}

TEST(gone_small_and_reappearing) {
    CHECK_TEXT(target_of(ONE(0, 50) "56 L lung target soft ct absent - -\n"), "CR");
    CHECK_TEXT(target_of(ONE(0, 50) "56 L lung target soft ct too_small - -\n"), "PR");
    CHECK_DECIMAL(sum_at_last.value, "5");
    CHECK_TEXT(target_of(ONE(0, 50) "56 L lung target soft ct too_small 3 -\n"), "PR");
    CHECK_DECIMAL(sum_at_last.value, "3");
    CHECK_TEXT(target_of(ONE(0, 50) "56 L lung target soft ct absent - -\n" ONE(112, 5)), "PD");
    CHECK_TEXT(target_of(ONE(0, 50) "56 L lung target soft ct absent - -\n" ONE(112, 4.9)), "PR");
}

TEST(a_small_node_is_normal_and_stays_in_the_sum) {
    CHECK_TEXT(target_of(NODE(0, N, 20) NODE(56, N, 9.9)), "CR");
    CHECK_DECIMAL(sum_at_last.value, "9.9");
    CHECK_TEXT(target_of(NODE(0, N, 20) NODE(56, N, 10)), "PR");
    CHECK_TEXT(target_of(NODE(0, N, 20) ONE(0, 40) NODE(56, N, 9) "56 L lung target soft ct absent - -\n"), "CR");
    CHECK_TEXT(target_of(NODE(0, N, 20) ONE(0, 40) NODE(56, N, 9) "56 L lung target soft ct too_small - -\n"), "PR");
    /* Nodes that vary below 10 mm are normal, whatever the sum does. */
    CHECK_TEXT(target_of(NODE(0, N, 20) NODE(0, M, 20) NODE(56, N, 4) NODE(56, M, 4) NODE(112, N, 9) NODE(112, M, 9)),
               "CR");
}

TEST(shi_2021_patient_1_sums) {
    CHECK_TEXT(target_of(NODE(-3, N, 35) "-3 H liver target soft ct measured 46 -\n" NODE(
                   141, N, 5) "141 H liver target soft ct measured 7 -\n"),
               "PR");
    CHECK_DECIMAL(sum_at_last.value, "12");
}

TEST(a_missing_target_leaves_the_sum_unknown) {
    CHECK_TEXT(target_of(ONE(0, 50) NODE(0, N, 20) ONE(56, 20)), "NE");
    CHECK(!sum_at_last.present);
    CHECK_TEXT(target_of(ONE(0, 50) NODE(0, N, 20) ONE(56, 20) "56 N lymph_node target soft ct not_evaluable - -\n"),
               "NE");
    /* 70 mm at baseline: 84 mm in one lesion alone is progression, 83.9 mm is not. */
    CHECK_TEXT(target_of(ONE(0, 50) NODE(0, N, 20) ONE(56, 84)), "PD");
    CHECK_TEXT(target_of(ONE(0, 50) NODE(0, N, 20) ONE(56, 83.9)), "NE");
}

static void words_only(const timeline *t) {
    CHECK_TEXT(summary(t), "NE/-/none/NE/NE/NE/-");
    CHECK(has_rule(t->criteria->visits[1].reasons, t->criteria->visits[1].reason_count, "recist11.target.words"));
}
static void stated_pr(const timeline *t) {
    CHECK_TEXT(summary(t), "PR/-/none/PR/PR/PR/-");
    CHECK(has_rule(t->criteria->visits[1].reasons, t->criteria->visits[1].reason_count, "recist11.target.stated"));
}
static void stays_ne(const timeline *t) { CHECK_TEXT(summary(t), "NE/-/none/NE/NE/NE/-"); }
static void becomes_pd(const timeline *t) { CHECK_TEXT(summary(t), "PD/-/none/PD/PD/PD/-"); }
static void becomes_cr(const timeline *t) { CHECK_TEXT(summary(t), "CR/-/none/CR/CR/CR/-"); }
static void stays_sd(const timeline *t) { CHECK_TEXT(summary(t), "SD/-/none/SD/SD/SD/-"); }

#define WORDS "0 L lung target soft ct present - -\n56 L lung target soft ct present - smaller\n"

TEST(words_give_no_sum_but_a_statement_may_stand_in) {
    with_timeline((timeline){.lesions = WORDS, .check = words_only});
    with_timeline((timeline){.lesions = WORDS, .notes = "56 response PR", .check = stated_pr});
    with_timeline((timeline){.lesions = ONE(0, 50) "56 L lung target soft ct present - smaller\n",
                             .notes = "56 response PR",
                             .check = stated_pr});
    with_timeline((timeline){.lesions = WORDS, .notes = "30 response PR", .check = words_only});
    /* A stated progression may rest on new lesions: it is taken for the targets only when one is described as larger. */
    with_timeline((timeline){.lesions = WORDS, .notes = "56 response PD", .check = stays_ne});
    with_timeline(
        (timeline){.lesions = "0 L lung target soft ct present - -\n56 L lung target soft ct present - larger\n",
                   .notes = "56 response PD",
                   .check = becomes_pd});
    /* A size is never overruled by a statement; absence counts without any size. */
    with_timeline((timeline){.lesions = ONE(0, 50) ONE(56, 49), .notes = "56 response PR", .check = stays_sd});
    with_timeline((timeline){.lesions = "0 L lung target soft ct present - -\n56 L lung target soft ct absent - -\n",
                             .check = becomes_cr});
}

/* ---- measurability ---- */

static bool measurable_at_baseline;
static bool had_issue;
static const char *wanted_issue;
static void keep_measurable(const timeline *t) {
    measurable_at_baseline = t->criteria->measurable;
    had_issue = wanted_issue && has_issue(t, wanted_issue);
    sum_at_last = t->criteria->visits[0].sum_mm;
}
static bool measurable(const char *lesions, const char *issue) {
    wanted_issue = issue;
    with_timeline((timeline){.lesions = lesions, .check = keep_measurable});
    if (issue) CHECK(had_issue);
    return measurable_at_baseline;
}

TEST(ten_millimetres_is_measurable) {
    CHECK(measurable("0 L lung target soft ct measured 10 -", NULL));
    CHECK(!measurable("0 L lung target soft ct measured 9.9 -", "recist.not_measurable"));
    CHECK(!measurable("0 L lung target soft ct too_small - -", "recist.not_measurable"));
    CHECK(measurable("0 L lung target soft xray measured 20 -", NULL));
    CHECK(!measurable("0 L lung target soft xray measured 19.9 -", "recist.not_measurable"));
    CHECK(!measurable("0 L liver target soft ultrasound measured 40 -", "recist.not_measurable"));
}

TEST(a_node_is_measurable_from_fifteen) {
    CHECK(measurable("0 N lymph_node target soft ct measured 15 -", NULL));
    CHECK(!measurable("0 N lymph_node target soft ct measured 14.9 -", "recist.not_measurable"));
    CHECK(!measurable("0 N lymph_node target soft ct measured 10 -", "recist.not_measurable"));
    CHECK(!measurable("0 N lymph_node target soft ct measured 9.9 -", "recist.normal_node"));
}

TEST(thick_slices_need_twice_their_thickness) {
    CHECK(measurable("0 L lung target soft ct measured 10 - 5", NULL));
    CHECK(measurable("0 L lung target soft ct measured 16 - 8", NULL));
    CHECK(!measurable("0 L lung target soft ct measured 15.9 - 8", "recist.not_measurable"));
    CHECK(measurable("0 L lung target soft ct measured 10.02 - 5.01", NULL));
    CHECK(!measurable("0 L lung target soft ct measured 10.01 - 5.01", "recist.not_measurable"));
}

TEST(bone_is_measurable_by_its_soft_tissue_only) {
    CHECK(measurable("0 B bone target lytic ct measured 10 -", NULL));
    CHECK_DECIMAL(sum_at_last.value, "10");
    CHECK(measurable("0 B bone target mixed mri measured 30 -", NULL));
    CHECK(!measurable("0 B bone target lytic ct measured 9.9 -", "recist.not_measurable"));
    CHECK(!measurable("0 B bone target lytic ct present - -", "recist.not_measurable"));
    CHECK(!measurable("0 B bone target blastic ct measured 30 -", "recist.not_measurable"));
    CHECK(!measurable("0 B bone target lytic bone_scan measured 30 -", "recist.not_measurable"));
}

static void four_kept(const timeline *t) {
    CHECK_DECIMAL(t->criteria->visits[0].sum_mm.value, "190"); /* lung 60 + 50, liver 40, brain 40 */
    CHECK(has_issue(t, "recist.too_many_targets"));
}
static void five_kept(const timeline *t) {
    CHECK_DECIMAL(t->criteria->visits[0].sum_mm.value, "180");
    CHECK(has_issue(t, "recist.too_many_targets"));
}
static void nodes_are_one_organ(const timeline *t) { CHECK_DECIMAL(t->criteria->visits[0].sum_mm.value, "50"); }

TEST(five_targets_two_in_an_organ_the_largest) {
    with_timeline((timeline){.lesions =
                                 "0 A lung target soft ct measured 50 -\n0 B lung target soft ct measured 60 -\n"
                                 "0 C lung target soft ct measured 30 -\n0 D liver target soft ct measured 40 -\n"
                                 "0 E brain target soft ct measured 40 -\n",
                             .check = four_kept});
    with_timeline(
        (timeline){.lesions = "0 A lung target soft ct measured 50 -\n0 B liver target soft ct measured 40 -\n"
                              "0 C brain target soft ct measured 30 -\n0 D adrenal target soft ct measured 30 -\n"
                              "0 E pleura target soft ct measured 30 -\n0 F soft_tissue target soft ct measured 20 -\n",
                   .check = five_kept});
    with_timeline((timeline){.lesions = NODE(0, X, 30) NODE(0, Y, 20) NODE(0, Z, 18), .check = nodes_are_one_organ});
}

static void followed_as_nontarget(const timeline *t) { CHECK_TEXT(summary(t), "PR/PD/none/PD/PD/PD/-"); }
TEST(an_extra_target_is_followed_as_non_target) {
    with_timeline((timeline){.lesions =
                                 "0 A lung target soft ct measured 50 -\n0 B lung target soft ct measured 60 -\n"
                                 "0 C lung target soft ct measured 30 -\n56 A lung target soft ct measured 20 -\n"
                                 "56 B lung target soft ct measured 20 -\n56 C lung target soft ct progressed 60 -\n",
                             .check = followed_as_nontarget});
}

static void unmeasured_beside(const timeline *t) {
    CHECK(has_issue(t, "recist.no_baseline_size"));
    CHECK_TEXT(summary(t), "PR/non/none/PR/PR/PR/-");
}
TEST(a_target_without_baseline_size_is_followed_as_non_target) {
    with_timeline((timeline){.lesions = ONE(0, 50) "0 H liver target soft ct present - -\n" ONE(
                                 56, 20) "56 H liver target soft ct present - smaller\n",
                             .check = unmeasured_beside});
}

TEST_CASES(CASE(thirty_percent_smaller_is_partial_response),
           CASE(twenty_percent_and_five_millimetres_larger_is_progression), CASE(progression_is_counted_from_the_nadir),
           CASE(changes_are_told_from_baseline_and_nadir), CASE(gone_small_and_reappearing),
           CASE(a_small_node_is_normal_and_stays_in_the_sum), CASE(shi_2021_patient_1_sums),
           CASE(a_missing_target_leaves_the_sum_unknown), CASE(words_give_no_sum_but_a_statement_may_stand_in),
           CASE(ten_millimetres_is_measurable), CASE(a_node_is_measurable_from_fifteen),
           CASE(thick_slices_need_twice_their_thickness), CASE(bone_is_measurable_by_its_soft_tissue_only),
           CASE(five_targets_two_in_an_organ_the_largest), CASE(an_extra_target_is_followed_as_non_target),
           CASE(a_target_without_baseline_size_is_followed_as_non_target))
