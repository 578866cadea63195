/* SPDX-License-Identifier: Apache-2.0 */
/* Points at bone, the body they must lie in, and the moving image as values and gradients. */
#include "image/bone.h"

#include <math.h>

static float clamp(float value, bfl_band band) { return fminf(fmaxf(value, band.lowest), band.highest); }

/* ---- the body ---- */

enum { AIR_HU = -300 }; /* between air and fat: the body's surface, and a table's */

static bool dense(const bfl_image *image, int32_t i, int32_t j, int32_t k) {
    return image->value[bfl_image_index(image, i, j, k)] > AIR_HU;
}

/* Dense, and dense on all four sides in the slice: what is one voxel thick, such as a table top, goes. */
static bool opened(const bfl_image *image, int32_t i, int32_t j, int32_t k) {
    if (!dense(image, i, j, k)) return false;
    if (i > 0 && !dense(image, i - 1, j, k)) return false;
    if (i < image->size[0] - 1 && !dense(image, i + 1, j, k)) return false;
    if (j > 0 && !dense(image, i, j - 1, k)) return false;
    return j == image->size[1] - 1 || dense(image, i, j + 1, k);
}

typedef struct flood {
    const int32_t *size;
    uint32_t *label; /* 0: not dense; 1: dense, no component yet; then 2, 3 ... */
    size_t *queue;
} flood;

/* Labels the component of `start`; returns its size. */
static size_t spread(flood *f, size_t start, uint32_t label) {
    const size_t row = (size_t)f->size[0], slice = row * (size_t)f->size[1];
    size_t head = 0, tail = 0;
    f->queue[tail++] = start;
    f->label[start] = label;
    while (head < tail) {
        const size_t at = f->queue[head++];
        const size_t i = at % row, j = at / row % (size_t)f->size[1], k = at / slice;
        const size_t next[6] = {i > 0 ? at - 1 : at,     i + 1 < row ? at + 1 : at,
                                j > 0 ? at - row : at,   j + 1 < (size_t)f->size[1] ? at + row : at,
                                k > 0 ? at - slice : at, k + 1 < (size_t)f->size[2] ? at + slice : at};
        for (int n = 0; n < 6; n++)
            if (f->label[next[n]] == 1) {
                f->label[next[n]] = label;
                f->queue[tail++] = next[n];
            }
    }
    return tail;
}

/* Label of the largest component, 0 when there is none. */
static uint32_t largest(flood *f, size_t voxels) {
    uint32_t label = 1, best_label = 0;
    size_t best = 0;
    for (size_t v = 0; v < voxels; v++) {
        if (f->label[v] != 1) continue;
        size_t size = spread(f, v, ++label);
        if (size <= best) continue;
        best = size;
        best_label = label;
    }
    return best_label;
}

static bool near_label(const flood *f, const bfl_image *image, int32_t i, int32_t j, int32_t k, uint32_t label) {
    const size_t at = bfl_image_index(image, i, j, k), row = (size_t)f->size[0];
    if (f->label[at] == label) return true;
    if (i > 0 && f->label[at - 1] == label) return true;
    if (i < f->size[0] - 1 && f->label[at + 1] == label) return true;
    if (j > 0 && f->label[at - row] == label) return true;
    return j < f->size[1] - 1 && f->label[at + row] == label;
}

bfl_image *bfl_body_of(bfl_arena *arena, const bfl_image *image) {
    const size_t voxels = bfl_image_voxels(image);
    bfl_image *body = BFL_NEW(arena, bfl_image);
    *body = *image;
    body->value = BFL_NEW_ARRAY(arena, voxels, float);
    bfl_arena_mark mark = bfl_arena_here(arena);
    flood f = {image->size, BFL_NEW_ARRAY(arena, voxels, uint32_t), BFL_ROOM_FOR(arena, voxels, size_t)};
    size_t v = 0;
    for (int32_t k = 0; k < image->size[2]; k++)
        for (int32_t j = 0; j < image->size[1]; j++)
            for (int32_t i = 0; i < image->size[0]; i++) f.label[v++] = opened(image, i, j, k);
    const uint32_t label = largest(&f, voxels);
    v = 0;
    for (int32_t k = 0; label && k < image->size[2]; k++)
        for (int32_t j = 0; j < image->size[1]; j++)
            for (int32_t i = 0; i < image->size[0]; i++) body->value[v++] = near_label(&f, image, i, j, k, label);
    bfl_arena_back(arena, mark);
    return body;
}

/* ---- bone and what is around it ---- */

static int16_t fraction_of(float hu, bfl_band band) { return (int16_t)lrintf(clamp(hu, band) * BFL_BANDED_PER_HU); }

typedef struct band_job {
    const bfl_image *image;
    bfl_band band;
    int16_t *value;
} band_job;

static void band_slice(void *context, size_t k) {
    const band_job *job = context;
    const size_t slice = (size_t)job->image->size[0] * (size_t)job->image->size[1];
    for (size_t v = k * slice; v < (k + 1) * slice; v++) job->value[v] = fraction_of(job->image->value[v], job->band);
}

bfl_banded *bfl_banded_of(bfl_arena *arena, uint32_t threads, const bfl_image *image, bfl_band band) {
    bfl_banded *banded = BFL_NEW(arena, bfl_banded);
    for (int a = 0; a < 3; a++) banded->size[a] = image->size[a];
    banded->spacing_mm = image->spacing_mm[0];
    banded->value = BFL_ROOM_FOR(arena, bfl_image_voxels(image), int16_t);
    band_job job = {image, band, banded->value};
    bfl_parallel(threads, (size_t)image->size[2], band_slice, &job);
    return banded;
}

/* ---- points ---- */

typedef struct point_job {
    const bfl_banded *image;
    const bfl_image *body;
    int16_t threshold, lowest, highest; /* in fractions of HU */
    int16_t *rows;                      /* two rows of scratch a slice */
    size_t *count;                      /* of the points of each slice, then of those before it */
    bfl_bone_point *items;              /* NULL: only counted */
} point_job;

/* The highest of the 3 x 3 rows around row j of slice k, and then of three neighbours along it. */
static const int16_t *highest_around(const point_job *job, int32_t j, int32_t k) {
    const int32_t n = job->image->size[0];
    const size_t row = (size_t)n, slice = row * (size_t)job->image->size[1];
    int16_t *restrict high = job->rows + (size_t)k * 2 * row, *restrict out = high + row;
    const int16_t *first = job->image->value + (size_t)k * slice + (size_t)j * row;
    for (int32_t i = 0; i < n; i++) high[i] = INT16_MIN;
    for (int dk = -1; dk <= 1; dk++)
        for (int dj = -1; dj <= 1; dj++) {
            const int16_t *from = first + dk * (ptrdiff_t)slice + dj * (ptrdiff_t)row;
            for (int32_t i = 0; i < n; i++) high[i] = from[i] > high[i] ? from[i] : high[i];
        }
    for (int32_t i = 1; i < n - 1; i++) {
        const int16_t sides = high[i - 1] > high[i + 1] ? high[i - 1] : high[i + 1];
        out[i] = sides > high[i] ? sides : high[i];
    }
    return out;
}

static bool inside(const bfl_image *body, const float mm[3]) {
    int32_t at[3];
    for (int a = 0; a < 3; a++) {
        at[a] = (int32_t)(mm[a] / body->spacing_mm[a] + 0.5F);
        if (at[a] >= body->size[a]) return false;
    }
    return body->value[bfl_image_index(body, at[0], at[1], at[2])] > 0;
}

/* Counts the points of a slice, or writes them where they belong. */
static void find_points(void *context, size_t slice) {
    const point_job *job = context;
    const bfl_banded *image = job->image;
    const int32_t *n = image->size, k = (int32_t)slice;
    const size_t row = (size_t)n[0];
    size_t count = 0;
    if (k < 1 || k >= n[2] - 1) return;
    for (int32_t j = 1; j < n[1] - 1; j++) {
        const int16_t *high = highest_around(job, j, k),
                      *value = image->value + (slice * (size_t)n[1] + (size_t)j) * row;
        for (int32_t i = 1; i < n[0] - 1; i++) {
            if (high[i] < job->threshold) continue;
            const float mm[3] = {(float)i * image->spacing_mm, (float)j * image->spacing_mm,
                                 (float)k * image->spacing_mm};
            if (!inside(job->body, mm)) continue;
            const int16_t v = value[i] < job->lowest ? job->lowest : value[i] > job->highest ? job->highest : value[i];
            if (job->items)
                job->items[job->count[slice] + count] =
                    (bfl_bone_point){{mm[0], mm[1], mm[2]}, (float)v / BFL_BANDED_PER_HU};
            count++;
        }
    }
    if (!job->items) job->count[slice] = count;
}

bfl_bone_points bfl_bone_points_of(bfl_arena *arena, uint32_t threads, const bfl_banded *image, const bfl_image *body,
                                   float threshold, bfl_band band) {
    const size_t slices = (size_t)image->size[2];
    point_job job = {.image = image,
                     .body = body,
                     .threshold = (int16_t)(threshold * BFL_BANDED_PER_HU),
                     .lowest = fraction_of(band.lowest, band),
                     .highest = fraction_of(band.highest, band)};
    job.rows = BFL_NEW_ARRAY(arena, slices * 2 * (size_t)image->size[0], int16_t);
    job.count = BFL_NEW_ARRAY(arena, slices, size_t);
    bfl_parallel(threads, slices, find_points, &job);
    size_t count = 0;
    for (size_t k = 0; k < slices; k++) {
        const size_t here = job.count[k];
        job.count[k] = count;
        count += here;
    }
    job.items = BFL_NEW_ARRAY(arena, count, bfl_bone_point);
    bfl_parallel(threads, slices, find_points, &job);
    return (bfl_bone_points){job.items, count};
}

/* ---- values and gradients ---- */

typedef struct slope_job {
    const bfl_banded *image;
    int16_t lowest, highest; /* in fractions of HU */
    bfl_short4 *at;
} slope_job;

static int16_t within(const slope_job *job, size_t at) {
    const int16_t v = job->image->value[at];
    return v < job->lowest ? job->lowest : v > job->highest ? job->highest : v;
}

/* Half of the central difference along one axis, of the one-sided one at the border. */
static int16_t half_difference(const slope_job *job, size_t at, int32_t index, int32_t count, size_t stride) {
    return (int16_t)((within(job, index < count - 1 ? at + stride : at) - within(job, index > 0 ? at - stride : at)) /
                     2);
}

static void slope_slice(void *context, size_t slice_index) {
    const slope_job *job = context;
    const int32_t *n = job->image->size, k = (int32_t)slice_index;
    const size_t row = (size_t)n[0], slice = row * (size_t)n[1];
    size_t at = slice_index * slice;
    for (int32_t j = 0; j < n[1]; j++)
        for (int32_t i = 0; i < n[0]; i++, at++)
            job->at[at] =
                (bfl_short4){within(job, at), half_difference(job, at, i, n[0], 1),
                             half_difference(job, at, j, n[1], row), half_difference(job, at, k, n[2], slice)};
}

bfl_slopes bfl_slopes_of(bfl_arena *arena, uint32_t threads, const bfl_banded *image, bfl_band band) {
    slope_job job = {image, fraction_of(band.lowest, band), fraction_of(band.highest, band), NULL};
    const size_t voxels = (size_t)image->size[0] * (size_t)image->size[1] * (size_t)image->size[2];
    job.at = BFL_ROOM_FOR(arena, voxels, bfl_short4);
    bfl_parallel(threads, (size_t)image->size[2], slope_slice, &job);
    const float per_mm = 1 / (BFL_BANDED_PER_HU * image->spacing_mm);
    bfl_slopes slopes = {
        .spacing_mm = image->spacing_mm, .at = job.at, .unit = {1 / (float)BFL_BANDED_PER_HU, per_mm, per_mm, per_mm}};
    for (int a = 0; a < 3; a++) slopes.size[a] = image->size[a];
    return slopes;
}
