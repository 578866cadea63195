/* SPDX-License-Identifier: Apache-2.0 */
/* Times to events: Kaplan-Meier, numbers at risk, log-rank, landmark and time-dependent exposure. */
#ifndef BFL_NUM_SURVIVAL_H
#define BFL_NUM_SURVIVAL_H

#include "num/state.h"

/*
 * n rows, each at risk in (start, time]. At one time, events come before censorings. Equal times are equal doubles: compute
 * times of the same number of days in the same way.
 */
typedef struct bfl_num_times {
    size_t n;
    const double *start;  /* delayed entry; NULL: at risk from the beginning. start < time */
    const double *time;   /* finite, not negative */
    const uint8_t *event; /* 0 censored, else an event; for cumulative incidence the cause, 1..causes */
} bfl_num_times;

/* A grouping of the rows: level[i] < levels. level NULL: all in one. */
typedef struct bfl_num_factor {
    const uint32_t *level;
    size_t levels;
} bfl_num_factor;

/* OK, EMPTY or BAD_INPUT. `rows` of other arguments are checked by their functions. */
bfl_num_state bfl_num_times_state(const bfl_num_times *times);

/* ---- Kaplan-Meier ---- */

/* The curve from this time until the next step. */
typedef struct bfl_num_step {
    double time;
    uint64_t at_risk; /* just before */
    uint64_t events, censored;
    double survival;
    bfl_num_real se;        /* Greenwood 1926; missing once survival is 0 */
    bfl_num_real low, high; /* log-log interval; missing where survival is 1 or 0 */
} bfl_num_step;

typedef struct bfl_num_curve {
    bfl_num_state state;       /* no events is OK: the curve stays at 1 */
    const bfl_num_step *steps; /* one for each distinct time, ascending */
    size_t count;
    uint64_t n, events;
    double level;
} bfl_num_curve;
bfl_num_curve bfl_num_kaplan_meier(bfl_arena *arena, const bfl_num_times *times, double level);
/* Follow-up by the reverse Kaplan-Meier method (Schemper and Smith 1996): censoring is the event. */
bfl_num_curve bfl_num_reverse_kaplan_meier(bfl_arena *arena, const bfl_num_times *times, double level);

/* The first time at which a fraction `p` has had the event (0.5: the median), with the interval that inverts the curve's
 * (Brookmeyer and Crowley 1982). On a flat stretch at exactly 1 - p: its middle, as R does. Missing: not reached. */
typedef struct bfl_num_time_quantile {
    bfl_num_real time, low, high;
} bfl_num_time_quantile;
bfl_num_time_quantile bfl_num_curve_quantile(const bfl_num_curve *curve, double p);

/* The curve at time t: survival 1 before the first step. `beyond`: t is later than the last row and the curve is above 0. */
typedef struct bfl_num_curve_point {
    double survival;
    bfl_num_real se, low, high;
    bool beyond;
} bfl_num_curve_point;
bfl_num_curve_point bfl_num_curve_at(const bfl_num_curve *curve, double t);

/* Rows with start < t <= time; at t = 0 all that start at 0. For the table below a plot. */
uint64_t bfl_num_at_risk(const bfl_num_times *times, double t);

/* ---- log-rank ---- */

typedef struct bfl_num_log_rank_test {
    bfl_num_state state; /* TOO_FEW: below two groups at risk at the events; NO_EVENTS; SINGULAR */
    size_t groups;
    const double *observed, *expected; /* a number for each group, summed over strata */
    const double *variance;            /* groups * groups, of observed - expected */
    double statistic, df, p;           /* df: groups with expected events, less one */
} bfl_num_log_rank_test;
/* Mantel's log-rank test of k groups, stratified when strata.level is not NULL. Delayed entry is allowed. */
bfl_num_log_rank_test bfl_num_log_rank(bfl_arena *arena, const bfl_num_times *times, bfl_num_factor groups,
                                       bfl_num_factor strata);

/* ---- exposure that begins during follow-up: a flare seen on day 45 says nothing about day 10 ---- */

/* Rows made of rows. row[i]: the source row; exposed[i]: 1 from the onset on. */
typedef struct bfl_num_exposed_rows {
    bfl_num_state state;
    bfl_num_times times;
    const uint32_t *row;
    const uint8_t *exposed;
    uint64_t left_out; /* landmark: rows that ended at or before it, or entered after it */
} bfl_num_exposed_rows;

/* Splits each row at its onset: for Cox with a time-dependent covariate. onset[i] missing: never exposed. Onset at or before
 * the start: exposed throughout; at or after the end: unexposed throughout (an event at the onset counts as unexposed). */
bfl_num_exposed_rows bfl_num_split_at_onset(bfl_arena *arena, const bfl_num_times *times, const bfl_num_real *onset);
/* Keeps the rows still at risk after the landmark, with time counted from it; exposed: onset at or before it (Anderson, Cain
 * and Gelber 1983). */
bfl_num_exposed_rows bfl_num_landmark(bfl_arena *arena, const bfl_num_times *times, const bfl_num_real *onset,
                                      double landmark);

/* Rows in ascending order of key, stratum by stratum (inside num and for tests). */
uint32_t *bfl_num_order_within(bfl_arena *arena, const double *key, size_t n, bfl_num_factor strata)
    __attribute__((returns_nonnull));
/* Is level[i] < levels for all rows, or level NULL? */
bool bfl_num_factor_valid(bfl_num_factor factor, size_t n);
/* Level of a row; 0 when level is NULL. */
static inline uint32_t bfl_num_level_of(bfl_num_factor factor, size_t row) {
    return factor.level ? factor.level[row] : 0;
}

#endif
