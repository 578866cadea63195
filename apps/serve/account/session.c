/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: a random token in a cookie, its hash in the store. */
#include "serve/account/account.h"
#include "serve/keep.h"
#include "serve/server.h"

#include <sodium.h>
#include <string.h>

enum { TOUCH_MS = 60 * 1000, MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

static const serve_limit login_user = {"login user", 10, 60 * 1000}, login_address = {"login address", 30, 20 * 1000};

bool serve_account_same(const char *a, const char *b) {
    size_t size = strlen(b);
    return strlen(a) == size && sodium_memcmp(a, b, size) == 0;
}

static void too_often(serve_call *call, int64_t wait_ms, const char *detail) {
    serve_problem(call, 429, "too-often", detail, "Wait as long as Retry-After says, then try again.");
    serve_reply_header(call, "Retry-After", serve_pool_printf(call->pool, "%lld", (long long)(wait_ms / 1000 + 1)));
}

/* A proxy on this machine brings everybody's requests: only with its word about the client may they be told apart. */
bool serve_account_rate(serve_call *call) {
    const serve_server *s = call->server;
    bool local = strncmp(call->address, "127.", 4) == 0 || strcmp(call->address, "::1") == 0;
    if (local && !s->options.rate) return true;
    enum { USUAL = 100, SECONDS = 2 };
    int64_t rate = s->options.rate ? (int64_t)s->options.rate : USUAL;
    const serve_limit limit = {"request", rate * SECONDS, 1000 / rate > 0 ? 1000 / rate : 1};
    int64_t wait = serve_limits_take(s->limits, &limit, call->address, call->now_ms, 1);
    if (!wait) return true;
    too_often(call, wait, "This address asks too often.");
    return false;
}

/* ---- the session of a request ---- */

/* Users come through TLS: a proxy on this machine, or the public address, says so. */
static bool is_secure(const serve_call *call) {
    return call->server->options.behind_proxy ||
           (call->server->options.public_url && strcmp(call->server->place.scheme, "https") == 0);
}

static const char *cookie_name(const serve_call *call) { return is_secure(call) ? "__Host-boneflare" : "boneflare"; }

static void set_cookie(serve_call *call, const char *token, int64_t seconds) {
    const char *secure = is_secure(call) ? "; Secure" : "";
    serve_reply_header(call, "Set-Cookie",
                       serve_pool_printf(call->pool, "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
                                         cookie_name(call), token, (long long)seconds, secure));
}

static void be_demo(serve_call *call) {
    char *csrf = serve_pool_alloc(call->pool, 2 * SERVE_SECRET_BYTES + 1, 1);
    (void)sodium_bin2hex(csrf, 2 * SERVE_SECRET_BYTES + 1, call->server->secret, SERVE_SECRET_BYTES);
    call->user = "demo";
    call->role = SERVE_REVIEWER;
    call->csrf = csrf;
}

static int64_t idle_end(const serve_server *s, int64_t now, int64_t created) {
    int64_t idle = now + (int64_t)s->options.idle_minutes * MINUTE_MS;
    int64_t last = created + (int64_t)s->options.session_hours * HOUR_MS;
    return idle < last ? idle : last;
}

bool serve_account_find(serve_call *call) {
    const serve_server *s = call->server;
    if (s->options.demo) {
        be_demo(call);
        return true;
    }
    const char *header = serve_header(call, "Cookie");
    const char *token = header ? serve_parse_cookie(call->pool, header, cookie_name(call)) : NULL;
    if (!token) return true;
    uint8_t hash[STORE_HASH_BYTES];
    store_session *session = NULL;
    bfl_error err = {0};
    serve_token_hash(token, hash);
    bfl_status status = store_session_get(s->store, hash, call->now_ms, &session, &err);
    if (status == BFL_ENOTFOUND) return true;
    if (status) {
        serve_failed(call, status, &err);
        return false;
    }
    (void)serve_keep(call, session);
    call->user = session->user;
    call->csrf = session->csrf;
    call->session = token;
    if (!serve_role_of(session->role, &call->role)) call->role = SERVE_ANYONE;
    if (call->now_ms - session->seen_ms > TOUCH_MS &&
        store_session_touch(s->store, hash, call->now_ms, idle_end(s, call->now_ms, session->created_ms), &err) !=
            BFL_OK)
        serve_log(s, "a session could not be prolonged", &err);
    return true;
}

bool serve_session_begin(serve_call *call, const char *user) {
    const serve_server *s = call->server;
    char *token = serve_token_new(call->pool), *csrf = serve_token_new(call->pool);
    store_session session = {.user = user, .csrf = csrf, .created_ms = call->now_ms, .seen_ms = call->now_ms};
    session.expires_ms = idle_end(s, call->now_ms, call->now_ms);
    serve_token_hash(token, session.token);
    bfl_error err = {0};
    const store_by by = {user, call->now_ms};
    bfl_status status = store_session_put(s->store, &by, &session, &err);
    store_session *kept = NULL;
    if (!status) status = store_session_get(s->store, session.token, call->now_ms, &kept, &err);
    if (status) {
        serve_failed(call, status, &err);
        return false;
    }
    (void)serve_keep(call, kept);
    call->user = kept->user;
    call->csrf = kept->csrf;
    if (!serve_role_of(kept->role, &call->role)) call->role = SERVE_ANYONE;
    set_cookie(call, token, (int64_t)s->options.session_hours * 3600);
    return true;
}

void serve_session_reply(serve_call *call, int status) {
    const serve_server *s = call->server;
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "user", call->user);
    serve_json_text(&w, "role", serve_role_word(call->role));
    serve_json_text(&w, "csrf", call->csrf);
    serve_json_bool(&w, "demo", s->options.demo);
    serve_json_text(&w, "version", bfl_version());
    serve_json_text(&w, "rulebook", bfl_rulebook_version(s->rulebook));
    serve_json_text(&w, "rulebook_sha256", bfl_rulebook_sha256(s->rulebook));
    serve_json_close(&w, "}");
    serve_reply_json(call, status, &w);
}

/* ---- routes ---- */

static void get_session(serve_call *call) { serve_session_reply(call, 200); }

/* Milliseconds until somebody may try again; takes `tokens` of the name and of the address. */
static int64_t login_wait(const serve_call *call, const char *name, int64_t tokens) {
    serve_limits *limits = call->server->limits;
    int64_t user = serve_limits_take(limits, &login_user, name, call->now_ms, tokens);
    int64_t address = serve_limits_take(limits, &login_address, call->address, call->now_ms, tokens);
    return user > address ? user : address;
}

static bool may_try(serve_call *call, const char *name) {
    int64_t wait = login_wait(call, name, 0);
    if (wait) too_often(call, wait, "Too many wrong passwords were tried.");
    return wait == 0;
}

/* The same answer, after the same work, for an unknown user, a disabled one and a wrong password. */
static void refuse_sign_in(serve_call *call, const char *name) {
    const store_by by = {"sign-in", call->now_ms};
    bfl_error err = {0};
    (void)login_wait(call, name, 1);
    if (store_audit_note(call->server->store, &by, "login.failed", "", &err) != BFL_OK)
        serve_log(call->server, "a failed sign-in could not be noted", &err);
    serve_problem(call, 401, "wrong-password", "The name or the password is wrong.",
                  "Try again, or ask an administrator for a new password.");
}

static void post_session(serve_call *call) {
    const serve_server *s = call->server;
    if (s->options.demo) {
        serve_problem(call, 409, "demo", "The demonstration has no accounts: you are signed in as demo.",
                      "Go on as demo.");
        return;
    }
    const json_t *body = serve_body_object(call);
    const char *name = body ? serve_needed(call, body, "name", SERVE_NAME_MOST) : NULL;
    const char *password = name ? serve_needed(call, body, "password", SERVE_PASSWORD_MOST) : NULL;
    if (!password || !may_try(call, name)) return;
    store_user *user = NULL;
    bfl_error err = {0};
    bfl_status status = store_user_get(s->store, name, &user, &err);
    if (status && status != BFL_ENOTFOUND) {
        serve_failed(call, status, &err);
        return;
    }
    if (user) (void)serve_keep(call, user);
    bool busy = false, may = user && !user->disabled;
    bool right = serve_password_right(call, password, user ? user->password_hash : NULL, &busy);
    if (busy) return;
    if (!right || !may)
        refuse_sign_in(call, name);
    else if (serve_session_begin(call, user->name))
        serve_session_reply(call, 201);
}

static void delete_session(serve_call *call) {
    const serve_server *s = call->server;
    uint8_t hash[STORE_HASH_BYTES];
    bfl_error err = {0};
    const store_by by = {call->user, call->now_ms};
    if (!s->options.demo) {
        serve_token_hash(call->session, hash);
        bfl_status status = store_session_delete(s->store, &by, hash, &err);
        if (status) {
            serve_failed(call, status, &err);
            return;
        }
        set_cookie(call, "", 0);
    }
    serve_reply_nothing(call, 204);
}

static const serve_route routes[] = {
    {"GET", "/api/v1/session", SERVE_READER, 0, SERVE_PLAIN, get_session},
    {"POST", "/api/v1/session", SERVE_ANYONE, SERVE_SMALL, SERVE_NO_SESSION, post_session},
    {"DELETE", "/api/v1/session", SERVE_READER, 0, SERVE_PLAIN, delete_session},
};
const serve_routes serve_session_routes = {routes, sizeof routes / sizeof *routes};
