/* SPDX-License-Identifier: Apache-2.0 */
/* psa: response and progression of PSA (PCWG3), from the values known at each imaging visit. */
#ifndef BFL_CRITERIA_PSA_PSA_H
#define BFL_CRITERIA_PSA_PSA_H

#include "criteria/visits.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* "response", "neither", "PDu", "progression", "NE"; nothing without a value at or before day 0. */
const bfl_criterion_visit *bfl_psa_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                          const bfl_visits *visits);

#endif
