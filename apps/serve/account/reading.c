/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/account/reading.h"
#include "serve/keep.h"
#include "serve/server.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    AGAIN_MS = 10 * 60 * 1000,
    MOST_WAIT_MS = 250,
    MOST_WAITING = 256,
    RECENT = 8192, /* users times patients that are told apart within AGAIN_MS */
    NEIGHBOURS = 8,
    WORD = 200
};

typedef struct waiting {
    char who[WORD], action[WORD], subject[WORD];
    int64_t at_ms;
} waiting;

typedef struct recent {
    uint64_t hash; /* keyed: nobody chooses whose place he takes */
    int64_t at_ms; /* 0: free */
} recent;

struct serve_readings {
    const serve_server *server;
    unsigned char key[crypto_shorthash_KEYBYTES];
    pthread_t thread;
    pthread_mutex_t lock; /* guards: */
    pthread_cond_t some, written;
    waiting queue[MOST_WAITING], batch[MOST_WAITING]; /* `batch` is the thread's alone */
    size_t count;
    uint64_t taken, done; /* readings that were queued; that were written, or given up */
    recent seen[RECENT];
    bool stop;
};

/* ---- the thread ---- */

static bool write_batch(const serve_readings *r, size_t count) {
    store_note notes[MOST_WAITING];
    bfl_error err = {0};
    for (size_t i = 0; i < count; i++) {
        const waiting *w = &r->batch[i];
        notes[i] = (store_note){{w->who, w->at_ms}, w->action, w->subject};
    }
    if (store_audit_notes(r->server->store, notes, count, &err) == BFL_OK) return true;
    serve_log(r->server, "readings of patients are missing in the audit log", &err);
    return false;
}

static void *write_all(void *context) {
    serve_readings *r = context;
    (void)pthread_mutex_lock(&r->lock);
    for (;;) {
        while (!r->count && !r->stop) (void)pthread_cond_wait(&r->some, &r->lock);
        if (!r->count) break;
        size_t count = r->count;
        memcpy(r->batch, r->queue, count * sizeof *r->batch);
        r->count = 0;
        (void)pthread_mutex_unlock(&r->lock);
        bool good = write_batch(r, count);
        (void)pthread_mutex_lock(&r->lock);
        if (!good) memset(r->seen, 0, sizeof r->seen); /* the next reading is tried again */
        r->done += count;
        (void)pthread_cond_broadcast(&r->written);
    }
    (void)pthread_mutex_unlock(&r->lock);
    return NULL;
}

serve_readings *serve_readings_new(const serve_server *server) {
    pthread_condattr_t monotonic;
    serve_readings *r = calloc(1, sizeof *r);
    if (!r) return NULL;
    r->server = server;
    crypto_shorthash_keygen(r->key);
    (void)pthread_mutex_init(&r->lock, NULL);
    (void)pthread_condattr_init(&monotonic);
    (void)pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&r->some, NULL);
    (void)pthread_cond_init(&r->written, &monotonic);
    (void)pthread_condattr_destroy(&monotonic);
    if (pthread_create(&r->thread, NULL, write_all, r) == 0) return r;
    free(r);
    return NULL;
}

void serve_readings_free(serve_readings *r) {
    if (!r) return;
    (void)pthread_mutex_lock(&r->lock);
    r->stop = true;
    (void)pthread_cond_broadcast(&r->some);
    (void)pthread_mutex_unlock(&r->lock);
    (void)pthread_join(r->thread, NULL);
    (void)pthread_cond_destroy(&r->written);
    (void)pthread_cond_destroy(&r->some);
    (void)pthread_mutex_destroy(&r->lock);
    free(r);
}

/* ---- a reading ---- */

/* Was it read lately? If not, it is now; the place that is the oldest of its neighbours goes. */
static bool is_known(serve_readings *r, uint64_t hash, int64_t now_ms) {
    recent *oldest = &r->seen[hash % RECENT];
    for (size_t i = 0; i < NEIGHBOURS; i++) {
        recent *at = &r->seen[(hash + i) % RECENT];
        if (at->at_ms && at->hash == hash && now_ms < at->at_ms + AGAIN_MS) return true;
        if (at->at_ms < oldest->at_ms) oldest = at;
    }
    *oldest = (recent){hash, now_ms};
    return false;
}

static struct timespec end_of_wait(void) {
    enum { NS_A_MS = 1000000, NS = 1000000000 };
    struct timespec end;
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_nsec += (long)MOST_WAIT_MS * NS_A_MS;
    if (end.tv_nsec >= NS) {
        end.tv_sec++;
        end.tv_nsec -= NS;
    }
    return end;
}

static void put(waiting *w, const serve_call *call) {
    (void)snprintf(w->who, sizeof w->who, "%s", call->user);
    (void)snprintf(w->action, sizeof w->action, "%s", call->reads);
    (void)snprintf(w->subject, sizeof w->subject, "%s", call->reads_whom);
    w->at_ms = call->now_ms;
}

static void wait_until(serve_readings *r, uint64_t number) {
    const struct timespec end = end_of_wait();
    int late = 0;
    while (r->done < number && late == 0) late = pthread_cond_timedwait(&r->written, &r->lock, &end);
}

void serve_reads(serve_call *call, const char *action, const char *key) {
    call->reads = action;
    call->reads_whom = serve_pool_text(call->pool, bfl_text_of(key));
}

void serve_reading_note(serve_call *call) {
    serve_readings *r = call->server->readings;
    if (!call->reads || call->status != 200 || !r) return;
    const char *name = serve_pool_printf(call->pool, "%s\n%s\n%s", call->reads, call->reads_whom, call->user);
    union {
        unsigned char bytes[crypto_shorthash_BYTES];
        uint64_t hash;
    } id;
    (void)crypto_shorthash(id.bytes, (const unsigned char *)name, strlen(name), r->key);
    (void)pthread_mutex_lock(&r->lock);
    bool full = r->count == MOST_WAITING;
    if (full) { /* others wait for the disk: so does this one */
        wait_until(r, r->taken);
        full = r->count == MOST_WAITING;
    }
    if (!full && !is_known(r, id.hash, call->now_ms)) {
        put(&r->queue[r->count++], call);
        uint64_t number = ++r->taken;
        (void)pthread_cond_signal(&r->some);
        wait_until(r, number);
    }
    (void)pthread_mutex_unlock(&r->lock);
    if (full) serve_log(call->server, "a reading is missing in the audit log: the store is too slow", NULL);
}
