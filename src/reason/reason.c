/* SPDX-License-Identifier: Apache-2.0 */
#include "reason/reason.h"

#include <string.h>

enum { LONGEST_FINDING = 1023 };

void bfl_event_add(bfl_arena *arena, bfl_event_list *list, bfl_event_kind kind, size_t index) {
    const bfl_event_ref event = {kind, (uint32_t)index};
    uint64_t wanted, each;
    _Static_assert(sizeof wanted == sizeof event, "an event is compared as one number");
    memcpy(&wanted, &event, sizeof wanted);
    for (size_t i = 0; i < list->count; i++) {
        memcpy(&each, &list->items[i], sizeof each);
        if (each == wanted) return;
    }
    *BFL_PUSH(arena, list) = event;
}

bfl_event_set bfl_event_sets(bfl_arena *arena, const bfl_record *record) {
    return (bfl_event_set){.marks = BFL_NEW_ARRAY(arena, record->lesion_count, uint32_t)};
}

void bfl_event_set_begin(bfl_event_set *set) {
    set->list = (bfl_event_list){0};
    set->number++;
}

/* Is the row of lesions not in the set yet? Then it is marked. */
static inline bool mark(const bfl_event_set *set, uint32_t row) {
    bool anew = set->marks[row] != set->number;
    set->marks[row] = set->number;
    return anew;
}

static void add_events(bfl_arena *arena, bfl_event_set *set, const bfl_reason *reason) {
    for (size_t i = 0; i < reason->event_count; i++) {
        bfl_event_ref event = reason->events[i];
        if (event.kind != BFL_EVENT_LESION)
            bfl_event_add(arena, &set->list, event.kind, event.index);
        else if (mark(set, event.index))
            *BFL_PUSH(arena, &set->list) = event;
    }
}

void bfl_event_set_add(bfl_arena *arena, bfl_event_set *set, const bfl_reason *reasons, size_t count) {
    size_t most = 0;
    for (size_t i = 0; i < count; i++) most += reasons[i].event_count;
    if (!set->list.items) set->list = bfl_events_for(arena, most);
    for (size_t i = 0; i < count; i++) add_events(arena, set, &reasons[i]);
}

const char *bfl_reason_finding(bfl_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *finding = bfl_arena_vprintf(arena, LONGEST_FINDING, format, args);
    va_end(args);
    return finding;
}

void bfl_reason_add(bfl_arena *arena, bfl_reason_list *list, const bfl_rule *rule, const bfl_event_list *events,
                    const char *format, ...) {
    if (!list) return;
    va_list args;
    va_start(args, format);
    const char *finding = bfl_arena_vprintf(arena, LONGEST_FINDING, format, args);
    va_end(args);
    bfl_reason_push(arena, list, rule, events, finding);
}
