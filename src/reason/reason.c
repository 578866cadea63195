/* SPDX-License-Identifier: Apache-2.0 */
#include "reason/reason.h"

#include <stdio.h>

void bfl_event_add(bfl_arena *arena, bfl_event_list *list, bfl_event_kind kind, size_t index) {
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == kind && list->items[i].index == index) return;
    *BFL_PUSH(arena, list) = (bfl_event_ref){kind, (uint32_t)index};
}

void bfl_reason_add(bfl_arena *arena, bfl_reason_list *list, const bfl_rule *rule, const bfl_event_list *events,
                    const char *format, ...) {
    if (!list) return;
    char finding[1024];
    va_list args;
    va_start(args, format);
    int length = bfl_text_vformat(finding, sizeof finding, format, args);
    va_end(args);
    bool whole = length >= 0 && (size_t)length < sizeof finding;
    const char *kept = bfl_arena_text(arena, whole ? (bfl_text){finding, (size_t)length} : bfl_text_of(finding));
    bfl_reason *reason = BFL_PUSH(arena, list);
    *reason = (bfl_reason){.rule = rule, .finding = kept};
    if (!events) return;
    reason->events = events->items;
    reason->event_count = events->count;
}
