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

#endif
