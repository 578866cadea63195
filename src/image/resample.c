/* SPDX-License-Identifier: Apache-2.0 */
/* Smoothing and sampling in one pass an axis: the kernel is evaluated only where a sample is wanted. */
#include "image/register.h"

#include <math.h>
#include <string.h>

static const float REACH_SIGMAS = 2.2F, LEAST_SIGMA_SPACINGS = 0.35F;

/* Weights of `width` source voxels, from first[i] on, for each sample i. Sources beyond the border repeat the border. */
typedef struct kernel {
    int32_t samples, width;
    float *weight;
    int32_t *first;
} kernel;

static int32_t samples_along(int32_t sources, float source_mm, float sample_mm) {
    return (int32_t)floorf((float)(sources - 1) * source_mm / sample_mm) + 1;
}

static kernel make_kernel(bfl_arena *arena, int32_t sources, float source_mm, float sample_mm, float sigma_mm) {
    float sigma = fmaxf(sigma_mm, LEAST_SIGMA_SPACINGS * source_mm);
    int32_t reach = (int32_t)ceilf(REACH_SIGMAS * sigma / source_mm) + 1;
    kernel k = {.samples = samples_along(sources, source_mm, sample_mm), .width = 2 * reach + 1};
    k.weight = BFL_NEW_ARRAY(arena, (size_t)k.samples * (size_t)k.width, float);
    k.first = BFL_NEW_ARRAY(arena, (size_t)k.samples, int32_t);
    for (int32_t i = 0; i < k.samples; i++) {
        float at = (float)i * sample_mm / source_mm, sum = 0;
        float *weight = k.weight + (size_t)i * (size_t)k.width;
        k.first[i] = (int32_t)floorf(at + 0.5F) - reach;
        for (int32_t j = 0; j < k.width; j++) {
            float away = ((float)(k.first[i] + j) - at) * source_mm / sigma;
            weight[j] = expf(-0.5F * away * away);
            sum += weight[j];
        }
        for (int32_t j = 0; j < k.width; j++) weight[j] /= sum;
    }
    return k;
}

static int32_t inside(int32_t at, int32_t count) { return at < 0 ? 0 : at >= count ? count - 1 : at; }

/* One row along the fastest axis. */
static void sample_row(const kernel *k, const float *row, int32_t count, float *out) {
    for (int32_t i = 0; i < k->samples; i++) {
        const float *weight = k->weight + (size_t)i * (size_t)k->width;
        const int32_t first = k->first[i];
        float sum = 0;
        if (first >= 0 && first + k->width <= count)
            for (int32_t j = 0; j < k->width; j++) sum += weight[j] * row[first + j];
        else
            for (int32_t j = 0; j < k->width; j++) sum += weight[j] * row[inside(first + j, count)];
        out[i] = sum;
    }
}

/* Sample i across lines of `length` floats: a weighted sum of whole lines, which the compiler makes into vector code. */
static void sample_lines(const kernel *k, int32_t i, const float *lines, size_t length, int32_t count,
                         float *restrict out) {
    memset(out, 0, length * sizeof *out);
    for (int32_t j = 0; j < k->width; j++) {
        const float weight = k->weight[(size_t)i * (size_t)k->width + (size_t)j];
        const float *restrict line = lines + (size_t)inside(k->first[i] + j, count) * length;
        for (size_t x = 0; x < length; x++) out[x] += weight * line[x];
    }
}

/* ---- one pass after the other ---- */

typedef struct pass {
    const int16_t *hu;   /* the source is a volume, */
    const float *values; /* or an image */
    const int32_t *size; /* of the source */
    kernel kernels[3];
    size_t parts;
    float *rows;   /* scratch of each part: a row of the source, a slice with short rows */
    float *slices; /* all slices, sampled along x and y */
    float *out;
} pass;

static float clamped(int16_t hu) {
    return (float)(hu < BFL_HU_LOWEST ? BFL_HU_LOWEST : hu > BFL_HU_HIGHEST ? BFL_HU_HIGHEST : hu);
}

/* x and y of every slice k with k % parts == part. */
static void sample_slices(void *context, size_t part) {
    const pass *p = context;
    const kernel *kx = &p->kernels[0], *ky = &p->kernels[1];
    const size_t nx = (size_t)p->size[0], ny = (size_t)p->size[1], mx = (size_t)kx->samples, my = (size_t)ky->samples;
    float *row = p->rows + part * (nx + mx * ny), *rows = row + nx;
    for (size_t k = part; k < (size_t)p->size[2]; k += p->parts) {
        for (size_t j = 0; j < ny; j++) {
            const size_t at = (k * ny + j) * nx;
            for (size_t i = 0; p->hu && i < nx; i++) row[i] = clamped(p->hu[at + i]);
            sample_row(kx, p->hu ? row : p->values + at, p->size[0], rows + j * mx);
        }
        for (size_t i = 0; i < my; i++)
            sample_lines(ky, (int32_t)i, rows, mx, p->size[1], p->slices + (k * my + i) * mx);
    }
}

static void sample_depth(void *context, size_t k) {
    const pass *p = context;
    const size_t slice = (size_t)p->kernels[0].samples * (size_t)p->kernels[1].samples;
    sample_lines(&p->kernels[2], (int32_t)k, p->slices, slice, p->size[2], p->out + k * slice);
}

/* Passes in parts, each with scratch of its own. The image is allocated before the scratch, which is given back. */
static bfl_image *sample(bfl_arena *arena, uint32_t threads, pass *p, const float source_mm[3], float spacing_mm,
                         float sigma_mm) {
    enum { PARTS = 16 };
    bfl_image *image = BFL_NEW(arena, bfl_image);
    for (int a = 0; a < 3; a++) {
        image->size[a] = samples_along(p->size[a], source_mm[a], spacing_mm);
        image->spacing_mm[a] = spacing_mm;
    }
    image->value = BFL_NEW_ARRAY(arena, bfl_image_voxels(image), float);
    p->out = image->value;
    p->parts = PARTS;

    bfl_arena_mark mark = bfl_arena_here(arena);
    for (int a = 0; a < 3; a++) p->kernels[a] = make_kernel(arena, p->size[a], source_mm[a], spacing_mm, sigma_mm);
    const size_t nx = (size_t)p->size[0], ny = (size_t)p->size[1], mx = (size_t)image->size[0],
                 my = (size_t)image->size[1];
    p->rows = BFL_NEW_ARRAY(arena, PARTS * (nx + mx * ny), float);
    p->slices = BFL_NEW_ARRAY(arena, mx * my * (size_t)p->size[2], float);
    bfl_parallel(threads, PARTS, sample_slices, p);
    bfl_parallel(threads, (size_t)image->size[2], sample_depth, p);
    bfl_arena_back(arena, mark);
    return image;
}

bfl_image *bfl_image_of_volume(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, float spacing_mm,
                               float sigma_mm) {
    const double *mm = volume->grid.spacing_mm;
    pass p = {.hu = volume->hu, .size = volume->grid.size};
    return sample(arena, threads, &p, (float[3]){(float)mm[0], (float)mm[1], (float)mm[2]}, spacing_mm, sigma_mm);
}

bfl_image *bfl_image_coarser(bfl_arena *arena, uint32_t threads, const bfl_image *image, float spacing_mm,
                             float sigma_mm) {
    pass p = {.values = image->value, .size = image->size};
    return sample(arena, threads, &p, image->spacing_mm, spacing_mm, sigma_mm);
}
