/* SPDX-License-Identifier: Apache-2.0 */
/* Patients and every version of their records. */
#include "chain.h"
#include "field.h"
#include "kept.h"
#include "key.h"
#include "memory.h"
#include "patient.h"
#include "pool.h"

#include <stdio.h>

patient patient_of(sql *db, const char *key) {
    patient found = {0};
    sql_rows rows =
        sql_ask(db, "SELECT p.id, l.version FROM patients p JOIN latest l ON l.patient = p.id WHERE p.key = ?1",
                SQL_VALUES(sql_z(key)));
    if (sql_next(&rows))
        found = (patient){sql_int(&rows, 0), sql_int(&rows, 1)};
    else
        sql_fail(db, BFL_ENOTFOUND, "no patient has this key");
    sql_end(&rows);
    return found;
}

/* ---- putting ---- */

/* Fills out->key and version when the id is taken: by whom. */
static patient new_patient(sql *db, const store_by *by, const store_record_new *r, store_record_put_result *out) {
    sql_rows rows =
        sql_ask(db, "SELECT p.key, l.version FROM patients p JOIN latest l ON l.patient = p.id WHERE p.patient_id = ?1",
                SQL_VALUES(sql_z(r->patient_id)));
    if (sql_next(&rows)) {
        sql_short(&rows, 0, out->key, sizeof out->key);
        out->version = sql_int(&rows, 1);
        sql_fail(db, BFL_EEXIST, "a patient with this id is in the store; add a version to that one");
    }
    sql_end(&rows);
    patient p = {.id = kept_next(db, KEPT_PATIENTS)};
    if (!sql_good(db)) return p;
    key_new(out->key);
    kept_insert(db, by, KEPT_PATIENTS, out->key,
                (sql_value[]){sql_of(p.id), sql_z(out->key), sql_z(r->patient_id), sql_of(by->now_ms)});
    return p;
}

static patient known_patient(sql *db, const store_record_new *r, store_record_put_result *out) {
    patient p = patient_of(db, r->key);
    if (!sql_good(db)) return p;
    (void)snprintf(out->key, sizeof out->key, "%s", r->key);
    out->version = p.version;
    if (r->expected_version >= 0 && r->expected_version != p.version)
        sql_fail(db, BFL_EEXIST, "made from version %lld, and the latest is version %lld: look at it, then try again",
                 (long long)r->expected_version, (long long)p.version);
    return p;
}

static void insert_version(sql *db, const store_by *by, const store_record_new *r, patient p, const char *key) {
    chain_hash hash = chain_sha256(r->content);
    if (r->source &&
        sql_number(db, 0, "SELECT COUNT(*) FROM sources WHERE id = ?1", SQL_VALUES(sql_of(r->source))) == 0)
        sql_fail(db, BFL_ENOTFOUND, "there is no source %lld", (long long)r->source);
    kept_insert(db, by, KEPT_RECORDS, key,
                (sql_value[]){sql_of(kept_next(db, KEPT_RECORDS)), sql_of(p.id), sql_of(p.version + 1),
                              sql_of(by->now_ms), sql_z(by->who), sql_z(r->reason),
                              r->source ? sql_of(r->source) : sql_null(), sql_z(r->issues ? r->issues : "[]"),
                              sql_z(r->losses ? r->losses : "[]"), sql_blob(hash.bytes, sizeof hash.bytes),
                              sql_of((int64_t)r->content.size), sql_bytes(r->content)});
    sql_do(db,
           p.version == 0 ? "INSERT INTO latest (patient, version, updated_ms) VALUES (?1, ?2, ?3)"
                          : "UPDATE latest SET version = ?2, updated_ms = ?3 WHERE patient = ?1",
           SQL_VALUES(sql_of(p.id), sql_of(p.version + 1), sql_of(by->now_ms)));
}

static void set_words(sql *db, const store_record_new *r, patient p) {
    if (p.version > 0 && !r->search) return;
    void *kept = sql_result(db, 1);
    if (!kept) return;
    sql_rows rows = sql_ask(db, "SELECT patient_id FROM patients WHERE id = ?1", SQL_VALUES(sql_of(p.id)));
    const char *id = sql_next(&rows) ? sql_keep(&rows, 0, kept) : "";
    sql_end(&rows);
    patient_words(db, p.id, id, r->search ? r->search : "");
    store_free(kept);
}

static bfl_status check_record(store *s, const store_record_new *r, bfl_error *err) {
    bfl_status status = r->key ? field_key(r->key, err)
                               : FIELD_CHECK(err, {"the patient's id", bfl_text_of(r->patient_id), FIELD_NAME, false});
    if (status == BFL_OK) status = field_content(s, "the record", r->content, err);
    if (status != BFL_OK) return status;
    return FIELD_CHECK(err, {"the record", r->content, s->options.content_bytes, false},
                       {"the reason", bfl_text_of(r->reason), FIELD_LINE, true},
                       {"the list of issues", bfl_text_of(r->issues), s->options.content_bytes, true},
                       {"the list of losses", bfl_text_of(r->losses), s->options.content_bytes, true},
                       {"the text to search", bfl_text_of(r->search), FIELD_SEARCH, true});
}

bfl_status store_record_put(store *s, const store_by *by, const store_record_new *record, store_record_put_result *out,
                            bfl_error *err) {
    sql *db = NULL;
    store_record_put_result result = {0};
    bfl_status status = check_record(s, record, err);
    if (status == BFL_OK) status = pool_write(s, by, &db, err);
    if (status != BFL_OK) return status;
    patient p = record->key ? known_patient(db, record, &result) : new_patient(db, by, record, &result);
    if (sql_good(db)) insert_version(db, by, record, p, result.key);
    set_words(db, record, p);
    if (sql_good(db)) result.version = p.version + 1;
    status = pool_end(s, db, err);
    if (status == BFL_OK || status == BFL_EEXIST) *out = result;
    return status;
}

/* ---- getting ---- */

#define RECORD_COLUMNS \
    "p.key, p.patient_id, r.version, r.made_ms, r.source, r.made_by, r.reason, r.issues, r.losses, r.sha256"

static void read_record(const sql_rows *rows, store_record *out, void *result) {
    sql_short(rows, 0, out->key, sizeof out->key);
    out->patient_id = sql_keep(rows, 1, result);
    out->version = sql_int(rows, 2);
    out->made_ms = sql_int(rows, 3);
    out->source = sql_int(rows, 4);
    out->made_by = sql_keep(rows, 5, result);
    out->reason = sql_keep(rows, 6, result);
    out->issues = sql_keep(rows, 7, result);
    out->losses = sql_keep(rows, 8, result);
    sql_fixed(rows, 9, out->sha256, sizeof out->sha256);
}

bfl_status store_record_get(store *s, const char *key, int64_t version, store_record **out, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = field_key(key, err);
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_record *record = sql_result(db, sizeof *record);
    sql_rows rows =
        sql_ask(db,
                "SELECT " RECORD_COLUMNS ", r.content FROM patients p JOIN latest l ON l.patient = p.id"
                " JOIN records r ON r.patient = p.id AND r.version = CASE WHEN ?2 = 0 THEN l.version ELSE ?2 END"
                " WHERE p.key = ?1",
                SQL_VALUES(sql_z(key), sql_of(version)));
    if (sql_next(&rows)) {
        read_record(&rows, record, record);
        record->content = sql_keep_bytes(&rows, 10, record);
        record->content_bytes = record->content.size;
    } else
        sql_fail(db, BFL_ENOTFOUND, "no patient has this key, or this version");
    sql_end(&rows);
    status = pool_give(s, db, record, err);
    if (status == BFL_OK) *out = record;
    return status;
}

static void read_records(sql *db, const char *key, store_records *list) {
    size_t capacity = 0;
    sql_rows rows = sql_ask(db,
                            "SELECT " RECORD_COLUMNS ", r.bytes FROM patients p"
                            " JOIN records r ON r.patient = p.id WHERE p.key = ?1 ORDER BY r.version DESC",
                            SQL_VALUES(sql_z(key)));
    for (store_record *record; sql_next(&rows) && (record = SQL_MORE(db, list, &capacity)) != NULL;) {
        read_record(&rows, record, list);
        record->content_bytes = (uint64_t)sql_int(&rows, 10);
        record->content = (bfl_text){"", 0};
    }
    sql_end(&rows);
    if (list->count == 0) sql_fail(db, BFL_ENOTFOUND, "no patient has this key");
}

bfl_status store_record_list(store *s, const char *key, store_records **out, bfl_error *err) {
    sql *db = NULL;
    bfl_status status = field_key(key, err);
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    store_records *list = sql_result(db, sizeof *list);
    if (list) read_records(db, key, list);
    status = pool_give(s, db, list, err);
    if (status == BFL_OK) *out = list;
    return status;
}

bfl_status store_patient_find(store *s, const char *patient_id, char key[STORE_KEY_SIZE], bfl_error *err) {
    sql *db = NULL;
    char found[STORE_KEY_SIZE] = "";
    bfl_status status = FIELD_CHECK(err, {"the patient's id", bfl_text_of(patient_id), FIELD_NAME, false});
    if (status == BFL_OK) status = pool_read(s, &db, err);
    if (status != BFL_OK) return status;
    sql_rows rows = sql_ask(db, "SELECT key FROM patients WHERE patient_id = ?1", SQL_VALUES(sql_z(patient_id)));
    if (sql_next(&rows))
        sql_short(&rows, 0, found, sizeof found);
    else
        sql_fail(db, BFL_ENOTFOUND, "no patient has this id");
    sql_end(&rows);
    status = pool_end(s, db, err);
    if (status == BFL_OK) (void)snprintf(key, STORE_KEY_SIZE, "%s", found);
    return status;
}
