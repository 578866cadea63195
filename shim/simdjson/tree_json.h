/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as a tree of its values, numbers as they were written. One reader, many texts: its memory is used again. */
#ifndef BFL_SHIM_TREE_JSON_H
#define BFL_SHIM_TREE_JSON_H

#include "simdjson/flat_json.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One value. Strings and keys are NUL-terminated; a string that holds a NUL is refused. */
typedef struct bfl_json_node bfl_json_node;
struct bfl_json_node {
    const char *key;            /* of a member; "" in an array and for the whole text */
    const char *text;           /* strings: unescaped; numbers: as written; "" otherwise */
    const bfl_json_node *child; /* first member or element */
    const bfl_json_node *next;  /* next member or element of the same object or array */
    unsigned size;              /* of text */
    unsigned line;              /* 1-based: where the value starts */
    bfl_json_type type;
    bool repeated; /* an earlier member of the same object has this key */
    unsigned char
        key_first; /* first byte of the key, so that looking for a member seldom has to read keys; 0 = not filled in */
    unsigned char key_size; /* its length, 255 for longer ones */
};

typedef struct bfl_json_reader bfl_json_reader;

/* NULL when there is no memory. */
bfl_json_reader *bfl_json_reader_new(void);
void bfl_json_reader_free(bfl_json_reader *reader);
/*
 * Strict JSON (RFC 8259), valid UTF-8; keys that are there twice are marked, not refused. Limits: bytes of text, depth of
 * nesting. The tree is valid until the reader reads again. Otherwise *root is untouched and message says what is wrong.
 */
bfl_json_status bfl_json_read(bfl_json_reader *reader, const char *data, size_t size, size_t max_bytes,
                              unsigned max_depth, const bfl_json_node **root, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
#endif
