/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include "num/num.h"

static const bfl_num_factor ALL = {NULL, 1};

typedef struct cohort {
    bfl_num_times times;
    const double *start;
    const uint32_t *group, *stratum;
} cohort;

static cohort open_cohort(bfl_arena *arena, const char *file) {
    oracle_table t = oracle_table_open(arena, file);
    uint32_t *cause = oracle_column_index(arena, &t, "cause");
    uint8_t *event = BFL_NEW_ARRAY(arena, t.rows, uint8_t);
    for (size_t i = 0; i < t.rows; i++) event[i] = cause[i] == 1;
    return (cohort){.times = {t.rows, NULL, oracle_column(arena, &t, "time"), event},
                    .start = oracle_column(arena, &t, "start"),
                    .group = oracle_column_index(arena, &t, "group"),
                    .stratum = oracle_column_index(arena, &t, "stratum")};
}

static const char *key(bfl_arena *arena, const char *name, const char *what) {
    return bfl_arena_printf(arena, "%s,%s", name, what);
}

static void compare_curve(bfl_arena *arena, oracle *o, const char *name, const bfl_num_curve *c) {
    const oracle_row *at;
    for (size_t i = 0; (at = oracle_find(o, key(arena, name, "position"), i)); i++) {
        const bfl_num_step *s = &c->steps[(size_t)at->value];
        CHECK((size_t)at->value < c->count);
        R_SAYS(o, key(arena, name, "time"), i, s->time);
        R_SAYS(o, key(arena, name, "n.risk"), i, (double)s->at_risk);
        R_SAYS(o, key(arena, name, "n.event"), i, (double)s->events);
        R_SAYS(o, key(arena, name, "n.censor"), i, (double)s->censored);
        R_SAYS_WITHIN(o, key(arena, name, "surv"), i, s->survival, 1e-16);
        R_SAYS_REAL(o, key(arena, name, "std.err"), i, s->se);
        R_SAYS_REAL(o, key(arena, name, "lower"), i, s->low);
        R_SAYS_REAL(o, key(arena, name, "upper"), i, s->high);
    }
    static const double p[] = {0.25, 0.5, 0.75, 0.9}, times[] = {30, 91.5, 200};
    for (size_t i = 0; i < 4; i++) {
        bfl_num_time_quantile q = bfl_num_curve_quantile(c, p[i]);
        R_SAYS_REAL(o, key(arena, name, "quantile"), i, q.time);
        R_SAYS_REAL(o, key(arena, name, "quantile_low"), i, q.low);
        R_SAYS_REAL(o, key(arena, name, "quantile_high"), i, q.high);
    }
    for (size_t i = 0; i < 3; i++) {
        bfl_num_curve_point point = bfl_num_curve_at(c, times[i]);
        R_SAYS(o, key(arena, name, "at"), i, point.survival);
        R_SAYS_REAL(o, key(arena, name, "at"), 3 + i, point.low);
        R_SAYS_REAL(o, key(arena, name, "at"), 6 + i, point.high);
    }
}

static void compare_log_rank(bfl_arena *arena, oracle *o, const char *name, const bfl_num_log_rank_test *t) {
    CHECK(t->state == BFL_NUM_OK);
    R_SAYS(o, key(arena, name, "log_rank"), 0, t->statistic);
    R_SAYS(o, key(arena, name, "log_rank"), 1, t->df);
    R_SAYS(o, key(arena, name, "log_rank"), 2, t->p);
    for (size_t g = 0; g < t->groups; g++) {
        R_SAYS(o, key(arena, name, "observed"), g, t->observed[g]);
        R_SAYS(o, key(arena, name, "expected"), g, t->expected[g]);
    }
    for (size_t i = 0; i < t->groups * t->groups; i++) R_SAYS(o, key(arena, name, "variance"), i, t->variance[i]);
}

static void compare_cohort(bfl_arena *arena, oracle *o, const char *name) {
    cohort d = open_cohort(arena, bfl_arena_printf(arena, "%s.csv", name));
    bfl_num_factor group = {d.group, 3}, stratum = {d.stratum, 3};
    bfl_num_times late = d.times;
    late.start = d.start;
    bfl_num_curve c = bfl_num_kaplan_meier(arena, &d.times, 0.95);
    compare_curve(arena, o, name, &c);
    c = bfl_num_reverse_kaplan_meier(arena, &d.times, 0.95);
    compare_curve(arena, o, bfl_arena_printf(arena, "%s_reverse", name), &c);
    c = bfl_num_kaplan_meier(arena, &late, 0.9);
    compare_curve(arena, o, bfl_arena_printf(arena, "%s_late", name), &c);
    bfl_num_log_rank_test test = bfl_num_log_rank(arena, &d.times, group, ALL);
    compare_log_rank(arena, o, name, &test);
    test = bfl_num_log_rank(arena, &d.times, group, stratum);
    compare_log_rank(arena, o, bfl_arena_printf(arena, "%s_strata", name), &test);
    test = bfl_num_log_rank(arena, &late, group, stratum);
    for (size_t g = 0; g < 3; g++)
        R_SAYS(o, key(arena, bfl_arena_printf(arena, "%s_late", name), "expected"), g, test.expected[g]);
}

ARENA_TEST(agrees_with_r) {
    oracle o = oracle_open(arena, "survival.csv");
    compare_cohort(arena, &o, "cohort");
    compare_cohort(arena, &o, "tied");
    oracle_all_used(&o);
}

/* 1 2+ 3 3 5+ : survival 4/5, then 4/5 * 1/3. */
ARENA_TEST(curve_by_hand) {
    static const double time[] = {3, 1, 2, 5, 3};
    static const uint8_t event[] = {1, 1, 0, 0, 7};
    bfl_num_times t = {5, NULL, time, event};
    bfl_num_curve c = bfl_num_kaplan_meier(arena, &t, 0.95);
    CHECK(c.count == 4 && c.events == 3 && c.n == 5);
    CHECK(c.steps[2].at_risk == 3 && c.steps[2].events == 2 && c.steps[2].time == 3);
    NEAR(c.steps[0].survival, 0.8);
    NEAR(c.steps[3].survival, 0.8 / 3);
    NEAR(c.steps[2].se.value, 0.8 / 3 * sqrt(1.0 / 20 + 2.0 / 3));
    CHECK(bfl_num_curve_quantile(&c, 0.5).time.value == 3);
    CHECK(!bfl_num_curve_quantile(&c, 0.9).time.present && !bfl_num_curve_quantile(&c, 1.5).time.present);
    CHECK(bfl_num_curve_at(&c, 0.5).survival == 1 && !bfl_num_curve_at(&c, 0.5).beyond);
    CHECK(bfl_num_curve_at(&c, 4).survival == c.steps[2].survival && bfl_num_curve_at(&c, 5.1).beyond);
    CHECK_INT(bfl_num_at_risk(&t, 0), 5);
    CHECK_INT(bfl_num_at_risk(&t, 3), 3);
    CHECK_INT(bfl_num_at_risk(&t, 6), 0);
    bfl_num_curve follow_up = bfl_num_reverse_kaplan_meier(arena, &t, 0.95);
    NEAR(follow_up.steps[1].survival, 0.75);
    CHECK(follow_up.steps[3].survival == 0 && !follow_up.steps[3].se.present && !follow_up.steps[3].low.present);
}

/* Exactly one half from 2 until 4: the median is 3. Nothing falls after 2: the middle up to the end. */
ARENA_TEST(flat_median) {
    static const double time[] = {1, 2, 4, 9};
    static const uint8_t all[] = {1, 1, 1, 1}, early[] = {1, 1, 0, 0};
    bfl_num_curve c = bfl_num_kaplan_meier(arena, &(bfl_num_times){4, NULL, time, all}, 0.95);
    CHECK(bfl_num_curve_quantile(&c, 0.5).time.value == 3);
    c = bfl_num_kaplan_meier(arena, &(bfl_num_times){4, NULL, time, early}, 0.95);
    CHECK(bfl_num_curve_quantile(&c, 0.5).time.value == 5.5);
}

ARENA_TEST(curves_at_the_edge) {
    static const double time[] = {4, 4, 4}, bad[] = {4, (double)NAN, 1}, negative[] = {4, -1, 1}, start[] = {1, 4, 0};
    static const uint8_t none[] = {0, 0, 0}, all[] = {1, 1, 1};
    bfl_num_curve c = bfl_num_kaplan_meier(arena, &(bfl_num_times){3, NULL, time, none}, 0.95);
    CHECK(c.state == BFL_NUM_OK && c.count == 1 && c.events == 0 && c.steps[0].survival == 1);
    CHECK(c.steps[0].se.present && c.steps[0].se.value == 0 && !c.steps[0].low.present);
    c = bfl_num_kaplan_meier(arena, &(bfl_num_times){3, NULL, time, all}, 0.95);
    CHECK(c.count == 1 && c.steps[0].survival == 0 && bfl_num_curve_quantile(&c, 0.5).time.value == 4);
    CHECK(!bfl_num_curve_quantile(&c, 0.5).high.present && !bfl_num_curve_at(&c, 9).beyond);
    c = bfl_num_kaplan_meier(arena, &(bfl_num_times){1, NULL, time, all}, 0.95);
    CHECK(c.state == BFL_NUM_OK && c.steps[0].at_risk == 1);
    CHECK(bfl_num_kaplan_meier(arena, &(bfl_num_times){0, NULL, time, all}, 0.95).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_kaplan_meier(arena, &(bfl_num_times){3, NULL, bad, all}, 0.95).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_kaplan_meier(arena, &(bfl_num_times){3, NULL, negative, all}, 0.95).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_kaplan_meier(arena, &(bfl_num_times){3, start, time, all}, 0.95).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_kaplan_meier(arena, &(bfl_num_times){3, NULL, time, all}, 0).state == BFL_NUM_BAD_INPUT);
    bfl_num_curve broken = {.state = BFL_NUM_EMPTY};
    CHECK(!bfl_num_curve_quantile(&broken, 0.5).time.present);
}

/* Two groups of one: events at 1 (first group) and 2. */
ARENA_TEST(log_rank_by_hand) {
    static const double time[] = {1, 2, 2};
    static const uint8_t event[] = {1, 1, 1}, none[] = {0, 0, 0};
    static const uint32_t group[] = {0, 1, 1}, same[] = {1, 1, 1}, wrong[] = {0, 1, 2};
    bfl_num_times t = {2, NULL, time, event};
    bfl_num_log_rank_test r = bfl_num_log_rank(arena, &t, (bfl_num_factor){group, 2}, ALL);
    CHECK(r.state == BFL_NUM_OK && r.observed[0] == 1 && r.expected[0] == 0.5 && r.expected[1] == 1.5);
    CHECK(r.variance[0] == 0.25 && r.statistic == 1 && r.df == 1);
    r = bfl_num_log_rank(arena, &t, (bfl_num_factor){group, 5}, ALL); /* three groups are empty */
    CHECK(r.state == BFL_NUM_OK && r.statistic == 1 && r.df == 1);
    CHECK(bfl_num_log_rank(arena, &t, (bfl_num_factor){same, 2}, ALL).state == BFL_NUM_TOO_FEW);
    CHECK(bfl_num_log_rank(arena, &t, ALL, ALL).state == BFL_NUM_TOO_FEW);
    CHECK(bfl_num_log_rank(arena, &t, (bfl_num_factor){group, 1}, ALL).state == BFL_NUM_BAD_INPUT);
    t.n = 3;
    CHECK(bfl_num_log_rank(arena, &t, (bfl_num_factor){group, 2}, (bfl_num_factor){wrong, 2}).state ==
          BFL_NUM_BAD_INPUT);
    /* A stratum for each row: nobody is compared with anybody. */
    CHECK(bfl_num_log_rank(arena, &t, (bfl_num_factor){group, 2}, (bfl_num_factor){wrong, 3}).state ==
          BFL_NUM_SINGULAR);
    t.event = none;
    CHECK(bfl_num_log_rank(arena, &t, (bfl_num_factor){group, 2}, ALL).state == BFL_NUM_NO_EVENTS);
    t.n = 0;
    CHECK(bfl_num_log_rank(arena, &t, (bfl_num_factor){group, 2}, ALL).state == BFL_NUM_EMPTY);
}

/* All die at one time: nothing can be learnt about the order. */
ARENA_TEST(log_rank_one_time) {
    static const double time[] = {7, 7, 7, 7};
    static const uint8_t event[] = {1, 1, 1, 1};
    static const uint32_t group[] = {0, 0, 1, 1};
    bfl_num_log_rank_test r =
        bfl_num_log_rank(arena, &(bfl_num_times){4, NULL, time, event}, (bfl_num_factor){group, 2}, ALL);
    CHECK(r.state == BFL_NUM_SINGULAR && r.observed[0] == 2 && r.expected[0] == 2 && r.p == 1);
}

ARENA_TEST(exposure_begins_later) {
    static const double time[] = {10, 10, 10, 10, 0};
    static const uint8_t event[] = {1, 2, 0, 1, 1};
    const bfl_num_real onset[] = {bfl_num_none(), bfl_num_some(4), bfl_num_some(10), bfl_num_some(0), bfl_num_none()};
    bfl_num_times t = {5, NULL, time, event};
    bfl_num_exposed_rows r = bfl_num_split_at_onset(arena, &t, onset);
    CHECK(r.state == BFL_NUM_OK && r.times.n == 6);
    CHECK(r.row[1] == 1 && r.row[2] == 1 && r.times.event[1] == 0 && r.times.event[2] == 2);
    CHECK(r.times.time[1] == 4 && r.times.start[2] == 4 && !r.exposed[1] && r.exposed[2]);
    CHECK(!r.exposed[3] && r.exposed[4] && r.times.time[4] == 10); /* at the end: not yet; at the start: all along */
    CHECK(bfl_num_times_state(&r.times) == BFL_NUM_OK);
    r = bfl_num_landmark(arena, &t, onset, 4);
    CHECK(r.times.n == 4 && r.left_out == 1 && r.times.time[0] == 6 && !r.times.start);
    CHECK(!r.exposed[0] && r.exposed[1] && !r.exposed[2] && r.exposed[3]);
    CHECK(bfl_num_landmark(arena, &t, onset, 10).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_landmark(arena, &t, onset, (double)NAN).state == BFL_NUM_BAD_INPUT);
    bfl_num_real wrong[] = {{(double)NAN, true}, bfl_num_none(), bfl_num_none(), bfl_num_none(), bfl_num_none()};
    CHECK(bfl_num_split_at_onset(arena, &t, wrong).state == BFL_NUM_BAD_INPUT);
    t.n = 0;
    CHECK(bfl_num_split_at_onset(arena, &t, onset).state == BFL_NUM_EMPTY);
}

TEST_CASES(CASE(agrees_with_r), CASE(curve_by_hand), CASE(flat_median), CASE(curves_at_the_edge),
           CASE(log_rank_by_hand), CASE(log_rank_one_time), CASE(exposure_begins_later))
