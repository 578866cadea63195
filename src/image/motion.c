/* SPDX-License-Identifier: Apache-2.0 */
/* Motion with three parts: the whole body turns and shifts, it bends smoothly, and pieces of the skeleton turn on their own. */
#include "image/motion.h"

#include "image/transform.h"
#include "num/num.h"

#include <math.h>
#include <string.h>

enum { RIGID_STREAM = 21, BEND_STREAM = 22, JOINT_STREAM = 23, MOST_PIECES = 80, TRIES = 4000 };
static const float BEND_KNOT_MM = 55, LOCAL_MM = 4, APART_MM = 45, BLEND_MM = 3;

static double radians(float degrees) { return (double)degrees * acos(-1) / 180; }

static void rotation_of(const double angle[3], float rotation[9]) {
    const double cx = cos(angle[0]), sx = sin(angle[0]), cy = cos(angle[1]), sy = sin(angle[1]), cz = cos(angle[2]),
                 sz = sin(angle[2]);
    const double r[9] = {cz * cy,
                         cz * sy * sx - sz * cx,
                         cz * sy * cx + sz * sx,
                         sz * cy,
                         sz * sy * sx + cz * cx,
                         sz * sy * cx - cz * sx,
                         -sy,
                         cy * sx,
                         cy * cx};
    for (int i = 0; i < 9; i++) rotation[i] = (float)r[i];
}

static void draw_rigid(const bfl_motion_options *o, bfl_transform *t) {
    bfl_random r = bfl_random_stream(o->seed, 0, RIGID_STREAM);
    const double turn = radians(o->turn_degrees), shift = (double)o->shift_mm;
    double angle[3];
    for (int a = 0; a < 3; a++) angle[a] = bfl_random_between(&r, -turn, turn);
    for (int a = 0; a < 3; a++) t->shift_mm[a] = (float)bfl_random_between(&r, -shift, shift);
    rotation_of(angle, t->rotation);
}

/* Neighbours along one axis are averaged 1 : 2 : 1. */
static void smooth(bfl_float4 *c, const int32_t n[3], int axis) {
    const size_t stride[3] = {1, (size_t)n[0], (size_t)n[0] * (size_t)n[1]};
    const size_t lines = stride[2] * (size_t)n[2] / (size_t)n[axis];
    for (size_t l = 0; l < lines; l++) {
        const size_t first = axis == 0   ? l * (size_t)n[0]
                             : axis == 1 ? l / (size_t)n[0] * stride[2] + l % (size_t)n[0]
                                         : l;
        bfl_float4 before = c[first];
        for (int32_t i = 0; i < n[axis]; i++) {
            bfl_float4 *at = c + first + (size_t)i * stride[axis];
            const bfl_float4 here = *at, after = i + 1 < n[axis] ? at[stride[axis]] : here;
            *at = (before + here * 2 + after) / 4;
            before = here;
        }
    }
}

static void draw_bend(bfl_arena *arena, const bfl_motion_options *o, const float extent_mm[3], bfl_transform *t) {
    bfl_random r = bfl_random_stream(o->seed, 0, BEND_STREAM);
    bfl_spline_lattice(arena, t, extent_mm, BEND_KNOT_MM);
    const size_t knots = bfl_spline_knots(t);
    for (size_t k = 0; k < knots; k++)
        for (int a = 0; a < 3; a++) t->coefficient[k][a] = (float)bfl_random_normal(&r);
    for (int a = 0; a < 3; a++) smooth(t->coefficient, t->knots, a);
    double square = 0;
    for (size_t k = 0; k < knots; k++)
        for (int a = 0; a < 3; a++) square += (double)(t->coefficient[k][a] * t->coefficient[k][a]);
    const float scale = o->bend_mm / (float)sqrt(square / (3 * (double)knots));
    for (size_t k = 0; k < knots; k++) t->coefficient[k] *= scale;
}

/* ---- joints ---- */

typedef struct piece {
    float centre[3]; /* in the frame of the body as it was */
    float rotation[9], shift[3];
} piece;

typedef struct pieces {
    piece items[MOST_PIECES];
    size_t count;
} pieces;

static float away(const float a[3], const float b[3]) {
    return sqrtf((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

static void draw_piece(const bfl_motion_options *o, bfl_random *r, piece *p) {
    double angle[3];
    for (int a = 0; a < 3; a++) angle[a] = bfl_random_normal(r) * radians(o->joint_degrees);
    for (int a = 0; a < 3; a++) p->shift[a] = (float)bfl_random_normal(r) * o->joint_degrees;
    rotation_of(angle, p->rotation);
}

static void draw_pieces(const bfl_motion_options *o, const bfl_shape *bone, pieces *all) {
    bfl_random r = bfl_random_stream(o->seed, 0, JOINT_STREAM);
    const size_t voxels = bfl_shape_voxels(bone), row = (size_t)bone->size[0], slice = row * (size_t)bone->size[1];
    for (int tries = 0; tries < TRIES * 20 && all->count < MOST_PIECES; tries++) {
        const size_t v = bfl_random_below(&r, (uint32_t)voxels);
        if (!bone->in[v]) continue;
        piece p = {.centre = {(float)(v % row) * bone->spacing_mm,
                              (float)(v / row % (size_t)bone->size[1]) * bone->spacing_mm,
                              (float)(v / slice) * bone->spacing_mm}};
        bool free = true;
        for (size_t n = 0; n < all->count && free; n++) free = away(p.centre, all->items[n].centre) >= APART_MM;
        if (!free) continue;
        draw_piece(o, &r, &p);
        all->items[all->count++] = p;
    }
}

/* How much further than the rest of the body a place moves: by its nearest piece, blended where two are about as near. */
static bfl_float4 joint_offset(const pieces *all, const float at[3]) {
    float nearest = INFINITY, weights = 0;
    bfl_float4 sum = {0, 0, 0, 0};
    for (size_t n = 0; n < all->count; n++) nearest = fminf(nearest, away(at, all->items[n].centre));
    for (size_t n = 0; n < all->count; n++) {
        const piece *p = &all->items[n];
        const float weight = expf((nearest - away(at, p->centre)) / BLEND_MM);
        if (weight < 1e-4F) continue;
        const float d[3] = {at[0] - p->centre[0], at[1] - p->centre[1], at[2] - p->centre[2]};
        for (int a = 0; a < 3; a++) {
            const float *row = p->rotation + (ptrdiff_t)3 * a;
            sum[a] += weight * (row[0] * d[0] + row[1] * d[1] + row[2] * d[2] - d[a] + p->shift[a]);
        }
        weights += weight;
    }
    return sum / fmaxf(weights, 1e-6F);
}

typedef struct joint_job {
    const bfl_transform *without;
    bfl_transform *t;
    const pieces *all;
} joint_job;

static void joint_slice(void *context, size_t k) {
    const joint_job *job = context;
    const bfl_transform *t = job->t;
    size_t at = k * (size_t)t->local_size[0] * (size_t)t->local_size[1];
    for (int32_t j = 0; j < t->local_size[1]; j++)
        for (int32_t i = 0; i < t->local_size[0]; i++) {
            const float mm[3] = {(float)i * t->local_mm, (float)j * t->local_mm, (float)k * t->local_mm};
            float was[3];
            bfl_transform_point(job->without, mm, was);
            t->local[at++] = joint_offset(job->all, was);
        }
}

bfl_transform bfl_motion_of(bfl_arena *arena, uint32_t threads, const bfl_motion_options *o, const float extent_mm[3],
                            const bfl_skeleton *skeleton) {
    bfl_transform t = {.rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1}};
    for (int a = 0; a < 3; a++) t.centre_mm[a] = extent_mm[a] / 2;
    draw_rigid(o, &t);
    if (o->bend_mm > 0) draw_bend(arena, o, extent_mm, &t);
    if (!skeleton || !(o->joint_degrees > 0)) return t;
    pieces all = {.count = 0};
    draw_pieces(o, skeleton->bone, &all);
    if (all.count == 0) return t;
    const bfl_transform without = t;
    bfl_transform_local(arena, &t, extent_mm, LOCAL_MM);
    joint_job job = {&without, &t, &all};
    bfl_parallel(threads, (size_t)t.local_size[2], joint_slice, &job);
    return t;
}
