/* SPDX-License-Identifier: Apache-2.0 */
#include "image/transform.h"
#include "test.h"

static const float EXTENT[3] = {200, 160, 120};

static bfl_transform identity(void) { return (bfl_transform){.rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1}}; }

TEST(rigid) {
    bfl_transform t = {.rotation = {0, -1, 0, 1, 0, 0, 0, 0, 1}, .shift_mm = {5, 0, -2}, .centre_mm = {10, 10, 0}};
    float to[3];
    bfl_transform_point(&t, (float[3]){20, 10, 3}, to); /* 10 mm beside the centre, turned by 90 degrees */
    CHECK_NEAR((double)to[0], 15, 1e-5);
    CHECK_NEAR((double)to[1], 20, 1e-5);
    CHECK_NEAR((double)to[2], 1, 1e-5);
    CHECK_NEAR((double)bfl_transform_jacobian(&t, (float[3]){50, 50, 50}), 1, 1e-4);
}

/* Coefficients that are linear in place give a spline that is linear: a stretch by 10 % along x. */
static bfl_status body_stretch(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_transform t = identity();
    bfl_spline_lattice(arena, &t, EXTENT, 24);
    for (size_t k = 0; k < bfl_spline_knots(&t); k++) {
        const float x = t.first_mm[0] + (float)(k % (size_t)t.knots[0]) * t.knot_mm;
        t.coefficient[k] = (bfl_float4){0.1F * x, 0, 0, 0};
    }
    for (int i = 0; i <= 10; i++) {
        const float at[3] = {20.0F * (float)i, 15.0F * (float)i, 11.0F * (float)i};
        float to[3];
        bfl_transform_point(&t, at, to);
        CHECK_NEAR((double)to[0], 1.1 * (double)at[0], 1e-3);
        CHECK_NEAR((double)to[2], (double)at[2], 1e-4);
        if (i > 0 && i < 10) CHECK_NEAR((double)bfl_transform_jacobian(&t, at), 1.1, 1e-3);
    }
    return BFL_OK;
}

static bfl_status body_follow(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_transform coarse = identity(), fine = identity();
    coarse.shift_mm[1] = 3;
    bfl_spline_lattice(arena, &coarse, EXTENT, 40);
    bfl_spline_lattice(arena, &fine, EXTENT, 24);
    for (size_t k = 0; k < bfl_spline_knots(&coarse); k++)
        coarse.coefficient[k] = (bfl_float4){3 * sinf((float)k / 7), 4 * cosf((float)k / 11), (float)(k % 3), 0};
    bfl_spline_follow(arena, &fine, &coarse);
    double worst = 0;
    for (int x = 30; x < 170; x += 7)
        for (int y = 30; y < 130; y += 7) {
            float a[3], b[3];
            bfl_transform_point(&coarse, (float[3]){(float)x, (float)y, 60}, a);
            bfl_transform_point(&fine, (float[3]){(float)x, (float)y, 60}, b);
            for (int i = 0; i < 3; i++) worst = fmax(worst, fabs((double)(a[i] - b[i])));
        }
    CHECK(worst < 0.6); /* of up to 4 mm, wild between knots */
    CHECK(worst > 0);
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(spline_stretch) { run(body_stretch); }
TEST(a_finer_lattice_follows_the_coarse_one) { run(body_follow); }

TEST_CASES(CASE(rigid), CASE(spline_stretch), CASE(a_finer_lattice_follows_the_coarse_one))
