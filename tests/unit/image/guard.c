/* SPDX-License-Identifier: Apache-2.0 */
#include "image/guard.h"
#include "bones.h"
#include "image/body.h"
#include "image/pair.h"
#include "image/transform.h"

/* A plate of bone, 60 x 60 x 12 mm, in an image of 3 mm voxels. */
static bfl_banded *plate(bfl_arena *arena) {
    bfl_banded *b = BFL_NEW(arena, bfl_banded);
    for (int a = 0; a < 3; a++) b->size[a] = 40;
    b->spacing_mm = 3;
    b->value = BFL_NEW_ARRAY(arena, 40 * 40 * 40, int16_t);
    for (int32_t k = 18; k < 22; k++)
        for (int32_t j = 10; j < 30; j++)
            for (int32_t i = 10; i < 30; i++) b->value[(k * 40 + j) * 40 + i] = 400 * BFL_BANDED_PER_HU;
    return b;
}

typedef void (*displacement)(const float mm[3], float out[3]);

/* A spline that moves its knots as told. */
static bfl_transform moved_by(bfl_arena *arena, displacement by) {
    const float extent[3] = {117, 117, 117};
    bfl_transform t = {.rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1}, .centre_mm = {58.5F, 58.5F, 58.5F}};
    bfl_spline_lattice(arena, &t, extent, 8);
    bfl_transform_local(arena, &t, extent, bfl_guard_spacing(3));
    size_t at = 0;
    for (int32_t k = 0; k < t.knots[2]; k++)
        for (int32_t j = 0; j < t.knots[1]; j++)
            for (int32_t i = 0; i < t.knots[0]; i++, at++) {
                const float mm[3] = {t.first_mm[0] + (float)i * 8, t.first_mm[1] + (float)j * 8,
                                     t.first_mm[2] + (float)k * 8};
                float out[3];
                by(mm, out);
                t.coefficient[at] = (bfl_float4){out[0], out[1], out[2], 0};
            }
    return t;
}

/* The whole turns by 0.03 and shifts: stiff. */
static void turn(const float mm[3], float out[3]) {
    out[0] = 2 - 0.03F * (mm[1] - 60);
    out[1] = 0.03F * (mm[0] - 60);
    out[2] = -1;
}

/* Also everything within about 15 mm of (60, 60, 60) shrinks to it, as when a lesion that grew is moved onto the small one. */
static void shrink(const float mm[3], float out[3]) {
    float d[3], square = 0;
    for (int a = 0; a < 3; a++) d[a] = mm[a] - 60, square += d[a] * d[a];
    turn(mm, out);
    for (int a = 0; a < 3; a++) out[a] -= 0.45F * d[a] * expf(-square / (2 * 10 * 10));
}

static float away(const float a[3], const float b[3]) {
    return sqrtf((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

/* Largest distance from the turn, and farthest local change of volume, in the plate around the middle. */
typedef struct bent {
    float mm, volume;
} bent;

static bent how_bent(const bfl_transform *t) {
    bent b = {0, 0};
    for (int i = -5; i <= 5; i++)
        for (int j = -5; j <= 5; j++) {
            const float mm[3] = {60 + (float)i * 2, 60 + (float)j * 2, 60};
            float to[3], stiff[3];
            bfl_transform_point(t, mm, to);
            turn(mm, stiff);
            for (int a = 0; a < 3; a++) stiff[a] += mm[a];
            b.mm = fmaxf(b.mm, away(to, stiff));
            b.volume = fmaxf(b.volume, fabsf(bfl_transform_jacobian(t, mm) - 1));
        }
    return b;
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_banded *bone = plate(arena);
    bfl_transform stiff = moved_by(arena, turn), shrunk = moved_by(arena, shrink);
    bfl_stiffness found = bfl_guard_hold(arena, 2, bone, &stiff);
    CHECK((double)found.largest_mm <= 0.05);
    CHECK((double)found.held <= 0);
    CHECK((double)how_bent(&stiff).mm < 0.02);

    const bent before = how_bent(&shrunk);
    found = bfl_guard_hold(arena, 2, bone, &shrunk);
    const bent after = how_bent(&shrunk);
    CHECK((double)found.largest_mm > 0.8);
    CHECK((double)found.held > 0.1 && (double)found.held < 0.9);
    CHECK((double)before.mm > 1.5 && (double)before.volume > 0.5);
    CHECK((double)after.mm < 0.6 * (double)before.mm);
    CHECK((double)after.volume < 0.6 * (double)before.volume);
    printf("# bent by %.2f mm and %.2f of its volume, held to %.2f mm and %.2f\n", (double)before.mm,
           (double)before.volume, (double)after.mm, (double)after.volume);
    return BFL_OK;
}

TEST(what_shrinks_within_bone_is_held) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

/* One lesion that expands bone, and how much of what it added is still there after registration. */
typedef struct growth {
    uint64_t seed;
    float radius_mm;
    double left[2];  /* share of the new bone that the moved baseline does not show: spline left as it is, held */
    float volume[2]; /* local volume of the registration at its middle */
} growth;

static double left_over(const bfl_pair *pair, const bfl_volume *warped) {
    const size_t voxels = bfl_grid_voxels(&pair->truth->grid);
    size_t new = 0, left = 0;
    for (size_t v = 0; v < voxels; v++) {
        if (pair->truth->in[v] != 1) continue;
        new ++;
        left += pair->followup->hu[v] - warped->hu[v] > 60;
    }
    return new ? (double)left / (double)new : 0;
}

static bfl_status grow(bfl_arena *arena, void *context, bfl_error *err) {
    growth *g = context;
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){192, 160, 60}, (double[3]){2, 2, 2}, (double[3]){-192, -160, -60});
    const bfl_volume *source = bfl_body_phantom(arena, 2, g->seed, &grid);
    const bfl_pair_options how = {
        .lesions = {.seed = g->seed, .wanted = 1, .kinds = 1U << BFL_INSERT_OUTGROWN, .radius_mm = g->radius_mm},
        .motion = {.turn_degrees = 2, .shift_mm = 6, .bend_mm = 1.5F},
        .noise_hu = {12, 12}};
    bfl_pair pair;
    bfl_status status = bfl_pair_of(arena, 2, source, &how, &pair, err);
    for (int held = 0; held < 2 && !status; held++) {
        const bfl_register_options options = {.threads = 2, .bend_bone = held == 0};
        bfl_transform t;
        status = bfl_register(arena, pair.followup, pair.baseline, &options, &t, err);
        if (status) break;
        g->left[held] = left_over(&pair, bfl_warp(arena, 2, pair.followup, pair.baseline, &t));
        g->volume[held] = bfl_transform_jacobian(&t, pair.items[0].centre_mm);
    }
    return status;
}

/* Bone that grew beyond its contour is not registered away, small or large; the guard takes none of it either. */
TEST(expanded_bone_stays_to_be_seen) {
    static const struct {
        uint64_t seed;
        float radius_mm;
    } CASES[] = {{3, 6}, {4, 14}};
    for (size_t n = 0; n < sizeof CASES / sizeof *CASES; n++) {
        growth g = {.seed = CASES[n].seed, .radius_mm = CASES[n].radius_mm};
        bfl_arena *arena = bfl_arena_new();
        CHECK_INT(bfl_arena_run(arena, grow, &g, NULL), BFL_OK);
        bfl_arena_free(arena);
        printf("# radius %.0f mm: %.3f of the new bone left, %.3f when held; local volume %.3f, %.3f\n",
               (double)g.radius_mm, g.left[0], g.left[1], (double)g.volume[0], (double)g.volume[1]);
        CHECK(g.left[1] > 0.85); /* the blurred edge of a small one is under 60 HU */
        CHECK(g.left[1] > g.left[0] - 0.02);
        CHECK_NEAR((double)g.volume[1], 1, 0.15);
    }
}

TEST_CASES(CASE(what_shrinks_within_bone_is_held), CASE(expanded_bone_stays_to_be_seen))
