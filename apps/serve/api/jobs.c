/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/api/jobs.h"
#include "serve/http/work.h"
#include "serve/server.h"

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KNOWN = 128, MOST_WAITING = 32, ID_BYTES = 16, ID_SIZE = 2 * ID_BYTES + 1, USER_SIZE = 128 };

struct serve_job {
    serve_work work; /* first: the queue's part */
    serve_jobs *jobs;
    serve_server *server;
    serve_job_work todo;
    char id[ID_SIZE], user[USER_SIZE];
    serve_role role;
    char *state; /* JSON, under the lock of the jobs */
    serve_events *events;
    atomic_bool over;
    serve_job *next; /* older */
};

struct serve_jobs {
    pthread_mutex_t lock;
    serve_workers *workers;
    serve_job *newest;
    size_t known;
    atomic_bool stop;
};

serve_jobs *serve_jobs_new(void) {
    serve_jobs *jobs = calloc(1, sizeof *jobs);
    if (!jobs) return NULL;
    (void)pthread_mutex_init(&jobs->lock, NULL);
    jobs->workers = serve_workers_new(1, MOST_WAITING);
    if (jobs->workers) return jobs;
    serve_jobs_free(jobs);
    return NULL;
}

static void free_job(serve_job *job) {
    serve_events_release(job->events);
    free(job->state);
    free(job);
}

void serve_jobs_stop(serve_jobs *jobs) {
    if (!jobs) return;
    atomic_store(&jobs->stop, true);
    if (jobs->workers) serve_workers_stop(jobs->workers);
}

void serve_jobs_free(serve_jobs *jobs) {
    if (!jobs) return;
    serve_jobs_stop(jobs);
    serve_workers_free(jobs->workers);
    for (serve_job *job = jobs->newest, *next; job; job = next) {
        next = job->next;
        free_job(job);
    }
    (void)pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

void serve_jobs_beat(serve_jobs *jobs) {
    (void)pthread_mutex_lock(&jobs->lock);
    for (serve_job *job = jobs->newest; job; job = job->next)
        if (!atomic_load(&job->over)) serve_events_beat(job->events);
    (void)pthread_mutex_unlock(&jobs->lock);
}

bool serve_job_stopping(const serve_job *job) { return atomic_load(&job->jobs->stop); }

/* ---- what a job says ---- */

static void say(serve_job *job, const char *event, bfl_text json) {
    char *copy = malloc(json.size + 1);
    if (!copy) return;
    memcpy(copy, json.data, json.size);
    copy[json.size] = '\0';
    (void)pthread_mutex_lock(&job->jobs->lock);
    free(job->state);
    job->state = copy;
    (void)pthread_mutex_unlock(&job->jobs->lock);
    serve_events_add(job->events, event, json);
}

void serve_job_tell(serve_job *job, bfl_text json) { say(job, "progress", json); }

void serve_job_end(serve_job *job, bool done, bfl_text json) {
    if (atomic_exchange(&job->over, true)) return;
    say(job, done ? "done" : "failed", json);
    serve_events_close(job->events);
}

/* ---- running ---- */

typedef struct running {
    serve_job *job;
    serve_call call;
} running;

static void run_body(void *context) {
    running *r = context;
    r->job->todo.run(r->job, &r->call, r->job->todo.context);
}

static void run_job(serve_work *work) {
    static const char unsaid[] =
        "{\"state\":\"failed\",\"detail\":\"The server is short of memory.\",\"hint\":\"Try again.\"}";
    static const char stopped[] =
        "{\"state\":\"failed\",\"detail\":\"The server was stopped.\",\"hint\":\"Send it again.\"}";
    serve_job *job = (serve_job *)(void *)work;
    running r = {job, {.server = job->server, .user = job->user, .role = job->role, .now_ms = serve_now_ms()}};
    bool stop = serve_job_stopping(job);
    r.call.pool = stop ? NULL : serve_pool_new();
    r.call.session = r.call.csrf = r.call.address = r.call.method = "";
    if (r.call.pool) (void)serve_pool_run(r.call.pool, run_body, &r);
    serve_job_end(job, false, bfl_text_of(stop ? stopped : unsaid)); /* unless it has said its last word */
    serve_pool_free(r.call.pool);
    job->todo.release(job->todo.context);
}

/* Known jobs stay few: the oldest that is over goes. */
static void forget_oldest(serve_jobs *jobs) {
    serve_job **oldest = NULL;
    if (jobs->known < MOST_KNOWN) return;
    for (serve_job **at = &jobs->newest; *at; at = &(*at)->next)
        if (atomic_load(&(*at)->over)) oldest = at;
    if (!oldest) return;
    serve_job *gone = *oldest;
    *oldest = gone->next;
    jobs->known--;
    free_job(gone);
}

static serve_job *new_job(serve_call *call, const serve_job_work *work) {
    serve_job *job = calloc(1, sizeof *job);
    unsigned char id[ID_BYTES];
    if (!job) return NULL;
    job->events = serve_events_new();
    job->state = strdup("{\"state\":\"waiting\"}");
    if (!job->events || !job->state) {
        serve_events_release(job->events);
        free(job->state);
        free(job);
        return NULL;
    }
    randombytes_buf(id, sizeof id);
    (void)sodium_bin2hex(job->id, sizeof job->id, id, sizeof id);
    (void)snprintf(job->user, sizeof job->user, "%s", call->user);
    job->role = call->role;
    job->jobs = call->server->jobs;
    job->server = call->server;
    job->todo = *work;
    job->work.run = run_job;
    return job;
}

static bool add_job(serve_jobs *jobs, serve_job *job) {
    (void)pthread_mutex_lock(&jobs->lock);
    forget_oldest(jobs);
    bool taken = serve_workers_add(jobs->workers, &job->work);
    if (taken) {
        job->next = jobs->newest;
        jobs->newest = job;
        jobs->known++;
    }
    (void)pthread_mutex_unlock(&jobs->lock);
    return taken;
}

void serve_job_start(serve_call *call, const serve_job_work *work) {
    serve_job *job = new_job(call, work);
    const char *id =
        job ? serve_pool_text(call->pool, bfl_text_of(job->id)) : ""; /* it may be over before the answer is made */
    if (!job || !add_job(call->server->jobs, job)) {
        work->release(work->context);
        if (job) free_job(job);
        serve_problem(call, 503, "busy", "Too much work is waiting.", "Try again in a moment.");
        return;
    }
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "job", id);
    serve_json_close(&w, "}");
    serve_reply_json(call, 202, &w);
    serve_reply_header(call, "Location", serve_pool_printf(call->pool, "/api/v1/jobs/%s", id));
}

/* ---- looking ---- */

static void no_such_job(serve_call *call) {
    serve_problem(call, 404, "no-such-job", "There is no such job, or the server was started anew since.",
                  "Look at the work list; if it is not there, send it again.");
}

static serve_job *find(serve_call *call, const char *id) {
    for (serve_job *job = call->server->jobs->newest; job; job = job->next)
        if (strcmp(job->id, id) == 0)
            return strcmp(job->user, call->user) == 0 || call->role == SERVE_ADMIN ? job : NULL;
    return NULL;
}

void serve_job_reply(serve_call *call, const char *id) {
    serve_jobs *jobs = call->server->jobs;
    char *state = NULL;
    (void)pthread_mutex_lock(&jobs->lock);
    const serve_job *job = find(call, id);
    if (job) state = strdup(job->state); /* nothing of the pool under a lock: it may jump out */
    (void)pthread_mutex_unlock(&jobs->lock);
    if (!job) {
        no_such_job(call);
        return;
    }
    serve_reply(call, 200, "application/json", bfl_text_of(serve_pool_own(call->pool, state, free)));
}

static void release_events(void *thing) { serve_events_release(thing); }

void serve_job_reply_events(serve_call *call, const char *id) {
    serve_jobs *jobs = call->server->jobs;
    (void)pthread_mutex_lock(&jobs->lock);
    const serve_job *job = find(call, id);
    serve_events *events = job ? job->events : NULL;
    if (events) serve_events_retain(events);
    (void)pthread_mutex_unlock(&jobs->lock);
    if (!events) {
        no_such_job(call);
        return;
    }
    (void)serve_pool_own(call->pool, events, release_events);
    serve_reply_events(call, events);
}
