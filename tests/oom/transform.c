/* SPDX-License-Identifier: Apache-2.0 */
/* The registration that an interrupted run kept, each allocation failing in turn: read or not, nothing leaks. */
#include "sweep.h"

#include "image/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    bfl_text bytes = {NULL, 0};
    bfl_transform t;
    bfl_status status = bfl_file_read(arena, context, 1 << 20, &bytes, err);
    if (status) return status;
    if (!bfl_transform_of_bytes(arena, bytes, &t)) return bfl_fail(err, BFL_EPARSE, "", 0, "not what was kept");
    const bfl_text again = bfl_transform_bytes(arena, &t);
    if (again.size != bytes.size || memcmp(again.data, bytes.data, bytes.size) != 0)
        oom_complain("other bytes than were read");
    return BFL_OK;
}

static bfl_status read_kept(const char *path) {
    bfl_error err = {.status = BFL_OK};
    bfl_arena *arena = bfl_arena_new();
    if (!arena) return BFL_ENOMEM;
    bfl_status status = bfl_arena_run(arena, body, (void *)(uintptr_t)path, &err);
    bfl_arena_free(arena);
    return status;
}

/* transform MOST PATH... */
int main(int argc, char **argv) {
    bool good = argc > 2;
    printf("1..%d\n", argc - 2);
    for (int i = 2; i < argc; i++)
        good = oom_sweep(i - 1, argv[i], read_kept, argv[i], strtoll(argv[1], NULL, 10)) && good;
    return good ? 0 : 1;
}
