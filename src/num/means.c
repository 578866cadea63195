/* SPDX-License-Identifier: Apache-2.0 */
#include "num/compare.h"

#include "num/descriptive.h"
#include "num/distribution.h"

#include <float.h>
#include <math.h>

/* Fills t, p and the interval from the difference, its standard error and the degrees of freedom. */
static void finish(bfl_num_t_test *r, double level, double size) {
    if (!(r->se > 10 * DBL_EPSILON * size)) { /* the limit of R's t.test: only rounding is left */
        r->state = BFL_NUM_CONSTANT;
        return;
    }
    double half = bfl_num_quantile_upper(bfl_num_t(r->df), (1 - level) / 2).value * r->se;
    r->t = r->difference / r->se;
    r->p = fmin(1, 2 * bfl_num_survival(bfl_num_t(r->df), fabs(r->t)).value);
    r->low = r->difference - half;
    r->high = r->difference + half;
}

bfl_num_t_test bfl_num_t_two(bfl_num_sample first, bfl_num_sample second, bfl_num_t_kind kind, double level) {
    bfl_num_t_test r = {0};
    if (!bfl_num_level_valid(level) || !bfl_num_finite(first.x, first.n) || !bfl_num_finite(second.x, second.n))
        r.state = BFL_NUM_BAD_INPUT;
    else if (first.n < 2 || second.n < 2)
        r.state = first.n || second.n ? BFL_NUM_TOO_FEW : BFL_NUM_EMPTY;
    if (r.state != BFL_NUM_OK) return r;
    double n1 = (double)first.n, n2 = (double)second.n;
    r.mean_first = bfl_num_mean(first.x, first.n);
    r.mean_second = bfl_num_mean(second.x, second.n);
    r.difference = r.mean_first - r.mean_second;
    double s1 = bfl_num_squares(first.x, first.n, r.mean_first);
    double s2 = bfl_num_squares(second.x, second.n, r.mean_second);
    if (kind == BFL_NUM_T_POOLED) {
        r.df = n1 + n2 - 2;
        r.se = sqrt((s1 + s2) / r.df * (1 / n1 + 1 / n2));
    } else {
        double v1 = s1 / (n1 - 1) / n1, v2 = s2 / (n2 - 1) / n2;
        r.se = sqrt(v1 + v2);
        if (v1 + v2 > 0) { /* Satterthwaite */
            double w1 = v1 / (v1 + v2), w2 = v2 / (v1 + v2);
            r.df = 1 / (w1 * w1 / (n1 - 1) + w2 * w2 / (n2 - 1));
        }
    }
    finish(&r, level, fmax(fabs(r.mean_first), fabs(r.mean_second)));
    return r;
}

bfl_num_t_test bfl_num_t_paired(bfl_arena *arena, const double *first, const double *second, size_t n, double level) {
    bfl_num_t_test r = {0};
    if (!bfl_num_level_valid(level) || !bfl_num_finite(first, n) || !bfl_num_finite(second, n))
        r.state = BFL_NUM_BAD_INPUT;
    else if (n < 2)
        r.state = n ? BFL_NUM_TOO_FEW : BFL_NUM_EMPTY;
    if (r.state != BFL_NUM_OK) return r;
    double *difference = BFL_NEW_ARRAY(arena, n, double);
    for (size_t i = 0; i < n; i++) difference[i] = first[i] - second[i];
    r.mean_first = bfl_num_mean(first, n);
    r.mean_second = bfl_num_mean(second, n);
    r.difference = bfl_num_mean(difference, n);
    r.df = (double)(n - 1);
    r.se = sqrt(bfl_num_squares(difference, n, r.difference) / r.df / (double)n);
    finish(&r, level, fabs(r.difference));
    return r;
}

/* Does every group index lie below the number of groups, and is every number finite? */
static bool grouped_valid(bfl_num_grouped data) {
    for (size_t i = 0; i < data.n; i++)
        if (data.group[i] >= data.groups) return false;
    return bfl_num_finite(data.x, data.n);
}

bfl_num_anova bfl_num_anova_one_way(bfl_arena *arena, bfl_num_grouped data) {
    bfl_num_anova r = {.p = 1};
    if (!grouped_valid(data) || data.n == 0) {
        r.state = data.n ? BFL_NUM_BAD_INPUT : BFL_NUM_EMPTY;
        return r;
    }
    bfl_num_sum *sums = BFL_NEW_ARRAY(arena, data.groups, bfl_num_sum), between = {0}, within = {0};
    double *counts = BFL_NEW_ARRAY(arena, data.groups, double), used = 0, mean = bfl_num_mean(data.x, data.n);
    for (size_t i = 0; i < data.n; i++) {
        bfl_num_sum_add(&sums[data.group[i]], data.x[i] - mean);
        counts[data.group[i]]++;
    }
    for (size_t g = 0; g < data.groups; g++) {
        if (counts[g] <= 0) continue;
        double off = bfl_num_sum_total(sums[g]) / counts[g];
        bfl_num_sum_add(&between, counts[g] * off * off);
        used++;
    }
    for (size_t i = 0; i < data.n; i++) {
        uint32_t g = data.group[i];
        double off = data.x[i] - mean - bfl_num_sum_total(sums[g]) / counts[g];
        bfl_num_sum_add(&within, off * off);
    }
    r.between = bfl_num_sum_total(between);
    r.within = bfl_num_sum_total(within);
    r.df_between = used - 1;
    r.df_within = (double)data.n - used;
    if (r.df_between < 1 || r.df_within < 1)
        r.state = BFL_NUM_TOO_FEW;
    else if (!(r.within > 10 * DBL_EPSILON * DBL_EPSILON * mean * mean * (double)data.n))
        r.state = BFL_NUM_CONSTANT;
    if (r.state != BFL_NUM_OK) return r;
    r.f = r.between / r.df_between / (r.within / r.df_within);
    r.p = bfl_num_survival(bfl_num_f(r.df_between, r.df_within), r.f).value;
    return r;
}
