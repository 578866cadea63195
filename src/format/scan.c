/* SPDX-License-Identifier: Apache-2.0 */
/* One CT scan from a file or a folder, told by what it holds. */
#include "format/volumes.h"
#include "format/zip.h"
#include <boneflare/format.h>

#include <string.h>
#include <sys/stat.h>

static const size_t FILE_BYTES = (size_t)4 << 30, VOXELS = (size_t)512 << 20, FILES = 20000;

typedef struct request {
    const char *path;
    size_t file_bytes, voxels;
    bool keep_identifiers;
    bfl_scan *scan;
} request;

typedef struct scan_format {
    const char *name;
    bool (*probe)(bfl_text head);
    bfl_status (*read)(bfl_arena *arena, bfl_text bytes, size_t most_voxels, const char *where, bfl_stored_volume *out,
                       bfl_error *err);
} scan_format;

static bool is_metaimage(bfl_text head) {
    return bfl_text_starts(head, BFL_TEXT("ObjectType")) || bfl_text_starts(head, BFL_TEXT("NDims"));
}

/* 348 or 540 in either byte order, or packed: the only packed format. */
static bool is_nifti(bfl_text head) {
    static const char SIZES[4][4] = {{0x5c, 1, 0, 0}, {0, 0, 1, 0x5c}, {0x1c, 2, 0, 0}, {0, 0, 2, 0x1c}};
    if (bfl_is_gzip(head)) return true;
    for (int i = 0; head.size >= 4 && i < 4; i++)
        if (memcmp(head.data, SIZES[i], 4) == 0) return true;
    return false;
}

static bool is_nrrd(bfl_text head) { return bfl_text_starts(head, BFL_TEXT("NRRD000")); }

static const scan_format FORMATS[] = {{"NIfTI", is_nifti, bfl_nifti_read},
                                      {"MetaImage", is_metaimage, bfl_metaimage_read},
                                      {"NRRD", is_nrrd, bfl_nrrd_read}};

static void own(bfl_arena *arena, bfl_scan *scan) {
    scan->arena = arena;
    scan->holders = BFL_NEW(arena, atomic_uint);
}

static void describe(bfl_arena *arena, const char *format, const bfl_volume *read, const bfl_volume *volume,
                     const char *path, bfl_scan_info *info) {
    info->path = bfl_arena_text(arena, bfl_text_of(path));
    info->format = format;
    info->series = "";
    bfl_grid_orientation(&read->grid, info->orientation);
    for (int a = 0; a < 3; a++) {
        info->size[a] = volume->grid.size[a];
        info->spacing_mm[a] = volume->grid.spacing_mm[a];
    }
}

static void take_dicom(bfl_arena *arena, const bfl_dicom_volume *read, const char *path, bfl_scan *scan) {
    scan->volume = bfl_volume_canonical(arena, read->volume);
    describe(arena, "DICOM", read->volume, scan->volume, path, &scan->info);
    scan->info.date = read->date;
    scan->info.series = read->series;
    scan->info.notes = read->notes;
    scan->info.note_count = read->note_count;
    scan->person = read->person;
    scan->origin = read->origin;
    own(arena, scan);
}

static bool is_folder(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* A folder, or that of a DICOMDIR, which names the files beside and below it. */
static bfl_status read_folder(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    const bfl_dicom_limits limits = {FILES, r->file_bytes, r->voxels, r->keep_identifiers};
    bfl_dicom_volume read;
    bfl_scan *scan = BFL_NEW(arena, bfl_scan);
    const char *slash = strrchr(r->path, '/'), *folder = r->path;
    if (!is_folder(r->path)) {
        const size_t length = slash == r->path ? 1 : slash ? (size_t)(slash - r->path) : 0;
        folder = slash ? bfl_arena_text(arena, (bfl_text){r->path, length}) : ".";
    }
    bfl_status status = bfl_dicom_read_folder(arena, folder, &limits, &read, err);
    if (status) return status;
    take_dicom(arena, &read, r->path, scan);
    r->scan = scan;
    return BFL_OK;
}

/* The voxels may lie in a file beside. */
static bfl_status read_nrrd(bfl_arena *arena, const request *r, bfl_text bytes, bfl_stored_volume *out,
                            bfl_error *err) {
    bfl_text name, voxels;
    const char *slash = strrchr(r->path, '/');
    bfl_status status = bfl_nrrd_data_file(bytes, r->path, &name, err);
    if (status) return status;
    if (!name.size) return bfl_nrrd_read(arena, bytes, r->voxels, r->path, out, err);
    const char *beside =
        bfl_arena_printf(arena, "%.*s%.*s", slash ? (int)(slash + 1 - r->path) : 0, r->path, (int)name.size, name.data);
    status = bfl_file_read(arena, beside, r->file_bytes, &voxels, err);
    return status ? status : bfl_nrrd_read_apart(arena, bytes, &voxels, r->voxels, r->path, out, err);
}

/* What lies in `scratch` as it was stored: only the voxels in their last order are kept. */
static bfl_status read_stored(bfl_arena *arena, bfl_arena *scratch, const request *r, bfl_text bytes, bfl_scan *scan,
                              bfl_error *err) {
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++) {
        bfl_stored_volume stored;
        if (!FORMATS[i].probe(bytes)) continue;
        bfl_status status = FORMATS[i].probe == is_nrrd
                                ? read_nrrd(scratch, r, bytes, &stored, err)
                                : FORMATS[i].read(scratch, bytes, r->voxels, r->path, &stored, err);
        if (status) return status;
        const bfl_volume *read = bfl_stored_hu(scratch, &stored);
        scan->volume = bfl_volume_canonical_copy(arena, read);
        describe(arena, FORMATS[i].name, read, scan->volume, r->path, &scan->info);
        own(arena, scan);
        return BFL_OK;
    }
    return bfl_fail(err, BFL_EPARSE, r->path, 0,
                    "is no scan in a format that is read: DICOM, NIfTI, MetaImage or NRRD");
}

static bfl_status read_file(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    bfl_text bytes;
    bfl_scan *scan = BFL_NEW(arena, bfl_scan);
    bfl_arena *scratch = bfl_arena_scratch(arena);
    const bfl_arena_mark nothing = bfl_arena_here(scratch);
    bfl_status status = bfl_file_read(scratch, r->path, r->file_bytes, &bytes, err);
    if (status) return status;
    if (bfl_is_dicom(bytes) || bfl_is_zip(bytes)) {
        bfl_dicom_volume read;
        const bfl_dicom_limits limits = {FILES, r->file_bytes, r->voxels, r->keep_identifiers};
        status = bfl_is_zip(bytes) ? bfl_dicom_read_zip(arena, bytes, &limits, r->path, &read, err)
                                   : bfl_dicom_read(arena, bytes, &limits, r->path, &read, err);
        if (status) return status;
        take_dicom(arena, &read, r->path, scan);
        r->scan = scan;
        return BFL_OK;
    }
    status = read_stored(arena, scratch, r, bytes, scan, err);
    bfl_arena_back(scratch, nothing);
    r->scan = scan;
    return status;
}

bfl_status bfl_scan_read(const char *path, const bfl_scan_limits *limits, bfl_scan **out, bfl_error *err) {
    if (!path || !out) return bfl_fail(err, BFL_EINVAL, "", 0, "path and out are needed");
    request r = {path, FILE_BYTES, VOXELS, limits && limits->keep_identifiers, NULL};
    if (limits && limits->file_bytes) r.file_bytes = limits->file_bytes;
    if (limits && limits->voxels) r.voxels = limits->voxels;
    bfl_status status = bfl_arena_build(is_folder(path) || bfl_is_dicomdir(path) ? read_folder : read_file, &r, err);
    if (!status) *out = r.scan;
    return status;
}
