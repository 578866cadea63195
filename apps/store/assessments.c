/* SPDX-License-Identifier: Apache-2.0 */
/* Assessments: what the engine said of a version, with the rulebook it said it by. */
#include "field.h"
#include "kept.h"
#include "patient.h"
#include "pool.h"

#include <stdio.h>

static const double MILLIONTHS = 1000000;

static sql_value probability(const store_assessment *a, double p) {
    return a->has_probability ? sql_of((int64_t)(p * MILLIONTHS + 0.5)) : sql_null();
}

static bool is_probability(double p) { return p >= 0 && p <= 1; }

static bfl_status check(store *s, const store_assessment *a, bfl_error *err) {
    bfl_status status = field_key(a->key, err);
    if (status == BFL_OK) status = field_content(s, "the assessment", a->json, err);
    if (status != BFL_OK) return status;
    if (a->has_probability && !(is_probability(a->p_flare) && is_probability(a->p_progression) &&
                                is_probability(a->low) && is_probability(a->high)))
        return error_set(err, BFL_EINVAL, "a probability is not between 0 and 1");
    return FIELD_CHECK(err, {"the assessment", a->json, s->options.content_bytes, false},
                       {"the date", bfl_text_of(a->as_of), FIELD_NAME, true},
                       {"the hash of the rulebook", bfl_text_of(a->rulebook), FIELD_NAME, false},
                       {"the state", bfl_text_of(a->state), FIELD_NAME, true},
                       {"the next step", bfl_text_of(a->next_step), FIELD_LINE, true},
                       {"the day on which it is due", bfl_text_of(a->due), FIELD_NAME, true});
}

static int64_t same(sql *db, const store_assessment *a, patient p, int64_t version) {
    return sql_number(
        db, 0,
        "SELECT MAX(id) FROM assessments WHERE patient = ?1 AND version = ?2 AND as_of = ?3 AND rulebook = ?4"
        " AND replay = ?5 AND json = ?6 AND id = (SELECT MAX(id) FROM assessments"
        " WHERE patient = ?1 AND version = ?2 AND as_of = ?3 AND replay = ?5)",
        SQL_VALUES(sql_of(p.id), sql_of(version), sql_z(a->as_of), sql_z(a->rulebook), sql_of(a->replay),
                   sql_bytes(a->json)));
}

static int64_t insert(sql *db, const store_by *by, const store_assessment *a, patient p, int64_t version) {
    int64_t id = kept_next(db, KEPT_ASSESSMENTS);
    kept_insert(db, by, KEPT_ASSESSMENTS, a->key,
                (sql_value[]){sql_of(id), sql_of(p.id), sql_of(version), sql_z(a->as_of), sql_z(a->rulebook),
                              sql_of(a->replay), sql_z(a->state), probability(a, a->p_flare),
                              probability(a, a->p_progression), probability(a, a->low), probability(a, a->high),
                              sql_of(a->alarms), sql_of(a->questions), sql_of(a->urgency), sql_z(a->next_step),
                              sql_z(a->due), sql_of(by->now_ms), sql_z(by->who), sql_bytes(a->json)});
    if (!a->replay)
        sql_do(db, "UPDATE latest SET assessment = ?2 WHERE patient = ?1", SQL_VALUES(sql_of(p.id), sql_of(id)));
    return id;
}

bfl_status store_assessment_put(store *s, const store_by *by, const store_assessment *assessment, int64_t *id,
                                bfl_error *err) {
    sql *db = NULL;
    bfl_status status = check(s, assessment, err);
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    patient p = patient_of(db, assessment->key);
    int64_t version = assessment->version ? assessment->version : p.version;
    if (version < 1 || version > p.version) sql_fail(db, BFL_ENOTFOUND, "there is no version %lld", (long long)version);
    int64_t given = same(db, assessment, p, version);
    if (!given) given = insert(db, by, assessment, p, version);
    status = pool_end(s, db, err);
    if (status == BFL_OK) *id = given;
    return status;
}

/* ---- getting ---- */

#define ASSESSMENT_SELECT                                                                                        \
    "SELECT a.id, p.key, a.version, a.as_of, a.rulebook, a.replay, a.state, a.p_flare, a.p_progression, a.low, " \
    "a.high,"                                                                                                    \
    " a.alarms, a.questions, a.urgency, a.next_step, a.due, a.made_ms, a.made_by, a.json"                        \
    " FROM assessments a JOIN patients p ON p.id = a.patient WHERE "

static double as_probability(const sql_rows *rows, int column) { return (double)sql_int(rows, column) / MILLIONTHS; }

static void read_assessment(const sql_rows *rows, store_assessment *a) {
    a->id = sql_int(rows, 0);
    sql_short(rows, 1, a->key, sizeof a->key);
    a->version = sql_int(rows, 2);
    a->as_of = sql_keep(rows, 3, a);
    a->rulebook = sql_keep(rows, 4, a);
    a->replay = sql_int(rows, 5) != 0;
    a->state = sql_keep(rows, 6, a);
    a->has_probability = sql_column(rows, 7).kind == SQL_INTEGER;
    a->p_flare = as_probability(rows, 7);
    a->p_progression = as_probability(rows, 8);
    a->low = as_probability(rows, 9);
    a->high = as_probability(rows, 10);
    a->alarms = sql_int(rows, 11);
    a->questions = sql_int(rows, 12);
    a->urgency = sql_int(rows, 13);
    a->next_step = sql_keep(rows, 14, a);
    a->due = sql_keep(rows, 15, a);
    a->made_ms = sql_int(rows, 16);
    a->made_by = sql_keep(rows, 17, a);
    a->json = sql_keep_bytes(rows, 18, a);
}

static bfl_status give(store *s, sql *db, sql_rows rows, store_assessment **out, bfl_error *err) {
    store_assessment *a = sql_result(db, sizeof *a);
    if (sql_next(&rows))
        read_assessment(&rows, a);
    else
        sql_fail(db, BFL_ENOTFOUND, "there is no such assessment");
    sql_end(&rows);
    bfl_status status = pool_give(s, db, a, err);
    if (status == BFL_OK) *out = a;
    return status;
}

bfl_status store_assessment_get(store *s, int64_t id, store_assessment **out, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    return give(s, db, sql_ask(db, ASSESSMENT_SELECT "a.id = ?1", SQL_VALUES(sql_of(id))), out, err);
}

bfl_status store_assessment_latest(store *s, const store_assessment_want *want, store_assessment **out,
                                   bfl_error *err) {
    sql *db = NULL;
    bfl_status status = field_key(want->key, err);
    if (status == BFL_OK)
        status = FIELD_CHECK(err, {"the date", bfl_text_of(want->as_of), FIELD_NAME, true},
                             {"the hash of the rulebook", bfl_text_of(want->rulebook), FIELD_NAME, true});
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    char text[768];
    (void)snprintf(text, sizeof text,
                   ASSESSMENT_SELECT "p.key = ?1 AND (?2 = 0 OR a.version = ?2) AND (?4 = '' OR a.rulebook = ?4) AND %s"
                                     " ORDER BY a.id DESC LIMIT 1",
                   want->as_of ? "a.as_of = ?3" : "a.replay = 0 AND ?3 = ''");
    return give(s, db,
                sql_ask(db, text,
                        SQL_VALUES(sql_z(want->key), sql_of(want->version), sql_z(want->as_of), sql_z(want->rulebook))),
                out, err);
}
