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

/* The first row of each analyte (and scale) that prints a limit; looked for when a row prints none. */
typedef struct bfl_ranges {
    bfl_arena *arena;
    const bfl_rulebook *rulebook;
    const bfl_record *record;
    const size_t *rows;
    size_t count;
    bool collected;
} bfl_ranges;

static inline bfl_ranges bfl_ranges_of(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook) {
    return (bfl_ranges){.arena = arena, .rulebook = rulebook, .record = record};
}
/* Of a row that prints none itself. */
bfl_limit bfl_range_upper_elsewhere(bfl_ranges *ranges, const bfl_lab *lab);
/* The row's own limit, else that of the same analyte and scale in this record, else the usual one of its known scale, else
 * a usual limit of the rulebook. ALP of an unknown scale gets none: JSCC and IFCC differ threefold. */
static inline bfl_limit bfl_range_upper(bfl_ranges *ranges, const bfl_lab *lab) {
    return lab->ref_high.present ? (bfl_limit){lab->ref_high, NULL} : bfl_range_upper_elsewhere(ranges, lab);
}
bfl_limit bfl_range_lower(bfl_ranges *ranges, const bfl_lab *lab);

#endif
