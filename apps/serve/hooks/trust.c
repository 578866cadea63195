/* SPDX-License-Identifier: Apache-2.0 */
/* The file of trusted issuers: {"issuers":[{"iss":...,"jwks":FILE,"jku":...}],"origins":[...],"leeway_seconds":60,...} */
#include "serve/hooks/jwt.h"
#include "serve/http/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES = 1 << 20, LEEWAY_S = 60, LIFETIME_S = 3600, MOST_S = 86400 };

static bfl_status fail(bfl_error *err, bfl_status status, const char *where, const char *message, const char *more) {
    bfl_error own;
    if (!err) err = &own;
    *err = (bfl_error){.status = status};
    (void)snprintf(err->where, sizeof err->where, "%s", where);
    (void)snprintf(err->message, sizeof err->message, "%s%s", message, more);
    return status;
}

static void release_file(void *file) { (void)close(*(int *)file); }

/* ---- files, and whether they were exchanged ---- */

struct serve_seen_file {
    const char *path;
    struct stat was;
};

static bool same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool serve_trust_changed(const serve_trust *trust) {
    struct stat now;
    for (size_t i = 0; i < trust->file_count; i++)
        if (stat(trust->files[i].path, &now) != 0 || !same_file(&now, &trust->files[i].was)) return true;
    return false;
}

static void remember(serve_pool *pool, serve_trust *trust, const char *path, const struct stat *was) {
    serve_seen_file *files = SERVE_NEW_ARRAY(pool, trust->file_count + 1, serve_seen_file);
    for (size_t i = 0; i < trust->file_count; i++) files[i] = trust->files[i];
    files[trust->file_count++] = (serve_seen_file){serve_pool_text(pool, bfl_text_of(path)), *was};
    trust->files = files;
}

static bfl_status read_file(serve_pool *pool, serve_trust *trust, const char *path, bfl_text *out, bfl_error *err) {
    struct stat was;
    int *file = SERVE_NEW(pool, int);
    char *bytes = serve_pool_alloc(pool, FILE_BYTES + 1, 1);
    size_t size = 0;
    *file = open(path, O_RDONLY | O_CLOEXEC);
    if (*file < 0)
        return fail(err, errno == ENOENT ? BFL_ENOTFOUND : BFL_EIO, path, "cannot be opened: ", strerror(errno));
    (void)serve_pool_own(pool, file, release_file);
    if (fstat(*file, &was) != 0) return fail(err, BFL_EIO, path, "cannot be read: ", strerror(errno));
    remember(pool, trust, path, &was);
    while (size <= FILE_BYTES) {
        ssize_t got = read(*file, bytes + size, FILE_BYTES + 1 - size);
        if (got == 0) break;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(err, BFL_EIO, path, "cannot be read: ", strerror(errno));
        size += (size_t)got;
    }
    if (size > FILE_BYTES) return fail(err, BFL_ELIMIT, path, "is longer than 1 MiB", "");
    *out = (bfl_text){bytes, size};
    return BFL_OK;
}

/* ---- members ---- */

typedef struct reading {
    serve_pool *pool;
    const char *path;
    serve_trust *out;
    bfl_error *err;
} reading;

static bfl_status wrong(const reading *r, const char *message, const char *more) {
    return fail(r->err, BFL_EPARSE, r->path, message, more);
}

/* A misspelt member would silently trust more, or less, than was meant. */
static bfl_status only(const reading *r, json_t *object, const char *const *names) {
    const char *key;
    json_t *value;
    if (!json_is_object(object)) return wrong(r, "a list holds something else than objects", "");
    json_object_foreach(object, key, value) {
        bool known = false;
        for (const char *const *n = names; *n && !known; n++) known = strcmp(*n, key) == 0;
        if (!known) return wrong(r, "has a member that is not known: ", key);
    }
    return BFL_OK;
}

static bfl_status read_seconds(const reading *r, const json_t *root, const char *name, int64_t *out) {
    const json_t *member = json_object_get(root, name);
    if (!member) return BFL_OK;
    if (!json_is_integer(member) || json_integer_value(member) < 0 || json_integer_value(member) > MOST_S)
        return wrong(r, "must be a number of seconds, at most a day: ", name);
    *out = json_integer_value(member);
    return BFL_OK;
}

static bfl_status read_origins(const reading *r, const json_t *list) {
    size_t i;
    const json_t *item;
    const char **origins = SERVE_NEW_ARRAY(r->pool, json_array_size(list) + 1, const char *);
    if (list && !json_is_array(list)) return wrong(r, "origins is not a list", "");
    json_array_foreach(list, i, item) {
        const char *scheme, *host, *text = json_string_value(item);
        unsigned port;
        if (!text || !serve_parse_origin(r->pool, text, &scheme, &host, &port))
            return wrong(r, "origins must be such as https://host.example: ", text ? text : "not a text");
        origins[i] = serve_pool_text(r->pool, bfl_text_of(text));
    }
    r->out->origins = origins;
    r->out->origin_count = json_array_size(list);
    return BFL_OK;
}

/* ---- issuers ---- */

static const char *beside(const reading *r, const char *name) {
    const char *slash = strrchr(r->path, '/');
    if (name[0] == '/' || !slash) return name;
    return serve_pool_printf(r->pool, "%.*s/%s", (int)(slash - r->path), r->path, name);
}

static bfl_status read_issuer(const reading *r, json_t *row, serve_issuer *out) {
    static const char *const names[] = {"iss", "jwks", "jku", NULL};
    const char *iss = json_string_value(json_object_get(row, "iss")),
               *jku = json_string_value(json_object_get(row, "jku"));
    const char *jwks = json_string_value(json_object_get(row, "jwks"));
    bfl_text bytes;
    bfl_status status = only(r, row, names);
    if (status) return status;
    if (!iss || !*iss) return wrong(r, "an issuer has no iss", "");
    if (!jwks || !*jwks) return wrong(r, "an issuer has no jwks, a file with its public keys: ", iss);
    if (serve_trust_find(r->out, iss)) return wrong(r, "an issuer is there twice: ", iss);
    const char *path = beside(r, jwks);
    status = read_file(r->pool, r->out, path, &bytes, r->err);
    if (status) return status;
    const char *bad = serve_keys_read(r->pool, bytes, &out->keys);
    if (bad) return fail(r->err, BFL_EPARSE, path, bad, "");
    out->iss = serve_pool_text(r->pool, bfl_text_of(iss));
    out->jku = jku ? serve_pool_text(r->pool, bfl_text_of(jku)) : NULL;
    return BFL_OK;
}

static bfl_status read_issuers(const reading *r, json_t *list) {
    bfl_status status = BFL_OK;
    if (!json_is_array(list) || !json_array_size(list)) return wrong(r, "has no list of issuers", "");
    serve_issuer *issuers = SERVE_NEW_ARRAY(r->pool, json_array_size(list), serve_issuer);
    r->out->issuers = issuers;
    for (size_t i = 0; i < json_array_size(list) && !status; i++) {
        status = read_issuer(r, json_array_get(list, i), &issuers[i]);
        if (!status) r->out->issuer_count++;
    }
    return status;
}

/* ---- the file ---- */

static void release_json(void *thing) { json_decref(thing); }

bfl_status serve_trust_read(serve_pool *pool, const char *path, serve_trust *out, bfl_error *err) {
    static const char *const names[] = {"issuers", "origins", "leeway_seconds", "lifetime_seconds", NULL};
    const reading r = {pool, path, out, err};
    json_error_t error;
    bfl_text bytes;
    *out = (serve_trust){.leeway_s = LEEWAY_S, .lifetime_s = LIFETIME_S};
    bfl_status status = read_file(pool, out, path, &bytes, err);
    if (status) return status;
    json_t *root = json_loadb(bytes.data, bytes.size, JSON_REJECT_DUPLICATES, &error);
    if (!root) return wrong(&r, "is not JSON: ", error.text);
    (void)serve_pool_own(pool, root, release_json);
    status = only(&r, root, names);
    if (!status) status = read_seconds(&r, root, "leeway_seconds", &out->leeway_s);
    if (!status) status = read_seconds(&r, root, "lifetime_seconds", &out->lifetime_s);
    if (!status) status = read_origins(&r, json_object_get(root, "origins"));
    return status ? status : read_issuers(&r, json_object_get(root, "issuers"));
}

const serve_issuer *serve_trust_find(const serve_trust *trust, const char *iss) {
    for (size_t i = 0; i < trust->issuer_count; i++)
        if (strcmp(trust->issuers[i].iss, iss) == 0) return &trust->issuers[i];
    return NULL;
}
