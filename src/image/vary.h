/* SPDX-License-Identifier: Apache-2.0 */
/* How much values vary where nothing is thought to have changed. */
#ifndef BFL_IMAGE_VARY_H
#define BFL_IMAGE_VARY_H

#include "image/shape.h"

typedef struct bfl_sample {
    float *values;
    size_t count;
} bfl_sample;
void bfl_sample_sort(bfl_arena *arena, bfl_sample *sample);
/* Of a sorted sample, the value that this share lies below; 0 of none. */
float bfl_sample_at(const bfl_sample *sorted, double share);
/* A standard deviation in HU from sorted magnitudes: what changed does not widen it, heavy tails (ribs not quite aligned) do. Where
 * much changed, the changes are no noise either: what is far over it is left out, and the rest looked at again. */
float bfl_sample_noise(bfl_sample magnitudes);

/*
 * Noise by steepness: where density is steep, at a bone's surface, a shift of a fraction of a millimetre makes a difference; in the
 * middle of marrow it does not. So the noise of averages is taken from places about as steep.
 */
enum { BFL_STEEP_STEPS = 16 };
typedef struct bfl_steep_noise {
    float edge[BFL_STEEP_STEPS - 1], noise[BFL_STEEP_STEPS];
} bfl_steep_noise;
float bfl_steepness(const bfl_image *image, size_t voxel);
/* `steep` is the steepness at each voxel, `mean` what varies, `searched` where. */
bfl_steep_noise bfl_steep_noise_of(bfl_arena *arena, const bfl_image *mean, const bfl_image *steep,
                                   const bfl_shape *searched);
float bfl_steep_noise_at(const bfl_steep_noise *noise, float steep);

#endif
