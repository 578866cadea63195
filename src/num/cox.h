/* SPDX-License-Identifier: Apache-2.0 */
/* Cox's proportional hazards model, and the check of proportionality. */
#ifndef BFL_NUM_COX_H
#define BFL_NUM_COX_H

#include "num/survival.h"

typedef struct bfl_num_cox_data {
    bfl_num_times times; /* with start: left truncation or time-dependent covariates, several rows a subject */
    const double *x;     /* n * covariates, row by row */
    size_t covariates;
    bfl_num_factor strata; /* own baseline hazard for each; level NULL: one */
    bool breslow;          /* ties by Breslow; else by Efron (1977) */
    double level;          /* of the intervals */
} bfl_num_cox_data;

typedef struct bfl_num_cox_term {
    bool aliased; /* constant, or a linear combination of covariates before it: no estimate */
    bool
        infinite; /* the likelihood rises for ever in this direction: no estimate; the likelihood ratio test still stands */
    double coefficient, se, z, p;
    double hazard_ratio;
    bfl_num_real low, high; /* interval of the hazard ratio; missing when it overflows */
} bfl_num_cox_term;

/* A chi-square test. */
typedef struct bfl_num_chi {
    double statistic, df, p;
} bfl_num_chi;

typedef struct bfl_num_cox {
    bfl_num_state state; /* MONOTONE: some terms are infinite, the others and the tests are filled in;
                            SINGULAR: no covariate varies within the risk sets; NO_EVENTS; NOT_CONVERGED */
    size_t n, covariates;
    uint64_t events;
    const bfl_num_cox_term *terms; /* one for each covariate */
    const double *variance;        /* covariates * covariates; 0 for aliased and infinite terms */
    double loglik_null, loglik;
    bfl_num_chi likelihood_ratio, wald, score; /* of all terms together; wald df 0 when MONOTONE */
    unsigned iterations;
} bfl_num_cox;
/* Newton-Raphson from 0 with step halving, until no coefficient moves by 1e-7 standard deviations of its covariate. */
bfl_num_cox bfl_num_cox_fit(bfl_arena *arena, const bfl_num_cox_data *data);

typedef enum bfl_num_time_scale { BFL_NUM_TIME_IDENTITY, BFL_NUM_TIME_LOG, BFL_NUM_TIME_KM } bfl_num_time_scale;

/* Score test of an interaction of each covariate with g(time) (Grambsch and Therneau 1994, exact as R's survival 3). */
typedef struct bfl_num_cox_check {
    bfl_num_state state; /* that of the fit; SINGULAR: g is the same at all events */
    size_t covariates;
    const bfl_num_chi *terms; /* one for each covariate; df 0 for those without an estimate */
    bfl_num_chi global;
    /* Scaled Schoenfeld residuals plus coefficient: the course of the coefficient over time, for plots. */
    size_t events;
    const double *time, *g;  /* a number for each event; stratum by stratum, ascending time */
    const double *residuals; /* events * covariates; 0 for terms without an estimate */
} bfl_num_cox_check;
bfl_num_cox_check bfl_num_cox_proportional(bfl_arena *arena, const bfl_num_cox_data *data, const bfl_num_cox *fit,
                                           bfl_num_time_scale scale);

#endif
