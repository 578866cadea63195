/* SPDX-License-Identifier: Apache-2.0 */
#include "num/distribution.h"

#include <math.h>

bfl_num_distribution bfl_num_normal(double mean, double sd) {
    return (bfl_num_distribution){BFL_BOOST_NORMAL, mean, sd};
}
bfl_num_distribution bfl_num_t(double df) { return (bfl_num_distribution){BFL_BOOST_T, df, 0}; }
bfl_num_distribution bfl_num_f(double df1, double df2) { return (bfl_num_distribution){BFL_BOOST_F, df1, df2}; }
bfl_num_distribution bfl_num_chi_square(double df) { return (bfl_num_distribution){BFL_BOOST_CHI_SQUARE, df, 0}; }
bfl_num_distribution bfl_num_beta(double shape1, double shape2) {
    return (bfl_num_distribution){BFL_BOOST_BETA, shape1, shape2};
}
bfl_num_distribution bfl_num_binomial(uint64_t trials, double probability) {
    return (bfl_num_distribution){BFL_BOOST_BINOMIAL, (double)trials, probability};
}

static bool parameters_valid(bfl_num_distribution d) {
    if (!isfinite(d.a) || !isfinite(d.b)) return false;
    switch (d.kind) {
    case BFL_BOOST_NORMAL: return d.b > 0;
    case BFL_BOOST_T:
    case BFL_BOOST_CHI_SQUARE: return d.a > 0;
    case BFL_BOOST_F:
    case BFL_BOOST_BETA: return d.a > 0 && d.b > 0;
    case BFL_BOOST_BINOMIAL: return d.a >= 0 && d.b >= 0 && d.b <= 1;
    }
    return false;
}

typedef struct support {
    double low, high;
} support;

static support support_of(bfl_num_distribution d) {
    switch (d.kind) {
    case BFL_BOOST_NORMAL:
    case BFL_BOOST_T: return (support){-HUGE_VAL, HUGE_VAL};
    case BFL_BOOST_F:
    case BFL_BOOST_CHI_SQUARE: return (support){0, HUGE_VAL};
    case BFL_BOOST_BETA: return (support){0, 1};
    case BFL_BOOST_BINOMIAL: return (support){0, d.a};
    }
    return (support){0, 0};
}

static bfl_num_real probability(bfl_num_distribution d, bfl_boost_function function, double x) {
    double below = function == BFL_BOOST_CDF ? 0 : 1, value = 0;
    if (!parameters_valid(d) || isnan(x)) return bfl_num_none();
    support range = support_of(d);
    if (x < range.low || x == -HUGE_VAL) return bfl_num_some(below);
    if (x >= range.high) return bfl_num_some(1 - below);
    if (d.kind == BFL_BOOST_BINOMIAL) x = floor(x);
    return bfl_boost_evaluate(d.kind, function, d.a, d.b, x, &value) ? bfl_num_some(value) : bfl_num_none();
}

bfl_num_real bfl_num_cdf(bfl_num_distribution d, double x) { return probability(d, BFL_BOOST_CDF, x); }
bfl_num_real bfl_num_survival(bfl_num_distribution d, double x) { return probability(d, BFL_BOOST_SURVIVAL, x); }

static bfl_num_real quantile(bfl_num_distribution d, bfl_boost_function function, double p) {
    double value = 0;
    if (!parameters_valid(d) || !(p >= 0 && p <= 1)) return bfl_num_none();
    support range = support_of(d);
    if (p == 0 || p == 1) return bfl_num_some((p == 0) == (function == BFL_BOOST_QUANTILE) ? range.low : range.high);
    return bfl_boost_evaluate(d.kind, function, d.a, d.b, p, &value) ? bfl_num_some(value) : bfl_num_none();
}

bfl_num_real bfl_num_quantile(bfl_num_distribution d, double p) { return quantile(d, BFL_BOOST_QUANTILE, p); }
bfl_num_real bfl_num_quantile_upper(bfl_num_distribution d, double q) {
    return quantile(d, BFL_BOOST_QUANTILE_UPPER, q);
}

double bfl_num_z(double level) {
    return bfl_num_level_valid(level) ? bfl_num_quantile_upper(bfl_num_normal(0, 1), (1 - level) / 2).value : 0;
}

double bfl_num_p_normal(double z) { return 2 * bfl_num_survival(bfl_num_normal(0, 1), fabs(z)).value; }

double bfl_num_p_chi_square(double x, double df) {
    return df > 0 ? bfl_num_survival(bfl_num_chi_square(df), x).value : 1;
}

/* Log odds that leave nothing to doubt: below them the odds are a normal double. */
static const double SURE = 700;

/* Gauss-Hermite quadrature with 15 nodes, for a standard normal weight; the nodes lie symmetric about 0. */
double bfl_num_logistic_normal(double mean, double sd) {
    static const double nodes[] = {0.0,
                                   0.799129068324548,
                                   1.60671006902873,
                                   2.4324368270097585,
                                   3.2890824243987664,
                                   4.196207711269016,
                                   5.19009359130478,
                                   6.363947888829838};
    static const double weights[] = {0.31825951825951826,   0.23246229360973228,   0.08941779539984439,
                                     0.017365774492137567,  0.0015673575035499577, 5.642146405188979e-05,
                                     5.975419597920656e-07, 8.589649899633349e-10};
    double odds_against = exp(-fmin(mean, SURE)), sum = weights[0] / (1 + odds_against);
    for (size_t i = 1; i < sizeof nodes / sizeof *nodes; i++) {
        double farther = exp(sd * nodes[i]);
        sum += weights[i] * (1 / (1 + odds_against / farther) + 1 / (1 + odds_against * farther));
    }
    return sum;
}
