/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bfl_text bfl_text_of(const char *z) { return z ? (bfl_text){z, strlen(z)} : (bfl_text){"", 0}; }

bool bfl_text_equal(bfl_text a, bfl_text b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

bool bfl_text_equal_nocase(bfl_text a, bfl_text b) {
    if (a.size != b.size) return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.data[i]) != lower(b.data[i])) return false;
    return true;
}

bool bfl_z_equal_nocase(const char *z, bfl_text text) {
    for (size_t i = 0; i < text.size; i++)
        if (!z[i] || (z[i] != text.data[i] && lower(z[i]) != lower(text.data[i]))) return false;
    return !z[text.size];
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bfl_text bfl_text_trim(bfl_text text) {
    while (text.size && is_space(text.data[0])) text.data++, text.size--;
    while (text.size && is_space(text.data[text.size - 1])) text.size--;
    return text;
}

bool bfl_text_starts(bfl_text text, bfl_text prefix) {
    return text.size >= prefix.size && bfl_text_equal((bfl_text){text.data, prefix.size}, prefix);
}

size_t bfl_text_find_nocase(bfl_text text, bfl_text needle) {
    if (needle.size == 0) return 0;
    const char small = lower(needle.data[0]), large = small >= 'a' && small <= 'z' ? (char)(small - 'a' + 'A') : small;
    for (size_t i = 0; needle.size <= text.size && i <= text.size - needle.size; i++) {
        if (text.data[i] != small && text.data[i] != large) continue;
        if (bfl_text_equal_nocase((bfl_text){text.data + i, needle.size}, needle)) return i;
    }
    return SIZE_MAX;
}

bfl_text bfl_text_split(bfl_text *text, char separator) {
    const char *at = text->size ? memchr(text->data, separator, text->size) : NULL;
    bfl_text head = {text->data, at ? (size_t)(at - text->data) : text->size};
    size_t skip = at ? head.size + 1 : head.size;
    *text = (bfl_text){text->data ? text->data + skip : NULL, text->size - skip};
    return head;
}

/* Length of the UTF-8 sequence at p (n bytes left), 0 when it is not one. Unicode 15, table 3-7. */
static size_t utf8_sequence(const unsigned char *p, size_t n) {
    if (p[0] < 0x80) return 1;
    size_t length = p[0] >= 0xC2 && p[0] <= 0xDF ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4 : 0;
    if (length == 0 || length > n) return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool beyond = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return overlong || beyond ? 0 : length;
}

bool bfl_utf8_valid(bfl_text text, size_t *bad) {
    const unsigned char *bytes = (const unsigned char *)text.data;
    for (size_t i = 0; i < text.size;) {
        size_t length = utf8_sequence(bytes + i, text.size - i);
        if (length == 0) {
            if (bad) *bad = i;
            return false;
        }
        i += length;
    }
    return true;
}

char *bfl_text_lower(bfl_arena *arena, bfl_text text) {
    char *copy = bfl_arena_text(arena, text);
    for (size_t i = 0; i < text.size; i++) copy[i] = lower(copy[i]);
    return copy;
}

enum { FIRST_ROOM = 128, SHORT_TEXT = FIRST_ROOM - 1 };

static void reserve(bfl_buf *buf, size_t more) {
    if (buf->data && buf->capacity - buf->size > more) return;
    size_t capacity = buf->capacity ? buf->capacity : FIRST_ROOM;
    while (capacity - buf->size <= more && capacity <= SIZE_MAX / 4) capacity *= 2;
    char *grown = bfl_arena_take(buf->arena, capacity);
    if (buf->size) memcpy(grown, buf->data, buf->size);
    grown[buf->size] = '\0';
    buf->data = grown;
    buf->capacity = capacity;
}

void bfl_buf_add_text(bfl_buf *buf, bfl_text text) {
    reserve(buf, text.size);
    if (text.size) memcpy(buf->data + buf->size, text.data, text.size);
    buf->size += text.size;
    buf->data[buf->size] = '\0';
}

void bfl_buf_add(bfl_buf *buf, const char *z) { bfl_buf_add_text(buf, bfl_text_of(z)); }

void bfl_buf_addf(bfl_buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    if (!buf->data) reserve(buf, SHORT_TEXT);
    size_t room = buf->capacity - buf->size;
    int length = bfl_text_vformat(buf->data + buf->size, room, format, args);
    va_end(args);
    if (length > 0 && (size_t)length >= room) { /* most texts fit: formatted once */
        reserve(buf, (size_t)length);
        (void)bfl_text_vformat(buf->data + buf->size, (size_t)length + 1, format, again);
    }
    va_end(again);
    if (length > 0) buf->size += (size_t)length;
}

void bfl_buf_join(bfl_buf *buf, const char *separator, const char *z) {
    if (buf->size) bfl_buf_add(buf, separator);
    bfl_buf_add(buf, z);
}

void bfl_buf_decimal(bfl_buf *buf, bfl_decimal value, int places) {
    enum { LONGEST = 48 };
    reserve(buf, LONGEST);
    buf->size +=
        bfl_decimal_format(places >= 0 ? bfl_decimal_round(value, places) : value, buf->data + buf->size, LONGEST);
}

void bfl_buf_double(bfl_buf *buf, double value, int places) {
    if (!isfinite(value) || fabs(value) >= 1e9)
        bfl_buf_add(buf, "-");
    else
        bfl_buf_decimal(buf, bfl_decimal_from_double(value, places), places);
}

const char *bfl_buf_z(const bfl_buf *buf) { return buf->data ? buf->data : ""; }
