/* SPDX-License-Identifier: Apache-2.0 */
/* Facts that no public code says, in the program's own vocabulary (docs/fhir.md): what a case folder holds, losslessly. */
#include "format/fhir/read.h"

#include <string.h>

/* The component of an Observation with a code of the own system. */
static const node *component(resource *w, const char *code) {
    for (const node *c = bfl_fhir_objects(w, w->root, "component"); c; c = c->next)
        if (strcmp(bfl_fhir_code(bfl_fhir_get(c, "code"), OWN_SYSTEM "component"), code) == 0) return c;
    return NULL;
}

/* Its value as text, whatever type it has; "" when it is not there. */
static const char *component_text(resource *w, const char *code) {
    const char *kind;
    bool twice;
    const node *c = component(w, code);
    const node *value = c ? bfl_fhir_choice(w, c, "value", &kind, &twice) : NULL;
    if (!value) return "";
    if (strcmp(kind, "CodeableConcept") == 0) {
        const char *word = bfl_fhir_string(bfl_fhir_get(bfl_fhir_first(bfl_fhir_get(value, "coding")), "code"));
        return word[0] ? bfl_fhir_keep(w->r, word) : bfl_fhir_words(w->r, value);
    }
    if (strcmp(kind, "Quantity") == 0) value = bfl_fhir_get(value, "value");
    return value ? bfl_fhir_keep(w->r, value->text) : "";
}

static bfl_maybe component_number(resource *w, const char *code) {
    bfl_decimal value;
    const char *text = component_text(w, code);
    if (!text[0]) return (bfl_maybe){0};
    if (bfl_decimal_parse(bfl_text_of(text), &value, NULL) == BFL_OK) return bfl_some(value);
    bfl_fhir_issue(w, FHIR_TYPE, bfl_arena_printf(w->r->arena, "component(%s)", code),
                   bfl_issue_quote(w->r->arena, bfl_text_of(text)), "a number");
    return (bfl_maybe){0};
}

static void bad_word(resource *w, const char *code, const char *list) {
    bfl_fhir_issue(w, FHIR_CODE_SET, bfl_arena_printf(w->r->arena, "component(%s)", code),
                   bfl_issue_quote(w->r->arena, bfl_text_of(component_text(w, code))),
                   bfl_terms_choices(w->r->arena, list));
}

#define WORD(w, code, parse, out, list)                                                       \
    do {                                                                                      \
        if (!parse(bfl_text_of(component_text((w), code)), (out))) bad_word((w), code, list); \
    } while (0)

static unsigned changes(resource *w) {
    unsigned set = 0;
    bfl_text rest = bfl_text_of(component_text(w, "change"));
    while (rest.size) {
        bfl_change change = BFL_CHANGE_NONE;
        if (bfl_change_parse(bfl_text_trim(bfl_text_split(&rest, ';')), &change))
            set |= (unsigned)change;
        else
            bad_word(w, "change", "change");
    }
    return set;
}

void bfl_fhir_own_lesion(resource *w, bfl_lesion *l) {
    WORD(w, "role", bfl_role_parse, &l->role, "role");
    WORD(w, "matrix", bfl_matrix_parse, &l->matrix, "matrix");
    WORD(w, "state", bfl_lesion_state_parse, &l->state, "state");
    WORD(w, "uptake", bfl_uptake_parse, &l->uptake, "uptake");
    WORD(w, "beyond_bone", bfl_said_parse, &l->beyond_bone, "said");
    l->changes = changes(w);
    l->hu_mean = component_number(w, "hu_mean");
    l->suv_max = component_number(w, "suv_max");
    l->soft_tissue_mm = component_number(w, "soft_tissue_mm");
    l->count = component_number(w, "count");
    l->slice_mm = component_number(w, "slice_mm");
}

static bfl_date time_of(resource *w) {
    bfl_date end;
    return bfl_fhir_time(w, "effective", &end);
}

static const char *place(resource *w) { return bfl_fhir_words(w->r, bfl_fhir_get(w->root, "bodySite")); }

static outcome read_clinical(resource *w) {
    bfl_clinical *c = bfl_record_add_clinical(w->who->builder, time_of(w));
    c->item = component_text(w, "item");
    c->value = component_text(w, "value");
    c->unit = component_text(w, "unit");
    c->site = place(w);
    c->note = bfl_fhir_notes(w);
    c->source = w->source;
    return OUTCOME_USED;
}

static outcome read_molecular(resource *w) {
    bfl_molecular *m = bfl_record_add_molecular(w->who->builder, time_of(w));
    m->gene = component_text(w, "gene");
    m->variant = component_text(w, "variant");
    m->result = component_text(w, "result");
    m->specimen = component_text(w, "specimen");
    m->method = bfl_fhir_words(w->r, bfl_fhir_get(w->root, "method"));
    m->note = bfl_fhir_notes(w);
    m->source = w->source;
    return OUTCOME_USED;
}

static outcome read_pathology(resource *w) {
    bfl_pathology *p = bfl_record_add_pathology(w->who->builder, time_of(w));
    p->site = place(w);
    WORD(w, "organ", bfl_organ_parse, &p->organ, "organ");
    p->procedure = component_text(w, "procedure");
    p->result = component_text(w, "result");
    p->note = bfl_fhir_notes(w);
    p->source = w->source;
    return OUTCOME_USED;
}

static outcome read_note(resource *w) {
    bfl_note *n = w->who ? bfl_record_add_note(w->who->builder) : BFL_PUSH(w->r->scratch, &w->r->study.notes);
    n->date = time_of(w);
    n->topic = component_text(w, "topic");
    n->value = component_text(w, "value");
    n->stated_day = component_number(w, "stated_day");
    n->text = bfl_fhir_notes(w);
    n->source = w->source;
    return OUTCOME_KEPT;
}

outcome bfl_fhir_read_own(resource *w, const char *code) {
    static const struct {
        const char *code;
        outcome (*read)(resource *w);
    } facts[] = {{"clinical", read_clinical},
                 {"lesion", bfl_fhir_read_lesion},
                 {"molecular", read_molecular},
                 {"pathology", read_pathology},
                 {"note", read_note}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (strcmp(facts[i].code, code) != 0) continue;
        w->what = facts[i].code;
        return facts[i].read(w);
    }
    bfl_fhir_issue(w, FHIR_CODE_SET, "code", bfl_issue_quote(w->r->arena, bfl_text_of(code)),
                   "clinical, lesion, molecular, pathology or note");
    return OUTCOME_DROPPED;
}
