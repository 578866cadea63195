/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include "memory.h"
#include "url.h"

#include <errno.h>
#include <string.h>
#include <time.h>

static bool init_locks(store *s) {
    pthread_condattr_t monotonic;
    if (pthread_mutex_init(&s->lock, NULL) != 0) return false;
    bool good = pthread_condattr_init(&monotonic) == 0;
    if (good) {
        good = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 &&
               pthread_cond_init(&s->freed, &monotonic) == 0;
        (void)pthread_condattr_destroy(&monotonic);
    }
    if (!good) (void)pthread_mutex_destroy(&s->lock);
    return good;
}

static bfl_status set_options(store *s, const store_options *options, bfl_error *err) {
    enum { CONNECTIONS = 4, WAIT_MS = 5000, CONTENT_MIB = 64, MOST_CONTENT_MIB = 512, LONGEST_WAIT_MS = 3600000 };
    if (options) s->options = *options;
    store_options *o = &s->options;
    if (!o->connections) o->connections = CONNECTIONS;
    if (!o->wait_ms) o->wait_ms = WAIT_MS;
    if (!o->content_bytes) o->content_bytes = (uint64_t)CONTENT_MIB << 20;
    if (strcmp(s->address, ":memory:") == 0) o->connections = 1;
    if (o->connections > POOL_MOST_CONNECTIONS || o->wait_ms > LONGEST_WAIT_MS)
        return error_set(err, BFL_EINVAL, "at most %d connections and a wait of one hour", POOL_MOST_CONNECTIONS);
    if (o->content_bytes > (uint64_t)MOST_CONTENT_MIB << 20)
        return error_set(err, BFL_EINVAL, "a record may have at most %d MiB", MOST_CONTENT_MIB);
    return BFL_OK;
}

bfl_status pool_new(const char *url, const store_options *options, store **out, bfl_error *err) {
    const sql_back_end *back_end = NULL;
    const char *address = NULL;
    bfl_status status = url_read(url, &back_end, &address, err);
    if (status != BFL_OK) return status;
    store *s = result_new(sizeof *s);
    if (s) s->url = result_text(s, bfl_text_of(url));
    if (!s || !s->url) {
        store_free(s);
        return error_set(err, BFL_ENOMEM, "out of memory");
    }
    s->back_end = back_end;
    s->address = s->url + (address - url);
    (void)store_url_plain(back_end == &sqlite_back_end ? s->address : url, s->where, sizeof s->where);
    status = set_options(s, options, err);
    if (status == BFL_OK && !init_locks(s)) status = error_set(err, BFL_ENOMEM, "no lock can be made");
    if (status == BFL_OK)
        *out = s;
    else
        store_free(s);
    return status;
}

void pool_free(store *s) {
    if (!s) return;
    for (size_t i = 0; i < POOL_MOST_CONNECTIONS; i++)
        if (s->slots[i].open) s->back_end->close(&s->slots[i].db);
    (void)pthread_cond_destroy(&s->freed);
    (void)pthread_mutex_destroy(&s->lock);
    store_free(s);
}

/* ---- taking turns ---- */

static struct timespec end_of_wait(uint32_t wait_ms) {
    enum { MS = 1000, NS_A_MS = 1000000, NS = 1000000000 };
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)(wait_ms / MS); // lint: the clock of a lock's timeout, which pthread wants so
    end.tv_nsec += (long)(wait_ms % MS) * NS_A_MS;
    if (end.tv_nsec >= NS) {
        end.tv_sec++;
        end.tv_nsec -= NS;
    }
    return end;
}

/* A free place, an open one before a closed one; NULL when all are busy. The lock is held. */
static sql *free_place(store *s) {
    sql *closed = NULL;
    for (uint32_t i = 0; i < s->options.connections; i++) {
        if (s->slots[i].busy) continue;
        if (s->slots[i].open) {
            s->slots[i].busy = true;
            return &s->slots[i].db;
        }
        if (!closed) closed = &s->slots[i].db;
    }
    for (uint32_t i = 0; closed && i < s->options.connections; i++)
        if (&s->slots[i].db == closed) s->slots[i].busy = true;
    return closed;
}

static sql *take_turn(store *s, bool write) {
    struct timespec end = end_of_wait(s->options.wait_ms);
    sql *db = NULL;
    (void)pthread_mutex_lock(&s->lock);
    for (int waited = 0; !db && waited == 0;) {
        if (!write || !s->writing) db = free_place(s);
        if (!db) waited = pthread_cond_timedwait(&s->freed, &s->lock, &end);
    }
    if (db && write) s->writing = true;
    (void)pthread_mutex_unlock(&s->lock);
    return db;
}

static void give_turn(store *s, sql *db) {
    bool write = db->writes;
    if (db->broken) s->back_end->close(db);
    (void)pthread_mutex_lock(&s->lock);
    for (uint32_t i = 0; i < s->options.connections; i++)
        if (&s->slots[i].db == db) {
            s->slots[i].busy = false;
            s->slots[i].open = db->handle != NULL;
        }
    if (write) s->writing = false;
    (void)pthread_cond_broadcast(&s->freed);
    (void)pthread_mutex_unlock(&s->lock);
}

static bfl_status end_turn(store *s, sql *db, bfl_error *err) {
    bfl_error failure = db->failure;
    give_turn(s, db);
    if (failure.status != BFL_OK && err) *err = failure;
    return failure.status;
}

/* ---- transactions ---- */

static void connect_if_closed(store *s, sql *db) {
    db->failure = (bfl_error){.status = BFL_OK};
    if (db->handle) return;
    *db = (sql){.back_end = s->back_end,
                .where = s->where,
                .read_only = s->read_only,
                .wait_ms = s->options.wait_ms,
                .store_bytes = s->options.store_bytes};
    s->back_end->open(db, s->address, s->options.create);
    db->broken = !sql_good(db);
}

/* A server may have been started anew since the last time: then the connection is made anew too, once. */
static void begin(store *s, sql *db, const char *text) {
    bool fresh = !db->handle;
    connect_if_closed(s, db);
    sql_script(db, text);
    if (!db->broken || fresh) return;
    s->back_end->close(db);
    connect_if_closed(s, db);
    sql_script(db, text);
}

static bfl_status take(store *s, bool write, const char *text, sql **out, bfl_error *err) {
    sql *db = take_turn(s, write);
    if (!db) return error_set(err, BFL_EIO, "busy: no connection became free within %u ms", s->options.wait_ms);
    if (text)
        begin(s, db, text);
    else
        connect_if_closed(s, db);
    db->writes = write;
    if (!sql_good(db)) {
        if (db->handle && !db->broken) s->back_end->rollback(db); /* a lock that did not come in time, after BEGIN */
        return end_turn(s, db, err);
    }
    *out = db;
    return BFL_OK;
}

bfl_status pool_bare(store *s, sql **db, bfl_error *err) { return take(s, false, NULL, db, err); }

bfl_status pool_read(store *s, sql **db, bfl_error *err) { return take(s, false, s->back_end->begin_read, db, err); }

bfl_status pool_write(store *s, const store_by *by, sql **db, bfl_error *err) {
    enum { LONGEST_NAME = 200 };
    bfl_text who = bfl_text_of(by ? by->who : NULL);
    if (who.size == 0 || who.size > LONGEST_NAME || !sql_text_good(who))
        return error_set(err, BFL_EINVAL, "a write needs a name of 1 to %d bytes of UTF-8 for the audit", LONGEST_NAME);
    return take(s, true, s->back_end->begin_write, db, err);
}

bfl_status pool_end(store *s, sql *db, bfl_error *err) {
    sql_script(db, "COMMIT");
    if (!sql_good(db) && !db->broken) s->back_end->rollback(db);
    return end_turn(s, db, err);
}

bfl_status pool_give(store *s, sql *db, const void *result, bfl_error *err) {
    bfl_status status = pool_end(s, db, err);
    if (status != BFL_OK) store_free(result);
    return status;
}

bfl_status pool_end_bare(store *s, sql *db, bfl_error *err) { return end_turn(s, db, err); }
