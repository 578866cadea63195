/* SPDX-License-Identifier: Apache-2.0 */
/* Text handed on to a sink piece by piece, so that a large study is never held twice. */
#include "cohort/study.h"

enum { WORTH_IT = 1 << 16 };

static void hand_on(writer *w) {
    bfl_out_text(&w->out, (bfl_text){w->text.data, w->text.size});
    w->text.size = 0;
}

void cohort_flush(writer *w) {
    if (w->text.size >= WORTH_IT) hand_on(w);
}

typedef struct job {
    write_body body;
    const void *what;
    bfl_sink sink;
} job;

static bfl_status run(bfl_arena *arena, void *context, bfl_error *err) {
    job *j = context;
    writer w = {.arena = arena, .text = {.arena = arena}, .out = {.sink = j->sink}};
    j->body(&w, j->what);
    if (w.text.size) hand_on(&w);
    return w.out.failed ? bfl_fail(err, BFL_EIO, "", 0, "the output cannot be written") : BFL_OK;
}

bfl_status cohort_write(write_body body, const void *what, bfl_sink sink, bfl_error *err) {
    job j = {body, what, sink};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, run, &j, err);
    bfl_arena_free(arena);
    return status;
}
