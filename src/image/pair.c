/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One volume scanned twice. The baseline is the source with slices as thick as wanted; the follow-up has lesions, lies
 * differently, on a grid with other voxels, and has noise of its own. A slice is the mean of what thin slices show.
 */
#include "image/pair.h"

#include <math.h>
#include <string.h>

enum { BASELINE_NOISE = 31, FOLLOWUP_NOISE = 32 };
static const double OTHER_PIXEL = 16.0 / 15, OTHER_ORIGIN_MM[3] = {2, 2, 3};
static const float SKELETON_MM = 1.5F;

/* ---- thick slices ---- */

/* Each slice the mean of `thin` slices; a voxel without a measurement in one of them has none. */
static bfl_volume *thicken(bfl_arena *arena, const bfl_volume *v, int32_t thin) {
    bfl_grid g = v->grid;
    g.size[2] /= thin;
    for (int a = 0; a < 3; a++) g.origin_mm[a] += g.axis[2][a] * g.spacing_mm[2] * (thin - 1) / 2;
    g.spacing_mm[2] *= thin;
    bfl_volume *out = bfl_volume_new(arena, &g);
    const size_t slice = (size_t)g.size[0] * (size_t)g.size[1];
    for (size_t k = 0; k < (size_t)g.size[2]; k++)
        for (size_t at = 0; at < slice; at++) {
            int32_t sum = 0;
            bool measured = true;
            for (size_t t = 0; t < (size_t)thin; t++) {
                const int16_t hu = v->hu[(k * (size_t)thin + t) * slice + at];
                measured &= hu >= BFL_HU_LOWEST;
                sum += hu;
            }
            if (measured) out->hu[k * slice + at] = (int16_t)lrint((double)sum / thin);
        }
    return out;
}

/* A voxel belongs to a lesion when at least half of its thin slices do. */
static void thicken_labels(const bfl_volume *labels, int32_t thin, bfl_mask *out) {
    const size_t slice = (size_t)out->grid.size[0] * (size_t)out->grid.size[1];
    for (size_t k = 0; k < (size_t)out->grid.size[2]; k++)
        for (size_t at = 0; at < slice; at++) {
            int32_t hits = 0, label = 0;
            for (size_t t = 0; t < (size_t)thin; t++) {
                const int16_t l = labels->hu[(k * (size_t)thin + t) * slice + at];
                if (l <= 0) continue;
                label = l;
                hits++;
            }
            if (hits * 2 >= thin && label) out->in[k * slice + at] = (uint8_t)label;
        }
}

/* ---- a softer kernel ---- */

typedef struct blur_job {
    bfl_volume *v;
    float weight[8];
    int32_t reach;
    float *rows; /* two slices of scratch a part */
    size_t parts;
} blur_job;

static void blur_part(void *context, size_t part) {
    const blur_job *job = context;
    const int32_t nx = job->v->grid.size[0], ny = job->v->grid.size[1];
    float *from = job->rows + part * 2 * (size_t)nx * (size_t)ny, *to = from + (size_t)nx * (size_t)ny;
    for (size_t k = part; k < (size_t)job->v->grid.size[2]; k += job->parts) {
        int16_t *hu = job->v->hu + k * (size_t)nx * (size_t)ny;
        for (int32_t v = 0; v < nx * ny; v++) from[v] = hu[v] < BFL_HU_LOWEST ? BFL_HU_LOWEST : hu[v];
        for (int axis = 0; axis < 2; axis++) {
            const int32_t n = axis ? ny : nx, step = axis ? nx : 1;
            for (int32_t v = 0; v < nx * ny; v++) {
                const int32_t i = axis ? v / nx : v % nx;
                float sum = job->weight[0] * from[v];
                for (int32_t d = 1; d <= job->reach; d++)
                    sum += job->weight[d] * (from[i >= d ? v - d * step : v] + from[i + d < n ? v + d * step : v]);
                to[v] = sum;
            }
            float *held = from;
            from = to;
            to = held;
        }
        for (int32_t v = 0; v < nx * ny; v++)
            if (hu[v] >= BFL_HU_LOWEST) hu[v] = (int16_t)lrintf(from[v]);
    }
}

static void blur(bfl_arena *arena, uint32_t threads, bfl_volume *v, float sigma_mm) {
    enum { PARTS = 8, MOST_REACH = 7 };
    if (!(sigma_mm > 0)) return;
    const float sigma = sigma_mm / (float)v->grid.spacing_mm[0];
    blur_job job = {.v = v, .parts = PARTS, .reach = (int32_t)fminf(ceilf(3 * sigma), MOST_REACH)};
    float sum = 0;
    for (int32_t d = 0; d <= job.reach; d++) {
        job.weight[d] = expf(-0.5F * (float)(d * d) / (sigma * sigma));
        sum += job.weight[d] * (d ? 2 : 1);
    }
    for (int32_t d = 0; d <= job.reach; d++) job.weight[d] /= sum;
    bfl_arena_mark mark = bfl_arena_here(arena);
    job.rows = BFL_NEW_ARRAY(arena, (size_t)PARTS * 2 * (size_t)v->grid.size[0] * (size_t)v->grid.size[1], float);
    bfl_parallel(threads, PARTS, blur_part, &job);
    bfl_arena_back(arena, mark);
}

/* ---- the pair ---- */

static bfl_grid followup_grid(const bfl_volume *source, int32_t thin) {
    bfl_grid g = source->grid;
    for (int a = 0; a < 2; a++) {
        g.spacing_mm[a] *= OTHER_PIXEL;
        g.size[a] = (int32_t)(g.size[a] / OTHER_PIXEL);
    }
    g.size[2] = (g.size[2] / thin - 1) * thin;
    for (int a = 0; a < 3; a++) g.origin_mm[a] += OTHER_ORIGIN_MM[a];
    return g;
}

/* Draws the motion; the middle of the follow-up lies on the middle of the source, but for what is drawn. */
static bfl_transform draw_motion(bfl_arena *arena, uint32_t threads, const bfl_volume *source, const bfl_grid *grid,
                                 const bfl_pair_options *options) {
    bfl_motion_options how = options->motion;
    float extent[3];
    how.seed = options->lesions.seed;
    for (int a = 0; a < 3; a++) extent[a] = (float)((grid->size[a] - 1) * grid->spacing_mm[a]);
    bfl_transform t;
    if (how.joint_degrees > 0) {
        const bfl_volume *plain = options->lesions.plain;
        const bfl_skeleton s = bfl_skeleton_of(arena, threads, plain ? plain : source, SKELETON_MM);
        t = bfl_motion_of(arena, threads, &how, extent, &s);
    } else {
        t = bfl_motion_of(arena, threads, &how, extent, NULL);
    }
    for (int a = 0; a < 3; a++)
        t.shift_mm[a] += ((float)((source->grid.size[a] - 1) * source->grid.spacing_mm[a]) - extent[a]) / 2;
    return t;
}

/* Volume and centre of each lesion as they lie in the follow-up. */
static void find_lesions(bfl_pair *pair) {
    const bfl_grid *g = &pair->truth->grid;
    double sum[UINT8_MAX + 1][4] = {{0}};
    size_t at = 0;
    for (int32_t k = 0; k < g->size[2]; k++)
        for (int32_t j = 0; j < g->size[1]; j++)
            for (int32_t i = 0; i < g->size[0]; i++) {
                double *s = sum[pair->truth->in[at++]];
                s[0] += i, s[1] += j, s[2] += k, s[3]++;
            }
    for (size_t n = 0; n < pair->count; n++) {
        bfl_insert *l = &pair->items[n];
        const double *s = sum[n + 1];
        l->volume_mm3 = (float)(s[3] * bfl_grid_voxel_mm3(g));
        for (int a = 0; a < 3; a++) l->centre_mm[a] = s[3] > 0 ? (float)(s[a] / s[3] * g->spacing_mm[a]) : 0;
    }
}

/* The lesions' labels as a volume, so that they move as the body does. */
static bfl_volume *labels_of(bfl_arena *arena, const bfl_mask *truth) {
    bfl_volume *labels = bfl_volume_new(arena, &truth->grid);
    const size_t voxels = bfl_grid_voxels(&truth->grid);
    for (size_t v = 0; v < voxels; v++) labels->hu[v] = truth->in[v];
    return labels;
}

bfl_status bfl_pair_of(bfl_arena *arena, uint32_t threads, const bfl_volume *source, const bfl_pair_options *options,
                       bfl_pair *out, bfl_error *err) {
    const double thin_mm = source->grid.spacing_mm[2];
    const double wanted = options->slice_mm > 0 ? (double)options->slice_mm / thin_mm : 1;
    const int32_t thin = (int32_t)lrint(wanted);
    if (thin < 1 || fabs(wanted - thin) > 0.02 || source->grid.size[2] < 4 * thin)
        return bfl_fail(err, BFL_EINVAL, "", 0,
                        "slices must be a whole multiple of the source's thickness, and at least four of them");
    const uint64_t seed = options->lesions.seed;
    const bfl_grid grid = followup_grid(source, thin);
    const bfl_phantom inserted =
        bfl_phantom_of(arena, threads, options->followup ? options->followup : source, &options->lesions);
    bfl_pair pair = {.items = inserted.items, .count = inserted.count, .bone = inserted.bone};
    pair.motion = draw_motion(arena, threads, source, &grid, options);
    pair.fixed_offset_mm = pair.moving_offset_mm = (float)(thin_mm * (thin - 1) / 2);
    pair.baseline = thicken(arena, source, thin);
    pair.followup =
        thicken(arena, bfl_warp_onto(arena, threads, &grid, inserted.volume, &pair.motion, BFL_WARP_SHARP), thin);
    pair.truth = bfl_mask_new(arena, &pair.followup->grid);
    const bfl_volume *labels = labels_of(arena, inserted.truth);
    thicken_labels(bfl_warp_onto(arena, threads, &grid, labels, &pair.motion, BFL_WARP_LABELS), thin, pair.truth);
    find_lesions(&pair);
    blur(arena, threads, pair.baseline, options->blur_mm[0]);
    blur(arena, threads, pair.followup, options->blur_mm[1]);
    bfl_phantom_noise(arena, pair.baseline, seed * 2 + BASELINE_NOISE, options->noise_hu[0]);
    bfl_phantom_noise(arena, pair.followup, seed * 2 + FOLLOWUP_NOISE, options->noise_hu[1]);
    *out = pair;
    return BFL_OK;
}

void bfl_pair_point(const bfl_pair *pair, const float fixed_mm[3], float moving_mm[3]) {
    float mm[3] = {fixed_mm[0], fixed_mm[1], fixed_mm[2] + pair->fixed_offset_mm};
    bfl_transform_point(&pair->motion, mm, mm);
    for (int a = 0; a < 3; a++) moving_mm[a] = mm[a] - (a == 2 ? pair->moving_offset_mm : 0);
}

bool bfl_pair_bone(const bfl_pair *pair, const float moving_mm[3]) {
    return bfl_shape_at(pair->bone, (float[3]){moving_mm[0], moving_mm[1], moving_mm[2] + pair->moving_offset_mm});
}
