/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where bone is. A low threshold finds it all, but other dense things too: a part counts as bone when enough of it is as dense
 * as cortex. Marrow, which may be no denser than muscle, is what is enclosed nearly all around; the spinal canal, which is too, is
 * followed and left out. The low threshold follows the muscle of the scan, since tube voltage and contrast move it (docs/ct.md).
 */
#include "image/skeleton.h"

#include "image/blood.h"
#include "image/vein.h"

#include <math.h>

static const float SIGMA_MM = 0.7F, AIR_HU = -300, BODY_SPACING_MM = 3, BODY_OPENING_MM = 4;
static const float ABOVE_MUSCLE_HU = 70, LEAST_HU = 120, MOST_HU = 150, CORTEX_HU = 250;
static const float LUNG_HU = -500, LUNG_REACH_MM = 30;
enum { LEAST_IN_LUNG = 7 }; /* of 12 */
static const float BESIDE_MM = 3, RING_CLOSING_MM = 4, CANAL_WIDER = 1.3F;
static const float ALONG_MM = 9, RING_NEAR_MM = 12, RING_LOWER_HU = 35;
static const float MARROW_REACH_MM = 45, LEAST_MARROW_HU = -110; /* fat */
enum { LEAST_ENCLOSED = 10 };                                    /* of 12 */
static const double LEAST_CORTEX_MM3 = 60, LEAST_PART_MM3 = 300, LARGE_PART_MM3 = 20000;

static bfl_shape *over(bfl_arena *arena, const bfl_image *image, float hu) {
    bfl_shape *shape = bfl_shape_new(arena, image->size, image->spacing_mm[0]);
    const size_t voxels = bfl_image_voxels(image);
    for (size_t v = 0; v < voxels; v++) shape->in[v] = image->value[v] > hu;
    return shape;
}

static void keep_largest(bfl_arena *arena, bfl_shape *shape) {
    bfl_arena_mark mark = bfl_arena_here(arena);
    const bfl_shape_parts parts = bfl_shape_parts_of(arena, shape, NULL, NULL);
    size_t best = 0;
    for (size_t p = 1; p < parts.count; p++)
        if (parts.items[p].voxels > parts.items[best].voxels) best = p;
    const size_t voxels = bfl_shape_voxels(shape);
    for (size_t v = 0; v < voxels; v++) shape->in[v] = parts.label[v] == best + 1;
    bfl_arena_back(arena, mark);
}

/* The shape on the grid of an image: each voxel takes what the nearest voxel of the shape says. */
static bfl_shape *on_grid_of(bfl_arena *arena, const bfl_image *image, const bfl_shape *shape) {
    bfl_shape *fine = bfl_shape_new(arena, image->size, image->spacing_mm[0]);
    const float ratio = image->spacing_mm[0] / shape->spacing_mm;
    size_t at = 0;
    int32_t index[3], from[3];
    for (index[2] = 0; index[2] < image->size[2]; index[2]++)
        for (index[1] = 0; index[1] < image->size[1]; index[1]++)
            for (index[0] = 0; index[0] < image->size[0]; index[0]++) {
                for (int a = 0; a < 3; a++) {
                    from[a] = (int32_t)((float)index[a] * ratio + 0.5F);
                    if (from[a] > shape->size[a] - 1) from[a] = shape->size[a] - 1;
                }
                fine->in[at++] =
                    shape->in[((size_t)from[2] * (size_t)shape->size[1] + (size_t)from[1]) * (size_t)shape->size[0] +
                              (size_t)from[0]];
            }
    return fine;
}

/* The body is large and smooth: a coarse grid will do. */
bfl_shape *bfl_body_shape_of(bfl_arena *arena, uint32_t threads, const bfl_image *image) {
    const bfl_image *coarse = image;
    if (image->spacing_mm[0] < BODY_SPACING_MM)
        coarse = bfl_image_coarser(arena, threads, image, BODY_SPACING_MM, BODY_SPACING_MM / 2);
    bfl_shape *body = over(arena, coarse, AIR_HU);
    bfl_shape_open(arena, threads, body, BODY_OPENING_MM);
    keep_largest(arena, body);
    bfl_shape_fill_slices(arena, threads, body);
    return on_grid_of(arena, image, body);
}

/* The commonest value of soft tissue between -20 and 120 HU: muscle, and what looks like it. */
static float muscle_hu(const bfl_image *image, const bfl_shape *body) {
    enum { FROM = -20, BINS = 140 };
    size_t histogram[BINS] = {0};
    const size_t voxels = bfl_image_voxels(image);
    for (size_t v = 0; v < voxels; v++) {
        const float bin = image->value[v] - FROM;
        if (body->in[v] && bin >= 0 && bin < BINS) histogram[(size_t)bin]++;
    }
    size_t best = 1, most = 0;
    for (size_t b = 1; b + 1 < BINS; b++) {
        const size_t around = histogram[b - 1] + histogram[b] + histogram[b + 1];
        if (around <= most) continue;
        most = around;
        best = b;
    }
    return (float)best + FROM;
}

typedef struct density {
    const bfl_image *image;
    float least_hu;
} density;

static double is_cortex(const void *context, size_t voxel) {
    const density *d = context;
    return d->image->value[voxel] > d->least_hu ? 1 : 0;
}

/* What is left of blood is small and lies beside what was taken out, so such parts must be denser than blood to count; NULL: there was
 * none. */
static uint8_t *beside_blood(bfl_arena *arena, uint32_t threads, const bfl_shape *blood, const bfl_shape_parts *parts) {
    uint8_t *beside = BFL_NEW_ARRAY(arena, parts->count + 1, uint8_t);
    if (!blood) return beside;
    bfl_shape *near = bfl_shape_copy(arena, blood);
    bfl_shape_grow(arena, threads, near, BESIDE_MM);
    const size_t voxels = bfl_shape_voxels(near);
    for (size_t v = 0; v < voxels; v++)
        if (near->in[v]) beside[parts->label[v]] = 1;
    return beside;
}

static void keep_bony(bfl_arena *arena, uint32_t threads, bfl_skeleton *s, const bfl_shape *blood) {
    const density cortex = {s->image, CORTEX_HU}, denser = {s->image, fmaxf(CORTEX_HU, s->blood_hu)};
    bfl_arena_mark mark = bfl_arena_here(arena);
    const bfl_shape_parts parts = bfl_shape_parts_of(arena, s->bone, is_cortex, &cortex),
                          strict = blood ? bfl_shape_parts_of(arena, s->bone, is_cortex, &denser) : parts;
    const uint8_t *beside = beside_blood(arena, threads, blood, &parts);
    const double mm = (double)s->bone->spacing_mm, voxel_mm3 = mm * mm * mm;
    const size_t voxels = bfl_shape_voxels(s->bone);
    for (size_t v = 0; v < voxels; v++) {
        if (!parts.label[v]) continue;
        const size_t n = parts.label[v] - 1;
        const double mm3 = (double)parts.items[n].voxels * voxel_mm3;
        const bfl_shape_part *p = beside[n + 1] && mm3 < LARGE_PART_MM3 ? &strict.items[n] : &parts.items[n];
        s->bone->in[v] = p->weight * voxel_mm3 >= LEAST_CORTEX_MM3 && mm3 >= LEAST_PART_MM3;
    }
    bfl_arena_back(arena, mark);
}

/* The canal and what leads into it, taken from the shape. */
static void take_out(const bfl_canal *canal, bfl_shape *shape) {
    const float mm = shape->spacing_mm;
    for (int32_t k = canal->first; k < canal->end; k++) {
        const bfl_canal_slice *c = &canal->slices[k - canal->first];
        size_t v = (size_t)k * (size_t)shape->size[0] * (size_t)shape->size[1];
        for (int32_t j = 0; j < shape->size[1]; j++)
            for (int32_t i = 0; i < shape->size[0]; i++, v++)
                if (hypotf((float)i * mm - c->x_mm, (float)j * mm - c->y_mm) < CANAL_WIDER * c->radius_mm)
                    shape->in[v] = 0;
    }
}

/* Rings around the canal: bone, and near it what is denser than soft tissue in the mean of the slices around. Where slices are
 * noisy or cut it askew no ring of bone closes: marrow is no denser than the threshold, and arches and bodies take turns. */
static bfl_shape *rings(bfl_arena *arena, uint32_t threads, const bfl_skeleton *s) {
    const bfl_shape *bone = s->bone;
    const size_t slice = (size_t)bone->size[0] * (size_t)bone->size[1];
    const int32_t reach = (int32_t)(ALONG_MM / bone->spacing_mm), n = bone->size[2];
    bfl_shape *out = bfl_shape_copy(arena, bone), *near = bfl_shape_copy(arena, bone);
    bfl_shape_close(arena, threads, out, RING_CLOSING_MM);
    bfl_shape_grow(arena, threads, near, RING_NEAR_MM);
    double *sum = BFL_NEW_ARRAY(arena, slice, double);
    for (int32_t k = -reach; k < n; k++) {
        const int32_t in = k + reach, gone = k - reach - 1;
        const int32_t low = k > reach ? k - reach : 0, high = in < n ? in : n - 1;
        for (size_t at = 0; at < slice; at++) {
            if (in < n) sum[at] += (double)s->image->value[(size_t)in * slice + at];
            if (gone >= 0) sum[at] -= (double)s->image->value[(size_t)gone * slice + at];
            if (k < 0) continue;
            const size_t v = (size_t)k * slice + at;
            out->in[v] |= near->in[v] && sum[at] > (double)(s->threshold_hu - RING_LOWER_HU) * (high - low + 1);
        }
    }
    return out;
}

/* Marrow: enclosed nearly all around, no air, not in the canal. */
static void fill_marrow(bfl_arena *arena, uint32_t threads, bfl_skeleton *s) {
    const size_t voxels = bfl_shape_voxels(s->bone);
    bfl_shape *ring = rings(arena, threads, s);
    s->canal = bfl_canal_of(arena, s->image, ring, s->threshold_hu);
    bfl_arena_mark mark = bfl_arena_here(arena);
    const uint8_t *enclosed = bfl_shape_enclosed(arena, threads, s->bone, MARROW_REACH_MM);
    bfl_shape *marrow = bfl_shape_new(arena, s->bone->size, s->bone->spacing_mm);
    for (size_t v = 0; v < voxels; v++)
        marrow->in[v] = enclosed[v] >= LEAST_ENCLOSED && s->image->value[v] > LEAST_MARROW_HU && s->body->in[v];
    take_out(&s->canal, marrow);
    for (size_t v = 0; v < voxels; v++) s->bone->in[v] |= marrow->in[v];
    bfl_arena_back(arena, mark);
}

/* Vessels in and between the lungs, which see lung nearly all around; ribs see it on one side, vertebrae on two. */
static void take_out_of_lungs(bfl_arena *arena, uint32_t threads, bfl_skeleton *s) {
    const size_t voxels = bfl_shape_voxels(s->bone);
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *lung = bfl_shape_new(arena, s->bone->size, s->bone->spacing_mm);
    for (size_t v = 0; v < voxels; v++) lung->in[v] = s->body->in[v] && s->image->value[v] < LUNG_HU;
    const uint8_t *enclosed = bfl_shape_enclosed(arena, threads, lung, LUNG_REACH_MM);
    for (size_t v = 0; v < voxels; v++) s->bone->in[v] &= enclosed[v] < LEAST_IN_LUNG;
    bfl_arena_back(arena, mark);
}

/* Blood with contrast agent, taken from the bone; NULL: there is none. */
static bfl_shape *take_out_blood(bfl_arena *arena, bfl_arena *own, uint32_t threads, bfl_skeleton *s) {
    const size_t voxels = bfl_shape_voxels(s->bone);
    bfl_arena_mark mark = bfl_arena_here(own);
    const bfl_blood *found = bfl_blood_find(own, threads, s->image, s->bone);
    bfl_shape *blood = NULL;
    if (found) {
        const bfl_canal canal = bfl_canal_of(own, s->image, rings(own, threads, s), s->threshold_hu);
        blood = bfl_shape_copy(arena, s->bone);
        s->blood_hu = bfl_blood_take_out(own, threads, s->image, found, &canal, s->bone);
        if (s->blood_hu > 0) take_out_of_lungs(own, threads, s);
        for (size_t v = 0; v < voxels; v++) blood->in[v] &= (uint8_t)!s->bone->in[v];
        const bfl_vein_options options = {threads, s->blood_hu, &canal};
        if (s->blood_hu > 0) (void)bfl_vein_take_out(own, s->image, &options, blood, s->bone);
    }
    bfl_arena_back(own, mark);
    return s->blood_hu > 0 ? blood : NULL;
}

bfl_skeleton bfl_skeleton_of_image(bfl_arena *arena, uint32_t threads, bfl_image *image) {
    bfl_skeleton s = {.image = image};
    s.body = bfl_body_shape_of(arena, threads, s.image);
    s.threshold_hu = fminf(fmaxf(muscle_hu(s.image, s.body) + ABOVE_MUSCLE_HU, LEAST_HU), MOST_HU);
    s.bone = over(arena, s.image, s.threshold_hu);
    const size_t voxels = bfl_shape_voxels(s.bone);
    for (size_t v = 0; v < voxels; v++) s.bone->in[v] &= s.body->in[v];
    bfl_arena *scratch = bfl_arena_scratch(arena);
    bfl_arena_mark nothing = bfl_arena_here(scratch);
    const bfl_shape *blood = take_out_blood(scratch, arena, threads, &s);
    keep_bony(arena, threads, &s, blood);
    bfl_arena_back(scratch, nothing);
    fill_marrow(arena, threads, &s);
    return s;
}

bfl_skeleton bfl_skeleton_of(bfl_arena *arena, uint32_t threads, const bfl_volume *volume, float spacing_mm) {
    return bfl_skeleton_of_image(arena, threads, bfl_image_of_volume(arena, threads, volume, spacing_mm, SIGMA_MM));
}
