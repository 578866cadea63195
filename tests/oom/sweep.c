/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep.h"

#include <malloc.h>
#include <stdio.h>

static bool complained;

void oom_complain(const char *what) {
    complained = true;
    printf("# %s\n", what);
}

/* One way an allocation can fail. */
typedef struct source {
    const char *name;
    int64_t (*fail_at)(int64_t n);
    int64_t (*count)(void);
    bool may_cope; /* a library may do without */
} source;

/* Runs the job with the n-th allocation failing. Sets *reached when there was an n-th. */
static bool fails_cleanly(const source *from, oom_job job, const char *argument, int64_t n) {
    size_t before = mallinfo2().uordblks;
    (void)from->fail_at(n);
    bfl_status status = job(argument);
    int64_t left = from->fail_at(0);
    size_t after = mallinfo2().uordblks;
    if (left > 0) {
        printf("# %s: allocation %lld did not happen again\n", from->name, (long long)n);
        return false;
    }
    if (status != BFL_ENOMEM && !(from->may_cope && status == BFL_OK)) {
        printf("# %s: allocation %lld failed, and the job returned \"%s\"\n", from->name, (long long)n,
               bfl_status_name(status));
        return false;
    }
    if (after != before) {
        printf("# %s: allocation %lld failed, and %lld bytes leaked\n", from->name, (long long)n,
               (long long)(after - before));
        return false;
    }
    return !complained;
}

static bool sweep_source(const source *from, oom_job job, const char *argument, int64_t most, int64_t *tried) {
    (void)from->count();
    if (job(argument) != BFL_OK) {
        printf("# the job fails even with all the memory it wants\n");
        return false;
    }
    int64_t all = from->count();
    if (all == 0) return true;
    (void)from->fail_at(1); /* what libraries keep for ever once something was thrown is not a leak */
    (void)job(argument);
    int64_t runs = all < most ? all : most;
    for (int64_t i = 0; i < runs; i++) {
        int64_t n = 1 + (runs > 1 ? i * (all - 1) / (runs - 1) : 0);
        if (!fails_cleanly(from, job, argument, n)) return false;
    }
    *tried += runs;
    return true;
}

bool oom_sweep(int number, const char *name, oom_job job, const char *argument, int64_t most) {
    static const source sources[] = {{"arena", bfl_memory_fail_at, bfl_memory_count, false},
                                     {"operator new", oom_new_fail_at, oom_new_count, true}};
    int64_t tried = 0;
    complained = false;
    (void)mallopt(M_ARENA_MAX, 1); /* what glibc gives a thread of its own is not a leak, but would be counted as one */
    bool good = true;
    for (size_t i = 0; good && i < sizeof sources / sizeof *sources; i++)
        good = sweep_source(&sources[i], job, argument, most, &tried);
    printf("%sok %d - %s (%lld allocations)\n", good ? "" : "not ", number, name, (long long)tried);
    (void)fflush(stdout);
    return good;
}
