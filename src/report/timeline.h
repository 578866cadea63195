/* SPDX-License-Identifier: Apache-2.0 */
/* timeline: one drawing over one time scale. timeline.c lays out the rows, rows.c draws therapy and events, plots.c the curves. */
#ifndef BFL_REPORT_TIMELINE_H
#define BFL_REPORT_TIMELINE_H

#include "report/page.h"
#include "figure/figure.h"

enum { TIMELINE_TEXT = 13, TIMELINE_SMALL = 12 }; /* px, as in page.css */

typedef struct bfl_timeline {
    bfl_page *page;
    bfl_arena *arena;
    const bfl_record *record;
    bfl_buf body;              /* what lies above grid and shading */
    bfl_folded_axis x;         /* days */
    int32_t from, to;          /* days drawn */
    double width, left, right; /* row names end at left; curves end at right, their names begin there */
    double y;                  /* where the next row begins */
    bool plain;                /* for the patient: fewer rows, plain names */
} bfl_timeline;

/* The drawing without its frame. */
typedef struct bfl_timeline_drawing {
    const char *body; /* elements of SVG, styled by page.css inside an element of class "timeline" */
    double width, height;
    const char *caption, *left_out; /* what its marks mean; what it does not show; "" for none */
} bfl_timeline_drawing;
/* False when nothing in the record has a date. */
bool bfl_timeline_draw(bfl_page *page, bfl_timeline_drawing *out);

double bfl_timeline_x(const bfl_timeline *t, int32_t day);
/* Is the day inside the drawing? */
bool bfl_timeline_shows(const bfl_timeline *t, int32_t day);
/* The name of a row, at its left. */
void bfl_timeline_name(bfl_timeline *t, const char *name, double y);
/* A second, quiet line under the name. */
void bfl_timeline_subname(bfl_timeline *t, const char *name, double y);

/* rows.c: each draws at t->y and moves it down; nothing when there is nothing to show. */
void bfl_timeline_therapies(bfl_timeline *t);
void bfl_timeline_events(bfl_timeline *t);
void bfl_timeline_readings(bfl_timeline *t);
/* plots.c */
void bfl_timeline_sums(bfl_timeline *t);
void bfl_timeline_courses(bfl_timeline *t);
void bfl_timeline_chances(bfl_timeline *t);

#endif
