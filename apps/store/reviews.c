/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews: who looked at which version, when, and what came of it. */
#include "field.h"
#include "kept.h"
#include "memory.h"
#include "patient.h"
#include "pool.h"

#include <string.h>

static const char *const names[] = {"none", "draft", "submitted", "under_review", "approved"};
enum { NAME_COUNT = sizeof names / sizeof *names };

const char *store_review_name(store_review_status status) {
    return (unsigned)status < NAME_COUNT ? names[status] : "none";
}

bool store_review_parse(const char *name, store_review_status *out) {
    for (int i = 0; name && i < NAME_COUNT; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (store_review_status)i;
            return true;
        }
    return false;
}

static void put_review(sql *db, const store_by *by, const char *key, const store_review *r) {
    patient p = patient_of(db, key);
    if (sql_good(db) && r->version != p.version)
        sql_fail(db, BFL_EEXIST,
                 "version %lld was reviewed, and the latest is version %lld: look at it, then try again",
                 (long long)r->version, (long long)p.version);
    if (r->assessment &&
        sql_number(db, 0, "SELECT COUNT(*) FROM assessments WHERE id = ?1 AND patient = ?2 AND version = ?3",
                   SQL_VALUES(sql_of(r->assessment), sql_of(p.id), sql_of(r->version))) == 0)
        sql_fail(db, BFL_ENOTFOUND, "this version has no assessment %lld", (long long)r->assessment);
    int64_t id = kept_next(db, KEPT_REVIEWS);
    kept_insert(db, by, KEPT_REVIEWS, key,
                (sql_value[]){sql_of(id), sql_of(p.id), sql_of(r->version),
                              r->assessment ? sql_of(r->assessment) : sql_null(), sql_of(r->status), sql_z(r->as_of),
                              sql_of(by->now_ms), sql_z(by->who), sql_z(r->note)});
    sql_do(db, "UPDATE latest SET review = ?2 WHERE patient = ?1", SQL_VALUES(sql_of(p.id), sql_of(id)));
}

bfl_status store_review_put(store *s, const store_by *by, const char *key, const store_review *review, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = field_key(key, err);
    if (status != BFL_OK) return status;
    if (review->status <= STORE_REVIEW_NONE || review->status > STORE_REVIEW_APPROVED)
        return error_set(err, BFL_EINVAL, "a review is draft, submitted, under_review or approved");
    status = FIELD_CHECK(err, {"the note", bfl_text_of(review->note), FIELD_NOTE, true},
                         {"the date", bfl_text_of(review->as_of), FIELD_NAME, true});
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    put_review(db, by, key, review);
    return pool_end(s, db, err);
}

static void read_reviews(sql *db, const char *key, store_reviews *list) {
    size_t capacity = 0;
    sql_rows rows =
        sql_ask(db,
                "SELECT r.id, r.at_ms, r.version, r.assessment, r.status, r.as_of, r.who, r.note FROM reviews r"
                " WHERE r.patient = ?1 ORDER BY r.id DESC",
                SQL_VALUES(sql_of(patient_of(db, key).id)));
    for (store_review *r; sql_next(&rows) && (r = SQL_MORE(db, list, &capacity)) != NULL;)
        *r = (store_review){.id = sql_int(&rows, 0),
                            .at_ms = sql_int(&rows, 1),
                            .version = sql_int(&rows, 2),
                            .assessment = sql_int(&rows, 3),
                            .status = (store_review_status)sql_int(&rows, 4),
                            .as_of = sql_keep(&rows, 5, list),
                            .who = sql_keep(&rows, 6, list),
                            .note = sql_keep(&rows, 7, list)};
    sql_end(&rows);
}

bfl_status store_review_list(store *s, const char *key, store_reviews **out, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = field_key(key, err);
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_reviews *list = sql_result(db, sizeof *list);
    if (list) read_reviews(db, key, list);
    status = pool_give(s, db, list, err);
    if (status == BFL_OK) *out = list;
    return status;
}
