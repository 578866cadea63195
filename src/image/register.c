/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registration by the bones: translation by search, rotation and shift, then a B-spline whose knots come closer as the images
 * get finer. The numbers were chosen on real chest CT with known deformations (docs/ct.md).
 */
#include "image/align.h"
#include "image/bone.h"
#include "image/guard.h"
#include "image/skeleton.h"
#include "image/transform.h"

#include <math.h>

/* Pyramid level, from coarse to fine. */
typedef struct level {
    float spacing_mm, sigma_mm;
    float threshold_hu; /* bone for the points of this level */
    float knot_mm, scale_hu;
    int steps, inner_steps;
} level;

enum { LEVELS = 4, GUARD_LEVEL = 2, MASK_LEVEL = 2 };
static const level LEVEL[LEVELS] = {
    {6, 4, 150, 72, 300, 10, 14},
    {4, 2.5F, 150, 40, 250, 10, 14},
    {3, 1.5F, 170, 24, 200, 10, 14},
    {1.5F, 0.7F, 140, 16, 150, 8, 16},
};
static const bfl_band SEARCH_BAND = {0, 500}, BAND = {-100, 900};
static const float RIGID_THRESHOLD_HU = 180, SMOOTHNESS = 0.2F, AROUND_BONE_MM = 4, LEAST_BONE_SHARE = 0.1F;
/* More points than these say the same again: knots 16 mm apart see hundreds each. */
enum { LEAST_POINTS = 200, MOST_POINTS = 300000, COARSE_STEPS = 40, FINE_STEPS = 25 };

typedef struct pyramid {
    const bfl_banded *at[LEVELS];
    const bfl_image *where; /* over 0: where points may lie */
} pyramid;

/* Blood with contrast agent is no bone: it moves on its own, and it may be dense in one scan only. Where there is some, points lie in
 * and around bone; NULL where there is none, or where the bones went with it. */
static bfl_image *without_blood(bfl_arena *arena, bfl_arena *scratch, uint32_t threads, bfl_image *image) {
    bfl_skeleton s = bfl_skeleton_of_image(scratch, threads, image);
    const size_t voxels = bfl_image_voxels(image);
    size_t bone = 0, dense = 0;
    for (size_t v = 0; v < voxels; v++) {
        bone += s.bone->in[v];
        dense += s.body->in[v] && image->value[v] > s.threshold_hu;
    }
    if (!(s.blood_hu > 0) || (float)bone < LEAST_BONE_SHARE * (float)dense) return NULL;
    bfl_shape_grow(scratch, threads, s.bone, AROUND_BONE_MM);
    bfl_image *where = BFL_NEW(arena, bfl_image);
    *where = *image;
    where->value = BFL_NEW_ARRAY(arena, voxels, float);
    for (size_t v = 0; v < voxels; v++) {
        where->value[v] = s.bone->in[v];
        if (!s.bone->in[v]) image->value[v] = BAND.lowest; /* the guard looks at bone, too */
    }
    return where;
}

/* The finest level from the volume, each coarser one from the finest: their Gaussians add up in square. What is kept lies in
 * `arena`, floats only in `scratch`. Points are looked for in the fixed one. */
static pyramid make_pyramid(bfl_arena *arena, bfl_arena *scratch, uint32_t threads, const bfl_volume *volume,
                            bool fixed) {
    pyramid p = {.where = NULL};
    const bfl_arena_mark nothing = bfl_arena_here(scratch);
    const level *finest = &LEVEL[LEVELS - 1];
    const bfl_image *fine = bfl_image_of_volume(scratch, threads, volume, finest->spacing_mm, finest->sigma_mm);
    p.at[LEVELS - 1] = bfl_banded_of(arena, threads, fine, BAND);
    for (int l = LEVELS - 2; l >= 0; l--) {
        const float more = LEVEL[l].sigma_mm * LEVEL[l].sigma_mm - finest->sigma_mm * finest->sigma_mm;
        bfl_image *image = bfl_image_coarser(scratch, threads, fine, LEVEL[l].spacing_mm, sqrtf(more));
        if (fixed && l == MASK_LEVEL) p.where = without_blood(arena, scratch, threads, image);
        p.at[l] = bfl_banded_of(arena, threads, image, BAND);
        if (l == 0 && !p.where) p.where = bfl_body_of(arena, image);
    }
    bfl_arena_back(scratch, nothing);
    return p;
}

static bfl_status align_rigid(bfl_arena *arena, uint32_t threads, const pyramid *fixed, const pyramid *moving,
                              bfl_transform *t, bfl_error *err) {
    bfl_bone_points points =
        bfl_bone_points_of(arena, threads, fixed->at[0], fixed->where, LEVEL[0].threshold_hu, SEARCH_BAND);
    bfl_slopes slopes = bfl_slopes_of(arena, threads, moving->at[0], SEARCH_BAND);
    if (points.count < LEAST_POINTS)
        return bfl_fail(err, BFL_ENOTFOUND, "", 0, "the follow-up shows too little bone to align it by");
    if (!bfl_align_shift(arena, threads, &points, &slopes, t))
        return bfl_fail(err, BFL_ENOTFOUND, "", 0, "the two scans have too little bone in common");
    bfl_align_rigid(threads, &points, &slopes, COARSE_STEPS, LEVEL[0].scale_hu, t);
    points = bfl_bone_points_of(arena, threads, fixed->at[1], fixed->where, RIGID_THRESHOLD_HU, BAND);
    slopes = bfl_slopes_of(arena, threads, moving->at[1], BAND);
    bfl_align_rigid(threads, &points, &slopes, FINE_STEPS, LEVEL[1].scale_hu, t);
    return BFL_OK;
}

static void thin_out(bfl_bone_points *points) {
    const size_t stride = (points->count + MOST_POINTS - 1) / MOST_POINTS;
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i += stride) points->items[kept++] = points->items[i];
    points->count = kept;
}

static void align_level(bfl_arena *arena, uint32_t threads, int l, const pyramid *fixed, const pyramid *moving,
                        bfl_transform *t) {
    const bfl_deform_options options = {LEVEL[l].steps, LEVEL[l].inner_steps, LEVEL[l].scale_hu, SMOOTHNESS};
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_bone_points points =
        bfl_bone_points_of(arena, threads, fixed->at[l], fixed->where, LEVEL[l].threshold_hu, BAND);
    thin_out(&points);
    const bfl_slopes slopes = bfl_slopes_of(arena, threads, moving->at[l], BAND);
    bfl_align_spline(arena, threads, &points, &slopes, &options, t);
    bfl_arena_back(arena, mark);
}

bfl_status bfl_register(bfl_arena *arena, const bfl_volume *fixed, const bfl_volume *moving,
                        const bfl_register_options *options, bfl_transform *out, bfl_error *err) {
    bfl_transform t = {.rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    float extent[3];
    for (int a = 0; a < 3; a++) {
        extent[a] = (float)((fixed->grid.size[a] - 1) * fixed->grid.spacing_mm[a]);
        t.centre_mm[a] = extent[a] / 2;
    }
    /* Lattices are allocated before the scratch: each is small, and the next is made from the one before. */
    bfl_transform lattices[LEVELS];
    for (int l = 0; l < LEVELS; l++) {
        lattices[l] = t;
        bfl_spline_lattice(arena, &lattices[l], extent, LEVEL[l].knot_mm);
    }
    bfl_transform held = t;
    bfl_transform_local(arena, &held, extent, bfl_guard_spacing(LEVEL[GUARD_LEVEL].spacing_mm));
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_arena *scratch = bfl_arena_scratch(arena);
    const pyramid f = make_pyramid(arena, scratch, options->threads, fixed, true),
                  m = make_pyramid(arena, scratch, options->threads, moving, false);
    bfl_status status = align_rigid(arena, options->threads, &f, &m, &t, err);
    for (int l = 0; !status && !options->rigid_only && l < LEVELS; l++) {
        bfl_spline_follow(arena, &lattices[l], &t);
        t = lattices[l];
        align_level(arena, options->threads, l, &f, &m, &t);
    }
    if (!status && t.coefficient && !options->bend_bone) {
        t.local = held.local;
        t.local_mm = held.local_mm;
        for (int a = 0; a < 3; a++) t.local_size[a] = held.local_size[a];
        t.stiffness = bfl_guard_hold(arena, options->threads, f.at[GUARD_LEVEL], &t);
    }
    bfl_arena_back(arena, mark);
    if (!status) *out = t;
    return status;
}
