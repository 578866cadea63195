/* SPDX-License-Identifier: Apache-2.0 */
/* A stream cut into blocks of whole lines: memory for one block and one line, whatever the length of the stream. */
#include "format/format.h"

#include <string.h>

enum { FIRST_ROOM = 4096 };

static void reserve(bfl_block *b, size_t more) {
    if (b->room - b->size >= more) return;
    size_t room = b->room ? b->room : FIRST_ROOM;
    while (room - b->size < more) room *= 2;
    char *grown = bfl_arena_alloc(b->arena, room, 1);
    if (b->size) memcpy(grown, b->data, b->size);
    b->data = grown;
    b->room = room;
}

void bfl_block_add(bfl_block *block, bfl_text text) {
    reserve(block, text.size);
    if (text.size) memcpy(block->data + block->size, text.data, text.size);
    block->size += text.size;
}

typedef struct request {
    bfl_line_stream *stream;
    bfl_block *block;
    bool more;
} request;

static bfl_status read_more(bfl_line_stream *s, bfl_block *b, size_t want, bfl_error *err) {
    reserve(b, want);
    ptrdiff_t got = s->intake.read(s->intake.context, b->data + b->size, want);
    if (got < 0 || (size_t)got > want) return bfl_fail(err, BFL_EIO, s->name, 0, "cannot be read");
    s->ended = got == 0;
    b->size += (size_t)got;
    s->bytes += (uint64_t)got;
    return BFL_OK;
}

/* Behind the last line end of the block, 0 when it holds none. Looks only at what came since `from`. */
static size_t whole_lines(const bfl_block *b, size_t from) {
    for (size_t i = b->size; i > from; i--)
        if (b->data[i - 1] == '\n') return i;
    return 0;
}

static uint64_t count_lines(const char *data, size_t size) {
    uint64_t count = 0;
    for (const char *p = data, *end = data + size; (p = memchr(p, '\n', (size_t)(end - p))); p++) count++;
    return count;
}

/* Inside a line that is too long: drops bytes up to its end. */
static bfl_status skip_line(bfl_line_stream *s, bfl_block *b, bfl_error *err) {
    while (s->skipping) {
        const char *end = b->size ? memchr(b->data, '\n', b->size) : NULL;
        if (end) {
            size_t used = (size_t)(end - b->data) + 1;
            memmove(b->data, b->data + used, b->size - used);
            b->size -= used;
            s->skipping = false;
        } else {
            b->size = 0;
            if (s->ended) s->skipping = false;
            bfl_status status = s->ended ? BFL_OK : read_more(s, b, s->block_bytes, err);
            if (status) return status;
        }
    }
    return BFL_OK;
}

/* Reads until there is a line end, and the block is full or the stream has no more for now. */
static bfl_status read_lines(bfl_line_stream *s, bfl_block *b, size_t *whole, bfl_error *err) {
    bfl_status status = BFL_OK;
    *whole = whole_lines(b, 0);
    while (!status && !s->ended && (!*whole || b->size < s->block_bytes)) {
        size_t from = b->size;
        if (!*whole && b->size > s->line_bytes) break;
        status = read_more(s, b, s->block_bytes, err);
        size_t end = whole_lines(b, from);
        if (end) *whole = end;
        if (*whole && b->size - from < s->block_bytes) break;
    }
    return status;
}

/* Only the first line of a block can be longer than the limit: a block is closed soon after a line end. */
static void leave_out_long(bfl_line_stream *s, bfl_block *b, size_t whole) {
    const char *end = whole && b->size > s->line_bytes ? memchr(b->data, '\n', whole) : NULL;
    size_t first = end ? (size_t)(end - b->data) : 0;
    b->too_long = (!whole && b->size > 0) || first > s->line_bytes;
    if (!b->too_long) return;
    if (first) bfl_block_add(&s->rest, (bfl_text){b->data + first + 1, b->size - first - 1});
    s->skipping = !whole;
    s->lines++;
    b->size = 0;
}

/* What follows the last line end is kept for the next block. */
static bfl_status fill(request *r, bfl_error *err) {
    bfl_line_stream *s = r->stream;
    bfl_block *b = r->block;
    size_t whole = 0;
    bfl_status status = skip_line(s, b, err);
    if (!status) status = read_lines(s, b, &whole, err);
    if (status) return status;
    if (s->ended && b->size > whole && b->size - whole <= s->line_bytes) { /* the last line has no line end */
        bfl_block_add(b, BFL_TEXT("\n"));
        whole = b->size;
    }
    b->first_line = s->lines + 1;
    r->more = b->size > 0;
    leave_out_long(s, b, whole);
    if (b->too_long) return BFL_OK;
    bfl_block_add(&s->rest, (bfl_text){b->data + whole, b->size - whole});
    b->size = whole;
    s->lines += count_lines(b->data, whole);
    return BFL_OK;
}

static bfl_status in_block(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    request *r = context;
    r->block->size = 0;
    bfl_block_add(r->block, (bfl_text){r->stream->rest.data, r->stream->rest.size});
    r->stream->rest.size = 0;
    return fill(r, err);
}

static bfl_status in_stream(bfl_arena *arena, void *context, bfl_error *err) {
    (void)arena;
    request *r = context;
    return bfl_arena_run(r->block->arena, in_block, r, err);
}

bfl_status bfl_line_stream_next(bfl_line_stream *stream, bfl_block *block, bool *more, bfl_error *err) {
    request r = {stream, block, false};
    bfl_status status = bfl_arena_run(stream->rest.arena, in_stream, &r, err);
    if (!status) *more = r.more;
    return status;
}
