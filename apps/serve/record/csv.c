/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that the library wrote, cell by cell. The library reads what comes from outside. */
#include "serve/record/record.h"

#include <string.h>

/* One cell; *end is the character behind it: ',', '\n' or '\0' at the end. */
static const char *cell(serve_csv *csv, char *end) {
    const char *s = csv->rest.data;
    size_t i = 0, n = csv->rest.size;
    bool quoted = n > 0 && s[0] == '"';
    char *text = NULL;
    if (quoted) {
        size_t size = 0;
        text = serve_pool_alloc(csv->pool, n + 1, 1);
        for (i = 1; i < n && !(s[i] == '"' && (i + 1 == n || s[i + 1] != '"')); i++) {
            if (s[i] == '"') i++;
            text[size++] = s[i];
        }
        i += i < n;
    } else {
        while (i < n && s[i] != ',' && s[i] != '\n' && s[i] != '\r') i++;
        text = serve_pool_text(csv->pool, (bfl_text){s, i});
    }
    while (i < n && s[i] == '\r') i++;
    *end = i < n ? s[i] : '\0';
    i += i < n;
    csv->rest = (bfl_text){s + i, n - i};
    return text;
}

size_t serve_csv_row(serve_csv *csv, const char **cells, size_t most) {
    size_t count = 0;
    if (csv->rest.size == 0) return 0;
    for (char end = ','; end == ',';) {
        const char *text = cell(csv, &end);
        if (count < most) cells[count++] = text;
    }
    return count;
}

void serve_csv_cell(serve_buf *out, const char *text) {
    if (!strpbrk(text, ",\"\r\n")) {
        serve_buf_z(out, text);
        return;
    }
    serve_buf_z(out, "\"");
    for (; *text; text++) serve_buf_add(out, (bfl_text){*text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1});
    serve_buf_z(out, "\"");
}
