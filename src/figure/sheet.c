/* SPDX-License-Identifier: Apache-2.0 */
#include "figure/sheet.h"
#include "figure/figure_css.h" /* generated from palette.css and figure.css */

#include <math.h>

enum { TITLE_LINE = 21, TEXT_LINE = 16, SMALL_LINE = 14, KEY_WIDTH = 22, KEY_GAP = 6, KEY_SPACE = 12, KEY_LINE = 18 };
static const double bold = 1.12; /* a bold face is wider */

/* Lines of text from y downwards. */
static void paragraph(bfl_sheet *sheet, bfl_buf *out, const char *class_name, const bfl_lines *lines, double line) {
    for (size_t i = 0; i < lines->count; i++) {
        sheet->y += line;
        bfl_svg_text(out, class_name, BFL_ANCHOR_START, BFL_SHEET_MARGIN, sheet->y, lines->items[i]);
    }
}

bfl_sheet *bfl_sheet_begin(bfl_arena *arena, const bfl_caption *caption) {
    bfl_sheet *sheet = BFL_NEW(arena, bfl_sheet);
    *sheet = (bfl_sheet){.arena = arena,
                         .id = caption->id,
                         .title = caption->title,
                         .subtitle = caption->subtitle,
                         .description = caption->description,
                         .head = {.arena = arena},
                         .body = {.arena = arena},
                         .width = BFL_SHEET_WIDTH,
                         .y = BFL_SHEET_MARGIN / 2.0};
    double room = sheet->width - 2.0 * BFL_SHEET_MARGIN;
    bfl_lines title = bfl_svg_wrap(arena, caption->title, BFL_TYPE_TITLE * bold, room);
    paragraph(sheet, &sheet->head, "title", &title, TITLE_LINE);
    bfl_lines subtitle = bfl_svg_wrap(arena, caption->subtitle, BFL_TYPE, room);
    paragraph(sheet, &sheet->head, "soft", &subtitle, TEXT_LINE);
    sheet->y += 6;
    sheet->head_bottom = sheet->y;
    return sheet;
}

void bfl_sheet_end(bfl_sheet *sheet, const bfl_caption *caption) {
    bfl_text rest = bfl_text_of(caption->note);
    if (rest.size) sheet->y += 4;
    while (rest.size) {
        const char *line = bfl_arena_text(sheet->arena, bfl_text_split(&rest, '\n'));
        bfl_lines lines = bfl_svg_wrap(sheet->arena, line, BFL_TYPE_SMALL, sheet->width - 2.0 * BFL_SHEET_MARGIN);
        paragraph(sheet, &sheet->body, "small soft", &lines, SMALL_LINE);
    }
    sheet->y += BFL_SHEET_MARGIN;
}

void bfl_sheet_nothing(bfl_sheet *sheet, const char *why) {
    enum { AIR = 40 };
    double room = sheet->width - 4.0 * BFL_SHEET_MARGIN;
    bfl_lines lines = bfl_svg_wrap(sheet->arena, why, BFL_TYPE, room);
    double top = sheet->y + 8, height = 2 * AIR + (double)lines.count * TEXT_LINE;
    bfl_svg_rect(&sheet->body, "wash", BFL_SHEET_MARGIN, top, sheet->width - 2.0 * BFL_SHEET_MARGIN, height, 4, NULL);
    for (size_t i = 0; i < lines.count; i++)
        bfl_svg_text(&sheet->body, "soft", BFL_ANCHOR_MIDDLE, sheet->width / 2, top + AIR + 12 + (double)i * TEXT_LINE,
                     lines.items[i]);
    sheet->y = top + height;
}

/* ---- legend ---- */

static const char *colour(bfl_sheet *sheet, const char *kind, bfl_look look) {
    return bfl_arena_printf(sheet->arena, "%s c%d", kind, (int)look);
}

void bfl_sheet_key(bfl_sheet *sheet, const bfl_key *key, double x, double y) {
    bfl_buf *out = &sheet->body;
    double middle = x + KEY_WIDTH / 2.0;
    switch (key->kind) {
    case BFL_KEY_BAR: bfl_look_bar(sheet->arena, out, key->look, x, y - 6, KEY_WIDTH, 12, NULL); return;
    case BFL_KEY_MARK: bfl_svg_mark(out, colour(sheet, "mark", key->look), key->mark, middle, y, 5, NULL); return;
    case BFL_KEY_OPEN_MARK:
        bfl_svg_mark(out, colour(sheet, "open", key->look), key->mark, middle, y, 4.5, NULL);
        return;
    case BFL_KEY_LINE:
    case BFL_KEY_LINE_MARK:
        bfl_svg_line(out, bfl_look_class(sheet->arena, "line", key->look), x, y, x + KEY_WIDTH, y);
        if (key->kind == BFL_KEY_LINE_MARK)
            bfl_svg_mark(out, colour(sheet, "mark", key->look), key->mark, middle, y, 4, NULL);
        return;
    }
}

void bfl_sheet_legend(bfl_sheet *sheet, const bfl_key *keys, size_t count) {
    double right = sheet->width - BFL_SHEET_MARGIN, x = BFL_SHEET_MARGIN;
    double most = right - BFL_SHEET_MARGIN - KEY_WIDTH - KEY_GAP;
    if (count == 0) return;
    sheet->y += KEY_LINE - 6;
    for (size_t i = 0; i < count; i++) {
        bfl_lines lines = bfl_svg_wrap(sheet->arena, keys[i].name, BFL_TYPE, most);
        double width = lines.count > 1 ? most : bfl_svg_text_width(keys[i].name, BFL_TYPE);
        if (x > BFL_SHEET_MARGIN && x + KEY_WIDTH + KEY_GAP + width > right) {
            x = BFL_SHEET_MARGIN;
            sheet->y += KEY_LINE;
        }
        bfl_sheet_key(sheet, &keys[i], x, sheet->y - 4);
        for (size_t k = 0; k < lines.count; k++) {
            if (k) sheet->y += TEXT_LINE;
            bfl_svg_text(&sheet->body, "t", BFL_ANCHOR_START, x + KEY_WIDTH + KEY_GAP, sheet->y, lines.items[k]);
        }
        x += KEY_WIDTH + KEY_GAP + width + KEY_SPACE;
    }
    sheet->y += 8;
}

void bfl_sheet_legend_used(bfl_sheet *sheet, const bfl_key *keys, const bool *used, size_t count) {
    bfl_key *those = BFL_NEW_ARRAY(sheet->arena, count + 1, bfl_key);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (used[i]) those[n++] = keys[i];
    bfl_sheet_legend(sheet, those, n);
}

/* ---- the element ---- */

static void attribute(bfl_buf *out, const char *name, double a, double b, double c, double d) {
    bfl_buf_addf(out, " %s=\"", name);
    bfl_svg_number(out, a);
    const double rest[] = {b, c, d};
    for (size_t i = 0; i < 3; i++) {
        bfl_buf_add(out, " ");
        bfl_svg_number(out, rest[i]);
    }
    bfl_buf_add(out, "\"");
}

static void named(bfl_buf *out, const char *element, const char *id, const char *mark, const char *z) {
    bfl_buf_addf(out, "<%s id=\"%s-%s\">", element, id, mark);
    bfl_html_text(out, z);
    bfl_buf_addf(out, "</%s>\n", element);
}

void bfl_sheet_write(const bfl_sheet *sheet, bfl_buf *out, bool alone) {
    double top = alone ? 0 : sheet->head_bottom, height = ceil(sheet->y) - top;
    bfl_buf_add(out, "<svg class=\"fig\" xmlns=\"http://www.w3.org/2000/svg\"");
    attribute(out, "viewBox", 0, top, sheet->width, height);
    if (alone)
        bfl_buf_addf(out, " width=\"%d\" height=\"%d\" font-family=\"'Liberation Sans', Arial, Helvetica, sans-serif\"",
                     (int)sheet->width, (int)height);
    bfl_buf_addf(out, " role=\"img\" aria-labelledby=\"%s-t %s-d\">\n", sheet->id, sheet->id);
    named(out, "title", sheet->id, "t", sheet->title);
    named(out, "desc", sheet->id, "d", sheet->description);
    if (alone) {
        bfl_buf_add(out, "<style>\n");
        for (size_t i = 0; figure_css[i]; i++) bfl_buf_add(out, figure_css[i]);
        bfl_buf_add(out, "</style>\n");
        bfl_svg_rect(out, "paper", 0, 0, sheet->width, height, 0, NULL);
        bfl_buf_add(out, bfl_buf_z(&sheet->head));
    }
    bfl_buf_add(out, bfl_buf_z(&sheet->body));
    bfl_buf_add(out, "</svg>\n");
}
