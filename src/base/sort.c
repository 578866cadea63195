/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <string.h>

enum { SMALL = 8 };

typedef struct order {
    char *items, *scratch;
    size_t size;
    bfl_compare compare;
    const void *context;
} order;

/* Most lists hold places or pointers: a move of that size is no call. */
static inline void put(void *to, const void *from, size_t size) {
    if (size == sizeof(uint64_t))
        memcpy(to, from, sizeof(uint64_t));
    else if (size == sizeof(uint32_t))
        memcpy(to, from, sizeof(uint32_t));
    else
        memcpy(to, from, size);
}

static void insertion(const order *o, size_t first, size_t end) {
    for (size_t i = first + 1; i < end; i++) {
        if (o->compare(o->items + (i - 1) * o->size, o->items + i * o->size, o->context) <= 0) continue;
        put(o->scratch, o->items + i * o->size, o->size);
        size_t j = i;
        while (j > first && o->compare(o->items + (j - 1) * o->size, o->scratch, o->context) > 0) j--;
        memmove(o->items + (j + 1) * o->size, o->items + j * o->size, (i - j) * o->size);
        put(o->items + j * o->size, o->scratch, o->size);
    }
}

static void merge(const order *o, size_t first, size_t middle, size_t end) {
    size_t left = middle - first;
    memcpy(o->scratch, o->items + first * o->size, left * o->size);
    size_t i = 0, j = middle, at = first;
    while (i < left) {
        bool take_right = j < end && o->compare(o->items + j * o->size, o->scratch + i * o->size, o->context) < 0;
        const char *from = take_right ? o->items + j++ * o->size : o->scratch + i++ * o->size;
        put(o->items + at++ * o->size, from, o->size);
    }
}

static void sort_range(const order *o, size_t first, size_t end) {
    if (end - first <= SMALL) {
        insertion(o, first, end);
        return;
    }
    size_t middle = first + (end - first) / 2;
    sort_range(o, first, middle);
    sort_range(o, middle, end);
    if (o->compare(o->items + (middle - 1) * o->size, o->items + middle * o->size, o->context) > 0)
        merge(o, first, middle, end);
}

void bfl_sort(bfl_arena *arena, void *items, size_t count, size_t size, bfl_compare compare, const void *context) {
    if (count < 2) return;
    order o = {items, bfl_arena_alloc(arena, count / 2 + 1, size), size, compare, context};
    sort_range(&o, 0, count);
}
