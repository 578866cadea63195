/* SPDX-License-Identifier: Apache-2.0 */
/* Where a miliary pattern begins and ends: at each limit it still is one, a little beyond it is none. */
#include "lesion/lesion.h"

#include "image/body.h"
#include "image/lung.h"
#include "image/phantom.h"
#include "lesion/output.h"

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

/* Nodules in the lungs of the baseline (0) or of the follow-up (1) alone. */
static bfl_status body_one_date(bfl_arena *arena, void *context, bfl_error *err) {
    const int with = *(const int *)context;
    enum { NODULES = 120 };
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){240, 200, 60}, (double[3]){1.6, 1.6, 1.6}, (double[3]){0, 0, 0});
    bfl_rulebook *rules = NULL;
    bfl_volume *scans[2];
    (void)err;
    CHECK_INT(bfl_rulebook_open(bfl_text_of(""), &rules, NULL), BFL_OK);
    for (int i = 0; i < 2; i++) scans[i] = bfl_body_phantom(arena, 2, 3, &grid);
    const bfl_lungs lungs = bfl_lungs_of(arena, 2, scans[with]);
    bfl_nodule *nodules = BFL_NEW_ARRAY(arena, NODULES, bfl_nodule);
    CHECK_INT(bfl_nodules_put(arena, scans[with], &lungs, 1, NODULES, nodules), NODULES);
    for (int i = 0; i < 2; i++) bfl_phantom_noise(arena, scans[i], (uint64_t)(5 + i), 15);
    bfl_ct ct = {.arena = arena, .rulebook = rules, .moving = scans[0], .fixed = scans[1]};
    bfl_lesion_look_at_lungs(arena, &ct, 2);
    const bfl_ct_lungs *there = bfl_ct_lungs_of(&ct, with == 1), *clean = bfl_ct_lungs_of(&ct, with == 0);
    printf("# with nodules %.1f a litre, spread %.2f; without %.1f a litre\n", there->per_litre, there->randomness,
           clean->per_litre);
    CHECK(there->miliary && there->per_litre >= 20);
    CHECK(!clean->miliary && clean->per_litre < 5 && clean->litres > 1);
    bfl_buf text = {.arena = arena};
    bfl_lesion_lungs_text(&text, &ct);
    const char *said = strstr(bfl_buf_z(&text), with ? "follow-up: " : "baseline: ");
    CHECK(said && strstr(said, "a MILIARY PATTERN"));
    said = strstr(bfl_buf_z(&text), "MILIARY");
    CHECK(said && !strstr(said + 1, "MILIARY"));
    bfl_rulebook_free(rules);
    return BFL_OK;
}

/* Of two dates each is told alone: a pattern that is gone, and one that came. */
TEST(a_pattern_at_one_date_is_told_of_that_date) {
    for (int with = 0; with < 2; with++) {
        bfl_arena *arena = bfl_arena_new();
        CHECK_INT(bfl_arena_run(arena, body_one_date, &with, NULL), BFL_OK);
        bfl_arena_free(arena);
    }
}

TEST_CASES(CASE(a_pattern_at_one_date_is_told_of_that_date), CASE(the_limits_belong_to_the_pattern),
           CASE(beyond_any_limit_there_is_none))
