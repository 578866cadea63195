/* SPDX-License-Identifier: Apache-2.0 */
/* How wide a text may be, and where labels stand clear of each other. */
#include "figure/svg.h"

#include <math.h>
#include <utf8proc.h>

/* Do the texts keep apart, and does no line from the later mark down to its label run through the earlier text? */
static bool clear_of(const bfl_label *earlier, const bfl_label *later, double gap) {
    double end = earlier->left + earlier->width + gap;
    bool apart = end <= later->left || later->left + later->width + gap <= earlier->left;
    if (earlier->lane == later->lane) return apart;
    return earlier->lane > later->lane || end <= later->at || later->at + gap <= earlier->left;
}

int bfl_labels_place(bfl_label *labels, size_t count, double min, double max, double gap) {
    int lanes = 0;
    for (size_t i = count; i-- > 0;) {
        bfl_label *label = &labels[i];
        label->left = fmax(min, fmin(label->at, max - label->width));
        bool placed = false;
        for (label->lane = 0; !placed; label->lane += !placed) {
            placed = true;
            for (size_t k = i + 1; k < count && placed; k++) placed = clear_of(label, &labels[k], gap);
        }
        if (label->lane >= lanes) lanes = label->lane + 1;
    }
    return lanes;
}

void bfl_labels_spread(double *positions, size_t count, double gap, double min, double max) {
    double floor_at = min;
    for (size_t i = 0; i < count; i++) {
        positions[i] = fmax(positions[i], floor_at);
        floor_at = positions[i] + gap;
    }
    double ceiling = max;
    for (size_t i = count; i-- > 0;) {
        positions[i] = fmin(positions[i], ceiling);
        ceiling = positions[i] - gap;
    }
}

/* Advance widths of DejaVu Sans, the widest face a page is likely to meet, in hundredths of the size, for ' ' to '~'. */
static const unsigned char advances[] = {32, 41, 46, 84, 64, 95, 78, 28, 40, 40, 50, 84, 32, 37,  32, 34, 64, 64, 64,
                                         64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64,
                                         58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,  62, 74, 69, 99, 69,
                                         62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,  64, 64, 28, 28, 58,
                                         28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60,  53, 64, 34, 64, 84};

static size_t character(const char *z, double *advance) {
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)z, -1, &code);
    if (size <= 0) {
        *advance = 1;
        return 1;
    }
    bool replaced = code < ' ' || (code >= 0x7F && code < 0xA0) || code == 0xFFFD; /* bfl_html_text() */
    if (replaced)
        *advance = 1;
    else if (code >= ' ' && code <= '~')
        *advance = advances[code - ' '] / 100.0;
    else if (code >= 0x2010 && code < 0x2C00) /* dashes, arrows, signs: up to one em */
        *advance = 1;
    else
        *advance = utf8proc_charwidth(code) * 0.65;
    return (size_t)size;
}

double bfl_svg_text_width(const char *z, double size) {
    double width = 0;
    while (*z) {
        double advance = 0;
        z += character(z, &advance);
        width += advance;
    }
    return width * size;
}

const char *bfl_svg_fit(bfl_arena *arena, const char *z, double size, double width) {
    if (bfl_svg_text_width(z, size) <= width + 0.01) return z; /* a room made to measure is wide enough */
    double used = 0, room = width / size - 1;                  /* the ellipsis is one em wide */
    size_t cut = 0;
    while (z[cut]) {
        double advance = 0;
        size_t bytes = character(z + cut, &advance);
        if (used + advance > room) break;
        used += advance;
        cut += bytes;
    }
    while (cut && z[cut - 1] == ' ') cut--;
    return bfl_arena_printf(arena, "%.*s…", (int)cut, z);
}

/* Bytes of the text that fit into the width, and the last of them that ends a word (0 when none does). */
static size_t fitting(const char *z, double size, double width, size_t *word_end) {
    double used = 0;
    size_t end = 0;
    *word_end = 0;
    while (z[end]) {
        double advance = 0;
        size_t bytes = character(z + end, &advance);
        if (z[end] == ' ') *word_end = end;
        if (used + advance * size > width && end > 0) return end;
        used += advance * size;
        end += bytes;
    }
    *word_end = end;
    return end;
}

bfl_lines bfl_svg_wrap(bfl_arena *arena, const char *z, double size, double width) {
    bfl_lines lines = {0};
    while (*z) {
        size_t word_end = 0, end = fitting(z, size, width, &word_end);
        size_t cut = z[end] && word_end ? word_end : end;
        *BFL_PUSH(arena, &lines) = bfl_arena_text(arena, (bfl_text){z, cut});
        z += cut;
        while (*z == ' ') z++;
    }
    return lines;
}
