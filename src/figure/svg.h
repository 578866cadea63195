/* SPDX-License-Identifier: Apache-2.0 */
/* Scales, ticks, labels that keep clear of each other, and elements. */
#ifndef BFL_FIGURE_SVG_H
#define BFL_FIGURE_SVG_H

#include "base/base.h"

/* A mapping of values to positions. `from` < `to`; a log axis needs from > 0. at_from and at_to may run either way. */
typedef struct bfl_axis {
    double from, to;
    double at_from, at_to;
    bool log;
} bfl_axis;

/* Position of a value; values outside are placed at the nearer end. */
double bfl_axis_at(const bfl_axis *axis, double value);

/* A stretch of values in which nothing happens. */
typedef struct bfl_fold {
    double from, to;
} bfl_fold;
/* A linear axis that gives each fold only `fold_width`. Folds lie inside it, ascending, apart from each other. */
typedef struct bfl_folded_axis {
    bfl_axis axis;
    const bfl_fold *folds;
    size_t fold_count;
    double fold_width;
} bfl_folded_axis;
/* Position of a value; values outside are placed at the nearer end. */
double bfl_folded_at(const bfl_folded_axis *axis, double value);
/* How much of the axis is drawn at full length. */
double bfl_folded_span(const bfl_folded_axis *axis);

typedef BFL_LIST(double) bfl_ticks;
/* Round values (1, 2, 5 times a power of ten) within [from, to], about `want` of them. */
bfl_ticks bfl_ticks_linear(bfl_arena *arena, double from, double to, int want);
/* 1, 2, 5 in every decade within [from, to]; only the decades when that would be more than `most`, and values between when it
 * would be fewer than four. */
bfl_ticks bfl_ticks_log(bfl_arena *arena, double from, double to, size_t most);
/* Whole days at a step a clinic uses (week, 2, 4, 8, 12 weeks, half a year, a year), at most `most` of them, day 0 among them. */
bfl_ticks bfl_ticks_days(bfl_arena *arena, int32_t from, int32_t to, size_t most);

/* A text tied to a position. Give x, width and at; place() fills lane and left. */
typedef struct bfl_label {
    double at;    /* what it belongs to */
    double width; /* of its text */
    double left;  /* where its text begins */
    int lane;     /* 0 = nearest to the marks */
} bfl_label;
/* Gives every label (in order of `at`) a lane where it touches no other, inside [min, max], so that a line from each mark down to
 * its label runs through no other text. Returns the number of lanes. */
int bfl_labels_place(bfl_label *labels, size_t count, double min, double max, double gap);
/* Moves values (sorted ascending) apart so that neighbours are at least `gap` away, as little as a sweep allows, within [min, max]. */
void bfl_labels_spread(double *positions, size_t count, double gap, double min, double max);

/* Whole months or years where days would be long numbers. `unit`: days in one, and its name. */
typedef struct bfl_time_unit {
    const char *name; /* "days", "months", "years" */
    double days;
} bfl_time_unit;
/* Days up to 26 weeks, months (365.25 / 12 days) up to 10 years, then years. */
bfl_time_unit bfl_time_unit_for(double span_days);
/* The same, but days when one of the ticks is no whole month or year. */
bfl_time_unit bfl_time_unit_of(const double *ticks, size_t count, double span_days);
/* Ticks in days at whole units within [from, to], at most `most` of them, 0 among them. */
bfl_ticks bfl_ticks_time(bfl_arena *arena, double from, double to, size_t most, bfl_time_unit unit);
/* A number with as many decimals (0..3) as ticks `step` apart need. A true minus sign. */
const char *bfl_tick_text(bfl_arena *arena, double value, double step);

/* Width of a text in a sans-serif face at `size` px, on the safe side. */
double bfl_svg_text_width(const char *z, double size);
/* The text cut to `width` with an ellipsis when it is longer. */
const char *bfl_svg_fit(bfl_arena *arena, const char *z, double size, double width);

typedef BFL_LIST(const char *) bfl_lines;
/* The text in lines of at most `width`, broken between words, and inside a word that is too long. */
bfl_lines bfl_svg_wrap(bfl_arena *arena, const char *z, double size, double width);

typedef enum bfl_anchor { BFL_ANCHOR_START, BFL_ANCHOR_MIDDLE, BFL_ANCHOR_END } bfl_anchor;
typedef enum bfl_mark {
    BFL_MARK_DOT,
    BFL_MARK_SQUARE,
    BFL_MARK_DIAMOND,
    BFL_MARK_UP,
    BFL_MARK_DOWN,
    BFL_MARK_CROSS,
    BFL_MARK_STAR,
    BFL_MARK_RIGHT
} bfl_mark;
enum { BFL_MARK_COUNT = BFL_MARK_RIGHT + 1 };

/* Every element takes a class of the page's style sheet; text is escaped. `title` may be NULL: what a pointer shows. */
void bfl_svg_line(bfl_buf *out, const char *class_name, double x1, double y1, double x2, double y2);
void bfl_svg_rect(bfl_buf *out, const char *class_name, double x, double y, double width, double height, double round,
                  const char *title);
void bfl_svg_text(bfl_buf *out, const char *class_name, bfl_anchor anchor, double x, double y, const char *z);
/* Turned a quarter to the left: it runs upwards, and `anchor` END lets it end at the point. */
void bfl_svg_text_up(bfl_buf *out, const char *class_name, bfl_anchor anchor, double x, double y, const char *z);
void bfl_svg_mark(bfl_buf *out, const char *class_name, bfl_mark mark, double x, double y, double size,
                  const char *title);
/* A line through points, broken where `gap[i]` is set (before point i); gap may be NULL. */
void bfl_svg_path(bfl_buf *out, const char *class_name, const double *x, const double *y, const bool *gap,
                  size_t count);
/* A closed area. */
void bfl_svg_area(bfl_buf *out, const char *class_name, const double *x, const double *y, size_t count);
/* Slanting lines inside a rectangle, `step` apart; rising to the right, or falling. */
void bfl_svg_hatch(bfl_buf *out, const char *class_name, double x, double y, double width, double height, double step,
                   bool rising);
/* A coordinate: one decimal. */
void bfl_svg_number(bfl_buf *out, double value);

#endif
