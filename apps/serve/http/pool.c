/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http/pool.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 8192, ALIGNMENT = alignof(max_align_t) };

typedef struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
} block;

typedef struct owned {
    struct owned *next;
    void *thing;
    void (*release)(void *thing);
} owned;

struct serve_pool {
    block *blocks; /* the newest first */
    owned *things; /* the newest first */
    jmp_buf *out;
};

serve_pool *serve_pool_new(void) { return calloc(1, sizeof(serve_pool)); }

void serve_pool_free(serve_pool *pool) {
    if (!pool) return;
    for (const owned *o = pool->things; o; o = o->next) o->release(o->thing);
    for (block *b = pool->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(pool);
}

bool serve_pool_run(serve_pool *pool, void (*body)(void *context), void *context) {
    jmp_buf here, *volatile before = pool->out;
    pool->out = &here;
    volatile bool done = false;
    if (setjmp(here) == 0) {
        body(context);
        done = true;
    }
    pool->out = before;
    return done;
}

_Noreturn void serve_pool_fail(serve_pool *pool) {
    if (!pool->out) abort(); /* a defect: allocation outside serve_pool_run() */
    longjmp(*pool->out, 1);
}

static block *new_block(serve_pool *pool, size_t size) {
    size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    block *b = room < SIZE_MAX - sizeof *b ? calloc(1, sizeof *b + room) : NULL;
    if (!b) serve_pool_fail(pool);
    b->size = room;
    b->next = pool->blocks;
    pool->blocks = b;
    return b;
}

void *serve_pool_alloc(serve_pool *pool, size_t count, size_t size) {
    if (size && count > (SIZE_MAX - ALIGNMENT) / size) serve_pool_fail(pool);
    size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block *b = pool->blocks;
    if (!b || b->size - b->used < bytes) b = new_block(pool, bytes);
    void *result = b->bytes + b->used;
    b->used += bytes;
    return result;
}

void *serve_pool_grow(serve_pool *pool, const void *old, size_t used, size_t size) {
    void *larger = serve_pool_alloc(pool, 1, size);
    if (used) memcpy(larger, old, used);
    return larger;
}

char *serve_pool_text(serve_pool *pool, bfl_text text) {
    char *copy = serve_pool_alloc(pool, text.size + 1, 1);
    if (text.size) memcpy(copy, text.data, text.size);
    return copy;
}

char *serve_pool_printf(serve_pool *pool, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) length = 0;
    char *text = serve_pool_alloc(pool, (size_t)length + 1, 1);
    (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void *serve_pool_own(serve_pool *pool, void *thing, void (*release)(void *thing)) {
    if (!thing) serve_pool_fail(pool);
    owned *o = NULL;
    block *b = pool->blocks;
    if (b && b->size - b->used >= sizeof *o) {
        o = serve_pool_alloc(pool, 1, sizeof *o);
    } else if ((b = calloc(1, sizeof *b + BLOCK_BYTES))) {
        *b = (block){.next = pool->blocks, .size = BLOCK_BYTES};
        pool->blocks = b;
        o = serve_pool_alloc(pool, 1, sizeof *o);
    } else {
        release(thing); /* it has no other owner yet */
        serve_pool_fail(pool);
    }
    *o = (owned){pool->things, thing, release};
    pool->things = o;
    return thing;
}
