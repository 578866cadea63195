/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Findings on a CT series as DICOM by DCMTK behind a C face: a Segmentation and a report after template TID 1500. DCMTK is a
 * module that is loaded when the first is written, in a child process: a program that writes none starts as fast as without it,
 * and whatever happens in there happens to the child. No clock and no chance: dates and UIDs are given.
 */
#ifndef BFL_SHIM_FINDINGS_H
#define BFL_SHIM_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_dicom_kind { BFL_DICOM_SEGMENTATION, BFL_DICOM_REPORT } bfl_dicom_kind;

typedef enum bfl_dicom_state {
    BFL_DICOM_WRITTEN,
    BFL_DICOM_NO_MODULE, /* it is not installed, or DCMTK is not */
    BFL_DICOM_NOT_WRITTEN,
    BFL_DICOM_NO_MEMORY
} bfl_dicom_state;

/* A frame of the series that was looked at. Texts are never NULL. */
typedef struct bfl_dicom_frame {
    const char *sop;
    int32_t number; /* within a file of several frames, from 1; 0: one frame a file */
    double position_mm[3];
} bfl_dicom_frame;

typedef struct bfl_dicom_finding {
    const char *label; /* "ct1" */
    const char *words;
    const char *kind, *kind_words; /* code and meaning, of our own coding scheme */
    const char *site, *site_words; /* code and meaning, of SNOMED CT */
    char side;                     /* 'L', 'R'; 0: not on one side, or not known */
    const char *tracking;          /* UID */
    double volume_mm3, axial_mm, longest_mm, after_hu, change_hu;
} bfl_dicom_finding;

typedef struct bfl_dicom_findings {
    /* Whose: "" when identifiers are removed. `character_set` is that of the texts of the header. */
    const char *patient_name, *patient_id, *birth_date, *sex, *accession, *study_id, *referring, *character_set;
    bool identity_removed;
    const char *study, *series, *sop_class, *frame_of_reference; /* of what was looked at */
    const char *date, *time, *study_date, *study_time; /* 20190404, 101500; of the objects, and of the study */
    int32_t rows, columns;
    double axis[2][3], spacing_mm[2], thickness_mm; /* along a row, along a column; between columns, between rows */
    const bfl_dicom_frame *frames;
    size_t frame_count;
    const bfl_dicom_finding *items;
    size_t count;
    const char *segmentation_series, *segmentation, *report_series, *report; /* UIDs to give */
    const char *device;                                                      /* UID of the program as an observer */
    const char *version;                                                     /* of the program */
    /* rows x columns bytes of a finding on a frame: 1 inside; false when it is not on that frame. */
    bool (*mask)(void *context, size_t finding, size_t frame, uint8_t *out);
    void *context;
} bfl_dicom_findings;

typedef struct bfl_dicom_bytes {
    char *data;
    size_t size;
} bfl_dicom_bytes;

/* On anything but WRITTEN *out is untouched. */
bfl_dicom_state bfl_dicom_write(const bfl_dicom_findings *findings, bfl_dicom_kind kind, bfl_dicom_bytes *out);
void bfl_dicom_bytes_free(bfl_dicom_bytes *bytes);

#ifdef __cplusplus
}
#endif
#endif
