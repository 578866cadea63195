/* SPDX-License-Identifier: Apache-2.0 */
/* CDS Hooks: feedback on cards, and tokens of callers that are good once. */
#include "chain.h"
#include "field.h"
#include "kept.h"
#include "memory.h"
#include "pool.h"

bfl_status store_feedback_put(store *s, const store_by *by, const store_feedback *feedback, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = FIELD_CHECK(err, {"the service", bfl_text_of(feedback->service), FIELD_NAME, false},
                                    {"the card", bfl_text_of(feedback->card), FIELD_NAME, false},
                                    {"the outcome", bfl_text_of(feedback->outcome), FIELD_NAME, false},
                                    {"the feedback", bfl_text_of(feedback->json), FIELD_NOTE, true});
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    kept_insert(db, by, KEPT_FEEDBACK, feedback->service,
                (sql_value[]){sql_of(kept_next(db, KEPT_FEEDBACK)), sql_z(feedback->service), sql_z(feedback->card),
                              sql_z(feedback->outcome), sql_z(feedback->json), sql_of(by->now_ms)});
    return pool_end(s, db, err);
}

bfl_status store_feedback_list(store *s, const char *service, uint32_t limit, store_feedbacks **out, bfl_error *err) {
    sql *db = NULL;
    size_t capacity = 0;
    bfl_status status = FIELD_CHECK(err, {"the service", bfl_text_of(service), FIELD_NAME, true});
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_feedbacks *list = sql_result(db, sizeof *list);
    sql_rows rows = sql_ask(db,
                            "SELECT service, card, outcome, json, at_ms FROM feedback WHERE ?1 = '' OR service = ?1"
                            " ORDER BY id DESC LIMIT ?2",
                            SQL_VALUES(sql_z(service), sql_of(limit)));
    for (store_feedback *f; sql_next(&rows) && (f = SQL_MORE(db, list, &capacity)) != NULL;)
        *f = (store_feedback){.service = sql_keep(&rows, 0, list),
                              .card = sql_keep(&rows, 1, list),
                              .outcome = sql_keep(&rows, 2, list),
                              .json = sql_keep(&rows, 3, list),
                              .at_ms = sql_int(&rows, 4)};
    sql_end(&rows);
    status = pool_give(s, db, list, err);
    if (status == BFL_OK) *out = list;
    return status;
}

bfl_status store_jti_once(store *s, const store_by *by, const char *jti, int64_t expires_ms, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = FIELD_CHECK(err, {"the jti", bfl_text_of(jti), FIELD_LINE, false});
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    const sql_value values[] = {sql_z(by->who), sql_z(jti), sql_of(expires_ms)};
    sql_do(db, "DELETE FROM jtis WHERE expires_ms <= ?1", SQL_VALUES(sql_of(by->now_ms)));
    if (sql_number(db, 0, "SELECT COUNT(*) FROM jtis WHERE issuer = ?1 AND jti = ?2", values, 2) > 0)
        sql_fail(db, BFL_EEXIST, "this token was used before");
    sql_do(db, "INSERT INTO jtis (issuer, jti, expires_ms) VALUES (?1, ?2, ?3)", values,
           sizeof values / sizeof *values);
    (void)chain_add(db, by, "jti.once", by->who, values, sizeof values / sizeof *values);
    return pool_end(s, db, err);
}
