/* SPDX-License-Identifier: Apache-2.0 */
/* A card as JSON (CDS Hooks 2.0.1, "CDS Service Response"). What is empty is left out: no null, no empty list but cards. */
#include "hooks/hooks.h"
#include "record/record.h"

#include <string.h>

enum { MOST_LINKS = 12 };

#define SERVICE_CATEGORY BFL_FHIR_SNOMED

static void put_flag(bfl_json_writer *w, const char *key, bool value) {
    bfl_json_key(w, key);
    bfl_buf_add(w->out, value ? "true" : "false");
}

/* The same call gives the same ids, another call gives others. */
static const char *uuid_of(bfl_hook_call *call, const char *about) {
    return bfl_fhir_uuid(call->arena,
                         bfl_arena_printf(call->arena, "%s\n%s\n%s", call->instance, call->service->id, about));
}

/* ---- the order that a suggestion creates ---- */

/* SNOMED CT, as in FHIR's example set for ServiceRequest.category. */
static const char *category_code(const char *category) {
    if (strcmp(category, "imaging") == 0) return "363679005";
    if (strcmp(category, "laboratory") == 0) return "108252007";
    return "387713003";
}

static void put_when(bfl_hook_call *call, bfl_json_writer *w, const bfl_step *step) {
    const bfl_record *record = call->assessment->record;
    if (!step->has_by || !record->has_calendar) return;
    bfl_json_open(w, "occurrencePeriod", "{");
    bfl_json_text(w, "end", bfl_say_date(call->arena, record, step->by_day));
    bfl_json_close(w, "}");
}

static void put_reference(bfl_hook_call *call, bfl_json_writer *w, const char *key, const char *type, const char *id) {
    if (!id[0]) return;
    bool whole = strchr(id, '/') != NULL;
    bfl_fhir_put_reference(w, key, whole ? id : bfl_arena_printf(call->arena, "%s/%s", type, id));
}

static void put_service_request(bfl_hook_call *call, bfl_json_writer *w, const bfl_hook_suggestion *s) {
    bfl_json_open(w, "resource", "{");
    bfl_json_text(w, "resourceType", "ServiceRequest");
    bfl_json_text(w, "status", "draft");
    bfl_json_text(w, "intent", "proposal");
    bfl_json_open(w, "category", "[");
    bfl_fhir_put_concept(w, NULL, SERVICE_CATEGORY, category_code(s->category), s->category);
    bfl_json_close(w, "]");
    bfl_json_open(w, "code", "{");
    bfl_json_text(w, "text", s->step->rule->title);
    bfl_json_close(w, "}");
    put_reference(call, w, "subject", "Patient", call->patient);
    put_reference(call, w, "encounter", "Encounter", call->encounter);
    put_when(call, w, s->step);
    if (s->step->why && s->step->why[0]) {
        bfl_json_open(w, "reasonCode", "[");
        bfl_json_open(w, NULL, "{");
        bfl_json_text(w, "text", s->step->why);
        bfl_json_close(w, "}");
        bfl_json_close(w, "]");
    }
    bfl_json_open(w, "note", "[");
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "text", s->step->action);
    bfl_json_close(w, "}");
    bfl_json_close(w, "]");
    bfl_json_close(w, "}");
}

static void put_suggestion(bfl_hook_call *call, bfl_json_writer *w, const bfl_hook_card *card, size_t index) {
    const bfl_hook_suggestion *s = &card->suggestions.items[index];
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "label", bfl_plain_text(call->arena, s->label));
    bfl_json_text(w, "uuid", uuid_of(call, bfl_arena_printf(call->arena, "%s\n%zu", card->about, index)));
    if (s->recommended) put_flag(w, "isRecommended", true);
    bfl_json_open(w, "actions", "[");
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "type", s->step ? "create" : "delete");
    bfl_json_text(w, "description", bfl_plain_text(call->arena, s->description));
    if (s->step)
        put_service_request(call, w, s);
    else
        bfl_json_text(w, "resourceId", s->delete_what);
    bfl_json_close(w, "}");
    bfl_json_close(w, "]");
    bfl_json_close(w, "}");
}

static void put_suggestions(bfl_hook_call *call, bfl_json_writer *w, const bfl_hook_card *card) {
    if (!card->suggestions.count) return;
    bfl_json_open(w, "suggestions", "[");
    for (size_t i = 0; i < card->suggestions.count; i++) put_suggestion(call, w, card, i);
    bfl_json_close(w, "]");
    bfl_json_text(w, "selectionBehavior", "any");
}

/* ---- the rest of a card ---- */

/* "not_tolerated" -> "not-tolerated". */
static const char *code_of(bfl_arena *arena, const char *key) {
    char *code = bfl_arena_text(arena, bfl_text_of(key));
    for (char *p = code; *p; p++)
        if (*p == '_') *p = '-';
    return code;
}

static void put_reasons(bfl_hook_call *call, bfl_json_writer *w, const bfl_hook_card *card) {
    const bfl_rule *rule = bfl_rule_of(call->hooks->rulebook, BFL_RULE_HOOKS_OVERRIDE);
    if (!card->overridable) return;
    bfl_json_open(w, "overrideReasons", "[");
    for (size_t i = 0; i < rule->parameter_count; i++)
        bfl_fhir_put_coding(w, BFL_FHIR_OWN_SYSTEM "override-reason", code_of(call->arena, rule->parameters[i].key),
                            rule->parameters[i].text);
    bfl_json_close(w, "]");
}

/* The papers behind what the card says. */
static void put_links(bfl_hook_call *call, bfl_json_writer *w, const bfl_hook_card *card) {
    bfl_fhir_list list = bfl_fhir_list_open(w, "links");
    size_t count = 0;
    for (size_t i = 0; i < card->sources.count && count < MOST_LINKS; i++) {
        const bfl_citation *citation = bfl_citation_find(card->sources.items[i]);
        if (!citation || !citation->url[0]) continue;
        bfl_json_open(w, NULL, "{");
        bfl_json_text(w, "label", bfl_say_source(call->arena, citation->key));
        bfl_json_text(w, "url", citation->url);
        bfl_json_text(w, "type", "absolute");
        bfl_json_close(w, "}");
        count++;
    }
    bfl_fhir_list_close(w, list);
}

static void put_source(bfl_hook_call *call, bfl_json_writer *w) {
    const char *url = call->hooks->options.page_url;
    bfl_json_open(w, "source", "{");
    bfl_json_text(w, "label", bfl_rule_words(call->hooks->rulebook, BFL_TXT_HOOKS_SOURCE__LABEL_TEXT));
    if (url && url[0]) bfl_json_text(w, "url", url);
    bfl_json_open(w, "topic", "{");
    bfl_json_text(w, "system", BFL_FHIR_OWN_SYSTEM "topic");
    bfl_json_text(w, "code", "bone-flare");
    bfl_json_text(w, "display", "Bone flare or progression");
    bfl_json_close(w, "}");
    bfl_json_close(w, "}");
}

void bfl_hook_card_write(bfl_hook_call *call, bfl_json_writer *w, const bfl_hook_card *card) {
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "uuid", uuid_of(call, card->about));
    bfl_json_text(w, "summary", bfl_hook_line(call->arena, card->summary));
    bfl_json_text(w, "indicator", card->indicator);
    put_source(call, w);
    bfl_json_text(w, "detail", card->detail);
    put_suggestions(call, w, card);
    put_reasons(call, w, card);
    put_links(call, w, card);
    bfl_json_close(w, "}");
    call->card_count++;
}

void bfl_hook_cards_open(bfl_hook_call *call, bfl_json_writer *w) {
    *w = (bfl_json_writer){.out = &call->out};
    bfl_json_open(w, NULL, "{");
    bfl_json_open(w, "cards", "[");
}

void bfl_hook_cards_close(bfl_json_writer *w) {
    bfl_json_close(w, "]");
    bfl_json_close(w, "}");
}
