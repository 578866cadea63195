/* SPDX-License-Identifier: Apache-2.0 */
/* Element after element of a DICOM file, every length held against it: what the readers of headers stand on. */
#ifndef BFL_FORMAT_DICOM_READ_H
#define BFL_FORMAT_DICOM_READ_H

#include "format/dicom/parse.h"

enum { BFL_DICOM_WINDOW = 8192 };
#define BFL_DICOM_UNKNOWN 0xffffffffU /* a length that is not told */
#define BFL_DICOM_ITEM 0xfffee000U
#define BFL_DICOM_ITEM_END 0xfffee00dU
#define BFL_DICOM_SEQUENCE_END 0xfffee0ddU

/* A file seen through a window, or bytes. */
typedef struct bfl_dicom_input {
    int fd; /* -1: bytes */
    const char *data;
    size_t size, window_at, window_size;
    char window[BFL_DICOM_WINDOW];
} bfl_dicom_input;

typedef struct bfl_dicom_element {
    uint32_t tag, length;
    size_t at; /* of its value */
    bool implicit_inside;
} bfl_dicom_element;

typedef struct bfl_dicom_coding {
    bool implicit, big_endian;
} bfl_dicom_coding;

bool bfl_dicom_open(const bfl_dicom_source *source, bfl_dicom_input *in);
void bfl_dicom_close(const bfl_dicom_input *in);
/* Exactly `size` bytes from a place; false beyond the end. */
bool bfl_dicom_peek(bfl_dicom_input *in, size_t from, size_t size, void *out);
bool bfl_dicom_next(bfl_dicom_input *in, size_t at, bfl_dicom_coding c, bfl_dicom_element *out);
/* Printable ASCII without the blanks around it; untouched when it cannot be read. */
void bfl_dicom_take_text(bfl_dicom_input *in, const bfl_dicom_element *e, char out[BFL_DICOM_TEXT]);

#endif
