/* SPDX-License-Identifier: Apache-2.0 */
/* field: what may be written into a column. The messages name the field and never quote it. */
#ifndef STORE_FIELD_H
#define STORE_FIELD_H

#include "pool.h"

enum { FIELD_NAME = 200, FIELD_LINE = 4096, FIELD_NOTE = 65536, FIELD_SEARCH = 262144 };

typedef struct field {
    const char *name;
    bfl_text text;
    uint64_t most;
    bool may_be_empty;
} field;

/* BFL_EINVAL (empty, not UTF-8, a NUL), BFL_ELIMIT. */
bfl_status field_check(const field *fields, size_t count, bfl_error *err);
#define FIELD_CHECK(err, ...) \
    field_check((const field[]){__VA_ARGS__}, sizeof((const field[]){__VA_ARGS__}) / sizeof(field), (err))
/* The limit of a content, whose bytes may be anything. */
bfl_status field_content(const store *s, const char *name, bfl_text content, bfl_error *err);
/* A key as it may come from a URL: 26 characters a-z2-7. Anything else names nobody: BFL_ENOTFOUND. */
bfl_status field_key(const char *key, bfl_error *err);

#endif
