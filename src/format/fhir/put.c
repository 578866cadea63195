/* SPDX-License-Identifier: Apache-2.0 */
/* Data types of FHIR, written: CodeableConcept, Reference, Quantity, Extension, dates. An empty text is never written. */
#include "format/fhir/write.h"

#include <string.h>

bfl_fhir_list bfl_fhir_list_open(bfl_json_writer *w, const char *key) {
    bfl_fhir_list list = {w->out->size, w->comma};
    bfl_json_open(w, key, "[");
    return list;
}

void bfl_fhir_list_close(bfl_json_writer *w, bfl_fhir_list list) {
    if (w->comma) {
        bfl_json_close(w, "]");
        return;
    }
    w->out->size = list.size;
    w->out->data[list.size] = '\0';
    w->comma = list.comma;
}

/* ---- codes ---- */

void bfl_fhir_concept_open(bfl_json_writer *w, const char *key) {
    bfl_json_open(w, key, "{");
    bfl_json_open(w, "coding", "[");
}

void bfl_fhir_put_coding(bfl_json_writer *w, const char *system, const char *code, const char *display) {
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_string(w, "system", system);
    bfl_fhir_put_string(w, "code", code);
    bfl_fhir_put_string(w, "display", display);
    bfl_json_close(w, "}");
}

void bfl_fhir_concept_close(bfl_json_writer *w, const char *text) {
    bfl_json_close(w, "]");
    bfl_fhir_put_string(w, "text", text);
    bfl_json_close(w, "}");
}

void bfl_fhir_put_concept(bfl_json_writer *w, const char *key, const char *system, const char *code, const char *text) {
    if (code[0]) {
        bfl_fhir_concept_open(w, key);
        bfl_fhir_put_coding(w, system, code, "");
        bfl_fhir_concept_close(w, text);
    } else if (text[0]) {
        bfl_json_open(w, key, "{");
        bfl_fhir_put_string(w, "text", text);
        bfl_json_close(w, "}");
    }
}

/* ---- texts, references, numbers ---- */

void bfl_fhir_put_string(bfl_json_writer *w, const char *key, const char *text) {
    if (text && text[0]) bfl_json_text(w, key, text);
}

void bfl_fhir_put_reference(bfl_json_writer *w, const char *key, const char *url) {
    bfl_json_open(w, key, "{");
    bfl_json_text(w, "reference", url);
    bfl_json_close(w, "}");
}

void bfl_fhir_put_quantity(bfl_json_writer *w, const char *key, bfl_decimal value, const char *unit, const char *code) {
    bfl_json_open(w, key, "{");
    bfl_json_decimal(w, "value", value);
    bfl_fhir_put_string(w, "unit", unit);
    if (code[0]) {
        bfl_json_text(w, "system", BFL_FHIR_UCUM);
        bfl_json_text(w, "code", code);
    }
    bfl_json_close(w, "}");
}

void bfl_fhir_put_extension(bfl_json_writer *w, const char *url, const char *kind, const char *text) {
    if (!text || !text[0]) return;
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "url", url);
    bfl_json_text(w, kind, text);
    bfl_json_close(w, "}");
}

void bfl_fhir_put_component(bfl_json_writer *w, const char *code, const char *text) {
    if (!text || !text[0]) return;
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "code", BFL_FHIR_OWN_SYSTEM "component", code, "");
    bfl_json_text(w, "valueString", text);
    bfl_json_close(w, "}");
}

/* ---- dates ---- */

/* "_effectiveDateTime": what is said of a date that is not one. */
static void put_shadow(bfl_json_writer *w, const char *key, const char *url, const char *kind, const char *text) {
    bfl_json_open(w, bfl_arena_printf(w->out->arena, "_%s", key), "{");
    bfl_json_open(w, "extension", "[");
    bfl_fhir_put_extension(w, url, kind, text);
    bfl_json_close(w, "]");
    bfl_json_close(w, "}");
}

void bfl_fhir_put_date(bfl_json_writer *w, const char *key, bfl_date date) {
    char z[32];
    bfl_date_format(date, z, sizeof z);
    if (date.precision == BFL_DATE_RELATIVE)
        put_shadow(w, key, BFL_FHIR_OWN_EXTENSION "study-day", "valueString", z);
    else if (date.precision != BFL_DATE_NONE)
        bfl_json_text(w, key, z);
}

void bfl_fhir_put_time(bfl_json_writer *w, const char *key, fhir_time time) {
    if (time.date.precision != BFL_DATE_RELATIVE) bfl_fhir_put_date(w, key, time.date);
    if (time.counted.precision == BFL_DATE_NONE) time.counted = time.date;
    if (time.counted.precision == BFL_DATE_RELATIVE) bfl_fhir_put_date(w, key, time.counted);
}

void bfl_fhir_put_absent(bfl_json_writer *w, const char *key) {
    put_shadow(w, key, "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode", "unknown");
}

void bfl_fhir_put_instant(bfl_json_writer *w, const char *key, const char *instant) {
    if (instant && instant[0])
        bfl_json_text(w, key, instant);
    else
        bfl_fhir_put_absent(w, key);
}

/* A day 0 of which only the month is known makes every calendar date a range: days of therapy are then the better account. */
static bool has_exact_calendar(const bfl_record *record) {
    for (size_t i = 0; i < record->issue_count; i++)
        if (strcmp(record->issues[i].code, bfl_issue_code_text(BFL_CODE_PATIENT_DAY0_PARTIAL)) == 0) return false;
    return record->has_calendar;
}

static bool is_span(bfl_date date, const char *text) {
    bfl_date whole;
    return bfl_date_parse(bfl_text_of(text), &whole, NULL) == BFL_OK && whole.first == date.first &&
           whole.last == date.last;
}

bfl_date bfl_fhir_date_of(const bfl_record *record, bfl_when when) {
    bfl_date relative = {when.first, when.day, BFL_DATE_RELATIVE};
    if (!when.known) return BFL_NO_DATE;
    if (!has_exact_calendar(record)) return relative;
    bfl_date date = {record->day0_civil + when.first, record->day0_civil + when.day, BFL_DATE_DAY};
    if (when.exact) return date;
    char z[32];
    bfl_date_format((bfl_date){date.first, date.first, BFL_DATE_DAY}, z, sizeof z);
    z[strlen("2019-04")] = '\0';
    if (is_span(date, z)) return (bfl_date){date.first, date.last, BFL_DATE_MONTH};
    z[strlen("2019")] = '\0';
    if (is_span(date, z)) return (bfl_date){date.first, date.last, BFL_DATE_YEAR};
    return relative;
}
