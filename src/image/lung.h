/* SPDX-License-Identifier: Apache-2.0 */
/* Small round things in the lungs, how many a litre, and whether they lie at random. What that means is no business of this room. */
#ifndef BFL_IMAGE_LUNG_H
#define BFL_IMAGE_LUNG_H

#include "image/shape.h"

typedef struct bfl_lungs {
    bfl_shape *in; /* air, vessels and nodules within the lungs, on a grid of 3 mm */
    float litres;  /* 0: no lungs in view */
} bfl_lungs;

/* The large parts of the body that hold air; parts under 0.2 litres (bowel, airways) are left out. */
bfl_lungs bfl_lungs_of(bfl_arena *arena, uint32_t threads, const bfl_volume *volume);

typedef struct bfl_dot {
    float mm[3];   /* in the volume's frame */
    float score;   /* of the filter, in HU: high for a round thing, low for a vessel */
    float size_mm; /* about its diameter */
} bfl_dot;

typedef struct bfl_dots {
    bfl_dot *items; /* the highest score first */
    size_t count;
    float litres; /* of lung that was looked at, 4 mm from its border */
    float
        randomness; /* mean distance to the nearest other dot, over that of as many places drawn at random; 0: fewer than two */
    float upper_share; /* of the dots, in the upper half of the lungs' volume */
    float pleural_share,
        pleural_volume; /* of the dots, and of the lung that was looked at: within 10 mm of its border */
} bfl_dots;

/* Dots with at least this score. The filter: at four sizes the eigenvalues of the second derivatives, the weakest squared over the
 * strongest, so that all three directions must be curved. */
bfl_dots bfl_dots_of(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, const bfl_lungs *lungs,
                     float least_score);

typedef struct bfl_nodule {
    float mm[3], diameter_mm;
} bfl_nodule;

/* Puts `wanted` nodules of 2 to 6 mm into the lungs, at least 6 mm apart, for tests and benches. Returns how many; `out` has room for
 * them all. */
size_t bfl_nodules_put(bfl_arena *arena, bfl_volume *volume, const bfl_lungs *lungs, uint64_t seed, size_t wanted,
                       bfl_nodule *out);

#endif
