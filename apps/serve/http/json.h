/* SPDX-License-Identifier: Apache-2.0 */
/* Text that grows in the pool of a request, and JSON written into it, one value after another. */
#ifndef SERVE_HTTP_JSON_H
#define SERVE_HTTP_JSON_H

#include "serve/http/pool.h"

typedef struct serve_buf {
    serve_pool *pool;
    char *data;
    size_t size, room;
} serve_buf;

void serve_buf_add(serve_buf *buf, bfl_text text);
void serve_buf_z(serve_buf *buf, const char *z);
void serve_buf_printf(serve_buf *buf, const char *format, ...) BFL_PRINTF(2, 3);
/* A sink that fills the buffer; false from it when memory has run out (it does not jump out of the library). */
bfl_sink serve_buf_sink(serve_buf *buf);
/* What is in it; NUL-terminated. */
bfl_text serve_buf_text(const serve_buf *buf);

/* Writes JSON and knows whether a comma is due. A NULL key is an element of an array. Invalid UTF-8 and NUL come out as U+FFFD. */
typedef struct serve_json {
    serve_buf out;
    bool comma;
} serve_json;

serve_json serve_json_in(serve_pool *pool);
/* bracket: "{" or "[", closed by "}" or "]". */
void serve_json_open(serve_json *w, const char *key, const char *bracket);
void serve_json_close(serve_json *w, const char *bracket);
/* NULL gives null. */
void serve_json_text(serve_json *w, const char *key, const char *z);
void serve_json_view(serve_json *w, const char *key, bfl_text text);
void serve_json_whole(serve_json *w, const char *key, int64_t value);
void serve_json_bool(serve_json *w, const char *key, bool value);
void serve_json_null(serve_json *w, const char *key);
void serve_json_decimal(serve_json *w, const char *key, bfl_decimal value);
/* null when it is missing. */
void serve_json_maybe(serve_json *w, const char *key, bfl_maybe value);
/* A probability: three decimals. */
void serve_json_share(serve_json *w, const char *key, double value);
/* JSON that is already written. */
void serve_json_raw(serve_json *w, const char *key, bfl_text json);

#endif
