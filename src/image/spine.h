/* SPDX-License-Identifier: Apache-2.0 */
/* The spine taken apart into vertebrae, and ribs by the vertebra they come from. Levels are counted, not named: lesion/site.h. */
#ifndef BFL_IMAGE_SPINE_H
#define BFL_IMAGE_SPINE_H

#include "image/skeleton.h"

/* A vertebra, or what is in view of it. Heights are along the canal, in millimetres of the frame. */
typedef struct bfl_level {
    float low_mm, high_mm; /* the middle of the disc below and above, or where the canal leaves the view */
    bool whole;            /* both discs are in view */
    bool wings;            /* bone on both sides as wide as a sacrum's */
    uint8_t rib[2];        /* ribs that come from it, on the side of smaller x (the patient's right), and of larger */
} bfl_level;

typedef struct bfl_rib {
    int32_t level;           /* index of the vertebra it comes from */
    int side;                /* 0: smaller x; 1: larger */
    float front_mm, back_mm; /* from where to where it reaches, y */
} bfl_rib;

typedef struct bfl_spine {
    bfl_canal canal;   /* smoothed */
    bfl_level *levels; /* from below upward */
    size_t level_count;
    bfl_rib *ribs;
    size_t rib_count;
    uint16_t *rib_of; /* of each voxel of the grid: 1 + index of the rib it belongs to, 0 = none */
} bfl_spine;

bfl_spine bfl_spine_of(bfl_arena *arena, const bfl_image *image, const bfl_shape *bone, const bfl_canal *canal);
/* Height along the canal of a place beside it: discs are tilted as the canal is. */
float bfl_spine_height(const bfl_spine *spine, float y_mm, float z_mm);
/* Index of the level at a height; -1: beyond the canal. */
int32_t bfl_spine_level_at(const bfl_spine *spine, float height_mm);
/* The canal at a height, that of its end beyond. */
bfl_canal_slice bfl_canal_at(const bfl_canal *canal, float z_mm);

#endif
