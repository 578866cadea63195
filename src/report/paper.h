/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper: A4 pages of text, tables and drawings, each page one SVG document that librsvg turns into a page of a PDF. What does not fit
 * goes on to the next page; a table repeats its heads there. Every text is made printable and escaped here.
 */
#ifndef BFL_REPORT_PAPER_H
#define BFL_REPORT_PAPER_H

#include "base/base.h"

/* A way of setting text; print.css has a class of each name. */
typedef enum bfl_face {
    BFL_FACE_TEXT,
    BFL_FACE_STRONG,
    BFL_FACE_SMALL,
    BFL_FACE_LABEL,
    BFL_FACE_ALARM,
    BFL_FACE_HEAD,
    BFL_FACE_TITLE
} bfl_face;

typedef struct bfl_paper {
    bfl_arena *arena;
    BFL_LIST(bfl_buf *) pages;    /* elements of SVG */
    double y;                     /* of the current page: where the next thing begins */
    const char *head;             /* what every page of this part says at its top */
    BFL_LIST(const char *) heads; /* of each page */
} bfl_paper;

/* Where text may stand. */
enum { BFL_PAPER_WIDTH = 794, BFL_PAPER_HEIGHT = 1123, BFL_PAPER_LEFT = 56, BFL_PAPER_ROOM = 682 };

/* A new page with this line at its top; the next pages have it too. */
void bfl_paper_begin(bfl_paper *paper, const char *head);
/* A paragraph `indent` from the left, `lead` before its first line ("1." or "" for none). */
void bfl_paper_paragraph(bfl_paper *paper, bfl_face face, double indent, const char *lead, const char *z);
/* A heading, on one page with `follows` units of what comes next; 0: a few lines. */
void bfl_paper_heading(bfl_paper *paper, const char *z, double follows);
void bfl_paper_space(bfl_paper *paper, double height);

/* One column: its head, and its share of the width. */
typedef struct bfl_paper_column {
    const char *head;
    double share;
} bfl_paper_column;
/* Cells row by row; the first of each row is strong. */
void bfl_paper_table(bfl_paper *paper, const bfl_paper_column *columns, size_t column_count, const char *const *cells,
                     size_t row_count);

/* Elements of SVG that lie within `viewbox` (x, y, width, height), as wide as the text unless `width` says less; drawn smaller when
 * they are higher than a page. */
typedef struct bfl_paper_drawing {
    const char *class_name, *elements;
    double viewbox[4], width;
} bfl_paper_drawing;
/* How high it will be. */
double bfl_paper_drawn_height(const bfl_paper_drawing *drawing);
void bfl_paper_draw(bfl_paper *paper, const bfl_paper_drawing *drawing);

/* The pages as SVG documents with numbers, and `foot` at the bottom of each. Styled by NULL-terminated `style`. */
const char **bfl_paper_pages(bfl_paper *paper, const char *const *style, const char *foot);

#endif
