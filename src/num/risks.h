/* SPDX-License-Identifier: Apache-2.0 */
/* Competing risks: cumulative incidence by cause, and Gray's test. In bfl_num_times, event is the cause: 1..causes. */
#ifndef BFL_NUM_RISKS_H
#define BFL_NUM_RISKS_H

#include "num/survival.h"

typedef struct bfl_num_incidence_step {
    double time;
    uint64_t at_risk, censored;
    double event_free; /* nobody of any cause: the Kaplan-Meier of all causes together */
} bfl_num_incidence_step;

/* One cause from this time until the next step. */
typedef struct bfl_num_incidence_value {
    uint64_t events; /* at this time */
    double incidence;
    double se;              /* Greenwood's formula for the Aalen-Johansen estimator */
    bfl_num_real low, high; /* log-log interval; missing where the incidence is 0 or 1 */
} bfl_num_incidence_value;

typedef struct bfl_num_incidence {
    bfl_num_state state; /* BAD_INPUT also: an event above causes */
    size_t count, causes;
    const bfl_num_incidence_step *steps;   /* one for each distinct time, ascending */
    const bfl_num_incidence_value *values; /* count * causes, step by step */
    uint64_t n;
} bfl_num_incidence;
/* Aalen and Johansen 1978. One minus Kaplan-Meier of a cause alone would count those who can no longer have it. */
bfl_num_incidence bfl_num_cumulative_incidence(bfl_arena *arena, const bfl_num_times *times, size_t causes,
                                               double level);
/* The incidence of cause 1..causes at time t; all 0 before the first step, and for a cause that is not there. */
bfl_num_incidence_value bfl_num_incidence_at(const bfl_num_incidence *incidence, size_t cause, double t);
/* First time at which the incidence of a cause is at least p; missing when it is not reached. */
bfl_num_real bfl_num_incidence_quantile(const bfl_num_incidence *incidence, size_t cause, double p);

typedef struct bfl_num_gray_test {
    bfl_num_state
        state; /* TOO_FEW: below two groups; NO_EVENTS of the cause; SINGULAR; BAD_INPUT also: delayed entry */
    double statistic, df, p;
} bfl_num_gray_test;
/* Gray's (1988) test of equal cumulative incidence of one cause in k groups, rho 0; any other event competes. */
bfl_num_gray_test bfl_num_gray(bfl_arena *arena, const bfl_num_times *times, uint8_t cause, bfl_num_factor groups,
                               bfl_num_factor strata);

#endif
