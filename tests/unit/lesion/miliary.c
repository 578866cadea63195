/* SPDX-License-Identifier: Apache-2.0 */
/* Where a miliary pattern begins and ends: at each limit it still is one, a little beyond it is none. */
#include "lesion/lesion.h"

#include "test.h"

static bool miliary(double per_litre, double randomness, double upper_share) {
    bfl_rulebook *rules = NULL;
    CHECK_INT(bfl_rulebook_open(bfl_text_of(""), &rules, NULL), BFL_OK);
    const bfl_ct_lungs lungs = {
        .litres = 2, .per_litre = per_litre, .randomness = randomness, .upper_share = upper_share};
    const bool found = bfl_lesion_miliary(rules, &lungs);
    bfl_rulebook_free(rules);
    return found;
}

TEST(the_limits_belong_to_the_pattern) {
    CHECK(miliary(10, 0.8, 0.33));
    CHECK(miliary(10, 1.2, 0.67));
    CHECK(miliary(400, 1, 0.5));
}

TEST(beyond_any_limit_there_is_none) {
    CHECK(!miliary(9.9, 1, 0.5));
    CHECK(!miliary(20, 0.79, 0.5));
    CHECK(!miliary(20, 1.21, 0.5));
    CHECK(!miliary(20, 1, 0.32));
    CHECK(!miliary(20, 1, 0.68));
}

TEST_CASES(CASE(the_limits_belong_to_the_pattern), CASE(beyond_any_limit_there_is_none))
