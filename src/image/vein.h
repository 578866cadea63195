/* SPDX-License-Identifier: Apache-2.0 */
/* The vein that contrast agent comes in by. */
#ifndef BFL_IMAGE_VEIN_H
#define BFL_IMAGE_VEIN_H

#include "image/canal.h"

typedef struct bfl_vein_options {
    uint32_t threads;
    float least_hu;         /* it is denser: over what the other blood has */
    const bfl_canal *canal; /* the spine is no vein */
} bfl_vein_options;

/*
 * Takes from what is dense the veins that blood with undiluted agent fills: denser than the other blood, which they lead into, long,
 * narrow, and with soft tissue around. They are added to `blood`, which holds the rest of it. Returns how many voxels went.
 */
size_t bfl_vein_take_out(bfl_arena *arena, const bfl_image *image, const bfl_vein_options *options, bfl_shape *blood,
                         bfl_shape *dense);

#endif
