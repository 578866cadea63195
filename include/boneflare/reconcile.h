/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file reconcile.h
 * Responses derived from the lesions of a study against the responses that were collected with it (SDTM RS), and readers of the
 * collected responses against each other.
 *
 * Threads: pure functions on the caller's own objects; a rulebook and a study may be shared.
 */
#ifndef BONEFLARE_RECONCILE_H
#define BONEFLARE_RECONCILE_H

#include <boneflare/criteria.h>
#include <boneflare/format.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is compared. */
typedef enum bfl_reconciled {
    BFL_RECONCILED_TARGET,
    BFL_RECONCILED_NONTARGET,
    BFL_RECONCILED_NEW,
    BFL_RECONCILED_OVERALL,
    BFL_RECONCILED_BEST,
    BFL_RECONCILED_COUNT
} bfl_reconciled;
/** "target", "non-target", "new lesion", "overall", "best response"; "" for any other value. */
BFL_API const char *bfl_reconciled_word(bfl_reconciled what);

/** Why a collected and a derived response are listed. */
typedef enum bfl_disagreement_kind {
    BFL_DISAGREEMENT_DIFFERS,       /**< the two say different things */
    BFL_DISAGREEMENT_TERM,          /**< what was collected is no response ("CHECK") */
    BFL_DISAGREEMENT_NO_VISIT,      /**< collected on a day without lesions of this reader: nothing to derive it from */
    BFL_DISAGREEMENT_NOT_COLLECTED, /**< derived, and not collected although other visits of the patient are */
    BFL_DISAGREEMENT_TWICE          /**< collected twice at this visit, differently */
} bfl_disagreement_kind;
/** "differs", "unknown term", "no visit", "not collected", "twice"; "" for any other value. */
BFL_API const char *bfl_disagreement_word(bfl_disagreement_kind kind);

/** One disagreement. Texts live as long as the reconciliation. */
typedef struct bfl_disagreement {
    const char *patient;
    bfl_disagreement_kind kind;
    bfl_reconciled what;
    const char *criterion;           /**< id of the registry of criteria, "recist11" */
    const char *date;                /**< "2014-02-12" or "day 41", "" for the best response */
    const char *collected, *derived; /**< "PR"; "" when there is none */
    bfl_source source;               /**< of the collected response; file "" when there is none */
    const bfl_rule *rule;            /**< the rule behind the derived response; NULL when nothing was derived */
    const char *finding;             /**< what it found, "sum 81 -> 32 mm, -60.5 %"; "" */
    const char *lesions;             /**< behind it, "T01 (tr.csv:3); T02 (tr.csv:5)"; "" */
} bfl_disagreement;

/** How two readers of the same responses agree: counts[i * category_count + j] visits are i by the first and j by the second. */
typedef struct bfl_concordance {
    const char *first, *second; /**< "INVESTIGATOR", "INDEPENDENT ASSESSOR, RADIOLOGIST 1", "derived" */
    const char *what;           /**< "RECIST 1.1 OVRLRESP" */
    const char *const *categories;
    size_t category_count;
    const uint64_t *counts;
    uint64_t pairs, agreed;
    uint64_t only_first, only_second;    /**< visits that only one of the two has */
    bool has_kappa;                      /**< false: chance alone would agree always, or there is no pair */
    double kappa, kappa_low, kappa_high; /**< Cohen's, unweighted, 95 % interval (Fleiss, Cohen and Everitt 1969) */
    const char *kappa_text[3];           /**< the three with 3 decimal places, in any locale */
} bfl_concordance;

/** How many collected responses of a kind were compared with a derived one, and how many are the same. */
typedef struct bfl_reconciled_count {
    uint64_t compared, same;
} bfl_reconciled_count;

/** Immutable. */
typedef struct bfl_reconciliation {
    const char *reader;                    /**< whose lesions and responses: "INVESTIGATOR", "the accepted records" */
    const bfl_disagreement *disagreements; /**< by patient, day, what */
    size_t disagreement_count;
    bfl_reconciled_count counts[BFL_RECONCILED_COUNT];
    const bfl_concordance *concordances; /**< the reader against what was derived, then readers against each other */
    size_t concordance_count;
    size_t patients;        /**< of the study */
    size_t without_lesions; /**< with collected responses and no lesions of this reader: nothing was compared */
    size_t not_compared;    /**< responses of tests or categories that nothing is derived for */
} bfl_reconciliation;

/**
 * Derives every response from the lesions of the study and compares.
 * @param study borrowed: must outlive the reconciliation, like the rulebook. Its evaluator is that it was read with
 *        (bfl_study_read_as()); only collected responses of that evaluator are compared with what is derived
 * @param[out] out released with bfl_reconciliation_free(); untouched on failure
 * @return BFL_OK, BFL_EINVAL, BFL_EPARSE (an overlay gives a policy of the endpoints a value it does not take), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_reconcile(const bfl_study *study, const bfl_rulebook *rulebook,
                                              bfl_reconciliation **out, bfl_error *err);
/** Releases it; NULL is allowed. */
BFL_API void bfl_reconciliation_free(bfl_reconciliation *reconciliation);

#ifdef __cplusplus
}
#endif
#endif
