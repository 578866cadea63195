/* SPDX-License-Identifier: Apache-2.0 */
/* The formats of volumes: bytes in memory to stored voxels, and back. What is read lives in the arena, or is a view of the bytes. */
#ifndef BFL_FORMAT_VOLUMES_H
#define BFL_FORMAT_VOLUMES_H

#include "format/voxels.h"

/* NIfTI-1 and NIfTI-2, plain or gzip (.nii, .nii.gz; not the pair .hdr and .img). Its space (right, front, head) is turned into
 * the patient's. The sform is taken, or else the qform; without both the axes are taken as right, front, head. */
BFL_MUST_USE bfl_status bfl_nifti_read(bfl_arena *arena, bfl_text bytes, size_t most_voxels, const char *where,
                                       bfl_stored_volume *out, bfl_error *err);
/* As .nii.gz, NIfTI-1 with both sform and qform. */
bfl_text bfl_nifti_write_volume(bfl_arena *arena, const bfl_volume *volume);
bfl_text bfl_nifti_write_mask(bfl_arena *arena, const bfl_mask *mask);

/* MetaImage with its data in the same file (.mha), plain or packed. */
BFL_MUST_USE bfl_status bfl_metaimage_read(bfl_arena *arena, bfl_text bytes, size_t most_voxels, const char *where,
                                           bfl_stored_volume *out, bfl_error *err);

/* NRRD with raw or gzip voxels, in the same file or (a detached header) in another of the same folder. */
BFL_MUST_USE bfl_status bfl_nrrd_read(bfl_arena *arena, bfl_text bytes, size_t most_voxels, const char *where,
                                      bfl_stored_volume *out, bfl_error *err);
/* The name of the other file, which is never a path; empty when the voxels are in this one. */
BFL_MUST_USE bfl_status bfl_nrrd_data_file(bfl_text bytes, const char *where, bfl_text *out, bfl_error *err);
/* The same with the voxels apart; NULL: they are in `bytes`. */
BFL_MUST_USE bfl_status bfl_nrrd_read_apart(bfl_arena *arena, bfl_text bytes, const bfl_text *voxels,
                                            size_t most_voxels, const char *where, bfl_stored_volume *out,
                                            bfl_error *err);

/* ---- DICOM (dicom/): the files of a folder, or the bytes of one file ---- */

typedef struct bfl_dicom_limits {
    size_t files, file_bytes, voxels;
    bool keep_identifiers; /* who the patient is stays with the origin */
} bfl_dicom_limits;

typedef struct bfl_dicom_volume {
    const bfl_volume *volume;
    bfl_date date; /* of the study */
    const char *series;
    bfl_scan_person person;
    const bfl_scan_origin *origin; /* NULL when its UIDs are not whole */
    const char *const *notes;
    size_t note_count;
} bfl_dicom_volume;

/* Does a file start like DICOM? */
bool bfl_is_dicom(bfl_text head);
/* A DICOMDIR: a table of the files beside and below it, without an image. */
bool bfl_is_dicomdir(const char *path);

/* All files in the folder and below it. Notes say what was set aside. BFL_EPARSE (no CT that can be read, patients mixed),
 * BFL_ELIMIT, BFL_EIO, BFL_ENOTFOUND. */
BFL_MUST_USE bfl_status bfl_dicom_read_folder(bfl_arena *arena, const char *path, const bfl_dicom_limits *limits,
                                              bfl_dicom_volume *out, bfl_error *err);
BFL_MUST_USE bfl_status bfl_dicom_read(bfl_arena *arena, bfl_text bytes, const bfl_dicom_limits *limits,
                                       const char *where, bfl_dicom_volume *out, bfl_error *err);
/* DICOM files in a ZIP file. */
BFL_MUST_USE bfl_status bfl_dicom_read_zip(bfl_arena *arena, bfl_text bytes, const bfl_dicom_limits *limits,
                                           const char *where, bfl_dicom_volume *out, bfl_error *err);

#endif
