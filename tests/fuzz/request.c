/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the service itself reads of a request: target, query, cookies, Host, Origin, names of files, forms, cells of tables, and
 * what it writes as JSON. The first byte says which: t, c, h, o, n, m, v, j, s.
 */
#include "fuzz.h"

#include "serve/record/record.h"

static bool plain(const char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f) return false;
    return true;
}

static bool valid(const char *text) {
    const unsigned char *s = (const unsigned char *)text;
    for (size_t left = strlen(text), n; left; s += n, left -= n)
        if ((n = serve_utf8(s, left)) == 0 || n > left) return false;
    return true;
}

static void check_target(serve_pool *pool, const char *raw) {
    serve_target target = {0};
    if (serve_parse_target(pool, raw, &target)) return;
    const char *path = target.path;
    PROMISE(path[0] == '/' && plain(path) && valid(path));
    PROMISE(!strstr(path, "//") && !strstr(path, "/../") && !strstr(path, "/./") && !strchr(path, '\\'));
    for (size_t i = 0; i < target.query_count; i++) {
        PROMISE(plain(target.query[i].name) && plain(target.query[i].value));
        PROMISE(valid(target.query[i].name) && valid(target.query[i].value));
    }
}

static void check_cookie(serve_pool *pool, const char *header) {
    const char *value = serve_parse_cookie(pool, header, "boneflare");
    if (value) PROMISE(strstr(header, "boneflare=") && !strchr(value, ';'));
}

static void check_host(serve_pool *pool, const char *header, bool origin) {
    const char *scheme = "http", *host = NULL;
    unsigned port = 0;
    bool good =
        origin ? serve_parse_origin(pool, header, &scheme, &host, &port) : serve_parse_host(pool, header, &host, &port);
    if (!good) return;
    PROMISE(port <= 65535 && *host && strlen(host) <= 255);
    PROMISE(strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    for (const char *c = host; *c; c++) PROMISE(!(*c >= 'A' && *c <= 'Z') && *c != '/' && *c != '@' && *c > ' ');
}

static void check_name(bfl_text name) {
    if (!serve_parse_file_name(name)) return;
    PROMISE(name.size && name.data[0] != '/' && !memchr(name.data, '\\', name.size) &&
            !memchr(name.data, '\0', name.size));
    for (size_t i = 0; i + 1 < name.size; i++) {
        bool begin = i == 0 || name.data[i - 1] == '/';
        bool end = i + 2 == name.size || name.data[i + 2] == '/';
        PROMISE(!(begin && end && name.data[i] == '.' && name.data[i + 1] == '.'));
    }
}

/* The first line is the Content-Type, the rest the body. */
static void check_form(serve_pool *pool, const char *text, size_t size) {
    size_t line = strcspn(text, "\n");
    const char *type = serve_pool_text(pool, (bfl_text){text, line}), *name = NULL;
    size_t from = line < size ? line + 1 : size;
    bfl_text body = {text + from, size - from}, content = {0};
    if (!serve_parse_multipart(pool, type, body, &name, &content)) return;
    PROMISE(name && content.data >= body.data && content.data + content.size <= body.data + body.size);
}

/* Cells that are written are read back the same. */
static void check_cells(serve_pool *pool, bfl_text text) {
    const char *cells[8], *again[8];
    serve_csv csv = {text, pool};
    for (size_t n; (n = serve_csv_row(&csv, cells, 8)) > 0;) {
        serve_buf out = {.pool = pool};
        for (size_t i = 0; i < n; i++) {
            if (i) serve_buf_z(&out, ",");
            serve_csv_cell(&out, cells[i]);
        }
        serve_buf_z(&out, "\n");
        serve_csv second = {serve_buf_text(&out), pool};
        size_t m = serve_csv_row(&second, again, 8);
        PROMISE(m == n);
        for (size_t i = 0; i < n; i++) PROMISE(strcmp(cells[i], again[i]) == 0);
    }
}

/* Whatever the text holds, what is written is JSON. */
static void check_json(serve_pool *pool, bfl_text text) {
    serve_json w = serve_json_in(pool);
    serve_json_open(&w, NULL, "{");
    serve_json_view(&w, "text", text);
    serve_json_close(&w, "}");
    bfl_text written = serve_buf_text(&w.out);
    PROMISE(!memchr(written.data, '<', written.size));
    json_t *read = json_loadb(written.data, written.size, 0, NULL);
    PROMISE(read && json_is_string(json_object_get(read, "text")));
    json_decref(read);
}

static void check_content(serve_pool *pool, bfl_text text) {
    serve_tables tables = {0};
    if (serve_content_read(pool, text, &tables)) return;
    PROMISE(tables.count > 0 && tables.count <= 8);
    for (size_t i = 0; i < tables.count; i++) PROMISE(serve_is_table(tables.items[i].name));
    serve_tables again = {0};
    PROMISE(!serve_content_read(pool, serve_content_write(pool, &tables), &again) && again.count == tables.count);
}

typedef struct input {
    serve_pool *pool;
    const uint8_t *data;
    size_t size;
} input;

static void check(void *context) {
    const input *in = context;
    bfl_text rest = fuzz_text(in->data + 1, in->size - 1);
    const char *text = serve_pool_text(in->pool, rest);
    switch (in->data[0]) {
    case 't': check_target(in->pool, text); break;
    case 'c': check_cookie(in->pool, text); break;
    case 'h': check_host(in->pool, text, false); break;
    case 'o': check_host(in->pool, text, true); break;
    case 'n': check_name(rest); break;
    case 'm': check_form(in->pool, text, rest.size); break;
    case 'v': check_cells(in->pool, bfl_text_of(text)); break;
    case 'j': check_json(in->pool, rest); break;
    case 's': check_content(in->pool, rest); break;
    default: break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) return 0;
    input in = {serve_pool_new(), data, size};
    PROMISE(in.pool && serve_pool_run(in.pool, check, &in));
    serve_pool_free(in.pool);
    return 0;
}
