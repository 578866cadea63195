/* SPDX-License-Identifier: Apache-2.0 */
/* lesion: from marks of changed density to findings that are measured, named and written. It describes and never judges. */
#ifndef BFL_LESION_LESION_H
#define BFL_LESION_LESION_H

#include "base/base.h"
#include "image/image.h"
#include "rules/rules.h"
#include "volume/volume.h"
#include <boneflare/lesion.h>

struct bfl_ct {
    bfl_arena *arena;     /* holds everything, this struct too */
    const bfl_scan *held; /* the follow-up, whose voxels are used; NULL: they were copied */
    const bfl_rulebook *rulebook;
    const bfl_scan_info *baseline_info, *followup_info; /* copies */
    const bfl_scan_origin *origin;                      /* of the follow-up, a copy; NULL when it is no DICOM */
    const char *baseline_series;                        /* UID; NULL when it is no DICOM */
    const bfl_volume *fixed, *moving, *warped;
    bfl_transform transform;
    bfl_marks marks;
    bfl_ct_patient patient;
    const char *refused; /* NULL when the scans were compared */
    bfl_ct_registration registration;
    bool limited;
    bfl_ct_fit fit;
    bfl_finding *findings; /* beside marks.items */
    int *bones;            /* what bone each finding is in (site.h), beside findings */
    size_t finding_count;
    bfl_ct_lungs lungs[2]; /* of the baseline, the follow-up */
};

/* Reads what an earlier run kept; false when there is nothing that can be trusted (kept.c). */
bool bfl_lesion_take_over(bfl_arena *arena, const bfl_ct_options *how, bfl_transform *out);
/* Hands it out to be kept; false when that failed. */
bool bfl_lesion_keep(bfl_arena *arena, const bfl_ct_options *how, const bfl_transform *transform);
/* Registers, or takes over what was kept; or says why not in ct->refused. False when it could not be kept. */
bool bfl_lesion_register(bfl_arena *arena, bfl_ct *ct, const bfl_ct_options *how);
/* Moves the baseline and measures the fit, or says in ct->refused why it is not good enough. Returns the follow-up with its blur
 * matched, in `scratch`. */
const bfl_volume *bfl_lesion_align(bfl_arena *arena, bfl_arena *scratch, bfl_ct *ct, const bfl_ct_options *how);
void bfl_lesion_tell(const bfl_ct_options *options, const char *stage);
/* Measures and names every mark. */
void bfl_lesion_measure(bfl_arena *arena, bfl_ct *ct);
/* Names the bone of every finding (site.h). */
void bfl_lesion_find_sites(bfl_arena *arena, bfl_ct *ct, const bfl_ct_options *how);
/* Are they the labels of this baseline, by TotalSegmentator 2? BFL_EINVAL when not. */
BFL_MUST_USE bfl_status bfl_lesion_check_labels(const bfl_scan *labels, const bfl_scan *baseline, bfl_error *err);
/* Counts round marks in both scans' lungs, where they are in view. */
void bfl_lesion_look_at_lungs(bfl_arena *arena, bfl_ct *ct, uint32_t threads);
/* Measures how far off bone lies, here and there and around each finding; the words of a finding tell. */
void bfl_lesion_misfit(bfl_arena *arena, bfl_ct *ct);
bool bfl_lesion_miliary(const bfl_rulebook *rules, const bfl_ct_lungs *lungs);
/* "new sclerosis at a site without a lesion before, 14 mm". */
const char *bfl_lesion_words(bfl_arena *arena, const bfl_finding *finding);
/* "new sclerosis at a site without a lesion before". Static text. */
const char *bfl_lesion_sentence(bfl_finding_kind kind);
/* An image as .nii.gz (bfl_ct_write_image). */
bfl_text bfl_lesion_image(bfl_arena *arena, const bfl_ct *ct, bfl_ct_image which);
/* What a row's note says of a place, for the comparison with the next scan (match.c). */
const char *bfl_lesion_place_note(bfl_arena *arena, const double mm[3]);
/* The working grid in the patient: the follow-up's axes, with cubes for voxels. */
bfl_grid bfl_lesion_working_grid(const bfl_ct *ct);
/* 1 + finding of each voxel of the working grid, the stronger finding where two overlap; 0 elsewhere. */
uint16_t *bfl_lesion_labels(bfl_arena *arena, const bfl_ct *ct) __attribute__((returns_nonnull));

#endif
