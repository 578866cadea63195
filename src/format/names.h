/* SPDX-License-Identifier: Apache-2.0 */
/* A set of texts, each kept once: a table of a million rows repeats its units, methods and sources. */
#ifndef BFL_FORMAT_NAMES_H
#define BFL_FORMAT_NAMES_H

#include "base/base.h"

typedef struct name {
    const char *text; /* NUL-terminated; NULL = free slot */
    void *value;      /* the caller's */
    uint32_t size, hash;
} name;

typedef struct names {
    bfl_arena *arena;   /* texts live here */
    bfl_arena *scratch; /* the slots live here */
    name *slots;
    size_t capacity, count;
} names;

/* The entry of the text, added when it is new. Valid until the next call. */
name *bfl_names_add(names *set, bfl_text text);
/* The entry of the text, NULL when there is none. */
name *bfl_names_find(const names *set, bfl_text text);

#endif
