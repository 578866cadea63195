/* SPDX-License-Identifier: Apache-2.0 */
/* Reading one table: encoding, header, rows; whose row it is. */
#include "format/casefolder/read.h"
#include "format/csv.h"
#include "format/job.h"

#include <string.h>

/* One table on its way through. */
typedef struct pass {
    reader *r;
    const table *t;
    bfl_arena *row_scratch;
    bfl_csv *csv;
    size_t column_of[BFL_CSV_FIELDS]; /* field -> column + 1, 0 = ignored */
    size_t header_count;
    size_t rows;
    bool whole_file_latin; /* not one letter is UTF-8: reported once, not row by row */
    size_t bad_rows, bad_offset;
    uint32_t bad_line;
} pass;

void bfl_reader_begin(reader *r, bfl_arena *arena, bfl_arena *scratch, const bfl_limits *limits) {
    *r = (reader){.arena = arena, .scratch = scratch};
    r->limits = bfl_format_limits(limits);
    r->texts = (names){.arena = arena, .scratch = scratch};
    r->patients = r->texts;
    r->study.scratch = scratch;
}

const table *bfl_casefolder_table(const char *file) {
    for (size_t i = 0; i < TABLE_COUNT; i++)
        if (strcmp(bfl_casefolder_tables[i].file, file) == 0) return &bfl_casefolder_tables[i];
    return NULL;
}

/* ---- issues of the file ---- */

static void file_issue(const pass *p, bfl_issue_code code, uint32_t line, const char *column, const char *found,
                       const char *expected) {
    bfl_place place = {"", {p->t->file, line, ""}, column};
    bfl_issue_add(p->r->arena, &p->r->study.issues, code, place, found, expected);
}

/* A problem that makes the whole table unreadable. */
static void reject(const pass *p, bfl_issue_code code, const char *found, const char *expected) {
    file_issue(p, code, 0, "", found, expected);
    if (p->r->first_problem.status == BFL_OK)
        (void)bfl_fail(&p->r->first_problem, BFL_EPARSE, p->t->file, 0, "%s, expected %s", found, expected);
}

void bfl_reader_unknown_file(reader *r, const char *file) {
    bfl_place place = {"", {bfl_issue_quote(r->arena, bfl_text_of(file)), 0, ""}, ""};
    bfl_buf buf = {.arena = r->arena};
    for (size_t i = 0; i < TABLE_COUNT; i++)
        bfl_buf_addf(&buf, "%s%s", i == 0 ? "" : i + 1 == TABLE_COUNT ? " or " : ", ", bfl_casefolder_tables[i].file);
    bfl_issue_add(r->arena, &r->study.issues, BFL_CODE_FILE_UNKNOWN, place, "a file that is not read", bfl_buf_z(&buf));
}

/* ---- encoding ---- */

static bool starts_with(bfl_text bytes, const char *magic, size_t size) {
    return bytes.size >= size && memcmp(bytes.data, magic, size) == 0;
}

/* Is there any letter beyond ASCII that is written in UTF-8? */
static bool has_utf8_letter(bfl_text bytes) {
    for (size_t i = 0; i < bytes.size; i++) {
        if ((unsigned char)bytes.data[i] < 0x80) continue;
        for (size_t n = 2; n <= 4 && i + n <= bytes.size; n++)
            if (bfl_utf8_valid((bfl_text){bytes.data + i, n}, NULL)) return true;
    }
    return false;
}

/* Removes a byte-order mark and rejects what is no text table. */
static bool check_bytes(pass *p, bfl_text *bytes) {
    bfl_arena *arena = p->r->arena;
    if (starts_with(*bytes, "\xEF\xBB\xBF", 3)) {
        file_issue(p, BFL_CODE_FILE_BOM, 1, "", "a UTF-8 byte-order mark", "UTF-8 without one");
        *bytes = (bfl_text){bytes->data + 3, bytes->size - 3};
    }
    const char *nul = bytes->size ? memchr(bytes->data, '\0', bytes->size) : NULL;
    if (starts_with(*bytes, "\xFF\xFE", 2) || starts_with(*bytes, "\xFE\xFF", 2) || (nul && nul - bytes->data < 2))
        reject(p, BFL_CODE_FILE_ENCODING, "UTF-16 (\"Unicode text\")", "UTF-8");
    else if (starts_with(*bytes, "PK\x03\x04", 4))
        reject(p, BFL_CODE_FILE_NOT_CSV, "a zip archive, perhaps a spreadsheet with its name changed", "a CSV table");
    else if (nul)
        reject(p, BFL_CODE_FILE_NOT_CSV,
               bfl_arena_printf(arena, "a NUL byte at offset %zu", (size_t)(nul - bytes->data)), "a CSV table");
    else
        return true;
    return false;
}

static void report_latin(const pass *p, bfl_text bytes) {
    if (p->bad_rows == 0) return;
    file_issue(
        p, BFL_CODE_FILE_ENCODING, p->bad_line, "",
        bfl_arena_printf(p->r->arena,
                         "byte 0x%02X at offset %zu: the table is not UTF-8, it looks like Latin-1 (Windows-1252) or "
                         "another code page; rows with such bytes that are not used: %zu",
                         (unsigned char)bytes.data[p->bad_offset], p->bad_offset, p->bad_rows),
        "UTF-8");
}

/* ---- header ---- */

static bool is_same_column(const char *a, bfl_text b) {
    return bfl_text_equal_nocase(bfl_text_of(a), bfl_text_trim(b));
}

static void map_field(pass *p, size_t field, uint32_t *seen) {
    bfl_text text = p->csv->fields[field];
    const char *shown = bfl_issue_quote(p->r->arena, text);
    p->column_of[field] = 0;
    for (size_t c = 0; c < p->t->column_count; c++) {
        if (!is_same_column(p->t->columns[c], text)) continue;
        if (*seen & (1u << c))
            file_issue(p, BFL_CODE_FILE_COLUMN_TWICE, p->csv->line, p->t->columns[c],
                       bfl_arena_printf(p->r->arena, "a second column %s", shown), "each column once");
        else
            p->column_of[field] = c + 1;
        *seen |= 1u << c;
        return;
    }
    if (bfl_text_trim(text).size)
        file_issue(p, BFL_CODE_FILE_COLUMN_UNKNOWN, p->csv->line, shown, "a column that is not read",
                   "a column of docs/case-folder.md");
}

static bool read_header(pass *p) {
    bfl_text first = p->csv->field_count ? p->csv->fields[0] : (bfl_text){"", 0};
    if (p->csv->field_count == 1 && p->t->column_count > 1 && first.size) {
        const char *other = memchr(first.data, ';', first.size)    ? "semicolons"
                            : memchr(first.data, '\t', first.size) ? "tabs"
                                                                   : NULL;
        if (other) {
            reject(p, BFL_CODE_FILE_SEPARATOR, bfl_arena_printf(p->r->arena, "%s between the columns", other),
                   "commas");
            return false;
        }
    }
    uint32_t seen = 0;
    p->header_count = p->csv->field_count;
    for (size_t i = 0; i < p->header_count; i++) map_field(p, i, &seen);
    bool complete = true;
    for (size_t c = 0; c < p->t->column_count; c++) {
        if (!(p->t->needed_columns & (1u << c)) || (seen & (1u << c))) continue;
        const char *found = bfl_arena_printf(p->r->arena, "no column %s; the table is not read", p->t->columns[c]);
        if (complete)
            reject(p, BFL_CODE_FILE_COLUMN_MISSING, found, p->t->columns[c]);
        else
            file_issue(p, BFL_CODE_FILE_COLUMN_MISSING, 0, "", found, p->t->columns[c]);
        complete = false;
    }
    return complete;
}

/* ---- whose row ---- */

bfl_builder *bfl_reader_patient(reader *r, bfl_text id, bool *is_new) {
    name *n = bfl_names_add(&r->patients, id);
    *is_new = !n->value;
    if (!n->value) {
        n->value = bfl_record_begin(r->scratch, n->text);
        *BFL_PUSH(r->scratch, &r->study.patients) = n->value;
    }
    return n->value;
}

void bfl_row_issue(const row *w, bfl_issue_code code, int column, const char *found, const char *expected) {
    reader *r = w->r;
    bfl_place place = {w->patient, {w->table->file, w->line, ""}, column < 0 ? "" : w->table->columns[column]};
    if (w->builder)
        bfl_issue_add(r->scratch, bfl_record_issues(w->builder), code, place, found, expected);
    else
        bfl_issue_add(r->scratch, &r->study.issues, code, place, found, expected);
}

/* Finds the patient of a row of any table but patients.csv; false when the row cannot be used. */
static bool find_patient(row *w) {
    bfl_text id = w->cells[0];
    w->patient = bfl_names_add(&w->r->texts, id)->text;
    if (bfl_text_equal(id, BFL_TEXT("*"))) {
        if (w->table->id == TABLE_NOTES) return true;
        bfl_row_issue(w, BFL_CODE_ROW_PATIENT_UNKNOWN, 0, "*",
                      "a patient; * stands for the whole study in notes.csv only");
        return false;
    }
    const name *known = bfl_names_find(&w->r->patients, id);
    if (w->r->listed && !known) {
        bfl_row_issue(w, BFL_CODE_ROW_PATIENT_UNKNOWN, 0, bfl_issue_quote(w->r->arena, id),
                      "a patient of patients.csv");
        return false;
    }
    bool is_new;
    w->builder = bfl_reader_patient(w->r, id, &is_new);
    if (is_new) {
        bfl_patient *p = bfl_record_patient(w->builder);
        p->source = (bfl_source){w->table->file, w->line, ""};
        bfl_row_issue(w, BFL_CODE_FILE_PATIENTS_MISSING, 0, "a patient that no table of patients describes",
                      "a row in patients.csv");
    }
    return true;
}

static bool has_needed_cells(const row *w) {
    bool complete = true;
    for (size_t c = 0; c < w->table->column_count; c++) {
        if (!(w->table->needed_cells & (1u << c)) || w->cells[c].size) continue;
        bfl_row_issue(w, BFL_CODE_ROW_CELL_MISSING, (int)c, "an empty cell", "a value");
        complete = false;
    }
    return complete;
}

/* ---- rows ---- */

static bool check_row_bytes(pass *p, bfl_text bytes) {
    size_t bad;
    if (bfl_utf8_valid((bfl_text){bytes.data + p->csv->begin, p->csv->end - p->csv->begin}, &bad)) return true;
    if (p->bad_rows++ == 0) {
        p->bad_offset = p->csv->begin + bad;
        p->bad_line = p->csv->line;
    }
    if (p->whole_file_latin) return false;
    size_t offset = p->csv->begin + bad;
    file_issue(p, BFL_CODE_ROW_ENCODING, p->csv->line, "",
               bfl_arena_printf(p->r->arena, "byte 0x%02X at offset %zu", (unsigned char)bytes.data[offset], offset),
               "UTF-8");
    return false;
}

static bool is_blank(const bfl_csv *csv) {
    for (size_t i = 0; i < csv->field_count; i++)
        if (bfl_text_trim(csv->fields[i]).size) return false;
    return true;
}

/* As many fields as the header; empty ones behind do not count. */
static bool check_field_count(const pass *p) {
    size_t count = p->csv->field_count;
    while (count > p->header_count && bfl_text_trim(p->csv->fields[count - 1]).size == 0) count--;
    if (count == p->header_count) return true;
    file_issue(p, BFL_CODE_ROW_FIELDS, p->csv->line, "", bfl_arena_printf(p->r->arena, "%zu fields", count),
               bfl_arena_printf(p->r->arena, "%zu, as in the header", p->header_count));
    return false;
}

static void read_row(pass *p) {
    row w = {.r = p->r, .table = p->t, .line = p->csv->line, .patient = ""};
    for (size_t c = 0; c < p->t->column_count; c++) w.cells[c] = (bfl_text){"", 0};
    for (size_t i = 0; i < p->header_count; i++)
        if (p->column_of[i]) w.cells[p->column_of[i] - 1] = bfl_text_trim(p->csv->fields[i]);
    if (!has_needed_cells(&w)) return;
    if (p->t->id != TABLE_PATIENTS && !find_patient(&w)) return;
    bfl_row_read(&w);
}

static bfl_status check_limit(const pass *p, bfl_csv_result result, bfl_error *err) {
    const bfl_limits *limits = &p->r->limits;
    if (result == BFL_CSV_FIELD_LIMIT)
        return bfl_fail(err, BFL_ELIMIT, p->t->file, p->csv->line, "field %u is larger than the limit of %zu bytes",
                        p->csv->column, limits->field_bytes);
    if (result == BFL_CSV_COUNT_LIMIT)
        return bfl_fail(err, BFL_ELIMIT, p->t->file, p->csv->line, "more than %d fields in a row", BFL_CSV_FIELDS);
    if (p->rows > limits->rows)
        return bfl_fail(err, BFL_ELIMIT, p->t->file, p->csv->line, "more than the limit of %zu rows", limits->rows);
    return BFL_OK;
}

static bfl_status read_rows(pass *p, bfl_text bytes, bfl_error *err) {
    for (;;) {
        bfl_arena_reset(p->row_scratch);
        bfl_csv_result result = bfl_csv_next(p->csv);
        if (result == BFL_CSV_END) return BFL_OK;
        p->rows++;
        bfl_status status = check_limit(p, result, err);
        if (status) return status;
        if (result == BFL_CSV_QUOTE || result == BFL_CSV_OPEN_QUOTE)
            file_issue(
                p, BFL_CODE_ROW_QUOTE, p->csv->line, "",
                result == BFL_CSV_QUOTE
                    ? bfl_arena_printf(p->r->arena, "a double quote in the wrong place in field %u", p->csv->column)
                    : bfl_arena_printf(p->r->arena, "field %u opens with a double quote that is never closed",
                                       p->csv->column),
                "a field in double quotes, or without any");
        else if (!is_blank(p->csv) && check_row_bytes(p, bytes) && check_field_count(p))
            read_row(p);
    }
}

static bfl_status read_table(pass *p, bfl_text bytes, bfl_error *err) {
    bfl_csv_open(p->csv, p->row_scratch, bytes, p->r->limits.field_bytes);
    bfl_csv_result result = bfl_csv_next(p->csv);
    if (result == BFL_CSV_END) {
        file_issue(p, BFL_CODE_FILE_EMPTY, 0, "", "an empty file", "a header row");
        p->r->tables_read++;
        return BFL_OK;
    }
    bfl_status status = check_limit(p, result, err);
    if (status) return status;
    if (result != BFL_CSV_ROW) {
        reject(p, BFL_CODE_FILE_NOT_CSV, "a header row with a double quote in the wrong place",
               "the names of the columns");
        return BFL_OK;
    }
    if (!read_header(p)) return BFL_OK;
    p->r->tables_read++;
    size_t bad;
    p->whole_file_latin = !bfl_utf8_valid(bytes, &bad) && !has_utf8_letter(bytes);
    status = read_rows(p, bytes, err);
    if (status) return status;
    if (p->rows == 0) file_issue(p, BFL_CODE_FILE_HEADER_ONLY, 0, "", "a header and no rows", "rows");
    if (p->whole_file_latin) report_latin(p, bytes);
    return BFL_OK;
}

bfl_status bfl_reader_table(reader *r, const table *t, bfl_arena *row_scratch, bfl_text bytes, bfl_error *err) {
    pass *p = BFL_NEW(r->scratch, pass);
    p->r = r;
    p->t = t;
    p->row_scratch = row_scratch;
    p->csv = BFL_NEW(r->scratch, bfl_csv);
    r->tables_seen++;
    return check_bytes(p, &bytes) ? read_table(p, bytes, err) : BFL_OK;
}

bfl_status bfl_reader_end(reader *r, bfl_study **out, bfl_error *err) {
    if (r->tables_seen && !r->tables_read) {
        if (err) *err = r->first_problem;
        return BFL_EPARSE;
    }
    *out = bfl_study_seal(r->arena, &r->study);
    return BFL_OK;
}
