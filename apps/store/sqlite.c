/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite as a back end. */
#include "sql.h"
#include "sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWN_APPLICATION_ID = 0x626f6e66, PAGE_BYTES = 4096 }; /* "bonf" */

/* What SQLite says, in words that help. It names tables and columns, never values. */
static void report(sql *db, int code) {
    sqlite3 *handle = db->handle;
    const char *said = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    int saved = handle ? sqlite3_system_errno(handle) : 0;
    const char *reason = saved ? strerror(saved) : said;
    switch (code & 0xff) {
    case SQLITE_NOMEM: sql_fail(db, BFL_ENOMEM, "out of memory"); break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        sql_fail(db, BFL_EIO, "locked by another program for more than %u ms; try again, or end the other",
                 db->wait_ms);
        break;
    case SQLITE_FULL: sql_fail(db, BFL_EIO, "no room left on the disk; nothing of this write was kept"); break;
    case SQLITE_NOTADB: sql_fail(db, BFL_EPARSE, "this file is no SQLite database, or a damaged one"); break;
    case SQLITE_CORRUPT:
        sql_fail(db, BFL_EIO, "the file is damaged (%s); stop, keep a copy, and restore a backup", said);
        break;
    case SQLITE_READONLY: sql_fail(db, BFL_EIO, "the file or its folder cannot be written (%s)", reason); break;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: sql_fail(db, BFL_EIO, "cannot be opened: %s", reason); break;
    case SQLITE_IOERR:
        sql_fail(db, BFL_EIO, "cannot be read or written: %s; nothing of this write was kept", reason);
        break;
    case SQLITE_TOOBIG: sql_fail(db, BFL_ELIMIT, "a value is too large for the store"); break;
    case SQLITE_CONSTRAINT: sql_fail(db, BFL_EINVAL, "refused: %s", said); break;
    default: sql_fail(db, BFL_EIO, "SQLite: %s", said); break;
    }
}

/* A new file is for its owner only. */
static bool make_file(sql *db, const char *path) {
    int file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file >= 0) return close(file) == 0;
    if (errno == EEXIST) return true;
    sql_fail(db, BFL_EIO, "cannot be made: %s", strerror(errno));
    return false;
}

static bool is_file(sql *db, const char *path, bool create) {
    struct stat info;
    if (strcmp(path, ":memory:") == 0) return true;
    if (stat(path, &info) == 0) {
        if (S_ISREG(info.st_mode)) return true;
        sql_fail(db, BFL_EINVAL, "this is a folder or a device, and a store is a file");
        return false;
    }
    if (errno == ENOENT && create) return make_file(db, path);
    if (errno == ENOENT)
        sql_fail(db, BFL_ENOTFOUND,
                 db->read_only ? "there is no such file"
                               : "there is no store here; 'boneflare store create' makes one");
    else
        sql_fail(db, BFL_EIO, "cannot be opened: %s", strerror(errno));
    return false;
}

/* Another program's database is left as it is: nothing is written before this. */
static void check_owner(sql *db) {
    int64_t owner = sql_number(db, 0, "PRAGMA application_id", SQL_NONE);
    int64_t tables = sql_number(db, 0, "SELECT COUNT(*) FROM sqlite_schema", SQL_NONE);
    if (sql_good(db) && tables > 0 && owner != OWN_APPLICATION_ID)
        sql_fail(db, BFL_EPARSE, "this is an SQLite database of another program, and no boneflare store");
}

static void connect_file(sql *db, const char *path, bool create) {
    if (!is_file(db, path, create)) return;
    sqlite3 *handle = NULL;
    int flags =
        (db->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(path, &handle, flags, NULL);
    db->handle = handle;
    if (code != SQLITE_OK) {
        report(db, code);
        return;
    }
    (void)sqlite3_busy_timeout(handle, (int)db->wait_ms);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    check_owner(db);
    if (db->read_only) return;
    sql_script(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                   "PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = 1000;");
    if (sql_good(db) && db->store_bytes) {
        char text[64];
        (void)snprintf(text, sizeof text, "PRAGMA max_page_count = %llu",
                       (unsigned long long)(db->store_bytes / PAGE_BYTES));
        sql_script(db, text);
    }
}

static void disconnect(sql *db) {
    for (int i = 0; i < SQL_PREPARED; i++) (void)sqlite3_finalize(db->prepared[i]);
    memset(db->prepared, 0, sizeof db->prepared);
    if (db->handle) (void)sqlite3_close_v2(db->handle);
    db->handle = NULL;
}

static void script(sql *db, const char *text) {
    int code = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
    if (code != SQLITE_OK) report(db, code);
}

static void rollback(sql *db) {
    if (sqlite3_get_autocommit(db->handle)) return;
    if (sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK && !sqlite3_get_autocommit(db->handle))
        db->broken = true;
}

static int bind(sqlite3_stmt *statement, int place, const sql_value *value) {
    switch (value->kind) {
    case SQL_INTEGER: return sqlite3_bind_int64(statement, place, value->number);
    case SQL_TEXT:
        return sqlite3_bind_text64(statement, place, value->bytes.data, value->bytes.size, SQLITE_STATIC, SQLITE_UTF8);
    case SQL_BLOB: return sqlite3_bind_blob64(statement, place, value->bytes.data, value->bytes.size, SQLITE_STATIC);
    case SQL_NULL:
    default: return sqlite3_bind_null(statement, place);
    }
}

/* A statement of this text that waits for its next use; NULL = none. `*place` is where one may be kept, -1 when all are taken. */
static sqlite3_stmt *prepared(const sql *db, const char *text, int *place) {
    *place = -1;
    for (int i = 0; i < SQL_PREPARED; i++) {
        sqlite3_stmt *statement = db->prepared[i];
        if (!statement) {
            *place = i;
            return NULL;
        }
        if (strcmp(sqlite3_sql(statement), text) != 0) continue;
        return sqlite3_stmt_busy(statement) ? NULL : statement;
    }
    return NULL;
}

static int prepare(sql_rows *rows, const char *text, sqlite3_stmt **statement) {
    int place = -1, code = SQLITE_OK;
    *statement = prepared(rows->db, text, &place);
    if (!*statement)
        code =
            sqlite3_prepare_v3(rows->db->handle, text, -1, place < 0 ? 0 : SQLITE_PREPARE_PERSISTENT, statement, NULL);
    else
        rows->kept = true;
    if (code == SQLITE_OK && place >= 0) {
        rows->db->prepared[place] = *statement;
        rows->kept = true;
    }
    return code;
}

static void ask(sql_rows *rows, const char *text, const sql_value *values, size_t count) {
    sqlite3_stmt *statement = NULL;
    int code = prepare(rows, text, &statement);
    for (size_t i = 0; i < count && code == SQLITE_OK; i++) code = bind(statement, (int)i + 1, &values[i]);
    rows->handle = statement;
    if (code != SQLITE_OK) report(rows->db, code);
}

static bool next(sql_rows *rows) {
    int code = sqlite3_step(rows->handle);
    if (code != SQLITE_ROW && code != SQLITE_DONE) report(rows->db, code);
    return code == SQLITE_ROW;
}

static sql_value column(const sql_rows *rows, int i) {
    sqlite3_stmt *statement = rows->handle;
    switch (sqlite3_column_type(statement, i)) {
    case SQLITE_INTEGER: return sql_of(sqlite3_column_int64(statement, i));
    case SQLITE_TEXT: {
        const unsigned char *text = sqlite3_column_text(statement, i);
        return sql_bytes((bfl_text){(const char *)text, (size_t)sqlite3_column_bytes(statement, i)});
    }
    case SQLITE_BLOB: {
        const void *data = sqlite3_column_blob(statement, i);
        return sql_blob(data, (size_t)sqlite3_column_bytes(statement, i));
    }
    default: return sql_null();
    }
}

static void end(sql_rows *rows) {
    if (!rows->kept) {
        (void)sqlite3_finalize(rows->handle);
        return;
    }
    (void)sqlite3_reset(rows->handle);
    (void)sqlite3_clear_bindings(rows->handle);
}

const sql_back_end sqlite_back_end = {
    .name = "sqlite",
    .open = connect_file,
    .close = disconnect,
    .script = script,
    .rollback = rollback,
    .ask = ask,
    .next = next,
    .column = column,
    .end = end,
    .begin_write = "BEGIN IMMEDIATE",
    .begin_read = "BEGIN",
    .matches = "p.id IN (SELECT rowid FROM search WHERE search MATCH ?1)",
    .word_start = "\"",
    .word_end = "\"*",
    .word_between = " ",
    .size_bytes = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    .version = "SELECT sqlite_version()",
    .check = "SELECT COALESCE((SELECT 'a foreign key of ' || \"table\" || ' points nowhere' FROM"
             " pragma_foreign_key_check LIMIT 1), (SELECT integrity_check FROM pragma_integrity_check(1)))",
    .schema_get = "PRAGMA user_version",
    .schema_set = "PRAGMA application_id = 1651469926; PRAGMA user_version = ",
    .schema_set_end = "",
};

_Static_assert(OWN_APPLICATION_ID == 1651469926, "the number in schema_set");

/* ---- copying ---- */

void sqlite_copy(sql *from, sql *to) {
    enum { PAGES_A_STEP = 256, PAUSE_MS = 20 };
    if (!sql_good(from) || !sql_good(to)) return;
    sqlite3_backup *copy = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    if (!copy) {
        report(to, sqlite3_errcode(to->handle));
        return;
    }
    int code = SQLITE_OK;
    for (uint32_t waited = 0; code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;) {
        code = sqlite3_backup_step(copy, PAGES_A_STEP);
        if (code == SQLITE_OK || code == SQLITE_DONE) continue;
        if (waited >= to->wait_ms) break;
        (void)sqlite3_sleep(PAUSE_MS);
        waited += PAUSE_MS;
    }
    (void)sqlite3_backup_finish(copy);
    if (code != SQLITE_DONE) report(to, code);
}
