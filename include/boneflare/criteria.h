/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file criteria.h
 * Every response criterion evaluated side by side, a verdict per visit, and grades of laboratory values.
 */
#ifndef BONEFLARE_CRITERIA_H
#define BONEFLARE_CRITERIA_H

#include <boneflare/reason.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_response {
    BFL_RESPONSE_NONE = 0, /**< the criterion says nothing here (baseline, nothing of its kind) */
    BFL_RESPONSE_CR,
    BFL_RESPONSE_PR,
    BFL_RESPONSE_SD,
    BFL_RESPONSE_NON_CR_NON_PD,
    BFL_RESPONSE_PD,
    BFL_RESPONSE_NE,
    BFL_RESPONSE_PD_UNCONFIRMED /**< progression that the criterion asks to confirm, not yet confirmed (iUPD, PDu) */
} bfl_response;

/** "CR", "PR", "SD", "non-CR/non-PD", "PD", "NE", "PDu"; "-" for none. */
BFL_API const char *bfl_response_word(bfl_response response);

typedef enum bfl_new_lesions { BFL_NEW_NONE, BFL_NEW_EQUIVOCAL, BFL_NEW_UNEQUIVOCAL } bfl_new_lesions;
/** "none", "equivocal", "unequivocal". */
BFL_API const char *bfl_new_lesions_word(bfl_new_lesions value);

/** RECIST 1.1 at one visit. */
typedef struct bfl_recist_visit {
    int32_t day;       /**< day of the visit (its last imaging study) */
    int32_t first_day; /**< of its first imaging study */
    bool baseline;
    bfl_response target, nontarget;
    bfl_new_lesions new_lesions;
    bfl_response overall; /**< as read, literally */
    bfl_response
        overall_flare_note;   /**< with the note that a new bone lesion may be healing or flare of an existing one */
    bfl_response soft_tissue; /**< bone lesions left out altogether */
    bfl_maybe sum_mm;         /**< missing when a target cannot be measured */
    bfl_maybe nadir_mm;       /**< smallest earlier sum, baseline included */
    bfl_maybe change_percent; /**< from baseline, one decimal */
    bfl_maybe nadir_change_percent;
    const bfl_reason *reasons;
    size_t reason_count;
} bfl_recist_visit;

/** One visit of any criterion in the registry. */
typedef struct bfl_criterion_visit {
    int32_t day;
    bfl_response response; /**< in the terms that all criteria share */
    const char *word;      /**< the criterion's own word ("iUPD", "PMR"); NULL: that of bfl_response_word() */
    const bfl_reason *reasons;
    size_t reason_count;
    bool without_targets; /**< read without target lesions: what is controlled, and no CR, is non-CR/non-PD, not SD */
} bfl_criterion_visit;

/** The criterion's own word for what it says at the visit. */
BFL_API const char *bfl_criterion_word(const bfl_criterion_visit *visit);

/** A criterion of the registry ("recist11", "irecist", "pcwg3_bone" ...), and what it said. */
typedef struct bfl_criterion_result {
    const char *id, *name;
    const bfl_criterion_visit *visits; /**< the same visits, in the same order, for every criterion */
    size_t visit_count;
    bfl_response best;     /**< by the criterion's own table; NONE where it has none (RECIST 1.1: see endpoint.h) */
    const char *best_word; /**< in its own word; NULL: that of bfl_response_word() */
} bfl_criterion_result;

/** A laboratory value graded by CTCAE. */
typedef struct bfl_grade {
    const bfl_analyte *analyte;
    const char *term; /**< "Alkaline phosphatase increased" */
    int32_t day;
    int grade;              /**< 0..4 */
    bool baseline_abnormal; /**< which branch was used */
    bfl_maybe multiple;     /**< of the upper (or lower) limit, or of baseline, as the branch says; 2 decimals */
    bfl_reason reason;
} bfl_grade;

typedef enum bfl_liver_pattern {
    BFL_LIVER_NONE,
    BFL_LIVER_HEPATOCELLULAR,
    BFL_LIVER_MIXED,
    BFL_LIVER_CHOLESTATIC,
    BFL_LIVER_UNKNOWN
} bfl_liver_pattern;
/** "none", "hepatocellular", "mixed", "cholestatic", "unknown". */
BFL_API const char *bfl_liver_pattern_word(bfl_liver_pattern value);

/** Liver injury at one day that has an ALT or AST. Bilirubin may be that of another day near it (said so in the reasons). */
typedef struct bfl_liver_day {
    int32_t day;
    bfl_maybe alt_x_uln, ast_x_uln, alp_x_uln, bilirubin_x_uln, ggt_x_uln; /**< 2 decimals */
    bfl_maybe r_value;                                                     /**< (ALT/ULN)/(ALP/ULN) */
    bfl_maybe r_without_bone; /**< with the bone share of ALP taken out, where isozymes are known */
    bfl_liver_pattern
        pattern; /**< from r_without_bone when there is one, else from r_value; UNKNOWN without ALP or when bone is a likely
                    source of it */
    bool entry; /**< reaches a threshold of drug-induced liver injury */
    bool hys_law;
    bool assumed_range; /**< a usual range stood in for a missing one; said so in the reasons */
    const bfl_reason *reasons;
    size_t reason_count;
} bfl_liver_day;

/** Everything criteria say about one patient. */
typedef struct bfl_criteria {
    const bfl_recist_visit *visits;
    size_t visit_count;
    bool measurable; /**< measurable disease at baseline */
    bool
        soft_tissue_stands; /**< soft_tissue of each visit is what was said on its last day: no later study changes it */
    const bfl_criterion_result *criteria;
    size_t criterion_count;
    const bfl_grade *grades;
    size_t grade_count; /**< grade >= 1 only, by day then analyte */
    const bfl_liver_day *liver;
    size_t liver_count;
    const bfl_reason *conflicts;
    size_t conflict_count; /**< "RECIST says PD, MDA says PR" */
    const bfl_issue *issues;
    size_t issue_count; /**< e.g. a target that is not measurable, a sixth target */
} bfl_criteria;

#ifdef __cplusplus
}
#endif
#endif
