/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/api/api.h"
#include "serve/keep.h"
#include "serve/server.h"

#include <sodium.h>

enum { PAGE = 200, HASH_TEXT = 2 * STORE_HASH_BYTES + 1 };

static void put_hash(serve_json *w, const char *key, const uint8_t hash[STORE_HASH_BYTES]) {
    char text[HASH_TEXT];
    serve_json_text(w, key, sodium_bin2hex(text, sizeof text, hash, STORE_HASH_BYTES));
}

static void put_row(serve_json *w, const store_audit_row *row) {
    serve_json_open(w, NULL, "{");
    serve_json_whole(w, "seq", row->seq);
    serve_json_whole(w, "when", row->at_ms);
    serve_json_text(w, "actor", row->who);
    serve_json_text(w, "action", row->action);
    serve_json_text(w, "subject", row->subject);
    put_hash(w, "details", row->details);
    put_hash(w, "previous", row->previous);
    put_hash(w, "hash", row->hash);
    serve_json_close(w, "}");
}

static void get_audit(serve_call *call) {
    const char *text = serve_query(call, "after");
    uint64_t after = 0;
    bfl_error err = {0};
    store_audit_rows *rows = NULL;
    if (text && *text && !serve_parse_whole(text, INT64_MAX, &after)) {
        serve_problem(call, 400, "bad-after", "after is the number of a line.", "Leave it out to begin at the first.");
        return;
    }
    bfl_status status = store_audit_list(call->server->store, (int64_t)after, PAGE, &rows, &err);
    if (status) {
        serve_failed(call, status, &err);
        return;
    }
    (void)serve_keep(call, rows);
    serve_reads(call, "audit.read", "");
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_open(&w, "rows", "[");
    for (size_t i = 0; i < rows->count; i++) put_row(&w, &rows->items[i]);
    serve_json_close(&w, "]");
    if (rows->count == PAGE)
        serve_json_whole(&w, "next", rows->items[PAGE - 1].seq);
    else
        serve_json_null(&w, "next");
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static void get_verify(serve_call *call) {
    store_verdict verdict;
    bfl_error err = {0};
    bfl_status status = store_verify(call->server->store, NULL, &verdict, &err);
    if (status) {
        serve_failed(call, status, &err);
        return;
    }
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_bool(&w, "ok", verdict.good);
    serve_json_whole(&w, "rows", verdict.head.count);
    put_hash(&w, "head", verdict.head.hash);
    if (!verdict.good) {
        serve_json_whole(&w, "seq", verdict.bad_seq);
        serve_json_text(&w, "detail", verdict.problem);
    }
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static const serve_route routes[] = {
    {"GET", "/api/v1/audit", SERVE_ADMIN, 0, SERVE_PLAIN, get_audit},
    {"GET", "/api/v1/audit/verify", SERVE_ADMIN, 0, SERVE_PLAIN, get_verify},
};
const serve_routes serve_audit_routes = {routes, sizeof routes / sizeof *routes};
