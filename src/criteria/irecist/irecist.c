/* SPDX-License-Identifier: Apache-2.0 */
/* iRECIST, visit by visit: Seymour 2017. */
#include "criteria/irecist/irecist.h"
#include "criteria/irecist/parts.h"

/* The reading in progress. */
typedef struct course {
    const bfl_icase *c;
    bfl_event_set events;
    bfl_criterion_visit *visits;
    const char *calm; /* what was last said of a visit at which nothing progresses nor did, */
    const char *word; /* with which word */
} course;

static void explain(course *o, size_t i, const bfl_ifindings *f, const bfl_iopen *before, bfl_rule_index rule);

static bfl_iwindow window_of(const bfl_rulebook *rulebook) {
    const char *late = bfl_rule_words(rulebook, BFL_TXT_IRECIST_CONFIRM_WINDOW__LATE);
    return (bfl_iwindow){
        .minimum_days = bfl_rule_days(rulebook, BFL_NUM_IRECIST_CONFIRM_WINDOW__MINIMUM_DAYS),
        .maximum_days = bfl_rule_days(rulebook, BFL_NUM_IRECIST_CONFIRM_WINDOW__MAXIMUM_DAYS),
        .late_refused = bfl_text_equal_nocase(bfl_text_of(late), BFL_TEXT("refused")),
    };
}

const bfl_criterion_visit *bfl_irecist_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                              const bfl_visits *visits, const bfl_disease *disease) {
    bfl_icase c = {arena, record, rulebook, visits, disease, NULL, 0, false};
    bfl_criterion_visit *said = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    course o = {.c = &c, .events = bfl_event_sets(arena, record), .visits = said};
    bfl_iwindow window = window_of(rulebook);
    bfl_iopen state = {.open = false};
    bfl_irecist_list_new(&c);
    for (size_t i = 0; i < visits->count; i++) {
        said[i].day = visits->items[i].day;
        said[i].word = bfl_irecist_word(BFL_RESPONSE_NONE);
        if (i == 0) continue;
        bfl_rule_index rule;
        bfl_iopen before = state;
        bfl_ifindings f = bfl_irecist_look(&c, i, &state);
        said[i].response = bfl_irecist_timepoint(&window, &state, &f, &rule);
        said[i].word = bfl_irecist_word(said[i].response);
        said[i].without_targets = f.target == BFL_RESPONSE_NONE;
        if (state.open && (!before.open || state.since != before.since)) state.visit = i;
        if (said[i].response != BFL_RESPONSE_NONE) explain(&o, i, &f, &before, rule);
    }
    return said;
}

/* ---- reasons ---- */

static const char *names(bfl_arena *arena, unsigned parts) {
    static const char *const words[] = {"target", "non-target", "new"};
    bfl_buf text = {.arena = arena};
    for (unsigned k = 0; k < sizeof words / sizeof *words; k++)
        if (parts & 1u << k) bfl_buf_join(&text, ", ", words[k]);
    bfl_buf_add(&text, " lesions");
    return bfl_buf_z(&text);
}

/* Mostly in the word of the visit before. */
static const char *say_calm(course *o, const char *word) {
    if (!o->calm || o->word != word)
        o->calm = BFL_JOIN(o->c->arena, bfl_text_of(word), BFL_TEXT(": no category progresses"));
    o->word = word;
    return o->calm;
}

static const char *finding(const bfl_icase *c, const bfl_ifindings *f, const bfl_iopen *before, const char *word,
                           bfl_rule_index rule) {
    bfl_arena *a = c->arena;
    int day = (int)before->since, days = (int)(f->day - before->since);
    if (rule == BFL_RULE_IRECIST_CPD_FINAL)
        return bfl_arena_printf(a, "%s: progression of day %d was confirmed before", word, day);
    if (!before->open)
        return bfl_arena_printf(a, "%s: progression of %s, to be confirmed", word, names(a, f->progressed));
    if (rule == BFL_RULE_IRECIST_UPD_REMAINS || rule == BFL_RULE_IRECIST_RESET_NEW)
        return bfl_arena_printf(a, "%s: the progression of day %d neither grew further nor shrank", word, day);
    if (rule == BFL_RULE_IRECIST_CONFIRM_WINDOW)
        return bfl_arena_printf(a, "%s: growth %d days after the progression of day %d is too early to confirm it",
                                word, days, day);
    if (rule == BFL_RULE_IRECIST_RESET || rule == BFL_RULE_IRECIST_NEW_NO_CR)
        return bfl_arena_printf(a, "%s: the progression of day %d was not confirmed", word, day);
    if (rule == BFL_RULE_IRECIST_TIMEPOINT)
        return bfl_arena_printf(a, "%s: the progression of day %d stays open", word, day);
    unsigned grown = (f->further & before->parts) | (f->progressed & ~before->parts);
    return bfl_arena_printf(a, "%s: %s grew further %d days after the progression of day %d", word, names(a, grown),
                            days, day);
}

/* It rests on the rows that RECIST's literal reading of the visit rests on. */
static void explain(course *o, size_t i, const bfl_ifindings *f, const bfl_iopen *before, bfl_rule_index rule) {
    const bfl_icase *c = o->c;
    bfl_criterion_visit *visit = &o->visits[i];
    bfl_reason_list reasons = bfl_reasons_for(c->arena, 1);
    bfl_event_set_begin(&o->events);
    bfl_event_set_add(c->arena, &o->events, c->disease->literal[i].reasons, c->disease->literal[i].reason_count);
    bool calm = rule != BFL_RULE_IRECIST_CPD_FINAL && !before->open && !f->progressed;
    bfl_reason_push(c->arena, &reasons, bfl_rule_of(c->rulebook, rule), &o->events.list,
                    calm ? say_calm(o, visit->word) : finding(c, f, before, visit->word, rule));
    int32_t latest = bfl_rule_days(c->rulebook, BFL_NUM_IRECIST_CONFIRM_WINDOW__MAXIMUM_DAYS);
    if (visit->response == BFL_RESPONSE_PD && !before->confirmed && f->day - before->since > latest)
        bfl_reason_add(c->arena, &reasons, bfl_rule_of(c->rulebook, BFL_RULE_IRECIST_CONFIRM_WINDOW), NULL,
                       "confirmed %d days after it was first seen, later than %d: accepted",
                       (int)(f->day - before->since), (int)latest);
    visit->reasons = reasons.items;
    visit->reason_count = reasons.count;
}
