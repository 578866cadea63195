/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "volume/volume.h"

static bfl_status make(bfl_arena *arena, void *context, bfl_error *err) {
    bfl_scan *scan = BFL_NEW(arena, bfl_scan);
    (void)err;
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){2, 2, 2}, (double[3]){1, 1, 1}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &grid);
    v->hu[7] = 41;
    *scan = (bfl_scan){.arena = arena, .volume = v, .holders = BFL_NEW(arena, atomic_uint)};
    *(bfl_scan **)context = scan;
    return BFL_OK;
}

/* Under the sanitizers a scan that goes too early, twice or never is seen. */
TEST(a_held_scan_outlives_its_reader) {
    bfl_scan *scan = NULL;
    CHECK_INT(bfl_arena_build(make, &scan, NULL), BFL_OK);
    bfl_scan_hold(scan);
    bfl_scan_hold(scan);
    bfl_scan_release(scan);
    bfl_scan_free(scan);
    CHECK_INT(scan->volume->hu[7], 41);
    CHECK_INT(atomic_load(scan->holders), 0);
    bfl_scan_release(scan);
    bfl_scan_release(NULL);
    bfl_scan_free(NULL);
}

TEST_CASES(CASE(a_held_scan_outlives_its_reader))
