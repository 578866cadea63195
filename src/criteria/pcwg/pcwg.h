/* SPDX-License-Identifier: Apache-2.0 */
/* pcwg: PCWG3 (Scher 2016): bone by the number of new lesions, two and two more, and bone together with soft tissue. */
#ifndef BFL_CRITERIA_PCWG_PCWG_H
#define BFL_CRITERIA_PCWG_PCWG_H

#include "criteria/visits.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* Bone: "non-PD", "PDu", "PD", "NE". A visit carries the label that later scans leave it with. */
const bfl_criterion_visit *bfl_pcwg_bone(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                         const bfl_visits *visits);
/* Bone with soft tissue (`elsewhere`: RECIST 1.1 outside bone). */
const bfl_criterion_visit *bfl_pcwg_overall(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                            const bfl_visits *visits, const bfl_criterion_visit *bone,
                                            const bfl_criterion_visit *elsewhere);

#endif
