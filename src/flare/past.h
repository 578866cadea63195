/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: what was known on a day of the past. */
#ifndef BFL_FLARE_PAST_H
#define BFL_FLARE_PAST_H

#include "flare/flare.h"

/* How many rows of each list were known on a day. */
typedef struct known_rows {
    size_t lesions, labs, clinicals, moleculars, pathologies, notes;
    int32_t day;
} known_rows;
/* `then` is the record as known on the day. */
known_rows rows_known(const bfl_record *then, int32_t day);
/* Does anything but a value of the laboratory come after `from` and not after `to`? `record` as known then, or later. */
bool anything_but_serum(const bfl_record *record, const known_rows *from, const known_rows *to);

/* The past day by day. What was read of images and serum stays while no later day brings more of it. */
typedef struct past past;
/* As it was on the day before `first_day`. */
past *past_of(bfl_arena *arena, const bfl_findings *today, int32_t first_day);
/* Goes on to the next day with news before the day of today's findings; false when there is none. */
bool past_next_day(past *p);
const known_rows *past_rows(const past *p);
/* Those of today's findings: as dated and not later. */
known_rows past_rows_today(past *p);
/* The findings of today as they were on the day. They stay until the next one. */
bfl_findings past_findings(past *p);

#endif
