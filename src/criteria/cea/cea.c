/* SPDX-License-Identifier: Apache-2.0 */
/* CEA: no definition is agreed; the shape of those for CA-125 and PSA, marked as an assumption in the rulebook. */
#include "criteria/cea/cea.h"
#include "criteria/serial.h"

typedef bfl_serial_course course;

static bool risen(const course *c, size_t i, bfl_decimal lowest) {
    if (bfl_decimal_compare(bfl_serial_value(c->s, i), c->limit) <= 0) return false;
    return bfl_serial_risen(c->s, i, lowest, bfl_rule_number(c->rulebook, BFL_NUM_CEA_PROGRESSION__INCREASE_PERCENT));
}

static bfl_response find_progression(const course *c, size_t known, size_t *first) {
    int32_t interval = bfl_rule_days(c->rulebook, BFL_NUM_CEA_PROGRESSION__INTERVAL_DAYS);
    int32_t surge = bfl_rule_days(c->rulebook, BFL_NUM_CEA_SURGE__EARLY_DAYS);
    bfl_decimal lowest = bfl_serial_value(c->s, 0);
    for (size_t i = 1; i < known; i++) {
        if (risen(c, i, lowest) && bfl_serial_day(c->s, i) > surge) {
            size_t second = bfl_serial_second(c->s, i, known, interval);
            *first = i;
            if (second == known) return BFL_RESPONSE_PD_UNCONFIRMED;
            if (risen(c, second, lowest)) return BFL_RESPONSE_PD;
        }
        if (bfl_decimal_compare(bfl_serial_value(c->s, i), lowest) < 0) lowest = bfl_serial_value(c->s, i);
    }
    return BFL_RESPONSE_NONE;
}

static bool find_response(const course *c, size_t known, size_t *first) {
    bfl_decimal percent = bfl_rule_number(c->rulebook, BFL_NUM_CEA_RESPONSE__DECREASE_PERCENT);
    int32_t interval = bfl_rule_days(c->rulebook, BFL_NUM_CEA_RESPONSE__INTERVAL_DAYS);
    for (*first = 1; *first < known; (*first)++) {
        size_t second = bfl_serial_second(c->s, *first, known, interval);
        if (bfl_serial_fallen(c->s, *first, percent) && second < known && bfl_serial_fallen(c->s, second, percent))
            return true;
    }
    return false;
}

/* A fall within the reference range says nothing. */
static bool can_respond(const course *c) { return bfl_decimal_compare(bfl_serial_value(c->s, 0), c->limit) > 0; }

static bool is_surging(const course *c, size_t known) {
    size_t last = known - 1;
    return risen(c, last, bfl_serial_value(c->s, 0)) &&
           bfl_serial_day(c->s, last) <= bfl_rule_days(c->rulebook, BFL_NUM_CEA_SURGE__EARLY_DAYS);
}

static bfl_serial_verdict judge(const course *c, int32_t day) {
    size_t known = bfl_serial_known(c->s, day);
    bfl_serial_verdict v = {.response = BFL_RESPONSE_NE, .word = "NE"};
    if (known < 2) return v;
    bfl_rule_index rule = BFL_RULE_CEA_PROGRESSION;
    v.response = find_progression(c, known, &v.at);
    v.word = v.response == BFL_RESPONSE_PD ? "progression" : "PDu";
    if (v.response == BFL_RESPONSE_NONE) {
        bool response = can_respond(c) && find_response(c, known, &v.at);
        v.response = response ? BFL_RESPONSE_PR : BFL_RESPONSE_SD;
        v.word = response ? "response" : "neither";
        rule = response ? BFL_RULE_CEA_RESPONSE : is_surging(c, known) ? BFL_RULE_CEA_SURGE : BFL_RULE_CEA_NEITHER;
        if (!response) v.at = known - 1;
    }
    v.rule = bfl_rule_of(c->rulebook, rule);
    return v;
}

const bfl_criterion_visit *bfl_cea_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                          const bfl_visits *visits) {
    return bfl_serial_visits(arena, record, rulebook, visits, "CEA", judge);
}
