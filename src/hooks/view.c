/* SPDX-License-Identifier: Apache-2.0 */
/* patient-view: a card for each alarm, urgent ones first, and one for the bone when there is a question or an answer to one. */
#include "hooks/hooks.h"

static void write_alarm(bfl_hook_call *call, bfl_json_writer *w, size_t index) {
    const bfl_assessment *a = call->assessment;
    const bfl_alarm *alarm = &a->verdict->alarms[index];
    const char *const pairs[] = {"finding", bfl_say_alarm(call->arena, a->record, alarm), NULL};
    const char *sentence = bfl_rule_words(a->rulebook, alarm->urgent ? BFL_TXT_HOOKS_SUMMARY__URGENT_TEXT
                                                                     : BFL_TXT_HOOKS_SUMMARY__ALARM_TEXT);
    bfl_hook_card card = {.about = bfl_arena_printf(call->arena, "alarm\n%zu", index),
                          .summary = bfl_hook_fill(call->arena, sentence, pairs),
                          .indicator = alarm->urgent ? "critical" : "warning",
                          .overridable = true};
    card.detail = bfl_hook_alarm_detail(call, &card, alarm);
    bfl_hook_card_write(call, w, &card);
}

static void write_verdict(bfl_hook_call *call, bfl_json_writer *w) {
    const bfl_assessment *a = call->assessment;
    const bfl_bone *now = &a->verdict->now;
    bfl_arena *arena = call->arena;
    bool settled = now->state == BFL_BONE_FLARE_CONFIRMED;
    const char *const pairs[] = {"state", bfl_say_state(a->rulebook, now->state, BFL_FOR_CLINICIAN),
                                 "day",   bfl_say_date(arena, a->record, a->as_of),
                                 "p",     bfl_say_percent(arena, now->p_flare),
                                 "low",   bfl_say_percent(arena, now->low),
                                 "high",  bfl_say_percent(arena, now->high),
                                 NULL};
    const char *sentence = bfl_rule_words(a->rulebook, now->question ? BFL_TXT_HOOKS_SUMMARY__QUESTION_TEXT
                                                                     : BFL_TXT_HOOKS_SUMMARY__SETTLED_TEXT);
    bfl_hook_card card = {.about = "verdict",
                          .summary = bfl_hook_fill(arena, sentence, pairs),
                          .indicator = settled ? "info" : "warning",
                          .overridable = true};
    card.detail = bfl_hook_verdict_detail(call, &card, "");
    bfl_hook_offer_steps(call, &card, false);
    bfl_hook_card_write(call, w, &card);
}

void bfl_hook_view_write(bfl_hook_call *call) {
    bfl_json_writer w;
    const bfl_assessment *a = call->assessment;
    bfl_hook_cards_open(call, &w);
    for (int urgent = 1; a && urgent >= 0; urgent--)
        for (size_t i = 0; i < a->verdict->alarm_count; i++)
            if (a->verdict->alarms[i].urgent == (urgent == 1)) write_alarm(call, &w, i);
    if (a && a->verdict->now.state != BFL_BONE_NONE) write_verdict(call, &w);
    bfl_hook_cards_close(&w);
}
