/* SPDX-License-Identifier: Apache-2.0 */
/* ctcae: CTCAE v5 grades of laboratory values. */
#ifndef BFL_CRITERIA_CTCAE_CTCAE_H
#define BFL_CRITERIA_CTCAE_CTCAE_H

#include "criteria/range.h"
#include "reason/reason.h"
#include <boneflare/criteria.h>

/* Grades of at least 1, by day, then analyte. */
const bfl_grade *bfl_ctcae_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                  bfl_ranges *ranges, size_t *count);

#endif
