/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/call.h"

#include <string.h>
#include <strings.h>

/* ---- roles ---- */

static const char *const roles[] = {"", "reader", "reviewer", "admin"};

const char *serve_role_word(serve_role role) { return roles[role]; }

bool serve_role_of(const char *word, serve_role *out) {
    for (int i = SERVE_READER; i <= SERVE_ADMIN; i++)
        if (strcmp(word, roles[i]) == 0) {
            *out = (serve_role)i;
            return true;
        }
    return false;
}

/* ---- what was asked ---- */

const char *serve_header(const serve_call *call, const char *name) {
    for (size_t i = 0; i < call->header_count; i++)
        if (strcasecmp(call->headers[i].name, name) == 0) return call->headers[i].value;
    return NULL;
}

const char *serve_query(const serve_call *call, const char *name) {
    for (size_t i = 0; i < call->target.query_count; i++)
        if (strcmp(call->target.query[i].name, name) == 0) return call->target.query[i].value;
    return NULL;
}

static void release_json(void *thing) { json_decref(thing); }

const json_t *serve_body_object(serve_call *call) {
    json_error_t error;
    json_t *body = json_loadb(call->body.data, call->body.size, JSON_REJECT_DUPLICATES, &error);
    if (!body) {
        serve_problem(
            call, 400, "not-json",
            serve_pool_printf(call->pool, "The body is not JSON: line %d, column %d.", error.line, error.column),
            "Send a JSON object with Content-Type: application/json.");
        return NULL;
    }
    (void)serve_pool_own(call->pool, body, release_json);
    if (json_is_object(body)) return body;
    serve_problem(call, 400, "not-an-object", "The body is JSON, and not an object.", "Send a JSON object.");
    return NULL;
}

const char *serve_member(serve_call *call, const json_t *object, const char *key, size_t most, bool *bad) {
    const json_t *member = json_object_get(object, key);
    if (!member || json_is_null(member)) return NULL;
    if (json_is_string(member) && json_string_length(member) <= most) return json_string_value(member);
    *bad = true;
    serve_problem(call, 422, "bad-member",
                  serve_pool_printf(call->pool, "\"%s\" must be a text of at most %zu bytes.", key, most),
                  "The description of the interface is at /api/v1/openapi.json.");
    return NULL;
}

const char *serve_needed(serve_call *call, const json_t *object, const char *key, size_t most) {
    bool bad = false;
    const char *text = serve_member(call, object, key, most, &bad);
    if (text && *text) return text;
    if (!bad)
        serve_problem(call, 422, "missing-member", serve_pool_printf(call->pool, "\"%s\" is missing.", key),
                      "The description of the interface is at /api/v1/openapi.json.");
    return NULL;
}

/* ---- what is answered ---- */

void serve_reply(serve_call *call, int status, const char *type, bfl_text bytes) {
    call->status = status;
    call->type = type;
    call->reply = bytes;
}

void serve_reply_json(serve_call *call, int status, const serve_json *json) {
    serve_reply(call, status, "application/json", serve_buf_text(&json->out));
}

void serve_reply_nothing(serve_call *call, int status) { serve_reply(call, status, NULL, (bfl_text){"", 0}); }

void serve_reply_header(serve_call *call, const char *name, const char *value) {
    if (call->reply_header_count < sizeof call->reply_headers / sizeof *call->reply_headers)
        call->reply_headers[call->reply_header_count++] = (serve_pair){name, value};
}

const char *serve_status_text(int status) {
    static const struct {
        int status;
        const char *text;
    } texts[] = {
        {400, "Bad request"},
        {401, "Not signed in"},
        {403, "Not allowed"},
        {404, "Not found"},
        {405, "Method not allowed"},
        {406, "Not acceptable"},
        {408, "Too slow"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length needed"},
        {412, "Precondition failed"},
        {413, "Too large"},
        {415, "Type not taken"},
        {421, "Not this server"},
        {422, "Not usable"},
        {429, "Too many requests"},
        {431, "Headers too large"},
        {500, "Defect in the server"},
        {501, "Not available here"},
        {503, "Busy"},
        {507, "No space left"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].status == status) return texts[i].text;
    return "Problem";
}

void serve_problem_with(serve_call *call, int status, const char *code, const char *detail, const char *hint,
                        const char *members) {
    serve_json w = serve_json_in(call->pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "type", serve_pool_printf(call->pool, "urn:boneflare:problem:%s", code));
    serve_json_text(&w, "title", serve_status_text(status));
    serve_json_whole(&w, "status", status);
    serve_json_text(&w, "detail", detail);
    serve_json_text(&w, "hint", hint);
    if (*members) serve_buf_printf(&w.out, ",%s", members);
    serve_json_close(&w, "}");
    call->events = NULL;
    serve_reply(call, status, "application/problem+json", serve_buf_text(&w.out));
}

void serve_problem(serve_call *call, int status, const char *code, const char *detail, const char *hint) {
    serve_problem_with(call, status, code, detail, hint, "");
}

void serve_problem_of(serve_call *call, bfl_status status, const bfl_error *err) {
    static const struct {
        bfl_status status;
        int http;
        const char *code, *hint;
        bool tell; /* is the message about what the caller sent? */
    } rows[] = {
        {BFL_EINVAL, 400, "not-valid", "Change the request; /api/v1/openapi.json describes it.", true},
        {BFL_EPARSE, 422, "not-readable", "Correct what is named and send it again.", true},
        {BFL_ENOTSUP, 422, "not-supported", "Send another format.", true},
        {BFL_ENOTFOUND, 404, "not-found", "Look it up again; it may have been removed.", true},
        {BFL_EEXIST, 409, "conflict", "Load the newest state and try again.", true},
        {BFL_ELIMIT, 413, "too-large", "Send less at a time.", true},
        {BFL_ENOMEM, 503, "no-memory", "Try again in a moment.", false},
        {BFL_EIO, 500, "storage", "Tell the administrator; the server's log says more.", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].status == status) {
            const char *told = err && rows[i].tell && err->message[0] ? err->message : "The server could not do it.";
            serve_problem(call, rows[i].http, rows[i].code, serve_pool_text(call->pool, bfl_text_of(told)),
                          rows[i].hint);
            return;
        }
    serve_problem(call, 500, "defect", "The server could not do it.", "Tell the administrator.");
}
