/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdio.h>

const char *bfl_version(void) { return BFL_VERSION; }

const char *bfl_status_name(bfl_status status) {
    switch (status) {
    case BFL_OK: return "ok";
    case BFL_EINVAL: return "invalid argument";
    case BFL_ENOMEM: return "out of memory";
    case BFL_EIO: return "input/output error";
    case BFL_EPARSE: return "not in the expected format";
    case BFL_ELIMIT: return "over a limit";
    case BFL_ENOTSUP: return "not supported";
    case BFL_ENOTFOUND: return "not found";
    case BFL_EEXIST: return "already there";
    }
    return "unknown status";
}

/* Messages quote input: one printable line of UTF-8, whatever the input held. */
static void make_printable(char *message) {
    for (char *c = message; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f) *c = '?';
    size_t bad;
    while (!bfl_utf8_valid(bfl_text_of(message), &bad)) message[bad] = '?';
}

bfl_status bfl_fail(bfl_error *err, bfl_status status, const char *where, uint32_t line, const char *format, ...) {
    if (!err) return status;
    *err = (bfl_error){.status = status, .line = line};
    (void)snprintf(err->where, sizeof err->where, "%s", where);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    make_printable(err->message);
    return status;
}
