/* SPDX-License-Identifier: Apache-2.0 */
/* From headers to the slices of one series, in order. */
#ifndef BFL_FORMAT_DICOM_SERIES_H
#define BFL_FORMAT_DICOM_SERIES_H

#include "format/dicom/parse.h"

/* Why an image is not read. */
typedef enum bfl_aside {
    BFL_ASIDE_NOT,
    BFL_ASIDE_NOT_DICOM,
    BFL_ASIDE_NO_IMAGE,
    BFL_ASIDE_OTHER_MODALITY,
    BFL_ASIDE_LOCALIZER,
    BFL_ASIDE_SCREEN,
    BFL_ASIDE_FRAMES,
    BFL_ASIDE_DEPTH,
    BFL_ASIDE_NO_PLACE,
    BFL_ASIDE_NO_RESCALE,
    BFL_ASIDES
} bfl_aside;

typedef struct bfl_dicom_slice {
    const bfl_dicom_source *source;
    const bfl_dicom_head *head;
    double position[3], axis[3][3]; /* first pixel's centre; along a row, along a column, the normal */
    double spacing_mm[2];           /* between columns, between rows */
    double slope, intercept;
    double thickness_mm;          /* 0 when it is not told */
    double at_mm;                 /* along the normal */
    double acquisition, instance; /* numbers of the scanner's own; 0 when not told */
    bool derived;
    size_t group;
} bfl_dicom_slice;

typedef BFL_LIST(const char *) bfl_notes;

/* What the header says as numbers, or why it is of no use. */
bfl_aside bfl_dicom_slice_of(const bfl_dicom_head *head, bfl_dicom_slice *out);

typedef struct bfl_dicom_series {
    bfl_dicom_slice *slices; /* by place, one at each */
    size_t count;
    bool even;      /* at equal distances? else resampled to step_mm */
    double step_mm; /* their distance, the median when it varies */
} bfl_dicom_series;

/* Chooses one series and puts its slices in order. */
BFL_MUST_USE bfl_status bfl_dicom_series_choose(bfl_arena *arena, const bfl_dicom_source *sources,
                                                const bfl_dicom_head *heads, const bool *parsed, size_t count,
                                                const char *where, bfl_notes *notes, bfl_dicom_series *out,
                                                bfl_error *err);
/* Decodes it. What is only needed on the way lives in `scratch`. */
BFL_MUST_USE bfl_status bfl_dicom_stack(bfl_arena *arena, bfl_arena *scratch, const bfl_dicom_series *series,
                                        size_t most_voxels, const char *where, bfl_notes *notes, const bfl_volume **out,
                                        bfl_error *err);
/* What findings on it refer to; NULL when a UID is missing or none. */
const bfl_scan_origin *bfl_dicom_origin_of(bfl_arena *arena, const bfl_dicom_series *series, bool keep_identifiers);

#endif
