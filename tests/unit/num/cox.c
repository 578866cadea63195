/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include "num/num.h"

static const bfl_num_factor ALL = {NULL, 1};

/* The named columns as a matrix, and the event of cause 1. */
static bfl_num_cox_data open_data(bfl_arena *arena, const oracle_table *t, const char *const *names, size_t p) {
    double *x = BFL_NEW_ARRAY(arena, t->rows * p, double);
    for (size_t j = 0; j < p; j++) {
        const double *column = oracle_column(arena, t, names[j]);
        for (size_t i = 0; i < t->rows; i++) x[i * p + j] = column[i];
    }
    const double *cause = oracle_column(arena, t, "cause");
    uint8_t *event = BFL_NEW_ARRAY(arena, t->rows, uint8_t);
    for (size_t i = 0; i < t->rows; i++) event[i] = cause[i] == 1;
    return (bfl_num_cox_data){.times = {t->rows, NULL, oracle_column(arena, t, "time"), event},
                              .x = x,
                              .covariates = p,
                              .strata = ALL,
                              .level = 0.95};
}

static const char *key(bfl_arena *arena, const char *name, const char *what) {
    return bfl_arena_printf(arena, "%s,%s", name, what);
}

static void compare_chi(oracle *o, const char *at, size_t index, bfl_num_chi test) {
    R_SAYS(o, at, index, test.statistic);
    R_SAYS(o, at, index + 1, test.df);
    R_SAYS(o, at, index + 2, test.p);
}

static void compare_check(bfl_arena *arena, oracle *o, const char *at, const bfl_num_cox_check *c) {
    CHECK(c->state == BFL_NUM_OK);
    for (size_t j = 0; j < c->covariates; j++) compare_chi(o, at, 3 * j, c->terms[j]);
    compare_chi(o, at, 3 * c->covariates, c->global);
    const char *position = bfl_arena_printf(arena, "%s_at", at);
    const oracle_row *row;
    for (size_t i = 0; (row = oracle_find(o, position, i)); i++) {
        size_t event = (size_t)row->value;
        R_SAYS_WITHIN(o, bfl_arena_printf(arena, "%s_g", at), i, c->g[event], 1e-15);
        for (size_t j = 0; j < c->covariates; j++)
            R_SAYS_WITHIN(o, bfl_arena_printf(arena, "%s_y", at), i * c->covariates + j,
                          c->residuals[event * c->covariates + j], 1e-9);
    }
}

static void compare_fit(bfl_arena *arena, oracle *o, const char *name, const bfl_num_cox *fit) {
    CHECK(fit->state == BFL_NUM_OK);
    for (size_t j = 0; j < fit->covariates; j++) {
        const bfl_num_cox_term *term = &fit->terms[j];
        CHECK(!term->aliased && !term->infinite);
        R_SAYS(o, key(arena, name, "coefficient"), j, term->coefficient);
        R_SAYS(o, key(arena, name, "se"), j, term->se);
        R_SAYS(o, key(arena, name, "z"), j, term->z);
        R_SAYS(o, key(arena, name, "p"), j, term->p);
        R_SAYS(o, key(arena, name, "interval"), 3 * j, term->hazard_ratio);
        R_SAYS(o, key(arena, name, "interval"), 3 * j + 1, term->low.value);
        R_SAYS(o, key(arena, name, "interval"), 3 * j + 2, term->high.value);
    }
    for (size_t i = 0; i < fit->covariates * fit->covariates; i++)
        R_SAYS(o, key(arena, name, "variance"), i, fit->variance[i]);
    R_SAYS(o, key(arena, name, "loglik"), 0, fit->loglik_null);
    R_SAYS(o, key(arena, name, "loglik"), 1, fit->loglik);
    compare_chi(o, key(arena, name, "tests"), 0, fit->likelihood_ratio);
    compare_chi(o, key(arena, name, "tests"), 3, fit->score);
    compare_chi(o, key(arena, name, "wald"), 0, fit->wald);
}

static void compare(bfl_arena *arena, oracle *o, const char *name, const bfl_num_cox_data *data, bool all_scales) {
    static const char *const scales[] = {"zph_identity", "zph_log", "zph_km"};
    bfl_num_cox fit = bfl_num_cox_fit(arena, data);
    compare_fit(arena, o, name, &fit);
    for (unsigned s = all_scales ? 0 : BFL_NUM_TIME_KM; s <= BFL_NUM_TIME_KM; s++) {
        bfl_num_cox_check check = bfl_num_cox_proportional(arena, data, &fit, (bfl_num_time_scale)s);
        compare_check(arena, o, key(arena, name, scales[s]), &check);
    }
}

static void compare_cohort(bfl_arena *arena, oracle *o, const char *name) {
    oracle_table t = oracle_table_open(arena, bfl_arena_printf(arena, "%s.csv", name));
    bfl_num_cox_data data = open_data(arena, &t, (const char *const[]){"x1", "x2", "x3"}, 3);
    compare(arena, o, bfl_arena_printf(arena, "%s_efron", name), &data, true);
    data.breslow = true;
    compare(arena, o, bfl_arena_printf(arena, "%s_breslow", name), &data, true);
    data.breslow = false;
    data.strata = (bfl_num_factor){oracle_column_index(arena, &t, "stratum"), 3};
    compare(arena, o, bfl_arena_printf(arena, "%s_strata", name), &data, true);
    data.times.start = oracle_column(arena, &t, "start");
    compare(arena, o, bfl_arena_printf(arena, "%s_late", name), &data, true);
    data = open_data(arena, &t, (const char *const[]){"x2"}, 1);
    compare(arena, o, bfl_arena_printf(arena, "%s_one", name), &data, false);
}

ARENA_TEST(agrees_with_r) {
    oracle o = oracle_open(arena, "cox.csv");
    compare_cohort(arena, &o, "cohort");
    compare_cohort(arena, &o, "tied");
    oracle_table t = oracle_table_open(arena, "flare.csv");
    bfl_num_cox_data data = open_data(arena, &t, (const char *const[]){"flared", "x1", "x3"}, 3);
    data.times.start = oracle_column(arena, &t, "start");
    compare(arena, &o, "flare", &data, false);
    oracle_all_used(&o);
}

static bfl_num_cox fit_small(bfl_arena *arena, const double *time, const uint8_t *event, const double *x, size_t n) {
    return bfl_num_cox_fit(arena, &(bfl_num_cox_data){{n, NULL, time, event}, x, 1, ALL, false, 0.95});
}

/* Events at 1 (x = 1), 2 (x = 0) and 3 (x = 1): the score 1/(2r + 1) - r/(1 + r) is 0 at r = 1/sqrt(2). */
ARENA_TEST(fit_by_hand) {
    static const double time[] = {1, 2, 3}, x[] = {1, 0, 1};
    static const uint8_t event[] = {1, 1, 1};
    bfl_num_cox fit = fit_small(arena, time, event, x, 3);
    double r = sqrt(0.5);
    CHECK(fit.state == BFL_NUM_OK && fit.events == 3);
    NEAR(fit.terms[0].hazard_ratio, r);
    NEAR(fit.loglik_null, -log(6));
    NEAR(fit.loglik, log(r / (2 * r + 1)) - log(1 + r));
    NEAR(fit.terms[0].se, 1 / sqrt(2 * r / ((2 * r + 1) * (2 * r + 1)) + r / ((1 + r) * (1 + r))));
    NEAR(fit.score.statistic, 1.0 / 36 / (2.0 / 9 + 0.25));
}

/* Shifting and scaling a covariate changes nothing but the units. */
ARENA_TEST(units_do_not_matter) {
    static const double time[] = {1, 2, 3, 5, 5, 8, 9}, x[] = {1, 0, 1, 3, 2, 2, 5};
    static const uint8_t event[] = {1, 1, 1, 0, 1, 1, 1};
    double moved[7];
    for (size_t i = 0; i < 7; i++) moved[i] = 1e7 + 1e-3 * x[i];
    bfl_num_cox fit = fit_small(arena, time, event, x, 7), same = fit_small(arena, time, event, moved, 7);
    CHECK(oracle_near(same.terms[0].coefficient, fit.terms[0].coefficient * 1e3, 1e-5));
    CHECK(oracle_near(same.loglik, fit.loglik, 1e-9));
}

/* Large hazards that enter and leave: what is left of the risk set must not carry their rounding. */
ARENA_TEST(late_entry_does_not_cancel) {
    static const double start[] = {0, 0, 0, 0, 50, 50}, time[] = {10, 20, 30, 40, 60, 70};
    static const double x[] = {0, 1, 0, 1, 30, 31};
    static const uint8_t event[] = {1, 1, 1, 1, 1, 1};
    bfl_num_cox_data data = {{4, NULL, time, event}, x, 1, ALL, false, 0.95};
    bfl_num_cox early = bfl_num_cox_fit(arena, &data);
    data.times = (bfl_num_times){6, start, time, event};
    bfl_num_cox all = bfl_num_cox_fit(arena, &data);
    CHECK(early.state == BFL_NUM_OK && all.state == BFL_NUM_OK);
    CHECK(fabs(all.terms[0].coefficient) < 5 && isfinite(all.loglik));
    uint32_t half[] = {0, 0, 0, 0, 1, 1};
    data.strata = (bfl_num_factor){half, 2}; /* the late ones never meet the others, so a stratum changes nothing */
    NEAR(bfl_num_cox_fit(arena, &data).terms[0].coefficient, all.terms[0].coefficient);
}

ARENA_TEST(monotone_likelihood) {
    static const double time[] = {1, 2, 3, 4, 5, 6}, x[] = {1, 1, 1, 0, 0, 0};
    static const uint8_t event[] = {1, 1, 1, 0, 0, 0};
    bfl_num_cox fit = fit_small(arena, time, event, x, 6);
    CHECK(fit.state == BFL_NUM_MONOTONE && fit.terms[0].infinite && !fit.terms[0].aliased);
    CHECK(fit.wald.df == 0 && fit.likelihood_ratio.df == 1);
    NEAR(fit.loglik_null, -log(6.0 * 5 * 4));
    CHECK(oracle_near(fit.loglik, -log(6), 1e-7)); /* the limit: only the three with x = 1 compete */
    static const double two[] = {1, 3, 1, 1, 1, 2, 0, 7, 0, 0, 0, 4};
    bfl_num_cox_data data = {{6, NULL, time, event}, two, 2, ALL, false, 0.95};
    fit = bfl_num_cox_fit(arena, &data);
    CHECK(fit.state == BFL_NUM_MONOTONE && fit.terms[0].infinite && !fit.terms[1].infinite);
    /* In the limit the second coefficient is that of the three alone. */
    static const double rest[] = {3, 1, 2};
    bfl_num_cox alone = fit_small(arena, time, event, rest, 3);
    CHECK(oracle_near(fit.terms[1].coefficient, alone.terms[0].coefficient, 1e-6));
    CHECK(bfl_num_cox_proportional(arena, &data, &fit, BFL_NUM_TIME_KM).state == BFL_NUM_MONOTONE);
}

ARENA_TEST(covariates_without_information) {
    static const double time[] = {1, 2, 3, 4, 5}, flat[] = {2, 2, 2, 2, 2};
    static const double three[] = {1, 2, 5, 0, 0, 4, 1, 2, 7, 2, 4, 1, 0, 0, 3}; /* the second is twice the first */
    static const uint8_t event[] = {1, 1, 0, 1, 1};
    static const uint32_t stratum[] = {0, 1, 0, 1, 0};
    bfl_num_cox fit = fit_small(arena, time, event, flat, 5);
    CHECK(fit.state == BFL_NUM_SINGULAR && fit.terms[0].aliased);
    CHECK(bfl_num_cox_proportional(arena, &(bfl_num_cox_data){{5, NULL, time, event}, flat, 1, ALL, false, 0.95}, &fit,
                                   BFL_NUM_TIME_KM)
              .state == BFL_NUM_SINGULAR);
    bfl_num_cox_data data = {{5, NULL, time, event}, three, 3, ALL, false, 0.95};
    fit = bfl_num_cox_fit(arena, &data);
    CHECK(fit.state == BFL_NUM_OK && fit.terms[1].aliased && !fit.terms[0].aliased && !fit.terms[2].aliased);
    CHECK(fit.wald.df == 2 && fit.variance[4] == 0 && fit.variance[8] > 0);
    bfl_num_cox_check check = bfl_num_cox_proportional(arena, &data, &fit, BFL_NUM_TIME_IDENTITY);
    CHECK(check.terms[1].df == 0 && check.terms[2].df == 1);
    static const double by_stratum[] = {0, 1, 0, 1, 0};
    data = (bfl_num_cox_data){{5, NULL, time, event}, by_stratum, 1, {stratum, 2}, false, 0.95};
    CHECK(bfl_num_cox_fit(arena, &data).state == BFL_NUM_SINGULAR);
    data.covariates = 0;
    CHECK(bfl_num_cox_fit(arena, &data).state == BFL_NUM_SINGULAR);
}

ARENA_TEST(times_without_information) {
    static const double time[] = {3, 3, 3, 3}, x[] = {1, 2, 0, 1}, bad[] = {1, (double)NAN, 0, 1},
                        start[] = {0, 3, 0, 0};
    static const uint8_t none[] = {0, 0, 0, 0}, all[] = {1, 1, 1, 1}, zero_time_event[] = {1, 0, 0, 0};
    static const double from_zero[] = {0, 1, 2, 3};
    CHECK(fit_small(arena, time, none, x, 4).state == BFL_NUM_NO_EVENTS);
    CHECK(fit_small(arena, time, all, x, 0).state == BFL_NUM_EMPTY);
    CHECK(fit_small(arena, time, all, bad, 4).state == BFL_NUM_BAD_INPUT);
    CHECK(fit_small(arena, time, all, x, 1).state == BFL_NUM_SINGULAR);
    /* All die at once: Efron's steps leave a likelihood that is highest at 0. */
    bfl_num_cox fit = fit_small(arena, time, all, x, 4);
    CHECK(fit.state == BFL_NUM_OK && fabs(fit.terms[0].coefficient) < 1e-12);
    bfl_num_cox_data data = {{4, NULL, time, all}, x, 1, ALL, false, 0.95};
    CHECK(bfl_num_cox_proportional(arena, &data, &fit, BFL_NUM_TIME_IDENTITY).state == BFL_NUM_SINGULAR);
    data.times.start = start;
    CHECK(bfl_num_cox_fit(arena, &data).state == BFL_NUM_BAD_INPUT);
    data = (bfl_num_cox_data){{4, NULL, from_zero, zero_time_event}, x, 1, ALL, false, 0.95};
    fit = bfl_num_cox_fit(arena, &data);
    CHECK(bfl_num_cox_proportional(arena, &data, &fit, BFL_NUM_TIME_LOG).state == BFL_NUM_BAD_INPUT);
    data.level = 2;
    CHECK(bfl_num_cox_fit(arena, &data).state == BFL_NUM_BAD_INPUT);
}

TEST_CASES(CASE(agrees_with_r), CASE(fit_by_hand), CASE(units_do_not_matter), CASE(late_entry_does_not_cancel),
           CASE(monotone_likelihood), CASE(covariates_without_information), CASE(times_without_information))
