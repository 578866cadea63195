/* SPDX-License-Identifier: Apache-2.0 */
/* The assessment as FHIR: how a disease status is coded, above all that a flare is never coded as worsened. */
#include "sample.h"

#define WORSENED "\"code\":\"271299001\""
#define BONE_STATE "\"url\":\"https://boneflare.example/fhir/StructureDefinition/bone-state\",\"valueCode\":"

/* A sealed record has no NULL texts. */
static void seal(sample *s) {
    bfl_patient *p = &s->record.patient;
    const char **texts[] = {&p->id,
                            &p->sex,
                            &p->tumour,
                            &p->histology,
                            &p->smoking,
                            &p->stage,
                            &p->tnm,
                            &p->label,
                            &p->note,
                            &p->source.file,
                            &p->source.stated,
                            &s->therapy.dose,
                            &s->therapy.line,
                            &s->therapy.reason_stopped,
                            &s->therapy.site,
                            &s->therapy.note};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!*texts[i]) *texts[i] = "";
}

static char *as_fhir(sample *s, const bfl_report_options *options, const bfl_fhir_options *fhir) {
    collected c = {0};
    seal(s);
    CHECK_INT(bfl_report_fhir(&s->assessment, options, fhir, (bfl_sink){collect, &c}, NULL), BFL_OK);
    return c.data;
}

/* The status of a state and of what RECIST says, literally and under its note on flare; whether the state stands beside it. */
static void check_status(bfl_bone_state state, bfl_response read, bfl_response noted, const char *code, bool beside) {
    sample s;
    sample_full(&s);
    s.verdict.now.state = state;
    s.visits[1].overall = read;
    s.visits[1].overall_flare_note = noted;
    char *text = as_fhir(&s, NULL, NULL), *at = text ? strstr(text, "\"code\":\"97509-4\"") : NULL;
    CHECK(at && strstr(at, code) && (strstr(at, code) < strstr(at, "derivedFrom") || !strstr(at, "derivedFrom")));
    CHECK_INT(text && strstr(text, BONE_STATE) != NULL, beside);
    bool flare = state == BFL_BONE_FLARE_SUSPECTED || state == BFL_BONE_FLARE_CONFIRMED;
    if (flare && beside) CHECK(text && !strstr(text, WORSENED));
    free(text);
    sample_free(&s);
}

TEST(a_flare_is_never_coded_as_worsened) {
    check_status(BFL_BONE_FLARE_SUSPECTED, BFL_RESPONSE_PD, BFL_RESPONSE_PR, "268910001", true);
    check_status(BFL_BONE_FLARE_CONFIRMED, BFL_RESPONSE_PD, BFL_RESPONSE_SD, "359746009", true);
    check_status(BFL_BONE_FLARE_SUSPECTED, BFL_RESPONSE_PD, BFL_RESPONSE_NE, "359746009", true);
    check_status(BFL_BONE_FLARE_SUSPECTED, BFL_RESPONSE_PD, BFL_RESPONSE_PD, "271299001", false); /* outside bone */
}

TEST(the_other_states) {
    check_status(BFL_BONE_PROGRESSION, BFL_RESPONSE_SD, BFL_RESPONSE_SD, "271299001", true);
    check_status(BFL_BONE_UNDETERMINED, BFL_RESPONSE_PD, BFL_RESPONSE_PR, "709137006", true);
    check_status(BFL_BONE_UNDETERMINED, BFL_RESPONSE_PD, BFL_RESPONSE_PD, "271299001", true);
    check_status(BFL_BONE_UNDETERMINED, BFL_RESPONSE_SD, BFL_RESPONSE_SD, "359746009", true);
    check_status(BFL_BONE_NONE, BFL_RESPONSE_CR, BFL_RESPONSE_CR, "268910001", false);
    check_status(BFL_BONE_NONE, BFL_RESPONSE_NON_CR_NON_PD, BFL_RESPONSE_NON_CR_NON_PD, "359746009", false);
    check_status(BFL_BONE_NONE, BFL_RESPONSE_PD, BFL_RESPONSE_PD, "271299001", false);
    check_status(BFL_BONE_NONE, BFL_RESPONSE_NE, BFL_RESPONSE_NE, "709137006", false);
}

TEST(only_an_approved_review_is_final) {
    bfl_report_options options = {.struct_size = sizeof options, .reviewer = "Dr. X"};
    const bfl_fhir_options fhir = {.struct_size = sizeof fhir, .recorded = "2019-04-04T10:30:00Z"};
    sample s;
    sample_full(&s);
    char *text = as_fhir(&s, &options, &fhir);
    CHECK_HAS(text, "\"status\":\"preliminary\"");
    CHECK_HAS(text, "\"recorded\":\"2019-04-04T10:30:00Z\"");
    CHECK_HAS(text, "\"valueString\":\"Dr. X\"");
    free(text);
    options.review = BFL_REVIEW_APPROVED;
    text = as_fhir(&s, &options, NULL);
    CHECK(strstr(text, "\"status\":\"preliminary\"") == NULL);
    CHECK_HAS(text,
              "\"_recorded\":{\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/data-absent-reason\"");
    free(text);
    sample_free(&s);
}

TEST(refused) {
    sample s;
    sample_full(&s);
    collected c = {0};
    const bfl_fhir_options small = {.struct_size = 1};
    const bfl_fhir_options wrong = {.struct_size = sizeof wrong, .recorded = "today"};
    CHECK_INT(bfl_report_fhir(&s.assessment, NULL, &small, (bfl_sink){collect, &c}, NULL), BFL_EINVAL);
    CHECK_INT(bfl_report_fhir(&s.assessment, NULL, &wrong, (bfl_sink){collect, &c}, NULL), BFL_EINVAL);
    CHECK_INT(bfl_report_fhir(NULL, NULL, NULL, (bfl_sink){collect, &c}, NULL), BFL_EINVAL);
    CHECK_INT(bfl_report_fhir(&s.assessment, NULL, NULL, (bfl_sink){NULL, NULL}, NULL), BFL_EINVAL);
    sample_free(&s);
}

TEST(an_empty_record) {
    sample s;
    sample_empty(&s);
    char *text = as_fhir(&s, NULL, NULL);
    CHECK(strstr(text, "97509-4") == NULL);
    CHECK_HAS(text,
              "\"conclusionCode\":[{\"coding\":[{\"system\":\"https://boneflare.example/fhir/CodeSystem/bone-state\","
              "\"code\":\"none\"}]}]");
    CHECK(strstr(text, "[]") == NULL && strstr(text, "{}") == NULL);
    free(text);
    sample_free(&s);
}

TEST_CASES(CASE(a_flare_is_never_coded_as_worsened), CASE(the_other_states), CASE(only_an_approved_review_is_final),
           CASE(refused), CASE(an_empty_record))
