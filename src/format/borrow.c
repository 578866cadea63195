/* SPDX-License-Identifier: Apache-2.0 */
/* A study of records that were sealed elsewhere: dates and ranges are written as the timeline has them. */
#include "format/format.h"

#include <string.h>

typedef struct borrowed {
    const bfl_record *const *records;
    size_t count;
    bfl_study *study;
} borrowed;

/* Civil when the record has a calendar, else as days from day 0. */
static bfl_date date_of(const bfl_record *record, bfl_when when) {
    if (!when.known) return BFL_NO_DATE;
    if (!record->has_calendar) return (bfl_date){when.first, when.day, BFL_DATE_RELATIVE};
    if (!when.exact) return (bfl_date){when.first, when.day, BFL_DATE_RELATIVE};
    int32_t civil = record->day0_civil + when.day;
    return (bfl_date){civil, civil, BFL_DATE_DAY};
}

/* The dates of one array of the record. */
#define DATES(arena, record, array, count, member, out)                                                             \
    do {                                                                                                            \
        bfl_date *dates_ = BFL_NEW_ARRAY((arena), (record)->count, bfl_date);                                       \
        for (size_t i_ = 0; i_ < (record)->count; i_++) dates_[i_] = date_of((record), (record)->array[i_].member); \
        (out) = dates_;                                                                                             \
    } while (0)

/* Without zeros at the end of its decimal places. */
static bfl_decimal shortest(bfl_decimal a) {
    while (a.exponent < 0 && a.mantissa % 10 == 0) a = (bfl_decimal){a.mantissa / 10, a.exponent + 1};
    return a;
}

/* A limit of a range in the unit of its row, to nine decimal places. */
static bfl_maybe in_own_unit(const bfl_lab *lab, bfl_maybe limit) {
    if (!limit.present || !lab->unit || bfl_decimal_compare(lab->unit->factor, bfl_decimal_of(1)) == 0) return limit;
    return bfl_some(shortest(bfl_decimal_divide(limit.value, lab->unit->factor, 9)));
}

static void add_ranges(bfl_arena *arena, const bfl_record *record, bfl_as_written *written) {
    bfl_maybe *lows = BFL_NEW_ARRAY(arena, record->lab_count, bfl_maybe),
              *highs = BFL_NEW_ARRAY(arena, record->lab_count, bfl_maybe);
    for (size_t i = 0; i < record->lab_count; i++) {
        lows[i] = in_own_unit(&record->labs[i], record->labs[i].ref_low);
        highs[i] = in_own_unit(&record->labs[i], record->labs[i].ref_high);
    }
    written->lab_lows = lows;
    written->lab_highs = highs;
}

static const bfl_as_written *written_of(bfl_arena *arena, const bfl_record *record) {
    bfl_as_written *w = BFL_NEW(arena, bfl_as_written);
    w->day0 = record->has_calendar ? (bfl_date){record->day0_civil, record->day0_civil, BFL_DATE_DAY}
                                   : (bfl_date){0, 0, BFL_DATE_RELATIVE};
    DATES(arena, record, therapies, therapy_count, start, w->therapy_starts);
    DATES(arena, record, therapies, therapy_count, stop, w->therapy_stops);
    DATES(arena, record, lesions, lesion_count, when, w->lesions);
    DATES(arena, record, labs, lab_count, when, w->labs);
    DATES(arena, record, clinicals, clinical_count, when, w->clinicals);
    DATES(arena, record, moleculars, molecular_count, when, w->moleculars);
    DATES(arena, record, pathologies, pathology_count, when, w->pathologies);
    add_ranges(arena, record, w);
    return w;
}

static int compare_ids(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp((*(const bfl_record *const *)a)->patient.id, (*(const bfl_record *const *)b)->patient.id);
}

static void add_issues(bfl_study *study) {
    size_t count = 0;
    for (size_t i = 0; i < study->record_count; i++) count += study->records[i]->issue_count;
    bfl_issue *issues = BFL_NEW_ARRAY(study->arena, count, bfl_issue);
    for (size_t i = 0; i < study->record_count; i++)
        for (size_t k = 0; k < study->records[i]->issue_count; k++)
            issues[study->issue_count++] = study->records[i]->issues[k];
    study->issues = issues;
}

static bfl_status borrow(bfl_arena *arena, void *context, bfl_error *err) {
    borrowed *b = context;
    bfl_study *study = BFL_NEW(arena, bfl_study);
    study->arena = arena;
    study->record_count = b->count;
    study->records = BFL_NEW_ARRAY(arena, b->count, const bfl_record *);
    study->written = BFL_NEW_ARRAY(arena, b->count, const bfl_as_written *);
    for (size_t i = 0; i < b->count; i++) study->records[i] = b->records[i];
    bfl_sort(arena, study->records, b->count, sizeof *study->records, compare_ids, NULL);
    for (size_t i = 0; i < b->count; i++) {
        const char *id = study->records[i]->patient.id;
        if (i > 0 && strcmp(study->records[i - 1]->patient.id, id) == 0)
            return bfl_fail(err, BFL_EINVAL, "records", 0, "two records have the id '%s'", id);
        study->written[i] = written_of(arena, study->records[i]);
    }
    add_issues(study);
    b->study = study;
    return BFL_OK;
}

bfl_status bfl_study_of(const bfl_record *const *records, size_t count, bfl_study **out, bfl_error *err) {
    borrowed b = {records, count, NULL};
    if (!out || (count && !records)) return bfl_fail(err, BFL_EINVAL, "records", 0, "must not be NULL");
    bfl_status status = bfl_arena_build(borrow, &b, err);
    if (!status) *out = b.study;
    return status;
}

/* ---- one record of a study ---- */

typedef struct part {
    const bfl_study *whole;
    size_t index;
    bfl_study *study;
} part;

static bfl_status take_part(bfl_arena *arena, void *context, bfl_error *err) {
    part *p = context;
    bfl_study *study = BFL_NEW(arena, bfl_study);
    (void)err;
    study->arena = arena;
    study->record_count = 1;
    study->records = BFL_NEW(arena, const bfl_record *);
    study->written = BFL_NEW(arena, const bfl_as_written *);
    study->records[0] = p->whole->records[p->index];
    study->written[0] = p->whole->written[p->index];
    study->evaluator = p->whole->evaluator;
    study->evaluator_id = p->whole->evaluator_id;
    study->accepted_only = p->whole->accepted_only;
    add_issues(study);
    p->study = study;
    return BFL_OK;
}

bfl_status bfl_study_single(const bfl_study *study, size_t index, bfl_study **out, bfl_error *err) {
    part p = {study, index, NULL};
    if (!study || !out) return bfl_fail(err, BFL_EINVAL, "study", 0, "must not be NULL");
    if (index >= study->record_count) return bfl_fail(err, BFL_ENOTFOUND, "index", 0, "there is no such record");
    bfl_status status = bfl_arena_build(take_part, &p, err);
    if (!status) *out = p.study;
    return status;
}
