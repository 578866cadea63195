/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gray (1988): like the log-rank test, on the hazard of the subdistribution. Notation of the paper, rho 0: those at risk of
 * group k are R = Y (1 - F) / S just before the time, where Y are really at risk, S is event-free and F the incidence of the
 * cause in the group. The variance needs what comes after a time, hence two passes over the times.
 */
#include "num/risks.h"

#include "num/distribution.h"
#include "num/matrix.h"

#include <math.h>
#include <string.h>

typedef struct group {
    double at_risk, cause, other; /* now */
    double free_before, free;     /* S before and after now */
    double incidence_before;      /* F before now */
} group;

typedef struct gray {
    const bfl_num_times *times;
    bfl_num_factor groups;
    uint8_t cause;
    const uint32_t *by_time;
    size_t k;
    group *group;
    double *score;    /* k */
    double *variance; /* k * k */
    double *ahead;    /* k * k: the integral c from now on to the last time */
    double *weight;   /* k * k: how an event in group j (column) moves the score of group i (row) */
    double pooled;    /* incidence under the hypothesis, before now */
} gray;

/* One time of a stratum: sums over groups just before it. */
typedef struct moment {
    double events;     /* of the cause */
    double whole;      /* sum of Y / S */
    double whole_risk; /* sum of R */
} moment;

static moment moment_of(const gray *g) {
    moment m = {0, 0, 0};
    for (size_t i = 0; i < g->k; i++) {
        const group *own = &g->group[i];
        if (own->at_risk <= 0) continue;
        m.events += own->cause;
        m.whole += own->at_risk / own->free_before;
        m.whole_risk += own->at_risk * (1 - own->incidence_before) / own->free_before;
    }
    return m;
}

/* Fills `weight`, and takes this time out of what lies ahead. `direction` +1 while the total is found, -1 after that. */
static void weigh(gray *g, const moment *m, double direction) {
    double hazard = m->events / (m->whole * (1 - g->pooled));
    for (size_t i = 0; i < g->k; i++)
        for (size_t j = 0; j < g->k; j++) {
            const group *a = &g->group[i], *b = &g->group[j];
            double *weight = &g->weight[i * g->k + j];
            *weight = 0;
            if (a->at_risk <= 0 || b->at_risk <= 0) continue;
            double one = a->at_risk / a->free_before, part = b->at_risk / b->free_before / m->whole;
            *weight = one * ((i == j ? 1 : 0) - part);
            g->ahead[i * g->k + j] += direction * *weight * hazard;
        }
}

static void add_score(gray *g, const moment *m) {
    for (size_t i = 0; i < g->k; i++) {
        const group *own = &g->group[i];
        if (own->at_risk <= 0) continue;
        double risk = own->at_risk * (1 - own->incidence_before) / own->free_before;
        g->score[i] += own->cause - m->events * risk / m->whole_risk;
    }
}

/* Adds to the variance what group j contributes: `direct` times its weight plus `later` times what lies ahead, squared. */
static void add_spread(gray *g, size_t j, double direct, double later, double spread) {
    size_t k = g->k;
    for (size_t a = 0; a < k; a++) {
        double left = direct * g->weight[a * k + j] + later * g->ahead[a * k + j];
        for (size_t b = 0; b < k; b++) {
            double right = direct * g->weight[b * k + j] + later * g->ahead[b * k + j];
            g->variance[a * k + b] += left * right * spread;
        }
    }
}

/* Ties: as the hypergeometric variance of the log-rank test. */
static double tie_factor(double events, double at_risk) {
    return events > 1 && at_risk > 1 ? 1 - (events - 1) / (at_risk - 1) : 1;
}

static void add_variance(gray *g, const moment *m) {
    double after = 1 - (g->pooled + m->events / m->whole);
    for (size_t j = 0; j < g->k; j++) {
        const group *own = &g->group[j];
        if (own->at_risk <= 0) continue;
        double before = own->free_before, ratio = own->free > 0 ? after / own->free : 0;
        if (m->events > 0)
            add_spread(g, j, 1, 1 - ratio,
                       tie_factor(m->events, m->whole * before) * before * m->events / (m->whole * own->at_risk));
        if (own->other > 0 && own->free > 0)
            add_spread(g, j, 0, ratio,
                       tie_factor(own->other, own->at_risk) * before * before * own->other /
                           (own->at_risk * own->at_risk));
    }
}

typedef enum pass { TOTAL, SPREAD } pass;

static void reset(gray *g, size_t first, size_t end) {
    memset(g->group, 0, g->k * sizeof *g->group);
    g->pooled = 0;
    for (size_t i = 0; i < g->k; i++) g->group[i].free = g->group[i].free_before = 1;
    for (size_t i = first; i < end; i++) g->group[bfl_num_level_of(g->groups, g->by_time[i])].at_risk++;
}

/* Events of the rows first..end, all at one time; returns how many there are of any cause. */
static double count(gray *g, size_t first, size_t end) {
    double events = 0;
    for (size_t i = 0; i < g->k; i++) g->group[i].cause = g->group[i].other = 0;
    for (size_t i = first; i < end; i++) {
        uint32_t row = g->by_time[i];
        group *own = &g->group[bfl_num_level_of(g->groups, row)];
        own->cause += g->times->event[row] == g->cause;
        own->other += g->times->event[row] && g->times->event[row] != g->cause;
        events += g->times->event[row] != 0;
    }
    for (size_t i = 0; i < g->k; i++) {
        group *own = &g->group[i];
        double died = own->cause + own->other;
        if (own->at_risk > 0) own->free = own->free_before * (own->at_risk - died) / own->at_risk;
    }
    return events;
}

/* Makes what is true after this time true before the next. */
static void leave(gray *g, size_t first, size_t end, const moment *m) {
    if (m->whole > 0) g->pooled += m->events / m->whole;
    for (size_t i = 0; i < g->k; i++) {
        group *own = &g->group[i];
        if (own->at_risk > 0) own->incidence_before += own->free_before * own->cause / own->at_risk;
        own->free_before = own->free;
    }
    for (size_t i = first; i < end; i++) g->group[bfl_num_level_of(g->groups, g->by_time[i])].at_risk--;
}

static void walk(gray *g, size_t first, size_t end, pass which) {
    reset(g, first, end);
    for (size_t at = first, next; at < end; at = next) {
        double time = g->times->time[g->by_time[at]];
        for (next = at + 1; next < end && g->times->time[g->by_time[next]] <= time;) next++;
        double events = count(g, at, next);
        moment m = moment_of(g);
        if (events > 0) {
            weigh(g, &m, which == TOTAL ? 1 : -1);
            if (which == TOTAL)
                add_score(g, &m);
            else
                add_variance(g, &m);
        }
        leave(g, at, next, &m);
    }
}

static void test(bfl_arena *arena, const gray *g, bfl_num_gray_test *result) {
    size_t used = 0;
    uint32_t *kept = BFL_NEW_ARRAY(arena, g->k, uint32_t);
    bool *seen = BFL_NEW_ARRAY(arena, g->k, bool);
    for (size_t i = 0; i < g->times->n; i++) seen[bfl_num_level_of(g->groups, i)] = true;
    for (size_t i = 0; i < g->k; i++)
        if (seen[i]) kept[used++] = (uint32_t)i;
    if (used < 2) {
        result->state = BFL_NUM_TOO_FEW;
        return;
    }
    size_t p = used - 1;
    double *v = BFL_NEW_ARRAY(arena, p * p, double), *u = BFL_NEW_ARRAY(arena, 2 * p, double);
    for (size_t i = 0; i < p; i++) {
        u[i] = g->score[kept[i]];
        for (size_t j = 0; j < p; j++) v[i * p + j] = g->variance[kept[i] * g->k + kept[j]];
    }
    if (bfl_num_cholesky(v, p, 1e-12, 1e-24, NULL) < p) {
        result->state = BFL_NUM_SINGULAR;
        return;
    }
    result->statistic = bfl_num_cholesky_form(v, p, u, u + p);
    result->df = (double)p;
    result->p = bfl_num_p_chi_square(result->statistic, result->df);
}

static bfl_num_state data_state(const bfl_num_times *times, uint8_t cause, bfl_num_factor groups,
                                bfl_num_factor strata) {
    bfl_num_state state = bfl_num_times_state(times);
    if (state != BFL_NUM_OK) return state;
    if (times->start || cause == 0 || !bfl_num_factor_valid(groups, times->n) ||
        !bfl_num_factor_valid(strata, times->n))
        return BFL_NUM_BAD_INPUT;
    for (size_t i = 0; i < times->n; i++)
        if (times->event[i] == cause) return BFL_NUM_OK;
    return BFL_NUM_NO_EVENTS;
}

bfl_num_gray_test bfl_num_gray(bfl_arena *arena, const bfl_num_times *times, uint8_t cause, bfl_num_factor groups,
                               bfl_num_factor strata) {
    bfl_num_gray_test result = {data_state(times, cause, groups, strata), 0, 0, 1};
    if (result.state != BFL_NUM_OK) return result;
    size_t k = groups.level ? groups.levels : 1;
    gray g = {.times = times, .groups = groups, .cause = cause, .k = k};
    g.by_time = bfl_num_order_within(arena, times->time, times->n, strata);
    g.group = BFL_NEW_ARRAY(arena, k, group);
    g.score = BFL_NEW_ARRAY(arena, k, double);
    g.variance = BFL_NEW_ARRAY(arena, k * k, double);
    g.weight = BFL_NEW_ARRAY(arena, k * k, double);
    g.ahead = BFL_NEW_ARRAY(arena, k * k, double);
    for (size_t first = 0, end; first < times->n; first = end) {
        uint32_t stratum = bfl_num_level_of(strata, g.by_time[first]);
        for (end = first + 1; end < times->n && bfl_num_level_of(strata, g.by_time[end]) == stratum;) end++;
        memset(g.ahead, 0, k * k * sizeof *g.ahead);
        walk(&g, first, end, TOTAL);
        walk(&g, first, end, SPREAD);
    }
    test(arena, &g, &result);
    return result;
}
