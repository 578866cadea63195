/* SPDX-License-Identifier: Apache-2.0 */
/* cea: response and progression of CEA, for which no definition is agreed, from the values known at each imaging visit. */
#ifndef BFL_CRITERIA_CEA_CEA_H
#define BFL_CRITERIA_CEA_CEA_H

#include "criteria/visits.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* "response", "neither", "PDu", "progression", "NE"; nothing without a value at or before day 0. */
const bfl_criterion_visit *bfl_cea_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                          const bfl_visits *visits);

#endif
