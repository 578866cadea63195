/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of a record may hold anything; a card shows them as they are and as nothing else. */
#include "hooks/hooks.h"

#include <string.h>

enum { SUMMARY_CHARACTERS = 139 }; /* "<140-character summary" */

const char *bfl_hook_fill(bfl_arena *arena, const char *sentence, const char *const *pairs) {
    bfl_buf out = {.arena = arena};
    for (bfl_text rest = bfl_text_of(sentence); rest.size;) {
        bfl_buf_add_text(&out, bfl_text_split(&rest, '{'));
        if (!rest.size) break;
        bfl_text place = bfl_text_split(&rest, '}');
        for (const char *const *p = pairs; *p; p += 2)
            if (bfl_text_equal(place, bfl_text_of(p[0]))) bfl_buf_add(&out, p[1]);
    }
    return bfl_buf_z(&out);
}

static bool follows_www(const char *start, const char *p) {
    return p - start >= 3 && bfl_text_equal_nocase((bfl_text){p - 3, 3}, BFL_TEXT("www"));
}

/* GFM makes links of bare "http://", "www." and addresses: the characters that start them are written as references. */
static const char *reference_of(const char *start, const char *p) {
    switch (*p) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '@': return "&#64;";
    case ':': return p[1] == '/' ? "&#58;" : NULL;
    case '.': return follows_www(start, p) ? "&#46;" : NULL;
    default: return NULL;
    }
}

const char *bfl_hook_gfm(bfl_arena *arena, const char *z) {
    const char *plain = bfl_plain_text(arena, z);
    bfl_buf out = {.arena = arena};
    for (const char *p = plain; *p; p++) {
        const char *reference = reference_of(plain, p);
        if (reference) {
            bfl_buf_add(&out, reference);
            continue;
        }
        if (strchr("\\`*_{}[]#!|~$", *p)) bfl_buf_add(&out, "\\");
        bfl_buf_add_text(&out, (bfl_text){p, 1});
    }
    return bfl_buf_z(&out);
}

const char *bfl_hook_line(bfl_arena *arena, const char *z) {
    const char *plain = bfl_plain_text(arena, z);
    size_t count = 0, cut = 0, size = strlen(plain);
    for (size_t i = 0; i < size; i++) {
        if ((plain[i] & 0xC0) == 0x80) continue;
        if (++count == SUMMARY_CHARACTERS) cut = i;
    }
    if (count <= SUMMARY_CHARACTERS) return plain;
    while (cut && plain[cut - 1] == ' ') cut--;
    return bfl_arena_printf(arena, "%.*s\xE2\x80\xA6", (int)cut, plain);
}
