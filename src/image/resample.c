/* SPDX-License-Identifier: Apache-2.0 */
/* Smoothing and sampling in one pass an axis: the kernel is evaluated only where a sample is wanted. */
#include "image/register.h"

#include <math.h>
#include <string.h>

static const float REACH_SIGMAS = 2.2F, LEAST_SIGMA_SPACINGS = 0.35F;

/* Weights of `width` source voxels, from first[i] on, for each sample i of those from `low` on. Sources beyond the border repeat the
 * border. */
typedef struct kernel {
    int32_t samples, width;
    float *weight;
    int32_t *first;
    int32_t from, to; /* the sources that count */
} kernel;

static int32_t samples_along(int32_t sources, float source_mm, float sample_mm) {
    return (int32_t)floorf((float)(sources - 1) * source_mm / sample_mm) + 1;
}

static int32_t inside(int32_t at, int32_t count) { return at < 0 ? 0 : at >= count ? count - 1 : at; }

static kernel make_kernel(bfl_arena *arena, int32_t sources, float source_mm, float sample_mm, float sigma_mm,
                          int32_t low, int32_t samples) {
    float sigma = fmaxf(sigma_mm, LEAST_SIGMA_SPACINGS * source_mm);
    int32_t reach = (int32_t)ceilf(REACH_SIGMAS * sigma / source_mm) + 1;
    kernel k = {.samples = samples, .width = 2 * reach + 1};
    k.weight = BFL_NEW_ARRAY(arena, (size_t)k.samples * (size_t)k.width, float);
    k.first = BFL_NEW_ARRAY(arena, (size_t)k.samples, int32_t);
    for (int32_t i = 0; i < k.samples; i++) {
        float at = (float)(low + i) * sample_mm / source_mm, sum = 0;
        float *weight = k.weight + (size_t)i * (size_t)k.width;
        k.first[i] = (int32_t)floorf(at + 0.5F) - reach;
        for (int32_t j = 0; j < k.width; j++) {
            float away = ((float)(k.first[i] + j) - at) * source_mm / sigma;
            weight[j] = expf(-0.5F * away * away);
            sum += weight[j];
        }
        for (int32_t j = 0; j < k.width; j++) weight[j] /= sum;
    }
    k.from = inside(k.first[0], sources);
    k.to = inside(k.first[samples - 1] + k.width - 1, sources) + 1;
    return k;
}

/* ---- sums ----
 * Many sums side by side, each in the order of its weights: the same result in registers of any width. */

typedef float float4
    __attribute__((vector_size(16), aligned(4))); /* wider ones live in memory where registers are not so wide */
enum { LANES = 4, ROWS = 4 * LANES };             /* rows that are sampled together */

/* Samples along ROWS rows, which lie side by side in `rows`: their first voxels, then their second ... `out` likewise. */
static void sample_rows(const kernel *k, const float *rows, float *out) {
    for (int32_t i = 0; i < k->samples; i++) {
        const float *weight = k->weight + (size_t)i * (size_t)k->width,
                    *from = rows + (ptrdiff_t)(k->first[i] - k->first[0]) * ROWS;
        float4 a = {0}, b = {0}, c = {0}, d = {0};
        for (int32_t j = 0; j < k->width; j++, from += ROWS) {
            const float4 *at = (const float4 *)(const void *)from;
            a += at[0] * weight[j];
            b += at[1] * weight[j];
            c += at[2] * weight[j];
            d += at[3] * weight[j];
        }
        float4 *to = (float4 *)(void *)(out + (size_t)i * ROWS);
        to[0] = a, to[1] = b, to[2] = c, to[3] = d;
    }
}

/* Floats that ROWS rows take with what the kernels reach beyond their ends. */
static size_t lanes_of(const kernel *k) { return (size_t)(k->first[k->samples - 1] + k->width - k->first[0]) * ROWS; }

/* Sample i across lines of `length` floats, the first of which is that of source k->from: a weighted sum of whole lines. */
static void sample_lines(const kernel *k, int32_t i, const float *lines, size_t length, int32_t count, float *out) {
    enum { TOGETHER = 8 * LANES };
    const float *weight = k->weight + (size_t)i * (size_t)k->width;
    size_t x = 0;
    for (; x + TOGETHER <= length; x += TOGETHER) {
        float4 a = {0}, b = {0}, c = {0}, d = {0}, e = {0}, f = {0}, g = {0}, h = {0};
        for (int32_t j = 0; j < k->width; j++) {
            const float *line = lines + (size_t)(inside(k->first[i] + j, count) - k->from) * length + x;
            const float4 *from = (const float4 *)(const void *)line;
            const float w = weight[j];
            a += from[0] * w, b += from[1] * w, c += from[2] * w, d += from[3] * w;
            e += from[4] * w, f += from[5] * w, g += from[6] * w, h += from[7] * w;
        }
        float4 *to = (float4 *)(void *)(out + x);
        to[0] = a, to[1] = b, to[2] = c, to[3] = d;
        to[4] = e, to[5] = f, to[6] = g, to[7] = h;
    }
    for (; x < length; x++) {
        float sum = 0;
        for (int32_t j = 0; j < k->width; j++)
            sum += weight[j] * lines[(size_t)(inside(k->first[i] + j, count) - k->from) * length + x];
        out[x] = sum;
    }
}

/* ---- one pass after the other ---- */

typedef struct pass {
    const int16_t *hu;   /* the source is a volume, */
    const float *values; /* or an image */
    const int32_t *size; /* of the source */
    kernel kernels[3];
    size_t parts, own; /* floats of scratch of each part */
    float *scratch;    /* ROWS rows of the source side by side, their samples, a slice with short rows */
    float *slices;     /* those that count, sampled along x and y */
    float *out;
} pass;

static float clamped(int16_t hu) {
    return (float)(hu < BFL_HU_LOWEST ? BFL_HU_LOWEST : hu > BFL_HU_HIGHEST ? BFL_HU_HIGHEST : hu);
}

/* Rows of slice k side by side, from the first source that any sample takes; their ends are repeated beyond them. A few voxels of all
 * rows at a time, so that what is written stays near. */
static void put_rows(const pass *p, size_t k, int32_t j, int32_t count, float *lanes) {
    enum { NEAR = 32 };
    const kernel *kx = &p->kernels[0];
    const int32_t n = p->size[0], first = kx->first[0], last = kx->first[kx->samples - 1] + kx->width;
    for (int32_t from = first; from < last; from += NEAR) {
        const int32_t to = from + NEAR < last ? from + NEAR : last;
        for (int32_t r = 0; r < count; r++) {
            const size_t row = (k * (size_t)p->size[1] + (size_t)(j + r)) * (size_t)n;
            float *lane = lanes + (ptrdiff_t)(from - first) * ROWS + r;
            float near[NEAR];
            if (from < 0 || to > n || !p->hu)
                for (int32_t i = from; i < to; i++) {
                    const size_t at = row + (size_t)inside(i, n);
                    near[i - from] = p->hu ? clamped(p->hu[at]) : p->values[at];
                }
            else
                for (int32_t i = 0; i < to - from; i++) near[i] = clamped(p->hu[row + (size_t)from + (size_t)i]);
            for (int32_t i = 0; i < to - from; i++, lane += ROWS) *lane = near[i];
        }
    }
}

/* x and y of every slice that counts, of those of one part. */
static void sample_slices(void *context, size_t part) {
    const pass *p = context;
    const kernel *kx = &p->kernels[0], *ky = &p->kernels[1], *kz = &p->kernels[2];
    const size_t mx = (size_t)kx->samples, my = (size_t)ky->samples;
    float *lanes = p->scratch + part * p->own, *sampled = lanes + lanes_of(kx), *rows = sampled + mx * ROWS;
    for (size_t k = (size_t)kz->from + part; k < (size_t)kz->to; k += p->parts) {
        for (int32_t j = ky->from; j < ky->to; j += ROWS) {
            const int32_t count = ky->to - j < ROWS ? ky->to - j : ROWS;
            put_rows(p, k, j, count, lanes);
            sample_rows(kx, lanes, sampled);
            for (int32_t r = 0; r < count; r++) {
                float *row = rows + (size_t)(j - ky->from + r) * mx;
                for (size_t i = 0; i < mx; i++) row[i] = sampled[i * ROWS + (size_t)r];
            }
        }
        for (size_t i = 0; i < my; i++)
            sample_lines(ky, (int32_t)i, rows, mx, p->size[1], p->slices + ((k - (size_t)kz->from) * my + i) * mx);
    }
}

static void sample_depth(void *context, size_t k) {
    const pass *p = context;
    const size_t slice = (size_t)p->kernels[0].samples * (size_t)p->kernels[1].samples;
    sample_lines(&p->kernels[2], (int32_t)k, p->slices, slice, p->size[2], p->out + k * slice);
}

/* Passes in parts, each with scratch of its own. The image is allocated before the scratch, which is given back. */
static bfl_image *sample(bfl_arena *arena, uint32_t threads, pass *p, const float source_mm[3], float spacing_mm,
                         float sigma_mm, const bfl_box *box) {
    enum { PARTS = 16 };
    bfl_image *image = BFL_NEW(arena, bfl_image);
    for (int a = 0; a < 3; a++) {
        image->size[a] = box ? box->size[a] : samples_along(p->size[a], source_mm[a], spacing_mm);
        image->spacing_mm[a] = spacing_mm;
    }
    image->value = BFL_ROOM_FOR(arena, bfl_image_voxels(image), float);
    p->out = image->value;
    p->parts = PARTS;

    bfl_arena_mark mark = bfl_arena_here(arena);
    for (int a = 0; a < 3; a++)
        p->kernels[a] =
            make_kernel(arena, p->size[a], source_mm[a], spacing_mm, sigma_mm, box ? box->low[a] : 0, image->size[a]);
    const kernel *kx = &p->kernels[0], *ky = &p->kernels[1], *kz = &p->kernels[2];
    const size_t mx = (size_t)image->size[0], my = (size_t)image->size[1];
    p->own = lanes_of(kx) + mx * ROWS + mx * (size_t)(ky->to - ky->from);
    p->scratch = BFL_ROOM_FOR(arena, PARTS * p->own, float);
    p->slices = BFL_ROOM_FOR(arena, mx * my * (size_t)(kz->to - kz->from), float);
    bfl_parallel(threads, PARTS, sample_slices, p);
    bfl_parallel(threads, (size_t)image->size[2], sample_depth, p);
    bfl_arena_back(arena, mark);
    return image;
}

bfl_image *bfl_image_of_volume(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, float spacing_mm,
                               float sigma_mm) {
    return bfl_image_of_box(arena, threads, volume, spacing_mm, sigma_mm, NULL);
}

bfl_image *bfl_image_of_box(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, float spacing_mm,
                            float sigma_mm, const bfl_box *box) {
    const double *mm = volume->grid.spacing_mm;
    pass p = {.hu = volume->hu, .size = volume->grid.size};
    return sample(arena, threads, &p, (float[3]){(float)mm[0], (float)mm[1], (float)mm[2]}, spacing_mm, sigma_mm, box);
}

bfl_box bfl_image_samples(const bfl_volume *volume, float spacing_mm) {
    bfl_box box = {{0}, {0}};
    for (int a = 0; a < 3; a++)
        box.size[a] = samples_along(volume->grid.size[a], (float)volume->grid.spacing_mm[a], spacing_mm);
    return box;
}

bfl_image *bfl_image_coarser(bfl_arena *arena, uint32_t threads, const bfl_image *image, float spacing_mm,
                             float sigma_mm) {
    pass p = {.values = image->value, .size = image->size};
    return sample(arena, threads, &p, image->spacing_mm, spacing_mm, sigma_mm, NULL);
}
