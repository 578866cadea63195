/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: what was known on a day of the past. */
#ifndef BFL_FLARE_PAST_H
#define BFL_FLARE_PAST_H

#include "flare/flare.h"

/* What was read of the images and of the serum, each while no later day brings more of it. */
typedef struct reading {
    bfl_arena *images, *serum;    /* scratch */
    const bfl_criteria *criteria; /* as known on criteria_day; NULL at first */
    const bfl_markers *markers;   /* as known on markers_day; NULL at first */
    const bfl_marker_past *courses;
    int32_t criteria_day, markers_day;
} reading;

/* The findings of today as they were on an earlier day. The view of the record lies in `arena`; days must come in order. */
bfl_findings as_known_on(bfl_arena *arena, const bfl_findings *today, int32_t day, reading *read);
/* Does anything but a value of the laboratory come after `from` and not after `to`? */
bool anything_but_serum(const bfl_record *r, int32_t from, int32_t to);

#endif
