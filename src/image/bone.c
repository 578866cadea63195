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
    flood f = {image->size, BFL_NEW_ARRAY(arena, voxels, uint32_t), BFL_NEW_ARRAY(arena, voxels, size_t)};
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

/* ---- points ---- */

static float highest_around(const bfl_image *image, int32_t i, int32_t j, int32_t k) {
    const size_t row = (size_t)image->size[0], slice = row * (size_t)image->size[1];
    const float *centre = image->value + bfl_image_index(image, i, j, k);
    float highest = centre[0];
    for (int dk = -1; dk <= 1; dk++)
        for (int dj = -1; dj <= 1; dj++) {
            const float *v = centre + dk * (ptrdiff_t)slice + dj * (ptrdiff_t)row;
            highest = fmaxf(highest, fmaxf(v[0], fmaxf(v[-1], v[1])));
        }
    return highest;
}

static bool inside(const bfl_image *body, const float mm[3]) {
    int32_t at[3];
    for (int a = 0; a < 3; a++) {
        at[a] = (int32_t)(mm[a] / body->spacing_mm[a] + 0.5F);
        if (at[a] >= body->size[a]) return false;
    }
    return body->value[bfl_image_index(body, at[0], at[1], at[2])] > 0;
}

bfl_bone_points bfl_bone_points_of(bfl_arena *arena, const bfl_image *image, const bfl_image *body, float threshold,
                                   bfl_band band) {
    BFL_LIST(bfl_bone_point) list = {0};
    for (int32_t k = 1; k < image->size[2] - 1; k++)
        for (int32_t j = 1; j < image->size[1] - 1; j++)
            for (int32_t i = 1; i < image->size[0] - 1; i++) {
                const float mm[3] = {(float)i * image->spacing_mm[0], (float)j * image->spacing_mm[1],
                                     (float)k * image->spacing_mm[2]};
                if (highest_around(image, i, j, k) < threshold || !inside(body, mm)) continue;
                bfl_bone_point *point = BFL_PUSH(arena, &list);
                for (int a = 0; a < 3; a++) point->mm[a] = mm[a];
                point->value = clamp(image->value[bfl_image_index(image, i, j, k)], band);
            }
    return (bfl_bone_points){list.items, list.count};
}

/* ---- values and gradients ---- */

typedef struct slope_job {
    const bfl_image *image;
    bfl_band band;
    bfl_float4 *at;
} slope_job;

/* Central difference along one axis, one-sided (and halved) at the border. */
static float difference(const slope_job *job, size_t at, int32_t index, int32_t count, size_t stride) {
    const float *value = job->image->value;
    const float high = value[index < count - 1 ? at + stride : at], low = value[index > 0 ? at - stride : at];
    return clamp(high, job->band) - clamp(low, job->band);
}

static void slope_slice(void *context, size_t slice_index) {
    const slope_job *job = context;
    const bfl_image *image = job->image;
    const int32_t *n = image->size, k = (int32_t)slice_index;
    const size_t row = (size_t)n[0], slice = row * (size_t)n[1];
    const float scale = 0.5F / image->spacing_mm[0];
    size_t at = slice_index * slice;
    for (int32_t j = 0; j < n[1]; j++)
        for (int32_t i = 0; i < n[0]; i++, at++)
            job->at[at] =
                (bfl_float4){clamp(image->value[at], job->band), difference(job, at, i, n[0], 1) * scale,
                             difference(job, at, j, n[1], row) * scale, difference(job, at, k, n[2], slice) * scale};
}

bfl_slopes bfl_slopes_of(bfl_arena *arena, uint32_t threads, const bfl_image *image, bfl_band band) {
    slope_job job = {image, band, BFL_NEW_ARRAY(arena, bfl_image_voxels(image), bfl_float4)};
    bfl_parallel(threads, (size_t)image->size[2], slope_slice, &job);
    bfl_slopes slopes = {.spacing_mm = image->spacing_mm[0], .at = job.at};
    for (int a = 0; a < 3; a++) slopes.size[a] = image->size[a];
    return slopes;
}
