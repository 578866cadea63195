/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts through two scans as PNG pictures in the page, in the bone window. */
#ifndef BFL_REPORT_CT_PICTURE_H
#define BFL_REPORT_CT_PICTURE_H

#include "base/base.h"
#include <boneflare/lesion.h>

typedef enum bfl_ct_plane { BFL_AXIAL, BFL_CORONAL, BFL_SAGITTAL, BFL_CT_PLANES } bfl_ct_plane;
typedef enum bfl_ct_what { BFL_SEEN_BASELINE, BFL_SEEN_FOLLOWUP, BFL_SEEN_CHANGE, BFL_CT_SEEN } bfl_ct_what;

/* What pictures are made from. Apart from the page, since the image room's names are not the marker room's. */
typedef struct bfl_ct_art bfl_ct_art;
bfl_ct_art *bfl_ct_art_of(bfl_arena *arena, const bfl_ct *ct) __attribute__((returns_nonnull));
/* The middle of a finding in the follow-up's frame. */
void bfl_ct_centre(const bfl_ct_art *art, size_t finding, double mm[3]);

/* Squares of side_mm around a place of the follow-up's frame, each as "data:image/png;base64,...". Axial cuts are seen from the
 * feet, coronal ones from the front, sagittal ones from the left. On the change denser is gold, less dense violet, and findings are
 * outlined. */
typedef struct bfl_ct_montage {
    const char *picture[BFL_CT_PLANES][BFL_CT_SEEN];
} bfl_ct_montage;
void bfl_ct_cuts(const bfl_ct_art *art, bfl_arena *arena, const double centre_mm[3], double side_mm,
                 bfl_ct_montage *out);
/* The densest value along each ray through the whole follow-up, coronal or sagittal, and its size in millimetres. */
const char *bfl_ct_overview(const bfl_ct_art *art, bfl_arena *arena, bfl_ct_plane plane, double size_mm[2]);
/* An image as .nii.gz. */
bfl_text bfl_ct_packed(bfl_arena *arena, const bfl_ct *ct, bfl_ct_image which);

#endif
