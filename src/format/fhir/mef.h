/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the FHIR folder: the CSV files that the mCODE Extraction Framework reads, row by row as the resources they stand for. */
#ifndef BFL_FHIR_MEF_H
#define BFL_FHIR_MEF_H

#include "format/csv.h"
#include "format/fhir/read.h"

/* One row with its header; a cell is found by its column's name. */
typedef struct mef_row {
    bfl_arena *arena; /* until the next row */
    const bfl_text *columns;
    size_t column_count;
    const bfl_text *cells; /* cell_count of them; the others are empty */
    size_t cell_count;
} mef_row;

/* Which table the columns are of; NULL when none of the layout. */
typedef struct mef_table mef_table;
const mef_table *bfl_mef_table(const bfl_text *columns, size_t count);

typedef struct mef_resources {
    const node *items[4];
    size_t count;
} mef_resources;
/* The resources a row stands for: one, but up to four for a stage. */
mef_resources bfl_mef_resources(const mef_table *table, const mef_row *row);

/* What is done with each resource. */
typedef bfl_status (*mef_receiver)(void *context, const node *root, bfl_error *err);
/* Reads one file; r->row is the line of each row. The arena holds one row at a time. */
bfl_status bfl_mef_read_text(reader *r, bfl_arena *row, bfl_text text, mef_receiver receive, void *context,
                             bfl_error *err);

#endif
