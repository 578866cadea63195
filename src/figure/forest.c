/* SPDX-License-Identifier: Apache-2.0 */
/* Forest: a ratio with its interval for each subgroup, on a logarithmic axis; the area of a square goes with its weight. */
#include "figure/drawing.h"

#include <math.h>

enum {
    ROW = 21,
    LABEL_ROOM = 190,
    COUNT_ROOM = 86,
    TEXT_ROOM = 150,
    P_ROOM = 56,
    GAP = 12,
    INDENT = 12,
    HEAD_LINE = 14
};
enum { LEAST_PLOT = 190 };
static const double least_square = 2.4, most_square = 8, widest_decades = 1.7;

/* Where the columns stand. */
typedef struct columns {
    double label, label_end, counts[2]; /* counts end at these */
    double plot, plot_end, text, p;     /* text begins, p ends */
} columns;

static double widest(const bfl_forest *data, const char *head, size_t which) {
    double width = bfl_svg_text_width(head, BFL_TYPE_SMALL * 1.12);
    for (size_t i = 0; i < data->count; i++) {
        const bfl_forest_row *row = &data->rows[i];
        const char *const texts[] = {row->label, row->counts[0], row->counts[1], row->text, row->p};
        double bold = row->total || !row->indented ? 1.12 : 1;
        double indent = which == 0 && row->indented ? INDENT : 0;
        width = fmax(width, bfl_svg_text_width(texts[which], BFL_TYPE_SMALL * bold) + indent);
    }
    return width;
}

static columns lay_out(const bfl_sheet *sheet, const bfl_forest *data) {
    double right = sheet->width - BFL_SHEET_MARGIN;
    double p = fmin(widest(data, data->p_head, 4), P_ROOM), text = fmin(widest(data, data->text_head, 3), TEXT_ROOM);
    double a = fmin(widest(data, data->counts_head[0], 1), COUNT_ROOM),
           b = fmin(widest(data, data->counts_head[1], 2), COUNT_ROOM);
    columns c = {.label = BFL_SHEET_MARGIN, .p = right, .text = right - p - GAP - text};
    c.plot_end = c.text - GAP;
    double label = fmin(widest(data, data->label_head, 0), LABEL_ROOM);
    label = fmin(label, c.plot_end - LEAST_PLOT - a - b - 3 * GAP - c.label);
    c.label_end = c.label + label;
    c.counts[0] = c.label_end + GAP + a;
    c.counts[1] = c.counts[0] + GAP + b;
    c.plot = c.counts[1] + GAP;
    return c;
}

/* All ratios, and as much of the intervals as leaves the ratios readable; 1 in the middle third. */
static bfl_axis ratio_axis(const bfl_forest *data, const columns *c) {
    double low = log10(0.5), high = log10(2);
    for (size_t i = 0; i < data->count; i++) {
        if (!data->rows[i].present) continue;
        low = fmin(low, fmax(log10(data->rows[i].low), -widest_decades));
        high = fmax(high, fmin(log10(data->rows[i].high), widest_decades));
        low = fmin(low, fmax(log10(data->rows[i].ratio), -3) - 0.05);
        high = fmax(high, fmin(log10(data->rows[i].ratio), 3) + 0.05);
    }
    return (bfl_axis){pow(10, low - 0.03), pow(10, high + 0.03), c->plot, c->plot_end, true};
}

static void interval(bfl_sheet *sheet, const bfl_axis *axis, const bfl_forest_row *row, double y) {
    double x1 = bfl_axis_at(axis, row->low), x2 = bfl_axis_at(axis, row->high);
    bfl_svg_line(&sheet->body, "tick c0", x1, y, x2, y);
    if (row->low < axis->from)
        bfl_svg_path(&sheet->body, "tick c0", (double[]){x1 + 5, x1, x1 + 5}, (double[]){y - 4, y, y + 4}, NULL, 3);
    if (row->high > axis->to)
        bfl_svg_path(&sheet->body, "tick c0", (double[]){x2 - 5, x2, x2 - 5}, (double[]){y - 4, y, y + 4}, NULL, 3);
}

static void draw_ratio(bfl_sheet *sheet, const bfl_axis *axis, const bfl_forest_row *row, double y, double heaviest) {
    double x = bfl_axis_at(axis, row->ratio);
    if (row->total) {
        double xs[] = {bfl_axis_at(axis, row->low), x, bfl_axis_at(axis, row->high), x};
        bfl_svg_area(&sheet->body, "fill c1", xs, (double[]){y, y - 6, y, y + 6}, 4);
        return;
    }
    interval(sheet, axis, row, y);
    double half = heaviest > 0 ? fmax(most_square * sqrt(row->weight / heaviest), least_square) : least_square;
    half = fmin(half, ROW / 2.0 - 2);
    bfl_svg_rect(&sheet->body, "fill c1", x - half, y - half, 2 * half, 2 * half, 0, NULL);
}

static void cell(bfl_sheet *sheet, const char *class_name, bfl_anchor anchor, double x, double y, const char *z,
                 double room) {
    bfl_svg_text(&sheet->body, class_name, anchor, x, y + 4,
                 bfl_svg_fit(sheet->arena, z, BFL_TYPE_SMALL * 1.12, room * 1.12));
}

/* A head in as many lines as it needs, the last at the bottom. */
static void head(bfl_sheet *sheet, bfl_anchor anchor, double x, double bottom, const bfl_lines *lines) {
    for (size_t i = 0; i < lines->count; i++)
        bfl_svg_text(&sheet->body, "small strong", anchor, x, bottom - HEAD_LINE * (double)(lines->count - 1 - i),
                     lines->items[i]);
}

/* The heads of the columns; sheet->y moves below them. */
static void heads(bfl_sheet *sheet, const bfl_forest *data, const columns *c) {
    const char *const texts[] = {data->label_head, data->counts_head[0], data->counts_head[1], data->text_head,
                                 data->p_head};
    const double rooms[] = {c->label_end - c->label, COUNT_ROOM, COUNT_ROOM, TEXT_ROOM, P_ROOM};
    const double at[] = {c->label, c->counts[0], c->counts[1], c->text, c->p};
    static const bfl_anchor anchors[] = {BFL_ANCHOR_START, BFL_ANCHOR_END, BFL_ANCHOR_END, BFL_ANCHOR_START,
                                         BFL_ANCHOR_END};
    enum { HEADS = sizeof at / sizeof *at };
    bfl_lines lines[HEADS];
    size_t most = 1;
    for (size_t i = 0; i < HEADS; i++) {
        lines[i] = bfl_svg_wrap(sheet->arena, texts[i], BFL_TYPE_SMALL * 1.12, rooms[i]);
        if (lines[i].count > most) most = lines[i].count;
    }
    sheet->y += 4 + HEAD_LINE * (double)most;
    for (size_t i = 0; i < HEADS; i++) head(sheet, anchors[i], at[i], sheet->y, &lines[i]);
    sheet->y += 6;
    bfl_svg_line(&sheet->body, "axis", c->label, sheet->y, c->p, sheet->y);
}

static void draw_row(bfl_sheet *sheet, const bfl_forest_row *row, const columns *c, const bfl_axis *axis, double y,
                     double heaviest) {
    const char *face = row->total || !row->indented ? "small strong" : "small";
    double indent = row->indented ? INDENT : 0;
    cell(sheet, face, BFL_ANCHOR_START, c->label + indent, y, row->label, c->label_end - c->label - indent);
    cell(sheet, "small", BFL_ANCHOR_END, c->counts[0], y, row->counts[0], COUNT_ROOM);
    cell(sheet, "small", BFL_ANCHOR_END, c->counts[1], y, row->counts[1], COUNT_ROOM);
    cell(sheet, row->present ? "small" : "small soft", BFL_ANCHOR_START, c->text, y, row->text, TEXT_ROOM);
    cell(sheet, "small", BFL_ANCHOR_END, c->p, y, row->p, P_ROOM);
    if (row->present) draw_ratio(sheet, axis, row, y, heaviest);
}

static void draw_axis(bfl_sheet *sheet, const bfl_forest *data, const bfl_axis *axis, double top, double bottom) {
    bfl_ticks ticks = bfl_ticks_log(sheet->arena, axis->from, axis->to, 10);
    double taken = 0, one = bfl_axis_at(axis, 1);
    bfl_svg_line(&sheet->body, "axis", axis->at_from, bottom, axis->at_to, bottom);
    bfl_svg_line(&sheet->body, "ref", one, top, one, bottom);
    for (size_t i = 0; i < ticks.count; i++) {
        double x = bfl_axis_at(axis, ticks.items[i]);
        const char *text = bfl_tick_text(sheet->arena, ticks.items[i], ticks.items[i]);
        double half = bfl_svg_text_width(text, BFL_TYPE_SMALL) / 2;
        bfl_svg_line(&sheet->body, "axis", x, bottom, x, bottom + 4);
        if (x - half < taken) continue;
        taken = x + half + 3;
        bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_MIDDLE, x, bottom + 16, text);
    }
    double middle = (axis->at_from + axis->at_to) / 2;
    bfl_svg_text(
        &sheet->body, "small strong", BFL_ANCHOR_MIDDLE, middle, bottom + 32,
        bfl_svg_fit(sheet->arena, data->axis, BFL_TYPE_SMALL * 1.12, 2 * fmin(middle, sheet->width - middle) - 8));
    const char *less = bfl_arena_printf(sheet->arena, "\xE2\x86\x90 %s", data->less);
    const char *more = bfl_arena_printf(sheet->arena, "%s \xE2\x86\x92", data->more);
    bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_END, one - 8, bottom + 48,
                 bfl_svg_fit(sheet->arena, less, BFL_TYPE_SMALL, one - 8 - BFL_SHEET_MARGIN));
    bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_START, one + 8, bottom + 48,
                 bfl_svg_fit(sheet->arena, more, BFL_TYPE_SMALL, sheet->width - one - 8 - BFL_SHEET_MARGIN));
}

static void draw(bfl_sheet *sheet, const bfl_forest *data) {
    columns c = lay_out(sheet, data);
    bfl_axis axis = ratio_axis(data, &c);
    double heaviest = 0, y = 0;
    for (size_t i = 0; i < data->count; i++)
        if (!data->rows[i].total && data->rows[i].present) heaviest = fmax(heaviest, data->rows[i].weight);
    heads(sheet, data, &c);
    double top = sheet->y + 2;
    for (size_t i = 0; i < data->count; i++) {
        y = top + ((double)i + 0.5) * ROW;
        if (i % 2) bfl_svg_rect(&sheet->body, "wash", c.label - 4, y - ROW / 2.0, c.p - c.label + 8, ROW, 0, NULL);
    }
    double bottom = top + (double)data->count * ROW + 4;
    draw_axis(sheet, data, &axis, top, bottom);
    for (size_t i = 0; i < data->count; i++)
        draw_row(sheet, &data->rows[i], &c, &axis, top + ((double)i + 0.5) * ROW, heaviest);
    sheet->y = bottom + 54;
}

bfl_sheet *bfl_forest_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_forest *data) {
    bfl_sheet *sheet = bfl_sheet_begin(arena, caption);
    if (data->count == 0)
        bfl_sheet_nothing(sheet, data->nothing);
    else
        draw(sheet, data);
    bfl_sheet_end(sheet, caption);
    return sheet;
}
