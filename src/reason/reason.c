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
