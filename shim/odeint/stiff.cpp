/* SPDX-License-Identifier: Apache-2.0 */
#define BOOST_UBLAS_NDEBUG 1 // its own checks of sizes; the sizes here never change within a problem
#include "odeint/stiff.h"

#include <boost/numeric/ublas/lu.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>

#include <cmath>
#include <cstddef>
#include <utility>

// rosenbrock4 calls these three by name. The same elimination with partial pivoting as uBLAS's own, without its expression templates
// and leaving out zeros, of which a Jacobian of a chain of cells has many: three quarters of the time were spent there.
namespace boost {
namespace numeric {
namespace ublas {

// A dense diagonal: added to a dense matrix without the iterators of a sparse one.
inline bounded_matrix<double, BFL_STIFF_LARGEST, BFL_STIFF_LARGEST> operator*(const double &factor,
                                                                              const identity_matrix<double> &one) {
    bounded_matrix<double, BFL_STIFF_LARGEST, BFL_STIFF_LARGEST> m(one.size1(), one.size2());
    for (double &value : m.data()) value = 0;
    for (std::size_t i = 0; i < one.size1(); i++) m(i, i) = factor;
    return m;
}

inline std::size_t lu_factorize(matrix<double> &m, permutation_matrix<std::size_t> &pivots) {
    const std::size_t n = m.size1();
    double *a = &m.data()[0];
    std::size_t singular = 0;
    for (std::size_t k = 0; k < n; k++) {
        std::size_t best = k;
        for (std::size_t i = k + 1; i < n; i++)
            if (std::fabs(a[i * n + k]) > std::fabs(a[best * n + k])) best = i;
        pivots(k) = best;
        for (std::size_t c = 0; best != k && c < n; c++) std::swap(a[k * n + c], a[best * n + c]);
        if (!(std::fabs(a[k * n + k]) > 0) && singular == 0) singular = k + 1;
        for (std::size_t i = k + 1; i < n; i++) {
            if (!(std::fabs(a[i * n + k]) > 0)) continue;
            const double factor = a[i * n + k] /= a[k * n + k];
            for (std::size_t c = k + 1; c < n; c++) a[i * n + c] -= factor * a[k * n + c];
        }
    }
    return singular;
}

inline void lu_substitute(const matrix<double> &m, const permutation_matrix<std::size_t> &pivots, vector<double> &x) {
    const std::size_t n = m.size1();
    const double *a = &m.data()[0];
    for (std::size_t k = 0; k < n; k++)
        if (pivots(k) != k) std::swap(x[k], x[pivots(k)]);
    for (std::size_t i = 1; i < n; i++) {
        double sum = x[i];
        for (std::size_t c = 0; c < i; c++)
            if (std::fabs(a[i * n + c]) > 0) sum -= a[i * n + c] * x[c];
        x[i] = sum;
    }
    for (std::size_t i = n; i-- > 0;) {
        double sum = x[i];
        for (std::size_t c = i + 1; c < n; c++)
            if (std::fabs(a[i * n + c]) > 0) sum -= a[i * n + c] * x[c];
        x[i] = sum / a[i * n + i];
    }
}

} // namespace ublas
} // namespace numeric
} // namespace boost

#include <boost/numeric/odeint/stepper/rosenbrock4.hpp>
#include <boost/numeric/odeint/stepper/rosenbrock4_controller.hpp>

#include <new>

namespace {

namespace odeint = boost::numeric::odeint;
using stepper = odeint::rosenbrock4<double>;
using controller = odeint::rosenbrock4_controller<stepper>;
using state = stepper::state_type;
using matrix = stepper::matrix_type;

struct slope {
    const bfl_stiff_problem &p;
    void operator()(const state &x, state &dxdt, double t) const { p.slope(p.context, t, &x[0], &dxdt[0]); }
};

struct jacobian {
    const bfl_stiff_problem &p;
    void operator()(const state &x, matrix &j, double t, state &by_time) const {
        for (double &value : j.data()) value = 0;
        for (double &value : by_time) value = 0;
        p.jacobian(p.context, t, &x[0], &j.data()[0], &by_time[0]);
    }
};

bool finite(const state &x) {
    for (double value : x)
        if (!std::isfinite(value)) return false;
    return true;
}

class course {
  public:
    course(const bfl_stiff_problem &problem, const double *x, double *samples_out)
        : p(problem), out(samples_out), now(problem.n), next(problem.n), between(problem.n),
          stepping(p.absolute, p.relative) {
        for (size_t i = 0; i < p.n; i++) now[i] = x[i];
    }

    bfl_stiff_status run() {
        double t = p.start;
        for (size_t k = 0; k <= p.break_count; k++) {
            double end = k < p.break_count ? p.breaks[k] : p.end;
            bfl_stiff_status status = stretch(t, end);
            if (status != BFL_STIFF_OK) return status;
            if (k < p.break_count && p.at_break) p.at_break(p.context, k, &now[0]);
            t = end;
        }
        return finite(now) ? BFL_STIFF_OK : BFL_STIFF_FAILED;
    }

    void state_out(double *x) const {
        for (size_t i = 0; i < p.n; i++) x[i] = now[i];
    }

    size_t steps = 0;

  private:
    // One stretch without jumps; its first step is small, for the last one before a jump says nothing about the next.
    bfl_stiff_status stretch(double t, double end) {
        double dt = std::fmin(first_step, end - t);
        size_t failed = 0;
        write_at(t);
        while (t < end) {
            if (++steps > p.steps_max) return BFL_STIFF_STEPS;
            bool last = t + dt >= end;
            double before = t;
            if (last) dt = end - t;
            if (stepping.try_step(std::make_pair(slope{p}, jacobian{p}), now, t, next, dt) != odeint::success) {
                if (++failed > failures_max || !(dt > least_step)) return BFL_STIFF_FAILED;
                continue;
            }
            failed = 0;
            if (last) t = end; // t + (end - t) may differ from it by a rounding
            write_between(before, t);
            now.swap(next);
            if (!finite(now)) return BFL_STIFF_FAILED;
        }
        return BFL_STIFF_OK;
    }

    void write_at(double t) {
        for (; sample < p.sample_count && p.samples[sample] <= t; sample++) put(now);
    }

    void write_between(double before, double t) {
        if (sample >= p.sample_count || p.samples[sample] > t) return;
        stepping.stepper().prepare_dense_output();
        for (; sample < p.sample_count && p.samples[sample] <= t; sample++) {
            stepping.stepper().calc_state(p.samples[sample], between, now, before, next, t);
            put(p.samples[sample] < t ? between : next);
        }
    }

    void put(const state &x) {
        for (size_t i = 0; i < p.n; i++) out[sample * p.n + i] = x[i];
    }

    static constexpr double first_step = 0.1, least_step = 1e-10;
    static constexpr size_t failures_max = 60;
    const bfl_stiff_problem &p;
    double *out;
    state now, next, between;
    controller stepping;
    size_t sample = 0;
};

bool ordered(const double *x, size_t count, double low, double high, bool inside) {
    for (size_t i = 0; i < count; i++) {
        bool after = inside ? x[i] > low : x[i] >= low;
        if (!after || !(inside ? x[i] < high : x[i] <= high)) return false;
        low = x[i];
    }
    return true;
}

bool valid(const bfl_stiff_problem &p) {
    return p.n >= 1 && p.n <= BFL_STIFF_LARGEST && p.slope && p.jacobian && p.relative > 0 && p.absolute > 0 &&
           p.start < p.end && ordered(p.breaks, p.break_count, p.start, p.end, true) &&
           ordered(p.samples, p.sample_count, p.start, p.end, false);
}

} // namespace

bfl_stiff_status bfl_stiff_solve(const bfl_stiff_problem *problem, double *x, double *out, size_t *steps) {
    if (!problem || !x || !valid(*problem)) return BFL_STIFF_INVALID;
    try {
        course c(*problem, x, out);
        bfl_stiff_status status = c.run();
        if (steps) *steps = c.steps;
        c.state_out(x);
        return status;
    } catch (const std::bad_alloc &) {
        return BFL_STIFF_MEMORY;
    } catch (...) { // Odeint gives up with an exception; a singular matrix throws too
        return BFL_STIFF_FAILED;
    }
}
