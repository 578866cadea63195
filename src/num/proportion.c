/* SPDX-License-Identifier: Apache-2.0 */
#include "num/proportion.h"

#include "num/distribution.h"

#include <math.h>

static bfl_num_proportion proportion(uint64_t events, uint64_t trials, double level) {
    bfl_num_proportion result = {BFL_NUM_OK, 0, 0, 1};
    if (events > trials || !bfl_num_level_valid(level))
        result.state = BFL_NUM_BAD_INPUT;
    else if (trials == 0)
        result.state = BFL_NUM_EMPTY;
    else
        result.estimate = (double)events / (double)trials;
    return result;
}

bfl_num_proportion bfl_num_clopper_pearson(uint64_t events, uint64_t trials, double level) {
    bfl_num_proportion result = proportion(events, trials, level);
    if (result.state != BFL_NUM_OK) return result;
    double x = (double)events, n = (double)trials, tail = (1 - level) / 2;
    if (events > 0) result.low = bfl_num_quantile(bfl_num_beta(x, n - x + 1), tail).value;
    if (events < trials) result.high = bfl_num_quantile_upper(bfl_num_beta(x + 1, n - x), tail).value;
    return result;
}

bfl_num_proportion bfl_num_wilson(uint64_t events, uint64_t trials, double level) {
    bfl_num_proportion result = proportion(events, trials, level);
    if (result.state != BFL_NUM_OK) return result;
    double p = result.estimate, n = (double)trials, z = bfl_num_z(level), z2 = z * z;
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = z / (1 + z2 / n) * sqrt((p * (1 - p) + z2 / (4 * n)) / n);
    if (events > 0) result.low = centre - half;
    if (events < trials) result.high = centre + half;
    return result;
}

/* ---- Fisher ---- */

/* The tables with the margins seen: a runs from `least` to `most`. Ratio of the probabilities of a + 1 and a. */
typedef struct margins {
    uint64_t row, column, total, least, most;
} margins;

static double step_up(const margins *m, uint64_t a) {
    double free_row = (double)(m->row - a), free_column = (double)(m->column - a);
    return free_row * free_column / ((double)(a + 1) * (double)(m->total + a + 1 - m->row - m->column));
}

static uint64_t mode_of(const margins *m) {
    double mode = floor(((double)m->row + 1) * ((double)m->column + 1) / ((double)m->total + 2));
    if (mode < (double)m->least) return m->least;
    return mode > (double)m->most ? m->most : (uint64_t)mode;
}

typedef struct tails {
    bfl_num_sum all, less, greater, rare;
} tails;

static void count_table(tails *t, uint64_t a, uint64_t seen, double weight, double weight_seen) {
    bfl_num_sum_add(&t->all, weight);
    if (a <= seen) bfl_num_sum_add(&t->less, weight);
    if (a >= seen) bfl_num_sum_add(&t->greater, weight);
    double slack = 1 + 1e-7; /* equal probabilities that differ by rounding, as in R's fisher.test */
    if (weight <= weight_seen * slack) bfl_num_sum_add(&t->rare, weight);
}

/* Probability of a table relative to that of the mode. */
static double weight_of(const margins *m, uint64_t mode, uint64_t a) {
    double weight = 1;
    for (uint64_t k = mode; k < a; k++) weight *= step_up(m, k);
    for (uint64_t k = mode; k > a; k--) weight /= step_up(m, k - 1);
    return weight;
}

bfl_num_fisher bfl_num_fisher_exact(bfl_num_2x2 table) {
    bfl_num_fisher result = {BFL_NUM_OK, 1, 1, 1, bfl_num_none()};
    margins m = {.row = table.a + table.b, .column = table.a + table.c, .total = table.a + table.b + table.c + table.d};
    if (m.total == 0) {
        result.state = BFL_NUM_EMPTY;
        return result;
    }
    m.least = m.row + m.column > m.total ? m.row + m.column - m.total : 0;
    m.most = m.row < m.column ? m.row : m.column;
    uint64_t mode = mode_of(&m);
    double seen = weight_of(&m, mode, table.a), weight = 1;
    tails t = {0};
    for (uint64_t a = mode;; a++) {
        count_table(&t, a, table.a, weight, seen);
        if (a == m.most) break;
        weight *= step_up(&m, a);
    }
    weight = 1;
    for (uint64_t a = mode; a > m.least; a--) {
        weight /= step_up(&m, a - 1);
        count_table(&t, a - 1, table.a, weight, seen);
    }
    double all = bfl_num_sum_total(t.all);
    result.p = fmin(1, bfl_num_sum_total(t.rare) / all);
    result.p_less = fmin(1, bfl_num_sum_total(t.less) / all);
    result.p_greater = fmin(1, bfl_num_sum_total(t.greater) / all);
    if (table.b && table.c)
        result.odds_ratio = bfl_num_some((double)table.a * (double)table.d / ((double)table.b * (double)table.c));
    return result;
}

/* ---- chi-square, McNemar ---- */

static size_t used(const double *margin, size_t count) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++) n += margin[i] > 0;
    return n;
}

bfl_num_chi_square_test bfl_num_chi_square_table(bfl_arena *arena, const uint64_t *counts, size_t rows, size_t columns,
                                                 bool corrected) {
    bfl_num_chi_square_test result = {BFL_NUM_OK, 0, 0, 1, 0};
    double *row = BFL_NEW_ARRAY(arena, rows, double), *column = BFL_NEW_ARRAY(arena, columns, double), total = 0;
    for (size_t i = 0; i < rows * columns; i++) {
        double count = (double)counts[i];
        row[i / columns] += count;
        column[i % columns] += count;
        total += count;
    }
    size_t r = used(row, rows), c = used(column, columns);
    if (r < 2 || c < 2) {
        result.state = total > 0 ? BFL_NUM_CONSTANT : BFL_NUM_EMPTY;
        return result;
    }
    result.least_expected = total;
    for (size_t i = 0; i < rows * columns; i++) {
        double expected = row[i / columns] * column[i % columns] / total, off = fabs((double)counts[i] - expected);
        if (expected <= 0) continue;
        if (corrected && r == 2 && c == 2) off -= fmin(off, 0.5);
        result.statistic += off * off / expected;
        result.least_expected = fmin(result.least_expected, expected);
    }
    result.df = (double)((r - 1) * (c - 1));
    result.p = bfl_num_p_chi_square(result.statistic, result.df);
    return result;
}

bfl_num_mcnemar bfl_num_mcnemar_exact(uint64_t only_first, uint64_t only_second) {
    uint64_t n = only_first + only_second, fewer = only_first < only_second ? only_first : only_second;
    if (n == 0) return (bfl_num_mcnemar){BFL_NUM_EMPTY, 1};
    double tail = bfl_num_cdf(bfl_num_binomial(n, 0.5), (double)fewer).value;
    return (bfl_num_mcnemar){BFL_NUM_OK, fmin(1, 2 * tail)};
}
