/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying: the chain from its first row to its last, then every row that it covers. */
#include "chain.h"
#include "kept.h"
#include "pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct check {
    sql *db;
    const store_head *known;
    store_verdict v;
} check;

static bool going(const check *c) { return c->v.good && sql_good(c->db); }

static void bad(check *c, int64_t seq, const char *format, ...) BFL_PRINTF(3, 4);
static void bad(check *c, int64_t seq, const char *format, ...) {
    va_list args;
    if (!c->v.good) return;
    va_start(args, format);
    (void)vsnprintf(c->v.problem, sizeof c->v.problem, format, args);
    va_end(args);
    c->v.good = false;
    c->v.bad_seq = seq;
}

/* ---- the chain ---- */

static void check_row(check *c, const store_audit_row *row) {
    long long expected = c->v.head.count + 1;
    chain_hash hash = chain_row(row);
    if (row->seq != expected)
        bad(c, expected, "audit row %lld is missing: after row %lld comes row %lld", expected, expected - 1,
            (long long)row->seq);
    else if (memcmp(row->previous, c->v.head.hash, STORE_HASH_BYTES) != 0)
        bad(c, row->seq, "audit row %lld does not follow row %lld: one of them was changed or put elsewhere", expected,
            expected - 1);
    else if (memcmp(row->hash, hash.bytes, STORE_HASH_BYTES) != 0)
        bad(c, row->seq, "audit row %lld was changed: its hash is not that of what it says", expected);
    else if (c->known && c->known->count == row->seq && memcmp(c->known->hash, row->hash, STORE_HASH_BYTES) != 0)
        bad(c, row->seq, "audit row %lld is not the one of the known head: the log was written anew", expected);
    if (!c->v.good) return;
    c->v.head.count = row->seq;
    memcpy(c->v.head.hash, row->hash, STORE_HASH_BYTES);
}

static void check_chain(check *c) {
    enum { PAGE = 1000 };
    for (int64_t got = PAGE; got == PAGE && going(c);) {
        got = 0;
        sql_rows rows = sql_ask(c->db, "SELECT " CHAIN_COLUMNS " FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
                                SQL_VALUES(sql_of(c->v.head.count), sql_of(PAGE)));
        for (; sql_next(&rows) && going(c); got++) {
            store_audit_row row;
            chain_read(&rows, &row);
            if (sql_good(c->db)) check_row(c, &row);
        }
        sql_end(&rows);
    }
    if (going(c) && sql_number(c->db, 0, "SELECT COUNT(*) FROM audit WHERE seq < 1", SQL_NONE) > 0)
        bad(c, 0, "there are audit rows before the first");
    if (going(c) && c->v.head.count == 0) bad(c, 1, "the audit log is empty, and a store begins with an audit row");
    if (going(c) && c->known && c->known->count > c->v.head.count)
        bad(c, c->v.head.count + 1,
            "the audit log ends at row %lld, and the known head is row %lld: its end was cut off",
            (long long)c->v.head.count, (long long)c->known->count);
}

/* ---- what the chain covers ---- */

/* The content is covered by its SHA-256, which the audit row covers. */
static bool content_good(const kept_table *table, const sql_rows *rows) {
    if (!table->sha256) return true;
    bfl_text kept = sql_text(rows, 2 + table->sha256);
    chain_hash hash = chain_sha256(sql_text(rows, 1 + table->count));
    return kept.size == STORE_HASH_BYTES && memcmp(kept.data, hash.bytes, STORE_HASH_BYTES) == 0;
}

static void check_covered(check *c, const kept_table *table, sql_rows *rows) {
    int64_t seq = sql_int(rows, 0);
    bfl_text details = sql_text(rows, 1);
    chain_hash hash = chain_details_read(rows, 2, kept_hashed(table));
    if (details.size != STORE_HASH_BYTES)
        bad(c, seq, "a row of %s names audit row %lld, which is not there", table->name, (long long)seq);
    else if (memcmp(details.data, hash.bytes, STORE_HASH_BYTES) != 0 || !content_good(table, rows))
        bad(c, seq, "a row of %s was changed: it is not what audit row %lld covers", table->name, (long long)seq);
    c->v.rows++;
}

/* A row for each audit row: what was removed shows here, and so does a row whose cover is of another kind. */
static void check_missing(check *c, kept_id id) {
    const kept_table *table = &kept_tables[id];
    char text[256];
    if (id == KEPT_USERS)
        (void)snprintf(text, sizeof text,
                       "SELECT MIN(seq) FROM audit WHERE action IN (?1, 'user.change') AND NOT EXISTS"
                       " (SELECT 1 FROM users u WHERE u.name = subject AND u.audit >= audit.seq)");
    else
        (void)snprintf(text, sizeof text,
                       "SELECT MIN(seq) FROM audit WHERE action = ?1 AND NOT EXISTS"
                       " (SELECT 1 FROM %s t WHERE t.audit = audit.seq)",
                       table->name);
    int64_t seq = sql_number(c->db, 0, text, SQL_VALUES(sql_z(table->action)));
    if (seq) bad(c, seq, "a row of %s was removed or put back: audit row %lld covers it", table->name, (long long)seq);
}

static void check_table(check *c, kept_id id) {
    enum { PAGE = 4 }; /* rows of up to the largest content at once */
    const kept_table *table = &kept_tables[id];
    char text[512];
    int64_t last = INT64_MIN;
    (void)snprintf(text, sizeof text,
                   "SELECT t.audit, (SELECT a.details FROM audit a WHERE a.seq = t.audit AND a.action %s), %s FROM %s t"
                   " WHERE t.audit > ?1 ORDER BY t.audit LIMIT ?3",
                   id == KEPT_USERS ? "IN (?2, 'user.change')" : "= ?2", table->columns, table->name);
    for (int got = PAGE; got == PAGE && going(c);) {
        got = 0;
        sql_rows rows = sql_ask(c->db, text, SQL_VALUES(sql_of(last), sql_z(table->action), sql_of(PAGE)));
        for (; sql_next(&rows) && going(c); got++) {
            check_covered(c, table, &rows);
            last = sql_int(&rows, 0);
        }
        sql_end(&rows);
    }
    if (going(c)) check_missing(c, id);
}

/* What the work list shows must be the ends of what is kept. */
static void check_latest(check *c) {
    int64_t wrong =
        sql_number(c->db, 0,
                   "SELECT COUNT(*) FROM patients p LEFT JOIN latest l ON l.patient = p.id WHERE l.patient IS NULL"
                   " OR l.version <> (SELECT MAX(version) FROM records r WHERE r.patient = p.id)"
                   " OR COALESCE(l.assessment, 0) <> COALESCE((SELECT MAX(id) FROM assessments a WHERE a.patient = p.id"
                   " AND a.replay = 0), 0)"
                   " OR COALESCE(l.review, 0) <> COALESCE((SELECT MAX(id) FROM reviews v WHERE v.patient = p.id), 0)",
                   SQL_NONE);
    if (wrong)
        bad(c, 0, "the work list of %lld patients was changed: it is not the end of what is kept", (long long)wrong);
}

static void check_database(check *c) {
    if (!c->db->back_end->check) return;
    sql_rows rows = sql_ask(c->db, c->db->back_end->check, SQL_NONE);
    if (sql_next(&rows)) {
        bfl_text said = sql_text(&rows, 0);
        if (said.size != 2 || memcmp(said.data, "ok", 2) != 0)
            bad(c, 0, "the database is damaged; stop, keep a copy, and restore a backup: %.100s", said.data);
    }
    sql_end(&rows);
}

bfl_status store_verify(store *s, const store_head *known, store_verdict *out, bfl_error *err) {
    check c = {.known = known, .v.good = true};
    bfl_status status = pool_read(s, &c.db, err);
    if (status != BFL_OK) return status;
    check_database(&c);
    if (going(&c)) check_chain(&c);
    for (int id = 0; id < KEPT_COUNT && going(&c); id++) check_table(&c, (kept_id)id);
    if (going(&c)) check_latest(&c);
    status = pool_end(s, c.db, err);
    if (status == BFL_OK) *out = c.v;
    return status;
}
