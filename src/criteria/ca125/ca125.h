/* SPDX-License-Identifier: Apache-2.0 */
/* ca125: response and progression of CA-125 (GCIG), from the values known at each imaging visit. */
#ifndef BFL_CRITERIA_CA125_CA125_H
#define BFL_CRITERIA_CA125_CA125_H

#include "criteria/visits.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* "CR", "PR", "SD", "non-PD" (too low a baseline to judge a response), "PDu", "PD", "NE"; nothing without a value at or before
 * day 0. */
const bfl_criterion_visit *bfl_ca125_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                            const bfl_visits *visits);

#endif
