/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/json.h"
#include "serve/http/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_ROOM = 1024, DECIMAL_SIZE = 48, SHARE_STEPS = 1000 };

/* ---- text ---- */

static void reserve(serve_buf *buf, size_t more) {
    if (more > SIZE_MAX / 4 - buf->size) serve_pool_fail(buf->pool);
    size_t need = buf->size + more + 1;
    if (need <= buf->room) return;
    size_t room = buf->room ? buf->room : FIRST_ROOM;
    while (room < need) room *= 2;
    buf->data = serve_pool_grow(buf->pool, buf->data, buf->size, room);
    buf->room = room;
}

void serve_buf_add(serve_buf *buf, bfl_text text) {
    reserve(buf, text.size);
    if (text.size) memcpy(buf->data + buf->size, text.data, text.size);
    buf->size += text.size;
    buf->data[buf->size] = '\0';
}

void serve_buf_z(serve_buf *buf, const char *z) { serve_buf_add(buf, bfl_text_of(z)); }

void serve_buf_printf(serve_buf *buf, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length > 0) {
        reserve(buf, (size_t)length);
        (void)vsnprintf(buf->data + buf->size, (size_t)length + 1, format, again);
        buf->size += (size_t)length;
    }
    va_end(again);
}

bfl_text serve_buf_text(const serve_buf *buf) { return (bfl_text){buf->data ? buf->data : "", buf->size}; }

typedef struct chunk {
    serve_buf *buf;
    bfl_text text;
} chunk;

static void add_chunk(void *context) {
    const chunk *c = context;
    serve_buf_add(c->buf, c->text);
}

/* The library calls this from inside its own arenas: a jump over it would leak them. */
static bool sink_write(void *context, const char *data, size_t size) {
    serve_buf *buf = context;
    chunk c = {buf, {data, size}};
    return serve_pool_run(buf->pool, add_chunk, &c);
}

bfl_sink serve_buf_sink(serve_buf *buf) { return (bfl_sink){sink_write, buf}; }

/* ---- strings ---- */

static void put_escape(serve_buf *out, unsigned char c) {
    if (c == '"' || c == '\\') {
        const char pair[2] = {'\\', (char)c};
        serve_buf_add(out, (bfl_text){pair, 2});
    } else if (c == '\n') {
        serve_buf_z(out, "\\n");
    } else {
        serve_buf_printf(out, "\\u%04x", c);
    }
}

/* '<' too is escaped, so that JSON may stand in a page. */
static bool is_plain(unsigned char c) { return c >= 0x20 && c != '"' && c != '\\' && c != '<' && c != 0x7f; }

static void put_string(serve_buf *out, bfl_text text) {
    const unsigned char *s = (const unsigned char *)text.data;
    size_t from = 0;
    serve_buf_z(out, "\"");
    for (size_t i = 0; i < text.size;) {
        size_t length = serve_utf8(s + i, text.size - i);
        if (length > 1 || (length && is_plain(s[i]))) {
            i += length;
            continue;
        }
        serve_buf_add(out, (bfl_text){text.data + from, i - from});
        if (length && s[i])
            put_escape(out, s[i]);
        else
            serve_buf_z(out, "\xef\xbf\xbd");
        from = ++i;
    }
    serve_buf_add(out, (bfl_text){text.data + from, text.size - from});
    serve_buf_z(out, "\"");
}

/* ---- values ---- */

serve_json serve_json_in(serve_pool *pool) { return (serve_json){.out = {.pool = pool}}; }

static void begin(serve_json *w, const char *key) {
    if (w->comma) serve_buf_z(&w->out, ",");
    w->comma = true;
    if (!key) return;
    put_string(&w->out, bfl_text_of(key));
    serve_buf_z(&w->out, ":");
}

void serve_json_open(serve_json *w, const char *key, const char *bracket) {
    begin(w, key);
    serve_buf_z(&w->out, bracket);
    w->comma = false;
}

void serve_json_close(serve_json *w, const char *bracket) {
    serve_buf_z(&w->out, bracket);
    w->comma = true;
}

void serve_json_null(serve_json *w, const char *key) {
    begin(w, key);
    serve_buf_z(&w->out, "null");
}

void serve_json_view(serve_json *w, const char *key, bfl_text text) {
    begin(w, key);
    put_string(&w->out, text);
}

void serve_json_text(serve_json *w, const char *key, const char *z) {
    if (z)
        serve_json_view(w, key, bfl_text_of(z));
    else
        serve_json_null(w, key);
}

void serve_json_whole(serve_json *w, const char *key, int64_t value) {
    begin(w, key);
    serve_buf_printf(&w->out, "%lld", (long long)value);
}

void serve_json_bool(serve_json *w, const char *key, bool value) {
    begin(w, key);
    serve_buf_z(&w->out, value ? "true" : "false");
}

void serve_json_decimal(serve_json *w, const char *key, bfl_decimal value) {
    char text[DECIMAL_SIZE];
    begin(w, key);
    size_t size = bfl_decimal_format(value, text, sizeof text);
    serve_buf_add(&w->out, (bfl_text){text, size});
}

void serve_json_maybe(serve_json *w, const char *key, bfl_maybe value) {
    if (value.present)
        serve_json_decimal(w, key, value.value);
    else
        serve_json_null(w, key);
}

void serve_json_share(serve_json *w, const char *key, double value) {
    int thousandths = (int)(value * SHARE_STEPS + 0.5);
    begin(w, key);
    serve_buf_printf(&w->out, "%d.%03d", thousandths / SHARE_STEPS, thousandths % SHARE_STEPS);
}

void serve_json_raw(serve_json *w, const char *key, bfl_text json) {
    begin(w, key);
    serve_buf_add(&w->out, json);
}
