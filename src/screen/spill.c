/* SPDX-License-Identifier: Apache-2.0 */
/* Buckets on disk: an external partition. A bucket is a chain of chunks of one file that has no name, so nothing is left behind. */
#include "screen/screen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK_BYTES = 8192, LONGEST_PATH = 4096 };

typedef struct chunk {
    uint64_t offset;
    uint32_t size;
} chunk;

typedef struct bucket {
    char *buffer;
    size_t used;
    uint64_t bytes;
    BFL_LIST(chunk) chunks;
} bucket;

struct bfl_spill {
    bfl_arena *arena;
    int file;
    uint64_t end;
    bucket *buckets;
    size_t count;
};

static bfl_status build(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    bfl_spill **spill = context;
    size_t count = (*spill)->count;
    *spill = BFL_NEW(arena, bfl_spill);
    (*spill)->arena = arena;
    (*spill)->count = count;
    (*spill)->buckets = BFL_NEW_ARRAY(arena, count, bucket);
    (*spill)->file = -1;
    return BFL_OK;
}

bfl_status bfl_spill_new(const char *folder, size_t buckets, bfl_spill **out, bfl_error *err) {
    bfl_spill plan = {.count = buckets}, *spill = &plan;
    char name[LONGEST_PATH];
    int length = snprintf(name, sizeof name, "%s/.boneflare-XXXXXX", folder);
    if (length < 0 || (size_t)length >= sizeof name) return bfl_fail(err, BFL_EINVAL, folder, 0, "path is too long");
    bfl_status status = bfl_arena_build(build, &spill, err);
    if (status) return status;
    spill->file = mkstemp(name);
    if (spill->file < 0) {
        status = bfl_fail(err, BFL_EIO, folder, 0, "no temporary file can be made in it: %s", strerror(errno));
        bfl_spill_free(spill);
        return status;
    }
    (void)unlink(name);
    *out = spill;
    return BFL_OK;
}

void bfl_spill_free(bfl_spill *spill) {
    if (!spill) return;
    if (spill->file >= 0) (void)close(spill->file);
    bfl_arena_free(spill->arena);
}

typedef struct request {
    bfl_spill *spill;
    bucket *bucket;
    bfl_text text;
    bfl_block *out;
} request;

static bfl_status write_at(int file, const char *data, size_t size, uint64_t offset, bfl_error *err) {
    while (size) {
        ssize_t done = pwrite(file, data, size, (off_t)offset);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return bfl_fail(err, BFL_EIO, "temporary file", 0, "cannot be written: %s", strerror(errno));
        data += done;
        size -= (size_t)done;
        offset += (uint64_t)done;
    }
    return BFL_OK;
}

static bfl_status flush(bfl_spill *s, bucket *b, bfl_error *err) {
    if (b->used == 0) return BFL_OK;
    *BFL_PUSH(s->arena, &b->chunks) = (chunk){s->end, (uint32_t)b->used};
    bfl_status status = write_at(s->file, b->buffer, b->used, s->end, err);
    s->end += b->used;
    b->used = 0;
    return status;
}

static bfl_status add(bfl_arena *arena, void *context, bfl_error *err) {
    request *q = context;
    bucket *b = q->bucket;
    bfl_status status = BFL_OK;
    if (!b->buffer) b->buffer = bfl_arena_alloc(arena, CHUNK_BYTES, 1);
    b->bytes += q->text.size;
    while (q->text.size && !status) {
        size_t part = CHUNK_BYTES - b->used < q->text.size ? CHUNK_BYTES - b->used : q->text.size;
        memcpy(b->buffer + b->used, q->text.data, part);
        b->used += part;
        q->text = (bfl_text){q->text.data + part, q->text.size - part};
        if (b->used == CHUNK_BYTES) status = flush(q->spill, b, err);
    }
    return status;
}

bfl_status bfl_spill_add(bfl_spill *spill, size_t number, bfl_text text, bfl_error *err) {
    bucket *b = &spill->buckets[number];
    if (b->buffer && CHUNK_BYTES - b->used > text.size) { /* most texts: no arena, no file */
        memcpy(b->buffer + b->used, text.data, text.size);
        b->used += text.size;
        b->bytes += text.size;
        return BFL_OK;
    }
    request q = {spill, b, text, NULL};
    return bfl_arena_run(spill->arena, add, &q, err);
}

static bfl_status load(bfl_arena *arena, void *context, bfl_error *err) {
    request *q = context;
    const bucket *b = q->bucket;
    if (q->out->room < b->bytes) {
        bfl_arena_reset(arena);
        q->out->data = bfl_arena_alloc(arena, (size_t)b->bytes, 1);
        q->out->room = (size_t)b->bytes;
    }
    q->out->size = 0;
    for (size_t i = 0; i < b->chunks.count; i++) {
        const chunk *c = &b->chunks.items[i];
        for (size_t done = 0; done < c->size;) {
            ssize_t got = pread(q->spill->file, q->out->data + q->out->size, c->size - done, (off_t)(c->offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return bfl_fail(err, BFL_EIO, "temporary file", 0, "cannot be read");
            done += (size_t)got;
            q->out->size += (size_t)got;
        }
    }
    if (b->used) memcpy(q->out->data + q->out->size, b->buffer, b->used);
    q->out->size += b->used;
    return BFL_OK;
}

bfl_status bfl_spill_load(bfl_spill *spill, size_t number, bfl_block *out, bfl_error *err) {
    request q = {.spill = spill, .bucket = &spill->buckets[number], .out = out};
    return bfl_arena_run(out->arena, load, &q, err);
}
