/* SPDX-License-Identifier: Apache-2.0 */
/* The reliability plot and the decision curve as drawings. */
#include "evaluate/trace.h"

#include "figure/figure.h"

enum {
    HEIGHT_SIZE = 360,
    LEFT_SIZE = 70,
    RIGHT_SIZE = 60,
    TOP_SIZE = 30,
    BOTTOM_SIZE = 48,
    DOT_SIZE = 5,
    TICKS_SIZE = 6
};

static bfl_panel field(bfl_sheet *sheet, double y_from, double y_to) {
    bfl_panel panel = {.left = LEFT_SIZE, .right = sheet->width - RIGHT_SIZE, .top = sheet->y + TOP_SIZE};
    panel.bottom = panel.top + HEIGHT_SIZE;
    panel.x = (bfl_axis){0, 100, panel.left, panel.right, false};
    panel.y = (bfl_axis){y_from, y_to, panel.bottom, panel.top, false};
    return panel;
}

static void axes(bfl_sheet *sheet, const bfl_panel *panel, const char *x_name, const char *suffix, const char *y_name) {
    bfl_ticks x = bfl_ticks_linear(sheet->arena, panel->x.from, panel->x.to, TICKS_SIZE);
    bfl_ticks y = bfl_ticks_linear(sheet->arena, panel->y.from, panel->y.to, TICKS_SIZE);
    bfl_panel_y_axis(sheet, panel, &y, suffix, y_name);
    bfl_panel_time_axis(sheet, panel, &x, (bfl_time_unit){"percent", 1}, x_name);
    sheet->y = panel->bottom + BOTTOM_SIZE;
}

static void line(bfl_sheet *sheet, const bfl_panel *panel, bfl_look look, const double *x, const double *y,
                 size_t count) {
    double *xs = BFL_NEW_ARRAY(sheet->arena, count, double), *ys = BFL_NEW_ARRAY(sheet->arena, count, double);
    for (size_t i = 0; i < count; i++) {
        xs[i] = bfl_axis_at(&panel->x, x[i]);
        ys[i] = bfl_axis_at(&panel->y, y[i]);
    }
    bfl_svg_path(&sheet->body, bfl_look_class(sheet->arena, "line", look), xs, ys, NULL, count);
}

/* ---- reliability ---- */

static void bin_mark(bfl_sheet *sheet, const bfl_panel *panel, const bfl_key *key, const bfl_eval_bin *bin) {
    if (!bin->count || !bin->observed.present) return;
    double x = bfl_axis_at(&panel->x, 100 * bin->expected), y = bfl_axis_at(&panel->y, 100 * bin->observed.value);
    if (bin->observed.has_interval)
        bfl_svg_line(&sheet->body, bfl_look_class(sheet->arena, "line", key->look), x,
                     bfl_axis_at(&panel->y, 100 * bin->observed.low), x,
                     bfl_axis_at(&panel->y, 100 * bin->observed.high));
    bfl_look_mark_at(sheet->arena, &sheet->body, key, x, y, DOT_SIZE,
                     bfl_arena_printf(sheet->arena, "%llu of %llu questions", (unsigned long long)bin->progressions,
                                      (unsigned long long)bin->count));
}

static void reliability(bfl_sheet *sheet, const bfl_evaluation *e) {
    const bfl_key keys[] = {
        {BFL_KEY_LINE_MARK, BFL_LOOK_INK, bfl_look_mark(BFL_LOOK_INK), "observed, with its interval"},
        {BFL_KEY_LINE, BFL_LOOK_GREY, BFL_MARK_DOT, "as foretold"}};
    bfl_sheet_legend(sheet, keys, sizeof keys / sizeof *keys);
    bfl_panel panel = field(sheet, 0, 100);
    axes(sheet, &panel, "Probability of progression", " %", "Progressed");
    const double ends[] = {0, 100};
    line(sheet, &panel, BFL_LOOK_GREY, ends, ends, 2);
    for (size_t i = 0; i < e->bin_count; i++) bin_mark(sheet, &panel, &keys[0], &e->bins[i]);
}

/* ---- decision curve ---- */

static double at(const bfl_eval_threshold *t, size_t which) {
    static const bfl_eval_method methods[] = {BFL_EVAL_RECIST, BFL_EVAL_IRECIST, BFL_EVAL_PCWG3, BFL_EVAL_MDA,
                                              BFL_EVAL_ALP};
    if (which == 0) return t->boneflare;
    if (which == 1) return t->methods[BFL_EVAL_BONEFLARE];
    return which - 2 < sizeof methods / sizeof *methods ? t->methods[methods[which - 2]] : t->stop_all;
}

static void decision_curve(bfl_sheet *sheet, const bfl_evaluation *e) {
    static const char *const names[] = {
        "boneflare, probability", "boneflare, state", "RECIST 1.1", "iRECIST", "PCWG3", "MDA",
        "ALP direction",          "always stop"};
    enum { COUNT = sizeof names / sizeof *names };
    bfl_key keys[COUNT];
    double most = 0;
    for (size_t i = 0; i < e->curve_count; i++)
        for (size_t k = 0; k < COUNT; k++)
            if (at(&e->curve[i], k) > most) most = at(&e->curve[i], k);
    for (size_t k = 0; k < COUNT; k++) keys[k] = (bfl_key){BFL_KEY_LINE, bfl_look_of(k), BFL_MARK_DOT, names[k]};
    bfl_sheet_legend(sheet, keys, COUNT);
    bfl_panel panel = field(sheet, -100 * most, most > 0 ? 100 * most : 1); /* losses below that run along the bottom */
    axes(sheet, &panel, "Probability at which to stop", "", "Net benefit, true stops a hundred questions");
    double *x = BFL_NEW_ARRAY(sheet->arena, e->curve_count, double),
           *y = BFL_NEW_ARRAY(sheet->arena, e->curve_count, double);
    for (size_t k = 0; k < COUNT; k++) {
        for (size_t i = 0; i < e->curve_count; i++) {
            x[i] = 100 * e->curve[i].probability;
            y[i] = 100 * at(&e->curve[i], k);
        }
        line(sheet, &panel, keys[k].look, x, y, e->curve_count);
    }
}

void bfl_eval_draw(bfl_buf *out, const bfl_evaluation *e, bool curve) {
    bfl_arena *arena = out->arena;
    const bfl_eval_group *all = &e->groups[0];
    bfl_caption caption = {
        .id = curve ? "decision-curve" : "reliability",
        .title = curve ? "Decision curve" : "Reliability of the probability of progression",
        .subtitle = bfl_arena_printf(arena, "%llu question%s in %llu patient%s", (unsigned long long)all->questions,
                                     all->questions == 1 ? "" : "s", (unsigned long long)all->asked,
                                     all->asked == 1 ? "" : "s"),
        .description = curve ? "Net benefit of each method by the probability at which the drug would be stopped"
                             : "Share of questions at which bone had progressed, by the probability that was given",
        .note = curve ? "Never stopping lies at 0."
                      : "Bins of equal width; a mark stands at the mean probability of its bin."};
    bfl_sheet *sheet = bfl_sheet_begin(arena, &caption);
    if (all->questions == 0)
        bfl_sheet_nothing(sheet, "There is no question.");
    else if (curve)
        decision_curve(sheet, e);
    else
        reliability(sheet, e);
    bfl_sheet_end(sheet, &caption);
    bfl_sheet_write(sheet, out, true);
}
