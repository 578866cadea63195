/* SPDX-License-Identifier: Apache-2.0 */
/* What a handler gets from the store and from the library, kept until the answer is sent; and what goes to the log. */
#ifndef SERVE_KEEP_H
#define SERVE_KEEP_H

#include "serve/http/call.h"

#include "store/store.h"

#include <boneflare/boneflare.h>

/* Results of the store and of the library: the pool of the call releases them. Each returns its argument. */
void *serve_keep(serve_call *call, void *store_result);
bfl_study *serve_keep_study(serve_call *call, bfl_study *study);
/* The store or the library failed: logs what the caller must not see, and answers. */
void serve_failed(serve_call *call, bfl_status status, const bfl_error *err);
/* A line of the log. The message of the store holds no patient data. */
void serve_log(const serve_server *server, const char *what, const bfl_error *err);
/* "2026-11-22T11:05:09Z" */
const char *serve_time_text(serve_pool *pool, int64_t ms);

#endif
