/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One patient's record between the store and the library: a version is the tables of a case folder as JSON; reading it gives a
 * bfl_record, assessing that a bfl_assessment. What is kept is made here in one way, whoever brings it.
 */
#ifndef SERVE_RECORD_RECORD_H
#define SERVE_RECORD_RECORD_H

#include "serve/http/call.h"
#include "serve/keep.h"

/* ---- content: {"schema":"boneflare.case/1","files":{"labs.csv":"..."}} (content.c) ---- */

typedef struct serve_tables {
    bfl_table_bytes *items; /* lives in the pool */
    size_t count;
} serve_tables;

/* Null-terminated sentence of what is wrong, or NULL. */
const char *serve_content_read(serve_pool *pool, bfl_text json, serve_tables *out);
bfl_text serve_content_write(serve_pool *pool, const serve_tables *tables);
/* A table of it; NULL when there is none. */
const bfl_table_bytes *serve_tables_find(const serve_tables *tables, const char *name);
/* Is it the name of a table of a case folder: "labs.csv"? */
bool serve_is_table(const char *name);

/* ---- CSV (csv.c) ---- */

typedef struct serve_csv {
    bfl_text rest;
    serve_pool *pool;
} serve_csv;

/* The next row's cells; 0 at the end. At most `most` cells. */
size_t serve_csv_row(serve_csv *csv, const char **cells, size_t most);
/* A cell, in quotes when it needs them. */
void serve_csv_cell(serve_buf *out, const char *text);

/* ---- a version (load.c) ---- */

typedef struct serve_version {
    store_record *stored;
    serve_tables tables;
    bfl_study *study;
    const bfl_record *record;
    bool latest;
} serve_version;

/* version 0 = the latest. False: it has answered. */
bool serve_version_load(serve_call *call, const char *key, int64_t version, serve_version *out);
/* The query's ?version=; false: it has answered. */
bool serve_version_query(serve_call *call, int64_t *out);
/* Reads tables into a study; false: it has answered. */
bool serve_tables_study(serve_call *call, const serve_tables *tables, bfl_study **out);

/* ---- assessments (assess.c) ---- */

/* The query's ?as_of=: a date, or a day such as d41; has_as_of false when it is not given. False: it has answered. */
bool serve_as_of_query(serve_call *call, bfl_assess_options *out);
/* Assesses a version; false: it has answered. */
bool serve_assess(serve_call *call, const serve_version *version, const bfl_assess_options *options,
                  const bfl_assessment **out);
/* boneflare.assessment/1 of an assessment, with the review of this version. */
bfl_text serve_assessment_json(serve_call *call, const bfl_assessment *assessment);
/* Keeps it, for the work list (replay false) or for a review of an earlier day; false: it has answered. */
bool serve_assessment_keep(serve_call *call, const serve_version *version, const bfl_assessment *assessment,
                           bool replay, int64_t *id);
/* Loads the latest version of a patient, assesses it and keeps that for the work list; false: it has answered. */
bool serve_record_assessed(serve_call *call, const char *key);
/* Day as {"day":41,"date":"2019-04-04"} or null. */
void serve_put_day(serve_json *w, const char *key, const bfl_record *record, bfl_when when);
/* Civil date of a day; NULL without a calendar. */
const char *serve_day_date(serve_pool *pool, const bfl_record *record, int32_t day);

/* ---- keeping a record (put.c) ---- */

typedef struct serve_put {
    const char *key; /* NULL = a new patient */
    int64_t expected_version;
    const char *reason;
    int64_t source;
    const char *losses; /* JSON, or NULL */
    const char *who;    /* user */
    bool once;          /* no new version when the latest holds the same: sending a file twice changes nothing */
} serve_put;

/* The i-th record of a study as a version. A conflict is BFL_EEXIST with the patient's key and latest version in *out. */
bfl_status serve_record_put(serve_call *call, const bfl_study *study, size_t index, const serve_put *put,
                            store_record_put_result *out, bfl_error *err);
/* Issues as an array of JSON: [{"severity","code","file","row","column","found","expected","action"}]. */
void serve_put_issues(serve_json *w, const char *key, const bfl_issue *issues, size_t count);
const char *serve_severity_word(bfl_severity severity);

#endif
