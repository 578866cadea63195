// SPDX-License-Identifier: Apache-2.0
// What simdjson's stage 2 would check of scalars and escapes, without writing a tape. C++ only, for the readers here.
#ifndef BFL_SHIM_GRAMMAR_H
#define BFL_SHIM_GRAMMAR_H

#include <cstddef>
#include <cstring>

namespace bfl_json {

inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool ends_scalar(char c) { return is_space(c) || c == ',' || c == ']' || c == '}'; }

// ---- scalars ----

inline bool is_number(const char *p) {
    if (*p == '-') p++;
    if (!is_digit(*p)) return false;
    if (*p == '0')
        p++;
    else
        while (is_digit(*p)) p++;
    if (*p == '.') {
        if (!is_digit(*++p)) return false;
        while (is_digit(*p)) p++;
    }
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '+' || *p == '-') p++;
        if (!is_digit(*p)) return false;
        while (is_digit(*p)) p++;
    }
    return ends_scalar(*p);
}

inline bool is_word(const char *p, const char *word, size_t size) {
    return std::strncmp(p, word, size) == 0 && ends_scalar(p[size]);
}

inline bool is_scalar(const char *p) {
    switch (*p) {
    case 't': return is_word(p, "true", 4);
    case 'f': return is_word(p, "false", 5);
    case 'n': return is_word(p, "null", 4);
    default: return is_number(p);
    }
}

// Where the string that begins at `from` ends: the last quote before `until`, with nothing but white space between.
inline const char *closing_quote(const char *from, const char *until) {
    const char *p = until - 1;
    if (p > from && *p == '"') return p;
    while (p > from && is_space(*p)) p--;
    return p > from && *p == '"' ? p : nullptr;
}

// ---- escapes ----

inline int hex(const char *p) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
        const char c = p[i];
        const int digit = is_digit(c)            ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

// The character of "\uXXXX" or of a pair at p; bytes of text in *used. -1: none.
inline int escaped_character(const char *p, const char *stop, size_t *used) {
    if (stop - p < 6) return -1;
    const int first = hex(p + 2);
    *used = 6;
    if (first < 0xD800 || first > 0xDFFF) return first;
    if (first > 0xDBFF || stop - p < 12 || p[6] != '\\' || p[7] != 'u') return -1;
    const int second = hex(p + 8);
    *used = 12;
    return second < 0xDC00 || second > 0xDFFF ? -1 : 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

inline const char simple_from[] = "\"\\/bfnrt", simple_to[] = "\"\\/\b\f\n\r\t";

// Of a line whose grammar is good: every backslash stands in a string.
inline const char *bad_escape(const char *p, const char *stop) {
    while ((p = static_cast<const char *>(std::memchr(p, '\\', static_cast<size_t>(stop - p))))) {
        size_t used = 2;
        if (p[1] == 'u') {
            const int character = escaped_character(p, stop, &used);
            if (character < 0) return "an escaped character is not Unicode";
            if (character == 0) return "a string holds a NUL character";
        } else if (!p[1] || !std::strchr(simple_from, p[1])) {
            return "an escape that JSON does not have";
        }
        p += used;
        if (p >= stop) break;
    }
    return nullptr;
}

} // namespace bfl_json

#endif
