/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file evaluate.h
 * Verdicts against the truth: how often and by how much boneflare and the criteria it is compared with are right, on records whose
 * truth is known. docs/evaluation.md says what is counted and how; the definitions are rules "evaluate.*".
 *
 * No number in a result is NaN or infinite: what cannot be computed is not present.
 */
#ifndef BONEFLARE_EVALUATE_H
#define BONEFLARE_EVALUATE_H

#include <boneflare/assess.h>
#include <boneflare/format.h>

#ifdef __cplusplus
extern "C" {
#endif

/* clang-format off */
/** The methods that are compared: X(SUFFIX, "word"). Each is a rule "evaluate.method.<word>". */
#define BFL_EVAL_METHODS(X) \
    X(BONEFLARE, "boneflare") X(RECIST, "recist11") X(IRECIST, "irecist") X(PCWG3, "pcwg3") X(MDA, "mda2004") \
    X(ALP, "alp_jung") X(WAIT, "always_wait") X(CONTINUE, "always_continue")
/* clang-format on */
#define BFL_ENUM_EVAL_METHOD(name, word) BFL_EVAL_##name,
typedef enum bfl_eval_method { BFL_EVAL_METHODS(BFL_ENUM_EVAL_METHOD) BFL_EVAL_METHOD_COUNT } bfl_eval_method;
/** Its word. Static text. */
BFL_API const char *bfl_eval_method_word(bfl_eval_method method);

/** What a method says on a day. */
typedef enum bfl_eval_call { BFL_CALL_KEEP, BFL_CALL_WAIT, BFL_CALL_STOP } bfl_eval_call;
/** "keep", "wait", "stop". */
BFL_API const char *bfl_eval_call_word(bfl_eval_call call);

/** The truth about one patient. */
typedef struct bfl_eval_truth {
    const char *patient;
    const char *class_id; /**< of the therapy; "" = that of the record */
    bool known;           /**< false: the patient is counted and left out */
    bool has_days;        /**< true: the days below; false: only `progression`, on the day of the question */
    bool progression;     /**< bone had progressed */
    int32_t progression_day, outside_day; /**< first true progression in bone, outside it; INT32_MAX: never */
} bfl_eval_truth;

/** Options. Set struct_size = sizeof(bfl_eval_options); zero members mean the default. */
typedef struct bfl_eval_options {
    size_t struct_size;
    uint64_t seed;      /**< of the bootstrap; default 0, a seed like any other */
    uint32_t threads;   /**< 0 = as many as there are processors. The result is the same for any */
    bool question_only; /**< judge the days of questions only: no days lost, no time to the right answer */
    bool ablation;      /**< measure again without each group of evidence */
    void (*progress)(void *context, size_t done, size_t total); /**< on the calling thread; NULL allowed */
    void *progress_context;
} bfl_eval_options;

/** A number with its interval; `present` is false when it cannot be computed. The interval may be missing on its own. */
typedef struct bfl_eval_number {
    double value, low, high;
    bool present, has_interval;
} bfl_eval_number;

/** One method at the questions of one group of patients. */
typedef struct bfl_eval_result {
    uint64_t stop_ill, keep_ill, wait_ill;              /**< bone had progressed */
    uint64_t stop_well, keep_well, wait_well;           /**< it had not */
    bfl_eval_number wrong;                              /**< wrong decisions: (keep_ill + wait_ill + stop_well) / all */
    bfl_eval_number abstention;                         /**< waits / all */
    bfl_eval_number sensitivity, specificity, ppv, npv; /**< of progression, among the calls that decide */
    bfl_eval_number days_lost, days_missed;             /**< mean over all patients of the group with days */
    bfl_eval_number
        right_soon[2]; /**< patients with the right answer to the first question before [0] and after [1] true
                                        progression within the days of rule evaluate.right */
    bfl_eval_number days_to_right[2]; /**< median from that question (Kaplan-Meier); missing: not reached */
} bfl_eval_result;

/** One group of patients: all, a drug class, a window of time. */
typedef struct bfl_eval_group {
    const char *by, *name;            /**< "all" "all"; "class" "egfr_tki_1"; "window" "up to day 56" */
    uint64_t patients;                /**< with a known truth */
    uint64_t asked;                   /**< of them with a question in this group */
    uint64_t questions, progressions; /**< questions; those at which bone had truly progressed */
    bfl_eval_result results[BFL_EVAL_METHOD_COUNT];
    bfl_eval_number auc, brier, slope, intercept; /**< of boneflare's probability of progression */
} bfl_eval_group;

/** One bin of the reliability table. */
typedef struct bfl_eval_bin {
    double from, to;
    uint64_t count, progressions;
    double expected;          /**< mean probability; 0 when empty */
    bfl_eval_number observed; /**< share that had progressed */
} bfl_eval_bin;

/** One threshold of the decision curve: net benefit per question of stopping at this probability of progression. */
typedef struct bfl_eval_threshold {
    double probability;
    double boneflare, stop_all, stop_none;
    double methods[BFL_EVAL_METHOD_COUNT]; /**< the methods as they call, waiting counted as keeping */
} bfl_eval_threshold;

/** The questions judged again without one group of evidence. */
typedef struct bfl_eval_ablation {
    const char *group; /**< "matrix"; the first is "" : nothing left out */
    bfl_eval_number wrong, abstention, brier, auc;
} bfl_eval_ablation;

/** A definition that the numbers rest on: a rule "evaluate.*". */
typedef struct bfl_eval_definition {
    const char *id, *title, *text;
} bfl_eval_definition;

/** Immutable; needs neither the records nor the truths it was made of. */
typedef struct bfl_evaluation {
    size_t patients; /**< all that were given */
    size_t without_truth, without_question,
        outside; /**< left out: not known; never asked; PD outside bone at the time */
    uint64_t seed;
    const char *rulebook_version, *rulebook_sha256;
    const bfl_eval_group *groups;
    size_t group_count; /**< all first, then classes by name, then windows */
    const bfl_eval_bin *bins;
    size_t bin_count;
    const bfl_eval_threshold *curve;
    size_t curve_count;
    const bfl_eval_ablation *ablations;
    size_t ablation_count;
    const bfl_eval_definition *definitions;
    size_t definition_count;
    size_t uncalibrated; /**< questions at which boneflare saw none and gave no probability: counted as the lowest */
} bfl_evaluation;

/**
 * Measures. records[i] has the truth truths[i].
 * @param options NULL for the defaults
 * @param[out] out released with bfl_evaluation_free(); untouched on failure
 * @return BFL_OK, BFL_EINVAL, BFL_ENOMEM, and what bfl_assess() returns
 */
BFL_API BFL_MUST_USE bfl_status bfl_evaluate(const bfl_record *const *records, const bfl_eval_truth *truths,
                                             size_t count, const bfl_rulebook *rulebook,
                                             const bfl_eval_options *options, bfl_evaluation **out, bfl_error *err);
BFL_API void bfl_evaluation_free(bfl_evaluation *evaluation);

/** How to write an evaluation. */
typedef enum bfl_eval_format {
    BFL_EVAL_TEXT,
    BFL_EVAL_JSON,
    BFL_EVAL_CSV,
    BFL_EVAL_MARKDOWN,
    BFL_EVAL_RELIABILITY_SVG, /**< the reliability plot */
    BFL_EVAL_DECISION_SVG     /**< the decision curve */
} bfl_eval_format;
/**
 * Writes all of it. JSON is one object on one line, schema "boneflare.evaluation/1"; CSV a row a number.
 * @return BFL_OK, BFL_EINVAL, BFL_EIO, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_evaluation_write(const bfl_evaluation *evaluation, bfl_eval_format format,
                                                     bfl_sink sink, bfl_error *err);

/** The truths of a labelled set, by patient. */
typedef struct bfl_eval_labels bfl_eval_labels;
/**
 * Reads a table of truths (truth.csv): columns patient, class, progression_day, outside_day in any order; others are not read. An
 * empty day is one that never comes. Of several rows for a patient the first counts, and the days must agree.
 * @param[out] out released with bfl_eval_labels_free(); untouched on failure
 * @return BFL_OK, BFL_ENOTFOUND, BFL_EIO, BFL_ELIMIT, BFL_EPARSE (the message says line and column), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_eval_labels_read(const char *path, bfl_eval_labels **out, bfl_error *err);
BFL_API void bfl_eval_labels_free(bfl_eval_labels *labels);
/**
 * The truth of a record: from `labels` when they name its patient; else from the label of its patient table ("progression", "flare",
 * "none", "other", "liver_injury"; any other word is not known). `labels` may be NULL. Texts live as long as labels and record.
 */
BFL_API bfl_eval_truth bfl_eval_truth_of(const bfl_eval_labels *labels, const bfl_record *record);

#ifdef __cplusplus
}
#endif
#endif
