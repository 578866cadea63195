/* SPDX-License-Identifier: Apache-2.0 */
/* Swimmer: therapy and events of each patient along one time axis, the longest course at the top. */
#include "figure/drawing.h"

#include <math.h>

enum { ROOM = 720, NAME_ROOM = 118, TALLEST = 20, LEAST_NAMED = 10, TICKS = 13 };
static const double shortest = 2.4;

static int by_end(const void *a, const void *b, const void *context) {
    (void)context;
    double x = (*(const bfl_lane *const *)a)->end, y = (*(const bfl_lane *const *)b)->end;
    return (x < y) - (x > y);
}

static const bfl_lane **sorted(bfl_arena *arena, const bfl_swimmer *data) {
    const bfl_lane **lanes = BFL_NEW_ARRAY(arena, data->count, const bfl_lane *);
    for (size_t i = 0; i < data->count; i++) lanes[i] = &data->lanes[i];
    bfl_sort(arena, lanes, data->count, sizeof *lanes, by_end, NULL);
    return lanes;
}

static double text_size(double height) { return height >= BFL_TYPE_SMALL + 2 ? BFL_TYPE_SMALL : BFL_TYPE_TINY; }

static bfl_panel panel_for(bfl_sheet *sheet, const bfl_swimmer *data, double height) {
    double widest = 0, from = 0, to = 1;
    for (size_t i = 0; i < data->count; i++) {
        const bfl_lane *lane = &data->lanes[i];
        widest = fmax(widest, bfl_svg_text_width(lane->name, text_size(height)));
        to = fmax(to, lane->end);
        for (size_t k = 0; k < lane->part_count; k++) {
            from = fmin(from, lane->parts[k].from);
            to = fmax(to, lane->parts[k].to);
        }
        for (size_t k = 0; k < lane->event_count; k++) {
            from = fmin(from, lane->events[k].at);
            to = fmax(to, lane->events[k].at);
        }
    }
    double names = height >= LEAST_NAMED ? fmin(widest, NAME_ROOM) + 8 : 4;
    bfl_panel panel = {.left = BFL_SHEET_MARGIN + names,
                       .right = sheet->width - BFL_SHEET_MARGIN - 14,
                       .top = sheet->y + 8,
                       .bottom = sheet->y + 14 + height * (double)data->count};
    panel.x = (bfl_axis){from, to, panel.left, panel.right, false};
    return panel;
}

/* Marks of one time stand side by side: the place of the i-th, moved to the right of those before that it would hide. */
static double clear_place(const bfl_panel *panel, const bfl_lane *lane, size_t i, const double *placed, double size) {
    double x = bfl_axis_at(&panel->x, lane->events[i].at);
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t k = 0; k < i; k++)
            if (fabs(placed[k] - x) < size * 1.5) {
                x = placed[k] + size * 1.8;
                moved = true;
            }
    }
    return fmin(x, panel->right + size);
}

static void events(bfl_sheet *sheet, const bfl_panel *panel, const bfl_swimmer *data, const bfl_lane *lane, double y,
                   double height) {
    double size = fmin(fmax(height * 0.36, 1.8), 5.2);
    double *placed = BFL_NEW_ARRAY(sheet->arena, lane->event_count, double);
    for (size_t i = 0; i < lane->event_count; i++) {
        const bfl_key *key = &data->events[lane->events[i].key];
        const char *title = bfl_arena_printf(sheet->arena, "%s: %s, day %s", lane->name, key->name,
                                             bfl_tick_text(sheet->arena, lane->events[i].at, 1));
        placed[i] = clear_place(panel, lane, i, placed, size);
        bfl_look_mark_at(sheet->arena, &sheet->body, key, placed[i], y, size, title);
    }
}

static void draw_lane(bfl_sheet *sheet, const bfl_panel *panel, const bfl_swimmer *data, const bfl_lane *lane, double y,
                      double height) {
    double thick = height * 0.56, start = bfl_axis_at(&panel->x, 0), end = bfl_axis_at(&panel->x, lane->end);
    if (height >= LEAST_NAMED) {
        double size = text_size(height);
        bfl_svg_text(&sheet->body, size < BFL_TYPE_SMALL ? "tiny" : "small", BFL_ANCHOR_END, panel->left - 8,
                     y + size * 0.36, bfl_svg_fit(sheet->arena, lane->name, size, panel->left - 8 - BFL_SHEET_MARGIN));
    }
    bfl_svg_line(&sheet->body, "grid", fmin(start, end), y, end, y);
    for (size_t i = 0; i < lane->part_count; i++) {
        double x1 = bfl_axis_at(&panel->x, lane->parts[i].from), x2 = bfl_axis_at(&panel->x, lane->parts[i].to);
        bfl_look_bar(sheet->arena, &sheet->body, data->parts[lane->parts[i].key].look, x1, y - thick / 2,
                     fmax(x2 - x1, 1), thick, NULL);
    }
    if (lane->going_on)
        bfl_svg_mark(&sheet->body, "fill c0", BFL_MARK_RIGHT, end + 6, y, fmin(height * 0.28, 4.5), NULL);
    events(sheet, panel, data, lane, y, height);
}

static void grid(bfl_sheet *sheet, const bfl_panel *panel, const bfl_ticks *ticks) {
    for (size_t i = 0; i < ticks->count; i++) {
        double x = bfl_axis_at(&panel->x, ticks->items[i]);
        bool start = fabs(ticks->items[i]) < 0.5;
        bfl_svg_line(&sheet->body, start ? "axis" : "grid", x, panel->top, x, panel->bottom);
    }
}

/* What occurs, therapies in one row and events in the next. */
static void legend(bfl_sheet *sheet, const bfl_swimmer *data) {
    bool *parts = BFL_NEW_ARRAY(sheet->arena, data->part_count + 1, bool);
    bool *happened = BFL_NEW_ARRAY(sheet->arena, data->event_count + 1, bool);
    bfl_key *keys = BFL_NEW_ARRAY(sheet->arena, data->event_count + 1, bfl_key);
    for (size_t i = 0; i < data->count; i++) {
        const bfl_lane *lane = &data->lanes[i];
        for (size_t k = 0; k < lane->part_count; k++) parts[lane->parts[k].key] = true;
        for (size_t k = 0; k < lane->event_count; k++) happened[lane->events[k].key] = true;
        if (lane->going_on) happened[data->event_count] = true;
    }
    for (size_t i = 0; i < data->event_count; i++) keys[i] = data->events[i];
    keys[data->event_count] =
        (bfl_key){.kind = BFL_KEY_MARK, .look = BFL_LOOK_INK, .mark = BFL_MARK_RIGHT, .name = data->going_on};
    bfl_sheet_legend_used(sheet, data->parts, parts, data->part_count);
    bfl_sheet_legend_used(sheet, keys, happened, data->event_count + 1);
}

bfl_sheet *bfl_swimmer_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_swimmer *data) {
    bfl_sheet *sheet = bfl_sheet_begin(arena, caption);
    if (data->count == 0) {
        bfl_sheet_nothing(sheet, data->nothing);
        bfl_sheet_end(sheet, caption);
        return sheet;
    }
    legend(sheet, data);
    double height = fmin(fmax(ROOM / (double)data->count, shortest), TALLEST);
    if (height < LEAST_NAMED && ROOM / (double)data->count > LEAST_NAMED * 0.6) height = LEAST_NAMED;
    bfl_panel panel = panel_for(sheet, data, height);
    bfl_time_unit unit = bfl_time_unit_for(panel.x.to - panel.x.from);
    bfl_ticks ticks = bfl_ticks_time(arena, panel.x.from, panel.x.to, TICKS, unit);
    grid(sheet, &panel, &ticks);
    const bfl_lane **lanes = sorted(arena, data);
    for (size_t i = 0; i < data->count; i++)
        draw_lane(sheet, &panel, data, lanes[i], panel.top + 3 + ((double)i + 0.5) * height, height);
    bfl_panel_time_axis(sheet, &panel, &ticks, unit, data->axis);
    sheet->y = panel.bottom + 38;
    bfl_sheet_end(sheet, caption);
    return sheet;
}
