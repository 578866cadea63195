/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"
#include "pool.h"
#include "schema.h"

#include <stdio.h>

static int64_t count(sql *db, const char *table) {
    char text[64];
    (void)snprintf(text, sizeof text, "SELECT COUNT(*) FROM %s", table);
    return sql_number(db, 0, text, SQL_NONE);
}

static void read_store(sql *db, store_info *out) {
    sql_rows rows = sql_ask(db, "SELECT name, created_ms FROM store", SQL_NONE);
    if (sql_next(&rows)) {
        sql_short(&rows, 0, out->id, sizeof out->id);
        out->created_ms = sql_int(&rows, 1);
    }
    sql_end(&rows);
    rows = sql_ask(db, db->back_end->version, SQL_NONE);
    if (sql_next(&rows)) (void)snprintf(out->library, sizeof out->library, "%s", sql_text(&rows, 0).data);
    sql_end(&rows);
}

bfl_status store_info_get(store *s, store_info *out, bfl_error *err) {
    sql *db = NULL;
    store_info info = {.newest_schema = schema_newest};
    bfl_status status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    (void)snprintf(info.back_end, sizeof info.back_end, "%s", db->back_end->name);
    read_store(db, &info);
    info.schema = schema_number(db);
    info.bytes = sql_number(db, 0, db->back_end->size_bytes, SQL_NONE);
    info.patients = count(db, "patients");
    info.records = count(db, "records");
    info.sources = count(db, "sources");
    info.assessments = count(db, "assessments");
    info.reviews = count(db, "reviews");
    info.users = count(db, "users");
    chain_head(db, &info.head);
    status = pool_end(s, db, err);
    if (status == BFL_OK) *out = info;
    return status;
}
