/* SPDX-License-Identifier: Apache-2.0 */
/* The memory that every reader of a format works in, and its clean-up whatever happens. */
#ifndef BFL_FORMAT_JOB_H
#define BFL_FORMAT_JOB_H

#include "format/format.h"

/* Four arenas: the study's; scratch for rows until they are sealed; the bytes of one file; one row. */
typedef struct bfl_format_job {
    bfl_arena *arena, *scratch, *bytes, *row;
    bfl_study *study; /* set by the body */
} bfl_format_job;

typedef bfl_status (*bfl_format_body)(bfl_format_job *job, void *context, bfl_error *err);

/* Runs body inside all four arenas. On BFL_OK *out is job->study; otherwise *out is untouched. What the body holds outside the
 * arenas (an open folder) is kept in `context` and released by the caller. */
BFL_MUST_USE bfl_status bfl_format_run(bfl_format_body body, void *context, bfl_study **out, bfl_error *err);

/* The limits of a reader with its defaults filled in. NULL = all defaults. */
bfl_limits bfl_format_limits(const bfl_limits *limits);

#endif
