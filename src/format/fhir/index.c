/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who refers to whom. The first pass over the input notes every resource that others point to, under every name it may be
 * called by: Type/id, the fullUrl of its entry, and for patients each identifier.
 */
#include "format/fhir/read.h"

#include <string.h>

/* ---- places ---- */

static const struct {
    const char *words;
    bfl_organ organ;
} places[] = {
    {"lymph", BFL_ORGAN_NODE},
    {"bone marrow", BFL_ORGAN_BONE},
    {"breast", BFL_ORGAN_OTHER},
    {"bone", BFL_ORGAN_BONE},
    {"vertebra", BFL_ORGAN_BONE},
    {"spine", BFL_ORGAN_BONE},
    {"rib ", BFL_ORGAN_BONE},
    {"ribs", BFL_ORGAN_BONE},
    {"femur", BFL_ORGAN_BONE},
    {"humerus", BFL_ORGAN_BONE},
    {"pelvis", BFL_ORGAN_BONE},
    {"sacrum", BFL_ORGAN_BONE},
    {"skull", BFL_ORGAN_BONE},
    {"sternum", BFL_ORGAN_BONE},
    {"ilium", BFL_ORGAN_BONE},
    {"iliac crest", BFL_ORGAN_BONE},
    {"ischium", BFL_ORGAN_BONE},
    {"scapula", BFL_ORGAN_BONE},
    {"clavicle", BFL_ORGAN_BONE},
    {"skeletal", BFL_ORGAN_BONE},
    {"skeleton", BFL_ORGAN_BONE},
    {"lung", BFL_ORGAN_LUNG},
    {"liver", BFL_ORGAN_LIVER},
    {"hepatic", BFL_ORGAN_LIVER},
    {"brain", BFL_ORGAN_BRAIN},
    {"cerebr", BFL_ORGAN_BRAIN},
    {"adrenal", BFL_ORGAN_ADRENAL},
    {"pleura", BFL_ORGAN_PLEURA},
    {"soft tissue", BFL_ORGAN_SOFT_TISSUE},
};

bfl_organ bfl_fhir_organ(const char *site) {
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (bfl_fhir_holds(site, places[i].words)) return places[i].organ;
    return BFL_ORGAN_NONE;
}

/* SNOMED CT procedures of mCODE's method value set, and DICOM modalities. PET alone does not say which tracer. */
static const struct {
    const char *code;
    bfl_modality modality;
} modalities[] = {
    {"77477000", BFL_MODALITY_CT},      {"CT", BFL_MODALITY_CT},          {"113091000", BFL_MODALITY_MRI},
    {"MR", BFL_MODALITY_MRI},           {"363680008", BFL_MODALITY_XRAY}, {"CR", BFL_MODALITY_XRAY},
    {"DX", BFL_MODALITY_XRAY},          {"US", BFL_MODALITY_ULTRASOUND},  {"16310003", BFL_MODALITY_ULTRASOUND},
    {"5880005", BFL_MODALITY_CLINICAL},
};

bfl_modality bfl_fhir_modality(const node *concept) {
    bfl_modality own = BFL_MODALITY_NONE;
    const char *word = bfl_fhir_code(concept, OWN_SYSTEM "modality");
    if (word[0] && bfl_modality_parse(bfl_text_of(word), &own)) return own;
    const char *codes[] = {bfl_fhir_code(concept, SNOMED),
                           bfl_fhir_code(concept, "http://dicom.nema.org/resources/ontology/DCM")};
    for (size_t c = 0; c < 2; c++)
        for (size_t i = 0; i < sizeof modalities / sizeof *modalities; i++)
            if (strcmp(codes[c], modalities[i].code) == 0) return modalities[i].modality;
    return BFL_MODALITY_NONE;
}

/* ---- the first pass ---- */

static void name_entity(reader *r, const char *key, entity *e) {
    name *n = bfl_names_add(&r->entities, bfl_text_of(key));
    if (!n->value) n->value = e;
}

static const node *place_of(const node *root) {
    const node *place = bfl_fhir_get(root, "location");
    return place ? place : bfl_fhir_first(bfl_fhir_get(root, "bodySite"));
}

static void describe(resource *w, entity *e) {
    reader *r = w->r;
    const node *root = w->root;
    const node *subject = bfl_fhir_get(root, "patient");
    if (!subject) subject = bfl_fhir_get(root, "subject");
    e->patient = bfl_fhir_keep(r, bfl_fhir_string(bfl_fhir_get(subject, "reference")));
    e->identity =
        bfl_fhir_keep(r, bfl_fhir_string(bfl_fhir_get(bfl_fhir_first(bfl_fhir_get(root, "identifier")), "value")));
    if (!e->identity[0]) e->identity = e->id;
    if (strcmp(w->type, "ImagingStudy") == 0) {
        const node *modality = bfl_fhir_first(bfl_fhir_get(root, "modality"));
        if (!modality) modality = bfl_fhir_get(bfl_fhir_first(bfl_fhir_get(root, "series")), "modality");
        e->modality = bfl_fhir_modality(modality);
    } else if (strcmp(w->type, "BodyStructure") == 0 || strcmp(w->type, "Condition") == 0) {
        e->name = bfl_fhir_words(r, place_of(root));
        bfl_organ organ = BFL_ORGAN_NONE;
        const char *own = bfl_fhir_code(place_of(root), OWN_SYSTEM "organ");
        e->organ = own[0] && bfl_organ_parse(bfl_text_of(own), &organ) ? organ : bfl_fhir_organ(e->name);
    } else if (strcmp(w->type, "Medication") == 0) {
        e->name = bfl_fhir_words(r, bfl_fhir_get(root, "code"));
    }
}

/* The id a record has: what this program wrote as such, else the id of the resource. */
const char *bfl_fhir_patient_id(resource *w) {
    for (const node *i = bfl_fhir_first(bfl_fhir_get(w->root, "identifier")); i; i = i->next) {
        const char *value = bfl_fhir_string(bfl_fhir_get(i, "value"));
        if (value[0] && strcmp(bfl_fhir_string(bfl_fhir_get(i, "system")), OWN_NAMES "patient") == 0)
            return bfl_fhir_keep(w->r, value);
    }
    return w->id;
}

static void name_identifiers(resource *w, entity *e) {
    for (const node *i = bfl_fhir_first(bfl_fhir_get(w->root, "identifier")); i; i = i->next) {
        const char *value = bfl_fhir_string(bfl_fhir_get(i, "value"));
        const char *system = bfl_fhir_string(bfl_fhir_get(i, "system"));
        if (value[0]) name_entity(w->r, bfl_arena_printf(w->r->scratch, "Patient?%s|%s", system, value), e);
    }
}

/* Types that facts point to. Everything else may be pointed to as well, but nothing is looked up there. */
static const char *const pointed_to[] = {"Patient",      "BodyStructure", "Condition",
                                         "ImagingStudy", "Medication",    "Specimen"};
enum { POINTED_TO = sizeof pointed_to / sizeof *pointed_to };

bool bfl_fhir_is_pointed_to(bfl_text type) {
    for (size_t i = 0; i < POINTED_TO; i++)
        if (bfl_text_equal(bfl_text_of(pointed_to[i]), type)) return true;
    return false;
}

bool bfl_fhir_holds_no_entity(const node *list) {
    if (!list || list->type != BFL_JSON_ARRAY || !bfl_json_never_says(list, "Bundle")) return false;
    for (size_t i = 0; i < POINTED_TO; i++)
        if (!bfl_json_never_says(list, pointed_to[i])) return false;
    return true;
}

void bfl_fhir_index(resource *w) {
    if (!bfl_fhir_is_pointed_to(bfl_text_of(w->type))) return;
    entity *e = BFL_NEW(w->r->scratch, entity);
    *e = (entity){.type = bfl_fhir_keep(w->r, w->type), .id = w->id, .patient = "", .name = "", .identity = ""};
    describe(w, e);
    name_entity(w->r, w->reference, e);
    if (w->url[0]) name_entity(w->r, w->url, e);
    if (strcmp(w->type, "Patient") != 0) return;
    e->id = bfl_fhir_patient_id(w);
    name_identifiers(w, e);
}

/* ---- looking up ---- */

static const entity *find(const reader *r, const char *key, size_t size) {
    const name *n = bfl_names_find(&r->entities, (bfl_text){key, size});
    return n ? n->value : NULL;
}

const char *bfl_fhir_record_id(reader *r, const char *patient) {
    const char *key = bfl_arena_printf(r->scratch, "Patient/%s", patient);
    const entity *e = find(r, key, strlen(key));
    return bfl_fhir_keep(r, e ? e->id : patient);
}

/* The last "Type/id" of a URL, without "/_history/1". */
static bfl_text type_and_id(const char *url) {
    bfl_text text = bfl_text_of(url);
    size_t history = bfl_text_find_nocase(text, BFL_TEXT("/_history/"));
    if (history != SIZE_MAX) text.size = history;
    size_t at = text.size;
    for (int slashes = 0; at > 0; at--)
        if (text.data[at - 1] == '/' && ++slashes == 2) break;
    return (bfl_text){text.data + at, text.size - at};
}

static const entity *find_identifier(resource *w, const node *identifier, const char *conditional) {
    const char *key = conditional;
    if (!key) {
        const char *value = bfl_fhir_string(bfl_fhir_get(identifier, "value"));
        if (!value[0]) return NULL;
        key = bfl_arena_printf(w->r->scratch, "Patient?%s|%s", bfl_fhir_string(bfl_fhir_get(identifier, "system")),
                               value);
    }
    return find(w->r, key, strlen(key));
}

/* "Patient?identifier=system|value" -> "Patient?system|value"; NULL for another reference. */
static const char *conditional_key(resource *w, const char *reference) {
    static const char mark[] = "Patient?identifier=";
    if (strncmp(reference, mark, sizeof mark - 1) != 0) return NULL;
    return bfl_arena_printf(w->r->scratch, "Patient?%s", reference + sizeof mark - 1);
}

/* "urn:uuid:x" outside a Bundle: no fullUrl says what it names, but the resource has that id. */
static const entity *find_uuid(resource *w, const char *reference) {
    static const char mark[] = "urn:uuid:";
    static const char *const types[] = {"Patient", "Medication", "BodyStructure"};
    const entity *e = NULL;
    if (strncmp(reference, mark, sizeof mark - 1) != 0) return NULL;
    for (size_t i = 0; i < sizeof types / sizeof *types && !e; i++) {
        const char *key = bfl_arena_printf(w->r->scratch, "%s/%s", types[i], reference + sizeof mark - 1);
        e = find(w->r, key, strlen(key));
    }
    return e;
}

const entity *bfl_fhir_resolve(resource *w, const node *reference) {
    const char *text = bfl_fhir_string(bfl_fhir_get(reference, "reference"));
    if (!text[0]) return find_identifier(w, bfl_fhir_get(reference, "identifier"), NULL);
    const char *conditional = conditional_key(w, text);
    if (conditional) return find_identifier(w, NULL, conditional);
    const entity *e = find(w->r, text, strlen(text));
    if (!e) e = find_uuid(w, text);
    if (e) return e;
    bfl_text last = type_and_id(text);
    return find(w->r, last.data, last.size);
}

/* ---- whose resource ---- */

person *bfl_fhir_person_of(reader *r, const char *id, bfl_source source) {
    id = bfl_fhir_keep(r, id); /* "p1" and "p1 " are one patient */
    name *n = bfl_names_add(&r->people, bfl_text_of(id));
    if (!n->value) {
        person *p = BFL_NEW(r->scratch, person);
        p->id = id;
        p->builder = bfl_record_begin(r->scratch, p->id);
        p->first = source;
        bfl_record_patient(p->builder)->source = source;
        *BFL_PUSH(r->scratch, &r->study.patients) = p->builder;
        *BFL_PUSH(r->scratch, &r->persons) = p;
        n->value = p;
    }
    return n->value;
}

static void report_unresolved(resource *w, const char *text) {
    bfl_fhir_issue_once(
        w, FHIR_REFERENCE, "subject", "subject.reference",
        bfl_arena_printf(w->r->arena, "%s, which is not here", bfl_issue_quote(w->r->arena, bfl_text_of(text))),
        "a reference to a Patient of the same input");
}

/* By a reference that was met before, to a Patient that is here. */
static person *person_known(const reader *r, const node *reference, bfl_text *raw) {
    static const char *const itself[] = {NULL};
    if (!bfl_fhir_peek(reference, itself, raw) || !raw->data) return NULL;
    const name *n = bfl_names_find(&r->subjects, *raw);
    return n ? n->value : NULL;
}

person *bfl_fhir_person(resource *w, const node *reference) {
    reader *r = w->r;
    bfl_text raw = {NULL, 0};
    person *known = person_known(r, reference, &raw);
    if (known) return known;
    const char *text = bfl_fhir_string(bfl_fhir_get(reference, "reference"));
    const entity *e = reference ? bfl_fhir_resolve(w, reference) : NULL;
    if (e && strcmp(e->type, "Patient") == 0) {
        known = bfl_fhir_person_of(r, e->id, w->source);
        if (raw.data) bfl_names_add(&r->subjects, raw)->value = known;
        return known;
    }
    bfl_text last = type_and_id(text);
    const char *id = bfl_fhir_keep(r, text);
    bool of_patient = bfl_text_starts(last, BFL_TEXT("Patient/"));
    if (of_patient) id = bfl_fhir_keep(r, bfl_arena_text(r->scratch, (bfl_text){last.data + 8, last.size - 8}));
    bool urn = strncmp(text, "urn:", 4) == 0;
    if (e || (!of_patient && !urn) || conditional_key(w, text) || !id[0]) {
        bfl_fhir_issue(w, FHIR_SUBJECT_MISSING, "subject",
                       text[0] ? bfl_issue_quote(r->arena, bfl_text_of(text)) : "no patient",
                       "a reference to a Patient");
        return NULL;
    }
    w->who = bfl_fhir_person_of(r, id, w->source);
    report_unresolved(w, text);
    return w->who;
}
