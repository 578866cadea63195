/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVE_HTTP_CLOCK_H
#define SERVE_HTTP_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970; and of a clock that never goes back. */
int64_t serve_now_ms(void);
int64_t serve_tick_ms(void);

#endif
