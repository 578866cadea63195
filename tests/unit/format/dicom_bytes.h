/* SPDX-License-Identifier: Apache-2.0 */
/* DICOM elements as bytes, explicit and little-endian. */
#ifndef TESTS_DICOM_BYTES_H
#define TESTS_DICOM_BYTES_H

#include "test.h"
#include "base/base.h"

static inline void le(bfl_buf *b, unsigned value, int bytes) {
    for (int i = 0; i < bytes; i++) {
        const char c = (char)(value >> (8 * i) & 0xff);
        bfl_buf_add_text(b, (bfl_text){&c, 1});
    }
}

static inline void text(bfl_buf *b, unsigned tag, const char *vr, const char *z) {
    const size_t size = strlen(z);
    le(b, tag >> 16, 2), le(b, tag & 0xffff, 2);
    bfl_buf_add(b, vr);
    le(b, (unsigned)(size + size % 2), 2);
    bfl_buf_add(b, z);
    if (size % 2) bfl_buf_add(b, " ");
}

static inline void number(bfl_buf *b, unsigned tag, unsigned value) {
    le(b, tag >> 16, 2), le(b, tag & 0xffff, 2);
    bfl_buf_add(b, "US");
    le(b, 2, 2), le(b, value, 2);
}

/* Numbers of a DS, apart by backslashes. */
static inline void numbers(bfl_buf *b, unsigned tag, const double *values, int count) {
    bfl_buf all = {.arena = b->arena};
    for (int i = 0; i < count; i++) {
        if (i) bfl_buf_add(&all, "\\");
        bfl_buf_double(&all, values[i], 9);
    }
    text(b, tag, "DS", bfl_buf_z(&all));
}

static inline void pixels_begin(bfl_buf *b, unsigned bytes) {
    bfl_buf_add_text(b, (bfl_text){"\xe0\x7f\x10\x00OW\0\0", 8});
    le(b, bytes, 4);
}

#endif
