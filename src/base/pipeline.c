/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ordered parallel work: a ring of slots. The calling thread fills them in order and empties them in order, workers do what
 * lies between, and the calling thread helps when it would have to wait. So what comes out does not depend on the number of
 * threads: neither the bytes nor which failure is reported.
 */
#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { SLOTS_PER_THREAD = 4, MOST_THREADS = 256 };

typedef enum slot_state { SLOT_EMPTY, SLOT_FILLED, SLOT_TAKEN, SLOT_DONE } slot_state;

typedef struct slot {
    slot_state state;
    bfl_status status;
    bfl_error err;
    void *bytes;
} slot;

typedef struct ring {
    const bfl_pipeline *plan;
    slot *slots;
    size_t size;
    size_t filled, taken, emitted; /* counts since the start; slot i lies at i % size */
    bool ended;                    /* next() said that nothing follows, or failed */
    bool stopping;                 /* workers go home */
    pthread_mutex_t lock;
    pthread_cond_t work_came, work_done;
} ring;

uint32_t bfl_processors(void) {
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    if (n < 1) return 1;
    return n > MOST_THREADS ? MOST_THREADS : (uint32_t)n;
}

/* With the lock held: the next filled slot that nobody has taken, or NULL. */
static slot *take(ring *r) {
    if (r->taken == r->filled) return NULL;
    slot *s = &r->slots[r->taken++ % r->size];
    s->state = SLOT_TAKEN;
    return s;
}

/* With the lock held, which is let go while the work is done. */
static void work_on(ring *r, slot *s) {
    pthread_mutex_unlock(&r->lock);
    bfl_status status = s->status ? s->status : r->plan->work(r->plan->context, s->bytes, &s->err);
    pthread_mutex_lock(&r->lock);
    s->status = status;
    s->state = SLOT_DONE;
    pthread_cond_signal(&r->work_done);
}

static void *worker(void *context) {
    ring *r = context;
    pthread_mutex_lock(&r->lock);
    for (;;) {
        slot *s = take(r);
        if (s)
            work_on(r, s);
        else if (r->stopping)
            break;
        else
            pthread_cond_wait(&r->work_came, &r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

/* Fills free slots. A failure of next() takes its place in the order, so that what came before it is still emitted. */
static void fill(ring *r) {
    while (!r->ended && r->filled - r->emitted < r->size) {
        slot *s = &r->slots[r->filled % r->size];
        bool more = false;
        s->err = (bfl_error){.status = BFL_OK};
        s->status = r->plan->next(r->plan->context, s->bytes, &more, &s->err);
        r->ended = s->status || !more;
        if (!s->status && !more) return;
        pthread_mutex_lock(&r->lock);
        s->state = SLOT_FILLED;
        r->filled++;
        pthread_cond_signal(&r->work_came);
        pthread_mutex_unlock(&r->lock);
    }
}

/* Waits for the oldest slot, helping meanwhile. */
static slot *oldest(ring *r) {
    slot *s = &r->slots[r->emitted % r->size];
    pthread_mutex_lock(&r->lock);
    while (s->state != SLOT_DONE) {
        slot *other = take(r);
        if (other)
            work_on(r, other);
        else
            pthread_cond_wait(&r->work_done, &r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return s;
}

static bfl_status run(ring *r, bfl_error *err) {
    for (;;) {
        fill(r);
        if (r->emitted == r->filled) return BFL_OK;
        slot *s = oldest(r);
        if (!s->status) s->status = r->plan->emit(r->plan->context, s->bytes, &s->err);
        if (s->status) {
            if (err) *err = s->err;
            return s->status;
        }
        s->state = SLOT_EMPTY;
        r->emitted++;
    }
}

/* Work that was filled but not begun when a failure stopped the run is dropped, not done. */
static void stop(ring *r, const pthread_t *workers, size_t count) {
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    r->taken = r->filled;
    pthread_cond_broadcast(&r->work_came);
    pthread_mutex_unlock(&r->lock);
    for (size_t i = 0; i < count; i++) pthread_join(workers[i], NULL);
}

static bfl_status pipeline_body(bfl_arena *arena, void *context, bfl_error *err) {
    const bfl_pipeline *plan = context;
    uint32_t threads = plan->threads ? plan->threads : bfl_processors();
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    ring r = {.plan = plan, .size = threads == 1 ? 1 : (size_t)threads * SLOTS_PER_THREAD};
    r.slots = BFL_NEW_ARRAY(arena, r.size, slot);
    for (size_t i = 0; i < r.size; i++) r.slots[i].bytes = bfl_arena_alloc(arena, 1, plan->slot_size);
    pthread_t *workers = BFL_NEW_ARRAY(arena, threads, pthread_t);
    size_t started = 0;
    pthread_mutex_init(&r.lock, NULL);
    pthread_cond_init(&r.work_came, NULL);
    pthread_cond_init(&r.work_done, NULL);
    /* A thread that cannot be started is no failure: the others, at least the calling one, do its work. */
    while (started + 1 < threads && pthread_create(&workers[started], NULL, worker, &r) == 0) started++;
    bfl_status status = run(&r, err);
    stop(&r, workers, started);
    pthread_cond_destroy(&r.work_done);
    pthread_cond_destroy(&r.work_came);
    pthread_mutex_destroy(&r.lock);
    for (size_t i = 0; plan->release && i < r.size; i++) plan->release(plan->context, r.slots[i].bytes);
    return status;
}

bfl_status bfl_pipeline_run(const bfl_pipeline *plan, bfl_error *err) {
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_pipeline copy = *plan;
    bfl_status status = bfl_arena_run(arena, pipeline_body, &copy, err);
    bfl_arena_free(arena);
    return status;
}

/* ---- loops ---- */

typedef struct loop {
    bfl_part part;
    void *context;
    size_t count;
    atomic_size_t next;
} loop;

static void *run_parts(void *context) {
    loop *l = context;
    for (size_t i = atomic_fetch_add(&l->next, 1); i < l->count; i = atomic_fetch_add(&l->next, 1))
        l->part(l->context, i);
    return NULL;
}

void bfl_parallel(uint32_t threads, size_t count, bfl_part part, void *context) {
    enum { MOST_IN_A_LOOP = 64 };
    loop l = {.part = part, .context = context, .count = count};
    pthread_t workers[MOST_IN_A_LOOP];
    size_t wanted = threads ? threads : bfl_processors(), started = 0;
    if (wanted > count) wanted = count;
    while (started + 1 < wanted && started < MOST_IN_A_LOOP &&
           pthread_create(&workers[started], NULL, run_parts, &l) == 0)
        started++;
    run_parts(&l);
    for (size_t i = 0; i < started; i++) pthread_join(workers[i], NULL);
}

typedef struct own_loop {
    bfl_own_part part;
    void *context;
    bfl_arena **arenas;
    bfl_status *statuses;
} own_loop;

typedef struct own_run {
    const own_loop *loop;
    size_t index;
} own_run;

static bfl_status run_body(bfl_arena *own, void *context, bfl_error *err) {
    const own_run *r = context;
    (void)err;
    r->loop->part(own, r->loop->context, r->index);
    return BFL_OK;
}

static void run_own(void *context, size_t index) {
    const own_loop *l = context;
    own_run r = {l, index};
    l->statuses[index] = bfl_arena_run(l->arenas[index], run_body, &r, NULL);
}

void bfl_parallel_own(bfl_arena *arena, uint32_t threads, size_t count, bfl_own_part part, void *context) {
    own_loop l = {part, context, BFL_NEW_ARRAY(arena, count, bfl_arena *), BFL_NEW_ARRAY(arena, count, bfl_status)};
    for (size_t i = 0; i < count; i++) l.arenas[i] = bfl_arena_scratch(arena);
    bfl_parallel(threads, count, run_own, &l);
    for (size_t i = 0; i < count; i++)
        if (l.statuses[i]) bfl_arena_give_up(arena);
}
