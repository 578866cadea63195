/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions of the nodes. "alp_high, cancer|miliary, !paget": all of the list, one of a|b, not a. A condition is one of
 * the named ones or of a family: state.WORD, alarm.NAME, high.ANALYTE, low.ANALYTE, given.CLASS, found.GENE:VARIANT.
 * How an answer is told is a row of rulebook/workup/when_2026.toml.
 */
#include "workup/plan.h"

#include <string.h>

static bfl_condition condition_of(size_t place) {
    if (bfl_workup_alp_conditions[place]) return bfl_workup_alp_conditions[place];
    if (bfl_workup_bone_conditions[place]) return bfl_workup_bone_conditions[place];
    return bfl_workup_tumour_conditions[place];
}

/* ---- families ---- */

static bfl_answer of_state(bfl_plan *plan, const char *word) {
    bfl_answer answer = bfl_workup_either(strcmp(bfl_bone_state_word(plan->verdict->now.state), word) == 0);
    answer.it = bfl_workup_plain(plan, word);
    return answer;
}

const bfl_alarm *bfl_workup_alarm(const bfl_plan *plan, const char *name) {
    for (size_t i = 0; i < plan->verdict->alarm_count; i++) {
        const bfl_alarm *alarm = &plan->verdict->alarms[i];
        if (alarm->rule && strcmp(strchr(alarm->rule->id, '.') + 1, name) == 0) return alarm;
    }
    return NULL;
}

bfl_answer bfl_workup_of_alarm(bfl_plan *plan, const bfl_alarm *alarm) {
    bfl_answer answer = {.said = BFL_SAID_YES, .it = alarm->finding, .has_day = true, .day = alarm->day};
    for (size_t k = 0; k < alarm->event_count; k++)
        bfl_event_add(plan->arena, &answer.events, alarm->events[k].kind, alarm->events[k].index);
    return answer;
}

static bfl_answer of_alarm(bfl_plan *plan, const char *name) {
    const bfl_alarm *alarm = bfl_workup_alarm(plan, name);
    if (!alarm) {
        const bfl_rule *rule = bfl_rule_named(plan->rulebook, "alarm.", name);
        return (bfl_answer){.said = BFL_SAID_NO, .it = rule ? rule->title : name};
    }
    return bfl_workup_of_alarm(plan, alarm);
}

static bfl_answer of_high(bfl_plan *plan, const char *analyte) { return bfl_workup_lab_against(plan, analyte, true); }
static bfl_answer of_low(bfl_plan *plan, const char *analyte) { return bfl_workup_lab_against(plan, analyte, false); }

static bfl_answer of_given(bfl_plan *plan, const char *class_id) {
    bfl_answer answer = {.said = BFL_SAID_NO, .it = bfl_drug_class_name(class_id)};
    for (size_t i = 0; i < plan->record->therapy_count; i++) {
        const bfl_therapy *therapy = &plan->record->therapies[i];
        if (strcmp(therapy->class_id, class_id) != 0) continue;
        answer.said = BFL_SAID_YES;
        answer.it = bfl_arena_printf(plan->arena, "%s was given", therapy->drug);
        bfl_workup_note_event(plan, &answer, BFL_EVENT_THERAPY, i, therapy->start.day);
    }
    return answer;
}

/* Gene and variant may stand in one column or in two. */
static bfl_answer of_found(bfl_plan *plan, const char *name) {
    const char *colon = strchr(name, ':');
    const char *variant = colon ? colon + 1 : "";
    const char *gene = bfl_arena_text(plan->arena, (bfl_text){name, colon ? (size_t)(colon - name) : strlen(name)});
    bfl_answer answer = {.said = BFL_SAID_NO, .it = bfl_arena_printf(plan->arena, "%s %s", gene, variant)};
    for (size_t i = 0; i < plan->record->molecular_count; i++) {
        const bfl_molecular *test = &plan->record->moleculars[i];
        if (strcmp(test->result, "negative") == 0 || !bfl_workup_contains(test->gene, gene)) continue;
        if (!bfl_workup_contains(test->variant, variant) && !bfl_workup_contains(test->gene, variant)) continue;
        answer.said = BFL_SAID_YES;
        answer.it =
            bfl_arena_printf(plan->arena, "%s %s found%s%s", test->gene, test->variant, test->when.known ? " on " : "",
                             test->when.known ? bfl_workup_day(plan, test->when.day) : "");
        bfl_event_add(plan->arena, &answer.events, BFL_EVENT_MOLECULAR, i);
        if (test->when.known) bfl_workup_note_event(plan, &answer, BFL_EVENT_MOLECULAR, i, test->when.day);
    }
    return answer;
}

typedef bfl_answer (*family_answer)(bfl_plan *plan, const char *name);
static const family_answer families[BFL_WORKUP_CONDITIONS] = {
    [BFL_CONDITION(STATE)] = of_state, [BFL_CONDITION(ALARM)] = of_alarm, [BFL_CONDITION(HIGH)] = of_high,
    [BFL_CONDITION(LOW)] = of_low,     [BFL_CONDITION(GIVEN)] = of_given, [BFL_CONDITION(FOUND)] = of_found};

/* ---- one condition, and how it is told ---- */

/* The place of its row among those of the conditions; their count where it has none. */
static size_t place_of(const bfl_rulebook *rulebook, const bfl_rule *told) {
    return told ? (size_t)(told - bfl_rule_of(rulebook, BFL_RULE_WORKUP_WHEN_ADVANCED)) : BFL_WORKUP_CONDITIONS;
}

static bool known(const bfl_rulebook *rulebook, const bfl_word *word) {
    size_t place = place_of(rulebook, word->told);
    return place < BFL_WORKUP_CONDITIONS && (word->member ? families[place] != NULL : condition_of(place) != NULL);
}

static bfl_answer answer_anew(bfl_plan *plan, const bfl_word *word) {
    size_t place = place_of(plan->rulebook, word->told);
    if (!known(plan->rulebook, word)) return bfl_workup_unknown();
    return word->member ? families[place](plan, word->member) : condition_of(place)(plan, word->told);
}

/* Many nodes ask the same. What the record says does not change; what the walk has found so far does. */
static bfl_remembered *recall(bfl_plan *plan, const bfl_word *word) {
    bool kept = word->number < bfl_rules_word_count(plan->rulebook);
    if (kept && plan->remembered[word->number]) return plan->remembered[word->number];
    bfl_remembered *anew = BFL_NEW(plan->arena, bfl_remembered);
    anew->answer = answer_anew(plan, word);
    bool settled = word->told != bfl_rule_of(plan->rulebook, BFL_RULE_WORKUP_WHEN_NOTHING_ELSE);
    if (kept && settled) plan->remembered[word->number] = anew;
    return anew;
}

const bfl_answer *bfl_workup_ask(bfl_plan *plan, bfl_text word) {
    return &recall(plan, bfl_rules_word(plan->arena, plan->rulebook, word))->answer;
}

/* The sentence of the answer: most are never read. */
static const char *tell(bfl_plan *plan, const bfl_word *word) {
    bfl_remembered *said = recall(plan, word);
    if (!said->because)
        said->because = bfl_workup_fill(plan, &word->says[said->answer.said], &(bfl_filling){.it = said->answer.it});
    return said->because;
}

const char *bfl_workup_tell(bfl_plan *plan, bfl_text word) {
    return tell(plan, bfl_rules_word(plan->arena, plan->rulebook, word));
}

/* ---- lists ---- */

static bfl_said holds(const bfl_word *word, bfl_said said) {
    if (!word->negated || said == BFL_SAID_NONE) return said;
    return said == BFL_SAID_YES ? BFL_SAID_NO : BFL_SAID_YES;
}

/* The word that speaks for a|b: the first yes; else the first that is not known yet; else the first no. NULL: no word. */
static const bfl_word *one_of(bfl_plan *plan, const bfl_word_group *words, bfl_said *said) {
    const bfl_word *best = NULL;
    *said = BFL_SAID_NO;
    for (size_t i = 0; i < words->count && *said != BFL_SAID_YES; i++) {
        bfl_said one = holds(&words->items[i], recall(plan, &words->items[i])->answer.said);
        if (best && !(one == BFL_SAID_YES || (one == BFL_SAID_NONE && *said == BFL_SAID_NO))) continue;
        best = &words->items[i];
        *said = one;
    }
    return best;
}

bfl_said bfl_workup_says(bfl_plan *plan, bfl_word_list conditions) {
    bfl_said all = BFL_SAID_YES, one = BFL_SAID_YES;
    for (size_t i = 0; i < conditions.count && one != BFL_SAID_NO; i++) {
        (void)one_of(plan, &conditions.items[i], &one);
        if (one != BFL_SAID_YES) all = one;
    }
    return all;
}

/* The events are shared until one is added. */
static void take_events(bfl_plan *plan, bfl_answer *into, const bfl_answer *from) {
    if (into->events.count == 0)
        into->events = (bfl_event_list){from->events.items, from->events.count, from->events.count};
    else
        for (size_t i = 0; i < from->events.count; i++)
            bfl_event_add(plan->arena, &into->events, from->events.items[i].kind, from->events.items[i].index);
    if (!from->has_day) return;
    if (!into->has_day || from->day > into->day) into->day = from->day;
    into->has_day = true;
}

bfl_answer bfl_workup_all(bfl_plan *plan, bfl_word_list conditions) {
    bfl_answer all = bfl_workup_yes("");
    for (size_t i = 0; i < conditions.count; i++) {
        bfl_said said = BFL_SAID_NO;
        const bfl_word *word = one_of(plan, &conditions.items[i], &said);
        bfl_answer answer = word ? recall(plan, word)->answer : bfl_workup_no();
        answer.said = said;
        if (said == BFL_SAID_NO) return answer;
        take_events(plan, &all, &answer);
        if (said == BFL_SAID_NONE) all.said = BFL_SAID_NONE;
    }
    return all;
}

/* "Not a" is a reason against, and not worth a word where all holds. */
static const char *reason_of(bfl_plan *plan, const bfl_word *word) {
    return word && !(word->negated && recall(plan, word)->answer.said == BFL_SAID_NO) ? tell(plan, word) : "";
}

const char *bfl_workup_because(bfl_plan *plan, bfl_word_list conditions, bfl_said said) {
    bfl_buf reasons = {.arena = plan->arena};
    for (size_t i = 0; i < conditions.count; i++) {
        bfl_said one = BFL_SAID_NO;
        const bfl_word *word = one_of(plan, &conditions.items[i], &one);
        if (one != said) continue;
        const char *reason = reason_of(plan, word);
        if (said != BFL_SAID_YES) return reason;
        if (*reason) bfl_buf_join(&reasons, "; ", reason);
    }
    return bfl_buf_z(&reasons);
}

bool bfl_workup_when_known(bfl_arena *arena, const bfl_rulebook *rulebook, const char *conditions) {
    bfl_word_list list = bfl_rules_list(arena, rulebook, conditions);
    bool all = true;
    for (size_t g = 0; g < list.count; g++) {
        all = all && list.items[g].count;
        for (size_t w = 0; w < list.items[g].count; w++) all = all && known(rulebook, &list.items[g].items[w]);
    }
    return all;
}
