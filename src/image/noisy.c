/* SPDX-License-Identifier: Apache-2.0 */
/* Noise of a scan, and a correlation of bones that allows for it. */
#include "image/noisy.h"

#include "image/skeleton.h"

#include <math.h>

static const float GRID_MM = 1.5F, AROUND_MM = 2;
static const double LOWEST_HU = -100, HIGHEST_HU = 900; /* air and metal would count more than bone */
static const double SOFT_FROM_HU = 20, SOFT_TO_HU = 90, MOST_NOISE_SHARE = 0.5;
enum { WIDE = 5, BINS = 500, LEAST_PLACES = 50 };

/* ---- noise ---- */

/* Mean and standard deviation of a square that begins at a voxel; false where something was not measured. */
static bool look_at(const bfl_volume *v, size_t first, double *mean, double *sd) {
    double sum = 0, square = 0;
    for (size_t j = 0; j < WIDE; j++)
        for (size_t i = 0; i < WIDE; i++) {
            const int16_t hu = v->hu[first + j * (size_t)v->grid.size[0] + i];
            if (hu < BFL_HU_LOWEST) return false;
            sum += hu;
            square += (double)hu * hu;
        }
    const double n = WIDE * WIDE;
    *mean = sum / n;
    *sd = sqrt(fmax(square - sum * sum / n, 0) / (n - 1));
    return true;
}

float bfl_noise_of(const bfl_volume *volume) {
    const int32_t *n = volume->grid.size;
    size_t histogram[BINS] = {0}, all = 0, seen = 0;
    for (int32_t k = 0; k < n[2]; k++)
        for (int32_t j = 0; j + WIDE <= n[1]; j += WIDE)
            for (int32_t i = 0; i + WIDE <= n[0]; i += WIDE) {
                double mean, sd;
                if (!look_at(volume, bfl_grid_index(&volume->grid, i, j, k), &mean, &sd)) continue;
                if (mean < SOFT_FROM_HU || mean > SOFT_TO_HU) continue;
                histogram[sd < BINS - 1 ? (size_t)sd : BINS - 1]++;
                all++;
            }
    if (all < LEAST_PLACES) return 0;
    for (size_t b = 0; b < BINS; b++) {
        seen += histogram[b];
        if (seen * 4 >= all) return (float)b + 0.5F;
    }
    return 0;
}

/* ---- the fit ---- */

/* Sums for a correlation. */
typedef struct moments {
    double a, b, aa, bb, ab, n;
} moments;

static double within(int16_t hu) { return fmin(fmax(hu, LOWEST_HU), HIGHEST_HU); }

static moments sum_at_bone(const bfl_volume *fixed, const bfl_volume *warped, const bfl_shape *bone) {
    const bfl_grid *g = &fixed->grid;
    moments m = {0};
    size_t at = 0;
    for (int32_t k = 0; k < g->size[2]; k++)
        for (int32_t j = 0; j < g->size[1]; j++)
            for (int32_t i = 0; i < g->size[0]; i++, at++) {
                const float mm[3] = {(float)(i * g->spacing_mm[0]), (float)(j * g->spacing_mm[1]),
                                     (float)(k * g->spacing_mm[2])};
                if (fixed->hu[at] < BFL_HU_LOWEST || warped->hu[at] < BFL_HU_LOWEST || !bfl_shape_at(bone, mm))
                    continue;
                const double a = within(fixed->hu[at]), b = within(warped->hu[at]);
                m.a += a, m.b += b, m.aa += a * a, m.bb += b * b, m.ab += a * b;
                m.n++;
            }
    return m;
}

static double less_noise(double variance, double noise_hu) {
    return variance - fmin(noise_hu * noise_hu, MOST_NOISE_SHARE * variance);
}

bfl_noisy_fit bfl_noisy_fit_of(bfl_arena *arena, uint32_t threads, const bfl_volume *fixed, const bfl_volume *warped) {
    bfl_noisy_fit fit = {.noise_hu = {bfl_noise_of(fixed), bfl_noise_of(warped)}};
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *bone = bfl_skeleton_of(arena, threads, fixed, GRID_MM).bone;
    bfl_shape_grow(arena, threads, bone, AROUND_MM);
    const moments m = sum_at_bone(fixed, warped, bone);
    bfl_arena_back(arena, mark);
    const double a = m.n > 0 ? m.aa / m.n - m.a / m.n * (m.a / m.n) : 0,
                 b = m.n > 0 ? m.bb / m.n - m.b / m.n * (m.b / m.n) : 0;
    if (!(a > 0) || !(b > 0)) return fit;
    const double covariance = m.ab / m.n - m.a / m.n * (m.b / m.n);
    fit.plain_ncc = (float)(covariance / sqrt(a * b));
    const double without = less_noise(a, (double)fit.noise_hu[0]) * less_noise(b, (double)fit.noise_hu[1]);
    fit.ncc = (float)fmin(covariance / sqrt(without), 1);
    return fit;
}
