/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trusted issuers as their files say now. A key that was exchanged is known a moment after its file was, and one that was taken
 * away is refused, without a restart. Only the files named at the start are read; nothing is ever fetched. A file that cannot be used
 * leaves what was trusted before, and a line in the log.
 */
#ifndef SERVE_HOOKS_TRUSTING_H
#define SERVE_HOOKS_TRUSTING_H

#include "serve/hooks/jwt.h"

typedef struct serve_trusting serve_trusting;

/* Reads the files for the first time; errors of serve_trust_read(). Lives in `pool`. */
BFL_MUST_USE bfl_status serve_trusting_open(serve_pool *pool, const char *path, serve_trusting **out, bfl_error *err);
/* NULL is allowed. */
void serve_trusting_close(serve_trusting *trusting);
/* Good until `pool` is released. Looks at the files, at most once a second. */
const serve_trust *serve_trusting_now(serve_trusting *trusting, serve_pool *pool, int64_t now_ms);

#endif
