/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of one lesion, found by a hash of its id: a record of any size is read once. Studies mostly name their lesions in the same
 * order, so the lesion that followed the one before last time is tried first. */
#include "record/record.h"

#include <string.h>

typedef struct numbering {
    const bfl_record *record;
    bool by_place;
    uint32_t *places; /* first row of a lesion + 1 by its hash, the next free place where it is taken; 0: free */
    size_t place_count;
} numbering;

/* FNV-1a, public domain. */
static uint32_t hash_of(const char *z, uint32_t hash) {
    for (; *z; z++) hash = (hash ^ (unsigned char)*z) * 16777619u;
    return hash;
}

static bool same_lesion(const numbering *n, const bfl_lesion *a, const bfl_lesion *b) {
    if (a->id != b->id && strcmp(a->id, b->id) != 0) return false;
    if (*a->id || !n->by_place) return true;
    return a->organ == b->organ && strcmp(a->site, b->site) == 0;
}

static uint32_t *place_of(const numbering *n, const bfl_lesion *row) {
    uint32_t hash = hash_of(row->id, 2166136261u);
    if (!*row->id && n->by_place) hash = hash_of(row->site, hash);
    for (size_t at = hash;; at++) {
        uint32_t *place = &n->places[at & (n->place_count - 1)];
        if (*place == 0 || same_lesion(n, &n->record->lesions[*place - 1], row)) return place;
    }
}

const uint32_t *bfl_record_lesion_numbers(bfl_arena *arena, const bfl_record *record, bool by_place, size_t *count) {
    numbering n = {.record = record, .by_place = by_place, .place_count = 2};
    while (n.place_count < 2 * record->lesion_count) n.place_count *= 2;
    n.places = BFL_NEW_ARRAY(arena, n.place_count, uint32_t);
    uint32_t *numbers = BFL_NEW_ARRAY(arena, record->lesion_count, uint32_t);
    uint32_t *followers =
        BFL_NEW_ARRAY(arena, record->lesion_count, uint32_t); /* row + 1 after each lesion; 0: none yet */
    *count = 0;
    for (size_t i = 0; i < record->lesion_count; i++) {
        uint32_t follower = i > 0 ? followers[numbers[i - 1]] : 0;
        if (follower && same_lesion(&n, &record->lesions[follower - 1], &record->lesions[i])) {
            numbers[i] = numbers[follower - 1];
        } else {
            uint32_t *place = place_of(&n, &record->lesions[i]);
            numbers[i] = *place ? numbers[*place - 1] : (uint32_t)(*count)++;
            if (*place == 0) *place = (uint32_t)(i + 1);
        }
        if (i > 0) followers[numbers[i - 1]] = (uint32_t)(i + 1);
    }
    return numbers;
}
