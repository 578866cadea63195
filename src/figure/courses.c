/* SPDX-License-Identifier: Apache-2.0 */
/* Courses of groups: median and quartiles at planned times, side by side so that no bar hides another, and how many were measured. */
#include "figure/drawing.h"

#include <math.h>

enum { HEIGHT = 290, MOST_LEFT = 205, LEAST_LEFT = 64, DODGE = 7, TICKS = 7 };
static const double log_from_ratio = 6;

static bfl_axis y_axis(const bfl_courses *data, const bfl_panel *panel) {
    double least = data->reference ? data->reference->value : 1e9, most = data->reference ? least : 0, positive = least;
    for (size_t i = 0; i < data->count; i++)
        for (size_t k = 0; k < data->day_count; k++) {
            const bfl_course_time *t = &data->lines[i].times[k];
            if (!t->present) continue;
            least = fmin(least, t->low);
            most = fmax(most, t->high);
            if (t->low > 0) positive = fmin(positive, t->low);
        }
    if (least > 0 && most / least > log_from_ratio)
        return (bfl_axis){positive * 0.9, most * 1.1, panel->bottom, panel->top, true};
    double air = fmax((most - least) * 0.08, 5);
    return (bfl_axis){fmax(least - air, fmin(least, 0)), most + air, panel->bottom, panel->top, false};
}

/* Where a line stands beside its day. */
static double beside(const bfl_courses *data, const bfl_panel *panel, size_t line, size_t time) {
    double apart = data->day_count > 1 ? (panel->x.at_to - panel->x.at_from) / (double)(data->day_count - 1) : 1e9;
    double step = fmin(DODGE, apart * 0.5 / (double)data->count);
    return bfl_axis_at(&panel->x, data->days[time]) + ((double)line - (double)(data->count - 1) / 2) * step;
}

static void draw_line(bfl_sheet *sheet, const bfl_panel *panel, const bfl_courses *data, size_t line) {
    const bfl_course_line *l = &data->lines[line];
    double *x = BFL_NEW_ARRAY(sheet->arena, data->day_count, double);
    double *y = BFL_NEW_ARRAY(sheet->arena, data->day_count, double);
    const char *tick = bfl_arena_printf(sheet->arena, "tick c%d", (int)l->look);
    size_t count = 0;
    for (size_t k = 0; k < data->day_count; k++) {
        const bfl_course_time *t = &l->times[k];
        if (!t->present) continue;
        x[count] = beside(data, panel, line, k);
        y[count] = bfl_axis_at(&panel->y, t->middle);
        double high = bfl_axis_at(&panel->y, t->high), low = bfl_axis_at(&panel->y, t->low);
        bfl_svg_line(&sheet->body, tick, x[count], high, x[count], low);
        bfl_svg_line(&sheet->body, tick, x[count] - 2.5, high, x[count] + 2.5, high);
        bfl_svg_line(&sheet->body, tick, x[count] - 2.5, low, x[count] + 2.5, low);
        count++;
    }
    bfl_svg_path(&sheet->body, bfl_look_class(sheet->arena, "line", l->look), x, y, NULL, count);
    for (size_t k = 0; k < count; k++)
        bfl_svg_mark(&sheet->body, bfl_arena_printf(sheet->arena, "mark c%d", (int)l->look), bfl_look_mark(l->look),
                     x[k], y[k], 4.2, NULL);
}

static bfl_count_row *counts(bfl_arena *arena, const bfl_courses *data, const bfl_key *keys) {
    bfl_count_row *rows = BFL_NEW_ARRAY(arena, data->count, bfl_count_row);
    for (size_t i = 0; i < data->count; i++) {
        uint64_t *n = BFL_NEW_ARRAY(arena, data->day_count, uint64_t);
        for (size_t k = 0; k < data->day_count; k++) n[k] = data->lines[i].times[k].n;
        rows[i] = (bfl_count_row){data->lines[i].name, &keys[i], n};
    }
    return rows;
}

static void draw(bfl_sheet *sheet, const bfl_courses *data, const bfl_key *keys) {
    bfl_count_row *rows = counts(sheet->arena, data, keys);
    bfl_panel panel = {.left = fmax(bfl_counts_left(rows, data->count, MOST_LEFT), LEAST_LEFT),
                       .right = sheet->width - 60,
                       .top = sheet->y + 30};
    panel.bottom = panel.top + HEIGHT;
    double first = data->days[0], last = fmax(data->days[data->day_count - 1], first + 1);
    panel.x = (bfl_axis){first, last, panel.left + 16, panel.right - 16, false};
    panel.y = y_axis(data, &panel);
    bfl_ticks ticks = panel.y.log ? bfl_ticks_log(sheet->arena, panel.y.from, panel.y.to, 2 * TICKS)
                                  : bfl_ticks_linear(sheet->arena, panel.y.from, panel.y.to, TICKS);
    bfl_ticks times = {0};
    for (size_t k = 0; k < data->day_count; k++) *BFL_PUSH(sheet->arena, &times) = data->days[k];
    bfl_panel_y_axis(sheet, &panel, &ticks, data->suffix, data->y_axis);
    bfl_panel_time_axis(sheet, &panel, &times, (bfl_time_unit){"days", 1}, data->x_axis);
    if (data->reference) bfl_panel_reference(sheet, &panel, data->reference->value, data->reference->name);
    for (size_t i = 0; i < data->count; i++) draw_line(sheet, &panel, data, i);
    sheet->y = panel.bottom + 40;
    bfl_sheet_counts(sheet, &panel, &times, "Number measured", rows, data->count);
}

bfl_sheet *bfl_courses_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_courses *data) {
    bfl_sheet *sheet = bfl_sheet_begin(arena, caption);
    bool any = false;
    for (size_t i = 0; i < data->count; i++)
        for (size_t k = 0; k < data->day_count; k++) any = any || data->lines[i].times[k].present;
    if (!any) {
        bfl_sheet_nothing(sheet, data->nothing);
    } else {
        bfl_key *keys = BFL_NEW_ARRAY(arena, data->count, bfl_key);
        for (size_t i = 0; i < data->count; i++)
            keys[i] = (bfl_key){.kind = BFL_KEY_LINE_MARK,
                                .look = data->lines[i].look,
                                .mark = bfl_look_mark(data->lines[i].look),
                                .name = data->lines[i].name};
        bfl_sheet_legend(sheet, keys, data->count);
        draw(sheet, data, keys);
    }
    bfl_sheet_end(sheet, caption);
    return sheet;
}
