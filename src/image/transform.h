/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a transform that registration works on. */
#ifndef BFL_IMAGE_TRANSFORM_H
#define BFL_IMAGE_TRANSFORM_H

#include "image/register.h"

/* Where a point lies in the lattice: the first of its 4 x 4 x 4 knots, and their weights along each axis. */
typedef struct bfl_spline_place {
    size_t first;
    float weight[3][4];
} bfl_spline_place;

void bfl_transform_rigid(const bfl_transform *transform, const float fixed_mm[3], float moving_mm[3]);
bfl_spline_place bfl_spline_place_of(const bfl_transform *transform, const float fixed_mm[3]);
bfl_float4 bfl_spline_value(const bfl_transform *transform, const bfl_float4 *coefficient,
                            const bfl_spline_place *place);
size_t bfl_spline_knots(const bfl_transform *transform);
/* Gives the transform a local lattice over 0..extent_mm, all 0. */
void bfl_transform_local(bfl_arena *arena, bfl_transform *transform, const float extent_mm[3], float step_mm);
/* Gives the transform a lattice of knots every knot_mm over 0..extent_mm, all coefficients 0. */
void bfl_spline_lattice(bfl_arena *arena, bfl_transform *transform, const float extent_mm[3], float knot_mm);
/* Makes the transform, whose lattice is the finer one, say what the coarse one says. */
void bfl_spline_follow(bfl_arena *arena, bfl_transform *transform, const bfl_transform *coarse);

#endif
