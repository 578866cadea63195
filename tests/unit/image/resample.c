/* SPDX-License-Identifier: Apache-2.0 */
#include "image/image.h"
#include "test.h"

static bfl_volume *ramp(bfl_arena *arena, const double step[3]) {
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){40, 30, 20}, (double[3]){1, 1.5, 2.5}, (double[3]){5, 6, 7});
    bfl_volume *v = bfl_volume_new(arena, &grid);
    size_t at = 0;
    for (int k = 0; k < 20; k++)
        for (int j = 0; j < 30; j++)
            for (int i = 0; i < 40; i++)
                v->hu[at++] = (int16_t)lround(step[0] * i + step[1] * 1.5 * j + step[2] * 2.5 * k);
    return v;
}

static bfl_status body_ramp(bfl_arena *arena, void *context, bfl_error *err) {
    const double step[3] = {4, -8, 2};
    (void)context;
    (void)err;
    const bfl_volume *source = ramp(arena, step);
    size_t used = bfl_arena_used(arena);
    const bfl_image *image = bfl_image_of_volume(arena, 2, source, 2, 1.2F);
    CHECK(bfl_arena_used(arena) - used < 50000); /* scratch was given back */
    CHECK_INT(image->size[0], 20);
    CHECK_INT(image->size[1], 22);
    CHECK_INT(image->size[2], 24);
    for (int k = 3; k < 20; k++)
        for (int j = 3; j < 18; j++)
            for (int i = 3; i < 16; i++)
                CHECK_NEAR((double)image->value[bfl_image_index(image, i, j, k)],
                           step[0] * 2 * i + step[1] * 2 * j + step[2] * 2 * k, 1.0);
    const bfl_image *coarse = bfl_image_coarser(arena, 1, image, 4, 2);
    CHECK_INT(coarse->size[0], 10);
    CHECK_NEAR((double)coarse->value[bfl_image_index(coarse, 5, 5, 5)], 4 * 20 - 8 * 20 + 2 * 20, 1.0);
    return BFL_OK;
}

/* One bright voxel in zeros: what comes out is the Gaussian itself, and its mass is kept. */
static bfl_status body_impulse(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){41, 41, 41}, (double[3]){1, 1, 1}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &grid);
    for (size_t i = 0; i < bfl_grid_voxels(&grid); i++) v->hu[i] = 0;
    v->hu[bfl_grid_index(&grid, 20, 20, 20)] = 3000;
    const bfl_image *image = bfl_image_of_volume(arena, 1, v, 1, 2);
    double mass = 0, spread = 0;
    for (int k = 0; k < 41; k++)
        for (int j = 0; j < 41; j++)
            for (int i = 0; i < 41; i++) {
                const double value = (double)image->value[bfl_image_index(image, i, j, k)];
                mass += value;
                spread += value * (i - 20) * (i - 20);
            }
    CHECK_NEAR(mass, 3000, 1);
    CHECK_NEAR(sqrt(spread / mass), 2, 0.1);
    return BFL_OK;
}

static bfl_status body_air(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){3, 1, 1}, (double[3]){1, 1, 1}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &grid); /* nothing measured */
    CHECK_NEAR((double)bfl_image_of_volume(arena, 1, v, 1, 1)->value[0], BFL_HU_LOWEST, 1e-3);
    v->hu[0] = v->hu[1] = v->hu[2] = 20000;
    CHECK_NEAR((double)bfl_image_of_volume(arena, 1, v, 1, 1)->value[1], BFL_HU_HIGHEST, 1e-2);
    return BFL_OK;
}

/* A box at a corner, one inside and one of a single sample: bit by bit what the whole has there. */
static bfl_status body_box(bfl_arena *arena, void *context, bfl_error *err) {
    const bfl_box boxes[] = {{{0, 0, 0}, {5, 40, 3}}, {{3, 17, 9}, {20, 21, 11}}, {{18, 21, 22}, {1, 1, 1}}};
    (void)context;
    (void)err;
    bfl_volume *source = ramp(arena, (double[3]){4, -8, 2});
    for (size_t v = 0; v < bfl_grid_voxels(&source->grid); v += 7) source->hu[v] = (int16_t)(v * 31 % 900);
    const bfl_image *whole = bfl_image_of_volume(arena, 2, source, 1.3F, 0.9F);
    const bfl_box all = bfl_image_samples(source, 1.3F);
    for (int a = 0; a < 3; a++) CHECK_INT(all.size[a], whole->size[a]);
    for (size_t b = 0; b < sizeof boxes / sizeof *boxes; b++) {
        bfl_box box = boxes[b];
        for (int a = 0; a < 3; a++)
            if (box.low[a] + box.size[a] > all.size[a]) box.size[a] = all.size[a] - box.low[a];
        const bfl_image *part = bfl_image_of_box(arena, 1, source, 1.3F, 0.9F, &box);
        for (int a = 0; a < 3; a++) CHECK_INT(part->size[a], box.size[a]);
        int different = 0;
        for (int k = 0; k < box.size[2]; k++)
            for (int j = 0; j < box.size[1]; j++)
                for (int i = 0; i < box.size[0]; i++) {
                    const size_t there = bfl_image_index(whole, box.low[0] + i, box.low[1] + j, box.low[2] + k);
                    different += memcmp(&part->value[bfl_image_index(part, i, j, k)], &whole->value[there], 4) != 0;
                }
        CHECK_INT(different, 0);
    }
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(a_ramp_stays_a_ramp) { run(body_ramp); }
TEST(an_impulse_becomes_a_gaussian) { run(body_impulse); }
TEST(a_box_is_as_the_whole_there) { run(body_box); }
TEST(padding_is_air_and_metal_is_clamped) { run(body_air); }

TEST_CASES(CASE(a_ramp_stays_a_ramp), CASE(an_impulse_becomes_a_gaussian), CASE(a_box_is_as_the_whole_there),
           CASE(padding_is_air_and_metal_is_clamped))
