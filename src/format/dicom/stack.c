/* SPDX-License-Identifier: Apache-2.0 */
/* The slices of a series decoded into one volume; where they lean or lie unevenly, resampled by straight lines. */
#include "format/dicom/series.h"
#include "format/voxels.h"
#include <gdcm/image.h>

#include <math.h>
#include <string.h>

static const double LEAN_PIXELS = 0.25; /* of the farthest slice, before the stack is sheared upright */
static const double SNAP = 0.02;        /* of the distance: a slice so near a place is taken as it is */
static const double REACH = 0.51;       /* of the step: how far a slice speaks for places in a gap */
static const double COVERED = 1.25;     /* slices so far apart, in thicknesses, leave no gap */
static const size_t MOST_LOST = 10;     /* at most one slice in so many may fail to decode */
static const int16_t AIR_HU = -200;

typedef struct stack {
    const bfl_dicom_series *series;
    size_t plane; /* pixels of a slice */
    int16_t *hu;  /* of all slices */
    bfl_gdcm_state *states;
    double (*offset)[2]; /* of each slice in pixels from the volume's corner; NULL when none leans */
    bfl_volume *volume;
} stack;

/* ---- the grid ---- */

static double along(const double from[3], const double to[3], const double axis[3]) {
    return (to[0] - from[0]) * axis[0] + (to[1] - from[1]) * axis[1] + (to[2] - from[2]) * axis[2];
}

/* A tilted gantry moves each slice within its plane. */
static void find_lean(bfl_arena *arena, stack *s, double least[2], double most[2]) {
    const bfl_dicom_series *series = s->series;
    const bfl_dicom_slice *first = &series->slices[0];
    double(*offset)[2] = bfl_arena_alloc(arena, series->count, sizeof *offset);
    least[0] = least[1] = most[0] = most[1] = 0;
    for (size_t i = 0; i < series->count; i++) {
        for (int a = 0; a < 2; a++) {
            offset[i][a] = along(first->position, series->slices[i].position, first->axis[a]) / first->spacing_mm[a];
            least[a] = fmin(least[a], offset[i][a]);
            most[a] = fmax(most[a], offset[i][a]);
        }
    }
    if (fmax(most[0] - least[0], most[1] - least[1]) <= LEAN_PIXELS) {
        least[0] = least[1] = most[0] = most[1] = 0;
        return;
    }
    for (size_t i = 0; i < series->count; i++)
        for (int a = 0; a < 2; a++) offset[i][a] -= least[a];
    s->offset = offset;
}

static bfl_status lay_grid(bfl_arena *arena, stack *s, size_t most_voxels, const char *where, bfl_grid *grid,
                           bfl_error *err) {
    const bfl_dicom_series *series = s->series;
    const bfl_dicom_slice *first = &series->slices[0], *last = &series->slices[series->count - 1];
    const double pixels[2] = {(double)first->head->columns, (double)first->head->rows};
    double least[2], most[2], slices = (double)series->count;
    find_lean(arena, s, least, most);
    if (!series->even) slices = floor((last->at_mm - first->at_mm) / series->step_mm + REACH) + 1;
    *grid = (bfl_grid){.size = {0}};
    for (int a = 0; a < 3; a++) {
        const double size = a == 2 ? slices : pixels[a] + ceil(most[a] - least[a]);
        if (!(size >= 1 && size <= 65535)) /* as bfl_grid_check() */
            return bfl_fail(err, BFL_ELIMIT, where, 0, "slices lie too far apart for one volume");
        grid->size[a] = (int32_t)size;
        grid->spacing_mm[a] = a == 2 ? series->step_mm : first->spacing_mm[a];
        for (int x = 0; x < 3; x++) {
            grid->axis[a][x] = first->axis[a][x];
            grid->origin_mm[x] += a == 2 ? first->position[x] : first->axis[a][x] * least[a] * first->spacing_mm[a];
        }
    }
    size_t stored = 0;
    if (__builtin_mul_overflow(s->plane, series->count, &stored) || stored > most_voxels)
        return bfl_fail(err, BFL_ELIMIT, where, 0, "has more than %zu voxels", most_voxels);
    return bfl_grid_check(grid, most_voxels, where, err);
}

/* ---- decoding ---- */

/* Plain pixels: 8 or 16 bits in the file's byte order, of which the stored ones are cut out. */
static bool read_plain(const bfl_dicom_slice *slice, size_t plane, uint16_t *out, bool *is_signed) {
    const bfl_dicom_head *h = slice->head;
    const size_t bytes = h->bits / 8;
    unsigned char *raw =
        (unsigned char *)out + plane * (2 - bytes); /* single bytes: behind where they are widened to */
    if (h->size < plane * bytes || !bfl_dicom_bytes(slice->source, h->from, plane * bytes, raw)) return false;
    const unsigned shift = (unsigned)(h->high_bit + 1 - h->bits_stored), sign = 1u << (h->bits_stored - 1);
    *is_signed = h->is_signed == 1;
    for (size_t i = 0; i < plane; i++) {
        const unsigned char *p = raw + i * bytes;
        unsigned value = bytes == 1 ? p[0] : h->big_endian ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
        value = value >> shift & (sign | (sign - 1));
        if (*is_signed && (value & sign)) value |= ~(sign | (sign - 1));
        out[i] = (uint16_t)value;
    }
    return true;
}

static bfl_gdcm_state read_pixels(const bfl_dicom_slice *slice, size_t plane, uint16_t *out, bool *is_signed) {
    const bfl_dicom_head *h = slice->head;
    if (!h->packed) return read_plain(slice, plane, out, is_signed) ? BFL_GDCM_DECODED : BFL_GDCM_NOT_DECODED;
    const bfl_gdcm_frame frame = {.path = slice->source->data ? NULL : slice->source->path,
                                  .data = slice->source->data,
                                  .from = h->from,
                                  .size = h->size,
                                  .bare = h->bare,
                                  .syntax = h->text[BFL_TAG_SYNTAX],
                                  .rows = h->rows,
                                  .columns = h->columns,
                                  .bits_allocated = h->bits,
                                  .bits_stored = h->bits_stored,
                                  .high_bit = h->high_bit,
                                  .is_signed = h->is_signed == 1};
    const bfl_gdcm_state state = bfl_gdcm_decode(&frame, out, is_signed);
    if (state != BFL_GDCM_DECODED || h->is_signed != 1) return state;
    /* Some writers pack two's complement as if it were unsigned: the header knows better than the stream. */
    const unsigned sign = 1u << (h->bits_stored - 1);
    for (size_t i = 0; i < plane; i++) out[i] = (uint16_t)(((out[i] & (sign | (sign - 1))) ^ sign) - sign);
    *is_signed = true;
    return state;
}

/* Are values whole numbers? They mostly are, and need no rounding. */
static bool is_whole(const bfl_dicom_slice *slice) {
    enum { FAR = 1 << 20 };
    return slice->slope == 1 && fabs(slice->intercept) < FAR && floor(slice->intercept) == slice->intercept;
}

static void decode(void *context, size_t index) {
    stack *s = context;
    const bfl_dicom_slice *slice = &s->series->slices[index];
    const bfl_dicom_head *head = slice->head;
    int16_t *hu = s->hu + index * s->plane;
    bool is_signed = false;
    s->states[index] = read_pixels(slice, s->plane, (uint16_t *)hu, &is_signed);
    const uint16_t bits = head->bits == 8 ? 0xff : 0xffff;
    if (s->states[index] == BFL_GDCM_DECODED && !head->has_padding && is_whole(slice)) {
        for (size_t i = 0; i < s->plane; i++)
            hu[i] = bfl_hu_of_whole((is_signed ? hu[i] : (uint16_t)hu[i]) + (int32_t)slice->intercept);
        return;
    }
    for (size_t i = 0; i < s->plane; i++) {
        const uint16_t stored = (uint16_t)hu[i];
        const bool none =
            s->states[index] != BFL_GDCM_DECODED || (head->has_padding && ((stored ^ head->padding) & bits) == 0);
        const double value = is_signed ? (double)(int16_t)stored : (double)stored;
        hu[i] = none ? BFL_HU_NONE : bfl_hu_of(value * slice->slope + slice->intercept);
    }
}

static bfl_status check_decoded(bfl_arena *arena, const stack *s, const char *where, bfl_notes *notes, bfl_error *err) {
    const size_t count = s->series->count;
    size_t lost = 0;
    for (size_t i = 0; i < count; i++) {
        if (s->states[i] == BFL_GDCM_NO_MEMORY) return bfl_fail(err, BFL_ENOMEM, where, 0, "out of memory");
        lost += s->states[i] != BFL_GDCM_DECODED;
    }
    if (lost * MOST_LOST > count)
        return bfl_fail(
            err, BFL_EPARSE, where, 0,
            "the pixels of %zu of %zu slices cannot be decoded (cut off, damaged, or another size than promised)", lost,
            count);
    if (lost)
        *BFL_PUSH(arena, notes) = bfl_arena_printf(
            arena, "%zu of %zu slices cannot be decoded (cut off or damaged): empty in the volume", lost, count);
    return BFL_OK;
}

/* ---- upright and even ---- */

/* A slice's value at a place between its pixels; BFL_HU_NONE outside and beside what was not measured. */
static double pixel_at(const stack *s, size_t slice, double x, double y) {
    const bfl_dicom_head *head = s->series->slices[0].head;
    const int32_t columns = head->columns, rows = head->rows;
    const double fx = floor(x), fy = floor(y);
    if (!(fx >= 0 && fy >= 0 && x <= columns - 1 && y <= rows - 1)) return BFL_HU_NONE;
    const int32_t i = (int32_t)fx, j = (int32_t)fy;
    const int16_t *corner = s->hu + slice * s->plane + (size_t)j * (size_t)columns + i;
    double sum = 0;
    for (int dy = 0; dy < 2; dy++) {
        for (int dx = 0; dx < 2; dx++) {
            const double weight = (dx ? x - fx : 1 - (x - fx)) * (dy ? y - fy : 1 - (y - fy));
            if (!(weight > 0)) continue;
            const int16_t hu = corner[(size_t)dy * (size_t)columns + (size_t)dx];
            if (hu == BFL_HU_NONE) return BFL_HU_NONE;
            sum += weight * hu;
        }
    }
    return sum;
}

static double slice_at(const stack *s, size_t slice, int32_t i, int32_t j) {
    if (s->offset) return pixel_at(s, slice, i - s->offset[slice][0], j - s->offset[slice][1]);
    return (double)s->hu[slice * s->plane + (size_t)j * (size_t)s->volume->grid.size[0] + (size_t)i];
}

/* The slices below and above a place, and the weight of the one above; false where neither speaks for it. */
static bool neighbours(const stack *s, double at_mm, size_t *below, double *above) {
    const bfl_dicom_series *series = s->series;
    size_t low = 0, high = series->count - 1;
    while (low + 1 < high) {
        const size_t middle = low + (high - low) / 2;
        if (series->slices[middle].at_mm <= at_mm)
            low = middle;
        else
            high = middle;
    }
    *below = low;
    *above = 0;
    if (series->count == 1) return true;
    const bfl_dicom_slice *a = &series->slices[low], *b = &series->slices[low + 1];
    const double distance = b->at_mm - a->at_mm, from_a = at_mm - a->at_mm;
    *above = from_a / distance;
    if (*above <= SNAP) *above = 0;
    if (*above >= 1 - SNAP) *above = 1;
    if (distance <= COVERED * fmax(series->step_mm, fmax(a->thickness_mm, b->thickness_mm))) return true;
    if (fmin(from_a, distance - from_a) > REACH * series->step_mm) return false;
    *above = from_a < distance - from_a ? 0 : 1; /* at the edge of a gap: nothing is drawn across it */
    return true;
}

static void resample(void *context, size_t k) {
    stack *s = context;
    const bfl_grid *grid = &s->volume->grid;
    const double at_mm = s->series->slices[0].at_mm + (double)k * grid->spacing_mm[2];
    size_t below = k;
    double above = 0;
    if (!s->series->even && !neighbours(s, at_mm, &below, &above)) return; /* new volumes are BFL_HU_NONE */
    for (int32_t j = 0; j < grid->size[1]; j++) {
        for (int32_t i = 0; i < grid->size[0]; i++) {
            const double low = above < 1 ? slice_at(s, below, i, j) : 0;
            const double high = above > 0 ? slice_at(s, below + 1, i, j) : 0;
            const bool none = (above < 1 && low <= BFL_HU_NONE) || (above > 0 && high <= BFL_HU_NONE);
            if (!none) s->volume->hu[bfl_grid_index(grid, i, j, (int32_t)k)] = bfl_hu_of(low + above * (high - low));
        }
    }
}

typedef struct counting {
    const bfl_volume *volume;
    struct count {
        uint32_t none, air, top;
    } * slices;
} counting;

static void count_slice(void *context, size_t k) {
    const counting *c = context;
    const size_t plane = (size_t)c->volume->grid.size[0] * (size_t)c->volume->grid.size[1];
    const int16_t *hu = c->volume->hu + k * plane;
    uint32_t none = 0, air = 0, top = 0; /* a slice has fewer than 2^32 voxels */
    for (size_t v = 0; v < plane; v++) {
        none += hu[v] == BFL_HU_NONE;
        air += hu[v] < AIR_HU;
        top += hu[v] == BFL_HU_HIGHEST;
    }
    c->slices[k] = (struct count){none, air - none, top};
}

/* Values that look like no CT. */
static void note_range(bfl_arena *arena, bfl_arena *scratch, const bfl_volume *volume, bfl_notes *notes) {
    const size_t slices = (size_t)volume->grid.size[2];
    counting c = {volume, BFL_NEW_ARRAY(scratch, slices, struct count)};
    size_t measured = bfl_grid_voxels(&volume->grid), air = 0, top = 0;
    bfl_parallel(0, slices, count_slice, &c);
    for (size_t k = 0; k < slices; k++) measured -= c.slices[k].none, air += c.slices[k].air, top += c.slices[k].top;
    if (measured && !air)
        *BFL_PUSH(arena, notes) = "no value is below -200 HU, so there is no air: is the rescaling right?";
    if (measured && air == measured) *BFL_PUSH(arena, notes) = "no value is above -200 HU: is the rescaling right?";
    if (top > measured / 2) *BFL_PUSH(arena, notes) = "most values are over 3071 HU: is the rescaling right?";
}

bfl_status bfl_dicom_stack(bfl_arena *arena, bfl_arena *scratch, const bfl_dicom_series *series, size_t most_voxels,
                           const char *where, bfl_notes *notes, const bfl_volume **out, bfl_error *err) {
    const bfl_dicom_head *head = series->slices[0].head;
    stack s = {.series = series, .plane = (size_t)head->rows * (size_t)head->columns};
    bfl_grid grid;
    bfl_status status = lay_grid(arena, &s, most_voxels, where, &grid, err);
    if (status) return status;
    const bool direct = series->even && !s.offset;
    s.volume = direct ? bfl_volume_room(arena, &grid) : bfl_volume_new(arena, &grid);
    s.states = BFL_NEW_ARRAY(arena, series->count, bfl_gdcm_state);
    s.hu = direct ? s.volume->hu : BFL_ROOM_FOR(scratch, s.plane * series->count, int16_t);
    bfl_parallel(0, series->count, decode, &s);
    status = check_decoded(arena, &s, where, notes, err);
    if (status) return status;
    if (!direct) bfl_parallel(0, (size_t)grid.size[2], resample, &s);
    if (s.offset) *BFL_PUSH(arena, notes) = "the slices lean (gantry tilt): sheared upright";
    note_range(arena, scratch, s.volume, notes);
    *out = s.volume;
    return BFL_OK;
}
