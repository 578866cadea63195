/* SPDX-License-Identifier: Apache-2.0 */
/* Uploads: a case folder as zip, FHIR, SDTM. Read by the library, split by patient; the bytes are kept beside what was read. */
#include "serve/api/api.h"
#include "serve/api/unpack.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ISSUES = 500, MOST_NAME = 255, UNPACKED = 8, TELL_EVERY = 10 };

typedef struct upload {
    char *name;
    char *type;
    char *bytes;
    size_t size;
} upload;

static void release_upload(void *context) {
    upload *u = context;
    free(u->name);
    free(u->type);
    free(u->bytes);
    free(u);
}

/* ---- what is told ---- */

static void tell(serve_job *job, serve_pool *pool, size_t done, size_t total, const char *text) {
    serve_json w = serve_json_in(pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "state", "running");
    serve_json_text(&w, "text", text);
    serve_json_whole(&w, "done", (int64_t)done);
    serve_json_whole(&w, "total", (int64_t)total);
    serve_json_close(&w, "}");
    serve_job_tell(job, serve_buf_text(&w.out));
}

static void fail(serve_job *job, serve_pool *pool, const char *detail) {
    serve_json w = serve_json_in(pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "state", "failed");
    serve_json_text(&w, "detail", detail);
    serve_json_text(&w, "hint",
                    "Check that it is a case folder as zip, FHIR (Bundle or NDJSON) or SDTM, then send it again.");
    serve_json_close(&w, "}");
    serve_job_end(job, false, serve_buf_text(&w.out));
}

/* What the reader could not take: kept with each version that came of the upload. */
static const char *losses_json(serve_pool *pool, const bfl_study *study) {
    static const char *const words[] = {"used", "kept", "dropped", "unknown"};
    serve_json w = serve_json_in(pool);
    serve_json_open(&w, NULL, "[");
    for (size_t i = 0; i < bfl_study_account_count(study); i++) {
        const bfl_account *a = bfl_study_account(study, i);
        if (a->outcome == BFL_ACCOUNT_USED) continue;
        serve_json_open(&w, NULL, "{");
        serve_json_text(&w, "type", a->type);
        serve_json_text(&w, "what", a->what);
        serve_json_text(&w, "outcome", words[a->outcome]);
        serve_json_whole(&w, "count", (int64_t)a->count);
        serve_json_close(&w, "}");
    }
    serve_json_close(&w, "]");
    return serve_buf_text(&w.out).data;
}

/* ---- one patient after the other ---- */

typedef struct import {
    serve_job *job;
    serve_call *call; /* of the job */
    bfl_study *study;
    int64_t source;
    const char *losses;
    serve_json *result; /* an open array of patients */
} import;

typedef struct one {
    const import *import;
    serve_call call; /* with a pool of its own */
    size_t index;
    bfl_status status;
    bfl_error err;
    store_record_put_result put;
    bool fresh;
} one;

static void put_one(void *context) {
    one *o = context;
    const bfl_record *record = bfl_study_record(o->import->study, o->index);
    char key[STORE_KEY_SIZE];
    bfl_status found = store_patient_find(o->call.server->store, record->patient.id, key, NULL);
    o->fresh = found == BFL_ENOTFOUND;
    const serve_put how = {.key = o->fresh ? NULL : key,
                           .expected_version = -1,
                           .reason = "import",
                           .source = o->import->source,
                           .losses = o->import->losses,
                           .once = true,
                           .who = o->call.user};
    o->status = serve_record_put(&o->call, o->import->study, o->index, &how, &o->put, &o->err);
    if (o->status) return;
    if (!serve_record_assessed(&o->call, o->put.key))
        serve_log(o->call.server, "an imported record could not be assessed", NULL);
}

static void put_result(const import *m, const one *o) {
    serve_json *w = m->result;
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "key", o->put.key);
    serve_json_text(w, "id", bfl_study_record(m->study, o->index)->patient.id);
    serve_json_whole(w, "version", o->put.version);
    serve_json_bool(w, "new", o->fresh);
    serve_json_close(w, "}");
}

/* Each patient has a pool of its own: a study of thousands does not grow. */
static bool import_one(const import *m, size_t index) {
    one o = {.import = m, .call = *m->call, .index = index};
    o.call.pool = serve_pool_new();
    bool done = o.call.pool && serve_pool_run(o.call.pool, put_one, &o);
    serve_pool_free(o.call.pool);
    if (done && o.status == BFL_OK) {
        put_result(m, &o);
        return true;
    }
    if (o.status) serve_log(m->call->server, "an import failed", &o.err);
    fail(m->job, m->call->pool,
         !done ? "The server is short of memory." : "The store did not take a patient; the others before it are kept.");
    return false;
}

static bool import_all(const import *m) {
    size_t count = bfl_study_record_count(m->study);
    for (size_t i = 0; i < count; i++) {
        if (i % TELL_EVERY == 0) tell(m->job, m->call->pool, i, count, "Keeping and assessing patients");
        if (serve_job_stopping(m->job)) {
            fail(m->job, m->call->pool, "The server was stopped in the middle; the patients before are kept.");
            return false;
        }
        if (!import_one(m, i)) return false;
    }
    return true;
}

/* ---- the job ---- */

static bool read_study(serve_job *job, serve_call *call, const upload *u, bfl_study **out) {
    const char *folder = NULL;
    const size_t most = ((size_t)call->server->options.upload_mib << 20) * UNPACKED;
    const serve_unpack files = {u->name, {u->bytes, u->size}, most};
    const char *wrong = serve_unpack_files(call->pool, &files, &folder);
    bfl_error err = {0};
    if (!wrong && bfl_study_read(folder, NULL, out, &err) != BFL_OK)
        wrong = serve_pool_text(call->pool, bfl_text_of(err.message));
    if (!wrong) (void)serve_keep_study(call, *out);
    if (!wrong && bfl_study_record_count(*out) == 0) wrong = "It holds no patient.";
    if (wrong) fail(job, call->pool, wrong);
    return !wrong;
}

static bool keep_source(serve_job *job, serve_call *call, const upload *u, int64_t *id) {
    const store_by by = {call->user, call->now_ms};
    const store_source source = {.name = u->name, .media_type = u->type, .content = {u->bytes, u->size}};
    bfl_error err = {0};
    bfl_status status = store_source_put(call->server->store, &by, &source, id, &err);
    if (status == BFL_OK) return true;
    serve_log(call->server, "an upload could not be kept", &err);
    fail(job, call->pool, status == BFL_ELIMIT ? "It is too large." : "The store could not keep it.");
    return false;
}

static void run_import(serve_job *job, serve_call *call, void *context) {
    const upload *u = context;
import m = {.job = job, .call = call };
    tell(job, call->pool, 0, 0, "Reading the file");
    if (!read_study(job, call, u, &m.study) || !keep_source(job, call, u, &m.source)) return;
    serve_json w = serve_json_in(call->pool);
    m.losses = losses_json(call->pool, m.study);
    m.result = &w;
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "state", "done");
    serve_json_open(&w, "patients", "[");
    if (!import_all(&m)) return;
    serve_json_close(&w, "]");
    size_t issues = bfl_study_issue_count(m.study), shown = issues < MOST_ISSUES ? issues : MOST_ISSUES;
    serve_json_whole(&w, "issue_count", (int64_t)issues);
    serve_put_issues(&w, "issues", bfl_study_issue(m.study, 0), shown);
    serve_json_raw(&w, "losses", bfl_text_of(m.losses));
    serve_json_close(&w, "}");
    serve_job_end(job, true, serve_buf_text(&w.out));
}

/* ---- routes ---- */

static char *copy(bfl_text text) {
    char *bytes = malloc(text.size + 1);
    if (!bytes) return NULL;
    memcpy(bytes, text.data, text.size);
    bytes[text.size] = '\0';
    return bytes;
}

static bool read_upload(serve_call *call, const char **name, bfl_text *content) {
    const char *type = serve_header(call, "Content-Type"), *query = serve_query(call, "name");
    *content = call->body;
    *name = query && *query ? query : "upload";
    if (type && strncmp(type, "multipart/form-data", 19) == 0) {
        if (!serve_parse_multipart(call->pool, type, call->body, name, content)) {
            serve_problem(call, 400, "bad-multipart", "The form holds no file, or is not well-formed.",
                          "Send the file as it is.");
            return false;
        }
    }
    if (content->size && serve_parse_file_name(bfl_text_of(*name)) && strlen(*name) <= MOST_NAME) return true;
    serve_problem(call, 422, "bad-upload", content->size ? "The name of the file is not one." : "The file is empty.",
                  "Send a case folder as zip, FHIR or SDTM.");
    return false;
}

static void post_import(serve_call *call) {
    const char *name;
    bfl_text content;
    if (!read_upload(call, &name, &content)) return;
    const char *type = serve_header(call, "Content-Type");
    upload *u = calloc(1, sizeof *u);
    if (u) *u = (upload){copy(bfl_text_of(name)), copy(bfl_text_of(type ? type : "")), copy(content), content.size};
    if (u && u->name && u->type && u->bytes) {
        const serve_job_work work = {run_import, release_upload, u};
        serve_job_start(call, &work);
        return;
    }
    if (u) release_upload(u);
    serve_problem(call, 503, "no-memory", "The server is short of memory.", "Try again in a moment.");
}

static void get_job(serve_call *call) { serve_job_reply(call, call->keys[0]); }

static void get_events(serve_call *call) { serve_job_reply_events(call, call->keys[0]); }

static const serve_route routes[] = {
    {"POST", "/api/v1/imports", SERVE_REVIEWER, SERVE_UPLOAD, SERVE_ANY_TYPE, post_import},
    {"GET", "/api/v1/jobs/{job}", SERVE_READER, 0, SERVE_PLAIN, get_job},
    {"GET", "/api/v1/jobs/{job}/events", SERVE_READER, 0, SERVE_PLAIN, get_events},
};
const serve_routes serve_import_routes = {routes, sizeof routes / sizeof *routes};
