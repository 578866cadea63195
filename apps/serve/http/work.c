/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/work.h"

#include <pthread.h>
#include <stdlib.h>

struct serve_workers {
    pthread_mutex_t lock;
    pthread_cond_t some;
    serve_work *first, **last;
    size_t waiting, most;
    bool stop;
    pthread_t *threads;
    unsigned count;
};

static serve_work *take(serve_workers *w) {
    (void)pthread_mutex_lock(&w->lock);
    while (!w->first && !w->stop) (void)pthread_cond_wait(&w->some, &w->lock);
    serve_work *work = w->first;
    if (work) {
        w->first = work->next;
        if (!w->first) w->last = &w->first;
        w->waiting--;
    }
    (void)pthread_mutex_unlock(&w->lock);
    return work;
}

static void *loop(void *context) {
    for (serve_work *work; (work = take(context));) work->run(work);
    return NULL;
}

serve_workers *serve_workers_new(unsigned threads, size_t most) {
    serve_workers *w = calloc(1, sizeof *w);
    if (!w) return NULL;
    w->last = &w->first;
    w->most = most;
    (void)pthread_mutex_init(&w->lock, NULL);
    (void)pthread_cond_init(&w->some, NULL);
    w->threads = calloc(threads, sizeof *w->threads);
    while (w->threads && w->count < threads && pthread_create(&w->threads[w->count], NULL, loop, w) == 0) w->count++;
    if (w->count == threads) return w;
    serve_workers_free(w);
    return NULL;
}

bool serve_workers_add(serve_workers *w, serve_work *work) {
    (void)pthread_mutex_lock(&w->lock);
    bool taken = !w->stop && w->waiting < w->most;
    if (taken) {
        work->next = NULL;
        *w->last = work;
        w->last = &work->next;
        w->waiting++;
        (void)pthread_cond_signal(&w->some);
    }
    (void)pthread_mutex_unlock(&w->lock);
    return taken;
}

void serve_workers_stop(serve_workers *w) {
    (void)pthread_mutex_lock(&w->lock);
    w->stop = true;
    (void)pthread_cond_broadcast(&w->some);
    (void)pthread_mutex_unlock(&w->lock);
    for (; w->count > 0; w->count--) (void)pthread_join(w->threads[w->count - 1], NULL);
}

void serve_workers_free(serve_workers *w) {
    if (!w) return;
    serve_workers_stop(w);
    (void)pthread_mutex_destroy(&w->lock);
    (void)pthread_cond_destroy(&w->some);
    free(w->threads);
    free(w);
}
