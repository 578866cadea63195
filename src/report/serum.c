/* SPDX-License-Identifier: Apache-2.0 */
/* Markers with their course, causes of a raised ALP, laboratory grades and liver injury. */
#include "report/page.h"
#include "figure/figure.h"

#include <math.h>

/* ---- a course in the size of a word ---- */

enum { SPARK_WIDTH = 120, SPARK_HEIGHT = 28, SPARK_MARGIN = 4, SPARK_DOT = 2 };

/* Multiples of the upper limit on a log scale; the line is the upper limit. Only a picture of the numbers beside it. */
static void sparkline(bfl_page *page, const bfl_marker *m) {
    double low = 0.8, high = 1.25;
    size_t count = 0;
    for (size_t i = 0; i < m->point_count; i++) {
        double value = m->points[i].x_uln.present ? bfl_decimal_double(m->points[i].x_uln.value) : 0;
        if (value <= 0) continue;
        low = fmin(low, value);
        high = fmax(high, value);
        count++;
    }
    if (count < 2) return;
    bfl_axis y = {low, high, SPARK_HEIGHT - SPARK_MARGIN, SPARK_MARGIN, true};
    int32_t first = m->points[0].day, last = m->points[m->point_count - 1].day;
    bfl_axis x = {first, last > first ? last : first + 1, SPARK_MARGIN, SPARK_WIDTH - SPARK_MARGIN, false};
    double *xs = BFL_NEW_ARRAY(page->arena, count, double), *ys = BFL_NEW_ARRAY(page->arena, count, double);
    size_t n = 0;
    for (size_t i = 0; i < m->point_count; i++) {
        double value = m->points[i].x_uln.present ? bfl_decimal_double(m->points[i].x_uln.value) : 0;
        if (value <= 0) continue;
        xs[n] = bfl_axis_at(&x, m->points[i].day);
        ys[n++] = bfl_axis_at(&y, value);
    }
    bfl_buf_addf(page->out, "<svg class=\"spark\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", SPARK_WIDTH,
                 SPARK_HEIGHT);
    double limit = bfl_axis_at(&y, 1);
    bfl_svg_rect(page->out, "band", 0, limit, SPARK_WIDTH, SPARK_HEIGHT - limit, 0, NULL);
    bfl_svg_path(page->out, "course", xs, ys, NULL, n);
    for (size_t i = 0; i < n; i++) bfl_svg_mark(page->out, "dot", BFL_MARK_DOT, xs[i], ys[i], SPARK_DOT, NULL);
    bfl_page_raw(page, "</svg>");
}

/* ---- markers ---- */

/* "+151 % (beyond noise: more than +27 %)" */
static const char *change(bfl_page *page, const bfl_marker *m) {
    if (!m->change_percent.present) return "–";
    const char *text = bfl_say_change(page->arena, m->change_percent);
    switch (m->beyond_noise) {
    case BFL_NOISE_UNKNOWN: return text;
    case BFL_NOISE_WITHIN: return bfl_arena_printf(page->arena, "%s, within noise", text);
    case BFL_NOISE_UP:
    case BFL_NOISE_DOWN: return bfl_arena_printf(page->arena, "%s, beyond noise", text);
    }
    return text;
}

static const char *noise_limits(bfl_page *page, const bfl_marker *m) {
    if (!m->rcv_up_percent.present) return "–";
    const char *down = bfl_say_maybe(page->arena, m->rcv_down_percent);
    if (down[0] == '-' && down[1]) down++; /* a size; the sign is written below */
    return bfl_arena_printf(page->arena, "+%s / −%s %%", bfl_say_maybe(page->arena, m->rcv_up_percent), down);
}

static const char *course_words(bfl_page *page, const bfl_marker *m) {
    bfl_buf out = {.arena = page->arena};
    bool said = m->shape == BFL_SHAPE_UNKNOWN && m->said && m->said[0];
    if (m->shape != BFL_SHAPE_UNKNOWN || said)
        bfl_buf_add(&out, said ? m->said : bfl_say_spaced(page->arena, bfl_shape_word(m->shape)));
    const struct {
        const char *name;
        bfl_maybe day;
    } days[] = {{"up from day", m->onset_day}, {"highest day", m->peak_day}, {"back by day", m->return_day}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        if (days[i].day.present)
            bfl_buf_addf(&out, "%s %s %s", out.size ? "," : "", days[i].name, bfl_say_maybe(page->arena, days[i].day));
    if (m->said && m->said[0] && !said) bfl_buf_addf(&out, "%s in words: %s", out.size ? ";" : "", m->said);
    return bfl_buf_z(&out);
}

/* The likeliest shape, the next value it lets expect, and what would speak against it. */
static void form_words(bfl_page *page, const bfl_marker *m) {
    bfl_form_fit fit;
    if (!bfl_form_shown(page->arena, page->a, m, &fit)) return;
    const char *against = bfl_say_contradiction(page->arena, page->a->record, m, &fit);
    bfl_page_element(page, "span", "kind",
                     bfl_arena_printf(page->arena, "%s; next on %s: %s%s%s", bfl_say_form(page->arena, &fit),
                                      bfl_say_date(page->arena, page->a->record, fit.next_day),
                                      bfl_say_next(page->arena, page->a->record, m, &fit),
                                      against[0] == '-' ? "" : "; against it: ", against[0] == '-' ? "" : against));
}

static void value_cell(bfl_page *page, const bfl_marker *m, const bfl_marker_point *point) {
    if (!point) {
        bfl_page_cell(page, "num", "");
        return;
    }
    bfl_page_raw(page, "<td class=\"num\">");
    bfl_page_text(page, bfl_say_value(page->arena, page->a->record, m, point));
    bfl_page_element(page, "span", "kind", bfl_say_date(page->arena, page->a->record, point->day));
    bfl_page_raw(page, "</td>");
}

/* Values that tell nothing by themselves, in one sentence. */
static void other_values(bfl_page *page) {
    const bfl_markers *all = page->a->markers;
    bfl_buf out = {.arena = page->arena};
    for (size_t i = 0; i < all->course_count; i++) {
        const bfl_marker *m = &all->courses[i];
        if (!bfl_marker_is_telling(m) && m->point_count)
            bfl_buf_addf(&out, "%s%s %s", out.size ? ", " : "", m->analyte->name,
                         bfl_say_value(page->arena, page->a->record, m, &m->points[0]));
    }
    if (!out.size) return;
    bfl_page_raw(page, "<p class=\"hint after\">Also measured once, within range or without one: ");
    bfl_page_text(page, bfl_buf_z(&out));
    bfl_page_raw(page, ".</p>\n");
}

static void marker_row(bfl_page *page, const bfl_marker *m) {
    const bfl_marker_point *first = m->point_count ? &m->points[m->baseline_index] : NULL;
    const bfl_marker_point *last = m->point_count ? &m->points[m->point_count - 1] : NULL;
    bfl_page_raw(page, "<tr><th scope=\"row\">");
    bfl_page_text(page, m->analyte->name);
    const char *tag = m->own ? "own marker" : last && last->derived ? "computed" : "";
    if (tag[0]) bfl_page_element(page, "span", "kind", tag);
    bfl_page_raw(page, "</th>");
    value_cell(page, m, first == last ? NULL : first);
    value_cell(page, m, last);
    bfl_page_cell(page, last && last->above_range ? "num high" : "num", bfl_say_maybe(page->arena, m->last_x_uln));
    bfl_page_cell(page, "num", change(page, m));
    bfl_page_cell(page, "num", noise_limits(page, m));
    bfl_page_raw(page, "<td>");
    sparkline(page, m);
    bfl_page_element(page, "span", "shape", course_words(page, m));
    form_words(page, m);
    bfl_page_raw(page, "</td></tr>\n");
}

void bfl_page_markers(bfl_page *page) {
    const bfl_markers *all = page->a->markers;
    if (all->course_count == 0) return;
    bfl_page_section(page, "markers", "markers", "Markers");
    bfl_page_table(page, "markers", "Each value against its own range, its baseline and its noise",
                   (const char *[]){"Analyte", "Baseline", "Last", "× upper limit", "Change from baseline",
                                    "Noise limits (95 %)", "Course", NULL});
    for (size_t i = 0; i < all->course_count; i++)
        if (bfl_marker_is_telling(&all->courses[i])) marker_row(page, &all->courses[i]);
    bfl_page_end_table(page);
    const char *liver = bfl_say_liver_explains(page->arena, all);
    if (liver[0]) bfl_page_element(page, "p", "hint after", bfl_arena_printf(page->arena, "%s.", liver));
    other_values(page);
    bfl_page_end_section(page);
}

/* ---- causes ---- */

static void cause_reasons(bfl_page *page, const char *class_name, const char *sign, const bfl_reason *reasons,
                          size_t count) {
    for (size_t i = 0; i < count; i++) {
        bfl_buf_addf(page->out, "<li class=\"%s\"><span class=\"sign\">%s</span> ", class_name, sign);
        bfl_page_text(page, reasons[i].finding);
        bfl_page_raw(page, " ");
        bfl_page_sources(page, reasons[i].rule);
        bfl_page_events(page, reasons[i].events, reasons[i].event_count);
        bfl_page_raw(page, "</li>");
    }
}

static void cause_item(bfl_page *page, const bfl_alp_cause *cause) {
    const char *support = bfl_decimal_z(page->arena, cause->support, 2);
    double part = fmin(fmax(bfl_decimal_double(cause->support), 0), 1);
    bfl_buf_addf(page->out, "<li class=\"cause %s\"><div class=\"causehead\">", cause->present ? "present" : "absent");
    bfl_page_element(page, "strong", "", cause->name);
    bfl_page_raw(page,
                 "<svg class=\"support\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    bfl_svg_rect(page->out, "track", 0, 0, 100, 10, 0, NULL);
    bfl_svg_rect(page->out, "fill", 0, 0, part * 100, 10, 0, NULL);
    bfl_page_raw(page, "</svg><span class=\"num\">support ");
    bfl_page_text(page, support);
    bfl_page_raw(page, cause->present ? "</span></div><ul>" : ", not shown</span></div><ul>");
    cause_reasons(page, "for", "+<span class=\"visually-hidden\"> for:</span>", cause->reasons_for, cause->for_count);
    cause_reasons(page, "against", "−<span class=\"visually-hidden\"> against:</span>", cause->reasons_against,
                  cause->against_count);
    bfl_page_raw(page, "</ul></li>\n");
}

void bfl_page_causes(bfl_page *page) {
    const bfl_markers *all = page->a->markers;
    if (all->cause_count == 0) return;
    bfl_page_section(page, "causes", "causes", "Causes of the raised alkaline phosphatase");
    bfl_page_raw(
        page, "<p class=\"hint\">Several may be true at once. Support is what speaks for a cause against all that was "
              "weighed; it is not a probability.</p>\n<ol>");
    bfl_buf nothing = {.arena = page->arena};
    for (size_t i = 0; i < all->cause_count; i++) {
        const bfl_alp_cause *cause = &all->causes[i];
        if (cause->present || cause->for_count)
            cause_item(page, cause);
        else
            bfl_buf_addf(&nothing, "%s%s", nothing.size ? ", " : "", cause->name);
    }
    bfl_page_raw(page, "</ol>\n");
    if (nothing.size)
        bfl_page_element(page, "p", "hint",
                         bfl_arena_printf(page->arena, "Nothing in this record speaks for: %s.", bfl_buf_z(&nothing)));
    bfl_page_end_section(page);
}

/* ---- grades and liver ---- */

static void grade_row(bfl_page *page, const bfl_grade *g) {
    bfl_page_raw(page, "<tr><th scope=\"row\">");
    bfl_page_text(page, g->term);
    bfl_page_raw(page, "</th>");
    bfl_page_cell(page, "", bfl_say_day(page->arena, page->a->record, g->day));
    bfl_buf_addf(page->out, "<td class=\"c\"><span class=\"grade g%d\">%d</span></td>", g->grade, g->grade);
    bfl_page_cell(page, "num", bfl_say_maybe(page->arena, g->multiple));
    bfl_page_cell(page, "", g->baseline_abnormal ? "abnormal" : "normal");
    bfl_page_raw(page, "<td>");
    bfl_page_text(page, g->reason.finding);
    bfl_page_raw(page, " ");
    bfl_page_sources(page, g->reason.rule);
    bfl_page_events(page, g->reason.events, g->reason.event_count);
    bfl_page_raw(page, "</td></tr>\n");
}

static void liver_row(bfl_page *page, const bfl_liver_day *l) {
    bfl_arena *arena = page->arena;
    bfl_page_raw(page, "<tr><th scope=\"row\">");
    bfl_page_text(page, bfl_say_day(arena, page->a->record, l->day));
    bfl_page_raw(page, "</th>");
    const bfl_maybe values[] = {l->alt_x_uln,       l->ast_x_uln, l->alp_x_uln,     l->ggt_x_uln,
                                l->bilirubin_x_uln, l->r_value,   l->r_without_bone};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        bfl_page_cell(page, "num", bfl_say_maybe(arena, values[i]));
    bfl_page_cell(page, "", l->pattern == BFL_LIVER_NONE ? "–" : bfl_liver_pattern_word(l->pattern));
    bfl_page_raw(page, "<td>");
    if (l->entry) bfl_page_raw(page, "<span class=\"chip undetermined\">reaches a threshold</span> ");
    if (l->hys_law) bfl_page_raw(page, "<span class=\"chip progression\">Hy's law</span> ");
    bfl_page_reasons(page, l->reasons, l->reason_count);
    bfl_page_raw(page, "</td></tr>\n");
}

void bfl_page_grades(bfl_page *page) {
    const bfl_criteria *c = page->a->criteria;
    if (c->grade_count + c->liver_count == 0) return;
    bfl_page_section(page, "grades", "grades", "Laboratory grades and liver");
    if (c->grade_count) {
        bfl_page_table(page, "grades", "CTCAE grades of 1 and more",
                       (const char *[]){"Term", "Day", "Grade", "Multiple", "Baseline", "Reason", NULL});
        for (size_t i = 0; i < c->grade_count; i++) grade_row(page, &c->grades[i]);
        bfl_page_end_table(page);
    }
    if (c->liver_count) {
        bfl_page_table(page, "liver", "Liver injury: multiples of the upper limit, and R = (ALT/ULN) / (ALP/ULN)",
                       (const char *[]){"Day", "ALT", "AST", "ALP", "GGT", "Bilirubin", "R", "R without bone",
                                        "Pattern", "Reading", NULL});
        for (size_t i = 0; i < c->liver_count; i++) liver_row(page, &c->liver[i]);
        bfl_page_end_table(page);
    }
    bfl_page_end_section(page);
}
