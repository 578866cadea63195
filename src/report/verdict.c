/* SPDX-License-Identifier: Apache-2.0 */
/* Alarms, the verdict with its probability, and the evidence for and against. */
#include "report/page.h"
#include "figure/figure.h"

#include <math.h>

/* ---- alarms ---- */

static void alarm_item(bfl_page *page, const bfl_alarm *alarm) {
    bfl_buf_addf(page->out, "<li class=\"%s\">", alarm->urgent ? "urgent" : "soon");
    bfl_page_element(page, "strong", "", alarm->urgent ? "Urgent: " : "Watch: ");
    if (alarm->rule) bfl_page_text(page, alarm->rule->title);
    bfl_page_raw(page, "<br>");
    bfl_page_text(page, bfl_say_alarm(page->arena, page->a->record, alarm));
    bfl_page_raw(page, " ");
    bfl_page_sources(page, alarm->rule);
    bfl_page_events(page, alarm->events, alarm->event_count);
    bfl_page_raw(page, "</li>\n");
}

void bfl_page_alarms(bfl_page *page) {
    const bfl_verdict *verdict = page->a->verdict;
    if (verdict->alarm_count == 0) return;
    bfl_page_section(page, "alarms", "alarms", "Alarms");
    bfl_page_raw(page, "<ul>");
    for (size_t i = 0; i < verdict->alarm_count; i++) alarm_item(page, &verdict->alarms[i]);
    bfl_page_raw(page, "</ul>");
    bfl_page_end_section(page);
}

/* ---- the bar ---- */

enum { BAR_WIDTH = BFL_BAR_WIDTH, BAR_TOP = 8, BAR_HEIGHT = 30, BAR_BOTTOM = BFL_BAR_HEIGHT };

static void bar_part(bfl_page *page, const char *class_name, double from, double part) {
    bfl_svg_rect(page->out, class_name, from * BAR_WIDTH, BAR_TOP, part * BAR_WIDTH, BAR_HEIGHT, 0, NULL);
    const char *percent = bfl_say_percent(page->arena, part);
    if (bfl_svg_text_width(percent, 15) + 10 > part * BAR_WIDTH) return;
    bfl_svg_text(page->out, bfl_arena_printf(page->arena, "in-%s", class_name), BFL_ANCHOR_MIDDLE,
                 (from + part / 2) * BAR_WIDTH, BAR_TOP + BAR_HEIGHT / 2.0 + 5, percent);
}

/* The 95 % interval as a bracket under the bar, on the same scale. */
static void whisker(bfl_page *page, const bfl_bone *bone) {
    double low = bone->low * BAR_WIDTH, high = bone->high * BAR_WIDTH, y = BAR_TOP + BAR_HEIGHT + 14;
    bfl_svg_line(page->out, "whisker", low, y, high, y);
    bfl_svg_line(page->out, "whisker", low, y - 6, low, y + 6);
    bfl_svg_line(page->out, "whisker", high, y - 6, high, y + 6);
    bfl_svg_mark(page->out, "at", BFL_MARK_DOT, bone->p_flare * BAR_WIDTH, y, 6, NULL);
}

void bfl_page_bar_elements(bfl_page *page, const bfl_bone *bone) {
    bar_part(page, "flare", 0, bone->p_flare);
    bar_part(page, "progression", bone->p_flare, bone->p_progression);
    bar_part(page, "other", bone->p_flare + bone->p_progression, bone->p_other);
    whisker(page, bone);
}

void bfl_page_bar(bfl_page *page, const bfl_bone *bone) {
    bfl_arena *arena = page->arena;
    bfl_buf_addf(page->out,
                 "<svg class=\"bar\" viewBox=\"-6 0 %d %d\" role=\"img\" aria-labelledby=\"p%zu-bar-t p%zu-bar-d\">"
                 "<title id=\"p%zu-bar-t\">Probability</title><desc id=\"p%zu-bar-d\">",
                 BAR_WIDTH + 12, BAR_BOTTOM, page->patient, page->patient, page->patient, page->patient);
    bfl_page_text(page,
                  bfl_arena_printf(arena, "Flare %s, 95 %% interval %s to %s; progression %s; other %s.",
                                   bfl_say_percent(arena, bone->p_flare), bfl_say_percent(arena, bone->low),
                                   bfl_say_percent(arena, bone->high), bfl_say_percent(arena, bone->p_progression),
                                   bfl_say_percent(arena, bone->p_other)));
    bfl_page_raw(page, "</desc>");
    bfl_page_bar_elements(page, bone);
    bfl_page_raw(page, "</svg>\n");
}

static void legend_item(bfl_page *page, const char *class_name, const char *name, double p, const char *interval) {
    bfl_buf_addf(page->out, "<li><span class=\"key %s\"></span>", class_name);
    bfl_page_text(page, name);
    bfl_page_raw(page, " ");
    bfl_page_element(page, "strong", "", bfl_say_percent(page->arena, p));
    bfl_page_text(page, interval);
    bfl_page_raw(page, "</li>");
}

static void legend(bfl_page *page, const bfl_bone *bone) {
    const char *interval =
        bfl_arena_printf(page->arena, " (95 %% interval %s to %s)", bfl_say_percent(page->arena, bone->low),
                         bfl_say_percent(page->arena, bone->high));
    bfl_page_raw(page, "<ul class=\"legend\">");
    legend_item(page, "flare", "Flare (healing)", bone->p_flare, interval);
    legend_item(page, "progression", "Progression", bone->p_progression, "");
    legend_item(page, "other", "Something else", bone->p_other, "");
    bfl_page_raw(page, "</ul>\n");
}

/* ---- the verdict ---- */

static void prior(bfl_page *page, const bfl_bone *bone) {
    if (!bone->prior_rule) return;
    bfl_page_raw(page, "<p class=\"prior\">Before any finding in this record: flare ");
    bfl_page_text(page, bfl_say_percent(page->arena, bone->prior_p_flare));
    bfl_page_raw(page, ". ");
    bfl_page_text(page, bone->prior_rule->text);
    bfl_page_raw(page, " ");
    bfl_page_sources(page, bone->prior_rule);
    bfl_page_raw(page, "</p>\n");
}

/* The last visit's readings side by side: the contradiction a reader must not miss. */
static void readings(bfl_page *page) {
    const bfl_criteria *c = page->a->criteria;
    if (c->visit_count == 0 || c->visits[c->visit_count - 1].baseline) return;
    size_t last = c->visit_count - 1;
    const bfl_recist_visit *v = &c->visits[last];
    const struct {
        const char *name;
        bfl_response response;
    } rows[] = {{"RECIST 1.1 as read", v->overall},
                {"with its flare note", v->overall_flare_note},
                {"soft tissue only", v->soft_tissue},
                {"MDA bone criteria", bfl_response_of(c, "mda2004", last)}};
    bfl_page_raw(page, "<dl class=\"readings\" aria-label=\"Criteria at the last visit\">");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bfl_page_raw(page, "<div>");
        bfl_page_element(page, "dt", "", rows[i].name);
        bfl_page_raw(page, "<dd>");
        bfl_page_response(page, rows[i].response);
        bfl_page_raw(page, "</dd></div>");
    }
    bfl_page_raw(page, "</dl>\n");
}

void bfl_page_verdict(bfl_page *page) {
    const bfl_bone *bone = &page->a->verdict->now;
    bfl_page_section(page, "verdict", bfl_arena_printf(page->arena, "verdict %s", bfl_state_class(bone->state)),
                     bfl_say_state(page->rulebook, bone->state, BFL_FOR_CLINICIAN));
    bfl_page_element(page, "p", "meaning", bfl_say_meaning(page->rulebook, bone->state, BFL_FOR_CLINICIAN));
    if (bone->because && bone->because[0]) bfl_page_element(page, "p", "because", bone->because);
    const char *unused = bfl_say_unused(page->arena, page->a);
    if (unused) bfl_page_element(page, "p", "because", unused);
    bfl_page_raw(page, "<div class=\"columns\">");
    if (bone->question) {
        bfl_page_raw(page, "<div>");
        bfl_page_bar(page, bone);
        legend(page, bone);
        bfl_page_raw(page, "</div>");
    }
    readings(page);
    bfl_page_raw(page, "</div>\n");
    if (bone->question) prior(page, bone);
    bfl_page_end_section(page);
}

/* ---- evidence ---- */

enum { WEIGHT_HALF = 60, WEIGHT_HEIGHT = 12 };

/* A bar from the middle: right for flare, left for progression; the longest of the table fills its half. */
static void weight_bar(bfl_page *page, double log_lr, double longest) {
    double length = longest > 0 ? fabs(log_lr) / longest * WEIGHT_HALF : 0;
    bfl_buf_addf(page->out, "<svg class=\"weight\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", 2 * WEIGHT_HALF,
                 WEIGHT_HEIGHT);
    bfl_svg_rect(page->out, log_lr >= 0 ? "flare" : "progression", log_lr >= 0 ? WEIGHT_HALF : WEIGHT_HALF - length, 0,
                 length, WEIGHT_HEIGHT, 0, NULL);
    bfl_svg_line(page->out, "zero", WEIGHT_HALF, 0, WEIGHT_HALF, WEIGHT_HEIGHT);
    bfl_page_raw(page, "</svg> ");
}

static void evidence_row(bfl_page *page, const bfl_evidence *e, double longest) {
    static const char *const names[] = {"for flare", "for progression", "for something else", "no direction"};
    static const char *const classes[] = {"flare", "progression", "other", "none"};
    bfl_buf_addf(page->out, "<tr><td class=\"toward\"><span class=\"key %s\"></span>%s</td><td>", classes[e->direction],
                 names[e->direction]);
    bfl_page_text(page, e->finding);
    bfl_page_events(page, e->events, e->event_count);
    if (e->rule) {
        bfl_page_raw(page, "<br>");
        bfl_page_element(page, "span", "rule", e->rule->title);
    }
    bfl_page_raw(page, "</td><td class=\"w\">");
    weight_bar(page, e->log_lr, longest);
    if (e->veto) bfl_page_element(page, "strong", "veto", "veto");
    bfl_page_element(page, "span", "", bfl_say_weight(page->arena, e));
    bfl_page_raw(page, "</td><td>");
    bfl_page_sources(page, e->rule);
    bfl_page_raw(page, "</td></tr>\n");
}

static void evidence_rows(bfl_page *page, const bfl_bone *bone, bfl_direction direction, double longest) {
    for (size_t i = 0; i < bone->evidence_count; i++)
        if (bone->evidence[i].direction == direction) evidence_row(page, &bone->evidence[i], longest);
}

void bfl_page_evidence(bfl_page *page) {
    const bfl_bone *bone = &page->a->verdict->now;
    if (bone->evidence_count == 0) return;
    double longest = 0;
    for (size_t i = 0; i < bone->evidence_count; i++) longest = fmax(longest, fabs(bone->evidence[i].log_lr));
    bfl_page_section(page, "why", "why", "Why: evidence for and against");
    bfl_page_table(
        page, "evidence",
        "Evidence, with its weight as a likelihood ratio after findings that say the same were merged",
        (const char *[]){"Speaks", "Finding in this record", "Weight (← progression, flare →)", "Known from", NULL});
    evidence_rows(page, bone, BFL_FOR_FLARE, longest);
    evidence_rows(page, bone, BFL_FOR_PROGRESSION, longest);
    evidence_rows(page, bone, BFL_FOR_OTHER, longest);
    evidence_rows(page, bone, BFL_NEUTRAL, longest);
    bfl_page_end_table(page);
    bfl_page_waterfall(page);
    bfl_page_end_section(page);
}
