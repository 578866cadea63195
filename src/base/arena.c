/* SPDX-License-Identifier: Apache-2.0 */
/* The arena: a chain of blocks, or with -Darena=malloc one block per allocation so that the sanitizers see every overrun. */
#define _DEFAULT_SOURCE /* madvise() */
#include "base/base.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef BFL_ARENA_MALLOC
enum { FIRST_BLOCK = 0, SCRATCH_BLOCK = 0, GROWTH = 1, LARGEST_BLOCK = 0 };
#else
/* Few and large: what is not used is not touched, and glibc gives blocks of one size back to the system only when they were
 * small. */
enum { FIRST_BLOCK = 64 * 1024, SCRATCH_BLOCK = 16 * 1024, GROWTH = 4, LARGEST_BLOCK = 1024 * 1024 };
#endif

typedef struct block {
    struct block *previous;
    size_t size;
    alignas(max_align_t) char bytes[];
} block;

struct bfl_arena {
    bfl_arena_room room; /* first: bfl_arena_take() knows no more of it */
    block *last;
    size_t before;                        /* bytes handed out of the blocks before the last */
    jmp_buf *guard;                       /* NULL outside bfl_arena_run() */
    bfl_arena *parent, *scratches, *next; /* of a scratch: whose; of a parent: its scratches, as a list by `next` */
};

static _Thread_local int64_t fail_at;   /* 0 = never. lint: per thread, and for tests only */
static _Thread_local int64_t allocated; /* since the last bfl_memory_count(). lint: per thread, and for tests only */

static void *system_alloc(size_t size) {
    allocated++;
    if (fail_at > 0 && --fail_at == 0) return NULL;
    return malloc(size);
}

int64_t bfl_memory_fail_at(int64_t n) {
    int64_t left = fail_at;
    fail_at = n;
    return left;
}

int64_t bfl_memory_count(void) {
    int64_t n = allocated;
    allocated = 0;
    return n;
}

static block *block_new(block *previous, size_t size, void *(*get)(size_t size)) {
    if (size > SIZE_MAX - sizeof(block)) return NULL;
    block *b = get(sizeof(block) + size);
    if (!b) return NULL;
    b->previous = previous;
    b->size = size;
    return b;
}

/* In large pages where the system has them: touching an image of a hundred megabytes in small ones costs as much as a pass of work
 * over it. */
static void *in_large_pages(char *bytes, size_t size) {
    enum { PAGE = 4096, MUCH = 4 * 1024 * 1024 };
#ifdef MADV_HUGEPAGE
    const size_t before = (PAGE - (uintptr_t)bytes % PAGE) % PAGE;
    if (bytes && size >= MUCH) (void)madvise(bytes + before, (size - before) / PAGE * PAGE, MADV_HUGEPAGE);
#endif
    return bytes;
}

static void *large_alloc(size_t size) { return in_large_pages(system_alloc(size), size); }

/* Zeroes from the system, which has them anyway. */
static void *zeroed_alloc(size_t size) {
    allocated++;
    if (fail_at > 0 && --fail_at == 0) return NULL;
    return in_large_pages(calloc(1, size), size);
}

bfl_arena *bfl_arena_new(void) {
    bfl_arena *arena = system_alloc(sizeof *arena);
    if (!arena) return NULL;
    *arena = (bfl_arena){0};
    return arena;
}

static void free_blocks(block *b, const block *keep) {
    while (b && b != keep) {
        block *previous = b->previous;
        free(b);
        b = previous;
    }
}

/* Releases the scratch arenas made after `keep`. They lie in the parent's blocks, so only their own blocks are released. */
static void free_scratches(bfl_arena *arena, const bfl_arena *keep) {
    for (; arena->scratches && arena->scratches != keep; arena->scratches = arena->scratches->next) {
        free_scratches(arena->scratches, NULL);
        free_blocks(arena->scratches->last, NULL);
    }
}

void bfl_arena_free(bfl_arena *arena) {
    if (!arena) return;
    free_scratches(arena, NULL);
    free_blocks(arena->last, NULL);
    free(arena);
}

/* The block becomes the last one, in use up to `at`. */
static void stand_at(bfl_arena *arena, block *last, char *at, size_t before) {
    arena->last = last;
    arena->room = (bfl_arena_room){at, last ? last->bytes + last->size : NULL};
    arena->before = before;
}

void bfl_arena_reset(bfl_arena *arena) {
    free_scratches(arena, NULL);
    block *first = arena->last;
    while (FIRST_BLOCK > 0 && first && first->previous) first = first->previous;
    if (FIRST_BLOCK == 0) first = NULL;
    free_blocks(arena->last, first);
    stand_at(arena, first, first ? first->bytes : NULL, 0);
}

size_t bfl_arena_used(const bfl_arena *arena) {
    return arena->last ? arena->before + (size_t)(arena->room.at - arena->last->bytes) : 0;
}

bfl_arena_mark bfl_arena_here(const bfl_arena *arena) {
    return (bfl_arena_mark){arena->last, arena->room.at, arena->before, arena->scratches};
}

void bfl_arena_back(bfl_arena *arena, bfl_arena_mark mark) {
    free_scratches(arena, mark.scratches);
    free_blocks(arena->last, mark.block);
    stand_at(arena, mark.block, mark.at, mark.before);
}

bfl_status bfl_arena_run(bfl_arena *arena, bfl_arena_body body, void *context, bfl_error *err) {
    jmp_buf guard;
    jmp_buf *const outer = arena->guard;
    if (setjmp(guard)) {
        arena->guard = outer;
        return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    }
    arena->guard = &guard;
    bfl_status status = body(arena, context, err);
    arena->guard = outer;
    return status;
}

bfl_status bfl_arena_build(bfl_arena_body body, void *context, bfl_error *err) {
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_arena_run(arena, body, context, err);
    if (status) bfl_arena_free(arena);
    return status;
}

_Noreturn void bfl_arena_give_up(const bfl_arena *arena) {
    while (!arena->guard && arena->parent) arena = arena->parent;
    if (arena->guard) longjmp(*arena->guard, 1);
    fputs("boneflare: out of memory outside bfl_arena_run()\n", stderr);
    abort();
}

/* A new block becomes the last one. */
static void add_block(bfl_arena *arena, size_t size, void *(*get)(size_t size)) {
    block *b = block_new(arena->last, size, get);
    if (!b) bfl_arena_give_up(arena);
    stand_at(arena, b, b->bytes, bfl_arena_used(arena));
}

static void add_room(bfl_arena *arena, size_t bytes) {
    const block *last = arena->last;
    size_t size = last ? last->size * GROWTH : arena->parent ? SCRATCH_BLOCK : FIRST_BLOCK;
    if (size > LARGEST_BLOCK) size = LARGEST_BLOCK;
    add_block(arena, size < bytes ? bytes : size, system_alloc);
}

void *bfl_arena_more(bfl_arena *arena, size_t bytes) {
    add_room(arena, bytes);
    void *p = arena->room.at;
    arena->room.at += bytes;
    return p;
}

/* Bytes of so many items. */
static inline size_t bytes_of(const bfl_arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 4) bfl_arena_give_up(arena);
    return bytes;
}

void *bfl_arena_uncleared(bfl_arena *arena, size_t count, size_t size) {
    const size_t bytes = bytes_of(arena, count, size);
    if (LARGEST_BLOCK > 0 && bytes > LARGEST_BLOCK) add_block(arena, bfl_arena_rounded(bytes), large_alloc);
    return bfl_arena_take(arena, bytes);
}

void *bfl_arena_alloc(bfl_arena *arena, size_t count, size_t size) {
    size_t bytes = bytes_of(arena, count, size);
    if (LARGEST_BLOCK == 0 || bytes <= LARGEST_BLOCK) return memset(bfl_arena_take(arena, bytes), 0, bytes);
    add_block(arena, bfl_arena_rounded(bytes), zeroed_alloc);
    return bfl_arena_take(arena, bytes);
}

bfl_arena *bfl_arena_scratch(bfl_arena *parent) {
    bfl_arena *scratch = BFL_NEW(parent, bfl_arena);
    scratch->parent = parent;
    scratch->next = parent->scratches;
    parent->scratches = scratch;
    return scratch;
}

/* A list that was allocated last, in a block with room behind it, grows where it is. */
static bool extend(bfl_arena *arena, char *items, size_t had, size_t more) {
    const char *behind = items + bfl_arena_rounded(had);
    if (FIRST_BLOCK == 0 || behind != arena->room.at || (size_t)(arena->room.end - items) < more) return false;
    arena->room.at = items;
    (void)bfl_arena_take(arena, more);
    return true;
}

void *bfl_arena_grow(bfl_arena *arena, void *items, size_t *capacity, size_t size) {
    size_t larger = *capacity ? *capacity * 2 : 4, had = *capacity * size, bytes = bytes_of(arena, larger, size);
    *capacity = larger;
    if (had && extend(arena, items, had, bytes)) return items;
    char *grown = bfl_arena_take(arena, bytes);
    if (had) memcpy(grown, items, had);
    return grown;
}

char *bfl_arena_text(bfl_arena *arena, bfl_text text) {
    if (text.size > SIZE_MAX / 4) bfl_arena_give_up(arena);
    char *copy = bfl_arena_take(arena, text.size + 1);
    if (text.size) memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return copy;
}

enum { SHORT_TEXT = 256 };

/* Formatted where it stays, once: most texts fit behind what was allocated last. */
char *bfl_arena_vprintf(bfl_arena *arena, size_t most, const char *format, va_list args) {
    if (FIRST_BLOCK > 0 && arena->room.end - arena->room.at < SHORT_TEXT) add_room(arena, SHORT_TEXT);
    size_t room = (size_t)(arena->room.end - arena->room.at);
    va_list again;
    va_copy(again, args);
    int length = bfl_text_vformat(arena->room.at, room, format, again);
    va_end(again);
    if (length < 0) bfl_arena_give_up(arena);
    size_t size = (size_t)length < most ? (size_t)length : most;
    char *text = bfl_arena_take(arena, size + 1);
    bool fits = size < room;
    if (!fits) (void)bfl_text_vformat(text, size + 1, format, args);
    text[size] = '\0';
    return text;
}

char *bfl_arena_printf(bfl_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *text = bfl_arena_vprintf(arena, SIZE_MAX / 4, format, args);
    va_end(args);
    return text;
}
