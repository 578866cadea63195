/* SPDX-License-Identifier: Apache-2.0 */
#include "num/cox_sweep.h"

#include "num/distribution.h"
#include "num/matrix.h"

#include <math.h>
#include <string.h>

enum { MOST_ITERATIONS = 60, MOST_HALVINGS = 30 };

/* The log likelihood with its first and second derivatives at some coefficients (of the scaled covariates). */
typedef struct point {
    bool finite;
    bfl_num_sum loglik;
    bfl_num_sum *score;
    double *information; /* lower triangle */
    size_t p;
    uint64_t events;
} point;

typedef struct newton {
    bfl_arena *arena;
    const cox_rows *rows;
    cox_work work;
    double *beta, *tried, *step, *factor;
    double loglik; /* at beta */
    point at;
    unsigned iterations;
    bool *infinite, *dropped;
} newton;

static void add_moment(void *context, const cox_moment *moment) {
    point *at = context;
    bfl_num_sum_add(&at->loglik, moment->loglik);
    for (size_t j = 0; j < at->p; j++) bfl_num_sum_add(&at->score[j], moment->score[j]);
    for (size_t m = 0; m < at->p * at->p; m++) at->information[m] += moment->information[m];
    at->events += moment->deaths;
}

static void evaluate(newton *w, const double *beta) {
    size_t p = w->rows->p;
    w->at.loglik = (bfl_num_sum){0, 0};
    w->at.events = 0;
    memset(w->at.score, 0, p * sizeof *w->at.score);
    memset(w->at.information, 0, p * p * sizeof *w->at.information);
    w->at.finite = bfl_num_cox_sweep(w->rows, beta, &w->work, add_moment, &w->at);
    if (!isfinite(bfl_num_sum_total(w->at.loglik))) w->at.finite = false;
}

static newton new_newton(bfl_arena *arena, const cox_rows *rows) {
    size_t p = rows->p;
    newton w = {.arena = arena, .rows = rows, .work = bfl_num_cox_work(arena, rows)};
    w.beta = BFL_NEW_ARRAY(arena, p, double);
    w.tried = BFL_NEW_ARRAY(arena, p, double);
    w.step = BFL_NEW_ARRAY(arena, p, double);
    w.factor = BFL_NEW_ARRAY(arena, p * p, double);
    w.infinite = BFL_NEW_ARRAY(arena, p, bool);
    w.dropped = BFL_NEW_ARRAY(arena, p, bool);
    w.at.p = p;
    w.at.score = BFL_NEW_ARRAY(arena, p, bfl_num_sum);
    w.at.information = BFL_NEW_ARRAY(arena, p * p, double);
    return w;
}

/* The covariates with information of their own at 0: not constant in the risk sets, no combination of those before. */
static size_t independent(newton *w, uint32_t *columns) {
    size_t p = w->rows->p, kept = 0;
    memcpy(w->factor, w->at.information, p * p * sizeof *w->factor);
    (void)bfl_num_cholesky(w->factor, p, 1e-11, 1e-11 * (double)w->at.events, w->dropped);
    for (size_t j = 0; j < p; j++)
        if (!w->dropped[j]) columns[kept++] = columns[j];
    return kept;
}

/* Newton's step from the current point. Directions without curvature get none, and are remembered. */
static double newton_step(newton *w) {
    size_t p = w->rows->p;
    double gain = 0;
    memcpy(w->factor, w->at.information, p * p * sizeof *w->factor);
    (void)bfl_num_cholesky(w->factor, p, 1e-14, 0, w->dropped);
    for (size_t j = 0; j < p; j++) w->step[j] = bfl_num_sum_total(w->at.score[j]);
    bfl_num_cholesky_solve(w->factor, p, w->step);
    for (size_t j = 0; j < p; j++) gain += w->step[j] * bfl_num_sum_total(w->at.score[j]) / 2;
    return gain;
}

/* Moves along the step, halving it until the likelihood does not fall. False: no way up is left. */
static bool advance(newton *w) {
    size_t p = w->rows->p;
    double part = 1, slack = 1e-13 * (1 + fabs(w->loglik));
    for (unsigned halving = 0; halving < MOST_HALVINGS; halving++, part /= 2) {
        for (size_t j = 0; j < p; j++) w->tried[j] = w->beta[j] + part * w->step[j];
        evaluate(w, w->tried);
        if (!w->at.finite || bfl_num_sum_total(w->at.loglik) < w->loglik - slack) continue;
        memcpy(w->beta, w->tried, p * sizeof *w->beta);
        w->loglik = bfl_num_sum_total(w->at.loglik);
        return true;
    }
    return false;
}

/* How far the step moves the linear predictor of some row by covariate j. */
static double movement(const newton *w, size_t j) { return fabs(w->step[j]) * w->rows->reach[j]; }

/* When the likelihood no longer rises but a coefficient still runs, it runs for ever. */
static bool find_infinite(newton *w) {
    bool any = false;
    for (size_t j = 0; j < w->rows->p; j++) {
        w->infinite[j] = w->dropped[j] || movement(w, j) > 1e-4;
        any = any || w->infinite[j];
    }
    return any;
}

static bfl_num_state climb(newton *w) {
    enum { LEVEL_STEPS = 3 }; /* a finite maximum is met within these: Newton's error is squared in each */
    unsigned level = 0;
    for (w->iterations = 0; w->iterations < MOST_ITERATIONS;) {
        double gain = newton_step(w), largest = 0;
        for (size_t j = 0; j < w->rows->p; j++) largest = fmax(largest, movement(w, j));
        level = gain <= 1e-9 + 1e-14 * fabs(w->loglik) ? level + 1 : 0;
        if (level > LEVEL_STEPS && find_infinite(w)) return BFL_NUM_MONOTONE;
        if (!advance(w)) return level ? BFL_NUM_OK : BFL_NUM_NOT_CONVERGED;
        w->iterations++;
        if (largest <= 1e-6) return BFL_NUM_OK;
    }
    return BFL_NUM_NOT_CONVERGED;
}

/* ---- results ---- */

static bfl_num_chi chi(double statistic, size_t df) {
    return (bfl_num_chi){statistic, (double)df, bfl_num_p_chi_square(statistic, (double)df)};
}

static void fill_term(bfl_num_cox_term *term, double coefficient, double se, double z_level) {
    term->coefficient = coefficient;
    term->se = se;
    term->z = coefficient / se;
    term->p = bfl_num_p_normal(term->z);
    term->hazard_ratio = exp(coefficient);
    term->low = bfl_num_some(exp(coefficient - z_level * se));
    term->high = bfl_num_some(exp(coefficient + z_level * se));
}

/* The finite terms: the others are held where they are, which is the limit of the likelihood. */
static void fill_terms(newton *w, const bfl_num_cox_data *data, bfl_num_cox_term *terms, double *variance) {
    size_t p = w->rows->p;
    double z = bfl_num_z(data->level), *information = BFL_NEW_ARRAY(w->arena, p * p, double);
    double *inverse = BFL_NEW_ARRAY(w->arena, p * p, double);
    for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k <= j; k++)
            if (!w->infinite[j] && !w->infinite[k]) information[j * p + k] = w->at.information[j * p + k];
    (void)bfl_num_cholesky(information, p, 1e-14, 0, w->dropped);
    bfl_num_cholesky_inverse(information, p, inverse);
    for (size_t j = 0; j < p; j++) {
        size_t column = w->rows->column[j];
        terms[column].infinite = w->infinite[j] || w->dropped[j];
        if (terms[column].infinite) continue;
        for (size_t k = 0; k < p; k++)
            variance[column * data->covariates + w->rows->column[k]] =
                inverse[j * p + k] / (w->rows->scale[j] * w->rows->scale[k]);
        fill_term(&terms[column], w->beta[j] / w->rows->scale[j], sqrt(inverse[j * p + j]) / w->rows->scale[j], z);
    }
}

static bfl_num_chi score_test(newton *w) {
    size_t p = w->rows->p;
    for (size_t j = 0; j < p; j++) w->step[j] = bfl_num_sum_total(w->at.score[j]);
    memcpy(w->factor, w->at.information, p * p * sizeof *w->factor);
    (void)bfl_num_cholesky(w->factor, p, 1e-14, 0, w->dropped);
    return chi(bfl_num_cholesky_form(w->factor, p, w->step, w->tried), p);
}

static bfl_num_chi wald_test(const newton *w) {
    size_t p = w->rows->p;
    double sum = 0;
    for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k < p; k++) {
            double information = w->at.information[j > k ? j * p + k : k * p + j];
            sum += w->beta[j] * information * w->beta[k];
        }
    return chi(sum, p);
}

static bfl_num_state data_state(const bfl_num_cox_data *data, uint64_t *events) {
    bfl_num_state state = bfl_num_times_state(&data->times);
    if (state != BFL_NUM_OK) return state;
    if (!bfl_num_factor_valid(data->strata, data->times.n) || !bfl_num_level_valid(data->level) ||
        !bfl_num_finite(data->x, data->times.n * data->covariates))
        return BFL_NUM_BAD_INPUT;
    for (size_t i = 0; i < data->times.n; i++) *events += data->times.event[i] != 0;
    return *events ? BFL_NUM_OK : BFL_NUM_NO_EVENTS;
}

/* A Newton run at 0 over the covariates that can be estimated; the others are marked. */
static newton start(bfl_arena *arena, const bfl_num_cox_data *data, cox_rows *rows, bfl_num_cox_term *terms) {
    size_t p = data->covariates;
    uint32_t *columns = BFL_NEW_ARRAY(arena, p, uint32_t);
    for (size_t j = 0; j < p; j++) {
        columns[j] = (uint32_t)j;
        terms[j].aliased = true;
    }
    *rows = bfl_num_cox_rows(arena, data, columns, p);
    newton w = new_newton(arena, rows);
    evaluate(&w, w.beta);
    size_t kept = independent(&w, columns);
    for (size_t j = 0; j < kept; j++) terms[columns[j]].aliased = false;
    if (kept == p) return w;
    *rows = bfl_num_cox_rows(arena, data, columns, kept);
    w = new_newton(arena, rows);
    evaluate(&w, w.beta);
    return w;
}

bfl_num_cox bfl_num_cox_fit(bfl_arena *arena, const bfl_num_cox_data *data) {
    size_t covariates = data->covariates;
    bfl_num_cox_term *terms = BFL_NEW_ARRAY(arena, covariates, bfl_num_cox_term);
    double *variance = BFL_NEW_ARRAY(arena, covariates * covariates, double);
    bfl_num_cox result = {.n = data->times.n, .covariates = covariates, .terms = terms, .variance = variance};
    result.likelihood_ratio = result.wald = result.score = (bfl_num_chi){0, 0, 1};
    result.state = data_state(data, &result.events);
    if (result.state != BFL_NUM_OK) return result;
    cox_rows rows;
    newton w = start(arena, data, &rows, terms);
    w.loglik = result.loglik_null = result.loglik = bfl_num_sum_total(w.at.loglik);
    if (rows.p == 0) result.state = BFL_NUM_SINGULAR;
    if (result.state != BFL_NUM_OK) return result;
    result.score = score_test(&w);
    result.state = climb(&w);
    result.loglik = w.loglik;
    result.iterations = w.iterations;
    if (result.state != BFL_NUM_OK && result.state != BFL_NUM_MONOTONE) return result;
    result.likelihood_ratio = chi(fmax(0, 2 * (result.loglik - result.loglik_null)), rows.p);
    if (result.state == BFL_NUM_OK) result.wald = wald_test(&w);
    fill_terms(&w, data, terms, variance);
    return result;
}
