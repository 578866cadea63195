/* SPDX-License-Identifier: Apache-2.0 */
/* The public calls: every report is built in an arena and handed to the sink when it is whole. */
#include "report/report.h"

#include "format/format.h"
#include <rsvg/picture.h>

enum { DEFAULT_COLUMNS = 100, LEAST_COLUMNS = 40, MOST_COLUMNS = 400 };

typedef struct job {
    const bfl_assessment *const *assessments;
    size_t count;
    bfl_report_options options;
    const bfl_fhir_options *fhir;
    bfl_text whole;     /* what was written; lives in the arena */
    const char **pages; /* or these, on paper, NULL last */
} job;

static bfl_report_options with_defaults(const bfl_report_options *given) {
    bfl_report_options options = {.struct_size = sizeof options, .reviewer = ""};
    if (given) options = *given;
    if (!options.reviewer) options.reviewer = "";
    if (options.columns == 0) options.columns = DEFAULT_COLUMNS;
    if (options.columns < LEAST_COLUMNS) options.columns = LEAST_COLUMNS;
    if (options.columns > MOST_COLUMNS) options.columns = MOST_COLUMNS;
    return options;
}

static bfl_status finish(job *work, const bfl_buf *out) {
    work->whole = bfl_text_of(bfl_buf_z(out));
    return BFL_OK;
}

static bfl_status write_json(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *work = context;
    bfl_buf out = {.arena = arena};
    bfl_json_write(&out, work->assessments[0], &work->options);
    return finish(work, &out);
}

static bfl_status write_fhir(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *work = context;
    bfl_buf out = {.arena = arena};
    bfl_fhir_report_write(&out, work->assessments[0], &work->options, work->fhir);
    return finish(work, &out);
}

static bfl_status write_text(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *work = context;
    bfl_buf out = {.arena = arena};
    if (work->options.audience == BFL_FOR_PATIENT)
        bfl_text_write_patient(&out, work->assessments[0], &work->options);
    else
        bfl_text_write(&out, work->assessments[0], &work->options);
    return finish(work, &out);
}

static bfl_status write_explain(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *work = context;
    bfl_buf out = {.arena = arena};
    bfl_explain_write(&out, work->assessments[0], &work->options);
    return finish(work, &out);
}

static bfl_status write_explain_json(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *work = context;
    bfl_buf out = {.arena = arena};
    bfl_explain_json_write(&out, work->assessments[0]);
    return finish(work, &out);
}

static bfl_status write_html(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *work = context;
    bfl_buf out = {.arena = arena};
    bfl_html_write(&out, work->assessments, work->count, &work->options);
    return finish(work, &out);
}

static bfl_status write_pages(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    job *work = context;
    work->pages = bfl_print_pages(arena, work->assessments, work->count, &work->options);
    return BFL_OK;
}

static bfl_status checked(const job *work, const bfl_report_options *given, const bfl_sink *sink, bfl_error *err) {
    if (!sink->write) return bfl_fail(err, BFL_EINVAL, "sink", 0, "the sink has no write function");
    if (given && given->struct_size != sizeof *given)
        return bfl_fail(err, BFL_EINVAL, "options", 0, "struct_size is not sizeof(bfl_report_options)");
    if (!work->assessments) return bfl_fail(err, BFL_EINVAL, "assessments", 0, "there is no assessment");
    for (size_t i = 0; i < work->count; i++)
        if (!work->assessments[i]) return bfl_fail(err, BFL_EINVAL, "assessment", 0, "the assessment is NULL");
    return BFL_OK;
}

/* The pages as one file. What librsvg and Cairo allocate is no business of the arena. */
static bfl_status bind(const job *work, bfl_sink sink, bfl_error *err) {
    size_t count = 0;
    while (work->pages[count]) count++;
    bfl_picture book;
    const char *title = work->count == 1 ? work->assessments[0]->record->patient.id : "Bone flare or progression";
    switch (bfl_picture_book(work->pages, count, title, &book)) {
    case BFL_PICTURE_NO_LIBRARY:
        return bfl_fail(err, BFL_ENOTSUP, "", 0, "PDF needs librsvg; install librsvg2-2, or print the HTML report");
    case BFL_PICTURE_NO_MEMORY: return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    case BFL_PICTURE_NOT_SVG: return bfl_fail(err, BFL_EIO, "", 0, "librsvg refuses a page");
    case BFL_PICTURE_DRAWN: break;
    }
    bool taken = sink.write(sink.context, (const char *)book.data, book.size);
    bfl_picture_free(&book);
    return taken ? BFL_OK : bfl_fail(err, BFL_EIO, "", 0, "the report could not be written");
}

static bfl_status emit(job *work, const bfl_report_options *given, bfl_arena_body body, bfl_sink sink, bfl_error *err) {
    bfl_status status = checked(work, given, &sink, err);
    if (status != BFL_OK) return status;
    work->options = with_defaults(given);
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    status = bfl_arena_run(arena, body, work, err);
    if (status == BFL_OK && work->pages)
        status = bind(work, sink, err);
    else if (status == BFL_OK && !sink.write(sink.context, work->whole.data, work->whole.size))
        status = bfl_fail(err, BFL_EIO, "", 0, "the report could not be written");
    bfl_arena_free(arena);
    return status;
}

bfl_status bfl_report_text(const bfl_assessment *assessment, const bfl_report_options *options, bfl_sink sink,
                           bfl_error *err) {
    return emit(&(job){.assessments = &assessment, .count = 1}, options, write_text, sink, err);
}

bfl_status bfl_report_json(const bfl_assessment *assessment, const bfl_report_options *options, bfl_sink sink,
                           bfl_error *err) {
    return emit(&(job){.assessments = &assessment, .count = 1}, options, write_json, sink, err);
}

bfl_status bfl_report_explain(const bfl_assessment *assessment, const bfl_report_options *options, bfl_sink sink,
                              bfl_error *err) {
    return emit(&(job){.assessments = &assessment, .count = 1}, options, write_explain, sink, err);
}

bfl_status bfl_report_explain_json(const bfl_assessment *assessment, const bfl_report_options *options, bfl_sink sink,
                                   bfl_error *err) {
    return emit(&(job){.assessments = &assessment, .count = 1}, options, write_explain_json, sink, err);
}

bfl_status bfl_report_html(const bfl_assessment *const *assessments, size_t count, const bfl_report_options *options,
                           bfl_sink sink, bfl_error *err) {
    return emit(&(job){.assessments = assessments, .count = count}, options, write_html, sink, err);
}

bfl_status bfl_report_pdf(const bfl_assessment *const *assessments, size_t count, const bfl_report_options *options,
                          bfl_sink sink, bfl_error *err) {
    return emit(&(job){.assessments = assessments, .count = count}, options, write_pages, sink, err);
}

bfl_status bfl_report_fhir(const bfl_assessment *assessment, const bfl_report_options *options,
                           const bfl_fhir_options *fhir, bfl_sink sink, bfl_error *err) {
    if (fhir && fhir->struct_size != sizeof *fhir)
        return bfl_fail(err, BFL_EINVAL, "fhir", 0, "struct_size is not sizeof(bfl_fhir_options)");
    if (fhir && fhir->recorded && fhir->recorded[0] && !bfl_fhir_is_instant(fhir->recorded))
        return bfl_fail(err, BFL_EINVAL, "recorded", 0, "is no instant such as 2019-04-04T10:30:00Z");
    return emit(&(job){.assessments = &assessment, .count = 1, .fhir = fhir}, options, write_fhir, sink, err);
}

/* ---- two CT scans ---- */

typedef struct ct_job {
    const bfl_ct *ct;
    const bfl_ct_rows *rows;
    bfl_text whole;
} ct_job;

static bfl_status write_ct(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    ct_job *work = context;
    bfl_buf out = {.arena = arena};
    bfl_ct_page(&out, work->ct, work->rows);
    work->whole = (bfl_text){out.data, out.size};
    return BFL_OK;
}

bfl_status bfl_report_ct(const bfl_ct *ct, const bfl_ct_rows *rows, bfl_sink sink, bfl_error *err) {
    if (!ct || !sink.write) return bfl_fail(err, BFL_EINVAL, "", 0, "a comparison and a sink are needed");
    if (rows && (rows->struct_size != sizeof *rows || !rows->patient || !rows->baseline_date || !rows->followup_date))
        return bfl_fail(err, BFL_EINVAL, "rows", 0, "the rows need a patient and two dates");
    ct_job work = {.ct = ct, .rows = rows};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, write_ct, &work, err);
    if (!status && !sink.write(sink.context, work.whole.data, work.whole.size))
        status = bfl_fail(err, BFL_EIO, "", 0, "the report could not be written");
    bfl_arena_free(arena);
    return status;
}
