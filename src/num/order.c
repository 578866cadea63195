/* SPDX-License-Identifier: Apache-2.0 */
/* Stable order of doubles: merge sort for few, radix sort on the bit pattern for many. */
#include "num/state.h"

#include <string.h>

enum { FEW = 256, DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

typedef struct keyed {
    uint64_t key;
    uint32_t index;
} keyed;

/* An unsigned number in the order of the double. Adding 0 makes -0 and 0 the same. */
static uint64_t key_of(double x) {
    uint64_t bits;
    x += 0.0;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static int by_key(const void *a, const void *b, const void *context) {
    (void)context;
    uint64_t left = ((const keyed *)a)->key, right = ((const keyed *)b)->key;
    return left < right ? -1 : left > right;
}

static size_t digit_of(uint64_t key, unsigned digit) { return (size_t)(key >> digit * DIGIT_BITS) & (BUCKETS - 1); }

/* One stable distribution by a digit; counts become places. */
static void distribute(const keyed *from, keyed *to, size_t n, unsigned digit, uint32_t *counts) {
    uint32_t place = 0;
    for (size_t b = 0; b < BUCKETS; b++) {
        uint32_t count = counts[b];
        counts[b] = place;
        place += count;
    }
    for (size_t i = 0; i < n; i++) to[counts[digit_of(from[i].key, digit)]++] = from[i];
}

static keyed *radix_sort(bfl_arena *arena, keyed *items, size_t n) {
    keyed *other = BFL_NEW_ARRAY(arena, n, keyed);
    uint32_t *counts = BFL_NEW_ARRAY(arena, (size_t)DIGITS * BUCKETS, uint32_t);
    for (size_t i = 0; i < n; i++)
        for (unsigned d = 0; d < DIGITS; d++) counts[d * BUCKETS + digit_of(items[i].key, d)]++;
    for (unsigned d = 0; d < DIGITS; d++) {
        uint32_t *own = counts + (size_t)d * BUCKETS;
        if (own[digit_of(items[0].key, d)] == n) continue;
        distribute(items, other, n, d, own);
        keyed *swap = items;
        items = other;
        other = swap;
    }
    return items;
}

uint32_t *bfl_num_order(bfl_arena *arena, const double *x, size_t n) {
    keyed *items = BFL_NEW_ARRAY(arena, n, keyed);
    uint32_t *order = BFL_NEW_ARRAY(arena, n, uint32_t);
    for (size_t i = 0; i < n; i++) items[i] = (keyed){key_of(x[i]), (uint32_t)i};
    if (n > FEW)
        items = radix_sort(arena, items, n);
    else
        bfl_sort(arena, items, n, sizeof *items, by_key, NULL);
    for (size_t i = 0; i < n; i++) order[i] = items[i].index;
    return order;
}

double *bfl_num_sorted(bfl_arena *arena, const double *x, size_t n) {
    uint32_t *order = bfl_num_order(arena, x, n);
    double *sorted = BFL_NEW_ARRAY(arena, n, double);
    for (size_t i = 0; i < n; i++) sorted[i] = x[order[i]];
    return sorted;
}
