/* SPDX-License-Identifier: Apache-2.0 */
/* Where bone is. */
#ifndef BFL_IMAGE_SKELETON_H
#define BFL_IMAGE_SKELETON_H

#include "image/canal.h"

typedef struct bfl_skeleton {
    bfl_shape *bone;  /* marrow included */
    bfl_shape *body;  /* lungs and bowel included */
    bfl_canal canal;  /* the spinal canal, when it is in view */
    bfl_image *image; /* the smoothed image both were taken from, on the same grid */
    float threshold_hu;
    float blood_hu; /* over which nothing is blood; 0: no blood with contrast agent was found */
} bfl_skeleton;

/* The body, lungs and bowel included: the largest thing denser than air, filled, without what is thin (a table, wires). On the
 * image's grid, whose voxels are cubes. */
bfl_shape *bfl_body_shape_of(bfl_arena *arena, uint32_t threads, const bfl_image *image)
    __attribute__((returns_nonnull));
/* Bone by an adaptive threshold, on a grid of spacing_mm. Everything is in the volume's frame. */
bfl_skeleton bfl_skeleton_of(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, float spacing_mm);
/* The same from an image whose voxels are cubes, which is kept. */
bfl_skeleton bfl_skeleton_of_image(bfl_arena *arena, uint32_t threads, bfl_image *image);

#endif
