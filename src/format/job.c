/* SPDX-License-Identifier: Apache-2.0 */
#include "format/job.h"

#include <string.h>

enum { DEFAULT_FILE_BYTES = 512 * 1024 * 1024, DEFAULT_ROWS = 10000000, DEFAULT_FIELD_BYTES = 64 * 1024 };

bfl_limits bfl_format_limits(const bfl_limits *limits) {
    bfl_limits own = {.struct_size = sizeof own};
    /* A caller built with an older header passes a shorter struct: the rest keeps its default. */
    if (limits) memcpy(&own, limits, limits->struct_size < sizeof own ? limits->struct_size : sizeof own);
    if (!own.file_bytes) own.file_bytes = DEFAULT_FILE_BYTES;
    if (!own.rows) own.rows = DEFAULT_ROWS;
    if (!own.field_bytes) own.field_bytes = DEFAULT_FIELD_BYTES;
    return own;
}

typedef struct call {
    bfl_format_job job;
    bfl_format_body body;
    void *context;
} call;

static bfl_status in_all_arenas(bfl_arena *row, void *context, bfl_error *err) {
    (void)row;
    call *c = context;
    return c->body(&c->job, c->context, err);
}

static bfl_status in_bytes(bfl_arena *bytes, void *context, bfl_error *err) {
    (void)bytes;
    call *c = context;
    return bfl_arena_run(c->job.row, in_all_arenas, c, err);
}

static bfl_status in_scratch(bfl_arena *scratch, void *context, bfl_error *err) {
    (void)scratch;
    call *c = context;
    return bfl_arena_run(c->job.bytes, in_bytes, c, err);
}

static bfl_status in_study(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    call *c = context;
    return bfl_arena_run(c->job.scratch, in_scratch, c, err);
}

bfl_status bfl_format_run(bfl_format_body body, void *context, bfl_study **out, bfl_error *err) {
    call c = {.body = body, .context = context};
    bfl_format_job *j = &c.job;
    j->arena = bfl_arena_new();
    j->scratch = bfl_arena_new();
    j->bytes = bfl_arena_new();
    j->row = bfl_arena_new();
    bfl_status status = BFL_ENOMEM;
    if (j->arena && j->scratch && j->bytes && j->row)
        status = bfl_arena_run(j->arena, in_study, &c, err);
    else
        (void)bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_arena_free(j->row);
    bfl_arena_free(j->bytes);
    bfl_arena_free(j->scratch);
    if (status)
        bfl_arena_free(j->arena);
    else
        *out = j->study;
    return status;
}
