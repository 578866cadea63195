/* SPDX-License-Identifier: Apache-2.0 */
/* IBM floating point to and from double ("The Record Layout of a SAS Transport Data Set", SAS TS-140). */
#include "format/sdtm/ibm.h"

#include <math.h>
#include <string.h>

enum { FRACTION_BITS = 56, EXCESS = 64, LARGEST_EXPONENT = 63 };

double bfl_ibm_read(const char *bytes, size_t size) {
    uint64_t fraction = 0;
    for (size_t i = 1; i < BFL_IBM_SIZE; i++) fraction = fraction << 8 | (i < size ? (unsigned char)bytes[i] : 0u);
    int first = (unsigned char)bytes[0], exponent = (first & 0x7f) - EXCESS;
    double value = ldexp((double)fraction, 4 * exponent - FRACTION_BITS);
    return first & 0x80 ? -value : value;
}

bool bfl_ibm_write(double value, char bytes[BFL_IBM_SIZE]) {
    memset(bytes, 0, BFL_IBM_SIZE);
    int binary = 0;
    double fraction = frexp(fabs(value), &binary);
    if (!isfinite(value)) return false;
    /* value = fraction * 16^exponent with 1/16 <= fraction < 1 */
    int exponent = (binary + (binary > 0 ? 3 : 0)) / 4;
    if (fraction <= 0 || exponent < -EXCESS) return true;
    if (exponent > LARGEST_EXPONENT) return false;
    uint64_t bits = (uint64_t)ldexp(fraction, FRACTION_BITS + binary - 4 * exponent);
    bytes[0] = (char)(unsigned char)((value < 0 ? 0x80 : 0) | (exponent + EXCESS));
    for (int i = BFL_IBM_SIZE - 1; i > 0; i--, bits >>= 8) bytes[i] = (char)(unsigned char)(bits & 0xff);
    return true;
}

const char *bfl_ibm_text(bfl_arena *arena, double value, double slack) {
    static const double largest_whole = 9007199254740992.0,
                        largest = 1e9; /* 2^53; what bfl_decimal_from_double() takes */
    double size = fabs(value);
    if (size < largest_whole && floor(size) >= size) return bfl_arena_printf(arena, "%lld", (long long)value);
    for (int places = 1; size < largest && places <= 9; places++) {
        bfl_decimal d = bfl_decimal_from_double(value, places);
        if (d.mantissa && fabs(bfl_decimal_double(d) - value) <= slack + ldexp(size, -51))
            return bfl_decimal_z(arena, d, -1);
    }
    bfl_decimal rounded = size < largest ? bfl_decimal_from_double(value, 9) : (bfl_decimal){0, 0};
    return rounded.mantissa && size >= 1e-3 ? bfl_decimal_z(arena, rounded, -1) : NULL;
}
