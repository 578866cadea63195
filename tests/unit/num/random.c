/* SPDX-License-Identifier: Apache-2.0 */
/* The generator against the authors' known answers; moments of the distributions against theory. */
#include "num/num.h"
#include "test.h"

enum { DRAWS = 40000 };

typedef struct moments {
    double mean, variance;
} moments;

static moments moments_of(double (*draw)(bfl_random *r), uint32_t purpose) {
    bfl_random r = bfl_random_stream(7, 3, purpose);
    double sum = 0, square = 0;
    for (int i = 0; i < DRAWS; i++) {
        double x = draw(&r);
        sum += x;
        square += x * x;
    }
    double mean = sum / DRAWS;
    return (moments){mean, square / DRAWS - mean * mean};
}

/* Within six standard errors of the mean, and 10 % of the variance. */
static bool fits(moments m, double mean, double variance) {
    return fabs(m.mean - mean) < 6 * sqrt(variance / DRAWS) && fabs(m.variance / variance - 1) < 0.1;
}

static double uniform(bfl_random *r) { return bfl_random_uniform(r); }
static double between(bfl_random *r) { return bfl_random_between(r, -2, 4); }
static double normal(bfl_random *r) { return bfl_random_normal(r); }
static double log_of_lognormal(bfl_random *r) { return log(bfl_random_lognormal(r, 5, 0.4)); }
static double gamma_small(bfl_random *r) { return bfl_random_gamma(r, 0.5, 2); }
static double gamma_large(bfl_random *r) { return bfl_random_gamma(r, 6, 0.5); }
static double beta(bfl_random *r) { return bfl_random_beta(r, 2, 6); }
static double poisson_small(bfl_random *r) { return bfl_random_poisson(r, 1.5); }
static double poisson_large(bfl_random *r) { return bfl_random_poisson(r, 300); }
static double student(bfl_random *r) { return bfl_random_t(r, 10); }
static double chance(bfl_random *r) { return bfl_random_chance(r, 0.3); }
static double below(bfl_random *r) { return bfl_random_below(r, 7); }

/* Random123-1.14, kat_vectors, lines "philox4x32 10". */
TEST(known_answers) {
    bfl_random r = bfl_random_stream(0, 0, 0);
    CHECK(bfl_random_bits(&r) == 0x6627e8d5u);
    CHECK(bfl_random_bits(&r) == 0xe169c58du);
    CHECK(bfl_random_bits(&r) == 0xbc57ac4cu);
    CHECK(bfl_random_bits(&r) == 0x9b00dbd8u);
    r = bfl_random_stream(UINT64_MAX, UINT64_MAX, UINT32_MAX);
    r.counter[0] = UINT32_MAX;
    CHECK(bfl_random_bits(&r) == 0x408f276du);
    CHECK(bfl_random_bits(&r) == 0x41c83b0eu);
    CHECK(bfl_random_bits(&r) == 0xa20bc7c6u);
    CHECK(bfl_random_bits(&r) == 0x6d5451fdu);
    r = bfl_random_stream(0x299f31d0a4093822u, 0x0370734413198a2eu, 0x85a308d3u);
    r.counter[0] = 0x243f6a88u;
    CHECK(bfl_random_bits(&r) == 0xd16cfe09u);
    CHECK(bfl_random_bits(&r) == 0x94fdccebu);
    CHECK(bfl_random_bits(&r) == 0x5001e420u);
    CHECK(bfl_random_bits(&r) == 0x24126ea1u);
}

TEST(streams_differ_and_repeat) {
    bfl_random a = bfl_random_stream(1, 2, 3), again = bfl_random_stream(1, 2, 3);
    bfl_random others[] = {bfl_random_stream(2, 2, 3), bfl_random_stream(1, 3, 3), bfl_random_stream(1, 2, 4),
                           bfl_random_stream((uint64_t)1 << 32, 2, 3), bfl_random_stream(1, (uint64_t)1 << 32, 3)};
    uint32_t first = bfl_random_bits(&a);
    CHECK(first == bfl_random_bits(&again));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) CHECK(bfl_random_bits(&others[i]) != first);
    for (int i = 0; i < 9; i++) CHECK(bfl_random_bits(&a) == bfl_random_bits(&again));
}

TEST(moments_are_those_of_theory) {
    CHECK(fits(moments_of(uniform, 1), 0.5, 1.0 / 12));
    CHECK(fits(moments_of(between, 2), 1, 3));
    CHECK(fits(moments_of(normal, 3), 0, 1));
    CHECK(fits(moments_of(log_of_lognormal, 4), log(5), 0.16));
    CHECK(fits(moments_of(gamma_small, 5), 1, 2));
    CHECK(fits(moments_of(gamma_large, 6), 3, 1.5));
    CHECK(fits(moments_of(beta, 7), 0.25, 12.0 / (64 * 9)));
    CHECK(fits(moments_of(poisson_small, 8), 1.5, 1.5));
    CHECK(fits(moments_of(poisson_large, 9), 300, 300));
    CHECK(fits(moments_of(student, 10), 0, 1.25));
    CHECK(fits(moments_of(chance, 11), 0.3, 0.21));
    CHECK(fits(moments_of(below, 12), 3, 4));
}

TEST(quantiles_are_those_of_theory) {
    bfl_random r = bfl_random_stream(11, 0, 0);
    int inside = 0, tail = 0;
    for (int i = 0; i < DRAWS; i++) {
        double z = bfl_random_normal(&r);
        inside += fabs(z) < 1;
        tail += z > 1.959963985;
    }
    CHECK(fabs((double)inside / DRAWS - 0.682689) < 0.012);
    CHECK(fabs((double)tail / DRAWS - 0.025) < 0.004);
}

TEST(limits_of_the_arguments) {
    bfl_random r = bfl_random_stream(1, 1, 1);
    CHECK(bfl_random_below(&r, 0) == 0);
    CHECK(bfl_random_below(&r, 1) == 0);
    CHECK(bfl_random_gamma(&r, 0, 1) <= 0);
    CHECK(bfl_random_gamma(&r, 1, -1) <= 0);
    CHECK(bfl_random_gamma(&r, (double)NAN, 1) <= 0);
    CHECK(bfl_random_poisson(&r, -1) == 0);
    CHECK(bfl_random_poisson(&r, (double)NAN) == 0);
    CHECK(!bfl_random_chance(&r, 0));
    CHECK(bfl_random_chance(&r, 1));
    for (int i = 0; i < DRAWS; i++) {
        double u = bfl_random_uniform(&r);
        CHECK(u > 0 && u < 1);
    }
}

TEST_CASES(CASE(known_answers), CASE(streams_differ_and_repeat), CASE(moments_are_those_of_theory),
           CASE(quantiles_are_those_of_theory), CASE(limits_of_the_arguments))
