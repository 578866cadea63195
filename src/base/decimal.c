/* SPDX-License-Identifier: Apache-2.0 */
/* Exact decimals. Intermediate results need up to 38 digits and live in a 128-bit integer. */
#define BFL_IN_PLACE /* base/exact.h: here they are */
#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { DIGITS = 18, EXPONENT_LIMIT = 18, WIDE_DIGITS = 37 };

static wide power10(int n) {
    wide p = 1;
    while (n-- > 0) p *= 10;
    return p;
}

static int digits_of(wide v) {
    int n = 0;
    for (; v > INT64_MAX || v < INT64_MIN; v /= 10) n++;
    for (int64_t narrow = (int64_t)v; narrow != 0; narrow /= 10) n++; /* a 64-bit division costs a tenth */
    return n;
}

static wide divide_half_away(wide a, wide b) {
    wide quotient = a / b, rest = a % b;
    if (rest < 0) rest = -rest;
    wide divisor = b < 0 ? -b : b;
    if (rest >= divisor - rest) quotient += (a < 0) == (b < 0) ? 1 : -1;
    return quotient;
}

/* v * 10^exponent, rounded to DIGITS digits and to the smallest exponent, saturated at the largest. */
static bfl_decimal fit(wide v, int exponent) {
    const wide limit = 1000000000000000000; /* 10^DIGITS */
    bool fits = v < limit && v > -limit && exponent >= -EXPONENT_LIMIT && exponent <= EXPONENT_LIMIT;
    if (fits) return (bfl_decimal){(int64_t)v, exponent};
    int excess = digits_of(v) - DIGITS;
    if (excess < -EXPONENT_LIMIT - exponent) excess = -EXPONENT_LIMIT - exponent;
    if (excess > 0) {
        v = excess > WIDE_DIGITS ? 0 : divide_half_away(v, power10(excess));
        exponent += excess;
        if (digits_of(v) > DIGITS) v /= 10, exponent++;
    }
    for (; exponent > EXPONENT_LIMIT && digits_of(v) < DIGITS; exponent--) v *= 10;
    if (exponent > EXPONENT_LIMIT) {
        v = v < 0 ? 1 - power10(DIGITS) : power10(DIGITS) - 1;
        exponent = EXPONENT_LIMIT;
    }
    return (bfl_decimal){(int64_t)v, exponent};
}

/* ---- most values fit in 64 bits with room to spare ---- */

static const int64_t powers[] = {1,           10,           100,           1000,           10000,
                                 100000,      1000000,      10000000,      100000000,      1000000000,
                                 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000};
enum { POWERS = sizeof powers / sizeof *powers };

/* a and b as mantissas of the smaller exponent; false when 64 bits may not hold them. */
static inline bool align_narrow(bfl_decimal a, bfl_decimal b, int64_t *na, int64_t *nb) {
    int apart = a.exponent - b.exponent, up = apart > 0 ? apart : 0, down = apart < 0 ? -apart : 0;
    if (up >= POWERS || down >= POWERS) return false;
    return !__builtin_mul_overflow(a.mantissa, powers[up], na) && !__builtin_mul_overflow(b.mantissa, powers[down], nb);
}

typedef struct scanner {
    const char *p, *end;
} scanner;

static bool accept(scanner *s, char c) {
    if (s->p == s->end || *s->p != c) return false;
    s->p++;
    return true;
}

/* Appends digits to *mantissa; returns how many there were, -1 on overflow. */
static int scan_digits(scanner *s, int64_t *mantissa) {
    int n = 0;
    for (; s->p < s->end && *s->p >= '0' && *s->p <= '9'; s->p++, n++) {
        if (*mantissa > 99999999999999999) return -1;
        *mantissa = *mantissa * 10 + (*s->p - '0');
    }
    return n;
}

static bfl_status bad_number(bfl_text text, bfl_error *err, bfl_status status, const char *why) {
    int shown = text.size < 40 ? (int)text.size : 40;
    return bfl_fail(err, status, "", 0, "'%.*s' is not a number: %s", shown, text.data ? text.data : "", why);
}

static bfl_status scan_exponent(scanner *s, int *exponent) {
    bool negative = accept(s, '-');
    if (!negative) (void)accept(s, '+');
    int64_t value = 0;
    int n = scan_digits(s, &value);
    if (n == 0) return BFL_EPARSE;
    if (n < 0 || value > 99) return BFL_ELIMIT;
    *exponent += negative ? -(int)value : (int)value;
    return BFL_OK;
}

bfl_status bfl_decimal_parse(bfl_text text, bfl_decimal *out, bfl_error *err) {
    if (text.size == 0) return bad_number(text, err, BFL_EPARSE, "it is empty");
    scanner s = {text.data, text.data + text.size};
    bool negative = accept(&s, '-');
    if (!negative) (void)accept(&s, '+');
    int64_t mantissa = 0;
    int exponent = 0;
    int whole = scan_digits(&s, &mantissa);
    int fraction = accept(&s, '.') ? scan_digits(&s, &mantissa) : 0;
    if (whole < 0 || fraction < 0) return bad_number(text, err, BFL_ELIMIT, "more than 18 digits");
    if (whole + fraction == 0) return bad_number(text, err, BFL_EPARSE, "write digits, as in 12.5");
    exponent = -fraction;
    if (accept(&s, 'e') || accept(&s, 'E')) {
        bfl_status status = scan_exponent(&s, &exponent);
        if (status) return bad_number(text, err, status, "its exponent cannot be used");
    }
    if (s.p != s.end)
        return bad_number(text, err, BFL_EPARSE,
                          *s.p == ',' ? "a comma is not a decimal point; write 12.5" : "something follows the digits");
    if (exponent < -EXPONENT_LIMIT || exponent > EXPONENT_LIMIT)
        return bad_number(text, err, BFL_ELIMIT, "its exponent is out of range");
    *out = (bfl_decimal){negative ? -mantissa : mantissa, exponent};
    return BFL_OK;
}

/* Both as mantissas of the smaller exponent. The exponents may differ by at most 19 for the product to fit. */
static int align(bfl_decimal a, bfl_decimal b, wide *wa, wide *wb) {
    int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
    *wa = (wide)a.mantissa * power10(a.exponent - exponent);
    *wb = (wide)b.mantissa * power10(b.exponent - exponent);
    return exponent;
}

static int sign(bfl_decimal a) { return (a.mantissa > 0) - (a.mantissa < 0); }

/* Power of ten of the leading digit. */
static int magnitude(bfl_decimal a) { return digits_of(a.mantissa) + a.exponent; }

int bfl_decimal_compare_any(bfl_decimal a, bfl_decimal b) {
    if (a.exponent == b.exponent) return (a.mantissa > b.mantissa) - (a.mantissa < b.mantissa);
    int64_t na, nb;
    if (align_narrow(a, b, &na, &nb)) return (na > nb) - (na < nb);
    int sa = sign(a), sb = sign(b);
    if (sa != sb || sa == 0) return (sa > sb) - (sa < sb);
    int ma = magnitude(a), mb = magnitude(b);
    if (ma != mb) return (ma > mb) == (sa > 0) ? 1 : -1;
    wide wa, wb; /* same magnitude: the exponents differ by less than DIGITS */
    (void)align(a, b, &wa, &wb);
    return (wa > wb) - (wa < wb);
}

/* a has the larger exponent. */
static __attribute__((noinline)) bfl_decimal add_wide(bfl_decimal a, bfl_decimal b) {
    wide high = a.mantissa, low = b.mantissa;
    int exponent = a.exponent;
    for (; exponent > b.exponent && digits_of(high) < WIDE_DIGITS; exponent--) high *= 10;
    int cut =
        exponent - b.exponent; /* digits of b below the last of the 37 that fit; one unit stands for all of them */
    bool inexact = low % power10(cut) != 0;
    low = low / power10(cut) + (inexact ? (b.mantissa > 0) - (b.mantissa < 0) : 0);
    return fit(high + low, exponent);
}

bfl_decimal bfl_decimal_add_any(bfl_decimal a, bfl_decimal b) {
    if (a.mantissa == 0) return b;
    if (b.mantissa == 0) return a;
    int exponent = a.exponent < b.exponent ? a.exponent : b.exponent;
    int64_t na, nb, sum;
    if (align_narrow(a, b, &na, &nb) && !__builtin_add_overflow(na, nb, &sum) && bfl_decimal_fits(sum, exponent))
        return (bfl_decimal){sum, exponent};
    return a.exponent < b.exponent ? add_wide(b, a) : add_wide(a, b);
}

bfl_decimal bfl_decimal_multiply_any(bfl_decimal a, bfl_decimal b) {
    return fit((wide)a.mantissa * b.mantissa, a.exponent + b.exponent);
}

static int64_t divide_narrow(int64_t a, int64_t b) {
    int64_t quotient = a / b, rest = a % b;
    if (rest < 0) rest = -rest;
    int64_t divisor = b < 0 ? -b : b;
    return rest >= divisor - rest ? quotient + ((a < 0) == (b < 0) ? 1 : -1) : quotient;
}

static __attribute__((noinline)) bfl_decimal divide_wide(bfl_decimal a, bfl_decimal b, int places) {
    int shift = a.exponent - b.exponent + places; /* value * 10^places = (ma / mb) * 10^shift */
    wide top = a.mantissa, bottom = b.mantissa;
    while (shift > 0 && digits_of(top) < WIDE_DIGITS) top *= 10, shift--;
    while (shift < 0 && digits_of(bottom) < WIDE_DIGITS) bottom *= 10, shift++;
    if (shift < 0) return (bfl_decimal){0, -places};
    return fit(divide_half_away(top, bottom), shift - places);
}

/* Of whole numbers of up to nine digits or so, moved apart by up to eight: neither side can leave 64 bits. */
static inline bool divide_short(bfl_decimal a, bfl_decimal b, int places, bfl_decimal *out) {
    enum { FARTHEST = 8 };
    int apart = a.exponent - b.exponent + places;
    if (a.mantissa != (int32_t)a.mantissa || b.mantissa != (int32_t)b.mantissa) return false;
    if (apart < -FARTHEST || apart > FARTHEST || places < 0 || places > DIGITS) return false;
    int64_t over = apart > 0 ? a.mantissa * powers[apart] : a.mantissa;
    int64_t under = apart < 0 ? b.mantissa * powers[-apart] : b.mantissa;
    *out = (bfl_decimal){divide_narrow(over, under), -places};
    return true;
}

bfl_decimal bfl_decimal_divide(bfl_decimal a, bfl_decimal b, int places) {
    if (b.mantissa == 0) return (bfl_decimal){0, 0};
    bfl_decimal quotient_of_few;
    if (divide_short(a, b, places, &quotient_of_few)) return quotient_of_few;
    int64_t na, nb;
    bool small = bfl_decimal_fits(a.mantissa, a.exponent) && bfl_decimal_fits(b.mantissa, b.exponent);
    if (small && align_narrow((bfl_decimal){a.mantissa, a.exponent + places}, b, &na, &nb)) {
        int64_t quotient = divide_narrow(na, nb);
        if (bfl_decimal_fits(quotient, -places)) return (bfl_decimal){quotient, -places};
    }
    return divide_wide(a, b, places);
}

bfl_decimal bfl_decimal_round(bfl_decimal a, int places) {
    int drop = -places - a.exponent;
    if (drop <= 0) return a;
    if (drop < POWERS) return (bfl_decimal){divide_narrow(a.mantissa, powers[drop]), -places};
    if (drop > DIGITS) return (bfl_decimal){0, -places};
    return (bfl_decimal){(int64_t)divide_half_away(a.mantissa, power10(drop)), -places};
}

double bfl_decimal_double(bfl_decimal a) {
    /* Up to 10^22 powers of ten are exact doubles, so this is correctly rounded for mantissas below 2^53. */
    double p = 1;
    for (int i = a.exponent < 0 ? -a.exponent : a.exponent; i > 0; i--) p *= 10;
    return a.exponent < 0 ? (double)a.mantissa / p : (double)a.mantissa * p;
}

bfl_decimal bfl_decimal_of_any(int64_t whole) { return fit(whole, 0); }

bfl_decimal bfl_decimal_from_double(double value, int places) {
    double scale = 1;
    for (int i = 0; i < places; i++) scale *= 10;
    if (!isfinite(value) || fabs(value) >= 1e9) return (bfl_decimal){0, 0};
    return fit(llround(value * scale), -places);
}

char *bfl_decimal_digits(bfl_decimal a, char *end) {
    char *at = end;
    uint64_t left = a.mantissa < 0 ? (uint64_t)0 - (uint64_t)a.mantissa : (uint64_t)a.mantissa;
    for (int i = 0; i < a.exponent && left; i++) *--at = '0';
    for (int places = -a.exponent; places > 0; places--, left /= 10) {
        *--at = (char)('0' + left % 10);
        if (places == 1) *--at = '.';
    }
    do *--at = (char)('0' + left % 10);
    while (left /= 10);
    if (a.mantissa < 0) *--at = '-';
    return at;
}

size_t bfl_decimal_format(bfl_decimal a, char *buffer, size_t size) {
    bfl_digits digits;
    bfl_text text = bfl_digits_decimal(&digits, a, -1);
    if (!size) return text.size;
    size_t copied = text.size < size ? text.size : size - 1;
    memcpy(buffer, text.data, copied);
    buffer[copied] = '\0';
    return copied;
}

const char *bfl_decimal_z(bfl_arena *arena, bfl_decimal value, int places) {
    bfl_digits digits;
    return bfl_arena_text(arena, bfl_digits_decimal(&digits, value, places));
}
