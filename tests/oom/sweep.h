/* SPDX-License-Identifier: Apache-2.0 */
/* Fails every allocation of a job in turn: the arena's and the system's by bfl_memory_fail_at(), C++'s by oom_new_fail_at(). */
#ifndef BFL_OOM_SWEEP_H
#define BFL_OOM_SWEEP_H

#include "base/base.h"

/* A job does its work, checks that what failed left its outputs alone, and releases everything. */
typedef bfl_status (*oom_job)(const char *argument);

/* The n-th `operator new` from now on fails (0 = never). Returns how many were still to come. */
int64_t oom_new_fail_at(int64_t n);
/* How many there were since the last call. */
int64_t oom_new_count(void);

/* Prints a TAP line; false when something was wrong. `most` bounds the runs: with more allocations, they are sampled evenly. */
bool oom_sweep(int number, const char *name, oom_job job, const char *argument, int64_t most);

/* Complains on standard error; the sweep then fails. */
void oom_complain(const char *what);

#endif
