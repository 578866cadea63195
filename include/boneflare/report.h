/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file report.h
 * Results as text, JSON (docs/json.md) and one self-contained HTML file; a study's figures and its HTML report.
 */
#ifndef BONEFLARE_REPORT_H
#define BONEFLARE_REPORT_H

#include <boneflare/assess.h>
#include <boneflare/cohort.h>
#include <boneflare/format.h>
#include <boneflare/lesion.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_audience { BFL_FOR_CLINICIAN = 0, BFL_FOR_PATIENT = 1 } bfl_audience;
typedef enum bfl_review {
    BFL_REVIEW_DRAFT = 0,
    BFL_REVIEW_SUBMITTED,
    BFL_REVIEW_UNDER_REVIEW,
    BFL_REVIEW_APPROVED
} bfl_review;

/** Options. Set struct_size = sizeof(bfl_report_options). */
typedef struct bfl_report_options {
    size_t struct_size;
    bfl_audience audience;
    bfl_review review;
    const char *reviewer; /**< who and when, "" or NULL when nobody yet */
    int columns;          /**< text: width, 0 = 100 */
    bool colour;          /**< text: ANSI colours */
} bfl_report_options;

/** A terminal page: verdict, why, what next, alarms, data problems. UTF-8. options may be NULL. */
BFL_API BFL_MUST_USE bfl_status bfl_report_text(const bfl_assessment *assessment, const bfl_report_options *options,
                                                bfl_sink sink, bfl_error *err);
/** One JSON object on one line, newline at the end; schema "boneflare.assessment/1". */
BFL_API BFL_MUST_USE bfl_status bfl_report_json(const bfl_assessment *assessment, const bfl_report_options *options,
                                                bfl_sink sink, bfl_error *err);
/**
 * The record as it was known and the assessment as FHIR R4 (docs/fhir.md): one Bundle on one line, newline at the end. Review
 * and reviewer are used of `options`. BFL_EINVAL also when `recorded` is no FHIR instant.
 */
BFL_API BFL_MUST_USE bfl_status bfl_report_fhir(const bfl_assessment *assessment, const bfl_report_options *options,
                                                const bfl_fhir_options *fhir, bfl_sink sink, bfl_error *err);
/**
 * How the verdict came about, as text: each step from prior to posterior with its ratio, its interval and the probability after it,
 * a waterfall of the evidence, the loss of each answer, which single fact would turn it, what tests are worth, and hindsight.
 */
BFL_API BFL_MUST_USE bfl_status bfl_report_explain(const bfl_assessment *assessment, const bfl_report_options *options,
                                                   bfl_sink sink, bfl_error *err);
/** The same as one JSON object on one line; schema "boneflare.explanation/1". */
BFL_API BFL_MUST_USE bfl_status bfl_report_explain_json(const bfl_assessment *assessment,
                                                        const bfl_report_options *options, bfl_sink sink,
                                                        bfl_error *err);
/** One HTML document for one or several patients. */
BFL_API BFL_MUST_USE bfl_status bfl_report_html(const bfl_assessment *const *assessments, size_t count,
                                                const bfl_report_options *options, bfl_sink sink, bfl_error *err);
/**
 * The same on paper: one PDF, A4, numbered pages, each patient on a new one. Drawn by librsvg with the fonts of this machine, which
 * are embedded; no date of its making, so the same bytes at every call on one machine.
 * @return BFL_OK, BFL_EINVAL, BFL_ENOTSUP (librsvg is not installed), BFL_ENOMEM, BFL_EIO
 */
BFL_API BFL_MUST_USE bfl_status bfl_report_pdf(const bfl_assessment *const *assessments, size_t count,
                                               const bfl_report_options *options, bfl_sink sink, bfl_error *err);

/**
 * What changed between two CT scans as one HTML document: each finding with its measures and cuts through both scans in the
 * bone window, how well the scans lie on each other, and what is not proven. No script, nothing from the network.
 * @param rows who and when, as in lesions.csv; NULL: the scans' own dates
 */
BFL_API BFL_MUST_USE bfl_status bfl_report_ct(const bfl_ct *ct, const bfl_ct_rows *rows, bfl_sink sink, bfl_error *err);

/**
 * A page that shows both scans, the change and the findings with NiiVue (niivue.umd.js, which has to lie beside it), and the script
 * with the volumes that it loads, viewer-data.js. BFL_ENOTFOUND when the scans were not compared.
 */
BFL_API BFL_MUST_USE bfl_status bfl_report_ct_viewer(const bfl_ct *ct, bfl_sink sink, bfl_error *err);
BFL_API BFL_MUST_USE bfl_status bfl_report_ct_viewer_data(const bfl_ct *ct, bfl_sink sink, bfl_error *err);

/** How a study is presented. Set struct_size = sizeof(bfl_presentation). */
typedef struct bfl_presentation {
    size_t struct_size;
    const char *name; /**< of the study, in headings and below each figure; NULL or "" when it has none */
} bfl_presentation;

/** A figure of a study as one SVG document. */
typedef struct bfl_figure {
    const char *id;    /**< "waterfall", "survival-pfs": letters, digits and '-', fit for a file name */
    const char *title; /**< one line */
    bfl_text svg;
} bfl_figure;

/** The figures of a study in the order of its report. Immutable, owns everything it points to. */
typedef struct bfl_figures {
    const bfl_figure *items;
    size_t count;
} bfl_figures;

/**
 * Draws every figure of a study: waterfall, spider, swimmer, cumulative incidence, marker courses by group, survival, landmark,
 * forest, courses of single patients. A figure with nothing to draw says so. docs/figures.md explains how to read each.
 * @param rulebook the limits drawn as lines
 * @param presentation NULL for none
 * @param[out] out released with bfl_figures_free(); untouched on failure
 * @return BFL_OK, BFL_EINVAL, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_figures_draw(const bfl_cohort *cohort, const bfl_rulebook *rulebook,
                                                 const bfl_presentation *presentation, bfl_figures **out,
                                                 bfl_error *err);
BFL_API void bfl_figures_free(bfl_figures *figures);

typedef enum bfl_figure_format { BFL_FIGURE_SVG, BFL_FIGURE_PNG, BFL_FIGURE_PDF, BFL_FIGURE_FORMATS } bfl_figure_format;
/** "svg", "png", "pdf". */
BFL_API const char *bfl_figure_format_word(bfl_figure_format format);
/**
 * One figure in a format. SVG is the same on every machine; PNG (2 pixels to the unit) and PDF (vectors) are drawn by librsvg with
 * the fonts of this one, and the same at every call.
 * @return BFL_OK, BFL_EINVAL, BFL_ENOTSUP (librsvg is not installed), BFL_ENOMEM, BFL_EIO
 */
BFL_API BFL_MUST_USE bfl_status bfl_figure_write(const bfl_figure *figure, bfl_figure_format format, bfl_sink sink,
                                                 bfl_error *err);

/** One HTML document of a study: its figures and tables, what could not be done, and what is wrong in its data. */
BFL_API BFL_MUST_USE bfl_status bfl_report_cohort_html(const bfl_cohort *cohort, const bfl_rulebook *rulebook,
                                                       const bfl_presentation *presentation, bfl_sink sink,
                                                       bfl_error *err);

#ifdef __cplusplus
}
#endif
#endif
