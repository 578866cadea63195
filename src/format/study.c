/* SPDX-License-Identifier: Apache-2.0 */
/* A study: the sealed records of one input, in patient-id order, and everything that was noticed. */
#include "format/format.h"

#include <string.h>

static int compare_patients(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(bfl_record_patient(*(bfl_builder *const *)a)->id, bfl_record_patient(*(bfl_builder *const *)b)->id);
}

static int compare_notes(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_note *x = a, *y = b;
    int order = strcmp(x->source.file, y->source.file);
    return order ? order : (x->source.row > y->source.row) - (x->source.row < y->source.row);
}

static void keep_notes(bfl_study *study, bfl_study_builder *b) {
    bfl_sort(b->scratch, b->notes.items, b->notes.count, sizeof *b->notes.items, compare_notes, NULL);
    bfl_note *notes = BFL_NEW_ARRAY(study->arena, b->notes.count, bfl_note);
    if (b->notes.count) memcpy(notes, b->notes.items, b->notes.count * sizeof *notes);
    study->notes = notes;
    study->note_count = b->notes.count;
    bfl_notes_compare(study->arena, notes, study->note_count, "", &b->issues);
}

static void keep_issues(bfl_study *study, bfl_study_builder *b) {
    bfl_issue_sort(b->scratch, &b->issues);
    size_t count = b->issues.count;
    for (size_t i = 0; i < study->record_count; i++) count += study->records[i]->issue_count;
    bfl_issue *issues = BFL_NEW_ARRAY(study->arena, count, bfl_issue);
    size_t n = 0;
    for (size_t i = 0; i < b->issues.count; i++) issues[n++] = b->issues.items[i];
    for (size_t i = 0; i < study->record_count; i++)
        for (size_t j = 0; j < study->records[i]->issue_count; j++) issues[n++] = study->records[i]->issues[j];
    study->issues = issues;
    study->issue_count = n;
}

bfl_study *bfl_study_seal(bfl_arena *arena, bfl_study_builder *b) {
    bfl_study *study = BFL_NEW(arena, bfl_study);
    study->arena = arena;
    study->record_count = b->patients.count;
    study->records = BFL_NEW_ARRAY(arena, b->patients.count, const bfl_record *);
    study->written = BFL_NEW_ARRAY(arena, b->patients.count, const bfl_as_written *);
    bfl_sort(b->scratch, b->patients.items, b->patients.count, sizeof *b->patients.items, compare_patients, NULL);
    for (size_t i = 0; i < b->patients.count; i++)
        study->records[i] = bfl_record_seal(arena, b->patients.items[i], &study->written[i]);
    keep_notes(study, b);
    keep_issues(study, b);
    return study;
}

void bfl_study_free(bfl_study *study) {
    if (study) bfl_arena_free(study->arena);
}

size_t bfl_study_record_count(const bfl_study *study) { return study->record_count; }

const bfl_record *bfl_study_record(const bfl_study *study, size_t index) {
    return index < study->record_count ? study->records[index] : NULL;
}

size_t bfl_study_issue_count(const bfl_study *study) { return study->issue_count; }

const bfl_issue *bfl_study_issue(const bfl_study *study, size_t index) {
    return index < study->issue_count ? &study->issues[index] : NULL;
}

size_t bfl_study_account_count(const bfl_study *study) { return study->account_count; }

const bfl_account *bfl_study_account(const bfl_study *study, size_t index) {
    return index < study->account_count ? &study->accounts[index] : NULL;
}
