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

/* Points of the image with a voxel over `threshold` in their 3 x 3 x 3 surroundings and inside the body: bone and the soft
 * tissue next to it, which tells where bone ends. `body` is an image of its own, over 0 inside. */
bfl_bone_points bfl_bone_points_of(bfl_arena *arena, const bfl_image *image, const bfl_image *body, float threshold,
                                   bfl_band band);

/* 1 inside the largest connected thing denser than air and table padding, 0 outside. */
bfl_image *bfl_body_of(bfl_arena *arena, const bfl_image *image) __attribute__((returns_nonnull));

/* An image whose voxels hold value and gradient (per mm) together. */
typedef struct bfl_slopes {
    int32_t size[3];
    float spacing_mm;
    bfl_float4 *at;
} bfl_slopes;

bfl_slopes bfl_slopes_of(bfl_arena *arena, uint32_t threads, const bfl_image *image, bfl_band band);

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
    const bfl_float4 *p = s->at + (size_t)k * slice + (size_t)j * row + (size_t)i;
    const bfl_float4 a = p[0] + (p[1] - p[0]) * fx, b = p[row] + (p[row + 1] - p[row]) * fx;
    const bfl_float4 c = p[slice] + (p[slice + 1] - p[slice]) * fx;
    const bfl_float4 d = p[slice + row] + (p[slice + row + 1] - p[slice + row]) * fx;
    const bfl_float4 low = a + (b - a) * fy, high = c + (d - c) * fy;
    *out = low + (high - low) * fz;
    return true;
}

#endif
