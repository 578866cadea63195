/* SPDX-License-Identifier: Apache-2.0 */
/* pool: the connections of a store. A transaction holds one from pool_read() or pool_write() to pool_end(). */
#ifndef STORE_POOL_H
#define STORE_POOL_H

#include "error.h"
#include "sql.h"
#include "store.h"

#include <pthread.h>

enum { POOL_MOST_CONNECTIONS = 64 };

struct store {
    const sql_back_end *back_end;
    char *url;           /* as given */
    const char *address; /* in `url` */
    char where[160];     /* as printed */
    store_options options;
    bool read_only;

    pthread_mutex_t lock;
    pthread_cond_t freed;
    bool writing; /* one write of this process at a time: the others wait here and not at the database */
    struct {
        sql db;
        bool open, busy;
    } slots[POOL_MOST_CONNECTIONS];
};

/* A store without a connection; *out is NULL on failure. */
bfl_status pool_new(const char *url, const store_options *options, store **out, bfl_error *err);
void pool_free(store *s);

/* Begins a transaction. A read sees one state of the store from start to end. */
bfl_status pool_read(store *s, sql **db, bfl_error *err);
/* Checks `by` too. */
bfl_status pool_write(store *s, const store_by *by, sql **db, bfl_error *err);
/* A connection without a transaction. */
bfl_status pool_bare(store *s, sql **db, bfl_error *err);
/* Commits when nothing failed, else rolls back, and gives the first failure. */
bfl_status pool_end(store *s, sql *db, bfl_error *err);
/* As pool_end() for a read that built a result: hands it over, or frees it. */
bfl_status pool_give(store *s, sql *db, const void *result, bfl_error *err);
/* Gives a bare connection back. */
bfl_status pool_end_bare(store *s, sql *db, bfl_error *err);

/* Opens a backup, an SQLite file, to be read only. */
bfl_status store_open_backup(const char *path, store **out, bfl_error *err);

#endif
