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

/* ---- what the input lost, told in every record ---- */

static bool of_whole_file(const bfl_issue *issue) { return strncmp(issue->code, "file.", 5) == 0; }

/* Warnings about a whole file: it may not have been read. Errors in a row that is nobody's: it may be this patient's. */
static bool may_concern_all(const bfl_issue *issue) {
    return issue->severity == BFL_ISSUE_ERROR || (of_whole_file(issue) && issue->severity == BFL_ISSUE_WARNING);
}

/* Of the rows of one file that could not be used, the first stands for all. */
static void add_lost_rows(bfl_arena *arena, const bfl_issue_list *all, size_t first, bfl_issue_list *out) {
    const char *file = all->items[first].source.file;
    size_t more = 0;
    for (size_t i = first + 1; i < all->count && strcmp(all->items[i].source.file, file) == 0; i++)
        more += all->items[i].severity == BFL_ISSUE_ERROR && !of_whole_file(&all->items[i]);
    bfl_issue *issue = BFL_PUSH(arena, out);
    *issue = all->items[first];
    issue->patient = "";
    if (more)
        issue->found = bfl_arena_printf(arena, "%s; and %zu more %s in this file", issue->found, more,
                                        more == 1 ? "problem" : "problems");
}

/* Sorted by file and row, as `all` is. */
static bfl_issue_list lost(bfl_arena *arena, const bfl_issue_list *all) {
    bfl_issue_list out = {0};
    const char *told = NULL; /* the file whose lost rows were told */
    for (size_t i = 0; i < all->count; i++) {
        const bfl_issue *issue = &all->items[i];
        if (!may_concern_all(issue)) continue;
        if (of_whole_file(issue)) {
            *BFL_PUSH(arena, &out) = *issue;
        } else if (!told || strcmp(told, issue->source.file) != 0) {
            add_lost_rows(arena, all, i, &out);
            told = issue->source.file;
        }
    }
    return out;
}

/* A record whose table was not read looks like one of a patient who has nothing. So each says what may be missing in it. */
static void share_lost(bfl_arena *arena, bfl_study_builder *b) {
    bfl_issue_sort(b->scratch, &b->issues);
    bfl_issue_list shared = lost(arena, &b->issues);
    for (size_t i = 0; i < b->patients.count; i++)
        for (size_t k = 0; k < shared.count; k++)
            *BFL_PUSH(b->scratch, bfl_record_issues(b->patients.items[i])) = shared.items[k];
}

/* A record's own issues name its patient. */
static bool own(const bfl_issue *issue) { return issue->patient[0] != '\0'; }

static void keep_issues(bfl_study *study, bfl_study_builder *b) {
    bfl_issue_sort(b->scratch, &b->issues);
    size_t count = b->issues.count;
    for (size_t i = 0; i < study->record_count; i++) count += study->records[i]->issue_count;
    bfl_issue *issues = BFL_NEW_ARRAY(study->arena, count, bfl_issue);
    size_t n = 0;
    for (size_t i = 0; i < b->issues.count; i++) issues[n++] = b->issues.items[i];
    study->input_issue_count = n;
    for (size_t i = 0; i < study->record_count; i++)
        for (size_t j = 0; j < study->records[i]->issue_count; j++)
            if (own(&study->records[i]->issues[j])) issues[n++] = study->records[i]->issues[j];
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
    share_lost(arena, b);
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
