/* SPDX-License-Identifier: Apache-2.0 */
#include "bones.h"

static bfl_grid grid_of(int32_t x, int32_t y, int32_t z, double mm, double slice_mm) {
    return bfl_grid_upright((int32_t[3]){x, y, z}, (double[3]){mm, mm, slice_mm}, (double[3]){0, 0, 0});
}

/* The follow-up lies turned by 3 degrees and shifted, and the chest is bent by up to 4 mm. */
static void bent(const double f[3], double m[3]) {
    const double c = cos(0.05), s = sin(0.05), x = f[0] - 100, y = f[1] - 80, z = f[2] - 75;
    const double moved[3] = {c * x - s * y + 100 + 9 + 4 * sin(z / 45), s * x + c * y + 80 - 6 + 3 * cos(x / 60),
                             z + 75 + 5 + 2 * sin(y / 50)};
    memcpy(m, moved, sizeof moved);
}

typedef struct trial {
    uint32_t threads;
    bfl_transform transform;
    bfl_fit before, after;
    double mean_mm, worst_mm;
    size_t points;
} trial;

/* Distance between where the transform puts a bony place and where it truly lies. */
static void measure(trial *t, const bfl_volume *fixed) {
    size_t at = 0;
    const bfl_grid *g = &fixed->grid;
    for (int32_t k = 0; k < g->size[2]; k++)
        for (int32_t j = 0; j < g->size[1]; j++)
            for (int32_t i = 0; i < g->size[0]; i++, at++) {
                if (fixed->hu[at] < 250 || at % 7) continue;
                const double mm[3] = {i * g->spacing_mm[0], j * g->spacing_mm[1], k * g->spacing_mm[2]};
                double truth[3];
                float found[3];
                bent(mm, truth);
                bfl_transform_point(&t->transform, (float[3]){(float)mm[0], (float)mm[1], (float)mm[2]}, found);
                double away = 0;
                for (int a = 0; a < 3; a++) away += (truth[a] - (double)found[a]) * (truth[a] - (double)found[a]);
                away = sqrt(away);
                t->mean_mm += away;
                t->worst_mm = fmax(t->worst_mm, away);
                t->points++;
            }
    t->mean_mm /= (double)t->points;
}

static bfl_status body_bent(bfl_arena *arena, void *context, bfl_error *err) {
    trial *t = context;
    const bfl_volume *fixed = bones_volume(arena, grid_of(134, 107, 76, 1.5, 2), bent);
    const bfl_volume *moving = bones_volume(arena, grid_of(150, 120, 85, 1.4, 1.9), NULL);
    const bfl_register_options options = {.threads = t->threads};
    bfl_status status = bfl_register(arena, fixed, moving, &options, &t->transform, err);
    if (status) return status;
    const bfl_transform none = {.rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    t->before = bfl_fit_of(arena, 1, fixed, bfl_warp(arena, t->threads, fixed, moving, &none));
    t->after = bfl_fit_of(arena, 1, fixed, bfl_warp(arena, t->threads, fixed, moving, &t->transform));
    measure(t, fixed);
    t->transform.coefficient = t->transform.local = NULL; /* the arena goes */
    return BFL_OK;
}

static trial run(uint32_t threads) {
    trial t = {.threads = threads};
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_bent, &t, NULL), BFL_OK);
    bfl_arena_free(arena);
    return t;
}

TEST(finds_a_known_deformation) {
    trial t = run(2);
    CHECK(t.points > 2000);
    CHECK(t.mean_mm < 0.4);
    CHECK(t.worst_mm < 2);
    CHECK((double)t.before.bone_dice < 0.5);
    CHECK((double)t.after.bone_dice > 0.95);
    CHECK((double)t.after.bone_ncc > 0.85);
    CHECK((double)t.after.overlap > 0.9);
    printf("# mean %.3f mm, worst %.3f mm, Dice %.3f, NCC %.3f\n", t.mean_mm, t.worst_mm, (double)t.after.bone_dice,
           (double)t.after.bone_ncc);
}

TEST(same_at_any_number_of_threads) {
    trial one = run(1), three = run(3);
    CHECK(memcmp(&one.after, &three.after, sizeof one.after) == 0);
    CHECK(memcmp(one.transform.rotation, three.transform.rotation, sizeof one.transform.rotation) == 0);
    CHECK(one.mean_mm >= three.mean_mm && one.mean_mm <= three.mean_mm);
}

/* New bone of 9 mm radius at the front of a vertebra and beyond it; the bones themselves lie as before. */
static void grow(bfl_volume *v) {
    size_t at = 0;
    for (int32_t k = 0; k < v->grid.size[2]; k++)
        for (int32_t j = 0; j < v->grid.size[1]; j++)
            for (int32_t i = 0; i < v->grid.size[0]; i++, at++) {
                const double d[3] = {i * v->grid.spacing_mm[0] - 100, j * v->grid.spacing_mm[1] - 112,
                                     k * v->grid.spacing_mm[2] - 75};
                const double inside = 9 - sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
                v->hu[at] = (int16_t)fmax(v->hu[at], bones_edge(inside, -1000, 800));
            }
}

static bfl_status body_grown(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    bfl_volume *fixed = bones_volume(arena, grid_of(134, 107, 76, 1.5, 2), NULL);
    const bfl_volume *moving = bones_volume(arena, grid_of(150, 120, 85, 1.4, 1.9), NULL);
    grow(fixed);
    const bfl_register_options options = {.threads = 2};
    bfl_transform t;
    bfl_status status = bfl_register(arena, fixed, moving, &options, &t, err);
    if (status) return status;
    double worst = 0, volume = 0;
    for (int axis = 0; axis < 6; axis++) {
        float mm[3] = {100, 112, 75}, to[3];
        double away = 0;
        mm[axis / 2] += axis % 2 ? 9 : -9;
        bfl_transform_point(&t, mm, to);
        for (int a = 0; a < 3; a++) away += (double)((to[a] - mm[a]) * (to[a] - mm[a]));
        worst = fmax(worst, sqrt(away));
        volume = fmax(volume, fabs((double)bfl_transform_jacobian(&t, mm) - 1));
    }
    printf("# the border of what grew moved by %.2f mm, volume by %.2f; bent by %.2f mm at most\n", worst, volume,
           (double)t.stiffness.largest_mm);
    CHECK(worst < 0.7);
    CHECK(volume < 0.1);
    CHECK((double)t.stiffness.largest_mm > 0 && (double)t.stiffness.largest_mm < 1);
    CHECK(t.stiffness.p95_mm <= t.stiffness.largest_mm);
    CHECK(t.local != NULL);
    return BFL_OK;
}

TEST(new_bone_is_not_moved_away) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_grown, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

static bfl_status body_nothing(bfl_arena *arena, void *context, bfl_error *err) {
    const bfl_grid grid = grid_of(60, 60, 40, 3, 3);
    bfl_volume *air = bfl_volume_new(arena, &grid);
    for (size_t v = 0; v < bfl_grid_voxels(&grid); v++) air->hu[v] = -1000;
    const bfl_volume *body = bones_volume(arena, grid_of(67, 54, 50, 3, 3), NULL);
    const bfl_register_options options = {.threads = 1};
    bfl_transform t;
    return *(bool *)context ? bfl_register(arena, body, air, &options, &t, err)
                            : bfl_register(arena, air, body, &options, &t, err);
}

TEST(too_little_bone_is_said) {
    for (int air_is_baseline = 0; air_is_baseline < 2; air_is_baseline++) {
        bool context = air_is_baseline;
        bfl_error err = {.status = BFL_OK};
        bfl_arena *arena = bfl_arena_new();
        CHECK_INT(bfl_arena_run(arena, body_nothing, &context, &err), BFL_ENOTFOUND);
        CHECK(strstr(err.message, "bone") != NULL);
        bfl_arena_free(arena);
    }
}

TEST_CASES(CASE(finds_a_known_deformation), CASE(same_at_any_number_of_threads), CASE(too_little_bone_is_said),
           CASE(new_bone_is_not_moved_away))
