/* SPDX-License-Identifier: Apache-2.0 */
/* The detail of a card: what the assessment says, no more, with the rule or paper behind each line. */
#include "hooks/hooks.h"

typedef struct detail {
    bfl_hook_call *call;
    bfl_hook_card *card;
    const bfl_assessment *a;
    bfl_buf out;
} detail;

static const char *words(const detail *d, bfl_text_index index) { return bfl_rule_words(d->a->rulebook, index); }

static const char *gfm(const detail *d, const char *z) { return bfl_hook_gfm(d->call->arena, z); }

static const char *day_words(const detail *d, int32_t day) {
    return day == INT32_MIN ? "-" : bfl_say_day(d->call->arena, d->a->record, day);
}

static detail begin(bfl_hook_call *call, bfl_hook_card *card) {
    return (detail){call, card, call->assessment, {.arena = call->arena}};
}

static void heading(detail *d, bfl_text_index index) { bfl_buf_addf(&d->out, "**%s**\n\n", words(d, index)); }

static void paragraph(detail *d, const char *z) {
    if (z && z[0]) bfl_buf_addf(&d->out, "%s\n\n", gfm(d, z));
}

/* "Chao 2009, De Bondt 2020"; how a rule without sources is known. */
static const char *sources(detail *d, const bfl_rule *rule) {
    bfl_buf out = {.arena = d->call->arena};
    if (!rule) return "";
    for (size_t i = 0; i < rule->source_count; i++)
        bfl_buf_addf(&out, "%s%s", i ? ", " : "", bfl_say_source(d->call->arena, rule->sources[i]));
    bfl_hook_cite(d->call, d->card, rule);
    return out.size ? bfl_buf_z(&out) : bfl_known_word(rule->known);
}

/* ---- the verdict ---- */

static void probability_row(detail *d, bfl_text_index name, double p, const char *interval) {
    bfl_buf_addf(&d->out, "| %s | %s%s%s%s |\n", words(d, name), gfm(d, bfl_say_percent(d->call->arena, p)),
                 interval[0] ? " (" : "", interval, interval[0] ? ")" : "");
}

static void probabilities(detail *d) {
    const bfl_bone *now = &d->a->verdict->now;
    bfl_arena *arena = d->call->arena;
    const char *const pairs[] = {"low", bfl_say_percent(arena, now->low), "high", bfl_say_percent(arena, now->high),
                                 NULL};
    const char *interval = bfl_hook_fill(arena, words(d, BFL_TXT_HOOKS_DETAIL__INTERVAL_TEXT), pairs);
    if (!now->question) return;
    bfl_buf_addf(&d->out, "| | %s |\n|---|---|\n", words(d, BFL_TXT_HOOKS_DETAIL__PROBABILITY_TEXT));
    probability_row(d, BFL_TXT_HOOKS_DETAIL__FLARE_TEXT, now->p_flare, gfm(d, interval));
    probability_row(d, BFL_TXT_HOOKS_DETAIL__PROGRESSION_TEXT, now->p_progression, "");
    probability_row(d, BFL_TXT_HOOKS_DETAIL__OTHER_TEXT, now->p_other, "");
    bfl_buf_add(&d->out, "\n");
}

static void evidence(detail *d, bfl_direction direction, bfl_text_index name) {
    const bfl_bone *now = &d->a->verdict->now;
    bool any = false;
    for (size_t i = 0; i < now->evidence_count; i++) {
        const bfl_evidence *e = &now->evidence[i];
        if (e->direction != direction) continue;
        if (!any) heading(d, name);
        any = true;
        bfl_buf_addf(&d->out, "- %s (%s; %s)\n", gfm(d, e->finding), gfm(d, bfl_say_weight(d->call->arena, e)),
                     gfm(d, sources(d, e->rule)));
    }
    if (any) bfl_buf_add(&d->out, "\n");
}

/* ---- what is next, alarms, data ---- */

static void next(detail *d) {
    const bfl_workup *workup = d->a->workup;
    if (!workup->next_count) return;
    heading(d, BFL_TXT_HOOKS_DETAIL__NEXT_TEXT);
    for (size_t i = 0; i < workup->next_count; i++) {
        const bfl_step *step = &workup->next[i];
        bfl_buf_addf(&d->out, "%zu. %s", i + 1, gfm(d, step->action));
        if (step->has_by) {
            const char *const pairs[] = {"day", day_words(d, step->by_day), NULL};
            bfl_buf_addf(&d->out, " (%s)",
                         gfm(d, bfl_hook_fill(d->call->arena, words(d, BFL_TXT_HOOKS_DETAIL__BY_TEXT), pairs)));
        }
        if (step->changes && step->changes[0]) bfl_buf_addf(&d->out, " %s", gfm(d, step->changes));
        bfl_buf_addf(&d->out, " (%s)\n", gfm(d, sources(d, step->rule)));
    }
    bfl_buf_add(&d->out, "\n");
}

static void alarms(detail *d) {
    const bfl_verdict *v = d->a->verdict;
    if (!v->alarm_count) return;
    heading(d, BFL_TXT_HOOKS_DETAIL__ALARMS_TEXT);
    for (size_t i = 0; i < v->alarm_count; i++)
        bfl_buf_addf(&d->out, "- %s\n", gfm(d, bfl_say_alarm(d->call->arena, d->a->record, &v->alarms[i])));
    bfl_buf_add(&d->out, "\n");
}

static void data(detail *d) {
    bfl_arena *arena = d->call->arena;
    size_t problems = 0;
    for (size_t i = 0; i < d->a->issue_count; i++) problems += d->a->issues[i].severity != BFL_ISSUE_NOTE;
    const char *const pages[] = {"keys", d->call->more_pages, NULL};
    const char *const counts[] = {"count", bfl_arena_printf(arena, "%zu", problems), NULL};
    if (d->call->more_pages[0]) paragraph(d, bfl_hook_fill(arena, words(d, BFL_TXT_HOOKS_DETAIL__PAGES_TEXT), pages));
    if (problems) paragraph(d, bfl_hook_fill(arena, words(d, BFL_TXT_HOOKS_DETAIL__PROBLEMS_TEXT), counts));
    if (d->call->others) paragraph(d, words(d, BFL_TXT_HOOKS_DETAIL__OTHERS_TEXT));
}

static void finish(detail *d) {
    data(d);
    const char *const pairs[] = {"day", day_words(d, d->a->as_of), NULL};
    paragraph(d, bfl_hook_fill(d->call->arena, words(d, BFL_TXT_HOOKS_DETAIL__KNOWN_TEXT), pairs));
    bfl_buf_addf(&d->out, "_%s_\n", gfm(d, bfl_say_disclaimer(d->a->rulebook, BFL_FOR_CLINICIAN)));
}

const char *bfl_hook_verdict_detail(bfl_hook_call *call, bfl_hook_card *card, const char *first) {
    detail d = begin(call, card);
    const bfl_bone *now = &d.a->verdict->now;
    paragraph(&d, first);
    bfl_buf_addf(&d.out, "**%s.** ", gfm(&d, bfl_say_state(d.a->rulebook, now->state, BFL_FOR_CLINICIAN)));
    paragraph(&d, bfl_say_meaning(d.a->rulebook, now->state, BFL_FOR_CLINICIAN));
    paragraph(&d, now->because);
    probabilities(&d);
    alarms(&d);
    evidence(&d, BFL_FOR_FLARE, BFL_TXT_HOOKS_DETAIL__FOR_FLARE_TEXT);
    evidence(&d, BFL_FOR_PROGRESSION, BFL_TXT_HOOKS_DETAIL__FOR_PROGRESSION_TEXT);
    evidence(&d, BFL_FOR_OTHER, BFL_TXT_HOOKS_DETAIL__FOR_OTHER_TEXT);
    evidence(&d, BFL_NEUTRAL, BFL_TXT_HOOKS_DETAIL__NEUTRAL_TEXT);
    next(&d);
    finish(&d);
    return bfl_buf_z(&d.out);
}

const char *bfl_hook_alarm_detail(bfl_hook_call *call, bfl_hook_card *card, const bfl_alarm *alarm) {
    detail d = begin(call, card);
    bfl_buf_addf(&d.out, "**%s**\n\n", gfm(&d, bfl_say_alarm(call->arena, d.a->record, alarm)));
    if (alarm->rule) {
        paragraph(&d, alarm->rule->text);
        paragraph(&d, sources(&d, alarm->rule));
    }
    next(&d);
    finish(&d);
    return bfl_buf_z(&d.out);
}
