/* SPDX-License-Identifier: Apache-2.0 */
/* The lungs, and dots in them (Hessian filter after Li, Sone and Doi 2003; scales and threshold: docs/ct.md). */
#include "image/lung.h"

#include "image/skeleton.h"
#include "num/num.h"

#include <math.h>
#include <string.h>

static const float LUNG_GRID_MM = 3, AIR_HU = -500, CLOSING_MM = 7, FINE_MM = 1, BORDER_MM = 4;
static const double LEAST_PART_MM3 = 2e5;
static const float SIGMA_MM[] = {0.8F, 1.15F, 1.7F, 2.4F};
enum { SCALES = 4, RANDOM_STREAM = 41, DRAWS = 20, MOST_DOTS = 20000 };

/* ---- lungs ---- */

bfl_lungs bfl_lungs_of(bfl_arena *arena, uint32_t threads, const bfl_volume *volume) {
    bfl_lungs lungs = {.litres = 0};
    const bfl_image *image = bfl_image_of_volume(arena, threads, volume, LUNG_GRID_MM, LUNG_GRID_MM / 2);
    lungs.in = bfl_shape_new(arena, image->size, LUNG_GRID_MM);
    bfl_arena_mark mark = bfl_arena_here(arena);
    const bfl_shape *body = bfl_body_shape_of(arena, threads, image);
    const size_t voxels = bfl_shape_voxels(lungs.in);
    const double voxel_mm3 = pow((double)LUNG_GRID_MM, 3);
    for (size_t v = 0; v < voxels; v++) lungs.in->in[v] = body->in[v] & (image->value[v] < AIR_HU);
    const bfl_shape_parts parts = bfl_shape_parts_of(arena, lungs.in, NULL, NULL);
    for (size_t v = 0; v < voxels; v++)
        lungs.in->in[v] = parts.label[v] && (double)parts.items[parts.label[v] - 1].voxels * voxel_mm3 > LEAST_PART_MM3;
    bfl_shape_close(arena, threads, lungs.in, CLOSING_MM);
    size_t count = 0;
    for (size_t v = 0; v < voxels; v++) count += lungs.in->in[v] &= body->in[v];
    lungs.litres = (float)((double)count * voxel_mm3 / 1e6);
    bfl_arena_back(arena, mark);
    return lungs;
}

/* ---- the filter ---- */

typedef struct filter {
    const bfl_image *smooth; /* of the lungs' surroundings alone */
    int32_t low[3];          /* of its first voxel, in voxels of the whole */
    const bfl_shape *core;
    float *best; /* score of each voxel */
    uint8_t *scale;
    float sigma_mm;
    uint8_t number;
} filter;

static void place_of(const filter *f, const int32_t at[3], float mm[3]) {
    for (int a = 0; a < 3; a++) mm[a] = (float)(f->low[a] + at[a]) * FINE_MM;
}

/* Eigenvalues of a symmetric 3 x 3 matrix given as xx, yy, zz, xy, xz, yz, the least first (Smith 1961). */
static void eigenvalues(const float m[6], float value[3]) {
    const float middle = (m[0] + m[1] + m[2]) / 3, off = m[3] * m[3] + m[4] * m[4] + m[5] * m[5];
    const float a = m[0] - middle, b = m[1] - middle, c = m[2] - middle;
    const float p = sqrtf((a * a + b * b + c * c + 2 * off) / 6);
    if (!(p > 1e-6F)) {
        value[0] = value[1] = value[2] = middle;
        return;
    }
    const float determinant =
        (a * (b * c - m[5] * m[5]) - m[3] * (m[3] * c - m[5] * m[4]) + m[4] * (m[3] * m[5] - b * m[4])) / (p * p * p);
    const float angle = acosf(fminf(fmaxf(determinant / 2, -1), 1)) / 3, third = 2.0943951F;
    value[2] = middle + 2 * p * cosf(angle);
    value[0] = middle + 2 * p * cosf(angle + third);
    value[1] = 3 * middle - value[0] - value[2];
}

/* Bright and curved in all three directions, by the weakest: weakest squared over strongest. */
static float dot_score(const float m[6]) {
    float value[3];
    eigenvalues(m, value);
    return value[2] < 0 ? value[2] * value[2] / -value[0] : 0;
}

static void filter_slice(void *context, size_t slice_index) {
    static const float LEAST_TRACE_HU = 120;
    const filter *f = context;
    const bfl_image *s = f->smooth;
    const int32_t *n = s->size, k = (int32_t)slice_index;
    const ptrdiff_t row = n[0], slice = (ptrdiff_t)n[0] * n[1];
    const float gain = f->sigma_mm * f->sigma_mm / (FINE_MM * FINE_MM);
    if (k < 1 || k > n[2] - 2) return;
    for (int32_t j = 1; j < n[1] - 1; j++)
        for (int32_t i = 1; i < n[0] - 1; i++) {
            const size_t at = bfl_image_index(s, i, j, k);
            const float *v = s->value + at;
            const float twice = 2 * v[0];
            float m[6] = {v[1] + v[-1] - twice, v[row] + v[-row] - twice, v[slice] + v[-slice] - twice};
            if ((m[0] + m[1] + m[2]) * gain > -LEAST_TRACE_HU) continue;
            float mm[3];
            place_of(f, (const int32_t[3]){i, j, k}, mm);
            if (!bfl_shape_at(f->core, mm)) continue;
            m[3] = (v[row + 1] + v[-row - 1] - v[row - 1] - v[-row + 1]) / 4;
            m[4] = (v[slice + 1] + v[-slice - 1] - v[slice - 1] - v[-slice + 1]) / 4;
            m[5] = (v[slice + row] + v[-slice - row] - v[slice - row] - v[-slice + row]) / 4;
            const float score = dot_score(m) * gain;
            if (score <= f->best[at]) continue;
            f->best[at] = score;
            f->scale[at] = f->number;
        }
}

/* ---- dots ---- */

static bool is_peak(const filter *f, int32_t i, int32_t j, int32_t k) {
    enum { REACH = 2 };
    const int32_t *n = f->smooth->size;
    const size_t at = bfl_image_index(f->smooth, i, j, k);
    for (int32_t z = k - REACH; z <= k + REACH; z++)
        for (int32_t y = j - REACH; y <= j + REACH; y++)
            for (int32_t x = i - REACH; x <= i + REACH; x++) {
                if (x < 0 || y < 0 || z < 0 || x >= n[0] || y >= n[1] || z >= n[2]) continue;
                const size_t other = bfl_image_index(f->smooth, x, y, z);
                if (f->best[other] > f->best[at] || (other < at && f->best[other] >= f->best[at])) return false;
            }
    return true;
}

static int strongest_first(const void *a, const void *b, const void *context) {
    const bfl_dot *x = a, *y = b;
    (void)context;
    return x->score > y->score ? -1 : x->score < y->score;
}

static void find_peaks(bfl_arena *arena, const filter *f, float least_score, bfl_dots *dots) {
    BFL_LIST(bfl_dot) found = {0};
    const int32_t *n = f->smooth->size;
    size_t at = 0;
    for (int32_t k = 0; k < n[2]; k++)
        for (int32_t j = 0; j < n[1]; j++)
            for (int32_t i = 0; i < n[0]; i++, at++) {
                if (f->best[at] < least_score || !is_peak(f, i, j, k)) continue;
                bfl_dot *dot = BFL_PUSH(arena, &found);
                *dot = (bfl_dot){.score = f->best[at], .size_mm = 2.5F * SIGMA_MM[f->scale[at]]};
                place_of(f, (const int32_t[3]){i, j, k}, dot->mm);
            }
    bfl_sort(arena, found.items, found.count, sizeof *found.items, strongest_first, NULL);
    dots->items = found.items;
    dots->count = found.count < MOST_DOTS ? found.count : MOST_DOTS;
}

/* ---- how they lie ---- */

typedef struct place {
    float mm[3];
} place;

static double mean_nearest(const place *at, size_t count) {
    double sum = 0;
    for (size_t n = 0; n < count; n++) {
        float nearest = INFINITY;
        for (size_t m = 0; m < count; m++) {
            const float d[3] = {at[n].mm[0] - at[m].mm[0], at[n].mm[1] - at[m].mm[1], at[n].mm[2] - at[m].mm[2]};
            if (m != n) nearest = fminf(nearest, d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        }
        sum += sqrt((double)nearest);
    }
    return sum / (double)count;
}

/* Clark and Evans' ratio, with the expected distance from places drawn in the same lungs: their shape and border count alike. */
static void measure_spread(bfl_arena *arena, const bfl_shape *core, bfl_dots *dots) {
    enum { MOST = 1000 };
    const size_t voxels = bfl_shape_voxels(core), slice = (size_t)core->size[0] * (size_t)core->size[1];
    const size_t count = dots->count < MOST ? dots->count : MOST;
    bfl_arena_mark mark = bfl_arena_here(arena);
    size_t *inside = BFL_ROOM_FOR(arena, voxels, size_t), all = 0, upper = 0;
    place *at = BFL_NEW_ARRAY(arena, count + 1, place);
    for (size_t v = 0; v < voxels; v++)
        if (core->in[v]) inside[all++] = v;
    const float middle = all ? (float)(inside[all / 2] / slice) * core->spacing_mm : 0;
    for (size_t n = 0; n < dots->count; n++) upper += dots->items[n].mm[2] > middle;
    dots->upper_share = dots->count ? (float)upper / (float)dots->count : 0;
    if (count > 1 && all > 0) {
        for (size_t n = 0; n < count; n++)
            for (int a = 0; a < 3; a++) at[n].mm[a] = dots->items[n].mm[a];
        const double is = mean_nearest(at, count);
        double expected = 0;
        for (uint64_t d = 0; d < DRAWS; d++) {
            bfl_random r = bfl_random_stream(d, count, RANDOM_STREAM);
            for (size_t n = 0; n < count; n++) {
                const size_t v = inside[bfl_random_below(&r, (uint32_t)all)];
                int32_t index[3];
                bfl_voxel_at(core->size, v, index);
                for (int a = 0; a < 3; a++)
                    at[n].mm[a] = ((float)index[a] + (float)bfl_random_uniform(&r) - 0.5F) * core->spacing_mm;
            }
            expected += mean_nearest(at, count) / DRAWS;
        }
        dots->randomness = expected > 0 ? (float)(is / expected) : 0;
    }
    bfl_arena_back(arena, mark);
}

/* How many lie along the border of the lungs, beside how much of them does. Fissures are not seen, and the outermost 4 mm not looked at. */
static void measure_pleura(bfl_arena *arena, uint32_t threads, const bfl_lungs *lungs, const bfl_shape *core,
                           bfl_dots *dots) {
    static const float PLEURA_MM = 10;
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *deep = bfl_shape_copy(arena, lungs->in);
    bfl_shape_shrink(arena, threads, deep, PLEURA_MM);
    size_t all = 0, outer = 0, marks = 0;
    for (size_t v = 0; v < bfl_shape_voxels(core); v++) {
        all += core->in[v];
        outer += core->in[v] && !deep->in[v];
    }
    for (size_t n = 0; n < dots->count; n++) marks += !bfl_shape_at(deep, dots->items[n].mm);
    dots->pleural_volume = all ? (float)outer / (float)all : 0;
    dots->pleural_share = dots->count ? (float)marks / (float)dots->count : 0;
    bfl_arena_back(arena, mark);
}

/* What the filter must see of the fine image: the core, and around it as far as the widest Gaussian and its derivatives reach. */
static bfl_box box_of(const bfl_volume *volume, const bfl_shape *core) {
    enum { AROUND_MM = 12 };
    bfl_box box = bfl_image_samples(volume, FINE_MM);
    int32_t at[3], first[3], last[3] = {0, 0, 0};
    size_t v = 0;
    memcpy(first, core->size, sizeof first);
    for (at[2] = 0; at[2] < core->size[2]; at[2]++)
        for (at[1] = 0; at[1] < core->size[1]; at[1]++)
            for (at[0] = 0; at[0] < core->size[0]; at[0]++) {
                if (!core->in[v++]) continue;
                for (int a = 0; a < 3; a++) {
                    first[a] = at[a] < first[a] ? at[a] : first[a];
                    last[a] = at[a] > last[a] ? at[a] : last[a];
                }
            }
    for (int a = 0; a < 3; a++) {
        const int32_t step = (int32_t)(LUNG_GRID_MM / FINE_MM), end = box.size[a];
        const int32_t low = (first[a] - 1) * step - AROUND_MM, high = (last[a] + 1) * step + AROUND_MM + 1;
        if (first[a] > last[a]) continue; /* no core: all of it, though nothing will be found */
        box.low[a] = low < 0 ? 0 : low;
        box.size[a] = (high > end ? end : high) - box.low[a];
    }
    return box;
}

bfl_dots bfl_dots_of(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, const bfl_lungs *lungs,
                     float least_score) {
    static const float SHARP_MM = 0.45F, LEAST_HU = -1000, MOST_HU = 100;
    bfl_dots dots = {.items = NULL};
    if (!(lungs->litres > 0)) return dots;
    bfl_shape *core = bfl_shape_copy(arena, lungs->in);
    bfl_shape_shrink(arena, threads, core, BORDER_MM);
    size_t inside = 0;
    for (size_t v = 0; v < bfl_shape_voxels(core); v++) inside += core->in[v];
    dots.litres = (float)((double)inside * pow((double)LUNG_GRID_MM, 3) / 1e6);
    const bfl_box box = box_of(volume, core);
    bfl_image *image = bfl_image_of_box(arena, threads, volume, FINE_MM, SHARP_MM, &box);
    const size_t voxels = bfl_image_voxels(image);
    for (size_t v = 0; v < voxels; v++) image->value[v] = fminf(fmaxf(image->value[v], LEAST_HU), MOST_HU);
    filter f = {
        .core = core, .best = BFL_NEW_ARRAY(arena, voxels, float), .scale = BFL_ROOM_FOR(arena, voxels, uint8_t)};
    memcpy(f.low, box.low, sizeof f.low);
    for (int s = 0; s < SCALES; s++) {
        bfl_arena_mark mark = bfl_arena_here(arena);
        f.smooth = bfl_image_coarser(arena, threads, image, FINE_MM, SIGMA_MM[s]);
        f.sigma_mm = SIGMA_MM[s];
        f.number = (uint8_t)s;
        bfl_parallel(threads, (size_t)image->size[2], filter_slice, &f);
        bfl_arena_back(arena, mark);
    }
    f.smooth = image;
    find_peaks(arena, &f, least_score, &dots);
    measure_spread(arena, core, &dots);
    measure_pleura(arena, threads, lungs, core, &dots);
    return dots;
}
