/* SPDX-License-Identifier: Apache-2.0 */
/* From traces to what is told of one method in one group. */
#include "evaluate/trace.h"

#include <limits.h>

bfl_eval_number bfl_eval_share(const bfl_measure *m, uint64_t events, uint64_t trials) {
    bfl_num_proportion p = bfl_num_wilson(events, trials, m->level);
    if (p.state != BFL_NUM_OK) return (bfl_eval_number){.present = false};
    return (bfl_eval_number){p.estimate, p.low, p.high, true, true};
}

static void count(const bfl_trace *t, bfl_eval_method method, bfl_eval_result *out) {
    switch (t->calls[method]) {
    case BFL_CALL_STOP: (*(t->progression ? &out->stop_ill : &out->stop_well))++; break;
    case BFL_CALL_KEEP: (*(t->progression ? &out->keep_ill : &out->keep_well))++; break;
    case BFL_CALL_WAIT: (*(t->progression ? &out->wait_ill : &out->wait_well))++; break;
    }
}

static void shares(const bfl_measure *m, bfl_eval_result *r) {
    uint64_t waits = r->wait_ill + r->wait_well, ill = r->stop_ill + r->keep_ill, well = r->stop_well + r->keep_well;
    r->wrong = bfl_eval_share(m, r->keep_ill + r->wait_ill + r->stop_well, ill + well + waits);
    r->abstention = bfl_eval_share(m, waits, ill + well + waits);
    r->sensitivity = bfl_eval_share(m, r->stop_ill, ill);
    r->specificity = bfl_eval_share(m, r->keep_well, well);
    r->ppv = bfl_eval_share(m, r->stop_ill, r->stop_ill + r->stop_well);
    r->npv = bfl_eval_share(m, r->keep_well, r->keep_ill + r->keep_well);
}

/* ---- days ---- */

typedef struct sample {
    const double *values;
    size_t count;
} sample;

static bfl_num_real mean_of(void *context, const uint32_t *pick) {
    const sample *s = context;
    bfl_num_sum sum = {0, 0};
    for (size_t i = 0; i < s->count; i++) bfl_num_sum_add(&sum, s->values[pick ? pick[i] : i]);
    return s->count ? bfl_num_some(bfl_num_sum_total(sum) / (double)s->count) : bfl_num_none();
}

static bfl_eval_number mean_with_interval(const bfl_measure *m, sample s, uint32_t purpose) {
    bfl_num_real mean = mean_of(&s, NULL);
    bfl_eval_number out = {.value = mean.value, .low = mean.value, .high = mean.value, .present = mean.present};
    bfl_eval_bootstrap(m, s.count, purpose, mean_of, &s, &out);
    return out;
}

static int32_t at_most(int32_t day, int32_t limit) { return day < limit ? day : limit; }

static double positive(int32_t days) { return days > 0 ? days : 0; }

/* Effective days after the first stop, and days of progression before it, up to the last visit. */
static void days(const bfl_measure *m, bfl_traces traces, bfl_eval_method method, bfl_eval_result *out) {
    double *lost = BFL_NEW_ARRAY(m->arena, traces.count, double),
           *missed = BFL_NEW_ARRAY(m->arena, traces.count, double);
    size_t n = 0;
    for (size_t i = 0; i < traces.count; i++) {
        const bfl_trace *t = traces.items[i];
        if (!t->has_days) continue;
        int32_t stop = at_most(t->stop_day[method], t->end_day), failed = at_most(t->failed_day, t->end_day);
        lost[n] = positive(failed - stop);
        missed[n++] = positive(stop - failed);
    }
    out->days_lost = mean_with_interval(m, (sample){lost, n}, 1);
    out->days_missed = mean_with_interval(m, (sample){missed, n}, 2);
}

/* ---- the right answer ---- */

static void times(const bfl_measure *m, bfl_traces traces, bfl_eval_method method, bfl_eval_result *out) {
    int32_t soon = bfl_rule_days(m->rulebook, BFL_NUM_EVALUATE_RIGHT__SOON_DAYS);
    double *time = BFL_NEW_ARRAY(m->arena, traces.count, double);
    uint8_t *event = BFL_NEW_ARRAY(m->arena, traces.count, uint8_t);
    uint64_t n = 0, early = 0;
    for (size_t i = 0; i < traces.count; i++) {
        const bfl_trace *t = traces.items[i];
        if (!t->asked || !t->has_days) continue;
        bool came = t->right_day[method] <= t->open_until;
        time[n] = (came ? t->right_day[method] : t->open_until) - t->question_day;
        event[n++] = came;
        early += came && t->right_day[method] - t->question_day <= soon;
    }
    out->right_soon = bfl_eval_share(m, early, n);
    bfl_num_curve curve = bfl_num_kaplan_meier(m->arena, &(bfl_num_times){n, NULL, time, event}, m->level);
    if (n == 0 || curve.state != BFL_NUM_OK) return;
    bfl_num_time_quantile median = bfl_num_curve_quantile(&curve, 1.0 / 2);
    out->days_to_right.present = median.time.present;
    out->days_to_right.value = median.time.value;
    out->days_to_right.has_interval = median.low.present && median.high.present;
    out->days_to_right.low = median.low.value;
    out->days_to_right.high = median.high.value;
}

void bfl_eval_measure(const bfl_measure *m, bfl_traces traces, bfl_eval_method method, bfl_eval_result *out) {
    *out = (bfl_eval_result){0};
    for (size_t i = 0; i < traces.count; i++)
        if (traces.items[i]->asked) count(traces.items[i], method, out);
    shares(m, out);
    if (!m->days) return;
    days(m, traces, method, out);
    times(m, traces, method, out);
}
