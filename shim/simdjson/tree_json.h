/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as a tree of its values, numbers as they were written. The text is checked whole at once; the nodes of an object or an array
 * are made when somebody looks into it, for most of a FHIR resource is never looked at. One reader, many texts: its memory is used
 * again.
 */
#ifndef BFL_SHIM_TREE_JSON_H
#define BFL_SHIM_TREE_JSON_H

#include "simdjson/flat_json.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bfl_json_reader bfl_json_reader;

/* One value. Strings and keys are NUL-terminated; a string that holds a NUL is refused. */
typedef struct bfl_json_node bfl_json_node;
struct bfl_json_node {
    const char *key;            /* of a member; "" in an array and for the whole text */
    const char *text;           /* strings: unescaped; numbers: as written; "" otherwise */
    const bfl_json_node *first; /* first member or element once they are made: ask bfl_json_child() */
    const bfl_json_node *next;  /* next member or element of the same object or array */
    bfl_json_reader *reader;    /* whose memory it is; NULL: a node made by hand */
    uint32_t mark;              /* the reader's: one more than its place among the marks; 0: a node made by hand */
    unsigned size;              /* of text */
    bfl_json_type type;
    bool shut;               /* an object or array whose members are not made yet */
    bool repeated;           /* an earlier member of the same object has this key */
    unsigned char key_first; /* first byte of the key, so that looking for a member seldom has to read keys */
    unsigned char key_size;  /* its length, 255 for longer ones */
};

/* NULL when there is no memory. */
bfl_json_reader *bfl_json_reader_new(void);
void bfl_json_reader_free(bfl_json_reader *reader);
/*
 * Strict JSON (RFC 8259), valid UTF-8; keys that are there twice are marked, not refused. Limits: bytes of text, depth of
 * nesting. The tree is valid until the reader reads again, and needs the text as long. Otherwise *root is untouched and message
 * says what is wrong.
 */
bfl_json_status bfl_json_read(bfl_json_reader *reader, const char *data, size_t size, size_t max_bytes,
                              unsigned max_depth, const bfl_json_node **root, char *message, size_t message_size);

/*
 * Watches a key in the texts that are read from now on: bfl_json_never_says() is true when it has that text as its value nowhere
 * inside the node. False: it may have. False when there is no memory.
 */
bool bfl_json_watch(bfl_json_reader *reader, const char *key);
bool bfl_json_never_says(const bfl_json_node *node, const char *value);

/* It holds no more values than that, itself among them; SIZE_MAX for a node made by hand. */
size_t bfl_json_most_values(const bfl_json_node *node);

/* Bytes that the nodes and their texts take, those kept for the next text among them. */
size_t bfl_json_held(const bfl_json_reader *reader);

/* Makes the members of an object or array whose `shut` is set; gives the first. One thread at a time. */
const bfl_json_node *bfl_json_unfold(const bfl_json_node *node);
/* First member or element, NULL when there is none. */
static inline const bfl_json_node *bfl_json_child(const bfl_json_node *node) {
    return node->shut ? bfl_json_unfold(node) : node->first;
}
/* Memory ran out while a node of this tree was opened: what was read since the last bfl_json_read() is not whole. */
bool bfl_json_cut_short(const bfl_json_node *node);
/* False: no object of the text has a key twice. True: look. */
bool bfl_json_may_repeat(const bfl_json_node *node);

/*
 * The elements of an array one by one, each forgotten at the next: the memory for a long array is that of its longest element.
 * Meanwhile no node outside the element may be opened for the first time, and no text of the element may be kept.
 *
 *     bfl_json_elements e = bfl_json_elements_of(array);
 *     for (const bfl_json_node *n; (n = bfl_json_next(&e));) ...
 */
typedef struct bfl_json_elements {
    bfl_json_node element;
    const bfl_json_node *made; /* next of those that are made already */
    uint32_t mark, end;        /* next and last mark of those that are not */
    size_t places[2];          /* the reader's memory before the element */
    void *free[2];
} bfl_json_elements;
/* NULL: no elements. What is no array is the first of its row, as bfl_fhir_first() says. */
bfl_json_elements bfl_json_elements_of(const bfl_json_node *array);
const bfl_json_node *bfl_json_next(bfl_json_elements *elements);

/*
 * A value inside an object, looked up without opening anything: path NULL-terminated, {"resource", "resourceType", NULL}; an empty
 * path is the value itself. False: it cannot tell, open the nodes. True: *text is the value as written, with quotes or brackets;
 * NULL when it is null or not there.
 */
bool bfl_json_peek(const bfl_json_node *node, const char *const *path, const char **text, size_t *size);

#ifdef __cplusplus
}
#endif
#endif
