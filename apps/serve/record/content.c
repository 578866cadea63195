/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/record/record.h"

#include <string.h>

static const char schema[] = "boneflare.case/1";
static const char *const table_names[] = {"patients.csv", "therapy.csv",   "lesions.csv",   "labs.csv",
                                          "clinical.csv", "molecular.csv", "pathology.csv", "notes.csv"};
enum { TABLES = sizeof table_names / sizeof *table_names };

bool serve_is_table(const char *name) {
    for (size_t i = 0; i < TABLES; i++)
        if (strcmp(table_names[i], name) == 0) return true;
    return false;
}

static void release_json(void *thing) { json_decref(thing); }

const char *serve_content_read(serve_pool *pool, bfl_text json, serve_tables *out) {
    json_t *root = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES, NULL);
    if (!root) return "It is not JSON.";
    (void)serve_pool_own(pool, root, release_json);
    const char *said = json_string_value(json_object_get(root, "schema"));
    json_t *files = json_object_get(root, "files");
    if (!said || strcmp(said, schema) != 0) return "\"schema\" must be \"boneflare.case/1\".";
    if (!json_is_object(files) || json_object_size(files) == 0) return "\"files\" must hold tables of a case folder.";
    *out = (serve_tables){SERVE_NEW_ARRAY(pool, json_object_size(files), bfl_table_bytes), 0};
    const char *name;
    json_t *text;
    json_object_foreach(files, name, text) {
        if (!serve_is_table(name)) return "\"files\" may hold the tables of a case folder only, such as \"labs.csv\".";
        if (!json_is_string(text)) return "Each table must be a text.";
        out->items[out->count++] = (bfl_table_bytes){name, {json_string_value(text), json_string_length(text)}};
    }
    return NULL;
}

bfl_text serve_content_write(serve_pool *pool, const serve_tables *tables) {
    serve_json w = serve_json_in(pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "schema", schema);
    serve_json_open(&w, "files", "{");
    for (size_t i = 0; i < tables->count; i++) serve_json_view(&w, tables->items[i].name, tables->items[i].bytes);
    serve_json_close(&w, "}");
    serve_json_close(&w, "}");
    return serve_buf_text(&w.out);
}

const bfl_table_bytes *serve_tables_find(const serve_tables *tables, const char *name) {
    for (size_t i = 0; i < tables->count; i++)
        if (strcmp(tables->items[i].name, name) == 0) return &tables->items[i];
    return NULL;
}
