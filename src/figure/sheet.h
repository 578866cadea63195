/* SPDX-License-Identifier: Apache-2.0 */
/* A sheet: one figure with its heading, legend, axes and notes, drawn from the top downwards. */
#ifndef BFL_FIGURE_SHEET_H
#define BFL_FIGURE_SHEET_H

#include "figure/svg.h"

enum { BFL_SHEET_WIDTH = 760, BFL_SHEET_MARGIN = 14 };                               /* px */
enum { BFL_TYPE = 12, BFL_TYPE_SMALL = 11, BFL_TYPE_TITLE = 16, BFL_TYPE_TINY = 9 }; /* px, as in figure.css */

/* Colours that colour-blind readers tell apart (Okabe and Ito). Each has its own dash, mark and hatch. */
typedef enum bfl_look {
    BFL_LOOK_INK,
    BFL_LOOK_BLUE,
    BFL_LOOK_RED,
    BFL_LOOK_GREEN,
    BFL_LOOK_PURPLE,
    BFL_LOOK_OCHRE,
    BFL_LOOK_SKY,
    BFL_LOOK_GREY
} bfl_look;
enum { BFL_LOOKS = BFL_LOOK_GREY + 1 };
/* The i-th of a series, beginning again after the last. */
bfl_look bfl_look_of(size_t index);
bfl_mark bfl_look_mark(bfl_look look);
/* "line c1 d1": the kind of element, with the colour and dash of the look. */
const char *bfl_look_class(bfl_arena *arena, const char *kind, bfl_look look);
/* A bar in the look's colour with its hatch. */
void bfl_look_bar(bfl_arena *arena, bfl_buf *out, bfl_look look, double x, double y, double width, double height,
                  const char *title);

/* One entry of a legend. */
typedef enum bfl_key_kind {
    BFL_KEY_LINE,
    BFL_KEY_BAR,
    BFL_KEY_MARK,
    BFL_KEY_LINE_MARK,
    BFL_KEY_OPEN_MARK
} bfl_key_kind;
typedef struct bfl_key {
    bfl_key_kind kind;
    bfl_look look;
    bfl_mark mark; /* of kinds with a mark */
    const char *name;
} bfl_key;
/* A mark in the look's colour: filled, with a rim of paper where it is large enough for one, or open. */
void bfl_look_mark_at(bfl_arena *arena, bfl_buf *out, const bfl_key *key, double x, double y, double size,
                      const char *title);

/* What stands above a figure, and what is read out in its place. Texts that do not apply are "". */
typedef struct bfl_caption {
    const char *id;          /* begins the ids in a document: letters, digits, '-' */
    const char *title;       /* one line or more; wrapped */
    const char *subtitle;    /* wrapped */
    const char *description; /* the figure in words */
    const char *note;        /* below the figure, wrapped; lines of its own are kept */
} bfl_caption;

typedef struct bfl_sheet {
    bfl_arena *arena;
    const char *id, *title, *subtitle, *description;
    bfl_buf head, body;
    double width;
    double head_bottom; /* a document that has a heading of its own leaves out what is above */
    double y;           /* where the next part begins */
} bfl_sheet;

/* A sheet with its title and subtitle. */
bfl_sheet *bfl_sheet_begin(bfl_arena *arena, const bfl_caption *caption) __attribute__((returns_nonnull));
/* The notes; then the sheet is whole. */
void bfl_sheet_end(bfl_sheet *sheet, const bfl_caption *caption);
/* In the place of a drawing: why there is none. */
void bfl_sheet_nothing(bfl_sheet *sheet, const char *why);

/* Legend: side by side, in as many rows as they need; a name too long for a row is wrapped. */
void bfl_sheet_legend(bfl_sheet *sheet, const bfl_key *keys, size_t count);
/* The same, of the entries that are used only: used[i] for keys[i]. */
void bfl_sheet_legend_used(bfl_sheet *sheet, const bfl_key *keys, const bool *used, size_t count);
/* The sample of an entry, 22 px wide, with its middle at (x + 11, y). */
void bfl_sheet_key(bfl_sheet *sheet, const bfl_key *key, double x, double y);

/* The field in which values are drawn. */
typedef struct bfl_panel {
    double left, right, top, bottom;
    bfl_axis x, y;
} bfl_panel;
/* Horizontal lines with their values at the left, and the name of the axis above. `suffix` follows each value (" %"). */
void bfl_panel_y_axis(bfl_sheet *sheet, const bfl_panel *panel, const bfl_ticks *ticks, const char *suffix,
                      const char *name);
/* The line at the bottom, its ticks with their values in units, and the name of the axis below: "name (unit)". */
void bfl_panel_time_axis(bfl_sheet *sheet, const bfl_panel *panel, const bfl_ticks *ticks, bfl_time_unit unit,
                         const char *name);
/* A dashed line across with its value at the right. */
void bfl_panel_reference(bfl_sheet *sheet, const bfl_panel *panel, double value, const char *name);

/* A row of counts below an axis. */
typedef struct bfl_count_row {
    const char *name;
    const bfl_key *key;     /* of the curve it belongs to; NULL: of none */
    const uint64_t *counts; /* one for each tick */
} bfl_count_row;
/* Counts below their ticks ("Number at risk"), where they do not run into each other. */
void bfl_sheet_counts(bfl_sheet *sheet, const bfl_panel *panel, const bfl_ticks *ticks, const char *heading,
                      const bfl_count_row *rows, size_t count);
/* Room that the names of these rows want at the left, at most `most`. */
double bfl_counts_left(const bfl_count_row *rows, size_t count, double most);

/* The whole sheet as an SVG element. `alone`: a document of its own, with heading, style sheet and paper; else for a page that
 * has palette and figure style, and a heading. */
void bfl_sheet_write(const bfl_sheet *sheet, bfl_buf *out, bool alone);

#endif
