/* SPDX-License-Identifier: Apache-2.0 */
/* What the formats of volumes share: how voxels are stored, and how they are packed. */
#ifndef BFL_FORMAT_VOXELS_H
#define BFL_FORMAT_VOXELS_H

#include "base/base.h"
#include "volume/volume.h"

typedef enum bfl_voxel_type {
    BFL_VOXEL_U8,
    BFL_VOXEL_I8,
    BFL_VOXEL_U16,
    BFL_VOXEL_I16,
    BFL_VOXEL_U32,
    BFL_VOXEL_I32,
    BFL_VOXEL_F32,
    BFL_VOXEL_F64
} bfl_voxel_type;

/* A volume as a file stores it: value = stored * slope + intercept. */
typedef struct bfl_stored_volume {
    bfl_grid grid;
    bfl_voxel_type type;
    bool big_endian;
    double slope, intercept;
    bfl_text data; /* at least bfl_stored_bytes() of them */
} bfl_stored_volume;

size_t bfl_voxel_bytes(bfl_voxel_type type);
/* Bytes that the voxels take; 0 when that overflows. */
size_t bfl_stored_bytes(const bfl_stored_volume *stored);
/* As CT numbers, rounded and clamped to what a scanner gives; below -1500 or not a number: no measurement. */
bfl_volume *bfl_stored_hu(bfl_arena *arena, const bfl_stored_volume *stored) __attribute__((returns_nonnull));
/* One value as a CT number: the same rules. */
int16_t bfl_hu_of(double value);
enum { BFL_NOT_MEASURED_HU = -1500 }; /* and below: scanners pad with -2000, -2048, -3024 */
static inline int16_t bfl_hu_of_whole(int32_t value) {
    const int32_t held = value < BFL_HU_LOWEST ? BFL_HU_LOWEST : value > BFL_HU_HIGHEST ? BFL_HU_HIGHEST : value;
    return value > BFL_NOT_MEASURED_HU ? (int16_t)held : BFL_HU_NONE;
}
/* As labels 0..255; what is beyond is 255. */
bfl_mask *bfl_stored_mask(bfl_arena *arena, const bfl_stored_volume *stored) __attribute__((returns_nonnull));

/* ---- packed bytes (inflate.c): gzip or zlib, told by their first bytes ---- */

typedef struct bfl_inflater bfl_inflater;
/* All memory comes from the arena. */
bfl_inflater *bfl_inflate_begin(bfl_arena *arena, bfl_text packed) __attribute__((returns_nonnull));
/* Of bytes without any header: those of a ZIP entry or of a deflated DICOM file. */
bfl_inflater *bfl_inflate_raw(bfl_arena *arena, bfl_text packed) __attribute__((returns_nonnull));
/* All bytes up to the end. BFL_EPARSE, BFL_ELIMIT (more than `most`). */
BFL_MUST_USE bfl_status bfl_inflate_rest(bfl_arena *arena, bfl_inflater *inflater, size_t most, const char *where,
                                         bfl_text *out, bfl_error *err);
/* The next `size` bytes. BFL_EPARSE when the packed bytes are damaged or end before. */
BFL_MUST_USE bfl_status bfl_inflate_take(bfl_inflater *inflater, char *out, size_t size, const char *where,
                                         bfl_error *err);
bool bfl_is_gzip(bfl_text bytes);
/* The bytes as one gzip member without name or time: the same bytes for the same input, on any number of processors (all work). */
bfl_text bfl_gzip(bfl_arena *arena, bfl_text bytes);
bfl_text bfl_zlib(bfl_arena *arena, bfl_text bytes);

/* ---- pictures (png.c) ---- */

/* width x height pixels, row by row from the top, one byte each, or three (red, green, blue). */
bfl_text bfl_png(bfl_arena *arena, const uint8_t *pixels, int32_t width, int32_t height, bool colour);

#endif
