/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include "num/num.h"

typedef struct marker {
    size_t n;
    const double *y, *week;
    const uint32_t *patient, *group;
} marker;

static marker open_marker(bfl_arena *arena) {
    oracle_table t = oracle_table_open(arena, "marker.csv");
    return (marker){t.rows, oracle_column(arena, &t, "value"), oracle_column(arena, &t, "week"),
                    oracle_column_index(arena, &t, "patient"), oracle_column_index(arena, &t, "group")};
}

static bfl_num_mixed_data model(const marker *m, const double *x, size_t columns) {
    return (bfl_num_mixed_data){m->n, m->y, x, columns, m->patient, 48, false, 0.95};
}

static const char *key(bfl_arena *arena, const char *name, const char *what) {
    return bfl_arena_printf(arena, "%s,%s", name, what);
}

static void compare(bfl_arena *arena, oracle *o, const char *name, const bfl_num_mixed *fit) {
    CHECK(fit->state == BFL_NUM_OK && !fit->boundary);
    for (size_t j = 0; j < fit->columns; j++) {
        const bfl_num_mixed_term *term = &fit->terms[j];
        CHECK(!term->aliased && term->p_present);
        R_SAYS(o, key(arena, name, "estimate"), j, term->estimate);
        R_SAYS(o, key(arena, name, "se"), j, term->se);
        R_SAYS(o, key(arena, name, "df"), j, term->df);
        R_SAYS(o, key(arena, name, "p"), j, term->p);
        R_SAYS(o, key(arena, name, "low"), j, term->low);
    }
    for (size_t i = 0; i < fit->columns * fit->columns; i++)
        R_SAYS_WITHIN(o, key(arena, name, "covariance"), i, fit->covariance[i], 1e-12);
    R_SAYS(o, key(arena, name, "sd"), 0, fit->sd_subject);
    R_SAYS(o, key(arena, name, "sd"), 1, fit->sd_residual);
    R_SAYS(o, key(arena, name, "loglik"), 0, fit->loglik);
    for (size_t s = 0; s < 6; s++) R_SAYS(o, key(arena, name, "effect"), s, fit->subject_effect[s]);
}

static void compare_wald(bfl_arena *arena, oracle *o, const char *name, const bfl_num_mixed *fit, size_t first,
                         size_t count) {
    bfl_num_mixed_test test = bfl_num_mixed_wald(arena, fit, first, count);
    const char *at = bfl_arena_printf(arena, "%s,wald_%zu_%zu", name, count, first);
    CHECK(test.state == BFL_NUM_OK);
    R_SAYS(o, at, 0, test.f);
    R_SAYS(o, at, 1, test.df1);
    R_SAYS(o, at, 2, test.df2);
    R_SAYS(o, at, 3, test.p);
}

ARENA_TEST(agrees_with_r) {
    oracle o = oracle_open(arena, "mixed.csv");
    marker m = open_marker(arena);
    double *slopes = BFL_NEW_ARRAY(arena, 6 * m.n, double), *visits = BFL_NEW_ARRAY(arena, 7 * m.n, double);
    double *ones = BFL_NEW_ARRAY(arena, m.n, double);
    for (size_t i = 0; i < m.n; i++) {
        double g1 = m.group[i] == 1, g2 = m.group[i] == 2, w = m.week[i];
        memcpy(slopes + 6 * i, (double[]){1, g1, g2, w, g1 * w, g2 * w}, 6 * sizeof(double));
        memcpy(visits + 7 * i, (double[]){1, g1, g2, w == 2, w == 4, w == 8, w == 12}, 7 * sizeof(double));
        ones[i] = 1;
    }
    bfl_num_mixed_data data = model(&m, slopes, 6);
    bfl_num_mixed fit = bfl_num_mixed_fit(arena, &data);
    compare(arena, &o, "slopes", &fit);
    compare_wald(arena, &o, "slopes", &fit, 1, 2);
    compare_wald(arena, &o, "slopes", &fit, 4, 2);
    data.maximum_likelihood = true;
    fit = bfl_num_mixed_fit(arena, &data);
    compare(arena, &o, "slopes_ml", &fit);
    data = model(&m, visits, 7);
    fit = bfl_num_mixed_fit(arena, &data);
    compare(arena, &o, "visits", &fit);
    compare_wald(arena, &o, "visits", &fit, 3, 4);
    data = model(&m, ones, 1);
    fit = bfl_num_mixed_fit(arena, &data);
    compare(arena, &o, "mean", &fit);
    oracle_all_used(&o);
}

static const double ONES[] = {1, 1, 1, 1, 1, 1};
static const uint32_t PAIRS[] = {0, 0, 1, 1, 2, 2};

static bfl_num_mixed fit_pairs(bfl_arena *arena, const double *y, const double *x, size_t columns) {
    return bfl_num_mixed_fit(arena, &(bfl_num_mixed_data){6, y, x, columns, PAIRS, 3, false, 0.95});
}

/* Balanced: REML is the analysis of variance. Means 2 6 10, within 2 on 3 df, between 64 on 2 df. */
ARENA_TEST(balanced_by_hand) {
    static const double y[] = {1, 3, 6, 6, 10, 10};
    bfl_num_mixed fit = fit_pairs(arena, y, ONES, 1);
    double within = 2.0 / 3, between = 64.0 / 2;
    CHECK(fit.state == BFL_NUM_OK && fit.subjects == 3 && !fit.boundary);
    NEAR(fit.terms[0].estimate, 6);
    NEAR(fit.sd_residual * fit.sd_residual, within);
    NEAR(fit.sd_subject * fit.sd_subject, (between - within) / 2);
    NEAR(fit.terms[0].se, sqrt(between / 6));
    NEAR(fit.intraclass, (between - within) / 2 / ((between - within) / 2 + within));
    NEAR(fit.subject_effect[0], -4 * (between - within) / between);
}

/* Subjects alike and spread within: the variance between them is estimated as 0, and the fit is the plain mean. */
ARENA_TEST(boundary) {
    static const double y[] = {1, 9, 2, 8, 0, 10};
    bfl_num_mixed fit = fit_pairs(arena, y, ONES, 1);
    CHECK(fit.state == BFL_NUM_OK && fit.boundary && fit.sd_subject == 0 && fit.subject_effect[1] == 0);
    NEAR(fit.terms[0].estimate, 5);
    NEAR(fit.sd_residual * fit.sd_residual, 100.0 / 5);
}

/* A large offset of y and x costs no digits of the variances. */
ARENA_TEST(offsets_do_not_matter) {
    static const double y[] = {1, 3, 6, 5, 10, 12}, x[] = {1, 0, 1, 1, 1, 0, 1, 2, 1, 1, 1, 3};
    double far_y[6], far_x[12];
    for (size_t i = 0; i < 6; i++) {
        far_y[i] = y[i] + 1e6;
        far_x[2 * i] = 1;
        far_x[2 * i + 1] = x[2 * i + 1] + 1e5;
    }
    bfl_num_mixed near = fit_pairs(arena, y, x, 2), far = fit_pairs(arena, far_y, far_x, 2);
    CHECK(oracle_near(far.terms[1].estimate, near.terms[1].estimate, 1e-8));
    CHECK(oracle_near(far.sd_subject, near.sd_subject, 1e-8) && oracle_near(far.loglik, near.loglik, 1e-8));
}

ARENA_TEST(without_an_answer) {
    static const double y[] = {1, 3, 6, 5, 10, 12}, flat[] = {1, 1, 4, 4, 9, 9}, bad[] = {1, 2, (double)NAN, 3, 4, 5};
    static const double zero[6], twice[] = {1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2};
    static const uint32_t each[] = {0, 1, 2, 3, 4, 5};
    CHECK(fit_pairs(arena, flat, ONES, 1).state == BFL_NUM_CONSTANT);
    CHECK(fit_pairs(arena, bad, ONES, 1).state == BFL_NUM_BAD_INPUT);
    CHECK(fit_pairs(arena, y, zero, 1).state == BFL_NUM_SINGULAR);
    CHECK(fit_pairs(arena, y, zero, 0).state == BFL_NUM_SINGULAR);
    bfl_num_mixed fit = fit_pairs(arena, y, twice, 2);
    CHECK(fit.state == BFL_NUM_OK && fit.terms[1].aliased && !fit.terms[0].aliased && fit.covariance[3] == 0);
    CHECK(bfl_num_mixed_wald(arena, &fit, 1, 1).state == BFL_NUM_SINGULAR);
    CHECK(bfl_num_mixed_wald(arena, &fit, 1, 2).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_mixed_wald(arena, &fit, 0, 0).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_mixed_wald(arena, &fit, 0, 2).df1 == 1);
    bfl_num_mixed_data data = {6, y, ONES, 1, each, 6, false, 0.95};
    CHECK(bfl_num_mixed_fit(arena, &data).state == BFL_NUM_TOO_FEW); /* nobody seen twice */
    data.subject = PAIRS;
    data.n = 2;
    CHECK(bfl_num_mixed_fit(arena, &data).state == BFL_NUM_TOO_FEW); /* one subject */
    data.n = 0;
    CHECK(bfl_num_mixed_fit(arena, &data).state == BFL_NUM_EMPTY);
    data.n = 6;
    data.subjects = 2;
    CHECK(bfl_num_mixed_fit(arena, &data).state == BFL_NUM_BAD_INPUT);
    data.subjects = 9; /* subjects without rows do not count */
    CHECK(bfl_num_mixed_fit(arena, &data).subjects == 3);
}

TEST_CASES(CASE(agrees_with_r), CASE(balanced_by_hand), CASE(boundary), CASE(offsets_do_not_matter),
           CASE(without_an_answer))
