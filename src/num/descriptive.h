/* SPDX-License-Identifier: Apache-2.0 */
/* What a baseline table needs of one variable. */
#ifndef BFL_NUM_DESCRIPTIVE_H
#define BFL_NUM_DESCRIPTIVE_H

#include "num/state.h"

typedef struct bfl_num_summary {
    bfl_num_state state; /* EMPTY: n = 0; BAD_INPUT: a number is not finite */
    size_t n;
    double mean;
    bfl_num_real sd; /* n - 1 below the line; missing for one observation */
    double least, q1, median, q3, most;
    double iqr;
} bfl_num_summary;
bfl_num_summary bfl_num_summarise(bfl_arena *arena, const double *x, size_t n);

/* Quantile of n ascending numbers, R's type 7 (Hyndman and Fan 1996). Missing when n = 0 or p is outside 0..1. */
bfl_num_real bfl_num_sample_quantile(const double *sorted, size_t n, double p);
/* Mean by compensated summation, 0 when n = 0. */
double bfl_num_mean(const double *x, size_t n);
/* Sum of squares about the mean, in two passes. */
double bfl_num_squares(const double *x, size_t n, double mean);

/* Mean with the interval of Student's t. */
typedef struct bfl_num_mean_interval {
    bfl_num_state state; /* TOO_FEW: n < 2 */
    double mean, se, low, high;
} bfl_num_mean_interval;
bfl_num_mean_interval bfl_num_mean_t(const double *x, size_t n, double level);

#endif
