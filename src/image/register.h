/* SPDX-License-Identifier: Apache-2.0 */
/* Images of floats, the way from one frame to another, registration, warping. The frames: image/image.h. */
#ifndef BFL_IMAGE_REGISTER_H
#define BFL_IMAGE_REGISTER_H

#include "base/base.h"
#include "volume/volume.h"

/* Four floats that the compiler keeps in one register: x, y, z and one more. GCC's vector extension works on any machine and
 * gives the same results on all of them. */
typedef float bfl_float4 __attribute__((vector_size(16)));

/* ---- images of floats (resample.c) ---- */

typedef struct bfl_image {
    int32_t size[3];
    float spacing_mm[3]; /* the first voxel is at 0 of the frame */
    float *value;
} bfl_image;

static inline size_t bfl_image_index(const bfl_image *image, int32_t i, int32_t j, int32_t k) {
    return ((size_t)k * (size_t)image->size[1] + (size_t)j) * (size_t)image->size[0] + (size_t)i;
}
static inline size_t bfl_image_voxels(const bfl_image *image) {
    return (size_t)image->size[0] * (size_t)image->size[1] * (size_t)image->size[2];
}

/* The volume smoothed with a Gaussian of sigma_mm and sampled every spacing_mm in all three directions. BFL_HU_NONE counts as
 * air. Where the volume is coarser than sigma, the Gaussian is widened to 0.35 of its spacing: it interpolates. */
bfl_image *bfl_image_of_volume(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, float spacing_mm,
                               float sigma_mm) __attribute__((returns_nonnull));
/* Only the samples of a box, which has one at least: the same values as in the whole, but the image's frame begins at its corner. */
typedef struct bfl_box {
    int32_t low[3], size[3];
} bfl_box;
bfl_image *bfl_image_of_box(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, float spacing_mm,
                            float sigma_mm, const bfl_box *box) __attribute__((returns_nonnull));
/* All samples of a volume. */
bfl_box bfl_image_samples(const bfl_volume *volume, float spacing_mm);
bfl_image *bfl_image_coarser(bfl_arena *arena, uint32_t threads, const bfl_image *image, float spacing_mm,
                             float sigma_mm) __attribute__((returns_nonnull));

/* ---- the way from the fixed frame to the moving one (transform.c) ---- */

/* How far from stiff a spline moved bone, before it was held: at places 6 mm apart, the mean distance of the connected bone within
 * 20 mm from its best stiff motion. */
typedef struct bfl_stiffness {
    float largest_mm, p95_mm;
    float held; /* share of the places where the stiff motion was taken, in part or whole */
} bfl_stiffness;

/* moving = R (fixed - centre) + centre + shift + (1 - w(fixed)) spline(fixed) + local(fixed); w is the fourth part of `local`. */
typedef struct bfl_transform {
    float rotation[9]; /* row by row */
    float shift_mm[3];
    float centre_mm[3];
    int32_t knots[3];  /* of the cubic B-spline; 0: rigid only */
    float knot_mm;     /* between knots */
    float first_mm[3]; /* where knot (0,0,0) lies in the fixed frame */
    bfl_float4 *coefficient;
    /* What single bones move beyond that (w = 0) or instead (w = 1), on a lattice that starts at 0, trilinear; NULL: nothing. */
    int32_t local_size[3];
    float local_mm; /* between its points */
    bfl_float4 *local;
    bfl_stiffness stiffness; /* of bone under the spline; 0: not looked at */
} bfl_transform;

void bfl_transform_point(const bfl_transform *transform, const float fixed_mm[3], float moving_mm[3]);
/* Determinant of the derivative at a point: local volume of the moving image over that of the fixed one. */
float bfl_transform_jacobian(const bfl_transform *transform, const float fixed_mm[3]);

/* ---- as bytes (kept.c) ---- */

/* For the same machine and version. */
bfl_text bfl_transform_bytes(bfl_arena *arena, const bfl_transform *transform);
/* False unless they are a whole transform: sizes that agree with each other, numbers that are finite. Lives in `arena`. */
bool bfl_transform_of_bytes(bfl_arena *arena, bfl_text bytes, bfl_transform *out);

/* ---- registration (register.c) ---- */

/* How well two images lie on each other, measured after warping. */
typedef struct bfl_fit {
    float overlap;       /* share of the fixed image's bone that lies inside the moving image */
    float bone_ncc;      /* normalised cross-correlation in bone; changed bone lowers it too */
    float near_ncc;      /* the same in bone and two voxels around it in the slice: mostly a matter of lying right */
    float bone_dice;     /* of the voxels over 200 HU */
    float bone_error_hu; /* mean absolute difference in bone */
    size_t bone_voxels;
} bfl_fit;

typedef struct bfl_register_options {
    uint32_t threads; /* 0 = processors */
    bool rigid_only;
    bool bend_bone; /* leave the spline as it is: for measuring what the guard does */
} bfl_register_options;

/* Finds the transform by the bones: translation by search, then rigid, then a cubic B-spline, from coarse to fine.
 * BFL_ENOTFOUND when either volume shows too little bone to go by, or no position has enough of it in common. */
BFL_MUST_USE bfl_status bfl_register(bfl_arena *arena, const bfl_volume *fixed, const bfl_volume *moving,
                                     const bfl_register_options *options, bfl_transform *out, bfl_error *err);

/* ---- warping and fit (warp.c) ---- */

/* The moving volume on the grid of the fixed one, trilinear; BFL_HU_NONE outside. */
bfl_volume *bfl_warp(bfl_arena *arena, uint32_t threads, const bfl_volume *fixed, const bfl_volume *moving,
                     const bfl_transform *transform) __attribute__((returns_nonnull));
/* The same on any grid, whose corner is the origin of the fixed frame. Sharp: by cubic convolution (Keys), for making test images.
 * Labels: the nearest voxel. */
typedef enum bfl_warp_how { BFL_WARP_LINEAR, BFL_WARP_SHARP, BFL_WARP_LABELS } bfl_warp_how;
bfl_volume *bfl_warp_onto(bfl_arena *arena, uint32_t threads, const bfl_grid *grid, const bfl_volume *moving,
                          const bfl_transform *transform, bfl_warp_how how) __attribute__((returns_nonnull));
/* The fixed volume blurred as much as interpolation blurred the warped one, voxel by voxel, so that the two can be subtracted
 * (variance matching: Tanaka 2020 and ours). */
bfl_volume *bfl_match_blur(bfl_arena *arena, uint32_t threads, const bfl_volume *fixed, const bfl_volume *moving,
                           const bfl_transform *transform) __attribute__((returns_nonnull));
bfl_fit bfl_fit_of(bfl_arena *arena, uint32_t threads, const bfl_volume *fixed, const bfl_volume *warped);

#endif
