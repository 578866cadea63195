/* SPDX-License-Identifier: Apache-2.0 */
#include "format/volumes.h"
#include "format/voxels.h"
#include "test.h"

#include <stdlib.h>

static const size_t MOST = 100000;

/* A stored file of the fuzzers' corpus. */
static bfl_text corpus(bfl_arena *arena, const char *file) {
    bfl_text bytes = {"", 0};
    CHECK_INT(bfl_file_read(arena, bfl_arena_printf(arena, "%s/tests/fuzz/corpora/%s", getenv("BFL_SOURCE"), file),
                            1 << 20, &bytes, NULL),
              BFL_OK);
    return bytes;
}

static void check_turned(const bfl_grid *g) {
    /* the sform of the file: i runs to the front by 1.5 mm, j to the left by 2 mm, k to the head by 2.5 mm */
    const double axes[3][3] = {{0, -1, 0}, {1, 0, 0}, {0, 0, 1}}, spacing[3] = {1.5, 2, 2.5},
                 origin[3] = {-10, -20, 30};
    for (int a = 0; a < 3; a++) {
        CHECK_NEAR(g->spacing_mm[a], spacing[a], 1e-6);
        CHECK_NEAR(g->origin_mm[a], origin[a], 1e-6);
        for (int x = 0; x < 3; x++) CHECK_NEAR(g->axis[a][x], axes[a][x], 1e-6);
    }
}

static bfl_status body_nifti(bfl_arena *arena, void *context, bfl_error *err) {
    static const char *const SAME[] = {"nifti/little.nii", "nifti/packed.nii.gz"};
    (void)context;
    bfl_stored_volume s;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(bfl_nifti_read(arena, corpus(arena, SAME[i]), MOST, "x", &s, err), BFL_OK);
        check_turned(&s.grid);
        const bfl_volume *v = bfl_stored_hu(arena, &s);
        for (int n = 0; n < 12; n++) CHECK_INT(v->hu[n], n);
    }
    /* big endian, placed by its qform: a quarter turn about z; no sform */
    CHECK_INT(bfl_nifti_read(arena, corpus(arena, "nifti/big.nii"), MOST, "x", &s, err), BFL_OK);
    CHECK_NEAR(s.grid.axis[0][1], -1, 1e-6);
    CHECK_NEAR(s.grid.axis[1][0], 1, 1e-6);
    CHECK_NEAR(s.grid.origin_mm[0], -1, 1e-6);
    CHECK_INT(bfl_stored_hu(arena, &s)->hu[11], 11);
    static const char *const TWO[] = {"nifti/two.nii", "nifti/two.nii.gz"};
    for (int i = 0; i < 2; i++) {
        CHECK_INT(bfl_nifti_read(arena, corpus(arena, TWO[i]), MOST, "x", &s, err), BFL_OK);
        const int16_t hu[8] = {-1024, -1022, -1020, BFL_HU_NONE, 0, BFL_HU_HIGHEST, BFL_HU_NONE, -1018};
        const bfl_volume *v = bfl_stored_hu(arena, &s);
        for (int n = 0; n < 8; n++) CHECK_INT(v->hu[n], hu[n]);
        CHECK_NEAR(s.grid.spacing_mm[2], 3, 1e-9);
        CHECK_NEAR(s.grid.axis[2][2], 1, 1e-9); /* half a turn about y and a mirrored third axis */
        CHECK_NEAR(s.grid.axis[0][0], 1, 1e-9);
    }
    return BFL_OK;
}

static bfl_status body_metaimage(bfl_arena *arena, void *context, bfl_error *err) {
    static const char *const FILES[] = {"metaimage/plain.mha", "metaimage/packed.mha"};
    (void)context;
    for (int i = 0; i < 2; i++) {
        bfl_stored_volume s;
        CHECK_INT(bfl_metaimage_read(arena, corpus(arena, FILES[i]), MOST, "x", &s, err), BFL_OK);
        CHECK_NEAR(s.grid.axis[0][1], 1, 0);
        CHECK_NEAR(s.grid.axis[1][0], -1, 0);
        CHECK_NEAR(s.grid.origin_mm[0], -1.5, 0);
        CHECK_NEAR(s.grid.spacing_mm[2], 2.5, 0);
        for (int n = 0; n < 8; n++) CHECK_INT(bfl_stored_hu(arena, &s)->hu[n], n);
        CHECK_INT(bfl_mask_count(bfl_stored_mask(arena, &s)), 7);
    }
    return BFL_OK;
}

static bfl_status body_nrrd(bfl_arena *arena, void *context, bfl_error *err) {
    static const char *const FILES[] = {"nrrd/plain.nrrd", "nrrd/packed.nrrd", "nrrd/ras.nrrd",
                                        "nrrd/crlf.nrrd",  "nrrd/skip.nrrd",   "nrrd/lines.nrrd"};
    (void)context;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        bfl_stored_volume s;
        CHECK_INT(bfl_nrrd_read(arena, corpus(arena, FILES[i]), MOST, "x", &s, err), BFL_OK);
        check_turned(&s.grid);
        for (int n = 0; n < 12; n++) CHECK_INT(bfl_stored_hu(arena, &s)->hu[n], n);
    }
    return BFL_OK;
}

/* What is written comes back, in all 48 orientations, by sform and, with the sform's code wiped, by qform. */
static bfl_status body_round_trip(bfl_arena *arena, void *context, bfl_error *err) {
    static const int AXES[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    (void)context;
    for (int trial = 0; trial < 48; trial++) {
        bfl_grid g = {.size = {3, 4, 5}, .spacing_mm = {1, 2, 3}, .origin_mm = {7, -3, 2}};
        for (int a = 0; a < 3; a++) g.axis[a][AXES[trial / 8][a]] = trial >> a & 1 ? -1 : 1;
        bfl_volume *v = bfl_volume_new(arena, &g);
        for (int16_t i = 0; i < 60; i++) v->hu[i] = (int16_t)(i * 50 - 1000);
        bfl_text packed = bfl_nifti_write_volume(arena, v);
        bfl_stored_volume s;
        CHECK_INT(bfl_nifti_read(arena, packed, MOST, "x", &s, err), BFL_OK);
        CHECK(bfl_grid_same(&s.grid, &g));
        CHECK(memcmp(bfl_stored_hu(arena, &s)->hu, v->hu, 120) == 0);
        char *plain = bfl_arena_alloc(arena, 352 + 120, 1);
        CHECK_INT(bfl_inflate_take(bfl_inflate_begin(arena, packed), plain, 352 + 120, "x", err), BFL_OK);
        plain[254] = 0;
        CHECK_INT(bfl_nifti_read(arena, (bfl_text){plain, 352 + 120}, MOST, "x", &s, err), BFL_OK);
        CHECK(bfl_grid_same(&s.grid, &g));
    }
    return BFL_OK;
}

typedef bfl_status (*reader)(bfl_arena *, bfl_text, size_t, const char *, bfl_stored_volume *, bfl_error *);

static void check_broken(bfl_arena *arena, reader read, const char *file, bfl_status expected, const char *says) {
    bfl_stored_volume s;
    bfl_error err = {.status = BFL_OK};
    CHECK_INT(read(arena, corpus(arena, file), MOST, file, &s, &err), expected);
    if (!strstr(err.message, says)) printf("# %s: %s\n", file, err.message);
    CHECK(strstr(err.message, says) != NULL);
    CHECK_TEXT(err.where, file);
}

static bfl_status body_broken(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    check_broken(arena, bfl_nifti_read, "nifti/short.nii", BFL_EPARSE, "ends before the last voxel");
    check_broken(arena, bfl_nifti_read, "nifti/huge.nii", BFL_ELIMIT, "more than 100000 voxels");
    check_broken(arena, bfl_nifti_read, "nifti/damaged.nii.gz", BFL_EPARSE, "ends before the last voxel");
    check_broken(arena, bfl_nifti_read, "nifti/scrambled.nii.gz", BFL_EPARSE, "packed data are damaged");
    check_broken(arena, bfl_nifti_read, "nifti/cut.nii.gz", BFL_EPARSE, "ends before the last voxel");
    check_broken(arena, bfl_nifti_read, "nifti/rgb.nii", BFL_ENOTSUP, "datatype 128");
    check_broken(arena, bfl_nifti_read, "nifti/empty", BFL_EPARSE, "too short");
    check_broken(arena, bfl_nifti_read, "metaimage/plain.mha", BFL_EPARSE, "too short");
    check_broken(arena, bfl_metaimage_read, "metaimage/other-file.mha", BFL_EPARSE, "ElementDataFile");
    check_broken(arena, bfl_metaimage_read, "metaimage/short.mha", BFL_EPARSE, "ends before the last voxel");
    check_broken(arena, bfl_metaimage_read, "metaimage/no-lines.mha", BFL_EPARSE, "no line ends here");
    check_broken(arena, bfl_metaimage_read, "metaimage/nan.mha", BFL_EPARSE, "ElementSpacing = 1 NaN 2.5");
    check_broken(arena, bfl_metaimage_read, "metaimage/zero.mha", BFL_EPARSE, "spacing along axis 2");
    check_broken(arena, bfl_metaimage_read, "nifti/little.nii", BFL_EPARSE, "MetaImage");
    check_broken(arena, bfl_nrrd_read, "nrrd/short.nrrd", BFL_EPARSE, "ends before the last voxel");
    check_broken(arena, bfl_nrrd_read, "nrrd/cut.nrrd", BFL_EPARSE, "ends before the last voxel");
    check_broken(arena, bfl_nrrd_read, "nrrd/nan.nrrd", BFL_EPARSE, "space directions");
    check_broken(arena, bfl_nrrd_read, "nrrd/flat.nrrd", BFL_EPARSE, "spacing along axis 1");
    check_broken(arena, bfl_nrrd_read, "nrrd/lean.nrrd", BFL_ENOTSUP, "not orthogonal");
    check_broken(arena, bfl_nrrd_read, "nrrd/huge.nrrd", BFL_ELIMIT, "more than 100000 voxels");
    check_broken(arena, bfl_nrrd_read, "nrrd/overflow.nrrd", BFL_EPARSE, "sizes");
    check_broken(arena, bfl_nrrd_read, "nrrd/path.nhdr", BFL_EPARSE, "../secret.raw");
    check_broken(arena, bfl_nrrd_read, "nrrd/list.nhdr", BFL_EPARSE, "LIST");
    check_broken(arena, bfl_nrrd_read, "nrrd/apart.nhdr", BFL_EINVAL, "another file");
    check_broken(arena, bfl_nrrd_read, "nrrd/four.nrrd", BFL_EPARSE, "dimension");
    check_broken(arena, bfl_nrrd_read, "nrrd/no-endian.nrrd", BFL_EPARSE, "endian");
    check_broken(arena, bfl_nrrd_read, "nrrd/bzip.nrrd", BFL_EPARSE, "bzip2");
    check_broken(arena, bfl_nrrd_read, "nrrd/scanner.nrrd", BFL_EPARSE, "scanner-xyz");
    check_broken(arena, bfl_nrrd_read, "nrrd/no-lines.nrrd", BFL_EPARSE, "not NRRD");
    return BFL_OK;
}

/* Sizes around the pieces of a megabyte, of bytes that repeat across their borders; one that was changed on its way is found by zlib. */
static bfl_status body_gzip(bfl_arena *arena, void *context, bfl_error *err) {
    enum { MEGABYTE = 1 << 20, SIZES = 6 };
    static const size_t SIZE[SIZES] = {0, 1, MEGABYTE, MEGABYTE + 1, 3 * MEGABYTE, 3 * MEGABYTE + 12345};
    char *bytes = bfl_arena_alloc(arena, SIZE[SIZES - 1], 1);
    (void)context;
    for (uint32_t i = 0; i < SIZE[SIZES - 1]; i++) bytes[i] = (char)(i % 30011 * 2654435761U >> 28);
    for (int n = 0; n < SIZES; n++) {
        bfl_text packed = bfl_gzip(arena, (bfl_text){bytes, SIZE[n]}), got = {NULL, 0};
        CHECK(bfl_is_gzip(packed));
        CHECK_INT(bfl_inflate_rest(arena, bfl_inflate_begin(arena, packed), SIZE[SIZES - 1] + 1, "", &got, err),
                  BFL_OK);
        CHECK_INT(got.size, SIZE[n]);
        CHECK(got.size == SIZE[n] && memcmp(got.data, bytes, SIZE[n]) == 0);
        if (n < SIZES - 1) continue;
        CHECK(packed.size < SIZE[n] / 3);
        ((char *)(uintptr_t)packed.data)[packed.size - 8] ^= 1; /* the sum over all pieces */
        CHECK_INT(bfl_inflate_rest(arena, bfl_inflate_begin(arena, packed), 2 * SIZE[n], "", &got, NULL), BFL_EPARSE);
    }
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(nifti) { run(body_nifti); }
TEST(metaimage) { run(body_metaimage); }
TEST(nrrd) { run(body_nrrd); }
TEST(round_trip) { run(body_round_trip); }
TEST(gzip_in_pieces) { run(body_gzip); }
TEST(broken_files_are_named) { run(body_broken); }

TEST_CASES(CASE(nifti), CASE(metaimage), CASE(nrrd), CASE(round_trip), CASE(gzip_in_pieces),
           CASE(broken_files_are_named))
