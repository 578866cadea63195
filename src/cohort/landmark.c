/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flare against progression-free survival. A patient who flares on day 80 cannot have progressed before: comparing "ever flared"
 * with "never" gives the flare that immortal time. So groups are formed on a landmark day, or the flare enters the model on the
 * day it was known (Anderson, Cain and Gelber 1983). The naive comparison stands beside them, to be seen and not to be used.
 */
#include "cohort/study.h"

#include "rules/rules.h"

static bool in_bone_set(const making *m, size_t patient, const void *context) {
    (void)context;
    return cohort_in_bone_set(m, &m->patients.items[patient]);
}

/* Times count from day 0 here, so that they and the day of the flare are on one scale. */
static time_set pfs_days(const making *m) {
    time_set set = cohort_times(m, BFL_COHORT_PFS, in_bone_set, NULL);
    double *days = BFL_NEW_ARRAY(m->arena, set.times.n, double);
    for (size_t i = 0; i < set.times.n; i++) {
        int32_t day = m->patients.items[set.who[i]].time[BFL_COHORT_PFS].day;
        days[i] = day > 0 ? day : 0;
    }
    set.times.time = days;
    return set;
}

static bfl_num_times part(making *m, const bfl_num_exposed_rows *rows, uint8_t exposed) {
    double *time = BFL_NEW_ARRAY(m->arena, rows->times.n, double);
    uint8_t *event = BFL_NEW_ARRAY(m->arena, rows->times.n, uint8_t);
    size_t n = 0;
    for (size_t i = 0; i < rows->times.n; i++) {
        if (rows->exposed[i] != exposed) continue;
        time[n] = rows->times.time[i];
        event[n++] = rows->times.event[i];
    }
    return (bfl_num_times){.n = n, .time = time, .event = event};
}

static uint32_t *as_levels(making *m, const uint8_t *exposed, size_t n) {
    uint32_t *level = BFL_NEW_ARRAY(m->arena, n, uint32_t);
    for (size_t i = 0; i < n; i++) level[i] = exposed[i];
    return level;
}

/* ---- rows of the table ---- */

static bfl_num_cox fit(making *m, const bfl_num_times *times, const uint8_t *exposed) {
    double *x = BFL_NEW_ARRAY(m->arena, times->n, double);
    for (size_t i = 0; i < times->n; i++) x[i] = exposed[i];
    bfl_num_cox_data data = {.times = *times, .x = x, .covariates = 1, .level = m->options.level};
    return bfl_num_cox_fit(m->arena, &data);
}

static void put_ratio(table *t, const bfl_num_cox *f) {
    const bfl_num_cox_term *term = f->state == BFL_NUM_OK ? &f->terms[0] : NULL;
    if (!term || term->aliased || term->infinite) {
        put_gap(t, 4, state_words(f->state));
        return;
    }
    put_number(t, term->hazard_ratio, 2);
    put_real(t, real_of(term->low), 2, "too large");
    put_real(t, real_of(term->high), 2, "too large");
    put_p(t, term->p);
}

static void row(table *t, const char *analysis, const bfl_num_times *times, const uint8_t *exposed) {
    making *m = t->m;
    uint64_t n[2] = {0}, events[2] = {0};
    for (size_t i = 0; i < times->n; i++) {
        n[exposed[i]]++;
        events[exposed[i]] += times->event[i];
    }
    put_text(t, analysis);
    put_count(t, n[1]);
    put_count(t, events[1]);
    put_count(t, n[0]);
    put_count(t, events[0]);
    bfl_num_cox f = fit(m, times, exposed);
    put_ratio(t, &f);
    if (times->start) {
        put_gap(t, 2, "");
        return;
    }
    bfl_num_factor groups = {as_levels(m, exposed, times->n), 2}, none = {0};
    bfl_num_log_rank_test r = bfl_num_log_rank(m->arena, times, groups, none);
    if (r.state != BFL_NUM_OK)
        put_gap(t, 2, state_words(r.state));
    else {
        put_number(t, r.statistic, 2);
        put_p(t, r.p);
    }
}

static void checked_row(table *t, const char *analysis, const bfl_num_exposed_rows *rows) {
    if (rows->state == BFL_NUM_OK && rows->times.n) {
        row(t, analysis, &rows->times, rows->exposed);
        return;
    }
    put_text(t, analysis);
    put_gap(t, 10, "nobody is at risk");
}

/* ---- the analysis ---- */

static bfl_num_real *onsets(making *m, const time_set *set) {
    bfl_num_real *onset = BFL_NEW_ARRAY(m->arena, set->times.n, bfl_num_real);
    for (size_t i = 0; i < set->times.n; i++) onset[i] = num_of_maybe(m->patients.items[set->who[i]].flare_known_day);
    return onset;
}

static void curves(making *m, const bfl_num_exposed_rows *rows) {
    bfl_cohort_landmark *out = &m->out->landmark;
    bfl_num_times without = part(m, rows, 0), with = part(m, rows, 1);
    out->without = cohort_curve(m, &without, BFL_COHORT_PFS, BFL_COHORT_ALL);
    out->with = cohort_curve(m, &with, BFL_COHORT_PFS, BFL_COHORT_ALL);
    bfl_num_factor groups = {as_levels(m, rows->exposed, rows->times.n), 2}, none = {0};
    bfl_num_log_rank_test r = bfl_num_log_rank(m->arena, &rows->times, groups, none);
    out->left_out = rows->left_out;
    out->test = cohort_test(&r);
}

void cohort_landmark(making *m) {
    int32_t day = m->options.landmark_day;
    time_set set = pfs_days(m);
    bfl_num_real *onset = onsets(m, &set);
    bfl_num_exposed_rows at = bfl_num_landmark(m->arena, &set.times, onset, day);
    bfl_num_exposed_rows split = bfl_num_split_at_onset(m->arena, &set.times, onset);
    uint8_t *ever = BFL_NEW_ARRAY(m->arena, set.times.n, uint8_t);
    for (size_t i = 0; i < set.times.n; i++) ever[i] = onset[i].present;
    m->out->landmark = (bfl_cohort_landmark){.day = day};
    m->out->landmark.words =
        bfl_arena_printf(m->arena,
                         "%s Whoever flared had to live without progression until then: that time is immortal, and "
                         "counting it for the flare "
                         "makes a flare look protective. Groups are formed on day %d from what was known by then, "
                         "among the patients still "
                         "at risk; in neither group, for having progressed, died or left by then: %llu.",
                         cohort_bone_words(m), (int)day, (unsigned long long)at.left_out);
    table t =
        cohort_table_begin(m, "landmark", "Flare and progression-free survival",
                           "analysis flare_n flare_events other_n other_events ratio low high p logrank logrank_p");
    m->out->landmark.without.state = m->out->landmark.with.state = m->out->landmark.test.state =
        state_words(at.state == BFL_NUM_OK ? split.state : at.state);
    if (at.state == BFL_NUM_OK) curves(m, &at);
    checked_row(&t, bfl_arena_printf(m->arena, "landmark day %d", (int)day), &at);
    checked_row(&t, "time-dependent, from the day it was known (rows)", &split);
    bfl_num_exposed_rows naive = {bfl_num_times_state(&set.times), set.times, NULL, ever, 0};
    checked_row(&t, "naive: ever flared (immortal time: do not use)", &naive);
    cohort_table_end(&t, m->out->landmark.words);
}
