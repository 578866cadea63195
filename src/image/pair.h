/* SPDX-License-Identifier: Apache-2.0 */
/* Two scans made from one: what changed between them, and how the body moved, is known. */
#ifndef BFL_IMAGE_PAIR_H
#define BFL_IMAGE_PAIR_H

#include "image/motion.h"
#include "image/phantom.h"

typedef struct bfl_pair_options {
    bfl_phantom_options lesions; /* its seed is the pair's */
    bfl_motion_options motion;   /* its seed is not used */
    const bfl_volume
        *followup;     /* the same body in another phase of contrast agent, on the source's grid; NULL: as the source */
    float slice_mm;    /* of both scans; 0 = the source's; thinner than the source's is not possible */
    float noise_hu[2]; /* added to baseline, follow-up */
    float blur_mm[2];  /* sigma of a softer kernel, in the slice */
} bfl_pair_options;

typedef struct bfl_pair {
    bfl_volume *baseline, *followup; /* on grids of their own */
    bfl_mask *truth;                 /* on the follow-up's grid: 1 + index of the lesion */
    bfl_insert *items; /* centre_mm in the follow-up's frame; volume_mm3 is 0 when it is out of the field of view */
    size_t count;
    bfl_transform motion;
    const bfl_shape *bone; /* in the frame that the motion leads to; vessels with contrast agent are none */
    float fixed_offset_mm, moving_offset_mm; /* of the first slice from where the motion's frames begin */
} bfl_pair;

/* `source` is a volume without lesions of its own that matter, canonical. BFL_EINVAL: slices thinner than the source's. */
BFL_MUST_USE bfl_status bfl_pair_of(bfl_arena *arena, uint32_t threads, const bfl_volume *source,
                                    const bfl_pair_options *options, bfl_pair *out, bfl_error *err);
/* Where a place of the follow-up's frame was in the baseline's. */
void bfl_pair_point(const bfl_pair *pair, const float fixed_mm[3], float moving_mm[3]);
/* Whether there was bone at that place, lesions aside. */
bool bfl_pair_bone(const bfl_pair *pair, const float moving_mm[3]);

#endif
