/* SPDX-License-Identifier: Apache-2.0 */
/* Patient, primary cancer and treatments as mCODE STU4 has them. What it has no place for stands in extensions of our own. */
#include "format/fhir/write.h"

#include <string.h>

#define ABSENT "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

static void put_own(bfl_json_writer *w, const char *which, const char *text) {
    bfl_fhir_put_extension(w, bfl_arena_printf(w->out->arena, BFL_FHIR_OWN_EXTENSION "%s", which), "valueString", text);
}

static const char *date_text(bfl_arena *arena, bfl_date date) {
    char z[32];
    bfl_date_format(date, z, sizeof z);
    return bfl_arena_text(arena, bfl_text_of(z));
}

/* ---- day 0 ---- */

static bool has_issue(const bfl_record *r, bfl_issue_code code) {
    for (size_t i = 0; i < r->issue_count; i++)
        if (strcmp(r->issues[i].code, bfl_issue_code_text(code)) == 0) return true;
    return false;
}

/* Day 0 as it was written; else as the record has it, unless its drugs or its first event say the same. */
static bfl_date day0_of(const bfl_fhir_bundle *b) {
    const bfl_record *r = b->record;
    if (b->written) return b->written->day0;
    if (!r->has_calendar || has_issue(r, BFL_CODE_PATIENT_NO_DAY0) || has_issue(r, BFL_CODE_PATIENT_DAY0_PARTIAL))
        return BFL_NO_DATE;
    for (size_t i = 0; i < r->therapy_count; i++) {
        const bfl_therapy *t = &r->therapies[i];
        if (t->intent != BFL_INTENT_ANTICANCER || !t->start.known) continue;
        if (t->start.exact && t->start.day == 0) return BFL_NO_DATE;
        break;
    }
    return (bfl_date){r->day0_civil, r->day0_civil, BFL_DATE_DAY};
}

/* ---- Patient ---- */

/* mCODE demands a name; a record has none. */
static void put_no_name(bfl_json_writer *w) {
    bfl_json_open(w, "name", "[");
    bfl_json_open(w, NULL, "{");
    bfl_json_open(w, "extension", "[");
    bfl_fhir_put_extension(w, ABSENT, "valueCode", "unknown");
    bfl_json_close(w, "]");
    bfl_json_close(w, "}");
    bfl_json_close(w, "]");
}

static void put_identifier(bfl_json_writer *w, const char *value) {
    bfl_json_open(w, "identifier", "[");
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "system", BFL_FHIR_OWN_NAMES "patient");
    bfl_json_text(w, "value", value);
    bfl_json_close(w, "}");
    bfl_json_close(w, "]");
}

static void put_person(bfl_fhir_bundle *b) {
    const bfl_patient *p = &b->record->patient;
    bfl_json_writer *w = bfl_fhir_event_open(b, "Patient", "mcode-cancer-patient", p->source);
    bfl_fhir_list extension = bfl_fhir_list_open(w, "extension");
    put_own(w, "day0", date_text(b->arena, day0_of(b)));
    if (p->age_years.present) put_own(w, "age", bfl_decimal_z(b->arena, p->age_years.value, -1));
    put_own(w, "smoking", p->smoking);
    put_own(w, "label", p->label);
    put_own(w, "note", p->note);
    bfl_fhir_put_source(w, p->source);
    bfl_fhir_list_close(w, extension);
    put_identifier(w, p->id[0] ? p->id : "unknown");
    put_no_name(w);
    bfl_json_text(w, "gender", strcmp(p->sex, "F") == 0 ? "female" : strcmp(p->sex, "M") == 0 ? "male" : "unknown");
    bfl_fhir_put_date(w, "birthDate", p->birth);
    bfl_fhir_put_date(w, "deceasedDateTime", p->death);
    b->patient_url = bfl_fhir_resource_close(b, "patient");
}

/* ---- the cancer ---- */

/* ICD-10 categories of the tumours that the program knows by name, site not specified. */
static const struct {
    const char *tumour, *icd;
} icd_codes[] = {{"lung", "C34.9"},  {"breast", "C50.9"},  {"prostate", "C61"}, {"kidney", "C64"},
                 {"thyroid", "C73"}, {"bladder", "C67.9"}, {"colon", "C18.9"},  {"stomach", "C16.9"}};

static const char *icd_of(const char *tumour) {
    for (size_t i = 0; i < sizeof icd_codes / sizeof *icd_codes; i++)
        if (strcmp(icd_codes[i].tumour, tumour) == 0) return icd_codes[i].icd;
    return "";
}

static void put_stage(bfl_json_writer *w, const char *kind, const char *text) {
    if (!text[0]) return;
    bfl_json_open(w, NULL, "{");
    bfl_fhir_put_concept(w, "summary", "", "", text);
    bfl_fhir_put_concept(w, "type", BFL_FHIR_OWN_SYSTEM "fact", kind, "");
    bfl_json_close(w, "}");
}

static void put_histology(bfl_json_writer *w, const char *histology) {
    put_own(w, "histology", histology);
    if (!histology[0]) return;
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "url", BFL_FHIR_MCODE "mcode-histology-morphology-behavior");
    bfl_fhir_put_concept(w, "valueCodeableConcept", BFL_FHIR_SNOMED,
                         strcmp(histology, "adenocarcinoma") == 0 ? "1187332001" : "", histology);
    bfl_json_close(w, "}");
}

static void put_cancer(bfl_fhir_bundle *b) {
    const bfl_patient *p = &b->record->patient;
    if (!p->tumour[0] && !p->histology[0] && !p->stage[0] && !p->tnm[0]) return;
    bfl_json_writer *w = bfl_fhir_event_open(b, "Condition", "mcode-primary-cancer-condition", p->source);
    bfl_fhir_list extension = bfl_fhir_list_open(w, "extension");
    put_histology(w, p->histology);
    put_own(w, "tumour", p->tumour);
    if (p->tnm_edition) put_own(w, "tnm-edition", bfl_arena_printf(b->arena, "%d", p->tnm_edition));
    bfl_fhir_put_source(w, p->source);
    bfl_fhir_list_close(w, extension);
    bfl_json_open(w, "category", "[");
    bfl_fhir_put_concept(w, NULL, "http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item", "");
    bfl_json_close(w, "]");
    bfl_fhir_put_concept(
        w, "code", "http://hl7.org/fhir/sid/icd-10", icd_of(p->tumour),
        bfl_arena_printf(b->arena, "malignant neoplasm of %s", p->tumour[0] ? p->tumour : "a site not stated"));
    bfl_fhir_put_subject(b, w, "subject");
    bfl_fhir_list stage = bfl_fhir_list_open(w, "stage");
    put_stage(w, "stage", p->stage);
    put_stage(w, "tnm", p->tnm);
    bfl_fhir_list_close(w, stage);
    b->cancer_url = bfl_fhir_resource_close(b, "primary cancer");
}

/* ---- bone metastases that were diagnosed ---- */

bool bfl_fhir_is_diagnosis(const bfl_clinical *c) {
    return strcmp(c->item, "bone_metastasis") == 0 && strcmp(c->value, "yes") == 0 && !c->site[0] && !c->unit[0];
}

/* The own extension says that the row is all there is: the reader makes no statement of it beside. */
void bfl_fhir_put_diagnosis(bfl_fhir_bundle *b, const bfl_clinical *c, fhir_time time) {
    bfl_json_writer *w = bfl_fhir_event_open(b, "Condition", "mcode-secondary-cancer-condition", c->source);
    bfl_json_open(w, "extension", "[");
    put_own(w, "fact", "clinical");
    bfl_fhir_put_source(w, c->source);
    if (b->cancer_url[0]) {
        bfl_json_open(w, NULL, "{");
        bfl_json_text(w, "url", "http://hl7.org/fhir/StructureDefinition/condition-related");
        bfl_fhir_put_reference(w, "valueReference", b->cancer_url);
        bfl_json_close(w, "}");
    }
    bfl_json_close(w, "]");
    bfl_fhir_put_concept(w, "verificationStatus", "http://terminology.hl7.org/CodeSystem/condition-ver-status",
                         "confirmed", "");
    bfl_json_open(w, "category", "[");
    bfl_fhir_put_concept(w, NULL, "http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item", "");
    bfl_json_close(w, "]");
    bfl_fhir_concept_open(w, "code");
    bfl_fhir_put_coding(w, BFL_FHIR_SNOMED, "94222008", "");
    bfl_fhir_put_coding(w, "http://hl7.org/fhir/sid/icd-10-cm", "C79.51", "");
    bfl_fhir_concept_close(w, "");
    bfl_fhir_put_subject(b, w, "subject");
    bfl_fhir_put_time(w, "onsetDateTime", time);
    bfl_fhir_put_note(w, c->note);
}

void bfl_fhir_put_patient(bfl_fhir_bundle *b) {
    put_person(b);
    put_cancer(b);
}

/* ---- treatments ---- */

static bool is_drug(bfl_intent intent) { return intent != BFL_INTENT_RADIOTHERAPY && intent != BFL_INTENT_SURGERY; }

/* FHIR demands a time of what was given: a start that nobody stated is said to be unknown. */
static void put_period(bfl_json_writer *w, const char *key, const fhir_time period[2]) {
    bool none = period[0].date.precision == BFL_DATE_NONE && period[1].date.precision == BFL_DATE_NONE;
    bfl_json_open(w, key, "{");
    if (none)
        bfl_fhir_put_absent(w, "start");
    else
        bfl_fhir_put_time(w, "start", period[0]);
    bfl_fhir_put_time(w, "end", period[1]);
    bfl_json_close(w, "}");
}

static void put_columns(bfl_json_writer *w, const bfl_therapy *t, bool drug) {
    bfl_fhir_list extension = bfl_fhir_list_open(w, "extension");
    put_own(w, "course", drug ? "as told" : "");
    put_own(w, "class", t->class_id);
    put_own(w, "intent", bfl_intent_word(t->intent));
    put_own(w, "line", t->line);
    put_own(w, "dose", t->dose);
    if (drug) put_own(w, "site", t->site);
    bfl_fhir_put_source(w, t->source);
    bfl_fhir_list_close(w, extension);
}

static void put_drug(bfl_fhir_bundle *b, bfl_json_writer *w, const bfl_therapy *t, const fhir_time period[2]) {
    put_columns(w, t, true);
    bfl_json_text(w, "status", t->stop.known ? "completed" : "unknown");
    if (t->reason_stopped[0]) {
        bfl_json_open(w, "statusReason", "[");
        bfl_fhir_put_concept(w, NULL, "", "", t->reason_stopped);
        bfl_json_close(w, "]");
    }
    bfl_fhir_put_concept(w, "medicationCodeableConcept", "", "", t->drug);
    bfl_fhir_put_subject(b, w, "subject");
    put_period(w, "effectivePeriod", period);
    if (b->cancer_url[0]) {
        bfl_json_open(w, "reasonReference", "[");
        bfl_fhir_put_reference(w, NULL, b->cancer_url);
        bfl_json_close(w, "]");
    }
    bfl_fhir_put_note(w, t->note);
}

static void put_procedure(bfl_fhir_bundle *b, bfl_json_writer *w, const bfl_therapy *t, const fhir_time period[2]) {
    bool radiotherapy = t->intent == BFL_INTENT_RADIOTHERAPY;
    put_columns(w, t, false);
    bfl_json_text(w, "status", t->start.known || t->stop.known ? "completed" : "unknown");
    if (t->reason_stopped[0]) bfl_fhir_put_concept(w, "statusReason", "", "", t->reason_stopped);
    bfl_fhir_put_concept(w, "code", BFL_FHIR_SNOMED, radiotherapy ? "1217123003" : "", t->drug);
    bfl_fhir_put_subject(b, w, "subject");
    put_period(w, "performedPeriod", period);
    if (t->site[0]) {
        bfl_json_open(w, "bodySite", "[");
        bfl_fhir_put_concept(w, NULL, "", "", t->site);
        bfl_json_close(w, "]");
    }
    bfl_fhir_put_note(w, t->note);
}

static const char *profile_of(bfl_intent intent) {
    switch (intent) {
    case BFL_INTENT_ANTICANCER:
    case BFL_INTENT_BONE_AGENT:
    case BFL_INTENT_SUPPORTIVE: return "mcode-cancer-related-medication-administration";
    case BFL_INTENT_RADIOTHERAPY: return "mcode-radiotherapy-course-summary";
    case BFL_INTENT_SURGERY: return "mcode-cancer-related-surgical-procedure";
    case BFL_INTENT_NONE:
    case BFL_INTENT_COUNT: return NULL;
    }
    return NULL;
}

void bfl_fhir_put_therapies(bfl_fhir_bundle *b) {
    const bfl_as_written *as = b->written;
    for (size_t i = 0; i < b->record->therapy_count; i++) {
        const bfl_therapy *t = &b->record->therapies[i];
        const fhir_time period[2] = {bfl_fhir_time_of(b, as ? as->therapy_starts : NULL, i, t->start),
                                     bfl_fhir_time_of(b, as ? as->therapy_stops : NULL, i, t->stop)};
        bool drug = is_drug(t->intent);
        bfl_json_writer *w =
            bfl_fhir_event_open(b, drug ? "MedicationAdministration" : "Procedure", profile_of(t->intent), t->source);
        if (drug)
            put_drug(b, w, t, period);
        else
            put_procedure(b, w, t, period);
        b->event_urls[BFL_EVENT_THERAPY][i] = bfl_fhir_resource_close(b, NULL);
    }
}
