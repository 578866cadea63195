/* SPDX-License-Identifier: Apache-2.0 */
#include "url.h"

#include "error.h"
#include "store.h"

#include <string.h>

enum { LONGEST_URL = 4096 };

static bool starts(const char *text, const char *start) { return strncmp(text, start, strlen(start)) == 0; }

static bool is_server(const char *url) { return starts(url, "postgresql://") || starts(url, "postgres://"); }

bfl_status url_read(const char *url, const sql_back_end **back_end, const char **address, bfl_error *err) {
    static const char sqlite[] = "sqlite:";
    if (!url || !*url) return error_set(err, BFL_EINVAL, "no store is named: write sqlite:PATH or postgresql://...");
    if (strlen(url) > LONGEST_URL) return error_set(err, BFL_EINVAL, "the name of the store is too long");
    if (is_server(url)) {
        *back_end = &postgresql_back_end;
        *address = url;
        return BFL_OK;
    }
    if (!starts(url, sqlite))
        return error_set(err, BFL_ENOTSUP, "a store is named sqlite:PATH or postgresql://USER@HOST/DATABASE");
    if (!url[sizeof sqlite - 1]) return error_set(err, BFL_EINVAL, "sqlite: needs the path of a file after it");
    *back_end = &sqlite_back_end;
    *address = url + sizeof sqlite - 1;
    return BFL_OK;
}

/* ---- without secrets ---- */

typedef struct plain {
    char *buffer;
    size_t size, used;
} plain;

static void put(plain *out, const char *text, size_t length) {
    for (size_t i = 0; i < length && out->used + 1 < out->size; i++) {
        unsigned char c = (unsigned char)text[i];
        out->buffer[out->used++] = c < ' ' || c == 0x7f ? '?' : (char)c;
    }
    if (out->size) out->buffer[out->used] = '\0';
}

/* Only values that are known to be no secret are shown. */
static void put_parameter(plain *out, const char *text, size_t length) {
    static const char *const open_keys[] = {
        "host", "port", "dbname", "user", "sslmode", "connect_timeout", "application_name"};
    const char *equals = memchr(text, '=', length);
    size_t key = equals ? (size_t)(equals - text) : length;
    bool shown = false;
    for (size_t i = 0; i < sizeof open_keys / sizeof *open_keys; i++)
        shown = shown || (strlen(open_keys[i]) == key && memcmp(open_keys[i], text, key) == 0);
    if (shown) {
        put(out, text, length);
        return;
    }
    put(out, text, key);
    if (equals) put(out, "=***", 4);
}

static void put_parameters(plain *out, const char *query) {
    while (*query) {
        size_t mark = strspn(query, "?&"), length = strcspn(query + mark, "&");
        put(out, query, mark);
        put_parameter(out, query + mark, length);
        query += mark + length;
    }
}

size_t store_url_plain(const char *url, char *buffer, size_t size) {
    plain out = {buffer, size, 0};
    if (size) buffer[0] = '\0';
    if (!url) return 0;
    if (!is_server(url)) {
        put(&out, url, strlen(url));
        return out.used;
    }
    const char *start = strstr(url, "://") + 3, *query = start + strcspn(start, "?"), *at = query;
    while (at > start && *at != '@') at--;
    put(&out, url, (size_t)(start - url));
    if (*at == '@') {
        const char *colon = memchr(start, ':', (size_t)(at - start));
        put(&out, start, (size_t)((colon ? colon : at) - start));
        if (colon) put(&out, ":***", 4);
        start = at;
    }
    put(&out, start, (size_t)(query - start));
    put_parameters(&out, query);
    return out.used;
}
