/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/keep.h"
#include "serve/server.h"

#include <string.h>

enum { DAY_SECONDS = 86400 };

static void release_store(void *thing) { store_free(thing); }

static void release_study(void *thing) { bfl_study_free(thing); }

void *serve_keep(serve_call *call, void *store_result) {
    return serve_pool_own(call->pool, store_result, release_store);
}

bfl_study *serve_keep_study(serve_call *call, bfl_study *study) {
    return serve_pool_own(call->pool, study, release_study);
}

const char *serve_time_text(serve_pool *pool, int64_t ms) {
    int32_t year, month, day;
    int64_t seconds = ms / 1000;
    bfl_civil_from_day((int32_t)(seconds / DAY_SECONDS), &year, &month, &day);
    int clock = (int)(seconds % DAY_SECONDS);
    return serve_pool_printf(pool, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)year, (int)month, (int)day, clock / 3600,
                             clock / 60 % 60, clock % 60);
}

void serve_log(const serve_server *server, const char *what, const bfl_error *err) {
    (void)fprintf(server->options.log, "boneflare serve: %s: %s%s%s\n", what, err ? err->where : "",
                  err && err->where[0] ? ": " : "", err ? err->message : "");
}

/* The store says so in its message: the disk, or the limit of its size. */
static bool is_full(bfl_status status, const bfl_error *err) {
    return status == BFL_EIO && strstr(err->message, "no room");
}

void serve_failed(serve_call *call, bfl_status status, const bfl_error *err) {
    if (is_full(status, err)) {
        serve_log(call->server, "a request failed", err);
        serve_problem(call, 507, "store-full", "There is no room left to keep this; nothing was written.",
                      "Tell the administrator: make room on the server's disk, then send it again.");
        return;
    }
    if (status == BFL_EIO || status == BFL_ENOMEM) serve_log(call->server, "a request failed", err);
    serve_problem_of(call, status, err);
}
