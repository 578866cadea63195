/* SPDX-License-Identifier: Apache-2.0 */
/* memory: the only place of the store that allocates. Results are released whole by store_free(). */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <boneflare/base.h>

/* size zeroed bytes that begin a result; NULL when there is no memory. */
void *result_new(size_t size);
/* size zeroed bytes that are released with the result. */
void *result_add(void *result, size_t size);
/* NUL-terminated copy. */
char *result_text(void *result, bfl_text text);
/* Room for one more item: the array, or a larger copy of it that is released with the result; NULL when there is no memory. */
void *result_grow(void *result, void *items, size_t count, size_t *capacity, size_t size);

/* Tests only: the n-th allocation of this thread from now on fails (1 = the next, 0 = never). Returns how many were to come. */
int64_t store_memory_fail_at(int64_t n);

#endif
