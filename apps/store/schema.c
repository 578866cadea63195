/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#include "chain.h"
#include "key.h"

#include <stdio.h>

int64_t schema_number(sql *db) { return sql_number(db, 0, db->back_end->schema_get, SQL_NONE); }

static void take_step(sql *db, const schema_step *steps, int64_t number) {
    char text[96];
    const schema_step *step = &steps[number - 1];
    const char *const *statements = db->back_end == &sqlite_back_end ? step->sqlite : step->postgresql;
    for (; *statements; statements++) sql_script(db, *statements);
    (void)snprintf(text, sizeof text, "%s%lld%s", db->back_end->schema_set, (long long)number,
                   db->back_end->schema_set_end);
    sql_script(db, text);
}

void schema_make(sql *db) {
    for (int64_t number = 1; number <= schema_newest; number++) take_step(db, schema_steps, number);
}

static void name_store(sql *db, int64_t now_ms) {
    char name[STORE_KEY_SIZE];
    key_new(name);
    sql_do(db, "INSERT INTO store (id, name, created_ms) VALUES (1, ?1, ?2)", SQL_VALUES(sql_z(name), sql_of(now_ms)));
    store_by by = {"store", now_ms};
    (void)chain_add(db, &by, "store.create", name, SQL_VALUES(sql_z(name), sql_of(now_ms)));
}

/* Another process may be doing the same: what is to be done is decided inside the transaction. */
static void take_steps(sql *db, int64_t now_ms, const schema_step *steps, int64_t newest) {
    sql_script(db, db->back_end->begin_write);
    int64_t from = schema_number(db);
    for (int64_t number = from + 1; number <= newest && sql_good(db); number++) {
        char subject[32];
        take_step(db, steps, number);
        if (number == 1) name_store(db, now_ms);
        (void)snprintf(subject, sizeof subject, "schema %lld", (long long)number);
        store_by by = {"store", now_ms};
        (void)chain_add(db, &by, "store.migrate", subject, SQL_VALUES(sql_of(number)));
    }
    sql_script(db, "COMMIT");
}

void schema_open_by(sql *db, const store_options *options, const schema_step *steps, int64_t newest) {
    int64_t number = schema_number(db);
    if (!sql_good(db) || number == newest || (db->read_only && number > 0 && number < newest)) return;
    if (number > newest)
        sql_fail(
            db, BFL_ENOTSUP,
            "this store has schema %lld, made by a newer boneflare; this one knows schemas up to %lld. Use the newer "
            "program; nothing was changed",
            (long long)number, (long long)newest);
    else if (number < 0)
        sql_fail(db, BFL_EPARSE, "schema %lld: this is no boneflare store", (long long)number);
    else if (number == 0 && !options->create)
        sql_fail(db, BFL_ENOTFOUND, "there is no store here; 'boneflare store create' makes one");
    else if (number > 0 && !options->migrate)
        sql_fail(
            db, BFL_ENOTSUP,
            "this store has the older schema %lld; make a backup, then 'boneflare store migrate' brings it to %lld",
            (long long)number, (long long)newest);
    else
        take_steps(db, options->now_ms, steps, newest);
}

void schema_open(sql *db, const store_options *options) { schema_open_by(db, options, schema_steps, schema_newest); }
