/* SPDX-License-Identifier: Apache-2.0 */
/* Lesions put into a real CT, with the truth of each: the only way to measure detection where no pair with lesions is open. */
#ifndef BFL_IMAGE_PHANTOM_H
#define BFL_IMAGE_PHANTOM_H

#include "image/skeleton.h"

typedef enum bfl_insert_kind {
    BFL_INSERT_DENSER,  /* sclerosis within bone */
    BFL_INSERT_LYTIC,   /* bone gone */
    BFL_INSERT_RIM,     /* a lytic core with a dense shell */
    BFL_INSERT_OUTGROWN /* new bone on and beyond the surface */
} bfl_insert_kind;

typedef struct bfl_insert {
    bfl_insert_kind kind;
    float radius_mm;
    float change_hu;      /* of the core at full height; of new bone: what it reaches */
    float centre_mm[3];   /* in the volume's frame */
    float mean_change_hu; /* as it came out, over the voxels that changed by more than 60 HU */
    float volume_mm3;     /* of those voxels */
    float share_in_bone;  /* of a ball of its radius around where it was put, before anything changed */
} bfl_insert;

typedef struct bfl_phantom_options {
    uint64_t seed;
    uint32_t wanted;         /* lesions; fewer when there is no room 28 mm apart */
    float psf_mm;            /* sigma of the edge of a lesion; 0 = 0.6 */
    unsigned kinds;          /* bits 1 << kind; 0 = all */
    float radius_mm;         /* of all; 0 = drawn from 3 to 10 */
    const bfl_volume *plain; /* the same body without contrast agent: where bone is; NULL: the volume itself tells */
    float change_hu;         /* how much denser or less dense, of all; 0 = they take turns */
    float least_in_bone;     /* share of a lesion's ball that must be bone; 0 = 0.6, negative = its middle is enough */
} bfl_phantom_options;

typedef struct bfl_phantom {
    bfl_volume *volume; /* a copy with the lesions */
    bfl_mask *truth;    /* 1 + index of the lesion whose change exceeds 60 HU */
    bfl_shape *bone;    /* of the volume as it was */
    bfl_insert *items;
    size_t count;
} bfl_phantom;

/* Kinds and strengths take turns; places, radii (3 to 10 mm) and shapes are drawn. A lesion lies in bone: where its ball holds less bone
 * (marrow included) than `least_in_bone`, another place and size are drawn. New bone beyond the surface may lie anywhere on it. */
bfl_phantom bfl_phantom_of(bfl_arena *arena, uint32_t threads, const bfl_volume *volume,
                           const bfl_phantom_options *options);
/* Adds noise of the given standard deviation, correlated over about a voxel in the slice as reconstruction leaves it. */
void bfl_phantom_noise(bfl_arena *arena, bfl_volume *volume, uint64_t seed, float sd_hu);

#endif
