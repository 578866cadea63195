/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons of means and ranks. */
#ifndef BFL_NUM_COMPARE_H
#define BFL_NUM_COMPARE_H

#include "num/state.h"

/* One numeric variable. */
typedef struct bfl_num_sample {
    const double *x;
    size_t n;
} bfl_num_sample;

typedef enum bfl_num_t_kind { BFL_NUM_T_WELCH, BFL_NUM_T_POOLED } bfl_num_t_kind;

typedef struct bfl_num_t_test {
    bfl_num_state state; /* TOO_FEW: below two in a group (or pair); CONSTANT: no spread at all */
    double mean_first, mean_second;
    double difference, se, low, high; /* first - second */
    double t, df, p;                  /* two-sided */
} bfl_num_t_test;
/* Student's t (pooled variance) or Welch's t of two independent samples. */
bfl_num_t_test bfl_num_t_two(bfl_num_sample first, bfl_num_sample second, bfl_num_t_kind kind, double level);
/* Paired t of first[i] - second[i]. */
bfl_num_t_test bfl_num_t_paired(bfl_arena *arena, const double *first, const double *second, size_t n, double level);

/* n observations in `groups` groups: group[i] < groups. Groups may be empty; they then do not count. */
typedef struct bfl_num_grouped {
    const double *x;
    const uint32_t *group;
    size_t n, groups;
} bfl_num_grouped;

typedef struct bfl_num_anova {
    bfl_num_state state;    /* TOO_FEW: below two groups, or no degrees of freedom within; CONSTANT: no spread within */
    double between, within; /* sums of squares */
    double df_between, df_within, f, p;
} bfl_num_anova;
/* One-way analysis of variance. */
bfl_num_anova bfl_num_anova_one_way(bfl_arena *arena, bfl_num_grouped data);

typedef struct bfl_num_kruskal {
    bfl_num_state state;     /* TOO_FEW: below two groups; CONSTANT: all numbers equal */
    double statistic, df, p; /* corrected for ties */
} bfl_num_kruskal;
bfl_num_kruskal bfl_num_kruskal_wallis(bfl_arena *arena, bfl_num_grouped data);

typedef struct bfl_num_rank_sum {
    bfl_num_state state;
    double u; /* pairs with first > second, ties counted half (R's W) */
    double p; /* two-sided */
    bool exact;
} bfl_num_rank_sum;
/* Wilcoxon's rank sum test: exact below 50 in each group without ties, else normal with ties and continuity corrected. */
bfl_num_rank_sum bfl_num_wilcoxon(bfl_arena *arena, bfl_num_sample first, bfl_num_sample second);

/* Ranks 1..n, ties get their mean rank; *ties (NULL allowed) is the sum of t^3 - t over groups of t equal numbers. */
double *bfl_num_ranks(bfl_arena *arena, const double *x, size_t n, double *ties) __attribute__((returns_nonnull));

#endif
