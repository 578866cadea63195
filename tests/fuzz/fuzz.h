/* SPDX-License-Identifier: Apache-2.0 */
/* A fuzz target is one function over bytes; replay.c or libFuzzer calls it. A broken promise aborts. */
#ifndef BFL_FUZZ_H
#define BFL_FUZZ_H

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROMISE(condition)                                                                        \
    do {                                                                                          \
        if (!(condition)) {                                                                       \
            (void)fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                              \
        }                                                                                         \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline bfl_text fuzz_text(const uint8_t *data, size_t size) { return (bfl_text){(const char *)data, size}; }

/* A failure says what it is, in one printable line. */
static inline void fuzz_check_error(const bfl_error *err, bfl_status status) {
    PROMISE(status != BFL_OK && err->status == status);
    PROMISE(err->message[0] != '\0' && memchr(err->message, '\0', sizeof err->message) != NULL);
    PROMISE(memchr(err->where, '\0', sizeof err->where) != NULL);
    for (const char *c = err->message; *c; c++) PROMISE((unsigned char)*c >= ' ' && *c != 0x7f);
}

/* Runs a body that takes the bytes (bfl_text *) in an arena of its own. */
static inline int fuzz_body(bfl_arena_body body, const uint8_t *data, size_t size) {
    bfl_text bytes = fuzz_text(data, size);
    bfl_error err = {.status = BFL_OK};
    bfl_arena *arena = bfl_arena_new();
    PROMISE(arena);
    bfl_status status = bfl_arena_run(arena, body, &bytes, &err);
    if (status) fuzz_check_error(&err, status);
    bfl_arena_free(arena);
    return 0;
}

#endif
