/* SPDX-License-Identifier: Apache-2.0 */
#include "image/skeleton.h"

#include "bones.h"

static bfl_status body_bones(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){140, 112, 60}, (double[3]){1.5, 1.5, 2.5}, (double[3]){0, 0, 0});
    bfl_volume *v = bones_volume(arena, grid, NULL);
    /* a table under the patient, as dense as bone, and a wire on the skin: neither is bone */
    for (int32_t k = 0; k < 60; k++)
        for (int32_t i = 10; i < 130; i++) v->hu[bfl_grid_index(&grid, i, 110, k)] = 700;
    for (int32_t i = 40; i < 60; i++) v->hu[bfl_grid_index(&grid, i, 8, 30)] = 2000;
    const bfl_skeleton s = bfl_skeleton_of(arena, 2, v, 1.5F);
    CHECK_NEAR((double)s.threshold_hu, 120, 1e-3);
    size_t both = 0, truth = 0, found = 0, table = 0;
    for (int32_t k = 0; k < s.bone->size[2]; k++)
        for (int32_t j = 0; j < s.bone->size[1]; j++)
            for (int32_t i = 0; i < s.bone->size[0]; i++) {
                const size_t at =
                    ((size_t)k * (size_t)s.bone->size[1] + (size_t)j) * (size_t)s.bone->size[0] + (size_t)i;
                const bool bone = bones_hu((double[3]){i * 1.5, j * 1.5, k * 1.5}) > 150;
                truth += bone;
                found += s.bone->in[at];
                both += bone && s.bone->in[at];
                table += j >= 108 && s.bone->in[at];
            }
    CHECK(2.0 * (double)both / (double)(truth + found) > 0.85);
    CHECK((double)both / (double)truth > 0.95);
    CHECK_INT(table, 0);
    printf("# Dice %.3f\n", 2.0 * (double)both / (double)(truth + found));
    return BFL_OK;
}

TEST(finds_bone_and_no_table) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_bones, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(finds_bone_and_no_table))
