/* SPDX-License-Identifier: Apache-2.0 */
#include "image/pair.h"
#include "image/body.h"

#include "test.h"

#include <math.h>
#include <string.h>

typedef struct trial {
    bfl_pair_options options;
    uint32_t threads;
    double slice_mm; /* of the source */
    /* results */
    bool made_only;
    uint32_t sum;
    bfl_pair pair;
    bfl_status status;
    double off, moved;
} trial;

static bfl_volume *source_of(bfl_arena *arena, const trial *t) {
    const double mm = t->slice_mm > 0 ? t->slice_mm : 2;
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){96, 80, (int32_t)(120 / mm)}, (double[3]){4, 4, mm}, (double[3]){10, 20, 30});
    return bfl_body_phantom(arena, t->threads, t->options.lesions.seed, &grid);
}

static uint32_t sum_of(const bfl_volume *v) {
    uint32_t sum = 1;
    for (size_t i = 0; i < bfl_grid_voxels(&v->grid); i++) sum = sum * 31 + (uint32_t)(uint16_t)v->hu[i];
    return sum;
}

/* How far the transform is from the true motion at bone, and how far bone moved. */
static void compare_points(trial *t, const bfl_transform *found) {
    const bfl_grid *g = &t->pair.followup->grid;
    double error = 0, moved = 0;
    size_t n = 0;
    for (int32_t k = 2; k < g->size[2] - 2; k++)
        for (int32_t j = 0; j < g->size[1]; j++)
            for (int32_t i = 0; i < g->size[0]; i++) {
                if (t->pair.followup->hu[bfl_grid_index(g, i, j, k)] < 200) continue;
                const float at[3] = {(float)(i * g->spacing_mm[0]), (float)(j * g->spacing_mm[1]),
                                     (float)(k * g->spacing_mm[2])};
                float is[3], should[3];
                bfl_pair_point(&t->pair, at, should);
                bfl_transform_point(found, at, is);
                error += sqrt(pow((double)(is[0] - should[0]), 2) + pow((double)(is[1] - should[1]), 2) +
                              pow((double)(is[2] - should[2]), 2));
                moved += fabs((double)(should[0] - at[0])) + fabs((double)(should[2] - at[2]));
                n++;
            }
    t->off = n ? error / (double)n : 99;
    t->moved = n ? moved / (double)n : 0;
}

static bfl_status make(bfl_arena *arena, void *context, bfl_error *err) {
    trial *t = context;
    const bfl_volume *source = source_of(arena, t);
    t->status = bfl_pair_of(arena, t->threads, source, &t->options, &t->pair, err);
    if (t->status) return BFL_OK;
    t->sum = sum_of(t->pair.baseline) ^ sum_of(t->pair.followup);
    if (t->made_only) return BFL_OK;
    bfl_transform found;
    const bfl_register_options how = {.threads = t->threads};
    CHECK_INT(bfl_register(arena, t->pair.followup, t->pair.baseline, &how, &found, err), BFL_OK);
    compare_points(t, &found);
    return BFL_OK;
}

static void run(trial *t) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, make, t, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(a_known_motion_is_found) {
    trial t = {.threads = 2,
               .options = {.lesions = {.seed = 2, .wanted = 4}, .motion = {0, 3, 8, 2, 0.3F}, .noise_hu = {10, 10}}};
    run(&t);
    printf("# moved %.1f mm, error %.2f mm\n", t.moved, t.off);
    CHECK(t.moved > 3);
    CHECK(t.off < 0.7); /* a quarter of a voxel */
}

TEST(same_bytes_on_any_number_of_threads) {
    trial one = {
        .made_only = true,
        .threads = 1,
        .options = {
            .lesions = {.seed = 5, .wanted = 3}, .motion = {0, 3, 8, 2, 0.5F}, .noise_hu = {5, 9}, .blur_mm = {0, 1}}};
    trial three = one, other = one;
    three.threads = 3;
    other.options.lesions.seed = 6;
    run(&one);
    run(&three);
    run(&other);
    CHECK(one.sum == three.sum);
    CHECK(one.sum != other.sum);
}

TEST(slices_are_made_thicker_but_not_thinner) {
    trial t = {.threads = 2, .options = {.lesions = {.seed = 1, .wanted = 2}, .slice_mm = 6}};
    run(&t);
    CHECK_INT(t.status, BFL_OK);
    CHECK(fabsf(t.pair.fixed_offset_mm - 2) < 1e-4F);
    printf("# error %.2f mm\n", t.off);
    CHECK(t.off < 1.5);
    t.options.slice_mm = 5;
    run(&t);
    CHECK_INT(t.status, BFL_EINVAL);
    t.options.slice_mm = 1;
    run(&t);
    CHECK_INT(t.status, BFL_EINVAL);
    t.options.slice_mm = 40; /* three slices are left */
    run(&t);
    CHECK_INT(t.status, BFL_EINVAL);
}

/* ---- what was put in ---- */

typedef struct look {
    bfl_phantom_options options;
    size_t count, kinds[4];
    double apart, change[4], least_share; /* of what lies in bone */
} look;

/* How much of a lesion's ball is bone, voxel by voxel of the mask. */
static double share_of(const bfl_shape *bone, const bfl_insert *l) {
    size_t all = 0, in = 0, v = 0;
    for (int32_t k = 0; k < bone->size[2]; k++)
        for (int32_t j = 0; j < bone->size[1]; j++)
            for (int32_t i = 0; i < bone->size[0]; i++, v++) {
                const float x = (float)i * bone->spacing_mm - l->centre_mm[0],
                            y = (float)j * bone->spacing_mm - l->centre_mm[1],
                            z = (float)k * bone->spacing_mm - l->centre_mm[2];
                if (x * x + y * y + z * z > l->radius_mm * l->radius_mm) continue;
                all++;
                in += bone->in[v];
            }
    return (double)in / (double)all;
}

static bfl_status put_in(bfl_arena *arena, void *context, bfl_error *err) {
    look *l = context;
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){192, 160, 80}, (double[3]){2, 2, 2}, (double[3]){0, 0, 0});
    (void)err;
    const bfl_volume *body = bfl_body_phantom(arena, 2, 1, &grid);
    const bfl_phantom p = bfl_phantom_of(arena, 2, body, &l->options);
    l->count = p.count;
    l->apart = 1e9, l->least_share = 1;
    for (size_t n = 0; n < p.count; n++) {
        const bfl_insert *i = &p.items[n];
        l->kinds[i->kind]++;
        l->change[i->kind] += (double)i->mean_change_hu;
        CHECK(fabs(share_of(p.bone, i) - (double)i->share_in_bone) < 0.02);
        if (i->kind != BFL_INSERT_OUTGROWN) l->least_share = fmin(l->least_share, (double)i->share_in_bone);
        if (l->options.radius_mm > 0) CHECK(i->radius_mm == l->options.radius_mm);
        for (size_t m = 0; m < n; m++)
            l->apart = fmin(l->apart, hypot(hypot((double)(i->centre_mm[0] - p.items[m].centre_mm[0]),
                                                  (double)(i->centre_mm[1] - p.items[m].centre_mm[1])),
                                            (double)(i->centre_mm[2] - p.items[m].centre_mm[2])));
    }
    return BFL_OK;
}

static look put(bfl_phantom_options options) {
    look l = {.options = options};
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, put_in, &l, NULL), BFL_OK);
    bfl_arena_free(arena);
    return l;
}

TEST(kinds_sizes_and_contrasts_are_as_asked) {
    const look all = put((bfl_phantom_options){.seed = 1, .wanted = 14});
    CHECK_INT(all.count, 14);
    CHECK_INT(all.kinds[BFL_INSERT_DENSER], 6);
    CHECK_INT(all.kinds[BFL_INSERT_RIM], 2);
    CHECK(all.apart >= 28);
    CHECK(all.change[BFL_INSERT_DENSER] > 0 && all.change[BFL_INSERT_OUTGROWN] > 0 && all.change[BFL_INSERT_LYTIC] < 0);
    const look lytic = put((bfl_phantom_options){
        .seed = 1, .wanted = 5, .kinds = 1U << BFL_INSERT_LYTIC, .radius_mm = 6, .change_hu = 200});
    CHECK_INT(lytic.kinds[BFL_INSERT_LYTIC], lytic.count);
    CHECK(lytic.change[BFL_INSERT_LYTIC] < -100 * (double)lytic.count);
    CHECK_INT(put((bfl_phantom_options){.seed = 1, .wanted = 0}).count, 0);
    CHECK(put((bfl_phantom_options){.seed = 1, .wanted = 255}).count < 200); /* no more room */
}

TEST(what_lies_mostly_outside_bone_is_no_lesion) {
    const bfl_phantom_options usual = {.seed = 1, .wanted = 20};
    bfl_phantom_options anywhere = usual, nearly_all = usual;
    anywhere.least_in_bone = -1, anywhere.radius_mm = 10, nearly_all.least_in_bone = 0.9F;
    CHECK(put(usual).least_share >= 0.6);
    CHECK(put(anywhere).least_share < 0.5);
    CHECK(put(nearly_all).least_share >= 0.9);
}

TEST_CASES(CASE(a_known_motion_is_found), CASE(same_bytes_on_any_number_of_threads),
           CASE(slices_are_made_thicker_but_not_thinner), CASE(kinds_sizes_and_contrasts_are_as_asked),
           CASE(what_lies_mostly_outside_bone_is_no_lesion))
