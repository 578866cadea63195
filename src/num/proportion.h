/* SPDX-License-Identifier: Apache-2.0 */
/* Proportions, contingency tables, agreement. */
#ifndef BFL_NUM_PROPORTION_H
#define BFL_NUM_PROPORTION_H

#include "num/state.h"

/* A proportion with its two-sided interval. */
typedef struct bfl_num_proportion {
    bfl_num_state state; /* EMPTY: trials 0; BAD_INPUT: events > trials, level not in (0, 1) */
    double estimate, low, high;
} bfl_num_proportion;

/* Exact (Clopper and Pearson 1934). */
bfl_num_proportion bfl_num_clopper_pearson(uint64_t events, uint64_t trials, double level);
/* Score interval (Wilson 1927), without continuity correction. */
bfl_num_proportion bfl_num_wilson(uint64_t events, uint64_t trials, double level);

/* Two rows (groups), two columns (yes, no). */
typedef struct bfl_num_2x2 {
    uint64_t a, b, c, d; /* a b over c d */
} bfl_num_2x2;

typedef struct bfl_num_fisher {
    bfl_num_state state;     /* EMPTY: no counts. A margin of 0 gives p = 1: nothing else could have been seen */
    double p;                /* two-sided: tables at most as probable as the one seen */
    double p_less;           /* P(A <= a) */
    double p_greater;        /* P(A >= a) */
    bfl_num_real odds_ratio; /* a d / (b c) of the sample; missing when a denominator is 0 */
} bfl_num_fisher;
/* Fisher's exact test. */
bfl_num_fisher bfl_num_fisher_exact(bfl_num_2x2 table);

typedef struct bfl_num_chi_square_test {
    bfl_num_state state; /* CONSTANT: fewer than two rows or columns hold counts */
    double statistic, df, p;
    double least_expected; /* smallest expected count: below 5 the approximation is poor */
} bfl_num_chi_square_test;
/* Pearson's chi-square of rows * columns counts, row by row. Empty rows and columns are left out. `corrected`: Yates, for 2x2 only. */
bfl_num_chi_square_test bfl_num_chi_square_table(bfl_arena *arena, const uint64_t *counts, size_t rows, size_t columns,
                                                 bool corrected);

/* Exact McNemar: two-sided binomial p of the discordant pairs. EMPTY when there is none. */
typedef struct bfl_num_mcnemar {
    bfl_num_state state;
    double p;
} bfl_num_mcnemar;
bfl_num_mcnemar bfl_num_mcnemar_exact(uint64_t only_first, uint64_t only_second);

typedef enum bfl_num_weights { BFL_NUM_UNWEIGHTED, BFL_NUM_LINEAR, BFL_NUM_QUADRATIC } bfl_num_weights;

typedef struct bfl_num_kappa {
    bfl_num_state state;              /* CONSTANT: chance alone would agree always, kappa is 0/0 */
    double kappa, observed, expected; /* observed and expected agreement, weighted */
    double se;                        /* large-sample (Fleiss, Cohen and Everitt 1969) */
    double low, high;                 /* kappa -+ z se, kept within -1..1 */
    double se_null;                   /* under independence */
    bfl_num_real z, p;                /* kappa / se_null */
} bfl_num_kappa;
/* Cohen's kappa of categories * categories counts: rows one reader, columns the other, categories in order for weights. */
bfl_num_kappa bfl_num_cohen_kappa(bfl_arena *arena, const uint64_t *counts, size_t categories, bfl_num_weights weights,
                                  double level);

#endif
