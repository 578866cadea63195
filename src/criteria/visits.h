/* SPDX-License-Identifier: Apache-2.0 */
/* visits: imaging studies grouped into visits, and their rows into lesions. Every criterion reads the same visits. */
#ifndef BFL_CRITERIA_VISITS_H
#define BFL_CRITERIA_VISITS_H

#include "reason/reason.h"

/* Studies read together. */
typedef struct bfl_visit {
    int32_t first_day, day; /* of its first and its last study */
    size_t number;          /* from 0 */
    size_t from, to;        /* its rows, of record->lesions */
} bfl_visit;

/* The rows of a lesion at a visit, as places in its rows. */
typedef struct bfl_stretch {
    uint32_t from, to;
} bfl_stretch;

/* Everything said about one lesion: rows of record->lesions with a known date, by day. */
typedef struct bfl_tracked {
    const char *id, *site;
    bfl_organ organ; /* the first one stated */
    const size_t *rows;
    size_t row_count;
    bfl_event_ref *events; /* the same rows, as a reason rests on them */
    const bfl_stretch *at; /* each visit */
} bfl_tracked;

/* Visits in order. [0] is the baseline; what came before it is history and makes no visit. */
typedef struct bfl_visits {
    const bfl_visit *items;
    size_t count;
    bool baseline_late; /* no imaging at or before day 0: the first visit stands in */
    int32_t window;     /* days */
    size_t row_count;   /* of the dated rows, which are the first of record->lesions, by day */
    const bfl_tracked *lesions;
    size_t lesion_count; /* by id */
} bfl_visits;

const bfl_visits *bfl_visits_group(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook);

/* The rows of one lesion at one visit: a stretch of lesion->rows. */
typedef struct bfl_rows {
    const size_t *items;
    size_t count;
} bfl_rows;
static inline bfl_rows bfl_visits_rows(const bfl_tracked *lesion, const bfl_visit *visit) {
    bfl_stretch at = lesion->at[visit->number];
    return (bfl_rows){lesion->rows + at.from, at.to - at.from};
}
/* The same rows as events of a reason; not to be added to. */
static inline bfl_event_list bfl_visits_events(const bfl_tracked *lesion, const bfl_visit *visit) {
    bfl_stretch at = lesion->at[visit->number];
    return (bfl_event_list){lesion->events + at.from, at.to - at.from, at.to - at.from};
}
/* Its rows up to a visit, those before the baseline included. */
static inline bfl_rows bfl_visits_until(const bfl_tracked *lesion, const bfl_visit *visit) {
    return (bfl_rows){lesion->rows, lesion->at[visit->number].to};
}
/* Had this kind of study (anatomy or activity) shown the lesion before, if anything had? Only then does absence count: a
 * normal CT says nothing of a PET focus. */
bool bfl_visits_had_shown(const bfl_record *record, const bfl_tracked *lesion, const bfl_lesion *now);

#endif
