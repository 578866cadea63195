/* SPDX-License-Identifier: Apache-2.0 */
#include "fresh.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <unistd.h>

static char url[512], file[400];

const char *fresh_url(void) { return url; }

const char *fresh_file(void) { return fresh_is_sqlite() ? file : NULL; }

bool fresh_is_sqlite(void) { return getenv("STORE_TEST_SERVER") == NULL; }

static void give_up(const char *what, const char *why) {
    (void)fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

static const char *folder(void) {
    static char made[300];
    const char *given = getenv("STORE_TEST_FOLDER");
    if (given) return given;
    if (!*made) {
        const char *top = getenv("TMPDIR");
        (void)snprintf(made, sizeof made, "%s/boneflare-store-XXXXXX", top ? top : "/tmp");
        if (!mkdtemp(made)) give_up(made, "cannot be made");
    }
    return made;
}

static void unlink_all(const char *path) {
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char name[450];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        (void)unlink(name);
    }
}

const char *fresh_path(const char *name) {
    static char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", folder(), name);
    unlink_all(path);
    return path;
}

static bool tamper_server(const char *script) {
    PGconn *server = PQconnectdb(getenv("STORE_TEST_SERVER"));
    PQclear(PQexec(server, "SET search_path TO boneflare; SET client_min_messages TO error"));
    PGresult *result = PQexec(server, script);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!good) printf("# %s", PQerrorMessage(server));
    PQclear(result);
    PQfinish(server);
    return good;
}

bool fresh_tamper(const char *script) {
    if (!fresh_is_sqlite()) return tamper_server(script);
    sqlite3 *db = NULL;
    bool good = sqlite3_open(file, &db) == SQLITE_OK && sqlite3_exec(db, script, NULL, NULL, NULL) == SQLITE_OK;
    if (!good) printf("# %s\n", sqlite3_errmsg(db));
    (void)sqlite3_close(db);
    return good;
}

void fresh_remove(const char *name) {
    (void)snprintf(file, sizeof file, "%s/%s.db", folder(), name);
    if (fresh_is_sqlite()) {
        unlink_all(file);
        (void)snprintf(url, sizeof url, "sqlite:%s", file);
        return;
    }
    (void)snprintf(url, sizeof url, "%s", getenv("STORE_TEST_SERVER"));
    if (!tamper_server("DROP SCHEMA IF EXISTS boneflare CASCADE")) give_up(url, "cannot be emptied");
}

store *fresh_store_with(const char *name, const store_options *options) {
    store *s = NULL;
    bfl_error err = {0};
    store_options o = *options;
    o.create = true;
    o.now_ms = FRESH_NOW;
    fresh_remove(name);
    if (store_open(url, &o, &s, &err) != BFL_OK) give_up(err.where, err.message);
    return s;
}

store *fresh_store(const char *name) { return fresh_store_with(name, &(store_options){.create = true}); }

store *fresh_reopen(void) {
    store *s = NULL;
    bfl_error err = {0};
    if (store_open(url, NULL, &s, &err) != BFL_OK) give_up(err.where, err.message);
    return s;
}
