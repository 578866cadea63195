/* SPDX-License-Identifier: Apache-2.0 */
/* The truths of a labelled set: truth.csv, or the label of the patient table. */
#include "evaluate/evaluate.h"

#include <limits.h>
#include <string.h>

struct bfl_eval_labels {
    bfl_arena *arena;
    BFL_LIST(bfl_eval_truth) truths; /* by patient id */
};

enum { MOST_BYTES = 1 << 30, MOST_FIELD_BYTES = 1 << 16 };
typedef enum column { COLUMN_PATIENT, COLUMN_CLASS, COLUMN_PROGRESSION, COLUMN_OUTSIDE, COLUMN_COUNT } column;
static const char *const names[COLUMN_COUNT] = {"patient", "class", "progression_day", "outside_day"};

typedef struct reader {
    bfl_arena *arena;
    bfl_csv csv;
    const char *where;
    size_t place[COLUMN_COUNT]; /* field + 1; 0: not there */
    bfl_eval_labels *labels;
} reader;

static bfl_status bad(const reader *r, column at, bfl_error *err, const char *expected) {
    size_t field = r->place[at];
    bfl_text found = field ? r->csv.fields[field - 1] : BFL_TEXT("");
    bfl_status status = bfl_fail(err, BFL_EPARSE, r->where, r->csv.line, "%s: found '%s', expected %s", names[at],
                                 bfl_issue_quote(r->arena, found), expected);
    if (err) err->column = (uint32_t)field;
    return status;
}

/* ---- rows ---- */

static bfl_text field(const reader *r, column at) {
    return r->place[at] ? bfl_text_trim(r->csv.fields[r->place[at] - 1]) : BFL_TEXT("");
}

/* "41" or "d41"; empty: never. */
static bfl_status day_of(const reader *r, column at, int32_t *out, bfl_error *err) {
    bfl_text text = field(r, at);
    *out = INT32_MAX;
    if (text.size == 0) return BFL_OK;
    bfl_buf dated = {.arena = r->arena};
    if (text.data[0] != 'd') bfl_buf_add(&dated, "d");
    bfl_buf_add_text(&dated, text);
    bfl_date date;
    if (bfl_date_parse(bfl_text_of(bfl_buf_z(&dated)), &date, NULL) || date.precision != BFL_DATE_RELATIVE ||
        date.first != date.last)
        return bad(r, at, err, "a whole number of days from day 0, or nothing for a day that never comes");
    *out = date.first;
    return BFL_OK;
}

static bfl_status row(reader *r, bfl_error *err) {
    bfl_text patient = field(r, COLUMN_PATIENT);
    if (patient.size == 0) return bad(r, COLUMN_PATIENT, err, "the id of a patient");
    bfl_eval_truth truth = {.known = true, .has_days = true};
    bfl_status status = day_of(r, COLUMN_PROGRESSION, &truth.progression_day, err);
    if (!status) status = day_of(r, COLUMN_OUTSIDE, &truth.outside_day, err);
    if (status) return status;
    truth.patient = bfl_arena_text(r->arena, patient);
    truth.class_id = bfl_arena_text(r->arena, field(r, COLUMN_CLASS));
    size_t count = r->labels->truths.count;
    const bfl_eval_truth *last = count ? &r->labels->truths.items[count - 1] : NULL;
    bool same = last && strcmp(last->patient, truth.patient) == 0;
    if (same && (last->progression_day != truth.progression_day || last->outside_day != truth.outside_day))
        return bad(r, COLUMN_PROGRESSION, err, "the same days in every row of a patient");
    if (!same) *BFL_PUSH(r->arena, &r->labels->truths) = truth;
    return BFL_OK;
}

/* ---- the table ---- */

static bfl_status header(reader *r, bfl_error *err) {
    if (bfl_csv_next(&r->csv) != BFL_CSV_ROW) return bfl_fail(err, BFL_EPARSE, r->where, 1, "the table has no header");
    for (size_t i = 0; i < r->csv.field_count; i++)
        for (int k = 0; k < COLUMN_COUNT; k++) {
            if (!bfl_text_equal_nocase(bfl_text_trim(r->csv.fields[i]), bfl_text_of(names[k]))) continue;
            if (r->place[k]) return bfl_fail(err, BFL_EPARSE, r->where, 1, "two columns are called %s", names[k]);
            r->place[k] = i + 1;
        }
    static const column needed[] = {COLUMN_PATIENT, COLUMN_PROGRESSION};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!r->place[needed[i]])
            return bfl_fail(err, BFL_EPARSE, r->where, 1, "there is no column %s", names[needed[i]]);
    return BFL_OK;
}

static bfl_status rows(reader *r, bfl_error *err) {
    size_t width = r->csv.field_count;
    for (;;) {
        bfl_csv_result result = bfl_csv_next(&r->csv);
        if (result == BFL_CSV_END) return BFL_OK;
        if (result != BFL_CSV_ROW || r->csv.field_count != width)
            return bfl_fail(err, BFL_EPARSE, r->where, r->csv.line,
                            "found %zu readable fields, expected %zu as in the header", r->csv.field_count, width);
        bfl_status status = row(r, err);
        if (status) return status;
    }
}

static int by_patient(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(((const bfl_eval_truth *)a)->patient, ((const bfl_eval_truth *)b)->patient);
}

/* Rows of a patient need not lie together. */
static bfl_status settle(reader *r, bfl_error *err) {
    bfl_eval_labels *l = r->labels;
    bfl_sort(r->arena, l->truths.items, l->truths.count, sizeof *l->truths.items, by_patient, NULL);
    size_t kept = 0;
    for (size_t i = 0; i < l->truths.count; i++) {
        const bfl_eval_truth *t = &l->truths.items[i], *last = kept ? &l->truths.items[kept - 1] : NULL;
        if (!last || strcmp(last->patient, t->patient) != 0)
            l->truths.items[kept++] = *t;
        else if (last->progression_day != t->progression_day || last->outside_day != t->outside_day)
            return bfl_fail(err, BFL_EPARSE, r->where, 0, "patient %s: rows with different days", t->patient);
    }
    l->truths.count = kept;
    return BFL_OK;
}

typedef struct request {
    bfl_text bytes;
    const char *where, *path;
    bfl_eval_labels *labels;
} request;

static bfl_status parse(bfl_arena *arena, void *context, bfl_error *err) {
    request *q = context;
    bfl_status status = BFL_OK;
    if (q->path && (status = bfl_file_read(arena, q->path, MOST_BYTES, &q->bytes, err))) return status;
    static const char mark[] = "\xEF\xBB\xBF";
    if (bfl_text_starts(q->bytes, BFL_TEXT(mark))) {
        q->bytes.data += sizeof mark - 1;
        q->bytes.size -= sizeof mark - 1;
    }
    size_t wrong = 0;
    if (!bfl_utf8_valid(q->bytes, &wrong))
        return bfl_fail(err, BFL_EPARSE, q->where, 0, "byte %zu is not UTF-8", wrong);
    const char *nul = q->bytes.size ? memchr(q->bytes.data, 0, q->bytes.size) : NULL;
    if (nul) return bfl_fail(err, BFL_EPARSE, q->where, 0, "byte %zu is NUL", (size_t)(nul - q->bytes.data));
    reader *r = BFL_NEW(arena, reader);
    r->arena = arena;
    r->where = q->where;
    r->labels = BFL_NEW(arena, bfl_eval_labels);
    r->labels->arena = arena;
    bfl_csv_open(&r->csv, arena, q->bytes, MOST_FIELD_BYTES);
    status = header(r, err);
    if (!status) status = rows(r, err);
    if (!status) status = settle(r, err);
    if (!status) q->labels = r->labels;
    return status;
}

static bfl_status run(request q, bfl_eval_labels **out, bfl_error *err) {
    bfl_status status = bfl_arena_build(parse, &q, err);
    if (!status) *out = q.labels;
    return status;
}

bfl_status bfl_eval_labels_parse(bfl_text bytes, const char *where, bfl_eval_labels **out, bfl_error *err) {
    return run((request){.bytes = bytes, .where = where}, out, err);
}

bfl_status bfl_eval_labels_read(const char *path, bfl_eval_labels **out, bfl_error *err) {
    if (!path || !out) return bfl_fail(err, BFL_EINVAL, "bfl_eval_labels_read", 0, "path and out are needed");
    return run((request){.where = path, .path = path}, out, err);
}

void bfl_eval_labels_free(bfl_eval_labels *labels) {
    if (labels) bfl_arena_free(labels->arena);
}

static const bfl_eval_truth *find(const bfl_eval_labels *labels, const char *patient) {
    size_t low = 0, high = labels->truths.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(labels->truths.items[middle].patient, patient);
        if (order == 0) return &labels->truths.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bfl_eval_truth bfl_eval_truth_of(const bfl_eval_labels *labels, const bfl_record *record) {
    static const char *const well[] = {"flare", "none", "other", "liver_injury"};
    const bfl_eval_truth *given = labels ? find(labels, record->patient.id) : NULL;
    if (given) return *given;
    const char *label = record->patient.label ? record->patient.label : "";
    bfl_eval_truth truth = {.patient = record->patient.id,
                            .class_id = "",
                            .progression = strcmp(label, "progression") == 0,
                            .progression_day = INT32_MAX,
                            .outside_day = INT32_MAX};
    truth.known = truth.progression;
    for (size_t i = 0; i < sizeof well / sizeof *well; i++) truth.known = truth.known || strcmp(label, well[i]) == 0;
    return truth;
}
