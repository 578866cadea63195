/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the format room: comma-separated values as RFC 4180 defines them, one row at a time. Line ends may be CRLF, LF or CR;
 * a field in double quotes may hold commas, quotes ("") and line ends. A bad row is reported and reading goes on behind it.
 */
#ifndef BFL_FORMAT_CSV_H
#define BFL_FORMAT_CSV_H

#include "format/format.h"

typedef enum bfl_csv_result {
    BFL_CSV_ROW,         /* a row; blank lines are skipped */
    BFL_CSV_END,         /* no more rows */
    BFL_CSV_QUOTE,       /* a quote in the wrong place; `column` says where */
    BFL_CSV_OPEN_QUOTE,  /* a quoted field that never ends */
    BFL_CSV_FIELD_LIMIT, /* a field is larger than the limit */
    BFL_CSV_COUNT_LIMIT  /* more fields than any table has */
} bfl_csv_result;

enum { BFL_CSV_FIELDS = 256 };

typedef struct bfl_csv {
    bfl_arena *arena; /* for fields with doubled quotes; may be reset between rows when nothing else is in it */
    bfl_text bytes;
    size_t at;
    uint32_t next_line; /* line number of bytes.data[at] */
    size_t field_bytes; /* limit of one field */

    /* The row last read. Fields borrow from the bytes or the arena. */
    uint32_t line;   /* 1-based line that the row begins on */
    uint32_t column; /* 1-based field of an error */
    size_t begin;    /* offset of its first byte */
    size_t end;      /* offset just behind its line end */
    bfl_text fields[BFL_CSV_FIELDS];
    size_t field_count;
} bfl_csv;

void bfl_csv_open(bfl_csv *csv, bfl_arena *arena, bfl_text bytes, size_t field_bytes);
bfl_csv_result bfl_csv_next(bfl_csv *csv);

#endif
