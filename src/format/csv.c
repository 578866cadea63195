/* SPDX-License-Identifier: Apache-2.0 */
#include "format/csv.h"

#include <string.h>

void bfl_csv_open(bfl_csv *csv, bfl_arena *arena, bfl_text bytes, size_t field_bytes) {
    csv->arena = arena;
    csv->bytes = bytes;
    csv->at = 0;
    csv->next_line = 1;
    csv->field_bytes = field_bytes;
    csv->line = csv->column = 0;
    csv->begin = csv->end = csv->field_count = 0;
}

static bool at_end(const bfl_csv *csv) { return csv->at == csv->bytes.size; }

static char here(const bfl_csv *csv) { return csv->bytes.data[csv->at]; }

static bool at_line_end(const bfl_csv *csv) { return at_end(csv) || here(csv) == '\n' || here(csv) == '\r'; }

static void take_line_end(bfl_csv *csv) {
    if (at_end(csv)) return;
    bool cr = here(csv) == '\r';
    csv->at++;
    if (cr && !at_end(csv) && here(csv) == '\n') csv->at++;
    csv->next_line++;
}

/* Goes on behind the line that the bad row began on: a quote that was never closed costs one row, not the rest of the file. */
static void skip_line(bfl_csv *csv) {
    csv->at = csv->begin;
    csv->next_line = csv->line;
    while (!at_line_end(csv)) csv->at++;
    take_line_end(csv);
}

/* Copy of a quoted field with its doubled quotes made single. */
static bfl_text unquoted(bfl_csv *csv, bfl_text raw) {
    char *copy = bfl_arena_alloc(csv->arena, raw.size + 1, 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.size; i++) {
        copy[n++] = raw.data[i];
        if (raw.data[i] == '"') i++;
    }
    return (bfl_text){copy, n};
}

static bool is_doubled(const bfl_csv *csv) {
    return csv->at + 1 < csv->bytes.size && csv->bytes.data[csv->at + 1] == '"';
}

/* A line end inside quotes; of CRLF the LF counts. */
static bool ends_line(const bfl_csv *csv) {
    if (here(csv) == '\n') return true;
    return here(csv) == '\r' && (csv->at + 1 == csv->bytes.size || csv->bytes.data[csv->at + 1] != '\n');
}

/* Goes to the closing quote. Far beyond the limit and over many lines the quote was never closed. */
static bfl_csv_result find_closing_quote(bfl_csv *csv, bool *doubled) {
    size_t begin = csv->at;
    uint32_t first_line = csv->next_line;
    for (; !at_end(csv); csv->at++) {
        if (csv->at - begin > 2 * csv->field_bytes)
            return csv->next_line > first_line ? BFL_CSV_OPEN_QUOTE : BFL_CSV_FIELD_LIMIT;
        if (ends_line(csv)) csv->next_line++;
        if (here(csv) != '"') continue;
        if (!is_doubled(csv)) return BFL_CSV_ROW;
        *doubled = true;
        csv->at++;
    }
    return BFL_CSV_OPEN_QUOTE;
}

/* After the opening quote. Leaves csv->at behind the closing quote. */
static bfl_csv_result take_quoted(bfl_csv *csv, bfl_text *out) {
    size_t begin = csv->at;
    bool doubled = false;
    bfl_csv_result result = find_closing_quote(csv, &doubled);
    if (result != BFL_CSV_ROW) return result;
    bfl_text raw = {csv->bytes.data + begin, csv->at - begin};
    csv->at++;
    if (raw.size > csv->field_bytes) return BFL_CSV_FIELD_LIMIT;
    *out = doubled ? unquoted(csv, raw) : raw;
    return at_line_end(csv) || here(csv) == ',' ? BFL_CSV_ROW : BFL_CSV_QUOTE;
}

static bfl_csv_result take_plain(bfl_csv *csv, bfl_text *out) {
    size_t begin = csv->at;
    while (!at_line_end(csv) && here(csv) != ',') {
        if (here(csv) == '"') return BFL_CSV_QUOTE;
        csv->at++;
    }
    *out = (bfl_text){csv->bytes.data + begin, csv->at - begin};
    return out->size > csv->field_bytes ? BFL_CSV_FIELD_LIMIT : BFL_CSV_ROW;
}

static bfl_csv_result take_field(bfl_csv *csv, bfl_text *out) {
    if (at_end(csv) || here(csv) != '"') return take_plain(csv, out);
    csv->at++;
    return take_quoted(csv, out);
}

static bfl_csv_result take_row(bfl_csv *csv) {
    for (;;) {
        csv->column = (uint32_t)csv->field_count + 1;
        if (csv->field_count == BFL_CSV_FIELDS) return BFL_CSV_COUNT_LIMIT;
        bfl_csv_result result = take_field(csv, &csv->fields[csv->field_count]);
        if (result != BFL_CSV_ROW) return result;
        csv->field_count++;
        if (at_line_end(csv)) return BFL_CSV_ROW;
        csv->at++; /* the comma */
    }
}

bfl_csv_result bfl_csv_next(bfl_csv *csv) {
    while (!at_end(csv) && at_line_end(csv)) take_line_end(csv);
    if (at_end(csv)) return BFL_CSV_END;
    csv->line = csv->next_line;
    csv->begin = csv->at;
    csv->field_count = 0;
    bfl_csv_result result = take_row(csv);
    if (result == BFL_CSV_ROW)
        take_line_end(csv);
    else
        skip_line(csv);
    csv->end = csv->at;
    return result;
}

void bfl_csv_write(bfl_buf *buf, bfl_text field) {
    bool plain = true;
    for (size_t i = 0; i < field.size && plain; i++) plain = !memchr(",\"\r\n", field.data[i], 4);
    bool spaced = field.size && (field.data[0] == ' ' || field.data[field.size - 1] == ' ');
    if (plain && !spaced) {
        bfl_buf_add_text(buf, field);
        return;
    }
    bfl_buf_add(buf, "\"");
    for (size_t i = 0; i < field.size; i++) {
        if (field.data[i] == '"') bfl_buf_add(buf, "\"");
        bfl_buf_add_text(buf, (bfl_text){field.data + i, 1});
    }
    bfl_buf_add(buf, "\"");
}
