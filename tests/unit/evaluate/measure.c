/* SPDX-License-Identifier: Apache-2.0 */
/* Measures of made-up traces against numbers worked out by hand; R's glm and the Wilson formula where said. */
#include "evaluate/trace.h"
#include "test.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { MOST = 64 };
#define A BFL_EVAL_BONEFLARE
#define B BFL_EVAL_RECIST

typedef struct set {
    bfl_question questions[MOST][4];
    bfl_trace traces[MOST];
    const bfl_trace *items[MOST];
    size_t count;
} set;

/* A patient with one question. */
static bfl_question *ask(set *s, bool progression, double p, bfl_eval_call a, bfl_eval_call b) {
    size_t i = s->count++;
    bfl_question *q = &s->questions[i][0];
    *q = (bfl_question){
        .day = 40, .therapy_day = 40, .progression = progression, .has_probability = true, .probability = p};
    q->calls[A] = a;
    q->calls[B] = b;
    s->traces[i] = (bfl_trace){.known = true, .patient = "p", .class_id = "c", .questions = q, .question_count = 1};
    s->items[i] = &s->traces[i];
    return q;
}

static bfl_traces all_of(const set *s) { return (bfl_traces){s->items, s->count, INT32_MIN, INT32_MAX}; }

static bool near(double found, double expected, double by) {
    bool good = fabs(found - expected) <= by;
    if (!good) printf("# found %.8g, expected %.8g\n", found, expected);
    return good;
}

typedef struct found {
    bfl_eval_result a, b;
    bfl_eval_group group;
    bfl_forecasts forecasts;
    const bfl_eval_bin *bins;
    const bfl_eval_threshold *curve;
    size_t bin_count, curve_count;
} found;

typedef struct job {
    const set *s;
    bfl_rulebook *book;
    bool days;
    found f;
} job;

static bfl_status work(bfl_arena *arena, void *context, bfl_error *err) {
    job *j = context;
    (void)err;
    bfl_measure m = {arena, j->book, bfl_rule_double(j->book, BFL_NUM_EVALUATE_INTERVALS__LEVEL_FRACTION), 7, j->days};
    bfl_eval_measure(&m, all_of(j->s), A, &j->f.a);
    bfl_eval_measure(&m, all_of(j->s), B, &j->f.b);
    j->f.forecasts = bfl_eval_forecasts(&m, all_of(j->s));
    bfl_eval_calibrate(&m, &j->f.forecasts, &j->f.group);
    j->f.bins = bfl_eval_reliability(&m, &j->f.forecasts, &j->f.bin_count);
    j->f.curve = bfl_eval_decision_curve(&m, all_of(j->s), &j->f.curve_count);
    return BFL_OK;
}

static bfl_arena *arena;
static bfl_rulebook *book;

static found measured(const set *s, bool days) {
    job j = {.s = s, .days = days};
    CHECK(bfl_rulebook_open(BFL_TEXT(""), &book, NULL) == BFL_OK);
    j.book = book;
    arena = bfl_arena_new();
    CHECK(bfl_arena_run(arena, work, &j, NULL) == BFL_OK);
    return j.f;
}

static void forget(void) {
    bfl_arena_free(arena);
    bfl_rulebook_free(book);
}

#define K BFL_CALL_KEEP
#define W BFL_CALL_WAIT
#define S BFL_CALL_STOP

TEST(a_table_by_hand) {
    static set s;
    s.count = 0;
    for (int i = 0; i < 6; i++) (void)ask(&s, true, 0.8, S, S);
    for (int i = 0; i < 2; i++) (void)ask(&s, true, 0.4, K, W);
    for (int i = 0; i < 1; i++) (void)ask(&s, false, 0.9, S, K);
    for (int i = 0; i < 9; i++) (void)ask(&s, false, 0.1, K, K);
    for (int i = 0; i < 2; i++) (void)ask(&s, false, 0.5, W, K);
    found f = measured(&s, false);
    CHECK_INT(f.a.stop_ill, 6);
    CHECK_INT(f.a.keep_ill, 2);
    CHECK_INT(f.a.stop_well, 1);
    CHECK_INT(f.a.keep_well, 9);
    CHECK_INT(f.a.wait_well, 2);
    CHECK_INT(f.b.wait_ill, 2);
    CHECK(near(f.a.sensitivity.value, 0.75, 1e-12) && near(f.a.specificity.value, 0.9, 1e-12));
    CHECK(near(f.a.ppv.value, 6.0 / 7, 1e-12) && near(f.a.npv.value, 9.0 / 11, 1e-12));
    CHECK(near(f.a.wrong.value, 0.15, 1e-12) && near(f.a.abstention.value, 0.1, 1e-12));
    /* Waiting in front of progression keeps the drug: wrong. */
    CHECK(near(f.b.wrong.value, 0.1, 1e-12) && near(f.b.sensitivity.value, 1, 1e-12));
    /* Wilson of 3/20. */
    CHECK(near(f.a.wrong.low, 0.0523687, 1e-6) && near(f.a.wrong.high, 0.3604193, 1e-6));
    CHECK(!f.a.days_lost.present && !f.a.right_soon[0].present);
    /* Brier: (6*.04 + 2*.36 + .81 + 9*.01 + 2*.25) / 20. */
    CHECK(near(f.group.brier.value, 2.36 / 20, 1e-12));
    /* The same seed and number of resamples, the same interval. */
    CHECK(near(f.group.brier.low, 0.0427375, 1e-9));
    CHECK(near(f.group.brier.high, 0.22055, 1e-9));
    /* Pairs of 8 ill and 12 well: .8 beats 11 of 12, .4 beats 9. */
    CHECK(near(f.group.auc.value, (6 * 11 + 2 * 9) / 96.0, 1e-12));
    /* Net benefit at 0.2: stops where p >= 0.2: 8 right, 3 wrong; the method itself 6 and 1. */
    CHECK(near(f.curve[3].probability, 0.2, 1e-12));
    CHECK(near(f.curve[3].boneflare, 8 / 20.0 - 3 / 20.0 * 0.25, 1e-12));
    CHECK(near(f.curve[3].methods[A], 6 / 20.0 - 1 / 20.0 * 0.25, 1e-12));
    CHECK(near(f.curve[3].stop_all, 8 / 20.0 - 12 / 20.0 * 0.25, 1e-12));
    CHECK_INT(f.curve_count, 19);
    CHECK_INT(f.bin_count, 10);
    CHECK_INT(f.bins[1].count, 9);
    CHECK_INT(f.bins[5].count, 2);
    CHECK_INT(f.bins[8].progressions, 6);
    CHECK(!f.bins[0].observed.present && f.bins[9].observed.present && near(f.bins[9].expected, 0.9, 1e-12));
    forget();
}

TEST(recalibration_as_glm) {
    /* glm(c(1,0,1,0,0,1,1,0) ~ qlogis(c(.9,.8,.7,.6,.3,.4,.6,.1)), binomial), solved apart by bisection. */
    static const double p[] = {0.9, 0.8, 0.7, 0.6, 0.3, 0.4, 0.6, 0.1};
    static const bool y[] = {true, false, true, false, false, true, true, false};
    static set s;
    s.count = 0;
    for (size_t i = 0; i < 8; i++) (void)ask(&s, y[i], p[i], y[i] ? S : K, K);
    found f = measured(&s, false);
    CHECK(near(f.group.slope.value, 0.779884, 1e-5));
    CHECK(near(f.group.intercept.value, -0.198412, 1e-5));
    CHECK(f.group.slope.has_interval == (f.group.slope.low < f.group.slope.high));
    forget();
}

TEST(perfect_forecasts_have_no_slope) {
    static set s;
    s.count = 0;
    for (int i = 0; i < 10; i++) (void)ask(&s, i % 2, i % 2 ? 0.95 : 0.05, i % 2 ? S : K, K);
    found f = measured(&s, false);
    CHECK(near(f.a.wrong.value, 0, 0) && near(f.group.auc.value, 1, 0));
    CHECK(near(f.group.brier.value, 0.0025, 1e-12));
    CHECK(!f.group.slope.present && !f.group.intercept.present); /* the classes do not overlap */
    CHECK(f.a.wrong.has_interval && f.a.wrong.low <= 0 && near(f.a.wrong.high, 0.277532, 1e-5)); /* Wilson of 0/10 */
    forget();
}

TEST(forecasts_that_know_nothing) {
    static set s;
    s.count = 0;
    for (int i = 0; i < 20; i++) (void)ask(&s, i % 2, 0.5, i % 4 < 2 ? S : K, K);
    found f = measured(&s, false);
    CHECK(near(f.group.auc.value, 0.5, 0)); /* all tied */
    CHECK(near(f.group.brier.value, 0.25, 0));
    CHECK(!f.group.slope.present);
    CHECK(near(f.a.wrong.value, 0.5, 0));
    forget();
}

TEST(one_class_one_patient_nobody) {
    static set s;
    s.count = 0;
    for (int i = 0; i < 5; i++) (void)ask(&s, false, 0.1 * (i + 1), K, S);
    found f = measured(&s, false);
    CHECK(!f.a.sensitivity.present && f.a.specificity.present && !f.group.auc.present && f.group.brier.present);
    CHECK(!f.a.ppv.present && f.b.ppv.present && near(f.b.ppv.value, 0, 0));
    forget();
    s.count = 0;
    (void)ask(&s, true, 0.7, S, W);
    f = measured(&s, false);
    CHECK(f.a.sensitivity.present && !f.b.sensitivity.present && near(f.b.abstention.value, 1, 0));
    CHECK(f.group.brier.present && !f.group.brier.has_interval);
    forget();
    s.count = 0;
    f = measured(&s, true);
    CHECK(!f.a.wrong.present && !f.group.brier.present && !f.a.days_lost.present && !f.a.days_to_right[0].present);
    CHECK_INT(f.forecasts.count, 0);
    CHECK(near(f.curve[0].stop_all, 0, 0));
    forget();
}

TEST(no_probability_counts_as_the_lowest) {
    static set s;
    s.count = 0;
    ask(&s, false, 0.3, K, K)->has_probability = false;
    (void)ask(&s, true, 0.9, S, S);
    found f = measured(&s, false);
    CHECK_INT(f.forecasts.without, 1);
    CHECK(near(f.forecasts.probability[0], 0.001, 1e-12));
    /* A certain forecast is drawn in: its logit would be infinite. */
    s.questions[1][0].probability = 1;
    forget();
    f = measured(&s, false);
    CHECK(near(f.forecasts.probability[1], 0.999, 1e-12));
    forget();
}

/* Days: true progression on day 100, last visit on day 200. */
static bfl_trace *course(set *s, int32_t failed, int32_t stop, int32_t right) {
    (void)ask(s, false, 0.2, K, K);
    bfl_trace *t = &s->traces[s->count - 1];
    t->has_days = true;
    t->failed_day = failed;
    t->end_day = 200;
    t->stop_day[A] = stop;
    t->first[0] = (bfl_first_question){.asked = true, .day = 40, .open_until = failed < 200 ? failed - 1 : 200};
    t->first[0].right_day[A] = right;
    return t;
}

TEST(days_lost_and_missed) {
    static set s;
    s.count = 0;
    (void)course(&s, 100, 60, 40);               /* 40 lost */
    (void)course(&s, 100, 160, INT32_MAX);       /* 60 missed */
    (void)course(&s, 100, INT32_MAX, 82);        /* never: 100 missed */
    (void)course(&s, INT32_MAX, INT32_MAX, 40);  /* rightly kept */
    (void)course(&s, INT32_MAX, 150, 124);       /* 50 lost; right after 84 days: soon */
    (void)course(&s, 250, 260, 40);              /* both after the last visit */
    (void)course(&s, INT32_MAX, INT32_MAX, 125); /* 85 days: not soon */
    found f = measured(&s, true);
    CHECK(near(f.a.days_lost.value, 90 / 7.0, 1e-12));
    CHECK(near(f.a.days_missed.value, 160 / 7.0, 1e-12));
    CHECK(f.a.days_lost.has_interval && f.a.days_lost.low < 12 && f.a.days_lost.high > 13);
    /* Within 84 days: 0, 42, 0, 84, 0; not 85, not never. */
    CHECK(near(f.a.right_soon[0].value, 5 / 7.0, 1e-12));
    CHECK(!f.a.right_soon[1].present);
    /* Kaplan-Meier: three of seven at 0, one at 42 of the four left: beyond half. */
    CHECK(f.a.days_to_right[0].present && near(f.a.days_to_right[0].value, 42, 1e-9));
    forget();
}

TEST(questions_of_a_patient_belong_together) {
    static set s;
    s.count = 0;
    for (int i = 0; i < 12; i++) {
        bfl_question *q = ask(&s, false, 0.3, i < 6 ? S : K, K);
        q[1] = q[2] = q[0];
        q[1].therapy_day = 100;
        q[2].therapy_day = 300;
        s.traces[i].question_count = 3;
    }
    found f = measured(&s, false);
    CHECK_INT(f.a.stop_well, 18);
    CHECK(near(f.a.wrong.value, 0.5, 0));
    /* Twelve patients, not thirty-six: wider than Wilson of 18/36 (0.345 to 0.655). */
    CHECK(f.a.wrong.has_interval && f.a.wrong.low < 0.3 && f.a.wrong.high > 0.7);
    CHECK_INT(f.forecasts.count, 36);
    CHECK_INT(f.forecasts.patients, 12);
    forget();
    found again = measured(&s, false);
    CHECK(near(again.a.wrong.low, f.a.wrong.low, 0) && near(again.group.brier.low, f.group.brier.low, 0));
    forget();
}

TEST_CASES(CASE(a_table_by_hand), CASE(recalibration_as_glm), CASE(perfect_forecasts_have_no_slope),
           CASE(forecasts_that_know_nothing), CASE(one_class_one_patient_nobody),
           CASE(no_probability_counts_as_the_lowest), CASE(days_lost_and_missed),
           CASE(questions_of_a_patient_belong_together))
