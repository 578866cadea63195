/* SPDX-License-Identifier: Apache-2.0 */
/* The three steps of a registration, from coarse to fine; register.c puts them together. */
#ifndef BFL_IMAGE_ALIGN_H
#define BFL_IMAGE_ALIGN_H

#include "image/bone.h"
#include "image/register.h"

/* Every loop over points is cut into as many parts, whatever the number of threads, so that sums come out the same. */
enum { BFL_ALIGN_PARTS = 8 };

/* The shift with which most bone lies on bone, of those on a 12 mm lattice around the one that puts centre on centre; false
 * when no shift has enough of the points inside the moving image. */
bool bfl_align_shift(bfl_arena *arena, uint32_t threads, const bfl_bone_points *points, const bfl_slopes *moving,
                     bfl_transform *transform);
/* Gauss-Newton over rotation and shift. Differences over about `scale_hu` count little (Geman-McClure). */
void bfl_align_rigid(uint32_t threads, const bfl_bone_points *points, const bfl_slopes *moving, int steps,
                     float scale_hu, bfl_transform *transform);

typedef struct bfl_deform_options {
    int steps, inner_steps;
    float scale_hu;   /* as above, at most; less where most points differ little */
    float smoothness; /* weight of the second differences, relative to the data's own stiffness */
} bfl_deform_options;

/* Gauss-Newton over the spline's coefficients, each step solved by conjugate gradients. */
void bfl_align_spline(bfl_arena *arena, uint32_t threads, const bfl_bone_points *points, const bfl_slopes *moving,
                      const bfl_deform_options *options, bfl_transform *transform);

#endif
