/* SPDX-License-Identifier: Apache-2.0 */
#include "sql.h"

#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

sql_value sql_null(void) { return (sql_value){.kind = SQL_NULL}; }

sql_value sql_of(int64_t number) { return (sql_value){.kind = SQL_INTEGER, .number = number}; }

sql_value sql_z(const char *text) { return sql_bytes(bfl_text_of(text)); }

sql_value sql_bytes(bfl_text text) {
    if (!text.data) text.data = "";
    return (sql_value){.kind = SQL_TEXT, .bytes = text};
}

sql_value sql_blob(const void *data, size_t size) {
    return (sql_value){.kind = SQL_BLOB, .bytes = {data ? data : "", size}};
}

bool sql_text_good(bfl_text text) {
    return bfl_utf8_valid(text, NULL) && (text.size == 0 || !memchr(text.data, '\0', text.size));
}

void sql_fail(sql *db, bfl_status status, const char *format, ...) {
    if (!sql_good(db)) return;
    va_list args;
    va_start(args, format);
    db->failure = (bfl_error){.status = status};
    (void)snprintf(db->failure.where, sizeof db->failure.where, "%s", db->where ? db->where : "");
    (void)vsnprintf(db->failure.message, sizeof db->failure.message, format, args);
    va_end(args);
}

void sql_script(sql *db, const char *text) {
    if (sql_good(db)) db->back_end->script(db, text);
}

sql_rows sql_ask(sql *db, const char *text, const sql_value *values, size_t count) {
    sql_rows rows = {.db = db, .at = -1};
    if (sql_good(db)) db->back_end->ask(&rows, text, values, count);
    return rows;
}

bool sql_next(sql_rows *rows) { return sql_good(rows->db) && rows->handle && rows->db->back_end->next(rows); }

void sql_end(sql_rows *rows) {
    if (rows->handle) rows->db->back_end->end(rows);
    rows->handle = NULL;
}

void sql_do(sql *db, const char *text, const sql_value *values, size_t count) {
    sql_rows rows = sql_ask(db, text, values, count);
    while (sql_next(&rows)) {
    }
    sql_end(&rows);
}

sql_value sql_column(const sql_rows *rows, int column) {
    if (!sql_good(rows->db) || !rows->handle) return sql_null();
    return rows->db->back_end->column(rows, column);
}

int64_t sql_int(const sql_rows *rows, int column) { return sql_column(rows, column).number; }

bfl_text sql_text(const sql_rows *rows, int column) {
    bfl_text text = sql_column(rows, column).bytes;
    return text.data ? text : (bfl_text){"", 0};
}

int64_t sql_number(sql *db, int64_t otherwise, const char *text, const sql_value *values, size_t count) {
    sql_rows rows = sql_ask(db, text, values, count);
    if (sql_next(&rows) && sql_column(&rows, 0).kind == SQL_INTEGER) otherwise = sql_int(&rows, 0);
    sql_end(&rows);
    return otherwise;
}

static void no_memory(sql *db) { sql_fail(db, BFL_ENOMEM, "out of memory"); }

void *sql_result(sql *db, size_t size) {
    if (!sql_good(db)) return NULL;
    void *result = result_new(size);
    if (!result) no_memory(db);
    return result;
}

void *sql_grow(sql *db, void *list, void *items, size_t count, size_t *capacity, size_t size) {
    void *grown = sql_good(db) ? result_grow(list, items, count, capacity, size) : NULL;
    if (!grown) no_memory(db);
    return grown ? grown : items;
}

bfl_text sql_keep_bytes(const sql_rows *rows, int column, void *result) {
    bfl_text text = sql_text(rows, column);
    const char *copy = sql_good(rows->db) ? result_text(result, text) : NULL;
    if (copy) return (bfl_text){copy, text.size};
    no_memory(rows->db);
    return (bfl_text){"", 0};
}

const char *sql_keep(const sql_rows *rows, int column, void *result) {
    return sql_keep_bytes(rows, column, result).data;
}

void sql_fixed(const sql_rows *rows, int column, void *out, size_t size) {
    bfl_text text = sql_text(rows, column);
    if (text.size == size)
        memcpy(out, text.data, size);
    else
        sql_fail(rows->db, BFL_EIO,
                 "the store is damaged: %zu bytes where %zu were expected; run 'boneflare store verify'", text.size,
                 size);
}

void sql_short(const sql_rows *rows, int column, char *out, size_t size) {
    bfl_text text = sql_text(rows, column);
    if (text.size >= size) {
        sql_fail(rows->db, BFL_EIO,
                 "the store is damaged: a text of %zu bytes where %zu fit; run 'boneflare store verify'", text.size,
                 size - 1);
        return;
    }
    memcpy(out, text.data, text.size);
    out[text.size] = '\0';
}
