/* SPDX-License-Identifier: Apache-2.0 */
/* How the verdict came about, as one JSON object a patient on one line, and as the waterfall of the HTML page. */
#include "report/page.h"

#include "figure/figure.h"
#include "flare/flare.h"

#include <math.h>

static void number(bfl_json_writer *w, const char *key, double value) {
    bfl_json_key(w, key);
    bfl_buf_double(w->out, value, 3);
}

static void whole(bfl_json_writer *w, const char *key, long long value) {
    bfl_json_key(w, key);
    bfl_buf_addf(w->out, "%lld", value);
}

static void boolean(bfl_json_writer *w, const char *key, bool value) {
    bfl_json_key(w, key);
    bfl_buf_add(w->out, value ? "true" : "false");
}

static void interval(bfl_json_writer *w, const char *key, double low, double high) {
    bfl_json_open(w, key, "[");
    number(w, NULL, low);
    number(w, NULL, high);
    bfl_json_close(w, "]");
}

static void step(bfl_json_writer *w, const bfl_explain_step *s) {
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, "group", s->evidence ? s->evidence->group : "prior");
    if (s->evidence) {
        bfl_json_text(w, "rule", s->evidence->rule->id);
        bfl_json_text(w, "finding", s->evidence->finding);
        bfl_json_text(w, "direction", bfl_direction_word(s->evidence->direction));
        boolean(w, "veto", s->evidence->veto);
    }
    number(w, "ratio", s->ratio);
    interval(w, "ratio_interval", s->ratio_low, s->ratio_high);
    number(w, "counted", s->counted);
    number(w, "log_odds", s->log_odds);
    number(w, "p_flare", s->p_flare);
    interval(w, "interval", s->low, s->high);
    bfl_json_close(w, "}");
}

static void fact(bfl_json_writer *w, const bfl_explain_fact *f) {
    bfl_json_open(w, NULL, "{");
    bfl_json_text(w, f->present ? "without" : "with", f->what);
    bfl_json_text(w, "rule", f->rule->id);
    number(w, "p_flare", f->p_flare);
    bfl_json_text(w, "state", bfl_bone_state_word(f->state));
    bfl_json_close(w, "}");
}

static void prior(bfl_json_writer *w, const bfl_onset *onset) {
    bfl_json_open(w, "prior", "{");
    whole(w, "from_therapy_day", onset->from_day);
    whole(w, "to_therapy_day", onset->to_day);
    number(w, "flare_begins", onset->flare);
    number(w, "progression_begins", onset->progression);
    bfl_json_open(w, "rules", "[");
    for (size_t i = 0; i < onset->rule_count; i++) bfl_json_text(w, NULL, onset->rules[i]->id);
    bfl_json_close(w, "]");
    bfl_json_close(w, "}");
}

void bfl_explain_json_write(bfl_buf *out, const bfl_assessment *a) {
    const bfl_bone *bone = &a->verdict->now;
    const bfl_explanation *e = bfl_flare_explain(out->arena, a->rulebook, a->record, bone);
    bfl_json_writer w = {.out = out};
    bfl_json_open(&w, NULL, "{");
    bfl_json_text(&w, "schema", "boneflare.explanation/1");
    bfl_json_text(&w, "patient", a->record->patient.id);
    whole(&w, "day", bone->day);
    bfl_json_text(&w, "state", bfl_bone_state_word(bone->state));
    bfl_json_text(&w, "answer", e->step_count ? bfl_bone_state_word(e->answer) : "none");
    if (e->step_count) prior(&w, &bone->onset);
    bfl_json_open(&w, "steps", "[");
    for (size_t i = 0; i < e->step_count; i++) step(&w, &e->steps[i]);
    bfl_json_close(&w, "]");
    bfl_json_open(&w, "losses", "{");
    number(&w, "flare", bone->losses.flare);
    number(&w, "progression", bone->losses.progression);
    number(&w, "wait", bone->losses.wait);
    bfl_json_close(&w, "}");
    bfl_json_open(&w, "turning", "[");
    for (size_t i = 0; i < e->fact_count; i++) fact(&w, &e->facts[i]);
    bfl_json_close(&w, "]");
    bfl_json_close(&w, "}");
    bfl_buf_add(out, "\n");
}

/* ---- the waterfall of the page ---- */

enum { ROW = 26, NAME = 130, PLOT = 420, VALUE = 60, TOP = 8 };

static void row(bfl_page *page, const bfl_explain_step *s, double scale, double y) {
    double middle = NAME + PLOT / 2.0;
    double from = middle + s->log_odds_before / scale * PLOT / 2, to = middle + s->log_odds / scale * PLOT / 2;
    const char *name = s->evidence ? bfl_say_spaced(page->arena, s->evidence->group) : "prior";
    bfl_buf value = {.arena = page->arena};
    bfl_buf_double(&value, s->p_flare, 2);
    bfl_svg_text(page->out, "group", BFL_ANCHOR_END, NAME - 8, y + ROW - 10, name);
    bfl_svg_rect(page->out, to >= from ? "flare" : "progression", fmin(from, to), y + 4, fmax(fabs(to - from), 1),
                 ROW - 10, 0, s->evidence ? s->evidence->finding : "prior");
    bfl_svg_line(page->out, "step", to, y + 4, to, y + ROW + 8);
    bfl_svg_text(page->out, "value", BFL_ANCHOR_START, NAME + PLOT + 8, y + ROW - 10, bfl_buf_z(&value));
}

void bfl_page_waterfall(bfl_page *page) {
    const bfl_bone *bone = &page->a->verdict->now;
    const bfl_explanation *e = bfl_flare_explain(page->arena, page->a->rulebook, page->a->record, bone);
    if (e->step_count < 2) return;
    double scale = 1, height = TOP * 2 + (double)e->step_count * ROW;
    for (size_t i = 0; i < e->step_count; i++) scale = fmax(scale, fabs(e->steps[i].log_odds));
    bfl_buf_addf(page->out,
                 "<figure class=\"waterfall\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"p%zu-fall-t\">"
                 "<title id=\"p%zu-fall-t\">From prior to posterior: the odds of flare after each finding</title>",
                 NAME + PLOT + VALUE, (int)height, page->patient, page->patient);
    bfl_svg_line(page->out, "zero", NAME + PLOT / 2.0, TOP / 2.0, NAME + PLOT / 2.0, height - TOP / 2.0);
    for (size_t i = 0; i < e->step_count; i++) row(page, &e->steps[i], scale, TOP + (double)i * ROW);
    bfl_page_raw(
        page,
        "</svg><figcaption>From prior to posterior on the scale of log odds: right is flare, left is progression, "
        "the line in the middle is even odds; the number is P(flare) after each step.</figcaption></figure>\n");
}
