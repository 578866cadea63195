/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bulk Data ($export): 202 and where to ask, then a manifest, then NDJSON files. A job writes the files to the disk, one patient after
 * the other; an export is known to the user who asked for it, for an hour after it was whole, or until it is deleted or many came
 * after it.
 */
#include "serve/api/jobs.h"
#include "serve/fhir/fhir.h"
#include "serve/fhir/spool.h"
#include "serve/record/record.h"
#include "serve/server.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    MOST_OF_USER = 3,
    MOST_EXPORTS = 16,
    MOST_TYPES = 16,
    ID_BYTES = 16,
    ID_SIZE = 2 * ID_BYTES + 1,
    USER_SIZE = 128,
    PAGE = 100,
    MOST_MIB = 1024,
    KEPT_MS = 60 * 60 * 1000,
    SETTLE_MS = 10 * 1000 /* a write that began so long ago is there, or failed: a store waits less for its turn */
};

typedef struct export {
    char id[ID_SIZE], user[USER_SIZE], request[256];
    int64_t as_of_ms;   /* everything until then is in it */
    int64_t since_ms;   /* only patients whose record is newer; -1 for all */
    int64_t expires_ms; /* 0 while it runs */
    bool wanted[MOST_TYPES];
    serve_spool files[MOST_TYPES]; /* beside serve_fhir_types */
    size_t bytes;
    uint64_t done, skipped; /* patients */
    enum { RUNNING, COMPLETE, TOO_LARGE, NO_ROOM, FAILED } state;
    bool cancelled;   /* nobody wants it any more */
    unsigned holders; /* the list and the job */
    struct export *next;
}
export;

struct serve_exports {
    pthread_mutex_t lock; /* guards everything in exports but what a running job alone writes: files, bytes, skipped */
    export *newest;
};

serve_exports *serve_exports_new(void) {
    serve_exports *all = calloc(1, sizeof *all);
    if (all) (void)pthread_mutex_init(&all->lock, NULL);
    return all;
}

/* Under the lock. */
static void let_go(export *e) {
    if (--e->holders) return;
    for (size_t i = 0; i < MOST_TYPES; i++) serve_spool_free(&e->files[i]);
    free(e);
}

void serve_exports_free(serve_exports *all) {
    if (!all) return;
    for (export *e = all->newest, *next; e; e = next) {
        next = e->next;
        let_go(e);
    }
    (void)pthread_mutex_destroy(&all->lock);
    free(all);
}

/* ---- the job ---- */

typedef struct work {
    serve_exports *all;
    export *e;
} work;

typedef enum { GOES_ON, IS_FULL, HAS_NO_ROOM, IS_STOPPED, STORE_FAILS } outcome;

static outcome append(export *e, serve_spool *f, bfl_text line) {
    if (e->bytes + line.size + 1 > (size_t)MOST_MIB << 20) return IS_FULL;
    e->bytes += line.size + 1;
    return serve_spool_add(f, line) ? GOES_ON : HAS_NO_ROOM;
}

typedef struct one {
    serve_call call;
    const char *key;
    bfl_text lines;
    bool good;
} one;

static void read_one(void *context) {
    one *o = context;
    o->good = serve_fhir_lines(&o->call, o->key, &o->lines);
}

/* A pool for each patient: memory does not grow with their number. */
static outcome add_patient(export *e, const serve_call *call, const char *key) {
    one o = {.call = *call, .key = key};
    serve_fhir_line line;
    outcome out = GOES_ON;
    o.call.pool = serve_pool_new();
    if (!o.call.pool || !serve_pool_run(o.call.pool, read_one, &o) || !o.good) e->skipped++;
    for (bfl_text rest = o.good ? o.lines : (bfl_text){"", 0}; out == GOES_ON && serve_fhir_next(&rest, &line);)
        for (size_t i = 0; serve_fhir_types[i] && out == GOES_ON; i++)
            if (e->wanted[i] && bfl_text_equal(line.type, bfl_text_of(serve_fhir_types[i])))
                out = append(e, &e->files[i], line.json);
    serve_pool_free(o.call.pool);
    return out;
}

static bool is_wanted(const work *w, serve_job *job) {
    (void)pthread_mutex_lock(&w->all->lock);
    w->e->done++;
    bool wanted = !w->e->cancelled && !serve_job_stopping(job);
    (void)pthread_mutex_unlock(&w->all->lock);
    return wanted;
}

static outcome add_page(const work *w, serve_job *job, const serve_call *call, const store_patients *page) {
    outcome out = GOES_ON;
    for (size_t i = 0; i < page->count && out == GOES_ON; i++) {
        if (page->items[i].updated_ms > w->e->since_ms) out = add_patient(w->e, call, page->items[i].key);
        if (out == GOES_ON && !is_wanted(w, job)) out = IS_STOPPED;
    }
    return out;
}

/* By id, which never changes, so that a record that is written meanwhile is neither left out nor there twice. */
static outcome add_all(const work *w, serve_job *job, serve_call *call) {
    store_list_want want = {.sort = STORE_SORT_ID, .limit = PAGE};
    outcome out = GOES_ON;
    for (bool more = true; more && out == GOES_ON;) {
        store_patients *page = NULL;
        if (store_patient_list(call->server->store, &want, &page, NULL)) return STORE_FAILS;
        (void)serve_keep(call, page);
        out = add_page(w, job, call, page);
        more = page->more && page->count;
        if (more) want.after = page->items[page->count - 1].key;
    }
    for (size_t i = 0; i < MOST_TYPES && out == GOES_ON; i++)
        if (!serve_spool_finish(&w->e->files[i])) out = HAS_NO_ROOM;
    return out;
}

static void run_export(serve_job *job, serve_call *call, void *context) {
    const work *w = context;
    outcome out = add_all(w, job, call);
    (void)pthread_mutex_lock(&w->all->lock);
    w->e->state = out == GOES_ON ? COMPLETE : out == IS_FULL ? TOO_LARGE : out == HAS_NO_ROOM ? NO_ROOM : FAILED;
    for (size_t i = 0; i < MOST_TYPES && out != GOES_ON; i++) serve_spool_free(&w->e->files[i]);
    w->e->expires_ms = serve_now_ms() + KEPT_MS;
    (void)pthread_mutex_unlock(&w->all->lock);
    serve_job_end(job, out == GOES_ON, bfl_text_of(out == GOES_ON ? "{\"state\":\"done\"}" : "{\"state\":\"failed\"}"));
}

/* The job is over, or never ran. */
static void release_work(void *context) {
    work *w = context;
    (void)pthread_mutex_lock(&w->all->lock);
    if (w->e->state == RUNNING) w->e->state = FAILED;
    let_go(w->e);
    (void)pthread_mutex_unlock(&w->all->lock);
    free(w);
}

/* ---- asking for one ---- */

/* "Patient,Observation"; everything without it. */
static bool read_types(serve_call *call, export *e) {
    const char *asked = serve_query(call, "_type");
    for (size_t i = 0; serve_fhir_types[i]; i++) e->wanted[i] = !asked;
    for (const char *at = asked; at && *at; at += *at == ',') {
        size_t size = strcspn(at, ","), i = 0;
        while (serve_fhir_types[i] && !bfl_text_equal((bfl_text){at, size}, bfl_text_of(serve_fhir_types[i]))) i++;
        if (!serve_fhir_types[i]) return false;
        e->wanted[i] = true;
        at += size;
    }
    return true;
}

static bool known_parameters(const serve_call *call) {
    for (size_t i = 0; i < call->target.query_count; i++) {
        const serve_pair *p = &call->target.query[i];
        bool format = strcmp(p->name, "_outputFormat") == 0 &&
                      (strcmp(p->value, "application/fhir+ndjson") == 0 ||
                       strcmp(p->value, "application/ndjson") == 0 || strcmp(p->value, "ndjson") == 0);
        if (!format && strcmp(p->name, "_type") != 0 && strcmp(p->name, "_since") != 0) return false;
    }
    return true;
}

static bool read_since(const serve_call *call, export *e) {
    const char *since = serve_query(call, "_since");
    e->since_ms = -1;
    return !since || serve_fhir_instant(since, &e->since_ms);
}

/* Under the lock. */
static void forget(export **at) {
    export *e = *at;
    *at = e->next;
    e->cancelled = true;
    let_go(e);
}

/* Not for ever, and few of one user: his oldest go. Nobody ends another's by asking for more. How many stay. Under the lock. */
static size_t keep_few(serve_exports *all, const char *user, int64_t now_ms) {
    size_t own = 0, count = 0;
    for (export **at = &all->newest; *at;) {
        const export *e = *at;
        bool mine = user && strcmp(e->user, user) == 0;
        if ((e->expires_ms && now_ms >= e->expires_ms) || (mine && own == MOST_OF_USER - 1)) {
            forget(at);
            continue;
        }
        own += mine;
        count++;
        at = &(*at)->next;
    }
    return count;
}

void serve_exports_beat(serve_exports *all, int64_t now_ms) {
    (void)pthread_mutex_lock(&all->lock);
    (void)keep_few(all, NULL, now_ms);
    (void)pthread_mutex_unlock(&all->lock);
}

static export *new_export(serve_call *call) {
    unsigned char id[ID_BYTES];
    export *e = calloc(1, sizeof *e);
    if (!e) serve_pool_fail(call->pool);
    randombytes_buf(id, sizeof id);
    (void)sodium_bin2hex(e->id, sizeof e->id, id, sizeof id);
    (void)snprintf(e->user, sizeof e->user, "%s", call->user);
    (void)snprintf(e->request, sizeof e->request, "%s/fhir/$export", call->server->base);
    e->as_of_ms = call->now_ms - SETTLE_MS;
    e->holders = 1;
    return e;
}

void serve_fhir_export(serve_call *call) {
    const char *prefer = serve_header(call, "Prefer");
    if (!prefer || !strstr(prefer, "respond-async")) {
        serve_fhir_refuse(call, 400, "required", "an export takes time: send Prefer: respond-async");
        return;
    }
    export *e = new_export(call);
    if (!known_parameters(call) || !read_types(call, e) || !read_since(call, e)) {
        free(e);
        serve_fhir_refuse(call, 400, "not-supported",
                          "only _type, of types that /fhir/metadata names, _since, an instant such as "
                          "2026-11-22T11:05:09Z, and _outputFormat=ndjson");
        return;
    }
    work *w = calloc(1, sizeof *w);
    const char *where = serve_pool_printf(call->pool, "%s/fhir/$export-status/%s", call->server->base, e->id);
    if (!w) free(e), serve_pool_fail(call->pool);
    serve_exports *all = call->server->exports;
    *w = (work){all, e};
    (void)pthread_mutex_lock(&all->lock);
    bool room = keep_few(all, call->user, call->now_ms) < MOST_EXPORTS;
    if (room) {
        e->holders++;
        e->next = all->newest;
        all->newest = e;
    }
    (void)pthread_mutex_unlock(&all->lock);
    if (!room) {
        free(w);
        free(e);
        serve_fhir_refuse(call, 503, "throttled", "others have many exports here: try again later");
        return;
    }
    serve_job_start(call, &(serve_job_work){run_export, release_work, w});
    if (call->status != 202) return;
    serve_reply(call, 202, NULL, (bfl_text){"", 0});
    serve_reply_header(call, "Content-Location", where);
}

/* ---- the manifest, the files ---- */

/* The user's export, held until released; NULL: it has answered. */
static export *find(serve_call *call) {
    serve_exports *all = call->server->exports;
    (void)pthread_mutex_lock(&all->lock);
    export *e = all->newest;
    while (e && (strcmp(e->id, call->keys[0]) != 0 || strcmp(e->user, call->user) != 0)) e = e->next;
    if (e) e->holders++;
    (void)pthread_mutex_unlock(&all->lock);
    if (!e) serve_fhir_refuse(call, 404, "not-found", "there is no such export, or it was deleted");
    return e;
}

typedef struct hold {
    serve_exports *all;
    export *e;
} hold;

static void release_hold(void *thing) {
    const hold *h = thing;
    (void)pthread_mutex_lock(&h->all->lock);
    let_go(h->e);
    (void)pthread_mutex_unlock(&h->all->lock);
}

/* Held as long as the answer is being sent. */
static export *borrow(serve_call *call) {
    hold *h = SERVE_NEW(call->pool, hold);
    export *e = find(call);
    if (!e) return NULL;
    *h = (hold){call->server->exports, e};
    (void)serve_pool_own(call->pool, h, release_hold);
    return e;
}

static void put_manifest(serve_call *call, const export *e) {
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "transactionTime", serve_time_text(call->pool, e->as_of_ms));
    serve_json_text(&w, "request", e->request);
    serve_json_bool(&w, "requiresAccessToken", true);
    serve_json_open(&w, "output", "[");
    for (size_t i = 0; i < MOST_TYPES; i++) {
        const serve_spool *f = &e->files[i];
        if (!f->lines) continue;
        const char *type = serve_fhir_types[i];
        serve_json_open(&w, NULL, "{");
        serve_json_text(&w, "type", type);
        serve_json_text(
            &w, "url",
            serve_pool_printf(call->pool, "%s/fhir/$export-file/%s/%s.ndjson", call->server->base, e->id, type));
        serve_json_whole(&w, "count", (int64_t)f->lines);
        serve_json_close(&w, "}");
    }
    serve_json_close(&w, "]");
    serve_json_open(&w, "error", "[");
    serve_json_close(&w, "]");
    if (e->skipped) {
        serve_json_open(&w, "extension", "{");
        serve_json_whole(&w, "example.boneflare.patients-not-readable", (int64_t)e->skipped);
        serve_json_close(&w, "}");
    }
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

/* "Sun, 22 Nov 2026 11:05:09 GMT" (RFC 9110) */
static const char *http_date(serve_pool *pool, int64_t ms) {
    static const char days[] = "ThuFriSatSunMonTueWed", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    enum { DAY_S = 86400, WEEK = 7, NAME = 3 };
    int32_t year, month, day;
    int64_t seconds = ms / 1000, number = seconds / DAY_S;
    bfl_civil_from_day((int32_t)number, &year, &month, &day);
    const char *clock = serve_time_text(pool, ms) + sizeof "2026-11-22";
    return serve_pool_printf(pool, "%.3s, %02d %.3s %04d %.8s GMT", days + NAME * (number % WEEK), (int)day,
                             months + NAME * (month - 1), (int)year, clock);
}

void serve_fhir_export_status(serve_call *call) {
    const export *e = borrow(call);
    if (!e) return;
    serve_exports *all = call->server->exports;
    (void)pthread_mutex_lock(&all->lock);
    int state = (int)e->state;
    uint64_t done = e->done;
    int64_t expires_ms = e->expires_ms;
    (void)pthread_mutex_unlock(&all->lock);
    if (state == RUNNING) {
        serve_reply(call, 202, NULL, (bfl_text){"", 0});
        serve_reply_header(call, "X-Progress",
                           serve_pool_printf(call->pool, "%llu patients", (unsigned long long)done));
        serve_reply_header(call, "Retry-After", "1");
    } else if (state == COMPLETE) {
        put_manifest(call, e);
        serve_reply_header(call, "Expires", http_date(call->pool, expires_ms));
    } else {
        serve_fhir_refuse(call, 500, "processing",
                          state == TOO_LARGE
                              ? "the export is larger than 1 GiB: ask for fewer types by _type, or by _since"
                          : state == NO_ROOM ? "there is no room for the files of the export on the server's disk"
                                             : "the export did not come to its end: ask for it again");
    }
}

void serve_fhir_export_file(serve_call *call) {
    const export *e = borrow(call);
    if (!e) return;
    serve_exports *all = call->server->exports;
    (void)pthread_mutex_lock(&all->lock);
    bool complete = e->state == COMPLETE;
    (void)pthread_mutex_unlock(&all->lock);
    for (size_t i = 0; complete && serve_fhir_types[i]; i++)
        if (e->files[i].lines &&
            strcmp(call->keys[1], serve_pool_printf(call->pool, "%s.ndjson", serve_fhir_types[i])) == 0) {
            serve_reads(call, "patients.export", e->id);
            serve_reply(call, 200, "application/fhir+ndjson", (bfl_text){e->files[i].bytes, e->files[i].size});
            return;
        }
    serve_fhir_refuse(call, 404, "not-found", "there is no such file of this export");
}

void serve_fhir_export_delete(serve_call *call) {
    export *e = borrow(call);
    if (!e) return;
    serve_exports *all = call->server->exports;
    (void)pthread_mutex_lock(&all->lock);
    for (export **at = &all->newest; *at; at = &(*at)->next)
        if (*at == e) {
            *at = e->next;
            e->cancelled = true;
            let_go(e);
            break;
        }
    (void)pthread_mutex_unlock(&all->lock);
    serve_reply(call, 202, NULL, (bfl_text){"", 0});
}
