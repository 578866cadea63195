/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CDISC Dataset-JSON 1.1: one object with "columns" and "rows"; as NDJSON the object without its rows on the first line, then a
 * row a line. Numbers keep the digits they were written with.
 */
#include "format/sdtm/sdtm.h"

#include <simdjson/flat_json.h>
#include <string.h>

enum { DEPTH = 16, MESSAGE = 200 };

typedef struct document {
    sdtm *s;
    const char *file;
    sdtm_dataset *d;
    bfl_text *names, *cells;
    size_t count;  /* of columns */
    uint32_t rows; /* seen */
    bool refused;
} document;

static void refuse(document *doc, uint32_t line, const char *found, const char *expected) {
    doc->refused = true;
    bfl_sdtm_reject(doc->s, BFL_CODE_SDTM_JSON, doc->file, line, found, expected);
}

/* The parsed text lives outside the arenas: s->json holds it, so that it is released whatever happens. */
static const bfl_json_flat *parse(document *doc, bfl_text text, uint32_t line, bfl_status *status, bfl_error *err) {
    sdtm *s = doc->s;
    char message[MESSAGE] = "";
    bfl_json_free(*s->json);
    *s->json = NULL;
    bfl_json_status result =
        bfl_json_flatten(text.data, text.size, s->limits.file_bytes, DEPTH, s->json, message, sizeof message);
    if (result == BFL_JSON_OK) return *s->json;
    if (result == BFL_JSON_NOMEM) *status = bfl_fail(err, BFL_ENOMEM, doc->file, line, "out of memory");
    if (result == BFL_JSON_LIMIT) *status = bfl_fail(err, BFL_ELIMIT, doc->file, line, "%s", message);
    if (result == BFL_JSON_BAD) refuse(doc, line, bfl_issue_quote(s->arena, bfl_text_of(message)), "JSON (RFC 8259)");
    return NULL;
}

static bool is_at(const bfl_json_item *item, const char *path) { return strcmp(item->path, path) == 0; }

static const bfl_json_item *find(const bfl_json_flat *json, const char *path) {
    for (size_t i = 0; i < json->count; i++)
        if (is_at(&json->items[i], path)) return &json->items[i];
    return NULL;
}

/* ---- columns ---- */

/* "/columns/7/name" */
static bool is_column_name(const bfl_json_item *item) {
    return item->depth == 3 && strcmp(item->key, "name") == 0 && strncmp(item->path, "/columns/", 9) == 0 &&
           item->type == BFL_JSON_STRING;
}

static bool read_columns(document *doc, const bfl_json_flat *json) {
    const bfl_json_item *version = find(json, "/datasetJSONVersion");
    if (!version || version->type != BFL_JSON_STRING || strncmp(version->text, "1.", 2) != 0) {
        const char *found = !version ? "no datasetJSONVersion"
                                     : bfl_arena_printf(doc->s->arena, "datasetJSONVersion %s",
                                                        bfl_issue_quote(doc->s->arena, bfl_text_of(version->text)));
        refuse(doc, version ? version->line : 1, found, "CDISC Dataset-JSON 1.1");
        return false;
    }
    size_t objects = 0;
    for (size_t i = 0; i < json->count; i++) {
        doc->count += is_column_name(&json->items[i]);
        objects += json->items[i].depth == 2 && strncmp(json->items[i].path, "/columns/", 9) == 0;
    }
    if (doc->count == 0 || doc->count != objects) {
        refuse(doc, 1, "columns without names", "an array columns of objects with a name");
        return false;
    }
    doc->names = BFL_NEW_ARRAY(doc->s->scratch, doc->count, bfl_text);
    doc->cells = BFL_NEW_ARRAY(doc->s->scratch, doc->count, bfl_text);
    size_t n = 0;
    for (size_t i = 0; i < json->count; i++)
        if (is_column_name(&json->items[i]))
            doc->names[n++] = bfl_text_of(bfl_arena_text(doc->s->scratch, bfl_text_of(json->items[i].text)));
    doc->d = bfl_sdtm_dataset(doc->s, doc->file, doc->names, doc->count);
    return doc->d != NULL;
}

/* ---- rows ---- */

static bool read_cell(const bfl_json_item *item, bfl_text *out) {
    switch (item->type) {
    case BFL_JSON_STRING:
    case BFL_JSON_NUMBER:
        *out = (bfl_text){item->text, item->text_size};
        return !item->text_size || !memchr(item->text, '\0', item->text_size);
    case BFL_JSON_NULL: *out = (bfl_text){"", 0}; return true;
    case BFL_JSON_TRUE: *out = BFL_TEXT("true"); return true;
    case BFL_JSON_FALSE: *out = BFL_TEXT("false"); return true;
    case BFL_JSON_ARRAY:
    case BFL_JSON_OBJECT: break;
    }
    return false;
}

/* Reads the row whose array is items[at]; returns where the next one begins. */
static size_t read_row(document *doc, const bfl_json_flat *json, size_t at) {
    const bfl_json_item *row = &json->items[at];
    size_t n = 0, i = at + 1;
    bool good = row->type == BFL_JSON_ARRAY;
    doc->rows++;
    for (; i < json->count && json->items[i].depth > row->depth; i++, n++)
        good = good && n < doc->count && read_cell(&json->items[i], &doc->cells[n]);
    if (good && n == doc->count)
        bfl_sdtm_line(doc->s, doc->d, doc->rows, doc->cells);
    else
        bfl_sdtm_file_issue(doc->s, BFL_CODE_ROW_FIELDS, doc->file, doc->rows, "",
                            bfl_arena_printf(doc->s->arena, "%zu values", n),
                            bfl_arena_printf(doc->s->arena, "an array of %zu values, as in columns", doc->count));
    return i;
}

static void read_rows(document *doc, const bfl_json_flat *json) {
    const bfl_json_item *rows = find(json, "/rows");
    if (!rows || rows->type != BFL_JSON_ARRAY) {
        refuse(doc, 1, "no array rows", "rows beside columns, or one row a line (NDJSON)");
        return;
    }
    size_t i = (size_t)(rows - json->items) + 1;
    while (i < json->count && json->items[i].depth > rows->depth) i = read_row(doc, json, i);
}

/* "records" says how many rows there should be: a file that was cut at a line end says so. */
static void check_records(document *doc, bfl_maybe records) {
    if (!records.present || bfl_decimal_compare(records.value, bfl_decimal_of(doc->rows)) == 0) return;
    doc->d->lines.count = 0;
    refuse(doc, 0, bfl_arena_printf(doc->s->arena, "%u rows", doc->rows),
           bfl_arena_printf(doc->s->arena, "%s rows, as \"records\" says",
                            bfl_decimal_z(doc->s->arena, records.value, -1)));
}

static bfl_maybe records_of(const bfl_json_flat *json) {
    const bfl_json_item *item = find(json, "/records");
    bfl_decimal n;
    if (!item || item->type != BFL_JSON_NUMBER || bfl_decimal_parse(bfl_text_of(item->text), &n, NULL) != BFL_OK)
        return (bfl_maybe){0};
    return bfl_some(n);
}

/* ---- the file ---- */

static bfl_status read_lines(document *doc, bfl_text rest, bfl_error *err) {
    bfl_status status = BFL_OK;
    for (uint32_t line = 2; rest.size; line++) {
        bfl_text text = bfl_text_trim(bfl_text_split(&rest, '\n'));
        if (!text.size) continue;
        const bfl_json_flat *json = parse(doc, text, line, &status, err);
        if (!json) {
            doc->d->lines.count = 0;
            return status;
        }
        if (doc->rows >= doc->s->limits.rows)
            return bfl_fail(err, BFL_ELIMIT, doc->file, line, "more than the limit of %zu rows", doc->s->limits.rows);
        (void)read_row(doc, json, 0);
    }
    return BFL_OK;
}

/* NDJSON: the first line is an object by itself and something follows it. */
static bool is_ndjson(bfl_text bytes, bfl_text *first, bfl_text *rest) {
    *rest = bytes;
    *first = bfl_text_trim(bfl_text_split(rest, '\n'));
    bfl_text next = bfl_text_trim(*rest);
    return first->size > 1 && first->data[first->size - 1] == '}' && (!next.size || next.data[0] == '[');
}

static bool has_rows(bfl_text text) { return bfl_text_find_nocase(text, BFL_TEXT("\"rows\"")) != SIZE_MAX; }

bool bfl_sdtm_is_json(bfl_text head) {
    bfl_text text = bfl_text_trim(head);
    return text.size && text.data[0] == '{' && bfl_text_find_nocase(text, BFL_TEXT("datasetJSON")) != SIZE_MAX;
}

bfl_status bfl_sdtm_json(sdtm *s, const char *file, bfl_text bytes, bfl_error *err) {
    document doc = {.s = s, .file = file};
    bfl_status status = BFL_OK;
    bfl_text first, rest;
    bool lines = is_ndjson(bytes, &first, &rest) && (bfl_text_trim(rest).size || !has_rows(first));
    const bfl_json_flat *json = parse(&doc, lines ? first : bytes, 0, &status, err);
    if (!json || !read_columns(&doc, json)) return status;
    bfl_maybe records = records_of(json);
    if (lines)
        status = read_lines(&doc, rest, err);
    else
        read_rows(&doc, json);
    if (!status && !doc.refused) check_records(&doc, records);
    bfl_json_free(*s->json);
    *s->json = NULL;
    return status;
}
