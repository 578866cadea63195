/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a result is there, and numbers that may be missing. */
#ifndef BFL_NUM_STATE_H
#define BFL_NUM_STATE_H

#include "base/base.h"

typedef enum bfl_num_state {
    BFL_NUM_OK = 0,
    BFL_NUM_EMPTY,     /* no observations */
    BFL_NUM_TOO_FEW,   /* fewer observations, groups or subjects than the method needs */
    BFL_NUM_CONSTANT,  /* no variation where the method needs some */
    BFL_NUM_NO_EVENTS, /* nobody had the event */
    BFL_NUM_SINGULAR,  /* columns of the design are linear combinations of others */
    BFL_NUM_MONOTONE,  /* the likelihood has no maximum: an estimate runs to infinity */
    BFL_NUM_NOT_CONVERGED,
    BFL_NUM_BAD_INPUT /* NaN, infinite, negative, out of range, an interval that ends before it starts */
} bfl_num_state;

/* Short lower-case words of a state ("ok", "no events"). Static text. */
const char *bfl_num_state_name(bfl_num_state state);

/* A number that may be missing. */
typedef struct bfl_num_real {
    double value; /* 0 when not present */
    bool present;
} bfl_num_real;

/* Present when finite. */
bfl_num_real bfl_num_some(double value);
/* Missing. */
bfl_num_real bfl_num_none(void);

/* Is every number finite? */
bool bfl_num_finite(const double *x, size_t n);
/* Is it a level of confidence: above 0, below 1? */
bool bfl_num_level_valid(double level);

/* Positions of x in ascending order; equal numbers keep their order. No NaN. n below 2^32. */
uint32_t *bfl_num_order(bfl_arena *arena, const double *x, size_t n) __attribute__((returns_nonnull));
/* Ascending copy. */
double *bfl_num_sorted(bfl_arena *arena, const double *x, size_t n) __attribute__((returns_nonnull));

/* Compensated sum (Neumaier 1974): start with {0}; the total is bfl_num_sum_total(). */
typedef struct bfl_num_sum {
    double high, low;
} bfl_num_sum;

static inline void bfl_num_sum_add(bfl_num_sum *sum, double x) {
    double total = sum->high + x, back = total - sum->high;
    sum->low += (sum->high - (total - back)) + (x - back); /* Knuth's two-sum: exact without a branch */
    sum->high = total;
}
static inline double bfl_num_sum_total(bfl_num_sum sum) { return sum.high + sum.low; }

#endif
