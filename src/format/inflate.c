/* SPDX-License-Identifier: Apache-2.0 */
/* Packed bytes through zlib, with zlib's own memory in the arena: a jump out of the arena leaves nothing behind. */
#include "format/voxels.h"

#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

struct bfl_inflater {
    z_stream stream;
    bfl_text left; /* not yet handed to zlib, which counts in 32 bits */
};

enum { ANY_HEADER = 32, GZIP_HEADER = 16, LARGEST_CHUNK = 1 << 30 };

static voidpf take_memory(voidpf arena, uInt items, uInt size) { return bfl_arena_alloc(arena, items, size); }
static void leave_memory(voidpf arena, voidpf address) {
    (void)arena;
    (void)address;
}

bool bfl_is_gzip(bfl_text bytes) { return bytes.size > 2 && memcmp(bytes.data, "\x1f\x8b", 2) == 0; }

static bfl_inflater *begin(bfl_arena *arena, bfl_text packed, int window) {
    bfl_inflater *inflater = BFL_NEW(arena, bfl_inflater);
    inflater->stream.zalloc = take_memory;
    inflater->stream.zfree = leave_memory;
    inflater->stream.opaque = arena;
    inflater->left = packed;
    /* Fails only without memory, which the arena answers for, or with another zlib than it was built with. */
    if (inflateInit2(&inflater->stream, window) != Z_OK) inflater->left.size = 0;
    return inflater;
}

bfl_inflater *bfl_inflate_begin(bfl_arena *arena, bfl_text packed) {
    return begin(arena, packed, MAX_WBITS + ANY_HEADER);
}
bfl_inflater *bfl_inflate_raw(bfl_arena *arena, bfl_text packed) { return begin(arena, packed, -MAX_WBITS); }

static void refill(bfl_inflater *inflater) {
    size_t chunk = inflater->left.size < LARGEST_CHUNK ? inflater->left.size : LARGEST_CHUNK;
    inflater->stream.next_in = (const Bytef *)inflater->left.data;
    inflater->stream.avail_in = (uInt)chunk;
    inflater->left.data += chunk;
    inflater->left.size -= chunk;
}

bfl_status bfl_inflate_take(bfl_inflater *inflater, char *out, size_t size, const char *where, bfl_error *err) {
    z_stream *z = &inflater->stream;
    while (size > 0) {
        const size_t chunk = size < LARGEST_CHUNK ? size : LARGEST_CHUNK;
        if (z->avail_in == 0 && inflater->left.size > 0) refill(inflater);
        z->next_out = (Bytef *)out;
        z->avail_out = (uInt)chunk;
        const int result = inflate(z, Z_NO_FLUSH);
        const size_t got = chunk - z->avail_out;
        out += got;
        size -= got;
        if (size == 0) break;
        if (result != Z_OK && result != Z_BUF_ERROR)
            return bfl_fail(err, BFL_EPARSE, where, 0,
                            result == Z_STREAM_END ? "ends before the last voxel" : "packed data are damaged");
        if (got == 0 && z->avail_in == 0 && inflater->left.size == 0)
            return bfl_fail(err, BFL_EPARSE, where, 0, "ends before the last voxel");
    }
    return BFL_OK;
}

/* Twice the room; BFL_ELIMIT when all that is allowed is taken. */
static bfl_status more_room(bfl_arena *arena, char **bytes, size_t *room, size_t most, const char *where,
                            bfl_error *err) {
    if (*room == most) return bfl_fail(err, BFL_ELIMIT, where, 0, "unpacks to more than %zu bytes", most);
    const size_t larger = *room > most / 2 ? most : 2 * *room;
    char *copy = bfl_arena_alloc(arena, larger + 1, 1);
    memcpy(copy, *bytes, *room);
    *bytes = copy;
    *room = larger;
    return BFL_OK;
}

/* One step of zlib into `room` bytes; false when what is packed is damaged or cut off. */
static bool step(bfl_inflater *inflater, char *out, size_t room, size_t *got, bool *ended) {
    z_stream *z = &inflater->stream;
    const size_t chunk = room < LARGEST_CHUNK ? room : LARGEST_CHUNK;
    if (z->avail_in == 0 && inflater->left.size > 0) refill(inflater);
    z->next_out = (Bytef *)out;
    z->avail_out = (uInt)chunk;
    const int result = inflate(z, Z_NO_FLUSH);
    *got = chunk - z->avail_out;
    *ended = result == Z_STREAM_END;
    const bool stuck = *got == 0 && z->avail_in == 0 && inflater->left.size == 0;
    return *ended || ((result == Z_OK || result == Z_BUF_ERROR) && !stuck);
}

bfl_status bfl_inflate_rest(bfl_arena *arena, bfl_inflater *inflater, size_t most, const char *where, bfl_text *out,
                            bfl_error *err) {
    enum { FIRST = 1 << 16 };
    size_t room = most < FIRST ? most : FIRST, size = 0;
    char *bytes = bfl_arena_alloc(arena, room + 1, 1);
    for (bool ended = false; !ended;) {
        size_t got = 0;
        if (size == room) {
            bfl_status status = more_room(arena, &bytes, &room, most, where, err);
            if (status) return status;
        }
        if (!step(inflater, bytes + size, room - size, &got, &ended))
            return bfl_fail(err, BFL_EPARSE, where, 0, "packed data are damaged");
        size += got;
    }
    *out = (bfl_text){bytes, size};
    return BFL_OK;
}

static bfl_text pack(bfl_arena *arena, bfl_text bytes, int window) {
    enum { FAST = 4, MEMORY = 8 };
    z_stream z = {.zalloc = take_memory, .zfree = leave_memory, .opaque = arena};
    char *out = bfl_arena_alloc(arena, bytes.size + bytes.size / 64 + 1024, 1);
    char *const begin = out;
    if (deflateInit2(&z, FAST, Z_DEFLATED, window, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) return (bfl_text){begin, 0};
    int result = Z_OK;
    while (result == Z_OK) {
        const size_t in = bytes.size < LARGEST_CHUNK ? bytes.size : LARGEST_CHUNK;
        z.next_in = (const Bytef *)bytes.data;
        z.avail_in = (uInt)in;
        z.next_out = (Bytef *)out;
        z.avail_out = LARGEST_CHUNK;
        result = deflate(&z, in == bytes.size ? Z_FINISH : Z_NO_FLUSH);
        out += LARGEST_CHUNK - z.avail_out;
        bytes.data += in - z.avail_in;
        bytes.size -= in - z.avail_in;
    }
    return (bfl_text){begin, (size_t)(out - begin)};
}

bfl_text bfl_gzip(bfl_arena *arena, bfl_text bytes) { return pack(arena, bytes, MAX_WBITS + GZIP_HEADER); }
bfl_text bfl_zlib(bfl_arena *arena, bfl_text bytes) { return pack(arena, bytes, MAX_WBITS); }
