/* SPDX-License-Identifier: Apache-2.0 */
/* PCWG3: two new lesions, and two more on the next scan when the first fell into the flare window. Scher 2016. */
#include "criteria/pcwg/pcwg.h"
#include "criteria/pcwg/count.h"

typedef struct course {
    bfl_scans scans;
    bfl_criterion_visit *visits;
    bfl_reason_list *reasons; /* one list a visit */
    size_t reference;         /* visit that later scans are compared with */
} course;

static size_t judge(course *c, size_t scan, bool in_window);
static void label(course *c, size_t from, size_t to, bfl_response response, bfl_rule_index rule, const char *finding);

static const char *word_of(bfl_response response) {
    return response == BFL_RESPONSE_NON_CR_NON_PD ? "non-PD" : bfl_response_word(response);
}

static size_t next_scan(const bfl_scans *s, size_t after) {
    size_t i = after + 1;
    while (i < s->visits->count && !bfl_scans_done(s, i)) i++;
    return i;
}

/* Says once, at the first scan, what was counted and how. */
static void say_method(course *c, size_t first) {
    bool scan = c->scans.modality == BFL_MODALITY_BONE_SCAN;
    bfl_rule_index rule = scan ? BFL_RULE_PCWG3_BONE_SCAN : BFL_RULE_PCWG3_BONE_CT_ONLY;
    bfl_event_list events = bfl_scans_rows(&c->scans, first);
    bfl_reason_add(c->scans.arena, &c->reasons[first], bfl_rule_of(c->scans.rulebook, rule), &events,
                   scan ? "new lesions counted on bone scan" : "no bone scan after the baseline: counted on CT");
    bfl_event_list numbered = {0};
    for (size_t i = 0; i < events.count; i++)
        if (c->scans.record->lesions[events.items[i].index].count.present)
            bfl_event_add(c->scans.arena, &numbered, BFL_EVENT_LESION, events.items[i].index);
    if (numbered.count)
        bfl_reason_add(c->scans.arena, &c->reasons[first], bfl_rule_of(c->scans.rulebook, BFL_RULE_PCWG3_BONE_COUNT),
                       &numbered, "%zu rows state a number of lesions", numbered.count);
}

const bfl_criterion_visit *bfl_pcwg_bone(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                         const bfl_visits *visits) {
    course c = {.scans = bfl_scans_of(arena, record, rulebook, visits)};
    c.visits = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    c.reasons = BFL_NEW_ARRAY(arena, visits->count, bfl_reason_list);
    for (size_t i = 0; i < visits->count; i++) c.visits[i].day = visits->items[i].day;
    if (visits->count == 0 || c.scans.modality == BFL_MODALITY_NONE) return c.visits;
    for (size_t i = 1; i < visits->count; i++)
        if (!bfl_scans_done(&c.scans, i)) label(&c, i, i, BFL_RESPONSE_NE, BFL_RULE_PCWG3_BONE_NE, "bone not studied");
    size_t first = next_scan(&c.scans, 0);
    bool in_window = visits->items[first].day <= bfl_rule_days(rulebook, BFL_NUM_PCWG3_FIRST_NEW__WINDOW_DAYS);
    say_method(&c, first);
    for (size_t scan = first; scan < visits->count;) {
        size_t next = judge(&c, scan, in_window && scan == first);
        if (scan == first && in_window) c.reference = first;
        scan = next;
    }
    for (size_t i = 0; i < visits->count; i++) {
        c.visits[i].reasons = c.reasons[i].items;
        c.visits[i].reason_count = c.reasons[i].count;
    }
    return c.visits;
}

/* Labels the scans from one visit to another, and says why. Visits without a scan keep NE. */
static void label(course *c, size_t from, size_t to, bfl_response response, bfl_rule_index rule, const char *finding) {
    for (size_t i = from; i <= to; i++) {
        if (response != BFL_RESPONSE_NE && !bfl_scans_done(&c->scans, i)) continue;
        bfl_event_list events = bfl_scans_rows(&c->scans, i);
        c->visits[i].response = response;
        c->visits[i].word = word_of(response);
        bfl_reason_add(c->scans.arena, &c->reasons[i], bfl_rule_of(c->scans.rulebook, rule), &events, "%s: %s",
                       word_of(response), finding);
    }
}

/* The first scan at least `interval` days after this one; the number of visits when there is none. */
static size_t confirming_scan(const course *c, size_t scan, int32_t interval) {
    const bfl_visits *visits = c->scans.visits;
    size_t i = next_scan(&c->scans, scan);
    while (i < visits->count && visits->items[i].day - visits->items[scan].day < interval) i = next_scan(&c->scans, i);
    return i;
}

typedef struct step {
    bfl_rule_index open, confirmed, relabelled;
    bfl_number_index enough, confirm, interval;
} step;

static const step first_step = {BFL_RULE_PCWG3_FIRST_NEW,
                                BFL_RULE_PCWG3_FIRST_CONFIRMED,
                                BFL_RULE_PCWG3_FIRST_REBASELINE,
                                BFL_NUM_PCWG3_FIRST_NEW__NEW_LESIONS,
                                BFL_NUM_PCWG3_FIRST_CONFIRMED__ADDITIONAL_LESIONS,
                                BFL_NUM_PCWG3_FIRST_NEW__INTERVAL_DAYS};
static const step later_step = {BFL_RULE_PCWG3_LATER_NEW,
                                BFL_RULE_PCWG3_LATER_CONFIRMED,
                                BFL_RULE_PCWG3_LATER_RELABELLED,
                                BFL_NUM_PCWG3_LATER_NEW__NEW_LESIONS,
                                BFL_NUM_PCWG3_LATER_NEW__NEW_LESIONS,
                                BFL_NUM_PCWG3_LATER_NEW__INTERVAL_DAYS};

/* Labels this scan, and those before its confirming scan; returns the next visit to judge. */
static size_t judge(course *c, size_t scan, bool in_window) {
    const bfl_scans *s = &c->scans;
    const step *rules = in_window ? &first_step : &later_step;
    size_t count = s->visits->count;
    bfl_decimal found = bfl_scans_new(s, scan, c->reference);
    const char *number = bfl_decimal_z(s->arena, found, -1);
    if (bfl_decimal_compare(found, bfl_rule_number(s->rulebook, rules->enough)) < 0) {
        label(c, scan, scan, BFL_RESPONSE_NON_CR_NON_PD, BFL_RULE_PCWG3_BONE_NON_PD,
              bfl_arena_printf(s->arena, "%s new since day %d", number, (int)s->visits->items[c->reference].day));
        return next_scan(s, scan);
    }
    size_t next = confirming_scan(c, scan, bfl_rule_days(s->rulebook, rules->interval));
    if (next >= count) {
        label(c, scan, count - 1, BFL_RESPONSE_PD_UNCONFIRMED, rules->open,
              bfl_arena_printf(s->arena, "%s new on day %d, no scan yet to confirm them", number,
                               (int)s->visits->items[scan].day));
        return count;
    }
    bfl_decimal then = bfl_scans_new(s, next, in_window ? scan : c->reference);
    bool confirmed = bfl_decimal_compare(then, bfl_rule_number(s->rulebook, rules->confirm)) >= 0;
    const char *finding = bfl_arena_printf(s->arena, "%s new on day %d (PDu), %s %s on day %d", number,
                                           (int)s->visits->items[scan].day, bfl_decimal_z(s->arena, then, -1),
                                           in_window ? "more" : "there", (int)s->visits->items[next].day);
    label(c, scan, next - 1, confirmed ? BFL_RESPONSE_PD : BFL_RESPONSE_NON_CR_NON_PD,
          confirmed ? rules->confirmed : rules->relabelled, finding);
    if (!confirmed) return next;
    label(c, next, count - 1, BFL_RESPONSE_PD, BFL_RULE_PCWG3_BONE_PD_STAYS, finding);
    return count;
}

/* ---- bone and soft tissue together ---- */

static bfl_response join(bfl_response bone, bool bone_seen, bfl_response soft, bfl_rule_index *rule) {
    *rule = BFL_RULE_PCWG3_OVERALL;
    if (bone == BFL_RESPONSE_PD || soft == BFL_RESPONSE_PD) return BFL_RESPONSE_PD;
    if (bone == BFL_RESPONSE_NONE || bone == BFL_RESPONSE_PD_UNCONFIRMED)
        return bone == BFL_RESPONSE_NONE ? soft : bone;
    if (bone == BFL_RESPONSE_NE) {
        *rule = BFL_RULE_PCWG3_OVERALL_NE;
        return bone;
    }
    if (soft == BFL_RESPONSE_NONE) return bone;
    return soft == BFL_RESPONSE_CR && bone_seen ? BFL_RESPONSE_PR : soft;
}

const bfl_criterion_visit *bfl_pcwg_overall(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                            const bfl_visits *visits, const bfl_criterion_visit *bone,
                                            const bfl_criterion_visit *elsewhere) {
    bfl_scans scans = bfl_scans_of(arena, record, rulebook, visits);
    bfl_criterion_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    for (size_t i = 0; i < visits->count; i++) {
        out[i].day = visits->items[i].day;
        /* Without a study of bone there is no PCWG3 reading: RECIST stands alone. */
        if (i == 0 || scans.modality == BFL_MODALITY_NONE) continue;
        bfl_rule_index rule;
        bfl_reason_list reasons = {0};
        bool seen = bone[i].response == BFL_RESPONSE_NON_CR_NON_PD && bfl_scans_any(&scans, i);
        out[i].response = join(bone[i].response, seen, elsewhere[i].response, &rule);
        out[i].without_targets = elsewhere[i].without_targets;
        bool alone = elsewhere[i].response == BFL_RESPONSE_NONE;
        out[i].word = alone ? word_of(out[i].response) : bfl_response_word(out[i].response);
        bfl_event_list events = bfl_scans_rows(&scans, i);
        bfl_reason_add(arena, &reasons, bfl_rule_of(rulebook, rule), &events, "%s: bone %s, soft tissue %s",
                       out[i].word, bfl_criterion_word(&bone[i]), bfl_criterion_word(&elsewhere[i]));
        out[i].reasons = reasons.items;
        out[i].reason_count = reasons.count;
    }
    return out;
}
