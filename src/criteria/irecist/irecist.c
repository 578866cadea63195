/* SPDX-License-Identifier: Apache-2.0 */
/* iRECIST, visit by visit: Seymour 2017. */
#include "criteria/irecist/irecist.h"
#include "criteria/irecist/parts.h"

static void explain(const bfl_icase *c, size_t i, const bfl_ifindings *f, const bfl_iopen *before, bfl_rule_index rule,
                    bfl_criterion_visit *visit);

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
    bfl_icase c = {arena, record, rulebook, visits, disease, NULL, 0};
    bfl_criterion_visit *course = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    bfl_iwindow window = window_of(rulebook);
    bfl_iopen state = {.open = false};
    bfl_irecist_list_new(&c);
    for (size_t i = 0; i < visits->count; i++) {
        course[i].day = visits->items[i].day;
        course[i].word = bfl_irecist_word(BFL_RESPONSE_NONE);
        if (i == 0) continue;
        bfl_rule_index rule;
        bfl_iopen before = state;
        bfl_ifindings f = bfl_irecist_look(&c, i, &state);
        course[i].response = bfl_irecist_timepoint(&window, &state, &f, &rule);
        course[i].word = bfl_irecist_word(course[i].response);
        course[i].without_targets = f.target == BFL_RESPONSE_NONE;
        if (state.open && (!before.open || state.since != before.since)) state.visit = i;
        if (course[i].response != BFL_RESPONSE_NONE) explain(&c, i, &f, &before, rule, &course[i]);
    }
    return course;
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

/* The rows that RECIST's literal reading of the visit rests on. */
static bfl_event_list events_of(const bfl_icase *c, size_t i) {
    bfl_event_list events = {0};
    const bfl_criterion_visit *literal = &c->disease->literal[i];
    for (size_t k = 0; k < literal->reason_count; k++)
        for (size_t j = 0; j < literal->reasons[k].event_count; j++)
            bfl_event_add(c->arena, &events, literal->reasons[k].events[j].kind, literal->reasons[k].events[j].index);
    return events;
}

static const char *finding(const bfl_icase *c, const bfl_ifindings *f, const bfl_iopen *before, const char *word,
                           bfl_rule_index rule) {
    bfl_arena *a = c->arena;
    int day = (int)before->since, days = (int)(f->day - before->since);
    if (rule == BFL_RULE_IRECIST_CPD_FINAL)
        return bfl_arena_printf(a, "%s: progression of day %d was confirmed before", word, day);
    if (!before->open)
        return f->progressed
                   ? bfl_arena_printf(a, "%s: progression of %s, to be confirmed", word, names(a, f->progressed))
                   : bfl_arena_printf(a, "%s: no category progresses", word);
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

static void explain(const bfl_icase *c, size_t i, const bfl_ifindings *f, const bfl_iopen *before, bfl_rule_index rule,
                    bfl_criterion_visit *visit) {
    bfl_reason_list reasons = {0};
    bfl_event_list events = events_of(c, i);
    bfl_reason_add(c->arena, &reasons, bfl_rule_of(c->rulebook, rule), &events, "%s",
                   finding(c, f, before, visit->word, rule));
    int32_t latest = bfl_rule_days(c->rulebook, BFL_NUM_IRECIST_CONFIRM_WINDOW__MAXIMUM_DAYS);
    if (visit->response == BFL_RESPONSE_PD && !before->confirmed && f->day - before->since > latest)
        bfl_reason_add(c->arena, &reasons, bfl_rule_of(c->rulebook, BFL_RULE_IRECIST_CONFIRM_WINDOW), NULL,
                       "confirmed %d days after it was first seen, later than %d: accepted",
                       (int)(f->day - before->since), (int)latest);
    visit->reasons = reasons.items;
    visit->reason_count = reasons.count;
}
