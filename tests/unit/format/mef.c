/* SPDX-License-Identifier: Apache-2.0 */
/* The CSV layout of the mCODE Extraction Framework: what a row becomes, and what is wrong with a table. */
#include "test.h"

#include "format/fhir/fhir.h"

static bfl_study *parse(const char *text, bfl_status expected) {
    bfl_study *study = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_mef_parse("table.csv", bfl_text_of(text), NULL, &study, &err);
    CHECK_INT(status, expected);
    CHECK(status == BFL_OK ? study != NULL : study == NULL && err.message[0]);
    return study;
}

static bool says(const bfl_study *study, const char *code, uint32_t row) {
    for (size_t i = 0; study && i < bfl_study_issue_count(study); i++) {
        const bfl_issue *issue = bfl_study_issue(study, i);
        if (strcmp(issue->code, code) == 0 && issue->source.row == row) return true;
    }
    printf("# no issue %s in row %u\n", code, (unsigned)row);
    return false;
}

TEST(a_patient_and_a_condition) {
    bfl_study *study = parse("mrn,familyName,gender,dateOfBirth\r\n12 3,Doe,female,1980-01\r\n", BFL_OK);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_TEXT(r->patient.id, "12 3");
    CHECK_TEXT(r->patient.sex, "F");
    CHECK_INT(r->patient.birth.precision, BFL_DATE_MONTH);
    bfl_study_free(study);
    study = parse("mrn,conditionId,codeSystem,code,displayName,dateOfDiagnosis,verificationStatus\n"
                  "p,c1,http://hl7.org/fhir/sid/icd-10-cm,C34.90,Lung cancer,2020-01-01,confirmed\n"
                  "p,c2,http://hl7.org/fhir/sid/icd-10-cm,C79.51,,2020-02-01,confirmed\n"
                  "p,c3,http://hl7.org/fhir/sid/icd-10-cm,C79.51,,2020-03-01,refuted\n",
                  BFL_OK);
    r = bfl_study_record(study, 0);
    CHECK_TEXT(r->patient.tumour, "lung");
    CHECK_INT(r->clinical_count, 1);
    CHECK_TEXT(r->clinicals[0].item, "bone_metastasis");
    CHECK_INT(r->clinicals[0].source.row, 3);
    CHECK(says(study, "fhir.not_done", 4));
    bfl_study_free(study);
}

TEST(observations_with_numbers_codes_and_texts) {
    bfl_study *study =
        parse("mrn,observationId,status,code,codeSystem,displayName,value,valueCodeSystem,effectiveDate\n"
              "p,a,final,6768-6,http://loinc.org,,120.50 U/L,,2020-01-02\n"
              "p,b,final,29463-7,http://loinc.org,Body Weight,185 [lb_av],,2020-01-02\n"
              "p,c,final,89247-1,http://loinc.org,ECOG,LA9623-5,http://loinc.org,2020-01-03\n"
              "p,d,final,6768-6,http://loinc.org,,high,,2020-01-04\n",
              BFL_OK);
    const bfl_record *r = bfl_study_record(study, 0);
    CHECK_INT(r->lab_count, 2);
    CHECK_TEXT(r->labs[0].written, "120.50");
    CHECK_TEXT(r->labs[0].unit_text, "U/L");
    CHECK_INT(r->labs[1].word, BFL_LAB_HIGH);
    CHECK_INT(r->clinical_count, 2);
    CHECK_TEXT(r->clinicals[0].value, "83.9");
    CHECK_TEXT(r->clinicals[1].value, "1");
    bfl_study_free(study);
}

TEST(disease_status_treatment_and_stage) {
    bfl_study *study = parse("mrn,conditionId,diseaseStatusCode,diseaseStatusText,dateOfObservation,evidence\n"
                             "p,c,271299001,progressing,2020-01-02,363679005|252416005\n"
                             "p,c,not-asked,,2020-02-02,\n"
                             "p,c,17,worse,2020-03-02,\n",
                             BFL_OK);
    CHECK_INT(bfl_study_record(study, 0)->note_count, 1);
    CHECK_TEXT(bfl_study_record(study, 0)->notes[0].value, "worsened");
    CHECK(says(study, "fhir.no_value", 3));
    CHECK(says(study, "fhir.code_set", 4));
    bfl_study_free(study);
    study = parse("mrn,medicationId,code,codeSystem,displayText,startDate,endDate,status\n"
                  "p,m,1,x,gefitinib 250 MG,2020-01-01,2020-07-05,completed\n",
                  BFL_OK);
    CHECK_INT(bfl_study_record(study, 0)->therapy_count, 1);
    CHECK_TEXT(bfl_study_record(study, 0)->therapies[0].drug, "gefitinib");
    bfl_study_free(study);
    study = parse("mrn,conditionId,stageGroup,t,n,m,type,effectiveDate\np,c,3C,cT3,,cM0,Clinical,2020-01-01\n", BFL_OK);
    CHECK_TEXT(bfl_study_record(study, 0)->patient.stage, "IIIC");
    CHECK_TEXT(bfl_study_record(study, 0)->patient.tnm, "cT3 cM0");
    CHECK_INT(bfl_study_account(study, 0)->outcome, BFL_ACCOUNT_USED);
    bfl_study_free(study);
}

TEST(what_is_wrong_with_a_table) {
    bfl_study *study = parse("mrn,observationId,code,codeSystem,value,effectiveDate\n"
                             "p,a,6768-6,http://loinc.org,120 U/L,02/01/2020\n"
                             ",b,6768-6,http://loinc.org,120 U/L,2020-01-02\n"
                             "p,c,6768-6,http://loinc.org,120 U/L,2020-01-03,one,more\n"
                             "p,d,6768-6,http://loinc.org,1\xFF,2020-01-03\n"
                             "p,\"e\"x,6768-6,http://loinc.org,1,2020-01-03\n"
                             "p,f\n"
                             "p,g,6768-6,http://loinc.org,120 mmHg,2020-01-04\n"
                             "p,g,6768-6,http://loinc.org,121 U/L,2020-01-05\n",
                             BFL_OK);
    CHECK(says(study, "fhir.date", 2));
    CHECK(says(study, "fhir.subject_missing", 3));
    CHECK(says(study, "row.fields", 4));
    CHECK(says(study, "row.encoding", 5));
    CHECK(says(study, "row.quote", 6));
    CHECK(says(study, "lab.unit_impossible", 8));
    CHECK(says(study, "fhir.duplicate", 9));
    bfl_study_free(study);
    CHECK(!parse("mrn,colour\np,red\n", BFL_EPARSE));
    CHECK(!parse("mrn,observationId\n", BFL_EPARSE));
    CHECK(!parse("", BFL_EPARSE));
    CHECK(!parse("\"mrn", BFL_EPARSE));
}

TEST_CASES(CASE(a_patient_and_a_condition), CASE(observations_with_numbers_codes_and_texts),
           CASE(disease_status_treatment_and_stage), CASE(what_is_wrong_with_a_table))
