/* SPDX-License-Identifier: Apache-2.0 */
#include "boost/distribution.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <cmath>

namespace {

namespace bm = boost::math;
namespace policies = boost::math::policies;
// No long double (its width differs between machines); counts are rounded up, as R's qbinom does.
using policy = policies::policy<policies::promote_double<false>, policies::promote_float<false>,
                                policies::discrete_quantile<policies::integer_round_up>>;

template <typename Distribution> double apply(const Distribution &d, bfl_boost_function function, double x) {
    switch (function) {
    case BFL_BOOST_CDF: return bm::cdf(d, x);
    case BFL_BOOST_SURVIVAL: return bm::cdf(bm::complement(d, x));
    case BFL_BOOST_QUANTILE: return bm::quantile(d, x);
    case BFL_BOOST_QUANTILE_UPPER: return bm::quantile(bm::complement(d, x));
    }
    return NAN;
}

double evaluate(bfl_boost_kind kind, bfl_boost_function function, double a, double b, double x) {
    switch (kind) {
    case BFL_BOOST_NORMAL: return apply(bm::normal_distribution<double, policy>(a, b), function, x);
    case BFL_BOOST_T: return apply(bm::students_t_distribution<double, policy>(a), function, x);
    case BFL_BOOST_F: return apply(bm::fisher_f_distribution<double, policy>(a, b), function, x);
    case BFL_BOOST_CHI_SQUARE: return apply(bm::chi_squared_distribution<double, policy>(a), function, x);
    case BFL_BOOST_BETA: return apply(bm::beta_distribution<double, policy>(a, b), function, x);
    case BFL_BOOST_BINOMIAL: return apply(bm::binomial_distribution<double, policy>(a, b), function, x);
    }
    return NAN;
}

} // namespace

bool bfl_boost_evaluate(bfl_boost_kind kind, bfl_boost_function function, double a, double b, double x, double *out) {
    try {
        double result = evaluate(kind, function, a, b, x);
        if (!std::isfinite(result)) return false;
        *out = result;
        return true;
    } catch (...) { // domain, overflow, evaluation and memory errors alike: there is no number to give
        return false;
    }
}
