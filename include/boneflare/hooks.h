/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file hooks.h
 * CDS Hooks 2.0.1 without a server: the body of one request in, the body of one response and its HTTP status out. The FHIR
 * resources come as prefetch, and nothing is fetched (docs/hooks.md).
 *
 * Same request, same rulebook, same date, same bytes out: a card's uuid is made of the hookInstance and what the card is about.
 */
#ifndef BONEFLARE_HOOKS_H
#define BONEFLARE_HOOKS_H

#include <boneflare/report.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Answers requests, one at a time, and keeps its memory from one to the next. One for each thread. */
typedef struct bfl_hooks bfl_hooks;

/** Options. Set struct_size = sizeof(bfl_hooks_options); a zero or NULL member means the default. */
typedef struct bfl_hooks_options {
    size_t struct_size;
    size_t body_bytes; /**< a longer body is 413; default 64 MiB */
    const char
        *page_url; /**< absolute https or http URL of a page about this service, in each card's source; default none.
                               It is the same for every patient. Borrowed. */
} bfl_hooks_options;

/** What is answered. Texts live until the next call on the same bfl_hooks. */
typedef struct bfl_hooks_response {
    int http_status; /**< 200, 400, 404, 412, 413 */
    bfl_text body;   /**< JSON: {"services":...}, {"cards":...}, or an OperationOutcome when http_status is not 200; ""
                          after feedback that was taken */
    size_t card_count;
} bfl_hooks_response;

/**
 * Makes one.
 * @param rulebook borrowed, may be shared
 * @param options NULL for the defaults
 * @param[out] out released with bfl_hooks_free()
 * @return BFL_OK, BFL_EINVAL (page_url is no URL), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_hooks_open(const bfl_rulebook *rulebook, const bfl_hooks_options *options,
                                               bfl_hooks **out, bfl_error *err);
/** Releases it with every response; NULL is allowed. */
BFL_API void bfl_hooks_free(bfl_hooks *hooks);

/** The discovery document, what GET {base}/cds-services returns. */
BFL_API BFL_MUST_USE bfl_status bfl_hooks_discovery(bfl_hooks *hooks, bfl_hooks_response *out, bfl_error *err);

/** One call of a service. Set struct_size = sizeof(bfl_hooks_request). */
typedef struct bfl_hooks_request {
    size_t struct_size;
    const char *service; /**< the {id} of POST {base}/cds-services/{id}, decoded */
    bfl_text body;
    bool has_as_of; /**< the day of the assessment is given; false: the day of the last fact sent */
    bfl_date
        as_of; /**< today, as a civil day; not used for data that count days of therapy instead of dates. A request with
                         the extension "example.boneflare.as-of" asks for a day of its own */
} bfl_hooks_request;

/**
 * Answers one call. A bad request is no failure: it has an HTTP status and an OperationOutcome that says what is wrong.
 *   200 cards, also none; 400 the body is not what CDS Hooks says; 404 no such service; 412 the prefetch does not hold what is
 *   needed; 413 too long
 * @return BFL_OK, BFL_EINVAL, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_hooks_call(bfl_hooks *hooks, const bfl_hooks_request *request,
                                               bfl_hooks_response *out, bfl_error *err);

/** What became of one card. Texts are "" when not stated. */
typedef struct bfl_hooks_feedback {
    const char *card;               /**< its uuid */
    bool accepted;                  /**< false: overridden */
    const char *const *suggestions; /**< uuids of those accepted */
    size_t suggestion_count;        /**< at least 1 when accepted */
    const char *reason_code, *reason_system, *reason_display;
    const char *comment; /**< what a person wrote: may hold anything */
    const char *when;    /**< RFC 3339, as sent */
} bfl_hooks_feedback;

/** The feedback of one request. Lives until the next call on the same bfl_hooks. */
typedef struct bfl_hooks_feedbacks {
    const bfl_hooks_feedback *items;
    size_t count;
} bfl_hooks_feedbacks;

/**
 * Reads the body of POST {base}/cds-services/{id}/feedback. `out` has the HTTP status: 200 and `feedbacks` filled in, or 400,
 * 404, 413 with an OperationOutcome and no feedback: all of a body is taken, or nothing.
 * @return BFL_OK, BFL_EINVAL, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_hooks_feedback_read(bfl_hooks *hooks, const bfl_hooks_request *request,
                                                        bfl_hooks_feedbacks *feedbacks, bfl_hooks_response *out,
                                                        bfl_error *err);

#ifdef __cplusplus
}
#endif
#endif
