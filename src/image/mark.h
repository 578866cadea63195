/* SPDX-License-Identifier: Apache-2.0 */
/* Where bone changed its density between two registered volumes. What a change means is no business of this room. */
#ifndef BFL_IMAGE_MARK_H
#define BFL_IMAGE_MARK_H

#include "image/canal.h"

typedef struct bfl_mark {
    int sign;         /* +1 denser than before, -1 less dense */
    float score;      /* strength, less for what is thin: vessels and edges are, lesions are not */
    float strength;   /* of the peak, in units of the noise at its scale */
    float peak_mm[3]; /* in the fixed frame */
    size_t *voxels;   /* of the working grid, the peak first */
    size_t count;
    float change_hu; /* mean over the core of the change */
    float core_hu; /* what changed by at least this, in the direction of the sign, is core; the rest is blurred edge */
    float volume_mm3; /* of a change as high as the core's that holds all that changed, in the blurred edge too */
} bfl_mark;

typedef struct bfl_marks {
    const bfl_image *before, *after; /* HU on the working grid; what was before is moved onto what is now */
    bfl_image *difference;           /* after minus before, in searched bone and around it, else 0 */
    const bfl_shape *bone_before, *bone_after;
    bfl_canal canal_after; /* the spinal canal */
    bfl_shape *searched;
    float
        noise_hu; /* standard deviation of the difference in bone that did not change, over balls of the middle size */
    float offset_hu; /* how much denser unchanged bone looks now (tube voltage, kernel); taken off */
    bfl_mark *items; /* the highest score first */
    size_t count;
} bfl_marks;

typedef struct bfl_mark_options {
    uint32_t threads;
    float least_score; /* marks below are dropped; 0 = the default */
} bfl_mark_options;

/* `before` is the moving volume warped onto the fixed grid, `after` the fixed one with its blur matched (image.h). Everything
 * is allocated in `arena` and lives as long. */
bfl_marks bfl_marks_of(bfl_arena *arena, const bfl_volume *before, const bfl_volume *after,
                       const bfl_mark_options *options);

#endif
