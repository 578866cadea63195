/* SPDX-License-Identifier: Apache-2.0 */
/* The blurred rim of something dense. */
#ifndef BFL_IMAGE_RIM_H
#define BFL_IMAGE_RIM_H

#include "image/shape.h"

/*
 * Grows `core` by up to rim_mm through `within`, only downhill: on the way out density may rise by no more than rise_hu over the lowest
 * met. So a rim is taken to where something else begins to be dense, and no farther.
 */
void bfl_rim_add(bfl_arena *arena, const bfl_image *image, const bfl_shape *within, float rim_mm, float rise_hu,
                 bfl_shape *core);

#endif
