/* SPDX-License-Identifier: Apache-2.0 */
#include "bones.h"

static bfl_transform shifted(float x, float y, float z) {
    return (bfl_transform){.rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1}, .shift_mm = {x, y, z}};
}

static bfl_status body_identity(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid g = bfl_grid_upright((int32_t[3]){50, 41, 30}, (double[3]){4, 4, 5}, (double[3]){0, 0, 0});
    const bfl_volume *v = bones_volume(arena, g, NULL);
    const bfl_transform none = shifted(0, 0, 0);
    const size_t bytes = bfl_grid_voxels(&g) * sizeof *v->hu;
    CHECK(memcmp(bfl_warp(arena, 2, v, v, &none)->hu, v->hu, bytes) == 0);
    CHECK(memcmp(bfl_match_blur(arena, 2, v, v, &none)->hu, v->hu, bytes) == 0);
    const bfl_fit fit = bfl_fit_of(arena, 1, v, v);
    CHECK_NEAR((double)fit.bone_dice, 1, 1e-6);
    CHECK_NEAR((double)fit.bone_ncc, 1, 1e-6);
    CHECK_NEAR((double)fit.overlap, 1, 1e-6);
    CHECK_NEAR((double)fit.bone_error_hu, 0, 1e-6);
    return BFL_OK;
}

static bfl_status body_shift(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid g = bfl_grid_upright((int32_t[3]){10, 10, 10}, (double[3]){1, 1, 2}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &g);
    for (size_t i = 0; i < 1000; i++) v->hu[i] = (int16_t)(i % 10 * 100 + i / 100 * 10);
    v->hu[bfl_grid_index(&g, 5, 5, 5)] = BFL_HU_NONE;
    const bfl_transform half = shifted(0.5F, 0, 1); /* half a voxel along x, half a slice along z */
    const bfl_volume *w = bfl_warp(arena, 1, v, v, &half);
    CHECK_NEAR(w->hu[bfl_grid_index(&g, 2, 3, 4)], 250 + 45, 1);
    CHECK_INT(w->hu[bfl_grid_index(&g, 9, 3, 4)], BFL_HU_NONE); /* beyond the edge */
    CHECK_INT(w->hu[bfl_grid_index(&g, 2, 3, 9)], BFL_HU_NONE);
    CHECK_INT(w->hu[bfl_grid_index(&g, 4, 5, 4)], BFL_HU_NONE); /* beside a voxel without a value */
    CHECK_NEAR(w->hu[bfl_grid_index(&g, 4, 4, 4)], 450 + 45, 1);
    return BFL_OK;
}

/* Half-way between two voxels interpolation halves the variance of independent noise; the matched image is blurred by a
 * kernel of the same second moment, (w, 1 - 2w, w) with w = 1/8. */
static bfl_status body_variance(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid g = bfl_grid_upright((int32_t[3]){60, 60, 12}, (double[3]){1, 1, 1}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &g);
    uint32_t seed = 1;
    for (size_t i = 0; i < bfl_grid_voxels(&g); i++) {
        seed = seed * 1664525U + 1013904223U;
        v->hu[i] = (int16_t)(seed >> 16 & 1023U);
    }
    const bfl_transform half = shifted(0.5F, 0, 0);
    const bfl_volume *w = bfl_warp(arena, 1, v, v, &half), *b = bfl_match_blur(arena, 1, v, v, &half);
    double sum[3] = {0}, square[3] = {0}, variance[3];
    size_t n = 0;
    for (int32_t k = 1; k < 11; k++)
        for (int32_t j = 1; j < 59; j++)
            for (int32_t i = 1; i < 58; i++, n++) {
                const size_t at = bfl_grid_index(&g, i, j, k);
                const double values[3] = {v->hu[at], w->hu[at], b->hu[at]};
                for (int s = 0; s < 3; s++) sum[s] += values[s], square[s] += values[s] * values[s];
            }
    for (int s = 0; s < 3; s++) variance[s] = square[s] / (double)n - sum[s] / (double)n * (sum[s] / (double)n);
    CHECK_NEAR(variance[1] / variance[0], 0.5, 0.03);
    CHECK_NEAR(variance[2] / variance[0], 0.75 * 0.75 + 2.0 / 64, 0.04);
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(nothing_moved) { run(body_identity); }
TEST(half_a_voxel) { run(body_shift); }
TEST(blur_is_matched) { run(body_variance); }

TEST_CASES(CASE(nothing_moved), CASE(half_a_voxel), CASE(blur_is_matched))
