/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/account/account.h"
#include "serve/server.h"

#include <sodium.h>
#include <string.h>

bool serve_account_same(const char *a, const char *b) {
    size_t size = strlen(b);
    return strlen(a) == size && sodium_memcmp(a, b, size) == 0;
}

bool serve_account_rate(serve_call *call) {
    (void)call;
    return true;
}

bool serve_account_find(serve_call *call) {
    if (!call->server->options.demo) return true;
    char *csrf = serve_pool_alloc(call->pool, 2 * SERVE_SECRET_BYTES + 1, 1);
    (void)sodium_bin2hex(csrf, 2 * SERVE_SECRET_BYTES + 1, call->server->secret, SERVE_SECRET_BYTES);
    call->user = "demo";
    call->role = SERVE_REVIEWER;
    call->csrf = csrf;
    return true;
}

static void get_session(serve_call *call) {
    const serve_server *s = call->server;
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "user", *call->user ? call->user : NULL);
    serve_json_text(&w, "role", *call->user ? serve_role_word(call->role) : NULL);
    serve_json_text(&w, "csrf", *call->csrf ? call->csrf : NULL);
    serve_json_bool(&w, "demo", s->options.demo);
    serve_json_text(&w, "version", bfl_version());
    serve_json_open(&w, "rulebook", "{");
    serve_json_text(&w, "version", bfl_rulebook_version(s->rulebook));
    serve_json_text(&w, "sha256", bfl_rulebook_sha256(s->rulebook));
    serve_json_close(&w, "}");
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static const serve_route routes[] = {
    {"GET", "/api/v1/session", SERVE_ANYONE, 0, SERVE_PLAIN, get_session},
};
const serve_routes serve_session_routes = {routes, sizeof routes / sizeof *routes};
