/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file base.h
 * Values every other header uses: status and error, text views, exact decimals, civil dates, byte sinks.
 *
 * Threads: every function here is pure or works on the caller's own objects, and may be called from any thread.
 */
#ifndef BONEFLARE_BASE_H
#define BONEFLARE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define BFL_API __attribute__((visibility("default")))
#define BFL_MUST_USE __attribute__((warn_unused_result))
#define BFL_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define BFL_API
#define BFL_MUST_USE
#define BFL_PRINTF(fmt, first)
#endif

/** What a call returns. "Not evaluable", "undetermined" and dirty data are results, never a status. */
typedef enum bfl_status {
    BFL_OK = 0,
    BFL_EINVAL = 1,    /**< an argument breaks the function's contract */
    BFL_ENOMEM = 2,    /**< an allocation failed; outputs are untouched and nothing leaks */
    BFL_EIO = 3,       /**< the operating system refused to read or write */
    BFL_EPARSE = 4,    /**< the bytes are not in the format asked for */
    BFL_ELIMIT = 5,    /**< a limit (bytes, rows, depth) would be exceeded */
    BFL_ENOTSUP = 6,   /**< recognised, and not supported */
    BFL_ENOTFOUND = 7, /**< no such rule, patient, file */
    BFL_EEXIST = 8     /**< would overwrite something that is there */
} bfl_status;

/** Short lower-case name of a status ("ok", "out of memory"). Static text. */
BFL_API const char *bfl_status_name(bfl_status status);

/** Details of a failure. Owned by the caller, may be on the stack, needs no clean-up; every function takes NULL. */
typedef struct bfl_error {
    bfl_status status;
    uint32_t line;     /**< 1-based line or row in `where`; 0 when it does not apply */
    uint32_t column;   /**< 1-based column; 0 when it does not apply */
    char where[160];   /**< file or argument, NUL-terminated */
    char message[352]; /**< what was found, what was expected, NUL-terminated, one line */
} bfl_error;

/** Text that is not owned. Text that a record, rulebook or result points to is also NUL-terminated. */
typedef struct bfl_text {
    const char *data;
    size_t size;
} bfl_text;

/** View of a NUL-terminated string; NULL gives the empty text. */
BFL_API bfl_text bfl_text_of(const char *z);
/** Byte-wise equality. */
BFL_API bool bfl_text_equal(bfl_text a, bfl_text b);
/** Equality, ASCII letters compared without case. */
BFL_API bool bfl_text_equal_nocase(bfl_text a, bfl_text b);
/** Is it valid UTF-8 (no overlong forms, no surrogates)? If not, *bad (may be NULL) is the offset of the first bad byte. */
BFL_API bool bfl_utf8_valid(bfl_text text, size_t *bad);

/**
 * An exact decimal: mantissa * 10^exponent. |mantissa| < 10^18, -18 <= exponent <= 18.
 * Measured values keep the digits they were written with, so a sum of diameters at exactly +20 % compares as equal.
 */
typedef struct bfl_decimal {
    int64_t mantissa;
    int32_t exponent;
} bfl_decimal;

/** A decimal that may be missing. Missing is never 0 and never NaN. */
typedef struct bfl_maybe {
    bfl_decimal value; /**< meaningful only when `present` */
    bool present;
} bfl_maybe;

/**
 * Parses `[+-]digits[.digits][e[+-]digits]`, ASCII only, no spaces, no grouping; a decimal comma is BFL_EPARSE.
 * @param[out] out untouched on failure
 * @return BFL_OK, BFL_EPARSE, BFL_ELIMIT (more than 18 significant digits, or an exponent out of range)
 */
BFL_API BFL_MUST_USE bfl_status bfl_decimal_parse(bfl_text text, bfl_decimal *out, bfl_error *err);
/** -1, 0 or 1. Exact for every pair. */
BFL_API int bfl_decimal_compare(bfl_decimal a, bfl_decimal b);
/** a + b, rounded half away from zero to 18 significant digits (and 18 decimal places) when the exact sum needs more;
 * beyond the largest decimal it stays at the largest. */
BFL_API bfl_decimal bfl_decimal_add(bfl_decimal a, bfl_decimal b);
/** a - b, rounded as bfl_decimal_add(). */
BFL_API bfl_decimal bfl_decimal_subtract(bfl_decimal a, bfl_decimal b);
/** a * b, rounded as bfl_decimal_add(). */
BFL_API bfl_decimal bfl_decimal_multiply(bfl_decimal a, bfl_decimal b);
/** a / b rounded half away from zero to `places` decimal places (0..9); b must not be zero (zero gives zero). */
BFL_API bfl_decimal bfl_decimal_divide(bfl_decimal a, bfl_decimal b, int places);
/** Rounded half away from zero to `places` decimal places (0..9). */
BFL_API bfl_decimal bfl_decimal_round(bfl_decimal a, int places);
/** Nearest double, for plots and logarithms only: decisions compare decimals. */
BFL_API double bfl_decimal_double(bfl_decimal a);
/** Whole number as a decimal. */
BFL_API bfl_decimal bfl_decimal_of(int64_t whole);
/** Writes the decimal in plain notation, trailing zeros as written; returns the length, truncates to size-1. 48 bytes always suffice. */
BFL_API size_t bfl_decimal_format(bfl_decimal a, char *buffer, size_t size);

/** How much of a date is known. */
typedef enum bfl_precision {
    BFL_DATE_NONE = 0, /**< no date */
    BFL_DATE_YEAR,     /**< 2019 */
    BFL_DATE_MONTH,    /**< 2019-04 */
    BFL_DATE_DAY,      /**< 2019-04-04 */
    BFL_DATE_RELATIVE  /**< d41: days from therapy start; d56..d90: a range of such days */
} bfl_precision;

/** A date as far as it is known: the first and the last civil day it can mean. */
typedef struct bfl_date {
    int32_t first; /**< civil days since 1970-01-01 (proleptic Gregorian), or days from day 0 when RELATIVE */
    int32_t last;  /**< = first when the day is known */
    bfl_precision precision;
} bfl_date;

/**
 * Parses `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `dN`, `d-N`, `dN..dM` (years 1800..2200, |N| <= 40000). Nothing else: 04/05/2019
 * and 2019.04.05 are BFL_EPARSE with a message that says how to write it.
 */
BFL_API BFL_MUST_USE bfl_status bfl_date_parse(bfl_text text, bfl_date *out, bfl_error *err);
/** Writes a date as it would be read; returns the length. 32 bytes always suffice. */
BFL_API size_t bfl_date_format(bfl_date date, char *buffer, size_t size);
/** Civil day of year, month 1..12, day 1..31 (not checked); days since 1970-01-01. */
BFL_API int32_t bfl_civil_day(int32_t year, int32_t month, int32_t day);
/** Inverse of bfl_civil_day(). */
BFL_API void bfl_civil_from_day(int32_t civil, int32_t *year, int32_t *month, int32_t *day);

/** Where input comes from. `read` gives up to `size` bytes: how many, 0 at the end, -1 when they cannot be read. */
typedef struct bfl_intake {
    ptrdiff_t (*read)(void *context, char *data, size_t size);
    void *context;
} bfl_intake;

/** Where output goes. `write` returns false to stop; the writer then returns BFL_EIO. */
typedef struct bfl_sink {
    bool (*write)(void *context, const char *data, size_t size);
    void *context;
} bfl_sink;

/**
 * Ordered parallel work. Items are pulled one after the other by next(), worked on by up to `threads` threads, and handed to
 * emit() in the order in which they were pulled: same items in, same calls of emit(), whatever the number of threads. next()
 * and emit() run on the calling thread; work() on any, once an item at most, never two at a time on one slot.
 */
typedef struct bfl_pipeline {
    void *context;    /**< passed to every call; work() may only read it */
    size_t slot_size; /**< bytes of a slot: zeroed at first, then as the item before left it, so it may keep buffers */
    uint32_t threads; /**< 0 = as many as there are processors; 1 = only the calling thread */
    /** Fills the slot and sets *more; leaves *more false when nothing is left. */
    bfl_status (*next)(void *context, void *slot, bool *more, bfl_error *err);
    bfl_status (*work)(void *context, void *slot, bfl_error *err);
    bfl_status (*emit)(void *context, void *slot, bfl_error *err);
    /** Called for each slot at the end, also for one never used (still zeroed). NULL = nothing to release. */
    void (*release)(void *context, void *slot);
} bfl_pipeline;

/** Runs until next() has no more. The first failure in the order of the items stops the run, after all items before it were
 * emitted, and is returned: the same at any number of threads. BFL_ENOMEM when there is no memory for the slots. */
BFL_API BFL_MUST_USE bfl_status bfl_pipeline_run(const bfl_pipeline *plan, bfl_error *err);

/** Processors that are online, at least 1. */
BFL_API uint32_t bfl_processors(void);

/** Version of the library, "0.1.0". */
BFL_API const char *bfl_version(void);

#ifdef __cplusplus
}
#endif
#endif
