/* SPDX-License-Identifier: Apache-2.0 */
/* marker: serum markers over time; see the public face. */
#ifndef BFL_MARKER_MARKER_H
#define BFL_MARKER_MARKER_H

#include "reason/reason.h"
#include <boneflare/marker.h>

/* Every course and the ranked causes of an ALP rise, from a record as known on its own last day. */
const bfl_markers *bfl_markers_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook);

/* The shapes of one course compared; scratch memory comes from the arena. See bfl_marker_compare(). */
bfl_form_fit bfl_forms_compare(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                               const bfl_marker *marker);

/* The same courses of bone, tumour and calcium alone, without reasons and causes, for those who ask about many dates: what was
 * known on a day is cut from the courses of `today`, which bfl_markers_assess() gave. */
typedef struct bfl_marker_past bfl_marker_past;
const bfl_marker_past *bfl_marker_past_of(bfl_arena *arena, const bfl_markers *today);
/* `then` is the record as known on a day (bfl_record_as_of()). What is returned lies in `arena` and in the past. */
const bfl_markers *bfl_markers_then(bfl_arena *arena, const bfl_marker_past *past, const bfl_record *then);

#endif
