/* SPDX-License-Identifier: Apache-2.0 */
/* A dataset as a SAS transport file of version 5, one dataset a file (SAS TS-140). */
#include "format/sdtm/ibm.h"
#include "format/sdtm/out.h"

#include <string.h>

enum { RECORD = 80, NAMESTR = 140, NAME = 8, LABEL = 40, MOMENT = 16 };

/* ---- bytes ---- */

/* The text, cut or filled up with blanks to `size` bytes. */
static void put_fixed(bfl_buf *buf, const char *text, size_t size) {
    size_t length = strlen(text);
    bfl_buf_add_text(buf, (bfl_text){text, length < size ? length : size});
    for (size_t i = length; i < size; i++) bfl_buf_add(buf, " ");
}

static void put_number(bfl_buf *buf, size_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) {
        char byte = (char)(unsigned char)(value >> (8 * i) & 0xff);
        bfl_buf_add_text(buf, (bfl_text){&byte, 1});
    }
}

static void put_header(bfl_buf *buf, const char *kind, const char *numbers) {
    bfl_buf_add(buf, "HEADER RECORD*******");
    put_fixed(buf, kind, NAME);
    bfl_buf_add(buf, "HEADER RECORD!!!!!!!");
    put_fixed(buf, numbers, RECORD - NAME - 40);
}

static void fill_record(bfl_buf *buf) {
    while (buf->size % RECORD) bfl_buf_add(buf, " ");
}

/* ---- headers ---- */

/* "2026-11-22T08:00:00" as "22NOV26:08:00:00". */
static void put_moment(bfl_buf *buf, const char *created) {
    static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
    size_t month = (size_t)(created[5] - '0') * 10 + (size_t)(created[6] - '0');
    size_t at = month >= 1 && month <= 12 ? (month - 1) * 3 : 0;
    bfl_buf_addf(buf, "%.2s%.3s%.2s:%.8s", created + 8, months + at, created + 2, created + 11);
}

static void put_library(bfl_buf *buf, const char *created) {
    static const char zeros[] = "000000000000000000000000000000";
    put_header(buf, "LIBRARY", zeros);
    put_fixed(buf, "SAS     SAS     SASLIB  9.4     boneflar", RECORD - MOMENT);
    put_moment(buf, created);
    put_moment(buf, created);
    fill_record(buf);
}

static void put_member(bfl_buf *buf, const out_dataset *d, const char *created) {
    put_header(buf, "MEMBER", "000000000000000001600000000140");
    put_header(buf, "DSCRPTR", "000000000000000000000000000000");
    put_fixed(buf, "SAS", NAME);
    put_fixed(buf, d->name, NAME);
    put_fixed(buf, "SASDATA 9.4     boneflar", RECORD - MOMENT - 2 * NAME);
    put_moment(buf, created);
    put_moment(buf, created);
    put_fixed(buf, "", MOMENT);
    put_fixed(buf, d->label, LABEL);
    fill_record(buf);
}

static void put_variable(bfl_buf *buf, const out_column *column, size_t index, size_t size, size_t at) {
    put_number(buf, column->number ? 1 : 2, 2);
    put_number(buf, 0, 2);
    put_number(buf, size, 2);
    put_number(buf, index + 1, 2);
    put_fixed(buf, column->name, NAME);
    put_fixed(buf, column->label, LABEL);
    put_fixed(buf, "", NAME);
    put_number(buf, 0, 2);
    put_number(buf, 0, 2);
    put_number(buf, 0, 2);
    put_number(buf, 0, 2);
    put_fixed(buf, "", NAME);
    put_number(buf, 0, 2);
    put_number(buf, 0, 2);
    put_number(buf, at, 4);
    for (int i = 0; i < 52; i++) put_number(buf, 0, 1);
}

/* ---- rows ---- */

static void lose(const out *o, bfl_loss_code code, const out_row *row, const out_column *column, const char *cell) {
    const bfl_place place = {row->patient, row->source, column->name};
    bfl_writing_lose(o->writing, code, place, bfl_issue_quote(o->arena, bfl_text_of(cell)),
                     code == BFL_LOSS_CUT ? "at most 200 bytes in a SAS transport file"
                                          : "a number of at most 15 digits");
}

/* How much of a text fits: no character is cut in two. */
static size_t fitting(const char *text) {
    size_t size = strlen(text);
    if (size <= SDTM_TEXT_SIZE) return size;
    size = SDTM_TEXT_SIZE;
    while (size && ((unsigned char)text[size] & 0xC0) == 0x80) size--;
    return size;
}

static size_t width_of(const out_dataset *d, size_t column) {
    size_t width = 1;
    if (d->columns[column].number) return BFL_IBM_SIZE;
    for (size_t i = 0; i < d->rows.count; i++) {
        const char *cell = d->rows.items[i].cells[column];
        size_t size = cell ? fitting(cell) : 0;
        if (size > width) width = size;
    }
    return width;
}

/* A standardised result repeats what the original says: one that cannot be held is left out. */
static bool is_standard(const char *variable) {
    size_t size = strlen(variable);
    return size > 6 && strcmp(variable + size - 6, "STRESN") == 0;
}

static void put_numeric(const out *o, bfl_buf *buf, const out_column *column, const out_row *row, const char *cell) {
    char bytes[BFL_IBM_SIZE] = {'.'};
    bfl_decimal number, back;
    if (cell && bfl_decimal_parse(bfl_text_of(cell), &number, NULL) == BFL_OK) {
        double value = bfl_decimal_double(number);
        const char *text = bfl_ibm_text(o->arena, value, 0);
        bool same = text && bfl_decimal_parse(bfl_text_of(text), &back, NULL) == BFL_OK &&
                    bfl_decimal_compare(number, back) == 0;
        if (!same && !is_standard(column->name)) lose(o, BFL_LOSS_NUMBER, row, column, cell);
        if (same || !is_standard(column->name)) (void)bfl_ibm_write(value, bytes);
    }
    bfl_buf_add_text(buf, (bfl_text){bytes, sizeof bytes});
}

static void put_row(const out *o, bfl_buf *buf, const out_dataset *d, const size_t *widths, const out_row *row) {
    for (size_t c = 0; c < d->column_count; c++) {
        const char *cell = row->cells[c];
        if (d->columns[c].number) {
            put_numeric(o, buf, &d->columns[c], row, cell);
            continue;
        }
        size_t size = cell ? fitting(cell) : 0;
        if (cell && cell[size]) lose(o, BFL_LOSS_CUT, row, &d->columns[c], cell);
        bfl_buf_add_text(buf, (bfl_text){cell ? cell : "", size});
        for (size_t i = size; i < widths[c]; i++) bfl_buf_add(buf, " ");
    }
}

bfl_text bfl_sdtm_out_xpt(const out *o, const out_dataset *d) {
    bfl_buf buf = {.arena = o->arena};
    size_t *widths = BFL_NEW_ARRAY(o->arena, d->column_count, size_t), at = 0;
    put_library(&buf, o->writing->created);
    put_member(&buf, d, o->writing->created);
    put_header(&buf, "NAMESTR", bfl_arena_printf(o->arena, "000000%04zu00000000000000000000", d->column_count));
    for (size_t c = 0; c < d->column_count; at += widths[c++]) {
        widths[c] = width_of(d, c);
        put_variable(&buf, &d->columns[c], c, widths[c], at);
    }
    fill_record(&buf);
    put_header(&buf, "OBS", "000000000000000000000000000000");
    for (size_t i = 0; i < d->rows.count; i++) put_row(o, &buf, d, widths, &d->rows.items[i]);
    fill_record(&buf);
    return (bfl_text){buf.data, buf.size};
}
