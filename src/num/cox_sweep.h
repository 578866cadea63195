/* SPDX-License-Identifier: Apache-2.0 */
/* The partial likelihood at given coefficients, one pass over the risk sets. Inside num. */
#ifndef BFL_NUM_COX_SWEEP_H
#define BFL_NUM_COX_SWEEP_H

#include "num/cox.h"

/* The data in the order of the pass: stratum by stratum, time descending, events before censorings. */
typedef struct cox_rows {
    size_t n, p;
    double *x;            /* n * p, centred and scaled */
    double *time, *start; /* start NULL without delayed entry */
    uint8_t *event;
    uint32_t *leaving; /* rows in the order in which a descending pass drops them; NULL without delayed entry */
    size_t *strata;    /* first row of each stratum, then n */
    size_t stratum_count;
    uint32_t *column; /* p: which covariate */
    double *scale;    /* p: standard deviation of that covariate */
    double *reach;    /* p: largest absolute value of the scaled covariate */
    uint32_t *source; /* n: row of the input */
    bool breslow;
} cox_rows;

/* What the events at one time in one stratum say. */
typedef struct cox_moment {
    size_t first, deaths; /* rows first .. first + deaths - 1 have the event */
    double time;
    double loglik;
    const double *score;       /* p */
    const double *information; /* p * p, lower triangle */
    const double *mean;        /* p: covariates expected of an event, mean over Efron's steps */
} cox_moment;
typedef void (*cox_visit)(void *context, const cox_moment *moment);

/* Working memory of a pass, to be used again. */
typedef struct cox_work {
    size_t terms;      /* 1 + p + p (p + 1) / 2: weight, weighted x, weighted products */
    bfl_num_sum *rest; /* terms: those at risk that do not have the event now */
    double *dying, *row;
    double *weight, *score, *mean, *step, *information;
} cox_work;

/* Rows with the given covariates (columns of data->x); the data must be valid. */
cox_rows bfl_num_cox_rows(bfl_arena *arena, const bfl_num_cox_data *data, const uint32_t *columns, size_t p);
cox_work bfl_num_cox_work(bfl_arena *arena, const cox_rows *rows);
/* Calls visit for each time with events; coefficients are those of the scaled covariates. False: overflow. */
bool bfl_num_cox_sweep(const cox_rows *rows, const double *coefficient, cox_work *work, cox_visit visit, void *context);

#endif
