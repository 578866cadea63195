/* SPDX-License-Identifier: Apache-2.0 */
/* Panels: the course of each patient in a small drawing of its own, all on the same scales, with what happened marked. */
#include "figure/drawing.h"

#include <math.h>

enum { MOST_COLUMNS = 4, LEAST_COLUMNS = 2, PANEL_HEIGHT = 112, HEAD = 32, GAP = 14, LEFT = 58, FOOT = 44 };

static bfl_axis value_axis(const bfl_panels *data, double bottom, double top) {
    bool log = data->least > 0 && data->most / data->least > 6;
    return (bfl_axis){data->least, data->most, bottom, top, log};
}

static void axes(bfl_sheet *sheet, const bfl_panels *data, const bfl_panel *panel, bool first, bool last) {
    bfl_buf *out = &sheet->body;
    bfl_ticks ticks = panel->y.log ? bfl_ticks_log(sheet->arena, panel->y.from, panel->y.to, 6)
                                   : bfl_ticks_linear(sheet->arena, panel->y.from, panel->y.to, 4);
    double step = ticks.count > 1 ? ticks.items[1] - ticks.items[0] : 1;
    for (size_t i = 0; i < ticks.count; i++) {
        double y = bfl_axis_at(&panel->y, ticks.items[i]);
        bfl_svg_line(out, "grid", panel->left, y, panel->right, y);
        if (first)
            bfl_svg_text(
                out, "small soft", BFL_ANCHOR_END, panel->left - 5, y + 4,
                bfl_arena_printf(sheet->arena, "%s%s",
                                 bfl_tick_text(sheet->arena, ticks.items[i], panel->y.log ? ticks.items[i] : step),
                                 data->suffix));
    }
    double reference = bfl_axis_at(&panel->y, data->reference);
    if (data->reference >= panel->y.from && data->reference <= panel->y.to)
        bfl_svg_line(out, "ref", panel->left, reference, panel->right, reference);
    bfl_svg_line(out, "axis", panel->left, panel->bottom, panel->right, panel->bottom);
    bfl_ticks times = bfl_ticks_days(sheet->arena, (int32_t)panel->x.from, (int32_t)panel->x.to, 4);
    for (size_t i = 0; i < times.count; i++) {
        double x = bfl_axis_at(&panel->x, times.items[i]);
        bfl_svg_line(out, "axis", x, panel->bottom, x, panel->bottom + 3);
        if (last)
            bfl_svg_text(out, "small soft", BFL_ANCHOR_MIDDLE, x, panel->bottom + 15,
                         bfl_tick_text(sheet->arena, times.items[i], 1));
    }
}

/* A line down from the mark to the axis, so that the day can be read. */
static void event(bfl_sheet *sheet, const bfl_panel *panel, const bfl_panels *data, const bfl_small_event *e) {
    const bfl_key *key = &data->events[e->key];
    double x = bfl_axis_at(&panel->x, e->at);
    bfl_svg_line(&sheet->body, bfl_arena_printf(sheet->arena, "thin c%d", (int)key->look), x, panel->top - 2, x,
                 panel->bottom);
    bfl_look_mark_at(sheet->arena, &sheet->body, key, x, panel->top - 2, 4.5,
                     bfl_arena_printf(sheet->arena, "%s, day %s", key->name, bfl_tick_text(sheet->arena, e->at, 1)));
}

static void draw_small(bfl_sheet *sheet, const bfl_panels *data, const bfl_small *small, const bfl_panel *panel) {
    double width = panel->right - panel->left;
    double head = panel->top - 18;
    const char *name = bfl_svg_fit(sheet->arena, small->name, BFL_TYPE_SMALL * 1.12, width);
    double used = bfl_svg_text_width(name, BFL_TYPE_SMALL * 1.12) + 6;
    bfl_svg_text(&sheet->body, "small strong", BFL_ANCHOR_START, panel->left, head, name);
    if (width - used > 24)
        bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_END, panel->right, head,
                     bfl_svg_fit(sheet->arena, small->words, BFL_TYPE_SMALL, width - used));
    for (size_t i = 0; i < small->event_count; i++) event(sheet, panel, data, &small->events[i]);
    double *x = BFL_NEW_ARRAY(sheet->arena, small->count, double);
    double *y = BFL_NEW_ARRAY(sheet->arena, small->count, double);
    for (size_t i = 0; i < small->count; i++) {
        x[i] = bfl_axis_at(&panel->x, small->x[i]);
        y[i] = bfl_axis_at(&panel->y, small->y[i]);
    }
    bfl_svg_path(&sheet->body, bfl_look_class(sheet->arena, "line", small->look), x, y, NULL, small->count);
    const char *mark = bfl_arena_printf(sheet->arena, "fill c%d", (int)small->look);
    for (size_t i = 0; i < small->count; i++) bfl_svg_mark(&sheet->body, mark, BFL_MARK_DOT, x[i], y[i], 2.2, NULL);
}

static void draw(bfl_sheet *sheet, const bfl_panels *data) {
    size_t columns = data->count < LEAST_COLUMNS  ? LEAST_COLUMNS
                     : data->count < MOST_COLUMNS ? data->count
                                                  : MOST_COLUMNS;
    double width = (sheet->width - LEFT - BFL_SHEET_MARGIN - (double)(columns - 1) * GAP) / (double)columns;
    double top = sheet->y + 20;
    bfl_svg_text(&sheet->body, "strong", BFL_ANCHOR_START, BFL_SHEET_MARGIN, top - 4,
                 bfl_svg_fit(sheet->arena, data->y_axis, BFL_TYPE * 1.12, sheet->width - 2.0 * BFL_SHEET_MARGIN));
    for (size_t i = 0; i < data->count; i++) {
        size_t column = i % columns, row = i / columns;
        bfl_panel panel = {.left = LEFT + (double)column * (width + GAP)};
        panel.right = panel.left + width;
        panel.top = top + HEAD + (double)row * (PANEL_HEIGHT + HEAD);
        panel.bottom = panel.top + PANEL_HEIGHT - HEAD / 2.0;
        panel.x = (bfl_axis){data->first_day, data->last_day, panel.left + 4, panel.right - 4, false};
        panel.y = value_axis(data, panel.bottom, panel.top + 6);
        axes(sheet, data, &panel, column == 0, i + columns >= data->count);
        draw_small(sheet, data, &data->smalls[i], &panel);
        sheet->y = panel.bottom;
    }
    sheet->y += 33;
    bfl_svg_text(&sheet->body, "strong", BFL_ANCHOR_MIDDLE, sheet->width / 2, sheet->y,
                 bfl_arena_printf(sheet->arena, "%s (days)", data->x_axis));
    sheet->y += FOOT - 33;
}

static void legend(bfl_sheet *sheet, const bfl_panels *data) {
    bool *lines = BFL_NEW_ARRAY(sheet->arena, data->line_count + 1, bool);
    bool *happened = BFL_NEW_ARRAY(sheet->arena, data->event_count + 1, bool);
    for (size_t i = 0; i < data->count; i++) {
        for (size_t k = 0; k < data->line_count; k++)
            lines[k] = lines[k] || data->lines[k].look == data->smalls[i].look;
        for (size_t k = 0; k < data->smalls[i].event_count; k++) happened[data->smalls[i].events[k].key] = true;
    }
    bfl_sheet_legend_used(sheet, data->lines, lines, data->line_count);
    bfl_sheet_legend_used(sheet, data->events, happened, data->event_count);
}

bfl_sheet *bfl_panels_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_panels *data) {
    bfl_sheet *sheet = bfl_sheet_begin(arena, caption);
    if (data->count == 0) {
        bfl_sheet_nothing(sheet, data->nothing);
    } else {
        legend(sheet, data);
        draw(sheet, data);
    }
    bfl_sheet_end(sheet, caption);
    return sheet;
}
