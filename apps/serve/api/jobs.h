/* SPDX-License-Identifier: Apache-2.0 */
/* Work that takes longer than a request should: it goes on in a thread of its own and tells how far it is. A job is known until
 * many others came after it, or the server ends; what it did is in the store. */
#ifndef SERVE_API_JOBS_H
#define SERVE_API_JOBS_H

#include "serve/http/events.h"

typedef struct serve_jobs serve_jobs;
typedef struct serve_job serve_job;

/* NULL when there is no memory or no thread. */
serve_jobs *serve_jobs_new(void);
/* Ends what is waiting, lets what runs end, and every listener. */
void serve_jobs_stop(serve_jobs *jobs);
void serve_jobs_free(serve_jobs *jobs);
/* Tells every listener that the server is still here. */
void serve_jobs_beat(serve_jobs *jobs);

typedef struct serve_job_work {
    /* `call` belongs to the job: server, pool, user and time; what it allocates and owns goes with the job. */
    void (*run)(serve_job *job, serve_call *call, void *context);
    void (*release)(void *context); /* of the context, in any case */
    void *context;
} serve_job_work;

/* Answers 202 {"job":ID}, or 503 when too many wait. The context is taken over in any case. */
void serve_job_start(serve_call *call, const serve_job_work *work);
/* How far it is: one object of JSON with "state":"running". */
void serve_job_tell(serve_job *job, bfl_text json);
/* Its last word: state "done" or "failed". */
void serve_job_end(serve_job *job, bool done, bfl_text json);
/* Is the server to stop? Then a job ends early. */
bool serve_job_stopping(const serve_job *job);

/* Answer the state, or the events, of a job of this user (an admin sees every one); 404 otherwise. */
void serve_job_reply(serve_call *call, const char *id);
void serve_job_reply_events(serve_call *call, const char *id);

#endif
