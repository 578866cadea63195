/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "volume/volume.h"

static bfl_grid usual(void) {
    return bfl_grid_upright((int32_t[3]){512, 512, 250}, (double[3]){0.75, 0.75, 1.25}, (double[3]){-190, -200, -300});
}

TEST(index_and_millimetres) {
    bfl_grid g = usual();
    /* turned by 90 degrees about z and flipped along the body */
    memcpy(g.axis, (double[3][3]){{0, 1, 0}, {-1, 0, 0}, {0, 0, -1}}, sizeof g.axis);
    double mm[3], index[3];
    bfl_grid_to_mm(&g, (double[3]){10, 20, 30}, mm);
    CHECK_NEAR(mm[0], -190 - 20 * 0.75, 1e-12);
    CHECK_NEAR(mm[1], -200 + 10 * 0.75, 1e-12);
    CHECK_NEAR(mm[2], -300 - 30 * 1.25, 1e-12);
    bfl_grid_to_index(&g, mm, index);
    CHECK_NEAR(index[0], 10, 1e-9);
    CHECK_NEAR(index[1], 20, 1e-9);
    CHECK_NEAR(index[2], 30, 1e-9);
    CHECK_NEAR(bfl_grid_voxel_mm3(&g), 0.703125, 1e-12);
}

static bfl_status status_of(bfl_grid g, size_t most, const char *says) {
    bfl_error err = {.status = BFL_OK};
    bfl_status status = bfl_grid_check(&g, most, "x.nii", &err);
    if (says) CHECK(strstr(err.message, says) != NULL);
    return status;
}

TEST(hostile_grids_are_refused) {
    bfl_grid g = usual();
    const size_t most = (size_t)1 << 28;
    CHECK_INT(status_of(g, most, NULL), BFL_OK);
    CHECK_INT(status_of(g, 1000, "more than 1000 voxels"), BFL_ELIMIT);
    g.size[1] = 0;
    CHECK_INT(status_of(g, most, "size along axis 2 is 0"), BFL_EPARSE);
    g.size[1] = 65536;
    CHECK_INT(status_of(g, most, "size along axis 2 is 65536"), BFL_EPARSE);
    for (int a = 0; a < 3; a++) g.size[a] = 65535;
    CHECK_INT(status_of(g, SIZE_MAX, NULL), BFL_OK);
    CHECK_INT(status_of(g, most, "voxels"), BFL_ELIMIT);
    g = usual();
    g.spacing_mm[2] = 0;
    CHECK_INT(status_of(g, most, "spacing along axis 3"), BFL_EPARSE);
    g.spacing_mm[2] = (double)NAN;
    CHECK_INT(status_of(g, most, "spacing along axis 3"), BFL_EPARSE);
    g = usual();
    g.origin_mm[0] = (double)INFINITY;
    CHECK_INT(status_of(g, most, "origin"), BFL_EPARSE);
    g = usual();
    g.axis[0][0] = 2;
    CHECK_INT(status_of(g, most, "axis 1 is no unit vector"), BFL_EPARSE);
    g = usual();
    memcpy(g.axis[2], (double[3]){0, 0.6, 0.8}, sizeof g.axis[2]);
    CHECK_INT(status_of(g, most, "axes 2 and 3 are not orthogonal"), BFL_ENOTSUP);
}

static bfl_status body_same(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_grid g = usual(), other = usual();
    CHECK(bfl_grid_same(&g, &other));
    other.origin_mm[2] += 0.5;
    CHECK(!bfl_grid_same(&g, &other));
    g.size[0] = 4, g.size[1] = 3, g.size[2] = 2;
    bfl_volume *v = bfl_volume_new(arena, &g);
    for (size_t i = 0; i < 24; i++) CHECK_INT(v->hu[i], BFL_HU_NONE);
    bfl_mask *m = bfl_mask_new(arena, &g);
    CHECK_INT(bfl_mask_count(m), 0);
    m->in[bfl_grid_index(&g, 3, 2, 1)] = 7;
    CHECK_INT(m->in[23], 7);
    CHECK_INT(bfl_mask_count(m), 1);
    return BFL_OK;
}

TEST(new_volumes_hold_nothing) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_same, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(index_and_millimetres), CASE(hostile_grids_are_refused), CASE(new_volumes_hold_nothing))
