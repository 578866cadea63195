/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The model is enlarged by x * g(t) for every covariate; at coefficients 0 of the new terms their score and information follow
 * from what each time of events adds to the old ones. No second fit is needed.
 */
#include "num/cox_sweep.h"

#include "num/distribution.h"
#include "num/matrix.h"

#include <math.h>
#include <string.h>

typedef struct collector {
    const cox_rows *rows;
    size_t p, events;
    double *time, *g, *residual; /* events, in the order of the pass */
    size_t *row;
    double centre; /* mean of g over events: the test does not depend on it, its digits do */
    bfl_num_curve km;
    bfl_num_time_scale scale;
    bfl_num_sum *score;           /* of x * g */
    double *plain, *once, *twice; /* sums of information, times g, times g^2; lower triangles */
} collector;

/* g just before the event: for Kaplan-Meier the fraction that has had it so far. */
static double transform(const collector *c, double time) {
    if (c->scale == BFL_NUM_TIME_IDENTITY) return time;
    if (c->scale == BFL_NUM_TIME_LOG) return log(time);
    size_t first = 0, end = c->km.count; /* the first step at or after time */
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (c->km.steps[middle].time < time)
            first = middle + 1;
        else
            end = middle;
    }
    return first ? 1 - c->km.steps[first - 1].survival : 0;
}

static void collect_times(void *context, const cox_moment *moment) {
    collector *c = context;
    double g = transform(c, moment->time);
    for (size_t i = 0; i < moment->deaths; i++) {
        c->time[c->events] = moment->time;
        c->row[c->events] = moment->first + i;
        c->g[c->events++] = g;
    }
}

static void collect(void *context, const cox_moment *moment) {
    collector *c = context;
    double g = c->g[c->events] - c->centre;
    for (size_t i = 0; i < moment->deaths; i++, c->events++)
        for (size_t j = 0; j < c->p; j++)
            c->residual[c->events * c->p + j] = c->rows->x[(moment->first + i) * c->p + j] - moment->mean[j];
    for (size_t j = 0; j < c->p; j++) bfl_num_sum_add(&c->score[j], g * moment->score[j]);
    for (size_t m = 0; m < c->p * c->p; m++) {
        c->plain[m] += moment->information[m];
        c->once[m] += g * moment->information[m];
        c->twice[m] += g * g * moment->information[m];
    }
}

static double element(const double *lower, size_t p, size_t j, size_t k) {
    return lower[j > k ? j * p + k : k * p + j];
}

/* Information on the new terms beyond what the old ones explain: twice - once plain^-1 once, whole matrix. */
static double *remaining(bfl_arena *arena, const collector *c) {
    size_t p = c->p;
    double *factor = BFL_NEW_ARRAY(arena, p * p, double), *column = BFL_NEW_ARRAY(arena, p, double);
    double *left = BFL_NEW_ARRAY(arena, p * p, double);
    memcpy(factor, c->plain, p * p * sizeof *factor);
    (void)bfl_num_cholesky(factor, p, 1e-14, 0, NULL);
    for (size_t j = 0; j < p; j++) {
        for (size_t k = 0; k < p; k++) column[k] = element(c->once, p, k, j);
        bfl_num_cholesky_solve(factor, p, column);
        for (size_t i = 0; i < p; i++) {
            double explained = 0;
            for (size_t k = 0; k < p; k++) explained += element(c->once, p, i, k) * column[k];
            left[i * p + j] = element(c->twice, p, i, j) - explained;
        }
    }
    return left;
}

static bfl_num_chi chi(double statistic, size_t df) {
    return (bfl_num_chi){statistic, (double)df, bfl_num_p_chi_square(statistic, (double)df)};
}

static void test(bfl_arena *arena, const collector *c, bfl_num_cox_check *result, bfl_num_chi *terms) {
    size_t p = c->p;
    double *left = remaining(arena, c), *u = BFL_NEW_ARRAY(arena, 2 * p, double);
    for (size_t j = 0; j < p; j++) {
        u[j] = bfl_num_sum_total(c->score[j]);
        if (!(left[j * p + j] > 1e-10 * c->twice[j * p + j])) {
            result->state = BFL_NUM_SINGULAR;
            return;
        }
        terms[c->rows->column[j]] = chi(u[j] * u[j] / left[j * p + j], 1);
    }
    size_t rank = bfl_num_cholesky(left, p, 1e-12, 0, NULL);
    result->global = chi(bfl_num_cholesky_form(left, p, u, u + p), rank);
}

/* Residuals times the inverse of the mean information, plus the coefficient, in the units of the covariates; ascending time. */
static void scale_residuals(bfl_arena *arena, const collector *c, const bfl_num_cox *fit, bfl_num_cox_check *result) {
    size_t p = c->p, events = c->events;
    double *factor = BFL_NEW_ARRAY(arena, p * p, double), *row = BFL_NEW_ARRAY(arena, p, double);
    double *residuals = BFL_NEW_ARRAY(arena, events * fit->covariates, double);
    double *time = BFL_NEW_ARRAY(arena, events, double), *g = BFL_NEW_ARRAY(arena, events, double);
    for (size_t m = 0; m < p * p; m++) factor[m] = c->plain[m] / (double)events;
    (void)bfl_num_cholesky(factor, p, 1e-14, 0, NULL);
    for (size_t s = 0, first = 0, end = 0; s < c->rows->stratum_count; s++, first = end) {
        while (end < events && c->row[end] < c->rows->strata[s + 1]) end++;
        for (size_t i = first; i < end; i++) {
            size_t to = first + end - 1 - i; /* the pass ran backwards */
            memcpy(row, c->residual + i * p, p * sizeof *row);
            bfl_num_cholesky_solve(factor, p, row);
            for (size_t j = 0; j < p; j++) {
                size_t column = c->rows->column[j];
                residuals[to * fit->covariates + column] = fit->terms[column].coefficient + row[j] / c->rows->scale[j];
            }
            time[to] = c->time[i];
            g[to] = c->g[i];
        }
    }
    result->time = time;
    result->g = g;
    result->residuals = residuals;
    result->events = events;
}

static collector new_collector(bfl_arena *arena, const bfl_num_cox_data *data, const cox_rows *rows, uint64_t events) {
    size_t p = rows->p, n = (size_t)events;
    collector c = {.rows = rows, .p = p};
    c.time = BFL_NEW_ARRAY(arena, n, double);
    c.g = BFL_NEW_ARRAY(arena, n, double);
    c.row = BFL_NEW_ARRAY(arena, n, size_t);
    c.residual = BFL_NEW_ARRAY(arena, n * p, double);
    c.score = BFL_NEW_ARRAY(arena, p, bfl_num_sum);
    c.plain = BFL_NEW_ARRAY(arena, p * p, double);
    c.once = BFL_NEW_ARRAY(arena, p * p, double);
    c.twice = BFL_NEW_ARRAY(arena, p * p, double);
    c.km = bfl_num_kaplan_meier(arena, &data->times, data->level);
    return c;
}

static bool estimated(const bfl_num_cox_term *term) { return !term->aliased && !term->infinite; }

bfl_num_cox_check bfl_num_cox_proportional(bfl_arena *arena, const bfl_num_cox_data *data, const bfl_num_cox *fit,
                                           bfl_num_time_scale scale) {
    size_t p = 0;
    bfl_num_chi *terms = BFL_NEW_ARRAY(arena, fit->covariates, bfl_num_chi);
    bfl_num_cox_check result = {.state = fit->state, .covariates = fit->covariates, .terms = terms};
    uint32_t *columns = BFL_NEW_ARRAY(arena, fit->covariates, uint32_t);
    result.global.p = 1;
    for (size_t j = 0; j < fit->covariates; j++) {
        terms[j].p = 1;
        if (estimated(&fit->terms[j])) columns[p++] = (uint32_t)j;
    }
    /* Terms without a finite estimate would have to be held at infinity: there is no honest test then. */
    if (result.state != BFL_NUM_OK) return result;
    cox_rows rows = bfl_num_cox_rows(arena, data, columns, p);
    cox_work work = bfl_num_cox_work(arena, &rows);
    collector c = new_collector(arena, data, &rows, fit->events);
    c.scale = scale;
    double *beta = BFL_NEW_ARRAY(arena, p, double);
    for (size_t j = 0; j < p; j++) beta[j] = fit->terms[columns[j]].coefficient * rows.scale[j];
    bool finite = bfl_num_cox_sweep(&rows, beta, &work, collect_times, &c) && bfl_num_finite(c.g, c.events);
    if (!finite) { /* the logarithm of time 0 */
        result.state = BFL_NUM_BAD_INPUT;
        return result;
    }
    bfl_num_sum sum = {0};
    for (size_t i = 0; i < c.events; i++) bfl_num_sum_add(&sum, c.g[i]);
    c.centre = bfl_num_sum_total(sum) / (double)c.events;
    c.events = 0;
    (void)bfl_num_cox_sweep(&rows, beta, &work, collect, &c);
    test(arena, &c, &result, terms);
    scale_residuals(arena, &c, fit, &result);
    return result;
}
