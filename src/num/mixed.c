/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With one random intercept the likelihood depends on one number only, theta = variance between subjects / variance within:
 * everything else has a closed form given theta (Laird and Ware 1982; the profile of Bates and Pinheiro). The design is made
 * orthogonal first and y replaced by what least squares leaves of it, so that nothing large cancels.
 */
#include "num/mixed.h"

#include "num/distribution.h"
#include "num/matrix.h"

#include <math.h>
#include <string.h>

typedef struct design {
    size_t n, p, subjects;
    uint32_t *column;    /* p: which column of the data */
    double *q;           /* n * p, orthonormal columns */
    double *r;           /* p * p, upper triangle: x = q r */
    double *start;       /* p: q' y, the fit of least squares */
    double *rest;        /* n: y - q q' y */
    double *count;       /* rows of each subject */
    double *q_mean;      /* subjects * p */
    double *rest_mean;   /* subjects */
    double *within;      /* p * p: products of q about the subjects' means */
    double *within_rest; /* p */
    bfl_num_sum within_square;
    double df; /* n - p, or n for maximum likelihood */
    bool restricted;
} design;

/* Everything that theta decides. */
typedef struct profile {
    double deviance, slope; /* -2 log likelihood but for constants, and its derivative */
    double rss;
    double *factor, *gamma, *scratch;
} profile;

/* ---- the design ---- */

static double dot(const double *a, const double *b, size_t n, size_t stride) {
    bfl_num_sum sum = {0};
    for (size_t i = 0; i < n; i++) bfl_num_sum_add(&sum, a[i * stride] * b[i * stride]);
    return bfl_num_sum_total(sum);
}

/* Takes the first `p` columns of q out of the vector v (length n, elements `stride` apart); adds the parts to `parts`. */
static void project(const design *d, size_t stride_q, size_t p, double *v, size_t stride, double *parts, size_t step) {
    for (size_t k = 0; k < p; k++) {
        bfl_num_sum sum = {0};
        for (size_t i = 0; i < d->n; i++) bfl_num_sum_add(&sum, d->q[i * stride_q + k] * v[i * stride]);
        double part = bfl_num_sum_total(sum);
        for (size_t i = 0; i < d->n; i++) v[i * stride] -= part * d->q[i * stride_q + k];
        parts[k * step] += part;
    }
}

/* Gram and Schmidt, each column twice: once more than enough for orthogonality to rounding. */
static void orthogonalise(bfl_arena *arena, const bfl_num_mixed_data *data, design *d) {
    size_t all = data->columns;
    d->q = BFL_NEW_ARRAY(arena, d->n * all, double);
    d->r = BFL_NEW_ARRAY(arena, all * all, double);
    d->column = BFL_NEW_ARRAY(arena, all, uint32_t);
    for (size_t j = 0; j < all; j++) {
        double *v = d->q + d->p, before, after;
        for (size_t i = 0; i < d->n; i++) v[i * all] = data->x[i * all + j];
        for (size_t k = 0; k < d->p; k++) d->r[k * all + d->p] = 0;
        before = sqrt(dot(v, v, d->n, all));
        for (int twice = 0; twice < 2; twice++) project(d, all, d->p, v, all, d->r + d->p, all);
        after = sqrt(dot(v, v, d->n, all));
        if (!(after > 1e-10 * before)) continue; /* the next column overwrites it */
        d->r[d->p * all + d->p] = after;
        for (size_t i = 0; i < d->n; i++) v[i * all] /= after;
        d->column[d->p++] = (uint32_t)j;
    }
}

/* Rows of q and r become p long. */
static void tighten(design *d, size_t all) {
    for (size_t i = 0; i < d->n; i++) memmove(d->q + i * d->p, d->q + i * all, d->p * sizeof *d->q);
    for (size_t i = 0; i < d->p; i++) memmove(d->r + i * d->p, d->r + i * all, d->p * sizeof *d->r);
}

static void summarise_subjects(bfl_arena *arena, const bfl_num_mixed_data *data, design *d) {
    size_t p = d->p;
    d->count = BFL_NEW_ARRAY(arena, data->subjects, double);
    d->q_mean = BFL_NEW_ARRAY(arena, data->subjects * p, double);
    d->rest_mean = BFL_NEW_ARRAY(arena, data->subjects, double);
    d->within = BFL_NEW_ARRAY(arena, p * p, double);
    d->within_rest = BFL_NEW_ARRAY(arena, p, double);
    for (size_t i = 0; i < d->n; i++) d->count[data->subject[i]]++;
    for (size_t i = 0; i < d->n; i++) {
        uint32_t s = data->subject[i];
        for (size_t j = 0; j < p; j++) d->q_mean[s * p + j] += d->q[i * p + j] / d->count[s];
        d->rest_mean[s] += d->rest[i] / d->count[s];
    }
    for (size_t i = 0; i < d->n; i++) {
        uint32_t s = data->subject[i];
        const double *q = d->q + i * p, *mean = d->q_mean + s * p;
        double rest = d->rest[i] - d->rest_mean[s];
        bfl_num_sum_add(&d->within_square, rest * rest);
        for (size_t j = 0; j < p; j++) {
            d->within_rest[j] += (q[j] - mean[j]) * rest;
            for (size_t k = 0; k <= j; k++) d->within[j * p + k] += (q[j] - mean[j]) * (q[k] - mean[k]);
        }
    }
}

static design new_design(bfl_arena *arena, const bfl_num_mixed_data *data) {
    design d = {.n = data->n, .subjects = data->subjects, .restricted = !data->maximum_likelihood};
    orthogonalise(arena, data, &d);
    tighten(&d, data->columns);
    d.start = BFL_NEW_ARRAY(arena, d.p, double);
    d.rest = BFL_NEW_ARRAY(arena, d.n, double);
    memcpy(d.rest, data->y, d.n * sizeof *d.rest);
    for (int twice = 0; twice < 2; twice++) project(&d, d.p, d.p, d.rest, 1, d.start, 1);
    d.df = (double)(d.restricted ? d.n - d.p : d.n);
    summarise_subjects(arena, data, &d);
    return d;
}

/* ---- the profile ---- */

/* Weight of a subject's mean: count / (1 + count theta). */
static double weight(const design *d, size_t s, double theta) { return d->count[s] / (1 + d->count[s] * theta); }

static void solve_fixed(const design *d, double theta, profile *at) {
    size_t p = d->p;
    bfl_num_sum square = d->within_square;
    memcpy(at->factor, d->within, p * p * sizeof *at->factor);
    memcpy(at->gamma, d->within_rest, p * sizeof *at->gamma);
    for (size_t s = 0; s < d->subjects; s++) {
        double c = weight(d, s, theta), rest = d->rest_mean[s];
        const double *mean = d->q_mean + s * p;
        bfl_num_sum_add(&square, c * rest * rest);
        for (size_t j = 0; j < p; j++) {
            at->gamma[j] += c * mean[j] * rest;
            for (size_t k = 0; k <= j; k++) at->factor[j * p + k] += c * mean[j] * mean[k];
        }
    }
    memcpy(at->scratch, at->gamma, p * sizeof *at->gamma);
    (void)bfl_num_cholesky(at->factor, p, 1e-15, 0, NULL);
    bfl_num_cholesky_solve(at->factor, p, at->gamma);
    for (size_t j = 0; j < p; j++) bfl_num_sum_add(&square, -at->scratch[j] * at->gamma[j]);
    at->rss = bfl_num_sum_total(square);
}

static double subject_residual(const design *d, size_t s, const double *gamma) {
    double residual = d->rest_mean[s];
    for (size_t j = 0; j < d->p; j++) residual -= d->q_mean[s * d->p + j] * gamma[j];
    return residual;
}

static void evaluate(const design *d, double theta, profile *at) {
    bfl_num_sum logs = {0}, slope = {0}, pull = {0};
    solve_fixed(d, theta, at);
    for (size_t s = 0; s < d->subjects; s++) {
        if (d->count[s] <= 0) continue;
        double c = weight(d, s, theta), residual = subject_residual(d, s, at->gamma);
        bfl_num_sum_add(&logs, log1p(d->count[s] * theta));
        bfl_num_sum_add(&slope, c);
        bfl_num_sum_add(&pull, c * c * residual * residual);
        if (d->restricted)
            bfl_num_sum_add(&slope,
                            -c * c * bfl_num_cholesky_form(at->factor, d->p, d->q_mean + s * d->p, at->scratch));
    }
    at->deviance = bfl_num_sum_total(logs) + d->df * log(at->rss);
    if (d->restricted) at->deviance += bfl_num_cholesky_log_determinant(at->factor, d->p);
    at->slope = bfl_num_sum_total(slope) - d->df * bfl_num_sum_total(pull) / at->rss;
}

/* The valley between low (slope below 0, or the edge 0) and high, by bisection to the last digit. */
static double bisect(const design *d, double low, double high, profile *at) {
    enum { STEPS = 200 };
    for (int i = 0; i < STEPS; i++) {
        double middle = low > 0 ? sqrt(low * high) : high / 16;
        if (low > 0 && high / low < 2) middle = (low + high) / 2;
        if (middle <= low || middle >= high) break;
        evaluate(d, middle, at);
        if (at->slope < 0)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* A grid finds the deepest valley (there may be two, one of them at 0), bisection its bottom. */
static double best_theta(const design *d, profile *at) {
    double best = 0, deepest, ratio = 4, first = 1e-8, last = 1e9;
    evaluate(d, 0, at);
    deepest = at->deviance;
    bool at_edge = at->slope >= 0;
    for (double theta = first; theta < last; theta *= ratio) {
        evaluate(d, theta, at);
        if (at->deviance >= deepest) continue;
        deepest = at->deviance;
        best = theta;
    }
    if (best <= 0) return at_edge ? 0 : bisect(d, 0, first, at);
    return bisect(d, best <= first ? 0 : best / ratio, best * ratio, at);
}

/* ---- results ---- */

/* Solves r x = b in place. */
static void solve_upper(const design *d, double *b) {
    for (size_t i = d->p; i-- > 0;) {
        for (size_t k = i + 1; k < d->p; k++) b[i] -= d->r[i * d->p + k] * b[k];
        b[i] /= d->r[i * d->p + i];
    }
}

/* Covariance of the estimates in units of the data: r^-1 inverse r^-T times sigma squared. */
static void fill_covariance(bfl_arena *arena, const design *d, const profile *at, double variance, size_t columns,
                            double *covariance) {
    size_t p = d->p;
    double *inverse = BFL_NEW_ARRAY(arena, p * p, double), *row = BFL_NEW_ARRAY(arena, p, double);
    bfl_num_cholesky_inverse(at->factor, p, inverse);
    for (size_t pass = 0; pass < 2; pass++) /* solving the rows, then the columns, which are rows of the transpose */
        for (size_t i = 0; i < p; i++) {
            for (size_t j = 0; j < p; j++) row[j] = pass ? inverse[j * p + i] : inverse[i * p + j];
            solve_upper(d, row);
            for (size_t j = 0; j < p; j++) inverse[pass ? j * p + i : i * p + j] = row[j];
        }
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++) {
            double both = (inverse[i * p + j] + inverse[j * p + i]) / 2;
            covariance[d->column[i] * columns + d->column[j]] = variance * both;
        }
}

typedef enum stratum { INTERCEPT, BETWEEN, WITHIN } stratum;

/* Does a column vary within a subject, between subjects only, or not at all? */
static stratum stratum_of(bfl_arena *arena, const bfl_num_mixed_data *data, size_t column) {
    size_t *first = BFL_NEW_ARRAY(arena, data->subjects, size_t); /* row + 1 */
    stratum found = INTERCEPT;
    for (size_t i = 0; i < data->n; i++) {
        size_t *seen = &first[data->subject[i]];
        double here = data->x[i * data->columns + column];
        if (*seen == 0) *seen = i + 1;
        double before = data->x[(*seen - 1) * data->columns + column], start = data->x[column];
        if (here < before || here > before) return WITHIN;
        if (here < start || here > start) found = BETWEEN;
    }
    return found;
}

static void fill_df(bfl_arena *arena, const bfl_num_mixed_data *data, const design *d, bfl_num_mixed *result,
                    bfl_num_mixed_term *terms) {
    stratum *strata = BFL_NEW_ARRAY(arena, d->p, stratum);
    double taken[WITHIN + 1] = {0};
    for (size_t j = 0; j < d->p; j++) {
        strata[j] = stratum_of(arena, data, d->column[j]);
        taken[strata[j]]++;
    }
    result->df_between = (double)result->subjects - taken[BETWEEN] - (taken[INTERCEPT] > 0);
    result->df_within = (double)(data->n - result->subjects) - taken[WITHIN];
    for (size_t j = 0; j < d->p; j++) {
        double df = strata[j] == BETWEEN ? result->df_between : result->df_within;
        if (strata[j] == INTERCEPT) df = fmax(result->df_between, result->df_within);
        terms[d->column[j]].df = df;
    }
}

static void fill_terms(const design *d, const profile *at, const bfl_num_mixed_data *data, const double *covariance,
                       bfl_num_mixed_term *terms) {
    for (size_t j = 0; j < d->p; j++) at->gamma[j] += d->start[j];
    solve_upper(d, at->gamma);
    for (size_t j = 0; j < d->p; j++) {
        bfl_num_mixed_term *term = &terms[d->column[j]];
        term->aliased = false;
        term->estimate = at->gamma[j];
        term->se = sqrt(covariance[d->column[j] * data->columns + d->column[j]]);
        term->p = 1;
        if (!(term->df > 0) || !(term->se > 0)) continue;
        double half = bfl_num_quantile_upper(bfl_num_t(term->df), (1 - data->level) / 2).value * term->se;
        term->p_present = true;
        term->t = term->estimate / term->se;
        term->p = fmin(1, 2 * bfl_num_survival(bfl_num_t(term->df), fabs(term->t)).value);
        term->low = term->estimate - half;
        term->high = term->estimate + half;
    }
}

static bfl_num_state data_state(bfl_arena *arena, const bfl_num_mixed_data *data, size_t *subjects) {
    if (data->n == 0) return BFL_NUM_EMPTY;
    if (!bfl_num_finite(data->y, data->n) || !bfl_num_finite(data->x, data->n * data->columns) ||
        !bfl_num_level_valid(data->level))
        return BFL_NUM_BAD_INPUT;
    bool *seen = BFL_NEW_ARRAY(arena, data->subjects, bool);
    for (size_t i = 0; i < data->n; i++) {
        if (data->subject[i] >= data->subjects) return BFL_NUM_BAD_INPUT;
        *subjects += !seen[data->subject[i]];
        seen[data->subject[i]] = true;
    }
    return *subjects < 2 || *subjects == data->n ? BFL_NUM_TOO_FEW : BFL_NUM_OK;
}

/* What is left to estimate from, once the columns are known. */
static bfl_num_state design_state(const bfl_num_mixed_data *data, const design *d) {
    if (d->p == 0) return BFL_NUM_SINGULAR;
    if (d->p >= d->n) return BFL_NUM_TOO_FEW;
    double size = dot(data->y, data->y, d->n, 1);
    return bfl_num_sum_total(d->within_square) > 1e-24 * size ? BFL_NUM_OK : BFL_NUM_CONSTANT;
}

bfl_num_mixed bfl_num_mixed_fit(bfl_arena *arena, const bfl_num_mixed_data *data) {
    size_t columns = data->columns;
    bfl_num_mixed_term *terms = BFL_NEW_ARRAY(arena, columns, bfl_num_mixed_term);
    double *covariance = BFL_NEW_ARRAY(arena, columns * columns, double);
    double *effect = BFL_NEW_ARRAY(arena, data->subjects, double);
    bfl_num_mixed result = {.n = data->n, .columns = columns, .terms = terms};
    for (size_t j = 0; j < columns; j++) terms[j].aliased = true;
    result.covariance = covariance;
    result.subject_effect = effect;
    result.state = data_state(arena, data, &result.subjects);
    if (result.state != BFL_NUM_OK) return result;
    design d = new_design(arena, data);
    result.state = design_state(data, &d);
    if (result.state != BFL_NUM_OK) return result;
    profile at = {.factor = BFL_NEW_ARRAY(arena, d.p * d.p, double),
                  .gamma = BFL_NEW_ARRAY(arena, d.p, double),
                  .scratch = BFL_NEW_ARRAY(arena, d.p, double)};
    double theta = best_theta(&d, &at), two_pi = 6.283185307179586;
    evaluate(&d, theta, &at);
    double variance = at.rss / d.df;
    result.boundary = theta <= 0;
    result.sd_residual = sqrt(variance);
    result.sd_subject = sqrt(theta * variance);
    result.intraclass = theta / (1 + theta);
    result.loglik = -(at.deviance + d.df * (1 + log(two_pi / d.df))) / 2;
    for (size_t j = 0; d.restricted && j < d.p; j++) result.loglik -= log(d.r[j * d.p + j]);
    for (size_t s = 0; s < d.subjects; s++)
        effect[s] = theta * weight(&d, s, theta) * subject_residual(&d, s, at.gamma);
    fill_covariance(arena, &d, &at, variance, columns, covariance);
    fill_df(arena, data, &d, &result, terms);
    fill_terms(&d, &at, data, covariance, terms);
    return result;
}

bfl_num_mixed_test bfl_num_mixed_wald(bfl_arena *arena, const bfl_num_mixed *fit, size_t first, size_t count) {
    bfl_num_mixed_test result = {fit->state, 0, 0, 0, 1};
    if (result.state == BFL_NUM_OK && (count == 0 || first + count > fit->columns)) result.state = BFL_NUM_BAD_INPUT;
    if (result.state != BFL_NUM_OK) return result;
    double *v = BFL_NEW_ARRAY(arena, count * count, double), *b = BFL_NEW_ARRAY(arena, 2 * count, double);
    for (size_t i = 0; i < count; i++) {
        const bfl_num_mixed_term *term = &fit->terms[first + i];
        b[i] = term->estimate;
        if (!term->aliased && (result.df2 <= 0 || term->df == fit->df_within)) result.df2 = term->df;
        for (size_t j = 0; j < count; j++) v[i * count + j] = fit->covariance[(first + i) * fit->columns + first + j];
    }
    result.df1 = (double)bfl_num_cholesky(v, count, 1e-12, 0, NULL);
    if (result.df1 < 1 || !(result.df2 > 0)) {
        result.state = result.df1 < 1 ? BFL_NUM_SINGULAR : BFL_NUM_TOO_FEW;
        return result;
    }
    result.f = bfl_num_cholesky_form(v, count, b, b + count) / result.df1;
    result.p = bfl_num_survival(bfl_num_f(result.df1, result.df2), result.f).value;
    return result;
}
