/* SPDX-License-Identifier: Apache-2.0 */
/* Tumour sizes (mCODE TumorSize, LOINC 21889-1) and lesions without a size: which lesion, where, how large, by what method. */
#include "format/fhir/read.h"

#include <string.h>

#define LONGEST "33728-7"
#define OTHER "33729-5"

/* ---- which lesion ---- */

/* The tumour that was measured; false when it is another patient's. */
static bool find_focus(resource *w, const entity **out) {
    *out = NULL;
    for (const node *f = bfl_fhir_objects(w, w->root, "focus"); f; f = f->next) {
        const entity *e = bfl_fhir_resolve(w, f);
        const char *text = bfl_issue_quote(w->r->arena, bfl_text_of(bfl_fhir_string(bfl_fhir_get(f, "reference"))));
        if (!e) {
            bfl_fhir_issue(w, FHIR_REFERENCE, "focus.reference",
                           bfl_arena_printf(w->r->arena, "%s, which is not here", text),
                           "a BodyStructure of the same input");
            continue;
        }
        const name *owner = bfl_names_find(&w->r->entities, bfl_text_of(e->patient));
        const entity *patient = owner ? owner->value : NULL;
        if (patient && strcmp(patient->id, w->who->id) != 0) {
            bfl_fhir_issue(w, FHIR_OTHER_PATIENT, "focus.reference",
                           bfl_arena_printf(w->r->arena, "%s of patient %s", text, patient->id),
                           "a tumour of this patient");
            return false;
        }
        if (!*out || strcmp(e->type, "BodyStructure") == 0) *out = e;
    }
    return true;
}

/* In the own vocabulary nothing is concluded from the name of a place. */
static void name_own_lesion(resource *w, bfl_lesion *l, const entity *focus) {
    const node *body_site = bfl_fhir_object(w, w->root, "bodySite");
    (void)bfl_organ_parse(bfl_text_of(bfl_fhir_code(body_site, OWN_SYSTEM "organ")), &l->organ);
    l->site = bfl_fhir_text(w, body_site, "text");
    l->id = focus ? focus->identity : l->site[0] ? l->site : w->id;
}

static void name_lesion(resource *w, bfl_lesion *l, const entity *focus) {
    const node *body_site = bfl_fhir_object(w, w->root, "bodySite");
    bfl_organ organ = BFL_ORGAN_NONE;
    const char *own = bfl_fhir_code(body_site, OWN_SYSTEM "organ");
    l->site = bfl_fhir_words(w->r, body_site);
    if (!l->site[0] && focus) l->site = focus->name;
    l->organ = own[0] && bfl_organ_parse(bfl_text_of(own), &organ) ? organ : bfl_fhir_organ(l->site);
    if (l->organ == BFL_ORGAN_NONE && focus && !own[0]) l->organ = focus->organ;
    l->id = focus ? focus->identity : l->site[0] ? l->site : w->id;
}

/* The method says how; else the imaging study it was derived from. */
static bfl_modality modality_of(resource *w) {
    bfl_modality modality = bfl_fhir_modality(bfl_fhir_get(w->root, "method"));
    for (const node *d = bfl_fhir_first(bfl_fhir_get(w->root, "derivedFrom")); d && modality == BFL_MODALITY_NONE;
         d = d->next) {
        const entity *e = bfl_fhir_resolve(w, d);
        if (e) modality = e->modality;
    }
    return modality;
}

/* ---- how large ---- */

/* Sizes by code; 'twice' when there are two of them. */
static const node *dimension(resource *w, const char *loinc, bool *twice) {
    const node *found = NULL;
    *twice = false;
    for (const node *c = bfl_fhir_objects(w, w->root, "component"); c; c = c->next) {
        if (strcmp(bfl_fhir_code(bfl_fhir_get(c, "code"), LOINC), loinc) != 0) continue;
        if (found) *twice = true;
        if (!found) found = c;
    }
    return found;
}

static bfl_maybe size_of(resource *w, const node *component, const char *path) {
    const char *kind;
    bool twice;
    const node *value = component ? bfl_fhir_choice(w, component, "value", &kind, &twice) : NULL;
    if (!value) return (bfl_maybe){0};
    if (strcmp(kind, "Quantity") == 0 && value->type == BFL_JSON_OBJECT) return bfl_fhir_millimetres(w, value, path);
    bfl_fhir_issue(w, FHIR_TYPE, path, bfl_arena_printf(w->r->arena, "value%s", bfl_fhir_keep(w->r, kind)),
                   "valueQuantity");
    return (bfl_maybe){0};
}

static bool read_sizes(resource *w, bfl_lesion *l, bool needed) {
    bool twice, ignored;
    const node *longest = dimension(w, LONGEST, &twice), *other = dimension(w, OTHER, &ignored);
    bool plain = !longest && bfl_fhir_get(w->root, "valueQuantity"); /* before STU2: the value itself */
    if (twice || (needed && !longest && !plain)) {
        bfl_fhir_issue(w, FHIR_TUMOR_SIZE, "component", twice ? "two longest dimensions" : "no longest dimension",
                       "one component " LONGEST);
        return false;
    }
    l->longest_mm = plain ? size_of(w, w->root, "valueQuantity") : size_of(w, longest, "component(" LONGEST ")");
    l->short_mm = size_of(w, other, "component(" OTHER ")");
    return !needed || l->longest_mm.present;
}

/* ---- the lesion ---- */

static outcome read_removed(resource *w, bfl_date date) {
    bfl_lesion sizes = {0};
    if (!read_sizes(w, &sizes, true)) return OUTCOME_DROPPED;
    bfl_fhir_note(w, date, "tumour_size_removed", bfl_decimal_z(w->r->arena, sizes.longest_mm.value, -1),
                  "size of the removed specimen, mm");
    return OUTCOME_KEPT;
}

outcome bfl_fhir_read_lesion(resource *w) {
    bool own = strcmp(w->what, "lesion") == 0;
    bfl_date end, date = bfl_fhir_time(w, "effective", &end);
    const entity *focus;
    if (!find_focus(w, &focus)) return OUTCOME_DROPPED;
    if (!own && !focus && bfl_fhir_get(w->root, "specimen")) return read_removed(w, date);
    bfl_lesion read = {0};
    if (!read_sizes(w, &read, !own)) return OUTCOME_DROPPED;
    if (!focus && !own)
        bfl_fhir_issue_once(w, FHIR_FOCUS_MISSING, "focus", "focus", "no focus and no specimen",
                            "a reference to the tumour");
    if (own)
        name_own_lesion(w, &read, focus);
    else
        name_lesion(w, &read, focus);
    read.modality = modality_of(w);
    if (own) bfl_fhir_own_lesion(w, &read);
    read.note = bfl_fhir_notes(w);
    read.source = w->source;
    *bfl_record_add_lesion(w->who->builder, date) = read;
    return OUTCOME_USED;
}
