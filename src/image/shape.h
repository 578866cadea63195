/* SPDX-License-Identifier: Apache-2.0 */
/* Masks over an iso grid: grow, shrink, close, fill, take apart. Distances are in voxels, by balls, exact. */
#ifndef BFL_IMAGE_SHAPE_H
#define BFL_IMAGE_SHAPE_H

#include "image/register.h"

/* A mask whose voxels are cubes; bytes 0 and 1. */
typedef struct bfl_shape {
    int32_t size[3];
    float spacing_mm;
    uint8_t *in;
} bfl_shape;

static inline size_t bfl_shape_voxels(const bfl_shape *shape) {
    return (size_t)shape->size[0] * (size_t)shape->size[1] * (size_t)shape->size[2];
}

bfl_shape *bfl_shape_new(bfl_arena *arena, const int32_t size[3], float spacing_mm) __attribute__((returns_nonnull));
bfl_shape *bfl_shape_copy(bfl_arena *arena, const bfl_shape *shape) __attribute__((returns_nonnull));

/* Everything within radius_mm (at most 15 voxels) of the shape; beyond the border there is nothing. In place. */
void bfl_shape_grow(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm);
/* Whether the voxel nearest to a place, in mm from the first one, is in the shape; false outside. */
bool bfl_shape_at(const bfl_shape *shape, const float mm[3]);
/* What is farther than radius_mm from everything outside; beyond the border counts as inside. In place. */
void bfl_shape_shrink(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm);
/* Grown, then shrunk: gaps narrower than twice the radius are bridged. */
void bfl_shape_close(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm);
/* Shrunk, then grown: what is thinner than twice the radius goes. */
void bfl_shape_open(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm);
/* Fills what is enclosed within a slice. */
void bfl_shape_fill_slices(bfl_arena *arena, uint32_t threads, bfl_shape *shape);

/* How far each voxel is enclosed, 0 to 12: of the three axes (2 each) and the six diagonals of the faces (1 each), those that meet
 * the shape both ways within reach_mm (at most 254 voxels). What lies beyond the first and last slice counts as shape. */
uint8_t *bfl_shape_enclosed(bfl_arena *arena, uint32_t threads, const bfl_shape *shape, float reach_mm)
    __attribute__((returns_nonnull));

/* One connected part (faces, edges and corners connect). */
typedef struct bfl_shape_part {
    size_t voxels;
    double weight; /* sum of what the caller weighs voxels with */
} bfl_shape_part;

typedef struct bfl_shape_parts {
    uint32_t *label; /* of each voxel: 0 outside, else 1 + index of its part */
    bfl_shape_part *items;
    size_t count;
} bfl_shape_parts;

/* The parts in the order of their first voxel. `weigh` may be NULL: all weights are 0. */
bfl_shape_parts bfl_shape_parts_of(bfl_arena *arena, const bfl_shape *shape,
                                   double (*weigh)(const void *context, size_t voxel), const void *context);

#endif
