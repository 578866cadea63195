/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/hooks/trusting.h"

#include <pthread.h>
#include <stdio.h>

enum { LOOK_MS = 1000 };

/* What the files said at one time. */
typedef struct reading {
    serve_pool *pool;
    serve_trust trust;
    size_t users; /* requests that look at it, and one for being the newest */
} reading;

struct serve_trusting {
    const char *path;
    pthread_mutex_t lock; /* guards: */
    reading *newest;
    bool looking; /* a thread looks at the files: it alone may exchange `newest` */
    int64_t looked_ms;
};

/* ---- read ---- */

typedef struct job {
    reading *into;
    const char *path;
    bfl_status status;
    bfl_error *err;
} job;

static void read_files(void *context) {
    job *work = context;
    work->status = serve_trust_read(work->into->pool, work->path, &work->into->trust, work->err);
}

static void release(reading *old) { serve_pool_free(old->pool); }

typedef struct birth {
    serve_pool *pool;
    reading *made;
} birth;

static void make(void *context) {
    birth *b = context;
    b->made = SERVE_NEW(b->pool, reading);
    *b->made = (reading){.pool = b->pool, .users = 1};
}

/* It lies in a pool of its own; NULL when there is no memory. */
static reading *new_reading(void) {
    birth b = {.pool = serve_pool_new()};
    if (b.pool && serve_pool_run(b.pool, make, &b)) return b.made;
    serve_pool_free(b.pool);
    return NULL;
}

static bfl_status read_now(const char *path, reading **out, bfl_error *err) {
    reading *fresh = new_reading();
    if (!fresh) return BFL_ENOMEM;
    job work = {.into = fresh, .path = path, .status = BFL_ENOMEM, .err = err};
    (void)serve_pool_run(fresh->pool, read_files, &work);
    if (work.status)
        release(fresh);
    else
        *out = fresh;
    return work.status;
}

/* ---- look again ---- */

static void leave(serve_trusting *t, reading *r) {
    (void)pthread_mutex_lock(&t->lock);
    bool last = --r->users == 0;
    (void)pthread_mutex_unlock(&t->lock);
    if (last) release(r);
}

/* Is it this thread's turn to look? */
static bool is_due(serve_trusting *t, int64_t now_ms) {
    (void)pthread_mutex_lock(&t->lock);
    bool due = !t->looking && (now_ms >= t->looked_ms + LOOK_MS || now_ms < t->looked_ms);
    if (due) {
        t->looking = true;
        t->looked_ms = now_ms;
    }
    (void)pthread_mutex_unlock(&t->lock);
    return due;
}

static void look(serve_trusting *t) {
    reading *fresh = NULL, *old = t->newest;
    bfl_error err = {0};
    if (serve_trust_changed(&old->trust)) {
        bfl_status status = read_now(t->path, &fresh, &err);
        if (status)
            (void)fprintf(stderr, "boneflare serve: %s: %s; what was trusted before stays\n", err.where,
                          err.message[0] ? err.message : bfl_status_name(status));
        else
            (void)fputs("boneflare serve: the trusted issuers were read anew\n", stderr);
    }
    (void)pthread_mutex_lock(&t->lock);
    if (fresh) t->newest = fresh;
    t->looking = false;
    (void)pthread_mutex_unlock(&t->lock);
    if (fresh) leave(t, old);
}

/* ---- what others see ---- */

bfl_status serve_trusting_open(serve_pool *pool, const char *path, serve_trusting **out, bfl_error *err) {
    serve_trusting *t = SERVE_NEW(pool, serve_trusting);
    t->path = serve_pool_text(pool, bfl_text_of(path));
    bfl_status status = read_now(path, &t->newest, err);
    if (status) return status;
    if (pthread_mutex_init(&t->lock, NULL) != 0) {
        release(t->newest);
        return BFL_ENOMEM;
    }
    *out = t;
    return BFL_OK;
}

void serve_trusting_close(serve_trusting *t) {
    if (!t) return;
    leave(t, t->newest);
    (void)pthread_mutex_destroy(&t->lock);
}

typedef struct lease {
    serve_trusting *of;
    reading *held;
} lease;

static void give_back(void *thing) {
    lease *l = thing;
    if (l->held) leave(l->of, l->held);
}

const serve_trust *serve_trusting_now(serve_trusting *t, serve_pool *pool, int64_t now_ms) {
    lease *l = SERVE_NEW(pool, lease);
    l->of = t;
    (void)serve_pool_own(pool, l, give_back);
    if (is_due(t, now_ms)) look(t);
    (void)pthread_mutex_lock(&t->lock);
    l->held = t->newest;
    l->held->users++;
    (void)pthread_mutex_unlock(&t->lock);
    return &l->held->trust;
}
