/* SPDX-License-Identifier: Apache-2.0 */
/* Names of bones: of the spine as it was followed in the scan, or of a label map that the user gives. */
#ifndef BFL_LESION_SITE_H
#define BFL_LESION_SITE_H

#include "image/image.h"
#include "volume/volume.h"

/* Class numbers of TotalSegmentator 2, task "total" (totalsegmentator/map_to_binary.py), and ours above them for what is seen
 * without its number. */
enum {
    BFL_BONE_NONE = 0,
    BFL_BONE_SACRUM = 25,
    BFL_BONE_S1 = 26,
    BFL_BONE_L5 = 27,
    BFL_BONE_L1 = 31,
    BFL_BONE_T12 = 32,
    BFL_BONE_T1 = 43,
    BFL_BONE_C1 = 50,
    BFL_BONE_HIP = 77, /* left, then right */
    BFL_BONE_RIB_LEFT = 92,
    BFL_BONE_RIB_RIGHT = 104,
    BFL_BONE_STERNUM = 116,
    BFL_BONE_HIGHEST = 117,
    BFL_BONE_THORACIC = 201, /* a vertebra with ribs */
    BFL_BONE_LUMBAR,         /* one below all ribs */
    BFL_BONE_VERTEBRA,
    BFL_BONE_SOME_RIB,                            /* left, then right */
    BFL_BONE_HIP_OR_FEMUR = BFL_BONE_SOME_RIB + 2 /* likewise */
};

typedef struct bfl_anatomy {
    bfl_spine spine;
    int32_t l5, sacrum; /* index of the level, -1: not known; l5 may lie outside the view */
    const bfl_shape *bone;
} bfl_anatomy;

/* Numbers the levels: from the sacrum up, or from the last rib where a vertebra without ribs lies below it. Where the two do not
 * agree, or neither is in view, no number is given. */
bfl_anatomy bfl_anatomy_of(bfl_arena *arena, const bfl_image *image, const bfl_shape *bone, const bfl_canal *canal);
/* Code of what bone a place of the frame belongs to. */
int bfl_anatomy_at(const bfl_anatomy *anatomy, const float mm[3]);
/* Code of most of the voxels; what has no name does not vote when a tenth of them has one. */
int bfl_anatomy_of_voxels(const bfl_anatomy *anatomy, const size_t *voxels, size_t count);
/* "T8 vertebral body", "left rib 6, posterior", "sacrum", "bone, unlabelled". back: 0 front to 1 back within its bone; of a vertebra,
 * over a half is behind the canal's middle; -1 is not known. */
const char *bfl_site_text(bfl_arena *arena, int code, double back);
/* A bone as a concept of SNOMED CT: code, meaning, and 'L', 'R' or 0. Static texts. "Bone" for what has no concept of its own. */
typedef struct bfl_site_concept {
    const char *code, *meaning;
    char side;
} bfl_site_concept;
bfl_site_concept bfl_site_concept_of(int code);
/* How far to the back a place lies within its bone, as above. */
double bfl_anatomy_back(const bfl_anatomy *anatomy, int code, const float mm[3]);

#endif
