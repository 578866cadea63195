/* SPDX-License-Identifier: Apache-2.0 */
/* Observations by their code: what kind they are, and the kinds that are read here. All mCODE generations. */
#include "format/fhir/read.h"

#include <string.h>

static bfl_date time_of(resource *w) {
    bfl_date end;
    return bfl_fhir_time(w, "effective", &end);
}

static const char *quote(resource *w, const char *text) { return bfl_issue_quote(w->r->arena, bfl_text_of(text)); }

/* The value when it has the wanted type; else reports what it is. NULL with *absent when there is none. */
static const node *value_of(resource *w, const char *wanted, bool *absent) {
    const char *kind;
    bool twice;
    const node *value = bfl_fhir_choice(w, w->root, "value", &kind, &twice);
    *absent = !value && !twice;
    if (!value) return NULL;
    if (strcmp(kind, wanted) == 0) return value;
    bfl_fhir_issue(w, FHIR_TYPE, value->key,
                   bfl_arena_printf(w->r->arena, "value%s %s", bfl_fhir_keep(w->r, kind), quote(w, value->text)),
                   bfl_arena_printf(w->r->arena, "value%s", wanted));
    return NULL;
}

static outcome no_value(resource *w) {
    const node *reason = bfl_fhir_get(w->root, "dataAbsentReason");
    bfl_fhir_issue(w, FHIR_NO_VALUE, "", reason ? bfl_fhir_words(w->r, reason) : "no value", "a value");
    return OUTCOME_DROPPED;
}

/* ---- performance status ---- */

/* LOINC answer list LL529-9, ECOG 0 to 5. */
static const char *const ecog_answers[] = {"LA9622-7", "LA9623-5", "LA9624-3", "LA9625-0", "LA9626-8", "LA9627-6"};

static int ecog_answer(const node *concept) {
    const char *code = bfl_fhir_code(concept, LOINC);
    for (int i = 0; i < 6; i++)
        if (strcmp(ecog_answers[i], code) == 0) return i;
    return -1;
}

/* A whole number from 0 to most, as text; "" and an issue otherwise. */
static const char *whole_number(resource *w, int most) {
    bool absent;
    const char *kind;
    const node *value = bfl_fhir_choice(w, w->root, "value", &kind, &absent);
    if (value && strcmp(kind, "CodeableConcept") == 0 && most == 5 && ecog_answer(value) >= 0)
        return bfl_arena_printf(w->r->arena, "%d", ecog_answer(value));
    if (absent) return ""; /* two values */
    if (value && strcmp(kind, "Quantity") == 0)
        value = bfl_fhir_get(value, "value");
    else
        value = value_of(w, "Integer", &absent);
    if (absent) (void)no_value(w);
    if (!value) return "";
    bfl_decimal n;
    if (!bfl_fhir_number(w, value, "valueInteger", &n)) return "";
    bool whole = bfl_decimal_compare(n, bfl_decimal_round(n, 0)) == 0;
    if (whole && n.mantissa >= 0 && bfl_decimal_compare(n, bfl_decimal_of(most)) <= 0)
        return bfl_decimal_z(w->r->arena, n, 0);
    bfl_fhir_issue(w, FHIR_CODE_SET, "valueInteger", quote(w, value->text),
                   bfl_arena_printf(w->r->arena, "a whole number from 0 to %d", most));
    return "";
}

static outcome add_clinical(resource *w, const char *item, const char *value, const char *unit) {
    bfl_clinical *c = bfl_record_add_clinical(w->who->builder, time_of(w));
    c->item = item;
    c->value = value;
    c->unit = unit;
    c->note = bfl_fhir_notes(w);
    c->source = w->source;
    return OUTCOME_USED;
}

static outcome read_ecog(resource *w) {
    const char *value = whole_number(w, 5);
    if (!value[0]) return OUTCOME_DROPPED;
    const node *interpretation = bfl_fhir_first(bfl_fhir_get(w->root, "interpretation"));
    int answer = ecog_answer(interpretation);
    const char *code = bfl_fhir_code(interpretation, LOINC);
    if (answer < 0 && code[0]) {
        bfl_fhir_issue(w, FHIR_CODE_SET, "interpretation", quote(w, code), "an answer of LOINC LL529-9");
        return OUTCOME_DROPPED;
    }
    if (answer >= 0 && value[0] != '0' + answer) {
        bfl_fhir_issue(
            w, FHIR_CODE_DISPLAY, "interpretation",
            bfl_arena_printf(w->r->arena, "value %s, answer %s means %d", value, ecog_answers[answer], answer),
            "the same grade in both");
        return OUTCOME_DROPPED;
    }
    return add_clinical(w, "ecog", value, "");
}

static outcome read_karnofsky(resource *w) {
    const char *value = whole_number(w, 100);
    if (!value[0]) return OUTCOME_DROPPED;
    return add_clinical(w, "performance", bfl_arena_printf(w->r->arena, "Karnofsky %s", value), "");
}

static outcome read_weight(resource *w) {
    bool absent;
    bfl_decimal value;
    const node *q = value_of(w, "Quantity", &absent);
    if (!q) return absent ? no_value(w) : OUTCOME_DROPPED;
    const char *unit = bfl_fhir_string(bfl_fhir_get(q, "code"));
    if (!unit[0]) unit = bfl_fhir_string(bfl_fhir_get(q, "unit"));
    if (!bfl_fhir_number(w, bfl_fhir_get(q, "value"), "valueQuantity.value", &value)) return OUTCOME_DROPPED;
    if (bfl_fhir_among(unit, "[lb_av] lb lbs")) { /* the international pound is 0.45359237 kg exactly */
        value = bfl_decimal_round(bfl_decimal_multiply(value, (bfl_decimal){45359237, -8}), 1);
        bfl_fhir_issue_once(w, FHIR_UNIT_CONVERTED, "weight lb", "valueQuantity.code", "weight in pounds", "kg");
    } else if (strcmp(unit, "kg") != 0) {
        bfl_fhir_issue(w, FHIR_UNIT_CODE, "valueQuantity.code", quote(w, unit), "kg or [lb_av]");
        return OUTCOME_DROPPED;
    }
    return add_clinical(w, "weight", bfl_decimal_z(w->r->arena, value, -1), "kg");
}

/* ---- disease status ---- */

static const struct {
    const char *code, *word;
} trends[] = {{"260415000", "no_evidence_of_disease"},
              {"268910001", "improved"},
              {"359746009", "stable"},
              {"271299001", "worsened"},
              {"709137006", "undetermined"},
              {"550991000124107", "full_remission"},
              {"551001000124108", "partial_remission"},
              {"103338009", "full_remission"},
              {"103337004", "partial_remission"},
              {"399409002", "distant_metastasis_absent"}};

static outcome read_status(resource *w) {
    bool absent;
    const node *value = value_of(w, "CodeableConcept", &absent);
    if (!value) return absent ? no_value(w) : OUTCOME_DROPPED;
    if (value->type != BFL_JSON_OBJECT) {
        bfl_fhir_issue(w, FHIR_TYPE, "valueCodeableConcept", quote(w, value->text), "a CodeableConcept");
        return OUTCOME_DROPPED;
    }
    const char *code = bfl_fhir_code(value, SNOMED), *word = NULL;
    for (size_t i = 0; i < sizeof trends / sizeof *trends && !word; i++)
        if (strcmp(trends[i].code, code) == 0) word = trends[i].word;
    if (!word) {
        bfl_fhir_issue(w, FHIR_CODE_SET, "valueCodeableConcept", quote(w, code[0] ? code : bfl_fhir_words(w->r, value)),
                       "a code of mCODE's condition status trend, such as 268910001, 359746009 or 271299001");
        return OUTCOME_DROPPED;
    }
    bfl_fhir_note(w, time_of(w), "disease_status", word, bfl_fhir_words(w->r, value));
    return OUTCOME_KEPT;
}

static outcome read_old_status(resource *w) {
    bfl_fhir_issue_once(w, FHIR_CODE_OLD, "88040-1", "code", "LOINC 88040-1 (mCODE STU1)", "97509-4");
    return read_status(w);
}

/* A response by RECIST as a word: MII's codes, Kenya's codes, or text. */
static outcome read_response(resource *w) {
    bool absent;
    const node *value = value_of(w, "CodeableConcept", &absent);
    if (!value) return absent ? no_value(w) : OUTCOME_DROPPED;
    const node *coding = bfl_fhir_first(bfl_fhir_get(value, "coding"));
    const char *code = bfl_fhir_keep(w->r, bfl_fhir_string(bfl_fhir_get(coding, "code")));
    bfl_fhir_note(w, time_of(w), "response", code[0] ? code : bfl_fhir_words(w->r, value), bfl_fhir_words(w->r, value));
    return OUTCOME_KEPT;
}

/* ---- stage, smoking ---- */

static outcome read_stage(resource *w) {
    const node *value = bfl_fhir_get(w->root, "valueCodeableConcept");
    const char *words = bfl_fhir_words(w->r, value), *category = bfl_fhir_category(w->r, words, 'S');
    if (!category[0]) return OUTCOME_KEPT;
    if (!w->who->stage) w->who->stage = category;
    return OUTCOME_USED;
}

static outcome read_tnm(resource *w, const char **slot, char letter) {
    const char *category =
        bfl_fhir_category(w->r, bfl_fhir_words(w->r, bfl_fhir_get(w->root, "valueCodeableConcept")), letter);
    if (!category[0]) return OUTCOME_KEPT;
    if (!*slot) *slot = category;
    return OUTCOME_USED;
}

static outcome read_t(resource *w) { return read_tnm(w, &w->who->t, 'T'); }
static outcome read_n(resource *w) { return read_tnm(w, &w->who->n, 'N'); }
static outcome read_m(resource *w) { return read_tnm(w, &w->who->m, 'M'); }

static outcome read_smoking(resource *w) {
    static const struct {
        const char *code, *word;
    } words[] = {{"266919005", "never"},        {"8517006", "former"},          {"77176002", "current"},
                 {"449868002", "current"},      {"428041000124106", "current"}, {"428071000124103", "current"},
                 {"428061000124105", "current"}};
    const char *code = bfl_fhir_code(bfl_fhir_get(w->root, "valueCodeableConcept"), SNOMED);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].code, code) == 0) {
            bfl_record_patient(w->who->builder)->smoking = words[i].word;
            return OUTCOME_USED;
        }
    return OUTCOME_KEPT;
}

/* ---- genomics ---- */

static const char *variant_part(resource *w, const char *loinc) {
    for (const node *c = bfl_fhir_objects(w, w->root, "component"); c; c = c->next)
        if (strcmp(bfl_fhir_code(bfl_fhir_get(c, "code"), LOINC), loinc) == 0) {
            const char *text = bfl_fhir_string(bfl_fhir_get(c, "valueString"));
            return text[0] ? bfl_fhir_keep(w->r, text) : bfl_fhir_words(w->r, bfl_fhir_get(c, "valueCodeableConcept"));
        }
    return "";
}

/* Genomics Reporting: gene studied, then the change in the protein, the coding sequence, or its name. */
static outcome read_variant(resource *w) {
    static const char *const changes[] = {"48005-3", "48004-6", "81252-9", "47998-0"};
    const node *value = bfl_fhir_get(w->root, "valueCodeableConcept");
    const char *answer = bfl_fhir_code(value, LOINC);
    bfl_molecular *m = bfl_record_add_molecular(w->who->builder, time_of(w));
    m->gene = variant_part(w, "48018-6");
    m->variant = "";
    for (size_t i = 0; i < 4 && !m->variant[0]; i++) m->variant = variant_part(w, changes[i]);
    m->result = strcmp(answer, "LA9633-4") == 0 ? "positive" : strcmp(answer, "LA9634-2") == 0 ? "negative" : "";
    m->method = bfl_fhir_words(w->r, bfl_fhir_get(w->root, "method"));
    m->note = bfl_fhir_notes(w);
    m->source = w->source;
    return OUTCOME_USED;
}

/* ---- which kind ---- */

typedef struct kind_row {
    const char *system, *code, *what;
    outcome (*read)(resource *w);
} kind_row;

static const kind_row kinds[] = {
    {LOINC, "21889-1", "tumour size", bfl_fhir_read_lesion},
    {LOINC, "33728-7", "tumour size", bfl_fhir_read_lesion},
    {LOINC, "97509-4", "disease status", read_status},
    {LOINC, "88040-1", "disease status", read_old_status},
    {LOINC, "21976-6", "response", read_response},
    {SNOMED, "396432002", "response", read_response},
    {LOINC, "89247-1", "ECOG", read_ecog},
    {LOINC, "89243-0", "Karnofsky", read_karnofsky},
    {LOINC, "29463-7", "weight", read_weight},
    {LOINC, "72166-2", "smoking", read_smoking},
    {LOINC, "69548-6", "genetic variant", read_variant},
    {LOINC, "21908-9", "stage", read_stage},
    {LOINC, "21902-2", "stage", read_stage},
    {LOINC, "21914-7", "stage", read_stage},
    {SNOMED, "399537006", "stage", read_stage},
    {SNOMED, "399588009", "stage", read_stage},
    {SNOMED, "399390009", "stage", read_stage},
    {LOINC, "21905-5", "TNM", read_t},
    {LOINC, "21899-0", "TNM", read_t},
    {SNOMED, "399504009", "TNM", read_t},
    {SNOMED, "384625004", "TNM", read_t},
    {LOINC, "21906-3", "TNM", read_n},
    {LOINC, "21900-6", "TNM", read_n},
    {SNOMED, "399534004", "TNM", read_n},
    {SNOMED, "371494008", "TNM", read_n},
    {LOINC, "21907-1", "TNM", read_m},
    {LOINC, "21901-4", "TNM", read_m},
    {SNOMED, "399387003", "TNM", read_m},
    {SNOMED, "371497001", "TNM", read_m},
};

static const kind_row *kind_of(const node *code) {
    const char *loinc = bfl_fhir_code(code, LOINC), *snomed = bfl_fhir_code(code, SNOMED);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *own = kinds[i].system[7] == 'l' ? loinc : snomed; /* http://loinc.org */
        if (strcmp(own, kinds[i].code) == 0) return &kinds[i];
    }
    return NULL;
}

bool bfl_fhir_is_statement(const resource *w) {
    const kind_row *kind = strcmp(w->type, "Observation") == 0 ? kind_of(bfl_fhir_get(w->root, "code")) : NULL;
    return kind && (kind->read == read_status || kind->read == read_old_status || kind->read == read_response);
}

static const char *name_of(resource *w, const node *code) {
    meaning *m = bfl_fhir_meaning(w, code);
    if (m->nobody) return m->nobody;
    const char *first = bfl_fhir_string(bfl_fhir_get(bfl_fhir_first(bfl_fhir_get(code, "coding")), "code"));
    const char *kept = bfl_fhir_keep(w->r, first), *words = bfl_fhir_words(w->r, code);
    m->nobody = strcmp(words, kept) == 0 ? words : bfl_arena_printf(w->r->scratch, "%s %s", kept, words);
    return m->nobody;
}

/* A panel: each part that is a laboratory value. */
static outcome read_panel(resource *w, const node *code) {
    outcome best = OUTCOME_UNKNOWN;
    for (const node *c = bfl_fhir_objects(w, w->root, "component"); c; c = c->next) {
        outcome o = bfl_fhir_read_lab(w, c, false);
        if (o < best) best = o;
    }
    if (best != OUTCOME_UNKNOWN) return best;
    w->what = name_of(w, code);
    return OUTCOME_UNKNOWN;
}

/* The fact of the own vocabulary, "" for none, and the kind. */
static const char *sort_out(resource *w, const node *code, const kind_row **kind) {
    meaning *m = bfl_fhir_meaning(w, code);
    if (!m->sorted) {
        const char *fact = bfl_fhir_code(code, OWN_SYSTEM "fact");
        m->fact = fact[0] ? bfl_arena_text(w->r->scratch, bfl_text_of(fact)) : "";
        m->kind = kind_of(code);
        m->sorted = true;
    }
    *kind = m->kind;
    return m->fact;
}

outcome bfl_fhir_read_observation(resource *w) {
    const node *code = bfl_fhir_object(w, w->root, "code");
    if (!code) return OUTCOME_DROPPED;
    const kind_row *kind;
    const char *own = sort_out(w, code, &kind);
    if (own[0]) return bfl_fhir_read_own(w, own);
    if (kind) {
        w->what = kind->what;
        return kind->read(w);
    }
    outcome o = bfl_fhir_read_lab(w, w->root, true);
    if (o != OUTCOME_UNKNOWN) return o;
    return read_panel(w, code);
}
