/* SPDX-License-Identifier: Apache-2.0 */
/* The audit log as callers see it: notes of their own, its rows, its head. */
#include "chain.h"
#include "field.h"
#include "kept.h"
#include "memory.h"
#include "pool.h"

#include <stdio.h>
#include <string.h>

static bfl_status check_note(const store_note *note, bfl_error *err) {
    bfl_status status = FIELD_CHECK(err, {"the name", bfl_text_of(note->by.who), FIELD_NAME, false},
                                    {"the action", bfl_text_of(note->action), FIELD_NAME, false},
                                    {"the subject", bfl_text_of(note->subject), FIELD_NAME, true});
    if (status == BFL_OK && kept_action(note->action))
        status = error_set(err, BFL_EINVAL, "this action is the store's own; name a note otherwise");
    return status;
}

bfl_status store_audit_notes(store *s, const store_note *notes, size_t count, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < count && status == BFL_OK; i++) status = check_note(&notes[i], err);
    if (status != BFL_OK || count == 0) return status;
    status = pool_write(s, &notes[0].by, &db, err);
    if (status != BFL_OK) return status;
    for (size_t i = 0; i < count; i++) {
        const store_note *n = &notes[i];
        const char *subject = n->subject ? n->subject : "";
        (void)chain_add(db, &n->by, n->action, subject, SQL_VALUES(sql_z(n->action), sql_z(n->subject)));
    }
    return pool_end(s, db, err);
}

bfl_status store_audit_note(store *s, const store_by *by, const char *action, const char *subject, bfl_error *err) {
    const store_note note = {by ? *by : (store_by){NULL, 0}, action, subject};
    return store_audit_notes(s, &note, 1, err);
}

bfl_status store_audit_list(store *s, int64_t after, uint32_t limit, store_audit_rows **out, bfl_error *err) {
    enum { LIMIT = 100, MOST = 1000 };
    sql *db = NULL;
    size_t capacity = 0;
    bfl_status status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_audit_rows *list = sql_result(db, sizeof *list);
    sql_rows rows = sql_ask(db, "SELECT " CHAIN_COLUMNS " FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2",
                            SQL_VALUES(sql_of(after), sql_of(limit == 0     ? LIMIT
                                                             : limit > MOST ? MOST
                                                                            : limit)));
    for (store_audit_row *row; sql_next(&rows) && (row = SQL_MORE(db, list, &capacity)) != NULL;) {
        chain_read(&rows, row);
        row->who = sql_keep(&rows, 2, list);
        row->action = sql_keep(&rows, 3, list);
        row->subject = sql_keep(&rows, 4, list);
    }
    sql_end(&rows);
    status = pool_give(s, db, list, err);
    if (status == BFL_OK) *out = list;
    return status;
}

bfl_status store_head_get(store *s, store_head *out, bfl_error *err) {
    sql *db = NULL;
    store_head head;
    bfl_status status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    chain_head(db, &head);
    status = pool_end(s, db, err);
    if (status == BFL_OK) *out = head;
    return status;
}

/* ---- a head as text ---- */

static const char hex[] = "0123456789abcdef";

void store_head_format(const store_head *head, char buffer[STORE_HEAD_SIZE]) {
    int used = snprintf(buffer, STORE_HEAD_SIZE, "%lld:", (long long)head->count);
    for (int i = 0; i < STORE_HASH_BYTES; i++) {
        buffer[used++] = hex[head->hash[i] >> 4];
        buffer[used++] = hex[head->hash[i] & 15];
    }
    buffer[used] = '\0';
}

bfl_status store_head_parse(const char *text, store_head *out, bfl_error *err) {
    static const char wanted[] = "a head of the audit is COUNT:64 hexadecimal digits, as backup and info print it";
    enum { MOST_DIGITS = 18, HEX_DIGITS = 2 * STORE_HASH_BYTES };
    store_head head = {0};
    size_t digits = text ? strspn(text, "0123456789") : 0;
    if (digits == 0 || digits > MOST_DIGITS || text[digits] != ':' || (digits > 1 && text[0] == '0'))
        return error_set(err, BFL_EPARSE, "%s", wanted);
    for (size_t i = 0; i < digits; i++) head.count = head.count * 10 + (text[i] - '0');
    text += digits + 1;
    if (strlen(text) != HEX_DIGITS || strspn(text, hex) != HEX_DIGITS) return error_set(err, BFL_EPARSE, "%s", wanted);
    for (size_t i = 0; i < HEX_DIGITS; i++)
        head.hash[i / 2] = (uint8_t)(head.hash[i / 2] << 4 | (uint8_t)(strchr(hex, text[i]) - hex));
    *out = head;
    return BFL_OK;
}
