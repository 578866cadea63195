/* SPDX-License-Identifier: Apache-2.0 */
/* MetaImage: lines "Key = Value", the last of which is ElementDataFile, then the voxels. https://itk.org/Wiki/MetaIO */
#include "format/volumes.h"

#include <math.h>
#include <string.h>

typedef struct meta {
    bfl_stored_volume stored;
    double matrix[9];
    bool packed, has_size, has_spacing, has_type, has_data;
    const char *where;
} meta;

/* Numbers in a value, which are decimals; false when there are fewer than wanted, or more, or other words. */
static bool numbers(bfl_text value, double *out, size_t wanted) {
    size_t got = 0;
    while (value.size > 0) {
        bfl_text word = bfl_text_trim(bfl_text_split(&value, ' '));
        bfl_decimal decimal;
        if (word.size == 0) continue;
        if (got == wanted || bfl_decimal_parse(word, &decimal, NULL)) return false;
        out[got++] = bfl_decimal_double(decimal);
    }
    return got == wanted;
}

static bool truth(bfl_text value) { return bfl_text_equal_nocase(value, BFL_TEXT("true")); }

static bool read_type(bfl_text value, bfl_voxel_type *type) {
    static const struct {
        const char *name;
        bfl_voxel_type type;
    } TYPES[] = {{"MET_UCHAR", BFL_VOXEL_U8},  {"MET_CHAR", BFL_VOXEL_I8},   {"MET_USHORT", BFL_VOXEL_U16},
                 {"MET_SHORT", BFL_VOXEL_I16}, {"MET_UINT", BFL_VOXEL_U32},  {"MET_INT", BFL_VOXEL_I32},
                 {"MET_FLOAT", BFL_VOXEL_F32}, {"MET_DOUBLE", BFL_VOXEL_F64}};
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        if (bfl_text_equal(value, bfl_text_of(TYPES[i].name))) {
            *type = TYPES[i].type;
            return true;
        }
    return false;
}

static bool read_size(bfl_text value, bfl_grid *grid) {
    double size[3];
    if (!numbers(value, size, 3)) return false;
    for (int a = 0; a < 3; a++) {
        if (!(size[a] >= 1 && size[a] <= INT32_MAX)) return false;
        grid->size[a] = (int32_t)size[a];
    }
    return true;
}

#define IS(name) bfl_text_equal(key, BFL_TEXT(name))

/* Where the voxels lie. *known tells whether the key is one of these; false when its value cannot be read. */
static bool read_place(meta *m, bfl_text key, bfl_text value, bool *known) {
    *known = true;
    if (IS("DimSize")) return m->has_size = read_size(value, &m->stored.grid);
    if (IS("ElementSpacing") || IS("ElementSize")) return m->has_spacing = numbers(value, m->stored.grid.spacing_mm, 3);
    if (IS("Offset") || IS("Position") || IS("Origin")) return numbers(value, m->stored.grid.origin_mm, 3);
    if (IS("TransformMatrix") || IS("Orientation") || IS("Rotation")) return numbers(value, m->matrix, 9);
    *known = false;
    return true;
}

/* How they are stored; other keys say nothing that is needed. */
static bool read_storage(meta *m, bfl_text key, bfl_text value) {
    double one = 0;
    if (IS("NDims")) return numbers(value, &one, 1) && lrint(one) == 3;
    if (IS("ElementType")) return m->has_type = read_type(value, &m->stored.type);
    if (IS("ElementNumberOfChannels")) return numbers(value, &one, 1) && lrint(one) == 1;
    if (IS("BinaryData")) return truth(value);
    if (IS("CompressedData")) m->packed = truth(value);
    if (IS("BinaryDataByteOrderMSB") || IS("ElementByteOrderMSB")) m->stored.big_endian = truth(value);
    if (IS("ElementDataFile")) return m->has_data = bfl_text_equal(value, BFL_TEXT("LOCAL"));
    return true;
}

#undef IS

static bool read_key(meta *m, bfl_text key, bfl_text value) {
    bool known = false, good = read_place(m, key, value, &known);
    return known ? good : read_storage(m, key, value);
}

static bfl_status read_header(meta *m, bfl_text *bytes, bfl_error *err) {
    enum { MOST_LINES = 100, LONGEST_LINE = 1000 };
    for (uint32_t line = 1; line <= MOST_LINES && !m->has_data; line++) {
        const char *end = memchr(bytes->data, '\n', bytes->size < LONGEST_LINE ? bytes->size : LONGEST_LINE);
        if (!end) return bfl_fail(err, BFL_EPARSE, m->where, line, "is not MetaImage: no line ends here");
        bfl_text text = bfl_text_split(bytes, '\n');
        bfl_text key = bfl_text_trim(bfl_text_split(&text, '=')), value = bfl_text_trim(text);
        if (!read_key(m, key, value))
            return bfl_fail(err, BFL_EPARSE, m->where, line, "'%.*s = %.*s' is not supported or not readable",
                            (int)(key.size < 40 ? key.size : 40), key.data, (int)(value.size < 80 ? value.size : 80),
                            value.data);
    }
    if (!m->has_data) return bfl_fail(err, BFL_EPARSE, m->where, 0, "is not MetaImage: ElementDataFile is missing");
    if (!m->has_size || !m->has_spacing || !m->has_type)
        return bfl_fail(err, BFL_EPARSE, m->where, 0, "lacks %s",
                        !m->has_size      ? "DimSize"
                        : !m->has_spacing ? "ElementSpacing"
                                          : "ElementType");
    return BFL_OK;
}

bfl_status bfl_metaimage_read(bfl_arena *arena, bfl_text bytes, size_t most_voxels, const char *where,
                              bfl_stored_volume *out, bfl_error *err) {
    meta m = {.stored = {.slope = 1}, .matrix = {1, 0, 0, 0, 1, 0, 0, 0, 1}, .where = where};
    bfl_status status = read_header(&m, &bytes, err);
    if (status) return status;
    memcpy(m.stored.grid.axis, m.matrix, sizeof m.matrix); /* row after row: the directions of i, j and k */
    status = bfl_grid_check(&m.stored.grid, most_voxels, where, err);
    if (status) return status;
    const size_t needed = bfl_stored_bytes(&m.stored);
    m.stored.data = (bfl_text){bytes.data, needed};
    if (m.packed) {
        char *data = bfl_arena_alloc(arena, needed, 1);
        status = bfl_inflate_take(bfl_inflate_begin(arena, bytes), data, needed, where, err);
        m.stored.data.data = data;
    } else if (bytes.size < needed) {
        status = bfl_fail(err, BFL_EPARSE, where, 0, "ends before the last voxel");
    }
    if (!status) *out = m.stored;
    return status;
}
