/* SPDX-License-Identifier: Apache-2.0 */
/* Times to events: Kaplan-Meier curves, numbers at risk, medians, log-rank tests. */
#include "cohort/study.h"

#include <string.h>

time_set cohort_times(const making *m, bfl_cohort_endpoint endpoint,
                      bool (*keep)(const making *m, size_t patient, const void *context), const void *context) {
    size_t n = m->patients.count;
    double *time = BFL_NEW_ARRAY(m->arena, n, double);
    uint8_t *event = BFL_NEW_ARRAY(m->arena, n, uint8_t);
    time_set set = {.group = BFL_NEW_ARRAY(m->arena, n, uint32_t), .who = BFL_NEW_ARRAY(m->arena, n, size_t)};
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        const bfl_cohort_time *t = &m->patients.items[i].time[endpoint];
        bool derived = t->state == BFL_ENDPOINT_EVENT || t->state == BFL_ENDPOINT_CENSORED;
        if (!derived || t->days < 0 || (keep && !keep(m, i, context))) continue;
        time[k] = t->days;
        event[k] = t->state == BFL_ENDPOINT_EVENT;
        set.group[k] = (uint32_t)m->patients.items[i].group;
        set.who[k++] = i;
    }
    set.times = (bfl_num_times){.n = k, .time = time, .event = event};
    return set;
}

static bool in_group(const making *m, size_t patient, const void *context) {
    return cohort_in_group(&m->patients.items[patient], *(const size_t *)context);
}

static bool in_stated_group(const making *m, size_t patient, const void *context) {
    (void)context;
    return m->out->groups[m->patients.items[patient].group].stated;
}

/* ---- curves ---- */

static const bfl_cohort_step *steps_of(making *m, const bfl_num_curve *curve) {
    bfl_cohort_step *steps = BFL_NEW_ARRAY(m->arena, curve->count, bfl_cohort_step);
    for (size_t i = 0; i < curve->count; i++) {
        const bfl_num_step *s = &curve->steps[i];
        steps[i] = (bfl_cohort_step){s->time,     s->at_risk,      s->events,       s->censored,
                                     s->survival, real_of(s->low), real_of(s->high)};
    }
    return steps;
}

bfl_cohort_curve cohort_curve(making *m, const bfl_num_times *times, bfl_cohort_endpoint endpoint, size_t group) {
    bfl_num_curve curve = bfl_num_kaplan_meier(m->arena, times, m->options.level);
    bfl_cohort_curve out = {.endpoint = endpoint, .group = group, .state = state_words(curve.state)};
    uint64_t *at_risk = BFL_NEW_ARRAY(m->arena, m->out->risk_count, uint64_t);
    out.at_risk = at_risk;
    if (curve.state != BFL_NUM_OK) return out;
    bfl_num_time_quantile median = bfl_num_curve_quantile(&curve, 0.5);
    out.steps = steps_of(m, &curve);
    out.step_count = curve.count;
    out.patients = curve.n;
    out.events = curve.events;
    out.median = real_of(median.time);
    out.median_low = real_of(median.low);
    out.median_high = real_of(median.high);
    for (size_t i = 0; i < m->out->risk_count; i++) at_risk[i] = bfl_num_at_risk(times, m->out->risk_days[i]);
    return out;
}

const bfl_cohort_curve *bfl_cohort_curve_find(const bfl_cohort *cohort, bfl_cohort_endpoint endpoint, size_t group) {
    for (size_t i = 0; cohort && i < cohort->curve_count; i++)
        if (cohort->curves[i].endpoint == endpoint && cohort->curves[i].group == group) return &cohort->curves[i];
    return NULL;
}

/* At most eight ticks up to the longest time, at a round number of days. */
static void choose_days(making *m) {
    static const int32_t every[] = {30, 60, 90, 180, 360, 720, 1440, 3600};
    enum { CHOICES = sizeof every / sizeof *every, MOST = 8 };
    int32_t longest = 0;
    for (size_t i = 0; i < m->patients.count; i++)
        for (int e = 0; e < BFL_COHORT_TIMES; e++)
            if (m->patients.items[i].time[e].days > longest) longest = m->patients.items[i].time[e].days;
    size_t k = 0;
    while (k + 1 < CHOICES && longest / every[k] > MOST) k++;
    size_t count = (size_t)(longest / every[k]) + 1;
    int32_t *days = BFL_NEW_ARRAY(m->arena, count, int32_t);
    for (size_t i = 0; i < count; i++) days[i] = (int32_t)i * every[k];
    m->out->risk_days = days;
    m->out->risk_count = count;
}

/* ---- tables ---- */

static void put_curve_head(table *t, const bfl_cohort_curve *c) {
    put_text(t, bfl_cohort_endpoint_word(c->endpoint));
    put_text(t, cohort_group_name(t->m, c->group));
}

static void put_interval(table *t, bfl_real low, bfl_real high, int places, const char *why) {
    put_real(t, low, places, why);
    put_real(t, high, places, why);
}

static void medians(making *m) {
    table t = cohort_table_begin(m, "survival", "Times to events, days",
                                 "endpoint group patients events median low high followup_median");
    for (size_t i = 0; i < m->out->curve_count; i++) {
        const bfl_cohort_curve *c = &m->out->curves[i];
        put_curve_head(&t, c);
        put_count(&t, c->patients);
        put_count(&t, c->events);
        if (c->state[0]) {
            put_gap(&t, 4, c->state);
            continue;
        }
        put_real(&t, c->median, 0, "not reached");
        put_interval(&t, c->median_low, c->median_high, 0, "not reached");
        time_set set = cohort_times(m, c->endpoint, in_group, &c->group);
        bfl_num_curve reverse = bfl_num_reverse_kaplan_meier(m->arena, &set.times, m->options.level);
        bfl_num_time_quantile follow = bfl_num_curve_quantile(&reverse, 0.5);
        put_real(&t, real_of(follow.time), 0, "not reached");
    }
    cohort_table_end(&t, "Kaplan-Meier; low, high: interval of the median from log-log intervals of the curve. "
                         "followup_median: reverse Kaplan-Meier, in which censoring is the event.");
}

static void curve_steps(making *m) {
    table t = cohort_table_begin(m, "survival_curve", "Kaplan-Meier curves",
                                 "endpoint group day at_risk events censored survival low high");
    for (size_t i = 0; i < m->out->curve_count; i++) {
        const bfl_cohort_curve *c = &m->out->curves[i];
        for (size_t k = 0; k < c->step_count; k++) {
            const bfl_cohort_step *s = &c->steps[k];
            put_curve_head(&t, c);
            put_number(&t, s->time, 0);
            put_count(&t, s->at_risk);
            put_count(&t, s->events);
            put_count(&t, s->censored);
            put_number(&t, s->survival, 3);
            put_interval(&t, s->low, s->high, 3, "");
        }
    }
    cohort_table_end(&t,
                     "One row a distinct time; the curve is 1 before the first. low, high: log-log interval, missing "
                     "where the curve is 1 or 0.");
}

static void at_risk_table(making *m) {
    table t = cohort_table_begin(m, "at_risk", "Numbers at risk", "endpoint group day at_risk survival low high");
    for (size_t i = 0; i < m->out->curve_count; i++) {
        const bfl_cohort_curve *c = &m->out->curves[i];
        time_set set = cohort_times(m, c->endpoint, in_group, &c->group);
        bfl_num_curve curve = bfl_num_kaplan_meier(m->arena, &set.times, m->options.level);
        for (size_t k = 0; k < m->out->risk_count && !c->state[0]; k++) {
            bfl_num_curve_point p = bfl_num_curve_at(&curve, m->out->risk_days[k]);
            put_curve_head(&t, c);
            put_count(&t, (uint64_t)m->out->risk_days[k]);
            put_count(&t, c->at_risk[k]);
            if (p.beyond)
                put_gap(&t, 3, "nobody is followed so long");
            else {
                put_number(&t, p.survival, 3);
                put_interval(&t, real_of(p.low), real_of(p.high), 3, "");
            }
        }
    }
    cohort_table_end(&t, "For the table below the curves.");
}

bfl_cohort_test cohort_test(const bfl_num_log_rank_test *t) {
    return (bfl_cohort_test){state_words(t->state), t->statistic, t->df, t->p};
}

static void tests(making *m) {
    table t =
        cohort_table_begin(m, "survival_tests", "Comparison of the groups", "endpoint test groups statistic df p");
    for (int e = 0; e < BFL_COHORT_TIMES; e++) {
        time_set set = cohort_times(m, (bfl_cohort_endpoint)e, in_stated_group, NULL);
        bfl_num_factor groups = {set.group, m->out->group_count}, none = {0};
        bfl_num_log_rank_test r = bfl_num_log_rank(m->arena, &set.times, groups, none);
        bfl_cohort_test *test = &m->out->tests[e];
        *test = cohort_test(&r);
        put_text(&t, bfl_cohort_endpoint_word((bfl_cohort_endpoint)e));
        put_text(&t, "log-rank");
        put_count(&t, cohort_stated_groups(m));
        if (test->state[0]) {
            put_gap(&t, 3, test->state);
            continue;
        }
        put_number(&t, test->statistic, 2);
        put_number(&t, test->df, 0);
        put_p(&t, test->p);
    }
    bool late = strcmp(m->options.by, "flare") == 0 || strcmp(m->options.by, "response") == 0;
    cohort_table_end(&t,
                     late ? "These groups were formed by what happened later: a patient must live long enough to get "
                            "into one (immortal time), so the test is biased. See the landmark analysis."
                          : "Groups without a stated value are left out.");
}

void cohort_survive(making *m) {
    BFL_LIST(bfl_cohort_curve) curves = {0};
    choose_days(m);
    for (int e = 0; e < BFL_COHORT_TIMES; e++) {
        size_t group;
        for (size_t g = 0; cohort_next_group(m, g, &group); g++) {
            time_set set = cohort_times(m, (bfl_cohort_endpoint)e, in_group, &group);
            *BFL_PUSH(m->arena, &curves) = cohort_curve(m, &set.times, (bfl_cohort_endpoint)e, group);
        }
    }
    m->out->curves = curves.items;
    m->out->curve_count = curves.count;
    medians(m);
    curve_steps(m);
    at_risk_table(m);
    tests(m);
}
