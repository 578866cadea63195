/* SPDX-License-Identifier: Apache-2.0 */
#include "num/proportion.h"

#include "num/distribution.h"

#include <math.h>

typedef struct agreement {
    const uint64_t *counts;
    size_t k;
    double n;
    double *row, *column;           /* marginal proportions */
    double *row_mean, *column_mean; /* mean weight of a row under the columns' margin, and the other way round */
    bfl_num_weights weights;
} agreement;

/* Agreement of categories i and j: 1 on the diagonal, less with distance. */
static double weight(const agreement *t, size_t i, size_t j) {
    if (t->weights == BFL_NUM_UNWEIGHTED || t->k < 2) return i == j ? 1 : 0;
    double apart = (double)(i > j ? i - j : j - i) / (double)(t->k - 1);
    return t->weights == BFL_NUM_LINEAR ? 1 - apart : 1 - apart * apart;
}

static agreement margins_of(bfl_arena *arena, const uint64_t *counts, size_t k, bfl_num_weights weights) {
    agreement t = {.counts = counts, .k = k, .weights = weights};
    t.row = BFL_NEW_ARRAY(arena, k, double);
    t.column = BFL_NEW_ARRAY(arena, k, double);
    t.row_mean = BFL_NEW_ARRAY(arena, k, double);
    t.column_mean = BFL_NEW_ARRAY(arena, k, double);
    for (size_t i = 0; i < k * k; i++) t.n += (double)counts[i];
    if (t.n <= 0) return t;
    for (size_t i = 0; i < k * k; i++) {
        t.row[i / k] += (double)counts[i] / t.n;
        t.column[i % k] += (double)counts[i] / t.n;
    }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            t.row_mean[i] += t.column[j] * weight(&t, i, j);
            t.column_mean[j] += t.row[i] * weight(&t, i, j);
        }
    return t;
}

static void agreements(const agreement *t, bfl_num_kappa *result) {
    bfl_num_sum observed = {0}, expected = {0};
    for (size_t i = 0; i < t->k; i++)
        for (size_t j = 0; j < t->k; j++) {
            bfl_num_sum_add(&observed, (double)t->counts[i * t->k + j] / t->n * weight(t, i, j));
            bfl_num_sum_add(&expected, t->row[i] * t->column[j] * weight(t, i, j));
        }
    result->observed = bfl_num_sum_total(observed);
    result->expected = bfl_num_sum_total(expected);
}

/* Large-sample standard errors after Fleiss, Cohen and Everitt (1969), as the spread of influences. */
static void standard_errors(const agreement *t, bfl_num_kappa *result) {
    bfl_num_sum spread = {0}, spread_null = {0};
    double kappa = result->kappa, expected = result->expected;
    for (size_t i = 0; i < t->k; i++)
        for (size_t j = 0; j < t->k; j++) {
            double means = t->row_mean[i] + t->column_mean[j], w = weight(t, i, j);
            double influence = w - means * (1 - kappa), influence_null = w - means;
            bfl_num_sum_add(&spread, (double)t->counts[i * t->k + j] / t->n * influence * influence);
            bfl_num_sum_add(&spread_null, t->row[i] * t->column[j] * influence_null * influence_null);
        }
    double centre = kappa - expected * (1 - kappa), scale = t->n * (1 - expected) * (1 - expected);
    result->se = sqrt(fmax(0, bfl_num_sum_total(spread) - centre * centre) / scale);
    result->se_null = sqrt(fmax(0, bfl_num_sum_total(spread_null) - expected * expected) / scale);
}

bfl_num_kappa bfl_num_cohen_kappa(bfl_arena *arena, const uint64_t *counts, size_t categories, bfl_num_weights weights,
                                  double level) {
    bfl_num_kappa result = {0};
    if (!bfl_num_level_valid(level)) {
        result.state = BFL_NUM_BAD_INPUT;
        return result;
    }
    agreement t = margins_of(arena, counts, categories, weights);
    if (t.n <= 0) {
        result.state = BFL_NUM_EMPTY;
        return result;
    }
    agreements(&t, &result);
    if (1 - result.expected < 1e-12) { /* both readers always said one category; the rest is rounding */
        result.state = BFL_NUM_CONSTANT;
        return result;
    }
    result.kappa = (result.observed - result.expected) / (1 - result.expected);
    standard_errors(&t, &result);
    double half = bfl_num_z(level) * result.se;
    result.low = fmax(-1, result.kappa - half);
    result.high = fmin(1, result.kappa + half);
    if (result.se_null > 0) {
        result.z = bfl_num_some(result.kappa / result.se_null);
        result.p = bfl_num_some(bfl_num_p_normal(result.z.value));
    }
    return result;
}
