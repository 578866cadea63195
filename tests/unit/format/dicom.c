/* SPDX-License-Identifier: Apache-2.0 */
/* DICOM folders written here (explicit VR, little endian), good and broken; real ones when they are there. */
#include "dicom_bytes.h"
#include "volume/volume.h"
#include "format/volumes.h"
#include <boneflare/format.h>

#include <stdlib.h>
#include <unistd.h>

enum { SIDE = 8 };

/* One slice; what is NULL or 0 is as in a good one. */
typedef struct plan {
    const char *series, *type, *modality, *patient, *position, *orientation, *spacing, *slope, *intercept, *padding,
        *name, *birth, *sex;
    double z, shift_y;
    int rows, cut, value;
    bool no_preamble;
} plan;

static const char *either(const char *z, const char *otherwise) { return z ? z : otherwise; }

static bfl_text slice(bfl_arena *arena, const plan *p) {
    bfl_buf b = {.arena = arena}, place = {.arena = arena};
    for (int i = 0; i < 128; i++) le(&b, 0, 1);
    bfl_buf_add(&b, p->no_preamble ? "DICT" : "DICM");
    text(&b, 0x00020010, "UI", "1.2.840.10008.1.2.1");
    text(&b, 0x00080008, "CS", either(p->type, "ORIGINAL\\PRIMARY\\AXIAL"));
    text(&b, 0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2");
    text(&b, 0x00080020, "DA", "20190404");
    text(&b, 0x00080060, "CS", either(p->modality, "CT"));
    text(&b, 0x0008103e, "LO", "bone kernel of Roe");
    text(&b, 0x00100010, "PN", either(p->name, "ROE^JANE"));
    text(&b, 0x00100020, "LO", either(p->patient, "MRN-4711"));
    text(&b, 0x00100030, "DA", either(p->birth, "19500102"));
    text(&b, 0x00100040, "CS", either(p->sex, "F"));
    text(&b, 0x00180050, "DS", "2.5");
    text(&b, 0x0020000e, "UI", either(p->series, "1.2.3"));
    bfl_buf_add(&place, "-10\\");
    bfl_buf_double(&place, -20 + p->shift_y, 3);
    bfl_buf_add(&place, "\\");
    bfl_buf_double(&place, p->z, 3);
    text(&b, 0x00200032, "DS", either(p->position, bfl_buf_z(&place)));
    text(&b, 0x00200037, "DS", either(p->orientation, "1\\0\\0\\0\\1\\0"));
    number(&b, 0x00280002, 1);
    text(&b, 0x00280004, "CS", "MONOCHROME2");
    number(&b, 0x00280010, p->rows ? (unsigned)p->rows : SIDE);
    number(&b, 0x00280011, p->rows ? (unsigned)p->rows : SIDE);
    text(&b, 0x00280030, "DS", either(p->spacing, ".5\\.75"));
    number(&b, 0x00280100, 16), number(&b, 0x00280101, 12), number(&b, 0x00280102, 11), number(&b, 0x00280103, 0);
    if (p->padding) number(&b, 0x00280120, 7);
    text(&b, 0x00281052, "DS", either(p->intercept, "-1024"));
    text(&b, 0x00281053, "DS", either(p->slope, "1"));
    pixels_begin(&b, 2 * SIDE * SIDE);
    for (unsigned i = 0; i < SIDE * SIDE; i++) le(&b, i < 2 ? 7 + i : (unsigned)p->value + 1000 + i, 2);
    return (bfl_text){b.data, b.size - (size_t)p->cut};
}

/* ---- a folder of them ---- */

typedef struct folder {
    bfl_arena *arena;
    char path[64];
    int files;
} folder;

static void start(folder *f) {
    *f = (folder){.arena = bfl_arena_new()};
    (void)snprintf(f->path, sizeof f->path, "/tmp/boneflare-dicom-XXXXXX");
    CHECK(mkdtemp(f->path) != NULL);
}

static bfl_status put_body(bfl_arena *arena, void *context, bfl_error *err) {
    void **both = context;
    folder *f = both[0];
    return bfl_file_write(bfl_arena_printf(arena, "%s/%d.dcm", f->path, 90 - f->files++), slice(arena, both[1]), false,
                          err);
}

static void put(folder *f, plan p) {
    void *both[2] = {f, &p};
    CHECK_INT(bfl_arena_run(f->arena, put_body, both, NULL), BFL_OK);
}

static void put_stack(folder *f, plan p, int count) {
    for (int k = 0; k < count; k++, p.z += 2.5) {
        p.value = k * 64;
        put(f, p);
    }
}

static void end(folder *f) {
    for (int i = 0; i < f->files; i++) {
        char path[96];
        (void)snprintf(path, sizeof path, "%s/%d.dcm", f->path, 90 - i);
        CHECK_INT(unlink(path), 0);
    }
    CHECK_INT(rmdir(f->path), 0);
    bfl_arena_free(f->arena);
}

static bfl_scan *read_good(const folder *f) {
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    CHECK_INT(bfl_scan_read(f->path, NULL, &scan, &err), BFL_OK);
    if (err.status) printf("# %s\n", err.message);
    return scan;
}

static bool noted(const bfl_scan *scan, const char *words) {
    const bfl_scan_info *info = bfl_scan_about(scan);
    for (size_t n = 0; n < info->note_count; n++)
        if (strstr(info->notes[n], words)) return true;
    for (size_t n = 0; n < info->note_count; n++) printf("# note: %s\n", info->notes[n]);
    return false;
}

static void check_refused(folder *f, bfl_status expected, const char *words) {
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    CHECK_INT(bfl_scan_read(f->path, NULL, &scan, &err), expected);
    CHECK(scan == NULL && strstr(err.message, words) != NULL);
    if (!strstr(err.message, words)) printf("# %s\n", err.message);
    bfl_scan_free(scan);
    end(f);
}

static int16_t at(const bfl_scan *scan, int i, int j, int k) {
    return scan->volume->hu[bfl_grid_index(&scan->volume->grid, i, j, k)];
}

static void done(folder *f, bfl_scan *scan) {
    bfl_scan_free(scan);
    end(f);
}

TEST(a_series_is_a_volume) {
    folder f;
    start(&f);
    put_stack(&f, (plan){.padding = "7"}, 5);
    bfl_scan *scan = read_good(&f);
    const bfl_scan_info *info = bfl_scan_about(scan);
    CHECK_TEXT(info->format, "DICOM");
    CHECK_TEXT(info->orientation, "LPS");
    CHECK_TEXT(info->series, ""); /* it names the patient */
    CHECK_INT(info->date.precision, BFL_DATE_DAY);
    CHECK_INT(info->date.first, 17990);
    CHECK_INT(info->size[2], 5);
    CHECK_NEAR(info->spacing_mm[0], 0.75, 0);
    CHECK_NEAR(info->spacing_mm[1], 0.5, 0);
    CHECK_NEAR(info->spacing_mm[2], 2.5, 1e-12);
    CHECK_NEAR(scan->volume->grid.origin_mm[1], -20, 0);
    CHECK_INT(at(scan, 0, 0, 3), BFL_HU_NONE); /* padding */
    CHECK_INT(at(scan, 1, 0, 3), 8 - 1024);
    CHECK_INT(at(scan, 3, 2, 3), 192 + 1000 + 19 - 1024);
    CHECK_INT(info->note_count, 0);
    CHECK(scan->person.has[BFL_PERSON_ID] && scan->person.has[BFL_PERSON_NAME]);
    done(&f, scan);
}

TEST(what_is_no_slice_is_set_aside) {
    folder f;
    start(&f);
    put_stack(&f, (plan){.series = "1.2.3"}, 4);
    put_stack(&f, (plan){.series = "1.2.4", .z = 50}, 3);
    put_stack(&f, (plan){.series = "1.2.5", .orientation = "1\\0\\0\\0\\0\\-1"}, 1);
    put_stack(&f, (plan){.series = "1.2.6", .type = "DERIVED\\SECONDARY\\AXIAL"}, 6);
    put(&f, (plan){.type = "ORIGINAL\\PRIMARY\\LOCALIZER"});
    put(&f, (plan){.type = "DERIVED\\SECONDARY\\SCREEN SAVE"});
    put(&f, (plan){.modality = "PT"});
    put(&f, (plan){.no_preamble = true});
    bfl_scan *scan = read_good(&f);
    CHECK_INT(bfl_scan_about(scan)->size[2], 4);
    CHECK(noted(scan, "chosen of 4 series: most axial CT slices, derived ones last; 4 slices"));
    CHECK(noted(scan, "series set aside: 3 axial slices of 8 x 8"));
    CHECK(noted(scan, "series set aside: 1 slice of 8 x 8"));
    CHECK(noted(scan, "series set aside: 6 derived axial slices of 8 x 8"));
    CHECK(noted(scan, "1 file set aside: localizer or scout"));
    CHECK(noted(scan, "1 file set aside: screen or colour image"));
    CHECK(noted(scan, "1 file set aside: not CT"));
    CHECK(noted(scan, "1 file set aside: no DICOM, or damaged"));
    done(&f, scan);
}

TEST(duplicates_and_gaps_are_told) {
    folder f;
    start(&f);
    put_stack(&f, (plan){.z = 0}, 6);
    put(&f, (plan){.z = 5});
    put_stack(&f, (plan){.z = 20}, 2);
    bfl_scan *scan = read_good(&f);
    CHECK(noted(scan, "1 duplicate slice dropped"));
    CHECK(noted(scan, "1 gap between slices, the widest 7.50 mm where the median is 2.50 mm"));
    CHECK_INT(bfl_scan_about(scan)->size[2], 10);
    CHECK_INT(at(scan, 3, 3, 5), 320 + 1000 + 27 - 1024);
    CHECK_INT(at(scan, 3, 3, 6), BFL_HU_NONE); /* nothing is drawn across the gap */
    CHECK_INT(at(scan, 3, 3, 7), BFL_HU_NONE);
    CHECK_INT(at(scan, 3, 3, 8), 1000 + 27 - 1024);
    done(&f, scan);
}

TEST(a_tilted_stack_is_sheared) {
    folder f;
    start(&f);
    for (int k = 0; k < 5; k++) put(&f, (plan){.z = 2.5 * k, .shift_y = 0.5 * k});
    bfl_scan *scan = read_good(&f);
    CHECK(noted(scan, "gantry tilt"));
    CHECK_INT(bfl_scan_about(scan)->size[1], SIDE + 4);
    CHECK_INT(at(scan, 4, 5, 0), 1000 + 5 * SIDE + 4 - 1024);
    CHECK_INT(at(scan, 4, 5, 3), 1000 + 2 * SIDE + 4 - 1024); /* three rows on */
    CHECK_INT(at(scan, 4, 2, 3), BFL_HU_NONE);
    done(&f, scan);
}

TEST(one_damaged_slice_of_many_is_empty) {
    folder f;
    start(&f);
    put_stack(&f, (plan){.z = 0}, 10);
    put(&f, (plan){.z = 25, .cut = 1});
    bfl_scan *scan = read_good(&f);
    CHECK(noted(scan, "1 of 11 slices cannot be decoded"));
    CHECK_INT(at(scan, 3, 3, 10), BFL_HU_NONE);
    done(&f, scan);
}

/* What of the patient is told by both, and what of it differs, as the header is written. */
static void check_person(plan other, unsigned told, unsigned differs) {
    folder f[2];
    bfl_scan *scan[2];
    for (int i = 0; i < 2; i++) {
        start(&f[i]);
        put_stack(&f[i], i ? other : (plan){.z = 0}, 2);
        scan[i] = read_good(&f[i]);
    }
    const bfl_scan_kinship k = bfl_scan_person_compare(&scan[0]->person, &scan[1]->person);
    CHECK_INT(k.told, told);
    CHECK_INT(k.other, differs);
    for (int i = 0; i < 2; i++) done(&f[i], scan[i]);
}

TEST(who_the_patient_is) {
    enum { ID = 1, NAME = 2, BIRTH = 4, SEX = 8, ALL = 15 };
    check_person((plan){.name = "Roe^Jane^^ ", .birth = "1950.01.02"}, ALL, 0); /* the same in another hand */
    check_person((plan){.patient = "MRN-4712"}, ALL, ID);
    check_person((plan){.name = "ROE^JOAN"}, ALL, NAME);
    check_person((plan){.birth = "19510102"}, ALL, BIRTH);
    check_person((plan){.sex = "M"}, ALL, SEX);
    check_person((plan){.sex = "O"}, ID | NAME | BIRTH, 0);
    check_person((plan){.patient = "", .name = " ", .birth = "", .sex = ""}, 0, 0);
    check_person((plan){.birth = "19000101"}, ID | NAME | SEX, 0);
    check_person((plan){.birth = "1950"}, ID | NAME | SEX, 0);
}

TEST(a_doubtful_rescaling_is_told) {
    folder f;
    start(&f);
    put_stack(&f, (plan){.intercept = "0"}, 3);
    bfl_scan *scan = read_good(&f);
    CHECK(noted(scan, "is the rescaling right?"));
    done(&f, scan);
}

/* Three slices of a plan, which must be refused with these words. */
static void refuse(plan p, bfl_status expected, const char *words) {
    folder f;
    start(&f);
    put_stack(&f, p, 3);
    check_refused(&f, expected, words);
}

TEST(broken_series_are_refused) {
    refuse((plan){.cut = 1}, BFL_EPARSE, "3 of 3 slices cannot be decoded");
    refuse((plan){.cut = 200}, BFL_EPARSE, "no DICOM, or damaged");
    refuse((plan){.slope = "0"}, BFL_EPARSE, "no valid rescaling to HU");
    refuse((plan){.slope = "nan"}, BFL_EPARSE, "no valid rescaling to HU");
    refuse((plan){.slope = ""}, BFL_EPARSE, "no valid rescaling to HU");
    refuse((plan){.intercept = "1e300"}, BFL_EPARSE, "no valid rescaling to HU");
    refuse((plan){.position = "0\\NaN\\0"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.position = "0\\0"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.spacing = "0\\0.5"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.orientation = "1\\0\\0\\1\\0\\0"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.spacing = "-0.5\\-0.5"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.spacing = "inf\\0.5"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.spacing = "1e-300\\0.5"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.orientation = "0\\0\\0\\0\\0\\0"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.orientation = "1\\0\\0\\nan\\1\\0"}, BFL_EPARSE, "position, orientation or pixel spacing");
    refuse((plan){.slope = "inf"}, BFL_EPARSE, "no valid rescaling to HU");
    refuse((plan){.intercept = "NaN"}, BFL_EPARSE, "no valid rescaling to HU");
    refuse((plan){.rows = 65535}, BFL_ELIMIT, "voxels");
    refuse((plan){.modality = "MR"}, BFL_EPARSE, "not CT");
    refuse((plan){.no_preamble = true}, BFL_EPARSE, "no DICOM, or damaged");
    folder f;
    start(&f);
    check_refused(&f, BFL_EPARSE, "holds no file");
    start(&f);
    put_stack(&f, (plan){.patient = "A"}, 2);
    put_stack(&f, (plan){.patient = "B", .series = "1.9"}, 2);
    check_refused(&f, BFL_EPARSE, "more than one patient");
    start(&f);
    put_stack(&f, (plan){.patient = ""}, 2);
    put_stack(&f, (plan){.birth = "19510102", .patient = "", .series = "1.9"}, 2);
    check_refused(&f, BFL_EPARSE, "more than one patient");
}

/* A table of contents is not read: the folder that it lies in is. */
TEST(a_dicomdir_means_its_folder) {
    folder f;
    char path[96];
    bfl_scan *scan = NULL;
    start(&f);
    put_stack(&f, (plan){.z = 0}, 4);
    (void)snprintf(path, sizeof path, "%s/DICOMDIR", f.path);
    CHECK_INT(bfl_file_write(path, BFL_TEXT("not looked at"), false, NULL), BFL_OK);
    CHECK_INT(bfl_scan_read(path, NULL, &scan, NULL), BFL_OK);
    if (scan) CHECK_INT(bfl_scan_about(scan)->size[2], 4);
    if (scan) CHECK_INT(bfl_scan_about(scan)->note_count, 0);
    CHECK_INT(unlink(path), 0);
    done(&f, scan);
}

/* ---- hostile bytes: read or refused in words, never more than the file holds ---- */

typedef struct hostile {
    size_t read, refused;
} hostile;

static void try_bytes(bfl_text bytes, hostile *h) {
    const bfl_dicom_limits limits = {.files = 100, .file_bytes = 1 << 20, .voxels = 1 << 16};
    bfl_arena *arena = bfl_arena_new();
    bfl_dicom_volume volume;
    bfl_error err = {.status = BFL_OK};
    const bfl_status status = bfl_dicom_read(arena, bytes, &limits, "x", &volume, &err);
    CHECK(status == BFL_OK || status == BFL_EPARSE || status == BFL_ELIMIT);
    if (status) CHECK(*err.message);
    if (!status) CHECK_INT(bfl_grid_voxels(&volume.volume->grid), SIDE * SIDE);
    h->read += status == BFL_OK;
    h->refused += status != BFL_OK;
    bfl_arena_free(arena);
}

static bfl_status body_hostile(bfl_arena *arena, void *context, bfl_error *err) {
    static const char *const WRITTEN[] = {"\377\377\377\377", "\376\377\377\377", "\0\0\0\200", "\377\377"};
    static const size_t SIZES[] = {4, 4, 4, 2};
    hostile *h = context;
    const bfl_text good = slice(arena, &(plan){.z = 0});
    (void)err;
    for (size_t size = 0; size <= good.size; size++) try_bytes((bfl_text){good.data, size}, &h[0]);
    char *bytes = bfl_arena_alloc(arena, good.size, 1);
    for (size_t w = 0; w < sizeof SIZES / sizeof *SIZES; w++)
        for (size_t at = 128; at + SIZES[w] <= good.size; at += 2) {
            memcpy(bytes, good.data, good.size);
            memcpy(bytes + at, WRITTEN[w], SIZES[w]);
            try_bytes((bfl_text){bytes, good.size}, &h[1]);
        }
    return BFL_OK;
}

TEST(cut_anywhere_and_lengths_that_overflow) {
    hostile h[2] = {{0}};
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_hostile, h, NULL), BFL_OK);
    CHECK_INT(h[0].read, 1); /* the whole alone */
    CHECK(h[0].refused > 600);
    CHECK(h[1].refused > 400);
    CHECK(h[1].read > 100); /* what was written over pixels or names */
    bfl_arena_free(arena);
}

/* ---- real scans, where they are ---- */

static bfl_scan *read_real(bfl_arena *arena, const char *path) {
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    char all[512];
    (void)arena;
    (void)snprintf(all, sizeof all, "%s/../shared/data/ct/%s", getenv("BFL_SOURCE"), path);
    if (access(all, R_OK) != 0) {
        printf("# %s is not there: skipped\n", path);
        return NULL;
    }
    CHECK_INT(bfl_scan_read(all, NULL, &scan, &err), BFL_OK);
    if (err.status) printf("# %s: %s\n", path, err.message);
    return scan;
}

static double mean_hu(const bfl_scan *scan) {
    const size_t voxels = bfl_grid_voxels(&scan->volume->grid);
    double sum = 0, count = 0;
    for (size_t v = 0; v < voxels; v++)
        if (scan->volume->hu[v] != BFL_HU_NONE) sum += scan->volume->hu[v], count++;
    return sum / count;
}

TEST(real_series) {
    bfl_scan *scan = read_real(NULL, "totalseg/example_ct_dicom"); /* JPEG 2000 */
    if (scan) CHECK_INT(bfl_scan_about(scan)->size[2], 20);
    bfl_scan_free(scan);
    scan = read_real(NULL, "pydicom_files/J2K_pixelrep_mismatch.dcm"); /* signed, packed as if unsigned */
    if (scan) CHECK(mean_hu(scan) < 0);
    bfl_scan_free(scan);
    scan = read_real(NULL, "pydicom_files/98892001"); /* of the tree of a DICOMDIR */
    if (scan) CHECK_INT(bfl_scan_about(scan)->size[2], 5);
    bfl_scan_free(scan);
    scan = read_real(NULL, "tilt_ge");
    if (scan) CHECK(noted(scan, "gantry tilt"));
    bfl_scan_free(scan);
}

/* One slice in every transfer syntax: the lossless ones give the same numbers, the lossy ones nearly. */
TEST(transfer_syntaxes) {
    static const char *const SAME[] = {"BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2",
                                       "DeflatedExplicitVRLittleEndianTransferSyntax_1.2.840.10008.1.2.1.99",
                                       "JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90",
                                       "JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80",
                                       "JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70",
                                       "JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57",
                                       "LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1",
                                       "LittleEndianImplicitTransferSyntax_1.2.840.10008.1.2",
                                       "RLELosslessTransferSyntax_1.2.840.10008.1.2.5"};
    static const char *const NEAR[] = {
        "JPEG2000TransferSyntax_1.2.840.10008.1.2.4.91", "JPEGLSLossyTransferSyntax_1.2.840.10008.1.2.4.81",
        "JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55", "JPEGProcess2_4TransferSyntax_1.2.840.10008.1.2.4.51",
        "JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53"};
    bfl_scan *plain = read_real(NULL, "cornerstone_testimages/CTImage.dcm");
    for (size_t i = 0; plain && i < sizeof SAME / sizeof *SAME; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "cornerstone_testimages/CTImage.dcm_%s.dcm", SAME[i]);
        bfl_scan *scan = read_real(NULL, path);
        if (scan) CHECK(memcmp(scan->volume->hu, plain->volume->hu, sizeof(int16_t) * 512 * 512) == 0);
        bfl_scan_free(scan);
    }
    for (size_t i = 0; plain && i < sizeof NEAR / sizeof *NEAR; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "cornerstone_testimages/CTImage.dcm_%s.dcm", NEAR[i]);
        bfl_scan *scan = read_real(NULL, path);
        if (scan) CHECK_NEAR(mean_hu(scan), mean_hu(plain), 2);
        bfl_scan_free(scan);
    }
    bfl_scan_free(plain);
    /* Others, and one of 8 bits, whose numbers are not the same. */
    static const char *const READ[] = {"CTImage.dcm_JPEGProcess1TransferSyntax_1.2.840.10008.1.2.4.50.dcm",
                                       "CT0012.fragmented_no_bot_jpeg_baseline.51.dcm", "CT1_J2KR", "CT2_J2KR"};
    for (size_t i = 0; i < sizeof READ / sizeof *READ; i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "cornerstone_testimages/%s", READ[i]);
        bfl_scan *scan = read_real(NULL, path);
        bfl_scan_free(scan);
    }
}

TEST_CASES(CASE(a_series_is_a_volume), CASE(what_is_no_slice_is_set_aside), CASE(duplicates_and_gaps_are_told),
           CASE(a_tilted_stack_is_sheared), CASE(one_damaged_slice_of_many_is_empty), CASE(who_the_patient_is),
           CASE(a_doubtful_rescaling_is_told), CASE(broken_series_are_refused), CASE(real_series),
           CASE(transfer_syntaxes), CASE(a_dicomdir_means_its_folder), CASE(cut_anywhere_and_lengths_that_overflow))
