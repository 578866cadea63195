/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file rules.h
 * The rulebook: every threshold, window, likelihood ratio and sentence, with its source and how it is known.
 *
 * A rulebook is immutable after bfl_rulebook_open() and may be shared by threads.
 */
#ifndef BONEFLARE_RULES_H
#define BONEFLARE_RULES_H

#include <boneflare/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a rule is known. */
typedef enum bfl_known {
    BFL_KNOWN_PUBLISHED, /**< a paper, with n/N or an interval */
    BFL_KNOWN_STANDARD,  /**< a criteria document or a label */
    BFL_KNOWN_EXPERT,    /**< an assumption of the project, with its reason */
    BFL_KNOWN_RECALLED   /**< from a source that was not opened */
} bfl_known;

/** "published", "standard", "expert", "recalled". */
BFL_API const char *bfl_known_word(bfl_known known);

/** A published source. */
typedef struct bfl_citation {
    const char *key;  /**< "chao2009" */
    const char *text; /**< authors, title or short description, journal, year, pages */
    const char *url;  /**< https://doi.org/... or "" */
    const char *seen; /**< "full", "abstract", "secondary", "not opened" */
} bfl_citation;

/** One named value of a rule. */
typedef struct bfl_parameter {
    const char *key; /**< "decrease_percent"; ends in its unit */
    bool numeric;    /**< number holds the value; else text does */
    bfl_decimal number;
    const char *text; /**< as written, numbers too */
} bfl_parameter;

typedef struct bfl_rule {
    const char *id;       /**< "recist11.target.pr"; unique, lower case, dots */
    const char *standard; /**< "recist" */
    const char *version;  /**< "1.1" */
    const char *title;    /**< what it decides, one line */
    const char *text;     /**< the sentence shown to a reader */
    bfl_known known;
    const char *reason;         /**< why, for expert rules; the n/N for published ones; "" otherwise */
    const char *const *sources; /**< citation keys */
    size_t source_count;
    const bfl_parameter *parameters;
    size_t parameter_count;
    bool overridden; /**< by the overlay, with another value */
} bfl_rule;

typedef struct bfl_rulebook bfl_rulebook;

/**
 * Opens the built-in rulebook, with an overlay when `overlay_json` is not empty:
 * {"rule.id": {"parameter": 25, ...}, ...}. Only existing parameters may be set, numbers with numbers.
 * @param[out] out owned by the caller, released with bfl_rulebook_free()
 * @return BFL_OK, BFL_EPARSE (not JSON, wrong shape), BFL_ENOTFOUND (unknown rule or parameter), BFL_ENOTSUP (a rule compiled
 * into the tables of units and drugs), BFL_EINVAL, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_rulebook_open(bfl_text overlay_json, bfl_rulebook **out, bfl_error *err);
/**
 * The same with the overlay read from a file, at most 1 MiB; errors name the file.
 * @param path NULL for no overlay
 * @return what bfl_rulebook_open() returns, or BFL_ENOTFOUND, BFL_EIO (a folder too), BFL_ELIMIT
 */
BFL_API BFL_MUST_USE bfl_status bfl_rulebook_open_file(const char *path, bfl_rulebook **out, bfl_error *err);
BFL_API void bfl_rulebook_free(bfl_rulebook *rulebook);

/** Version of the built-in rulebook, "2026.11". */
BFL_API const char *bfl_rulebook_version(const bfl_rulebook *rulebook);
/** SHA-256 over the canonical text of all rules, citations and terms, overlay included: 64 hex digits. */
BFL_API const char *bfl_rulebook_sha256(const bfl_rulebook *rulebook);
BFL_API size_t bfl_rulebook_count(const bfl_rulebook *rulebook);
/** The i-th rule in id order; NULL past the end. */
BFL_API const bfl_rule *bfl_rulebook_at(const bfl_rulebook *rulebook, size_t index);
/** By id; NULL when there is none. */
BFL_API const bfl_rule *bfl_rulebook_find(const bfl_rulebook *rulebook, const char *id);
/** A rule's parameter by key; NULL when there is none. */
BFL_API const bfl_parameter *bfl_rule_parameter(const bfl_rule *rule, const char *key);
BFL_API size_t bfl_citation_count(void);
BFL_API const bfl_citation *bfl_citation_at(size_t index);
BFL_API const bfl_citation *bfl_citation_find(const char *key);

#ifdef __cplusplus
}
#endif
#endif
