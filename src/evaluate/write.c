/* SPDX-License-Identifier: Apache-2.0 */
/* An evaluation as bytes, in any of its formats. */
#include "evaluate/trace.h"

typedef struct request {
    const bfl_evaluation *evaluation;
    bfl_eval_format format;
    bfl_sink sink;
} request;

static bfl_status write_body(bfl_arena *arena, void *context, bfl_error *err) {
    const request *r = context;
    bfl_buf out = {.arena = arena};
    switch (r->format) {
    case BFL_EVAL_TEXT: bfl_eval_write_text(&out, r->evaluation, false); break;
    case BFL_EVAL_MARKDOWN: bfl_eval_write_text(&out, r->evaluation, true); break;
    case BFL_EVAL_JSON: bfl_eval_write_json(&out, r->evaluation); break;
    case BFL_EVAL_RELIABILITY_SVG: bfl_eval_draw(&out, r->evaluation, false); break;
    case BFL_EVAL_DECISION_SVG: bfl_eval_draw(&out, r->evaluation, true); break;
    case BFL_EVAL_CSV: bfl_eval_write_csv(&out, r->evaluation); break;
    }
    if (!r->sink.write(r->sink.context, bfl_buf_z(&out), out.size))
        return bfl_fail(err, BFL_EIO, "bfl_evaluation_write", 0, "the output cannot be written");
    return BFL_OK;
}

bfl_status bfl_evaluation_write(const bfl_evaluation *evaluation, bfl_eval_format format, bfl_sink sink,
                                bfl_error *err) {
    if (!evaluation || !sink.write || format > BFL_EVAL_DECISION_SVG)
        return bfl_fail(err, BFL_EINVAL, "bfl_evaluation_write", 0, "evaluation, a known format and a sink are needed");
    request r = {evaluation, format, sink};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "bfl_evaluation_write", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, write_body, &r, err);
    bfl_arena_free(arena);
    return status;
}
