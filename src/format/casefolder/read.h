/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the case-folder reader: what reading a table (read.c), its rows (rows.c) and the folder (folder.c) share. */
#ifndef BFL_CASEFOLDER_READ_H
#define BFL_CASEFOLDER_READ_H

#include "format/names.h"
#include "format/casefolder/tables.h"
#include "format/format.h"

typedef struct reader {
    bfl_arena *arena;   /* lives as long as the study */
    bfl_arena *scratch; /* lives until sealing */
    bfl_limits limits;
    names texts;    /* every text of a row, kept once */
    names patients; /* id -> bfl_builder */
    bool listed;    /* patients.csv named at least one patient */
    bfl_study_builder study;
    size_t tables_seen, tables_read;
    bfl_error first_problem; /* of a table that could not be read at all */
} reader;

/* One row of a table. `cells` by column of the table, "" where the header lacks the column. */
typedef struct row {
    reader *r;
    const table *table;
    uint32_t line;
    bfl_text cells[LARGEST_COLUMN_COUNT];
    bfl_builder *builder; /* NULL for a statement about the whole study */
    const char *patient;
} row;

/* read.c */
void bfl_reader_begin(reader *r, bfl_arena *arena, bfl_arena *scratch, const bfl_limits *limits);
/* Reads one table. `bytes` may go afterwards. Fails only for a limit; everything else becomes an issue. */
bfl_status bfl_reader_table(reader *r, const table *t, bfl_arena *row_scratch, bfl_text bytes, bfl_error *err);
/* A file that is no table of a case folder. */
void bfl_reader_unknown_file(reader *r, const char *file);
/* Seals. BFL_EPARSE when there were tables and none could be read. */
bfl_status bfl_reader_end(reader *r, bfl_study **out, bfl_error *err);
/* The builder of a patient, made when it is new. */
bfl_builder *bfl_reader_patient(reader *r, bfl_text id, bool *is_new);
/* Which table has this file name; NULL when none. */
const table *bfl_casefolder_table(const char *file);

/* rows.c: appends what the row says to its builder. */
void bfl_row_read(row *w);

/* Reports a problem of a cell; column -1 = the row. */
void bfl_row_issue(const row *w, bfl_issue_code code, int column, const char *found, const char *expected);

#endif
