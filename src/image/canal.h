/* SPDX-License-Identifier: Apache-2.0 */
/* The spinal canal. */
#ifndef BFL_IMAGE_CANAL_H
#define BFL_IMAGE_CANAL_H

#include "image/shape.h"

/* What the canal is in one slice, in millimetres of the frame. */
typedef struct bfl_canal_slice {
    float x_mm, y_mm, radius_mm;
    bool ring; /* bone closes around it here; else it is taken from the slices above and below */
} bfl_canal_slice;

typedef struct bfl_canal {
    int32_t first, end; /* slices of the grid; first == end: there is none */
    float spacing_mm;
    bfl_canal_slice *slices; /* of slice first, first + 1, ... */
} bfl_canal;

/* Holes in the bone of a slice that have a vertebra's body in front of them, followed from slice to slice. */
bfl_canal bfl_canal_of(bfl_arena *arena, const bfl_image *image, const bfl_shape *bone, float bone_hu);

#endif
