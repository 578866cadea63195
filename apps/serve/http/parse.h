/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The small grammars of HTTP that are ours to read: request target, query, cookies, Host, Origin, names of uploaded files. Pure:
 * no sockets, no state; what is not well-formed is refused, never repaired.
 */
#ifndef SERVE_HTTP_PARSE_H
#define SERVE_HTTP_PARSE_H

#include "serve/http/pool.h"

/* name=value of a query or of a cookie, decoded, NUL-terminated. */
typedef struct serve_pair {
    const char *name, *value;
} serve_pair;

typedef struct serve_target {
    const char *path; /* decoded, begins with '/'; UTF-8 without control characters, "//", "." or ".." */
    const serve_pair *query;
    size_t query_count;
} serve_target;

/* Splits and decodes "/path?name=value". NULL, or a sentence that says what is wrong. */
const char *serve_parse_target(serve_pool *pool, const char *raw, serve_target *out);
/* Percent-decoding; false when it is malformed, or gives NUL, other control characters, or no UTF-8. '+' is a space in a query. */
bool serve_parse_percent(serve_pool *pool, bfl_text raw, bool query, const char **out);
/* The value of a cookie of that name in a Cookie header; NULL when there is none, or it comes twice. */
const char *serve_parse_cookie(serve_pool *pool, const char *header, const char *name);
/* A Host header: host in lower case ("[::1]" with its brackets) and port (0 = none). */
bool serve_parse_host(serve_pool *pool, const char *header, const char **host, unsigned *port);
/* An Origin header "scheme://host[:port]"; "null" and everything else is false. */
bool serve_parse_origin(serve_pool *pool, const char *header, const char **scheme, const char **host, unsigned *port);
/* How many bytes the UTF-8 sequence at the beginning of `left` bytes has; 0 when it is not valid. */
size_t serve_utf8(const unsigned char *s, size_t left);
/* A whole number without sign up to `most`. */
bool serve_parse_whole(const char *text, uint64_t most, uint64_t *out);
/* May an uploaded file, or a member of an archive, have this name? A plain name or a relative path with '/', no "..", no
 * drive, no backslash, no control character. */
bool serve_parse_file_name(bfl_text name);
/* One part of a multipart/form-data body: the first with a file name. `type` is the Content-Type header. False when it is not
 * well-formed or has no file. */
bool serve_parse_multipart(serve_pool *pool, const char *type, bfl_text body, const char **name, bfl_text *content);

#endif
