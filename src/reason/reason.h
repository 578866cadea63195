/* SPDX-License-Identifier: Apache-2.0 */
/* reason: building the why-trace that criteria, markers, verdict and work-up share. */
#ifndef BFL_REASON_REASON_H
#define BFL_REASON_REASON_H

#include "base/base.h"
#include "record/record.h"
#include "rules/rules.h"
#include <boneflare/reason.h>

typedef BFL_LIST(bfl_event_ref) bfl_event_list;
typedef BFL_LIST(bfl_reason) bfl_reason_list;

/* A list with room for so many, which are then added without a look at memory. Not cleared: `count` is of things that are there. */
static inline bfl_reason_list bfl_reasons_for(bfl_arena *arena, size_t count) {
    return (bfl_reason_list){bfl_arena_take(arena, count * sizeof(bfl_reason)), 0, count};
}
static inline bfl_event_list bfl_events_for(bfl_arena *arena, size_t count) {
    return (bfl_event_list){bfl_arena_take(arena, count * sizeof(bfl_event_ref)), 0, count};
}
/* Adds an event that is not in the list. */
static inline void bfl_event_push(bfl_arena *arena, bfl_event_list *list, bfl_event_kind kind, size_t index) {
    *BFL_PUSH(arena, list) = (bfl_event_ref){kind, (uint32_t)index};
}
/* Adds an event unless it is in the list already. */
void bfl_event_add(bfl_arena *arena, bfl_event_list *list, bfl_event_kind kind, size_t index);
/* The events of several reasons, each once. Many sets one after the other may use one: those of rows of lesions are marked. */
typedef struct bfl_event_set {
    bfl_event_list list;
    uint32_t *marks; /* of each row of lesions: the last set that had it */
    uint32_t number; /* of this set, from 1 */
} bfl_event_set;
bfl_event_set bfl_event_sets(bfl_arena *arena, const bfl_record *record);
/* Begins the next set; the list of the one before stays as it is. */
void bfl_event_set_begin(bfl_event_set *set);
void bfl_event_set_add(bfl_arena *arena, bfl_event_set *set, const bfl_reason *reasons, size_t count);

/* Appends a reason whose finding stands in the arena, or in the program, already; to no list (NULL), nothing. */
static inline void bfl_reason_push(bfl_arena *arena, bfl_reason_list *list, const bfl_rule *rule,
                                   const bfl_event_list *events, const char *finding) {
    if (!list) return;
    *BFL_PUSH(arena, list) = (bfl_reason){rule, finding, events ? events->items : NULL, events ? events->count : 0};
}
/* A finding for those who give it more than once, formatted as bfl_reason_add() does. */
const char *bfl_reason_finding(bfl_arena *arena, const char *format, ...) BFL_PRINTF(2, 3);
/* The same, put together from its pieces: BFL_FINDING(arena, BFL_TEXT("target "), bfl_text_of(word)). */
const char *bfl_finding_join(bfl_arena *arena, const bfl_text *pieces, size_t count);
#define BFL_FINDING(arena, ...)                                \
    bfl_finding_join((arena), (const bfl_text[]){__VA_ARGS__}, \
                     sizeof((const bfl_text[]){__VA_ARGS__}) / sizeof(bfl_text))
/* Appends a reason; to no list (NULL), nothing: for those who ask for the result alone. `events` may be NULL; `finding` is formatted into the arena (no %f). */
void bfl_reason_add(bfl_arena *arena, bfl_reason_list *list, const bfl_rule *rule, const bfl_event_list *events,
                    const char *format, ...) BFL_PRINTF(5, 6);

#endif
