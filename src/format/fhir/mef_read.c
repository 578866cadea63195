/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the extraction layout: header, rows, and what is wrong with them as CSV. */
#include "format/fhir/mef.h"
#include "format/registry.h"

#include <string.h>

static void row_issue(reader *r, bfl_issue_code code, uint32_t line, const char *column, const char *found,
                      const char *expected) {
    if (r->indexing) return;
    bfl_place place = {"", {r->file, line, ""}, column};
    bfl_issue_add(r->scratch, &r->study.issues, code, place, found, expected);
}

/* The header outlives the rows. */
static size_t keep_header(reader *r, const bfl_csv *csv, bfl_text columns[BFL_CSV_FIELDS]) {
    for (size_t i = 0; i < csv->field_count; i++) columns[i] = bfl_text_of(bfl_arena_text(r->scratch, csv->fields[i]));
    return csv->field_count;
}

static bool row_is_sound(reader *r, const bfl_csv *csv, bfl_text text, size_t columns) {
    size_t bad;
    bfl_text bytes = {text.data + csv->begin, csv->end - csv->begin};
    if (!bfl_utf8_valid(bytes, &bad) || memchr(bytes.data, '\0', bytes.size)) {
        row_issue(r, BFL_CODE_ROW_ENCODING, csv->line, "", "a byte that is no character", "UTF-8");
        return false;
    }
    if (csv->field_count <= columns) return true;
    row_issue(r, BFL_CODE_ROW_FIELDS, csv->line, "", bfl_arena_printf(r->arena, "%zu fields", csv->field_count),
              bfl_arena_printf(r->arena, "%zu, as in the header", columns));
    return false;
}

static void report_csv(reader *r, const bfl_csv *csv, bfl_csv_result result) {
    const char *found = result == BFL_CSV_FIELD_LIMIT   ? "a field over the limit"
                        : result == BFL_CSV_COUNT_LIMIT ? "more fields than any table has"
                                                        : "a double quote in the wrong place";
    row_issue(r, result == BFL_CSV_QUOTE || result == BFL_CSV_OPEN_QUOTE ? BFL_CODE_ROW_QUOTE : BFL_CODE_ROW_FIELDS,
              csv->line, "", found, "fields separated by commas");
}

typedef struct table_read {
    reader *r;
    const mef_table *table;
    mef_row row;
    mef_receiver receive;
    void *context;
} table_read;

static bfl_status receive_row(table_read *t, const bfl_csv *csv, bfl_error *err) {
    t->row.cells = csv->fields;
    t->row.cell_count = csv->field_count;
    t->r->row = csv->line;
    mef_resources found = bfl_mef_resources(t->table, &t->row);
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < found.count && !status; i++) status = t->receive(t->context, found.items[i], err);
    return status;
}

static bfl_status read_rows(table_read *t, bfl_csv *csv, bfl_text text, bfl_error *err) {
    bfl_status status = BFL_OK;
    for (bfl_csv_result result; !status && (result = bfl_csv_next(csv)) != BFL_CSV_END;) {
        if (result != BFL_CSV_ROW)
            report_csv(t->r, csv, result);
        else if (row_is_sound(t->r, csv, text, t->row.column_count))
            status = receive_row(t, csv, err);
        bfl_arena_reset(t->row.arena);
    }
    return status;
}

bfl_status bfl_mef_read_text(reader *r, bfl_arena *row, bfl_text text, mef_receiver receive, void *context,
                             bfl_error *err) {
    bfl_csv csv;
    bfl_text columns[BFL_CSV_FIELDS];
    table_read t = {.r = r, .row = {.arena = row, .columns = columns}, .receive = receive, .context = context};
    bfl_csv_open(&csv, row, text, r->limits.field_bytes);
    if (bfl_csv_next(&csv) == BFL_CSV_ROW) t.row.column_count = keep_header(r, &csv, columns);
    bfl_arena_reset(row);
    t.table = bfl_mef_table(columns, t.row.column_count);
    if (t.table) return read_rows(&t, &csv, text, err);
    bfl_fhir_file_issue(r, FHIR_FILE, 0, "", "a table that is not of the layout", "a table with the column mrn");
    return BFL_OK;
}

bool bfl_mef_probe(const char *file, bfl_text head) {
    bfl_text whole = bfl_text_of(file), first = bfl_text_split(&head, '\n');
    bool csv = whole.size > 4 && bfl_text_equal_nocase((bfl_text){file + whole.size - 4, 4}, BFL_TEXT(".csv"));
    if (bfl_text_starts(first, BFL_TEXT("\xEF\xBB\xBF"))) first = (bfl_text){first.data + 3, first.size - 3};
    return csv && bfl_text_equal_nocase(bfl_text_trim(bfl_text_split(&first, ',')), BFL_TEXT("mrn"));
}
