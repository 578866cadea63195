/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle.h"

#include "num/num.h"

static const double REAL[] = {-40, -8, -2.5, -0.3, 0, 1e-3, 0.7, 1.959963984540054, 5, 20};
static const double POSITIVE[] = {0, 1e-6, 0.05, 0.7, 1, 2.5, 7, 40};
static const double UNIT[] = {0, 1e-5, 0.1, 0.5, 0.8, 0.99, 1};
static const double COUNTS[] = {0, 1, 3, 6, 11.5, 19, 20};
static const double P[] = {1e-12, 1e-4, 0.025, 0.3, 0.5, 0.9, 0.975, 0.9999};

typedef struct listed {
    const char *name;
    bfl_num_distribution d;
    const double *at;
    size_t count;
} listed;

static void compare(oracle *o, const listed *l) {
    char key[64];
    for (size_t i = 0; i < l->count; i++) {
        (void)snprintf(key, sizeof key, "%s,cdf", l->name);
        R_SAYS_WITHIN(o, key, i, bfl_num_cdf(l->d, l->at[i]).value, 1e-300);
        (void)snprintf(key, sizeof key, "%s,survival", l->name);
        R_SAYS_WITHIN(o, key, i, bfl_num_survival(l->d, l->at[i]).value, 1e-300);
    }
    for (size_t i = 0; i < sizeof P / sizeof *P; i++) {
        (void)snprintf(key, sizeof key, "%s,quantile", l->name);
        R_SAYS_WITHIN(o, key, i, bfl_num_quantile(l->d, P[i]).value, 1e-14);
        (void)snprintf(key, sizeof key, "%s,quantile_upper", l->name);
        R_SAYS_WITHIN(o, key, i, bfl_num_quantile_upper(l->d, P[i]).value, 1e-14);
    }
}

#define AT(points) points, sizeof(points) / sizeof *(points)

ARENA_TEST(agrees_with_r) {
    const listed all[] = {{"normal", bfl_num_normal(0, 1), AT(REAL)},
                          {"t1", bfl_num_t(1), AT(REAL)},
                          {"t4.7", bfl_num_t(4.7), AT(REAL)},
                          {"t200", bfl_num_t(200), AT(REAL)},
                          {"f2_9", bfl_num_f(2, 9), AT(POSITIVE)},
                          {"f5.5_60", bfl_num_f(5.5, 60), AT(POSITIVE)},
                          {"chi1", bfl_num_chi_square(1), AT(POSITIVE)},
                          {"chi7", bfl_num_chi_square(7), AT(POSITIVE)},
                          {"beta2_5", bfl_num_beta(2, 5), AT(UNIT)},
                          {"beta0.5_30", bfl_num_beta(0.5, 30), AT(UNIT)},
                          {"binomial20_0.3", bfl_num_binomial(20, 0.3), AT(COUNTS)}};
    oracle o = oracle_open(arena, "distributions.csv");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) compare(&o, &all[i]);
    oracle_all_used(&o);
}

TEST(closed_forms) {
    NEAR(bfl_num_cdf(bfl_num_normal(3, 2), 3).value, 0.5);
    NEAR(bfl_num_cdf(bfl_num_t(1), 1).value, 0.75);                  /* Cauchy */
    NEAR(bfl_num_survival(bfl_num_chi_square(2), 4).value, exp(-2)); /* exponential */
    NEAR(bfl_num_cdf(bfl_num_beta(1, 1), 0.3).value, 0.3);           /* uniform */
    NEAR(bfl_num_cdf(bfl_num_binomial(2, 0.5), 0).value, 0.25);
    NEAR(bfl_num_z(0.95), 1.959963984540054);
    CHECK_INT(bfl_num_quantile(bfl_num_binomial(4, 0.5), 0.5).value, 2);
}

TEST(ends_of_the_support) {
    CHECK(bfl_num_cdf(bfl_num_normal(0, 1), HUGE_VAL).value == 1);
    CHECK(bfl_num_survival(bfl_num_normal(0, 1), -HUGE_VAL).value == 1);
    CHECK(bfl_num_survival(bfl_num_chi_square(3), -1).value == 1);
    CHECK(bfl_num_cdf(bfl_num_beta(2, 2), 7).value == 1);
    CHECK(bfl_num_survival(bfl_num_binomial(5, 0.2), 5).value == 0);
    CHECK(bfl_num_cdf(bfl_num_binomial(5, 0.2), -0.1).value == 0);
    CHECK(bfl_num_quantile(bfl_num_chi_square(3), 0).present && bfl_num_quantile(bfl_num_chi_square(3), 0).value == 0);
    CHECK(!bfl_num_quantile(bfl_num_chi_square(3), 1).present);
    CHECK(!bfl_num_quantile(bfl_num_normal(0, 1), 0).present);
    CHECK(bfl_num_quantile_upper(bfl_num_beta(2, 2), 0).value == 1);
}

TEST(refuses_what_has_no_answer) {
    CHECK(!bfl_num_cdf(bfl_num_t(0), 1).present);
    CHECK(!bfl_num_cdf(bfl_num_t(-2), 1).present);
    CHECK(!bfl_num_cdf(bfl_num_normal(0, 0), 1).present);
    CHECK(!bfl_num_cdf(bfl_num_normal((double)NAN, 1), 1).present);
    CHECK(!bfl_num_cdf(bfl_num_f(3, HUGE_VAL), 1).present);
    CHECK(!bfl_num_cdf(bfl_num_beta(0, 1), 0.5).present);
    CHECK(!bfl_num_cdf(bfl_num_binomial(3, 1.5), 1).present);
    CHECK(!bfl_num_cdf(bfl_num_chi_square(2), (double)NAN).present);
    CHECK(!bfl_num_quantile(bfl_num_t(2), 1.0001).present);
    CHECK(!bfl_num_quantile(bfl_num_t(2), (double)NAN).present);
    CHECK(bfl_num_z(0) == 0 && bfl_num_z(1) == 0 && bfl_num_z((double)NAN) == 0);
    CHECK(!bfl_num_some((double)NAN).present && !bfl_num_some(HUGE_VAL).present && bfl_num_some(-3).present);
}

/* Against the plain sum over a fine grid. */
TEST(mean_of_a_logistic_over_a_normal) {
    for (int m = -6; m <= 6; m++)
        for (int s = 0; s <= 6; s++) {
            double sum = 0, all = 0, sd = s / 2.0;
            for (int i = -4000; i <= 4000; i++) {
                double z = i / 450.0, density = exp(-z * z / 2);
                all += density;
                sum += density / (1 + exp(-(m + sd * z)));
            }
            CHECK(fabs(bfl_num_logistic_normal(m, sd) - sum / all) < (sd <= 2 ? 1e-5 : 1e-3));
        }
}

TEST(states_have_names) {
    CHECK_TEXT(bfl_num_state_name(BFL_NUM_OK), "ok");
    CHECK_TEXT(bfl_num_state_name(BFL_NUM_BAD_INPUT), "bad input");
    CHECK_TEXT(bfl_num_state_name((bfl_num_state)99), "unknown");
}

ARENA_TEST(orders_doubles) {
    enum { MANY = 3000 };
    double few[] = {3, -0.0, 0.0, -7.5, 1e300, -1e-300}, *many = BFL_NEW_ARRAY(arena, MANY, double);
    const uint32_t expected[] = {3, 5, 1, 2, 0, 4};
    CHECK(memcmp(bfl_num_order(arena, few, 6), expected, sizeof expected) == 0);
    uint32_t state = 1;
    for (size_t i = 0; i < MANY; i++) {
        state = state * 1664525 + 1013904223;
        many[i] = ((double)(state >> 22) - 512) * 0.37;
    }
    uint32_t *order = bfl_num_order(arena, many, MANY);
    size_t bad = 0;
    for (size_t i = 1; i < MANY; i++) {
        double before = many[order[i - 1]], here = many[order[i]];
        bad += !(before < here || (before <= here && order[i - 1] < order[i]));
    }
    CHECK_INT(bad, 0);
    (void)bfl_num_order(arena, few, 0);
}

TEST_CASES(CASE(agrees_with_r), CASE(closed_forms), CASE(ends_of_the_support), CASE(refuses_what_has_no_answer),
           CASE(mean_of_a_logistic_over_a_normal), CASE(states_have_names), CASE(orders_doubles))
