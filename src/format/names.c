/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing, linear probing, at most half full. */
#include "format/names.h"

#include <string.h>

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static uint64_t hash_of(bfl_text text) {
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < text.size; i++) h = (h ^ (unsigned char)text.data[i]) * 0x100000001b3u;
    return h;
}

/* The slot that holds the text, or the free one where it belongs. */
static name *slot_of(const names *set, bfl_text text, uint64_t hash) {
    for (size_t i = hash & (set->capacity - 1);; i = (i + 1) & (set->capacity - 1)) {
        name *n = &set->slots[i];
        if (!n->text) return n;
        if (n->hash == hash && n->size == text.size && (text.size == 0 || memcmp(n->text, text.data, text.size) == 0))
            return n;
    }
}

static void grow(names *set) {
    names larger = *set;
    larger.capacity = set->capacity ? set->capacity * 2 : 64;
    larger.slots = BFL_NEW_ARRAY(set->scratch, larger.capacity, name);
    for (size_t i = 0; i < set->capacity; i++) {
        const name *n = &set->slots[i];
        if (n->text) *slot_of(&larger, (bfl_text){n->text, n->size}, n->hash) = *n;
    }
    *set = larger;
}

name *bfl_names_add(names *set, bfl_text text) {
    if (set->count * 2 >= set->capacity) grow(set);
    uint64_t hash = hash_of(text);
    name *n = slot_of(set, text, hash);
    if (n->text) return n;
    const char *kept = bfl_arena_text(set->arena, text);
    *n = (name){kept, text.size, hash, NULL};
    set->count++;
    return n;
}

name *bfl_names_find(const names *set, bfl_text text) {
    if (set->capacity == 0) return NULL;
    name *n = slot_of(set, text, hash_of(text));
    return n->text ? n : NULL;
}
