/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain: the audit log. Each row holds the hash of the row before it and of the details of what was written:
 *
 *   details  = SHA-256("boneflare.row/1", every column of the written row, in order; a content by its SHA-256)
 *   hash     = SHA-256("boneflare.audit/1", seq, at_ms, who, action, subject, details, previous)
 *
 * A value is hashed as one byte for its kind, eight for its length (big-endian), then its bytes; a number is eight bytes.
 */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "sql.h"
#include "store.h"

typedef struct chain_hash {
    uint8_t bytes[STORE_HASH_BYTES];
} chain_hash;

chain_hash chain_sha256(bfl_text bytes);
/* Hash of a row's values: as they are written, or as they are read back. */
chain_hash chain_details(const sql_value *values, size_t count);
chain_hash chain_details_read(const sql_rows *rows, int first, int count);
/* Hash of an audit row but for its own `hash`. */
chain_hash chain_row(const store_audit_row *row);

/* Appends the audit row of a write in this transaction; returns its number (0 after a failure). */
int64_t chain_add(sql *db, const store_by *by, const char *action, const char *subject, const sql_value *values,
                  size_t count);
void chain_head(sql *db, store_head *out);
/* Columns of the audit table, as chain_read() takes them. */
#define CHAIN_COLUMNS "seq, at_ms, who, action, subject, details, previous, hash"
/* Texts point into the row of the statement. */
void chain_read(const sql_rows *rows, store_audit_row *out);

#endif
