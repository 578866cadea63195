/* SPDX-License-Identifier: Apache-2.0 */
/* dili: pattern and thresholds of drug-induced liver injury, day by day. */
#ifndef BFL_CRITERIA_DILI_DILI_H
#define BFL_CRITERIA_DILI_DILI_H

#include "criteria/range.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* Every day with an ALT or AST and an ALP. */
const bfl_liver_day *bfl_dili_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                     bfl_ranges *ranges, size_t *count);

#endif
