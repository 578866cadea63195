/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record: one patient's timeline. A format reader appends raw rows with their dates as written; sealing finds day 0, places
 * every event on the timeline, sorts, and checks facts against each other. Afterwards nothing changes.
 */
#ifndef BFL_RECORD_RECORD_H
#define BFL_RECORD_RECORD_H

#include "base/base.h"
#include "terms/terms.h"
#include <boneflare/record.h>

/* The record as known on `day`: later events left out (events without a usable date too; undated facts of patient table stay).
 * Event indices are those of the new record. Returns `record` itself when nothing is left out. */
const bfl_record *bfl_record_as_of(bfl_arena *arena, const bfl_record *record, int32_t day);

/* The anticancer drug therapy in force on `day`: the one with the latest start at or before it, among those not stopped
 * before it; NULL when there is none. */
const bfl_therapy *bfl_record_therapy_on(const bfl_record *record, int32_t day);

/* Is the site name the same place? ASCII case and white space ignored ("left 4th rib" = "Left  4th rib"). */
bool bfl_site_same(const char *a, const char *b);

#endif
