/* SPDX-License-Identifier: Apache-2.0 */
/* CSV: every row lies inside the bytes, rows go forward, and what was read is written as it can be read again. */
#include "fuzz.h"

#include "format/csv.h"

static void check_row(bfl_arena *arena, const bfl_csv *csv) {
    bfl_buf buf = {.arena = arena};
    for (size_t i = 0; i < csv->field_count; i++) {
        if (i) bfl_buf_add(&buf, ",");
        bfl_csv_write(&buf, csv->fields[i]);
    }
    if (buf.size == 0) return; /* one empty field is a blank line */
    bfl_csv *again = BFL_NEW(arena, bfl_csv);
    bfl_csv_open(again, arena, (bfl_text){buf.data, buf.size}, 4096);
    PROMISE(bfl_csv_next(again) == BFL_CSV_ROW);
    PROMISE(again->field_count == csv->field_count);
    for (size_t i = 0; i < csv->field_count; i++) PROMISE(bfl_text_equal(again->fields[i], csv->fields[i]));
    PROMISE(bfl_csv_next(again) == BFL_CSV_END);
}

static bfl_status read_all(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    const bfl_text *bytes = context;
    bfl_csv *csv = BFL_NEW(arena, bfl_csv);
    bfl_csv_open(csv, arena, *bytes, 4096);
    size_t end = 0;
    uint32_t line = 0;
    for (bfl_csv_result r = bfl_csv_next(csv); r != BFL_CSV_END; r = bfl_csv_next(csv)) {
        PROMISE(csv->begin >= end && csv->end > csv->begin && csv->end <= bytes->size);
        PROMISE(csv->line > line && csv->next_line > csv->line - 1);
        PROMISE(csv->field_count <= BFL_CSV_FIELDS);
        if (r == BFL_CSV_ROW)
            check_row(arena, csv);
        else
            PROMISE(csv->column >= 1);
        end = csv->end;
        line = csv->line;
    }
    return BFL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bfl_arena *arena = bfl_arena_new();
    bfl_text bytes = fuzz_text(data, size);
    if (arena) PROMISE(bfl_arena_run(arena, read_all, &bytes, NULL) == BFL_OK);
    bfl_arena_free(arena);
    return 0;
}
