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

static bool holds(const bfl_event_list *list, bfl_event_ref event) {
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == event.kind && list->items[i].index == event.index) return true;
    return false;
}

/* Is the event not in the set yet? A row of lesions is then marked. */
static inline bool enters(const bfl_event_set *set, bfl_event_ref event) {
    if (event.kind != BFL_EVENT_LESION) return !holds(&set->list, event);
    bool anew = set->marks[event.index] != set->number;
    set->marks[event.index] = set->number;
    return anew;
}

void bfl_event_set_add(bfl_arena *arena, bfl_event_set *set, const bfl_reason *reasons, size_t count) {
    bfl_event_list *list = &set->list;
    size_t most = list->count;
    for (size_t i = 0; i < count; i++) most += reasons[i].event_count;
    if (most > list->capacity) {
        bfl_event_list larger = bfl_events_for(arena, most);
        for (; larger.count < list->count; larger.count++) larger.items[larger.count] = list->items[larger.count];
        *list = larger;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < reasons[i].event_count; j++)
            if (enters(set, reasons[i].events[j])) list->items[list->count++] = reasons[i].events[j];
}

const char *bfl_reason_finding(bfl_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    const char *finding = bfl_arena_vprintf(arena, LONGEST_FINDING, format, args);
    va_end(args);
    return finding;
}

const char *bfl_finding_join(bfl_arena *arena, const bfl_text *pieces, size_t count) {
    return bfl_arena_join(arena, LONGEST_FINDING, pieces, count);
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
