/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sql: statements over either back end. Values are bound, never pasted into a text; places are written ?1, ?2, ...
 *
 * A connection remembers its first failure, and then does nothing until the transaction ends: so the code of a transaction
 * reads straight, and the end looks once.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <boneflare/base.h>

typedef enum sql_kind { SQL_NULL, SQL_INTEGER, SQL_TEXT, SQL_BLOB } sql_kind;

typedef struct sql_value {
    sql_kind kind;
    int64_t number;
    bfl_text bytes;
} sql_value;

sql_value sql_null(void);
sql_value sql_of(int64_t number);
sql_value sql_z(const char *text); /* NULL gives "" */
sql_value sql_bytes(bfl_text text);
sql_value sql_blob(const void *data, size_t size);

typedef struct sql_back_end sql_back_end;

enum { SQL_PREPARED = 64 };

typedef struct sql {
    const sql_back_end *back_end;
    void *handle;
    void *prepared[SQL_PREPARED]; /* statements that are kept for the next time (SQLite) */
    const char *where;            /* for messages; no password */
    uint32_t wait_ms;
    uint64_t store_bytes;
    bool read_only; /* not even the mode of the journal is touched: a backup may lie where nobody may write */
    bool writes;    /* in a transaction that writes */
    bool broken;    /* the connection is of no more use */
    bfl_error failure;
} sql;

typedef struct sql_rows {
    sql *db;
    void *handle;
    bool kept; /* the statement is one of db->prepared */
    int64_t at, count;
} sql_rows;

/* What a back end has to do, and how its SQL differs. */
struct sql_back_end {
    const char *name;
    /* Connects to what `address` names. */
    void (*open)(sql *db, const char *address, bool create);
    void (*close)(sql *db);
    /* Several statements, without values. */
    void (*script)(sql *db, const char *text);
    void (*rollback)(sql *db);
    void (*ask)(sql_rows *rows, const char *text, const sql_value *values, size_t count);
    bool (*next)(sql_rows *rows); /* false at the end and after a failure */
    sql_value (*column)(const sql_rows *rows, int column);
    void (*end)(sql_rows *rows);

    const char *begin_write, *begin_read;
    const char *matches;                                  /* the condition that row p.id has the words of ?1 */
    const char *word_start, *word_end, *word_between;     /* how such words are written */
    const char *size_bytes, *version;                     /* queries of one value */
    const char *check;                                    /* a query that says "ok", or what is damaged; NULL = none */
    const char *schema_get, *schema_set, *schema_set_end; /* the schema's number stands between the last two */
};

extern const sql_back_end sqlite_back_end, postgresql_back_end;

/* The first failure stays. */
void sql_fail(sql *db, bfl_status status, const char *format, ...) BFL_PRINTF(3, 4);
static inline bool sql_good(const sql *db) { return db->failure.status == BFL_OK; }

/* UTF-8 without NUL: what a text must be to be kept. */
bool sql_text_good(bfl_text text);

/* SQL_VALUES(sql_of(1), sql_z("x")) is two arguments: the values and how many. */
#define SQL_VALUES(...) (const sql_value[]){__VA_ARGS__}, sizeof((const sql_value[]){__VA_ARGS__}) / sizeof(sql_value)
#define SQL_NONE NULL, 0

void sql_script(sql *db, const char *text);
void sql_do(sql *db, const char *text, const sql_value *values, size_t count);
sql_rows sql_ask(sql *db, const char *text, const sql_value *values, size_t count);
bool sql_next(sql_rows *rows);
sql_value sql_column(const sql_rows *rows, int column);
int64_t sql_int(const sql_rows *rows, int column);
bfl_text sql_text(const sql_rows *rows, int column); /* text or blob; valid until the next row */
void sql_end(sql_rows *rows);
/* The first number of the first row; `otherwise` when there is no row or it is null. */
int64_t sql_number(sql *db, int64_t otherwise, const char *text, const sql_value *values, size_t count);

/* Copies of columns in a result; no memory is a failure of the connection, and the text is then "". */
void *sql_result(sql *db, size_t size);
/* Pointer to a new zeroed last item of a list that is a result; NULL after a failure. */
#define SQL_MORE(db, list, capacity)                                                                          \
    ((list)->items = sql_grow((db), (list), (list)->items, (list)->count, (capacity), sizeof *(list)->items), \
     sql_good(db) ? &(list)->items[(list)->count++] : NULL)
void *sql_grow(sql *db, void *list, void *items, size_t count, size_t *capacity, size_t size);
const char *sql_keep(const sql_rows *rows, int column, void *result);
bfl_text sql_keep_bytes(const sql_rows *rows, int column, void *result);
/* `size` bytes of a column into a field; a column of another length fails. */
void sql_fixed(const sql_rows *rows, int column, void *out, size_t size);
/* A key or another short text of a column into a field with its NUL. */
void sql_short(const sql_rows *rows, int column, char *out, size_t size);

#endif
