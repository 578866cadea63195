/* SPDX-License-Identifier: Apache-2.0 */
/* A laboratory value or a lesion by hand: checked while it is typed, appended to the version that the user saw. */
#include "serve/api/api.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <string.h>

enum { MOST_CELL = 4096, MOST_TABLE_NAME = 32 };

/* ---- the row as a table of its own ---- */

typedef struct typed_row {
    const char *table; /* "labs.csv" */
    bfl_text csv;      /* its header and the row */
    const char *date;
} typed_row;

/* "labs" and "labs.csv" are the same table. */
static const char *table_name(serve_call *call, const json_t *body) {
    const char *name = serve_needed(call, body, "table", MOST_TABLE_NAME);
    if (!name) return NULL;
    const char *file = strchr(name, '.') ? name : serve_pool_printf(call->pool, "%s.csv", name);
    if (serve_is_table(file) && strcmp(file, "patients.csv") != 0) return file;
    serve_problem(call, 422, "no-such-table", "There is no such table to add rows to.",
                  "Rows go to therapy, lesions, labs, clinical, molecular, pathology or notes.");
    return NULL;
}

static bool cell_of(serve_call *call, const char *column, const json_t *value, const char **out) {
    bool name = *column && strspn(column, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(column);
    *out = json_is_null(value) ? "" : json_string_value(value);
    if (name && *out && strlen(*out) <= MOST_CELL) return true;
    serve_problem(call, 422, "bad-cell", "Each cell of \"row\" is a text under the name of a column.",
                  "docs/case-folder.md names the columns; numbers are sent as text, with their own digits.");
    return false;
}

/* Columns that the library wants in the header of a table, whatever the row fills. */
static const char *needed_columns(const char *table) {
    static const char *const needed[][2] = {{"labs.csv", "date analyte value unit"},
                                            {"lesions.csv", "date lesion"},
                                            {"therapy.csv", "drug start"},
                                            {"clinical.csv", "date item value"},
                                            {"molecular.csv", "gene result"},
                                            {"pathology.csv", "result"},
                                            {"notes.csv", "topic"}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (strcmp(needed[i][0], table) == 0) return needed[i][1];
    return "";
}

static void add_needed(serve_call *call, const json_t *row, const char *table, serve_buf *header, serve_buf *cells) {
    for (const char *word = needed_columns(table); *word; word += strspn(word, " ")) {
        size_t size = strcspn(word, " ");
        const char *column = serve_pool_text(call->pool, (bfl_text){word, size});
        word += size;
        if (json_object_get(row, column)) continue;
        serve_buf_printf(header, ",%s", column);
        serve_buf_z(cells, ",");
    }
}

static bool read_row(serve_call *call, const json_t *body, const char *patient, typed_row *out) {
    json_t *row = json_object_get(body, "row"), *value;
    const char *column, *text;
    serve_buf header = {.pool = call->pool}, cells = {.pool = call->pool};
    if (!(out->table = table_name(call, body))) return false;
    if (!json_is_object(row) || json_object_size(row) == 0) {
        serve_problem(call, 422, "missing-member", "\"row\" must be an object of cells.",
                      "Send {\"table\":\"labs.csv\",\"row\":{\"date\":\"d41\", ...}}.");
        return false;
    }
    serve_buf_z(&header, "patient");
    serve_csv_cell(&cells, patient);
    out->date = "";
    json_object_foreach(row, column, value) {
        if (strcmp(column, "patient") == 0) continue;
        if (!cell_of(call, column, value, &text)) return false;
        if (strcmp(column, "date") == 0 || strcmp(column, "start") == 0) out->date = text;
        serve_buf_printf(&header, ",%s", column);
        serve_buf_z(&cells, ",");
        serve_csv_cell(&cells, text);
    }
    add_needed(call, row, out->table, &header, &cells);
    serve_buf_z(&header, "\n");
    serve_buf_add(&header, serve_buf_text(&cells));
    serve_buf_z(&header, "\n");
    out->csv = serve_buf_text(&header);
    return true;
}

/* ---- what is wrong in it ---- */

/* The row alone, for a patient whose day 0 lets its date be placed. `patients` is the patient's own table, or NULL. */
static bool check_alone(serve_call *call, const typed_row *row, const bfl_table_bytes *patients, bfl_study **out) {
    bool civil = row->date[0] >= '0' && row->date[0] <= '9' && strlen(row->date) == 10;
    const char *own = serve_pool_printf(call->pool, "patient,day0\nx,%s\n", civil ? row->date : "d0");
    bfl_table_bytes both[2] = {{"patients.csv", patients ? patients->bytes : bfl_text_of(own)}, {row->table, row->csv}};
    const serve_tables tables = {both, 2};
    return serve_tables_study(call, &tables, out);
}

/* Issues of the row, its place left out: a row that is typed has none. */
static size_t own_issues(const typed_row *row, const bfl_study *study, bfl_issue *out, bool *unusable) {
    size_t count = 0;
    *unusable = false;
    for (size_t i = 0; i < bfl_study_issue_count(study); i++) {
        const bfl_issue *issue = bfl_study_issue(study, i);
        if (strcmp(issue->source.file, row->table) != 0) continue;
        out[count] = *issue;
        out[count++].source.row = 0;
        if (issue->severity == BFL_ISSUE_ERROR) *unusable = true;
    }
    return count;
}

/* What the value means in the unit that rules read. */
static void put_canonical(serve_json *w, const bfl_record *record) {
    const bfl_lab *lab = record && record->lab_count ? &record->labs[0] : NULL;
    if (!lab || !lab->analyte) {
        serve_json_null(w, "canonical");
        return;
    }
    serve_json_open(w, "canonical", "{");
    serve_json_text(w, "analyte", lab->analyte->id);
    serve_json_text(w, "name", lab->analyte->name);
    serve_json_maybe(w, "value", lab->canonical);
    serve_json_text(w, "unit", lab->analyte->unit_count ? lab->analyte->units[0].text : NULL);
    serve_json_maybe(w, "ref_low", lab->ref_low);
    serve_json_maybe(w, "ref_high", lab->ref_high);
    bfl_maybe times = {0};
    if (lab->canonical.present && lab->ref_high.present && lab->ref_high.value.mantissa > 0)
        times = (bfl_maybe){bfl_decimal_divide(lab->canonical.value, lab->ref_high.value, 2), true};
    serve_json_maybe(w, "times_uln", times);
    serve_json_text(w, "scale", lab->scale ? lab->scale->id : NULL);
    serve_json_bool(w, "usable", lab->usable);
    serve_json_close(w, "}");
}

static void post_check(serve_call *call) {
    typed_row row = {0};
    bfl_study *study = NULL;
    bool unusable;
    const json_t *body = serve_body_object(call);
    if (!body || !read_row(call, body, "x", &row) || !check_alone(call, &row, NULL, &study)) return;
    bfl_issue *issues = SERVE_NEW_ARRAY(call->pool, bfl_study_issue_count(study) + 1, bfl_issue);
    size_t count = own_issues(&row, study, issues, &unusable);
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_put_issues(&w, "issues", issues, count);
    serve_json_bool(&w, "usable", !unusable);
    put_canonical(&w, bfl_study_record(study, 0));
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

/* ---- appending ---- */

static void refuse_row(serve_call *call, const bfl_issue *issues, size_t count) {
    serve_json w = serve_json_in(call->pool);
    serve_put_issues(&w, "issues", issues, count);
    serve_problem_with(call, 422, "row-not-usable", "The row holds something that cannot be used.",
                       "Correct what is named and save again.", serve_buf_text(&w.out).data);
}

static void conflict(serve_call *call, int64_t version) {
    serve_problem_with(call, 409, "version-conflict", "Somebody changed this record meanwhile.",
                       "Look at the newer version, then add the row to it.",
                       serve_pool_printf(call->pool, "\"version\":%lld", (long long)version));
}

static bool expected(serve_call *call, const json_t *body, int64_t *out) {
    const json_t *version = json_object_get(body, "expected_version");
    *out = json_integer_value(version);
    if (json_is_integer(version) && *out > 0) return true;
    serve_problem(call, 422, "missing-member", "\"expected_version\" must be the version that you saw.",
                  "Load the record first.");
    return false;
}

/* The library reads the table and the row behind it as one: a table may come in two parts. */
static bool append(serve_call *call, const serve_version *v, const typed_row *row, bfl_study **out) {
    serve_tables tables = {SERVE_NEW_ARRAY(call->pool, v->tables.count + 1, bfl_table_bytes), v->tables.count + 1};
    memcpy(tables.items, v->tables.items, v->tables.count * sizeof *tables.items);
    tables.items[v->tables.count] = (bfl_table_bytes){row->table, row->csv};
    return serve_tables_study(call, &tables, out);
}

static void reply_row(serve_call *call, const store_record_put_result *put, const bfl_issue *issues, size_t count) {
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_whole(&w, "version", put->version);
    serve_put_issues(&w, "issues", issues, count);
    serve_json_close(&w, "}");
    serve_reply_json(call, 201, &w);
}

static void post_row(serve_call *call) {
    typed_row row = {0};
    serve_version v = {0};
    bfl_study *alone = NULL, *whole = NULL;
    int64_t version;
    bool unusable;
    const json_t *body = serve_body_object(call);
    if (!body || !expected(call, body, &version) || !serve_version_load(call, call->keys[0], 0, &v)) return;
    if (v.stored->version != version) {
        conflict(call, v.stored->version);
        return;
    }
    if (!read_row(call, body, v.record->patient.id, &row)) return;
    if (!check_alone(call, &row, serve_tables_find(&v.tables, "patients.csv"), &alone)) return;
    bfl_issue *issues = SERVE_NEW_ARRAY(call->pool, bfl_study_issue_count(alone) + 1, bfl_issue);
    size_t count = own_issues(&row, alone, issues, &unusable);
    if (unusable) {
        refuse_row(call, issues, count);
        return;
    }
    if (!append(call, &v, &row, &whole)) return;
    bfl_error err = {0};
    store_record_put_result put = {0};
    const serve_put how = {.key = v.stored->key,
                           .expected_version = version,
                           .reason = serve_pool_printf(call->pool, "row of %s", row.table),
                           .who = call->user};
    bfl_status status = serve_record_put(call, whole, 0, &how, &put, &err);
    if (status == BFL_EEXIST)
        conflict(call, put.version);
    else if (status)
        serve_failed(call, status, &err);
    else {
        (void)serve_record_assessed(
            call, put.key); /* the record is kept; a verdict that is not is made when it is asked for */
        reply_row(call, &put, issues, count);
    }
}

static const serve_route routes[] = {
    {"POST", "/api/v1/check/row", SERVE_READER, SERVE_SMALL, SERVE_PLAIN, post_check},
    {"POST", "/api/v1/patients/{key}/rows", SERVE_REVIEWER, SERVE_SMALL, SERVE_PLAIN, post_row},
};
const serve_routes serve_row_routes = {routes, sizeof routes / sizeof *routes};
