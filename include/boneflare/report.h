/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file report.h
 * Results as text, JSON (docs/json.md) and one self-contained HTML file.
 */
#ifndef BONEFLARE_REPORT_H
#define BONEFLARE_REPORT_H

#include <boneflare/assess.h>
#include <boneflare/format.h>

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
/** One HTML document for one or several patients. */
BFL_API BFL_MUST_USE bfl_status bfl_report_html(const bfl_assessment *const *assessments, size_t count,
                                                const bfl_report_options *options, bfl_sink sink, bfl_error *err);

#ifdef __cplusplus
}
#endif
#endif
