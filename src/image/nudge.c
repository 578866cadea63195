/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A smooth deformation cannot follow bones that slide on each other (a scapula over ribs, ribs as one breathes), and half a millimetre
 * at a cortex changes more HU than a faint lesion. So at the points of a lattice the one shift is found that lays the neighbourhood
 * best on the other image (Lucas and Kanade, with the mean gradient of both), with weights by Geman and McClure and a prior that
 * holds it near 0; between the points shifts are interpolated.
 */
#include "image/nudge.h"

#include <math.h>
#include <string.h>

static const float SIGMA_MM = 5, REACH_MM = 9, MOST_MM = 4, PRIOR_MM = 1, NOISE_HU = 20, ROBUST_HU = 150;
static const float LOWEST_HU = -150, HIGHEST_HU = 1300;
enum { LATTICE = 4, STEPS = 6, LEAST_SAMPLES = 40 };

/* A voxel of a neighbourhood, from its middle. */
typedef struct offset {
    int32_t by[3];
    ptrdiff_t step;
    float weight;
} offset;

typedef struct nudging {
    const bfl_image *before, *after;
    const bfl_shape *where;
    const offset *offsets; /* every other voxel within reach: enough */
    size_t offset_count;
    int32_t size[3];   /* of the lattice */
    bfl_float4 *shift; /* of each of its points, in voxels; the last is 1 where one was found */
    float offset_hu;
    bfl_image *out;
} nudging;

static float held(float hu) { return fminf(fmaxf(hu, LOWEST_HU), HIGHEST_HU); }

/* ---- values between voxels ---- */

static size_t clamped(const bfl_image *image, const int32_t at[3]) {
    int32_t in[3];
    for (int a = 0; a < 3; a++) in[a] = at[a] < 0 ? 0 : at[a] >= image->size[a] ? image->size[a] - 1 : at[a];
    return bfl_image_index(image, in[0], in[1], in[2]);
}

/* The same where all eight voxels are in the image, step by step. */
static float linear_inside(const bfl_image *image, const float at[3]) {
    const int32_t i = (int32_t)at[0], j = (int32_t)at[1], k = (int32_t)at[2];
    const float x = at[0] - (float)i, y = at[1] - (float)j, z = at[2] - (float)k;
    const size_t row = (size_t)image->size[0], slice = row * (size_t)image->size[1];
    const float *low = image->value + bfl_image_index(image, i, j, k), *high = low + slice;
    float sum = (1 - x) * (1 - y) * (1 - z) * low[0];
    sum += x * (1 - y) * (1 - z) * low[1];
    sum += (1 - x) * y * (1 - z) * low[row];
    sum += x * y * (1 - z) * low[row + 1];
    sum += (1 - x) * (1 - y) * z * high[0];
    sum += x * (1 - y) * z * high[1];
    sum += (1 - x) * y * z * high[row];
    return sum + x * y * z * high[row + 1];
}

static bool is_inside(const bfl_image *image, const float at[3], int32_t margin) {
    bool inside = true;
    for (int a = 0; a < 3; a++) inside &= at[a] >= (float)margin && at[a] < (float)(image->size[a] - 1 - margin);
    return inside;
}

static float linear_at(const bfl_image *image, const float at[3]) {
    if (is_inside(image, at, 0)) return linear_inside(image, at);
    int32_t low[3];
    float share[3], sum = 0;
    for (int a = 0; a < 3; a++) {
        low[a] = (int32_t)floorf(at[a]);
        share[a] = at[a] - (float)low[a];
    }
    for (int c = 0; c < 8; c++) {
        const int32_t corner[3] = {low[0] + (c & 1), low[1] + (c >> 1 & 1), low[2] + (c >> 2)};
        float weight = 1;
        for (int a = 0; a < 3; a++) weight *= c >> a & 1 ? share[a] : 1 - share[a];
        sum += weight * image->value[clamped(image, corner)];
    }
    return sum;
}

/* Keys' kernel: as sharp as the image, where straight lines would blur what is subtracted. */
static float cubic_at(const bfl_image *image, const float at[3]) {
    int32_t low[3];
    float weight[3][4], sum = 0;
    for (int a = 0; a < 3; a++) {
        low[a] = (int32_t)floorf(at[a]);
        const float s = at[a] - (float)low[a], s2 = s * s, s3 = s2 * s;
        weight[a][0] = -0.5F * s3 + s2 - 0.5F * s;
        weight[a][1] = 1.5F * s3 - 2.5F * s2 + 1;
        weight[a][2] = -1.5F * s3 + 2 * s2 + 0.5F * s;
        weight[a][3] = 0.5F * s3 - 0.5F * s2;
    }
    if (is_inside(image, at, 1)) {
        const size_t row = (size_t)image->size[0], slice = row * (size_t)image->size[1];
        const float *first = image->value + bfl_image_index(image, low[0] - 1, low[1] - 1, low[2] - 1);
        for (size_t k = 0; k < 4; k++)
            for (size_t j = 0; j < 4; j++) {
                const float outer = weight[2][k] * weight[1][j], *from = first + k * slice + j * row;
                for (size_t i = 0; i < 4; i++) sum += outer * weight[0][i] * from[i];
            }
        return sum;
    }
    for (int k = 0; k < 4; k++)
        for (int j = 0; j < 4; j++) {
            const float outer = weight[2][k] * weight[1][j];
            for (int i = 0; i < 4; i++)
                sum += outer * weight[0][i] *
                       image->value[clamped(image, (const int32_t[3]){low[0] + i - 1, low[1] + j - 1, low[2] + k - 1})];
        }
    return sum;
}

/* ---- the shift of one neighbourhood ---- */

enum { MOST_SAMPLES = 2200 };

typedef struct sample {
    float at[3], after, weight, slope[3];
} sample;

static float slope_of(const bfl_image *image, const int32_t at[3], int axis) {
    int32_t low[3] = {at[0], at[1], at[2]}, high[3] = {at[0], at[1], at[2]};
    low[axis]--, high[axis]++;
    return (held(image->value[clamped(image, high)]) - held(image->value[clamped(image, low)])) / 2;
}

static void take_slopes(const nudging *n, const int32_t at[3], size_t v, float slope[3]) {
    const bfl_image *f = n->after;
    const size_t stride[3] = {1, (size_t)f->size[0], (size_t)f->size[0] * (size_t)f->size[1]};
    bool inside = true;
    for (int a = 0; a < 3; a++) inside &= at[a] > 0 && at[a] < f->size[a] - 1;
    for (int a = 0; a < 3; a++) {
        const size_t high = v + stride[a], low = v - stride[a];
        slope[a] = inside ? ((held(f->value[high]) - held(f->value[low])) / 2 +
                             (held(n->before->value[high]) - held(n->before->value[low])) / 2) /
                                2
                          : (slope_of(f, at, a) + slope_of(n->before, at, a)) / 2;
    }
}

static size_t collect(const nudging *n, const int32_t middle[3], sample *out) {
    const bfl_image *f = n->after;
    const ptrdiff_t row = f->size[0], first = (middle[2] * (ptrdiff_t)f->size[1] + middle[1]) * row + middle[0];
    size_t count = 0;
    for (size_t o = 0; o < n->offset_count && count < MOST_SAMPLES; o++) {
        const offset *by = &n->offsets[o];
        int32_t at[3];
        bool inside = true;
        for (int a = 0; a < 3; a++) {
            at[a] = middle[a] + by->by[a];
            inside &= at[a] >= 0 && at[a] < f->size[a];
        }
        const size_t v = inside ? (size_t)(first + by->step) : 0;
        if (!inside || !n->where->in[v]) continue;
        sample *s = &out[count++];
        s->after = held(f->value[v]) - n->offset_hu;
        s->weight = by->weight;
        for (int a = 0; a < 3; a++) s->at[a] = (float)at[a];
        take_slopes(n, at, v, s->slope);
    }
    return count;
}

/* The voxels of a ball, every other one; the middles' indices are even, so that these are the same in the image. */
static void find_offsets(bfl_arena *arena, nudging *n) {
    const bfl_image *f = n->after;
    const int32_t reach = (int32_t)(REACH_MM / f->spacing_mm[0]), across = 2 * reach + 1;
    const float sigma = SIGMA_MM / f->spacing_mm[0];
    offset *out = BFL_NEW_ARRAY(arena, (size_t)(across * across * across), offset);
    int32_t d[3];
    n->offsets = out;
    for (d[2] = -reach; d[2] <= reach; d[2]++)
        for (d[1] = -reach; d[1] <= reach; d[1]++)
            for (d[0] = -reach; d[0] <= reach; d[0]++) {
                const float away = (float)(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
                if ((d[0] + d[1] + d[2]) % 2 != 0 || away > (float)(reach * reach)) continue;
                out[n->offset_count++] = (offset){
                    {d[0], d[1], d[2]},
                    (d[2] * (ptrdiff_t)f->size[1] + d[1]) * f->size[0] + d[0],
                    expf(-0.5F * away / (sigma * sigma)),
                };
            }
}

/* Solves a symmetric positive 3 x 3 system (xx xy xz yy yz zz) by Cramer's rule. */
static void solve(const double m[6], const double b[3], double out[3]) {
    const double c0 = m[3] * m[5] - m[4] * m[4], c1 = m[2] * m[4] - m[1] * m[5], c2 = m[1] * m[4] - m[2] * m[3];
    const double det = m[0] * c0 + m[1] * c1 + m[2] * c2;
    const double c3 = m[0] * m[5] - m[2] * m[2], c4 = m[1] * m[2] - m[0] * m[4], c5 = m[0] * m[3] - m[1] * m[1];
    out[0] = (c0 * b[0] + c1 * b[1] + c2 * b[2]) / det;
    out[1] = (c1 * b[0] + c3 * b[1] + c4 * b[2]) / det;
    out[2] = (c2 * b[0] + c4 * b[1] + c5 * b[2]) / det;
}

static void step(const nudging *n, const sample *samples, size_t count, float ridge, float shift[3]) {
    double m[6] = {0}, b[3] = {0}, by[3];
    for (size_t i = 0; i < count; i++) {
        const sample *s = &samples[i];
        const float at[3] = {s->at[0] + shift[0], s->at[1] + shift[1], s->at[2] + shift[2]};
        const float error = s->after - held(linear_at(n->before, at));
        const float robust = ROBUST_HU * ROBUST_HU / (ROBUST_HU * ROBUST_HU + error * error);
        const float weight = s->weight * robust * robust;
        int e = 0;
        for (int x = 0; x < 3; x++) {
            b[x] += (double)(weight * s->slope[x] * error);
            for (int y = x; y < 3; y++) m[e++] += (double)(weight * s->slope[x] * s->slope[y]);
        }
    }
    for (int x = 0; x < 3; x++) b[x] -= (double)ridge * (double)shift[x];
    m[0] += (double)ridge, m[3] += (double)ridge, m[5] += (double)ridge;
    solve(m, b, by);
    const float most = MOST_MM / n->before->spacing_mm[0];
    float length = 0;
    for (int x = 0; x < 3; x++) {
        shift[x] += (float)by[x];
        length += shift[x] * shift[x];
    }
    if (length > most * most)
        for (int x = 0; x < 3; x++) shift[x] *= most / sqrtf(length);
}

static void find_shifts(void *context, size_t k) {
    nudging *n = context;
    sample samples[MOST_SAMPLES];
    const float prior = PRIOR_MM / n->before->spacing_mm[0];
    for (int32_t j = 0; j < n->size[1]; j++)
        for (int32_t i = 0; i < n->size[0]; i++) {
            const int32_t middle[3] = {i * LATTICE, j * LATTICE, (int32_t)k * LATTICE};
            const size_t count = collect(n, middle, samples);
            if (count < LEAST_SAMPLES) continue;
            float shift[3] = {0}, sum = 0;
            for (size_t s = 0; s < count; s++) sum += samples[s].weight;
            const float ridge = sum * NOISE_HU * NOISE_HU / (prior * prior);
            for (int s = 0; s < STEPS; s++) step(n, samples, count, ridge, shift);
            n->shift[(k * (size_t)n->size[1] + (size_t)j) * (size_t)n->size[0] + (size_t)i] =
                (bfl_float4){shift[0], shift[1], shift[2], 1};
        }
}

/* ---- the image shifted ---- */

static bfl_float4 shift_at(const nudging *n, const int32_t at[3]) {
    bfl_float4 sum = {0};
    for (int c = 0; c < 8; c++) {
        float weight = 1;
        size_t index = 0, stride = 1;
        for (int a = 0; a < 3; a++) {
            const int32_t low = at[a] / LATTICE, rest = at[a] % LATTICE;
            const int32_t node = low + (c >> a & 1) < n->size[a] ? low + (c >> a & 1) : n->size[a] - 1;
            weight *= c >> a & 1 ? (float)rest / LATTICE : 1 - (float)rest / LATTICE;
            index += (size_t)node * stride;
            stride *= (size_t)n->size[a];
        }
        sum += n->shift[index] * weight;
    }
    return sum;
}

static void move_slice(void *context, size_t k) {
    nudging *n = context;
    const bfl_image *w = n->before;
    int32_t at[3] = {0, 0, (int32_t)k};
    for (at[1] = 0; at[1] < w->size[1]; at[1]++)
        for (at[0] = 0; at[0] < w->size[0]; at[0]++) {
            const size_t v = bfl_image_index(w, at[0], at[1], at[2]);
            n->out->value[v] = w->value[v];
            if (!n->where->in[v]) continue;
            const bfl_float4 s = shift_at(n, at);
            if (!(s[3] > 0)) continue;
            const float from[3] = {(float)at[0] + s[0] / s[3], (float)at[1] + s[1] / s[3], (float)at[2] + s[2] / s[3]};
            n->out->value[v] = cubic_at(w, from);
        }
}

bfl_image *bfl_nudged(bfl_arena *arena, uint32_t threads, const bfl_image *before, const bfl_image *after,
                      const bfl_shape *where) {
    nudging n = {.before = before, .after = after, .where = where};
    n.out = BFL_NEW(arena, bfl_image);
    *n.out = *before;
    n.out->value = BFL_ROOM_FOR(arena, bfl_image_voxels(before), float);
    bfl_arena_mark mark = bfl_arena_here(arena);
    find_offsets(arena, &n);
    for (int a = 0; a < 3; a++) n.size[a] = before->size[a] / LATTICE + 1;
    n.shift = BFL_NEW_ARRAY(arena, (size_t)n.size[0] * (size_t)n.size[1] * (size_t)n.size[2], bfl_float4);
    bfl_parallel(threads, (size_t)n.size[2], find_shifts, &n);
    bfl_parallel(threads, (size_t)before->size[2], move_slice, &n);
    bfl_arena_back(arena, mark);
    return n.out;
}
