/* SPDX-License-Identifier: Apache-2.0 */
/* Users: an administrator makes them, changes their role, shuts them out; the first one comes from a one-time link. */
#include "serve/account/account.h"
#include "serve/keep.h"
#include "serve/server.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

enum { LINK_HOURS = 1, HOUR = 60 * 60 * 1000 };

/* ---- the first administrator ---- */

bfl_status serve_setup_offer(serve_server *server, bfl_error *err) {
    store_users *users = NULL;
    bfl_status status = store_user_list(server->store, &users, err);
    if (status) return status;
    bool empty = users->count == 0;
    store_free(users);
    if (!empty) return BFL_OK;
    const int64_t now = serve_now_ms();
    const store_by by = {"start", now};
    char *text = serve_token_new(server->pool);
    store_token token = {.purpose = "setup", .subject = "admin", .expires_ms = now + LINK_HOURS * HOUR};
    serve_token_hash(text, token.token);
    status = store_token_put(server->store, &by, &token, err);
    if (status) return status;
    (void)fprintf(server->options.out,
                  "There is no user yet. Open this link within an hour; it works once:\n%s/#/setup?token=%s\n",
                  server->base, text);
    return BFL_OK;
}

/* Letters, digits and .-_@, so that a name reads the same everywhere; none under which the server itself stands in the audit log. */
static bool good_name(serve_call *call, const char *name) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@";
    static const char *const own[] = {"store", "start", "sign-in", "cds-hooks", "demo", "boneflare"};
    bool good = strspn(name, allowed) == strlen(name);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) good = good && strcasecmp(own[i], name) != 0;
    if (!good)
        serve_problem(call, 422, "bad-name",
                      "A name has letters, digits and . - _ @ only, and is not one of the server's own.",
                      "Choose another name.");
    return good;
}

/* There was nobody when the link was printed; since then another link was used. */
static void refuse_link(serve_call *call) {
    serve_problem(call, 403, "bad-link", "The link is not known, was used, or is too old.",
                  "Start the server again: while there is no user it prints a new link.");
}

static bool create_first(serve_call *call, const char *name, const char *password) {
    const char *hash = serve_password_hash(call, password);
    if (!hash) return false;
    const store_by by = {name, call->now_ms};
    const store_user user = {.name = name, .role = "admin", .password_hash = hash, .created_ms = call->now_ms};
    bfl_error err = {0};
    bfl_status status = store_user_create_first(call->server->store, &by, &user, &err);
    if (status == BFL_EEXIST)
        refuse_link(call);
    else if (status)
        serve_failed(call, status, &err);
    return status == BFL_OK;
}

static bool create(serve_call *call, const char *who, const char *name, const char *password, const char *role) {
    const char *hash = serve_password_hash(call, password);
    if (!hash) return false;
    const store_by by = {who, call->now_ms};
    const store_user user = {.name = name, .role = role, .password_hash = hash, .created_ms = call->now_ms};
    bfl_error err = {0};
    bfl_status status = store_user_create(call->server->store, &by, &user, &err);
    if (status == BFL_EEXIST)
        serve_problem(call, 409, "name-taken", "There is a user of that name.", "Choose another name.");
    else if (status)
        serve_failed(call, status, &err);
    return status == BFL_OK;
}

/* The password is looked at before the link is used up, so that a weak one does not cost the link. */
static void post_setup(serve_call *call) {
    const json_t *body = serve_body_object(call);
    const char *token = body ? serve_needed(call, body, "token", SERVE_NAME_MOST) : NULL;
    const char *name = token ? serve_needed(call, body, "name", SERVE_NAME_MOST) : NULL;
    const char *password = name ? serve_needed(call, body, "password", SERVE_PASSWORD_MOST) : NULL;
    if (!password || !good_name(call, name)) return;
    if (strlen(password) < SERVE_PASSWORD_LEAST) {
        (void)serve_password_hash(call, password);
        return;
    }
    uint8_t hash[STORE_HASH_BYTES];
    store_token *taken = NULL;
    bfl_error err = {0};
    const store_by by = {name, call->now_ms};
    serve_token_hash(token, hash);
    bfl_status status = store_token_take(call->server->store, &by, hash, "setup", &taken, &err);
    if (status == BFL_ENOTFOUND) {
        refuse_link(call);
    } else if (status) {
        serve_failed(call, status, &err);
    } else {
        (void)serve_keep(call, taken);
        if (create_first(call, name, password) && serve_session_begin(call, name)) serve_session_reply(call, 201);
    }
}

/* ---- users ---- */

static void put_user(serve_json *w, const store_user *user) {
    serve_json_open(w, NULL, "{");
    serve_json_text(w, "name", user->name);
    serve_json_text(w, "role", user->role);
    serve_json_bool(w, "disabled", user->disabled);
    serve_json_text(w, "created", serve_time_text(w->out.pool, user->created_ms));
    serve_json_close(w, "}");
}

static void get_users(serve_call *call) {
    store_users *users = NULL;
    bfl_error err = {0};
    bfl_status status = store_user_list(call->server->store, &users, &err);
    if (status) {
        serve_failed(call, status, &err);
        return;
    }
    (void)serve_keep(call, users);
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_open(&w, "users", "[");
    for (size_t i = 0; i < users->count; i++) put_user(&w, &users->items[i]);
    serve_json_close(&w, "]");
    serve_json_close(&w, "}");
    serve_reply_json(call, 200, &w);
}

static void reply_user(serve_call *call, int status, const char *name) {
    store_user *user = NULL;
    bfl_error err = {0};
    bfl_status got = store_user_get(call->server->store, name, &user, &err);
    if (got) {
        serve_failed(call, got, &err);
        return;
    }
    (void)serve_keep(call, user);
    serve_json w = serve_json_in(call->pool);
    put_user(&w, user);
    serve_reply_json(call, status, &w);
}

/* NULL and *bad = false: not given. */
static const char *role_member(serve_call *call, const json_t *body, bool *bad) {
    serve_role role;
    const char *word = serve_member(call, body, "role", SERVE_NAME_MOST, bad);
    if (!word || serve_role_of(word, &role)) return word;
    *bad = true;
    serve_problem(call, 422, "bad-role", "A role is reader, reviewer or admin.", "Choose one of the three.");
    return NULL;
}

static void post_user(serve_call *call) {
    bool bad = false;
    const json_t *body = serve_body_object(call);
    const char *name = body ? serve_needed(call, body, "name", SERVE_NAME_MOST) : NULL;
    const char *password = name ? serve_needed(call, body, "password", SERVE_PASSWORD_MOST) : NULL;
    const char *role = password ? role_member(call, body, &bad) : NULL;
    if (!password || bad || !good_name(call, name)) return;
    if (create(call, call->user, name, password, role ? role : "reader")) reply_user(call, 201, name);
}

static void patch_user(serve_call *call) {
    bool bad = false;
    const json_t *body = serve_body_object(call);
    if (!body) return;
    store_user_change change = {.role = role_member(call, body, &bad)};
    const char *password = bad ? NULL : serve_member(call, body, "password", SERVE_PASSWORD_MOST, &bad);
    const json_t *disabled = json_object_get(body, "disabled");
    if (!bad && disabled && !json_is_boolean(disabled)) {
        bad = true;
        serve_problem(call, 422, "bad-member", "\"disabled\" must be true or false.", "Correct it and send it again.");
    }
    if (bad || (password && !(change.password_hash = serve_password_hash(call, password)))) return;
    change.set_disabled = disabled != NULL;
    change.disabled = json_is_true(disabled);
    bfl_error err = {0};
    const store_by by = {call->user, call->now_ms};
    bfl_status status = store_user_change_put(call->server->store, &by, call->keys[0], &change, &err);
    if (status == BFL_EINVAL)
        serve_problem(call, 409, "last-admin", "Nobody would be left who may change users.",
                      "Make another administrator first.");
    else if (status)
        serve_failed(call, status, &err);
    else
        reply_user(call, 200, call->keys[0]);
}

static const serve_route routes[] = {
    {"POST", "/api/v1/setup", SERVE_ANYONE, SERVE_SMALL, SERVE_NO_SESSION, post_setup},
    {"GET", "/api/v1/users", SERVE_ADMIN, 0, SERVE_PLAIN, get_users},
    {"POST", "/api/v1/users", SERVE_ADMIN, SERVE_SMALL, SERVE_PLAIN, post_user},
    {"PATCH", "/api/v1/users/{name}", SERVE_ADMIN, SERVE_SMALL, SERVE_PLAIN, patch_user},
};
const serve_routes serve_user_routes = {routes, sizeof routes / sizeof *routes};
