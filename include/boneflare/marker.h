/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file marker.h
 * Serum markers over time: multiples of their own range, change beyond noise, the shape of a course, the causes of an ALP rise.
 */
#ifndef BONEFLARE_MARKER_H
#define BONEFLARE_MARKER_H

#include <boneflare/reason.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_shape {
    BFL_SHAPE_UNKNOWN, /**< one value, or none usable */
    BFL_SHAPE_STABLE,
    BFL_SHAPE_FALLING,
    BFL_SHAPE_RISING,
    BFL_SHAPE_RISE_THEN_FALL,
    BFL_SHAPE_FALL_THEN_RISE
} bfl_shape;
/** "unknown", "stable", "falling", "rising", "rise_then_fall", "fall_then_rise". */
BFL_API const char *bfl_shape_word(bfl_shape shape);

/** One value of a course. */
typedef struct bfl_marker_point {
    int32_t day;
    bfl_decimal value; /**< canonical unit */
    bfl_comparator comparator;
    bfl_maybe x_uln; /**< multiple of its own upper limit, 2 decimals */
    bool below_range, above_range;
    bool derived;        /**< computed (isozyme activity, corrected calcium, salivary amylase) */
    bfl_event_ref event; /**< the row it comes from (the total's row for a derived value) */
} bfl_marker_point;

typedef enum bfl_noise { BFL_NOISE_UNKNOWN, BFL_NOISE_WITHIN, BFL_NOISE_UP, BFL_NOISE_DOWN } bfl_noise;
/** "unknown", "within", "up", "down". */
BFL_API const char *bfl_noise_word(bfl_noise noise);

/** The course of one analyte. */
typedef struct bfl_marker {
    const bfl_analyte *analyte;
    const bfl_marker_point *points;
    size_t point_count;     /**< by day, one a day */
    int32_t baseline_index; /**< index of the last point at or before day 0 (else the first point); -1 without points */
    bfl_maybe last_x_uln;
    bfl_maybe change_percent;      /**< last against baseline, one decimal */
    bfl_maybe last_change_percent; /**< last against the one before */
    bfl_maybe rcv_up_percent,
        rcv_down_percent;   /**< reference change value at 95 %, one decimal; both positive: up 28.3 %, down 22.1 % */
    bfl_noise beyond_noise; /**< last against baseline */
    bfl_noise last_beyond_noise; /**< last against the one before */
    bfl_shape shape;
    bfl_maybe onset_day, peak_day,
        return_day; /**< of a rise: first day beyond noise, day of the highest, first day back */
    bool own;       /**< this patient's own tumour marker: abnormal at baseline and made by the tumour */
    const bfl_reason *reasons;
    size_t reason_count;
    const char *said; /**< the last word of the course where a row gives no number ("falling"), "" otherwise */
} bfl_marker;

/** A cause of an ALP rise. Causes may coexist; support is ranked, not exclusive. */
typedef struct bfl_alp_cause {
    const char
        *id; /**< "bone_healing", "bone_progression", "hepatocellular", "cholestatic", "liver_metastasis", "paget",
                            "fracture", "tumour_isozyme", "sepsis", "drug" */
    const char *name;
    bfl_decimal
        support;  /**< 0..1, 2 decimals: weight for / (weight for + weight against + a constant of the rulebook) */
    bool present; /**< support reaches the rulebook's bar */
    const bfl_reason *reasons_for;
    size_t for_count;
    const bfl_reason *reasons_against;
    size_t against_count;
} bfl_alp_cause;

/** Everything the serum says. */
typedef struct bfl_markers {
    const bfl_marker *courses;
    size_t course_count; /**< in analyte-id order; derived courses included */
    const bfl_alp_cause *causes;
    size_t cause_count; /**< present ones first, by support; empty when ALP never rose */
    bool alp_raised; /**< above its range, or up beyond noise from baseline, at the last value or within the window */
    bool alp_bone;   /**< bone origin shown (isozyme, BALP, or normal GGT with a raised ALP) */
    const bfl_issue *issues;
    size_t issue_count;
} bfl_markers;

/** Course of an analyte by id; NULL when there is none. */
BFL_API const bfl_marker *bfl_markers_find(const bfl_markers *markers, const char *analyte_id);

/** Shapes that are compared by their probability, on the logarithm of the values. */
typedef enum bfl_form {
    BFL_FORM_STABLE,    /**< one level and noise */
    BFL_FORM_FALL,      /**< exponential fall from some day on */
    BFL_FORM_RISE,      /**< rise from some day on, to a new level or still going on */
    BFL_FORM_RISE_FALL, /**< rise, peak, fall back to the baseline or below */
    BFL_FORM_STEP,      /**< a step between two values, as a change of method makes */
    BFL_FORM_COUNT
} bfl_form;
/** "stable", "fall", "rise", "rise_then_fall", "step". */
BFL_API const char *bfl_form_word(bfl_form form);

/** The probabilities of the shapes of one course, and what they say of the next value. Values in the canonical unit. */
typedef struct bfl_form_fit {
    bool fitted;                             /**< at least two values above 0, one of them no bound */
    size_t value_count, bound_count;         /**< values used, bounds (<, >) among them */
    double probability[BFL_FORM_COUNT];      /**< sum to 1 */
    double log_marginal[BFL_FORM_COUNT];     /**< natural logarithm of the marginal likelihood of the log values */
    bfl_form best;                           /**< the most probable */
    bool named;                              /**< probable enough to be called by its name (rule marker.form.next) */
    bool has_days;                           /**< of a rise (onset), a rise then fall (all three), a step (onset) */
    int32_t onset_day, peak_day, return_day; /**< expected days under the best shape */
    int32_t next_day;                        /**< day that the forecast is for */
    double next, next_low, next_high;        /**< median and interval, over all shapes */
    bool has_below, has_above;
    double below, above; /**< a value below (above) it would make another shape the most probable */
    const bfl_rule *rule;
} bfl_form_fit;

/**
 * Compares the shapes of one course (rules marker.form.*). Takes some fifty microseconds: done only when asked for.
 * @param record the record that the markers were assessed from
 * @param[out] out untouched on failure; `fitted` is false when there is too little to compare
 * @return BFL_OK, BFL_EINVAL, BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_marker_compare(const bfl_record *record, const bfl_rulebook *rulebook,
                                                   const bfl_marker *marker, bfl_form_fit *out, bfl_error *err);

#ifdef __cplusplus
}
#endif
#endif
