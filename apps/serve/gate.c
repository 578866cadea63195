/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/gate.h"
#include "serve/account/account.h"
#include "serve/account/reading.h"
#include "serve/http/route.h"
#include "serve/server.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { HTTP_PORT = 80, HTTPS_PORT = 443 };

static bool is_safe(const char *method) {
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "OPTIONS") == 0;
}

/* ---- the right server, the right site ---- */

/* A name that leads to this machine without being ours is somebody's trick (DNS rebinding). */
static bool right_host(serve_call *call, const char **host, unsigned *port) {
    const serve_server *s = call->server;
    const char *header = serve_header(call, "Host");
    if (header && serve_parse_host(call->pool, header, host, port))
        for (size_t i = 0; i < s->host_count; i++)
            if (strcmp(s->hosts[i], *host) == 0) return true;
    serve_problem(call, 421, "wrong-host", "The Host header does not name this server.",
                  "Use the address that the server printed, or start it with --public-url or --allow-host.");
    return false;
}

static unsigned usual_port(const char *scheme) { return strcmp(scheme, "https") == 0 ? HTTPS_PORT : HTTP_PORT; }

static bool own_origin(serve_call *call, const char *origin, const char *host, unsigned port) {
    const serve_place *place = &call->server->place;
    const char *scheme, *name;
    unsigned number;
    if (!place->scheme || !serve_parse_origin(call->pool, origin, &scheme, &name, &number)) return false;
    if (!number) number = usual_port(scheme);
    if (strcmp(scheme, place->scheme) == 0 && strcmp(name, place->host) == 0 && number == place->port) return true;
    const char *own = call->secure ? "https" : "http";
    return strcmp(scheme, own) == 0 && strcmp(name, host) == 0 && number == (port ? port : usual_port(own));
}

/* What another site's page makes a browser send is refused, whatever cookies come with it. */
static bool right_site(serve_call *call, const char *host, unsigned port) {
    const char *origin = serve_header(call, "Origin"), *site = serve_header(call, "Sec-Fetch-Site");
    if (call->route->flags & SERVE_CORS) return true;
    bool strict = !is_safe(call->method) || serve_is_interface(call->target.path);
    bool other = site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
    if ((!origin || own_origin(call, origin, host, port)) && !(strict && other)) return true;
    serve_problem(call, 403, "other-site", "The request comes from a page of another site.",
                  "Open the page of this server itself, or start it with --public-url.");
    return false;
}

/* ---- a route ---- */

static bool right_route(serve_call *call) {
    const char *allow;
    call->route = serve_route_find(call, call->method, &allow);
    if (call->route) return true;
    if (*allow) {
        serve_problem(call, 405, "wrong-method", serve_pool_printf(call->pool, "This path takes %s.", allow),
                      "The description of the interface is at /api/v1/openapi.json.");
        serve_reply_header(call, "Allow", allow);
    } else {
        serve_problem(call, 404, "no-such-path", "There is nothing at this path.",
                      "The description of the interface is at /api/v1/openapi.json.");
    }
    return false;
}

/* ---- a user, a token, a type ---- */

static bool right_role(serve_call *call) {
    if (call->role >= call->route->least) return true;
    if (!*call->user) {
        serve_problem(call, 401, "not-signed-in", "This needs a user who is signed in.", "Sign in and try again.");
        return false;
    }
    const char *needed = serve_role_word(call->route->least);
    serve_problem(call, 403, "role", serve_pool_printf(call->pool, "This needs the role %s.", needed),
                  "Ask an administrator for the role, or sign in as another user.");
    return false;
}

static bool right_token(serve_call *call) {
    if (is_safe(call->method) || (call->route->flags & SERVE_NO_SESSION)) return true;
    const char *token = serve_header(call, "X-CSRF-Token");
    if (token && *call->csrf && serve_account_same(token, call->csrf)) return true;
    serve_problem(call, 403, "csrf", "The X-CSRF-Token header is missing or is not that of this session.",
                  "Take the token from GET /api/v1/session and send it with every write.");
    return false;
}

static bool is_json(const char *type) {
    return type && strncasecmp(type, "application/json", 16) == 0 &&
           (type[16] == '\0' || type[16] == ';' || type[16] == ' ');
}

/* A form of another site can send text/plain, never application/json. */
static bool right_type(serve_call *call) {
    const char *length = serve_header(call, "Content-Length");
    bool body = (length && strcmp(length, "0") != 0) || serve_header(call, "Transfer-Encoding");
    if (call->route->body == 0 || call->route->flags & SERVE_ANY_TYPE) return true;
    if (!body || is_json(serve_header(call, "Content-Type"))) return true;
    serve_problem(call, 415, "wrong-type", "The body must be JSON.", "Send Content-Type: application/json.");
    return false;
}

/* ---- the answer's headers ---- */

static void protect(serve_call *call) {
    serve_reply_header(call, "X-Content-Type-Options", "nosniff");
    serve_reply_header(call, "X-Frame-Options", "DENY");
    serve_reply_header(call, "Referrer-Policy", "no-referrer");
    serve_reply_header(call, "Cross-Origin-Opener-Policy", "same-origin");
    serve_reply_header(call, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    if (!call->route || !(call->route->flags & SERVE_CORS))
        serve_reply_header(call, "Cross-Origin-Resource-Policy", "same-origin");
    if (call->secure) serve_reply_header(call, "Strict-Transport-Security", "max-age=31536000");
    if (!call->target.path || serve_is_interface(call->target.path))
        serve_reply_header(call, "Cache-Control", "no-store");
}

/* A report brings its own style and nothing else; the page may load what this server gives. */
static void restrict_content(serve_call *call) {
    bool report = call->type && strncmp(call->type, "text/html", 9) == 0 && call->target.path &&
                  serve_is_interface(call->target.path);
    serve_reply_header(
        call, "Content-Security-Policy",
        report ? "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
                 "base-uri 'none'; form-action 'none'; sandbox allow-modals"
               : "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src "
                 "'self'; connect-src 'self'; manifest-src 'self'; frame-src 'self'; frame-ancestors "
                 "'none'; base-uri 'none'; form-action 'self'");
}

/* ---- the whole ---- */

static bool is_address(const char *text) {
    unsigned char bytes[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

static void believe_proxy(serve_call *call) {
    bool local = strncmp(call->address, "127.", 4) == 0 || strcmp(call->address, "::1") == 0;
    if (!call->server->options.behind_proxy || !local) return;
    const char *forwarded = serve_header(call, "X-Forwarded-For"), *proto = serve_header(call, "X-Forwarded-Proto");
    call->secure = proto && strcmp(proto, "https") == 0;
    const char *last = forwarded ? strrchr(forwarded, ',') : NULL; /* what the proxy itself added */
    last = last ? last + 1 : forwarded;
    if (last) last += strspn(last, " ");
    if (last && is_address(last)) call->address = last; /* it goes to the log, and is counted by */
}

static bool admitted(serve_call *call, size_t *limit) {
    const char *host;
    unsigned port;
    if (!right_host(call, &host, &port) || !right_route(call) || !right_site(call, host, port)) return false;
    if (!serve_account_rate(call)) return false;
    /* What is for anybody is given without asking the store who it is: the page is there when the store is not. */
    if (call->route->least != SERVE_ANYONE && !serve_account_find(call)) return false;
    if (!(call->route->flags & SERVE_NO_SESSION) && (!right_role(call) || !right_token(call))) return false;
    if (!right_type(call)) return false;
    size_t upload = (size_t)call->server->options.upload_mib << 20;
    *limit = call->route->body == SERVE_UPLOAD ? upload : (size_t)call->route->body;
    return true;
}

void serve_admit(serve_call *call, size_t *limit) {
    *limit = 0;
    believe_proxy(call);
    (void)admitted(call, limit);
}

void serve_work_call(serve_call *call) {
    call->route->handle(call);
    serve_reading_note(call);
}

void serve_dress(serve_call *call) {
    protect(call);
    restrict_content(call);
}
