/* SPDX-License-Identifier: Apache-2.0 */
/* Drugs, operations, radiotherapy. Drugs that the program does not know count only when mCODE says they treat the cancer. */
#include "format/fhir/read.h"

#include <string.h>

/* ---- which drug ---- */

/* "gefitinib 250 MG Oral Tablet", "1 ML cisplatin 50 MG": the first word that is a drug. */
const bfl_drug *bfl_fhir_drug(bfl_text words, bfl_text *found) {
    bfl_text rest = words;
    const bfl_drug *drug = bfl_drug_find(bfl_text_trim(words));
    *found = words;
    while (!drug && rest.size) {
        bfl_text word = bfl_text_split(&rest, ' ');
        if (word.size < 4) continue;
        drug = bfl_drug_find(word);
        if (drug) *found = word;
    }
    return drug;
}

static const bfl_drug *drug_in(const char *words, const char **out, reader *r) {
    bfl_text found;
    const bfl_drug *drug = bfl_fhir_drug(bfl_text_of(words), &found);
    *out = found.size == strlen(words) ? words : bfl_fhir_keep(r, bfl_arena_text(r->scratch, found));
    return drug;
}

static const node *contained(resource *w, const char *reference) {
    for (const node *c = bfl_fhir_first(bfl_fhir_get(w->root, "contained")); c && reference[0] == '#'; c = c->next)
        if (strcmp(bfl_fhir_string(bfl_fhir_get(c, "id")), reference + 1) == 0) return c;
    return NULL;
}

static const char *medication_words(resource *w) {
    const node *concept = bfl_fhir_object(w, w->root, "medicationCodeableConcept");
    if (concept) return bfl_fhir_words(w->r, concept);
    const node *reference = bfl_fhir_object(w, w->root, "medicationReference");
    const char *text = bfl_fhir_string(bfl_fhir_get(reference, "reference"));
    const node *inner = contained(w, text);
    if (inner) return bfl_fhir_words(w->r, bfl_fhir_get(inner, "code"));
    const entity *e = reference ? bfl_fhir_resolve(w, reference) : NULL;
    if (e) return e->name;
    if (reference)
        bfl_fhir_issue(
            w, FHIR_REFERENCE, "medicationReference",
            bfl_arena_printf(w->r->arena, "%s, which is not here", bfl_issue_quote(w->r->arena, bfl_text_of(text))),
            "a Medication of the same input");
    return bfl_fhir_keep(w->r, bfl_fhir_string(bfl_fhir_get(reference, "display")));
}

const bfl_drug *bfl_fhir_medication(resource *w, const char **words) {
    const char *known;
    *words = medication_words(w);
    return drug_in(*words, &known, w->r);
}

/* ---- why ---- */

/* The own extension, else mCODE's intent: SNOMED 373847000 neoadjuvant ... all are of the cancer but 399707004 supportive. */
static bfl_intent intent_of(resource *w, const bfl_drug *drug) {
    bfl_intent own = BFL_INTENT_NONE;
    const char *text = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "intent");
    if (text[0] && bfl_intent_parse(bfl_text_of(text), &own)) return own;
    const node *said = bfl_fhir_extension(w->root, MCODE "mcode-procedure-intent");
    if (!said) said = bfl_fhir_extension(w->root, MCODE "mcode-treatment-intent");
    if (strcmp(bfl_fhir_code(bfl_fhir_get(said, "valueCodeableConcept"), SNOMED), "399707004") == 0)
        return BFL_INTENT_SUPPORTIVE;
    if (drug) return drug->intent;
    bool cancer = bfl_fhir_holds(w->profile_words, "cancer-related-medication") ||
                  bfl_fhir_holds(w->profile_words, "onco-core-Medication"); /* mCODE STU1 */
    return cancer ? BFL_INTENT_ANTICANCER : BFL_INTENT_NONE;
}

/* ---- MedicationRequest, -Administration, -Statement ---- */

static bfl_date order_start(resource *w, bfl_date *end) {
    const node *dosage = bfl_fhir_objects(w, w->root, "dosageInstruction");
    const node *bounds = bfl_fhir_get(bfl_fhir_get(bfl_fhir_get(dosage, "timing"), "repeat"), "boundsPeriod");
    bfl_date start = bfl_fhir_date(w, bounds, "start");
    *end = bfl_fhir_date(w, bounds, "end");
    if (start.precision != BFL_DATE_NONE) return start;
    start = bfl_fhir_date(w, w->root, "authoredOn");
    return start;
}

static const char *dose_words(resource *w) {
    const node *dosage = bfl_fhir_first(bfl_fhir_get(w->root, "dosageInstruction"));
    if (!dosage) dosage = bfl_fhir_first(bfl_fhir_get(w->root, "dosage"));
    return bfl_fhir_keep(w->r, bfl_fhir_string(bfl_fhir_get(dosage, "text")));
}

static const char *reason_stopped(resource *w) {
    const node *reason = bfl_fhir_get(w->root, "statusReason");
    return bfl_fhir_words(w->r, bfl_fhir_first(reason));
}

static void describe(resource *w, bfl_therapy *t) {
    t->class_id = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "class");
    t->line = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "line");
    t->dose = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "dose");
    if (!t->dose[0]) t->dose = dose_words(w);
    t->site = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "site");
    t->reason_stopped = reason_stopped(w);
    t->note = bfl_fhir_notes(w);
    t->source = w->source;
}

/* An order says "order" or less: a proposal or a plan is no treatment. */
static bool is_ordered(resource *w) {
    const char *intent = bfl_fhir_text(w, w->root, "intent");
    if (!bfl_fhir_among(intent, "proposal plan option")) return true;
    bfl_fhir_issue(w, FHIR_NOT_DONE, "intent", intent, "an order");
    return false;
}

outcome bfl_fhir_read_medication(resource *w) {
    bool order = strcmp(w->type, "MedicationRequest") == 0;
    const char *drug_name, *words = medication_words(w);
    const bfl_drug *drug = drug_in(words, &drug_name, w->r);
    course c = {.given = !order};
    bool own = bfl_fhir_extension(w->root, OWN_EXTENSION "course");
    c.row.intent = intent_of(w, drug);
    if (c.row.intent == BFL_INTENT_NONE && !own) {
        w->what = words;
        return OUTCOME_UNKNOWN;
    }
    w->what = bfl_intent_word(c.row.intent);
    if (order && !is_ordered(w)) return OUTCOME_DROPPED;
    c.row.drug = own ? words : drug_name;
    describe(w, &c.row);
    c.start = order ? order_start(w, &c.stop) : bfl_fhir_time(w, "effective", &c.stop);
    if (own) {
        *bfl_record_add_therapy(w->who->builder, c.start, c.stop) = c.row;
        return OUTCOME_USED;
    }
    *BFL_PUSH(w->r->scratch, &w->who->courses) = c;
    return OUTCOME_USED;
}

/* ---- Procedure ---- */

static bool is_radiotherapy(resource *w, const char *words) {
    const node *code = bfl_fhir_get(w->root, "code");
    return bfl_fhir_holds(w->profile_words, "radiotherapy") || strcmp(bfl_fhir_code(code, SNOMED), "1217123003") == 0 ||
           bfl_fhir_holds(words, "radiotherapy") || bfl_fhir_holds(words, "brachytherapy") ||
           bfl_fhir_holds(words, "radiation therapy");
}

static bool is_biopsy(const char *words) { return bfl_fhir_holds(words, "biopsy"); }

static outcome read_biopsy(resource *w, const char *words, bfl_date date) {
    bfl_pathology *p = bfl_record_add_pathology(w->who->builder, date);
    p->site = bfl_fhir_words(w->r, bfl_fhir_first(bfl_fhir_get(w->root, "bodySite")));
    p->organ = bfl_fhir_organ(p->site[0] ? p->site : words);
    p->procedure = words;
    p->note = bfl_fhir_notes(w);
    p->source = w->source;
    w->what = "biopsy";
    return OUTCOME_USED;
}

outcome bfl_fhir_read_procedure(resource *w) {
    const char *words = bfl_fhir_words(w->r, bfl_fhir_object(w, w->root, "code"));
    bfl_intent intent = BFL_INTENT_NONE;
    const char *own = bfl_fhir_extension_text(w, w->root, OWN_EXTENSION "intent");
    bfl_date stop, start = bfl_fhir_time(w, "performed", &stop);
    if (own[0])
        (void)bfl_intent_parse(bfl_text_of(own), &intent);
    else if (is_radiotherapy(w, words))
        intent = BFL_INTENT_RADIOTHERAPY;
    else if (bfl_fhir_holds(w->profile_words, "cancer-related-surgical-procedure"))
        intent = BFL_INTENT_SURGERY;
    if (intent == BFL_INTENT_NONE && is_biopsy(words)) return read_biopsy(w, words, start);
    if (intent == BFL_INTENT_NONE) {
        w->what = words;
        return OUTCOME_UNKNOWN;
    }
    bool named = words[0] && (own[0] || words[0] > '9');
    bfl_therapy row = {.drug = named ? words : bfl_intent_word(intent), .intent = intent};
    describe(w, &row);
    row.site = bfl_fhir_words(w->r, bfl_fhir_first(bfl_fhir_get(w->root, "bodySite")));
    *bfl_record_add_therapy(w->who->builder, start, stop) = row;
    w->what = bfl_intent_word(intent);
    return OUTCOME_USED;
}
