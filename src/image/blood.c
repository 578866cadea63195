/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Blood with contrast agent is as dense as bone, but even: over a few millimetres it varies no more than muscle does, and it is wide.
 * From such places one goes outward through what is not denser, a little farther than they were shrunk, so that the blurred rim goes
 * with them.
 */
#include "image/blood.h"

#include <math.h>

static const float DEEP_MM = 3.2F, NOISE_MM = 2.2F, AROUND_MM = 2.2F, RIM_MM = 7, LEAST_ML = 1.5F, FAR_MM = 60,
                   LEAST_SOFT = 0.7F, FAR_DENSER = 1.6F, SMALL_ML = 5, LARGE_ML = 20;
static const float SPINE_MM = 34, MOST_AT_SPINE = 0.5F, SURELY_SOFT_HU = 130, RISE_HU = 100;
static const float MORE_NOISE = 2.2F, MORE_HU = 8, SOFT_FROM_HU = 20, SOFT_TO_HU = 90, DENSER_SD = 3, DENSER_HU = 30,
                   DENSER_SHARE = 1.35F, DENSER_BY_HU = 90;

static bfl_image *variation(bfl_arena *arena, uint32_t threads, const bfl_image *image) {
    const float mm = image->spacing_mm[0];
    const size_t voxels = bfl_image_voxels(image);
    bfl_image square = *image;
    square.value = BFL_NEW_ARRAY(arena, voxels, float);
    for (size_t v = 0; v < voxels; v++) square.value[v] = image->value[v] * image->value[v];
    bfl_image *of_square = bfl_image_coarser(arena, threads, &square, mm, AROUND_MM);
    const bfl_image *mean = bfl_image_coarser(arena, threads, image, mm, AROUND_MM);
    for (size_t v = 0; v < voxels; v++)
        of_square->value[v] = sqrtf(fmaxf(of_square->value[v] - mean->value[v] * mean->value[v], 0));
    return of_square;
}

/* How much muscle varies: the lower quartile, since much of soft tissue lies at a border. */
static float soft_noise(const bfl_image *image, const bfl_image *sd) {
    enum { BINS = 200 };
    size_t histogram[BINS] = {0}, all = 0, seen = 0;
    const size_t voxels = bfl_image_voxels(image);
    for (size_t v = 0; v < voxels; v++) {
        if (image->value[v] < SOFT_FROM_HU || image->value[v] > SOFT_TO_HU) continue;
        histogram[sd->value[v] < BINS - 1 ? (size_t)sd->value[v] : BINS - 1]++;
        all++;
    }
    for (size_t b = 0; b < BINS; b++) {
        seen += histogram[b];
        if (seen * 4 >= all) return (float)b + 0.5F;
    }
    return 0;
}

/* What is met on the way out of a part. */
typedef struct bounds {
    float denser_hu, softer_hu, rise_hu;
} bounds;

/* Going out along an axis from a voxel: -1 something denser comes first, as the cortex around marrow; +1 something softer; 0 neither. */
static int goes_to(const bfl_image *image, size_t voxel, int way, const bounds *b) {
    const size_t row = (size_t)image->size[0], slice = row * (size_t)image->size[1];
    const size_t stride[3] = {1, row, slice};
    int32_t at[3];
    bfl_voxel_at(image->size, voxel, at);
    const int axis = way / 2, sign = way % 2 ? 1 : -1;
    const int32_t most = (int32_t)(FAR_MM / image->spacing_mm[0]),
                  room = sign > 0 ? image->size[axis] - 1 - at[axis] : at[axis];
    float lowest = image->value[voxel];
    for (int32_t n = 1; n <= most && n <= room; n++) {
        const size_t v = sign > 0 ? voxel + (size_t)n * stride[axis] : voxel - (size_t)n * stride[axis];
        const float hu = image->value[v];
        if (hu > b->denser_hu || hu > lowest + b->rise_hu) return -1;
        if (hu < b->softer_hu) return 1;
        lowest = fminf(lowest, hu);
    }
    return 0;
}

typedef struct part_sum {
    double hu;
    size_t voxels, soft, dense;
    bool at_spine;
} part_sum;

struct bfl_blood {
    bfl_shape_parts parts;
    part_sum *sums; /* by label */
    double voxel_ml;
};

static float mean_of(const part_sum *p) { return (float)(p->hu / (double)p->voxels); }

/* A dense lesion may be as even as blood, with marrow around it: from what is small one must come to soft tissue, not to marrow and
 * then to cortex. (Chambers of the heart lie beside each other and are large.) */
static bounds bounds_of(const part_sum *p, double voxel_ml) {
    const float mean = mean_of(p);
    const bool small = (double)p->voxels * voxel_ml < (double)SMALL_ML;
    return (bounds){.denser_hu = fmaxf(mean * DENSER_SHARE, mean + DENSER_BY_HU),
                    .softer_hu = small ? fminf(mean / 2, SURELY_SOFT_HU) : mean / 2,
                    .rise_hu = small ? RISE_HU : INFINITY};
}

/* Which of the parts are blood: as wide as wanted, and soft tissue around them, where marrow has cortex. */
static part_sum *look_around(bfl_arena *arena, const bfl_image *image, const bfl_shape_parts *parts, double voxel_ml) {
    enum { EVERY = 7 };
    const size_t voxels = bfl_image_voxels(image);
    part_sum *sums = BFL_NEW_ARRAY(arena, parts->count + 1, part_sum);
    for (size_t v = 0; v < voxels; v++)
        if (parts->label[v]) sums[parts->label[v]].hu += (double)image->value[v], sums[parts->label[v]].voxels++;
    for (size_t v = 0; v < voxels; v += EVERY) {
        part_sum *s = &sums[parts->label[v]];
        if (!parts->label[v]) continue;
        const bounds b = bounds_of(s, voxel_ml);
        for (int way = 0; way < 6; way++) {
            const int to = goes_to(image, v, way, &b);
            s->soft += to > 0;
            s->dense += to < 0;
        }
    }
    return sums;
}

/* From the even places outward. */
static void spread(bfl_arena *arena, uint32_t threads, const bfl_image *image, bfl_shape *even, bfl_shape *dense,
                   float most_hu) {
    const size_t voxels = bfl_shape_voxels(dense);
    const float step_mm = 1.5F * dense->spacing_mm;
    for (float gone = 0; gone < RIM_MM; gone += step_mm) {
        bfl_arena_mark mark = bfl_arena_here(arena);
        bfl_shape *next = bfl_shape_copy(arena, even);
        bfl_shape_grow(arena, threads, next, step_mm);
        for (size_t v = 0; v < voxels; v++) even->in[v] |= next->in[v] & dense->in[v] & (image->value[v] < most_hu);
        bfl_arena_back(arena, mark);
    }
    for (size_t v = 0; v < voxels; v++) dense->in[v] &= !even->in[v];
}

/* Wide enough, soft tissue around it, and no vertebra. */
static bool is_blood(const part_sum *p, double voxel_ml) {
    return !p->at_spine && (double)p->voxels * voxel_ml >= (double)LEAST_ML &&
           (float)p->soft >= LEAST_SOFT * (float)(p->soft + p->dense);
}

/* The density of most blood: the part at half of all its volume, from the least dense on. */
static float usual_hu(const part_sum *sums, size_t count, double voxel_ml) {
    double all = 0;
    float usual = 0;
    for (size_t p = 1; p <= count; p++)
        if (is_blood(&sums[p], voxel_ml)) all += (double)sums[p].voxels;
    for (size_t p = 1; p <= count; p++) {
        double below = 0;
        if (!is_blood(&sums[p], voxel_ml)) continue;
        for (size_t q = 1; q <= count; q++)
            if (is_blood(&sums[q], voxel_ml) && mean_of(&sums[q]) <= mean_of(&sums[p])) below += (double)sums[q].voxels;
        if (below * 2 >= all && !(usual > 0 && usual <= mean_of(&sums[p]))) usual = mean_of(&sums[p]);
    }
    return usual;
}

/* Blood of the usual density, or what is far denser: the vein that the agent comes in by. Taken out; over how much HU none is. */
static float take_out(bfl_arena *arena, uint32_t threads, const bfl_image *image, const bfl_shape_parts *parts,
                      const part_sum *sums, float limit_hu, bool denser, bfl_shape *dense) {
    const size_t voxels = bfl_shape_voxels(dense);
    const double mm = (double)dense->spacing_mm, voxel_ml = mm * mm * mm / 1000;
    double square = 0, count = 0;
    float highest = 0; /* mean of a part */
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *even = bfl_shape_new(arena, dense->size, dense->spacing_mm);
    for (size_t v = 0; v < voxels; v++) {
        const part_sum *p = &sums[parts->label[v]];
        even->in[v] = parts->label[v] && is_blood(p, voxel_ml) && (mean_of(p) > limit_hu) == denser;
        if (!even->in[v]) continue;
        const double off = (double)(image->value[v] - mean_of(p));
        square += off * off;
        count++;
        highest = fmaxf(highest, mean_of(p));
    }
    float most = 0;
    if (count > 0) {
        most = highest + DENSER_SD * (float)sqrt(square / count) + DENSER_HU;
        spread(arena, threads, image, even, dense, most);
    }
    bfl_arena_back(arena, mark);
    return most;
}

bfl_blood *bfl_blood_find(bfl_arena *arena, uint32_t threads, const bfl_image *image, const bfl_shape *dense) {
    const size_t voxels = bfl_shape_voxels(dense);
    const double mm = (double)dense->spacing_mm;
    bfl_blood *blood = BFL_NEW(arena, bfl_blood);
    const bfl_image *sd = variation(arena, threads, image);
    const float noise = soft_noise(image, sd), least = MORE_NOISE * noise + MORE_HU;
    bfl_shape *even = bfl_shape_copy(arena, dense);
    bfl_shape_close(arena, threads, even, NOISE_MM);
    bfl_shape_shrink(arena, threads, even, DEEP_MM);
    for (size_t v = 0; v < voxels; v++) even->in[v] &= sd->value[v] < least;
    blood->voxel_ml = mm * mm * mm / 1000;
    blood->parts = bfl_shape_parts_of(arena, even, NULL, NULL);
    blood->sums = look_around(arena, image, &blood->parts, blood->voxel_ml);
    for (size_t p = 1; p <= blood->parts.count; p++)
        if (is_blood(&blood->sums[p], blood->voxel_ml)) return blood;
    return NULL;
}

/* Which parts lie about the canal, where vertebrae do and aorta and caval vein do not. What is larger than a vertebra is none. */
static void find_spine(const bfl_blood *blood, const bfl_image *image, const bfl_canal *canal) {
    const size_t row = (size_t)image->size[0], slice = row * (size_t)image->size[1];
    const float mm = image->spacing_mm[0];
    for (size_t p = 1; p <= blood->parts.count; p++) {
        size_t near = 0;
        part_sum *s = &blood->sums[p];
        if (!is_blood(s, blood->voxel_ml) || (double)s->voxels * blood->voxel_ml > (double)LARGE_ML) continue;
        for (size_t v = (size_t)canal->first * slice; v < (size_t)canal->end * slice; v++) {
            if (blood->parts.label[v] != p) continue;
            const bfl_canal_slice *c = &canal->slices[v / slice - (size_t)canal->first];
            near += hypotf((float)(v % row) * mm - c->x_mm, (float)(v / row % (size_t)image->size[1]) * mm - c->y_mm) <
                    SPINE_MM;
        }
        s->at_spine = (float)near > MOST_AT_SPINE * (float)s->voxels;
    }
}

float bfl_blood_take_out(bfl_arena *arena, uint32_t threads, const bfl_image *image, const bfl_blood *blood,
                         const bfl_canal *canal, bfl_shape *dense) {
    find_spine(blood, image, canal);
    const bfl_shape_parts *parts = &blood->parts;
    const float limit = FAR_DENSER * usual_hu(blood->sums, parts->count, blood->voxel_ml);
    const float most = take_out(arena, threads, image, parts, blood->sums, limit, false, dense);
    if (most > 0) (void)take_out(arena, threads, image, parts, blood->sums, limit, true, dense);
    return most;
}
