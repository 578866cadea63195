/* SPDX-License-Identifier: Apache-2.0 */
/* The header of one DICOM file, and where its pixels lie. Allocates nothing, so that any thread may call. */
#ifndef BFL_FORMAT_DICOM_PARSE_H
#define BFL_FORMAT_DICOM_PARSE_H

#include "format/volumes.h"

/* Numbers stay text as written ("" when absent), values of a list apart by a backslash. */
typedef enum bfl_dicom_tag {
    BFL_TAG_SYNTAX,
    BFL_TAG_SOP_CLASS,
    BFL_TAG_SOP,
    BFL_TAG_IMAGE_TYPE,
    BFL_TAG_STUDY_DATE,
    BFL_TAG_STUDY_TIME,
    BFL_TAG_MODALITY,
    BFL_TAG_DESCRIPTION, /* of the series; "" when the patient's name or number is in it */
    BFL_TAG_THICKNESS,
    BFL_TAG_STUDY,
    BFL_TAG_SERIES,
    BFL_TAG_ACQUISITION,
    BFL_TAG_INSTANCE,
    BFL_TAG_POSITION,
    BFL_TAG_ORIENTATION,
    BFL_TAG_FRAME_OF_REFERENCE,
    BFL_TAG_PHOTOMETRIC,
    BFL_TAG_FRAMES,
    BFL_TAG_SPACING,
    BFL_TAG_INTERCEPT,
    BFL_TAG_SLOPE,
    BFL_TAG_RESCALE_TYPE,
    BFL_TAGS
} bfl_dicom_tag;

enum { BFL_DICOM_TEXT = 136 };

typedef struct bfl_dicom_head {
    char text[BFL_TAGS][BFL_DICOM_TEXT]; /* printable ASCII, anything else '?'; cut when longer */
    uint16_t rows, columns, samples, bits, bits_stored, high_bit, is_signed; /* 0 when absent */
    bool has_padding, implicit, big_endian, has_pixels, packed;
    bool deflated; /* all behind dataset_at is packed: nothing of it is read */
    bool bare;     /* packed, and no table of offsets goes before the fragments */
    int32_t frame; /* of a file of several frames, from 1; 0: the whole file */
    size_t dataset_at;
    uint16_t padding;  /* the bits as stored */
    size_t from, size; /* the pixels in the file; of packed ones up to its end */
    bfl_scan_person person;
} bfl_dicom_head;

/* Bytes of a file; or, when data is NULL, the file of that path. */
typedef struct bfl_dicom_source {
    const char *path;
    const char *data;
    size_t size;
} bfl_dicom_source;

/* Who the patient is; read only when that is asked for. As written, without blanks around it. */
typedef struct bfl_dicom_identity {
    char name[BFL_DICOM_TEXT], id[BFL_DICOM_TEXT], birth_date[BFL_DICOM_TEXT], sex[BFL_DICOM_TEXT],
        accession[BFL_DICOM_TEXT], study_id[BFL_DICOM_TEXT], referring[BFL_DICOM_TEXT], character_set[BFL_DICOM_TEXT];
} bfl_dicom_identity;
bool bfl_dicom_parse_identity(const bfl_dicom_source *source, bfl_dicom_identity *out);

/* False when it is no DICOM or a length leads out of the file: *out is then of no use. */
bool bfl_dicom_parse(const bfl_dicom_source *source, bfl_dicom_head *out);
/* Reads exactly `size` bytes from a place of the file. */
bool bfl_dicom_bytes(const bfl_dicom_source *source, size_t from, size_t size, void *out);

/* ---- several frames in one file (frames.c) ---- */

/* How many frames the header tells of; 1 when it is an ordinary image. */
size_t bfl_dicom_frame_count(const bfl_dicom_head *head);
/* The header of each frame: what its functional groups (PS3.3, C.7.6.16) say of place and rescaling, and where its pixels lie.
 * False when the groups do not name every frame, or pixels are missing. `out` has room for `count`. */
bool bfl_dicom_frames(const bfl_dicom_source *source, const bfl_dicom_head *head, bfl_dicom_head *out, size_t count);

#endif
