/* SPDX-License-Identifier: Apache-2.0 */
/* NRRD: lines "key: value" up to an empty line, then the voxels, there or in a file beside. http://teem.sourceforge.net/nrrd/format.html */
#include "format/volumes.h"

#include <math.h>
#include <string.h>

enum { MOST_LINES = 200, LONGEST_LINE = 2000, MOST_SKIP = 1 << 20 };

typedef struct nrrd {
    bfl_stored_volume stored;
    double column[3][3]; /* of each axis, in millimetres */
    double sign[3];      /* from its space to left, back, head */
    bool packed, has_size, has_type, has_dimension, has_columns, has_endian, has_encoding;
    size_t line_skip, byte_skip;
    bool skip_to_end; /* byte skip: -1 */
    bfl_text file;    /* of the voxels; empty: they are here */
    const char *where;
} nrrd;

/* ---- values ---- */

static bool decimal(bfl_text word, double *out) {
    bfl_decimal value;
    if (bfl_decimal_parse(word, &value, NULL)) return false;
    *out = bfl_decimal_double(value);
    return true;
}

/* Numbers apart by blanks; exactly so many. */
static bool numbers(bfl_text value, double *out, size_t wanted) {
    size_t got = 0;
    while (value.size > 0) {
        const bfl_text word = bfl_text_trim(bfl_text_split(&value, ' '));
        if (word.size == 0) continue;
        if (got == wanted || !decimal(word, &out[got])) return false;
        got++;
    }
    return got == wanted;
}

/* "(1,0,0)" at the start of *rest, which is left behind it. */
static bool vector(bfl_text *rest, double out[3]) {
    *rest = bfl_text_trim(*rest);
    if (rest->size == 0 || rest->data[0] != '(') return false;
    bfl_text inside = bfl_text_split(rest, ')');
    inside.data++;
    inside.size--;
    for (int x = 0; x < 3; x++)
        if (!decimal(bfl_text_trim(bfl_text_split(&inside, ',')), &out[x])) return false;
    return inside.size == 0;
}

static bool read_type(bfl_text value, bfl_voxel_type *type) {
    static const struct {
        const char *names; /* apart by bars */
        bfl_voxel_type type;
    } TYPES[] = {{"signed char|int8|int8_t", BFL_VOXEL_I8},
                 {"unsigned char|uchar|uint8|uint8_t", BFL_VOXEL_U8},
                 {"short|short int|signed short|signed short int|int16|int16_t", BFL_VOXEL_I16},
                 {"unsigned short|ushort|unsigned short int|uint16|uint16_t", BFL_VOXEL_U16},
                 {"int|signed int|int32|int32_t", BFL_VOXEL_I32},
                 {"unsigned int|uint|uint32|uint32_t", BFL_VOXEL_U32},
                 {"float", BFL_VOXEL_F32},
                 {"double", BFL_VOXEL_F64}};
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        bfl_text names = bfl_text_of(TYPES[i].names);
        while (names.size)
            if (bfl_text_equal_nocase(value, bfl_text_split(&names, '|'))) {
                *type = TYPES[i].type;
                return true;
            }
    }
    return false;
}

static bool read_sizes(nrrd *n, bfl_text value) {
    double size[3];
    if (!numbers(value, size, 3)) return false;
    for (int a = 0; a < 3; a++) {
        if (!(size[a] >= 1 && size[a] <= INT32_MAX && floor(size[a]) >= size[a])) return false;
        n->stored.grid.size[a] = (int32_t)size[a];
    }
    return true;
}

/* A world of three axes, each named by where it runs to. */
static bool read_space(nrrd *n, bfl_text value) {
    static const struct {
        const char *name, *letters;
        double sign[3];
    } SPACES[] = {{"left-posterior-superior", "LPS", {1, 1, 1}},
                  {"right-anterior-superior", "RAS", {-1, -1, 1}},
                  {"left-anterior-superior", "LAS", {1, -1, 1}}};
    for (size_t i = 0; i < sizeof SPACES / sizeof *SPACES; i++)
        if (bfl_text_equal_nocase(value, bfl_text_of(SPACES[i].name)) ||
            bfl_text_equal_nocase(value, bfl_text_of(SPACES[i].letters))) {
            memcpy(n->sign, SPACES[i].sign, sizeof n->sign);
            return true;
        }
    return false;
}

static bool read_directions(nrrd *n, bfl_text value) {
    for (int a = 0; a < 3; a++)
        if (!vector(&value, n->column[a])) return false;
    return n->has_columns = bfl_text_trim(value).size == 0;
}

static bool read_spacings(nrrd *n, bfl_text value) {
    double mm[3];
    if (!numbers(value, mm, 3)) return false;
    for (int a = 0; a < 3; a++) n->column[a][a] = mm[a];
    return n->has_columns = true;
}

static bool read_encoding(nrrd *n, bfl_text value) {
    n->packed = bfl_text_equal_nocase(value, BFL_TEXT("gzip")) || bfl_text_equal_nocase(value, BFL_TEXT("gz"));
    return n->has_encoding = n->packed || bfl_text_equal_nocase(value, BFL_TEXT("raw"));
}

static bool read_skip(bfl_text value, size_t *out, bool *to_end) {
    double skip = 0;
    if (!numbers(value, &skip, 1)) return false;
    if (to_end && skip < 0 && skip > -2) return *to_end = true;
    *out = (size_t)fmax(0, skip);
    return skip >= 0 && skip <= MOST_SKIP;
}

/* A name in the same folder, never a path. */
static bool read_file(nrrd *n, bfl_text value) {
    if (value.size == 0 || bfl_text_equal_nocase(value, BFL_TEXT("LOCAL"))) return true;
    n->file = value;
    return !memchr(value.data, '/', value.size) && !memchr(value.data, '%', value.size) &&
           !memchr(value.data, '\0', value.size) && value.data[0] != '.' && !bfl_text_starts(value, BFL_TEXT("LIST"));
}

/* ---- the header ---- */

#define IS(name) bfl_text_equal_nocase(key, BFL_TEXT(name))

static bool read_layout(nrrd *n, bfl_text key, bfl_text value, bool *known) {
    double one = 0;
    *known = true;
    if (IS("dimension")) return n->has_dimension = numbers(value, &one, 1) && lrint(one) == 3;
    if (IS("sizes")) return n->has_size = read_sizes(n, value);
    if (IS("space")) return read_space(n, value);
    if (IS("space directions")) return read_directions(n, value);
    if (IS("spacings")) return n->has_columns || read_spacings(n, value);
    if (IS("space origin")) return vector(&value, n->stored.grid.origin_mm) && bfl_text_trim(value).size == 0;
    if (IS("space dimension")) return numbers(value, &one, 1) && lrint(one) == 3;
    *known = false;
    return true;
}

static bool read_storage(nrrd *n, bfl_text key, bfl_text value) {
    if (IS("type")) return n->has_type = read_type(value, &n->stored.type);
    if (IS("encoding")) return read_encoding(n, value);
    if (IS("line skip") || IS("lineskip")) return read_skip(value, &n->line_skip, NULL);
    if (IS("byte skip") || IS("byteskip")) return read_skip(value, &n->byte_skip, &n->skip_to_end);
    if (IS("data file") || IS("datafile")) return read_file(n, value);
    if (IS("endian")) {
        n->stored.big_endian = bfl_text_equal_nocase(value, BFL_TEXT("big"));
        return n->has_endian = n->stored.big_endian || bfl_text_equal_nocase(value, BFL_TEXT("little"));
    }
    return true;
}

#undef IS

static bfl_status read_line(nrrd *n, bfl_text text, uint32_t line, bfl_error *err) {
    if (text.data[0] == '#') return BFL_OK;
    const char *colon = memchr(text.data, ':', text.size);
    const size_t length = colon ? (size_t)(colon - text.data) : 0;
    if (!length) return bfl_fail(err, BFL_EPARSE, n->where, line, "is no 'key: value'");
    if (length + 1 < text.size && colon[1] == '=') return BFL_OK; /* "key:=value": of no format */
    const bfl_text key = bfl_text_trim((bfl_text){text.data, length});
    const bfl_text value = bfl_text_trim((bfl_text){colon + 1, text.size - length - 1});
    bool known = false, good = read_layout(n, key, value, &known);
    if (!known) good = read_storage(n, key, value);
    if (good) return BFL_OK;
    return bfl_fail(err, BFL_EPARSE, n->where, line, "'%.*s: %.*s' is not supported or not readable",
                    (int)(key.size < 40 ? key.size : 40), key.data, (int)(value.size < 80 ? value.size : 80),
                    value.data);
}

/* The next line without its end; false when none ends here. */
static bool next_line(bfl_text *bytes, bfl_text *out) {
    if (!bytes->size || !memchr(bytes->data, '\n', bytes->size < LONGEST_LINE ? bytes->size : LONGEST_LINE))
        return false;
    *out = bfl_text_split(bytes, '\n');
    if (out->size && out->data[out->size - 1] == '\r') out->size--;
    return true;
}

static const char *missing(const nrrd *n) {
    if (!n->has_dimension) return "dimension";
    if (!n->has_size) return "sizes";
    if (!n->has_type) return "type";
    if (!n->has_encoding) return "encoding";
    if (!n->has_endian && bfl_voxel_bytes(n->stored.type) > 1) return "endian";
    return n->has_columns ? NULL : "space directions";
}

/* *bytes is left at the voxels. */
static bfl_status read_header(nrrd *n, bfl_text *bytes, bfl_error *err) {
    bfl_text text;
    *n = (nrrd){.stored = {.slope = 1}, .sign = {1, 1, 1}, .where = n->where};
    if (!next_line(bytes, &text) || !bfl_text_starts(text, BFL_TEXT("NRRD000")))
        return bfl_fail(err, BFL_EPARSE, n->where, 1, "is not NRRD");
    for (uint32_t line = 2; line <= MOST_LINES; line++) {
        if (!next_line(bytes, &text)) {
            if (bytes->size || !n->file.size) return bfl_fail(err, BFL_EPARSE, n->where, line, "no line ends here");
            text.size = 0; /* a detached header may end without an empty line */
        }
        if (text.size == 0) {
            const char *lacks = missing(n);
            return lacks ? bfl_fail(err, BFL_EPARSE, n->where, 0, "lacks '%s'", lacks) : BFL_OK;
        }
        bfl_status status = read_line(n, text, line, err);
        if (status) return status;
    }
    return bfl_fail(err, BFL_ELIMIT, n->where, 0, "the header has more than %d lines", MOST_LINES);
}

static bfl_status place(nrrd *n, size_t most_voxels, bfl_error *err) {
    bfl_grid *g = &n->stored.grid;
    for (int a = 0; a < 3; a++) {
        double length = 0;
        for (int x = 0; x < 3; x++) length += n->column[a][x] * n->column[a][x];
        g->spacing_mm[a] = sqrt(length);
        for (int x = 0; x < 3; x++) g->axis[a][x] = length > 0 ? n->sign[x] * n->column[a][x] / sqrt(length) : 0;
        g->origin_mm[a] *= n->sign[a];
    }
    return bfl_grid_check(g, most_voxels, n->where, err);
}

/* ---- the voxels ---- */

static bfl_status take(bfl_arena *arena, nrrd *n, bfl_text bytes, bfl_error *err) {
    const size_t needed = bfl_stored_bytes(&n->stored);
    bfl_text line;
    for (size_t i = 0; i < n->line_skip; i++)
        if (!next_line(&bytes, &line)) return bfl_fail(err, BFL_EPARSE, n->where, 0, "ends before its voxels");
    size_t skip = n->byte_skip;
    if (n->packed) {
        bfl_inflater *inflater = bfl_inflate_begin(arena, bytes);
        char *data = bfl_arena_alloc(arena, skip + needed, 1);
        bfl_status status = bfl_inflate_take(inflater, data, skip + needed, n->where, err);
        n->stored.data = (bfl_text){data + skip, needed};
        return status;
    }
    if (n->skip_to_end) skip = bytes.size > needed ? bytes.size - needed : 0;
    if (bytes.size < skip || bytes.size - skip < needed)
        return bfl_fail(err, BFL_EPARSE, n->where, 0, "ends before the last voxel");
    n->stored.data = (bfl_text){bytes.data + skip, needed};
    return BFL_OK;
}

bfl_status bfl_nrrd_data_file(bfl_text bytes, const char *where, bfl_text *out, bfl_error *err) {
    nrrd n = {.where = where};
    bfl_status status = read_header(&n, &bytes, err);
    if (!status) *out = n.file;
    return status;
}

bfl_status bfl_nrrd_read_apart(bfl_arena *arena, bfl_text bytes, const bfl_text *voxels, size_t most_voxels,
                               const char *where, bfl_stored_volume *out, bfl_error *err) {
    nrrd n = {.where = where};
    bfl_status status = read_header(&n, &bytes, err);
    if (!status && !voxels && n.file.size)
        status = bfl_fail(err, BFL_EINVAL, where, 0, "the voxels lie in another file");
    if (!status) status = place(&n, most_voxels, err);
    if (!status) status = take(arena, &n, voxels ? *voxels : bytes, err);
    if (!status) *out = n.stored;
    return status;
}

bfl_status bfl_nrrd_read(bfl_arena *arena, bfl_text bytes, size_t most_voxels, const char *where,
                         bfl_stored_volume *out, bfl_error *err) {
    return bfl_nrrd_read_apart(arena, bytes, NULL, most_voxels, where, out, err);
}
