/* SPDX-License-Identifier: Apache-2.0 */
#include "num/random.h"

#include <math.h>
#include <string.h>

/* ---- Philox4x32-10 ---- */

enum { ROUNDS = 10 };

static void philox_round(uint32_t c[4], const uint32_t k[2]) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c[0], p1 = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t n0 = (uint32_t)(p1 >> 32) ^ c[1] ^ k[0], n2 = (uint32_t)(p0 >> 32) ^ c[3] ^ k[1];
    c[0] = n0;
    c[1] = (uint32_t)p1;
    c[2] = n2;
    c[3] = (uint32_t)p0;
}

static void refill(bfl_random *r) {
    uint32_t k[2] = {r->key[0], r->key[1]};
    memcpy(r->block, r->counter, sizeof r->block);
    for (int i = 0; i < ROUNDS; i++) {
        philox_round(r->block, k);
        k[0] += 0x9E3779B9u;
        k[1] += 0xBB67AE85u;
    }
    r->counter[0]++;
    r->left = 4;
}

bfl_random bfl_random_stream(uint64_t seed, uint64_t item, uint32_t purpose) {
    bfl_random r = {.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                    .counter = {0, purpose, (uint32_t)item, (uint32_t)(item >> 32)}};
    return r;
}

uint32_t bfl_random_bits(bfl_random *r) {
    if (r->left == 0) refill(r);
    return r->block[4 - r->left--];
}

/* ---- distributions ---- */

double bfl_random_uniform(bfl_random *r) {
    uint64_t high = bfl_random_bits(r), low = bfl_random_bits(r);
    return ((double)((high << 32 | low) >> 12) + 0.5) * 0x1p-52; /* 52 bits and a half: never 0, never 1 */
}

double bfl_random_between(bfl_random *r, double low, double high) { return low + (high - low) * bfl_random_uniform(r); }

uint32_t bfl_random_below(bfl_random *r, uint32_t n) {
    if (n == 0) return 0;
    uint32_t biased = (0u - n) % n; /* Lemire 2019: these remainders would come once too often */
    uint64_t product;
    do product = (uint64_t)bfl_random_bits(r) * n;
    while ((uint32_t)product < biased);
    return (uint32_t)(product >> 32);
}

bool bfl_random_chance(bfl_random *r, double p) { return bfl_random_uniform(r) < p; }

/* Marsaglia's polar method: log and sqrt only. */
double bfl_random_normal(bfl_random *r) {
    if (r->has_normal) {
        r->has_normal = false;
        return r->normal;
    }
    double u, v, s;
    do {
        u = 2 * bfl_random_uniform(r) - 1;
        v = 2 * bfl_random_uniform(r) - 1;
        s = u * u + v * v;
    } while (s >= 1 || s <= 0);
    double factor = sqrt(-2 * log(s) / s);
    r->normal = v * factor;
    r->has_normal = true;
    return u * factor;
}

double bfl_random_lognormal(bfl_random *r, double median, double log_sd) {
    return median * exp(log_sd * bfl_random_normal(r));
}

/* Marsaglia and Tsang 2000 for shape >= 1. */
static double gamma_unit(bfl_random *r, double shape) {
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = bfl_random_normal(r), v = 1 + c * x;
        if (v <= 0) continue;
        v = v * v * v;
        if (log(bfl_random_uniform(r)) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
    }
}

double bfl_random_gamma(bfl_random *r, double shape, double scale) {
    if (!(shape > 0 && scale > 0)) return 0;
    if (shape >= 1) return scale * gamma_unit(r, shape);
    double g = gamma_unit(r, shape + 1);
    return scale * g * pow(bfl_random_uniform(r), 1 / shape);
}

double bfl_random_beta(bfl_random *r, double a, double b) {
    double x = bfl_random_gamma(r, a, 1), y = bfl_random_gamma(r, b, 1);
    return x + y > 0 ? x / (x + y) : 0;
}

/* Means are halved by the order statistics of the gamma distribution until products of uniforms do (Ahrens and Dieter 1974). */
uint32_t bfl_random_poisson(bfl_random *r, double mean) {
    uint32_t count = 0;
    if (!(mean > 0)) return 0;
    mean = fmin(mean, 1e6);
    while (mean > 16) {
        uint32_t m = (uint32_t)(mean * 7 / 8);
        double arrival = bfl_random_gamma(r, m, 1);
        if (arrival >
            mean) { /* the m-th event comes too late: each of the first m - 1 is in time with probability mean / arrival */
            double p = mean / arrival;
            for (uint32_t i = 1; i < m; i++) count += bfl_random_chance(r, p);
            return count;
        }
        count += m;
        mean -= arrival;
    }
    double limit = exp(-mean), product = bfl_random_uniform(r);
    for (; product > limit; product *= bfl_random_uniform(r)) count++;
    return count;
}

double bfl_random_t(bfl_random *r, double df) {
    double z = bfl_random_normal(r), chi = bfl_random_gamma(r, df / 2, 2);
    return chi > 0 ? z / sqrt(chi / df) : z;
}
