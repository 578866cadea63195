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

/* "target, new lesions", by the set of parts. */
static bfl_text names(unsigned parts) {
    const bfl_text words[] = {BFL_TEXT(" lesions"),
                              BFL_TEXT("target lesions"),
                              BFL_TEXT("non-target lesions"),
                              BFL_TEXT("target, non-target lesions"),
                              BFL_TEXT("new lesions"),
                              BFL_TEXT("target, new lesions"),
                              BFL_TEXT("non-target, new lesions"),
                              BFL_TEXT("target, non-target, new lesions")};
    return words[parts & (BFL_IPART_TARGET | BFL_IPART_NONTARGET | BFL_IPART_NEW)];
}
_Static_assert(BFL_IPART_TARGET == 1 && BFL_IPART_NONTARGET == 2 && BFL_IPART_NEW == 2 << 1,
               "names() is in their order");

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
    bfl_digits of_day, of_days;
    bfl_text who = bfl_text_of(word), day = bfl_digits_whole(&of_day, before->since),
             days = bfl_digits_whole(&of_days, f->day - before->since);
    if (rule == BFL_RULE_IRECIST_CPD_FINAL)
        return BFL_JOIN(a, who, BFL_TEXT(": progression of day "), day, BFL_TEXT(" was confirmed before"));
    if (!before->open)
        return BFL_JOIN(a, who, BFL_TEXT(": progression of "), names(f->progressed), BFL_TEXT(", to be confirmed"));
    if (rule == BFL_RULE_IRECIST_UPD_REMAINS || rule == BFL_RULE_IRECIST_RESET_NEW)
        return BFL_JOIN(a, who, BFL_TEXT(": the progression of day "), day,
                        BFL_TEXT(" neither grew further nor shrank"));
    if (rule == BFL_RULE_IRECIST_CONFIRM_WINDOW)
        return BFL_JOIN(a, who, BFL_TEXT(": growth "), days, BFL_TEXT(" days after the progression of day "), day,
                        BFL_TEXT(" is too early to confirm it"));
    if (rule == BFL_RULE_IRECIST_RESET || rule == BFL_RULE_IRECIST_NEW_NO_CR)
        return BFL_JOIN(a, who, BFL_TEXT(": the progression of day "), day, BFL_TEXT(" was not confirmed"));
    if (rule == BFL_RULE_IRECIST_TIMEPOINT)
        return BFL_JOIN(a, who, BFL_TEXT(": the progression of day "), day, BFL_TEXT(" stays open"));
    unsigned grown = (f->further & before->parts) | (f->progressed & ~before->parts);
    return BFL_JOIN(a, who, BFL_TEXT(": "), names(grown), BFL_TEXT(" grew further "), days,
                    BFL_TEXT(" days after the progression of day "), day);
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
