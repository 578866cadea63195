/* SPDX-License-Identifier: Apache-2.0 */
/* terminal: a page of monospaced cells. Widths are those of the characters (utf8proc), never of the bytes. */
#ifndef BFL_REPORT_TERMINAL_H
#define BFL_REPORT_TERMINAL_H

#include "base/base.h"

typedef enum bfl_style {
    BFL_STYLE_PLAIN,
    BFL_STYLE_BOLD,
    BFL_STYLE_DIM,
    BFL_STYLE_FLARE,       /* blue: healing */
    BFL_STYLE_PROGRESSION, /* yellow: the colour-blind reader's opposite of blue */
    BFL_STYLE_ALARM        /* white on red */
} bfl_style;

typedef struct bfl_term {
    bfl_buf *out;
    int columns;
    bool colour;
} bfl_term;

/* Cells that a text takes. It must be valid UTF-8 without control characters (bfl_plain_text). */
int bfl_term_width(const char *z);
/* One styled piece, without a line end. */
void bfl_term_put(bfl_term *term, bfl_style style, const char *z);
/* `z` wrapped at words to the page; the first line starts with `lead`, the others are indented by its width. Lines end with \n. */
void bfl_term_paragraph(bfl_term *term, bfl_style style, const char *lead, const char *z);
/* The same with a styled lead. */
void bfl_term_hanging(bfl_term *term, bfl_style lead_style, const char *lead, bfl_style style, const char *z);
/* "WHY" and a blank line above. */
void bfl_term_heading(bfl_term *term, const char *z);

/* A table: cells row by row, the first row is the header. Cells wrap; on a very narrow page each row becomes a paragraph. */
typedef struct bfl_term_table {
    size_t column_count;
    BFL_LIST(const char *) cells;
} bfl_term_table;
void bfl_term_cell(bfl_term *term, bfl_term_table *table, const char *z);
void bfl_term_table_write(bfl_term *term, const bfl_term_table *table);

#endif
