/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/parse.h"

#include <string.h>

enum { MOST_PAIRS = 64, MOST_PORT = 65535, MOST_NAME = 512, MOST_HOST = 255 };

/* ---- characters ---- */

static size_t utf8_length(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xc2 || first >= 0xf5) return 0;
    return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

size_t serve_utf8(const unsigned char *s, size_t left) {
    size_t length = utf8_length(s[0]);
    if (length > left) return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80) return 0;
    if (length < 3) return length;
    uint32_t code = (s[0] & (0x7fu >> length)) << 6 | (s[1] & 0x3fu); /* of the last length - 2 bytes less */
    bool overlong = code < (length == 3 ? 0x20u : 0x10u), surrogate = length == 3 && code >= 0x360 && code < 0x380;
    return overlong || surrogate || (length == 4 && code >= 0x110) ? 0 : length;
}

/* ---- percent-decoding ---- */

static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static bool clean(const char *text, size_t size) {
    const unsigned char *s = (const unsigned char *)text;
    for (size_t i = 0; i < size;) {
        size_t length = serve_utf8(s + i, size - i);
        if (!length || (length == 1 && (s[i] < 0x20 || s[i] == 0x7f))) return false;
        i += length;
    }
    return true;
}

bool serve_parse_percent(serve_pool *pool, bfl_text raw, bool query, const char **out) {
    char *text = serve_pool_alloc(pool, raw.size + 1, 1);
    size_t size = 0;
    for (size_t i = 0; i < raw.size; i++) {
        char c = raw.data[i];
        if (c == '%') {
            int high = i + 2 < raw.size ? hex(raw.data[i + 1]) : -1;
            int low = high >= 0 ? hex(raw.data[i + 2]) : -1;
            if (low < 0) return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && query) {
            c = ' ';
        }
        text[size++] = c;
    }
    if (!clean(text, size)) return false;
    *out = text;
    return true;
}

/* ---- request target ---- */

static bool has_encoded_slash(bfl_text path) {
    for (size_t i = 0; i + 2 < path.size; i++)
        if (path.data[i] == '%' && ((path.data[i + 1] == '2' && (path.data[i + 2] | 0x20) == 'f') ||
                                    (path.data[i + 1] == '5' && (path.data[i + 2] | 0x20) == 'c')))
            return true;
    return false;
}

static bool has_dot_segment(const char *path) {
    for (const char *p = path; (p = strchr(p, '/')); p++) {
        size_t length = strcspn(p + 1, "/");
        if (length == 0 && p[1]) return true; /* "//" */
        if (length == 1 && p[1] == '.') return true;
        if (length == 2 && p[1] == '.' && p[2] == '.') return true;
    }
    return false;
}

static bool read_query(serve_pool *pool, const char *raw, serve_target *out) {
    serve_pair *pairs = SERVE_NEW_ARRAY(pool, MOST_PAIRS, serve_pair);
    size_t count = 0;
    while (*raw) {
        size_t length = strcspn(raw, "&");
        const char *equals = memchr(raw, '=', length);
        size_t name = equals ? (size_t)(equals - raw) : length;
        if (length) {
            if (count == MOST_PAIRS) return false;
            serve_pair *p = &pairs[count++];
            bfl_text value = equals ? (bfl_text){equals + 1, length - name - 1} : (bfl_text){"", 0};
            if (!serve_parse_percent(pool, (bfl_text){raw, name}, true, &p->name)) return false;
            if (!serve_parse_percent(pool, value, true, &p->value)) return false;
        }
        raw += length + (raw[length] == '&');
    }
    out->query = pairs;
    out->query_count = count;
    return true;
}

const char *serve_parse_target(serve_pool *pool, const char *raw, serve_target *out) {
    size_t length = strcspn(raw, "?#");
    bfl_text path = {raw, length};
    if (raw[0] != '/') return "the request target must begin with '/'";
    if (raw[length] == '#') return "a fragment is not sent to a server";
    if (has_encoded_slash(path) || memchr(raw, '\\', length)) return "a slash may not be written in another way";
    if (!serve_parse_percent(pool, path, false, &out->path)) return "the path is not well-formed";
    if (has_dot_segment(out->path)) return "the path holds an empty, '.' or '..' part";
    out->query_count = 0;
    if (raw[length] == '?' && !read_query(pool, raw + length + 1, out)) return "the query is not well-formed";
    return NULL;
}

/* ---- headers ---- */

static const char *skip_spaces(const char *s) {
    while (*s == ' ' || *s == '\t') s++;
    return s;
}

const char *serve_parse_cookie(serve_pool *pool, const char *header, const char *name) {
    const char *found = NULL;
    size_t name_length = strlen(name);
    for (const char *s = skip_spaces(header); *s; s = skip_spaces(s)) {
        size_t length = strcspn(s, ";");
        if (length > name_length && memcmp(s, name, name_length) == 0 && s[name_length] == '=') {
            if (found) return NULL; /* two of a name: one of them is not ours */
            found = serve_pool_text(pool, (bfl_text){s + name_length + 1, length - name_length - 1});
        }
        s += length + (s[length] == ';');
    }
    return found;
}

bool serve_parse_whole(const char *text, uint64_t most, uint64_t *out) {
    uint64_t value = 0;
    if (!*text) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (most - digit) / 10 || digit > most) return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

static bool host_character(char c, bool brackets) {
    bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return brackets ? alphanumeric || c == ':' || c == '.' : alphanumeric || c == '-' || c == '.' || c == '_';
}

static char *lower_host(serve_pool *pool, const char *header) {
    char *text = serve_pool_text(pool, bfl_text_of(header));
    for (char *c = text; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + ('a' - 'A'));
    return text;
}

/* Where the host in "host:port" ends; 0 when it is none. */
static size_t host_end(const char *text) {
    bool brackets = text[0] == '[';
    size_t end = strcspn(text + brackets, brackets ? "]" : ":") + brackets;
    for (size_t i = brackets; i < end; i++)
        if (!host_character(text[i], brackets)) return 0;
    if (!brackets) return end;
    return end > 1 && text[end] == ']' ? end + 1 : 0;
}

bool serve_parse_host(serve_pool *pool, const char *header, const char **host, unsigned *port) {
    if (strlen(header) > MOST_HOST) return false;
    char *text = lower_host(pool, header);
    size_t end = host_end(text);
    uint64_t number = 0;
    if (end == 0 || (text[end] && text[end] != ':')) return false;
    if (text[end] == ':' && (!serve_parse_whole(text + end + 1, MOST_PORT, &number) || number == 0)) return false;
    text[end] = '\0';
    *host = text;
    *port = (unsigned)number;
    return true;
}

bool serve_parse_origin(serve_pool *pool, const char *header, const char **scheme, const char **host, unsigned *port) {
    static const char *const schemes[] = {"http", "https"};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(schemes[i]);
        if (strncmp(header, schemes[i], length) != 0 || strncmp(header + length, "://", 3) != 0) continue;
        *scheme = schemes[i];
        return serve_parse_host(pool, header + length + 3, host, port);
    }
    return false;
}

/* ---- uploads ---- */

static bool is_dots(bfl_text part) {
    return (part.size == 1 && part.data[0] == '.') || (part.size == 2 && part.data[0] == '.' && part.data[1] == '.');
}

bool serve_parse_file_name(bfl_text name) {
    if (name.size == 0 || name.size > MOST_NAME || !clean(name.data, name.size)) return false;
    if (memchr(name.data, '\\', name.size) || memchr(name.data, ':', name.size)) return false;
    for (size_t from = 0; from < name.size;) {
        const char *slash = memchr(name.data + from, '/', name.size - from);
        bfl_text part = {name.data + from, (slash ? (size_t)(slash - name.data) : name.size) - from};
        if (part.size == 0 || is_dots(part)) return false;
        from += part.size + 1;
    }
    return true;
}

static size_t find(bfl_text in, size_t from, bfl_text what) {
    for (size_t i = from; what.size && i + what.size <= in.size; i++) {
        const char *hit = memchr(in.data + i, what.data[0], in.size - i - what.size + 1);
        if (!hit) break;
        i = (size_t)(hit - in.data);
        if (memcmp(hit, what.data, what.size) == 0) return i;
    }
    return SIZE_MAX;
}

/* The value of `key="..."` in the headers of a part. */
static const char *part_parameter(serve_pool *pool, bfl_text headers, const char *key) {
    size_t at = find(headers, 0, bfl_text_of(key));
    if (at == SIZE_MAX) return NULL;
    const char *begin = headers.data + at + strlen(key);
    const char *end = memchr(begin, '"', headers.size - (size_t)(begin - headers.data));
    return end ? serve_pool_text(pool, (bfl_text){begin, (size_t)(end - begin)}) : NULL;
}

static const char *boundary_of(serve_pool *pool, const char *type) {
    const char *at = strstr(type, "boundary=");
    if (!at) return NULL;
    at += strlen("boundary=");
    bool quoted = *at == '"';
    if (quoted) at++;
    size_t length = strcspn(at, quoted ? "\"" : "; \t");
    if (length == 0 || length > 70) return NULL; /* RFC 2046 */
    return serve_pool_printf(pool, "\r\n--%.*s", (int)length, at);
}

bool serve_parse_multipart(serve_pool *pool, const char *type, bfl_text body, const char **name, bfl_text *content) {
    const char *boundary = boundary_of(pool, type);
    if (!boundary) return false;
    bfl_text mark = bfl_text_of(boundary);
    size_t at =
        body.size >= mark.size - 2 && memcmp(body.data, mark.data + 2, mark.size - 2) == 0 ? mark.size - 2 : SIZE_MAX;
    while (at != SIZE_MAX && at + 2 <= body.size && memcmp(body.data + at, "\r\n", 2) == 0) {
        size_t blank = find(body, at, (bfl_text){"\r\n\r\n", 4});
        if (blank == SIZE_MAX) return false;
        size_t end = find(body, blank + 2, mark);
        if (end == SIZE_MAX) return false;
        const char *file = part_parameter(pool, (bfl_text){body.data + at, blank + 2 - at}, "filename=\"");
        if (file) {
            size_t begin = blank + 4;
            *name = file;
            *content = (bfl_text){body.data + begin, end > begin ? end - begin : 0};
            return true;
        }
        at = end + mark.size;
    }
    return false;
}
