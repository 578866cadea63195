/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The codecs of GDCM behind a C face: packed pixels of one frame to numbers. GDCM parses no file, and its codecs
 * work in a child process: both abort on some damaged input. What is allocated here is released before the call returns. Any thread may call.
 */
#ifndef BFL_SHIM_IMAGE_H
#define BFL_SHIM_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_gdcm_state {
    BFL_GDCM_DECODED,
    BFL_GDCM_NOT_DECODED, /* cut off, damaged, of no known syntax, or not what the header promised */
    BFL_GDCM_NO_MEMORY
} bfl_gdcm_state;

/* One packed frame of one sample a pixel. */
typedef struct bfl_gdcm_frame {
    const char *path; /* of the file; or NULL, and the bytes of the file: */
    const char *data;
    size_t from, size;  /* where in the file its fragments lie, each with its item's head, the offset table first */
    bool bare;          /* no offset table goes first */
    const char *syntax; /* the transfer syntax */
    int32_t rows, columns, bits_allocated, bits_stored, high_bit;
    bool is_signed;
} bfl_gdcm_frame;

/* rows x columns pixels as stored (before rescaling), 8 bits widened to 16; *is_signed: are they two's complement? */
bfl_gdcm_state bfl_gdcm_decode(const bfl_gdcm_frame *frame, uint16_t *out, bool *is_signed);

#ifdef __cplusplus
}
#endif
#endif
