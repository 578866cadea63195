/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order-sign: one card when the drafts stop the anticancer drug in force or start another one while the bone question is open
 * and a flare is not excluded; silent otherwise. What the card says of the drug is what the next steps say.
 */
#include "hooks/hooks.h"
#include "record/record.h"

#include <string.h>

/* Which order of the draft is met. */
typedef struct met {
    const bfl_fhir_order *order;
    const bfl_therapy *therapy; /* the drug in force that it touches */
} met;

static bool in_force(const bfl_assessment *a, const bfl_therapy *t) {
    return t->intent == BFL_INTENT_ANTICANCER && t->start.known && t->start.day <= a->as_of &&
           (!t->stop.known || t->stop.day > a->as_of);
}

/* Written the same, or known as the same drug. */
static bool same_drug(const bfl_therapy *t, const bfl_fhir_order *order) {
    if (t->known && order->drug) return t->known == order->drug;
    return bfl_text_equal_nocase(bfl_text_of(t->drug), bfl_text_of(order->words));
}

static const bfl_therapy *given_already(const bfl_assessment *a, const bfl_fhir_order *order) {
    for (size_t i = 0; i < a->record->therapy_count; i++)
        if (in_force(a, &a->record->therapies[i]) && same_drug(&a->record->therapies[i], order))
            return &a->record->therapies[i];
    return NULL;
}

static bool is_open(const bfl_bone *now) {
    return now->question && (now->state == BFL_BONE_FLARE_SUSPECTED || now->state == BFL_BONE_UNDETERMINED);
}

/* The first order that stops a drug in force, else the first that starts another anticancer drug. */
static met find(const bfl_assessment *a, const bfl_fhir_orders *orders) {
    const bfl_therapy *present = bfl_record_therapy_on(a->record, a->as_of);
    met found = {0};
    for (size_t i = 0; i < orders->count && present; i++) {
        const bfl_fhir_order *o = &orders->items[i];
        const bfl_therapy *already = given_already(a, o);
        if (o->stops && already) return (met){o, already};
        bool starts = !o->stops && !already && o->drug && o->drug->intent == BFL_INTENT_ANTICANCER;
        if (starts && !found.order) found = (met){o, present};
    }
    return found;
}

static const char *fill(bfl_hook_call *call, bfl_text_index index, const met *m) {
    const bfl_assessment *a = call->assessment;
    const bfl_bone *now = &a->verdict->now;
    bfl_arena *arena = call->arena;
    const char *added = m->order->drug ? m->order->drug->id : m->order->words;
    const char *const pairs[] = {"state", bfl_say_state(a->rulebook, now->state, BFL_FOR_CLINICIAN),
                                 "p",     bfl_say_percent(arena, now->p_flare),
                                 "low",   bfl_say_percent(arena, now->low),
                                 "high",  bfl_say_percent(arena, now->high),
                                 "drug",  m->order->stops ? m->therapy->drug : added,
                                 NULL};
    const char *const parts[] = {
        "drug", m->therapy->drug, "new", added, "since", bfl_say_day(arena, a->record, m->therapy->start.day), NULL};
    bool summary = index == BFL_TXT_HOOKS_SUMMARY__STOP_TEXT || index == BFL_TXT_HOOKS_SUMMARY__START_TEXT;
    return bfl_hook_fill(arena, bfl_rule_words(a->rulebook, index), summary ? pairs : parts);
}

/* Only where the next steps say that the drug goes on, and only what is nothing but a draft. */
static void offer_to_set_aside(bfl_hook_call *call, bfl_hook_card *card, const met *m) {
    const bfl_workup *workup = call->assessment->workup;
    const bfl_rule *go_on = bfl_rule_of(call->assessment->rulebook, BFL_RULE_WORKUP_STEP_CONTINUE_DRUG);
    bool said = false;
    for (size_t i = 0; i < workup->next_count; i++) said = said || workup->next[i].rule == go_on;
    if (!said || m->order->stops || !m->order->draft || !m->order->reference[0]) return;
    *BFL_PUSH(call->arena, &card->suggestions) = (bfl_hook_suggestion){
        .label = bfl_rule_words(call->assessment->rulebook, BFL_TXT_HOOKS_REQUEST__SET_ASIDE_TEXT),
        .delete_what = m->order->reference,
        .description = fill(call, BFL_TXT_HOOKS_REQUEST__SET_ASIDE_ACTION_TEXT, m),
    };
}

void bfl_hook_sign_write(bfl_hook_call *call) {
    bfl_json_writer w;
    const bfl_assessment *a = call->assessment;
    bfl_fhir_orders orders = bfl_fhir_orders_of(call->arena, call->orders, call->patient);
    met m = a && is_open(&a->verdict->now) ? find(a, &orders) : (met){0};
    bfl_hook_cards_open(call, &w);
    if (m.order) {
        bool stops = m.order->stops;
        bfl_hook_card card = {.about = "order", .indicator = "warning", .overridable = true};
        card.summary = fill(call, stops ? BFL_TXT_HOOKS_SUMMARY__STOP_TEXT : BFL_TXT_HOOKS_SUMMARY__START_TEXT, &m);
        card.detail = bfl_hook_verdict_detail(
            call, &card,
            fill(call, stops ? BFL_TXT_HOOKS_DETAIL__ORDER_STOP_TEXT : BFL_TXT_HOOKS_DETAIL__ORDER_START_TEXT, &m));
        bfl_hook_offer_steps(call, &card, true);
        offer_to_set_aside(call, &card, &m);
        bfl_hook_card_write(call, &w, &card);
    }
    bfl_hook_cards_close(&w);
}
