/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/fhir/fhir.h"
#include "serve/hooks/hooks.h"
#include "serve/hooks/trusting.h"
#include "serve/server.h"

#include "store/store.h"

#include <pthread.h>
#include <string.h>
#include <strings.h>

enum {
    KEPT = 8,                   /* answerers that wait for the next request */
    KEPT_BODY_BYTES = 16 << 20, /* one that read a longer body gives its memory back */
    DAY_MS = 86400000
};

struct serve_hooks {
    serve_trusting *trusting; /* requests carry a token of a trusted issuer; NULL: none is asked for */
    pthread_mutex_t lock;     /* guards: */
    bfl_hooks *kept[KEPT];
    size_t kept_count;
};

/* ---- start and stop ---- */

static bool is_local(const char *host) {
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0 || strcmp(host, "[::1]") == 0 ||
           strcmp(host, "localhost") == 0;
}

bfl_status serve_hooks_open(serve_server *server, serve_hooks **out, bfl_error *err) {
    const serve_options *o = &server->options;
    bool reached = o->behind_proxy || !is_local(server->address) || (o->public_url && !is_local(server->place.host));
    *out = NULL;
    if (!o->jwt_trust && reached) return BFL_OK;
    serve_hooks *hooks = SERVE_NEW(server->pool, serve_hooks);
    if (o->jwt_trust) {
        bfl_status status = serve_trusting_open(server->pool, o->jwt_trust, &hooks->trusting, err);
        if (status) return status;
    }
    if (pthread_mutex_init(&hooks->lock, NULL) != 0) serve_pool_fail(server->pool);
    *out = hooks;
    return BFL_OK;
}

void serve_hooks_close(serve_hooks *hooks) {
    if (!hooks) return;
    for (size_t i = 0; i < hooks->kept_count; i++) bfl_hooks_free(hooks->kept[i]);
    serve_trusting_close(hooks->trusting);
    (void)pthread_mutex_destroy(&hooks->lock);
}

/* ---- answers ---- */

static void refuse(serve_call *call, int status, const char *code, const char *text) {
    serve_json w = serve_json_in(call->pool);
    serve_fhir_outcome(&w, code, text);
    serve_reply_json(call, status, &w);
}

/* Whom to trust at this moment; NULL: no tokens are asked for. */
static const serve_trust *trust_of(serve_call *call) {
    serve_trusting *trusting = call->server->hooks->trusting;
    return trusting ? serve_trusting_now(trusting, call->pool, call->now_ms) : NULL;
}

/* ---- pages of other sites ---- */

static bool may_call(serve_call *call, const char *origin) {
    const char *scheme, *host;
    unsigned port;
    const serve_trust *trust = trust_of(call);
    for (size_t i = 0; trust && i < trust->origin_count; i++)
        if (strcasecmp(trust->origins[i], origin) == 0) return true;
    return !trust && serve_parse_origin(call->pool, origin, &scheme, &host, &port) && is_local(host);
}

/* False: it has answered. A server that calls sends no Origin. */
static bool right_origin(serve_call *call) {
    const char *origin = serve_header(call, "Origin");
    serve_reply_header(call, "Vary", "Origin");
    if (!origin) return true;
    if (may_call(call, origin)) {
        serve_reply_header(call, "Access-Control-Allow-Origin", origin);
        return true;
    }
    refuse(call, 403, "forbidden",
           "pages of this origin may not call; \"origins\" in the file of "
           "trusted issuers names those that may");
    return false;
}

/* ---- who calls ---- */

static void refuse_token(serve_call *call, const char *why) {
    serve_reply_header(call, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
    refuse(call, 401, "login", why);
}

/* This one last: a token that is refused for another reason is not used up by
 * it. */
static bool is_first_time(serve_call *call, const serve_trust *trust, const serve_jwt *jwt) {
    const store_by by = {jwt->iss, call->now_ms};
    int64_t until = (jwt->exp_s + trust->leeway_s) * 1000;
    bfl_error err = {0};
    bfl_status status = store_jti_once(call->server->store, &by, jwt->jti, until, &err);
    if (status == BFL_OK) return true;
    if (status == BFL_EEXIST)
        refuse_token(call, "the token was used before");
    else
        refuse(call, 503, "transient", "the token cannot be checked now");
    return false;
}

/* "cds-hooks", or the issuer; NULL: it has answered. */
static const char *who_calls(serve_call *call, const char *const *endpoints) {
    const serve_trust *trust = trust_of(call);
    const char *header = serve_header(call, "Authorization");
    serve_jwt jwt;
    if (!trust) return "cds-hooks";
    if (!header || strncasecmp(header, "Bearer ", 7) != 0) {
        serve_reply_header(call, "WWW-Authenticate", "Bearer");
        refuse(call, 401, "login", "a token is needed: Authorization: Bearer ...");
        return NULL;
    }
    const char *wrong = serve_jwt_read(call->pool, bfl_text_of(header + 7), &jwt);
    if (!wrong) wrong = serve_jwt_check(&jwt, trust, endpoints, call->now_ms);
    if (wrong) {
        refuse_token(call, wrong);
        return NULL;
    }
    return is_first_time(call, trust, &jwt) ? jwt.iss : NULL;
}

/* Everything before the body. `service` is "" for the list of services. NULL:
 * it has answered. */
static const char *admit(serve_call *call, const char *service, bool feedback) {
    if (!call->server->hooks) {
        refuse(call, 404, "not-supported",
               "CDS Hooks are answered to trusted issuers only: start the server "
               "with --jwt-trust");
        return NULL;
    }
    const char *of_service =
        serve_pool_printf(call->pool, "%s/cds-services%s%s", call->server->base, *service ? "/" : "", service);
    const char *own = feedback ? serve_pool_printf(call->pool, "%s/feedback", of_service) : of_service;
    const char *const endpoints[] = {own, of_service, NULL};
    return right_origin(call) ? who_calls(call, endpoints) : NULL;
}

/* ---- answerers: one for each request in progress, kept for the next ---- */

typedef struct lease {
    serve_hooks *owner;
    bfl_hooks *hooks;
    bool keep;
} lease;

static void give_back(void *thing) {
    lease *l = thing;
    serve_hooks *owner = l->owner;
    (void)pthread_mutex_lock(&owner->lock);
    bool kept = l->keep && owner->kept_count < KEPT;
    if (kept) owner->kept[owner->kept_count++] = l->hooks;
    (void)pthread_mutex_unlock(&owner->lock);
    if (!kept) bfl_hooks_free(l->hooks);
}

static bfl_hooks *borrow(serve_call *call) {
    const serve_server *server = call->server;
    serve_hooks *owner = server->hooks;
    const bfl_hooks_options options = {.struct_size = sizeof options,
                                       .body_bytes = (size_t)server->options.upload_mib << 20,
                                       .page_url = server->base};
    lease *l = SERVE_NEW(call->pool, lease);
    *l = (lease){.owner = owner, .keep = call->body.size <= KEPT_BODY_BYTES};
    (void)pthread_mutex_lock(&owner->lock);
    if (owner->kept_count) l->hooks = owner->kept[--owner->kept_count];
    (void)pthread_mutex_unlock(&owner->lock);
    if (!l->hooks && bfl_hooks_open(server->rulebook, &options, &l->hooks, NULL)) serve_pool_fail(call->pool);
    (void)serve_pool_own(call->pool, l, give_back);
    return l->hooks;
}

/* ---- handlers ---- */

static bfl_hooks_request request_of(const serve_call *call) {
    int32_t today = (int32_t)(call->now_ms / DAY_MS);
    return (bfl_hooks_request){.struct_size = sizeof(bfl_hooks_request),
                               .service = call->keys[0],
                               .body = call->body,
                               .has_as_of = true,
                               .as_of = {today, today, BFL_DATE_DAY}};
}

static void get_services(serve_call *call) {
    bfl_hooks_response out;
    if (!admit(call, "", false)) return;
    if (bfl_hooks_discovery(borrow(call), &out, NULL)) serve_pool_fail(call->pool);
    serve_reply(call, 200, "application/json", out.body);
}

static void post_service(serve_call *call) {
    bfl_hooks_response out;
    const bfl_hooks_request request = request_of(call);
    if (!admit(call, call->keys[0], false)) return;
    if (bfl_hooks_call(borrow(call), &request, &out, NULL)) serve_pool_fail(call->pool);
    serve_reply(call, out.http_status, "application/json", out.body);
}

/* The entry again, without anything that was not understood. */
static const char *entry_of(serve_call *call, const bfl_hooks_feedback *f) {
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "card", f->card);
    serve_json_text(&w, "outcome", f->accepted ? "accepted" : "overridden");
    serve_json_open(&w, "acceptedSuggestions", "[");
    for (size_t i = 0; i < f->suggestion_count; i++) serve_json_text(&w, NULL, f->suggestions[i]);
    serve_json_close(&w, "]");
    serve_json_text(&w, "reasonCode", f->reason_code);
    serve_json_text(&w, "reasonSystem", f->reason_system);
    serve_json_text(&w, "reasonDisplay", f->reason_display);
    serve_json_text(&w, "userComment", f->comment);
    serve_json_text(&w, "outcomeTimestamp", f->when);
    serve_json_close(&w, "}");
    return serve_buf_text(&w.out).data;
}

static void post_feedback(serve_call *call) {
    bfl_hooks_response out;
    bfl_hooks_feedbacks read;
    const bfl_hooks_request request = request_of(call);
    const char *who = admit(call, call->keys[0], true);
    if (!who) return;
    if (bfl_hooks_feedback_read(borrow(call), &request, &read, &out, NULL)) serve_pool_fail(call->pool);
    if (out.http_status != 200) {
        serve_reply(call, out.http_status, "application/json", out.body);
        return;
    }
    for (size_t i = 0; i < read.count; i++) {
        const bfl_hooks_feedback *f = &read.items[i];
        const store_by by = {who, call->now_ms};
        const store_feedback row = {call->keys[0], f->card, f->accepted ? "accepted" : "overridden", entry_of(call, f),
                                    0};
        bfl_error err = {0};
        if (store_feedback_put(call->server->store, &by, &row, &err)) {
            refuse(call, 503, "transient", "the feedback cannot be kept now; send it again");
            return;
        }
    }
    serve_reply(call, 200, "application/json", bfl_text_of("{}"));
}

/* Before a browser lets a page of another site send what a form could not. */
static void preflight(serve_call *call) {
    if (!call->server->hooks) {
        refuse(call, 404, "not-supported", "CDS Hooks are not answered here");
        return;
    }
    if (!right_origin(call)) return;
    serve_reply_header(call, "Access-Control-Allow-Methods", "GET, POST");
    serve_reply_header(call, "Access-Control-Allow-Headers", "Authorization, Content-Type");
    serve_reply_header(call, "Access-Control-Max-Age", "600");
    serve_reply_nothing(call, 204);
}

enum { OPEN = SERVE_NO_SESSION | SERVE_CORS };

static const serve_route routes[] = {
    {"GET", "/cds-services", SERVE_ANYONE, 0, OPEN, get_services},
    {"POST", "/cds-services/{id}", SERVE_ANYONE, SERVE_UPLOAD, OPEN, post_service},
    {"POST", "/cds-services/{id}/feedback", SERVE_ANYONE, SERVE_MEDIUM, OPEN, post_feedback},
    {"OPTIONS", "/cds-services", SERVE_ANYONE, 0, OPEN, preflight},
    {"OPTIONS", "/cds-services/{id}", SERVE_ANYONE, 0, OPEN, preflight},
    {"OPTIONS", "/cds-services/{id}/feedback", SERVE_ANYONE, 0, OPEN, preflight},
};
const serve_routes serve_hooks_routes = {routes, sizeof routes / sizeof *routes};
