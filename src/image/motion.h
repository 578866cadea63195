/* SPDX-License-Identifier: Apache-2.0 */
/* How a body lies differently the second time: known, so that a registration can be held against it. */
#ifndef BFL_IMAGE_MOTION_H
#define BFL_IMAGE_MOTION_H

#include "image/skeleton.h"

typedef struct bfl_motion_options {
    uint64_t seed;
    float turn_degrees, shift_mm; /* of the whole body: up to so much about and along each axis */
    float bend_mm; /* standard deviation of a smooth deformation (a cubic spline with knots 55 mm apart) */
    float
        joint_degrees; /* standard deviation of how much parts of the skeleton turn on their own, and shift as many mm */
} bfl_motion_options;

/* From the fixed frame (where the moved body lies, of extent_mm) to the frame of the body as it was; `skeleton` is of the body as
 * it was, whose bones have joints about 45 mm apart (NULL: no joints). Lives in `arena`. */
bfl_transform bfl_motion_of(bfl_arena *arena, uint32_t threads, const bfl_motion_options *options,
                            const float extent_mm[3], const bfl_skeleton *skeleton);

#endif
