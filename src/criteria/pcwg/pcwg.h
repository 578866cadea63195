/* SPDX-License-Identifier: Apache-2.0 */
/* pcwg: PCWG3 (Scher 2016): bone by the number of new lesions, two and two more, and bone together with soft tissue. */
#ifndef BFL_CRITERIA_PCWG_PCWG_H
#define BFL_CRITERIA_PCWG_PCWG_H

#include "criteria/visits.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

typedef struct bfl_pcwg {
    /* Bone: "non-PD", "PDu", "PD", "NE". A visit carries the label that later scans leave it with. */
    const bfl_criterion_visit *bone;
    const bfl_criterion_visit *overall; /* bone with soft tissue */
} bfl_pcwg;

/* `elsewhere`: RECIST 1.1 outside bone. */
bfl_pcwg bfl_pcwg_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                         const bfl_visits *visits, const bfl_criterion_visit *elsewhere);

#endif
