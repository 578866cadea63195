/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as a flat list: every value with its path and its text as written, so that decimals keep their digits. */
#ifndef BFL_SHIM_FLAT_JSON_H
#define BFL_SHIM_FLAT_JSON_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_json_type {
    BFL_JSON_OBJECT,
    BFL_JSON_ARRAY,
    BFL_JSON_STRING,
    BFL_JSON_NUMBER,
    BFL_JSON_TRUE,
    BFL_JSON_FALSE,
    BFL_JSON_NULL
} bfl_json_type;

/* One value. Objects and arrays come before what they hold. */
typedef struct bfl_json_item {
    const char *path; /* JSON pointer (RFC 6901): "" is the whole text, "/rule.id/parameter" a member */
    const char *key;  /* last step of the path, as written: a key, or "" in an array and for the whole text */
    const char *text; /* strings: unescaped; numbers: as written; "" otherwise */
    size_t text_size; /* a string may hold NUL */
    unsigned depth;   /* 0 = the whole text */
    unsigned line;    /* 1-based: where the value starts */
    bfl_json_type type;
} bfl_json_item;

typedef struct bfl_json_flat {
    const bfl_json_item *items;
    size_t count;
} bfl_json_flat;

typedef enum bfl_json_status { BFL_JSON_OK, BFL_JSON_BAD, BFL_JSON_LIMIT, BFL_JSON_NOMEM } bfl_json_status;

/*
 * Strict JSON (RFC 8259), valid UTF-8, no key twice in one object. Limits: bytes of text, depth of nesting.
 * On BFL_JSON_OK *out is released with bfl_json_free(); otherwise it is untouched, and message (message_size bytes) says what is wrong.
 */
bfl_json_status bfl_json_flatten(const char *data, size_t size, size_t max_bytes, unsigned max_depth,
                                 bfl_json_flat **out, char *message, size_t message_size);
void bfl_json_free(bfl_json_flat *flat);

#ifdef __cplusplus
}
#endif
#endif
