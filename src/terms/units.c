/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Units as laboratories write them. UCUM is strict (IU/L, mEq/L and µkat/L are invalid, K/uL is kelvin per microlitre);
 * reports are not. Other spellings are listed in rulebook/terms; what is not listed is refused, not guessed.
 */
#include "terms/tables.h"

#include <string.h>

enum { UNIT_LIMIT = 32 };

/* Spellings of one character, UTF-8. Superscripts follow the 10 of a power. */
static const struct {
    const char *written, *plain;
} characters[] = {
    {"\xC2\xB5", "u"},      {"\xCE\xBC", "u"},                              /* micro sign, Greek mu */
    {"\xC3\x97", ""},                                                       /* multiplication sign, as in x10 */
    {"\xC2\xB3", "*3"},     {"\xE2\x81\xB4", "*4"},                         /* superscripts 3, 4, 6, 9 */
    {"\xE2\x81\xB6", "*6"}, {"\xE2\x81\xB9", "*9"}, {"\xE3\x8E\x95", "ug"}, /* and the square microgram */
};

static size_t matching(bfl_text text, size_t at, const char **plain) {
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++) {
        size_t size = strlen(characters[i].written);
        if (size <= text.size - at && memcmp(text.data + at, characters[i].written, size) == 0) {
            *plain = characters[i].plain;
            return size;
        }
    }
    return 0;
}

/* Without spaces, ^ as *, special characters in ASCII. False when it is longer than any unit. */
static bool plain_unit(bfl_text text, char out[UNIT_LIMIT + 1]) {
    size_t size = 0, at = 0;
    while (at < text.size) {
        char single[2] = {text.data[at], '\0'};
        const char *plain = single;
        size_t taken = matching(text, at, &plain);
        if (taken == 0) {
            taken = 1;
            if (single[0] == ' ' || single[0] == '\t') single[0] = '\0';
            if (single[0] == '^') single[0] = '*';
            if (single[0] == 'x' && size == 0) single[0] = '\0';
        }
        for (; *plain; plain++) {
            if (size == UNIT_LIMIT) return false;
            out[size++] = *plain;
        }
        at += taken;
    }
    out[size] = '\0';
    return size > 0;
}

/* A lower-case letter stands for its capital (u/l for U/L); a capital only for itself, but for L, which UCUM also writes l. */
static bool same_unit(const char *text, const char *unit) {
    for (; *text && *unit; text++, unit++) {
        char capital = (char)(*text >= 'a' && *text <= 'z' ? *text - 'a' + 'A' : *text);
        if (*text != *unit && capital != *unit && !(*text == 'L' && *unit == 'l')) return false;
    }
    return *text == *unit;
}

static const bfl_unit *listed(const bfl_analyte *analyte, const char *text) {
    for (size_t i = 0; i < analyte->unit_count; i++)
        if (same_unit(text, analyte->units[i].text)) return &analyte->units[i];
    return NULL;
}

const bfl_unit *bfl_analyte_unit(const bfl_analyte *analyte, bfl_text text) {
    char plain[UNIT_LIMIT + 1];
    if (!analyte || !plain_unit(text, plain)) return NULL;
    const bfl_unit *unit = listed(analyte, plain);
    for (size_t i = 0; !unit && i < bfl_builtin_unit_alias_count; i++) {
        const bfl_unit_alias *alias = &bfl_builtin_unit_aliases[i];
        if ((alias->kind < 0 || alias->kind == (int)analyte->kind) && same_unit(plain, alias->text))
            unit = listed(analyte, alias->unit);
    }
    return unit;
}
