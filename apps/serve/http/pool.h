/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of one request, and everything else that it must give back: studies, assessments, parsed JSON, files. Inside
 * serve_pool_run() an allocation never returns NULL: when memory runs out it jumps out, the caller answers 503, and releasing the
 * pool releases what the request owned. So handlers are straight code without clean-up. They hold no lock while they allocate.
 */
#ifndef SERVE_HTTP_POOL_H
#define SERVE_HTTP_POOL_H

#include <boneflare/base.h>

typedef struct serve_pool serve_pool;

/* NULL when there is no memory. */
serve_pool *serve_pool_new(void);
/* Releases what is owned, the latest first, then the memory. NULL is allowed. */
void serve_pool_free(serve_pool *pool);
/* Calls body(context); false when memory ran out in it. */
bool serve_pool_run(serve_pool *pool, void (*body)(void *context), void *context);
/* Zeroed bytes, aligned for any type. */
void *serve_pool_alloc(serve_pool *pool, size_t count, size_t size) __attribute__((returns_nonnull));
/* A larger block with the first `used` bytes of the old one. */
void *serve_pool_grow(serve_pool *pool, const void *old, size_t used, size_t size) __attribute__((returns_nonnull));
/* NUL-terminated copies. */
char *serve_pool_text(serve_pool *pool, bfl_text text) __attribute__((returns_nonnull));
char *serve_pool_printf(serve_pool *pool, const char *format, ...) BFL_PRINTF(2, 3) __attribute__((returns_nonnull));
/* The pool releases `thing` when it is freed; NULL counts as out of memory. Returns `thing`. */
void *serve_pool_own(serve_pool *pool, void *thing, void (*release)(void *thing)) __attribute__((returns_nonnull));
/* Leaves serve_pool_run() as if memory had run out. */
_Noreturn void serve_pool_fail(serve_pool *pool);

#define SERVE_NEW(pool, type) ((type *)serve_pool_alloc((pool), 1, sizeof(type)))
#define SERVE_NEW_ARRAY(pool, count, type) ((type *)serve_pool_alloc((pool), (count), sizeof(type)))

#endif
