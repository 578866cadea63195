/* SPDX-License-Identifier: Apache-2.0 */
/* range: the reference limits of a laboratory value, and where they came from. */
#ifndef BFL_CRITERIA_RANGE_H
#define BFL_CRITERIA_RANGE_H

#include "record/record.h"
#include "rules/rules.h"

typedef struct bfl_limit {
    bfl_maybe value;         /* canonical unit; missing when nothing may stand in */
    const bfl_rule *assumed; /* NULL: the row's own limit */
} bfl_limit;

/* The first row of each analyte (and scale) that prints a limit. */
typedef struct bfl_ranges {
    const bfl_rulebook *rulebook;
    const bfl_record *record;
    const size_t *rows;
    size_t count;
} bfl_ranges;

bfl_ranges bfl_ranges_collect(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook);
/* The row's own limit, else that of the same analyte and scale in this record, else the usual one of its known scale, else
 * a usual limit of the rulebook. ALP of an unknown scale gets none: JSCC and IFCC differ threefold. */
bfl_limit bfl_range_upper(bfl_arena *arena, const bfl_ranges *ranges, const bfl_lab *lab);
bfl_limit bfl_range_lower(const bfl_ranges *ranges, const bfl_lab *lab);

#endif
