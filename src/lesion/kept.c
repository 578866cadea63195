/* SPDX-License-Identifier: Apache-2.0 */
/* What registration found, kept for a run that goes on after an interrupted one. A hash under the comparison's key comes before it:
 * what was cut off, damaged, or made from other scans, options or by another version is never read. */
#include "lesion/lesion.h"

#include <sodium.h>
#include <string.h>

enum { MAGIC = 8, HASH = 32, KEY = 32 };
static const char MAGIC_BYTES[MAGIC + 1] = "bflctra1";

static bool has_key(const bfl_ct_options *how) { return how->key && strlen(how->key) == KEY; }

static void hash_of(const bfl_ct_options *how, bfl_text body, uint8_t out[HASH]) {
    (void)crypto_generichash(out, HASH, (const uint8_t *)body.data, body.size, (const uint8_t *)how->key, KEY);
}

bool bfl_lesion_take_over(bfl_arena *arena, const bfl_ct_options *how, bfl_transform *out) {
    uint8_t hash[HASH];
    const bfl_text kept = how->kept;
    if (!has_key(how) || kept.size < MAGIC + HASH || memcmp(kept.data, MAGIC_BYTES, MAGIC) != 0) return false;
    const bfl_text body = {kept.data + MAGIC + HASH, kept.size - MAGIC - HASH};
    hash_of(how, body, hash);
    return memcmp(kept.data + MAGIC, hash, HASH) == 0 && bfl_transform_of_bytes(arena, body, out);
}

bool bfl_lesion_keep(bfl_arena *arena, const bfl_ct_options *how, const bfl_transform *transform) {
    if (!how->keep.write || !has_key(how)) return true;
    const bfl_arena_mark mark = bfl_arena_here(arena);
    const bfl_text body = bfl_transform_bytes(arena, transform);
    char *all = BFL_NEW_ARRAY(arena, MAGIC + HASH + body.size, char);
    uint8_t hash[HASH];
    hash_of(how, body, hash);
    memcpy(all, MAGIC_BYTES, MAGIC);
    memcpy(all + MAGIC, hash, HASH);
    memcpy(all + MAGIC + HASH, body.data, body.size);
    const bool kept = how->keep.write(how->keep.context, all, MAGIC + HASH + body.size);
    bfl_arena_back(arena, mark);
    return kept;
}
