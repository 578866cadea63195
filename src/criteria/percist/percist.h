/* SPDX-License-Identifier: Apache-2.0 */
/* percist: PERCIST 1.0 (Wahl 2009) where FDG-PET gives numbers: the hottest lesion now against the hottest at baseline. */
#ifndef BFL_CRITERIA_PERCIST_PERCIST_H
#define BFL_CRITERIA_PERCIST_PERCIST_H

#include "criteria/visits.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* "CMR", "PMR", "SMD", "PMD", "NE". */
const bfl_criterion_visit *bfl_percist_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                              const bfl_visits *visits);

#endif
