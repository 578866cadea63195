/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a line may tell of the question, for a first pass over a population. A patient without these hints has no question when
 * the record is read whole: the tests hold the list of the screen against the assessment of everybody.
 */
#include "format/fhir/read.h"
#include "format/fhir/whose.h"

#include <string.h>

typedef bfl_line_reader lines;

static bool is(bfl_text text, const char *word) { return bfl_text_equal(text, bfl_text_of(word)); }

static bfl_text string_of(lines *r, const bfl_json_part *object, const char *key) {
    bfl_json_part part = bfl_line_member(r, object, key);
    return bfl_line_string(r, &part);
}

/* As the reader keeps it: NUL at the end, no characters that show nothing. In the reader's room: text->size + 1 <= part->size. */
static const char *words(lines *r, const bfl_json_part *part) {
    bfl_text text = bfl_line_string(r, part);
    char *out = r->free, *end = out;
    memmove(out, text.data, text.size);
    out[text.size] = '\0';
    for (const char *p = out; *p;) {
        size_t skip = (unsigned char)*p < 0x80 ? 0 : bfl_fhir_invisible(p);
        if (skip == 0) *end++ = *p;
        p += skip ? skip : 1;
    }
    *end = '\0';
    r->free = end + 1;
    return out;
}

/* Text, else first display, else first code, as bfl_fhir_words(). */
static const char *concept_words(lines *r, const bfl_json_part *concept) {
    static const char *const keys[] = {"display", "code"};
    bfl_json_part part = bfl_line_member(r, concept, "text"), list = bfl_line_member(r, concept, "coding");
    const char *z = words(r, &part);
    for (size_t k = 0; k < 2 && !z[0]; k++)
        for (bfl_json_part c = {0}; !z[0] && bfl_json_element(r->json, &list, &c);) {
            part = bfl_line_member(r, &c, keys[k]);
            z = words(r, &part);
        }
    return z;
}

/* All profiles, as they are written. */
static const char *profiles(lines *r) {
    bfl_json_part meta = bfl_line_member(r, &r->line.root, "meta"), list = bfl_line_member(r, &meta, "profile");
    if (!list.text) return "";
    char *out = r->free;
    memcpy(out, list.text, list.size - 1);
    out[list.size - 1] = '\0';
    r->free += list.size;
    return out;
}

/* ---- Condition, BodyStructure ---- */

static const char *icd_of(lines *r, const bfl_json_part *concept) {
    bfl_json_part list = bfl_line_member(r, concept, "coding"), c = {0};
    while (bfl_json_element(r->json, &list, &c)) {
        bfl_text system = string_of(r, &c, "system");
        if (!is(system, "http://hl7.org/fhir/sid/icd-10-cm") && !is(system, "http://hl7.org/fhir/sid/icd-10")) continue;
        bfl_json_part code = bfl_line_member(r, &c, "code");
        return words(r, &code);
    }
    return "";
}

static bool in_bone(lines *r, const bfl_json_part *place) {
    bfl_json_part each = {0};
    while (bfl_json_element(r->json, place, &each))
        if (bfl_fhir_organ(concept_words(r, &each)) == BFL_ORGAN_BONE) return true;
    return false;
}

static unsigned of_condition(lines *r, const bfl_line *line) {
    bfl_json_part code = bfl_line_member(r, &r->line.root, "code"),
                  site = bfl_line_member(r, &r->line.root, "bodySite");
    bool coded = bfl_text_find_nocase(line->text, BFL_TEXT("\"94222008\"")) != SIZE_MAX; /* bone metastasis */
    const char *told = concept_words(r, &code), *icd = icd_of(r, &code), *profile = profiles(r);
    if (coded || bfl_fhir_is_secondary(icd, told, profile)) {
        bool bone =
            coded || strncmp(icd, "C79.5", 5) == 0 || bfl_fhir_organ(told) == BFL_ORGAN_BONE || in_bone(r, &site);
        return BFL_HINT_CANCER | (bone ? BFL_HINT_BONE : 0);
    }
    return bfl_fhir_is_primary(icd, told, profile) ? BFL_HINT_CANCER : 0;
}

static unsigned of_body_structure(lines *r) {
    bfl_json_part place = bfl_line_member(r, &r->line.root, "location");
    return in_bone(r, &place) ? BFL_HINT_BONE : 0;
}

/* ---- drugs ---- */

static unsigned of_words(const char *told) {
    bfl_text found;
    const bfl_drug *drug = bfl_fhir_drug(bfl_text_of(told), &found);
    return drug && drug->intent == BFL_INTENT_ANTICANCER ? BFL_HINT_THERAPY : 0;
}

static unsigned of_contained(lines *r) {
    bfl_json_part list = bfl_line_member(r, &r->line.root, "contained"), each = {0};
    unsigned hints = 0;
    while (bfl_json_element(r->json, &list, &each)) {
        bfl_json_part code = bfl_line_member(r, &each, "code");
        hints |= of_words(concept_words(r, &code));
    }
    return hints;
}

/* The name, the profile or the program's own extension may say that it treats the cancer. */
static unsigned of_medication(lines *r, const bfl_line *line) {
    const bfl_json_part *root = &r->line.root;
    bfl_json_part concept = bfl_line_member(r, root, "medicationCodeableConcept"),
                  extension = bfl_line_member(r, root, "extension");
    bfl_json_part reference = bfl_line_member(r, root, "medicationReference"),
                  display = bfl_line_member(r, &reference, "display");
    const char *profile = profiles(r);
    unsigned hints = of_words(concept_words(r, &concept)) | of_words(words(r, &display));
    if (line->medication.size) hints |= BFL_HINT_MEDICATION;
    if (bfl_text_find_nocase(line->text, BFL_TEXT("\"contained\"")) != SIZE_MAX) hints |= of_contained(r);
    bool told = bfl_fhir_holds(profile, "cancer-related-medication") || bfl_fhir_holds(profile, "onco-core-Medication");
    bool own = extension.text && bfl_text_find_nocase((bfl_text){extension.text, extension.size},
                                                      BFL_TEXT("StructureDefinition")) != SIZE_MAX;
    return told || own ? hints | BFL_HINT_THERAPY : hints;
}

/* ---- Observations ---- */

static bool is_alp(bfl_text told) {
    const bfl_analyte *a = bfl_analyte_find(told);
    for (size_t i = 0; i < told.size && !a; i++) /* "Alkaline phosphatase [...]" */
        if (told.data[i] == '[' || told.data[i] == '(' || told.data[i] == ',')
            a = bfl_analyte_find(bfl_text_trim((bfl_text){told.data, i}));
    return a && strcmp(a->id, "ALP") == 0;
}

/* The same few hundred codes come again and again. */
static bool is_alp_code(lines *r, bfl_text code) {
    uint64_t hash = bfl_stable_hash(code) & ~(uint64_t)1;
    uint64_t *slot = &r->codes[(hash >> 8) % BFL_CODE_CACHE];
    if ((*slot & ~(uint64_t)1) != hash || hash == 0) *slot = hash | is_alp(code);
    return *slot & 1;
}

static unsigned of_code(lines *r, const bfl_json_part *concept) {
    static const bfl_json_name keys[] = {BFL_JSON_NAME("code"), BFL_JSON_NAME("display")};
    bfl_json_part list = bfl_line_member(r, concept, "coding"), c = {0}, parts[2];
    unsigned hints = 0;
    while (bfl_json_element(r->json, &list, &c)) {
        bfl_json_find(r->json, &c, keys, 2, parts);
        bfl_text code = bfl_line_string(r, &parts[0]);
        if (is(code, "21889-1") || is(code, "33728-7") || is(code, "lesion")) hints |= BFL_HINT_LESION;
        if (is_alp_code(r, code) || is_alp_code(r, bfl_line_string(r, &parts[1]))) hints |= BFL_HINT_ALP;
    }
    return is_alp_code(r, string_of(r, concept, "text")) ? hints | BFL_HINT_ALP : hints;
}

static unsigned of_observation(lines *r, const bfl_line *line) {
    static const bfl_json_name keys[] = {BFL_JSON_NAME("code"), BFL_JSON_NAME("component")};
    bfl_json_part parts[2], each = {0};
    bfl_json_find(r->json, &r->line.root, keys, 2, parts);
    unsigned hints = of_code(r, &parts[0]);
    if (hints & BFL_HINT_LESION) {
        /* the place is a code of the program's own, or words */
        bool bone = bfl_text_find_nocase(line->text, BFL_TEXT("\"bone\"")) != SIZE_MAX;
        return hints | (bone ? BFL_HINT_BONE : 0);
    }
    while (bfl_json_element(r->json, &parts[1], &each)) {
        bfl_json_part code = bfl_line_member(r, &each, "code");
        hints |= of_code(r, &code) & BFL_HINT_ALP;
    }
    return hints;
}

static unsigned of_resource(lines *r, const bfl_line *line) {
    if (is(line->type, "Observation")) return of_observation(r, line);
    if (is(line->type, "Condition")) return of_condition(r, line);
    if (is(line->type, "BodyStructure")) return of_body_structure(r);
    if (is(line->type, "Medication")) {
        bfl_json_part code = bfl_line_member(r, &r->line.root, "code");
        return of_words(concept_words(r, &code));
    }
    if (bfl_text_starts(line->type, BFL_TEXT("Medication"))) return of_medication(r, line);
    return 0;
}

/* A Bundle on one line: all of its resources are the patient's. */
static unsigned of_bundle(lines *r) {
    const bfl_json_part bundle = r->line.root;
    bfl_json_part list = bfl_line_member(r, &bundle, "entry"), entry = {0};
    unsigned hints = 0;
    while (bfl_json_element(r->json, &list, &entry)) {
        bfl_json_part inner = bfl_line_member(r, &entry, "resource");
        if (!inner.text) continue;
        bfl_line one = {.text = {inner.text, inner.size}, .type = string_of(r, &inner, "resourceType")};
        if (is(one.type, "Bundle")) return hints | BFL_HINT_LESION; /* rare: read whole */
        r->line.root = inner;
        hints |= of_resource(r, &one);
        r->line.root = bundle;
    }
    return hints;
}

unsigned bfl_line_hints(bfl_line_reader *r, const bfl_line *line) {
    return is(line->type, "Bundle") ? of_bundle(r) : of_resource(r, line);
}
