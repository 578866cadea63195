/* SPDX-License-Identifier: Apache-2.0 */
#include "image/noisy.h"

#include "image/body.h"
#include "image/phantom.h"
#include "test.h"

static const bfl_grid *chest(void) {
    static bfl_grid grid;
    grid = bfl_grid_upright((int32_t[3]){160, 126, 40}, (double[3]){2.4, 2.4, 2.5}, (double[3]){0, 0, 0});
    return &grid;
}

static bfl_volume *shifted(bfl_arena *arena, const bfl_volume *v, float along_mm) {
    const bfl_transform t = {.rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1}, .shift_mm = {0, 0, along_mm}};
    return bfl_warp(arena, 2, v, v, &t);
}

static bfl_status body_noise(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_volume *v = bfl_body_phantom(arena, 2, 5, chest());
    CHECK(bfl_noise_of(v) < 3);
    bfl_phantom_noise(arena, v, 8, 40);
    CHECK_NEAR((double)bfl_noise_of(v), 35, 8); /* neighbours are correlated: over 5 voxels somewhat less */
    for (size_t at = 0; at < bfl_grid_voxels(&v->grid); at++) v->hu[at] = -1000;
    CHECK((double)bfl_noise_of(v) < 0.1);
    return BFL_OK;
}

/* With as much noise as a lung kernel has at a low dose, each scan its own: bones that lie right pass, others do not. */
static bfl_status body_fit(bfl_arena *arena, void *context, bfl_error *err) {
    static const float OFF_MM[] = {5, 10, 24}; /* 24: by a vertebra */
    (void)context;
    (void)err;
    bfl_volume *fixed = bfl_body_phantom(arena, 2, 5, chest()), *moving = bfl_body_phantom(arena, 2, 5, chest());
    bfl_phantom_noise(arena, fixed, 8, 120);
    bfl_phantom_noise(arena, moving, 9, 120);
    const bfl_noisy_fit right = bfl_noisy_fit_of(arena, 2, fixed, moving);
    printf("# plain %.3f, without the noise %.3f, noise %.0f and %.0f HU; of all that is dense %.3f\n",
           (double)right.plain_ncc, (double)right.ncc, (double)right.noise_hu[0], (double)right.noise_hu[1],
           (double)bfl_fit_of(arena, 1, fixed, moving).near_ncc);
    CHECK((double)bfl_fit_of(arena, 1, fixed, moving).near_ncc < 0.75);
    CHECK((double)right.ncc > 0.8 && right.ncc > right.plain_ncc && right.ncc <= 1);
    for (size_t n = 0; n < sizeof OFF_MM / sizeof *OFF_MM; n++) {
        const bfl_noisy_fit wrong = bfl_noisy_fit_of(arena, 2, fixed, shifted(arena, moving, OFF_MM[n]));
        printf("# %.0f mm off: %.3f\n", (double)OFF_MM[n], (double)wrong.ncc);
        CHECK((double)wrong.ncc < 0.6);
    }
    return BFL_OK;
}

/* Noise alone does not become a correlation, and without bone there is none. */
static bfl_status body_nothing(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_volume *fixed = bfl_volume_new(arena, chest()), *moving = bfl_volume_new(arena, chest());
    for (size_t at = 0; at < bfl_grid_voxels(&fixed->grid); at++) fixed->hu[at] = moving->hu[at] = 45;
    CHECK_NEAR((double)bfl_noisy_fit_of(arena, 2, fixed, moving).ncc, 0, 1e-6);
    bfl_volume *bones = bfl_body_phantom(arena, 2, 5, chest());
    bfl_phantom_noise(arena, moving, 9, 300);
    CHECK((double)bfl_noisy_fit_of(arena, 2, bones, moving).ncc < 0.2);
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(noise_is_measured_in_muscle) { run(body_noise); }
TEST(bones_that_lie_right_pass_in_noise) { run(body_fit); }
TEST(noise_is_no_correlation) { run(body_nothing); }

TEST_CASES(CASE(noise_is_measured_in_muscle), CASE(bones_that_lie_right_pass_in_noise), CASE(noise_is_no_correlation))
