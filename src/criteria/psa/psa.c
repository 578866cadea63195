/* SPDX-License-Identifier: Apache-2.0 */
/* PSA: Scher 2016. A value below or above a limit of the assay is read as that limit. */
#include "criteria/psa/psa.h"

typedef BFL_LIST(size_t) row_list;

typedef struct course {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    row_list rows; /* usable values in day order; [0] is the baseline */
} course;

static bfl_decimal value_at(const course *c, size_t i) { return c->record->labs[c->rows.items[i]].canonical.value; }
static int32_t day_at(const course *c, size_t i) { return c->record->labs[c->rows.items[i]].when.day; }

/* The last value up to day 0, then all later ones. */
static row_list collect(bfl_arena *arena, const bfl_record *record) {
    const bfl_analyte *psa = bfl_analyte_find(BFL_TEXT("PSA"));
    row_list rows = {0};
    for (size_t i = 0; i < record->lab_count; i++) {
        const bfl_lab *lab = &record->labs[i];
        if (!lab->usable || lab->analyte != psa || !lab->canonical.present) continue;
        if (lab->when.day <= 0) rows.count = 0;
        if (lab->when.day <= 0 || rows.count > 0) *BFL_PUSH(arena, &rows) = i;
    }
    return rows;
}

static bool risen(const course *c, bfl_decimal value, bfl_decimal lowest) {
    bfl_decimal more = bfl_decimal_subtract(value, lowest);
    bfl_decimal percent = bfl_rule_number(c->rulebook, BFL_NUM_PSA_PROGRESSION__INCREASE_PERCENT);
    if (bfl_decimal_compare(more, bfl_rule_number(c->rulebook, BFL_NUM_PSA_PROGRESSION__INCREASE_NG_ML)) < 0)
        return false;
    return bfl_decimal_compare(bfl_decimal_multiply(more, bfl_decimal_of(100)),
                               bfl_decimal_multiply(lowest, percent)) >= 0;
}

static bool fallen(const course *c, size_t i) {
    bfl_decimal less = bfl_decimal_subtract(value_at(c, 0), value_at(c, i));
    bfl_decimal percent = bfl_rule_number(c->rulebook, BFL_NUM_PSA_RESPONSE__DECREASE_PERCENT);
    return bfl_decimal_compare(bfl_decimal_multiply(less, bfl_decimal_of(100)),
                               bfl_decimal_multiply(value_at(c, 0), percent)) >= 0;
}

/* The first value at least so many days after this one, among the first `known`; `known` when there is none. */
static size_t second_value(const course *c, size_t i, size_t known, int32_t interval) {
    size_t k = i + 1;
    while (k < known && day_at(c, k) - day_at(c, i) < interval) k++;
    return k;
}

static bfl_response find_progression(const course *c, size_t known, size_t *first) {
    int32_t interval = bfl_rule_days(c->rulebook, BFL_NUM_PSA_PROGRESSION__INTERVAL_DAYS);
    int32_t early = bfl_rule_days(c->rulebook, BFL_NUM_PSA_PROGRESSION__EARLY_DAYS);
    bfl_decimal lowest = value_at(c, 0);
    for (size_t i = 1; i < known; i++) {
        bool declined = bfl_decimal_compare(lowest, value_at(c, 0)) < 0;
        if (risen(c, value_at(c, i), lowest) && (declined || day_at(c, i) >= early)) {
            size_t second = second_value(c, i, known, interval);
            *first = i;
            if (second == known) return BFL_RESPONSE_PD_UNCONFIRMED;
            if (risen(c, value_at(c, second), lowest)) return BFL_RESPONSE_PD;
        }
        if (bfl_decimal_compare(value_at(c, i), lowest) < 0) lowest = value_at(c, i);
    }
    return BFL_RESPONSE_NONE;
}

static bool find_response(const course *c, size_t known, size_t *first) {
    int32_t interval = bfl_rule_days(c->rulebook, BFL_NUM_PSA_RESPONSE__INTERVAL_DAYS);
    for (*first = 1; *first < known; (*first)++) {
        size_t second = second_value(c, *first, known, interval);
        if (fallen(c, *first) && second < known && fallen(c, second)) return true;
    }
    return false;
}

static void judge(bfl_arena *arena, const course *c, bfl_criterion_visit *visit) {
    size_t known = 0, at = 0;
    while (known < c->rows.count && day_at(c, known) <= visit->day) known++;
    bfl_reason_list reasons = {0};
    bfl_event_list events = {0};
    visit->response = BFL_RESPONSE_NE;
    visit->word = "NE";
    if (known < 2) return;
    visit->response = find_progression(c, known, &at);
    visit->word = visit->response == BFL_RESPONSE_PD ? "progression" : "PDu";
    bfl_rule_index rule = visit->response == BFL_RESPONSE_PD ? BFL_RULE_PSA_PROGRESSION : BFL_RULE_PSA_UNCONFIRMED;
    if (visit->response == BFL_RESPONSE_NONE) {
        bool response = find_response(c, known, &at);
        visit->response = response ? BFL_RESPONSE_PR : BFL_RESPONSE_SD;
        visit->word = response ? "response" : "neither";
        rule = response ? BFL_RULE_PSA_RESPONSE : BFL_RULE_PSA_NEITHER;
        if (!response) at = known - 1;
    }
    bfl_event_add(arena, &events, BFL_EVENT_LAB, c->rows.items[0]);
    bfl_event_add(arena, &events, BFL_EVENT_LAB, c->rows.items[at]);
    bfl_reason_add(arena, &reasons, bfl_rule_of(c->rulebook, rule), &events, "%s: baseline %s, day %d %s ng/mL",
                   visit->word, bfl_decimal_z(arena, value_at(c, 0), -1), (int)day_at(c, at),
                   bfl_decimal_z(arena, value_at(c, at), -1));
    visit->reasons = reasons.items;
    visit->reason_count = reasons.count;
}

const bfl_criterion_visit *bfl_psa_assess(bfl_arena *arena, const bfl_record *record, const bfl_rulebook *rulebook,
                                          const bfl_visits *visits) {
    course c = {record, rulebook, collect(arena, record)};
    bfl_criterion_visit *out = BFL_NEW_ARRAY(arena, visits->count, bfl_criterion_visit);
    for (size_t i = 0; i < visits->count; i++) {
        out[i].day = visits->items[i].day;
        if (i > 0 && c.rows.count > 1) judge(arena, &c, &out[i]);
    }
    return out;
}
