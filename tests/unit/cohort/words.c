/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the enumerations, and what is said of values that are none. */
#include "test.h"

#include "cohort/cohort.h"

#include <string.h>

TEST(every_value_has_its_word) {
    CHECK(strcmp(bfl_flare_call_word(BFL_FLARE_CONFIRMED), "confirmed") == 0);
    CHECK(strcmp(bfl_flare_call_word(BFL_FLARE_UNDETERMINED), "undetermined") == 0);
    CHECK(strcmp(bfl_course_group_word(BFL_COURSE_BENEFIT), "benefit") == 0);
    CHECK(strcmp(bfl_cohort_endpoint_word(BFL_COHORT_TTP), "ttp") == 0);
    CHECK(strcmp(bfl_flare_cause_word(BFL_CAUSE_DEATH), "death") == 0);
}

TEST(a_value_that_is_none_is_never_a_wild_pointer) {
    CHECK(strcmp(bfl_flare_call_word((bfl_flare_call)99), "none") == 0);
    CHECK(strcmp(bfl_course_group_word((bfl_course_group)99), "not evaluable") == 0);
    CHECK(strcmp(bfl_cohort_endpoint_word((bfl_cohort_endpoint)99), "pfs") == 0);
    CHECK(strcmp(bfl_flare_cause_word((bfl_flare_cause)99), "") == 0);
}

TEST_CASES(CASE(every_value_has_its_word), CASE(a_value_that_is_none_is_never_a_wild_pointer))
