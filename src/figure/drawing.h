/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of figures. Each takes plain numbers, finite and in days or percent, and gives a whole sheet. Texts may be foreign:
 * they are measured, cut and escaped. Pointers are read during the call only, except those of the caption.
 */
#ifndef BFL_FIGURE_DRAWING_H
#define BFL_FIGURE_DRAWING_H

#include "figure/sheet.h"

/* A value that a line is drawn at, and what it stands for. */
typedef struct bfl_reference {
    double value;
    const char *name;
} bfl_reference;

/* ---- waterfall: one bar a patient, the largest first ---- */

typedef struct bfl_bar {
    const char *name;
    double value;
    size_t category; /* index of a key */
    bool flagged;    /* has the mark below its bar */
} bfl_bar;
typedef struct bfl_waterfall {
    const bfl_bar *bars;
    size_t count;
    const bfl_key *keys; /* of the categories */
    size_t key_count;
    const bfl_key *flag; /* what the mark below a bar means; NULL: none */
    const bfl_reference *references;
    size_t reference_count;
    const char *axis, *nothing;
} bfl_waterfall;
/* Bars above +100 are cut there, and named in a note. */
bfl_sheet *bfl_waterfall_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_waterfall *data);

/* ---- swimmer: one lane a patient, the longest first ---- */

typedef struct bfl_lane_part {
    double from, to;
    size_t key;
} bfl_lane_part;
typedef struct bfl_lane_event {
    double at;
    size_t key;
} bfl_lane_event;
typedef struct bfl_lane {
    const char *name;
    const bfl_lane_part *parts;
    size_t part_count;
    const bfl_lane_event *events;
    size_t event_count;
    double end;    /* the lane is followed until here */
    bool going_on; /* an arrow at the end */
} bfl_lane;
typedef struct bfl_swimmer {
    const bfl_lane *lanes;
    size_t count;
    const bfl_key *parts; /* keys of bars */
    size_t part_count;
    const bfl_key *events; /* keys of marks */
    size_t event_count;
    const char *going_on; /* what the arrow means */
    const char *axis, *nothing;
} bfl_swimmer;
bfl_sheet *bfl_swimmer_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_swimmer *data);

/* ---- spider: one line a patient ---- */

typedef struct bfl_strand {
    const char *name;
    const double *x, *y; /* days, percent; by day */
    size_t count;
    size_t key;
    bool strong; /* drawn last; thicker where there are not too many of them */
} bfl_strand;
typedef struct bfl_spider {
    const bfl_strand *strands;
    size_t count;
    const bfl_key *keys;
    size_t key_count;
    const bfl_reference *references;
    size_t reference_count;
    const char *x_axis, *y_axis, *nothing;
} bfl_spider;
/* Values above a limit that holds most of them are drawn at it, and their strands named in a note. */
bfl_sheet *bfl_spider_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_spider *data);

/* ---- curves: Kaplan-Meier, which falls from 1, and cumulative incidence, which rises from 0 ---- */

typedef struct bfl_curve_step {
    double time, value;
    bool banded; /* low and high are there */
    double low, high;
    bool censored; /* a tick */
} bfl_curve_step;
typedef struct bfl_curve {
    const char *name; /* "flare (n 14, 9 events)" */
    bfl_look look;
    const bfl_curve_step *steps; /* by time; the curve keeps a value until the next step */
    size_t count;
    bool has_median;
    double median; /* a line down to the axis */
} bfl_curve;
typedef struct bfl_curves {
    const bfl_curve *curves;
    size_t count;
    bool rising;
    const double *ticks; /* days of the axis and of the counts, from 0 */
    size_t tick_count;
    const bfl_count_row *at_risk;
    size_t at_risk_count;
    const char *const *results; /* lines of text below the legend: tests */
    size_t result_count;
    const char *x_axis, *y_axis, *nothing;
} bfl_curves;
bfl_sheet *bfl_curves_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_curves *data);

/* ---- courses: groups over planned times, middle and spread ---- */

typedef struct bfl_course_time {
    size_t n;
    bool present;
    double middle, low, high; /* median and quartiles */
} bfl_course_time;
typedef struct bfl_course_line {
    const char *name;
    bfl_look look;
    const bfl_course_time *times; /* one for each day */
} bfl_course_line;
typedef struct bfl_courses {
    const bfl_course_line *lines;
    size_t count;
    const double *days;
    size_t day_count;
    const bfl_reference *reference; /* NULL: none */
    const char *x_axis, *y_axis, *suffix, *nothing;
} bfl_courses;
/* A logarithmic axis when the values span more than six times. */
bfl_sheet *bfl_courses_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_courses *data);

/* ---- panels: one small drawing a patient, all on the same scales ---- */

typedef struct bfl_small_event {
    double at;
    size_t key;
} bfl_small_event;
typedef struct bfl_small {
    const char *name, *words; /* patient; what is said of it */
    const double *x, *y;
    size_t count;
    bfl_look look;
    const bfl_small_event *events;
    size_t event_count;
} bfl_small;
typedef struct bfl_panels {
    const bfl_small *smalls;
    size_t count;
    const bfl_key *lines; /* what the looks of the lines mean */
    size_t line_count;
    const bfl_key *events; /* keys of marks */
    size_t event_count;
    double reference;
    double first_day, last_day, least, most; /* of the scales: the same on every sheet of a study */
    const char *x_axis, *y_axis, *suffix, *nothing;
} bfl_panels;
bfl_sheet *bfl_panels_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_panels *data);

/* ---- forest: ratios with their intervals on a logarithmic axis ---- */

typedef struct bfl_forest_row {
    const char *label;
    bool indented, total; /* a level of a variable; everybody: a diamond */
    const char *counts[2];
    bool present;
    double ratio, low, high, weight; /* > 0; the square's area goes with the weight */
    const char *text;                /* "0.62 (0.40 to 0.95)", or why there is none */
    const char *p;
} bfl_forest_row;
typedef struct bfl_forest {
    const bfl_forest_row *rows;
    size_t count;
    const char *label_head, *counts_head[2], *text_head, *p_head;
    const char *axis, *less, *more; /* below the axis, at the sides of 1 */
    const char *nothing;
} bfl_forest;
bfl_sheet *bfl_forest_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_forest *data);

#endif
