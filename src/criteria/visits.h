/* SPDX-License-Identifier: Apache-2.0 */
/* visits: imaging studies grouped into visits, and their rows into lesions. Every criterion reads the same visits. */
#ifndef BFL_CRITERIA_VISITS_H
#define BFL_CRITERIA_VISITS_H

#include "record/record.h"
#include "rules/rules.h"

/* Studies read together. */
typedef struct bfl_visit {
    int32_t first_day, day; /* of its first and its last study */
} bfl_visit;

/* Everything said about one lesion: rows of record->lesions with a known date, by day. */
typedef struct bfl_tracked {
    const char *id, *site;
    bfl_organ organ; /* the first one stated */
    const size_t *rows;
    const int32_t *days; /* of the rows */
    size_t row_count;
} bfl_tracked;

/* Visits in order. [0] is the baseline; what came before it is history and makes no visit. */
typedef struct bfl_visits {
    const bfl_visit *items;
    size_t count;
    bool baseline_late; /* no imaging at or before day 0: the first visit stands in */
    int32_t window;     /* days */
    const size_t *rows; /* every dated row of record->lesions, by day */
    size_t row_count;
    const bfl_tracked *lesions;
    size_t lesion_count; /* by id */
} bfl_visits;

const bfl_visits *bfl_visits_group(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook);

/* The rows of one lesion at one visit: a stretch of lesion->rows. */
typedef struct bfl_rows {
    const size_t *items;
    size_t count;
} bfl_rows;
bfl_rows bfl_visits_rows(const bfl_tracked *lesion, const bfl_visit *visit);
/* Its rows up to a day. */
bfl_rows bfl_visits_until(const bfl_tracked *lesion, int32_t day);
/* Had this kind of study (anatomy or activity) shown the lesion before, if anything had? Only then does absence count: a
 * normal CT says nothing of a PET focus. */
bool bfl_visits_had_shown(const bfl_record *record, const bfl_tracked *lesion, const bfl_lesion *now);

#endif
