/* SPDX-License-Identifier: Apache-2.0 */
/* Records as FHIR: what is written, under which ids, and what comes back. The whole cases are in tests/cases/fhir. */
#include "test.h"

#include "format/fhir/fhir.h"

#include <stdlib.h>

typedef struct text {
    char data[64 * 1024];
    size_t size;
    int calls_left; /* the sink refuses when none is left */
} text;

static bool append(void *context, const char *data, size_t size) {
    text *t = context;
    if (t->calls_left-- == 0 || t->size + size >= sizeof t->data) return false;
    memcpy(t->data + t->size, data, size);
    t->size += size;
    t->data[t->size] = '\0';
    return true;
}

static bfl_study *folder(const char *patients, const char *labs, const char *therapy) {
    bfl_study *study = NULL;
    const bfl_table_bytes tables[] = {{"patients.csv", bfl_text_of(patients)},
                                      {"labs.csv", bfl_text_of(labs)},
                                      {"therapy.csv", bfl_text_of(therapy)}};
    CHECK_INT(bfl_casefolder_parse(tables, 3, NULL, &study, NULL), BFL_OK);
    return study;
}

#define PATIENT "patient,sex,birth_date,tumour\n\"p 1, \xC3\xA9\",F,1960-02,lung\n"
#define DRUG "patient,drug,start\n\"p 1, \xC3\xA9\",gefitinib,2019-01-01\n"
#define LABS "patient,date,analyte,value,unit,ref_low,ref_high\n"
#define LAB(date, value) "\"p 1, \xC3\xA9\"," date ",ALP," value ",U/L,45,125\n"

static text out;

static const char *written(const bfl_study *study, const bfl_fhir_options *options) {
    out = (text){.calls_left = -1};
    CHECK_INT(bfl_fhir_write(study, options, (bfl_sink){append, &out}, NULL), BFL_OK);
    return out.data;
}

static bool holds(const char *part) {
    if (strstr(out.data, part)) return true;
    printf("# %s is not in the output\n", part);
    return false;
}

TEST(a_patient_with_values) {
    bfl_study *study = folder(PATIENT, LABS LAB("2019-02-03", "<12.50"), DRUG);
    (void)written(study, NULL);
    CHECK(holds("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"fullUrl\":\"urn:uuid:"));
    CHECK(holds("\"identifier\":[{\"system\":\"https://boneflare.example/fhir/NamingSystem/patient\",\"value\":\"p 1, "
                "\xC3\xA9\"}]"));
    CHECK(holds("\"birthDate\":\"1960-02\""));
    CHECK(holds("\"system\":\"http://hl7.org/fhir/sid/icd-10\",\"code\":\"C34.9\""));
    CHECK(holds("\"valueQuantity\":{\"value\":12.50,\"comparator\":\"<\",\"unit\":\"U/L\",\"system\":\"http://"
                "unitsofmeasure.org\","
                "\"code\":\"U/L\"}"));
    CHECK(holds("\"source\":\"labs.csv#2\""));
    CHECK(strstr(out.data, "[]") == NULL && strstr(out.data, "{}") == NULL && strstr(out.data, "\"\"") == NULL);
    CHECK(strstr(out.data, "PUT") == NULL);
    bfl_study_free(study);
}

/* The ids of a text, each 36 characters, in order. */
static size_t ids(char found[][37], size_t most) {
    size_t count = 0;
    for (const char *p = out.data; (p = strstr(p, "\"fullUrl\":\"urn:uuid:")) && count < most; p++) {
        memcpy(found[count], p + strlen("\"fullUrl\":\"urn:uuid:"), 36);
        found[count++][36] = '\0';
    }
    return count;
}

TEST(a_row_that_is_added_changes_no_other_id) {
    static char before[20][37], after[20][37];
    bfl_study *study = folder(PATIENT, LABS LAB("2019-02-03", "12"), DRUG);
    (void)written(study, NULL);
    size_t count = ids(before, 20);
    bfl_study_free(study);
    study = folder(PATIENT, LABS LAB("2019-01-03", "99") LAB("2019-02-03", "12") LAB("2019-02-03", "12"), DRUG);
    (void)written(study, NULL);
    size_t later = ids(after, 20);
    CHECK_INT(count, 5); /* patient, cancer, drug, value, issues */
    CHECK(later > count);
    for (size_t i = 0; i + 1 < count; i++) {
        bool there = false;
        for (size_t j = 0; j < later; j++) there = there || strcmp(before[i], after[j]) == 0;
        CHECK(there);
        CHECK_INT(before[i][14], '8'); /* UUID version */
    }
    for (size_t i = 0; i < later; i++)
        for (size_t j = i + 1; j < later; j++) CHECK(strcmp(after[i], after[j]) != 0);
    bfl_study_free(study);
}

TEST(a_transaction_puts_each_resource_under_its_id) {
    const bfl_fhir_options options = {.struct_size = sizeof options, .bundle = BFL_FHIR_TRANSACTION};
    bfl_study *study = folder(PATIENT, LABS LAB("2019-02-03", "12"), DRUG);
    (void)written(study, &options);
    CHECK(holds("\"type\":\"transaction\""));
    CHECK(holds("\"request\":{\"method\":\"PUT\",\"url\":\"Patient/"));
    CHECK(strstr(out.data, "OperationOutcome") == NULL);
    bfl_study_free(study);
}

TEST(what_cannot_be_written_in_json_is_written_as_it_can) {
    bfl_study *study = folder(PATIENT,
                              LABS LAB("2019-02-03", "+5") LAB("2019-02-04", ".5") LAB("2019-02-05", "007")
                                  LAB("2019-02-06", "1e3") LAB("2019-02-07", "5.") LAB("2019-02-08", "n/a"),
                              DRUG);
    (void)written(study, NULL);
    const char *numbers[] = {"\"value\":5,", "\"value\":0.5,", "\"value\":7,", "\"value\":1e3,",
                             "\"valueString\":\"n/a\""};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) CHECK(holds(numbers[i]));
    bfl_study *again = NULL;
    CHECK_INT(bfl_fhir_parse("a.ndjson", (bfl_text){out.data, out.size}, NULL, &again, NULL), BFL_OK);
    const bfl_record *a = bfl_study_record(study, 0), *b = bfl_study_record(again, 0);
    CHECK_TEXT(b->patient.id, a->patient.id);
    CHECK_INT(b->lab_count, a->lab_count);
    for (size_t i = 0; i < a->lab_count && i < b->lab_count; i++) {
        CHECK_INT(b->labs[i].usable, a->labs[i].usable);
        CHECK(bfl_decimal_compare(b->labs[i].value, a->labs[i].value) == 0);
    }
    bfl_study_free(again);
    bfl_study_free(study);
}

/* Bone metastases without an image: the Condition that they are, and one row when it comes back. */
TEST(a_diagnosis_is_a_condition) {
    bfl_study *study = NULL, *again = NULL;
    const bfl_table_bytes tables[] = {
        {"patients.csv", BFL_TEXT("patient,tumour\np,lung\n")},
        {"therapy.csv", BFL_TEXT("patient,drug,start\np,gefitinib,d0\n")},
        {"clinical.csv", BFL_TEXT("patient,date,item,value,note\np,d-20,bone_metastasis,yes,staging elsewhere\n"
                                  "p,d-20,bone_metastasis,no,\n")}};
    CHECK_INT(bfl_casefolder_parse(tables, 3, NULL, &study, NULL), BFL_OK);
    (void)written(study, NULL);
    CHECK(holds("\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\"C79.51\""));
    CHECK(holds(
        "\"_onsetDateTime\":{\"extension\":[{\"url\":\"https://boneflare.example/fhir/StructureDefinition/study-day\","
        "\"valueString\":\"d-20\"}]}"));
    CHECK_INT(bfl_fhir_parse("a.ndjson", (bfl_text){out.data, out.size}, NULL, &again, NULL), BFL_OK);
    const bfl_record *r = bfl_study_record(again, 0);
    CHECK_INT(r->note_count, 0);
    CHECK_INT(r->clinical_count, 2);
    CHECK_TEXT(r->clinicals[0].value, "yes");
    CHECK_INT(r->clinicals[0].when.day, -20);
    CHECK_TEXT(r->clinicals[0].note, "staging elsewhere");
    CHECK_TEXT(r->clinicals[1].value, "no");
    bfl_study_free(again);
    bfl_study_free(study);
}

TEST(refused) {
    const bfl_fhir_options wrong = {.struct_size = 1};
    bfl_study *study = folder(PATIENT, LABS LAB("2019-02-03", "12"), DRUG);
    bfl_error err = {0};
    out = (text){.calls_left = 0};
    CHECK_INT(bfl_fhir_write(study, NULL, (bfl_sink){append, &out}, &err), BFL_EIO);
    CHECK(err.message[0]);
    CHECK_INT(bfl_fhir_write(NULL, NULL, (bfl_sink){append, &out}, NULL), BFL_EINVAL);
    CHECK_INT(bfl_fhir_write(study, NULL, (bfl_sink){NULL, NULL}, NULL), BFL_EINVAL);
    CHECK_INT(bfl_fhir_write(study, &wrong, (bfl_sink){append, &out}, &err), BFL_EINVAL);
    bfl_study_free(study);
}

TEST(instants) {
    CHECK(bfl_fhir_is_instant("2019-04-04T10:30:00Z"));
    CHECK(bfl_fhir_is_instant("2019-04-04T10:30:00.25+09:00"));
    const char *wrong[] = {"",
                           "2019-04-04",
                           "2019-04-04T10:30Z",
                           "2019-04-04T10:30:00",
                           "2019-13-04T10:30:00Z",
                           "2019-04-04 10:30:00Z",
                           "2019-04-04T10:30:00ZZ"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) CHECK(!bfl_fhir_is_instant(wrong[i]));
}

TEST_CASES(CASE(a_patient_with_values), CASE(a_row_that_is_added_changes_no_other_id),
           CASE(a_transaction_puts_each_resource_under_its_id),
           CASE(what_cannot_be_written_in_json_is_written_as_it_can), CASE(a_diagnosis_is_a_condition), CASE(refused),
           CASE(instants))
