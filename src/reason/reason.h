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

/* Adds an event that is not in the list. */
static inline void bfl_event_push(bfl_arena *arena, bfl_event_list *list, bfl_event_kind kind, size_t index) {
    *BFL_PUSH(arena, list) = (bfl_event_ref){kind, (uint32_t)index};
}
/* Adds an event unless it is in the list already. */
void bfl_event_add(bfl_arena *arena, bfl_event_list *list, bfl_event_kind kind, size_t index);
/* Appends a reason; to no list (NULL), nothing: for those who ask for the result alone. `events` may be NULL; `finding` is formatted into the arena (no %f). */
void bfl_reason_add(bfl_arena *arena, bfl_reason_list *list, const bfl_rule *rule, const bfl_event_list *events,
                    const char *format, ...) BFL_PRINTF(5, 6);

#endif
