/* SPDX-License-Identifier: Apache-2.0 */
/* A dataset as CSV: a header of variable names, then a row an observation. */
#include "format/csv.h"
#include "format/sdtm/sdtm.h"

#include <string.h>

typedef struct pass {
    sdtm *s;
    const char *file;
    bfl_text bytes;
    bfl_csv *csv;
    sdtm_dataset *d;
} pass;

static bool check_bytes(pass *p) {
    bfl_text b = p->bytes;
    const char *nul = b.size ? memchr(b.data, '\0', b.size) : NULL;
    if (bfl_text_starts(b, BFL_TEXT("\xEF\xBB\xBF"))) {
        bfl_sdtm_file_issue(p->s, BFL_CODE_FILE_BOM, p->file, 1, "", "a UTF-8 byte-order mark", "UTF-8 without one");
        p->bytes = (bfl_text){b.data + 3, b.size - 3};
    }
    if (!nul) return true;
    bfl_sdtm_reject(p->s, BFL_CODE_FILE_NOT_CSV, p->file, 0,
                    bfl_arena_printf(p->s->arena, "a NUL byte at offset %zu", (size_t)(nul - b.data)), "a CSV table");
    return false;
}

static bfl_status check_limit(const pass *p, bfl_csv_result result, size_t rows, bfl_error *err) {
    const bfl_limits *limits = &p->s->limits;
    if (result == BFL_CSV_FIELD_LIMIT)
        return bfl_fail(err, BFL_ELIMIT, p->file, p->csv->line, "field %u is larger than the limit of %zu bytes",
                        p->csv->column, limits->field_bytes);
    if (result == BFL_CSV_COUNT_LIMIT)
        return bfl_fail(err, BFL_ELIMIT, p->file, p->csv->line, "more than %d fields in a row", BFL_CSV_FIELDS);
    if (rows > limits->rows)
        return bfl_fail(err, BFL_ELIMIT, p->file, p->csv->line, "more than the limit of %zu rows", limits->rows);
    return BFL_OK;
}

static void row_issue(const pass *p, bfl_issue_code code, const char *found, const char *expected) {
    bfl_sdtm_file_issue(p->s, code, p->file, p->csv->line, "", found, expected);
}

static void report_quote(const pass *p, bfl_csv_result result) {
    row_issue(p, BFL_CODE_ROW_QUOTE,
              bfl_arena_printf(p->s->arena,
                               result == BFL_CSV_QUOTE ? "a double quote in the wrong place in field %u"
                                                       : "field %u opens with a double quote that is never closed",
                               p->csv->column),
              "a field in double quotes, or without any");
}

static bool is_blank(const bfl_csv *csv) {
    for (size_t i = 0; i < csv->field_count; i++)
        if (bfl_text_trim(csv->fields[i]).size) return false;
    return true;
}

static void take_row(const pass *p) {
    size_t bad;
    if (is_blank(p->csv)) return;
    if (!bfl_utf8_valid((bfl_text){p->bytes.data + p->csv->begin, p->csv->end - p->csv->begin}, &bad)) {
        row_issue(p, BFL_CODE_ROW_ENCODING,
                  bfl_arena_printf(p->s->arena, "byte 0x%02X at offset %zu",
                                   (unsigned char)p->bytes.data[p->csv->begin + bad], p->csv->begin + bad),
                  "UTF-8");
    } else if (p->csv->field_count != p->d->column_count) {
        row_issue(p, BFL_CODE_ROW_FIELDS, bfl_arena_printf(p->s->arena, "%zu fields", p->csv->field_count),
                  bfl_arena_printf(p->s->arena, "%zu, as in the header", p->d->column_count));
    } else {
        bfl_sdtm_line(p->s, p->d, p->csv->line, p->csv->fields);
    }
}

static bfl_status read_rows(pass *p, bfl_error *err) {
    size_t rows = 0;
    for (;;) {
        bfl_arena_reset(p->s->row);
        bfl_csv_result result = bfl_csv_next(p->csv);
        if (result == BFL_CSV_END) break;
        bfl_status status = check_limit(p, result, ++rows, err);
        if (status) return status;
        if (result == BFL_CSV_QUOTE || result == BFL_CSV_OPEN_QUOTE)
            report_quote(p, result);
        else
            take_row(p);
    }
    if (rows == 0) bfl_sdtm_file_issue(p->s, BFL_CODE_FILE_HEADER_ONLY, p->file, 0, "", "a header and no rows", "rows");
    return BFL_OK;
}

/* "USUBJID;TRSEQ" is one field. */
static bool check_separator(const pass *p) {
    if (p->csv->field_count != 1) return true;
    bfl_text first = p->csv->fields[0];
    const char *other = first.size == 0                        ? NULL
                        : memchr(first.data, ';', first.size)  ? "semicolons"
                        : memchr(first.data, '\t', first.size) ? "tabs"
                                                               : NULL;
    if (!other) return true;
    bfl_sdtm_reject(p->s, BFL_CODE_FILE_SEPARATOR, p->file, 1,
                    bfl_arena_printf(p->s->arena, "%s between the columns", other), "commas");
    return false;
}

bfl_status bfl_sdtm_csv(sdtm *s, const char *file, bfl_text bytes, bfl_error *err) {
    pass p = {s, file, bytes, BFL_NEW(s->scratch, bfl_csv), NULL};
    if (!check_bytes(&p)) return BFL_OK;
    bfl_csv_open(p.csv, s->row, p.bytes, s->limits.field_bytes);
    bfl_csv_result result = bfl_csv_next(p.csv);
    bfl_status status = check_limit(&p, result, 0, err);
    if (status) return status;
    if (result == BFL_CSV_END) {
        bfl_sdtm_file_issue(s, BFL_CODE_FILE_EMPTY, file, 0, "", "an empty file", "a header row");
        return BFL_OK;
    }
    if (result != BFL_CSV_ROW) {
        bfl_sdtm_reject(s, BFL_CODE_FILE_NOT_CSV, file, p.csv->line,
                        "a header row with a double quote in the wrong place", "the names of the variables");
        return BFL_OK;
    }
    if (!check_separator(&p)) return BFL_OK;
    p.d = bfl_sdtm_dataset(s, file, p.csv->fields, p.csv->field_count);
    return p.d ? read_rows(&p, err) : BFL_OK;
}
