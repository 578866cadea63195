/* SPDX-License-Identifier: Apache-2.0 */
/* Best overall response, with and without confirmation: table 3 of Eisenhauer 2009. */
#include "endpoint/course.h"

static bool confirms(bfl_response first, bfl_response r) {
    return r == first || (first == BFL_RESPONSE_PR && r == BFL_RESPONSE_CR);
}

/* May a visit with this response stand between a response and its confirmation? */
static bool may_stand_between(const bfl_course *c, bfl_response first, bfl_response r, int32_t *not_evaluable) {
    int32_t limit = bfl_course_policy(c, BFL_POLICY_CONFIRMATION_NE);
    if (confirms(first, r)) return true; /* too early to confirm */
    if (r == BFL_RESPONSE_NE || r == BFL_RESPONSE_NONE) return ++*not_evaluable <= limit || limit < 0;
    return r == BFL_RESPONSE_SD && first == BFL_RESPONSE_PR && bfl_course_policy(c, BFL_POLICY_CONFIRMATION_SD) == YES;
}

/* The visit that confirms the response of visit i; SIZE_MAX when none does. */
static size_t confirmed_by(const bfl_course *c, size_t i) {
    int32_t minimum = bfl_course_policy(c, BFL_POLICY_CONFIRMATION_MINIMUM_DAYS);
    int32_t maximum = bfl_course_policy(c, BFL_POLICY_CONFIRMATION_MAXIMUM_DAYS);
    bfl_response first = c->visits[i].read;
    int32_t not_evaluable = 0;
    for (size_t j = i + 1; j < c->end; j++) {
        int32_t days = c->visits[j].day - c->visits[i].day;
        if (maximum >= 0 && days > maximum) return SIZE_MAX;
        if (confirms(first, c->visits[j].read) && days >= minimum) return j;
        if (!may_stand_between(c, first, c->visits[j].read, &not_evaluable)) return SIZE_MAX;
    }
    return SIZE_MAX;
}

static bool find_response(const bfl_course *c, bfl_response wanted, bool confirmed, bfl_best *best) {
    for (size_t i = 0; i < c->end; i++) {
        if (c->visits[i].read != wanted) continue;
        size_t by = confirmed ? confirmed_by(c, i) : SIZE_MAX;
        if (confirmed && by == SIZE_MAX) continue;
        *best = (bfl_best){wanted, i, by, false};
        return true;
    }
    return false;
}

/* Without target lesions there is no SD: table 2 of RECIST 1.1 knows CR, non-CR/non-PD, PD and NE only. So a complete response
 * read by that table, when nothing confirms it, is non-CR/non-PD. */
static bool without_targets(const bfl_course *c, size_t i) {
    return c->visits[i].read == BFL_RESPONSE_CR && c->origins[i] != SIZE_MAX &&
           c->in->criterion->visits[c->origins[i]].without_targets;
}

/* "SD provided minimum criteria for SD duration met": the first visit late enough that shows no progression. SD goes before
 * non-CR/non-PD. */
static bool find_stable(const bfl_course *c, bfl_best *best) {
    int32_t minimum = bfl_course_policy(c, BFL_POLICY_STABLE_MINIMUM_DAYS);
    for (size_t i = 0; i < c->end; i++) {
        bfl_response r = c->visits[i].read;
        if (!bfl_response_is_controlled(r)) continue;
        if (c->visits[i].day - c->start < minimum) {
            best->too_early = true;
            continue;
        }
        bool neither = r == BFL_RESPONSE_NON_CR_NON_PD || without_targets(c, i);
        if (neither && best->response != BFL_RESPONSE_NONE) continue;
        *best = (bfl_best){neither ? BFL_RESPONSE_NON_CR_NON_PD : BFL_RESPONSE_SD, i, SIZE_MAX, best->too_early};
        if (best->response == BFL_RESPONSE_SD) return true;
    }
    return best->response != BFL_RESPONSE_NONE;
}

bfl_best bfl_course_best(const bfl_course *c, bool confirmed) {
    bfl_best best = {BFL_RESPONSE_NONE, SIZE_MAX, SIZE_MAX, false};
    if (find_response(c, BFL_RESPONSE_CR, confirmed, &best) || find_response(c, BFL_RESPONSE_PR, confirmed, &best))
        return best;
    if (find_stable(c, &best)) return best;
    if (c->progressed) return (bfl_best){BFL_RESPONSE_PD, c->end, SIZE_MAX, best.too_early};
    for (size_t i = 0; i < c->end && best.response == BFL_RESPONSE_NONE; i++)
        if (c->visits[i].read != BFL_RESPONSE_NONE) best = (bfl_best){BFL_RESPONSE_NE, i, SIZE_MAX, best.too_early};
    return best;
}

size_t bfl_course_first_response(const bfl_course *c) {
    bool confirmed = bfl_course_policy(c, BFL_POLICY_RESPONSE_BASIS) == BASIS_CONFIRMED;
    for (size_t i = 0; i < c->end; i++)
        if (bfl_response_is_response(c->visits[i].read) && (!confirmed || confirmed_by(c, i) != SIZE_MAX)) return i;
    return SIZE_MAX;
}

/* ---- why ---- */

static void explain_confirmation(const bfl_course *c, const bfl_best *best, bfl_reason_list *reasons) {
    if (best->confirmed_by != SIZE_MAX) {
        bfl_event_list events = {0};
        bfl_course_events(c, best->confirmed_by, &events);
        int32_t from = c->visits[best->visit].day, to = c->visits[best->confirmed_by].day;
        bfl_reason_add(c->arena, reasons, bfl_course_rule(c, BFL_POLICY_CONFIRMATION_MINIMUM_DAYS), &events,
                       "%s of %s confirmed on %s, %d days later", bfl_response_word(best->response),
                       bfl_course_day(c, from), bfl_course_day(c, to), (int)(to - from));
        return;
    }
    for (size_t i = 0; i < c->end; i++) {
        if (!bfl_response_is_response(c->visits[i].read)) continue;
        bfl_event_list events = {0};
        bfl_course_events(c, i, &events);
        bfl_reason_add(c->arena, reasons, bfl_course_rule(c, BFL_POLICY_CONFIRMATION_MINIMUM_DAYS), &events,
                       "%s of %s was not confirmed", bfl_response_word(c->visits[i].read),
                       bfl_course_day(c, c->visits[i].day));
        return;
    }
}

void bfl_course_explain(const bfl_course *c, const bfl_best *best, bool confirmed, bfl_reason_list *reasons) {
    const bfl_rule *rule = bfl_rule_of(c->in->rulebook, confirmed ? BFL_RULE_ENDPOINT_CBOR : BFL_RULE_ENDPOINT_BOR);
    bfl_event_list events = {0};
    if (best->visit == SIZE_MAX) {
        bfl_reason_add(c->arena, reasons, rule, NULL, "no assessment after baseline");
        return;
    }
    bfl_course_events(c, best->visit, &events);
    bfl_reason_add(c->arena, reasons, rule, &events, "%s on %s", bfl_response_word(best->response),
                   bfl_course_day(c, c->visits[best->visit].day));
    if (confirmed) explain_confirmation(c, best, reasons);
    bool early = best->too_early && !bfl_response_is_controlled(best->response);
    if (early)
        bfl_reason_add(c->arena, reasons, bfl_course_rule(c, BFL_POLICY_STABLE_MINIMUM_DAYS), NULL,
                       "no assessment without progression from %s on",
                       bfl_course_day(c, c->start + bfl_course_policy(c, BFL_POLICY_STABLE_MINIMUM_DAYS)));
    if (c->reappeared && bfl_response_is_stable(best->response))
        bfl_reason_add(c->arena, reasons, bfl_course_rule(c, BFL_POLICY_CR_THEN_PR), NULL, "disease seen again on %s",
                       bfl_course_day(c, c->visits[c->end].day));
}
