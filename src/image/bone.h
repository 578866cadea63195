/* SPDX-License-Identifier: Apache-2.0 */
/* What registration looks at: points at and around bone of the fixed image, and the moving image with its gradient. */
#ifndef BFL_IMAGE_BONE_H
#define BFL_IMAGE_BONE_H

#include "image/register.h"

/* CT numbers between which differences count: air and metal would pull harder than bone. */
typedef struct bfl_band {
    float lowest, highest;
} bfl_band;

typedef struct bfl_bone_point {
    float mm[3]; /* fixed frame */
    float value; /* within the band */
} bfl_bone_point;

typedef struct bfl_bone_points {
    bfl_bone_point *items;
    size_t count;
} bfl_bone_points;

/* An image within a band, in fractions of an HU: a quarter of the memory of values and gradients as floats. Noise is a thousand
 * times as large as what is rounded off. */
enum { BFL_BANDED_PER_HU = 32 };
typedef struct bfl_banded {
    int32_t size[3];
    float spacing_mm;
    int16_t *value;
} bfl_banded;

bfl_banded *bfl_banded_of(bfl_arena *arena, uint32_t threads, const bfl_image *image, bfl_band band)
    __attribute__((returns_nonnull));

/* Points of the image with a voxel over `threshold` in their 3 x 3 x 3 surroundings and inside the body: bone and the soft
 * tissue next to it, which tells where bone ends. `body` is an image of its own, over 0 inside. */
bfl_bone_points bfl_bone_points_of(bfl_arena *arena, uint32_t threads, const bfl_banded *image, const bfl_image *body,
                                   float threshold, bfl_band band);

/* 1 inside the largest connected thing denser than air and table padding, 0 outside. */
bfl_image *bfl_body_of(bfl_arena *arena, const bfl_image *image) __attribute__((returns_nonnull));

/* An image whose voxels hold value and gradient together, as whole numbers of `unit`. */
typedef int16_t bfl_short4 __attribute__((vector_size(8)));
typedef struct bfl_slopes {
    int32_t size[3];
    float spacing_mm;
    bfl_float4 unit; /* HU, and HU per mm */
    bfl_short4 *at;
} bfl_slopes;

bfl_slopes bfl_slopes_of(bfl_arena *arena, uint32_t threads, const bfl_banded *image, bfl_band band);

static inline bfl_float4 bfl_slopes_voxel(const bfl_short4 *p) { return __builtin_convertvector(*p, bfl_float4); }

/* Value and gradient at a point of the image's frame, trilinear; false outside. */
static inline bool bfl_slopes_at(const bfl_slopes *s, const float mm[3], bfl_float4 *out) {
    const float scale = 1 / s->spacing_mm;
    const float x = mm[0] * scale, y = mm[1] * scale, z = mm[2] * scale;
    if (!(x >= 0 && y >= 0 && z >= 0 && x < (float)s->size[0] - 1.001F && y < (float)s->size[1] - 1.001F &&
          z < (float)s->size[2] - 1.001F))
        return false;
    const int32_t i = (int32_t)x, j = (int32_t)y, k = (int32_t)z;
    const float fx = x - (float)i, fy = y - (float)j, fz = z - (float)k;
    const size_t row = (size_t)s->size[0], slice = row * (size_t)s->size[1];
    const bfl_short4 *p = s->at + (size_t)k * slice + (size_t)j * row + (size_t)i;
    bfl_float4 side[4]; /* along x */
    for (size_t n = 0; n < 4; n++) {
        const bfl_short4 *q = p + (n >> 1) * slice + (n & 1) * row;
        const bfl_float4 from = bfl_slopes_voxel(q);
        side[n] = from + (bfl_slopes_voxel(q + 1) - from) * fx;
    }
    const bfl_float4 low = side[0] + (side[1] - side[0]) * fy, high = side[2] + (side[3] - side[2]) * fy;
    *out = (low + (high - low) * fz) * s->unit;
    return true;
}

#endif
