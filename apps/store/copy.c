/* SPDX-License-Identifier: Apache-2.0 */
#include "copy.h"

#include "kept.h"

#include <stdio.h>
#include <string.h>

typedef struct table {
    const char *name, *columns;
    int count;
    bool numbered; /* the first column is a number without repeats: copied in pages */
} table;

/* What others refer to comes first. */
static const table tables[] = {
    {"store", "id, name, created_ms", 3, true},
    {"audit", "seq, at_ms, who, action, subject, details, previous, hash", 8, true},
    {"patients", "id, key, patient_id, created_ms, audit", 5, true},
    {"sources", "id, name, media_type, made_ms, made_by, sha256, content, audit", 8, true},
    {"records", "id, patient, version, made_ms, made_by, reason, source, issues, losses, sha256, bytes, content, audit",
     13, true},
    {"assessments",
     "id, patient, version, as_of, rulebook, replay, state, p_flare, p_progression, low, high, alarms, questions, "
     "urgency, "
     "next_step, due, made_ms, made_by, json, audit",
     20, true},
    {"reviews", "id, patient, version, assessment, status, as_of, at_ms, who, note, audit", 10, true},
    {"latest", "patient, version, updated_ms, assessment, review", 5, true},
    {"users", "name, role, password_hash, disabled, created_ms, audit", 6, false},
    {"jtis", "issuer, jti, expires_ms", 3, false},
    {"feedback", "id, service, card, outcome, json, at_ms, audit", 7, true},
    {"search", "rowid, words", 2, true},
};

static void write_insert(char *text, size_t size, const table *t) {
    size_t used = (size_t)snprintf(text, size, "INSERT INTO %s (%s) VALUES (?1", t->name, t->columns);
    for (int i = 2; i <= t->count; i++) used += (size_t)snprintf(text + used, size - used, ", ?%d", i);
    (void)snprintf(text + used, size - used, ")");
}

static void copy_row(const sql_rows *rows, sql *to, const char *insert, const table *t) {
    sql_value values[KEPT_MOST_COLUMNS + 1];
    for (int i = 0; i < t->count; i++) values[i] = sql_column(rows, i);
    sql_do(to, insert, values, (size_t)t->count);
}

static void copy_table(sql *from, sql *to, const table *t) {
    enum { PAGE = 4 }; /* rows of up to the largest content at once */
    char select[512], insert[640];
    int64_t last = INT64_MIN;
    if (t->numbered)
        (void)snprintf(select, sizeof select, "SELECT %s FROM %s WHERE %.*s > ?1 ORDER BY 1 LIMIT ?2", t->columns,
                       t->name, (int)strcspn(t->columns, ","), t->columns);
    else
        (void)snprintf(select, sizeof select, "SELECT %s FROM %s WHERE ?1 < ?2", t->columns, t->name);
    write_insert(insert, sizeof insert, t);
    for (int got = PAGE; got == PAGE && sql_good(from) && sql_good(to);) {
        got = 0;
        sql_rows rows = sql_ask(from, select, SQL_VALUES(sql_of(last), sql_of(PAGE)));
        for (; sql_next(&rows) && sql_good(to); got++) {
            copy_row(&rows, to, insert, t);
            last = sql_int(&rows, 0);
        }
        sql_end(&rows);
        if (!t->numbered) break;
    }
}

void copy_tables(sql *from, sql *to) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) copy_table(from, to, &tables[i]);
}
