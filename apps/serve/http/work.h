/* SPDX-License-Identifier: Apache-2.0 */
/* Threads that answer requests, and the queue before them. bfl_pipeline_run() works through a list that is known; this waits for
 * whatever comes, in the order in which it comes. */
#ifndef SERVE_HTTP_WORK_H
#define SERVE_HTTP_WORK_H

#include <stdbool.h>
#include <stddef.h>

typedef struct serve_work {
    void (*run)(struct serve_work *work);
    struct serve_work *next;
} serve_work;

typedef struct serve_workers serve_workers;

/* NULL when the threads cannot be made. At most `most` wait. */
serve_workers *serve_workers_new(unsigned threads, size_t most);
/* False when the queue is full or the workers are to stop: nothing was taken. */
bool serve_workers_add(serve_workers *workers, serve_work *work);
/* Does what is waiting, then ends the threads. May be called twice. */
void serve_workers_stop(serve_workers *workers);
void serve_workers_free(serve_workers *workers);

#endif
