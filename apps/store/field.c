/* SPDX-License-Identifier: Apache-2.0 */
#include "field.h"

#include <string.h>

bfl_status field_check(const field *fields, size_t count, bfl_error *err) {
    for (const field *f = fields; f < fields + count; f++) {
        if (f->text.size == 0 && !f->may_be_empty) return error_set(err, BFL_EINVAL, "%s is empty", f->name);
        if (f->text.size > f->most)
            return error_set(err, BFL_ELIMIT, "%s has %zu bytes; a store takes at most %llu", f->name, f->text.size,
                             (unsigned long long)f->most);
        if (!sql_text_good(f->text)) return error_set(err, BFL_EINVAL, "%s is not UTF-8, or holds a NUL", f->name);
    }
    return BFL_OK;
}

bfl_status field_content(const store *s, const char *name, bfl_text content, bfl_error *err) {
    if (content.size <= s->options.content_bytes) return BFL_OK;
    return error_set(err, BFL_ELIMIT, "%s has %zu bytes; this store takes at most %llu", name, content.size,
                     (unsigned long long)s->options.content_bytes);
}

bfl_status field_key(const char *key, bfl_error *err) {
    if (key && strlen(key) == STORE_KEY_SIZE - 1 &&
        strspn(key, "abcdefghijklmnopqrstuvwxyz234567") == STORE_KEY_SIZE - 1)
        return BFL_OK;
    return error_set(err, BFL_ENOTFOUND, "no patient has this key");
}
