/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of the mCODE Extraction Framework (github.com/mcode/mcode-extraction-framework): a table for each kind of fact, mrn in
 * every row. A row becomes the resource that the framework would make of it, and is read like any other.
 */
#include "format/fhir/mef.h"

#include <string.h>

/* ---- a resource, grown member by member ---- */

typedef struct branch {
    bfl_json_node node;
    struct branch *last; /* member */
} branch;

static branch *grow(const mef_row *row, branch *parent, const char *key, bfl_json_type type, const char *text) {
    branch *b = BFL_NEW(row->arena, branch);
    b->node = (bfl_json_node){.key = key, .text = text, .size = (unsigned)strlen(text), .type = type};
    b->node.key_first = (unsigned char)key[0];
    b->node.key_size = (unsigned char)strlen(key);
    if (!parent) return b;
    if (parent->last)
        parent->last->node.next = &b->node;
    else
        parent->node.first = &b->node;
    parent->last = b;
    return b;
}

static branch *object(const mef_row *row, branch *parent, const char *key) {
    return grow(row, parent, key, BFL_JSON_OBJECT, "");
}

static branch *list(const mef_row *row, branch *parent, const char *key) {
    return grow(row, parent, key, BFL_JSON_ARRAY, "");
}

static void string(const mef_row *row, branch *parent, const char *key, const char *text) {
    if (text[0]) (void)grow(row, parent, key, BFL_JSON_STRING, text);
}

/* The text of a cell, "" when the row or the table does not have it. */
static const char *cell(const mef_row *row, const char *column) {
    for (size_t i = 0; i < row->column_count && i < row->cell_count; i++)
        if (bfl_text_equal_nocase(bfl_text_trim(row->columns[i]), bfl_text_of(column)))
            return bfl_arena_text(row->arena, bfl_text_trim(row->cells[i]));
    return "";
}

static void coding(const mef_row *row, branch *concept, const char *system, const char *code, const char *display) {
    branch *c = object(row, list(row, concept, "coding"), "");
    string(row, c, "system", system);
    string(row, c, "code", code);
    string(row, c, "display", display);
}

static void concept(const mef_row *row, branch *parent, const char *key, const char *system, const char *code,
                    const char *display) {
    if (code[0] || display[0]) coding(row, object(row, parent, key), system, code, display);
}

/* A list of one concept. */
static void concepts(const mef_row *row, branch *parent, const char *key, const char *system, const char *code,
                     const char *display) {
    if (code[0] || display[0]) coding(row, object(row, list(row, parent, key), ""), system, code, display);
}

static void extension(const mef_row *row, branch *parent, const char *profile, const char *code) {
    if (!code[0]) return;
    branch *e = object(row, list(row, parent, "extension"), "");
    string(row, e, "url", bfl_arena_printf(row->arena, MCODE "%s", profile));
    concept(row, e, "valueCodeableConcept", SNOMED, code, "");
}

static branch *resource_of(const mef_row *row, const char *type, const char *id, const char *profile) {
    branch *root = object(row, NULL, "");
    string(row, root, "resourceType", type);
    string(row, root, "id", id);
    if (profile[0]) {
        branch *profiles = list(row, object(row, root, "meta"), "profile");
        string(row, profiles, "", bfl_arena_printf(row->arena, MCODE "%s", profile));
    }
    if (strcmp(type, "Patient") != 0) {
        branch *subject = object(row, root, "subject");
        const char *mrn = cell(row, "mrn");
        if (mrn[0]) string(row, subject, "reference", bfl_arena_printf(row->arena, "Patient/%s", mrn));
    }
    return root;
}

static void status(const mef_row *row, branch *root, const char *text, const char *otherwise) {
    string(row, root, "status", text[0] ? text : otherwise);
}

/* ---- the tables ---- */

static const node *patient(const mef_row *row) {
    branch *root = resource_of(row, "Patient", cell(row, "mrn"), "mcode-cancer-patient");
    string(row, root, "gender", cell(row, "gender"));
    string(row, root, "birthDate", cell(row, "dateOfBirth"));
    return &root->node;
}

static const node *condition(const mef_row *row) {
    branch *root = resource_of(row, "Condition", cell(row, "conditionId"), "");
    concept(row, root, "verificationStatus", "http://terminology.hl7.org/CodeSystem/condition-ver-status",
            cell(row, "verificationStatus"), "");
    concept(row, root, "code", cell(row, "codeSystem"), cell(row, "code"), cell(row, "displayName"));
    concepts(row, root, "bodySite", SNOMED, cell(row, "bodySite"), "");
    string(row, root, "recordedDate", cell(row, "dateOfDiagnosis"));
    extension(row, root, "mcode-histology-morphology-behavior", cell(row, "histology"));
    return &root->node;
}

/* "not-asked" and its like are reasons for there being no value (ICAREdata: "not evaluated"). */
static const node *disease_status(const mef_row *row) {
    const char *code = cell(row, "diseaseStatusCode");
    branch *root = resource_of(row, "Observation", "", "mcode-cancer-disease-status");
    status(row, root, cell(row, "observationStatus"), "final");
    concept(row, root, "code", LOINC, "97509-4", "");
    string(row, root, "effectiveDateTime", cell(row, "dateOfObservation"));
    if (code[0] >= '0' && code[0] <= '9')
    concept(row, root, "valueCodeableConcept", SNOMED, code, cell(row, "diseaseStatusText"));
    else concept(row, root, "dataAbsentReason", "http://terminology.hl7.org/CodeSystem/data-absent-reason", code, "");
    return &root->node;
}

static void medication(const mef_row *row, branch *root, const char *intent) {
    concept(row, root, "medicationCodeableConcept", cell(row, "codeSystem"), cell(row, "code"),
            cell(row, "displayText"));
    concepts(row, root, "reasonCode", cell(row, "treatmentReasonCodeSystem"), cell(row, "treatmentReasonCode"),
             cell(row, "treatmentReasonDisplayText"));
    extension(row, root, "mcode-treatment-intent", intent);
}

static const node *administration(const mef_row *row) {
    branch *root = resource_of(row, "MedicationAdministration", cell(row, "medicationId"),
                               "mcode-cancer-related-medication-administration");
    status(row, root, cell(row, "status"), "unknown");
    medication(row, root, cell(row, "treatmentIntent"));
    branch *period = object(row, root, "effectivePeriod");
    string(row, period, "start", cell(row, "startDate"));
    string(row, period, "end", cell(row, "endDate"));
    return &root->node;
}

static const node *request(const mef_row *row) {
    branch *root =
        resource_of(row, "MedicationRequest", cell(row, "requestId"), "mcode-cancer-related-medication-request");
    status(row, root, cell(row, "status"), "unknown");
    string(row, root, "intent", cell(row, "intent"));
    medication(row, root, cell(row, "procedureIntent"));
    string(row, root, "authoredOn", cell(row, "authoredOn"));
    const char *dose = cell(row, "doseQuantityValue");
    if (dose[0]) {
        branch *dosage = object(row, list(row, root, "dosageInstruction"), "");
        string(row, dosage, "text", bfl_arena_printf(row->arena, "%s %s", dose, cell(row, "doseQuantityUnit")));
    }
    return &root->node;
}

/* "66.89 [in_i]": a number with its unit; with a code system it is a code; else a text. */
static void observed(const mef_row *row, branch *root) {
    const char *value = cell(row, "value"), *system = cell(row, "valueCodeSystem");
    bfl_text rest = bfl_text_of(value), digits = bfl_text_split(&rest, ' ');
    bfl_decimal number;
    if (system[0]) {
        concept(row, root, "valueCodeableConcept", system, value, "");
    } else if (bfl_decimal_parse(digits, &number, NULL) == BFL_OK) {
        branch *quantity = object(row, root, "valueQuantity");
        const char *unit = bfl_arena_text(row->arena, bfl_text_trim(rest));
        (void)grow(row, quantity, "value", BFL_JSON_NUMBER, bfl_arena_text(row->arena, digits));
        string(row, quantity, "unit", unit);
        string(row, quantity, "code", unit);
    } else {
        string(row, root, "valueString", value);
    }
}

static const node *observation(const mef_row *row) {
    branch *root = resource_of(row, "Observation", cell(row, "observationId"), "");
    status(row, root, cell(row, "status"), "final");
    concept(row, root, "code", cell(row, "codeSystem"), cell(row, "code"), cell(row, "displayName"));
    string(row, root, "effectiveDateTime", cell(row, "effectiveDate"));
    concept(row, root, "bodySite", SNOMED, cell(row, "bodySite"), "");
    observed(row, root);
    return &root->node;
}

static const node *procedure(const mef_row *row) {
    branch *root = resource_of(row, "Procedure", cell(row, "procedureId"), "");
    status(row, root, cell(row, "status"), "unknown");
    concept(row, root, "code", cell(row, "codeSystem"), cell(row, "code"), cell(row, "displayName"));
    string(row, root, "performedDateTime", cell(row, "effectiveDate"));
    concepts(row, root, "bodySite", SNOMED, cell(row, "bodySite"), "");
    concepts(row, root, "reasonCode", cell(row, "reasonCodeSystem"), cell(row, "reasonCode"),
             cell(row, "reasonDisplayName"));
    return &root->node;
}

/* "3C" -> "Stage IIIC": the reader of stages knows the Roman form. */
static const char *roman(const mef_row *row, const char *stage) {
    static const char *const numerals[] = {"0", "I", "II", "III", "IV"};
    if (stage[0] < '0' || stage[0] > '4') return stage;
    return bfl_arena_printf(row->arena, "Stage %s%s", numerals[stage[0] - '0'], stage + 1);
}

static const node *category(const mef_row *row, const char *clinical, const char *pathologic, const char *value) {
    bool pathology = bfl_text_starts(bfl_text_of(cell(row, "type")), BFL_TEXT("Path"));
    branch *root = resource_of(row, "Observation", "", "");
    status(row, root, "", "final");
    concept(row, root, "code", LOINC, pathology ? pathologic : clinical, "");
    string(row, root, "effectiveDateTime", cell(row, "effectiveDate"));
    string(row, object(row, root, "valueCodeableConcept"), "text", value);
    return &root->node;
}

static mef_resources staging(const mef_row *row) {
    static const struct {
        const char *column, *clinical, *pathologic;
    } parts[] = {{"stageGroup", "21908-9", "21902-2"},
                 {"t", "21905-5", "21899-0"},
                 {"n", "21906-3", "21900-6"},
                 {"m", "21907-1", "21901-4"}};
    mef_resources out = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *value = cell(row, parts[i].column);
        if (!value[0]) continue;
        out.items[out.count++] =
            category(row, parts[i].clinical, parts[i].pathologic, i == 0 ? roman(row, value) : value);
    }
    return out;
}

/* ---- which table ---- */

struct mef_table {
    const char *column; /* that no other table has */
    const node *(*read)(const mef_row *row);
    const char *type, *id; /* tables that are only counted: their resource and where its id stands */
};

static const mef_table tables[] = {
    {"dateOfBirth", patient, NULL, NULL},
    {"dateOfDiagnosis", condition, NULL, NULL},
    {"diseaseStatusCode", disease_status, NULL, NULL},
    {"medicationId", administration, NULL, NULL},
    {"requestId", request, NULL, NULL},
    {"observationId", observation, NULL, NULL},
    {"procedureId", procedure, NULL, NULL},
    {"stageGroup", NULL, NULL, NULL},
    {"adverseEventId", NULL, "AdverseEvent", "adverseEventId"},
    {"appointmentId", NULL, "Appointment", "appointmentId"},
    {"encounterId", NULL, "Encounter", "encounterId"},
    {"trialSubjectID", NULL, "ResearchSubject", "trialSubjectID"},
    {"dateOfCarePlan", NULL, "CarePlan", ""},
    {"mrn", NULL, "List", "mrn"}, /* patient-mrns.csv: who is meant; patients come from their own table */
};

static bool has_column(const bfl_text *columns, size_t count, const char *wanted) {
    for (size_t i = 0; i < count; i++)
        if (bfl_text_equal_nocase(bfl_text_trim(columns[i]), bfl_text_of(wanted))) return true;
    return false;
}

const mef_table *bfl_mef_table(const bfl_text *columns, size_t count) {
    size_t last = sizeof tables / sizeof *tables - 1;
    if (!has_column(columns, count, "mrn")) return NULL;
    for (size_t i = 0; i < last; i++)
        if (has_column(columns, count, tables[i].column)) return &tables[i];
    return count == 1 ? &tables[last] : NULL;
}

mef_resources bfl_mef_resources(const mef_table *table, const mef_row *row) {
    mef_resources one = {.count = 1};
    if (table->read)
        one.items[0] = table->read(row);
    else if (table->type)
        one.items[0] = &resource_of(row, table->type, table->id[0] ? cell(row, table->id) : "", "")->node;
    else
        return staging(row);
    return one;
}
