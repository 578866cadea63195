/* SPDX-License-Identifier: Apache-2.0 */
/* How well two scans lie on each other when noise or contrast agent hides it. */
#ifndef BFL_IMAGE_NOISY_H
#define BFL_IMAGE_NOISY_H

#include "image/register.h"

typedef struct bfl_noisy_fit {
    float noise_hu[2]; /* standard deviation in muscle of the fixed, of the warped volume; 0: no muscle found */
    float plain_ncc;   /* in and around the bones of the fixed volume, vessels with contrast agent left out */
    float ncc;         /* what it would be without that noise */
} bfl_noisy_fit;

/* Standard deviation of what is as dense as muscle, over places 5 voxels wide in the slice: the lower quartile, since many lie at a
 * border. 0: there are too few. */
float bfl_noise_of(const bfl_volume *volume);
/* bfl_fit_of looks at all that is dense; this at bones alone, and noise is taken off the variances (Spearman's correction for
 * attenuation), at most half of either: what is mostly noise tells nothing. Two scans that lie wrong have no covariance to begin
 * with. */
bfl_noisy_fit bfl_noisy_fit_of(bfl_arena *arena, uint32_t threads, const bfl_volume *fixed, const bfl_volume *warped);

#endif
