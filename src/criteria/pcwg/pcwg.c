/* SPDX-License-Identifier: Apache-2.0 */
/* PCWG3: two new lesions, and two more on the next scan when the first fell into the flare window. Scher 2016. */
#include "criteria/pcwg/pcwg.h"
#include "criteria/pcwg/count.h"

typedef struct course {
    const bfl_scans *scans;
    bfl_criterion_visit *visits;
    bfl_reason_list *reasons; /* one list a visit */
    size_t reference;         /* visit that later scans are compared with */
    const char *few;          /* what was last said of too few new lesions, */
    bfl_decimal few_new;      /* of how many */
    size_t few_since;         /* since which visit */
} course;

static size_t judge(course *c, size_t scan, bool in_window);
static void label(course *c, size_t from, size_t to, bfl_response response, bfl_rule_index rule, const char *finding);
static const bfl_criterion_visit *read_bone(const bfl_scans *s);
static const bfl_criterion_visit *read_overall(const bfl_scans *s, const bfl_criterion_visit *bone,
                                               const bfl_criterion_visit *elsewhere);

bfl_pcwg bfl_pcwg_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                         const bfl_visits *visits, const bfl_criterion_visit *elsewhere) {
    bfl_scans scans = bfl_scans_of(arena, record, rulebook, visits);
    const bfl_criterion_visit *bone = read_bone(&scans);
    return (bfl_pcwg){bone, read_overall(&scans, bone, elsewhere)};
}

static const char *word_of(bfl_response response) {
    return response == BFL_RESPONSE_NON_CR_NON_PD ? "non-PD" : bfl_response_word(response);
}

static size_t next_scan(const bfl_scans *s, size_t after) {
    size_t i = after + 1;
    while (i < s->visits->count && !s->at[i].done) i++;
    return i;
}

/* Says once, at the first scan, what was counted and how. */
static void say_method(course *c, size_t first) {
    const bfl_scans *s = c->scans;
    bool scan = s->modality == BFL_MODALITY_BONE_SCAN;
    bfl_rule_index rule = scan ? BFL_RULE_PCWG3_BONE_SCAN : BFL_RULE_PCWG3_BONE_CT_ONLY;
    const bfl_event_list *rows = &s->at[first].rows;
    bfl_reason_push(s->arena, &c->reasons[first], bfl_rule_of(s->rulebook, rule), rows,
                    scan ? "new lesions counted on bone scan" : "no bone scan after the baseline: counted on CT");
    bfl_event_list numbered = {0};
    for (size_t i = 0; i < rows->count; i++)
        if (s->record->lesions[rows->items[i].index].count.present)
            bfl_event_push(s->arena, &numbered, BFL_EVENT_LESION, rows->items[i].index);
    if (numbered.count)
        bfl_reason_add(s->arena, &c->reasons[first], bfl_rule_of(s->rulebook, BFL_RULE_PCWG3_BONE_COUNT), &numbered,
                       "%zu rows state a number of lesions", numbered.count);
}

static const bfl_criterion_visit *read_bone(const bfl_scans *s) {
    const bfl_visits *visits = s->visits;
    course c = {.scans = s};
    c.visits = BFL_NEW_ARRAY(s->arena, visits->count, bfl_criterion_visit);
    c.reasons = BFL_NEW_ARRAY(s->arena, visits->count, bfl_reason_list);
    for (size_t i = 0; i < visits->count; i++) c.visits[i].day = visits->items[i].day;
    if (visits->count == 0 || s->modality == BFL_MODALITY_NONE) return c.visits;
    for (size_t i = 1; i < visits->count; i++)
        if (!s->at[i].done) label(&c, i, i, BFL_RESPONSE_NE, BFL_RULE_PCWG3_BONE_NE, "NE: bone not studied");
    size_t first = next_scan(s, 0);
    bool in_window = visits->items[first].day <= bfl_rule_days(s->rulebook, BFL_NUM_PCWG3_FIRST_NEW__WINDOW_DAYS);
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
    const bfl_scans *s = c->scans;
    for (size_t i = from; i <= to; i++) {
        if (response != BFL_RESPONSE_NE && !s->at[i].done) continue;
        c->visits[i].response = response;
        c->visits[i].word = word_of(response);
        bfl_reason_push(s->arena, &c->reasons[i], bfl_rule_of(s->rulebook, rule), &s->at[i].rows, finding);
    }
}

/* The first scan at least `interval` days after this one; the number of visits when there is none. */
static size_t confirming_scan(const course *c, size_t scan, int32_t interval) {
    const bfl_visits *visits = c->scans->visits;
    size_t i = next_scan(c->scans, scan);
    while (i < visits->count && visits->items[i].day - visits->items[scan].day < interval) i = next_scan(c->scans, i);
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

/* Mostly as many as at the scan before. */
static const char *say_few(course *c, bfl_decimal found) {
    const bfl_scans *s = c->scans;
    bool as_many = c->few_new.mantissa == found.mantissa && c->few_new.exponent == found.exponent;
    if (c->few && c->few_since == c->reference && as_many) return c->few;
    c->few_new = found;
    c->few_since = c->reference;
    bfl_digits number, day;
    c->few = BFL_FINDING(s->arena, bfl_text_of(word_of(BFL_RESPONSE_NON_CR_NON_PD)), BFL_TEXT(": "),
                         bfl_digits_decimal(&number, found, -1), BFL_TEXT(" new since day "),
                         bfl_digits_whole(&day, s->visits->items[c->reference].day));
    return c->few;
}

/* Labels this scan, and those before its confirming scan; returns the next visit to judge. */
static size_t judge(course *c, size_t scan, bool in_window) {
    const bfl_scans *s = c->scans;
    const step *rules = in_window ? &first_step : &later_step;
    size_t count = s->visits->count;
    bfl_decimal found = bfl_scans_new(s, scan, c->reference);
    if (bfl_decimal_compare(found, bfl_rule_number(s->rulebook, rules->enough)) < 0) {
        label(c, scan, scan, BFL_RESPONSE_NON_CR_NON_PD, BFL_RULE_PCWG3_BONE_NON_PD, say_few(c, found));
        return next_scan(s, scan);
    }
    const char *number = bfl_decimal_z(s->arena, found, -1);
    int day = (int)s->visits->items[scan].day;
    size_t next = confirming_scan(c, scan, bfl_rule_days(s->rulebook, rules->interval));
    if (next >= count) {
        label(c, scan, count - 1, BFL_RESPONSE_PD_UNCONFIRMED, rules->open,
              bfl_reason_finding(s->arena, "%s: %s new on day %d, no scan yet to confirm them",
                                 word_of(BFL_RESPONSE_PD_UNCONFIRMED), number, day));
        return count;
    }
    bfl_decimal then = bfl_scans_new(s, next, in_window ? scan : c->reference);
    bool confirmed = bfl_decimal_compare(then, bfl_rule_number(s->rulebook, rules->confirm)) >= 0;
    bfl_response response = confirmed ? BFL_RESPONSE_PD : BFL_RESPONSE_NON_CR_NON_PD;
    const char *finding = bfl_reason_finding(s->arena, "%s: %s new on day %d (PDu), %s %s on day %d", word_of(response),
                                             number, day, bfl_decimal_z(s->arena, then, -1),
                                             in_window ? "more" : "there", (int)s->visits->items[next].day);
    label(c, scan, next - 1, response, confirmed ? rules->confirmed : rules->relabelled, finding);
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

/* Mostly what was said at the visit before. */
static const char *say_both(const bfl_scans *s, const bfl_criterion_visit *now, const char *bone, const char *elsewhere,
                            const char *const said[2]) {
    bool again = now[-1].reason_count && now[-1].word == now->word && said[0] == bone && said[1] == elsewhere;
    if (again) return now[-1].reasons->finding;
    return BFL_FINDING(s->arena, bfl_text_of(now->word), BFL_TEXT(": bone "), bfl_text_of(bone),
                       BFL_TEXT(", soft tissue "), bfl_text_of(elsewhere));
}

static const bfl_criterion_visit *read_overall(const bfl_scans *s, const bfl_criterion_visit *bone,
                                               const bfl_criterion_visit *elsewhere) {
    bfl_criterion_visit *out = BFL_NEW_ARRAY(s->arena, s->visits->count, bfl_criterion_visit);
    const char *said[2] = {"", ""};
    for (size_t i = 0; i < s->visits->count; i++) {
        out[i].day = s->visits->items[i].day;
        /* Without a study of bone there is no PCWG3 reading: RECIST stands alone. */
        if (i == 0 || s->modality == BFL_MODALITY_NONE) continue;
        bfl_rule_index rule;
        bfl_reason_list reasons = bfl_reasons_for(s->arena, 1);
        bool seen = bone[i].response == BFL_RESPONSE_NON_CR_NON_PD && bfl_scans_any(s, i);
        out[i].response = join(bone[i].response, seen, elsewhere[i].response, &rule);
        out[i].without_targets = elsewhere[i].without_targets;
        bool alone = elsewhere[i].response == BFL_RESPONSE_NONE;
        out[i].word = alone ? word_of(out[i].response) : bfl_response_word(out[i].response);
        const char *of_bone = bfl_criterion_word(&bone[i]), *of_rest = bfl_criterion_word(&elsewhere[i]);
        bfl_reason_push(s->arena, &reasons, bfl_rule_of(s->rulebook, rule), &s->at[i].rows,
                        say_both(s, &out[i], of_bone, of_rest, said));
        said[0] = of_bone;
        said[1] = of_rest;
        out[i].reasons = reasons.items;
        out[i].reason_count = reasons.count;
    }
    return out;
}
