/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SAS transport files, version 5: records of 80 bytes, a header for the library, then for each dataset headers, 140 bytes a
 * variable, and rows of fixed width without a count ("The Record Layout of a SAS Transport Data Set", SAS TS-140).
 */
#include "format/sdtm/ibm.h"
#include "format/sdtm/sdtm.h"

#include <math.h>
#include <string.h>

enum { RECORD = 80, NAMESTR = 140, NAMESTR_SHORT = 136, NAME = 8, MOST_VARIABLES = 999, NUMERIC = 1, CHARACTER = 2 };

typedef struct variable {
    bfl_text name;
    size_t at, size;
    bool numeric;
} variable;

typedef struct transport {
    sdtm *s;
    const char *file;
    bfl_text bytes;
    size_t at;
    size_t namestr_size;
    variable *variables;
    size_t variable_count, row_size, limits_row;
    bfl_text *names;
} transport;

static bool refuse(const transport *t, const char *found, const char *expected) {
    bfl_sdtm_reject(t->s, BFL_CODE_SDTM_XPT, t->file, 0, found, expected);
    return false;
}

/* ---- headers ---- */

static bool is_header(const transport *t, size_t at, const char *kind) {
    bfl_text head = {t->bytes.data + at, t->bytes.size - at};
    if (head.size < RECORD || !bfl_text_starts(head, BFL_TEXT("HEADER RECORD*******"))) return false;
    return bfl_text_starts((bfl_text){head.data + 20, head.size - 20}, bfl_text_of(kind));
}

/* Goes behind `records` records that begin with that header. */
static bool take_header(transport *t, const char *kind, size_t records) {
    if (!is_header(t, t->at, kind))
        return refuse(t, bfl_arena_printf(t->s->arena, "no header record %s at byte %zu", kind, t->at),
                      "a SAS transport file of version 5");
    if (t->bytes.size - t->at < records * RECORD)
        return refuse(t, "a file that ends in its headers", "a whole SAS transport file of version 5");
    t->at += records * RECORD;
    return true;
}

/* Digits of a header record. */
static bool header_number(const transport *t, size_t at, size_t digits, size_t *out) {
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        char c = t->bytes.data[at + i];
        if (c < '0' || c > '9') return false;
        *out = *out * 10 + (size_t)(c - '0');
    }
    return true;
}

static uint32_t big_endian(const char *bytes, size_t count) {
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++) value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static size_t padded(size_t size) { return (size + RECORD - 1) / RECORD * RECORD; }

/* ---- variables ---- */

static bool read_variable(transport *t, size_t index, const char *namestr) {
    variable *v = &t->variables[index];
    uint32_t type = big_endian(namestr, 2);
    v->size = big_endian(namestr + 4, 2);
    v->name = bfl_text_trim((bfl_text){namestr + 8, NAME});
    v->at = big_endian(namestr + 84, 4);
    v->numeric = type == NUMERIC;
    t->names[index] = v->name;
    size_t bad;
    bool sane = (type == NUMERIC && v->size >= 2 && v->size <= 8) || (type == CHARACTER && v->size > 0);
    sane = sane && v->name.size > 0 && bfl_utf8_valid(v->name, &bad) && !memchr(v->name.data, '\0', v->name.size);
    if (!sane || v->at > t->limits_row || v->size > t->limits_row)
        return refuse(t, bfl_arena_printf(t->s->arena, "a description of variable %zu that cannot be", index + 1),
                      "a name, the type and the length of each variable");
    if (v->at + v->size > t->row_size) t->row_size = v->at + v->size;
    return true;
}

static bool read_variables(transport *t) {
    size_t count = 0, header = t->at;
    if (!take_header(t, "NAMESTR HEADER RECORD", 1)) return false;
    if (!header_number(t, header + 54, 4, &count) || count == 0 || count > MOST_VARIABLES)
        return refuse(t, "no number of variables in the header", "1 to 999 variables");
    if (t->bytes.size - t->at < padded(count * t->namestr_size))
        return refuse(t, "a file that ends in its list of variables", "a whole SAS transport file of version 5");
    t->variable_count = count;
    t->row_size = 0;
    t->variables = BFL_NEW_ARRAY(t->s->scratch, count, variable);
    t->names = BFL_NEW_ARRAY(t->s->scratch, count, bfl_text);
    for (size_t i = 0; i < count; i++)
        if (!read_variable(t, i, t->bytes.data + t->at + i * t->namestr_size)) return false;
    t->at += padded(count * t->namestr_size);
    return true;
}

/* ---- numbers ---- */

static bool is_missing_number(const char *bytes, size_t size) {
    for (size_t i = 1; i < size; i++)
        if (bytes[i]) return false;
    char c = bytes[0];
    return c == '.' || c == '_' || (c >= 'A' && c <= 'Z');
}

/* The text of a number in as many bytes as it was kept in; "" and an issue when it has none here. */
static bfl_text number_text(const transport *t, const variable *v, uint32_t line, double value) {
    double slack = v->size < 8 ? ldexp(fabs(value), -(int)(8 * (v->size - 1) - 4)) : 0;
    const char *text = bfl_ibm_text(t->s->row, value, slack);
    if (text) return bfl_text_of(text);
    bfl_sdtm_file_issue(t->s, BFL_CODE_NUMBER_RANGE, t->file, line, bfl_issue_quote(t->s->arena, v->name),
                        fabs(value) < 1 ? "a number too close to 0" : "a number too large",
                        "a number with at most 15 digits before and 9 behind the point");
    return (bfl_text){"", 0};
}

/* ---- rows ---- */

static bfl_text cell_text(const transport *t, const variable *v, const char *row, uint32_t line) {
    const char *bytes = row + v->at;
    if (!v->numeric) {
        const char *nul = memchr(bytes, '\0', v->size);
        return (bfl_text){bytes, nul ? (size_t)(nul - bytes) : v->size};
    }
    if (is_missing_number(bytes, v->size)) return (bfl_text){"", 0};
    return number_text(t, v, line, bfl_ibm_read(bytes, v->size));
}

static bool is_blank(const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != ' ') return false;
    return true;
}

static void take_row(const transport *t, sdtm_dataset *d, const char *row, uint32_t line, bfl_text *cells) {
    bfl_arena_reset(t->s->row);
    for (size_t i = 0; i < t->variable_count; i++) {
        cells[i] = cell_text(t, &t->variables[i], row, line);
        size_t bad;
        if (bfl_utf8_valid(cells[i], &bad)) continue;
        bfl_sdtm_file_issue(t->s, BFL_CODE_ROW_ENCODING, t->file, line, bfl_issue_quote(t->s->arena, t->names[i]),
                            bfl_arena_printf(t->s->arena, "byte 0x%02X", (unsigned char)cells[i].data[bad]), "UTF-8");
        return;
    }
    bfl_sdtm_line(t->s, d, line, cells);
}

/* Rows go to the next dataset of the file or to its end; there blanks fill the last record up. */
static size_t end_of_rows(const transport *t) {
    for (size_t at = t->at; at + RECORD <= t->bytes.size; at += RECORD)
        if (is_header(t, at, "MEMBER  HEADER RECORD")) return at;
    return t->bytes.size;
}

static bfl_status read_rows(transport *t, sdtm_dataset *d, bfl_error *err) {
    size_t end = end_of_rows(t), rows = (end - t->at) / t->row_size, rest = (end - t->at) % t->row_size;
    const char *first = t->bytes.data + t->at;
    t->at = end;
    if (!is_blank(first + rows * t->row_size, rest)) {
        d->lines.count = 0;
        (void)refuse(t, bfl_arena_printf(t->s->arena, "a file that ends in row %zu", rows + 1), "whole rows");
        return BFL_OK;
    }
    size_t fill = 0; /* rows that are only the blanks of the last record */
    while (rows && rest + fill + t->row_size < RECORD && is_blank(first + (rows - 1) * t->row_size, t->row_size))
        rows--, fill += t->row_size;
    if (rows > t->s->limits.rows)
        return bfl_fail(err, BFL_ELIMIT, t->file, 0, "more than the limit of %zu rows", t->s->limits.rows);
    bfl_text *cells = BFL_NEW_ARRAY(t->s->scratch, t->variable_count, bfl_text);
    for (size_t i = 0; i < rows; i++) take_row(t, d, first + i * t->row_size, (uint32_t)(i + 1), cells);
    if (rows == 0) bfl_sdtm_file_issue(t->s, BFL_CODE_FILE_HEADER_ONLY, t->file, 0, "", "a header and no rows", "rows");
    return BFL_OK;
}

/* ---- the file ---- */

static bool read_member(transport *t) {
    size_t header = t->at;
    if (!take_header(t, "MEMBER  HEADER RECORD", 1)) return false;
    bool known = header_number(t, header + 75, 3, &t->namestr_size);
    if (!known || (t->namestr_size != NAMESTR && t->namestr_size != NAMESTR_SHORT))
        return refuse(t, "an unknown length of the descriptions of variables", "140 (136 on VAX)");
    if (!take_header(t, "DSCRPTR HEADER RECORD", 3) || !read_variables(t)) return false;
    return take_header(t, "OBS     HEADER RECORD", 1);
}

static bool check_library(transport *t) {
    if (is_header(t, 0, "LIBV8"))
        return refuse(t, "a SAS transport file of version 8", "version 5: names of at most 8 characters");
    if (!bfl_sdtm_is_xpt(t->bytes))
        return refuse(t, "no header of a SAS transport file", "a SAS transport file of version 5");
    if (t->bytes.size % RECORD)
        return refuse(
            t, bfl_arena_printf(t->s->arena, "%zu bytes: the file ends in the middle of a record", t->bytes.size),
            "records of 80 bytes");
    return take_header(t, "LIBRARY HEADER RECORD", 3);
}

bool bfl_sdtm_is_xpt(bfl_text head) { return bfl_text_starts(head, BFL_TEXT("HEADER RECORD*******LIB")); }

bfl_status bfl_sdtm_xpt(sdtm *s, const char *file, bfl_text bytes, bfl_error *err) {
    transport t = {.s = s, .file = file, .bytes = bytes, .limits_row = s->limits.field_bytes * MOST_VARIABLES};
    if (!check_library(&t)) return BFL_OK;
    do {
        if (!read_member(&t)) return BFL_OK;
        sdtm_dataset *d = bfl_sdtm_dataset(s, file, t.names, t.variable_count);
        if (!d) {
            t.at = end_of_rows(&t);
            continue;
        }
        bfl_status status = read_rows(&t, d, err);
        if (status) return status;
    } while (t.at < t.bytes.size);
    return BFL_OK;
}
