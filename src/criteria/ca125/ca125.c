/* SPDX-License-Identifier: Apache-2.0 */
/* CA-125: Rustin 2011, the definitions of the Gynecological Cancer Intergroup. */
#include "criteria/ca125/ca125.h"
#include "criteria/serial.h"

typedef bfl_serial_course course;

static bool is_normal(const course *c, size_t i) {
    return bfl_decimal_compare(bfl_serial_value(c->s, i), c->limit) <= 0;
}

static bool at_least_times(bfl_decimal value, bfl_decimal times, bfl_decimal of) {
    return bfl_decimal_compare(value, bfl_decimal_multiply(times, of)) >= 0;
}

/* ---- progression ---- */

/* What a value is doubled from: the limit once CA-125 is or has been normal, else the lowest value so far. */
static bfl_decimal doubled_from(const course *c, size_t before) {
    bfl_decimal lowest = bfl_serial_value(c->s, 0);
    for (size_t i = 0; i < before; i++) {
        if (is_normal(c, i)) return c->limit;
        if (bfl_decimal_compare(bfl_serial_value(c->s, i), lowest) < 0) lowest = bfl_serial_value(c->s, i);
    }
    return lowest;
}

static bfl_response find_progression(const course *c, size_t known, size_t *first) {
    int32_t interval = bfl_rule_days(c->rulebook, BFL_NUM_CA125_PROGRESSION__INTERVAL_DAYS);
    bfl_decimal times = bfl_rule_number(c->rulebook, BFL_NUM_CA125_PROGRESSION__TIMES_FACTOR);
    for (size_t i = 1; i < known; i++) {
        bfl_decimal from = doubled_from(c, i);
        if (!at_least_times(bfl_serial_value(c->s, i), times, from)) continue;
        size_t second = bfl_serial_second(c->s, i, known, interval);
        *first = i;
        if (second == known) return BFL_RESPONSE_PD_UNCONFIRMED;
        if (at_least_times(bfl_serial_value(c->s, second), times, from)) return BFL_RESPONSE_PD;
    }
    return BFL_RESPONSE_NONE;
}

/* ---- response ---- */

static bool can_respond(const course *c) {
    bfl_decimal times = bfl_rule_number(c->rulebook, BFL_NUM_CA125_EVALUABLE__TIMES_FACTOR);
    int32_t window = bfl_rule_days(c->rulebook, BFL_NUM_CA125_EVALUABLE__WINDOW_DAYS);
    return at_least_times(bfl_serial_value(c->s, 0), times, c->limit) && bfl_serial_day(c->s, 0) >= -window;
}

/* Fallen at i and at every value up to the one that confirms it; *normal: to the reference range both times. */
static bool is_response(const course *c, size_t i, size_t known, bool *normal) {
    bfl_decimal percent = bfl_rule_number(c->rulebook, BFL_NUM_CA125_RESPONSE__DECREASE_PERCENT);
    size_t last = bfl_serial_second(c->s, i, known, bfl_rule_days(c->rulebook, BFL_NUM_CA125_RESPONSE__INTERVAL_DAYS));
    if (last == known) return false;
    for (size_t k = i; k <= last; k++)
        if (!bfl_serial_fallen(c->s, k, percent)) return false;
    *normal = is_normal(c, i) && is_normal(c, last);
    return true;
}

static bfl_response find_response(const course *c, size_t known, size_t *first) {
    bfl_response best = BFL_RESPONSE_SD;
    for (size_t i = 1; i < known && best != BFL_RESPONSE_CR; i++) {
        bool normal = false;
        if (!is_response(c, i, known, &normal) || (best == BFL_RESPONSE_PR && !normal)) continue;
        best = normal ? BFL_RESPONSE_CR : BFL_RESPONSE_PR;
        *first = i;
    }
    if (best == BFL_RESPONSE_SD) *first = known - 1;
    return best;
}

/* ---- visits ---- */

static bfl_serial_verdict judge(const course *c, int32_t day) {
    size_t known = bfl_serial_known(c->s, day);
    bfl_serial_verdict v = {.response = BFL_RESPONSE_NE, .word = "NE"};
    if (known < 2) return v;
    bfl_rule_index rule = BFL_RULE_CA125_PROGRESSION;
    v.response = find_progression(c, known, &v.at);
    if (v.response == BFL_RESPONSE_NONE && can_respond(c)) {
        v.response = find_response(c, known, &v.at);
        rule = v.response == BFL_RESPONSE_SD ? BFL_RULE_CA125_STABLE : BFL_RULE_CA125_RESPONSE;
    } else if (v.response == BFL_RESPONSE_NONE) {
        v.response = BFL_RESPONSE_NON_CR_NON_PD;
        v.at = known - 1;
        rule = BFL_RULE_CA125_EVALUABLE;
    }
    v.word = v.response == BFL_RESPONSE_NON_CR_NON_PD ? "non-PD" : bfl_response_word(v.response);
    v.rule = bfl_rule_of(c->rulebook, rule);
    return v;
}

const bfl_criterion_visit *bfl_ca125_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                            const bfl_visits *visits) {
    return bfl_serial_visits(arena, record, rulebook, visits, "CA125", judge);
}
