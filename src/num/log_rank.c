/* SPDX-License-Identifier: Apache-2.0 */
#include "num/survival.h"

#include "num/distribution.h"
#include "num/matrix.h"

#include <math.h>

typedef struct tally {
    const bfl_num_times *times;
    bfl_num_factor groups;
    const uint32_t *by_time, *by_start; /* stratum by stratum; by_start NULL without delayed entry */
    size_t k;
    double *at_risk, *dying, *observed, *expected, *variance;
} tally;

static uint32_t group_of(const tally *t, uint32_t row) { return bfl_num_level_of(t->groups, row); }

/* What one time of events adds: hypergeometric mean and variance. Groups that are no longer at risk add nothing. */
static void add_events(tally *t, double n, double d) {
    double spread = n > 1 ? d * (n - d) / (n - 1) : 0;
    for (size_t g = 0; g < t->k; g++) {
        if (t->at_risk[g] <= 0) continue;
        double part = t->at_risk[g] / n;
        t->observed[g] += t->dying[g];
        t->expected[g] += d * part;
        t->dying[g] = 0;
        if (spread <= 0) continue;
        t->variance[g * t->k + g] += spread * part * ((n - t->at_risk[g]) / n);
        for (size_t h = 0; h < g; h++) t->variance[g * t->k + h] -= spread * part * (t->at_risk[h] / n);
    }
}

/* One stratum: rows first..end of both orders. */
static void add_stratum(tally *t, size_t first, size_t end) {
    const bfl_num_times *times = t->times;
    size_t entered = t->by_start ? first : end;
    for (size_t g = 0; g < t->k; g++) t->at_risk[g] = 0;
    for (size_t i = first; !t->by_start && i < end; i++) t->at_risk[group_of(t, t->by_time[i])]++;
    for (size_t at = first, next; at < end; at = next) {
        double time = times->time[t->by_time[at]], deaths = 0;
        for (; entered < end && times->start[t->by_start[entered]] < time; entered++)
            t->at_risk[group_of(t, t->by_start[entered])]++;
        for (next = at; next < end && times->time[t->by_time[next]] <= time; next++) {
            if (!times->event[t->by_time[next]]) continue;
            t->dying[group_of(t, t->by_time[next])]++;
            deaths++;
        }
        if (deaths > 0) add_events(t, (double)(entered - at), deaths);
        for (size_t i = at; i < next; i++) t->at_risk[group_of(t, t->by_time[i])]--;
    }
}

/* Chi-square of the groups that expect events, one of them left out. */
static void test(bfl_arena *arena, const tally *t, bfl_num_log_rank_test *r) {
    size_t used = 0;
    uint32_t *kept = BFL_NEW_ARRAY(arena, t->k, uint32_t);
    for (size_t g = 0; g < t->k; g++)
        if (t->expected[g] > 0) kept[used++] = (uint32_t)g;
    if (used < 2) {
        r->state = used ? BFL_NUM_TOO_FEW : BFL_NUM_NO_EVENTS;
        return;
    }
    size_t p = used - 1;
    double *v = BFL_NEW_ARRAY(arena, p * p, double), *u = BFL_NEW_ARRAY(arena, 2 * p, double);
    for (size_t i = 0; i < p; i++) {
        u[i] = t->observed[kept[i + 1]] - t->expected[kept[i + 1]];
        for (size_t j = 0; j < p; j++) v[i * p + j] = t->variance[kept[i + 1] * t->k + kept[j + 1]];
    }
    if (bfl_num_cholesky(v, p, 1e-12, 0, NULL) < p) {
        r->state = BFL_NUM_SINGULAR;
        return;
    }
    r->statistic = bfl_num_cholesky_form(v, p, u, u + p);
    r->df = (double)p;
    r->p = bfl_num_p_chi_square(r->statistic, r->df);
}

bfl_num_log_rank_test bfl_num_log_rank(bfl_arena *arena, const bfl_num_times *times, bfl_num_factor groups,
                                       bfl_num_factor strata) {
    bfl_num_log_rank_test r = {.state = bfl_num_times_state(times), .groups = groups.level ? groups.levels : 1, .p = 1};
    if (r.state == BFL_NUM_OK && !(bfl_num_factor_valid(groups, times->n) && bfl_num_factor_valid(strata, times->n)))
        r.state = BFL_NUM_BAD_INPUT;
    if (r.state != BFL_NUM_OK) return r;
    size_t k = r.groups;
    tally t = {.times = times, .groups = groups, .k = k};
    t.by_time = bfl_num_order_within(arena, times->time, times->n, strata);
    if (times->start) t.by_start = bfl_num_order_within(arena, times->start, times->n, strata);
    t.at_risk = BFL_NEW_ARRAY(arena, k, double);
    t.dying = BFL_NEW_ARRAY(arena, k, double);
    t.observed = BFL_NEW_ARRAY(arena, k, double);
    t.expected = BFL_NEW_ARRAY(arena, k, double);
    t.variance = BFL_NEW_ARRAY(arena, k * k, double);
    for (size_t first = 0, end; first < times->n; first = end) {
        uint32_t stratum = bfl_num_level_of(strata, t.by_time[first]);
        for (end = first + 1; end < times->n && bfl_num_level_of(strata, t.by_time[end]) == stratum;) end++;
        add_stratum(&t, first, end);
    }
    for (size_t g = 0; g < k; g++)
        for (size_t h = 0; h < g; h++) t.variance[h * k + g] = t.variance[g * k + h];
    r.observed = t.observed;
    r.expected = t.expected;
    r.variance = t.variance;
    test(arena, &t, &r);
    return r;
}
