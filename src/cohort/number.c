/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text, and numbers that may be missing. */
#include "cohort/study.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 10, LARGEST_PLAIN = 9, SMALLEST_PLAIN = -5 };

/* Ten significant digits of |value| as a whole number, and the power of ten of the first. */
static int64_t significant(double value, int *power) {
    double scaled = fabs(value);
    int p = (int)floor(log10(scaled));
    int64_t digits;
    for (;;) {
        int shift = DIGITS - 1 - p;
        /* pow(10, n) is exact up to 22; beyond that the last of ten digits is still right */
        double x = shift > 300 ? scaled * pow(10, 300) * pow(10, shift - 300) : scaled * pow(10, shift);
        digits = (int64_t)llround(x);
        if (digits < (int64_t)1000000000)
            p--;
        else if (digits >= (int64_t)10000000000)
            p++;
        else
            break;
    }
    *power = p;
    return digits;
}

void bfl_cohort_digits(bfl_buf *buf, double value) {
    if (value == 0) {
        bfl_buf_add(buf, "0");
        return;
    }
    int power, kept = DIGITS;
    int64_t digits = significant(value, &power);
    char z[DIGITS + 1] = "";
    for (int i = DIGITS; i-- > 0; digits /= 10) z[i] = (char)('0' + digits % 10);
    while (kept > 1 && z[kept - 1] == '0') kept--;
    if (value < 0) bfl_buf_add(buf, "-");
    if (power > LARGEST_PLAIN || power < SMALLEST_PLAIN) {
        bfl_buf_addf(buf, "%c", z[0]);
        if (kept > 1) bfl_buf_addf(buf, ".%.*s", kept - 1, z + 1);
        bfl_buf_addf(buf, "e%d", power);
        return;
    }
    if (power < 0) {
        bfl_buf_add(buf, "0.");
        for (int i = -1; i > power; i--) bfl_buf_add(buf, "0");
        bfl_buf_addf(buf, "%.*s", kept, z);
        return;
    }
    int whole = power + 1;
    bfl_buf_addf(buf, "%.*s", whole, z);
    if (kept > whole) bfl_buf_addf(buf, ".%.*s", kept - whole, z + whole);
}

const char *cohort_fixed(bfl_arena *arena, double value, int places) {
    bfl_buf text = {.arena = arena};
    if (fabs(value) < 1e9)
        bfl_buf_double(&text, value, places);
    else
        bfl_cohort_digits(&text, value);
    return bfl_buf_z(&text);
}

const char *bfl_cohort_p(bfl_arena *arena, double p) {
    if (p < 0.0001) return "<0.0001";
    return cohort_fixed(arena, p, p < 0.001 ? 4 : p < 0.1 ? 3 : 2);
}

bfl_real real_of(bfl_num_real r) { return (bfl_real){r.present ? r.value : 0, r.present}; }

bfl_real real_some(double value) { return real_of(bfl_num_some(value)); }

const char *state_words(bfl_num_state state) {
    switch (state) {
    case BFL_NUM_OK: return "";
    case BFL_NUM_EMPTY: return "no patients";
    case BFL_NUM_TOO_FEW: return "too few patients or groups";
    case BFL_NUM_CONSTANT: return "no variation";
    case BFL_NUM_NO_EVENTS: return "no events";
    case BFL_NUM_SINGULAR: return "cannot be estimated: nothing varies among those at risk";
    case BFL_NUM_MONOTONE: return "cannot be estimated: one side has no events";
    case BFL_NUM_NOT_CONVERGED: return "the fit did not converge";
    case BFL_NUM_BAD_INPUT: return "a time or value is not usable";
    }
    return "";
}

bfl_num_real num_of_maybe(bfl_maybe value) {
    return value.present ? bfl_num_some(bfl_decimal_double(value.value)) : bfl_num_none();
}
