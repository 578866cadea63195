/* SPDX-License-Identifier: Apache-2.0 */
/* What speaks against a change of density: that something only lies elsewhere. */
#ifndef BFL_IMAGE_DOUBT_H
#define BFL_IMAGE_DOUBT_H

#include "image/shape.h"

/* A change found between two images on one iso grid. */
typedef struct bfl_change {
    const bfl_image *before, *after, *difference; /* the difference is 0 where nothing is searched */
    const bfl_shape *searched;
    float offset_hu; /* how much denser unchanged bone looks now */
    int sign;        /* +1 denser, -1 less dense */
    const size_t *voxels;
    size_t count;
} bfl_change;

/* From 0 (surely but a shift) to 1 (nothing speaks against it). */
float bfl_change_trust(bfl_arena *arena, const bfl_change *change);

#endif
