/* SPDX-License-Identifier: Apache-2.0 */
/* Step curves: survival by Kaplan and Meier, cumulative incidence by Aalen and Johansen. Bands, censoring, numbers at risk. */
#include "figure/drawing.h"

#include <math.h>

enum { HEIGHT = 290, MOST_LEFT = 203, LEAST_LEFT = 58, RESULT_LINE = 16, MOST_TICKS = 11, MANY = 150 };

typedef BFL_LIST(double) numbers;

/* The corners of a step curve: constant until the next time, then down or up. */
static void corners(bfl_arena *arena, const bfl_curves *data, const bfl_curve *curve, const bfl_panel *panel,
                    numbers *x, numbers *y) {
    double value = data->rising ? 0 : 1;
    *BFL_PUSH(arena, x) = bfl_axis_at(&panel->x, 0);
    *BFL_PUSH(arena, y) = bfl_axis_at(&panel->y, value);
    for (size_t i = 0; i < curve->count; i++) {
        *BFL_PUSH(arena, x) = bfl_axis_at(&panel->x, curve->steps[i].time);
        *BFL_PUSH(arena, y) = bfl_axis_at(&panel->y, value);
        if (curve->steps[i].value == value) continue; // lint: the same stored number, not a computed one
        value = curve->steps[i].value;
        *BFL_PUSH(arena, x) = bfl_axis_at(&panel->x, curve->steps[i].time);
        *BFL_PUSH(arena, y) = bfl_axis_at(&panel->y, value);
    }
}

/* The band over one unbroken stretch of steps [first, last): along the upper limit, and back along the lower. */
static void band_stretch(bfl_sheet *sheet, const bfl_curve *curve, const bfl_panel *panel, size_t first, size_t last) {
    numbers x = {0}, y = {0};
    double end = bfl_axis_at(&panel->x, curve->steps[last < curve->count ? last : curve->count - 1].time);
    for (size_t i = first; i < last; i++) {
        double from = bfl_axis_at(&panel->x, curve->steps[i].time);
        double to = i + 1 < last ? bfl_axis_at(&panel->x, curve->steps[i + 1].time) : end;
        double high = bfl_axis_at(&panel->y, curve->steps[i].high);
        *BFL_PUSH(sheet->arena, &x) = from, *BFL_PUSH(sheet->arena, &y) = high;
        *BFL_PUSH(sheet->arena, &x) = to, *BFL_PUSH(sheet->arena, &y) = high;
    }
    for (size_t i = last; i-- > first;) {
        double from = bfl_axis_at(&panel->x, curve->steps[i].time);
        double to = i + 1 < last ? bfl_axis_at(&panel->x, curve->steps[i + 1].time) : end;
        double low = bfl_axis_at(&panel->y, curve->steps[i].low);
        *BFL_PUSH(sheet->arena, &x) = to, *BFL_PUSH(sheet->arena, &y) = low;
        *BFL_PUSH(sheet->arena, &x) = from, *BFL_PUSH(sheet->arena, &y) = low;
    }
    bfl_svg_area(&sheet->body, bfl_arena_printf(sheet->arena, "band c%d", (int)curve->look), x.items, y.items, x.count);
}

static void band(bfl_sheet *sheet, const bfl_curve *curve, const bfl_panel *panel) {
    for (size_t i = 0; i < curve->count;) {
        size_t end = i;
        while (end < curve->count && curve->steps[end].banded) end++;
        if (end > i) band_stretch(sheet, curve, panel, i, end);
        i = end > i ? end : i + 1;
    }
}

/* A tick for each censored time; of very many those that stand apart, or they would be a second line. */
static void censor_ticks(bfl_sheet *sheet, const bfl_curve *curve, const bfl_panel *panel) {
    numbers x = {0}, y = {0};
    double before = -9;
    bool many = curve->count > MANY;
    double half = many ? 3 : 4.5;
    bool *gap = BFL_NEW_ARRAY(sheet->arena, 2 * curve->count + 1, bool);
    for (size_t i = 0; i < curve->count; i++) {
        double at = bfl_axis_at(&panel->x, curve->steps[i].time);
        if (!curve->steps[i].censored || (many && at - before < 3)) continue;
        before = at;
        double middle = bfl_axis_at(&panel->y, curve->steps[i].value);
        gap[x.count] = true;
        *BFL_PUSH(sheet->arena, &x) = at, *BFL_PUSH(sheet->arena, &y) = middle - half;
        *BFL_PUSH(sheet->arena, &x) = at, *BFL_PUSH(sheet->arena, &y) = middle + half;
    }
    bfl_svg_path(&sheet->body, bfl_arena_printf(sheet->arena, "tick c%d", (int)curve->look), x.items, y.items, gap,
                 x.count);
}

static void median(bfl_sheet *sheet, const bfl_curve *curve, const bfl_panel *panel) {
    if (!curve->has_median || curve->median > panel->x.to) return;
    double x = bfl_axis_at(&panel->x, curve->median), y = bfl_axis_at(&panel->y, 0.5);
    bfl_svg_line(&sheet->body, "mid", panel->left, y, x, y);
    bfl_svg_line(&sheet->body, "mid", x, y, x, panel->bottom);
}

static void draw_curve(bfl_sheet *sheet, const bfl_curves *data, const bfl_curve *curve, const bfl_panel *panel) {
    numbers x = {0}, y = {0};
    corners(sheet->arena, data, curve, panel, &x, &y);
    bfl_svg_path(&sheet->body, bfl_look_class(sheet->arena, "line", curve->look), x.items, y.items, NULL, x.count);
    censor_ticks(sheet, curve, panel);
}

static double last_time(const bfl_curves *data) {
    double last = data->tick_count ? data->ticks[data->tick_count - 1] : 1;
    for (size_t i = 0; i < data->count; i++)
        if (data->curves[i].count) last = fmax(last, data->curves[i].steps[data->curves[i].count - 1].time);
    return last;
}

/* Survival always from 0 to 1; incidences as high as they get. */
static double top_value(const bfl_curves *data) {
    double most = data->rising ? 0.1 : 1;
    for (size_t i = 0; i < data->count; i++)
        for (size_t k = 0; k < data->curves[i].count; k++) {
            const bfl_curve_step *step = &data->curves[i].steps[k];
            most = fmax(most, step->banded ? step->high : step->value);
        }
    return fmin(ceil(most * 10 - 1e-9) / 10, 1);
}

static void legend(bfl_sheet *sheet, const bfl_curves *data) {
    bfl_key *keys = BFL_NEW_ARRAY(sheet->arena, data->count, bfl_key);
    bool censored = false;
    for (size_t i = 0; i < data->count; i++) {
        keys[i] = (bfl_key){.kind = BFL_KEY_LINE, .look = data->curves[i].look, .name = data->curves[i].name};
        for (size_t k = 0; k < data->curves[i].count; k++) censored = censored || data->curves[i].steps[k].censored;
    }
    bfl_sheet_legend(sheet, keys, data->count);
    for (size_t i = 0; i < data->result_count; i++) {
        bfl_lines lines = bfl_svg_wrap(sheet->arena, data->results[i], BFL_TYPE, sheet->width - 2.0 * BFL_SHEET_MARGIN);
        for (size_t k = 0; k < lines.count; k++) {
            sheet->y += RESULT_LINE;
            bfl_svg_text(&sheet->body, "t", BFL_ANCHOR_START, BFL_SHEET_MARGIN, sheet->y - 6, lines.items[k]);
        }
    }
    if (!censored) return;
    sheet->y += RESULT_LINE;
    bfl_svg_line(&sheet->body, "tick c0", BFL_SHEET_MARGIN + 4, sheet->y - 14, BFL_SHEET_MARGIN + 4, sheet->y - 5);
    bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_START, BFL_SHEET_MARGIN + 12, sheet->y - 6, "censored");
}

static void draw(bfl_sheet *sheet, const bfl_curves *data) {
    double left = bfl_counts_left(data->at_risk, data->at_risk_count, MOST_LEFT);
    bfl_panel panel = {
        .left = fmax(left, LEAST_LEFT), .right = sheet->width - BFL_SHEET_MARGIN - 12, .top = sheet->y + 30};
    panel.bottom = panel.top + HEIGHT;
    double last = last_time(data), most = top_value(data);
    panel.x = (bfl_axis){0, last, panel.left, panel.right, false};
    panel.y = (bfl_axis){0, most, panel.bottom, panel.top, false};
    bfl_axis percent = {0, most * 100, panel.bottom, panel.top, false};
    bfl_ticks ticks = bfl_ticks_linear(sheet->arena, 0, most * 100, 5), times = {0};
    for (size_t i = 0; i < data->tick_count; i++) *BFL_PUSH(sheet->arena, &times) = data->ticks[i];
    bfl_time_unit unit = bfl_time_unit_of(data->ticks, data->tick_count, last);
    if (times.count == 0) times = bfl_ticks_time(sheet->arena, 0, last, MOST_TICKS, unit);
    bfl_panel in_percent = panel;
    in_percent.y = percent;
    bfl_panel_y_axis(sheet, &in_percent, &ticks, " %", data->y_axis);
    bfl_panel_time_axis(sheet, &panel, &times, unit, data->x_axis);
    for (size_t i = 0; i < data->count; i++) band(sheet, &data->curves[i], &panel);
    for (size_t i = 0; i < data->count; i++) median(sheet, &data->curves[i], &panel);
    for (size_t i = 0; i < data->count; i++) draw_curve(sheet, data, &data->curves[i], &panel);
    sheet->y = panel.bottom + 40;
    bfl_sheet_counts(sheet, &panel, &times, "Number at risk", data->at_risk, data->at_risk_count);
}

bfl_sheet *bfl_curves_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_curves *data) {
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
