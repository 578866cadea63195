/* SPDX-License-Identifier: Apache-2.0 */
/* PSA: Scher 2016. A value below or above a limit of the assay is read as that limit. */
#include "criteria/psa/psa.h"
#include "criteria/serial.h"

typedef struct course {
    const bfl_serial *s;
    const bfl_rulebook *rulebook;
} course;

static bool risen(const course *c, size_t i, bfl_decimal lowest) {
    bfl_decimal more = bfl_decimal_subtract(bfl_serial_value(c->s, i), lowest);
    if (bfl_decimal_compare(more, bfl_rule_number(c->rulebook, BFL_NUM_PSA_PROGRESSION__INCREASE_NG_ML)) < 0)
        return false;
    return bfl_serial_risen(c->s, i, lowest, bfl_rule_number(c->rulebook, BFL_NUM_PSA_PROGRESSION__INCREASE_PERCENT));
}

static bool fallen(const course *c, size_t i) {
    return bfl_serial_fallen(c->s, i, bfl_rule_number(c->rulebook, BFL_NUM_PSA_RESPONSE__DECREASE_PERCENT));
}

static bfl_response find_progression(const course *c, size_t known, size_t *first) {
    int32_t interval = bfl_rule_days(c->rulebook, BFL_NUM_PSA_PROGRESSION__INTERVAL_DAYS);
    int32_t early = bfl_rule_days(c->rulebook, BFL_NUM_PSA_PROGRESSION__EARLY_DAYS);
    bfl_decimal lowest = bfl_serial_value(c->s, 0);
    for (size_t i = 1; i < known; i++) {
        bool declined = bfl_decimal_compare(lowest, bfl_serial_value(c->s, 0)) < 0;
        if (risen(c, i, lowest) && (declined || bfl_serial_day(c->s, i) >= early)) {
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
    int32_t interval = bfl_rule_days(c->rulebook, BFL_NUM_PSA_RESPONSE__INTERVAL_DAYS);
    for (*first = 1; *first < known; (*first)++) {
        size_t second = bfl_serial_second(c->s, *first, known, interval);
        if (fallen(c, *first) && second < known && fallen(c, second)) return true;
    }
    return false;
}

static bfl_serial_verdict judge(const course *c, int32_t day) {
    size_t known = bfl_serial_known(c->s, day);
    bfl_serial_verdict v = {.response = BFL_RESPONSE_NE, .word = "NE"};
    if (known < 2) return v;
    v.response = find_progression(c, known, &v.at);
    v.word = v.response == BFL_RESPONSE_PD ? "progression" : "PDu";
    bfl_rule_index rule = v.response == BFL_RESPONSE_PD ? BFL_RULE_PSA_PROGRESSION : BFL_RULE_PSA_UNCONFIRMED;
    if (v.response == BFL_RESPONSE_NONE) {
        bool response = find_response(c, known, &v.at);
        v.response = response ? BFL_RESPONSE_PR : BFL_RESPONSE_SD;
        v.word = response ? "response" : "neither";
        rule = response ? BFL_RULE_PSA_RESPONSE : BFL_RULE_PSA_NEITHER;
        if (!response) v.at = known - 1;
    }
    v.rule = bfl_rule_of(c->rulebook, rule);
    return v;
}

const bfl_criterion_visit *bfl_psa_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                          const bfl_visits *visits) {
    bfl_serial s = bfl_serial_collect(arena, record, "PSA");
    course c = {&s, rulebook};
    bfl_criterion_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    for (size_t i = 0; i < visits->count; i++) {
        out[i].day = visits->items[i].day;
        if (i == 0 || s.count < 2) continue;
        bfl_serial_verdict v = judge(&c, out[i].day);
        bfl_serial_say(arena, &s, &v, &out[i]);
    }
    return out;
}
