/* SPDX-License-Identifier: Apache-2.0 */
/* marker, inside: a course while it is built, and the serum it belongs to. */
#ifndef BFL_MARKER_COURSE_H
#define BFL_MARKER_COURSE_H

#include "marker/marker.h"

/* The range a point is judged by, on the scale of the point. */
typedef struct bfl_value_range {
    bfl_maybe low, high;
} bfl_value_range;

/* A row that says the course as a word. */
typedef struct bfl_saying {
    int32_t day;
    bfl_lab_word word;
    uint32_t lab; /* index in the record */
} bfl_saying;

typedef struct bfl_course {
    const bfl_analyte *analyte;
    BFL_LIST(bfl_marker_point) points; /* by day, one a day */
    BFL_LIST(bfl_value_range) limits;  /* parallel to points */
    BFL_LIST(bfl_saying) sayings;      /* by day */
    const bfl_scale *scale;            /* of all points; NULL when not known */
    const uint32_t *rows;              /* of the laboratory, that were gathered, by day */
    size_t row_count;
    bfl_reason_list reasons;
    const bfl_variation *noise; /* set when it is settled */
    const struct bfl_walk
        *walks;        /* the walk that gives the shape, as it was at each point; NULL in lean serum built anew */
    int walked_from;   /* its first point */
    bfl_marker marker; /* what is published, filled by bfl_course_settle() and its successors */
} bfl_course;

typedef BFL_LIST(bfl_issue) bfl_marker_issues;

/* All courses of one patient. */
typedef struct bfl_serum {
    bfl_arena *arena;
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    BFL_LIST(bfl_course) courses; /* in analyte-id order once derived */
    bfl_marker_issues issues;
    bool lean; /* only what the verdict on the bone reads, and without the why */
} bfl_serum;

/* What bfl_markers_assess() gives, with the serum that it was read from. */
typedef struct bfl_assessed_serum {
    bfl_markers face; /* first: the pointer given out is the object's */
    bfl_serum serum;
} bfl_assessed_serum;

/* What a value is against its range. */
typedef enum bfl_level { BFL_LEVEL_UNKNOWN, BFL_LEVEL_LOW, BFL_LEVEL_NORMAL, BFL_LEVEL_HIGH } bfl_level;

/* ---- course.c: rows to points ---- */
void bfl_courses_gather(bfl_serum *serum);
/* Does the verdict on the bone read the analyte, or what is derived from it? */
bool bfl_analyte_read_by_verdict(const bfl_analyte *analyte);
/* The course of `count` laboratory rows of one analyte, by day. */
void bfl_course_build(bfl_serum *serum, const uint32_t *rows, size_t count);
bfl_course *bfl_course_find(const bfl_serum *serum, const char *analyte_id);
/* Appends a point judged by `limits`: sets its multiple and its place against the range. */
void bfl_course_add(bfl_serum *serum, bfl_course *course, const bfl_marker_point *point, const bfl_value_range *limits);
bfl_level bfl_course_level(const bfl_course *course, size_t index);
/* Adds a reason that rests on one laboratory row. */
void bfl_course_reason(bfl_serum *serum, bfl_course *course, bfl_rule_index rule, bfl_event_ref event,
                       const char *finding);

/* "ALP 952 IU/L on day 13", as written where a row holds the value. */
const char *bfl_point_text(const bfl_serum *serum, const bfl_course *course, const bfl_marker_point *point);

/* ---- range.c: which range and which scale ---- */
typedef struct bfl_row_range {
    bfl_value_range limits;
    bfl_rule_index rule; /* own, borrowed, usual or missing */
} bfl_row_range;
static inline bool bfl_has_range(const bfl_lab *lab) { return lab->ref_low.present || lab->ref_high.present; }
/* `rows` are the laboratory indices of one analyte, `lab` one of them: that of another row, or the usual one. */
bfl_row_range bfl_range_elsewhere(const bfl_serum *serum, const uint32_t *rows, size_t count, const bfl_lab *lab);
static inline bfl_row_range bfl_range_of(const bfl_serum *serum, const uint32_t *rows, size_t count,
                                         const bfl_lab *lab) {
    return bfl_has_range(lab) ? (bfl_row_range){{lab->ref_low, lab->ref_high}, BFL_RULE_MARKER_RANGE_OWN}
                              : bfl_range_elsewhere(serum, rows, count, lab);
}
/* Is a value without range and scale above the usual limit of every scale of its analyte? */
bool bfl_above_every_scale(const bfl_lab *lab);
/* Do the rows stand on more than one scale? */
bool bfl_scales_mixed(const bfl_record *record, const uint32_t *rows, size_t count);

/* ---- change.c: noise ---- */
/* `to` in per cent of `from`, against a limit in per cent: -1, 0 or 1. */
static inline int bfl_noise_against(const bfl_variation *noise, bfl_decimal to, bfl_decimal from, bfl_decimal percent) {
    return bfl_decimal_compare_products(to, noise->hundred_percent, from, percent);
}
/* Is `to` beyond noise against `from`? A bound decides only when it alone exceeds the reference change value. */
static inline bfl_noise bfl_noise_between(const bfl_variation *noise, const bfl_marker_point *from,
                                          const bfl_marker_point *to) {
    /* A rise is sure when the least `to` can be exceeds the most `from` can be; a fall the other way round. What is not higher has not
     * risen, and what is not lower has not fallen: the limits lie on either side of the value. */
    bool least_known = to->comparator != BFL_BELOW && from->comparator != BFL_ABOVE;
    bool most_known = to->comparator != BFL_ABOVE && from->comparator != BFL_BELOW;
    int order = bfl_decimal_compare(to->value, from->value);
    if (order > 0 && least_known && bfl_noise_against(noise, to->value, from->value, noise->highest_percent) > 0)
        return BFL_NOISE_UP;
    if (order < 0 && most_known && bfl_noise_against(noise, to->value, from->value, noise->lowest_percent) < 0)
        return BFL_NOISE_DOWN;
    return least_known && most_known ? BFL_NOISE_WITHIN : BFL_NOISE_UNKNOWN;
}
/* (to - from) / from in per cent, one decimal; missing for bounds and zero. */
bfl_maybe bfl_change_between(const bfl_marker_point *from, const bfl_marker_point *to);
/* Baseline, changes, shape and what was said. */
void bfl_course_settle(bfl_serum *serum, bfl_course *course);

/* Index of the last point up to day 0, else of the first; -1 without points. */
int32_t bfl_course_baseline(const bfl_course *course);

/* ---- shape.c ---- */
void bfl_course_shape(bfl_serum *serum, bfl_course *course);

/* ---- marker.c ---- */
/* Fills the courses and issues of `out`. */
void bfl_courses_publish(bfl_serum *serum, bfl_markers *out);

/* ---- derive.c: isozyme activities, salivary amylase, corrected calcium ---- */
void bfl_courses_derive(bfl_serum *serum);

/* ---- own.c ---- */
/* A tumour named in the patient table, treated, or found by pathology. */
bool bfl_tumour_known(const bfl_record *record);
void bfl_courses_mark_own(bfl_serum *serum);

/* ---- alp.c: the ALP rise and its causes; fills the ALP part of `out` ---- */
void bfl_alp_assess(bfl_serum *serum, bfl_markers *out);

#endif
