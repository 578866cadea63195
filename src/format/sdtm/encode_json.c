/* SPDX-License-Identifier: Apache-2.0 */
/* A dataset as CDISC Dataset-JSON 1.1: one object with its rows, or an object and then a row a line (NDJSON). */
#include "format/sdtm/out.h"

#include <string.h>

/* --SEQ, --DY and VISITNUM are whole numbers. */
static const char *type_of(const out_column *column) {
    size_t size = strlen(column->name);
    if (!column->number) return "string";
    bool whole = (size > 2 && strcmp(column->name + size - 2, "DY") == 0) ||
                 (size > 3 && strcmp(column->name + size - 3, "SEQ") == 0) || strcmp(column->name, "VISITNUM") == 0;
    return whole ? "integer" : "double";
}

static size_t longest_of(const out_dataset *d, size_t column) {
    size_t longest = 1;
    for (size_t i = 0; i < d->rows.count; i++) {
        const char *cell = d->rows.items[i].cells[column];
        size_t size = cell ? strlen(cell) : 0;
        if (size > longest) longest = size;
    }
    return longest;
}

static void put_columns(bfl_buf *buf, const out_dataset *d) {
    for (size_t c = 0; c < d->column_count; c++) {
        const out_column *column = &d->columns[c];
        bfl_buf_addf(buf, "%s{\"itemOID\":\"IT.%s.%s\",\"name\":\"%s\",\"label\":", c ? "," : "", d->name, column->name,
                     column->name);
        bfl_json_string(buf, column->label);
        bfl_buf_addf(buf, ",\"dataType\":\"%s\"", type_of(column));
        if (!column->number) bfl_buf_addf(buf, ",\"length\":%zu", longest_of(d, c));
        bfl_buf_add(buf, "}");
    }
}

static void put_row(bfl_buf *buf, const out_dataset *d, const out_row *row) {
    bfl_buf_add(buf, "[");
    for (size_t c = 0; c < d->column_count; c++) {
        const char *cell = row->cells[c];
        if (c) bfl_buf_add(buf, ",");
        if (d->columns[c].number)
            bfl_buf_add(buf, cell ? cell : "null");
        else
            bfl_json_string(buf, cell ? cell : "");
    }
    bfl_buf_add(buf, "]");
}

bfl_text bfl_sdtm_out_json(const out *o, const out_dataset *d, bool lines) {
    bfl_buf buf = {.arena = o->arena};
    bfl_buf_addf(
        &buf, "{\"datasetJSONCreationDateTime\":\"%s\",\"datasetJSONVersion\":\"1.1.0\",\"originator\":\"boneflare\",",
        o->writing->created);
    bfl_buf_add(&buf, "\"sourceSystem\":{\"name\":\"boneflare\",\"version\":");
    bfl_json_string(&buf, bfl_version());
    bfl_buf_add(&buf, "},\"studyOID\":");
    bfl_json_string(&buf, o->writing->study_id);
    bfl_buf_addf(&buf, ",\"itemGroupOID\":\"IG.%s\",\"records\":%zu,\"name\":\"%s\",\"label\":", d->name, d->rows.count,
                 d->name);
    bfl_json_string(&buf, d->label);
    bfl_buf_add(&buf, ",\"columns\":[");
    put_columns(&buf, d);
    bfl_buf_add(&buf, lines ? "]}\n" : "],\"rows\":[");
    for (size_t i = 0; i < d->rows.count; i++) {
        if (i && !lines) bfl_buf_add(&buf, ",\n");
        put_row(&buf, d, &d->rows.items[i]);
        if (lines) bfl_buf_add(&buf, "\n");
    }
    if (!lines) bfl_buf_add(&buf, "]}\n");
    return (bfl_text){buf.data, buf.size};
}
