/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include "num/num.h"

static const bfl_num_factor ALL = {NULL, 1};

static const char *key(bfl_arena *arena, const char *name, const char *what, size_t cause) {
    return bfl_arena_printf(arena, "%s,%s_%zu", name, what, cause);
}

static void compare_incidence(bfl_arena *arena, oracle *o, const char *name, const bfl_num_incidence *c) {
    const oracle_row *at;
    CHECK(c->state == BFL_NUM_OK);
    for (size_t i = 0; (at = oracle_find(o, bfl_arena_printf(arena, "%s,position", name), i)); i++) {
        size_t step = (size_t)at->value;
        R_SAYS(o, bfl_arena_printf(arena, "%s,time", name), i, c->steps[step].time);
        R_SAYS(o, bfl_arena_printf(arena, "%s,at_risk", name), i, (double)c->steps[step].at_risk);
        for (size_t k = 1; k <= 2; k++) {
            const bfl_num_incidence_value *v = &c->values[step * 2 + k - 1];
            R_SAYS(o, key(arena, name, "incidence", k), i, v->incidence);
            R_SAYS_WITHIN(o, key(arena, name, "se", k), i, v->se, 1e-14);
            R_SAYS_REAL(o, key(arena, name, "low", k), i, v->low);
            R_SAYS_REAL(o, key(arena, name, "high", k), i, v->high);
        }
    }
}

static void compare_gray(oracle *o, const char *at, const bfl_num_times *t, bfl_num_factor group, bfl_num_factor strata,
                         bfl_arena *arena) {
    for (uint8_t cause = 1; cause <= 2; cause++) {
        size_t row = 3 * (size_t)(cause - 1);
        bfl_num_gray_test test = bfl_num_gray(arena, t, cause, group, strata);
        CHECK(test.state == BFL_NUM_OK);
        R_SAYS(o, at, row, test.statistic);
        R_SAYS(o, at, row + 1, test.df);
        R_SAYS(o, at, row + 2, test.p);
    }
}

static void compare_cohort(bfl_arena *arena, oracle *o, const char *name) {
    oracle_table t = oracle_table_open(arena, bfl_arena_printf(arena, "%s.csv", name));
    double *time = oracle_column(arena, &t, "time");
    uint32_t *cause = oracle_column_index(arena, &t, "cause"), *group = oracle_column_index(arena, &t, "group");
    uint8_t *event = BFL_NEW_ARRAY(arena, t.rows, uint8_t);
    for (size_t i = 0; i < t.rows; i++) event[i] = (uint8_t)cause[i];
    bfl_num_times times = {t.rows, NULL, time, event};
    bfl_num_factor stratum = {oracle_column_index(arena, &t, "stratum"), 3};
    bfl_num_incidence c = bfl_num_cumulative_incidence(arena, &times, 2, 0.95);
    compare_incidence(arena, o, name, &c);
    compare_gray(o, bfl_arena_printf(arena, "%s,gray", name), &times, (bfl_num_factor){group, 3}, ALL, arena);
    compare_gray(o, bfl_arena_printf(arena, "%s,gray_strata", name), &times, (bfl_num_factor){group, 3}, stratum,
                 arena);
    size_t n = 0;
    for (size_t i = 0; i < t.rows; i++) {
        if (group[i] >= 2) continue;
        time[n] = time[i];
        event[n] = event[i];
        group[n++] = group[i];
    }
    times.n = n;
    compare_gray(o, bfl_arena_printf(arena, "%s,gray_two", name), &times, (bfl_num_factor){group, 3}, ALL, arena);
}

ARENA_TEST(agrees_with_r) {
    oracle o = oracle_open(arena, "risks.csv");
    compare_cohort(arena, &o, "cohort");
    compare_cohort(arena, &o, "tied");
    oracle_all_used(&o);
}

/* Causes 1 2 then censored, then 1: without censoring before, incidence is a count. */
ARENA_TEST(incidence_by_hand) {
    static const double time[] = {1, 2, 3, 4};
    static const uint8_t event[] = {1, 2, 0, 1};
    bfl_num_incidence c = bfl_num_cumulative_incidence(arena, &(bfl_num_times){4, NULL, time, event}, 2, 0.95);
    CHECK(c.state == BFL_NUM_OK && c.count == 4);
    bfl_num_incidence_value v = bfl_num_incidence_at(&c, 1, 2.5);
    NEAR(v.incidence, 0.25);
    NEAR(v.se, sqrt(0.25 * 0.75 / 4)); /* binomial */
    NEAR(bfl_num_incidence_at(&c, 2, 2).incidence, 0.25);
    NEAR(bfl_num_incidence_at(&c, 1, 4).incidence, 0.75); /* the half still free has it */
    CHECK(c.steps[3].event_free == 0);
    CHECK(bfl_num_incidence_at(&c, 1, 0.5).incidence == 0 && !bfl_num_incidence_at(&c, 1, 0.5).low.present);
    CHECK(bfl_num_incidence_at(&c, 3, 4).incidence == 0 && bfl_num_incidence_at(&c, 0, 4).incidence == 0);
    CHECK(bfl_num_incidence_quantile(&c, 1, 0.5).value == 4 && bfl_num_incidence_quantile(&c, 1, 0.25).value == 1);
    CHECK(!bfl_num_incidence_quantile(&c, 2, 0.5).present && !bfl_num_incidence_quantile(&c, 1, 0).present);
}

/* One cause and late entry: the complement of Kaplan-Meier, with Greenwood's variance. */
ARENA_TEST(one_cause_is_kaplan_meier) {
    static const double start[] = {0, 1, 2, 0, 3, 4}, time[] = {3, 4, 5, 5, 7, 9};
    static const uint8_t event[] = {1, 0, 1, 1, 1, 0};
    bfl_num_times t = {6, start, time, event};
    bfl_num_incidence c = bfl_num_cumulative_incidence(arena, &t, 1, 0.95);
    bfl_num_curve km = bfl_num_kaplan_meier(arena, &t, 0.95);
    CHECK(c.count == km.count && km.count == 5);
    for (size_t i = 0; i < km.count; i++) {
        NEAR(c.values[i].incidence, 1 - km.steps[i].survival);
        NEAR(c.values[i].se, km.steps[i].se.value);
        CHECK(c.steps[i].at_risk == km.steps[i].at_risk && c.values[i].events == km.steps[i].events);
    }
}

ARENA_TEST(without_an_answer) {
    static const double time[] = {1, 2, 2, 4}, start[] = {0, 0, 0, 0};
    static const uint8_t event[] = {1, 2, 0, 1}, none[] = {0, 0, 0, 0}, same_time[] = {1, 1, 1, 1};
    static const uint32_t group[] = {0, 1, 0, 1}, lone[] = {1, 1, 1, 1};
    static const double one_time[] = {3, 3, 3, 3};
    bfl_num_factor two = {group, 2};
    bfl_num_times t = {4, NULL, time, event};
    CHECK(bfl_num_cumulative_incidence(arena, &t, 1, 0.95).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_cumulative_incidence(arena, &t, 0, 0.95).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_cumulative_incidence(arena, &t, 2, 1).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_gray(arena, &t, 0, two, ALL).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_gray(arena, &t, 1, (bfl_num_factor){group, 1}, ALL).state == BFL_NUM_BAD_INPUT);
    CHECK(bfl_num_gray(arena, &t, 3, two, ALL).state == BFL_NUM_NO_EVENTS);
    CHECK(bfl_num_gray(arena, &t, 1, (bfl_num_factor){lone, 2}, ALL).state == BFL_NUM_TOO_FEW);
    CHECK(bfl_num_gray(arena, &t, 1, ALL, ALL).state == BFL_NUM_TOO_FEW);
    t.start = start;
    CHECK(bfl_num_gray(arena, &t, 1, two, ALL).state == BFL_NUM_BAD_INPUT);
    t = (bfl_num_times){4, NULL, one_time, same_time};
    bfl_num_gray_test at_once = bfl_num_gray(arena, &t, 1, two, ALL);
    CHECK(at_once.state == BFL_NUM_SINGULAR && at_once.p == 1);
    t.event = none;
    CHECK(bfl_num_gray(arena, &t, 1, two, ALL).state == BFL_NUM_NO_EVENTS);
    CHECK(bfl_num_cumulative_incidence(arena, &t, 2, 0.95).values[0].incidence == 0);
    t.n = 0;
    CHECK(bfl_num_gray(arena, &t, 1, two, ALL).state == BFL_NUM_EMPTY);
    CHECK(bfl_num_cumulative_incidence(arena, &t, 2, 0.95).state == BFL_NUM_EMPTY);
}

TEST_CASES(CASE(agrees_with_r), CASE(incidence_by_hand), CASE(one_cause_is_kaplan_meier), CASE(without_an_answer))
