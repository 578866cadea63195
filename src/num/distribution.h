/* SPDX-License-Identifier: Apache-2.0 */
/* Distributions: cumulative probability, upper tail, quantiles. */
#ifndef BFL_NUM_DISTRIBUTION_H
#define BFL_NUM_DISTRIBUTION_H

#include "num/state.h"

#include <boost/distribution.h>

typedef struct bfl_num_distribution {
    bfl_boost_kind kind;
    double a, b;
} bfl_num_distribution;

bfl_num_distribution bfl_num_normal(double mean, double sd);
bfl_num_distribution bfl_num_t(double df);
bfl_num_distribution bfl_num_f(double df1, double df2);
bfl_num_distribution bfl_num_chi_square(double df);
bfl_num_distribution bfl_num_beta(double shape1, double shape2);
bfl_num_distribution bfl_num_binomial(uint64_t trials, double probability);

/* P(X <= x). Missing when a parameter or x is not valid. Outside the support it is 0 or 1. */
bfl_num_real bfl_num_cdf(bfl_num_distribution d, double x);
/* P(X > x), precise where it is small. */
bfl_num_real bfl_num_survival(bfl_num_distribution d, double x);
/* x with P(X <= x) = p; binomial: the smallest count with P(X <= x) >= p. Missing when p is outside [0, 1] or x is infinite. */
bfl_num_real bfl_num_quantile(bfl_num_distribution d, double p);
/* x with P(X > x) = q. */
bfl_num_real bfl_num_quantile_upper(bfl_num_distribution d, double q);

/* Upper normal quantile of a two-sided interval: 1.96 for 0.95. 0 when level is not valid. */
double bfl_num_z(double level);
/* Two-sided p of a normal deviate, 0..1. */
double bfl_num_p_normal(double z);
/* Mean of 1 / (1 + exp(-x)) over a normal x; error below 1e-5 for sd up to 2, 1e-3 up to 3. */
double bfl_num_logistic_normal(double mean, double sd);
/* Upper tail of chi-square: 1 when df is not above 0. */
double bfl_num_p_chi_square(double x, double df);

#endif
