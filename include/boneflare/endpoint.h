/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file endpoint.h
 * Endpoints of one patient from the visits of any response criterion: best responses, durations, progression-free survival.
 * Every rule that papers leave open is a named policy (rulebook/endpoint, docs/endpoints.md).
 *
 * Threads: pure functions on the caller's own objects; a rulebook and a record may be shared.
 */
#ifndef BONEFLARE_ENDPOINT_H
#define BONEFLARE_ENDPOINT_H

#include <boneflare/criteria.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The policies, in the order in which they are listed. Their rule is "endpoint.policy." and the name. */
typedef enum bfl_policy {
    BFL_POLICY_STABLE_MINIMUM_DAYS,
    BFL_POLICY_CONFIRMATION_MINIMUM_DAYS,
    BFL_POLICY_CONFIRMATION_MAXIMUM_DAYS,
    BFL_POLICY_CONFIRMATION_NE,
    BFL_POLICY_CONFIRMATION_SD,
    BFL_POLICY_CR_THEN_PR,
    BFL_POLICY_PR_CR_PR,
    BFL_POLICY_STICKY_PR,
    BFL_POLICY_PDU_LAST,
    BFL_POLICY_EARLY_SCAN,
    BFL_POLICY_EARLY_SCAN_DAYS,
    BFL_POLICY_VISIT_INTERVAL_DAYS,
    BFL_POLICY_VISIT_WINDOW_DAYS,
    BFL_POLICY_MISSING_VISITS,
    BFL_POLICY_MISSED_PROGRESSION,
    BFL_POLICY_MISSED_LIMIT,
    BFL_POLICY_NEW_THERAPY,
    BFL_POLICY_NEW_THERAPY_LOCAL,
    BFL_POLICY_RESPONSE_BASIS,
    BFL_POLICY_CLINICAL_BENEFIT_DAYS,
    BFL_POLICY_DURATION,
    BFL_POLICY_COUNT
} bfl_policy;

/** "cr_then_pr"; "" for a value that is no policy. Static text. */
BFL_API const char *bfl_policy_name(bfl_policy policy);
/** Its rule: title, text with the meaning of each choice, source, default. NULL for a value that is no policy. */
BFL_API const bfl_rule *bfl_policy_rule(const bfl_rulebook *rulebook, bfl_policy policy);
/** The i-th word it takes ("pd"); NULL past the end, and for a policy that takes a number. */
BFL_API const char *bfl_policy_choice(bfl_policy policy, size_t index);
/** The word that means "no limit" for a policy that takes a number ("none", "any"), else "". */
BFL_API const char *bfl_policy_unlimited(bfl_policy policy);

/** What to derive. Fill with bfl_endpoint_options_init(), then change what differs. */
typedef struct bfl_endpoint_options {
    size_t struct_size;
    const char *criterion;              /**< id in the registry of criteria; NULL = "recist11" */
    int32_t policies[BFL_POLICY_COUNT]; /**< a number (negative = no limit) or the index of a choice */
} bfl_endpoint_options;

/**
 * The defaults of the rulebook, its overlay included.
 * @param[out] out untouched on failure
 * @return BFL_OK, BFL_EPARSE (an overlay gives a policy a value it does not take)
 */
BFL_API BFL_MUST_USE bfl_status bfl_endpoint_options_init(const bfl_rulebook *rulebook, bfl_endpoint_options *out,
                                                          bfl_error *err);
/**
 * Sets one policy from text: "cr_then_pr=pr", "confirmation_maximum_days=84", "confirmation_ne=any".
 * @return BFL_OK, BFL_ENOTFOUND (no such policy), BFL_EPARSE (a value it does not take; the message lists what it takes);
 * options are then untouched
 */
BFL_API BFL_MUST_USE bfl_status bfl_endpoint_options_set(bfl_endpoint_options *options, bfl_text name_and_value,
                                                         bfl_error *err);
/** Writes "cr_then_pr=pr"; returns the length. 64 bytes always suffice. */
BFL_API size_t bfl_endpoint_options_format(const bfl_endpoint_options *options, bfl_policy policy, char *buffer,
                                           size_t size);

/** The endpoints, in the order of bfl_endpoints.items. */
typedef enum bfl_endpoint_kind {
    BFL_ENDPOINT_BEST,          /**< best overall response, as recorded */
    BFL_ENDPOINT_CONFIRMED,     /**< best overall response with confirmation */
    BFL_ENDPOINT_RESPONSE,      /**< objective response */
    BFL_ENDPOINT_BENEFIT,       /**< clinical benefit */
    BFL_ENDPOINT_CONTROL,       /**< disease control */
    BFL_ENDPOINT_RESPONSE_TIME, /**< duration of response */
    BFL_ENDPOINT_STABLE_TIME,   /**< duration of stable disease */
    BFL_ENDPOINT_TO_RESPONSE,   /**< time to response */
    BFL_ENDPOINT_PFS,           /**< progression-free survival */
    BFL_ENDPOINT_TTP,           /**< time to progression */
    BFL_ENDPOINT_OS,            /**< overall survival */
    BFL_ENDPOINT_COUNT
} bfl_endpoint_kind;

typedef enum bfl_endpoint_state {
    BFL_ENDPOINT_NOT_DERIVED, /**< does not apply (duration of response of a non-responder), or nothing to derive it from */
    BFL_ENDPOINT_VALUE,       /**< a response, or yes or no */
    BFL_ENDPOINT_EVENT,
    BFL_ENDPOINT_CENSORED
} bfl_endpoint_state;
/** "not derived", "value", "event", "censored". */
BFL_API const char *bfl_endpoint_state_word(bfl_endpoint_state state);

typedef struct bfl_endpoint {
    const char *id;   /**< "bor", "cbor", "or", "cb", "dc", "dor", "dsd", "ttr", "pfs", "ttp", "os" */
    const char *name; /**< "Best overall response" */
    bfl_endpoint_state state;
    const char *value;     /**< "PR", "Y", "N", the number of days as text; "" when not derived */
    bfl_response response; /**< of the two best responses; NONE otherwise */
    int32_t start, day;    /**< day it counts from; day of the value, event or censoring; meaningful when has_day */
    bool has_day;
    int32_t days; /**< duration, counted as the policy `duration` says; of times only */
    const char
        *cause; /**< "progression", "death", "new therapy", "last assessment", "no assessment", "last contact", ... */
    const bfl_reason *reasons;
    size_t reason_count;
} bfl_endpoint;

/** One visit as the policies read it. */
typedef struct bfl_endpoint_visit {
    int32_t day;
    bfl_response recorded, read; /**< by the criterion; after the policies */
    bool missed;                 /**< a planned assessment that was not done (policy missing_visits) */
} bfl_endpoint_visit;

/** Endpoints of one patient under one criterion and one set of policies. Immutable. */
typedef struct bfl_endpoints {
    const char *criterion, *criterion_name;
    bfl_endpoint_options options;
    bfl_endpoint items[BFL_ENDPOINT_COUNT];
    const bfl_endpoint_visit *visits; /**< after the baseline, up to a new therapy */
    size_t visit_count;
    const bfl_reason *readings; /**< what policies changed in the visits */
    size_t reading_count;
} bfl_endpoints;

/** Best overall responses by RECIST 1.1 under the rulebook's default policies, beside each other. */
typedef struct bfl_best_responses {
    bfl_response overall;    /**< without confirmation, literal reading */
    bfl_response confirmed;  /**< with confirmation */
    bfl_response flare_note; /**< best overall under the note on flare */
    bfl_response soft_tissue;
    const bfl_reason *reasons;
    size_t reason_count;
} bfl_best_responses;

/**
 * Reads the lesions of one record by a criterion and derives the endpoints.
 * @param record borrowed: must outlive the endpoints, like the rulebook and options->criterion
 * @param options NULL for the defaults
 * @param[out] out released with bfl_endpoints_free(); untouched on failure
 * @return BFL_OK, BFL_EINVAL, BFL_ENOTFOUND (no such criterion), BFL_EPARSE (as bfl_endpoint_options_init()), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_endpoints_derive(const bfl_record *record, const bfl_rulebook *rulebook,
                                                     const bfl_endpoint_options *options, bfl_endpoints **out,
                                                     bfl_error *err);
BFL_API void bfl_endpoints_free(bfl_endpoints *endpoints);

#ifdef __cplusplus
}
#endif
#endif
