/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_ERROR_H
#define STORE_ERROR_H

#include <boneflare/base.h>

/* Fills *err (NULL is allowed) and returns the status. */
bfl_status error_set(bfl_error *err, bfl_status status, const char *format, ...) BFL_PRINTF(3, 4);

#endif
