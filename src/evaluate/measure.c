/* SPDX-License-Identifier: Apache-2.0 */
/* From traces to what is told of one method in one group. Questions of one patient belong together: shares of questions get
 * their interval by drawing patients. */
#include "evaluate/trace.h"

#include <limits.h>
#include <math.h>

bool bfl_eval_counts(const bfl_traces *traces, const bfl_question *question) {
    return question->therapy_day > traces->after && question->therapy_day <= traces->to;
}

/* ---- shares ---- */

static bfl_num_real share_of(void *context, const uint32_t *pick) {
    const bfl_tally *t = context;
    double events = 0, trials = 0;
    for (size_t i = 0; i < t->count; i++) {
        events += t->events[pick ? pick[i] : i];
        trials += t->trials[pick ? pick[i] : i];
    }
    return trials > 0 ? bfl_num_some(events / trials) : bfl_num_none();
}

/* Wilson over patients where each gives one trial, and where the share is none or all: a bootstrap would show no doubt. */
bfl_eval_number bfl_eval_share(const bfl_measure *m, bfl_tally t, uint32_t purpose) {
    uint64_t patients = 0;
    double events = 0, trials = 0;
    for (size_t i = 0; i < t.count; i++) {
        patients += t.trials[i] > 0;
        events += t.events[i];
        trials += t.trials[i];
    }
    if (patients == 0) return (bfl_eval_number){.present = false};
    bfl_eval_number out = {.value = events / trials, .present = true};
    bool single = trials <= (double)patients, none = events <= 0, all = events >= trials;
    if (single || none || all) {
        uint64_t hits = single ? (uint64_t)llround(events) : none ? 0 : patients;
        bfl_num_proportion p = bfl_num_wilson(hits, patients, m->level);
        out.low = p.low;
        out.high = p.high;
        out.has_interval = true;
    } else {
        bfl_eval_bootstrap(m, t.count, purpose, share_of, &t, &out);
    }
    return out;
}

typedef bool (*question_is)(const bfl_question *q, bfl_eval_call call);

static bool any(const bfl_question *q, bfl_eval_call call) {
    (void)q, (void)call;
    return true;
}
static bool wrong(const bfl_question *q, bfl_eval_call call) { return q->progression != (call == BFL_CALL_STOP); }
static bool waits(const bfl_question *q, bfl_eval_call call) {
    (void)q;
    return call == BFL_CALL_WAIT;
}
static bool decided_ill(const bfl_question *q, bfl_eval_call call) { return q->progression && call != BFL_CALL_WAIT; }
static bool decided_well(const bfl_question *q, bfl_eval_call call) { return !q->progression && call != BFL_CALL_WAIT; }
static bool stops(const bfl_question *q, bfl_eval_call call) {
    (void)q;
    return call == BFL_CALL_STOP;
}
static bool keeps(const bfl_question *q, bfl_eval_call call) {
    (void)q;
    return call == BFL_CALL_KEEP;
}
static bool ill(const bfl_question *q, bfl_eval_call call) {
    (void)call;
    return q->progression;
}
static bool well(const bfl_question *q, bfl_eval_call call) {
    (void)call;
    return !q->progression;
}

/* Share of `event` among the questions that are `trial`. */
static bfl_eval_number share(const bfl_measure *m, const bfl_traces *traces, bfl_eval_method method, question_is trial,
                             question_is event) {
    bfl_tally t = {BFL_NEW_ARRAY(m->arena, traces->count, double), BFL_NEW_ARRAY(m->arena, traces->count, double),
                   traces->count};
    for (size_t i = 0; i < traces->count; i++)
        for (size_t k = 0; k < traces->items[i]->question_count; k++) {
            const bfl_question *q = &traces->items[i]->questions[k];
            bfl_eval_call call = q->calls[method];
            if (!bfl_eval_counts(traces, q) || !trial(q, call)) continue;
            t.trials[i]++;
            t.events[i] += event(q, call);
        }
    return bfl_eval_share(m, t, 1);
}

static void count(const bfl_question *q, bfl_eval_method method, bfl_eval_result *out) {
    switch (q->calls[method]) {
    case BFL_CALL_STOP: (*(q->progression ? &out->stop_ill : &out->stop_well))++; break;
    case BFL_CALL_KEEP: (*(q->progression ? &out->keep_ill : &out->keep_well))++; break;
    case BFL_CALL_WAIT: (*(q->progression ? &out->wait_ill : &out->wait_well))++; break;
    }
}

static void answers(const bfl_measure *m, const bfl_traces *traces, bfl_eval_method method, bfl_eval_result *r) {
    for (size_t i = 0; i < traces->count; i++)
        for (size_t k = 0; k < traces->items[i]->question_count; k++)
            if (bfl_eval_counts(traces, &traces->items[i]->questions[k]))
                count(&traces->items[i]->questions[k], method, r);
    r->wrong = share(m, traces, method, any, wrong);
    r->abstention = share(m, traces, method, any, waits);
    r->sensitivity = share(m, traces, method, decided_ill, stops);
    r->specificity = share(m, traces, method, decided_well, keeps);
    r->ppv = share(m, traces, method, stops, ill);
    r->npv = share(m, traces, method, keeps, well);
}

/* ---- days ---- */

static int32_t at_most(int32_t day, int32_t limit) { return day < limit ? day : limit; }

static double positive(int32_t days) { return days > 0 ? days : 0; }

static bfl_eval_number mean(const bfl_measure *m, double *days, double *ones, size_t n, uint32_t purpose) {
    bfl_tally t = {days, ones, n};
    bfl_num_real value = share_of(&t, NULL);
    bfl_eval_number out = {.value = value.value, .present = value.present};
    bfl_eval_bootstrap(m, n, purpose, share_of, &t, &out);
    return out;
}

/* Effective days after the first stop, and days of progression before it, up to the last visit. */
static void days(const bfl_measure *m, const bfl_traces *traces, bfl_eval_method method, bfl_eval_result *out) {
    double *lost = BFL_NEW_ARRAY(m->arena, traces->count, double);
    double *missed = BFL_NEW_ARRAY(m->arena, traces->count, double);
    double *ones = BFL_NEW_ARRAY(m->arena, traces->count, double);
    size_t n = 0;
    for (size_t i = 0; i < traces->count; i++) {
        const bfl_trace *t = traces->items[i];
        if (!t->has_days) continue;
        int32_t stop = at_most(t->stop_day[method], t->end_day), failed = at_most(t->failed_day, t->end_day);
        ones[n] = 1;
        lost[n] = positive(failed - stop);
        missed[n++] = positive(stop - failed);
    }
    out->days_lost = mean(m, lost, ones, n, 2);
    out->days_missed = mean(m, missed, ones, n, 2);
}

/* ---- the right answer ---- */

static void median(const bfl_measure *m, const double *time, const uint8_t *event, size_t n, bfl_eval_number *out) {
    bfl_num_curve curve = bfl_num_kaplan_meier(m->arena, &(bfl_num_times){n, NULL, time, event}, m->level);
    if (n == 0 || curve.state != BFL_NUM_OK) return;
    bfl_num_time_quantile half = bfl_num_curve_quantile(&curve, 1.0 / 2);
    out->present = half.time.present;
    out->value = half.time.value;
    out->has_interval = half.low.present && half.high.present;
    out->low = half.low.value;
    out->high = half.high.value;
}

static void times(const bfl_measure *m, const bfl_traces *traces, bfl_eval_method method, int which,
                  bfl_eval_result *out) {
    int32_t soon = bfl_rule_days(m->rulebook, BFL_NUM_EVALUATE_RIGHT__SOON_DAYS);
    double *time = BFL_NEW_ARRAY(m->arena, traces->count, double);
    uint8_t *event = BFL_NEW_ARRAY(m->arena, traces->count, uint8_t);
    bfl_tally t = {BFL_NEW_ARRAY(m->arena, traces->count, double), BFL_NEW_ARRAY(m->arena, traces->count, double), 0};
    for (size_t i = 0; i < traces->count; i++) {
        const bfl_first_question *first = &traces->items[i]->first[which];
        if (!first->asked || !traces->items[i]->has_days) continue;
        bool came = first->right_day[method] <= first->open_until;
        size_t n = t.count++;
        time[n] = (came ? first->right_day[method] : first->open_until) - first->day;
        event[n] = came;
        t.trials[n] = 1;
        t.events[n] = came && first->right_day[method] - first->day <= soon;
    }
    out->right_soon[which] = bfl_eval_share(m, t, 1);
    median(m, time, event, t.count, &out->days_to_right[which]);
}

void bfl_eval_measure(const bfl_measure *m, bfl_traces traces, bfl_eval_method method, bfl_eval_result *out) {
    *out = (bfl_eval_result){0};
    answers(m, &traces, method, out);
    if (!m->days) return;
    days(m, &traces, method, out);
    for (int which = 0; which < 2; which++) times(m, &traces, method, which, out);
}
