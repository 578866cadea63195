/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps bone stiff after a spline was fitted. */
#ifndef BFL_IMAGE_GUARD_H
#define BFL_IMAGE_GUARD_H

#include "image/bone.h"

/* Between the places at which bone is looked at, for the transform's local lattice (bfl_transform_local). */
float bfl_guard_spacing(float image_mm);
/* Fills the local lattice of a transform whose spline moves bone of `image`; returns what it found before. */
bfl_stiffness bfl_guard_hold(bfl_arena *arena, uint32_t threads, const bfl_banded *image, bfl_transform *transform);

#endif
