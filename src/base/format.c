/* SPDX-License-Identifier: Apache-2.0 */
/* The few conversions that sentences are made of, written without the machinery of stdio. */
#include "base/base.h"

#include <stdio.h>
#include <string.h>

typedef struct text {
    char *out;
    size_t size, length; /* room, and what the text would take */
} text;

static inline void add(text *t, const char *bytes, size_t count) {
    if (t->length < t->size) {
        size_t room = t->size - t->length;
        bfl_copy_short(t->out + t->length, bytes, count < room ? count : room);
    }
    t->length += count;
}

size_t bfl_whole_format(bool negative, uint64_t value, char out[BFL_WHOLE_SIZE]) {
    char digits[BFL_WHOLE_SIZE];
    size_t at = sizeof digits;
    for (; value > UINT32_MAX; value /= 10) digits[--at] = (char)('0' + value % 10);
    uint32_t rest = (uint32_t)value; /* a 32-bit division is the quicker one, and most numbers are small */
    do digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (negative) digits[--at] = '-';
    bfl_copy_short(out, digits + at, sizeof digits - at);
    return sizeof digits - at;
}

static void add_whole(text *t, bool negative, uint64_t value) {
    char digits[BFL_WHOLE_SIZE];
    add(t, digits, bfl_whole_format(negative, value, digits));
}

/* Writes what the conversion at `c` (after its '%') asks for, and returns what follows it; NULL: it is not known here. */
static const char *convert(text *t, const char *c, va_list *args) {
    if (c[0] == 's') {
        const char *z = va_arg(*args, const char *);
        if (!z) z = "(null)"; /* as glibc writes it */
        add(t, z, strlen(z));
    } else if (c[0] == 'd') {
        int value = va_arg(*args, int);
        add_whole(t, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    } else if (c[0] == 'u') {
        add_whole(t, false, va_arg(*args, unsigned));
    } else if (c[0] == 'z' && c[1] == 'u') {
        add_whole(t, false, va_arg(*args, size_t));
        c++;
    } else if (c[0] == 'c' || c[0] == '%') {
        char one = c[0] == 'c' ? (char)va_arg(*args, int) : '%';
        add(t, &one, 1);
    } else {
        return NULL;
    }
    return c + 1;
}

int bfl_text_vformat(char *out, size_t size, const char *format, va_list args) {
    text t = {out, size, 0};
    va_list own;
    va_copy(own, args);
    const char *c = format, *const end = format + strlen(format);
    while (c && c < end) {
        const char *place = memchr(c, '%', (size_t)(end - c));
        add(&t, c, (size_t)((place ? place : end) - c));
        c = place ? convert(&t, place + 1, &own) : end;
    }
    va_end(own);
    if (!c) return vsnprintf(out, size, format, args);
    if (size) out[t.length < size ? t.length : size - 1] = '\0';
    return t.length <= INT32_MAX ? (int)t.length : -1;
}

size_t bfl_text_format(char *out, size_t size, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int length = bfl_text_vformat(out, size, format, args);
    va_end(args);
    return length < 0 ? 0 : (size_t)length;
}
