/* SPDX-License-Identifier: Apache-2.0 */
/* Spider: the change of each patient over time. */
#include "figure/drawing.h"

#include <math.h>

enum {
    HEIGHT = 340,
    TICKS = 12,
    RIGHT_ROOM = 92,
    FEW = 12,
    NAME_GAP = 13,
    MANY = 80,
    MOST_STRONG = 25,
    NAMED_IN_NOTE = 6
};
static const double cut_at = 200; /* beyond it one growing tumour would flatten all the others */

static bfl_panel panel_for(const bfl_sheet *sheet, const bfl_spider *data) {
    double from = 0, to = 28, least = -100, most = 40;
    for (size_t i = 0; i < data->count; i++)
        for (size_t k = 0; k < data->strands[i].count; k++) {
            from = fmin(from, data->strands[i].x[k]);
            to = fmax(to, data->strands[i].x[k]);
            most = fmax(most, data->strands[i].y[k]);
        }
    most = fmin(ceil(most / 20) * 20, cut_at);
    bfl_panel panel = {.left = 58, .right = sheet->width - RIGHT_ROOM, .top = sheet->y + 30};
    panel.bottom = panel.top + HEIGHT;
    panel.x = (bfl_axis){from, to, panel.left, panel.right - 6, false};
    panel.y = (bfl_axis){least, most, panel.bottom, panel.top, false};
    return panel;
}

/* Thick lines stand out only while they are few. */
static bool strong_stand_out(const bfl_spider *data) {
    size_t count = 0;
    for (size_t i = 0; i < data->count; i++) count += data->strands[i].strong;
    return count <= MOST_STRONG;
}

static void draw_strand(bfl_sheet *sheet, const bfl_panel *panel, const bfl_spider *data, const bfl_strand *strand,
                        bool strong) {
    const bfl_key *key = &data->keys[strand->key];
    double *x = BFL_NEW_ARRAY(sheet->arena, strand->count, double);
    double *y = BFL_NEW_ARRAY(sheet->arena, strand->count, double);
    for (size_t i = 0; i < strand->count; i++) {
        x[i] = bfl_axis_at(&panel->x, strand->x[i]);
        y[i] = bfl_axis_at(&panel->y, strand->y[i]);
    }
    bool many = data->count > MANY && !strong;
    const char *face = many ? bfl_arena_printf(sheet->arena, "hair c%d", (int)key->look)
                            : bfl_look_class(sheet->arena, strong ? "line" : "thin", key->look);
    bfl_svg_path(&sheet->body, face, x, y, NULL, strand->count);
    double size = strong ? 4 : many ? 1.8 : 3;
    size_t last = strand->count - 1;
    bfl_look_mark_at(sheet->arena, &sheet->body, key, x[last], y[last], size,
                     bfl_arena_printf(sheet->arena, "%s (%s)", strand->name, key->name));
}

typedef struct line_end {
    double y;
    const bfl_strand *strand;
} line_end;

static int by_y(const void *a, const void *b, const void *context) {
    (void)context;
    double x = ((const line_end *)a)->y, y = ((const line_end *)b)->y;
    return (x > y) - (x < y);
}

/* Names at the right, where there are few; a short line leads from each end to its name. */
static void names(bfl_sheet *sheet, const bfl_panel *panel, const bfl_spider *data) {
    line_end *ends = BFL_NEW_ARRAY(sheet->arena, data->count, line_end);
    double *at = BFL_NEW_ARRAY(sheet->arena, data->count, double);
    size_t count = 0;
    for (size_t i = 0; i < data->count; i++)
        if (data->strands[i].count)
            ends[count++] =
                (line_end){bfl_axis_at(&panel->y, data->strands[i].y[data->strands[i].count - 1]), &data->strands[i]};
    bfl_sort(sheet->arena, ends, count, sizeof *ends, by_y, NULL);
    for (size_t i = 0; i < count; i++) at[i] = ends[i].y;
    bfl_labels_spread(at, count, NAME_GAP, panel->top, panel->bottom);
    for (size_t i = 0; i < count; i++) {
        const bfl_strand *strand = ends[i].strand;
        double x = bfl_axis_at(&panel->x, strand->x[strand->count - 1]);
        bfl_svg_line(&sheet->body, "grid", x + 4, ends[i].y, panel->right + 2, at[i]);
        bfl_svg_text(&sheet->body, "small", BFL_ANCHOR_START, panel->right + 5, at[i] + 4,
                     bfl_svg_fit(sheet->arena, strand->name, BFL_TYPE_SMALL, sheet->width - panel->right - 8));
    }
}

static void cut_note(bfl_sheet *sheet, const bfl_panel *panel, const bfl_spider *data, bfl_caption *caption) {
    bfl_buf out = {.arena = sheet->arena};
    size_t cut = 0;
    for (size_t i = 0; i < data->count; i++) {
        double most = 0;
        for (size_t k = 0; k < data->strands[i].count; k++) most = fmax(most, data->strands[i].y[k]);
        if (most <= panel->y.to) continue;
        if (cut < NAMED_IN_NOTE)
            bfl_buf_addf(&out, "%s%s up to +%s %%", cut ? ", " : "", data->strands[i].name,
                         bfl_tick_text(sheet->arena, most, 1));
        cut++;
    }
    if (!cut) return;
    if (cut > NAMED_IN_NOTE) bfl_buf_addf(&out, " and %zu more", cut - NAMED_IN_NOTE);
    caption->note = bfl_arena_printf(sheet->arena, "Lines cut at +%d %%: %s.\n%s", (int)panel->y.to, bfl_buf_z(&out),
                                     caption->note);
}

/* Its name stands at the right, or on the line where the patients' names need the place. */
static void reference(bfl_sheet *sheet, const bfl_panel *panel, const bfl_reference *line, bool on_line) {
    bfl_panel_reference(sheet, panel, line->value, on_line ? "" : line->name);
    if (on_line)
        bfl_svg_text(&sheet->body, "small soft", BFL_ANCHOR_END, panel->right - 4,
                     bfl_axis_at(&panel->y, line->value) - 4,
                     bfl_svg_fit(sheet->arena, line->name, BFL_TYPE_SMALL, panel->right - panel->left));
}

static void draw(bfl_sheet *sheet, const bfl_spider *data, bfl_caption *caption) {
    bfl_panel panel = panel_for(sheet, data);
    bfl_ticks ticks = bfl_ticks_linear(sheet->arena, panel.y.from, panel.y.to, 8);
    bfl_time_unit unit = bfl_time_unit_for(panel.x.to - panel.x.from);
    bfl_ticks times = bfl_ticks_time(sheet->arena, panel.x.from, panel.x.to, TICKS, unit);
    bfl_panel_y_axis(sheet, &panel, &ticks, " %", data->y_axis);
    bfl_panel_time_axis(sheet, &panel, &times, unit, data->x_axis);
    bool few = data->count <= FEW;
    for (size_t i = 0; i < data->reference_count; i++) reference(sheet, &panel, &data->references[i], few);
    bool stand_out = strong_stand_out(data);
    for (int strong = 0; strong < 2; strong++)
        for (size_t i = 0; i < data->count; i++)
            if (data->strands[i].strong == (strong == 1) && data->strands[i].count)
                draw_strand(sheet, &panel, data, &data->strands[i], stand_out && strong == 1);
    if (few) names(sheet, &panel, data);
    sheet->y = panel.bottom + 38;
    cut_note(sheet, &panel, data, caption);
}

bfl_sheet *bfl_spider_draw(bfl_arena *arena, const bfl_caption *caption, const bfl_spider *data) {
    bfl_sheet *sheet = bfl_sheet_begin(arena, caption);
    bfl_caption whole = *caption;
    if (data->count == 0) {
        bfl_sheet_nothing(sheet, data->nothing);
    } else {
        bool *used = BFL_NEW_ARRAY(arena, data->key_count + 1, bool);
        for (size_t i = 0; i < data->count; i++) used[data->strands[i].key] = true;
        bfl_sheet_legend_used(sheet, data->keys, used, data->key_count);
        draw(sheet, data, &whole);
    }
    bfl_sheet_end(sheet, &whole);
    return sheet;
}
