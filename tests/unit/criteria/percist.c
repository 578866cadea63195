/* SPDX-License-Identifier: Apache-2.0 */
/* PERCIST 1.0: both limits from both sides, new lesions, and what a PET without numbers cannot say. */
#include "timeline.h"

static char words[128];
static bool says_suv;
static void keep(const timeline *t) {
    size_t size = 0;
    words[0] = 0;
    says_suv = false;
    for (size_t i = 1; i < t->criteria->visit_count; i++) {
        const bfl_criterion_visit *visit = visit_of(t, "percist10", i);
        size +=
            (size_t)snprintf(words + size, sizeof words - size, "%s%s", i > 1 ? " " : "", bfl_criterion_word(visit));
        says_suv |= has_rule(visit->reasons, visit->reason_count, "percist10.suv");
    }
}
static const char *read_as(const char *lesions) {
    with_timeline((timeline){.lesions = lesions, .check = keep});
    return words;
}

#define PET(day, id, suv) #day " " #id " lung - soft fdg_pet present - - - - " #suv "\n"
#define GONE(day, id) #day " " #id " lung - soft fdg_pet absent - -\n"

TEST(thirty_per_cent_and_eight_tenths) {
    CHECK_TEXT(read_as(PET(0, A, 10) PET(56, A, 7)), "PMR");
    CHECK(says_suv);
    CHECK_TEXT(read_as(PET(0, A, 10) PET(56, A, 7.01)), "SMD");
    CHECK_TEXT(read_as(PET(0, A, 10) PET(56, A, 13)), "PMD");
    CHECK_TEXT(read_as(PET(0, A, 10) PET(56, A, 12.99)), "SMD");
    CHECK_TEXT(read_as(PET(0, A, 2) PET(56, A, 1.2)), "PMR");
    CHECK_TEXT(read_as(PET(0, A, 2) PET(56, A, 1.21)), "SMD");
    CHECK_TEXT(read_as(PET(0, A, 2) PET(56, A, 2.8)), "PMD");
    CHECK_TEXT(read_as(PET(0, A, 2) PET(56, A, 2.79)), "SMD");
}

TEST(the_hottest_lesion_need_not_be_the_same) {
    CHECK_TEXT(read_as(PET(0, A, 10) PET(0, B, 6) PET(56, A, 4) PET(56, B, 8)), "SMD");
    CHECK_TEXT(read_as(PET(0, A, 10) PET(0, B, 6) PET(56, A, 4) PET(56, B, 6)), "PMR");
}

TEST(complete_response_needs_every_lesion_looked_at) {
    CHECK_TEXT(read_as(PET(0, A, 10) PET(0, B, 6) GONE(56, A) GONE(56, B)), "CMR");
    CHECK_TEXT(read_as(PET(0, A, 10) PET(0, B, 6) GONE(56, A)), "NE");
    CHECK_TEXT(read_as(PET(0, A, 10) PET(0, B, 6) GONE(56, A) PET(56, B, 3)), "PMR");
}

TEST(a_new_lesion_with_uptake_is_progression) {
    CHECK_TEXT(read_as(PET(0, A, 10) PET(56, A, 4) "56 N liver new soft fdg_pet present - -\n"), "PMD");
    CHECK_TEXT(read_as(PET(0, A, 10) PET(56, A, 4) "56 N liver new soft fdg_pet equivocal - -\n"), "PMR");
}

TEST(without_numbers_there_is_no_reading) {
    CHECK_TEXT(read_as("0 A lung - soft fdg_pet present - -\n" PET(56, A, 4)), "-");
    CHECK_TEXT(read_as(PET(0, A, 10) "56 A lung - soft fdg_pet present - -\n"), "NE");
    CHECK_TEXT(read_as(PET(0, A, 10) "56 A lung - soft ct present - -\n" PET(112, A, 4)), "NE PMR");
    CHECK_TEXT(read_as(PET(0, A, 10) "56 A lung - soft ct present - -\n"), "-");
}

TEST_CASES(CASE(thirty_per_cent_and_eight_tenths), CASE(the_hottest_lesion_need_not_be_the_same),
           CASE(complete_response_needs_every_lesion_looked_at), CASE(a_new_lesion_with_uptake_is_progression),
           CASE(without_numbers_there_is_no_reading))
