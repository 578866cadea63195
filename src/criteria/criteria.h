/* SPDX-License-Identifier: Apache-2.0 */
/*
 * criteria: record + rules -> a verdict per visit. One folder per criterion; criteria.c is the registry that runs them over
 * the same visits and compares what they say.
 */
#ifndef BFL_CRITERIA_CRITERIA_H
#define BFL_CRITERIA_CRITERIA_H

#include "reason/reason.h"
#include <boneflare/criteria.h>

/* Evaluates every criterion on a record (as known on its own last day). */
const bfl_criteria *bfl_criteria_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook);
/* RECIST's visits alone, read without bone (of `visits` day, first_day, baseline and soft_tissue; the rest empty): for those
 * who ask about many dates. */
const bfl_criteria *bfl_criteria_soft_tissue(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook);

#endif
