/* SPDX-License-Identifier: Apache-2.0 */
/* One resource: may it be used, whose is it, what does it tell. The end: one record for each patient. */
#include "format/fhir/read.h"

#include <string.h>

typedef struct type_row {
    const char *type;
    outcome (*read)(resource *w);
    const char *status; /* member that holds the status, NULL when it has none */
    const char *done;   /* codes that say it happened, or may have */
    const char *not_done;
} type_row;

static const type_row types[] = {
    {"Patient", bfl_fhir_read_patient, NULL, "", ""},
    {"Condition", bfl_fhir_read_condition, "verificationStatus", "confirmed unconfirmed provisional differential",
     "refuted"},
    {"Observation", bfl_fhir_read_observation, "status", "registered preliminary final amended corrected unknown",
     "cancelled"},
    {"MedicationRequest", bfl_fhir_read_medication, "status", "active on-hold completed stopped unknown",
     "cancelled draft"},
    {"MedicationAdministration", bfl_fhir_read_medication, "status", "in-progress on-hold completed stopped unknown",
     "not-done"},
    {"MedicationStatement", bfl_fhir_read_medication, "status", "active completed stopped on-hold unknown",
     "intended not-taken"},
    {"Procedure", bfl_fhir_read_procedure, "status", "in-progress on-hold stopped completed unknown",
     "preparation not-done"},
    {"ImagingStudy", bfl_fhir_read_imaging, "status", "registered available unknown", "cancelled"},
    {"DiagnosticReport", bfl_fhir_read_report, "status",
     "registered partial preliminary final amended corrected appended unknown", "cancelled"},
};

/* Read in the first pass, for those that point to them; nothing more is to be told. */
static const char background[] =
    "BodyStructure Medication Specimen Practitioner PractitionerRole Organization Location "
    "Encounter Endpoint Device Provenance List";

static const type_row *find_type(const char *type) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].type, type) == 0) return &types[i];
    return NULL;
}

/* ---- may it be used? ---- */

static const node *repeated_key(const node *n) {
    for (const node *c = bfl_json_child(n); c; c = c->next) {
        if (c->repeated) return c;
        const node *inner = repeated_key(c);
        if (inner) return inner;
    }
    return NULL;
}

static bool is_sound(resource *w) {
    reader *r = w->r;
    const node *twice = bfl_json_may_repeat(w->root) ? repeated_key(w->root) : NULL;
    if (twice) {
        bfl_fhir_issue(w, FHIR_DUPLICATE_KEY, "", bfl_issue_quote(r->arena, bfl_text_of(twice->key)),
                       "each key once in an object");
        return false;
    }
    const node *modifier = bfl_fhir_first(bfl_fhir_get(w->root, "modifierExtension"));
    if (modifier) {
        bfl_fhir_issue(w, FHIR_MODIFIER, "modifierExtension",
                       bfl_issue_quote(r->arena, bfl_text_of(bfl_fhir_string(bfl_fhir_get(modifier, "url")))),
                       "no extension that changes the meaning of the resource");
        return false;
    }
    if (!w->id[0]) return true;
    name *n = w->names && w->names == r->texts.slots ? w->name : bfl_names_add(&r->texts, bfl_text_of(w->reference));
    if (n->value) {
        bfl_fhir_issue(w, FHIR_DUPLICATE, "", "a second resource with this id",
                       bfl_arena_printf(r->arena, "one; the first is number %u", (unsigned)(uintptr_t)n->value));
        return false;
    }
    n->value = (void *)(uintptr_t)(w->source.row ? w->source.row : 1);
    return true;
}

static const char *status_of(resource *w, const type_row *t) {
    const node *n = bfl_fhir_get(w->root, t->status);
    if (strcmp(t->status, "status") == 0) return bfl_fhir_text(w, w->root, "status");
    return n ? bfl_fhir_code(n, "http://terminology.hl7.org/CodeSystem/condition-ver-status") : "confirmed";
}

/* Condition.verificationStatus is optional and may be coded in an older system; every other status is required. */
static bool has_usable_status(resource *w, const type_row *t) {
    const char *status = t->status ? status_of(w, t) : "";
    if (!t->status) return true;
    if (!status[0]) {
        if (strcmp(t->status, "status") == 0) bfl_fhir_issue(w, FHIR_STATUS_MISSING, t->status, "no status", t->done);
        return true;
    }
    if (bfl_fhir_among(status, t->done)) return true;
    bool error = strcmp(status, "entered-in-error") == 0;
    bool known = error || bfl_fhir_among(status, t->not_done);
    const char *found = bfl_issue_quote(w->r->arena, bfl_text_of(status));
    bfl_fhir_issue(w,
                   error   ? FHIR_ENTERED_IN_ERROR
                   : known ? FHIR_NOT_DONE
                           : FHIR_CODE_SET,
                   t->status, found,
                   error   ? "a fact"
                   : known ? "something that was done"
                           : bfl_arena_printf(w->r->arena, "one of: %s %s entered-in-error", t->done, t->not_done));
    return false;
}

static bool belongs_to_study(const resource *w) {
    if (bfl_fhir_get(w->root, "subject")) return false;
    return strcmp(bfl_fhir_code(bfl_fhir_get(w->root, "code"), OWN_SYSTEM "fact"), "note") == 0;
}

/* What this program concluded is no evidence: reading it again must not change what it concludes. Its codes are checked. */
static bool is_derived(resource *w) {
    static const char *const tag[] = {"meta", "tag", NULL};
    bfl_text raw;
    if (bfl_fhir_peek(w->root, tag, &raw) && !raw.data) return false;
    for (const node *t = bfl_fhir_first(bfl_fhir_get(bfl_fhir_get(w->root, "meta"), "tag")); t; t = t->next)
        if (strcmp(bfl_fhir_code(t, OWN_SYSTEM "tag"), "derived") == 0) return true;
    return false;
}

static outcome read_typed(resource *w, const type_row *t) {
    if (strcmp(t->type, "Patient") == 0) {
        w->who = bfl_fhir_person_of(w->r, bfl_fhir_patient_id(w), w->source);
    } else if (!belongs_to_study(w)) {
        const node *subject = bfl_fhir_get(w->root, "subject");
        w->who = bfl_fhir_person(w, subject ? subject : bfl_fhir_get(w->root, "patient"));
        if (!w->who) return OUTCOME_DROPPED;
    }
    if (!is_sound(w) || !has_usable_status(w, t)) return OUTCOME_DROPPED;
    return t->read(w);
}

void bfl_fhir_resource(resource *w) {
    if (w->r->indexing) {
        bfl_fhir_index(w);
        return;
    }
    const type_row *t = find_type(w->type);
    w->derived = is_derived(w);
    if (w->derived) {
        outcome checked = t && bfl_fhir_is_statement(w) ? read_typed(w, t) : OUTCOME_KEPT;
        bfl_fhir_account(w->r, w->type, "concluded by this program", checked);
        return;
    }
    outcome o = t ? read_typed(w, t) : bfl_fhir_among(w->type, background) ? OUTCOME_KEPT : OUTCOME_UNKNOWN;
    bfl_fhir_account(w->r, w->type, w->what, o);
}

/* ---- the end ---- */

void bfl_fhir_finish(reader *r) {
    for (size_t i = 0; i < r->persons.count; i++) {
        person *p = r->persons.items[i];
        bfl_fhir_join_courses(r, p);
        bfl_fhir_staging(r, p);
    }
}
