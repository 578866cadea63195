/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign text made harmless. Unpaired bytes never reach the output: each becomes U+FFFD (Unicode 15, section 3.9). */
#include "base/base.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

/* The next character of *z as a view, the input moved past it; a bad byte gives U+FFFD. */
static bfl_text next_character(const char **z) {
    size_t left = strnlen(*z, 4);
    for (size_t length = 1; length <= left; length++)
        if (bfl_utf8_valid((bfl_text){*z, length}, NULL)) {
            bfl_text character = {*z, length};
            *z += length;
            return character;
        }
    (*z)++;
    return BFL_TEXT(REPLACEMENT);
}

/* C0 controls, DEL and C1 controls (U+0080..U+009F). */
static bool is_control(bfl_text c) {
    const unsigned char *p = (const unsigned char *)c.data;
    if (c.size == 1) return p[0] < 0x20 || p[0] == 0x7F;
    return c.size == 2 && p[0] == 0xC2 && p[1] < 0xA0;
}

/* U+202A..U+202E and U+2066..U+2069 turn the reading direction round: a file name or value could be shown reversed. */
static bool is_direction_override(bfl_text c) {
    const unsigned char *p = (const unsigned char *)c.data;
    if (c.size != 3 || p[0] != 0xE2) return false;
    return (p[1] == 0x80 && p[2] >= 0xAA && p[2] <= 0xAE) || (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9);
}

static void json_character(bfl_buf *out, bfl_text c) {
    if (c.size == 1 && (c.data[0] == '"' || c.data[0] == '\\'))
        bfl_buf_addf(out, "\\%c", c.data[0]);
    else if (c.size == 1 && is_control(c))
        bfl_buf_addf(out, "\\u%04x", (unsigned)(unsigned char)c.data[0]);
    else
        bfl_buf_add_text(out, c);
}

void bfl_json_string(bfl_buf *out, const char *z) {
    bfl_buf_add(out, "\"");
    for (const char *p = z ? z : ""; *p;) json_character(out, next_character(&p));
    bfl_buf_add(out, "\"");
}

static const char *entity(char c) {
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

/* U+FFFE and U+FFFF, which no XML document may hold (XML 1.0, 2.2). */
static bool is_no_character(bfl_text c) {
    const unsigned char *p = (const unsigned char *)c.data;
    return c.size == 3 && p[0] == 0xEF && p[1] == 0xBF && p[2] >= 0xBE;
}

void bfl_html_text(bfl_buf *out, const char *z) {
    for (const char *p = z ? z : ""; *p;) {
        bfl_text c = next_character(&p);
        const char *safe = c.size == 1 ? entity(c.data[0]) : NULL;
        bool white = c.size == 1 && (c.data[0] == '\n' || c.data[0] == '\t');
        if (safe)
            bfl_buf_add(out, safe);
        else if ((is_control(c) && !white) || is_direction_override(c) || is_no_character(c))
            bfl_buf_add(out, REPLACEMENT);
        else
            bfl_buf_add_text(out, c);
    }
}

const char *bfl_plain_text(bfl_arena *arena, const char *z) {
    bfl_buf out = {.arena = arena};
    for (const char *p = z ? z : ""; *p;) {
        bfl_text c = next_character(&p);
        bool white = c.size == 1 && (c.data[0] == '\n' || c.data[0] == '\t' || c.data[0] == '\r');
        if (white)
            bfl_buf_add(&out, " ");
        else if (is_control(c) || is_direction_override(c))
            bfl_buf_add(&out, REPLACEMENT);
        else
            bfl_buf_add_text(&out, c);
    }
    return bfl_buf_z(&out);
}
