/* SPDX-License-Identifier: Apache-2.0 */
/* The filter: cut the stream into patients (calling thread), read, assess and report each (any thread), write in order. */
#include "screen/screen.h"
#include "record/record.h"

#include <string.h>

typedef struct filter {
    bfl_filter_options options;
    const bfl_rulebook *rulebook;
    bfl_patient_stream stream;
    bfl_filter_counts counts;
} filter;

/* One patient on the way. */
typedef struct slot {
    const filter *filter;
    bfl_patient_lines patient;
    bfl_arena *arena; /* of what comes out */
    bfl_buf results, problems;
    uint64_t result_count, problem_count;
} slot;

/* ---- in ---- */

static bfl_status next(void *context, void *item, bool *more, bfl_error *err) {
    filter *f = context;
    slot *s = item;
    s->filter = f;
    if (!s->arena) s->arena = bfl_arena_new();
    if (!s->arena || !bfl_patient_lines_ready(&s->patient)) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    return bfl_patient_stream_next(&f->stream, &s->patient, more, err);
}

/* ---- one patient ---- */

/* What is added to the slot's texts; in an arena run of its own, because a report's sink must not jump. */
typedef struct addition {
    slot *slot;
    bfl_text result;
    uint64_t line;
    const char *patient, *text;
} addition;

static bfl_status add(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    const addition *a = context;
    bfl_buf *out = &a->slot->problems;
    bfl_buf_add_text(&a->slot->results, a->result);
    if (!a->text) return BFL_OK;
    bfl_buf_addf(out, "%s:%llu: ", a->slot->filter->options.name, (unsigned long long)a->line);
    if (a->patient[0]) bfl_buf_addf(out, "patient %s: ", bfl_issue_quote(arena, bfl_text_of(a->patient)));
    bfl_buf_addf(out, "%s\n", a->text);
    a->slot->problem_count++;
    return BFL_OK;
}

static bfl_status tell(void *context, uint64_t line, const char *patient, const char *text, bfl_error *err) {
    slot *s = context;
    addition a = {s, {"", 0}, line, patient, text};
    return bfl_arena_run(s->arena, add, &a, err);
}

static bool keep_result(void *context, const char *data, size_t size) {
    slot *s = context;
    addition a = {.slot = s, .result = {data, size}};
    return bfl_arena_run(s->arena, add, &a, NULL) == BFL_OK;
}

static bfl_status report(void *context, const bfl_study *study, const bfl_assessment *assessment, bfl_error *err) {
    (void)study;
    slot *s = context;
    bfl_status status = bfl_report_json(assessment, s->filter->options.report, (bfl_sink){keep_result, s}, err);
    if (status) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    s->result_count++;
    return BFL_OK;
}

static bfl_status work(void *context, void *item, bfl_error *err) {
    const filter *f = context;
    slot *s = item;
    const bfl_each each = {f->rulebook, f->options.assess, "stdin", s, report, tell};
    bfl_arena_reset(s->arena);
    s->results = s->problems = (bfl_buf){.arena = s->arena};
    s->result_count = s->problem_count = 0;
    return bfl_each_record(&each, &s->patient, err);
}

/* ---- out ---- */

static bfl_status write(bfl_sink sink, const bfl_buf *text, const char *what, bfl_error *err) {
    if (text->size == 0 || !sink.write || sink.write(sink.context, text->data, text->size)) return BFL_OK;
    return bfl_fail(err, BFL_EIO, what, 0, "cannot be written");
}

static bfl_status emit(void *context, void *item, bfl_error *err) {
    filter *f = context;
    const slot *s = item;
    bfl_status status = write(f->options.problems, &s->problems, "problems", err);
    if (!status) status = write(f->options.out, &s->results, "results", err);
    f->counts.results += s->result_count;
    f->counts.problems += s->problem_count;
    return status;
}

static void release(void *context, void *item) {
    (void)context;
    slot *s = item;
    bfl_arena_free(s->arena);
    bfl_patient_lines_close(&s->patient);
}

/* ---- the run ---- */

static void set_defaults(bfl_filter_options *own, const bfl_filter_options *given) {
    memcpy(own, given, given->struct_size < sizeof *own ? given->struct_size : sizeof *own);
    if (!own->patient_bytes) own->patient_bytes = BFL_STREAM_PATIENT_BYTES;
    if (!own->name) own->name = "line";
}

bfl_status bfl_filter(bfl_intake input, const bfl_rulebook *rulebook, const bfl_filter_options *options,
                      bfl_filter_counts *counts, bfl_error *err) {
    if (!input.read || !rulebook || !options || !options->out.write)
        return bfl_fail(err, BFL_EINVAL, "bfl_filter", 0, "input, rulebook and a sink for the results are needed");
    filter f = {.rulebook = rulebook};
    set_defaults(&f.options, options);
    const bfl_pipeline plan = {&f, sizeof(slot), f.options.threads, next, work, emit, release};
    bfl_status status = bfl_patients_open(&f.stream, input, f.options.name, f.options.patient_bytes, err);
    if (!status) status = bfl_pipeline_run(&plan, err);
    f.counts.bytes = f.stream.lines.bytes;
    f.counts.lines = f.stream.lines.lines;
    f.counts.patients = f.stream.patients;
    f.counts.nobody = f.stream.nobody;
    if (counts) *counts = f.counts;
    bfl_patients_close(&f.stream);
    return status;
}
