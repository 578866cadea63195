/* SPDX-License-Identifier: Apache-2.0 */
/* The way from the fixed frame to the moving one: a rotation and shift, and a cubic B-spline on top. */
#include "image/transform.h"

#include <math.h>
#include <string.h>

void bfl_transform_rigid(const bfl_transform *t, const float fixed_mm[3], float moving_mm[3]) {
    float from[3], to[3];
    for (int a = 0; a < 3; a++) from[a] = fixed_mm[a] - t->centre_mm[a];
    for (int a = 0; a < 3; a++) {
        const float *row = t->rotation + (ptrdiff_t)3 * a;
        to[a] = row[0] * from[0] + row[1] * from[1] + row[2] * from[2] + t->centre_mm[a] + t->shift_mm[a];
    }
    for (int a = 0; a < 3; a++) moving_mm[a] = to[a];
}

static void cubic(float t, float weight[4]) {
    const float left = 1 - t;
    weight[0] = left * left * left / 6;
    weight[1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    weight[3] = t * t * t / 6;
    weight[2] = 1 - weight[0] - weight[1] - weight[3];
}

bfl_spline_place bfl_spline_place_of(const bfl_transform *t, const float fixed_mm[3]) {
    bfl_spline_place place;
    size_t stride = 1;
    place.first = 0;
    for (int a = 0; a < 3; a++) {
        float at = (fixed_mm[a] - t->first_mm[a]) / t->knot_mm - 1;
        const float last = (float)(t->knots[a] - 4) + 0.9999F; /* beyond the lattice: its border */
        at = fminf(fmaxf(at, 0), last);
        const int32_t whole = (int32_t)at;
        cubic(at - (float)whole, place.weight[a]);
        place.first += (size_t)whole * stride;
        stride *= (size_t)t->knots[a];
    }
    return place;
}

bfl_float4 bfl_spline_value(const bfl_transform *t, const bfl_float4 *coefficient, const bfl_spline_place *place) {
    const size_t row = (size_t)t->knots[0], slice = row * (size_t)t->knots[1];
    const float *x = place->weight[0];
    bfl_float4 sum = {0, 0, 0, 0};
    for (size_t k = 0; k < 4; k++)
        for (size_t j = 0; j < 4; j++) {
            const bfl_float4 *c = coefficient + place->first + k * slice + j * row;
            sum +=
                (c[0] * x[0] + c[1] * x[1] + c[2] * x[2] + c[3] * x[3]) * (place->weight[2][k] * place->weight[1][j]);
        }
    return sum;
}

/* Trilinear between the points of the lattice; beyond it, its border. */
static bfl_float4 local_value(const bfl_transform *t, const float fixed_mm[3]) {
    const int32_t *n = t->local_size;
    size_t first = 0, step[3], stride = 1;
    float part[3];
    for (int a = 0; a < 3; a++) {
        const float at = fminf(fmaxf(fixed_mm[a] / t->local_mm, 0), (float)(n[a] - 1));
        int32_t whole = (int32_t)at;
        if (whole > n[a] - 2) whole = n[a] > 1 ? n[a] - 2 : 0;
        part[a] = at - (float)whole;
        first += (size_t)whole * stride;
        step[a] = n[a] > 1 ? stride : 0;
        stride *= (size_t)n[a];
    }
    bfl_float4 side[2];
    for (size_t k = 0; k < 2; k++) {
        const bfl_float4 *p = t->local + first + k * step[2], *q = p + step[1];
        const bfl_float4 a = p[0] + (p[step[0]] - p[0]) * part[0], b = q[0] + (q[step[0]] - q[0]) * part[0];
        side[k] = a + (b - a) * part[1];
    }
    return side[0] + (side[1] - side[0]) * part[2];
}

void bfl_transform_local(bfl_arena *arena, bfl_transform *t, const float extent_mm[3], float step_mm) {
    size_t count = 1;
    t->local_mm = step_mm;
    for (int a = 0; a < 3; a++) {
        t->local_size[a] = (int32_t)ceilf(extent_mm[a] / step_mm) + 1;
        count *= (size_t)t->local_size[a];
    }
    t->local = BFL_NEW_ARRAY(arena, count, bfl_float4);
}

void bfl_transform_point(const bfl_transform *t, const float fixed_mm[3], float moving_mm[3]) {
    float to[3];
    bfl_transform_rigid(t, fixed_mm, to);
    const bfl_float4 nothing = {0, 0, 0, 0}, local = t->local ? local_value(t, fixed_mm) : nothing;
    if (t->coefficient) {
        bfl_spline_place place = bfl_spline_place_of(t, fixed_mm);
        const bfl_float4 more = bfl_spline_value(t, t->coefficient, &place) * (1 - local[3]);
        for (int a = 0; a < 3; a++) to[a] += more[a];
    }
    for (int a = 0; a < 3; a++) to[a] += local[a];
    for (int a = 0; a < 3; a++) moving_mm[a] = to[a];
}

float bfl_transform_jacobian(const bfl_transform *t, const float fixed_mm[3]) {
    const float step = 0.5F;
    float d[3][3];
    for (int a = 0; a < 3; a++) {
        float low[3] = {fixed_mm[0], fixed_mm[1], fixed_mm[2]}, high[3] = {fixed_mm[0], fixed_mm[1], fixed_mm[2]};
        low[a] -= step;
        high[a] += step;
        bfl_transform_point(t, low, low);
        bfl_transform_point(t, high, high);
        for (int b = 0; b < 3; b++) d[b][a] = high[b] - low[b];
    }
    return d[0][0] * (d[1][1] * d[2][2] - d[1][2] * d[2][1]) - d[0][1] * (d[1][0] * d[2][2] - d[1][2] * d[2][0]) +
           d[0][2] * (d[1][0] * d[2][1] - d[1][1] * d[2][0]);
}

size_t bfl_spline_knots(const bfl_transform *t) {
    return (size_t)t->knots[0] * (size_t)t->knots[1] * (size_t)t->knots[2];
}

/* ---- from a coarse lattice to a finer one ---- */

static void knot_at(const bfl_transform *t, const int32_t knot[3], float mm[3]) {
    for (int a = 0; a < 3; a++) mm[a] = t->first_mm[a] + (float)knot[a] * t->knot_mm;
}

typedef void (*knot_visit)(bfl_transform *t, size_t index, const float mm[3], bool border, void *context);

static void each_knot(bfl_transform *t, knot_visit visit, void *context) {
    size_t index = 0;
    int32_t at[3];
    for (at[2] = 0; at[2] < t->knots[2]; at[2]++)
        for (at[1] = 0; at[1] < t->knots[1]; at[1]++)
            for (at[0] = 0; at[0] < t->knots[0]; at[0]++, index++) {
                bool border = false;
                for (int a = 0; a < 3; a++) border |= at[a] < 1 || at[a] > t->knots[a] - 3;
                float mm[3];
                knot_at(t, at, mm);
                visit(t, index, mm, border, context);
            }
}

typedef struct refinement {
    const bfl_transform *coarse;
    bfl_float4 *wanted, *missing;
} refinement;

static void take_coarse(bfl_transform *t, size_t index, const float mm[3], bool border, void *context) {
    const refinement *r = context;
    (void)border;
    bfl_spline_place place = bfl_spline_place_of(r->coarse, mm);
    r->wanted[index] = bfl_spline_value(r->coarse, r->coarse->coefficient, &place);
    t->coefficient[index] = r->wanted[index];
}

static void find_missing(bfl_transform *t, size_t index, const float mm[3], bool border, void *context) {
    const refinement *r = context;
    bfl_spline_place place = bfl_spline_place_of(t, mm);
    if (border)
        r->missing[index] = (bfl_float4){0, 0, 0, 0};
    else
        r->missing[index] = r->wanted[index] - bfl_spline_value(t, t->coefficient, &place);
}

void bfl_spline_lattice(bfl_arena *arena, bfl_transform *t, const float extent_mm[3], float knot_mm) {
    static const float MARGIN_MM = 2;
    t->knot_mm = knot_mm;
    for (int a = 0; a < 3; a++) {
        t->knots[a] = (int32_t)ceilf((extent_mm[a] + 2 * MARGIN_MM) / knot_mm) + 4;
        t->first_mm[a] = -MARGIN_MM - knot_mm;
    }
    t->coefficient = BFL_NEW_ARRAY(arena, bfl_spline_knots(t), bfl_float4);
}

void bfl_spline_follow(bfl_arena *arena, bfl_transform *t, const bfl_transform *coarse) {
    enum { CORRECTIONS = 3 };
    memcpy(t->rotation, coarse->rotation, sizeof t->rotation);
    memcpy(t->shift_mm, coarse->shift_mm, sizeof t->shift_mm);
    if (!coarse->coefficient) return;
    const size_t knots = bfl_spline_knots(t);
    bfl_arena_mark mark = bfl_arena_here(arena);
    refinement r = {coarse, BFL_NEW_ARRAY(arena, knots, bfl_float4), BFL_NEW_ARRAY(arena, knots, bfl_float4)};
    each_knot(t, take_coarse, &r);
    /* The values at the knots are no coefficients of an interpolating spline; a few corrections make them so. */
    for (int i = 0; i < CORRECTIONS; i++) {
        each_knot(t, find_missing, &r);
        for (size_t k = 0; k < knots; k++) t->coefficient[k] += r.missing[k];
    }
    bfl_arena_back(arena, mark);
}
