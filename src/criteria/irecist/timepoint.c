/* SPDX-License-Identifier: Apache-2.0 */
/* Tables 2 and 3 of Seymour 2017: the response of one time point given what is open, and the best of a course. */
#include "criteria/irecist/parts.h"

static bfl_response without_progression(bfl_iopen *state, const bfl_ifindings *f, bfl_rule_index *rule);

static bfl_rule_index first_seen(unsigned parts) {
    if (parts & BFL_IPART_TARGET) return BFL_RULE_IRECIST_UPD_TARGET;
    return parts & BFL_IPART_NONTARGET ? BFL_RULE_IRECIST_UPD_NONTARGET : BFL_RULE_IRECIST_UPD_NEW;
}

static bfl_rule_index confirmed_by(unsigned further) {
    if (further & BFL_IPART_TARGET) return BFL_RULE_IRECIST_CPD_TARGET;
    if (further & BFL_IPART_NONTARGET) return BFL_RULE_IRECIST_CPD_NONTARGET;
    return further & BFL_IPART_NEW ? BFL_RULE_IRECIST_CPD_NEW : BFL_RULE_IRECIST_CPD_OTHER;
}

static bfl_response open_progression(bfl_iopen *state, const bfl_ifindings *f, unsigned parts, bfl_rule_index *rule) {
    *state = (bfl_iopen){.open = true, .since = f->day, .visit = state->visit, .parts = parts};
    *rule = first_seen(parts);
    if (f->again && *rule == BFL_RULE_IRECIST_UPD_NEW) *rule = BFL_RULE_IRECIST_NEW_AGAIN;
    return BFL_RESPONSE_PD_UNCONFIRMED;
}

/* The column with an earlier iUPD: confirmed, too early, too late, unchanged or reset. */
static bfl_response with_open_progression(const bfl_iwindow *window, bfl_iopen *state, const bfl_ifindings *f,
                                          bfl_rule_index *rule) {
    unsigned further = f->further & state->parts, grown = further | (f->progressed & ~state->parts);
    int32_t days = f->day - state->since;
    bool early = days < window->minimum_days, late = window->late_refused && days > window->maximum_days;
    *rule = grown ? BFL_RULE_IRECIST_CONFIRM_WINDOW : BFL_RULE_IRECIST_UPD_REMAINS;
    if (!grown && !f->progressed) return without_progression(state, f, rule);
    if (!grown || early) return BFL_RESPONSE_PD_UNCONFIRMED;
    /* Too late to confirm the old progression: it counts as one seen anew. */
    if (late) return open_progression(state, f, grown | f->progressed, rule);
    state->confirmed = true;
    *rule = confirmed_by(further);
    return BFL_RESPONSE_PD;
}

bfl_response bfl_irecist_timepoint(const bfl_iwindow *window, bfl_iopen *state, const bfl_ifindings *f,
                                   bfl_rule_index *rule) {
    *rule = BFL_RULE_IRECIST_CPD_FINAL;
    if (state->confirmed) return BFL_RESPONSE_PD;
    if (state->open) return with_open_progression(window, state, f, rule);
    return f->progressed ? open_progression(state, f, f->progressed, rule) : without_progression(state, f, rule);
}

static bfl_response without_progression(bfl_iopen *state, const bfl_ifindings *f, bfl_rule_index *rule) {
    bfl_rule_index table;
    bfl_response response = bfl_recist_overall(f->target, f->nontarget, BFL_NEW_NONE, &table);
    *rule = BFL_RULE_IRECIST_RESET_NEW;
    if (state->open && (state->parts & BFL_IPART_NEW) && f->new_there && !f->shrunk) return BFL_RESPONSE_PD_UNCONFIRMED;
    *rule = BFL_RULE_IRECIST_TIMEPOINT;
    if (response == BFL_RESPONSE_NE) return response;
    if (state->open) *rule = BFL_RULE_IRECIST_RESET;
    state->open = false;
    if (response != BFL_RESPONSE_CR || !f->new_there) return response;
    *rule = BFL_RULE_IRECIST_NEW_NO_CR;
    return f->target != BFL_RESPONSE_NONE ? BFL_RESPONSE_PR : BFL_RESPONSE_NON_CR_NON_PD;
}

bfl_response bfl_irecist_best(const bfl_criterion_visit *visits, size_t count) {
    static const bfl_response order[] = {BFL_RESPONSE_CR, BFL_RESPONSE_PR,
                                         BFL_RESPONSE_SD, BFL_RESPONSE_NON_CR_NON_PD,
                                         BFL_RESPONSE_PD, BFL_RESPONSE_PD_UNCONFIRMED,
                                         BFL_RESPONSE_NE};
    size_t end = 1;
    while (end < count && visits[end].response != BFL_RESPONSE_PD) end++;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t i = 1; i < count && i <= end; i++)
            if (visits[i].response == order[k]) return order[k];
    return BFL_RESPONSE_NONE;
}

const char *bfl_irecist_word(bfl_response response) {
    switch (response) {
    case BFL_RESPONSE_NONE: return "-";
    case BFL_RESPONSE_CR: return "iCR";
    case BFL_RESPONSE_PR: return "iPR";
    case BFL_RESPONSE_SD: return "iSD";
    case BFL_RESPONSE_NON_CR_NON_PD: return "non-iCR/non-iUPD";
    case BFL_RESPONSE_PD: return "iCPD";
    case BFL_RESPONSE_NE: return "NE";
    case BFL_RESPONSE_PD_UNCONFIRMED: return "iUPD";
    }
    return "-";
}
