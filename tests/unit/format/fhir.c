/* SPDX-License-Identifier: Apache-2.0 */
/* FHIR in memory becomes records: what is read, under which names, and what is not believed. */
#include "test.h"

#include "format/fhir/fhir.h"

#define PATIENT "{'resourceType':'Patient','id':'p1','gender':'female','birthDate':'1960-02'}"
#define SUBJECT "'subject':{'reference':'Patient/p1'}"
#define OBSERVATION(id, code) \
    "{'resourceType':'Observation','id':'" id "','status':'final'," SUBJECT ",'code':{" code "},"
#define LOINC(code) "'coding':[{'system':'http://loinc.org','code':'" code "'}]"
#define LOINC_AS(code, display) "'coding':[{'system':'http://loinc.org','code':'" code "','display':'" display "'}]"
#define ON(date) "'effectiveDateTime':'" date "',"

enum { LONGEST_TEXT = 16384 };

/* ' stands for " in the texts of this file; texts named .ndjson hold one resource a line. */
static bfl_text json(const char *text, char buffer[LONGEST_TEXT]) {
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++) buffer[i] = text[i] == '\'' ? '"' : text[i];
    return (bfl_text){buffer, size};
}

static bfl_study *parse(const char *file, const char *text) {
    char buffer[LONGEST_TEXT];
    bfl_study *study = NULL;
    bfl_error err = {0};
    CHECK_INT(bfl_fhir_parse(file, json(text, buffer), NULL, &study, &err), BFL_OK);
    if (!study) printf("# %s: %s\n", err.where, err.message);
    return study;
}

static size_t count_issues(const bfl_study *study, const char *code) {
    size_t n = 0;
    for (size_t i = 0; i < bfl_study_issue_count(study); i++) n += strcmp(bfl_study_issue(study, i)->code, code) == 0;
    return n;
}

static size_t account_of(const bfl_study *study, const char *type, bfl_account_outcome outcome) {
    size_t n = 0;
    for (size_t i = 0; i < bfl_study_account_count(study); i++) {
        const bfl_account *a = bfl_study_account(study, i);
        if (strcmp(a->type, type) == 0 && a->outcome == outcome) n += a->count;
    }
    return n;
}

/* clang-format off */
static const char blood[] =
    PATIENT "\n"
    OBSERVATION("a", LOINC("6768-6")) ON("2024-03-04T23:30:00-05:00")
    "'valueQuantity':{'value':120.50,'unit':'IU/L'},'referenceRange':[{'text':'45 - 125'}]}\n"
    OBSERVATION("b", LOINC("49765-1")) ON("2024-03-05")
    "'valueQuantity':{'value':9.0,'comparator':'<','unit':'mg/dL','code':'mg/dL','system':'http://unitsofmeasure.org'}}\n"
    OBSERVATION("c", LOINC("1751-7")) ON("2024") "'valueString':'4.1 g/dL'}\n";

static const char named[] =
    PATIENT "\n"
    OBSERVATION("a", LOINC_AS("718-7", "Hemoglobin [Mass/\xE2\x80\x8Bvolume] in Blood")) ON("2024-03-04")
    "'valueQuantity':{'value':12,'unit':'g/dL'}}\n"
    OBSERVATION("b", LOINC_AS("25390-6", "CA 19-9")) ON("2024-03-04") "'valueQuantity':{'value':12,'unit':'U/mL'}}\n"
    OBSERVATION("c", "'text':'Albumin'," LOINC_AS("1754-1", "Albumin [Mass/volume] in Urine")) ON("2024-03-04")
    "'valueQuantity':{'value':12,'unit':'mg/L'}}\n";

#define ALP_OF(subject, date, value) \
    "{'resource':{'resourceType':'Observation','status':'final','subject':" subject ",'effectiveDateTime':'" date "'," \
    "'code':{" LOINC("6768-6") "},'valueQuantity':{'value':" value ",'unit':'U/L'}}}"

static const char referring[] =
    "{'resourceType':'Bundle','type':'transaction','entry':["
    "{'fullUrl':'urn:uuid:11','resource':{'resourceType':'Patient','id':'p1',"
    "'identifier':[{'system':'urn:h','value':'7'}]},'request':{'method':'POST','url':'Patient'}},"
    "{'fullUrl':'http://h.example/fhir/Patient/p2','resource':{'resourceType':'Patient','id':'p2'}},"
    "{'request':{'method':'DELETE','url':'Patient/p3'}},"
    ALP_OF("{'reference':'urn:uuid:11'}", "2024-01-01", "1") ","
    ALP_OF("{'reference':'Patient?identifier=urn:h|7'}", "2024-01-02", "2") ","
    ALP_OF("{'identifier':{'system':'urn:h','value':'7'}}", "2024-01-03", "3") ","
    ALP_OF("{'reference':'http://x.example/Patient/p1/_history/2'}", "2024-01-04", "4") ","
    ALP_OF("{'reference':'http://h.example/fhir/Patient/p2'}", "2024-01-04", "4") "]}";

#define FOCUS "'focus':[{'reference':'BodyStructure/t'}],"
#define LONGEST(value, unit) \
    "'component':[{'code':{" LOINC("33728-7") "},'valueQuantity':{'value':" value ",'unit':'" unit "','code':'" unit "'}}]}\n"

static const char sizes[] =
    PATIENT "\n"
    "{'resourceType':'BodyStructure','id':'t','identifier':[{'value':'L1'}],'patient':{'reference':'Patient/p1'},"
    "'location':{'coding':[{'system':'http://snomed.info/sct','code':'39607008','display':'Lung structure'}]}}\n"
    OBSERVATION("a", LOINC("21889-1")) ON("2024-03-04") FOCUS
    "'method':{'coding':[{'system':'http://snomed.info/sct','code':'77477000'}]}," LONGEST("2.5", "cm")
    OBSERVATION("b", LOINC("21889-1")) ON("2024-04-04") FOCUS LONGEST("20", "mm");

#define DRUG(type, id, status) \
    "{'resourceType':'" type "','id':'" id "','status':'" status "','intent':'order'," SUBJECT "," \
    "'medicationCodeableConcept':{'coding':[{'display':'gefitinib 250 MG Oral Tablet'}]},"
#define GIVEN(id, status) DRUG("MedicationAdministration", id, status)

static const char drugs[] =
    PATIENT "\n"
    DRUG("MedicationRequest", "a", "active") "'authoredOn':'2024-01-01'}\n"
    GIVEN("b", "completed") "'effectiveDateTime':'2024-01-10'}\n"
    GIVEN("c", "completed") "'effectivePeriod':{'start':'2024-02-01','end':'2024-03-01'}}\n"
    GIVEN("d", "not-done") "'effectiveDateTime':'2023-01-01'}\n"
    GIVEN("e", "completed") "'effectiveDateTime':'2024-06-01'}\n";

#define SECONDARY(id, coding, more) \
    "{'resourceType':'Condition','id':'" id "'," SUBJECT ",'onsetDateTime':'2024-01-0" id "'," more "'code':{'coding':[{" coding \
    "}]}}\n"
#define ICD(code) "'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'" code "'"
#define VERIFIED(code) \
    "'verificationStatus':{'coding':[{'system':'http://terminology.hl7.org/CodeSystem/condition-ver-status','code':'" code "'}]},"

static const char secondaries[] =
    PATIENT "\n"
    SECONDARY("1", ICD("C79.51"), "")
    SECONDARY("2", ICD("C79.52"), "")
    SECONDARY("3", ICD("C79.31"), "'bodySite':[{'text':'bone'}],")
    SECONDARY("4", "'system':'http://snomed.info/sct','code':'94222008'", "'category':[],")
    SECONDARY("5", ICD("C79.51"), VERIFIED("provisional"))
    SECONDARY("6", "'display':'Secondary malignant neoplasm of vertebral column'", VERIFIED("confirmed"));

static const char by_type[] =
    OBSERVATION("a", LOINC("6768-6")) ON("2024-03-04") "'valueQuantity':{'value':1,'unit':'U/L'}}\n"
    "\n"
    OBSERVATION("b", LOINC("6768-6")) ON("2024-03-05") "'valueQuantity':{'value':2,'unit':'U/L'}}\n"
    "{broken\n"
    PATIENT "\n";
/* clang-format on */

static const bfl_lab *lab_of(const bfl_record *r, const char *analyte) {
    for (size_t i = 0; i < r->lab_count; i++)
        if (r->labs[i].analyte && strcmp(r->labs[i].analyte->id, analyte) == 0) return &r->labs[i];
    return NULL;
}

TEST(laboratory) {
    bfl_study *study = parse("a.ndjson", blood);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(r->lab_count, 3);
    CHECK_TEXT(r->patient.sex, "F");
    CHECK_INT(r->patient.birth.precision, BFL_DATE_MONTH);
    const bfl_lab *alp = lab_of(r, "ALP"), *ca = lab_of(r, "CA"), *alb = lab_of(r, "ALB");
    CHECK(alp && ca && alb);
    if (alp && ca && alb) {
        CHECK_TEXT(alp->written, "120.50");
        CHECK_DECIMAL(alp->canonical.value, "120.5");
        CHECK_DECIMAL(alp->ref_low.value, "45");
        CHECK_DECIMAL(alp->ref_high.value, "125");
        CHECK_TEXT(alp->source.stated, "Observation/a");
        CHECK_INT(ca->when.day - alp->when.day, 1); /* the civil day that is written, not the day in UTC */
        CHECK_INT(ca->comparator, BFL_BELOW);
        CHECK_TEXT(alb->unit_text, "g/dL");
        CHECK(!alb->when.exact);
    }
    CHECK_INT(count_issues(study, "fhir.unit_converted"), 1);
    CHECK_INT(account_of(study, "Observation", BFL_ACCOUNT_USED), 3);
    bfl_study_free(study);
}

TEST(names_of_analytes) {
    bfl_study *study = parse("a.ndjson", named);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(r->lab_count, 1);
    CHECK(lab_of(r, "HB") != NULL);
    CHECK_INT(count_issues(study, "fhir.code_display"), 1);
    CHECK_INT(account_of(study, "Observation", BFL_ACCOUNT_DROPPED), 1);
    CHECK_INT(account_of(study, "Observation", BFL_ACCOUNT_UNKNOWN),
              1); /* urine: a name does not stand in for a code */
    bfl_study_free(study);
}

/* One patient under every kind of reference; another with one of the values. */
TEST(references) {
    bfl_study *study = parse("a.json", referring);
    CHECK_INT(bfl_study_record_count(study), 2);
    CHECK_INT(bfl_study_record(study, 0)->lab_count, 4);
    CHECK_INT(bfl_study_record(study, 1)->lab_count, 1);
    CHECK_INT(count_issues(study, "fhir.reference"), 0);
    CHECK_INT(count_issues(study, "fhir.several_patients"), 1);
    bfl_study_free(study);
}

TEST(tumour_sizes) {
    bfl_study *study = parse("a.ndjson", sizes);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(r->lesion_count, 2);
    if (r->lesion_count == 2) {
        CHECK_TEXT(r->lesions[0].id, "L1");
        CHECK_TEXT(r->lesions[1].id, "L1");
        CHECK_INT(r->lesions[0].organ, BFL_ORGAN_LUNG);
        CHECK_INT(r->lesions[0].modality, BFL_MODALITY_CT);
        CHECK_DECIMAL(r->lesions[0].longest_mm.value, "25");
    }
    bfl_study_free(study);
}

TEST(courses) {
    bfl_study *study = parse("a.ndjson", drugs);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(r->therapy_count, 2); /* what starts after a stated end is another course */
    CHECK_INT(r->day0_civil, bfl_civil_day(2024, 1, 10));
    if (r->therapy_count == 2) {
        CHECK_INT(r->therapies[0].stop.day, bfl_civil_day(2024, 3, 1) - r->day0_civil);
        CHECK_TEXT(r->therapies[0].class_id, "egfr_tki_1");
        CHECK(!r->therapies[1].stop.known);
    }
    CHECK_INT(count_issues(study, "fhir.course"), 1);
    CHECK_INT(count_issues(study, "fhir.not_done"), 1);
    bfl_study_free(study);
}

TEST(lines_by_type) {
    bfl_study *study = parse("labs.ndjson", by_type);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(bfl_study_record_count(study), 1);
    CHECK_INT(r->lab_count, 2);
    CHECK_TEXT(r->patient.sex, "F");
    if (r->lab_count == 2) CHECK_INT(r->labs[1].source.row, 3);
    CHECK_INT(count_issues(study, "fhir.not_json"), 1);
    CHECK_INT(count_issues(study, "fhir.reference"), 0);
    bfl_study_free(study);
}

#define A_BUNDLE \
    "{'resourceType':'Bundle','type':'collection','entry':[{'resource':" PATIENT "},{'resource':" PATIENT "}]}"

static bfl_status status_of(const char *text, const bfl_limits *limits) {
    char buffer[LONGEST_TEXT];
    bfl_study *study = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_fhir_parse("a.json", json(text, buffer), limits, &study, &err);
    CHECK(status == BFL_OK ? study != NULL : study == NULL && err.message[0]);
    bfl_study_free(study);
    return status;
}

/* Brain is not bone, marrow is not bone, and what is provisional is not known. */
TEST(bone_metastases_that_were_diagnosed) {
    bfl_study *study = parse("a.ndjson", secondaries);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(r->lesion_count, 0);
    CHECK_INT(r->clinical_count, 3);
    for (size_t i = 0; i < r->clinical_count; i++) {
        CHECK_TEXT(r->clinicals[i].item, "bone_metastasis");
        CHECK_TEXT(r->clinicals[i].value, "yes");
    }
    CHECK_INT(r->note_count, 6);
    bfl_study_free(study);
}

TEST(refused) {
    const bfl_limits small = {.struct_size = sizeof small, .file_bytes = 50};
    const bfl_limits few = {.struct_size = sizeof few, .rows = 1};
    CHECK_INT(status_of("", NULL), BFL_EPARSE);
    CHECK_INT(status_of("{'resourceType':'Bundle'", NULL), BFL_EPARSE);
    CHECK_INT(status_of("{'resourceType':'Patient','id':'\xFF'}", NULL), BFL_EPARSE);
    CHECK_INT(status_of("[1]", NULL), BFL_EPARSE);
    CHECK_INT(status_of(A_BUNDLE, &small), BFL_ELIMIT);
    CHECK_INT(status_of(A_BUNDLE, &few), BFL_ELIMIT);
    CHECK_INT(status_of(A_BUNDLE, NULL), BFL_OK);
    CHECK_INT(bfl_fhir_read(NULL, NULL, NULL, NULL), BFL_EINVAL);
}

TEST_CASES(CASE(laboratory), CASE(names_of_analytes), CASE(references), CASE(tumour_sizes), CASE(courses),
           CASE(lines_by_type), CASE(refused), CASE(bone_metastases_that_were_diagnosed))
