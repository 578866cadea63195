/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file volume.h
 * A CT scan in memory: read by bfl_scan_read() (format.h), compared by bfl_ct_compare() (lesion.h). Immutable once read.
 */
#ifndef BONEFLARE_VOLUME_H
#define BONEFLARE_VOLUME_H

#include <boneflare/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bfl_scan bfl_scan;

/** What is known of a scan. Texts live as long as the scan; nothing here identifies a patient. */
typedef struct bfl_scan_info {
    const char *path;         /**< as it was asked for */
    const char *format;       /**< "DICOM", "NIfTI", "MetaImage" */
    int32_t size[3];          /**< voxels to the left, the back, the head */
    double spacing_mm[3];     /**< between them */
    char orientation[4];      /**< of the file before it was turned, "RAS" */
    bfl_date date;            /**< of the study; precision NONE when the file does not tell */
    const char *series;       /**< what the scanner called it, "" */
    const char *const *notes; /**< what was set aside, repaired or doubtful, in words */
    size_t note_count;
} bfl_scan_info;

/** Valid as long as the scan. */
BFL_API const bfl_scan_info *bfl_scan_about(const bfl_scan *scan);
/** NULL is allowed. */
BFL_API void bfl_scan_free(bfl_scan *scan);

#ifdef __cplusplus
}
#endif
#endif
