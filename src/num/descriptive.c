/* SPDX-License-Identifier: Apache-2.0 */
#include "num/descriptive.h"

#include "num/distribution.h"

#include <math.h>

double bfl_num_mean(const double *x, size_t n) {
    bfl_num_sum sum = {0};
    for (size_t i = 0; i < n; i++) bfl_num_sum_add(&sum, x[i]);
    return n ? bfl_num_sum_total(sum) / (double)n : 0;
}

double bfl_num_squares(const double *x, size_t n, double mean) {
    bfl_num_sum squares = {0}, rest = {0};
    for (size_t i = 0; i < n; i++) {
        double off = x[i] - mean;
        bfl_num_sum_add(&squares, off * off);
        bfl_num_sum_add(&rest, off);
    }
    double left = bfl_num_sum_total(rest); /* what rounding of the mean left over */
    return n ? fmax(0, bfl_num_sum_total(squares) - left * left / (double)n) : 0;
}

bfl_num_real bfl_num_sample_quantile(const double *sorted, size_t n, double p) {
    if (n == 0 || !(p >= 0 && p <= 1)) return bfl_num_none();
    double at = (double)(n - 1) * p, below = floor(at), part = at - below;
    double low = sorted[(size_t)below], high = sorted[(size_t)ceil(at)];
    return bfl_num_some(low < high ? (1 - part) * low + part * high : low);
}

bfl_num_summary bfl_num_summarise(bfl_arena *arena, const double *x, size_t n) {
    bfl_num_summary result = {.n = n};
    if (n == 0 || !bfl_num_finite(x, n)) {
        result.state = n ? BFL_NUM_BAD_INPUT : BFL_NUM_EMPTY;
        return result;
    }
    double *sorted = bfl_num_sorted(arena, x, n);
    result.mean = bfl_num_mean(x, n);
    if (n > 1) result.sd = bfl_num_some(sqrt(bfl_num_squares(x, n, result.mean) / (double)(n - 1)));
    result.least = sorted[0];
    result.most = sorted[n - 1];
    result.q1 = bfl_num_sample_quantile(sorted, n, 0.25).value;
    result.median = bfl_num_sample_quantile(sorted, n, 0.5).value;
    result.q3 = bfl_num_sample_quantile(sorted, n, 0.75).value;
    result.iqr = result.q3 - result.q1;
    return result;
}

bfl_num_mean_interval bfl_num_mean_t(const double *x, size_t n, double level) {
    bfl_num_mean_interval result = {0};
    if (!bfl_num_level_valid(level) || !bfl_num_finite(x, n))
        result.state = BFL_NUM_BAD_INPUT;
    else if (n < 2)
        result.state = n ? BFL_NUM_TOO_FEW : BFL_NUM_EMPTY;
    if (result.state != BFL_NUM_OK) return result;
    double df = (double)(n - 1);
    result.mean = bfl_num_mean(x, n);
    result.se = sqrt(bfl_num_squares(x, n, result.mean) / df / (double)n);
    double half = bfl_num_quantile_upper(bfl_num_t(df), (1 - level) / 2).value * result.se;
    result.low = result.mean - half;
    result.high = result.mean + half;
    return result;
}
