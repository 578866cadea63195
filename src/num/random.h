/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random numbers that depend on nothing but their key: Philox4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3,
 * SC11), a counter run through ten rounds. A stream is named by a seed, an item (a patient) and a purpose; streams do not
 * overlap, so items can be made in any order and on any thread.
 */
#ifndef BFL_NUM_RANDOM_H
#define BFL_NUM_RANDOM_H

#include "base/base.h"

typedef struct bfl_random {
    uint32_t key[2];     /* the seed */
    uint32_t counter[4]; /* block, purpose, item low, item high */
    uint32_t block[4];   /* numbers of the block before the counter */
    int left;            /* of them not handed out yet */
    bool has_normal;     /* the other of a pair */
    double normal;
} bfl_random;

/* The stream of `purpose` for `item` under `seed`. 2^34 numbers long. */
bfl_random bfl_random_stream(uint64_t seed, uint64_t item, uint32_t purpose);
uint32_t bfl_random_bits(bfl_random *r);
/* Uniform, above 0 and below 1. */
double bfl_random_uniform(bfl_random *r);
/* Uniform between two limits. */
double bfl_random_between(bfl_random *r, double low, double high);
/* A whole number from 0 to n - 1, unbiased; 0 when n is 0. */
uint32_t bfl_random_below(bfl_random *r, uint32_t n);
/* True with probability p. */
bool bfl_random_chance(bfl_random *r, double p);
/* Standard normal. */
double bfl_random_normal(bfl_random *r);
/* exp(N(log median, log_sd)). */
double bfl_random_lognormal(bfl_random *r, double median, double log_sd);
/* Gamma of shape > 0 and scale > 0; 0 when one is not. */
double bfl_random_gamma(bfl_random *r, double shape, double scale);
/* Beta of shapes a, b > 0. */
double bfl_random_beta(bfl_random *r, double a, double b);
/* Poisson of mean 0 to 1e6 (cut there); 0 when the mean is not above 0. */
uint32_t bfl_random_poisson(bfl_random *r, double mean);
/* Student t with df > 0 degrees of freedom. */
double bfl_random_t(bfl_random *r, double df);

#endif
