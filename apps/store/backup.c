/* SPDX-License-Identifier: Apache-2.0 */
/* Backup and restore. A backup is an SQLite store in one file, whichever back end it came from. */
#include "chain.h"
#include "copy.h"
#include "memory.h"
#include "pool.h"
#include "schema.h"
#include "sqlite.h"
#include "url.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a file that appears when it is whole ---- */

typedef struct draft {
    char path[1024]; /* "" = none */
} draft;

static bool exists(const char *path) {
    struct stat info;
    return stat(path, &info) == 0;
}

static bfl_status start_draft(const char *path, draft *d, bfl_error *err) {
    d->path[0] = '\0';
    if (exists(path)) return error_set(err, BFL_EEXIST, "there is something of this name; nothing was written");
    if ((size_t)snprintf(d->path, sizeof d->path, "%s.XXXXXX", path) >= sizeof d->path) {
        d->path[0] = '\0';
        return error_set(err, BFL_EINVAL, "the path is too long");
    }
    int file = mkstemp(d->path); /* mode 0600 */
    if (file >= 0) return close(file) == 0 ? BFL_OK : BFL_EIO;
    d->path[0] = '\0';
    return error_set(err, BFL_EIO, "cannot be written: %s", strerror(errno));
}

static void drop_draft(const draft *d) {
    static const char *const ends[] = {"", "-journal", "-wal", "-shm"};
    char name[1040];
    for (size_t i = 0; *d->path && i < sizeof ends / sizeof *ends; i++) {
        (void)snprintf(name, sizeof name, "%s%s", d->path, ends[i]);
        (void)unlink(name);
    }
}

static bool sync_path(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool good = file >= 0 && fsync(file) == 0;
    if (file >= 0) (void)close(file);
    return good;
}

static bool sync_folder_of(const char *path) {
    char folder[1024];
    const char *slash = strrchr(path, '/');
    (void)snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    return sync_path(*folder ? folder : "/");
}

/* By a link, which never replaces what somebody made meanwhile. */
static bfl_status show_draft(const draft *d, const char *path, bfl_error *err) {
    if (!sync_path(d->path)) return error_set(err, BFL_EIO, "cannot be written: %s", strerror(errno));
    bool good = link(d->path, path) == 0;
    if (!good && errno != EEXIST && !exists(path)) good = rename(d->path, path) == 0; /* no links on this file system */
    if (!good) return error_set(err, errno == EEXIST ? BFL_EEXIST : BFL_EIO, "cannot be written: %s", strerror(errno));
    if (!sync_folder_of(path)) return error_set(err, BFL_EIO, "its folder cannot be written: %s", strerror(errno));
    return BFL_OK;
}

/* ---- a connection of its own to a file ---- */

static void open_file(sql *db, const char *path, uint32_t wait_ms) {
    *db = (sql){.back_end = &sqlite_back_end, .where = path, .wait_ms = wait_ms};
    sqlite_back_end.open(db, path, false);
    sql_script(db, "PRAGMA journal_mode = DELETE"); /* one file, without companions */
}

static void close_file(sql *db) {
    sql_script(db, "PRAGMA journal_mode = DELETE"); /* a copy brought the other's mode along */
    sqlite_back_end.close(db);
}

/* ---- backup ---- */

static void move_failure(sql *to, const sql *from) {
    if (sql_good(from) || !sql_good(to)) return;
    to->failure = from->failure;
}

static void copy_out(sql *from, sql *to) {
    if (from->back_end == &sqlite_back_end) {
        sqlite_copy(from, to);
        return;
    }
    sql_script(to, "BEGIN IMMEDIATE");
    schema_make(to);
    copy_tables(from, to);
    move_failure(to, from);
    sql_script(to, "COMMIT");
}

bfl_status store_backup(store *s, const char *path, store_head *head, bfl_error *err) {
    sql *from = NULL, to;
    draft d;
    store_head copied;
    bfl_status status = start_draft(path, &d, err);
    if (status == BFL_OK) status = pool_read(s, &from, err);
    if (status != BFL_OK) {
        drop_draft(&d);
        return status;
    }
    chain_head(from, &copied); /* also fixes the state that is read */
    open_file(&to, d.path, s->options.wait_ms);
    to.where = path;
    copy_out(from, &to);
    close_file(&to);
    move_failure(from, &to);
    status = pool_end(s, from, err);
    if (status == BFL_OK) status = show_draft(&d, path, err);
    drop_draft(&d);
    if (status == BFL_OK && head) *head = copied;
    return status;
}

/* ---- restore ---- */

/* Good as a store, unchanged, and with the head that is known. */
static bfl_status check_backup(store *backup, const store_head *known, store_head *head, bfl_error *err) {
    store_verdict v;
    bfl_status status = store_verify(backup, known, &v, err);
    if (status == BFL_OK && !v.good)
        status = error_set(err, BFL_EPARSE, "the backup cannot be trusted, and nothing was restored: %s", v.problem);
    if (status == BFL_OK) *head = v.head;
    return status;
}

/* A session that was ended after the backup must not come back, nor a token that was used. */
static void forget_logins(sql *db, int64_t now_ms, const store_head *head) {
    char text[STORE_HEAD_SIZE];
    store_head_format(head, text);
    sql_script(db, "DELETE FROM sessions; DELETE FROM tokens");
    (void)chain_add(db, &(store_by){"store", now_ms}, "store.restore", text, SQL_VALUES(sql_z(text)));
}

/* The state to restore as a file of its own beside the target. */
static void make_restored(sql *from, sql *to, int64_t now_ms, const store_head *head) {
    sqlite_copy(from, to);
    sql_script(to, "PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE");
    forget_logins(to, now_ms, head);
    sql_script(to, "COMMIT");
    move_failure(to, from);
}

static bfl_status take_failure(const sql *db, bfl_error *err) {
    if (!sql_good(db) && err) *err = db->failure;
    return db->failure.status;
}

/* Into the file that is there, under its locks: programs that have it open go on with the restored state. */
static bfl_status replace_file(const char *draft_path, const char *target, uint32_t wait_ms, bfl_error *err) {
    sql from, to = {.back_end = &sqlite_back_end, .where = target, .wait_ms = wait_ms};
    open_file(&from, draft_path, wait_ms);
    sqlite_back_end.open(&to, target, false);
    sqlite_copy(&from, &to);
    move_failure(&to, &from);
    bfl_status status = take_failure(&to, err);
    sqlite_back_end.close(&to);
    close_file(&from);
    return status;
}

static bool is_empty_file(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0;
}

static bfl_status restore_file(store *backup, const char *target, const store_restore_options *o,
                               const store_head *head, bfl_error *err) {
    draft d = {""};
    sql *from = NULL, to;
    if (is_empty_file(target)) (void)unlink(target);
    bool there = exists(target);
    if (there && !o->force)
        return error_set(err, BFL_EEXIST, "there is something already; --force replaces it by the backup");
    char beside[1000];
    if ((size_t)snprintf(beside, sizeof beside, "%s.restore", target) >= sizeof beside)
        return error_set(err, BFL_EINVAL, "the path is too long");
    bfl_status status = start_draft(beside, &d, err);
    if (status == BFL_OK) status = pool_read(backup, &from, err);
    if (status != BFL_OK) {
        drop_draft(&d);
        return status;
    }
    open_file(&to, d.path, backup->options.wait_ms);
    to.where = target;
    make_restored(from, &to, o->open.now_ms, head);
    close_file(&to);
    status = take_failure(&to, err);
    bfl_status ended = pool_end(backup, from, status == BFL_OK ? err : NULL);
    if (status == BFL_OK) status = ended;
    if (status == BFL_OK)
        status = there ? replace_file(d.path, target, backup->options.wait_ms, err) : show_draft(&d, target, err);
    drop_draft(&d);
    return status;
}

static void replace_tables(sql *from, sql *to, const store_restore_options *o, const store_head *head) {
    if (schema_number(to) != 0 && !o->force)
        sql_fail(to, BFL_EEXIST, "there is a store already; --force replaces it by the backup");
    if (schema_number(from) != schema_newest)
        sql_fail(to, BFL_ENOTSUP,
                 "the backup has an older schema: restore it to sqlite:PATH, migrate that, and back it up");
    sql_script(to, "DROP SCHEMA IF EXISTS boneflare CASCADE");
    schema_make(to);
    copy_tables(from, to);
    move_failure(to, from);
    forget_logins(to, o->open.now_ms, head);
}

static bfl_status restore_server(store *backup, const char *url, const store_restore_options *o, const store_head *head,
                                 bfl_error *err) {
    store *target = NULL;
    sql *from = NULL, *to = NULL;
    bfl_status status = pool_new(url, &o->open, &target, err);
    if (status == BFL_OK) status = pool_write(target, &(store_by){"store", o->open.now_ms}, &to, err);
    if (status == BFL_OK) {
        status = pool_read(backup, &from, err);
        if (status == BFL_OK) {
            replace_tables(from, to, o, head);
            status = pool_end(backup, from, NULL);
        }
        bfl_status ended = pool_end(target, to, err);
        if (status == BFL_OK) status = ended;
    }
    pool_free(target);
    return status;
}

bfl_status store_restore(const char *path, const char *url, const store_restore_options *options, store_head *head,
                         bfl_error *err) {
    static const store_restore_options none;
    const store_restore_options *o = options ? options : &none;
    const sql_back_end *back_end = NULL;
    const char *address = NULL;
    store *backup = NULL, *restored = NULL;
    store_head found;
    bfl_status status = url_read(url, &back_end, &address, err);
    if (status == BFL_OK) status = store_open_backup(path, &backup, err);
    if (status == BFL_OK) status = check_backup(backup, o->known, &found, err);
    if (status == BFL_OK)
        status = back_end == &sqlite_back_end ? restore_file(backup, address, o, &found, err)
                                              : restore_server(backup, url, o, &found, err);
    store_close(backup);
    if (status != BFL_OK || !head) return status;
    status = store_open(url, &o->open, &restored, err);
    if (status == BFL_OK) status = store_head_get(restored, head, err);
    store_close(restored);
    return status;
}
