/* SPDX-License-Identifier: Apache-2.0 */
/* One body stored in every way that ImageOrientationPatient can say: what is read must be the same body. */
#include "dicom_bytes.h"
#include "volume/volume.h"
#include <boneflare/format.h>

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

/* What is at a place of the patient: straight lines, so that shearing and resampling give the same, and no two axes alike. */
static double world(const double mm[3]) { return 3 * mm[0] + 7 * mm[1] + 11 * mm[2]; }

/* A stack: along a row, down a column, and the step from slice to slice, all in the patient. */
typedef struct stack {
    double axis[3][3], spacing_mm[2], origin[3];
    int size[3];
    bool backwards;   /* the last slice lies in the first file */
    double lean[2];   /* mm that each slice is moved in its plane, along rows and columns (gantry tilt) */
    bool enhanced;    /* one file of many frames */
    const char *path; /* of the folder */
} stack;

static void place_of(const stack *s, double i, double j, double k, double mm[3]) {
    for (int x = 0; x < 3; x++)
        mm[x] = s->origin[x] + s->axis[0][x] * (i * s->spacing_mm[0] + k * s->lean[0]) +
                s->axis[1][x] * (j * s->spacing_mm[1] + k * s->lean[1]) + k * s->axis[2][x];
}

static void add_pixels(bfl_buf *b, const stack *s, int k) {
    for (int j = 0; j < s->size[1]; j++)
        for (int i = 0; i < s->size[0]; i++) {
            double mm[3];
            place_of(s, i, j, k, mm);
            le(b, (unsigned)(lround(world(mm)) + 1024), 2);
        }
}

static void begin(bfl_buf *b, const char *sop_class) {
    for (int i = 0; i < 128; i++) le(b, 0, 1);
    bfl_buf_add(b, "DICM");
    text(b, 0x00020010, "UI", "1.2.840.10008.1.2.1");
    text(b, 0x00080008, "CS", "ORIGINAL\\PRIMARY\\AXIAL");
    text(b, 0x00080016, "UI", sop_class);
    text(b, 0x00080060, "CS", "CT");
    text(b, 0x0020000e, "UI", "1.2.3");
}

static void add_format(bfl_buf *b, const stack *s) {
    number(b, 0x00280002, 1);
    text(b, 0x00280004, "CS", "MONOCHROME2");
    if (s->enhanced) text(b, 0x00280008, "IS", bfl_arena_printf(b->arena, "%d", s->size[2]));
    number(b, 0x00280010, (unsigned)s->size[1]);
    number(b, 0x00280011, (unsigned)s->size[0]);
}

static void add_orientation(bfl_buf *b, const stack *s) {
    const double both[6] = {s->axis[0][0], s->axis[0][1], s->axis[0][2], s->axis[1][0], s->axis[1][1], s->axis[1][2]};
    numbers(b, 0x00200037, both, 6);
}

static void add_depth(bfl_buf *b) {
    number(b, 0x00280100, 16), number(b, 0x00280101, 16), number(b, 0x00280102, 15), number(b, 0x00280103, 0);
}

static void add_spacing(bfl_buf *b, const stack *s) {
    numbers(b, 0x00280030, (const double[2]){s->spacing_mm[1], s->spacing_mm[0]}, 2);
}

static bfl_text slice(bfl_arena *arena, const stack *s, int k) {
    bfl_buf b = {.arena = arena};
    double corner[3];
    begin(&b, "1.2.840.10008.5.1.4.1.1.2");
    place_of(s, 0, 0, k, corner);
    numbers(&b, 0x00200032, corner, 3);
    add_orientation(&b, s);
    add_format(&b, s);
    add_spacing(&b, s);
    add_depth(&b);
    text(&b, 0x00281052, "DS", "-1024");
    text(&b, 0x00281053, "DS", "1");
    pixels_begin(&b, 2U * (unsigned)(s->size[0] * s->size[1]));
    add_pixels(&b, s, k);
    return (bfl_text){b.data, b.size};
}

/* ---- the same as one Enhanced CT file ---- */

/* A sequence of one item around what was written since `from`. */
static void wrap(bfl_buf *b, unsigned tag, const bfl_buf *inside) {
    le(b, tag >> 16, 2), le(b, tag & 0xffff, 2);
    bfl_buf_add_text(b, (bfl_text){"SQ\0\0", 4});
    le(b, (unsigned)inside->size + 8, 4);
    le(b, 0xfffe, 2), le(b, 0xe000, 2), le(b, (unsigned)inside->size, 4);
    bfl_buf_add_text(b, (bfl_text){inside->data, inside->size});
}

static void add_groups(bfl_buf *b, const stack *s) {
    bfl_buf one = {.arena = b->arena}, shared = {.arena = b->arena}, all = {.arena = b->arena};
    add_orientation(&one, s);
    wrap(&shared, 0x00209116, &one);
    one = (bfl_buf){.arena = b->arena};
    add_spacing(&one, s);
    wrap(&shared, 0x00289110, &one);
    one = (bfl_buf){.arena = b->arena};
    text(&one, 0x00281052, "DS", "-1024");
    text(&one, 0x00281053, "DS", "1");
    wrap(&shared, 0x00289145, &one);
    wrap(b, 0x52009229, &shared);
    for (int n = 0; n < s->size[2]; n++) {
        bfl_buf frame = {.arena = b->arena};
        double corner[3];
        one = (bfl_buf){.arena = b->arena};
        place_of(s, 0, 0, s->backwards ? s->size[2] - 1 - n : n, corner);
        numbers(&one, 0x00200032, corner, 3);
        wrap(&frame, 0x00209113, &one);
        le(&all, 0xfffe, 2), le(&all, 0xe000, 2), le(&all, (unsigned)frame.size, 4);
        bfl_buf_add_text(&all, (bfl_text){frame.data, frame.size});
    }
    le(b, 0x5200, 2), le(b, 0x9230, 2);
    bfl_buf_add_text(b, (bfl_text){"SQ\0\0", 4});
    le(b, (unsigned)all.size, 4);
    bfl_buf_add_text(b, (bfl_text){all.data, all.size});
}

static bfl_text frames(bfl_arena *arena, const stack *s) {
    bfl_buf b = {.arena = arena};
    begin(&b, "1.2.840.10008.5.1.4.1.1.2.1");
    add_format(&b, s);
    add_depth(&b);
    add_groups(&b, s);
    pixels_begin(&b, 2U * (unsigned)(s->size[0] * s->size[1] * s->size[2]));
    for (int n = 0; n < s->size[2]; n++) add_pixels(&b, s, s->backwards ? s->size[2] - 1 - n : n);
    return (bfl_text){b.data, b.size};
}

/* ---- written, read, compared ---- */

static const char *path_of(bfl_arena *arena, const stack *s, int file) {
    return bfl_arena_printf(arena, "%s/%d.dcm", s->path, 10 + file);
}

static bfl_status body_write(bfl_arena *arena, void *context, bfl_error *err) {
    const stack *s = context;
    if (s->enhanced) return bfl_file_write(path_of(arena, s, 0), frames(arena, s), false, err);
    for (int n = 0; n < s->size[2]; n++) {
        const int k = s->backwards ? s->size[2] - 1 - n : n;
        bfl_status status = bfl_file_write(path_of(arena, s, n), slice(arena, s, k), false, err);
        if (status) return status;
    }
    return BFL_OK;
}

static void remove_files(const stack *s) {
    bfl_arena *arena = bfl_arena_new();
    for (int n = 0; n < (s->enhanced ? 1 : s->size[2]); n++) CHECK_INT(unlink(path_of(arena, s, n)), 0);
    bfl_arena_free(arena);
}

static bfl_scan *read_stack(stack *s) {
    char path[] = "/tmp/boneflare-turned-XXXXXX";
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    bfl_arena *arena = bfl_arena_new();
    s->path = mkdtemp(path);
    CHECK_INT(bfl_arena_run(arena, body_write, s, NULL), BFL_OK);
    CHECK_INT(bfl_scan_read(path, NULL, &scan, &err), BFL_OK);
    if (err.status) printf("# %s\n", err.message);
    remove_files(s);
    CHECK_INT(rmdir(path), 0);
    bfl_arena_free(arena);
    return scan;
}

/* How many voxels are measured, all of which must be what is at their place. */
static size_t same_body(const bfl_scan *scan, double tolerance) {
    const bfl_grid *g = &scan->volume->grid;
    char letters[4];
    size_t measured = 0, wrong = 0;
    bfl_grid_orientation(g, letters);
    CHECK_TEXT(letters, "LPS");
    for (int32_t k = 0; k < g->size[2]; k++)
        for (int32_t j = 0; j < g->size[1]; j++)
            for (int32_t i = 0; i < g->size[0]; i++) {
                const int16_t hu = scan->volume->hu[bfl_grid_index(g, i, j, k)];
                double mm[3];
                bfl_grid_to_mm(g, (const double[3]){i, j, k}, mm);
                if (hu == BFL_HU_NONE) continue;
                measured++;
                wrong += !(fabs(hu - world(mm)) <= tolerance);
            }
    CHECK_INT(wrong, 0);
    return measured;
}

/* The grid of the body, whichever way it is stored: 4 x 5 x 6 voxels of 1 x 2 x 3 mm. */
static const double BODY_MM[3] = {1, 2, 3}, CORNER[3] = {-7, 4, 12};
static const int BODY[3] = {4, 5, 6};
static const int AXES[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

static stack turned(const int axes[3], unsigned flips) {
    stack s = {.backwards = false};
    for (int x = 0; x < 3; x++) s.origin[x] = CORNER[x];
    for (int a = 0; a < 3; a++) {
        const int x = axes[a];
        const bool flip = flips >> a & 1U;
        s.size[a] = BODY[x];
        s.axis[a][x] = (flip ? -1 : 1) * (a == 2 ? BODY_MM[x] : 1);
        if (a < 2) s.spacing_mm[a] = BODY_MM[x];
        if (flip) s.origin[x] += BODY_MM[x] * (BODY[x] - 1);
    }
    return s;
}

/* Rows, columns and the order of slices run along any axis, either way: 48, as files and as frames. */
TEST(all_48_orientations) {
    for (int p = 0; p < 6; p++)
        for (unsigned flips = 0; flips < 8; flips++)
            for (int enhanced = 0; enhanced < 2; enhanced++) {
                stack s = turned(AXES[p], flips);
                s.enhanced = enhanced == 1;
                s.backwards = flips % 3 == 0;
                bfl_scan *scan = read_stack(&s);
                if (!scan) continue;
                const bfl_grid *g = &scan->volume->grid;
                for (int x = 0; x < 3; x++) {
                    CHECK_INT(g->size[x], BODY[x]);
                    CHECK_NEAR(g->spacing_mm[x], BODY_MM[x], 1e-9);
                    CHECK_NEAR(g->origin_mm[x], CORNER[x], 1e-9);
                }
                CHECK_INT(same_body(scan, 0), 4 * 5 * 6);
                bfl_scan_free(scan);
            }
}

/* A rotation by three angles applied to the axes. */
static void turn(stack *s, const double angle[3]) {
    for (int about = 0; about < 3; about++) {
        const int x = (about + 1) % 3, y = (about + 2) % 3;
        for (int a = 0; a < 4; a++) {
            double *v = a < 3 ? s->axis[a] : s->origin;
            const double was[2] = {v[x], v[y]};
            v[x] = cos(angle[about]) * was[0] - sin(angle[about]) * was[1];
            v[y] = sin(angle[about]) * was[0] + cos(angle[about]) * was[1];
        }
    }
}

/* Any direction, here 30 of them from all 48: nothing is resampled, so only rounding to whole HU is lost. */
TEST(oblique_stacks) {
    for (int n = 0; n < 30; n++) {
        stack s = turned(AXES[n % 6], (unsigned)n * 5 % 8);
        turn(&s, (const double[3]){0.11 * n, 0.7 - 0.23 * n, 0.41 * n});
        s.enhanced = n % 2 == 1;
        bfl_scan *scan = read_stack(&s);
        if (scan) CHECK_INT(same_body(scan, 0.51), 4 * 5 * 6);
        bfl_scan_free(scan);
    }
}

/* A tilted gantry moves each slice within its plane; the stack is sheared upright, in any of the 48 and obliquely. */
TEST(tilted_stacks) {
    for (int n = 0; n < 48; n++) {
        stack s = turned(AXES[n % 6], (unsigned)(n / 6));
        if (n % 4 == 3) turn(&s, (const double[3]){0.2, -0.3, 0.1 * n});
        s.lean[0] = n % 3 == 0 ? 0 : 0.35 * s.spacing_mm[0];
        s.lean[1] = (n % 2 == 0 ? 0.4 : -0.6) * s.spacing_mm[1];
        bfl_scan *scan = read_stack(&s);
        if (!scan) continue;
        const size_t measured = same_body(scan, 1.01); /* rounded twice */
        CHECK(measured >= (size_t)((s.size[0] - 1) * (s.size[1] - 1) * s.size[2]) && measured <= 4 * 5 * 6);
        bfl_scan_free(scan);
    }
}

TEST_CASES(CASE(all_48_orientations), CASE(oblique_stacks), CASE(tilted_stacks))
