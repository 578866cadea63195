/* SPDX-License-Identifier: Apache-2.0 */
/*
 * figure: the drawing room. Numbers in, SVG as text out; no patients.
 *
 *   scale.c    values to positions, ticks
 *   label.c    widths of texts, labels that keep clear of each other
 *   element.c  lines, rectangles, texts, marks
 */
#ifndef BFL_FIGURE_FIGURE_H
#define BFL_FIGURE_FIGURE_H

#include "base/base.h"

/* A mapping of values to positions. `from` < `to`; a log axis needs from > 0. at_from and at_to may run either way. */
typedef struct bfl_axis {
    double from, to;
    double at_from, at_to;
    bool log;
} bfl_axis;

/* Position of a value; values outside are placed at the nearer end. */
double bfl_axis_at(const bfl_axis *axis, double value);

typedef BFL_LIST(double) bfl_ticks;
/* Round values (1, 2, 5 times a power of ten) within [from, to], about `want` of them. */
bfl_ticks bfl_ticks_linear(bfl_arena *arena, double from, double to, int want);
/* 1, 2, 5 in every decade within [from, to]; only the decades when that would be more than `most`. */
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

/* Width of a text in a sans-serif face at `size` px, on the safe side. */
double bfl_svg_text_width(const char *z, double size);
/* The text cut to `width` with an ellipsis when it is longer. */
const char *bfl_svg_fit(bfl_arena *arena, const char *z, double size, double width);

typedef enum bfl_anchor { BFL_ANCHOR_START, BFL_ANCHOR_MIDDLE, BFL_ANCHOR_END } bfl_anchor;
typedef enum bfl_mark {
    BFL_MARK_DOT,
    BFL_MARK_SQUARE,
    BFL_MARK_DIAMOND,
    BFL_MARK_UP,
    BFL_MARK_DOWN,
    BFL_MARK_CROSS
} bfl_mark;
enum { BFL_MARK_COUNT = BFL_MARK_CROSS + 1 };

/* Every element takes a class of the page's style sheet; text is escaped. `title` may be NULL: what a pointer shows. */
void bfl_svg_line(bfl_buf *out, const char *class_name, double x1, double y1, double x2, double y2);
void bfl_svg_rect(bfl_buf *out, const char *class_name, double x, double y, double width, double height, double round,
                  const char *title);
void bfl_svg_text(bfl_buf *out, const char *class_name, bfl_anchor anchor, double x, double y, const char *z);
void bfl_svg_mark(bfl_buf *out, const char *class_name, bfl_mark mark, double x, double y, double size,
                  const char *title);
/* A line through points, broken where `gap[i]` is set (before point i); gap may be NULL. */
void bfl_svg_path(bfl_buf *out, const char *class_name, const double *x, const double *y, const bool *gap,
                  size_t count);
/* A coordinate: one decimal. */
void bfl_svg_number(bfl_buf *out, double value);

#endif
