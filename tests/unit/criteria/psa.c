/* SPDX-License-Identifier: Apache-2.0 */
/* PSA by PCWG3: every limit from both sides. */
#include "timeline.h"

static char words[128];
static void keep(const timeline *t) {
    size_t size = 0;
    words[0] = 0;
    for (size_t i = 1; i < t->criteria->visit_count; i++)
        size += (size_t)snprintf(words + size, sizeof words - size, "%s%s", i > 1 ? " " : "",
                                 bfl_criterion_word(visit_of(t, "psa_pcwg3", i)));
}
static const char *read_as(const char *labs) {
    with_timeline(
        (timeline){.lesions = "0 A lung target soft ct measured 50 -\n200 A lung target soft ct measured 50 -\n",
                   .labs = labs,
                   .check = keep});
    return words;
}
#define PSA(day, value) #day " PSA " #value " ng/mL 0 4\n"

TEST(fifty_per_cent_down_twice) {
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 10) PSA(51, 10)), "response");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 10) PSA(50, 10)), "neither");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 10.1) PSA(51, 10)), "neither");
}

TEST(twenty_five_per_cent_and_two_up_twice) {
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 10) PSA(60, 12.5) PSA(81, 12.5)), "progression");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 10) PSA(60, 12.5) PSA(80, 12.5)), "PDu");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 11) PSA(60, 13.7) PSA(81, 13.7)), "neither");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 4) PSA(60, 6) PSA(81, 6)), "progression");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 4) PSA(60, 5.9) PSA(81, 5.9)), "response");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 4) PSA(60, 6) PSA(81, 4)), "response"); /* not confirmed */
}

TEST(an_early_rise_without_a_decline_is_ignored) {
    CHECK_TEXT(read_as(PSA(0, 20) PSA(30, 40) PSA(60, 22)), "neither");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(83, 40)), "neither");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(84, 40)), "PDu");
}

TEST(what_is_missing) {
    CHECK_TEXT(read_as(PSA(30, 10) PSA(51, 10)), "-");
    CHECK_TEXT(read_as(PSA(0, 20)), "-");
    CHECK_TEXT(read_as(PSA(0, 20) PSA(201, 10)), "NE"); /* not known yet at the visit */
}

TEST_CASES(CASE(fifty_per_cent_down_twice), CASE(twenty_five_per_cent_and_two_up_twice),
           CASE(an_early_rise_without_a_decline_is_ignored), CASE(what_is_missing))
