/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time runs backwards, so the set at risk grows row by row and one pass gives every sum over it. Rows that enter late are
 * taken out again: sums are compensated, so what is left is as precise as if they had never been in.
 */
#include "num/cox_sweep.h"

#include <math.h>
#include <string.h>

/* ---- order and scale ---- */

/* Stable: within one time events come first. */
static void events_first(const bfl_num_times *times, uint32_t *order, size_t n, uint32_t *scratch) {
    for (size_t first = 0, end; first < n; first = end) {
        size_t kept = 0, front = first;
        for (end = first; end < n && times->time[order[end]] >= times->time[order[first]] &&
                          times->time[order[end]] <= times->time[order[first]];)
            end++;
        if (end - first == 1) continue;
        for (size_t i = first; i < end; i++) {
            uint32_t row = order[i];
            if (times->event[row])
                order[front++] = row;
            else
                scratch[kept++] = row;
        }
        memcpy(order + front, scratch, kept * sizeof *order);
    }
}

static void reverse(uint32_t *order, size_t n) {
    for (size_t i = 0; i < n / 2; i++) {
        uint32_t swap = order[i];
        order[i] = order[n - 1 - i];
        order[n - 1 - i] = swap;
    }
}

/* Each stratum of an ascending order becomes descending. */
static uint32_t *descending(bfl_arena *arena, const bfl_num_cox_data *data, const double *key, const size_t *strata,
                            size_t count) {
    uint32_t *order = bfl_num_order_within(arena, key, data->times.n, data->strata);
    for (size_t s = 0; s < count; s++) reverse(order + strata[s], strata[s + 1] - strata[s]);
    return order;
}

static void find_strata(bfl_arena *arena, const bfl_num_cox_data *data, cox_rows *rows) {
    rows->stratum_count = data->strata.level ? data->strata.levels : 1;
    rows->strata = BFL_NEW_ARRAY(arena, rows->stratum_count + 1, size_t);
    for (size_t i = 0; i < rows->n; i++) rows->strata[bfl_num_level_of(data->strata, i) + 1]++;
    for (size_t s = 1; s <= rows->stratum_count; s++) rows->strata[s] += rows->strata[s - 1];
}

/* Centred and scaled copies of the columns: sums of squares then lose nothing to the offset of a covariate. */
static void scale_columns(const bfl_num_cox_data *data, cox_rows *rows) {
    for (size_t j = 0; j < rows->p; j++) {
        const double *from = data->x + rows->column[j];
        bfl_num_sum sum = {0}, squares = {0};
        for (size_t i = 0; i < rows->n; i++) bfl_num_sum_add(&sum, from[i * data->covariates]);
        double mean = bfl_num_sum_total(sum) / (double)rows->n;
        for (size_t i = 0; i < rows->n; i++) {
            double off = from[i * data->covariates] - mean;
            bfl_num_sum_add(&squares, off * off);
        }
        double sd = sqrt(bfl_num_sum_total(squares) / (double)rows->n);
        rows->scale[j] = sd > 0 ? sd : 1;
        for (size_t i = 0; i < rows->n; i++) {
            double x = (from[rows->source[i] * data->covariates] - mean) / rows->scale[j];
            rows->x[i * rows->p + j] = x;
            rows->reach[j] = fmax(rows->reach[j], fabs(x));
        }
    }
}

/* Positions in the pass of the rows, in descending order of start. */
static void order_leaving(bfl_arena *arena, const bfl_num_cox_data *data, cox_rows *rows) {
    uint32_t *place = BFL_NEW_ARRAY(arena, rows->n, uint32_t);
    for (size_t i = 0; i < rows->n; i++) place[rows->source[i]] = (uint32_t)i;
    rows->leaving = descending(arena, data, data->times.start, rows->strata, rows->stratum_count);
    rows->start = BFL_NEW_ARRAY(arena, rows->n, double);
    for (size_t i = 0; i < rows->n; i++) {
        rows->leaving[i] = place[rows->leaving[i]];
        rows->start[i] = data->times.start[rows->source[i]];
    }
}

cox_rows bfl_num_cox_rows(bfl_arena *arena, const bfl_num_cox_data *data, const uint32_t *columns, size_t p) {
    cox_rows rows = {.n = data->times.n, .p = p, .breslow = data->breslow};
    find_strata(arena, data, &rows);
    rows.source = descending(arena, data, data->times.time, rows.strata, rows.stratum_count);
    uint32_t *scratch = BFL_NEW_ARRAY(arena, rows.n, uint32_t);
    for (size_t s = 0; s < rows.stratum_count; s++)
        events_first(&data->times, rows.source + rows.strata[s], rows.strata[s + 1] - rows.strata[s], scratch);
    rows.time = BFL_NEW_ARRAY(arena, rows.n, double);
    rows.event = BFL_NEW_ARRAY(arena, rows.n, uint8_t);
    for (size_t i = 0; i < rows.n; i++) {
        rows.time[i] = data->times.time[rows.source[i]];
        rows.event[i] = data->times.event[rows.source[i]] != 0;
    }
    rows.column = BFL_NEW_ARRAY(arena, p, uint32_t);
    memcpy(rows.column, columns, p * sizeof *columns);
    rows.scale = BFL_NEW_ARRAY(arena, p, double);
    rows.reach = BFL_NEW_ARRAY(arena, p, double);
    rows.x = BFL_NEW_ARRAY(arena, rows.n * p, double);
    scale_columns(data, &rows);
    if (data->times.start) order_leaving(arena, data, &rows);
    return rows;
}

/* ---- the pass ---- */

cox_work bfl_num_cox_work(bfl_arena *arena, const cox_rows *rows) {
    size_t p = rows->p, terms = 1 + p + p * (p + 1) / 2;
    return (cox_work){.terms = terms,
                      .rest = BFL_NEW_ARRAY(arena, terms, bfl_num_sum),
                      .dying = BFL_NEW_ARRAY(arena, terms, double),
                      .row = BFL_NEW_ARRAY(arena, terms, double),
                      .weight = BFL_NEW_ARRAY(arena, rows->n, double),
                      .score = BFL_NEW_ARRAY(arena, p, double),
                      .mean = BFL_NEW_ARRAY(arena, p, double),
                      .step = BFL_NEW_ARRAY(arena, p, double),
                      .information = BFL_NEW_ARRAY(arena, p * p, double)};
}

/* weight, weight * x, weight * x x' (lower triangle) of one row. */
static void row_terms(const double *x, size_t p, double weight, double *out) {
    *out++ = weight;
    for (size_t j = 0; j < p; j++) *out++ = weight * x[j];
    for (size_t j = 0; j < p; j++) {
        double weighted = weight * x[j];
        for (size_t k = 0; k <= j; k++) *out++ = weighted * x[k];
    }
}

static void add_row(const cox_rows *rows, cox_work *work, size_t i, double weight) {
    row_terms(rows->x + i * rows->p, rows->p, weight, work->row);
    for (size_t m = 0; m < work->terms; m++) bfl_num_sum_add(&work->rest[m], work->row[m]);
}

/* One of Efron's steps: the dying count with `part` of their weight. */
static void add_step(cox_work *work, size_t p, double part, cox_moment *moment) {
    double whole = bfl_num_sum_total(work->rest[0]) + part * work->dying[0], *step = work->step;
    moment->loglik -= log(whole);
    for (size_t j = 0; j < p; j++) {
        step[j] = (bfl_num_sum_total(work->rest[1 + j]) + part * work->dying[1 + j]) / whole;
        work->score[j] -= step[j];
        work->mean[j] += step[j];
    }
    size_t m = 1 + p;
    for (size_t j = 0; j < p; j++)
        for (size_t k = 0; k <= j; k++, m++) {
            double product = (bfl_num_sum_total(work->rest[m]) + part * work->dying[m]) / whole;
            work->information[j * p + k] += product - step[j] * step[k];
        }
}

static void clear(double *x, size_t n) {
    for (size_t i = 0; i < n; i++) x[i] = 0;
}

/* The events in rows first .. first + deaths - 1. */
static cox_moment moment_of(const cox_rows *rows, cox_work *work, size_t first, size_t deaths, double linear) {
    size_t p = rows->p;
    cox_moment moment = {.first = first, .deaths = deaths, .time = rows->time[first], .loglik = linear};
    clear(work->dying, work->terms);
    clear(work->score, p);
    clear(work->mean, p);
    clear(work->information, p * p);
    for (size_t i = first; i < first + deaths; i++) {
        row_terms(rows->x + i * p, p, work->weight[i], work->row);
        for (size_t m = 0; m < work->terms; m++) work->dying[m] += work->row[m];
        for (size_t j = 0; j < p; j++) work->score[j] += rows->x[i * p + j];
    }
    for (size_t step = 0; step < deaths; step++)
        add_step(work, p, rows->breslow ? 1 : 1 - (double)step / (double)deaths, &moment);
    for (size_t j = 0; j < p; j++) work->mean[j] /= (double)deaths;
    moment.score = work->score;
    moment.information = work->information;
    moment.mean = work->mean;
    return moment;
}

/* exp of the linear predictor, kept for when the row leaves. False when it would overflow the sums. */
static bool weigh(const cox_rows *rows, const double *coefficient, cox_work *work, size_t i, double *linear) {
    double most = 200; /* exp(200) squared times any number of rows is still finite */
    *linear = 0;
    for (size_t j = 0; j < rows->p; j++) *linear += coefficient[j] * rows->x[i * rows->p + j];
    work->weight[i] = exp(*linear);
    return fabs(*linear) < most;
}

/* Takes out the rows that had not entered by `time`; returns how many have left so far. */
static size_t drop_late(const cox_rows *rows, cox_work *work, size_t left, size_t end, double time) {
    for (; left < end && rows->start[rows->leaving[left]] >= time; left++)
        add_row(rows, work, rows->leaving[left], -work->weight[rows->leaving[left]]);
    return left;
}

/* The dying join the set at risk of earlier times; one by one when they are to leave one by one. */
static void keep_dying(const cox_rows *rows, cox_work *work, size_t first, size_t deaths) {
    if (!rows->leaving)
        for (size_t m = 0; m < work->terms; m++) bfl_num_sum_add(&work->rest[m], work->dying[m]);
    else
        for (size_t i = first; i < first + deaths; i++) add_row(rows, work, i, work->weight[i]);
}

static bool sweep_stratum(const cox_rows *rows, const double *coefficient, cox_work *work, size_t s, cox_visit visit,
                          void *context) {
    size_t end = rows->strata[s + 1], left = rows->strata[s];
    memset(work->rest, 0, work->terms * sizeof *work->rest);
    for (size_t at = rows->strata[s], next; at < end; at = next) {
        double time = rows->time[at], linear, sum = 0;
        size_t deaths = 0;
        if (rows->leaving) {
            left = drop_late(rows, work, left, end, time);
            if (left == at) memset(work->rest, 0, work->terms * sizeof *work->rest); /* nobody at risk: exactly 0 */
        }
        for (next = at; next < end && rows->time[next] >= time; next++) {
            if (!weigh(rows, coefficient, work, next, &linear)) return false;
            if (rows->event[next]) {
                sum += linear;
                deaths++;
            } else {
                add_row(rows, work, next, work->weight[next]);
            }
        }
        if (deaths == 0) continue;
        cox_moment moment = moment_of(rows, work, at, deaths, sum);
        visit(context, &moment);
        keep_dying(rows, work, at, deaths);
    }
    return true;
}

bool bfl_num_cox_sweep(const cox_rows *rows, const double *coefficient, cox_work *work, cox_visit visit,
                       void *context) {
    for (size_t s = 0; s < rows->stratum_count; s++)
        if (!sweep_stratum(rows, coefficient, work, s, visit, context)) return false;
    return true;
}
