/* SPDX-License-Identifier: Apache-2.0 */
/* How often something may be done: a bucket of tokens for each name, that fills again with time. Of a fixed size: when many names
 * come, those that were not seen for the longest time are forgotten. */
#ifndef SERVE_ACCOUNT_LIMITS_H
#define SERVE_ACCOUNT_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct serve_limits serve_limits;

typedef struct serve_limit {
    const char *kind; /* names of two kinds never meet */
    int64_t most;     /* tokens of a full bucket */
    int64_t every_ms; /* one more after so long */
} serve_limit;

/* NULL when there is no memory. */
serve_limits *serve_limits_new(void);
void serve_limits_free(serve_limits *limits);
/* Takes `tokens` (0 = only looks). Returns 0, or the milliseconds until there is one when there is none. */
int64_t serve_limits_take(serve_limits *limits, const serve_limit *limit, const char *name, int64_t now_ms,
                          int64_t tokens);

#endif
