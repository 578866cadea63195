/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: put together cell by cell, written as CSV. */
#include "cohort/study.h"

#include <math.h>
#include <string.h>

table cohort_table_begin(making *m, const char *id, const char *title, const char *columns) {
    table t = {.m = m, .face = {.id = id, .title = title, .note = ""}};
    for (bfl_text rest = bfl_text_of(columns); rest.size;)
        cohort_table_column(&t, bfl_arena_text(m->arena, bfl_text_split(&rest, ' ')));
    return t;
}

void cohort_table_column(table *t, const char *name) { *BFL_PUSH(t->m->arena, &t->columns) = name; }

void cohort_table_end(table *t, const char *note) {
    t->face.columns = t->columns.items;
    t->face.column_count = t->columns.count;
    t->face.cells = t->cells.items;
    t->face.row_count = t->cells.count / t->columns.count;
    t->face.note = note;
    *BFL_PUSH(t->m->arena, &t->m->tables) = t->face;
}

static bfl_cell *put(table *t, bfl_cell_kind kind, const char *text) {
    bfl_cell *cell = BFL_PUSH(t->m->arena, &t->cells);
    *cell = (bfl_cell){.kind = kind, .text = text};
    return cell;
}

void put_text(table *t, const char *text) { (void)put(t, BFL_CELL_TEXT, text); }

void put_missing(table *t, const char *why) { (void)put(t, BFL_CELL_MISSING, why); }

void put_gap(table *t, size_t n, const char *why) {
    for (size_t i = 0; i < n; i++) put_missing(t, i ? "" : why);
}

void put_count(table *t, uint64_t count) {
    put(t, BFL_CELL_COUNT, bfl_arena_printf(t->m->arena, "%llu", (unsigned long long)count))->number = (double)count;
}

void put_number(table *t, double value, int places) {
    if (!isfinite(value)) { /* a test statistic of an exact fit */
        put_missing(t, "not finite");
        return;
    }
    put(t, BFL_CELL_NUMBER, cohort_fixed(t->m->arena, value, places))->number = value;
}

void put_real(table *t, bfl_real value, int places, const char *why_missing) {
    if (value.present)
        put_number(t, value.value, places);
    else
        put_missing(t, why_missing);
}

void put_p(table *t, double p) { put(t, BFL_CELL_NUMBER, bfl_cohort_p(t->m->arena, p))->number = p; }

void put_maybe(table *t, bfl_maybe value) {
    if (!value.present)
        put_missing(t, "");
    else
        put(t, BFL_CELL_NUMBER, bfl_decimal_z(t->m->arena, value.value, -1))->number = bfl_decimal_double(value.value);
}

/* ---- out ---- */

const bfl_cohort_table *bfl_cohort_table_find(const bfl_cohort *cohort, const char *id) {
    for (size_t i = 0; cohort && id && i < cohort->table_count; i++)
        if (strcmp(cohort->tables[i].id, id) == 0) return &cohort->tables[i];
    return NULL;
}

static void cell_csv(bfl_buf *out, const bfl_cell *cell) {
    switch (cell->kind) {
    case BFL_CELL_COUNT: bfl_buf_add(out, cell->text); break;
    case BFL_CELL_NUMBER: bfl_cohort_digits(out, cell->number); break;
    case BFL_CELL_TEXT:
    case BFL_CELL_MISSING: bfl_csv_write(out, bfl_text_of(cell->text)); break;
    }
}

static void csv(writer *w, const void *what) {
    const bfl_cohort_table *t = what;
    for (size_t i = 0; i < t->column_count; i++) {
        bfl_csv_write(&w->text, bfl_text_of(t->columns[i]));
        bfl_buf_add(&w->text, i + 1 < t->column_count ? "," : "\n");
    }
    for (size_t i = 0; i < t->row_count * t->column_count; i++) {
        cell_csv(&w->text, &t->cells[i]);
        bfl_buf_add(&w->text, (i + 1) % t->column_count ? "," : "\n");
        cohort_flush(w);
    }
}

bfl_status bfl_cohort_table_csv(const bfl_cohort_table *table_face, bfl_sink sink, bfl_error *err) {
    if (!table_face || !sink.write)
        return bfl_fail(err, BFL_EINVAL, "bfl_cohort_table_csv", 0, "table and sink are needed");
    return cohort_write(csv, table_face, sink, err);
}
