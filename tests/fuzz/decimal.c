/* SPDX-License-Identifier: Apache-2.0 */
/* Decimals: two numbers, one a line. Round trip, order, and the laws that addition and comparison keep. */
#include "fuzz.h"

#include <math.h>

static bool in_range(bfl_decimal a) {
    const int64_t most = 999999999999999999;
    return a.mantissa <= most && a.mantissa >= -most && a.exponent >= -18 && a.exponent <= 18;
}

static bool parse(bfl_text text, bfl_decimal *out) {
    bfl_error err = {0};
    bfl_decimal untouched = {77, 7};
    *out = untouched;
    bfl_status status = bfl_decimal_parse(text, out, &err);
    if (status == BFL_OK) return true;
    fuzz_check_error(&err, status);
    PROMISE(out->mantissa == untouched.mantissa && out->exponent == untouched.exponent);
    return false;
}

static void check_one(bfl_decimal a) {
    char text[48];
    PROMISE(in_range(a));
    size_t length = bfl_decimal_format(a, text, sizeof text);
    PROMISE(length > 0 && length < sizeof text - 1 && strlen(text) == length);
    bfl_decimal again;
    if (bfl_decimal_parse(bfl_text_of(text), &again, NULL) == BFL_OK) PROMISE(bfl_decimal_compare(a, again) == 0);
    for (int places = 0; places <= 9; places++) {
        bfl_decimal rounded = bfl_decimal_round(a, places);
        PROMISE(in_range(rounded));
        PROMISE(bfl_decimal_compare(bfl_decimal_round(rounded, places), rounded) == 0);
    }
}

static void check_two(bfl_decimal a, bfl_decimal b) {
    int order = bfl_decimal_compare(a, b);
    PROMISE(order == -bfl_decimal_compare(b, a));
    bfl_decimal sum = bfl_decimal_add(a, b), difference = bfl_decimal_subtract(a, b);
    PROMISE(bfl_decimal_compare(sum, bfl_decimal_add(b, a)) == 0);
    PROMISE(in_range(sum) && in_range(difference));
    PROMISE(bfl_decimal_compare(difference, bfl_decimal_of(0)) == order);
    PROMISE(in_range(bfl_decimal_multiply(a, b)) && in_range(bfl_decimal_divide(a, b, 9)));
    double x = bfl_decimal_double(a), y = bfl_decimal_double(b), slack = (fabs(x) + fabs(y)) * 1e-15;
    if (order < 0) PROMISE(x <= y + slack);
    if (order > 0) PROMISE(x >= y - slack);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bfl_text rest = fuzz_text(data, size);
    bfl_text first = bfl_text_split(&rest, '\n');
    bfl_text second = bfl_text_split(&rest, '\n');
    bfl_decimal a, b;
    bool have_a = parse(first, &a), have_b = parse(second, &b);
    if (have_a) check_one(a);
    if (have_a && have_b) check_two(a, b);
    return 0;
}
