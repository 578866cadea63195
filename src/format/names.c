/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing, linear probing, at most half full. */
#include "format/names.h"

#include <string.h>

/* Eight bytes at a time. The order of a set is never seen, so the hash may differ between machines. */
static uint32_t hash_of(bfl_text text) {
    const uint64_t odd = 0x9e3779b97f4a7c15u; /* 2^64 divided by the golden ratio */
    uint64_t h = text.size * odd, word = 0;
    size_t i = 0;
    for (; i + sizeof word <= text.size; i += sizeof word) {
        memcpy(&word, text.data + i, sizeof word);
        h = (h ^ word) * odd;
        h ^= h >> 32;
    }
    word = 0;
    if (i < text.size) memcpy(&word, text.data + i, text.size - i);
    h = (h ^ word) * odd;
    return (uint32_t)(h ^ (h >> 32));
}

/* The slot that holds the text, or the free one where it belongs. */
static name *slot_of(const names *set, bfl_text text, uint32_t hash) {
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
    uint32_t hash = hash_of(text);
    name *n = slot_of(set, text, hash);
    if (n->text) return n;
    const char *kept = bfl_arena_text(set->arena, text);
    *n = (name){kept, NULL, (uint32_t)text.size, hash};
    set->count++;
    return n;
}

name *bfl_names_find(const names *set, bfl_text text) {
    if (set->capacity == 0) return NULL;
    name *n = slot_of(set, text, hash_of(text));
    return n->text ? n : NULL;
}
