/* SPDX-License-Identifier: Apache-2.0 */
/* What became of cards (CDS Hooks 2.0.1, "Feedback"): cds-fb-1, -2 and -3, and nothing of a body that breaks one of them. */
#include "hooks/hooks.h"
#include "record/record.h"

#include <string.h>

enum { MOST_FEEDBACK = 10000 };

static void refuse(bfl_hook_call *call, const char *expression, const char *text) {
    bfl_hook_refuse(call, 400, "invariant", expression, text);
}

static void need_uuid(bfl_hook_call *call, const char *z, const char *expression) {
    if (z[0] && !bfl_hook_is_uuid(z))
        bfl_hook_refuse(call, 400, "value", expression, bfl_arena_printf(call->arena, "%s is not a UUID", expression));
}

static void read_suggestions(bfl_hook_call *call, const bfl_json_node *entry, bfl_hooks_feedback *f) {
    const bfl_json_node *list = bfl_fhir_get(entry, "acceptedSuggestions");
    BFL_LIST(const char *) ids = {0};
    if (list && list->type != BFL_JSON_ARRAY)
        refuse(call, "feedback.acceptedSuggestions", "acceptedSuggestions is not a list");
    for (const bfl_json_node *s = bfl_fhir_first(list); s; s = s->next) {
        const char *id = bfl_hook_text(call, s, "feedback.acceptedSuggestions.id", true);
        need_uuid(call, id, "feedback.acceptedSuggestions.id");
        *BFL_PUSH(call->arena, &ids) = id;
    }
    f->suggestions = ids.items;
    f->suggestion_count = ids.count;
    if (f->accepted && !ids.count)
        refuse(call, "feedback.acceptedSuggestions",
               "acceptedSuggestions is needed when the outcome is accepted (cds-fb-2)");
}

static void read_reason(bfl_hook_call *call, const bfl_json_node *entry, bfl_hooks_feedback *f) {
    const bfl_json_node *given = bfl_fhir_get(entry, "overrideReason");
    const bfl_json_node *reason = bfl_fhir_get(given, "reason");
    f->reason_code = bfl_hook_text(call, reason, "feedback.overrideReason.reason.code", reason != NULL);
    f->reason_system = bfl_hook_text(call, reason, "feedback.overrideReason.reason.system", false);
    f->reason_display = bfl_hook_text(call, reason, "feedback.overrideReason.reason.display", false);
    f->comment = bfl_hook_text(call, given, "feedback.overrideReason.userComment", false);
    if (given && !reason && !f->comment[0])
        refuse(call, "feedback.overrideReason", "overrideReason needs a reason, a userComment, or both (cds-fb-3)");
}

static void read_one(bfl_hook_call *call, const bfl_json_node *entry, bfl_hooks_feedback *f) {
    bfl_hook_check_keys(call, entry, "feedback");
    f->card = bfl_hook_text(call, entry, "feedback.card", true);
    need_uuid(call, f->card, "feedback.card");
    const char *outcome = bfl_hook_text(call, entry, "feedback.outcome", true);
    f->accepted = strcmp(outcome, "accepted") == 0;
    if (outcome[0] && !f->accepted && strcmp(outcome, "overridden") != 0)
        refuse(call, "feedback.outcome", "the outcome is neither accepted nor overridden (cds-fb-1)");
    f->when = bfl_hook_text(call, entry, "feedback.outcomeTimestamp", true);
    if (f->when[0] && !bfl_fhir_is_instant(f->when))
        bfl_hook_refuse(call, 400, "value", "feedback.outcomeTimestamp",
                        "outcomeTimestamp is not a time such as 2019-04-04T10:30:00Z");
    read_suggestions(call, entry, f);
    read_reason(call, entry, f);
}

void bfl_hook_read_feedback(bfl_hook_call *call, bfl_hooks_feedbacks *feedbacks) {
    const bfl_json_node *list = bfl_fhir_get(call->root, "feedback");
    BFL_LIST(bfl_hooks_feedback) items = {0};
    if (!list || list->type != BFL_JSON_ARRAY) {
        bfl_hook_refuse(call, 400, "required", "feedback", "feedback is missing: a list is needed");
        return;
    }
    for (const bfl_json_node *e = bfl_json_child(list); e && items.count < MOST_FEEDBACK; e = e->next)
        read_one(call, e, BFL_PUSH(call->arena, &items));
    feedbacks->items = items.items;
    feedbacks->count = items.count;
}
