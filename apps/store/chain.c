/* SPDX-License-Identifier: Apache-2.0 */
#include "chain.h"

#include <sodium.h>
#include <string.h>

typedef crypto_hash_sha256_state digest;

static void add_number(digest *d, uint64_t number) {
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(number >> (8 * (sizeof bytes - 1 - i)));
    crypto_hash_sha256_update(d, bytes, sizeof bytes);
}

static void add_value(digest *d, const sql_value *value) {
    static const uint8_t marks[] = {[SQL_NULL] = '0', [SQL_INTEGER] = 'i', [SQL_TEXT] = 't', [SQL_BLOB] = 'b'};
    crypto_hash_sha256_update(d, &marks[value->kind], 1);
    if (value->kind == SQL_INTEGER) add_number(d, (uint64_t)value->number);
    if (value->kind != SQL_TEXT && value->kind != SQL_BLOB) return;
    add_number(d, value->bytes.size);
    crypto_hash_sha256_update(d, (const uint8_t *)value->bytes.data, value->bytes.size);
}

static void start(digest *d, const char *title) {
    crypto_hash_sha256_init(d);
    sql_value text = sql_z(title);
    add_value(d, &text);
}

static chain_hash finish(digest *d) {
    chain_hash hash;
    crypto_hash_sha256_final(d, hash.bytes);
    return hash;
}

chain_hash chain_sha256(bfl_text bytes) {
    chain_hash hash;
    crypto_hash_sha256(hash.bytes, (const uint8_t *)bytes.data, bytes.size);
    return hash;
}

chain_hash chain_details(const sql_value *values, size_t count) {
    digest d;
    start(&d, "boneflare.row/1");
    for (size_t i = 0; i < count; i++) add_value(&d, &values[i]);
    return finish(&d);
}

chain_hash chain_details_read(const sql_rows *rows, int first, int count) {
    digest d;
    start(&d, "boneflare.row/1");
    for (int i = first; i < first + count; i++) {
        sql_value value = sql_column(rows, i);
        add_value(&d, &value);
    }
    return finish(&d);
}

chain_hash chain_row(const store_audit_row *row) {
    digest d;
    start(&d, "boneflare.audit/1");
    const sql_value values[] = {sql_of(row->seq),
                                sql_of(row->at_ms),
                                sql_z(row->who),
                                sql_z(row->action),
                                sql_z(row->subject),
                                sql_blob(row->details, STORE_HASH_BYTES),
                                sql_blob(row->previous, STORE_HASH_BYTES)};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) add_value(&d, &values[i]);
    return finish(&d);
}

void chain_read(const sql_rows *rows, store_audit_row *out) {
    out->seq = sql_int(rows, 0);
    out->at_ms = sql_int(rows, 1);
    const char **const texts[] = {&out->who, &out->action, &out->subject};
    for (int i = 0; i < 3; i++) {
        bfl_text text = sql_text(rows, i + 2);
        if (strlen(text.data) != text.size)
            sql_fail(rows->db, BFL_EIO, "the store is damaged: a NUL in audit row %lld", (long long)out->seq);
        *texts[i] = text.data;
    }
    sql_fixed(rows, 5, out->details, STORE_HASH_BYTES);
    sql_fixed(rows, 6, out->previous, STORE_HASH_BYTES);
    sql_fixed(rows, 7, out->hash, STORE_HASH_BYTES);
}

void chain_head(sql *db, store_head *out) {
    *out = (store_head){0};
    sql_rows rows = sql_ask(db, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", SQL_NONE);
    if (sql_next(&rows)) {
        out->count = sql_int(&rows, 0);
        sql_fixed(&rows, 1, out->hash, STORE_HASH_BYTES);
    }
    sql_end(&rows);
}

int64_t chain_add(sql *db, const store_by *by, const char *action, const char *subject, const sql_value *values,
                  size_t count) {
    store_head head;
    chain_head(db, &head);
    store_audit_row row = {
        .seq = head.count + 1, .at_ms = by->now_ms, .who = by->who, .action = action, .subject = subject};
    chain_hash details = chain_details(values, count);
    memcpy(row.details, details.bytes, STORE_HASH_BYTES);
    memcpy(row.previous, head.hash, STORE_HASH_BYTES);
    chain_hash hash = chain_row(&row);
    sql_do(db, "INSERT INTO audit (" CHAIN_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
           SQL_VALUES(sql_of(row.seq), sql_of(row.at_ms), sql_z(row.who), sql_z(row.action), sql_z(row.subject),
                      sql_blob(row.details, STORE_HASH_BYTES), sql_blob(row.previous, STORE_HASH_BYTES),
                      sql_blob(hash.bytes, STORE_HASH_BYTES)));
    return sql_good(db) ? row.seq : 0;
}
