/* SPDX-License-Identifier: Apache-2.0 */
#include "reason/reason.h"

enum { LONGEST_FINDING = 1023 };

void bfl_event_add(bfl_arena *arena, bfl_event_list *list, bfl_event_kind kind, size_t index) {
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == kind && list->items[i].index == index) return;
    *BFL_PUSH(arena, list) = (bfl_event_ref){kind, (uint32_t)index};
}

void bfl_reason_add(bfl_arena *arena, bfl_reason_list *list, const bfl_rule *rule, const bfl_event_list *events,
                    const char *format, ...) {
    if (!list) return;
    va_list args;
    va_start(args, format);
    const char *finding = bfl_arena_vprintf(arena, LONGEST_FINDING, format, args);
    va_end(args);
    bfl_reason *reason = BFL_PUSH(arena, list);
    *reason = (bfl_reason){.rule = rule, .finding = finding};
    if (!events) return;
    reason->events = events->items;
    reason->event_count = events->count;
}
