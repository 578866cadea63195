/* SPDX-License-Identifier: Apache-2.0 */
/* Axes of a panel, and counts below them. */
#include "figure/sheet.h"

#include <math.h>

enum { COUNT_LINE = 15, COUNT_GAP = 6, KEY_ROOM = 27 };

static double step_of(const bfl_ticks *ticks) {
    double step = ticks->count > 1 ? ticks->items[1] - ticks->items[0] : 1;
    for (size_t i = 2; i < ticks->count; i++) step = fmin(step, ticks->items[i] - ticks->items[i - 1]);
    return step;
}

void bfl_panel_y_axis(bfl_sheet *sheet, const bfl_panel *panel, const bfl_ticks *ticks, const char *suffix,
                      const char *name) {
    double step = step_of(ticks);
    for (size_t i = 0; i < ticks->count; i++) {
        double y = bfl_axis_at(&panel->y, ticks->items[i]);
        const char *value = bfl_tick_text(sheet->arena, ticks->items[i], panel->y.log ? ticks->items[i] : step);
        bfl_svg_line(&sheet->body, "grid", panel->left, y, panel->right, y);
        bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_END, panel->left - 6, y + 4,
                     bfl_arena_printf(sheet->arena, "%s%s", value, suffix));
    }
    bfl_svg_text(&sheet->body, "strong", BFL_ANCHOR_START, BFL_SHEET_MARGIN, panel->top - 12,
                 bfl_svg_fit(sheet->arena, name, BFL_TYPE * 1.12, panel->right - BFL_SHEET_MARGIN));
}

void bfl_panel_time_axis(bfl_sheet *sheet, const bfl_panel *panel, const bfl_ticks *ticks, bfl_time_unit unit,
                         const char *name) {
    double taken = -1;
    bfl_svg_line(&sheet->body, "axis", panel->left, panel->bottom, panel->right, panel->bottom);
    for (size_t i = 0; i < ticks->count; i++) {
        double x = bfl_axis_at(&panel->x, ticks->items[i]), value = ticks->items[i] / unit.days;
        const char *text = bfl_tick_text(sheet->arena, value, fabs(value - round(value)) < 1e-6 ? 1 : 0.1);
        double half = bfl_svg_text_width(text, BFL_TYPE_SMALL) / 2;
        bfl_svg_line(&sheet->body, "axis", x, panel->bottom, x, panel->bottom + 4);
        if (x - half < taken) continue;
        taken = x + half + 4;
        bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_MIDDLE, x, panel->bottom + 16, text);
    }
    const char *whole = bfl_arena_printf(sheet->arena, "%s (%s)", name, unit.name);
    bfl_svg_text(&sheet->body, "strong", BFL_ANCHOR_MIDDLE, (panel->left + panel->right) / 2, panel->bottom + 33,
                 bfl_svg_fit(sheet->arena, whole, BFL_TYPE * 1.12, panel->right - panel->left));
}

void bfl_panel_reference(bfl_sheet *sheet, const bfl_panel *panel, double value, const char *name) {
    double y = bfl_axis_at(&panel->y, value), room = sheet->width - panel->right - 6;
    bfl_svg_line(&sheet->body, "ref", panel->left, y, panel->right, y);
    if (!name[0]) return;
    bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_START, panel->right + 4, y + 4,
                 bfl_svg_fit(sheet->arena, name, BFL_TYPE_SMALL, room));
}

/* ---- counts ---- */

double bfl_counts_left(const bfl_count_row *rows, size_t count, double most) {
    double width = 0;
    for (size_t i = 0; i < count; i++) width = fmax(width, bfl_svg_text_width(rows[i].name, BFL_TYPE_SMALL));
    return fmin(width + KEY_ROOM + BFL_SHEET_MARGIN + 14, most);
}

/* Draws every n-th count so that neighbours keep apart: n for all rows, so that columns stay whole. */
static size_t stride(const bfl_panel *panel, const bfl_ticks *ticks, const bfl_count_row *rows, size_t count,
                     bfl_arena *arena) {
    double widest = 0, apart = 1e9;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < ticks->count; k++)
            widest =
                fmax(widest, bfl_svg_text_width(bfl_arena_printf(arena, "%llu", (unsigned long long)rows[i].counts[k]),
                                                BFL_TYPE_SMALL));
    for (size_t k = 1; k < ticks->count; k++)
        apart = fmin(apart, bfl_axis_at(&panel->x, ticks->items[k]) - bfl_axis_at(&panel->x, ticks->items[k - 1]));
    size_t n = (size_t)ceil((widest + COUNT_GAP) / fmax(apart, 1));
    return n ? n : 1;
}

void bfl_sheet_counts(bfl_sheet *sheet, const bfl_panel *panel, const bfl_ticks *ticks, const char *heading,
                      const bfl_count_row *rows, size_t count) {
    if (count == 0) return;
    size_t every = stride(panel, ticks, rows, count, sheet->arena);
    sheet->y += COUNT_LINE;
    bfl_svg_text(&sheet->body, "small strong", BFL_ANCHOR_START, BFL_SHEET_MARGIN, sheet->y, heading);
    for (size_t i = 0; i < count; i++) {
        sheet->y += COUNT_LINE;
        if (rows[i].key) bfl_sheet_key(sheet, rows[i].key, BFL_SHEET_MARGIN, sheet->y - 4);
        double room = panel->left - 14 - BFL_SHEET_MARGIN - KEY_ROOM;
        bfl_svg_text(&sheet->body, "small", BFL_ANCHOR_START, BFL_SHEET_MARGIN + KEY_ROOM, sheet->y,
                     bfl_svg_fit(sheet->arena, rows[i].name, BFL_TYPE_SMALL, room));
        for (size_t k = 0; k < ticks->count; k += every)
            bfl_svg_text(&sheet->body, "small", BFL_ANCHOR_MIDDLE, bfl_axis_at(&panel->x, ticks->items[k]), sheet->y,
                         bfl_arena_printf(sheet->arena, "%llu", (unsigned long long)rows[i].counts[k]));
    }
    sheet->y += 6;
}
