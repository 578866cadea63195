/* SPDX-License-Identifier: Apache-2.0 */
/* The filter: cut the stream into patients (calling thread), read, assess and report each (any thread), write in order. */
#include "screen/screen.h"
#include "assess/assess.h"
#include "record/record.h"

#include <string.h>

typedef struct filter {
    bfl_filter_options options;
    const bfl_rulebook *rulebook;
    bfl_patient_stream stream;
    bfl_arena *arenas[3];
    bfl_filter_counts counts;
} filter;

/* One patient on the way. */
typedef struct slot {
    bfl_patient_lines patient;
    bfl_arena *arena, *result_arena; /* of what comes out */
    bfl_buf results, problems;
    uint64_t result_count, problem_count;
} slot;

/* ---- in ---- */

static bool has_arenas(slot *s) {
    if (!s->arena) s->arena = bfl_arena_new();
    if (!s->patient.arena) s->patient.arena = bfl_arena_new();
    if (!s->patient.lines.arena) s->patient.lines.arena = bfl_arena_new();
    if (!s->result_arena) s->result_arena = bfl_arena_new();
    return s->arena && s->result_arena && s->patient.arena && s->patient.lines.arena;
}

static bfl_status next(void *context, void *item, bool *more, bfl_error *err) {
    filter *f = context;
    slot *s = item;
    if (!has_arenas(s)) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    return bfl_patient_stream_next(&f->stream, &s->patient, more, err);
}

/* ---- one patient ---- */

typedef struct work_item {
    const filter *filter;
    slot *slot;
    bfl_study *study; /* released whatever happens */
} work_item;

static void tell(work_item *w, uint64_t line, const char *patient, const char *text) {
    bfl_buf *out = &w->slot->problems;
    bfl_buf_addf(out, "%s:%llu: ", w->filter->options.name, (unsigned long long)line);
    if (patient[0]) bfl_buf_addf(out, "patient %s: ", bfl_issue_quote(out->arena, bfl_text_of(patient)));
    bfl_buf_addf(out, "%s\n", text);
    w->slot->problem_count++;
}

typedef struct result {
    bfl_buf *out;
    bfl_text text;
} result;

static bfl_status add_result(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    (void)err;
    const result *r = context;
    bfl_buf_add_text(r->out, r->text);
    return BFL_OK;
}

/* An arena of its own: running out of memory must not jump out of the report that calls this. */
static bool keep_result(void *context, const char *data, size_t size) {
    slot *s = context;
    result r = {&s->results, {data, size}};
    return bfl_arena_run(s->result_arena, add_result, &r, NULL) == BFL_OK;
}

static bfl_status report(work_item *w, const bfl_record *record, bfl_error *err) {
    bfl_assessment *assessment = NULL;
    bfl_error why = {0};
    bfl_status status = bfl_assess(record, w->filter->rulebook, w->filter->options.assess, &assessment, &why);
    if (status == BFL_ENOMEM) return bfl_fail(err, status, "", 0, "out of memory");
    if (status) {
        tell(w, w->slot->patient.lines.first_line, record->patient.id, why.message);
        return BFL_OK;
    }
    status = bfl_report_json(assessment, w->filter->options.report, (bfl_sink){keep_result, w->slot}, err);
    bfl_assessment_free(assessment);
    if (status) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    w->slot->result_count++;
    return BFL_OK;
}

static bfl_status assess(work_item *w, bfl_error *err) {
    const bfl_patient_lines *p = &w->slot->patient;
    bfl_error why = {0};
    bfl_status status = bfl_fhir_parse_lines("stdin", &p->lines, NULL, &w->study, &why);
    if (status == BFL_ENOMEM) return bfl_fail(err, status, "", 0, "out of memory");
    if (status) tell(w, p->lines.first_line, p->id, why.message);
    if (status) return BFL_OK;
    for (size_t i = 0; i < bfl_study_record_count(w->study) && !status; i++)
        status = report(w, bfl_study_record(w->study, i), err);
    return status;
}

static bfl_status work_body(bfl_arena *arena, void *context, bfl_error *err) {
    work_item *w = context;
    slot *s = w->slot;
    s->problems = (bfl_buf){.arena = arena};
    s->results = (bfl_buf){.arena = s->result_arena};
    for (size_t i = 0; i < s->patient.problems.count; i++) {
        const bfl_stream_problem *p = &s->patient.problems.items[i];
        tell(w, p->line, p->patient, p->text);
    }
    return s->patient.refused || !s->patient.id[0] ? BFL_OK : assess(w, err);
}

static bfl_status work(void *context, void *item, bfl_error *err) {
    work_item w = {context, item, NULL};
    bfl_arena_reset(w.slot->arena);
    bfl_arena_reset(w.slot->result_arena);
    w.slot->result_count = w.slot->problem_count = 0;
    bfl_status status = bfl_arena_run(w.slot->arena, work_body, &w, err);
    bfl_study_free(w.study);
    return status;
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
    bfl_arena_free(s->result_arena);
    bfl_arena_free(s->patient.arena);
    bfl_arena_free(s->patient.lines.arena);
}

/* ---- the run ---- */

static bfl_status run(filter *f, bfl_error *err) {
    for (size_t i = 0; i < 3; i++)
        if (!(f->arenas[i] = bfl_arena_new())) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_patient_stream *s = &f->stream;
    s->lines.rest.arena = f->arenas[0];
    s->block.arena = f->arenas[1];
    s->arena = f->arenas[2];
    if (!(s->reader = bfl_line_reader_new())) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    const bfl_pipeline plan = {f, sizeof(slot), f->options.threads, next, work, emit, release};
    return bfl_pipeline_run(&plan, err);
}

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
    f.stream.lines.intake = input;
    f.stream.lines.name = f.options.name;
    f.stream.lines.block_bytes = BFL_STREAM_BLOCK_BYTES;
    f.stream.lines.line_bytes = f.stream.patient_bytes = f.options.patient_bytes;
    bfl_status status = run(&f, err);
    f.counts.bytes = f.stream.lines.bytes;
    f.counts.lines = f.stream.lines.lines;
    f.counts.patients = f.stream.patients;
    f.counts.nobody = f.stream.nobody;
    if (counts) *counts = f.counts;
    bfl_line_reader_free(f.stream.reader);
    for (size_t i = 0; i < 3; i++) bfl_arena_free(f.arenas[i]);
    return status;
}
