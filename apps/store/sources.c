/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes that were uploaded. */
#include "chain.h"
#include "field.h"
#include "kept.h"
#include "pool.h"

#include <stdio.h>
#include <string.h>

static int64_t put_source(sql *db, const store_by *by, const store_source *source) {
    chain_hash hash = chain_sha256(source->content);
    int64_t id =
        sql_number(db, 0, "SELECT id FROM sources WHERE sha256 = ?1 AND name = ?2 AND media_type = ?3",
                   SQL_VALUES(sql_blob(hash.bytes, sizeof hash.bytes), sql_z(source->name), sql_z(source->media_type)));
    if (id || !sql_good(db)) return id;
    char subject[32];
    id = kept_next(db, KEPT_SOURCES);
    (void)snprintf(subject, sizeof subject, "source %lld", (long long)id);
    kept_insert(db, by, KEPT_SOURCES, subject,
                (sql_value[]){sql_of(id), sql_z(source->name), sql_z(source->media_type), sql_of(by->now_ms),
                              sql_z(by->who), sql_blob(hash.bytes, sizeof hash.bytes),
                              sql_blob(source->content.data, source->content.size)});
    return id;
}

bfl_status store_source_put(store *s, const store_by *by, const store_source *source, int64_t *id, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = field_content(s, "the file", source->content, err);
    if (status == BFL_OK)
        status = FIELD_CHECK(err, {"the name of the file", bfl_text_of(source->name), FIELD_LINE, false},
                             {"the media type", bfl_text_of(source->media_type), FIELD_NAME, true});
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    int64_t given = put_source(db, by, source);
    status = pool_end(s, db, err);
    if (status == BFL_OK) *id = given;
    return status;
}

bfl_status store_source_get(store *s, int64_t id, store_source **out, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_source *source = sql_result(db, sizeof *source);
    sql_rows rows = sql_ask(db, "SELECT made_ms, name, media_type, made_by, sha256, content FROM sources WHERE id = ?1",
                            SQL_VALUES(sql_of(id)));
    if (sql_next(&rows)) {
        source->id = id;
        source->made_ms = sql_int(&rows, 0);
        source->name = sql_keep(&rows, 1, source);
        source->media_type = sql_keep(&rows, 2, source);
        source->made_by = sql_keep(&rows, 3, source);
        sql_fixed(&rows, 4, source->sha256, sizeof source->sha256);
        source->content = sql_keep_bytes(&rows, 5, source);
    } else
        sql_fail(db, BFL_ENOTFOUND, "there is no source %lld", (long long)id);
    sql_end(&rows);
    status = pool_give(s, db, source, err);
    if (status == BFL_OK) *out = source;
    return status;
}
