/* SPDX-License-Identifier: Apache-2.0 */
/* NIfTI: a header of 348 (NIfTI-1) or 540 bytes (NIfTI-2) in either byte order, then voxels. https://nifti.nimh.nih.gov */
#include "format/volumes.h"

#include <math.h>
#include <string.h>

enum { HEADER_1 = 348, HEADER_2 = 540, MOST_OFFSET = 1 << 20 };

/* Where the fields lie in the two versions. */
typedef struct layout {
    size_t header, magic, dim, dim_bytes, datatype, pixdim, real_bytes, vox_offset, slope, inter, qform, sform, quatern,
        srow;
} layout;
static const layout VERSION_1 = {HEADER_1, 344, 40, 2, 70, 76, 4, 108, 112, 116, 252, 254, 256, 280};
static const layout VERSION_2 = {HEADER_2, 4, 16, 8, 12, 104, 8, 168, 176, 184, 344, 348, 352, 400};

typedef struct header {
    const unsigned char *bytes;
    size_t size;
    const layout *layout;
    bool big_endian;
    const char *where;
} header;

static uint64_t bits_at(const header *h, size_t at, size_t size) {
    uint64_t bits = 0;
    for (size_t b = 0; b < size; b++) bits |= (uint64_t)h->bytes[at + (h->big_endian ? size - 1 - b : b)] << (8 * b);
    return bits;
}

static int64_t integer_at(const header *h, size_t at, size_t size) {
    const uint64_t bits = bits_at(h, at, size);
    if (size == 2) return (int16_t)bits;
    return size == 4 ? (int32_t)bits : (int64_t)bits;
}

/* Real numbers are float in NIfTI-1 and double in NIfTI-2. */
static double real_at(const header *h, size_t at) {
    const uint64_t bits = bits_at(h, at, h->layout->real_bytes);
    if (h->layout->real_bytes == 4) {
        const uint32_t half = (uint32_t)bits;
        float value = 0;
        memcpy(&value, &half, sizeof value);
        return (double)value;
    }
    double value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double real_in(const header *h, size_t array, size_t index) {
    return real_at(h, array + index * h->layout->real_bytes);
}

/* ---- what the header says ---- */

static bfl_status find_version(header *h, bfl_error *err) {
    for (int big = 0; big < 2; big++) {
        h->big_endian = big != 0;
        const int64_t size = integer_at(h, 0, 4);
        h->layout = size == HEADER_1 ? &VERSION_1 : size == HEADER_2 ? &VERSION_2 : NULL;
        if (!h->layout) continue;
        if (h->size < h->layout->header + 4) return bfl_fail(err, BFL_EPARSE, h->where, 0, "ends within its header");
        const char *magic = (const char *)h->bytes + h->layout->magic;
        if (memcmp(magic, "n+1", 4) == 0 || memcmp(magic, "n+2", 4) == 0) return BFL_OK;
        return bfl_fail(err, BFL_ENOTSUP, h->where, 0,
                        "is a NIfTI header without its voxels (a pair of .hdr and .img), or ANALYZE");
    }
    return bfl_fail(err, BFL_EPARSE, h->where, 0, "is not NIfTI: the header's size is neither 348 nor 540");
}

static bfl_status read_type(const header *h, bfl_voxel_type *type, bfl_error *err) {
    static const struct {
        int64_t code;
        bfl_voxel_type type;
    } TYPES[] = {{2, BFL_VOXEL_U8},   {4, BFL_VOXEL_I16},  {8, BFL_VOXEL_I32},   {16, BFL_VOXEL_F32},
                 {64, BFL_VOXEL_F64}, {256, BFL_VOXEL_I8}, {512, BFL_VOXEL_U16}, {768, BFL_VOXEL_U32}};
    const int64_t code = integer_at(h, h->layout->datatype, 2);
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (TYPES[i].code == code) {
            *type = TYPES[i].type;
            return BFL_OK;
        }
    return bfl_fail(err, BFL_ENOTSUP, h->where, 0, "voxels of NIfTI datatype %lld are not supported", (long long)code);
}

static bfl_status read_size(const header *h, bfl_grid *grid, bfl_error *err) {
    const layout *l = h->layout;
    const int64_t dimensions = integer_at(h, l->dim, l->dim_bytes);
    if (dimensions < 3 || dimensions > 7)
        return bfl_fail(err, BFL_ENOTSUP, h->where, 0, "has %lld dimensions, expected 3", (long long)dimensions);
    for (size_t d = 1; d <= (size_t)dimensions; d++) {
        const int64_t size = integer_at(h, l->dim + d * l->dim_bytes, l->dim_bytes);
        if (d <= 3) grid->size[d - 1] = size < 1 || size > INT32_MAX ? 0 : (int32_t)size;
        if (d > 3 && size != 1)
            return bfl_fail(err, BFL_ENOTSUP, h->where, 0, "is a series of %lld volumes, expected one",
                            (long long)size);
    }
    return BFL_OK;
}

/* Axes and spacing from three columns in millimetres. NIfTI's x and y run to the right and the front: both change sign. */
static void set_axes(bfl_grid *grid, double column[3][3], const double origin[3]) {
    for (size_t a = 0; a < 3; a++) {
        double length = 0;
        for (size_t x = 0; x < 3; x++) length += column[a][x] * column[a][x];
        length = sqrt(length);
        grid->spacing_mm[a] = length;
        for (size_t x = 0; x < 3; x++) grid->axis[a][x] = (x < 2 ? -1 : 1) * (length > 0 ? column[a][x] / length : 0);
        grid->origin_mm[a] = a < 2 ? -origin[a] : origin[a];
    }
}

static void from_sform(const header *h, bfl_grid *grid) {
    double column[3][3], origin[3];
    for (size_t x = 0; x < 3; x++) {
        for (size_t a = 0; a < 3; a++) column[a][x] = real_in(h, h->layout->srow, 4 * x + a);
        origin[x] = real_in(h, h->layout->srow, 4 * x + 3);
    }
    set_axes(grid, column, origin);
}

/* A quaternion (its real part follows from the others), or the plain axes. */
static void from_qform(const header *h, bool given, bfl_grid *grid) {
    double b = 0, c = 0, d = 0, origin[3] = {0, 0, 0};
    for (size_t x = 0; given && x < 3; x++) origin[x] = real_in(h, h->layout->quatern, 3 + x);
    if (given) {
        b = real_in(h, h->layout->quatern, 0);
        c = real_in(h, h->layout->quatern, 1);
        d = real_in(h, h->layout->quatern, 2);
    }
    const double a = sqrt(fmax(0, 1 - b * b - c * c - d * d));
    const double turn[3][3] = {{a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)},
                               {2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)},
                               {2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c}};
    double column[3][3];
    const double handed = given && real_in(h, h->layout->pixdim, 0) < 0 ? -1 : 1;
    for (size_t i = 0; i < 3; i++)
        for (size_t x = 0; x < 3; x++)
            column[i][x] = turn[i][x] * fabs(real_in(h, h->layout->pixdim, i + 1)) * (i == 2 ? handed : 1);
    set_axes(grid, column, origin);
}

static void read_place(const header *h, bfl_grid *grid) {
    const size_t code_bytes = h->layout == &VERSION_1 ? 2 : 4;
    if (integer_at(h, h->layout->sform, code_bytes) > 0)
        from_sform(h, grid);
    else
        from_qform(h, integer_at(h, h->layout->qform, code_bytes) > 0, grid);
}

static bfl_status read_header(header *h, size_t most_voxels, bfl_stored_volume *out, size_t *offset, bfl_error *err) {
    bfl_status status = find_version(h, err);
    if (!status) status = read_type(h, &out->type, err);
    if (!status) status = read_size(h, &out->grid, err);
    if (status) return status;
    read_place(h, &out->grid);
    status = bfl_grid_check(&out->grid, most_voxels, h->where, err);
    if (status) return status;
    out->big_endian = h->big_endian;
    out->slope = real_at(h, h->layout->slope);
    out->intercept = real_at(h, h->layout->inter);
    if (out->slope == 0) out->slope = 1, out->intercept = 0; /* "no scaling", by the standard */
    if (!isfinite(out->slope) || !isfinite(out->intercept))
        return bfl_fail(err, BFL_EPARSE, h->where, 0, "slope or intercept is not a number");
    const double at =
        h->layout == &VERSION_1 ? real_at(h, h->layout->vox_offset) : (double)integer_at(h, h->layout->vox_offset, 8);
    if (!(at >= (double)h->layout->header && at <= MOST_OFFSET))
        return bfl_fail(err, BFL_EPARSE, h->where, 0, "voxels begin at an impossible place");
    *offset = (size_t)at;
    return BFL_OK;
}

/* ---- bytes ---- */

static bfl_status read_plain(bfl_text bytes, size_t most_voxels, const char *where, bfl_stored_volume *out,
                             bfl_error *err) {
    header h = {.bytes = (const unsigned char *)bytes.data, .size = bytes.size, .where = where};
    size_t offset = 0;
    if (bytes.size < HEADER_1 + 4) return bfl_fail(err, BFL_EPARSE, where, 0, "is too short to be NIfTI");
    bfl_status status = read_header(&h, most_voxels, out, &offset, err);
    if (status) return status;
    const size_t needed = bfl_stored_bytes(out);
    if (bytes.size < offset || bytes.size - offset < needed)
        return bfl_fail(err, BFL_EPARSE, where, 0, "ends before the last voxel");
    out->data = (bfl_text){bytes.data + offset, needed};
    return BFL_OK;
}

static bfl_status read_packed(bfl_arena *arena, bfl_text bytes, size_t most_voxels, const char *where,
                              bfl_stored_volume *out, bfl_error *err) {
    bfl_inflater *inflater = bfl_inflate_begin(arena, bytes);
    char *begin = bfl_arena_alloc(arena, MOST_OFFSET, 1);
    header h = {.bytes = (const unsigned char *)begin, .size = MOST_OFFSET, .where = where};
    size_t offset = 0;
    bfl_status status = bfl_inflate_take(inflater, begin, HEADER_1 + 4, where, err);
    if (!status && (begin[0] == 0x1c || begin[3] == 0x1c)) /* 540 in either byte order: the longer header */
        status = bfl_inflate_take(inflater, begin + HEADER_1 + 4, HEADER_2 - HEADER_1, where, err);
    const size_t got = begin[0] == 0x1c || begin[3] == 0x1c ? HEADER_2 + 4 : HEADER_1 + 4;
    if (!status) status = read_header(&h, most_voxels, out, &offset, err);
    if (status) return status;
    if (offset > got) status = bfl_inflate_take(inflater, begin + got, offset - got, where, err);
    if (status) return status;
    const size_t needed = bfl_stored_bytes(out), early = offset < got ? got - offset : 0;
    char *data = bfl_arena_uncleared(arena, needed, 1);
    memcpy(data, begin + offset, early < needed ? early : needed);
    if (needed > early) status = bfl_inflate_take(inflater, data + early, needed - early, where, err);
    out->data = (bfl_text){data, needed};
    return status;
}

bfl_status bfl_nifti_read(bfl_arena *arena, bfl_text bytes, size_t most_voxels, const char *where,
                          bfl_stored_volume *out, bfl_error *err) {
    bfl_stored_volume stored = {.slope = 1};
    bfl_status status = bfl_is_gzip(bytes) ? read_packed(arena, bytes, most_voxels, where, &stored, err)
                                           : read_plain(bytes, most_voxels, where, &stored, err);
    if (!status) *out = stored;
    return status;
}

/* ---- writing ---- */

static void put(char *at, uint64_t bits, size_t size) {
    for (size_t b = 0; b < size; b++) at[b] = (char)(unsigned char)(bits >> (8 * b) & 255U);
}

static void put_real(char *at, double value) {
    const float narrow = (float)value;
    uint32_t bits = 0;
    memcpy(&bits, &narrow, sizeof bits);
    put(at, bits, 4);
}

/* The qform of axes that are a rotation; a mirrored third axis is said in pixdim[0]. */
static void put_qform(char *head, const bfl_grid *grid) {
    double r[3][3]; /* r[x][a]: right, front, head */
    for (size_t a = 0; a < 3; a++)
        for (size_t x = 0; x < 3; x++) r[x][a] = (x < 2 ? -1 : 1) * grid->axis[a][x];
    const double determinant = r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1]) -
                               r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0]) +
                               r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]);
    const double handed = determinant < 0 ? -1 : 1;
    for (size_t x = 0; x < 3; x++) r[x][2] *= handed;
    /* Largest component first, so that nothing small is divided by. */
    double q[4] = {1 + r[0][0] + r[1][1] + r[2][2], 1 + r[0][0] - r[1][1] - r[2][2], 1 - r[0][0] + r[1][1] - r[2][2],
                   1 - r[0][0] - r[1][1] + r[2][2]};
    size_t most = 0;
    for (size_t i = 1; i < 4; i++)
        if (q[i] > q[most]) most = i;
    const double w = sqrt(q[most]) / 2, s = 1 / (4 * w);
    const double xy = r[0][1] + r[1][0], xz = r[0][2] + r[2][0], yz = r[1][2] + r[2][1];
    const double zy = r[2][1] - r[1][2], zx = r[0][2] - r[2][0], yx = r[1][0] - r[0][1];
    const double all[4][4] = {{w, zy * s, zx * s, yx * s},
                              {zy * s, w, xy * s, xz * s},
                              {zx * s, xy * s, w, yz * s},
                              {yx * s, xz * s, yz * s, w}};
    const double sign = all[most][0] < 0 ? -1 : 1; /* the real part is stored as not negative */
    for (size_t i = 0; i < 3; i++) put_real(head + VERSION_1.quatern + 4 * i, sign * all[most][i + 1]);
    put_real(head + VERSION_1.pixdim, handed);
}

static void put_shorts(char *at, const int16_t *values, size_t count) {
    for (size_t v = 0; v < count; v++) {
        at[2 * v] = (char)(unsigned char)((uint16_t)values[v] & 255U);
        at[2 * v + 1] = (char)(unsigned char)((uint16_t)values[v] >> 8);
    }
}

/* Voxels of one byte, or int16_t. */
static bfl_text write(bfl_arena *arena, const bfl_grid *grid, const void *voxels, size_t voxel_bytes,
                      unsigned datatype) {
    enum { BEGIN = HEADER_1 + 4, MILLIMETRES = 2, SCANNER_SPACE = 1 };
    const size_t bytes = bfl_grid_voxels(grid) * voxel_bytes;
    char *out = bfl_arena_uncleared(arena, BEGIN + bytes, 1);
    memset(out, 0, BEGIN);
    put(out, HEADER_1, 4);
    put(out + VERSION_1.dim, 3, 2);
    for (size_t d = 0; d < 7; d++) put(out + VERSION_1.dim + 2 * (d + 1), d < 3 ? (uint64_t)grid->size[d] : 1, 2);
    put(out + VERSION_1.datatype, datatype, 2);
    put(out + VERSION_1.datatype + 2, voxel_bytes * 8, 2);
    for (size_t a = 0; a < 3; a++) {
        put_real(out + VERSION_1.pixdim + 4 * (a + 1), grid->spacing_mm[a]);
        const double side = a < 2 ? -1 : 1;
        for (size_t i = 0; i < 3; i++)
            put_real(out + VERSION_1.srow + 4 * (4 * a + i), side * grid->axis[i][a] * grid->spacing_mm[i]);
        put_real(out + VERSION_1.srow + 4 * (4 * a + 3), side * grid->origin_mm[a]);
        put_real(out + VERSION_1.quatern + 4 * (a + 3), side * grid->origin_mm[a]);
    }
    put_real(out + VERSION_1.vox_offset, BEGIN);
    put_real(out + VERSION_1.slope, 1);
    out[123] = MILLIMETRES;
    put(out + VERSION_1.qform, SCANNER_SPACE, 2);
    put(out + VERSION_1.sform, SCANNER_SPACE, 2);
    put_qform(out, grid);
    memcpy(out + VERSION_1.magic, "n+1", 4);
    if (voxel_bytes == 1)
        memcpy(out + BEGIN, voxels, bytes);
    else
        put_shorts(out + BEGIN, voxels, bytes / 2);
    return bfl_gzip(arena, (bfl_text){out, BEGIN + bytes});
}

bfl_text bfl_nifti_write_volume(bfl_arena *arena, const bfl_volume *volume) {
    enum { INT16 = 4 };
    return write(arena, &volume->grid, volume->hu, 2, INT16);
}

bfl_text bfl_nifti_write_mask(bfl_arena *arena, const bfl_mask *mask) {
    enum { UINT8 = 2 };
    return write(arena, &mask->grid, mask->in, 1, UINT8);
}
