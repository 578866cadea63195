/* SPDX-License-Identifier: Apache-2.0 */
/* Distribution functions of Boost.Math behind a C face. Plain doubles inside, so that every machine gives the same digits. */
#ifndef BFL_SHIM_DISTRIBUTION_H
#define BFL_SHIM_DISTRIBUTION_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_boost_kind {
    BFL_BOOST_NORMAL,     /* a mean, b standard deviation */
    BFL_BOOST_T,          /* a degrees of freedom */
    BFL_BOOST_F,          /* a, b degrees of freedom of numerator and denominator */
    BFL_BOOST_CHI_SQUARE, /* a degrees of freedom */
    BFL_BOOST_BETA,       /* a, b shapes */
    BFL_BOOST_BINOMIAL    /* a trials, b probability */
} bfl_boost_kind;

typedef enum bfl_boost_function {
    BFL_BOOST_CDF,           /* x -> P(X <= x) */
    BFL_BOOST_SURVIVAL,      /* x -> P(X > x) */
    BFL_BOOST_QUANTILE,      /* p -> x with P(X <= x) = p; binomial: the smallest count with at least p */
    BFL_BOOST_QUANTILE_UPPER /* q -> x with P(X > x) = q; binomial: the smallest count with at most q */
} bfl_boost_function;

/* False, and *out untouched, when Boost refuses the argument or the result is not finite. */
bool bfl_boost_evaluate(bfl_boost_kind kind, bfl_boost_function function, double a, double b, double x, double *out);

#ifdef __cplusplus
}
#endif
#endif
