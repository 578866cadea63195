/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NDJSON at the speed of memory: every line is checked whole, nothing is copied or converted, and the parts asked for are views
 * into the text. simdjson finds the structure of many lines at once; the grammar is checked here.
 */
#ifndef BFL_SHIM_LINE_JSON_H
#define BFL_SHIM_LINE_JSON_H

#include "simdjson/flat_json.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A value in the text of a line. */
typedef struct bfl_json_part {
    const char *text; /* as written, with quotes or brackets */
    size_t size;
    uint32_t at, end;   /* the reader's: first and last structural mark */
    bfl_json_type type; /* meaningful only when text is set: text NULL = no such value */
} bfl_json_part;

typedef struct bfl_json_line {
    const char *text; /* without its line end */
    size_t size;
    bfl_json_status status; /* BFL_JSON_BAD, BFL_JSON_LIMIT: `why` says what is wrong */
    const char *why;
    bool blank;         /* nothing but white space */
    bool escapes;       /* holds a backslash: strings may need bfl_json_part_string() */
    bfl_json_part root; /* when the status is BFL_JSON_OK and it is not blank */
} bfl_json_line;

typedef struct bfl_json_lines bfl_json_lines;

/* NULL when there is no memory. */
bfl_json_lines *bfl_json_lines_new(unsigned max_depth);
void bfl_json_lines_free(bfl_json_lines *lines);
/* Begins with a text of whole lines, the last of which ends with a line end too. The text must stay until the next begin.
 * BFL_JSON_OK or BFL_JSON_NOMEM (which 2 GiB and more also are). */
bfl_json_status bfl_json_lines_begin(bfl_json_lines *lines, const char *data, size_t size);
/*
 * The next line; false at the end. A line is good when it is strict JSON (RFC 8259) in valid UTF-8, within the depth, without an
 * escaped NUL or half of a surrogate pair: what is looked up later and what is skipped alike.
 */
bool bfl_json_lines_next(bfl_json_lines *lines, bfl_json_line *line);

/* A key that is looked for: NAME = BFL_JSON_NAME("subject"). */
typedef struct bfl_json_name {
    const char *text;
    size_t size;
} bfl_json_name;
#define BFL_JSON_NAME(literal) \
    { (literal), sizeof(literal) - 1 }

/* Members of an object of the line read last, the first of each key; parts[i].text is NULL when there is no keys[i], or the
 * value is null. All of them NULL when it is no object. */
void bfl_json_find(const bfl_json_lines *lines, const bfl_json_part *object, const bfl_json_name *keys, size_t count,
                   bfl_json_part *parts);
/* Elements of an array, one after the other: start with *element = (bfl_json_part){0}. A thing that is no array is its own only
 * element. False at the end. */
bool bfl_json_element(const bfl_json_lines *lines, const bfl_json_part *array, bfl_json_part *element);
/* Text of a string without its escapes: a view, or written into buffer (part->size bytes suffice) when it has any. Its size is
 * put in *size. NULL for what is no string. */
const char *bfl_json_part_string(const bfl_json_part *part, char *buffer, size_t *size);

/* Tests: which of simdjson's kernels the whole process uses from now on ("fallback" has no SIMD; NULL = the best). False when
 * this processor has it not. Readers made before keep theirs. */
bool bfl_json_use_kernel(const char *name);
/* Name of the kernel in use, "icelake". */
const char *bfl_json_kernel(void);

#ifdef __cplusplus
}
#endif
#endif
