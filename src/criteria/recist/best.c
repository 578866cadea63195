/* SPDX-License-Identifier: Apache-2.0 */
/* Best overall response: table 3 of Eisenhauer 2009. */
#include "criteria/recist/parts.h"

static bool is_response(bfl_response r) { return r == BFL_RESPONSE_CR || r == BFL_RESPONSE_PR; }
static bool is_stable(bfl_response r) { return r == BFL_RESPONSE_SD || r == BFL_RESPONSE_NON_CR_NON_PD; }

/* Visits up to the first progression. Disease seen again after complete response is progression (footnote a of table 3). */
static size_t until_progression(const bfl_criterion_visit *visits, size_t count, bool *progressed) {
    bool complete = false;
    *progressed = false;
    for (size_t i = 1; i < count; i++) {
        bfl_response r = visits[i].response;
        *progressed = r == BFL_RESPONSE_PD || (complete && (r == BFL_RESPONSE_PR || is_stable(r)));
        if (*progressed) return i;
        complete |= r == BFL_RESPONSE_CR;
    }
    return count;
}

/* Is the response of visit i met again late enough, with only the same or a non-evaluable visit between? */
static bool confirmed_at(const bfl_criterion_visit *visits, size_t i, size_t end, int32_t interval) {
    bfl_response first = visits[i].response;
    for (size_t j = i + 1; j < end; j++) {
        bfl_response r = visits[j].response;
        bool same = r == first || (first == BFL_RESPONSE_PR && r == BFL_RESPONSE_CR);
        if (!same && r != BFL_RESPONSE_NE) return false;
        if (same && visits[j].day - visits[i].day >= interval) return true;
    }
    return false;
}

static bool has(const bfl_criterion_visit *visits, size_t end, bfl_response wanted, bool confirmed, int32_t interval) {
    for (size_t i = 1; i < end; i++)
        if (visits[i].response == wanted && (!confirmed || confirmed_at(visits, i, end, interval))) return true;
    return false;
}

bfl_response bfl_recist_best(const bfl_criterion_visit *visits, size_t count, bfl_best_rules rules, bool confirmed) {
    bool progressed;
    size_t end = until_progression(visits, count, &progressed);
    if (has(visits, end, BFL_RESPONSE_CR, confirmed, rules.interval_days)) return BFL_RESPONSE_CR;
    if (has(visits, end, BFL_RESPONSE_PR, confirmed, rules.interval_days)) return BFL_RESPONSE_PR;
    bfl_response stable = BFL_RESPONSE_NONE;
    bool evaluated = false;
    for (size_t i = 1; i < end; i++) {
        bfl_response r = visits[i].response;
        evaluated |= r != BFL_RESPONSE_NONE;
        if (visits[i].day - rules.start_day < rules.minimum_days) continue;
        if (is_response(r) || r == BFL_RESPONSE_SD)
            stable = BFL_RESPONSE_SD;
        else if (r == BFL_RESPONSE_NON_CR_NON_PD && stable == BFL_RESPONSE_NONE)
            stable = r;
    }
    if (stable != BFL_RESPONSE_NONE) return stable;
    if (progressed) return BFL_RESPONSE_PD;
    return evaluated ? BFL_RESPONSE_NE : BFL_RESPONSE_NONE;
}
