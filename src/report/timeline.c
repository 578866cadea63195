/* SPDX-License-Identifier: Apache-2.0 */
/* The drawing over time: which days, which rows, the grid behind them, and the same in words for who cannot see it. */
#include "report/timeline.h"
#include "record/record.h"
#include "rules/rules.h"

#include <math.h>

enum { WIDTH = 1000, LEFT = 148, PLAIN_WIDTH = 760, PLAIN_LEFT = 156, NAMES = 134 };
enum { LEAST_GAP = 182, GAP_PARTS = 5, GAP_AIR = 21, FOLD_WIDTH = 34, TICK_ROOM = 72 };
enum { TOP = 44, BOTTOM = 46, LEAST_SPAN = 28, MOST_TICKS = 9, PLAIN_TICKS = 6, SPOKEN_VALUES = 6 };

double bfl_timeline_x(const bfl_timeline *t, int32_t day) { return bfl_folded_at(&t->x, day); }

bool bfl_timeline_shows(const bfl_timeline *t, int32_t day) { return day >= t->from && day <= t->to; }

void bfl_timeline_name(bfl_timeline *t, const char *name, double y) {
    bfl_svg_text(&t->body, "name", BFL_ANCHOR_START, 0, y, name);
}

void bfl_timeline_subname(bfl_timeline *t, const char *name, double y) {
    bfl_svg_text(&t->body, "sub", BFL_ANCHOR_START, 0, y, name);
}

/* ---- which days ---- */

typedef struct span {
    int32_t first, last;
    bool any;
} span;

static void widen(span *s, bfl_when when) {
    if (!when.known) return;
    if (!s->any || when.day < s->first) s->first = when.day;
    if (!s->any || when.day > s->last) s->last = when.day;
    s->any = true;
}

static span days_of(const bfl_record *r) {
    span s = {0};
    for (size_t i = 0; i < r->therapy_count; i++) widen(&s, r->therapies[i].start);
    for (size_t i = 0; i < r->lesion_count; i++) widen(&s, r->lesions[i].when);
    for (size_t i = 0; i < r->lab_count; i++) widen(&s, r->labs[i].when);
    for (size_t i = 0; i < r->clinical_count; i++) widen(&s, r->clinicals[i].when);
    for (size_t i = 0; i < r->molecular_count; i++) widen(&s, r->moleculars[i].when);
    for (size_t i = 0; i < r->pathology_count; i++) widen(&s, r->pathologies[i].when);
    return s;
}

/* From the first event (but not long before the therapy) to the date asked for. */
static void choose_days(bfl_timeline *t) {
    span s = days_of(t->record);
    int32_t lead_in = bfl_rule_days(t->page->rulebook, BFL_NUM_REPORT_TIMELINE__LEAD_IN_DAYS);
    int32_t as_of = t->page->a->as_of == INT32_MIN ? s.last : t->page->a->as_of;
    t->from = s.first < -lead_in && as_of > -lead_in ? -lead_in : s.first;
    t->to = as_of > s.last ? as_of : s.last;
    if (t->from > 0) t->from = 0;
    if (t->to - t->from < LEAST_SPAN) t->to = t->from + LEAST_SPAN;
    int32_t air = (t->to - t->from) / 50 + 1; /* marks at the ends stay clear of the frame */
    t->from -= air;
    t->to += air;
    t->x = (bfl_folded_axis){.axis = {t->from, t->to, t->left, t->right, false}, .fold_width = FOLD_WIDTH};
}

/* ---- which window ---- */

/* The therapy under which the bone was first in question; without a question, the one in force; NULL without therapy. */
static const bfl_therapy *window_therapy(const bfl_timeline *t) {
    const bfl_verdict *verdict = t->page->a->verdict;
    int32_t day = t->page->a->as_of == INT32_MIN ? 0 : t->page->a->as_of;
    for (size_t i = 0; i < verdict->history_count; i++)
        if (verdict->history[i].question) {
            day = verdict->history[i].day;
            break;
        }
    return bfl_record_therapy_on(t->record, day);
}

/* ---- long stretches without any event are drawn short ---- */

typedef BFL_LIST(int32_t) day_list;

static void add_when(bfl_timeline *t, day_list *days, bfl_when when) {
    if (when.known && bfl_timeline_shows(t, when.day)) *BFL_PUSH(t->arena, days) = when.day;
}

static void add_day(bfl_timeline *t, day_list *days, int32_t day) {
    add_when(t, days, (bfl_when){.known = true, .day = day});
}

static int by_day(const void *a, const void *b, const void *context) {
    (void)context;
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Every day on which something is drawn, the ends of the drawing and of the shaded window among them. */
static day_list drawn_days(bfl_timeline *t) {
    const bfl_record *r = t->record;
    day_list days = {0};
    for (size_t i = 0; i < r->therapy_count; i++) {
        add_when(t, &days, r->therapies[i].start);
        add_when(t, &days, r->therapies[i].stop);
    }
    for (size_t i = 0; i < r->lesion_count; i++) add_when(t, &days, r->lesions[i].when);
    for (size_t i = 0; i < r->lab_count; i++) add_when(t, &days, r->labs[i].when);
    for (size_t i = 0; i < r->clinical_count; i++) add_when(t, &days, r->clinicals[i].when);
    for (size_t i = 0; i < r->molecular_count; i++) add_when(t, &days, r->moleculars[i].when);
    for (size_t i = 0; i < r->pathology_count; i++) add_when(t, &days, r->pathologies[i].when);
    for (size_t i = 0; i < t->page->a->verdict->history_count; i++)
        add_day(t, &days, t->page->a->verdict->history[i].day);
    const bfl_therapy *therapy = window_therapy(t);
    if (therapy) {
        add_day(t, &days, therapy->start.day + bfl_rule_days(t->page->rulebook, BFL_NUM_FLARE_TIME_USUAL__FROM_DAYS));
        add_day(t, &days, therapy->start.day + bfl_rule_days(t->page->rulebook, BFL_NUM_FLARE_TIME_USUAL__TO_DAYS));
    }
    const int32_t ends[] = {t->from, 0, t->page->a->as_of, t->to};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) add_day(t, &days, ends[i]);
    bfl_sort(t->arena, days.items, days.count, sizeof *days.items, by_day, NULL);
    return days;
}

static void fold_days(bfl_timeline *t) {
    day_list days = drawn_days(t);
    BFL_LIST(bfl_fold) folds = {0};
    for (size_t i = 1; i < days.count; i++) {
        int32_t gap = days.items[i] - days.items[i - 1];
        if (gap > LEAST_GAP && gap * GAP_PARTS > t->to - t->from)
            *BFL_PUSH(t->arena, &folds) = (bfl_fold){days.items[i - 1] + GAP_AIR, days.items[i] - GAP_AIR};
    }
    t->x.folds = folds.items;
    t->x.fold_count = folds.count;
}

/* ---- behind the rows ---- */

/* The days in which flare is usual, counted from the start of that therapy. */
static void shade_window(bfl_timeline *t, bfl_buf *out, double bottom) {
    const bfl_therapy *therapy = window_therapy(t);
    if (!therapy) return;
    int32_t start = therapy->start.day;
    int32_t first = start + bfl_rule_days(t->page->rulebook, BFL_NUM_FLARE_TIME_USUAL__FROM_DAYS);
    int32_t last = start + bfl_rule_days(t->page->rulebook, BFL_NUM_FLARE_TIME_USUAL__TO_DAYS);
    if (last < t->from || first > t->to) return;
    double x1 = bfl_timeline_x(t, first), x2 = bfl_timeline_x(t, last);
    bfl_svg_rect(out, "window", x1, TOP, x2 - x1, bottom - TOP, 0, NULL);
    bfl_svg_rect(out, "windowhead", x1, TOP - 18, x2 - x1, 18, 0, NULL);
    const char *name = t->plain ? "when healing usually shows" : "usual flare window";
    if (bfl_svg_text_width(name, TIMELINE_SMALL) < x2 - x1)
        bfl_svg_text(out, "windowname", BFL_ANCHOR_START, x1 + 6, TOP - 5, name);
}

/* Days, as many to the drawn length as without folds, none inside a fold. */
static bfl_ticks day_ticks(bfl_timeline *t) {
    double whole = t->to - t->from, most = t->plain ? PLAIN_TICKS : MOST_TICKS;
    bfl_ticks all = bfl_ticks_days(t->arena, t->from, t->to, (size_t)(most * whole / bfl_folded_span(&t->x))),
              kept = {0};
    double taken = -TICK_ROOM;
    for (size_t i = 0; i < all.count; i++) {
        bool folded = false;
        for (size_t k = 0; k < t->x.fold_count; k++)
            folded = folded || (all.items[i] > t->x.folds[k].from && all.items[i] < t->x.folds[k].to);
        double x = bfl_timeline_x(t, (int32_t)all.items[i]);
        if (folded || (t->x.fold_count && x - taken < TICK_ROOM)) continue;
        taken = x;
        *BFL_PUSH(t->arena, &kept) = all.items[i];
    }
    return kept;
}

static void draw_folds(bfl_timeline *t, bfl_buf *out, double bottom) {
    for (size_t i = 0; i < t->x.fold_count; i++) {
        double x = bfl_folded_at(&t->x, t->x.folds[i].from);
        bfl_svg_rect(out, "fold", x, TOP, FOLD_WIDTH, bottom - TOP, 0,
                     bfl_arena_printf(t->arena, "drawn short: %d days without an event",
                                      (int)(t->x.folds[i].to - t->x.folds[i].from)));
        bfl_svg_hatch(out, "foldline", x, TOP, FOLD_WIDTH, bottom - TOP, FOLD_WIDTH / 2.0, true);
    }
}

static void grid(bfl_timeline *t, bfl_buf *out, double bottom) {
    draw_folds(t, out, bottom);
    bfl_ticks ticks = day_ticks(t);
    for (size_t i = 0; i < ticks.count; i++) {
        int32_t day = (int32_t)ticks.items[i];
        double x = bfl_timeline_x(t, day);
        bfl_svg_line(out, day == 0 ? "grid start" : "grid", x, TOP - 4, x, bottom + 4);
        bool weeks = t->plain && day % 7 == 0;
        const char *label = weeks ? bfl_arena_printf(t->arena, "week %d", (int)(day / 7))
                                  : bfl_arena_printf(t->arena, "day %d", (int)day);
        bfl_svg_text(out, "tick", BFL_ANCHOR_MIDDLE, x, bottom + 20, label);
        if (t->record->has_calendar)
            bfl_svg_text(out, "tick quiet", BFL_ANCHOR_MIDDLE, x, bottom + 35, bfl_say_date(t->arena, t->record, day));
    }
}

static void as_of_line(bfl_timeline *t, bfl_buf *out, double bottom) {
    if (t->page->a->as_of == INT32_MIN || !bfl_timeline_shows(t, t->page->a->as_of)) return;
    double x = bfl_timeline_x(t, t->page->a->as_of);
    bfl_svg_line(out, "asof", x, TOP - 20, x, bottom + 4);
    const char *label = bfl_arena_printf(t->arena, "%s %s", t->plain ? "this report:" : "as of",
                                         bfl_say_date(t->arena, t->record, t->page->a->as_of));
    double half = bfl_svg_text_width(label, TIMELINE_SMALL) / 2;
    x = fmin(x, t->width - half - 2);
    bfl_svg_text(out, "asofname", BFL_ANCHOR_MIDDLE, x, TOP - 26, label);
}

/* ---- in words ---- */

static void describe_studies(bfl_timeline *t, bfl_buf *out) {
    const bfl_criteria *c = t->page->a->criteria;
    for (size_t i = 0; i < c->visit_count; i++) {
        const bfl_recist_visit *v = &c->visits[i];
        bfl_buf_addf(out, "%s%s: ", i ? "; " : " Visits: ", bfl_say_date(t->arena, t->record, v->day));
        if (v->sum_mm.present) bfl_buf_addf(out, "sum %s mm, ", bfl_say_maybe(t->arena, v->sum_mm));
        bfl_buf_addf(out, "%s", v->baseline ? "baseline" : bfl_response_word(v->overall));
    }
    if (c->visit_count) bfl_buf_add(out, ".");
}

/* The first and the last values; many more would only tire who listens. */
static void describe_alp(bfl_timeline *t, bfl_buf *out) {
    const bfl_marker *alp = bfl_markers_find(t->page->a->markers, "ALP");
    if (!alp || alp->point_count == 0) return;
    bfl_buf_add(out, " Alkaline phosphatase: ");
    for (size_t i = 0; i < alp->point_count; i++) {
        if (i == SPOKEN_VALUES && alp->point_count > 2 * SPOKEN_VALUES) {
            i = alp->point_count - SPOKEN_VALUES;
            bfl_buf_add(out, ", ...");
        }
        bfl_buf_addf(out, "%s%s on %s", i ? ", " : "", bfl_say_value(t->arena, t->record, alp, &alp->points[i]),
                     bfl_say_date(t->arena, t->record, alp->points[i].day));
    }
    bfl_buf_add(out, ".");
}

static const char *description(bfl_timeline *t) {
    bfl_buf out = {.arena = t->arena};
    for (size_t i = 0; i < t->record->therapy_count; i++) {
        const bfl_therapy *therapy = &t->record->therapies[i];
        bfl_buf_addf(&out, "%s%s", i ? ", " : "Therapy: ", therapy->drug);
        if (therapy->start.known) bfl_buf_addf(&out, " from %s", bfl_say_date(t->arena, t->record, therapy->start.day));
    }
    if (t->record->therapy_count) bfl_buf_add(&out, ".");
    describe_studies(t, &out);
    describe_alp(t, &out);
    bfl_buf_add(&out, " The same facts stand in the tables of this page.");
    return bfl_buf_z(&out);
}

/* What lies before the drawing, so that nothing is left out silently; "" for none. */
static const char *earlier(bfl_timeline *t) {
    bfl_buf out = {.arena = t->arena};
    const bfl_record *r = t->record;
    for (size_t i = 0; i < r->therapy_count; i++) {
        const bfl_therapy *therapy = &r->therapies[i];
        if (!therapy->start.known)
            bfl_buf_addf(&out, "%s%s (no date)", out.size ? "; " : "", therapy->drug);
        else if (therapy->start.day < t->from)
            bfl_buf_addf(&out, "%s%s from %s", out.size ? "; " : "", therapy->drug,
                         bfl_say_day(t->arena, r, therapy->start.day));
    }
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < r->lesion_count; i++) {
        const bfl_lesion *l = &r->lesions[i];
        if (!l->when.known || l->when.day >= t->from || l->when.day == last) continue;
        last = l->when.day;
        bfl_buf_addf(&out, "%s%s on %s", out.size ? "; " : "", bfl_say_modality(l->modality),
                     bfl_say_day(t->arena, r, last));
    }
    return out.size ? bfl_arena_printf(t->arena, "Not drawn: %s.", bfl_buf_z(&out)) : "";
}

/* ---- the drawing ---- */

static void rows(bfl_timeline *t) {
    bfl_timeline_therapies(t);
    bfl_timeline_events(t);
    if (!t->plain) bfl_timeline_readings(t);
    bfl_timeline_sums(t);
    bfl_timeline_courses(t);
    if (!t->plain) bfl_timeline_chances(t);
}

/* What the shading, the hatching and the lines mean; "" when there is nothing to explain. */
static const char *caption(bfl_timeline *t) {
    const bfl_rulebook *rulebook = t->page->rulebook;
    const char *folds = t->x.fold_count ? "Hatched: a long time in which nothing was recorded, drawn short. " : "";
    if (!window_therapy(t)) return folds;
    if (t->plain)
        return bfl_arena_printf(t->arena,
                                "%sShaded: the weeks in which healing usually shows. Green: the normal range. Dashed "
                                "line: the day of this report.",
                                folds);
    return bfl_arena_printf(t->arena,
                            "%sShaded: the usual flare window, day %d to %d of the therapy. Green: within the upper "
                            "limit. Dashed line: the date asked for.",
                            folds, (int)bfl_rule_days(rulebook, BFL_NUM_FLARE_TIME_USUAL__FROM_DAYS),
                            (int)bfl_rule_days(rulebook, BFL_NUM_FLARE_TIME_USUAL__TO_DAYS));
}

/* All elements of the drawing. */
static void elements(bfl_timeline *t, bfl_buf *out) {
    shade_window(t, out, t->y);
    grid(t, out, t->y);
    as_of_line(t, out, t->y);
    bfl_buf_add(out, bfl_buf_z(&t->body));
}

static double height(const bfl_timeline *t) { return ceil(t->y) + BOTTOM; }

static void frame(bfl_timeline *t) {
    bfl_page *page = t->page;
    bfl_buf_addf(page->out,
                 "<figure><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Timeline\">"
                 "<svg class=\"timeline\" viewBox=\"0 0 %d %d\" role=\"img\" "
                 "aria-labelledby=\"p%zu-time-t p%zu-time-d\"><title id=\"p%zu-time-t\">Timeline of patient ",
                 (int)t->width, (int)height(t), page->patient, page->patient, page->patient);
    bfl_page_text(page, t->record->patient.id);
    bfl_buf_addf(page->out, "</title><desc id=\"p%zu-time-d\">", page->patient);
    bfl_page_text(page, description(t));
    bfl_page_raw(page, "</desc>\n");
    elements(t, page->out);
    bfl_page_raw(page, "</svg></div>\n");
    const char *words = caption(t);
    if (words[0]) bfl_page_element(page, "figcaption", "hint after", words);
    bfl_page_raw(page, "</figure>\n");
}

/* False when nothing in the record has a date. */
static bool lay_out(bfl_timeline *t, bfl_page *page) {
    *t = (bfl_timeline){.page = page,
                        .arena = page->arena,
                        .record = page->a->record,
                        .body = {.arena = page->arena},
                        .y = TOP,
                        .plain = page->options->audience == BFL_FOR_PATIENT};
    if (!days_of(t->record).any) return false;
    t->width = t->plain ? PLAIN_WIDTH : WIDTH;
    t->left = t->plain ? PLAIN_LEFT : LEFT;
    t->right = t->width - NAMES;
    choose_days(t);
    fold_days(t);
    rows(t);
    return true;
}

void bfl_page_timeline(bfl_page *page) {
    bfl_timeline t;
    if (!lay_out(&t, page)) return;
    bfl_page_section(page, "time", "time", t.plain ? "Your treatment over time" : "Timeline");
    frame(&t);
    const char *missing = earlier(&t);
    if (missing[0]) {
        bfl_page_raw(page, "<p class=\"hint\">");
        bfl_page_text(page, missing);
        bfl_page_raw(page, "</p>\n");
    }
    bfl_page_end_section(page);
}

bool bfl_timeline_draw(bfl_page *page, bfl_timeline_drawing *out) {
    bfl_timeline t;
    if (!lay_out(&t, page)) return false;
    bfl_buf body = {.arena = page->arena};
    elements(&t, &body);
    *out = (bfl_timeline_drawing){bfl_buf_z(&body), t.width, height(&t), caption(&t), earlier(&t)};
    return true;
}
