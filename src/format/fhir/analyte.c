/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which analyte a code means. The LOINC code decides; a display that names another analyte contradicts it, and neither is
 * believed: published files hold CYFRA's code under "CA 19-9". A name is never taken in place of an unknown LOINC code.
 */
#include "format/fhir/read.h"

#include <string.h>

static bool looks_like_loinc(const char *code) {
    size_t size = strlen(code), digits = 0;
    while (code[digits] >= '0' && code[digits] <= '9') digits++;
    return digits >= 1 && digits <= 6 && size == digits + 2 && code[digits] == '-' && code[digits + 1] >= '0' &&
           code[digits + 1] <= '9';
}

/* The analyte a display names: all of it, or what stands before "[" or "(". */
static const bfl_analyte *named_by(const char *display) {
    bfl_text text = bfl_text_trim(bfl_text_of(display));
    const bfl_analyte *a = bfl_analyte_find(text);
    for (size_t i = 0; i < text.size && !a; i++)
        if (text.data[i] == '[' || text.data[i] == '(' || text.data[i] == ',')
            return bfl_analyte_find(bfl_text_trim((bfl_text){text.data, i}));
    return a;
}

/* A display may name the total where the code means a part of it. */
static bool contradict(const bfl_analyte *coded, const bfl_analyte *named) {
    if (!named || coded == named) return false;
    return strcmp(coded->part_of, named->id) != 0 && strcmp(named->part_of, coded->id) != 0;
}

static bool check_names(resource *w, const node *code, const bfl_analyte *coded, const char *loinc) {
    const node *coding = bfl_fhir_first(bfl_fhir_get(code, "coding"));
    const char *told[9] = {bfl_fhir_keep(w->r, bfl_fhir_string(bfl_fhir_get(code, "text")))};
    size_t count = 1;
    for (; coding && count < 9; coding = coding->next)
        told[count++] = bfl_fhir_keep(w->r, bfl_fhir_string(bfl_fhir_get(coding, "display")));
    for (size_t i = 0; i < count; i++) {
        const bfl_analyte *named = named_by(told[i]);
        if (!contradict(coded, named)) continue;
        bfl_fhir_issue(w, FHIR_CODE_DISPLAY, "code",
                       bfl_arena_printf(w->r->arena, "LOINC %s is %s, the name is %s", loinc, coded->name,
                                        bfl_issue_quote(w->r->arena, bfl_text_of(told[i]))),
                       "a code and a name of the same analyte");
        return false;
    }
    return true;
}

/* A LOINC code under another code system, such as SNOMED CT's. */
static bool check_systems(resource *w, const node *code) {
    for (const node *c = bfl_fhir_first(bfl_fhir_get(code, "coding")); c; c = c->next) {
        const char *value = bfl_fhir_string(bfl_fhir_get(c, "code"));
        const char *system = bfl_fhir_string(bfl_fhir_get(c, "system"));
        if (!system[0] || bfl_fhir_code(c, LOINC)[0] || !looks_like_loinc(value)) continue;
        if (!bfl_analyte_find(bfl_text_of(value)) || strncmp(system, SNOMED, strlen(SNOMED)) != 0) continue;
        bfl_fhir_issue(w, FHIR_CODE_SYSTEM, "code.coding",
                       bfl_arena_printf(w->r->arena, "%s in the system %s", value,
                                        bfl_issue_quote(w->r->arena, bfl_text_of(system))),
                       "a LOINC code in the system " LOINC);
        return false;
    }
    return true;
}

enum { MOST_KEPT = 4096 };

meaning *bfl_fhir_meaning(resource *w, const node *code) {
    static const char *const itself[] = {NULL};
    reader *r = w->r;
    bfl_text raw;
    if (w->code == code && w->meaning != &r->fleeting && code) return w->meaning;
    w->code = code;
    w->meaning = &r->fleeting;
    if (bfl_fhir_peek(code, itself, &raw) && raw.data && raw.size <= MOST_KEPT) {
        name *known = bfl_names_add(&r->meanings, raw);
        if (!known->value) known->value = BFL_NEW(r->scratch, meaning);
        w->meaning = known->value;
        return known->value;
    }
    r->fleeting = (meaning){0};
    return &r->fleeting;
}

static match find_analyte(resource *w, const node *code, const bfl_analyte **analyte, const char **out);

const meaning *bfl_fhir_analyte(resource *w, const node *code) {
    meaning *m = bfl_fhir_meaning(w, code);
    if (m->found) return m;
    size_t told = w->r->told;
    m->match = find_analyte(w, code, &m->analyte, &m->out);
    m->own = bfl_fhir_code(code, OWN_SYSTEM "analyte")[0] != '\0';
    m->found = told == w->r->told;
    return m;
}

static match find_analyte(resource *w, const node *code, const bfl_analyte **analyte, const char **out) {
    *out = bfl_fhir_words(w->r, code);
    *analyte = NULL;
    if (!check_systems(w, code)) return MATCH_REFUSED;
    bool coded = false;
    const char *loinc = "";
    for (const node *c = bfl_fhir_first(bfl_fhir_get(code, "coding")); c && !*analyte; c = c->next) {
        loinc = bfl_fhir_code(c, LOINC);
        coded = coded || loinc[0];
        if (looks_like_loinc(loinc)) *analyte = bfl_analyte_find(bfl_text_of(loinc));
    }
    if (*analyte) {
        if (!check_names(w, code, *analyte, loinc)) return MATCH_REFUSED;
        if (bfl_analyte_find(bfl_text_of(*out)) != *analyte) *out = (*analyte)->id;
        return MATCH_FOUND;
    }
    if (coded) return MATCH_UNKNOWN;
    *analyte = bfl_analyte_find(bfl_text_of(*out));
    if (!*analyte) return MATCH_UNKNOWN;
    if (!bfl_fhir_code(code, OWN_SYSTEM "analyte")[0])
        bfl_fhir_issue_once(w, FHIR_CODE_TEXT, *out, "code", bfl_issue_quote(w->r->arena, bfl_text_of(*out)),
                            "a LOINC code");
    return MATCH_FOUND;
}
