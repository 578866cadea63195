/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include "store.h"

#include <stdlib.h>
#include <string.h>

typedef struct chunk {
    struct chunk *next;
    max_align_t data[];
} chunk;

static _Thread_local int64_t fail_at;

int64_t store_memory_fail_at(int64_t n) {
    int64_t left = fail_at;
    fail_at = n;
    return left;
}

static chunk *chunk_new(size_t size) {
    if (fail_at > 0 && --fail_at == 0) return NULL;
    if (size > SIZE_MAX - sizeof(chunk)) return NULL;
    return calloc(1, sizeof(chunk) + size);
}

static chunk *chunk_of(const void *data) { return (chunk *)((uintptr_t)data - offsetof(chunk, data)); }

void *result_new(size_t size) {
    chunk *first = chunk_new(size);
    return first ? first->data : NULL;
}

void *result_add(void *result, size_t size) {
    chunk *first = chunk_of(result), *more = chunk_new(size);
    if (!more) return NULL;
    more->next = first->next;
    first->next = more;
    return more->data;
}

char *result_text(void *result, bfl_text text) {
    char *copy = text.size < SIZE_MAX ? result_add(result, text.size + 1) : NULL;
    if (copy && text.size) memcpy(copy, text.data, text.size);
    return copy;
}

void *result_grow(void *result, void *items, size_t count, size_t *capacity, size_t size) {
    enum { FIRST_CAPACITY = 16 };
    if (count < *capacity) return items;
    size_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    if (wanted > SIZE_MAX / size) return NULL;
    void *more = result_add(result, wanted * size);
    if (!more) return NULL;
    if (count) memcpy(more, items, count * size);
    *capacity = wanted;
    return more;
}

void store_free(const void *result) {
    if (!result) return;
    for (chunk *c = chunk_of(result); c;) {
        chunk *next = c->next;
        free(c);
        c = next;
    }
}
