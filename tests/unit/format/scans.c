/* SPDX-License-Identifier: Apache-2.0 */
/* Scans by their paths: files of many frames, deflated, in a ZIP file, in two files; and folders too full. */
#include "test.h"
#include "volume/volume.h"
#include <boneflare/format.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bfl_scan *read_corpus(const char *file, bfl_error *err) {
    char path[512];
    bfl_scan *scan = NULL;
    *err = (bfl_error){.status = BFL_OK};
    (void)snprintf(path, sizeof path, "%s/tests/fuzz/corpora/%s", getenv("BFL_SOURCE"), file);
    const bfl_scan_limits limits = {.struct_size = sizeof limits, .file_bytes = 1 << 20, .voxels = 1 << 20};
    const bfl_status status = bfl_scan_read(path, &limits, &scan, err);
    CHECK_INT(err->status, status);
    return scan;
}

/* Four slices of 4 x 4: 1000 + 100 * frame + pixel, less 1024; frames are stored from the head to the feet. */
static void check_frames(const char *file) {
    bfl_error err;
    bfl_scan *scan = read_corpus(file, &err);
    CHECK(scan != NULL);
    if (!scan) printf("# %s: %s\n", file, err.message);
    if (!scan) return;
    const bfl_grid *g = &scan->volume->grid;
    CHECK(g->size[0] == 4 && g->size[1] == 4 && g->size[2] == 4);
    CHECK_NEAR(g->spacing_mm[0], 0.75, 0);
    CHECK_NEAR(g->spacing_mm[1], 0.5, 0);
    CHECK_NEAR(g->spacing_mm[2], 2.5, 1e-12);
    CHECK_NEAR(g->origin_mm[0], -10, 0);
    for (int k = 0; k < 4; k++)
        CHECK_INT(scan->volume->hu[bfl_grid_index(g, 2, 1, k)], 1000 + 100 * (3 - k) + 6 - 1024);
    CHECK(scan->origin && scan->origin->frame_count == 4);
    if (scan->origin) CHECK_INT(scan->origin->frames[0].number, 4); /* the lowest is the last */
    CHECK(scan->origin && !scan->origin->identity);
    bfl_scan_free(scan);
}

TEST(many_frames_in_one_file) {
    check_frames("dicom/frames.dcm");
    check_frames("dicom/frames-implicit.dcm");
    check_frames("dicom/frames-open.dcm");
    check_frames("dicom/frames-rle.dcm");
    check_frames("dicom/frames-rle-bare.dcm");
}

TEST(a_deflated_file) {
    bfl_error err;
    bfl_scan *scan = read_corpus("dicom/deflated.dcm", &err);
    CHECK(scan != NULL);
    if (scan) CHECK_INT(scan->volume->hu[6], 1000 + 100 + 6 - 1024);
    bfl_scan_free(scan);
}

static void check_zip(const char *file, int slices) {
    bfl_error err;
    bfl_scan *scan = read_corpus(file, &err);
    CHECK(scan != NULL);
    if (!scan) printf("# %s: %s\n", file, err.message);
    if (!scan) return;
    CHECK_INT(scan->volume->grid.size[2], slices);
    for (int k = 0; k < slices; k++) CHECK_INT(scan->volume->hu[16 * k + 6], 1000 + 100 * k + 6 - 1024);
    bfl_scan_free(scan);
}

TEST(a_zip_of_slices) {
    check_zip("zip/deflated.zip", 3);
    check_zip("zip/stored.zip", 3);
    check_zip("zip/zip64.zip", 2);
}

TEST(voxels_in_a_file_beside) {
    bfl_error err;
    bfl_scan *scan = read_corpus("nrrd/apart.nhdr", &err);
    CHECK(scan != NULL);
    if (scan) CHECK_TEXT(bfl_scan_about(scan)->format, "NRRD");
    bfl_scan_free(scan);
}

static void refuse(const char *file, bfl_status expected, const char *says) {
    bfl_error err;
    bfl_scan *scan = read_corpus(file, &err);
    CHECK(scan == NULL);
    CHECK_INT(err.status, expected);
    if (!strstr(err.message, says)) printf("# %s: %s\n", file, err.message);
    CHECK(strstr(err.message, says) != NULL);
    bfl_scan_free(scan);
}

TEST(broken_files_are_named) {
    refuse("dicom/frames-lacking.dcm", BFL_EPARSE, "not all with a place and pixels");
    refuse("dicom/frames-short.dcm", BFL_EPARSE, "not all with a place and pixels");
    refuse("dicom/frames-rle-back.dcm", BFL_EPARSE, "not all with a place and pixels");
    refuse("dicom/frames-many.dcm", BFL_EPARSE, "not all with a place and pixels");
    refuse("dicom/frames-zero.dcm", BFL_EPARSE, "pixel spacing absent or impossible");
    refuse("dicom/deflated-cut.dcm", BFL_EPARSE, "no DICOM, or damaged");
    refuse("dicom/deflated-bomb.dcm", BFL_ELIMIT, "unpacks to more than 1048576 bytes");
    refuse("zip/bomb.zip", BFL_ELIMIT, "unpacks to more than 1048576 bytes");
    refuse("zip/cut.zip", BFL_EPARSE, "its list is missing");
    refuse("zip/empty", BFL_EPARSE, "its list is missing");
    refuse("zip/far.zip", BFL_EPARSE, "entry 1 of the ZIP file is damaged");
    refuse("zip/encrypted.zip", BFL_EPARSE, "encrypted, damaged, or packed in an unknown way");
    refuse("zip/bzip.zip", BFL_EPARSE, "encrypted, damaged, or packed in an unknown way");
    refuse("zip/promises.zip", BFL_EPARSE, "encrypted, damaged, or packed in an unknown way");
    refuse("zip/two-patients.zip", BFL_EPARSE, "more than one patient");
    refuse("zip/nothing.zip", BFL_EPARSE, "holds no file");
}

/* ---- 20,000 files ---- */

static void name_of(char *out, size_t size, const char *folder, int n) {
    (void)snprintf(out, size, "%s/%05d", folder, n);
}

/* The same bytes under so many names: links to one file, which a folder of slices would be as full with. */
static void fill(const char *folder, int from, int to) {
    char first[96], path[96];
    name_of(first, sizeof first, folder, 0);
    for (int n = from; n < to; n++) {
        name_of(path, sizeof path, folder, n);
        if (n == 0) {
            const int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
            CHECK(file >= 0 && write(file, "no image\n", 9) == 9 && close(file) == 0);
        } else if (link(first, path) != 0) {
            CHECK(false);
            return;
        }
    }
}

TEST(a_folder_of_20000_files) {
    enum { MOST = 20000 };
    char folder[] = "/tmp/boneflare-many-XXXXXX", path[96];
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    CHECK(mkdtemp(folder) != NULL);
    fill(folder, 0, MOST);
    CHECK_INT(bfl_scan_read(folder, NULL, &scan, &err), BFL_EPARSE);
    CHECK(strstr(err.message, "20000 files set aside: no DICOM, or damaged") != NULL);
    fill(folder, MOST, MOST + 1);
    CHECK_INT(bfl_scan_read(folder, NULL, &scan, &err), BFL_ELIMIT);
    CHECK(strstr(err.message, "more than 20000 files") != NULL && scan == NULL);
    for (int n = 0; n <= MOST; n++) {
        name_of(path, sizeof path, folder, n);
        (void)unlink(path);
    }
    CHECK_INT(rmdir(folder), 0);
}

TEST_CASES(CASE(many_frames_in_one_file), CASE(a_deflated_file), CASE(a_zip_of_slices), CASE(voxels_in_a_file_beside),
           CASE(broken_files_are_named), CASE(a_folder_of_20000_files))
