/* SPDX-License-Identifier: Apache-2.0 */
/* Columns, wrapping and tables in monospaced cells. Line breaking is at spaces; a word longer than a line is cut. */
#include "report/terminal.h"

#include <string.h>
#include <utf8proc.h>

enum { LEAST_CELL = 6, MOST_WORD = 24, GAP = 2, MARGIN = 2 };

/* The character at z: its bytes and the cells it takes. */
static size_t character(const char *z, int *cells) {
    utf8proc_int32_t code = 0;
    utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)z, -1, &code);
    *cells = size > 0 ? utf8proc_charwidth(code) : 1;
    return size > 0 ? (size_t)size : 1;
}

static int width_of(bfl_text text) {
    int width = 0;
    for (size_t i = 0; i < text.size;) {
        int cells = 0;
        i += character(text.data + i, &cells);
        width += cells;
    }
    return width;
}

int bfl_term_width(const char *z) { return width_of(bfl_text_of(z)); }

static const char *style_code(bfl_style style) {
    switch (style) {
    case BFL_STYLE_PLAIN: return "";
    case BFL_STYLE_BOLD: return "\033[1m";
    case BFL_STYLE_DIM: return "\033[2m";
    case BFL_STYLE_FLARE: return "\033[1;34m";
    case BFL_STYLE_PROGRESSION: return "\033[1;33m";
    case BFL_STYLE_ALARM: return "\033[1;37;41m";
    }
    return "";
}

static void put_text(bfl_term *term, bfl_style style, bfl_text text) {
    bool styled = term->colour && style != BFL_STYLE_PLAIN && text.size > 0;
    if (styled) bfl_buf_add(term->out, style_code(style));
    bfl_buf_add_text(term->out, text);
    if (styled) bfl_buf_add(term->out, "\033[0m");
}

void bfl_term_put(bfl_term *term, bfl_style style, const char *z) { put_text(term, style, bfl_text_of(z)); }

/* Takes the next line of at most `width` cells off *text: broken at the last space that fits, else inside the word. */
static bfl_text take_line(bfl_text *text, int width) {
    while (text->size && text->data[0] == ' ') text->data++, text->size--;
    size_t fits = 0, space = 0;
    for (int used = 0; fits < text->size;) {
        int cells = 0;
        size_t size = character(text->data + fits, &cells);
        if (used + cells > width && fits > 0) break;
        if (text->data[fits] == ' ') space = fits;
        used += cells;
        fits += size;
    }
    bool whole = fits >= text->size || text->data[fits] == ' ';
    size_t cut = whole || space == 0 ? fits : space;
    bfl_text line = {text->data, cut};
    text->data += cut;
    text->size -= cut;
    while (line.size && line.data[line.size - 1] == ' ') line.size--;
    return line;
}

static void spaces(bfl_term *term, int count) {
    for (int i = 0; i < count; i++) bfl_buf_add(term->out, " ");
}

void bfl_term_hanging(bfl_term *term, bfl_style lead_style, const char *lead, bfl_style style, const char *z) {
    int indent = bfl_term_width(lead);
    int width = term->columns - indent > LEAST_CELL ? term->columns - indent : LEAST_CELL;
    bfl_text rest = bfl_text_trim(bfl_text_of(z));
    bfl_term_put(term, lead_style, lead);
    do {
        put_text(term, style, take_line(&rest, width));
        bfl_buf_add(term->out, "\n");
        rest = bfl_text_trim(rest);
        if (rest.size) spaces(term, indent);
    } while (rest.size);
}

void bfl_term_paragraph(bfl_term *term, bfl_style style, const char *lead, const char *z) {
    bfl_term_hanging(term, BFL_STYLE_PLAIN, lead, style, z);
}

void bfl_term_heading(bfl_term *term, const char *z) {
    bfl_buf_add(term->out, "\n");
    bfl_term_put(term, BFL_STYLE_BOLD, z);
    bfl_buf_add(term->out, "\n");
}

/* ---- tables ---- */

void bfl_term_cell(bfl_term *term, bfl_term_table *table, const char *z) {
    *BFL_PUSH(term->out->arena, &table->cells) = z;
}

/* Cells of the longest word: a column is not made narrower than that. */
static int longest_word(const char *z) {
    int longest = 0;
    for (bfl_text rest = bfl_text_of(z); rest.size;) {
        int width = width_of(bfl_text_split(&rest, ' '));
        if (width > longest) longest = width;
    }
    return longest;
}

/* Takes one cell from the column that has most to give; false when none has any. */
static bool narrow_one(const bfl_term_table *table, int *widths, const int *least) {
    size_t widest = table->column_count;
    for (size_t c = 0; c < table->column_count; c++)
        if (widths[c] > least[c] && (widest == table->column_count || widths[c] > widths[widest])) widest = c;
    if (widest < table->column_count) widths[widest]--;
    return widest < table->column_count;
}

/* Width of each column: its widest cell, narrowed down to its longest word; NULL when even that does not fit. */
static int *column_widths(bfl_term *term, const bfl_term_table *table) {
    size_t count = table->column_count;
    int *widths = BFL_NEW_ARRAY(term->out->arena, count, int), *least = BFL_NEW_ARRAY(term->out->arena, count, int);
    int total = MARGIN - GAP;
    for (size_t i = 0; i < table->cells.count; i++) {
        int width = bfl_term_width(table->cells.items[i]), word = longest_word(table->cells.items[i]);
        if (word > MOST_WORD) word = MOST_WORD;
        if (width > widths[i % count]) widths[i % count] = width;
        if (word > least[i % count]) least[i % count] = word;
    }
    for (size_t c = 0; c < count; c++) total += widths[c] + GAP;
    while (total > term->columns && narrow_one(table, widths, least)) total--;
    return total > term->columns ? NULL : widths;
}

/* On a page too narrow for columns: "2019-02-21: sum mm 30; from base -33.3 %". */
static void write_stacked(bfl_term *term, const bfl_term_table *table) {
    size_t count = table->column_count;
    const char *const *cells = table->cells.items;
    for (size_t row = 1; row < table->cells.count / count; row++) {
        bfl_buf out = {.arena = term->out->arena};
        const char *before = ":";
        bfl_buf_add(&out, cells[row * count]);
        for (size_t c = 1; c < count; c++) {
            const char *z = cells[row * count + c];
            if (!z[0] || strcmp(z, "-") == 0) continue;
            bfl_buf_addf(&out, "%s %s %s", before, cells[c], z);
            before = ";";
        }
        bfl_term_paragraph(term, BFL_STYLE_PLAIN, "  ", bfl_buf_z(&out));
    }
}

/* One row, as many lines as its highest cell needs. */
static void write_row(bfl_term *term, const bfl_term_table *table, size_t row, const int *widths) {
    size_t count = table->column_count;
    bfl_text *rest = BFL_NEW_ARRAY(term->out->arena, count, bfl_text);
    for (size_t c = 0; c < count; c++) rest[c] = bfl_text_trim(bfl_text_of(table->cells.items[row * count + c]));
    bool more = true;
    while (more) {
        more = false;
        int pending = MARGIN;
        for (size_t c = 0; c < count; c++) {
            bfl_text line = rest[c].size ? take_line(&rest[c], widths[c]) : (bfl_text){"", 0};
            if (line.size) {
                spaces(term, pending);
                put_text(term, row == 0 ? BFL_STYLE_DIM : BFL_STYLE_PLAIN, line);
                pending = 0;
            }
            pending += widths[c] - width_of(line) + GAP;
            rest[c] = bfl_text_trim(rest[c]);
            more = more || rest[c].size > 0;
        }
        bfl_buf_add(term->out, "\n");
    }
}

void bfl_term_table_write(bfl_term *term, const bfl_term_table *table) {
    if (table->column_count == 0 || table->cells.count < table->column_count) return;
    const int *widths = column_widths(term, table);
    if (!widths) {
        write_stacked(term, table);
        return;
    }
    for (size_t row = 0; row < table->cells.count / table->column_count; row++) write_row(term, table, row, widths);
}
