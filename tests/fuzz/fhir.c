/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FHIR: whatever the text holds, reading ends in a study in order, whose account tells of every resource, or in an error that
 * says why. A text that begins with a line end is NDJSON.
 */
#include "fuzz.h"

#include "format/fhir/fhir.h"

static void check_record(const bfl_record *r) {
    for (size_t i = 0; i < r->lab_count; i++) {
        const bfl_lab *l = &r->labs[i];
        PROMISE(!l->usable || (l->analyte && l->unit && l->canonical.present && l->when.known));
        PROMISE(bfl_utf8_valid(bfl_text_of(l->name), NULL) && bfl_utf8_valid(bfl_text_of(l->written), NULL));
    }
    for (size_t i = 0; i < r->lesion_count; i++)
        PROMISE(!r->lesions[i].longest_mm.present || r->lesions[i].longest_mm.value.mantissa >= 0);
    for (size_t i = 1; i < r->therapy_count; i++)
        PROMISE(!r->therapies[i].start.known || r->therapies[i - 1].start.day <= r->therapies[i].start.day);
    for (size_t i = 0; i < r->note_count; i++)
        PROMISE(bfl_utf8_valid(bfl_text_of(r->notes[i].value), NULL) &&
                bfl_utf8_valid(bfl_text_of(r->notes[i].text), NULL));
    for (size_t i = 0; i < r->issue_count; i++) {
        const bfl_issue *issue = &r->issues[i];
        PROMISE(issue->code[0] && issue->action[0] && (issue->found[0] || issue->expected[0]));
        PROMISE(bfl_utf8_valid(bfl_text_of(issue->found), NULL) && bfl_utf8_valid(bfl_text_of(issue->column), NULL));
    }
}

static void check_account(const bfl_study *study) {
    for (size_t i = 0; i < bfl_study_account_count(study); i++) {
        const bfl_account *a = bfl_study_account(study, i);
        PROMISE(a->type[0] && a->what && a->count > 0);
        PROMISE(bfl_utf8_valid(bfl_text_of(a->what), NULL));
    }
    PROMISE(bfl_study_account(study, bfl_study_account_count(study)) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    const bfl_limits limits = {.struct_size = sizeof limits, .rows = 1000, .file_bytes = 1 << 20};
    bfl_study *study = NULL;
    bfl_error err = {0};
    bfl_status status =
        bfl_fhir_parse(data[0] == '\n' ? "a.ndjson" : "a.json", fuzz_text(data, size), &limits, &study, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(study == NULL);
        return 0;
    }
    check_account(study);
    for (size_t i = 0; i < bfl_study_record_count(study); i++) {
        check_record(bfl_study_record(study, i));
        if (i) PROMISE(strcmp(bfl_study_record(study, i - 1)->patient.id, bfl_study_record(study, i)->patient.id) < 0);
    }
    bfl_study_free(study);
    return 0;
}
