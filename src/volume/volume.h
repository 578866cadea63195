/* SPDX-License-Identifier: Apache-2.0 */
/*
 * volume: a grid of voxels in space, and masks over it. No files, no algorithms.
 *
 * Space is the patient's, in millimetres, as in DICOM: x to the patient's left, y to the back, z to the head (LPS). A volume
 * is canonical when its first axis runs closest to +x, its second to +y, its third to +z; image/ works on canonical volumes.
 */
#ifndef BFL_VOLUME_VOLUME_H
#define BFL_VOLUME_VOLUME_H

#include "base/base.h"
#include <boneflare/volume.h>

#include <stdatomic.h>

/* Outside the field of view, or padding: no measurement. Below every CT number a scanner gives. */
#define BFL_HU_NONE ((int16_t)-2048)
/* CT numbers of 12-bit scanners; values beyond are clamped. */
#define BFL_HU_LOWEST ((int16_t)-1024)
#define BFL_HU_HIGHEST ((int16_t)3071)

/* Where the voxels of a grid lie. */
typedef struct bfl_grid {
    int32_t size[3];      /* voxels along each axis, at least 1; axis 0 is the fastest in memory */
    double spacing_mm[3]; /* between voxel centres, > 0 */
    double origin_mm[3];  /* centre of voxel (0,0,0) */
    double axis[3][3];    /* axis[a] is the unit vector along which index a grows; the three are orthogonal */
} bfl_grid;

typedef struct bfl_volume {
    bfl_grid grid;
    int16_t *hu; /* Hounsfield units, or BFL_HU_NONE */
} bfl_volume;

/* One byte a voxel: 0 outside, anything else inside (a label where the mask holds several). */
typedef struct bfl_mask {
    bfl_grid grid;
    uint8_t *in;
} bfl_mask;

/* Is it a grid that can be worked on: sizes 1..65535, no more than `most_voxels` voxels, spacing 0.01..1000 mm, every number
 * finite, axes of unit length and orthogonal within 1e-3? On failure says in words what is wrong. */
BFL_MUST_USE bfl_status bfl_grid_check(const bfl_grid *grid, size_t most_voxels, const char *where, bfl_error *err);
size_t bfl_grid_voxels(const bfl_grid *grid);
/* Grid with axes along x, y, z. */
bfl_grid bfl_grid_upright(const int32_t size[3], const double spacing_mm[3], const double origin_mm[3]);
bool bfl_grid_same(const bfl_grid *a, const bfl_grid *b);

static inline size_t bfl_grid_index(const bfl_grid *grid, int32_t i, int32_t j, int32_t k) {
    return ((size_t)k * (size_t)grid->size[1] + (size_t)j) * (size_t)grid->size[0] + (size_t)i;
}

/* Patient coordinates of an index (which may lie between voxels), and back. */
void bfl_grid_to_mm(const bfl_grid *grid, const double index[3], double mm[3]);
void bfl_grid_to_index(const bfl_grid *grid, const double mm[3], double index[3]);

/* All voxels BFL_HU_NONE; all outside. */
bfl_volume *bfl_volume_new(bfl_arena *arena, const bfl_grid *grid) __attribute__((returns_nonnull));
bfl_mask *bfl_mask_new(bfl_arena *arena, const bfl_grid *grid) __attribute__((returns_nonnull));
/* For a caller who writes every voxel: they hold anything. */
bfl_volume *bfl_volume_room(bfl_arena *arena, const bfl_grid *grid) __attribute__((returns_nonnull));
/* Where a voxel stands along the three axes of voxels that lie row by row, slice by slice. */
static inline void bfl_voxel_at(const int32_t size[3], size_t voxel, int32_t at[3]) {
    const size_t row = (size_t)size[0], rows = (size_t)size[1];
    at[0] = (int32_t)(voxel % row);
    at[1] = (int32_t)(voxel / row % rows);
    at[2] = (int32_t)(voxel / row / rows);
}
size_t bfl_mask_count(const bfl_mask *mask);
double bfl_grid_voxel_mm3(const bfl_grid *grid);

/* Whose scan it is, only to be compared with another's: hashes of what the header says of the patient. */
enum { BFL_PERSON_ID, BFL_PERSON_NAME, BFL_PERSON_BIRTH, BFL_PERSON_SEX, BFL_PERSON_FACTS };
typedef struct bfl_scan_person {
    bool has[BFL_PERSON_FACTS];
    uint8_t hash[BFL_PERSON_FACTS][16];
} bfl_scan_person;

/* Bits 1 << BFL_PERSON_...: what both headers tell, and what of it is not the same. */
typedef struct bfl_scan_kinship {
    unsigned told, other;
} bfl_scan_kinship;
bfl_scan_kinship bfl_scan_person_compare(const bfl_scan_person *a, const bfl_scan_person *b);
/* "number, name and date of birth"; "" of nothing. */
const char *bfl_scan_person_words(bfl_arena *arena, unsigned facts);

/* The patient as the header names them; kept only when that was asked for. Texts are as written, "" when absent. */
typedef struct bfl_scan_identity {
    const char *name, *id, *birth_date, *sex, *accession, *study_id, *referring;
    const char *character_set;
} bfl_scan_identity;

/* One image of a DICOM series. */
typedef struct bfl_scan_frame {
    const char *sop; /* UID of its file */
    int32_t number;  /* within a file of several frames, from 1; 0: one frame a file */
    double position_mm[3];
} bfl_scan_frame;

/* The DICOM series that a scan was read from, so that what is found can refer to its images. */
typedef struct bfl_scan_origin {
    const char *study, *series, *sop_class, *frame_of_reference; /* UIDs */
    const char *study_date, *study_time;                         /* as written, "" when absent */
    int32_t rows, columns;
    double axis[2][3], spacing_mm[2], thickness_mm; /* along a row, along a column; between columns, between rows */
    const bfl_scan_frame *frames;
    size_t frame_count;
    const bfl_scan_identity *identity; /* NULL unless asked for */
} bfl_scan_origin;

/* A scan as it was read. */
struct bfl_scan {
    bfl_arena *arena;         /* holds everything, this struct too */
    const bfl_volume *volume; /* canonical */
    bfl_scan_info info;
    bfl_scan_person person;
    const bfl_scan_origin *origin; /* NULL when it is no DICOM, or its UIDs are not whole */
    atomic_uint *holders;          /* beside the one who read it; NULL: it cannot be held */
};

/* What uses a scan's voxels for longer than its caller may holds it: it goes with the last who does. NULL is allowed. */
void bfl_scan_hold(const bfl_scan *scan);
void bfl_scan_release(const bfl_scan *scan);

/* The same voxels with axes permuted and flipped until the volume is canonical; of any of the 48 orientations. Patient
 * coordinates of every voxel stay. Returns `volume` itself when it is canonical already. */
const bfl_volume *bfl_volume_canonical(bfl_arena *arena, const bfl_volume *volume) __attribute__((returns_nonnull));
/* The same, in memory of its own even when it was canonical. */
bfl_volume *bfl_volume_canonical_copy(bfl_arena *arena, const bfl_volume *volume) __attribute__((returns_nonnull));
const bfl_mask *bfl_mask_canonical(bfl_arena *arena, const bfl_mask *mask) __attribute__((returns_nonnull));
/* Three letters for where each axis runs to: "LPS" is canonical, "RAI", "SAL" ... */
void bfl_grid_orientation(const bfl_grid *grid, char letters[4]);

#endif
