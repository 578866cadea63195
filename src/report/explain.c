/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the verdict came about, as text: each step from prior to posterior, a waterfall of the evidence, the loss of each answer,
 * which single fact would turn it, what a test is worth, and what later studies say of earlier days.
 */
#include "report/report.h"
#include "report/terminal.h"

#include "flare/flare.h"

#include <math.h>

enum { HALF = 24 }; /* cells of the waterfall on either side of even odds */

typedef struct page {
    bfl_term term;
    bfl_arena *arena;
    const bfl_assessment *a;
    const bfl_bone *bone;
    const bfl_explanation *e;
} page;

static const char *clean(const page *p, const char *z) { return bfl_plain_text(p->arena, z); }

static void line(page *p, const char *lead, const char *z) {
    bfl_term_paragraph(&p->term, BFL_STYLE_PLAIN, lead, clean(p, z));
}

static void cell(page *p, bfl_term_table *table, const char *z) { bfl_term_cell(&p->term, table, clean(p, z)); }

static const char *rounded(const page *p, double value, int places) {
    bfl_buf out = {.arena = p->arena};
    bfl_buf_double(&out, value, places);
    return bfl_buf_z(&out);
}

/* Two digits: 0.048, 0.30, 4.3, 11. */
static const char *ratio(const page *p, double value) {
    int places = value >= 10 || value <= 0 ? 0 : 1 - (int)floor(log10(value));
    return rounded(p, value, places > 4 ? 4 : places);
}

static const char *state_word(const page *p, bfl_bone_state state) {
    return bfl_say_spaced(p->arena, bfl_bone_state_word(state));
}

/* ---- head ---- */

static void head(page *p) {
    const bfl_assessment *a = p->a;
    line(p, "",
         bfl_arena_printf(p->arena, "Patient %s, as of %s: %s", a->record->patient.id,
                          bfl_say_day(p->arena, a->record, a->as_of), state_word(p, p->bone->state)));
    for (size_t i = 0; i < a->verdict->alarm_count; i++) {
        const bfl_alarm *alarm = &a->verdict->alarms[i];
        bfl_term_paragraph(&p->term, BFL_STYLE_ALARM, alarm->urgent ? "URGENT " : "WATCH ",
                           clean(p, bfl_arena_printf(p->arena, "%s: %s", alarm->rule ? alarm->rule->title : "alarm",
                                                     bfl_say_alarm(p->arena, a->record, alarm))));
    }
}

/* ---- steps ---- */

static const char *prior_words(const page *p) {
    const bfl_onset *o = &p->bone->onset;
    return bfl_arena_printf(p->arena, "between day %d and day %d a flare begins in %s, progression in %s", o->from_day,
                            o->to_day, bfl_say_percent(p->arena, o->flare), bfl_say_percent(p->arena, o->progression));
}

static const char *direction_note(const bfl_evidence *e) {
    if (e->veto) return " (forbids flare)";
    return e->direction == BFL_FOR_OTHER ? " (for another cause)" : "";
}

static void steps(page *p) {
    static const char *const heads[] = {"group", "finding", "ratio alone", "95 %", "counts as", "P(flare)", "95 %"};
    bfl_term_table table = {.column_count = sizeof heads / sizeof *heads};
    for (size_t i = 0; i < table.column_count; i++) cell(p, &table, heads[i]);
    for (size_t i = 0; i < p->e->step_count; i++) {
        const bfl_explain_step *s = &p->e->steps[i];
        const bfl_evidence *e = s->evidence;
        bool exact = s->ratio_high - s->ratio_low <= 0;
        cell(p, &table, e ? bfl_say_spaced(p->arena, e->group) : "prior");
        cell(p, &table, e ? bfl_arena_printf(p->arena, "%s%s", e->finding, direction_note(e)) : prior_words(p));
        cell(p, &table, ratio(p, s->ratio));
        cell(p, &table,
             exact ? "-" : bfl_arena_printf(p->arena, "%s to %s", ratio(p, s->ratio_low), ratio(p, s->ratio_high)));
        cell(p, &table, ratio(p, s->counted));
        cell(p, &table, rounded(p, s->p_flare, 2));
        cell(p, &table, bfl_arena_printf(p->arena, "%s to %s", rounded(p, s->low, 2), rounded(p, s->high, 2)));
    }
    bfl_term_heading(&p->term, "FROM PRIOR TO POSTERIOR");
    line(p, "  ", "Ratios are flare : progression. What counts is less where findings repeat each other.");
    bfl_term_table_write(&p->term, &table);
    for (size_t i = 0; i < p->bone->onset.rule_count; i++) {
        const bfl_rule *rule = p->bone->onset.rules[i];
        line(p, "  ", bfl_arena_printf(p->arena, "%s: %s", rule->title, rule->text));
    }
}

/* ---- waterfall ---- */

static double scale_of(const bfl_explanation *e) {
    double widest = 1;
    for (size_t i = 0; i < e->step_count; i++) widest = fmax(widest, fabs(e->steps[i].log_odds));
    return widest;
}

/* Cell of the log odds, 0 .. 2 * HALF. */
static int cell_of(double log_odds, double scale) { return HALF + (int)lround(log_odds / scale * HALF); }

static void bar(page *p, const bfl_explain_step *s, double scale) {
    int from = cell_of(s->log_odds_before, scale), to = cell_of(s->log_odds, scale);
    bool up = to >= from;
    int low = up ? from : to, high = up ? to : from;
    bfl_buf out = {.arena = p->arena};
    for (int c = 0; c <= 2 * HALF; c++) {
        bool inside = c >= low && c < (high > low ? high : low + 1);
        const char *empty = c == HALF ? "│" : " ";
        const char *full = high == low ? "·" : up ? "█" : "▒";
        bfl_buf_add(&out, inside ? full : empty);
    }
    const bfl_evidence *e = s->evidence;
    bfl_buf_addf(p->term.out, "  %-14.14s ", e ? bfl_say_spaced(p->arena, e->group) : "prior");
    bfl_term_put(&p->term, up ? BFL_STYLE_FLARE : BFL_STYLE_PROGRESSION, bfl_buf_z(&out));
    bfl_buf_addf(p->term.out, " %s\n", rounded(p, s->p_flare, 2));
}

static void waterfall(page *p) {
    double scale = scale_of(p->e);
    bfl_term_heading(&p->term, "WATERFALL");
    line(p, "  ",
         "Log odds: █ a step towards flare, ▒ towards progression, │ even odds, · nothing; at the end P(flare).");
    for (size_t i = 0; i < p->e->step_count; i++) bar(p, &p->e->steps[i], scale);
}

/* ---- the decision ---- */

static void losses(page *p) {
    const bfl_losses *l = &p->bone->losses;
    bfl_term_heading(&p->term, "EXPECTED LOSS, DAYS OF DISEASE CONTROL");
    line(p, "  ",
         bfl_arena_printf(p->arena, "going on as for a flare %s, changing as for progression %s, leaving it open %s",
                          rounded(p, l->flare, 1), rounded(p, l->progression, 1), rounded(p, l->wait, 1)));
    line(p, "  ",
         bfl_arena_printf(p->arena, "The answer of least loss that is allowed: %s.", state_word(p, p->e->answer)));
    if (p->e->answer != p->bone->state)
        line(p, "  ",
             bfl_arena_printf(p->arena, "The state is %s by what went before: %s.", state_word(p, p->bone->state),
                              p->bone->because));
}

static void facts(page *p) {
    bfl_term_heading(&p->term, "WHICH SINGLE FACT WOULD TURN IT");
    if (p->e->fact_count == 0) line(p, "  ", "None: no single finding, added or left out, changes the answer.");
    for (size_t i = 0; i < p->e->fact_count; i++) {
        const bfl_explain_fact *f = &p->e->facts[i];
        line(p, f->present ? "  without: " : "  with: ",
             bfl_arena_printf(p->arena, "%s -> %s, P(flare) %s", f->what, state_word(p, f->state),
                              rounded(p, f->p_flare, 2)));
    }
}

static const char *test_answer(const page *p, const char *what, double chance, double p_flare, bfl_bone_state state) {
    if (chance <= 0) return "";
    return bfl_arena_printf(p->arena, "; %s (%s) -> %s, P(flare) %s", what, bfl_say_percent(p->arena, chance),
                            state_word(p, state), rounded(p, p_flare, 2));
}

static void tests(page *p) {
    const bfl_workup *w = p->a->workup;
    if (w->test_count == 0) return;
    bfl_term_heading(&p->term, "WHAT A TEST IS WORTH, DAYS");
    for (size_t i = 0; i < w->test_count; i++) {
        const bfl_test_worth *t = &w->tests[i];
        const char *pro = t->if_for ? t->if_for->title : "no other cause";
        line(p, bfl_arena_printf(p->arena, "  %5s  ", rounded(p, t->value_days, 1)),
             bfl_arena_printf(p->arena, "%s, from %s%s%s%s%s", t->rule->title,
                              bfl_say_day(p->arena, p->a->record, t->from_day), t->decisive ? ", can turn it" : "",
                              test_answer(p, pro, t->chance_for, t->p_flare_for, t->state_for),
                              test_answer(p, t->if_against ? t->if_against->title : "", t->chance_against,
                                          t->p_flare_against, t->state_against),
                              test_answer(p, "another cause", t->chance_other, t->p_flare_other, t->state_other)));
    }
}

static void hindsight(page *p) {
    const bfl_verdict *v = p->a->verdict;
    bool any = false;
    for (size_t i = 0; i < v->history_count; i++) {
        const bfl_bone *b = &v->history[i];
        if (!b->hindsight.known) continue;
        if (!any) bfl_term_heading(&p->term, "LOOKING BACK");
        any = true;
        line(p, "  ",
             bfl_arena_printf(p->arena,
                              "On %s it was said: %s, P(flare) %s. With what was known on %s, that worsening: %s, "
                              "P(flare) %s (%s to %s).",
                              bfl_say_day(p->arena, p->a->record, b->day), state_word(p, b->state),
                              rounded(p, b->p_flare, 2), bfl_say_day(p->arena, p->a->record, b->hindsight.day),
                              state_word(p, b->hindsight.state), rounded(p, b->hindsight.p_flare, 2),
                              rounded(p, b->hindsight.low, 2), rounded(p, b->hindsight.high, 2)));
    }
}

void bfl_explain_write(bfl_buf *out, const bfl_assessment *a, const bfl_report_options *options) {
    page p = {.term = {out, options->columns, options->colour}, .arena = out->arena, .a = a, .bone = &a->verdict->now};
    p.e = bfl_flare_explain(out->arena, a->rulebook, a->record, p.bone);
    head(&p);
    if (p.e->step_count == 0) {
        line(&p, "  ", p.bone->because);
    } else {
        steps(&p);
        waterfall(&p);
        losses(&p);
        facts(&p);
        tests(&p);
    }
    hindsight(&p);
}
