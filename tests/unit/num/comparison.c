/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include "num/num.h"

static void summary(bfl_arena *arena, oracle *o, const char *name, const double *x, size_t n) {
    static const double p[] = {0, 0.1, 1.0 / 3, 0.62, 1};
    char key[64];
    bfl_num_summary s = bfl_num_summarise(arena, x, n);
    double parts[] = {s.mean, s.sd.value, s.least, s.q1, s.median, s.q3, s.most, s.iqr};
    (void)snprintf(key, sizeof key, "%s,summary", name);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) R_SAYS(o, key, i, parts[i]);
    (void)snprintf(key, sizeof key, "%s,quantiles", name);
    double *sorted = bfl_num_sorted(arena, x, n);
    for (size_t i = 0; i < sizeof p / sizeof *p; i++) R_SAYS(o, key, i, bfl_num_sample_quantile(sorted, n, p[i]).value);
}

static void t_test(oracle *o, const char *key, bfl_num_t_test t) {
    double parts[] = {t.t, t.df, t.p, t.low, t.high, t.se};
    CHECK(t.state == BFL_NUM_OK);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) R_SAYS(o, key, i, parts[i]);
}

static void rank_sum(oracle *o, const char *key, bfl_num_rank_sum r, bool exact) {
    CHECK(r.state == BFL_NUM_OK && r.exact == exact);
    R_SAYS(o, key, 0, r.u);
    R_SAYS(o, key, 1, r.p);
}

static void rank_sums(bfl_arena *arena, oracle *o, const double *first, const double *second, bfl_num_grouped rounded) {
    size_t n = rounded.n, low = 0, high = 0;
    double *a = BFL_NEW_ARRAY(arena, n, double), *b = BFL_NEW_ARRAY(arena, n, double);
    double *twice = BFL_NEW_ARRAY(arena, 2 * n, double);
    for (size_t i = 0; i < n; i++) {
        if (rounded.group[i] < 2)
            a[low++] = rounded.x[i];
        else
            b[high++] = rounded.x[i];
        twice[i] = first[i];
        twice[n + i] = first[i] + 0.0004;
    }
    bfl_num_sample f = {first, n}, s = {second, n};
    rank_sum(o, "wilcoxon,exact", bfl_num_wilcoxon(arena, f, s), true);
    rank_sum(o, "wilcoxon,exact_small",
             bfl_num_wilcoxon(arena, (bfl_num_sample){first, 4}, (bfl_num_sample){second, 9}), true);
    rank_sum(o, "wilcoxon,ties", bfl_num_wilcoxon(arena, (bfl_num_sample){a, low}, (bfl_num_sample){b, high}), false);
    rank_sum(o, "wilcoxon,many", bfl_num_wilcoxon(arena, (bfl_num_sample){twice, 2 * n}, s), false);
}

static void kruskal(oracle *o, const char *key, bfl_num_kruskal r) {
    R_SAYS(o, key, 0, r.statistic);
    R_SAYS(o, key, 1, r.df);
    R_SAYS(o, key, 2, r.p);
}

ARENA_TEST(agrees_with_r) {
    oracle o = oracle_open(arena, "comparisons.csv");
    oracle_table t = oracle_table_open(arena, "numbers.csv");
    const double *first = oracle_column(arena, &t, "first"), *second = oracle_column(arena, &t, "second");
    const double *rounded = oracle_column(arena, &t, "rounded");
    const uint32_t *group = oracle_column_index(arena, &t, "group");
    bfl_num_sample f = {first, t.rows}, s = {second, t.rows};
    summary(arena, &o, "first", first, t.rows);
    summary(arena, &o, "rounded", rounded, t.rows);
    bfl_num_mean_interval mean = bfl_num_mean_t(first, t.rows, 0.9);
    R_SAYS(&o, "first,mean_t", 0, mean.low);
    R_SAYS(&o, "first,mean_t", 1, mean.high);
    t_test(&o, "t,welch", bfl_num_t_two(f, s, BFL_NUM_T_WELCH, 0.95));
    t_test(&o, "t,pooled", bfl_num_t_two(f, s, BFL_NUM_T_POOLED, 0.95));
    t_test(&o, "t,paired", bfl_num_t_paired(arena, first, second, t.rows, 0.99));
    bfl_num_anova a = bfl_num_anova_one_way(arena, (bfl_num_grouped){first, group, t.rows, 4});
    double parts[] = {a.between, a.within, a.df_between, a.df_within, a.f, a.p};
    for (size_t i = 0; i < 6; i++) R_SAYS(&o, "anova,first", i, parts[i]);
    kruskal(&o, "kruskal,first", bfl_num_kruskal_wallis(arena, (bfl_num_grouped){first, group, t.rows, 4}));
    kruskal(&o, "kruskal,rounded", bfl_num_kruskal_wallis(arena, (bfl_num_grouped){rounded, group, t.rows, 4}));
    rank_sums(arena, &o, first, second, (bfl_num_grouped){rounded, group, t.rows, 4});
    oracle_all_used(&o);
}

ARENA_TEST(summaries_by_hand) {
    static const double x[] = {4, 1, 3, 2}, bad[] = {1, (double)NAN};
    bfl_num_summary s = bfl_num_summarise(arena, x, 4);
    CHECK(s.mean == 2.5 && s.median == 2.5 && s.q1 == 1.75 && s.q3 == 3.25 && s.iqr == 1.5);
    NEAR(s.sd.value, sqrt(5.0 / 3));
    s = bfl_num_summarise(arena, x, 1);
    CHECK(s.state == BFL_NUM_OK && s.median == 4 && !s.sd.present);
    CHECK(bfl_num_summarise(arena, x, 0).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_summarise(arena, bad, 2).state == BFL_NUM_BAD_INPUT);
    CHECK(!bfl_num_sample_quantile(x, 0, 0.5).present && !bfl_num_sample_quantile(x, 4, 1.1).present);
    CHECK(bfl_num_mean_t(x, 1, 0.95).state == BFL_NUM_TOO_FEW);
}

/* A mean of 10^9 leaves 7 digits to the spread; the textbook formula would lose them all. */
ARENA_TEST(no_cancellation) {
    static const double x[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
    CHECK(bfl_num_summarise(arena, x, 4).sd.value * bfl_num_summarise(arena, x, 4).sd.value > 29.999999);
    NEAR(bfl_num_summarise(arena, x, 4).sd.value, sqrt(30));
    bfl_num_sum sum = {0};
    bfl_num_sum_add(&sum, 1);
    bfl_num_sum_add(&sum, 1e100);
    bfl_num_sum_add(&sum, 1);
    bfl_num_sum_add(&sum, -1e100);
    CHECK(bfl_num_sum_total(sum) == 2);
}

ARENA_TEST(t_tests_without_an_answer) {
    static const double x[] = {3, 3, 3}, y[] = {1, 2, 4}, up[] = {2, 3, 5};
    bfl_num_sample constant = {x, 3}, varied = {y, 3}, one = {y, 1}, none = {y, 0};
    CHECK(bfl_num_t_two(constant, constant, BFL_NUM_T_WELCH, 0.95).state == BFL_NUM_CONSTANT);
    CHECK(bfl_num_t_two(constant, varied, BFL_NUM_T_WELCH, 0.95).state == BFL_NUM_OK);
    CHECK(bfl_num_t_two(one, varied, BFL_NUM_T_POOLED, 0.95).state == BFL_NUM_TOO_FEW);
    CHECK(bfl_num_t_two(none, none, BFL_NUM_T_POOLED, 0.95).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_t_two(varied, varied, BFL_NUM_T_POOLED, 0).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_t_paired(arena, up, y, 3, 0.95).state == BFL_NUM_CONSTANT);
    CHECK(bfl_num_t_paired(arena, up, y, 1, 0.95).state == BFL_NUM_TOO_FEW);
    bfl_num_t_test t = bfl_num_t_paired(arena, y, x, 3, 0.95); /* differences -2 -1 1 */
    NEAR(t.t, -2.0 / 3 / (sqrt(7.0 / 3) / sqrt(3)));
    CHECK(t.df == 2);
}

ARENA_TEST(groups_without_an_answer) {
    static const double x[] = {1, 2, 3, 4}, flat[] = {5, 5, 5, 5}, steps[] = {1, 1, 2, 2};
    static const uint32_t two[] = {0, 0, 1, 1}, one[] = {1, 1, 1, 1}, each[] = {0, 1, 2, 3};
    bfl_num_anova a = bfl_num_anova_one_way(arena, (bfl_num_grouped){x, two, 4, 2});
    CHECK(a.between == 4 && a.within == 1 && a.f == 8);
    a = bfl_num_anova_one_way(arena, (bfl_num_grouped){x, two, 4, 7}); /* empty groups do not count */
    CHECK(a.df_between == 1 && a.f == 8);
    CHECK(bfl_num_anova_one_way(arena, (bfl_num_grouped){x, one, 4, 2}).state == BFL_NUM_TOO_FEW);
    CHECK(bfl_num_anova_one_way(arena, (bfl_num_grouped){x, each, 4, 4}).state == BFL_NUM_TOO_FEW);
    CHECK(bfl_num_anova_one_way(arena, (bfl_num_grouped){steps, two, 4, 2}).state == BFL_NUM_CONSTANT);
    CHECK(bfl_num_anova_one_way(arena, (bfl_num_grouped){x, two, 4, 1}).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_anova_one_way(arena, (bfl_num_grouped){x, two, 0, 2}).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_kruskal_wallis(arena, (bfl_num_grouped){flat, two, 4, 2}).state == BFL_NUM_CONSTANT);
    CHECK(bfl_num_kruskal_wallis(arena, (bfl_num_grouped){x, one, 4, 2}).state == BFL_NUM_TOO_FEW);
    CHECK(bfl_num_kruskal_wallis(arena, (bfl_num_grouped){x, two, 0, 2}).state == BFL_NUM_EMPTY);
    NEAR(bfl_num_kruskal_wallis(arena, (bfl_num_grouped){x, two, 4, 2}).statistic, 2.4);
}

ARENA_TEST(rank_sum_by_hand) {
    static const double low[] = {1, 2, 3}, high[] = {4, 5, 6}, flat[] = {5, 5};
    bfl_num_rank_sum r = bfl_num_wilcoxon(arena, (bfl_num_sample){low, 3}, (bfl_num_sample){high, 3});
    CHECK(r.u == 0 && r.exact);
    NEAR(r.p, 0.1); /* two of the twenty arrangements */
    r = bfl_num_wilcoxon(arena, (bfl_num_sample){low, 1}, (bfl_num_sample){high, 1});
    CHECK(r.p == 1);
    CHECK(bfl_num_wilcoxon(arena, (bfl_num_sample){flat, 2}, (bfl_num_sample){flat, 1}).state == BFL_NUM_CONSTANT);
    CHECK(bfl_num_wilcoxon(arena, (bfl_num_sample){flat, 2}, (bfl_num_sample){flat, 0}).state == BFL_NUM_TOO_FEW);
    CHECK(bfl_num_wilcoxon(arena, (bfl_num_sample){flat, 0}, (bfl_num_sample){flat, 0}).state == BFL_NUM_EMPTY);
    double ties, *ranks = bfl_num_ranks(arena, (double[]){2, 1, 2, 2}, 4, &ties);
    CHECK(ranks[0] == 3 && ranks[1] == 1 && ranks[3] == 3 && ties == 24);
}

TEST_CASES(CASE(agrees_with_r), CASE(summaries_by_hand), CASE(no_cancellation), CASE(t_tests_without_an_answer),
           CASE(groups_without_an_answer), CASE(rank_sum_by_hand))
