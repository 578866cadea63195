/* SPDX-License-Identifier: Apache-2.0 */
/* Waterfall: the best change of each patient, the largest growth at the left, as trial reports draw it. */
#include "figure/drawing.h"

#include <math.h>

enum {
    HEIGHT = 300,
    WIDEST_BAR = 36,
    CUT_AT = 100,
    NAME_ROOM = 92,
    LEAST_NAMED = 10,
    RIGHT_ROOM = 52,
    NAMED_IN_NOTE = 6
};

static int by_value(const void *a, const void *b, const void *context) {
    (void)context;
    double x = (*(const bfl_bar *const *)a)->value, y = (*(const bfl_bar *const *)b)->value;
    return (x < y) - (x > y);
}

static const bfl_bar **sorted(bfl_arena *arena, const bfl_waterfall *data) {
    const bfl_bar **bars = BFL_NEW_ARRAY(arena, data->count, const bfl_bar *);
    for (size_t i = 0; i < data->count; i++) bars[i] = &data->bars[i];
    bfl_sort(arena, bars, data->count, sizeof *bars, by_value, NULL);
    return bars;
}

/* From -100 to what the bars and lines need, at most +100. */
static bfl_panel panel_for(const bfl_sheet *sheet, const bfl_waterfall *data) {
    double most = 20;
    for (size_t i = 0; i < data->count; i++) most = fmax(most, data->bars[i].value);
    for (size_t i = 0; i < data->reference_count; i++) most = fmax(most, data->references[i].value + 10);
    most = fmin(ceil(most / 20) * 20, CUT_AT);
    bfl_panel panel = {.left = 58, .right = sheet->width - RIGHT_ROOM, .top = sheet->y + 30};
    panel.bottom = panel.top + HEIGHT;
    panel.y = (bfl_axis){-100, most, panel.bottom, panel.top, false};
    return panel;
}

static const char *said(bfl_sheet *sheet, const bfl_bar *bar) {
    return bfl_arena_printf(sheet->arena, "%s %s%s %%", bar->name, bar->value > 0 ? "+" : "",
                            bfl_tick_text(sheet->arena, bar->value, 0.1));
}

static void draw_bar(bfl_sheet *sheet, const bfl_panel *panel, const bfl_waterfall *data, const bfl_bar *bar, double x,
                     double width) {
    double zero = bfl_axis_at(&panel->y, 0), end = bfl_axis_at(&panel->y, bar->value);
    double top = fmin(zero, end), height = fmax(fabs(zero - end), 1.5);
    bool cut = bar->value > panel->y.to;
    const bfl_key *key = &data->keys[bar->category];
    const char *title = bfl_arena_printf(sheet->arena, "%s (%s)", said(sheet, bar), key->name);
    bfl_look_bar(sheet->arena, &sheet->body, key->look, x, top, width, height, title);
    if (!cut) return;
    bfl_svg_rect(&sheet->body, "paper", x - 1, top + 8, width + 2, 3, 0, NULL); /* a gap: the bar goes on */
    bfl_svg_rect(&sheet->body, "paper", x - 1, top + 14, width + 2, 3, 0, NULL);
}

static void draw_flag(bfl_sheet *sheet, const bfl_key *flag, double x, double width, double y) {
    double size = fmin(fmax(width * 0.42, 1.4), 5);
    bfl_svg_mark(&sheet->body, bfl_arena_printf(sheet->arena, "mark c%d", (int)flag->look), flag->mark, x + width / 2,
                 y, size, NULL);
}

static void names(bfl_sheet *sheet, const bfl_bar *const *bars, size_t count, double left, double step) {
    double longest = 0, size = step >= BFL_TYPE_SMALL + 2 ? BFL_TYPE_SMALL : BFL_TYPE_TINY;
    for (size_t i = 0; i < count; i++) {
        const char *name = bfl_svg_fit(sheet->arena, bars[i]->name, size, NAME_ROOM);
        longest = fmax(longest, bfl_svg_text_width(name, size));
        bfl_svg_text_up(&sheet->body, size < BFL_TYPE_SMALL ? "tiny soft" : "small soft", BFL_ANCHOR_END,
                        left + ((double)i + 0.5) * step + size * 0.36, sheet->y, name);
    }
    sheet->y += longest + 4;
}

/* Bars that are cut, the first few by name. */
static void cut_note(bfl_sheet *sheet, const bfl_panel *panel, const bfl_bar *const *bars, size_t count,
                     bfl_caption *caption) {
    bfl_buf out = {.arena = sheet->arena};
    size_t cut = 0;
    for (size_t i = 0; i < count && bars[i]->value > panel->y.to; i++, cut++)
        if (cut < NAMED_IN_NOTE) bfl_buf_addf(&out, "%s%s", cut ? ", " : "", said(sheet, bars[i]));
    if (!cut) return;
    if (cut > NAMED_IN_NOTE) bfl_buf_addf(&out, " and %zu more", cut - NAMED_IN_NOTE);
    caption->note =
        bfl_arena_printf(sheet->arena, "Bars cut at +%d %%: %s.\n%s", (int)panel->y.to, bfl_buf_z(&out), caption->note);
}

static bool any_flag(const bfl_waterfall *data) {
    bool any = false;
    for (size_t i = 0; i < data->count; i++) any = any || data->bars[i].flagged;
    return any && data->flag;
}

static void draw(bfl_sheet *sheet, const bfl_waterfall *data, bfl_caption *caption) {
    const bfl_bar **bars = sorted(sheet->arena, data);
    bfl_panel panel = panel_for(sheet, data);
    bfl_ticks ticks = bfl_ticks_linear(sheet->arena, panel.y.from, panel.y.to, 8);
    bfl_panel_y_axis(sheet, &panel, &ticks, " %", data->axis);
    double step = fmin((panel.right - panel.left) / (double)data->count, WIDEST_BAR);
    double gap = step > 4 ? step * 0.14 : step > 2 ? 0.4 : 0;
    for (size_t i = 0; i < data->count; i++)
        draw_bar(sheet, &panel, data, bars[i], panel.left + (double)i * step + gap / 2, step - gap);
    double zero = bfl_axis_at(&panel.y, 0);
    bfl_svg_line(&sheet->body, "axis", panel.left, zero, panel.right, zero);
    for (size_t i = 0; i < data->reference_count; i++)
        bfl_panel_reference(sheet, &panel, data->references[i].value, data->references[i].name);
    sheet->y = panel.bottom + 8;
    if (any_flag(data)) {
        sheet->y += 8;
        bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_END, panel.left - 6, sheet->y + 4,
                     bfl_svg_fit(sheet->arena, data->flag->name, BFL_TYPE_SMALL, panel.left - 8));
        for (size_t i = 0; i < data->count; i++)
            if (bars[i]->flagged)
                draw_flag(sheet, data->flag, panel.left + (double)i * step + gap / 2, step - gap, sheet->y);
        sheet->y += 10;
    }
    if (step >= LEAST_NAMED) names(sheet, bars, data->count, panel.left, step);
    cut_note(sheet, &panel, bars, data->count, caption);
}

static void legend(bfl_sheet *sheet, const bfl_waterfall *data) {
    bfl_key *keys = BFL_NEW_ARRAY(sheet->arena, data->key_count + 1, bfl_key);
    bool *used = BFL_NEW_ARRAY(sheet->arena, data->key_count + 1, bool);
    for (size_t i = 0; i < data->key_count; i++) keys[i] = data->keys[i];
    if (data->flag) keys[data->key_count] = *data->flag;
    for (size_t i = 0; i < data->count; i++) {
        used[data->bars[i].category] = true;
        used[data->key_count] = used[data->key_count] || (data->flag && data->bars[i].flagged);
    }
    bfl_sheet_legend_used(sheet, keys, used, data->key_count + 1);
}

bfl_sheet *bfl_waterfall_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_waterfall *data) {
    bfl_sheet *sheet = bfl_sheet_begin(arena, caption);
    bfl_caption whole = *caption;
    if (data->count == 0) {
        bfl_sheet_nothing(sheet, data->nothing);
    } else {
        legend(sheet, data);
        draw(sheet, data, &whole);
    }
    bfl_sheet_end(sheet, &whole);
    return sheet;
}
