/* SPDX-License-Identifier: Apache-2.0 */
#include "key.h"

#include <sodium.h>

void key_new(char out[STORE_KEY_SIZE]) {
    enum { BYTES = 16, BITS = 5 };
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567"; /* RFC 4648, in small letters */
    uint8_t bytes[BYTES];
    uint32_t window = 0, held = 0;
    size_t used = 0;
    randombytes_buf(bytes, sizeof bytes);
    for (size_t i = 0; i < STORE_KEY_SIZE - 1; i++) {
        if (held < BITS) {
            window = window << 8 | (used < BYTES ? bytes[used] : 0U);
            used++;
            held += 8;
        }
        held -= BITS;
        out[i] = digits[window >> held & 31U];
    }
    out[STORE_KEY_SIZE - 1] = '\0';
}
