/* SPDX-License-Identifier: Apache-2.0 */
/* Curves of the timeline: sum of diameters, markers as multiples of their upper limit, probability of flare. */
#include "report/timeline.h"
#include "rules/rules.h"

#include <math.h>
#include <string.h>

enum {
    SUM_HEIGHT = 92,
    COURSE_HEIGHT = 190,
    CHANCE_HEIGHT = 84,
    PLOT_GAP = 26,
    MOST_SERIES = 6,
    NAME_GAP = 15,
    MANY_POINTS = 12
};

/* The frame of a plot: name at the left, ticks with their lines. */
static void y_tick(bfl_timeline *t, const bfl_axis *y, double value, const char *label) {
    double at = bfl_axis_at(y, value);
    bfl_svg_line(&t->body, "ygrid", t->left, at, t->right, at);
    bfl_svg_text(&t->body, "tick", BFL_ANCHOR_END, t->left - 6, at + 4, label);
}

static const char *number(bfl_timeline *t, double value, int places) {
    bfl_buf out = {.arena = t->arena};
    bfl_buf_double(&out, value, places);
    return bfl_buf_z(&out);
}

/* ---- sum of diameters ---- */

static bfl_mark response_mark(bfl_response response) {
    if (response == BFL_RESPONSE_PD) return BFL_MARK_UP;
    return response == BFL_RESPONSE_CR || response == BFL_RESPONSE_PR ? BFL_MARK_DOWN : BFL_MARK_DOT;
}

/* "32" and under it "-60 %", to the right of the mark, where a falling line leaves room; none where the last still stands. */
static void sum_label(bfl_timeline *t, const bfl_recist_visit *v, double x, double y, double *taken) {
    if (x - 4 < *taken) return;
    const char *value = bfl_say_maybe(t->arena, v->sum_mm);
    bool changed = v->change_percent.present && !v->baseline;
    const char *change = changed ? bfl_say_change(t->arena, v->change_percent) : "";
    double width = fmax(bfl_svg_text_width(value, TIMELINE_SMALL), bfl_svg_text_width(change, TIMELINE_SMALL));
    bool at_end = x + width > t->right;
    bfl_anchor anchor = at_end ? BFL_ANCHOR_END : BFL_ANCHOR_START;
    double left = at_end ? x - 7 : x - 3;
    bfl_svg_text(&t->body, "label halo", anchor, left, y - (changed ? 22 : 9), value);
    if (changed) bfl_svg_text(&t->body, "label halo sub", anchor, left, y - 9, change);
    *taken = x + width;
}

static void limit_line(bfl_timeline *t, const bfl_axis *y, const bfl_criteria *c) {
    const bfl_rule *rule = bfl_rulebook_find(t->page->rulebook, "recist11.target.pr");
    bfl_maybe percent = rule ? bfl_rule_value(rule, "decrease_percent") : (bfl_maybe){0};
    const bfl_recist_visit *base = NULL;
    for (size_t i = 0; i < c->visit_count && !base; i++)
        if (c->visits[i].baseline && c->visits[i].sum_mm.present) base = &c->visits[i];
    if (!percent.present || !base) return;
    double value = bfl_decimal_double(base->sum_mm.value) * (1 - bfl_decimal_double(percent.value) / 100);
    double at = bfl_axis_at(y, value);
    bfl_svg_line(&t->body, "limit", t->left, at, t->right, at);
    bfl_svg_text(&t->body, "limitname", BFL_ANCHOR_START, t->right + 8, at + 4,
                 bfl_arena_printf(t->arena, "\xE2\x88\x92%s %%: PR", bfl_say_maybe(t->arena, percent)));
}

void bfl_timeline_sums(bfl_timeline *t) {
    const bfl_criteria *c = t->page->a->criteria;
    double *xs = BFL_NEW_ARRAY(t->arena, c->visit_count + 1, double),
           *ys = BFL_NEW_ARRAY(t->arena, c->visit_count + 1, double);
    const bfl_recist_visit **visits = BFL_NEW_ARRAY(t->arena, c->visit_count + 1, const bfl_recist_visit *);
    size_t count = 0;
    double highest = 0;
    for (size_t i = 0; i < c->visit_count; i++) {
        const bfl_recist_visit *v = &c->visits[i];
        if (!v->sum_mm.present || !bfl_timeline_shows(t, v->day)) continue;
        highest = fmax(highest, bfl_decimal_double(v->sum_mm.value));
        visits[count++] = v;
    }
    if (count == 0 || highest <= 0) return;
    t->y += 12;
    bfl_axis y = {0, highest * 1.15, t->y + SUM_HEIGHT, t->y, false};
    bfl_timeline_name(t, t->plain ? "Size of the" : "Sum of", t->y + 12);
    bfl_timeline_name(t, t->plain ? "measured spots" : "diameters", t->y + 28);
    bfl_timeline_subname(t, "mm", t->y + 44);
    bfl_ticks ticks = bfl_ticks_linear(t->arena, 0, highest * 1.1, 3);
    for (size_t i = 0; i < ticks.count; i++) y_tick(t, &y, ticks.items[i], number(t, ticks.items[i], 0));
    if (!t->plain) limit_line(t, &y, c);
    for (size_t i = 0; i < count; i++) {
        xs[i] = bfl_timeline_x(t, visits[i]->day);
        ys[i] = bfl_axis_at(&y, bfl_decimal_double(visits[i]->sum_mm.value));
    }
    bfl_svg_path(&t->body, "sum", xs, ys, NULL, count);
    double taken = 0;
    for (size_t i = 0; i < count; i++) {
        bfl_svg_mark(&t->body, "sumdot", response_mark(visits[i]->target), xs[i], ys[i], 4.5,
                     bfl_arena_printf(t->arena, "%s: %s mm", bfl_say_day(t->arena, t->record, visits[i]->day),
                                      bfl_say_maybe(t->arena, visits[i]->sum_mm)));
        sum_label(t, visits[i], xs[i], ys[i], &taken);
    }
    t->y += SUM_HEIGHT + PLOT_GAP;
}

/* ---- markers ---- */

typedef struct series {
    const bfl_marker *marker;
    int rank;
    double *x, *value;
    size_t count;
    int32_t last_day;
    double name_at;
} series;

static bool ever_above(const bfl_marker *m) {
    for (size_t i = 0; i < m->point_count; i++)
        if (m->points[i].above_range) return true;
    return false;
}

static bool ever_below(const bfl_marker *m) {
    for (size_t i = 0; i < m->point_count; i++)
        if (m->points[i].below_range) return true;
    return false;
}

static int rank_of_role(const char *role, bool out_of_range) {
    static const struct {
        const char *role;
        int out_of_range, within;
    } ranks[] = {{"bone", 80, 80}, {"liver", 70, 20}, {"calcium", 60, 60}, {"tumour", 50, 10}};
    for (size_t i = 0; i < sizeof ranks / sizeof *ranks; i++)
        if (strcmp(role, ranks[i].role) == 0) return out_of_range ? ranks[i].out_of_range : ranks[i].within;
    return out_of_range ? 40 : 0;
}

/* Which courses are worth a line: ALP, bone markers, the patient's own marker, what left its range. 0 = not drawn. */
static int rank_of(const bfl_marker *m, bool plain) {
    if (strcmp(m->analyte->id, "ALP") == 0) return 100;
    if (m->own) return 90;
    bool out_of_range = ever_above(m) || ever_below(m);
    bool computed_once = m->point_count == 1 && m->points[0].derived; /* a share of another value, shown in the table */
    if (plain || computed_once || (m->point_count < 2 && !out_of_range)) return 0;
    return rank_of_role(m->analyte->role ? m->analyte->role : "", out_of_range);
}

static series series_of(bfl_timeline *t, const bfl_marker *m) {
    series s = {.marker = m, .rank = rank_of(m, t->plain)};
    s.x = BFL_NEW_ARRAY(t->arena, m->point_count + 1, double);
    s.value = BFL_NEW_ARRAY(t->arena, m->point_count + 1, double);
    for (size_t i = 0; i < m->point_count; i++) {
        const bfl_marker_point *p = &m->points[i];
        double value = p->x_uln.present ? bfl_decimal_double(p->x_uln.value) : 0;
        if (value <= 0 || !bfl_timeline_shows(t, p->day)) continue; /* a log scale has no place for zero */
        s.x[s.count] = bfl_timeline_x(t, p->day);
        s.value[s.count++] = value;
        s.last_day = p->day;
    }
    return s;
}

static int by_rank(const void *a, const void *b, const void *context) {
    (void)context;
    return ((const series *)b)->rank - ((const series *)a)->rank;
}

typedef BFL_LIST(series) series_list;

static series_list choose_series(bfl_timeline *t) {
    series_list list = {0};
    const bfl_markers *all = t->page->a->markers;
    for (size_t i = 0; i < all->course_count; i++) {
        series s = series_of(t, &all->courses[i]);
        bool corrected =
            strcmp(s.marker->analyte->id, "CA") == 0 && bfl_markers_find(all, "CA_CORR"); /* shown instead */
        if (s.rank > 0 && s.count > 0 && !corrected) *BFL_PUSH(t->arena, &list) = s;
    }
    bfl_sort(t->arena, list.items, list.count, sizeof *list.items, by_rank, NULL);
    if (list.count > MOST_SERIES) list.count = MOST_SERIES;
    return list;
}

static int by_name_position(const void *a, const void *b, const void *context) {
    (void)context;
    double x = (*(series *const *)a)->name_at, y = (*(series *const *)b)->name_at;
    return (x > y) - (x < y);
}

/* The name of every curve at its right end, moved apart, with a line to where the curve ends. */
static void name_series(bfl_timeline *t, const bfl_axis *y, series_list *list) {
    series **order = BFL_NEW_ARRAY(t->arena, list->count, series *);
    double *places = BFL_NEW_ARRAY(t->arena, list->count, double);
    for (size_t i = 0; i < list->count; i++) {
        series *s = order[i] = &list->items[i];
        s->name_at = bfl_axis_at(y, s->value[s->count - 1]);
    }
    bfl_sort(t->arena, order, list->count, sizeof *order, by_name_position, NULL);
    for (size_t i = 0; i < list->count; i++) places[i] = order[i]->name_at;
    bfl_labels_spread(places, list->count, NAME_GAP, fmin(y->at_to, y->at_from) + 4, fmax(y->at_to, y->at_from));
    for (size_t i = 0; i < list->count; i++) {
        const series *s = order[i];
        int index = (int)(s - list->items);
        double end = s->x[s->count - 1];
        bfl_svg_line(&t->body, bfl_arena_printf(t->arena, "lead s%d", index), end + 6, s->name_at, t->right + 4,
                     places[i]);
        const char *value = number(t, s->value[s->count - 1], s->value[s->count - 1] < 10 ? 2 : 0);
        const bfl_marker *m = s->marker;
        bool old = end < t->right - 60; /* say when, where the curve ends early */
        const char *name = old ? bfl_arena_printf(t->arena, "%s %s× (d%d)", m->analyte->id, value, (int)s->last_day)
                               : bfl_arena_printf(t->arena, "%s %s×", m->analyte->id, value);
        bfl_svg_text(&t->body, bfl_arena_printf(t->arena, "seriesname s%d", index), BFL_ANCHOR_START, t->right + 8,
                     places[i] + 4, bfl_svg_fit(t->arena, name, TIMELINE_SMALL, t->width - t->right - 8));
    }
}

static void draw_series(bfl_timeline *t, const bfl_axis *y, const series *s, int index) {
    double *ys = BFL_NEW_ARRAY(t->arena, s->count, double);
    for (size_t i = 0; i < s->count; i++) ys[i] = bfl_axis_at(y, s->value[i]);
    bfl_svg_path(&t->body, bfl_arena_printf(t->arena, "series s%d", index), s->x, ys, NULL, s->count);
    for (size_t i = 0; i < s->count; i++)
        bfl_svg_mark(
            &t->body, bfl_arena_printf(t->arena, "seriesdot s%d", index), (bfl_mark)(index % BFL_MARK_COUNT), s->x[i],
            ys[i], s->count > MANY_POINTS ? 2.5 : 4,
            bfl_arena_printf(t->arena, "%s %s × upper limit", s->marker->analyte->id, number(t, s->value[i], 2)));
}

static bfl_axis course_axis(bfl_timeline *t, const series_list *list) {
    double low = bfl_decimal_double(bfl_rule_number(t->page->rulebook, BFL_NUM_REPORT_TIMELINE__BAND_LOW_X_ULN)),
           high = 2;
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->items[i].count; k++) {
            low = fmin(low, list->items[i].value[k] * 0.85);
            high = fmax(high, list->items[i].value[k] * 1.2);
        }
    return (bfl_axis){low, high, t->y + COURSE_HEIGHT, t->y, true};
}

void bfl_timeline_courses(bfl_timeline *t) {
    series_list list = choose_series(t);
    if (list.count == 0) return;
    bfl_axis y = course_axis(t, &list);
    double limit = bfl_axis_at(&y, 1);
    bfl_timeline_name(t, t->plain ? "Blood values" : "Markers", t->y + 12);
    bfl_timeline_subname(t, t->plain ? "times the upper" : "× upper limit", t->y + 28);
    bfl_timeline_subname(t, t->plain ? "normal value" : "log scale", t->y + 43);
    bfl_svg_rect(&t->body, "band", t->left, limit, t->right - t->left, t->y + COURSE_HEIGHT - limit, 0, NULL);
    bfl_ticks ticks = bfl_ticks_log(t->arena, y.from, y.to, 9);
    for (size_t i = 0; i < ticks.count; i++)
        y_tick(t, &y, ticks.items[i], bfl_tick_text(t->arena, ticks.items[i], ticks.items[i]));
    bfl_svg_text(&t->body, "bandname", BFL_ANCHOR_START, t->left + 6, t->y + COURSE_HEIGHT - 6, "normal: up to 1×");
    for (size_t i = list.count; i-- > 0;) draw_series(t, &y, &list.items[i], (int)i);
    name_series(t, &y, &list);
    t->y += COURSE_HEIGHT + PLOT_GAP;
}

/* ---- probability of flare over time ---- */

static bfl_mark state_mark(bfl_bone_state state) {
    switch (state) {
    case BFL_BONE_FLARE_SUSPECTED:
    case BFL_BONE_FLARE_CONFIRMED: return BFL_MARK_DIAMOND;
    case BFL_BONE_PROGRESSION: return BFL_MARK_UP;
    case BFL_BONE_NONE:
    case BFL_BONE_UNDETERMINED: return BFL_MARK_SQUARE;
    }
    return BFL_MARK_SQUARE;
}

static void chance(bfl_timeline *t, const bfl_axis *y, const bfl_bone *bone) {
    if (!bone->question || !bfl_timeline_shows(t, bone->day)) return;
    double x = bfl_timeline_x(t, bone->day), low = bfl_axis_at(y, bone->low), high = bfl_axis_at(y, bone->high);
    const char *class_name = bfl_state_class(bone->state);
    bfl_svg_line(&t->body, bfl_arena_printf(t->arena, "interval %s", class_name), x, low, x, high);
    bfl_svg_line(&t->body, bfl_arena_printf(t->arena, "interval %s", class_name), x - 4, low, x + 4, low);
    bfl_svg_line(&t->body, bfl_arena_printf(t->arena, "interval %s", class_name), x - 4, high, x + 4, high);
    const char *title = bfl_arena_printf(
        t->arena, "%s: %s, flare %s (%s to %s)", bfl_say_day(t->arena, t->record, bone->day),
        bfl_say_spaced(t->arena, bfl_bone_state_word(bone->state)), bfl_say_percent(t->arena, bone->p_flare),
        bfl_say_percent(t->arena, bone->low), bfl_say_percent(t->arena, bone->high));
    bool open = bone->state == BFL_BONE_FLARE_SUSPECTED; /* hollow until it is confirmed */
    bfl_svg_mark(&t->body, bfl_arena_printf(t->arena, "state %s%s", class_name, open ? " open" : ""),
                 state_mark(bone->state), x, bfl_axis_at(y, bone->p_flare), 6, title);
}

/* The state in words at the days it changes, as a row of labels under the plot. */
static void state_labels(bfl_timeline *t, const bfl_verdict *verdict) {
    bfl_label *labels = BFL_NEW_ARRAY(t->arena, verdict->history_count, bfl_label);
    const bfl_bone **bones = BFL_NEW_ARRAY(t->arena, verdict->history_count, const bfl_bone *);
    size_t count = 0;
    for (size_t i = 0; i < verdict->history_count; i++) {
        const bfl_bone *b = &verdict->history[i];
        if (!bfl_timeline_shows(t, b->day) || (count && bones[count - 1]->state == b->state)) continue;
        const char *word = bfl_say_spaced(t->arena, bfl_bone_state_word(b->state));
        labels[count] =
            (bfl_label){.at = bfl_timeline_x(t, b->day) + 4, .width = bfl_svg_text_width(word, TIMELINE_SMALL)};
        bones[count++] = b;
    }
    int lanes = bfl_labels_place(labels, count, t->left, t->width, 8);
    for (size_t i = 0; i < count; i++)
        bfl_svg_text(&t->body, bfl_arena_printf(t->arena, "label %s", bfl_state_class(bones[i]->state)),
                     BFL_ANCHOR_START, labels[i].left, t->y + 12 + labels[i].lane * NAME_GAP,
                     bfl_say_spaced(t->arena, bfl_bone_state_word(bones[i]->state)));
    t->y += lanes * NAME_GAP;
}

void bfl_timeline_chances(bfl_timeline *t) {
    const bfl_verdict *verdict = t->page->a->verdict;
    if (verdict->history_count == 0) return;
    bfl_axis y = {0, 1, t->y + CHANCE_HEIGHT, t->y, false};
    bfl_timeline_name(t, "Probability", t->y + 12);
    bfl_timeline_name(t, "of flare", t->y + 28);
    bfl_timeline_subname(t, "95 % interval", t->y + 44);
    y_tick(t, &y, 0, "0 %");
    y_tick(t, &y, 0.5, "50 %");
    y_tick(t, &y, 1, "100 %");
    for (size_t i = 0; i < verdict->history_count; i++) chance(t, &y, &verdict->history[i]);
    t->y += CHANCE_HEIGHT + 4;
    state_labels(t, verdict);
    t->y += 6;
}
