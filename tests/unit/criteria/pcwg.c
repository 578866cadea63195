/* SPDX-License-Identifier: Apache-2.0 */
/* PCWG3: the 2+2 rule as its examples tell it, the numbers on both sides, and bone together with soft tissue. */
#include "timeline.h"

static char bone[256], both[256], reasons[2048];
static void join_words(const timeline *t, const char *id, char *out, size_t room) {
    size_t size = 0;
    out[0] = 0;
    for (size_t i = 1; i < t->criteria->visit_count; i++)
        size +=
            (size_t)snprintf(out + size, room - size, "%s%s", i > 1 ? " " : "", bfl_criterion_word(visit_of(t, id, i)));
}
static void keep(const timeline *t) {
    join_words(t, "pcwg3_bone", bone, sizeof bone);
    join_words(t, "pcwg3", both, sizeof both);
    size_t size = 0;
    reasons[0] = 0;
    for (size_t i = 1; i < t->criteria->visit_count; i++) {
        const bfl_criterion_visit *visit = visit_of(t, "pcwg3_bone", i);
        for (size_t k = 0; k < visit->reason_count; k++)
            size += (size_t)snprintf(reasons + size, sizeof reasons - size, "%s;", visit->reasons[k].rule->id);
    }
}
static const char *read_as(const char *lesions) {
    with_timeline((timeline){.lesions = lesions, .check = keep});
    return bone;
}

/* A scan on a day: the known lesion, and `n` new ones (P, Q, R, S, U in order of first appearance). */
#define OLD(day) #day " B bone - blastic bone_scan present - -\n"
#define F(day, id) #day " " #id " bone new blastic bone_scan present - -\n"
#define GONE(day, id) #day " " #id " bone new blastic bone_scan absent - -\n"

TEST(two_new_lesions_and_two_more_are_progression_at_the_first_scan) {
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(56, P) F(56, Q)), "PDu");
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(56, P) F(56, Q) OLD(112) F(112, R) F(112, S)), "PD PD");
    CHECK(strstr(reasons, "pcwg3.first.confirmed"));
}

TEST(two_new_lesions_without_two_more_were_flare) {
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(56, P) F(56, Q) OLD(112) F(112, R)), "non-PD non-PD");
    CHECK(strstr(reasons, "pcwg3.first.rebaseline"));
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(56, P) F(56, Q) OLD(112)), "non-PD non-PD");
}

TEST(the_first_scan_is_the_new_baseline) {
    /* One and one more since the first scan: two new on the third, to be confirmed by their persistence. */
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(56, P) F(56, Q) F(112, R) F(168, S)), "non-PD non-PD PDu");
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(56, P) F(56, Q) F(112, R) F(168, S) F(224, R) F(224, S)),
               "non-PD non-PD PD PD");
    /* One new on the first scan and one on the second are not two since the first. */
    CHECK_TEXT(read_as(OLD(0) F(56, P) F(112, Q) OLD(168)), "non-PD non-PD non-PD");
}

TEST(later_lesions_must_persist) {
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(112, P) F(112, Q)), "non-PD PDu");
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(112, P) F(112, Q) F(168, P) F(168, Q)), "non-PD PD PD");
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(112, P) F(112, Q) F(168, P) GONE(168, Q)), "non-PD non-PD non-PD");
    CHECK(strstr(reasons, "pcwg3.later.relabelled"));
    /* Another in its place: still two that the baseline did not show. */
    CHECK_TEXT(read_as(OLD(0) OLD(56) F(112, P) F(112, Q) F(168, P) GONE(168, Q) F(168, R)), "non-PD PD PD");
}

TEST(the_confirming_scan_comes_six_weeks_later) {
    CHECK_TEXT(read_as(OLD(0) F(56, P) F(56, Q) F(98, R) F(98, S)), "PD PD");
    CHECK_TEXT(read_as(OLD(0) F(56, P) F(56, Q) F(97, R) F(97, S)), "PDu PDu");
    CHECK_TEXT(read_as(OLD(0) F(56, P) F(56, Q) F(97, R) F(97, S) OLD(140)), "PD PD PD");
}

TEST(the_flare_window_ends_after_twelve_weeks) {
    CHECK_TEXT(read_as(OLD(0) F(84, P) F(84, Q) OLD(140)), "non-PD non-PD");
    CHECK_TEXT(read_as(OLD(0) F(85, P) F(85, Q) OLD(140)), "PD PD"); /* persistence is enough */
}

TEST(progression_in_bone_stays) {
    CHECK_TEXT(read_as(OLD(0) F(56, P) F(56, Q) F(112, R) F(112, S) GONE(168, P) GONE(168, Q) GONE(168, R)),
               "PD PD PD");
}

#define COUNTED(day, n) #day " skeleton bone - blastic bone_scan present - - - " #n "\n"
TEST(numbers_stand_for_lesions) {
    CHECK_TEXT(read_as(COUNTED(0, 5) COUNTED(56, 7) COUNTED(112, 9)), "PD PD");
    CHECK(strstr(reasons, "pcwg3.bone.count"));
    CHECK_TEXT(read_as(COUNTED(0, 5) COUNTED(56, 7) COUNTED(112, 8)), "non-PD non-PD");
    CHECK_TEXT(read_as(COUNTED(0, 5) COUNTED(56, 6)), "non-PD");
    CHECK_TEXT(read_as(OLD(0) "56 P bone new blastic bone_scan present - - - 2\n"), "PDu");
}

TEST(what_does_not_count) {
    CHECK_TEXT(read_as(OLD(0) "56 P bone - blastic bone_scan present - -\n56 Q bone - blastic bone_scan present - -\n"),
               "non-PD");
    CHECK_TEXT(read_as(OLD(0) OLD(56) "56 P bone new blastic bone_scan equivocal - -\n" F(56, Q)), "non-PD");
    CHECK_TEXT(read_as(OLD(0) OLD(56) "112 P bone new blastic ct present - -\n112 Q bone new blastic ct present - -\n"),
               "non-PD NE");
    CHECK(strstr(reasons, "pcwg3.bone.ne"));
    CHECK_TEXT(read_as("0 A lung target soft ct measured 50 -\n56 A lung target soft ct measured 50 -\n"), "-");
    CHECK_TEXT(both, "-");
}

TEST(ct_stands_in_for_a_bone_scan_and_says_so) {
    CHECK_TEXT(read_as("0 B bone - blastic ct present - -\n56 P bone new blastic ct present - -\n"
                       "56 Q bone new blastic ct present - -\n"),
               "PDu");
    CHECK(strstr(reasons, "pcwg3.bone.ct_only"));
    CHECK_TEXT(read_as(OLD(0) F(56, P)), "non-PD");
    CHECK(!strstr(reasons, "pcwg3.bone.ct_only"));
}

#define A(day, mm) #day " A lung target soft ct measured " #mm " -\n"
TEST(bone_and_soft_tissue_together) {
    (void)read_as(OLD(0) A(0, 50) OLD(56) A(56, 30) OLD(112) A(112, 35.5) OLD(168) A(168, 70));
    CHECK_TEXT(both, "PR SD PD");
    (void)read_as(OLD(0) A(0, 50) F(56, P) F(56, Q) A(56, 30));
    CHECK_TEXT(both, "PDu");
    (void)read_as(OLD(0) A(0, 50) F(56, P) F(56, Q) A(56, 30) F(112, R) F(112, S) A(112, 30));
    CHECK_TEXT(both, "PD PD");
    (void)read_as(OLD(0) A(0, 50) OLD(56) A(56, 50) A(112, 30));
    CHECK_TEXT(both, "SD NE");
    /* Complete response outside bone is complete only when no bone lesion is seen. */
    (void)read_as(OLD(0) A(0, 50) OLD(56) "56 A lung target soft ct absent - -\n" GONE(
        112, B) "112 A lung target soft ct absent - -\n");
    CHECK_TEXT(both, "PR CR");
    (void)read_as(OLD(0) OLD(56));
    CHECK_TEXT(both, "non-PD");
}

TEST_CASES(CASE(two_new_lesions_and_two_more_are_progression_at_the_first_scan),
           CASE(two_new_lesions_without_two_more_were_flare), CASE(the_first_scan_is_the_new_baseline),
           CASE(later_lesions_must_persist), CASE(the_confirming_scan_comes_six_weeks_later),
           CASE(the_flare_window_ends_after_twelve_weeks), CASE(progression_in_bone_stays),
           CASE(numbers_stand_for_lesions), CASE(what_does_not_count), CASE(ct_stands_in_for_a_bone_scan_and_says_so),
           CASE(bone_and_soft_tissue_together))
