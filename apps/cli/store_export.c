/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare store export: <key>/<table>.csv of each patient (<key>/<version>/ with every version), index.ndjson, audit.ndjson. */
/* nftw() */
#define _XOPEN_SOURCE 700
#include "issues.h"
#include "storing.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_PATH = 1400, PAGE = 100 };

typedef struct export {
    store *s;
    char top[1024]; /* what is written, before it appears */
    bool all_versions;
    FILE *index;
    size_t patients, total;
    bfl_error *err;
}
export;

static bfl_status fail(export *e, bfl_status status, const char *format, ...) BFL_PRINTF(3, 4);
static bfl_status fail(export *e, bfl_status status, const char *format, ...) {
    va_list args;
    *e->err = (bfl_error){.status = status};
    va_start(args, format);
    (void)vsnprintf(e->err->message, sizeof e->err->message, format, args);
    va_end(args);
    return status;
}

/* ---- files ---- */

/* A name that the case folder writer gives: nothing that leaves the folder. */
static bool plain_name(const char *name) {
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == strlen(name) && name[0] != '.' &&
           name[0] != '\0' && strlen(name) < 100;
}

static bfl_status make_folder(export *e, const char *path) {
    if (mkdir(path, 0700) == 0) return BFL_OK;
    return fail(e, BFL_EIO, "cannot be written: %s", strerror(errno));
}

static bfl_status write_file(export *e, const char *path, const char *data, size_t size) {
    FILE *file = fopen(path, "wbx");
    bool good = file && fwrite(data, 1, size, file) == size;
    if (file) good = fclose(file) == 0 && good;
    return good ? BFL_OK : fail(e, BFL_EIO, "cannot be written: %s", strerror(errno));
}

/* ---- a record ---- */

static bfl_status write_tables(export *e, const char *folder, bfl_text content) {
    char path[LONGEST_PATH];
    const char *name;
    json_t *table;
    bfl_status status = make_folder(e, folder);
    if (status != BFL_OK) return status;
    json_t *record = json_loadb(content.data, content.size, 0, NULL);
    json_t *files = json_object_get(record, "files");
    if (!json_is_object(files)) { /* not of this program's making: kept as it is */
        (void)snprintf(path, sizeof path, "%s/record.txt", folder);
        status = write_file(e, path, content.data, content.size);
    }
    json_object_foreach(files, name, table) {
        if (status != BFL_OK) break;
        if (!plain_name(name) || !json_is_string(table))
            status = fail(e, BFL_EPARSE, "a record has a file with a name that is none");
        else if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) < sizeof path)
            status = write_file(e, path, json_string_value(table), json_string_length(table));
    }
    json_decref(record);
    return status;
}

static bfl_status write_version(export *e, const char *key, int64_t version, const char *folder) {
    store_record *record = NULL;
    bfl_status status = store_record_get(e->s, key, version, &record, e->err);
    if (status == BFL_OK) status = write_tables(e, folder, record->content);
    store_free(record);
    return status;
}

static bfl_status write_versions(export *e, const char *key, const char *folder) {
    store_records *list = NULL;
    bfl_status status = store_record_list(e->s, key, &list, e->err);
    if (status == BFL_OK) status = make_folder(e, folder);
    for (size_t i = 0; status == BFL_OK && i < list->count; i++) {
        char path[LONGEST_PATH];
        if ((size_t)snprintf(path, sizeof path, "%s/%" PRId64, folder, list->items[i].version) >= sizeof path)
            status = fail(e, BFL_EINVAL, "the path is too long");
        else
            status = write_version(e, key, list->items[i].version, path);
    }
    store_free(list);
    return status;
}

static bfl_status write_patient(export *e, const store_patient *p) {
    char folder[LONGEST_PATH];
    (void)snprintf(folder, sizeof folder, "%s/%s", e->top, p->key);
    (void)fprintf(e->index, "{\"key\": \"%s\", \"id\": ", p->key);
    cli_json_string(e->index, p->id);
    (void)fprintf(e->index, ", \"version\": %" PRId64 ", \"updated_ms\": %" PRId64 ", \"state\": ", p->version,
                  p->updated_ms);
    cli_json_string(e->index, p->state);
    (void)fprintf(e->index, ", \"review\": \"%s\"}\n", store_review_name(p->review));
    bfl_status status =
        e->all_versions ? write_versions(e, p->key, folder) : write_version(e, p->key, p->version, folder);
    e->patients++;
    cli_progress("patient", e->patients, e->total);
    return status;
}

static bfl_status write_patients(export *e) {
    char after[STORE_KEY_SIZE] = "";
    bool more = true;
    bfl_status status = BFL_OK;
    while (more && status == BFL_OK) {
        store_patients *page = NULL;
        store_list_want want = {.sort = STORE_SORT_ID, .limit = PAGE, .after = *after ? after : NULL};
        status = store_patient_list(e->s, &want, &page, e->err);
        for (size_t i = 0; status == BFL_OK && i < page->count; i++) {
            status = write_patient(e, &page->items[i]);
            memcpy(after, page->items[i].key, sizeof after);
        }
        more = status == BFL_OK && page->more;
        store_free(page);
    }
    return status;
}

/* ---- the audit log ---- */

static void write_hash(FILE *out, const char *key, const uint8_t hash[STORE_HASH_BYTES]) {
    (void)fprintf(out, ", \"%s\": \"", key);
    for (int i = 0; i < STORE_HASH_BYTES; i++) (void)fprintf(out, "%02x", hash[i]);
    (void)fputc('"', out);
}

static void write_audit_row(FILE *out, const store_audit_row *row) {
    (void)fprintf(out, "{\"seq\": %" PRId64 ", \"at_ms\": %" PRId64 ", \"who\": ", row->seq, row->at_ms);
    cli_json_string(out, row->who);
    (void)fputs(", \"action\": ", out);
    cli_json_string(out, row->action);
    (void)fputs(", \"subject\": ", out);
    cli_json_string(out, row->subject);
    write_hash(out, "details", row->details);
    write_hash(out, "previous", row->previous);
    write_hash(out, "hash", row->hash);
    (void)fputs("}\n", out);
}

static bfl_status write_audit(export *e, FILE *out) {
    int64_t last = 0;
    for (size_t got = 1; got > 0;) {
        store_audit_rows *rows = NULL;
        bfl_status status = store_audit_list(e->s, last, 0, &rows, e->err);
        if (status != BFL_OK) return status;
        got = rows->count;
        for (size_t i = 0; i < got; i++) write_audit_row(out, &rows->items[i]);
        if (got) last = rows->items[got - 1].seq;
        store_free(rows);
    }
    return BFL_OK;
}

/* ---- the folder ---- */

static FILE *open_in(export *e, const char *name) {
    char path[LONGEST_PATH];
    (void)snprintf(path, sizeof path, "%s/%s", e->top, name);
    FILE *file = fopen(path, "wbx");
    if (!file) (void)fail(e, BFL_EIO, "cannot be written: %s", strerror(errno));
    return file;
}

static bfl_status close_file(export *e, FILE *file, bfl_status status) {
    bool bad = file && (ferror(file) != 0);
    bad = (file && fclose(file) != 0) || bad;
    return status == BFL_OK && bad ? fail(e, BFL_EIO, "cannot be written: %s", strerror(errno)) : status;
}

static bfl_status write_all(export *e) {
    bfl_status status = BFL_EIO;
    FILE *audit = NULL;
    e->index = open_in(e, "index.ndjson");
    if (e->index) status = write_patients(e);
    status = close_file(e, e->index, status);
    if (status != BFL_OK) return status;
    audit = open_in(e, "audit.ndjson");
    return close_file(e, audit, audit ? write_audit(e, audit) : BFL_EIO);
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where) {
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

bfl_status cli_store_export(store *s, const char *folder, bool all_versions, size_t *patients, bfl_error *err) {
    enum { OPEN_FOLDERS = 16 };
    export e = {.s = s, .all_versions = all_versions, .err = err};
    store_info info;
    struct stat there;
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') length--;
    if (length + sizeof ".XXXXXX" > sizeof e.top) return fail(&e, BFL_EINVAL, "the path is too long");
    if (stat(folder, &there) == 0) return fail(&e, BFL_EEXIST, "there is something of this name; nothing was written");
    bfl_status status = store_info_get(s, &info, err);
    if (status != BFL_OK) return status;
    e.total = (size_t)info.patients;
    (void)snprintf(e.top, sizeof e.top, "%.*s.XXXXXX", (int)length, folder);
    if (!mkdtemp(e.top)) return fail(&e, BFL_EIO, "cannot be written: %s", strerror(errno));
    status = write_all(&e);
    if (status == BFL_OK && rename(e.top, folder) != 0)
        status = fail(&e, BFL_EIO, "cannot be written: %s", strerror(errno));
    if (status != BFL_OK) (void)nftw(e.top, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    *patients = e.patients;
    return status;
}
