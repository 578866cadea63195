/* SPDX-License-Identifier: Apache-2.0 */
/* Lesions with their tumours, laboratory values, performance status, and what only the own vocabulary can say. */
#include "format/fhir/write.h"

#include <string.h>

#define CATEGORY "http://terminology.hl7.org/CodeSystem/observation-category"

static void put_category(bfl_json_writer *w, const char *code) {
    bfl_json_open(w, "category", "[");
    bfl_fhir_put_concept(w, NULL, CATEGORY, code, "");
    bfl_json_close(w, "]");
}

/* The members every Observation begins with; the caller goes on with what it found. unit: one that the value cannot carry. */
static void begin_with_unit(bfl_json_writer *w, bfl_source source, const char *category, const char *unit) {
    bfl_fhir_list extension = bfl_fhir_list_open(w, "extension");
    bfl_fhir_put_source(w, source);
    bfl_fhir_put_extension(w, BFL_FHIR_OWN_EXTENSION "unit", "valueString", unit);
    bfl_fhir_list_close(w, extension);
    bfl_json_text(w, "status", "final");
    if (category[0]) put_category(w, category);
}

static void begin_observation(bfl_json_writer *w, bfl_source source, const char *category) {
    begin_with_unit(w, source, category, "");
}

static void put_whose(const bfl_fhir_bundle *b, bfl_json_writer *w, fhir_time time) {
    bfl_fhir_put_subject(b, w, "subject");
    bfl_fhir_put_time(w, "effectiveDateTime", time);
}

/* ---- tumours ---- */

static void put_tumour_identifier(bfl_json_writer *w, const char *lesion) {
    bfl_json_open(w, "identifier", "[");
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "type", "http://hl7.org/fhir/resource-types", "BodyStructure", "");
    bfl_json_text(w, "value", lesion);
    bfl_json_close(w, "}");
    bfl_json_close(w, "]");
}

static void put_related(bfl_json_writer *w, const char *cancer_url) {
    if (!cancer_url[0]) return;
    bfl_fhir_list extension = bfl_fhir_list_open(w, "extension");
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "url", BFL_FHIR_MCODE "mcode-related-condition");
    bfl_fhir_put_reference(w, "valueReference", cancer_url);
    bfl_json_close(w, "}");
    bfl_fhir_list_close(w, extension);
}

/* The BodyStructure that says which lesion it is, written when the lesion is first met. */
static const char *tumour_url(bfl_fhir_bundle *b, const bfl_lesion *l) {
    const char *id = l->id[0] ? l->id : "unnamed";
    name *known = bfl_names_add(&b->lesions, bfl_text_of(id));
    if (known->value) return known->value;
    bfl_json_writer *w = bfl_fhir_resource_open(b, "BodyStructure", "mcode-tumor", false);
    put_related(w, b->cancer_url);
    put_tumour_identifier(w, id);
    bfl_fhir_put_concept(w, "location", BFL_FHIR_OWN_SYSTEM "organ", bfl_organ_word(l->organ),
                         l->site[0] ? l->site : id);
    bfl_fhir_put_subject(b, w, "patient");
    const char *url = bfl_fhir_resource_close(b, id);
    known = bfl_names_add(&b->lesions, bfl_text_of(id));
    known->value = bfl_arena_text(b->arena, bfl_text_of(url));
    return url;
}

/* ---- lesions ---- */

static void put_word(bfl_json_writer *w, const char *code, const char *word) {
    if (!word[0]) return;
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "code", BFL_FHIR_OWN_SYSTEM "component", code, "");
    bfl_fhir_put_concept(w, "valueCodeableConcept", bfl_arena_printf(w->out->arena, BFL_FHIR_OWN_SYSTEM "%s", code),
                         word, "");
    bfl_json_close(w, "}");
}

static void put_number(bfl_json_writer *w, const char *system, const char *code, bfl_maybe number, const char *unit) {
    if (!number.present) return;
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "code", system, code, "");
    bfl_fhir_put_quantity(w, "valueQuantity", number.value, unit, unit);
    bfl_json_close(w, "}");
}

static void put_findings(bfl_json_writer *w, const bfl_lesion *l) {
    bfl_fhir_list component = bfl_fhir_list_open(w, "component");
    put_number(w, BFL_FHIR_LOINC, "33728-7", l->longest_mm, "mm");
    put_number(w, BFL_FHIR_LOINC, "33729-5", l->short_mm, "mm");
    put_word(w, "role", bfl_role_word(l->role));
    put_word(w, "matrix", bfl_matrix_word(l->matrix));
    put_word(w, "state", bfl_lesion_state_word(l->state));
    put_word(w, "uptake", bfl_uptake_word(l->uptake));
    put_word(w, "beyond_bone", bfl_said_word(l->beyond_bone));
    bfl_fhir_put_component(w, "change", bfl_changes_text(w->out->arena, l->changes));
    put_number(w, BFL_FHIR_OWN_SYSTEM "component", "hu_mean", l->hu_mean, "[hnsf'U]");
    put_number(w, BFL_FHIR_OWN_SYSTEM "component", "suv_max", l->suv_max, "1");
    put_number(w, BFL_FHIR_OWN_SYSTEM "component", "soft_tissue_mm", l->soft_tissue_mm, "mm");
    put_number(w, BFL_FHIR_OWN_SYSTEM "component", "count", l->count, "1");
    put_number(w, BFL_FHIR_OWN_SYSTEM "component", "slice_mm", l->slice_mm, "mm");
    bfl_fhir_list_close(w, component);
}

/* mCODE's value set of methods has these four; the own word says the rest. */
static const char *method_code(bfl_modality modality) {
    switch (modality) {
    case BFL_MODALITY_CT: return "77477000";
    case BFL_MODALITY_MRI: return "113091000";
    case BFL_MODALITY_XRAY: return "363680008";
    case BFL_MODALITY_FDG_PET:
    case BFL_MODALITY_PSMA_PET:
    case BFL_MODALITY_NAF_PET: return "82918005";
    case BFL_MODALITY_NONE:
    case BFL_MODALITY_BONE_SCAN:
    case BFL_MODALITY_ULTRASOUND:
    case BFL_MODALITY_CLINICAL:
    case BFL_MODALITY_COUNT: return "";
    }
    return "";
}

static void put_method(bfl_json_writer *w, bfl_modality modality) {
    if (modality == BFL_MODALITY_NONE) return;
    bfl_fhir_concept_open(w, "method");
    bfl_fhir_put_coding(w, BFL_FHIR_OWN_SYSTEM "modality", bfl_modality_word(modality), "");
    if (method_code(modality)[0]) bfl_fhir_put_coding(w, BFL_FHIR_SNOMED, method_code(modality), "");
    bfl_fhir_concept_close(w, "");
}

static void put_lesion(bfl_fhir_bundle *b, const bfl_lesion *l, fhir_time time) {
    const char *tumour = tumour_url(b, l);
    bool sized = l->longest_mm.present;
    bfl_json_writer *w = bfl_fhir_event_open(b, "Observation", sized ? "mcode-tumor-size" : NULL, l->source);
    begin_observation(w, l->source, l->modality == BFL_MODALITY_CLINICAL ? "exam" : "imaging");
    bfl_fhir_concept_open(w, "code");
    bfl_fhir_put_coding(w, BFL_FHIR_OWN_SYSTEM "fact", "lesion", "");
    if (sized) bfl_fhir_put_coding(w, BFL_FHIR_LOINC, "21889-1", "");
    bfl_fhir_concept_close(w, "");
    bfl_fhir_put_subject(b, w, "subject");
    bfl_json_open(w, "focus", "[");
    bfl_fhir_put_reference(w, NULL, tumour);
    bfl_json_close(w, "]");
    bfl_fhir_put_time(w, "effectiveDateTime", time);
    bfl_fhir_put_concept(w, "bodySite", BFL_FHIR_OWN_SYSTEM "organ", bfl_organ_word(l->organ), l->site);
    put_method(w, l->modality);
    bfl_fhir_put_note(w, l->note);
    put_findings(w, l);
}

void bfl_fhir_put_lesions(bfl_fhir_bundle *b) {
    const bfl_date *written = b->written ? b->written->lesions : NULL;
    for (size_t i = 0; i < b->record->lesion_count; i++) {
        const bfl_lesion *l = &b->record->lesions[i];
        put_lesion(b, l, bfl_fhir_time_of(b, written, i, l->when));
        b->event_urls[BFL_EVENT_LESION][i] = bfl_fhir_resource_close(b, NULL);
    }
}

/* ---- laboratory ---- */

/* Units of the analyte tables that UCUM does not have. */
static const char *ucum_of(const bfl_unit *unit) {
    static const char *const others[] = {"nmolBCE/L", "nM", "nMBCE"};
    for (size_t i = 0; unit && i < sizeof others / sizeof *others; i++)
        if (strcmp(unit->text, others[i]) == 0) return "";
    return unit ? unit->text : "";
}

static void put_lab_code(bfl_json_writer *w, const bfl_lab *l) {
    bfl_fhir_concept_open(w, "code");
    if (l->analyte && l->analyte->loinc[0]) bfl_fhir_put_coding(w, BFL_FHIR_LOINC, l->analyte->loinc, "");
    bfl_fhir_put_coding(w, BFL_FHIR_OWN_SYSTEM "analyte", l->analyte ? l->analyte->id : "unknown", "");
    bfl_fhir_concept_close(w, l->name);
}

/* JSON knows no "+5", "05", ".5" and "5."; everything else that is a decimal here it takes as written. */
static bool is_json_number(bfl_text digits) {
    const char *z = digits.data, *end = z + digits.size;
    const char *whole = *z == '-' ? z + 1 : z, *point = memchr(z, '.', digits.size);
    bool leading =
        whole[0] >= '0' && whole[0] <= '9' && (whole[0] != '0' || whole + 1 == end || whole[1] < '0' || whole[1] > '9');
    return leading && (!point || (point + 1 < end && point[1] >= '0' && point[1] <= '9'));
}

/* The number that a value is, with its comparator; false when it is another text. */
static bool read_number(const bfl_lab *l, char comparator[2], bfl_text *digits, bfl_decimal *value) {
    *digits = bfl_text_trim(bfl_text_of(l->written));
    comparator[0] = comparator[1] = '\0';
    if (digits->size && (digits->data[0] == '<' || digits->data[0] == '>')) {
        comparator[0] = digits->data[0];
        *digits = bfl_text_trim((bfl_text){digits->data + 1, digits->size - 1});
    }
    return bfl_decimal_parse(*digits, value, NULL) == BFL_OK;
}

/* A number as a Quantity with the digits as written, anything else as the text it is. */
static void put_lab_value(bfl_json_writer *w, const bfl_lab *l) {
    bfl_text digits;
    bfl_decimal value;
    char comparator[2];
    if (!read_number(l, comparator, &digits, &value)) {
        bfl_fhir_put_string(w, "valueString", l->written);
        return;
    }
    bfl_json_open(w, "valueQuantity", "{");
    bfl_json_key(w, "value");
    if (is_json_number(digits))
        bfl_buf_add_text(w->out, digits);
    else
        bfl_buf_decimal(w->out, value, -1);
    bfl_fhir_put_string(w, "comparator", comparator);
    bfl_fhir_put_string(w, "unit", l->unit_text);
    if (ucum_of(l->unit)[0]) {
        bfl_json_text(w, "system", BFL_FHIR_UCUM);
        bfl_json_text(w, "code", ucum_of(l->unit));
    }
    bfl_json_close(w, "}");
}

static const char *unit_without_number(const bfl_lab *l) {
    bfl_text digits;
    bfl_decimal value;
    char comparator[2];
    return read_number(l, comparator, &digits, &value) ? "" : l->unit_text;
}

typedef struct range {
    bfl_maybe low, high;
    const char *unit, *code;
} range;

/* As it was printed; else in the unit of the value where that is exact, else in the analyte's own unit. */
static range range_of(const bfl_fhir_bundle *b, size_t index) {
    const bfl_lab *l = &b->record->labs[index];
    range r = {l->ref_low, l->ref_high, l->unit_text, ucum_of(l->unit)};
    if (b->written) {
        r.low = b->written->lab_lows[index];
        r.high = b->written->lab_highs[index];
        return r;
    }
    if (!l->unit || bfl_decimal_compare(l->unit->factor, bfl_decimal_of(1)) == 0) return r;
    bfl_maybe *limits[] = {&r.low, &r.high};
    for (size_t i = 0; i < 2; i++) {
        bfl_decimal own = bfl_decimal_divide(limits[i]->value, l->unit->factor, 9);
        bool exact = bfl_decimal_compare(bfl_decimal_multiply(own, l->unit->factor), limits[i]->value) == 0;
        if (limits[i]->present && !exact)
            return (range){l->ref_low, l->ref_high, l->analyte->units[0].text, ucum_of(&l->analyte->units[0])};
        limits[i]->value = own;
    }
    return r;
}

static void put_range(bfl_json_writer *w, range r) {
    if (!r.low.present && !r.high.present) return;
    bfl_json_open(w, "referenceRange", "[");
    bfl_json_open(w, NULL, "{");
    if (r.low.present) bfl_fhir_put_quantity(w, "low", r.low.value, r.unit, r.code);
    if (r.high.present) bfl_fhir_put_quantity(w, "high", r.high.value, r.unit, r.code);
    bfl_json_close(w, "}");
    bfl_json_close(w, "]");
}

void bfl_fhir_put_labs(bfl_fhir_bundle *b) {
    const bfl_date *written = b->written ? b->written->labs : NULL;
    for (size_t i = 0; i < b->record->lab_count; i++) {
        const bfl_lab *l = &b->record->labs[i];
        bool marker = l->analyte && strcmp(l->analyte->role, "tumour") == 0 && l->written[0];
        bfl_json_writer *w =
            bfl_fhir_event_open(b, "Observation", marker ? "mcode-tumor-marker-test" : NULL, l->source);
        begin_with_unit(w, l->source, "laboratory", unit_without_number(l));
        put_lab_code(w, l);
        put_whose(b, w, bfl_fhir_time_of(b, written, i, l->when));
        put_lab_value(w, l);
        bfl_fhir_put_note(w, l->note);
        bfl_fhir_put_concept(w, "method", "", "", l->method);
        put_range(w, range_of(b, i));
        b->event_urls[BFL_EVENT_LAB][i] = bfl_fhir_resource_close(b, NULL);
    }
}

/* ---- what only the own vocabulary says ---- */

/* An Observation whose parts are columns of a table. */
static bfl_json_writer *open_told(bfl_fhir_bundle *b, const char *fact, bfl_source source, fhir_time time,
                                  const char *category) {
    bfl_json_writer *w = bfl_fhir_event_open(b, "Observation", NULL, source);
    begin_observation(w, source, category);
    bfl_fhir_put_concept(w, "code", BFL_FHIR_OWN_SYSTEM "fact", fact, "");
    put_whose(b, w, time);
    return w;
}

typedef struct column {
    const char *name, *text;
} column;

static void put_columns(bfl_json_writer *w, const column *columns, size_t count) {
    bool any = false;
    for (size_t i = 0; i < count; i++) any = any || columns[i].text[0];
    if (!any) return;
    bfl_fhir_list component = bfl_fhir_list_open(w, "component");
    for (size_t i = 0; i < count; i++) bfl_fhir_put_component(w, columns[i].name, columns[i].text);
    bfl_fhir_list_close(w, component);
}

/* LOINC answer list LL529-9. */
static const char *const ecog_answers[] = {"LA9622-7", "LA9623-5", "LA9624-3", "LA9625-0", "LA9626-8", "LA9627-6"};

static bool is_ecog(const bfl_clinical *c) {
    bool digit = c->value[0] >= '0' && c->value[0] <= '5' && !c->value[1];
    return strcmp(c->item, "ecog") == 0 && digit && !c->site[0] && !c->unit[0];
}

static void put_ecog(bfl_fhir_bundle *b, const bfl_clinical *c, fhir_time time) {
    bfl_json_writer *w = bfl_fhir_event_open(b, "Observation", "mcode-ecog-performance-status", c->source);
    begin_observation(w, c->source, "survey");
    bfl_fhir_put_concept(w, "code", BFL_FHIR_LOINC, "89247-1", "");
    put_whose(b, w, time);
    bfl_json_key(w, "valueInteger");
    bfl_buf_add(w->out, c->value);
    bfl_json_open(w, "interpretation", "[");
    bfl_fhir_put_concept(w, NULL, BFL_FHIR_LOINC, ecog_answers[c->value[0] - '0'], "");
    bfl_json_close(w, "]");
    bfl_fhir_put_note(w, c->note);
}

static void put_clinical(bfl_fhir_bundle *b, const bfl_clinical *c, fhir_time time) {
    if (is_ecog(c) || bfl_fhir_is_diagnosis(c)) {
        (is_ecog(c) ? put_ecog : bfl_fhir_put_diagnosis)(b, c, time);
        return;
    }
    const column columns[] = {{"item", c->item}, {"value", c->value}, {"unit", c->unit}};
    bfl_json_writer *w = open_told(b, "clinical", c->source, time, "exam");
    bfl_fhir_put_concept(w, "bodySite", "", "", c->site);
    bfl_fhir_put_note(w, c->note);
    put_columns(w, columns, 3);
}

static void put_molecular(bfl_fhir_bundle *b, const bfl_molecular *m, fhir_time time) {
    const column columns[] = {
        {"gene", m->gene}, {"variant", m->variant}, {"result", m->result}, {"specimen", m->specimen}};
    bfl_json_writer *w = open_told(b, "molecular", m->source, time, "laboratory");
    bfl_fhir_put_note(w, m->note);
    bfl_fhir_put_concept(w, "method", "", "", m->method);
    put_columns(w, columns, 4);
}

static void put_pathology(bfl_fhir_bundle *b, const bfl_pathology *p, fhir_time time) {
    const column columns[] = {{"organ", bfl_organ_word(p->organ)}, {"procedure", p->procedure}, {"result", p->result}};
    bfl_json_writer *w = open_told(b, "pathology", p->source, time, "procedure");
    bfl_fhir_put_concept(w, "bodySite", "", "", p->site);
    bfl_fhir_put_note(w, p->note);
    put_columns(w, columns, 3);
}

const char *bfl_fhir_put_statement(bfl_fhir_bundle *b, const bfl_note *n) {
    const char *day = n->stated_day.present ? bfl_decimal_z(b->arena, n->stated_day.value, -1) : "";
    const column columns[] = {{"topic", n->topic}, {"value", n->value}, {"stated_day", day}};
    bfl_json_writer *w = open_told(b, "note", n->source, (fhir_time){.date = n->date, .counted = BFL_NO_DATE}, "");
    bfl_fhir_put_note(w, n->text);
    put_columns(w, columns, 3);
    return bfl_fhir_resource_close(b, NULL);
}

void bfl_fhir_put_told(bfl_fhir_bundle *b) {
    const bfl_record *r = b->record;
    const bfl_as_written *as = b->written;
#define PUT(kind, list, put, member)                                            \
    do {                                                                        \
        const bfl_##list *row = &r->member[i];                                  \
        put(b, row, bfl_fhir_time_of(b, as ? as->member : NULL, i, row->when)); \
        b->event_urls[kind][i] = bfl_fhir_resource_close(b, NULL);              \
    } while (0)
    for (size_t i = 0; i < r->clinical_count; i++) PUT(BFL_EVENT_CLINICAL, clinical, put_clinical, clinicals);
    for (size_t i = 0; i < r->molecular_count; i++) PUT(BFL_EVENT_MOLECULAR, molecular, put_molecular, moleculars);
    for (size_t i = 0; i < r->pathology_count; i++) PUT(BFL_EVENT_PATHOLOGY, pathology, put_pathology, pathologies);
#undef PUT
    for (size_t i = 0; i < r->note_count; i++)
        b->event_urls[BFL_EVENT_NOTE][i] = bfl_fhir_put_statement(b, &r->notes[i]);
}
