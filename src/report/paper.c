/* SPDX-License-Identifier: Apache-2.0 */
#include "report/paper.h"
#include "figure/figure.h"

#include <math.h>

enum { TOP = 86, BOTTOM = 1040, FOOT = 1066, FOOT_LINE = 12, HEAD_AT = 58, KEEP = 64 };
enum { CELL_AIR = 8, ROW_AIR = 7, LEAST_LINES = 4, WHOLE_LINES = 30 };

/* A bold face is wider than what bfl_svg_text_width() measures. */
static const struct {
    const char *name;
    double size, line;
} faces[] = {[BFL_FACE_TEXT] = {"p-text", 13, 17},          [BFL_FACE_STRONG] = {"p-strong", 13 * 1.12, 17},
             [BFL_FACE_SMALL] = {"p-small", 11, 14},        [BFL_FACE_LABEL] = {"p-label", 11 * 1.12, 14},
             [BFL_FACE_ALARM] = {"p-alarm", 13 * 1.12, 17}, [BFL_FACE_HEAD] = {"p-head", 15 * 1.12, 20},
             [BFL_FACE_TITLE] = {"p-title", 22 * 1.12, 28}};

static bfl_buf *sheet(bfl_paper *paper) { return paper->pages.items[paper->pages.count - 1]; }

static void turn(bfl_paper *paper) {
    bfl_buf *page = BFL_NEW(paper->arena, bfl_buf);
    *page = (bfl_buf){.arena = paper->arena};
    *BFL_PUSH(paper->arena, &paper->pages) = page;
    *BFL_PUSH(paper->arena, &paper->heads) = paper->head;
    paper->y = TOP;
}

static void need(bfl_paper *paper, double height) {
    if (paper->y + height > BOTTOM && paper->y > TOP) turn(paper);
}

void bfl_paper_begin(bfl_paper *paper, const char *head) {
    paper->head = bfl_plain_text(paper->arena, head);
    turn(paper);
}

void bfl_paper_space(bfl_paper *paper, double height) { paper->y = fmin(paper->y + height, BOTTOM); }

static void text_at(bfl_paper *paper, bfl_face face, double x, double y, const char *z) {
    bfl_svg_text(sheet(paper), faces[face].name, BFL_ANCHOR_START, x, y, z);
}

static bfl_lines wrap(bfl_paper *paper, bfl_face face, double width, const char *z) {
    return bfl_svg_wrap(paper->arena, bfl_plain_text(paper->arena, z ? z : ""), faces[face].size, width);
}

void bfl_paper_paragraph(bfl_paper *paper, bfl_face face, double indent, const char *lead, const char *z) {
    bfl_lines lines = wrap(paper, face, BFL_PAPER_ROOM - indent, z);
    for (size_t i = 0; i < lines.count; i++) {
        bool keep = i == 0 && lines.count > 1; /* no first line alone at the end of a page */
        need(paper, faces[face].line * (keep ? 2 : 1));
        paper->y += faces[face].line;
        if (i == 0 && lead[0]) text_at(paper, BFL_FACE_STRONG, BFL_PAPER_LEFT + indent - 22, paper->y, lead);
        text_at(paper, face, BFL_PAPER_LEFT + indent, paper->y, lines.items[i]);
    }
}

void bfl_paper_heading(bfl_paper *paper, const char *z, double follows) {
    need(paper, fmin((follows > 0 ? follows : 0) + KEEP, BOTTOM - TOP));
    if (paper->y > TOP) bfl_paper_space(paper, 12);
    bfl_paper_paragraph(paper, BFL_FACE_HEAD, 0, "", z);
    bfl_svg_line(sheet(paper), "p-rule", BFL_PAPER_LEFT, paper->y + 5, BFL_PAPER_LEFT + BFL_PAPER_ROOM, paper->y + 5);
    bfl_paper_space(paper, 8);
}

/* ---- tables ---- */

typedef struct grid {
    bfl_paper *paper;
    const bfl_paper_column *columns;
    size_t count;
    double whole;     /* sum of shares */
    bfl_lines *cells; /* of the row being set */
} grid;

static double width_of(const grid *g, size_t column) {
    return g->columns[column].share / g->whole * BFL_PAPER_ROOM - CELL_AIR;
}

/* The face of a cell. */
static bfl_face face_of(size_t column, bool head) { return head || column == 0 ? BFL_FACE_LABEL : BFL_FACE_SMALL; }

/* Breaks the cells of a row into lines; how many the longest has. */
static size_t fill(grid *g, const char *const *words, bool head) {
    size_t most = 1;
    g->cells = BFL_NEW_ARRAY(g->paper->arena, g->count, bfl_lines);
    for (size_t i = 0; i < g->count; i++) {
        const char *z = head ? g->columns[i].head : words[i];
        g->cells[i] = wrap(g->paper, face_of(i, head), width_of(g, i), z);
        if (g->cells[i].count > most) most = g->cells[i].count;
    }
    return most;
}

/* Lines `from` to `to` of every cell. */
static void set_lines(grid *g, bool head, size_t from, size_t to) {
    double x = BFL_PAPER_LEFT, line = faces[BFL_FACE_SMALL].line;
    for (size_t i = 0; i < g->count; i++) {
        for (size_t k = from; k < to && k < g->cells[i].count; k++) {
            double y = g->paper->y + line * (double)(k - from + 1);
            text_at(g->paper, face_of(i, head), x, y, g->cells[i].items[k]);
        }
        x += width_of(g, i) + CELL_AIR;
    }
    g->paper->y += line * (double)(to - from);
}

static void rule_below(bfl_paper *paper) {
    bfl_svg_line(sheet(paper), "p-line", BFL_PAPER_LEFT, paper->y + 4, BFL_PAPER_LEFT + BFL_PAPER_ROOM, paper->y + 4);
    paper->y += ROW_AIR;
}

static void set_heads(grid *g) {
    bfl_lines *row = g->cells;
    set_lines(g, true, 0, fill(g, NULL, true));
    rule_below(g->paper);
    g->cells = row;
}

static size_t room_for(const bfl_paper *paper) {
    double lines = floor((BOTTOM - paper->y) / faces[BFL_FACE_SMALL].line);
    return lines > 0 ? (size_t)lines : 0;
}

/* A short row is kept whole; a row longer than what is left of the page goes on at the next one. */
static void set_row(grid *g, const char *const *words) {
    size_t lines = fill(g, words, false);
    for (size_t from = 0; from < lines;) {
        size_t left = lines - from, room = room_for(g->paper);
        if (room < left && (from || left <= WHOLE_LINES || room < LEAST_LINES)) {
            turn(g->paper);
            set_heads(g);
            room = room_for(g->paper);
        }
        size_t now = left < room ? left : room > 0 ? room : 1;
        set_lines(g, false, from, from + now);
        from += now;
    }
    rule_below(g->paper);
}

void bfl_paper_table(bfl_paper *paper, const bfl_paper_column *columns, size_t column_count, const char *const *cells,
                     size_t row_count) {
    grid g = {.paper = paper, .columns = columns, .count = column_count};
    for (size_t i = 0; i < column_count; i++) g.whole += columns[i].share;
    need(paper, KEEP);
    set_heads(&g);
    for (size_t i = 0; i < row_count; i++) set_row(&g, cells + i * column_count);
    bfl_paper_space(paper, 6);
}

/* ---- drawings ---- */

/* As wide as asked for, unless it is higher than a page then. */
static double drawn_width(const bfl_paper_drawing *drawing) {
    const double *box = drawing->viewbox;
    double width = drawing->width > 0 ? drawing->width : BFL_PAPER_ROOM, most = BOTTOM - TOP - KEEP;
    return fmin(width, most * box[2] / box[3]);
}

double bfl_paper_drawn_height(const bfl_paper_drawing *drawing) {
    return drawn_width(drawing) * drawing->viewbox[3] / drawing->viewbox[2];
}

void bfl_paper_draw(bfl_paper *paper, const bfl_paper_drawing *drawing) {
    const double *box = drawing->viewbox;
    double width = drawn_width(drawing), height = bfl_paper_drawn_height(drawing);
    need(paper, height);
    enum { SCALE_DIGITS = 5 };
    double scale = width / box[2];
    bfl_buf *out = sheet(paper);
    bfl_buf_addf(out, "<g class=\"%s\" transform=\"translate(", drawing->class_name);
    bfl_svg_number(out, BFL_PAPER_LEFT - box[0] * scale);
    bfl_buf_add(out, " ");
    bfl_svg_number(out, paper->y - box[1] * scale);
    bfl_buf_add(out, ") scale(");
    bfl_buf_double(out, scale, SCALE_DIGITS);
    bfl_buf_addf(out, ")\">%s</g>\n", drawing->elements);
    bfl_paper_space(paper, height);
}

/* ---- the pages ---- */

static void foot_of(bfl_paper *paper, bfl_buf *out, const char *foot, size_t number) {
    const char *page = bfl_arena_printf(paper->arena, "page %zu of %zu", number, paper->pages.count);
    enum { NUMBER_ROOM = 90 };
    double right = BFL_PAPER_LEFT + BFL_PAPER_ROOM;
    bfl_svg_line(out, "p-line", BFL_PAPER_LEFT, FOOT - FOOT_LINE - 2, right, FOOT - FOOT_LINE - 2);
    bfl_lines lines = wrap(paper, BFL_FACE_SMALL, BFL_PAPER_ROOM - NUMBER_ROOM, foot);
    for (size_t i = 0; i < lines.count; i++)
        bfl_svg_text(out, "p-foot", BFL_ANCHOR_START, BFL_PAPER_LEFT, FOOT + FOOT_LINE * (double)i, lines.items[i]);
    bfl_svg_text(out, "p-foot", BFL_ANCHOR_END, right, FOOT, page);
}

static const char *document(bfl_paper *paper, const char *const *style, const char *foot, size_t i) {
    bfl_buf out = {.arena = paper->arena};
    bfl_buf_addf(
        &out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n<style>\n",
        BFL_PAPER_WIDTH, BFL_PAPER_HEIGHT, BFL_PAPER_WIDTH, BFL_PAPER_HEIGHT);
    for (size_t k = 0; style[k]; k++) bfl_buf_add(&out, style[k]);
    bfl_buf_add(&out, "</style>\n");
    const char *head = bfl_svg_fit(paper->arena, paper->heads.items[i], faces[BFL_FACE_SMALL].size, BFL_PAPER_ROOM);
    bfl_svg_text(&out, "p-foot", BFL_ANCHOR_START, BFL_PAPER_LEFT, HEAD_AT, head);
    bfl_buf_add(&out, bfl_buf_z(paper->pages.items[i]));
    foot_of(paper, &out, foot, i + 1);
    bfl_buf_add(&out, "</svg>\n");
    return bfl_buf_z(&out);
}

const char **bfl_paper_pages(bfl_paper *paper, const char *const *style, const char *foot) {
    const char **out = BFL_NEW_ARRAY(paper->arena, paper->pages.count + 1, const char *);
    for (size_t i = 0; i < paper->pages.count; i++) out[i] = document(paper, style, foot, i);
    return out;
}
