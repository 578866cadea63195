/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals where they are reckoned with: nearly all are of few digits, and most of two stand on one exponent. Those are done in
 * place, as far as it is sure; decimal.c does the rest. Never included alone: base/base.h brings it. */
#ifndef BFL_BASE_EXACT_H
#define BFL_BASE_EXACT_H

#include <boneflare/base.h>

/* For any two decimals (decimal.c). */
int bfl_decimal_compare_any(bfl_decimal a, bfl_decimal b);
bfl_decimal bfl_decimal_add_any(bfl_decimal a, bfl_decimal b);
bfl_decimal bfl_decimal_multiply_any(bfl_decimal a, bfl_decimal b);
bfl_decimal bfl_decimal_of_any(int64_t whole);
int bfl_decimal_compare_products(bfl_decimal a, bfl_decimal b, bfl_decimal c, bfl_decimal d);
/* May it stand as a decimal without rounding? */
bool bfl_decimal_fits(int64_t mantissa, int exponent);

/* Written where they are called from inside; decimal.c, which leaves this empty, gives them to all others. */
#ifndef BFL_IN_PLACE
#define BFL_IN_PLACE extern inline __attribute__((gnu_inline))
#endif

BFL_IN_PLACE bool bfl_decimal_fits(int64_t mantissa, int exponent) {
    enum { FARTHEST = 18 };
    const int64_t limit = 1000000000000000000; /* 10^18 */
    return mantissa < limit && mantissa > -limit && exponent >= -FARTHEST && exponent <= FARTHEST;
}

BFL_IN_PLACE int bfl_decimal_compare(bfl_decimal a, bfl_decimal b) {
    return a.exponent == b.exponent ? (a.mantissa > b.mantissa) - (a.mantissa < b.mantissa)
                                    : bfl_decimal_compare_any(a, b);
}

BFL_IN_PLACE bfl_decimal bfl_decimal_add(bfl_decimal a, bfl_decimal b) {
    int64_t sum;
    if (a.mantissa == 0) return b;
    if (a.exponent == b.exponent && !__builtin_add_overflow(a.mantissa, b.mantissa, &sum) &&
        bfl_decimal_fits(sum, a.exponent))
        return (bfl_decimal){sum, a.exponent};
    return bfl_decimal_add_any(a, b);
}

BFL_IN_PLACE bfl_decimal bfl_decimal_subtract(bfl_decimal a, bfl_decimal b) {
    return bfl_decimal_add(a, (bfl_decimal){-b.mantissa, b.exponent});
}

BFL_IN_PLACE bfl_decimal bfl_decimal_multiply(bfl_decimal a, bfl_decimal b) {
    int64_t product;
    int exponent = a.exponent + b.exponent;
    if (!__builtin_mul_overflow(a.mantissa, b.mantissa, &product) && bfl_decimal_fits(product, exponent))
        return (bfl_decimal){product, exponent};
    return bfl_decimal_multiply_any(a, b);
}

/* a * b against c * d: -1, 0 or 1. */
BFL_IN_PLACE int bfl_decimal_compare_products(bfl_decimal a, bfl_decimal b, bfl_decimal c, bfl_decimal d) {
    int64_t left, right;
    if (a.exponent + b.exponent == c.exponent + d.exponent && !__builtin_mul_overflow(a.mantissa, b.mantissa, &left) &&
        !__builtin_mul_overflow(c.mantissa, d.mantissa, &right))
        return (left > right) - (left < right);
    return bfl_decimal_compare(bfl_decimal_multiply(a, b), bfl_decimal_multiply(c, d));
}

BFL_IN_PLACE bfl_decimal bfl_decimal_of(int64_t whole) {
    return bfl_decimal_fits(whole, 0) ? (bfl_decimal){whole, 0} : bfl_decimal_of_any(whole);
}

BFL_IN_PLACE bool bfl_decimal_is_zero(bfl_decimal a) { return a.mantissa == 0; }

BFL_IN_PLACE bfl_maybe bfl_some(bfl_decimal value) { return (bfl_maybe){value, true}; }

#endif
