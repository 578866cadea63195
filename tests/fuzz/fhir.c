/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FHIR: whatever the text holds, reading ends in a study in order, whose account tells of every resource, or in an error that
 * says why. A text that begins with a line end is NDJSON.
 *
 * What was read is written and read again: the same patients with the same events.
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

typedef struct text {
    char *data;
    size_t size;
} text;

static bool append(void *context, const char *data, size_t size) {
    text *t = context;
    t->data = realloc(t->data, t->size + size + 1);
    PROMISE(t->data);
    memcpy(t->data + t->size, data, size);
    t->size += size;
    return true;
}

static text written(const bfl_study *study) {
    text t = {0};
    PROMISE(bfl_fhir_write(study, NULL, (bfl_sink){append, &t}, NULL) == BFL_OK);
    PROMISE(bfl_utf8_valid((bfl_text){t.data, t.size}, NULL));
    return t;
}

/* Undated notes of one topic may change places, so only their number is compared. */
static void check_same(const bfl_record *a, const bfl_record *b) {
    PROMISE(strcmp(a->patient.id, b->patient.id) == 0 && strcmp(a->patient.tumour, b->patient.tumour) == 0);
    PROMISE(a->therapy_count == b->therapy_count && a->lesion_count == b->lesion_count && a->lab_count == b->lab_count);
    PROMISE(a->clinical_count == b->clinical_count && a->molecular_count == b->molecular_count);
    PROMISE(a->pathology_count == b->pathology_count && a->note_count == b->note_count);
    for (size_t i = 0; i < a->lab_count; i++) {
        PROMISE(a->labs[i].usable == b->labs[i].usable && a->labs[i].when.day == b->labs[i].when.day);
        PROMISE(a->labs[i].analyte == b->labs[i].analyte);
        PROMISE(!a->labs[i].usable || bfl_decimal_compare(a->labs[i].canonical.value, b->labs[i].canonical.value) == 0);
    }
    for (size_t i = 0; i < a->lesion_count; i++) PROMISE(a->lesions[i].when.day == b->lesions[i].when.day);
}

static void check_round_trip(const bfl_study *study) {
    bfl_study *again = NULL;
    text first = written(study);
    if (bfl_study_record_count(study) == 0) {
        free(first.data);
        return;
    }
    PROMISE(bfl_fhir_parse("again.ndjson", (bfl_text){first.data, first.size}, NULL, &again, NULL) == BFL_OK);
    PROMISE(bfl_study_record_count(again) == bfl_study_record_count(study));
    for (size_t i = 0; i < bfl_study_record_count(study); i++)
        check_same(bfl_study_record(study, i), bfl_study_record(again, i));
    bfl_study_free(again);
    free(first.data);
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
    check_round_trip(study);
    for (size_t i = 0; i < bfl_study_record_count(study); i++) {
        check_record(bfl_study_record(study, i));
        if (i) PROMISE(strcmp(bfl_study_record(study, i - 1)->patient.id, bfl_study_record(study, i)->patient.id) < 0);
    }
    bfl_study_free(study);
    return 0;
}
