/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include "num/num.h"

static void interval(oracle *o, const char *name, const char *what, bfl_num_proportion p) {
    char key[64];
    (void)snprintf(key, sizeof key, "%s,%s", name, what);
    CHECK(p.state == BFL_NUM_OK);
    R_SAYS_WITHIN(o, key, 0, p.low, 1e-16);
    R_SAYS(o, key, 1, p.high);
}

static void intervals(oracle *o) {
    static const uint64_t pairs[][2] = {{0, 10}, {7, 30}, {10, 10}, {1, 1}, {25, 57}, {3, 4000}};
    char name[32];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint64_t x = pairs[i][0], n = pairs[i][1];
        (void)snprintf(name, sizeof name, "%d_of_%d", (int)x, (int)n);
        interval(o, name, "clopper_pearson", bfl_num_clopper_pearson(x, n, 0.95));
        interval(o, name, "clopper_pearson_90", bfl_num_clopper_pearson(x, n, 0.9));
        interval(o, name, "wilson", bfl_num_wilson(x, n, 0.95));
    }
}

static void chi_square(oracle *o, const char *key, bfl_num_chi_square_test test) {
    R_SAYS_WITHIN(o, key, 0, test.statistic, 1e-16);
    R_SAYS(o, key, 1, test.df);
    R_SAYS(o, key, 2, test.p);
}

static void two_by_two(bfl_arena *arena, oracle *o, const char *name, bfl_num_2x2 t) {
    char key[64];
    bfl_num_fisher fisher = bfl_num_fisher_exact(t);
    (void)snprintf(key, sizeof key, "%s,fisher", name);
    R_SAYS(o, key, 0, fisher.p);
    R_SAYS(o, key, 1, fisher.p_less);
    R_SAYS(o, key, 2, fisher.p_greater);
    uint64_t counts[] = {t.a, t.b, t.c, t.d};
    (void)snprintf(key, sizeof key, "%s,chi_square", name);
    chi_square(o, key, bfl_num_chi_square_table(arena, counts, 2, 2, false));
    (void)snprintf(key, sizeof key, "%s,yates", name);
    chi_square(o, key, bfl_num_chi_square_table(arena, counts, 2, 2, true));
    (void)snprintf(key, sizeof key, "%s,mcnemar", name);
    R_SAYS(o, key, 0, bfl_num_mcnemar_exact(t.b, t.c).p);
}

static void kappas(bfl_arena *arena, oracle *o, const char *name, const uint64_t *counts, size_t k) {
    static const char *const kinds[] = {"unweighted", "linear", "quadratic"};
    char key[64];
    for (unsigned w = 0; w < 3; w++) {
        bfl_num_kappa r = bfl_num_cohen_kappa(arena, counts, k, (bfl_num_weights)w, 0.95);
        (void)snprintf(key, sizeof key, "%s,%s", name, kinds[w]);
        CHECK(r.state == BFL_NUM_OK);
        R_SAYS(o, key, 0, r.kappa);
        R_SAYS(o, key, 1, r.se);
        R_SAYS(o, key, 2, r.low);
        R_SAYS(o, key, 3, r.high);
    }
}

ARENA_TEST(agrees_with_r) {
    static const uint64_t wide[] = {12, 5, 9, 3, 8, 14, 6, 6, 2, 11, 7, 10};
    static const uint64_t response[] = {11, 3, 1, 0, 4, 20, 5, 1, 0, 6, 30, 4, 1, 0, 3, 12}, binary[] = {21, 5, 3, 28};
    oracle o = oracle_open(arena, "proportions.csv");
    intervals(&o);
    two_by_two(arena, &o, "small", (bfl_num_2x2){3, 1, 1, 3});
    two_by_two(arena, &o, "flare", (bfl_num_2x2){7, 23, 1, 29});
    two_by_two(arena, &o, "even", (bfl_num_2x2){10, 10, 10, 10});
    two_by_two(arena, &o, "big", (bfl_num_2x2){400, 350, 300, 420});
    two_by_two(arena, &o, "zero", (bfl_num_2x2){0, 5, 6, 9});
    bfl_num_chi_square_test test = bfl_num_chi_square_table(arena, wide, 3, 4, true);
    chi_square(&o, "wide,chi_square", test);
    R_SAYS(&o, "wide,chi_square", 3, test.least_expected);
    kappas(arena, &o, "response", response, 4);
    kappas(arena, &o, "binary", binary, 2);
    oracle_all_used(&o);
}

TEST(proportion_by_hand) {
    bfl_num_proportion all = bfl_num_clopper_pearson(5, 5, 0.95), none = bfl_num_clopper_pearson(0, 5, 0.95);
    NEAR(all.low, pow(0.025, 0.2));
    CHECK(all.high == 1 && all.estimate == 1);
    NEAR(none.high, 1 - pow(0.025, 0.2));
    CHECK(none.low == 0);
    CHECK(bfl_num_clopper_pearson(0, 0, 0.95).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_wilson(0, 0, 0.95).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_wilson(3, 2, 0.95).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_clopper_pearson(1, 2, 1).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_clopper_pearson(1, 2, (double)NAN).state == BFL_NUM_BAD_INPUT);
}

TEST(fisher_by_hand) {
    bfl_num_fisher tea = bfl_num_fisher_exact((bfl_num_2x2){3, 1, 1, 3}); /* 34/70 and 17/70 */
    NEAR(tea.p, 34.0 / 70);
    NEAR(tea.p_greater, 17.0 / 70);
    NEAR(tea.p_less, 69.0 / 70);
    NEAR(tea.odds_ratio.value, 9);
    bfl_num_fisher lone = bfl_num_fisher_exact((bfl_num_2x2){4, 0, 0, 0});
    CHECK(lone.state == BFL_NUM_OK && lone.p == 1 && !lone.odds_ratio.present);
    CHECK(bfl_num_fisher_exact((bfl_num_2x2){0, 0, 0, 0}).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_fisher_exact((bfl_num_2x2){0, 3, 0, 9}).p == 1);
    bfl_num_fisher big = bfl_num_fisher_exact((bfl_num_2x2){60000, 40000, 40000, 60000});
    CHECK(big.p >= 0 && big.p < 1e-100);
}

ARENA_TEST(tables_without_variation) {
    static const uint64_t one_row[] = {4, 6, 0, 0}, empty[] = {0, 0, 0, 0}, hole[] = {3, 0, 5, 4, 0, 8};
    CHECK(bfl_num_chi_square_table(arena, one_row, 2, 2, false).state == BFL_NUM_CONSTANT);
    CHECK(bfl_num_chi_square_table(arena, empty, 2, 2, false).state == BFL_NUM_EMPTY);
    bfl_num_chi_square_test test = bfl_num_chi_square_table(arena, hole, 2, 3, false); /* empty column left out */
    CHECK(test.state == BFL_NUM_OK && test.df == 1);
    CHECK(bfl_num_mcnemar_exact(0, 0).state == BFL_NUM_EMPTY);
    NEAR(bfl_num_mcnemar_exact(1, 0).p, 1);
    NEAR(bfl_num_mcnemar_exact(0, 6).p, 2.0 / 64);
}

ARENA_TEST(kappa_by_hand) {
    static const uint64_t perfect[] = {5, 0, 0, 5}, chance[] = {5, 5, 5, 5}, worst[] = {0, 5, 5, 0},
                          same[] = {9, 0, 0, 0};
    bfl_num_kappa r = bfl_num_cohen_kappa(arena, perfect, 2, BFL_NUM_UNWEIGHTED, 0.95);
    CHECK(r.kappa == 1 && r.se == 0 && r.low == 1 && r.high == 1);
    r = bfl_num_cohen_kappa(arena, chance, 2, BFL_NUM_UNWEIGHTED, 0.95);
    CHECK(r.kappa == 0 && r.z.present && r.z.value == 0 && r.p.value == 1);
    NEAR(r.se_null, sqrt(1.0 / 20)); /* sqrt(Pe / (n (1 - Pe))) for equal margins */
    r = bfl_num_cohen_kappa(arena, worst, 2, BFL_NUM_QUADRATIC, 0.95);
    CHECK(r.kappa == -1 && r.low == -1);
    CHECK(bfl_num_cohen_kappa(arena, same, 2, BFL_NUM_LINEAR, 0.95).state == BFL_NUM_CONSTANT);
    CHECK(bfl_num_cohen_kappa(arena, same, 1, BFL_NUM_LINEAR, 0.95).state == BFL_NUM_CONSTANT);
    CHECK(bfl_num_cohen_kappa(arena, same + 1, 1, BFL_NUM_LINEAR, 0.95).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_cohen_kappa(arena, perfect, 2, BFL_NUM_LINEAR, 95).state == BFL_NUM_BAD_INPUT);
}

TEST_CASES(CASE(agrees_with_r), CASE(proportion_by_hand), CASE(fisher_by_hand), CASE(tables_without_variation),
           CASE(kappa_by_hand))
