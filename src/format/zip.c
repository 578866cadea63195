/* SPDX-License-Identifier: Apache-2.0 */
/* ZIP (PKWARE APPNOTE 6.3, with zip64): the table at its end names the entries; every length is held against the file. */
#include "format/zip.h"

#include <string.h>

enum { END = 22, END64_PLACE = 20, END64 = 56, LISTED = 46, LOCAL = 30, LONGEST_COMMENT = 65535, EXTRA64 = 1 };
enum { MOST_RATIO = 1100, ENCRYPTED = 1, STORED = 0, DEFLATED = 8 };

static uint64_t number(bfl_text bytes, size_t at, size_t size) {
    uint64_t value = 0;
    for (size_t b = 0; b < size; b++) value |= (uint64_t)(unsigned char)bytes.data[at + b] << (8 * b);
    return value;
}

static bool has(bfl_text bytes, uint64_t at, uint64_t size) { return at <= bytes.size && size <= bytes.size - at; }

static bool marked(bfl_text bytes, uint64_t at, const char mark[4]) {
    return has(bytes, at, 4) && memcmp(bytes.data + at, mark, 4) == 0;
}

bool bfl_is_zip(bfl_text head) { return marked(head, 0, "PK\3\4"); }

/* Where the list lies and how many it names. */
typedef struct listing {
    uint64_t at, size, count;
} listing;

static bool find_end(bfl_text bytes, size_t *at) {
    if (bytes.size < END) return false;
    const size_t least = bytes.size - END > LONGEST_COMMENT ? bytes.size - END - LONGEST_COMMENT : 0;
    for (*at = bytes.size - END;; --*at) {
        if (marked(bytes, *at, "PK\5\6")) return true;
        if (*at == least) return false;
    }
}

static bool find_list(bfl_text bytes, listing *out) {
    size_t end = 0;
    if (!find_end(bytes, &end)) return false;
    *out = (listing){number(bytes, end + 16, 4), number(bytes, end + 12, 4), number(bytes, end + 10, 2)};
    if (end >= END64_PLACE && marked(bytes, end - END64_PLACE, "PK\6\7")) {
        const uint64_t large = number(bytes, end - END64_PLACE + 8, 8);
        if (!has(bytes, large, END64) || !marked(bytes, large, "PK\6\6")) return false;
        *out = (listing){number(bytes, large + 48, 8), number(bytes, large + 40, 8), number(bytes, large + 32, 8)};
    }
    return has(bytes, out->at, out->size);
}

/* Sizes that do not fit 32 bits stand behind the name, in this order, those only that do not fit. */
static bool read_large(bfl_text bytes, uint64_t at, uint64_t size, uint64_t *const large[3]) {
    for (uint64_t end = at + size; at + 4 <= end;) {
        const uint64_t kind = number(bytes, at, 2), length = number(bytes, at + 2, 2);
        at += 4;
        if (length > end - at) return false;
        for (uint64_t n = 0, from = at; kind == EXTRA64 && n < 3; n++) {
            if (*large[n] != 0xffffffff) continue;
            if (from + 8 > at + length) return false;
            *large[n] = number(bytes, from, 8);
            from += 8;
        }
        at += length;
    }
    return true;
}

static bool read_entry(bfl_text bytes, uint64_t *at, bfl_zip_entry *out) {
    if (!has(bytes, *at, LISTED) || !marked(bytes, *at, "PK\1\2")) return false;
    const uint64_t name = number(bytes, *at + 28, 2), extra = number(bytes, *at + 30, 2),
                   comment = number(bytes, *at + 32, 2);
    uint64_t place = number(bytes, *at + 42, 4);
    *out = (bfl_zip_entry){.method = (unsigned)number(bytes, *at + 10, 2),
                           .encrypted = (number(bytes, *at + 8, 2) & ENCRYPTED) != 0,
                           .packed = number(bytes, *at + 20, 4),
                           .size = number(bytes, *at + 24, 4)};
    const uint64_t behind = *at + LISTED;
    if (!has(bytes, behind, name + extra + comment)) return false;
    out->name = (bfl_text){bytes.data + behind, (size_t)name};
    if (!read_large(bytes, behind + name, extra, (uint64_t *const[3]){&out->size, &out->packed, &place})) return false;
    *at = behind + name + extra + comment;
    if (!has(bytes, place, LOCAL) || !marked(bytes, place, "PK\3\4")) return false;
    out->at = place + LOCAL + number(bytes, place + 26, 2) + number(bytes, place + 28, 2);
    return has(bytes, out->at, out->packed);
}

bfl_status bfl_zip_list(bfl_arena *arena, bfl_text bytes, size_t most, const char *where, bfl_zip_entry **out,
                        size_t *count, bfl_error *err) {
    listing list;
    if (!find_list(bytes, &list))
        return bfl_fail(err, BFL_EPARSE, where, 0, "is no whole ZIP file: its list is missing");
    if (list.count > most) return bfl_fail(err, BFL_ELIMIT, where, 0, "holds more than %zu files", most);
    if (list.count > list.size / LISTED)
        return bfl_fail(err, BFL_EPARSE, where, 0, "the list of the ZIP file is cut off");
    bfl_zip_entry *entries = BFL_NEW_ARRAY(arena, (size_t)list.count + 1, bfl_zip_entry);
    uint64_t at = list.at;
    for (uint64_t n = 0; n < list.count; n++)
        if (!read_entry(bytes, &at, &entries[n]))
            return bfl_fail(err, BFL_EPARSE, where, 0, "entry %llu of the ZIP file is damaged",
                            (unsigned long long)n + 1);
    *out = entries;
    *count = (size_t)list.count;
    return BFL_OK;
}

/* Deflation packs to a thousandth at best: what promises more is damaged, or a bomb. */
bool bfl_zip_can_take(const bfl_zip_entry *entry) {
    const bool credible = entry->size / MOST_RATIO <= entry->packed;
    return !entry->encrypted &&
           ((entry->method == DEFLATED && credible) || (entry->method == STORED && entry->packed == entry->size));
}

bfl_status bfl_zip_take(bfl_arena *arena, bfl_text bytes, const bfl_zip_entry *entry, char *out, const char *where,
                        bfl_error *err) {
    const bfl_text packed = {bytes.data + entry->at, (size_t)entry->packed};
    if (entry->method == DEFLATED)
        return bfl_inflate_take(bfl_inflate_raw(arena, packed), out, (size_t)entry->size, where, err);
    memcpy(out, packed.data, packed.size);
    return BFL_OK;
}
