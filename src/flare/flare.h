/* SPDX-License-Identifier: Apache-2.0 */
/* flare: the verdict on the bone; see the public face. */
#ifndef BFL_FLARE_FLARE_H
#define BFL_FLARE_FLARE_H

#include "criteria/criteria.h"
#include "marker/marker.h"
#include <boneflare/flare.h>

/* What the verdict rests on, all as known on the same day. */
typedef struct bfl_findings {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_criteria *criteria;
    const bfl_markers *markers;
    int32_t as_of;
} bfl_findings;

/* The verdict now and at each earlier date that raised the question. */
const bfl_verdict *bfl_flare_assess(bfl_arena *arena, const bfl_findings *findings);
/* Safety alarms, most urgent first (alarm.c). */
const bfl_alarm *bfl_alarms_find(bfl_arena *arena, const bfl_findings *findings, size_t *count);

#endif
