/* SPDX-License-Identifier: Apache-2.0 */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>

bfl_status error_set(bfl_error *err, bfl_status status, const char *format, ...) {
    if (!err) return status;
    va_list args;
    va_start(args, format);
    *err = (bfl_error){.status = status};
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return status;
}
