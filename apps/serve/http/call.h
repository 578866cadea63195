/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One request and its answer, as a handler sees it. A handler runs on a worker thread inside serve_pool_run() of the call's pool:
 * what it allocates, and what it gives to serve_pool_own(), lives until the answer is sent. It calls one of serve_reply_...() or
 * serve_problem...() and returns; the last call counts.
 */
#ifndef SERVE_HTTP_CALL_H
#define SERVE_HTTP_CALL_H

#include "serve/http/json.h"
#include "serve/http/parse.h"

#include <jansson.h>

/* Who may call a route: a user with this role or a higher one. */
typedef enum serve_role {
    SERVE_ANYONE, /* also without a session; the handler decides */
    SERVE_READER,
    SERVE_REVIEWER,
    SERVE_ADMIN
} serve_role;

/* "reader", "reviewer", "admin"; "" for anyone. */
const char *serve_role_word(serve_role role);
bool serve_role_of(const char *word, serve_role *out);

typedef struct serve_server serve_server; /* serve/server.h: store, rulebook, options */
typedef struct serve_route serve_route;
typedef struct serve_events serve_events;

enum { SERVE_KEYS = 4 };

typedef struct serve_call {
    serve_server *server;
    serve_pool *pool;
    const serve_route *route;
    const char *method;
    serve_target target;
    const char *keys[SERVE_KEYS]; /* what stands for each {name} of the pattern, in its order */
    const serve_pair *headers;    /* as received, names as written */
    size_t header_count;
    const char *address; /* of the client; behind a trusted proxy the one that the proxy names */
    bool secure;         /* came through TLS (of the proxy) */
    int64_t now_ms;      /* when it came, milliseconds since 1970 */
    bfl_text body;       /* NUL-terminated; empty when the route takes none */

    const char *user; /* "" without a session */
    serve_role role;
    const char *session; /* the token that came in the cookie; "" */
    const char *csrf;    /* what X-CSRF-Token must be; "" without a session */

    const char *reads,
        *reads_whom; /* what of patients the answer shows, for the audit log (account/reading.h); NULL: nothing */

    int status;
    const char *type; /* of the reply */
    bfl_text reply;
    serve_pair reply_headers[24];
    size_t reply_header_count;
    serve_events *events; /* the reply is a stream of these events */
} serve_call;

/* ---- what was asked ---- */

/* The first header of that name (any case); NULL when there is none. */
const char *serve_header(const serve_call *call, const char *name);
/* The value of a query parameter; NULL when it is not there. */
const char *serve_query(const serve_call *call, const char *name);
/* The JSON object that the body must be; on failure answers 400 and returns NULL. */
const json_t *serve_body_object(serve_call *call);
/* A text member of an object: NULL when it is missing; not a text, or longer than `most` bytes: answers 422, sets *bad. */
const char *serve_member(serve_call *call, const json_t *object, const char *key, size_t most, bool *bad);
/* The same when it must be there and not be empty: answers 422 and returns NULL. */
const char *serve_needed(serve_call *call, const json_t *object, const char *key, size_t most);

/* ---- what is answered ---- */

void serve_reply(serve_call *call, int status, const char *type, bfl_text bytes);
void serve_reply_json(serve_call *call, int status, const serve_json *json);
/* 204, or 304. */
void serve_reply_nothing(serve_call *call, int status);
void serve_reply_header(serve_call *call, const char *name, const char *value);
/* application/problem+json (RFC 9457). `code` is stable and ends the type's URI ("version-conflict"); `detail` says what is wrong
 * without anything of the server's inside or of a patient, `hint` what to do. */
void serve_problem(serve_call *call, int status, const char *code, const char *detail, const char *hint);
/* The same with further members, already written as JSON: "\"version\":7". */
void serve_problem_with(serve_call *call, int status, const char *code, const char *detail, const char *hint,
                        const char *members);
/* What the library or the store said. The message is shown only when it speaks of what the caller sent (422, 400, 404, 409);
 * otherwise it goes to the log. */
void serve_problem_of(serve_call *call, bfl_status status, const bfl_error *err);

/* The reason phrase of a status. */
const char *serve_status_text(int status);

#endif
