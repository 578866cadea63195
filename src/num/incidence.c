/* SPDX-License-Identifier: Apache-2.0 */
#include "num/risks.h"

#include "num/distribution.h"

#include <math.h>

/* Incidence of one cause with its variance, carried from step to step together with the event-free part. */
typedef struct course {
    double incidence, variance, covariance; /* covariance with event-free */
} course;

typedef struct walk {
    const bfl_num_times *times;
    size_t causes;
    double z;
    const uint32_t *by_time, *by_start;
    size_t entered, left;
    double free, free_variance;
    course *cause;
} walk;

static void count(walk *w, bfl_num_incidence_step *step, bfl_num_incidence_value *values) {
    const bfl_num_times *t = w->times;
    step->time = t->time[w->by_time[w->left]];
    if (w->by_start)
        while (w->entered < t->n && t->start[w->by_start[w->entered]] < step->time) w->entered++;
    step->at_risk = w->entered - w->left;
    for (; w->left < t->n && t->time[w->by_time[w->left]] <= step->time; w->left++) {
        uint8_t event = t->event[w->by_time[w->left]];
        if (event)
            values[event - 1].events++;
        else
            step->censored++;
    }
}

static void fill_value(const walk *w, const course *s, bfl_num_incidence_value *value) {
    value->incidence = s->incidence;
    value->se = sqrt(fmax(0, s->variance));
    if (!(s->incidence > 0 && s->incidence < 1)) return;
    double centre = log(-log(s->incidence)), half = w->z * value->se / (s->incidence * log(s->incidence));
    value->low = bfl_num_some(exp(-exp(centre - half)));
    value->high = bfl_num_some(exp(-exp(centre + half)));
}

/* (incidence, event-free) is multiplied by the matrix of this time; the variance follows by the delta method, with the
 * multinomial variance of the events at this time added. */
static void advance(walk *w, bfl_num_incidence_step *step, bfl_num_incidence_value *values) {
    double n = (double)step->at_risk, events = 0, scale = w->free * w->free / n;
    for (size_t k = 0; k < w->causes; k++) events += (double)values[k].events;
    double all = events / n, stay = (n - events) / n;
    for (size_t k = 0; k < w->causes; k++) {
        course *s = &w->cause[k];
        double hazard = (double)values[k].events / n;
        s->incidence += w->free * hazard;
        s->variance += 2 * hazard * s->covariance + hazard * hazard * w->free_variance + scale * hazard * (1 - hazard);
        s->covariance = stay * (s->covariance + hazard * w->free_variance) - scale * hazard * stay;
        fill_value(w, s, &values[k]);
    }
    w->free_variance = stay * stay * w->free_variance + scale * all * stay;
    w->free *= stay;
    step->event_free = w->free;
}

static bfl_num_state data_state(const bfl_num_times *times, size_t causes, double level) {
    bfl_num_state state = bfl_num_times_state(times);
    if (state != BFL_NUM_OK) return state;
    for (size_t i = 0; i < times->n; i++)
        if (times->event[i] > causes) return BFL_NUM_BAD_INPUT;
    return causes > 0 && bfl_num_level_valid(level) ? BFL_NUM_OK : BFL_NUM_BAD_INPUT;
}

static size_t distinct(const bfl_num_times *times, const uint32_t *order) {
    size_t steps = 1;
    for (size_t i = 1; i < times->n; i++) steps += times->time[order[i]] > times->time[order[i - 1]];
    return steps;
}

bfl_num_incidence bfl_num_cumulative_incidence(bfl_arena *arena, const bfl_num_times *times, size_t causes,
                                               double level) {
    bfl_num_incidence result = {.state = data_state(times, causes, level), .causes = causes, .n = times->n};
    if (result.state != BFL_NUM_OK) return result;
    walk w = {.times = times, .causes = causes, .z = bfl_num_z(level), .entered = times->n, .free = 1};
    w.by_time = bfl_num_order(arena, times->time, times->n);
    if (times->start) {
        w.by_start = bfl_num_order(arena, times->start, times->n);
        w.entered = 0;
    }
    w.cause = BFL_NEW_ARRAY(arena, causes, course);
    result.count = distinct(times, w.by_time);
    bfl_num_incidence_step *steps = BFL_NEW_ARRAY(arena, result.count, bfl_num_incidence_step);
    bfl_num_incidence_value *values = BFL_NEW_ARRAY(arena, result.count * causes, bfl_num_incidence_value);
    for (size_t i = 0; i < result.count; i++) {
        count(&w, &steps[i], values + i * causes);
        advance(&w, &steps[i], values + i * causes);
    }
    result.steps = steps;
    result.values = values;
    return result;
}

bfl_num_incidence_value bfl_num_incidence_at(const bfl_num_incidence *incidence, size_t cause, double t) {
    bfl_num_incidence_value value = {0};
    size_t first = 0, end = incidence->count; /* the first step after t */
    if (cause < 1 || cause > incidence->causes) return value;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (incidence->steps[middle].time <= t)
            first = middle + 1;
        else
            end = middle;
    }
    return first ? incidence->values[(first - 1) * incidence->causes + cause - 1] : value;
}

bfl_num_real bfl_num_incidence_quantile(const bfl_num_incidence *incidence, size_t cause, double p) {
    if (cause < 1 || cause > incidence->causes || !(p > 0 && p <= 1)) return bfl_num_none();
    for (size_t i = 0; i < incidence->count; i++)
        if (incidence->values[i * incidence->causes + cause - 1].incidence >= p - 1e-12)
            return bfl_num_some(incidence->steps[i].time);
    return bfl_num_none();
}
