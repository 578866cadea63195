/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file assess.h
 * One patient's record in, a reasoned verdict out.
 */
#ifndef BONEFLARE_ASSESS_H
#define BONEFLARE_ASSESS_H

#include <boneflare/endpoint.h>
#include <boneflare/workup.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Options. Set struct_size = sizeof(bfl_assess_options). */
typedef struct bfl_assess_options {
    size_t struct_size;
    bool has_as_of; /**< false: everything in the record */
    bfl_date as_of; /**< civil (needs a record with a calendar) or RELATIVE; a partial date means its last day */
} bfl_assess_options;

/** Everything known about one patient on one date. Immutable; shares nothing with other assessments but record and rulebook. */
typedef struct bfl_assessment {
    const bfl_record *record; /**< as known on that date: later events are not in it */
    const bfl_rulebook *rulebook;
    int32_t as_of; /**< day */
    const bfl_criteria *criteria;
    const bfl_best_responses *best;
    const bfl_markers *markers;
    const bfl_verdict *verdict;
    const bfl_workup *workup;
    const bfl_issue *issues;
    size_t issue_count; /**< the record's, then what the assessment noticed */
} bfl_assessment;

/**
 * Assesses one record.
 * @param record borrowed: must outlive the assessment, like the rulebook
 * @param options NULL for the defaults
 * @param[out] out released with bfl_assessment_free()
 * @return BFL_OK, BFL_EINVAL (a calendar date for a record without one), BFL_EPARSE (an overlay gives a policy of
 * the endpoints a value it does not take), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_assess(const bfl_record *record, const bfl_rulebook *rulebook,
                                           const bfl_assess_options *options, bfl_assessment **out, bfl_error *err);
BFL_API void bfl_assessment_free(bfl_assessment *assessment);

#ifdef __cplusplus
}
#endif
#endif
