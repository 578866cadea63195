/* SPDX-License-Identifier: Apache-2.0 */
#include "image/lung.h"
#include "image/body.h"
#include "image/phantom.h"

#include "test.h"

#include <math.h>

typedef struct trial {
    size_t wanted;
    uint32_t threads;
    /* results */
    size_t put, found, large, large_found, marks;
    float litres, randomness, upper, pleural, pleural_volume;
    bool at_pleura; /* only nodules within 10 mm of the border are put in */
    double sum;
} trial;

/* Nodules farther than 10 mm from the lungs' border are painted over, so that only those at the pleura are left. */
static void take_out_deep_ones(bfl_arena *arena, bfl_volume *v, const bfl_volume *clean, const bfl_lungs *lungs,
                               bfl_nodule *n, size_t *count) {
    enum { AROUND = 4 };
    bfl_shape *deep = bfl_shape_copy(arena, lungs->in);
    size_t kept = 0;
    bfl_shape_shrink(arena, 1, deep, 10);
    for (size_t i = 0; i < *count; i++) {
        if (!bfl_shape_at(deep, n[i].mm)) {
            n[kept++] = n[i];
            continue;
        }
        int32_t at[3], d[3];
        for (int a = 0; a < 3; a++) at[a] = (int32_t)lround((double)n[i].mm[a] / v->grid.spacing_mm[a]);
        for (d[2] = -AROUND; d[2] <= AROUND; d[2]++)
            for (d[1] = -AROUND; d[1] <= AROUND; d[1]++)
                for (d[0] = -AROUND; d[0] <= AROUND; d[0]++) {
                    const size_t voxel = bfl_grid_index(&v->grid, at[0] + d[0], at[1] + d[1], at[2] + d[2]);
                    if (voxel < bfl_grid_voxels(&v->grid)) v->hu[voxel] = clean->hu[voxel];
                }
    }
    *count = kept;
}

static bfl_status look(bfl_arena *arena, void *context, bfl_error *err) {
    trial *t = context;
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){240, 200, 60}, (double[3]){1.6, 1.6, 1.6}, (double[3]){0, 0, 0});
    (void)err;
    bfl_volume *v = bfl_body_phantom(arena, t->threads, 3, &grid);
    const bfl_lungs lungs = bfl_lungs_of(arena, t->threads, v);
    bfl_nodule *n = BFL_NEW_ARRAY(arena, t->wanted + 1, bfl_nodule);
    bfl_volume *clean = bfl_volume_new(arena, &grid);
    memcpy(clean->hu, v->hu, bfl_grid_voxels(&grid) * sizeof *v->hu);
    t->put = bfl_nodules_put(arena, v, &lungs, 1, t->wanted, n);
    if (t->at_pleura) take_out_deep_ones(arena, v, clean, &lungs, n, &t->put);
    bfl_phantom_noise(arena, v, 5, 15);
    const bfl_dots dots = bfl_dots_of(arena, t->threads, v, &lungs, 60);
    t->pleural = dots.pleural_share, t->pleural_volume = dots.pleural_volume;
    t->litres = dots.litres, t->marks = dots.count, t->randomness = dots.randomness, t->upper = dots.upper_share;
    for (size_t i = 0; i < t->put; i++) {
        bool hit = false;
        for (size_t d = 0; d < dots.count; d++)
            hit |= hypot(hypot((double)(dots.items[d].mm[0] - n[i].mm[0]), (double)(dots.items[d].mm[1] - n[i].mm[1])),
                         (double)(dots.items[d].mm[2] - n[i].mm[2])) < 2.5;
        t->found += hit, t->large += n[i].diameter_mm >= 5, t->large_found += n[i].diameter_mm >= 5 && hit;
    }
    for (size_t d = 0; d < dots.count; d++) {
        t->sum += (double)(dots.items[d].score * dots.items[d].mm[0]);
        if (d > 0) CHECK(dots.items[d - 1].score >= dots.items[d].score);
    }
    return BFL_OK;
}

static trial run_at(size_t wanted, uint32_t threads, bool at_pleura) {
    trial t = {.wanted = wanted, .threads = threads, .at_pleura = at_pleura};
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, look, &t, NULL), BFL_OK);
    bfl_arena_free(arena);
    printf("# %.2f litres, %zu nodules, %zu found, %zu marks, randomness %.2f\n", (double)t.litres, t.put, t.found,
           t.marks, (double)t.randomness);
    return t;
}

static trial run(size_t wanted, uint32_t threads) { return run_at(wanted, threads, false); }

TEST(nodules_along_the_pleura_are_told) {
    const trial anywhere = run(120, 2), outside = run_at(120, 2, true);
    printf("# at the pleura: %.2f and %.2f of the marks, %.2f of the lung\n", (double)anywhere.pleural,
           (double)outside.pleural, (double)anywhere.pleural_volume);
    CHECK(anywhere.pleural_volume > 0.1F && anywhere.pleural_volume < 0.8F);
    CHECK(fabsf(anywhere.pleural - anywhere.pleural_volume) < 0.25F);
    CHECK(outside.put > 8 && outside.put < anywhere.put);
    CHECK(outside.pleural > 0.85F && outside.pleural > anywhere.pleural + 0.2F);
}

TEST(nodules_are_found_and_vessels_are_not) {
    const trial t = run(60, 2);
    CHECK_INT(t.put, 60);
    CHECK(t.litres > 1 && t.litres < 3);
    CHECK(t.large_found * 10 >= t.large * 9);
    CHECK(t.marks < t.found + 10);
    CHECK(t.randomness > 0.8F && t.randomness < 1.2F); /* they were put in at random */
    CHECK(t.upper > 0.3F && t.upper < 0.7F);
    const trial none = run(0, 2);
    CHECK(none.marks < 10);
}

TEST(same_on_any_number_of_threads) {
    const trial one = run(20, 1), three = run(20, 3);
    CHECK_INT(one.marks, three.marks);
    CHECK(one.sum == three.sum && one.randomness == three.randomness);
}

static bfl_status no_lungs(bfl_arena *arena, void *context, bfl_error *err) {
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){40, 40, 40}, (double[3]){3, 3, 3}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &grid);
    (void)context, (void)err;
    for (size_t i = 0; i < bfl_grid_voxels(&grid); i++) v->hu[i] = 50;
    const bfl_lungs lungs = bfl_lungs_of(arena, 1, v);
    CHECK(!(lungs.litres > 0));
    const bfl_dots dots = bfl_dots_of(arena, 1, v, &lungs, 60);
    CHECK_INT(dots.count, 0);
    CHECK(!(dots.litres > 0));
    return BFL_OK;
}

TEST(nothing_where_there_are_no_lungs) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, no_lungs, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(nodules_along_the_pleura_are_told), CASE(nodules_are_found_and_vessels_are_not),
           CASE(same_on_any_number_of_threads), CASE(nothing_where_there_are_no_lungs))
