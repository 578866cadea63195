/* SPDX-License-Identifier: Apache-2.0 */
/* Collected responses, taken apart from the statements that a reader of SDTM makes of RS (docs/sdtm.md). */
#include "reconcile/parts.h"

#include <string.h>

static bfl_text split_last(bfl_text *text) {
    size_t at = text->size;
    while (at && text->data[at - 1] != '.') at--;
    bfl_text behind = {text->data + at, text->size - at};
    text->size = at ? at - 1 : 0;
    return behind;
}

static bool is_collected(const char *topic) {
    size_t dots = 0;
    for (const char *c = topic; *c; c++) dots += *c == '.';
    return dots >= 4 && bfl_text_starts(bfl_text_of(topic), BFL_TEXT("response."));
}

static bool has_part(const char *text, bfl_text part) {
    return bfl_text_find_nocase(bfl_text_of(text), part) != SIZE_MAX;
}

static void take_apart(bfl_arena *arena, const bfl_note *n, collected *out) {
    bfl_text topic = bfl_text_of(n->topic), text = bfl_text_of(n->text);
    (void)bfl_text_split(&topic, '.');
    out->note = n;
    out->evaluator_id = bfl_arena_text(arena, split_last(&topic));
    out->evaluator = bfl_arena_text(arena, split_last(&topic));
    out->test = bfl_arena_text(arena, split_last(&topic));
    out->category = bfl_arena_text(arena, topic);
    out->visit = bfl_arena_text(arena, bfl_text_split(&text, ';'));
    out->accepted = has_part(n->text, BFL_TEXT("; accepted record"));
    out->not_done = has_part(n->text, BFL_TEXT("; NOT DONE"));
}

collected_list bfl_collected_of(bfl_arena *arena, const bfl_record *record) {
    collected_list list = {0};
    for (size_t i = 0; i < record->note_count; i++)
        if (is_collected(record->notes[i].topic)) take_apart(arena, &record->notes[i], BFL_PUSH(arena, &list));
    return list;
}

const char *bfl_collected_reader(bfl_arena *arena, const char *evaluator, const char *evaluator_id) {
    if (!evaluator || !evaluator[0]) return "no evaluator named";
    return evaluator_id && evaluator_id[0] ? bfl_arena_printf(arena, "%s, %s", evaluator, evaluator_id) : evaluator;
}

bool bfl_collected_known(const char *word) { return !word[0] || bfl_cdisc_find("response", bfl_text_of(word)) != NULL; }

/* ---- what is derived for it ---- */

static bool is(const char *a, const char *b) { return bfl_text_equal_nocase(bfl_text_of(a), bfl_text_of(b)); }

bool bfl_derivation_of(const collected *c, derivation *out) {
    static const struct {
        const char *category, *test, *criterion;
        bfl_reconciled what;
    } table[] = {
        {"RECIST 1.1", "OVRLRESP", "recist11", BFL_RECONCILED_OVERALL},
        {"RECIST 1.1", "TRGRESP", "recist11", BFL_RECONCILED_TARGET},
        {"RECIST 1.1", "NTRGRESP", "recist11", BFL_RECONCILED_NONTARGET},
        {"RECIST 1.1", "NEWLIND", "recist11", BFL_RECONCILED_NEW},
        {"RECIST 1.1", "NEWLPROG", "recist11", BFL_RECONCILED_NEW},
        {"RECIST 1.1", "BESTRESP", "recist11", BFL_RECONCILED_BEST},
        {"RECIST 1.1", "SFTSRESP", "soft_tissue", BFL_RECONCILED_OVERALL},
        {"iRECIST", "OVRLRESP", "irecist", BFL_RECONCILED_OVERALL},
        {"PCWG SCHER PROSTATE CANCER 2016", "BONERESP", "pcwg3_bone", BFL_RECONCILED_OVERALL},
        {"PCWG SCHER PROSTATE CANCER 2016", "OVRLRESP", "pcwg3", BFL_RECONCILED_OVERALL},
        {"PERCIST", "OVRLRESP", "percist10", BFL_RECONCILED_OVERALL},
    };
    const char *category = c->category[0] ? c->category : "RECIST 1.1";
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!is(table[i].category, category) || !is(table[i].test, c->test)) continue;
        *out = (derivation){table[i].what, table[i].criterion};
        return true;
    }
    return false;
}
