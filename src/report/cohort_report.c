/* SPDX-License-Identifier: Apache-2.0 */
/* The public calls on studies: figures drawn once, written in any format; and the report. */
#include "report/cohort_figures.h"
#include <rsvg/picture.h>

static const double png_scale = 2;

static const char *name_of(const bfl_presentation *presentation) {
    return presentation && presentation->name ? presentation->name : "";
}

static bfl_status checked(const bfl_cohort *cohort, const bfl_rulebook *rulebook, const bfl_presentation *presentation,
                          bfl_error *err) {
    if (!cohort || !rulebook) return bfl_fail(err, BFL_EINVAL, "cohort", 0, "cohort and rulebook are needed");
    if (presentation && presentation->struct_size != sizeof *presentation)
        return bfl_fail(err, BFL_EINVAL, "presentation", 0, "struct_size is not sizeof(bfl_presentation)");
    return BFL_OK;
}

/* ---- figures ---- */

/* The public face and the arena it lies in. */
typedef struct owned {
    bfl_figures face; /* first: the public pointer */
    bfl_arena *arena;
} owned;

typedef struct drawing {
    const bfl_cohort *cohort;
    const bfl_rulebook *rulebook;
    const char *name;
    owned *out;
} drawing;

static bfl_status draw(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    drawing *work = context;
    bfl_study_figures figures = bfl_study_draw(arena, work->cohort, work->rulebook, work->name);
    bfl_figure *items = BFL_NEW_ARRAY(arena, figures.count, bfl_figure);
    for (size_t i = 0; i < figures.count; i++) {
        const bfl_sheet *sheet = figures.items[i].sheet;
        bfl_buf svg = {.arena = arena};
        bfl_sheet_write(sheet, &svg, true);
        items[i] = (bfl_figure){figures.items[i].id, sheet->title, {bfl_buf_z(&svg), svg.size}};
    }
    owned *all = BFL_NEW(arena, owned);
    *all = (owned){{items, figures.count}, arena};
    work->out = all;
    return BFL_OK;
}

bfl_status bfl_figures_draw(const bfl_cohort *cohort, const bfl_rulebook *rulebook,
                            const bfl_presentation *presentation, bfl_figures **out, bfl_error *err) {
    bfl_status status = checked(cohort, rulebook, presentation, err);
    if (status != BFL_OK) return status;
    if (!out) return bfl_fail(err, BFL_EINVAL, "out", 0, "there is no place for the figures");
    drawing work = {.cohort = cohort, .rulebook = rulebook, .name = name_of(presentation)};
    status = bfl_arena_build(draw, &work, err);
    if (status == BFL_OK) *out = &work.out->face;
    return status;
}

void bfl_figures_free(bfl_figures *figures) {
    if (figures) bfl_arena_free(((owned *)figures)->arena);
}

const char *bfl_figure_format_word(bfl_figure_format format) {
    static const char *const words[] = {"svg", "png", "pdf"};
    return (unsigned)format < sizeof words / sizeof *words ? words[format] : "";
}

static bfl_status write_picture(const bfl_figure *figure, bfl_picture_kind kind, bfl_sink sink, bfl_error *err) {
    bfl_picture picture;
    switch (bfl_picture_draw(figure->svg.data, figure->svg.size, kind, png_scale, &picture)) {
    case BFL_PICTURE_NO_LIBRARY:
        return bfl_fail(err, BFL_ENOTSUP, figure->id, 0,
                        "PNG and PDF need librsvg; install librsvg2-2, or take the SVG");
    case BFL_PICTURE_NO_MEMORY: return bfl_fail(err, BFL_ENOMEM, figure->id, 0, "out of memory");
    case BFL_PICTURE_NOT_SVG: return bfl_fail(err, BFL_EINVAL, figure->id, 0, "librsvg refuses the drawing");
    case BFL_PICTURE_DRAWN: break;
    }
    bool taken = sink.write(sink.context, (const char *)picture.data, picture.size);
    bfl_picture_free(&picture);
    return taken ? BFL_OK : bfl_fail(err, BFL_EIO, figure->id, 0, "the figure could not be written");
}

bfl_status bfl_figure_write(const bfl_figure *figure, bfl_figure_format format, bfl_sink sink, bfl_error *err) {
    if (!figure || !sink.write) return bfl_fail(err, BFL_EINVAL, "figure", 0, "figure and sink are needed");
    switch (format) {
    case BFL_FIGURE_SVG:
        if (sink.write(sink.context, figure->svg.data, figure->svg.size)) return BFL_OK;
        return bfl_fail(err, BFL_EIO, figure->id, 0, "the figure could not be written");
    case BFL_FIGURE_PNG: return write_picture(figure, BFL_PICTURE_PNG, sink, err);
    case BFL_FIGURE_PDF: return write_picture(figure, BFL_PICTURE_PDF, sink, err);
    case BFL_FIGURE_FORMATS: break;
    }
    return bfl_fail(err, BFL_EINVAL, "format", 0, "there is no such format");
}

/* ---- the report ---- */

typedef struct page_job {
    const bfl_cohort *cohort;
    const bfl_rulebook *rulebook;
    const char *name;
    bfl_text whole;
} page_job;

static bfl_status write_page(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    page_job *work = context;
    bfl_buf out = {.arena = arena};
    bfl_study_page(&out, work->cohort, work->rulebook, work->name);
    work->whole = (bfl_text){bfl_buf_z(&out), out.size};
    return BFL_OK;
}

bfl_status bfl_report_cohort_html(const bfl_cohort *cohort, const bfl_rulebook *rulebook,
                                  const bfl_presentation *presentation, bfl_sink sink, bfl_error *err) {
    bfl_status status = checked(cohort, rulebook, presentation, err);
    if (status != BFL_OK) return status;
    if (!sink.write) return bfl_fail(err, BFL_EINVAL, "sink", 0, "the sink has no write function");
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    page_job work = {.cohort = cohort, .rulebook = rulebook, .name = name_of(presentation)};
    status = bfl_arena_run(arena, write_page, &work, err);
    if (status == BFL_OK && !sink.write(sink.context, work.whole.data, work.whole.size))
        status = bfl_fail(err, BFL_EIO, "", 0, "the report could not be written");
    bfl_arena_free(arena);
    return status;
}
