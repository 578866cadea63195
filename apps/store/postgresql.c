/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL as a back end. The tables lie in the schema "boneflare" of the database; its comment is the schema's number. */
#include "sql.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

enum { TYPE_INT8 = 20, TYPE_INT4 = 23, TYPE_TEXT = 25, TYPE_BYTEA = 17, MOST_VALUES = 24, LONGEST_STATEMENT = 4096 };

/* One line of the server's words. Its DETAIL is left out: it would quote values. */
static void say(sql *db, bfl_status status, const char *title, const char *words) {
    char line[256];
    size_t used = 0;
    for (; *words && used + 1 < sizeof line; words++)
        line[used++] = *words == '\n' || *words == '\t' || *words == '\r' ? ' ' : *words;
    while (used && line[used - 1] == ' ') used--;
    line[used] = '\0';
    sql_fail(db, status, "%s%s%s", title, *title && used ? ": " : "", line);
}

static void report(sql *db, const PGresult *result) {
    const char *said = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (!said) said = PQerrorMessage(db->handle);
    if (!code) code = "";
    if (PQstatus(db->handle) != CONNECTION_OK) {
        db->broken = true;
        say(db, BFL_EIO, "the connection to the server was lost, and this write may be missing", said);
    } else if (strcmp(code, "53100") == 0)
        sql_fail(db, BFL_EIO, "no room left on the server's disk; nothing of this write was kept");
    else if (strcmp(code, "53200") == 0)
        sql_fail(db, BFL_EIO, "the server is out of memory; nothing of this write was kept");
    else if (strcmp(code, "55P03") == 0)
        sql_fail(db, BFL_EIO, "locked by another program for more than %u ms; try again, or end the other",
                 db->wait_ms);
    else if (strncmp(code, "23", 2) == 0 || strcmp(code, "P0001") == 0)
        say(db, BFL_EINVAL, "refused", said);
    else if (strncmp(code, "XX", 2) == 0)
        say(db, BFL_EIO, "the database is damaged; stop, and restore a backup", said);
    else
        say(db, BFL_EIO, "PostgreSQL", said);
}

static void script(sql *db, const char *text) {
    PGresult *result = PQexec(db->handle, text);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) report(db, result);
    PQclear(result);
}

static void quiet(void *context, const char *message) {
    (void)context;
    (void)message;
}

static void disconnect(sql *db) {
    PQfinish(db->handle);
    db->handle = NULL;
}

/* libpq quotes the whole URL in some messages, and a password may stand in it: so it is looked at first. */
static bool understood(sql *db, const char *address) {
    PQconninfoOption *options = PQconninfoParse(address, NULL);
    if (!options)
        sql_fail(db, BFL_EINVAL, "this is no URL of a PostgreSQL database: postgresql://USER@HOST:PORT/DATABASE");
    PQconninfoFree(options);
    return options != NULL;
}

static void connect_server(sql *db, const char *address, bool create) {
    static const char *const keys[] = {"connect_timeout", "fallback_application_name", "dbname", "client_encoding",
                                       NULL};
    const char *const values[] = {"10", "boneflare", address, "UTF8", NULL};
    char text[320];
    (void)create;
    if (!understood(db, address)) return;
    PGconn *handle = PQconnectdbParams(keys, values, 1);
    db->handle = handle;
    if (PQstatus(handle) != CONNECTION_OK) {
        say(db, handle ? BFL_EIO : BFL_ENOMEM, "no connection", handle ? PQerrorMessage(handle) : "out of memory");
        return;
    }
    (void)PQsetNoticeProcessor(handle, quiet, NULL);
    const char *encoding = PQparameterStatus(handle, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        sql_fail(db, BFL_ENOTSUP, "the database has the encoding %s; make one with ENCODING 'UTF8'",
                 encoding ? encoding : "?");
    (void)snprintf(text, sizeof text,
                   "SET search_path TO boneflare; SET synchronous_commit TO on; SET lock_timeout TO %u;"
                   "SET client_min_messages TO warning; SET standard_conforming_strings TO on",
                   db->wait_ms);
    sql_script(db, text);
}

static void rollback(sql *db) {
    PGTransactionStatusType status = PQtransactionStatus(db->handle);
    if (status == PQTRANS_IDLE) return;
    PQclear(PQexec(db->handle, "ROLLBACK"));
    if (PQtransactionStatus(db->handle) != PQTRANS_IDLE) db->broken = true;
}

/* ?1 is written $1 here. Our statements have no other question mark. */
static bool write_places(const char *text, char out[LONGEST_STATEMENT]) {
    size_t i = 0;
    for (; text[i] && i + 1 < LONGEST_STATEMENT; i++) out[i] = text[i] == '?' ? '$' : text[i];
    out[i] = '\0';
    return !text[i];
}

typedef struct bound {
    Oid types[MOST_VALUES];
    const char *values[MOST_VALUES];
    int sizes[MOST_VALUES], binary[MOST_VALUES];
    char numbers[MOST_VALUES][24];
} bound;

static void bind(bound *b, size_t i, const sql_value *value) {
    b->sizes[i] = (int)value->bytes.size;
    b->values[i] = value->bytes.data;
    b->binary[i] = value->kind == SQL_TEXT || value->kind == SQL_BLOB;
    switch (value->kind) {
    case SQL_INTEGER:
        (void)snprintf(b->numbers[i], sizeof b->numbers[i], "%lld", (long long)value->number);
        b->values[i] = b->numbers[i];
        b->types[i] = TYPE_INT8;
        break;
    case SQL_TEXT: b->types[i] = TYPE_TEXT; break;
    case SQL_BLOB: b->types[i] = TYPE_BYTEA; break;
    case SQL_NULL:
    default: b->values[i] = NULL; break;
    }
}

static void ask(sql_rows *rows, const char *text, const sql_value *values, size_t count) {
    char statement[LONGEST_STATEMENT];
    bound b = {0};
    if (count > MOST_VALUES || !write_places(text, statement)) {
        sql_fail(rows->db, BFL_EINVAL, "a statement is too long");
        return;
    }
    for (size_t i = 0; i < count; i++) bind(&b, i, &values[i]);
    PGresult *result = PQexecParams(rows->db->handle, statement, (int)count, b.types, b.values, b.sizes, b.binary, 1);
    rows->handle = result;
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        report(rows->db, result);
    else
        rows->count = PQntuples(result);
}

static bool next(sql_rows *rows) { return ++rows->at < rows->count; }

static int64_t big_endian(const char *data, size_t size) {
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) value = value << 8 | (unsigned char)data[i];
    return size == 4 ? (int32_t)(uint32_t)value : (int64_t)value;
}

static sql_value column(const sql_rows *rows, int i) {
    const PGresult *result = rows->handle;
    int row = (int)rows->at;
    if (PQgetisnull(result, row, i)) return sql_null();
    bfl_text bytes = {PQgetvalue(result, row, i), (size_t)PQgetlength(result, row, i)};
    switch (PQftype(result, i)) {
    case TYPE_INT8:
    case TYPE_INT4: return sql_of(big_endian(bytes.data, bytes.size));
    case TYPE_BYTEA: return sql_blob(bytes.data, bytes.size);
    default: return sql_bytes(bytes);
    }
}

static void end(sql_rows *rows) { PQclear(rows->handle); }

const sql_back_end postgresql_back_end = {
    .name = "postgresql",
    .open = connect_server,
    .close = disconnect,
    .script = script,
    .rollback = rollback,
    .ask = ask,
    .next = next,
    .column = column,
    .end = end,
    .begin_write = "BEGIN; SELECT pg_advisory_xact_lock(1651469926)", /* one writer at a time, as in SQLite */
    .begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .matches = "p.id IN (SELECT rowid FROM search WHERE vector @@ to_tsquery('simple', ?1))",
    .word_start = "'",
    .word_end = "':*",
    .word_between = " & ",
    .size_bytes = "SELECT COALESCE(SUM(pg_total_relation_size(oid)), 0)::bigint FROM pg_class"
                  " WHERE relkind = 'r' AND relnamespace = to_regnamespace('boneflare')",
    .version = "SELECT current_setting('server_version')",
    .schema_get = "SELECT COALESCE(obj_description(to_regnamespace('boneflare')::oid, 'pg_namespace')::bigint, 0)",
    .schema_set = "COMMENT ON SCHEMA boneflare IS '",
    .schema_set_end = "'",
};
