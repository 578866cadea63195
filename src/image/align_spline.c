/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cubic B-spline by Gauss-Newton. Only points at bone are looked at (a few hundred thousand, not all voxels), and the
 * equations are never written out: conjugate gradients only need them applied to a direction. What the data do not say, the
 * smoothness does: second differences of the coefficients, weighed against the data's own stiffness.
 */
#include "image/align.h"
#include "image/transform.h"

#include <math.h>
#include <string.h>

enum { RESIDUALS = 1024 }; /* counted by whole HU, the last bin is everything larger */

typedef struct spline_job {
    const bfl_bone_points *points;
    const bfl_slopes *moving;
    bfl_transform *transform;
    float scale_hu;
    size_t knots;
    bfl_spline_place *place;            /* of each point */
    bfl_float4 *rigid;                  /* where each point lies without the spline */
    bfl_float4 *slope;                  /* of each point: gradient times the root of its weight */
    const bfl_float4 *direction;        /* what the equations are applied to */
    bfl_float4 *sum[BFL_ALIGN_PARTS];   /* right side, or the equations applied, part by part */
    bfl_float4 *stiff[BFL_ALIGN_PARTS]; /* their diagonal */
    double cost[BFL_ALIGN_PARTS];
    uint32_t residuals[BFL_ALIGN_PARTS][RESIDUALS];
} spline_job;

static size_t part_begin(const spline_job *job, size_t part) { return job->points->count * part / BFL_ALIGN_PARTS; }

static float square(bfl_float4 v) { return v[0] * v[0] + v[1] * v[1] + v[2] * v[2]; }

static double total(const bfl_float4 *a, const bfl_float4 *b, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const bfl_float4 p = a[i] * b[i];
        sum += (double)(p[0] + p[1] + p[2]);
    }
    return sum;
}

/* ---- the data ---- */

static void place_part(void *context, size_t part) {
    const spline_job *job = context;
    for (size_t i = part_begin(job, part); i < part_begin(job, part + 1); i++) {
        float mm[3];
        job->place[i] = bfl_spline_place_of(job->transform, job->points->items[i].mm);
        bfl_transform_rigid(job->transform, job->points->items[i].mm, mm);
        job->rigid[i] = (bfl_float4){mm[0], mm[1], mm[2], 0};
    }
}

/* Adds value * (weight of the knot) to the 64 knots of a place; and squared weights to `diagonal`, when there is one. */
static void spread(const bfl_transform *t, const bfl_spline_place *place, bfl_float4 value, bfl_float4 *sum,
                   bfl_float4 own, bfl_float4 *diagonal) {
    const size_t row = (size_t)t->knots[0], slice = row * (size_t)t->knots[1];
    const float *x = place->weight[0];
    for (size_t k = 0; k < 4; k++)
        for (size_t j = 0; j < 4; j++) {
            const size_t at = place->first + k * slice + j * row;
            const float w = place->weight[2][k] * place->weight[1][j];
            const bfl_float4 v = value * w;
            for (size_t i = 0; i < 4; i++) sum[at + i] += v * x[i];
            if (!diagonal) continue;
            const bfl_float4 d = own * (w * w);
            for (size_t i = 0; i < 4; i++) diagonal[at + i] += d * (x[i] * x[i]);
        }
}

/* Residuals, slopes, right side and diagonal of the equations at the spline as it is. */
static void linearise_part(void *context, size_t part) {
    spline_job *job = context;
    const bfl_transform *t = job->transform;
    memset(job->sum[part], 0, job->knots * sizeof **job->sum);
    memset(job->stiff[part], 0, job->knots * sizeof **job->stiff);
    memset(job->residuals[part], 0, sizeof job->residuals[part]);
    double cost = 0;
    for (size_t i = part_begin(job, part); i < part_begin(job, part + 1); i++) {
        const bfl_float4 at = job->rigid[i] + bfl_spline_value(t, t->coefficient, &job->place[i]);
        bfl_float4 m;
        job->slope[i] = (bfl_float4){0, 0, 0, 0};
        if (!bfl_slopes_at(job->moving, (float[3]){at[0], at[1], at[2]}, &m)) continue;
        const float difference = m[0] - job->points->items[i].value, q = difference / job->scale_hu;
        const float robust = 1 / (1 + q * q), weight = robust * robust;
        job->residuals[part][(int32_t)fminf(fabsf(difference), RESIDUALS - 1)]++;
        const bfl_float4 slope = {m[1], m[2], m[3], 0};
        cost += (double)(q * q * robust);
        job->slope[i] = slope * sqrtf(weight);
        spread(t, &job->place[i], slope * (weight * difference), job->sum[part], slope * slope * weight,
               job->stiff[part]);
    }
    job->cost[part] = cost;
}

static void apply_part(void *context, size_t part) {
    const spline_job *job = context;
    const bfl_transform *t = job->transform;
    memset(job->sum[part], 0, job->knots * sizeof **job->sum);
    for (size_t i = part_begin(job, part); i < part_begin(job, part + 1); i++) {
        const bfl_float4 slope = job->slope[i], along = slope * bfl_spline_value(t, job->direction, &job->place[i]);
        spread(t, &job->place[i], slope * (along[0] + along[1] + along[2]), job->sum[part], slope, NULL);
    }
}

static void add_up(bfl_float4 *const parts[BFL_ALIGN_PARTS], size_t count, float sign, bfl_float4 *out) {
    for (size_t i = 0; i < count; i++) {
        bfl_float4 sum = parts[0][i];
        for (int p = 1; p < BFL_ALIGN_PARTS; p++) sum += parts[p][i];
        out[i] = sum * sign;
    }
}

/* ---- smoothness ---- */

/* One second difference d of the coefficients: its energy, and its derivative added to `out`. */
static double bend(const bfl_float4 *c, const size_t at[4], const float sign[4], float factor, float weight,
                   bfl_float4 *out) {
    bfl_float4 d = {0, 0, 0, 0};
    for (int i = 0; i < 4; i++) d += c[at[i]] * sign[i];
    d *= factor;
    if (out)
        for (int i = 0; i < 4; i++) out[at[i]] += d * (sign[i] * factor * weight);
    return (double)square(d);
}

/* Energy of all second differences, along the axes and mixed; adds weight times its derivative to `out` (NULL: only energy). */
static double bending(const bfl_transform *t, const bfl_float4 *c, float weight, bfl_float4 *out) {
    static const float STRAIGHT[4] = {1, -2, 1, 0}, MIXED[4] = {1, -1, -1, 1}, MIXED_FACTOR = 1.41421356F;
    const int32_t *n = t->knots;
    const size_t stride[3] = {1, (size_t)n[0], (size_t)n[0] * (size_t)n[1]};
    double energy = 0;
    size_t at = 0;
    int32_t q[3];
    for (q[2] = 0; q[2] < n[2]; q[2]++)
        for (q[1] = 0; q[1] < n[1]; q[1]++)
            for (q[0] = 0; q[0] < n[0]; q[0]++, at++)
                for (int a = 0; a < 3; a++) {
                    const int b = (a + 1) % 3;
                    if (q[a] > 0 && q[a] < n[a] - 1)
                        energy +=
                            bend(c, (size_t[4]){at - stride[a], at, at + stride[a], at}, STRAIGHT, 1, weight, out);
                    if (q[a] < n[a] - 1 && q[b] < n[b] - 1)
                        energy += bend(c, (size_t[4]){at + stride[a] + stride[b], at + stride[a], at + stride[b], at},
                                       MIXED, MIXED_FACTOR, weight, out);
                }
    return energy * (double)weight;
}

/* ---- one step ---- */

typedef struct solver {
    bfl_float4 *right, *diagonal, *step, *residual, *direction, *applied, *scaled;
} solver;

static solver new_solver(bfl_arena *arena, size_t knots) {
    solver s;
    bfl_float4 **all[] = {&s.right, &s.diagonal, &s.step, &s.residual, &s.direction, &s.applied, &s.scaled};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) *all[i] = BFL_NEW_ARRAY(arena, knots, bfl_float4);
    return s;
}

static double precondition(const solver *s, size_t knots) {
    for (size_t i = 0; i < knots; i++) s->scaled[i] = s->residual[i] / s->diagonal[i];
    return total(s->residual, s->scaled, knots);
}

/* Conjugate gradients with the diagonal as preconditioner. */
static void solve_step(uint32_t threads, spline_job *job, solver *s, float smoothness, int steps) {
    static const float GROUND = 1e-3F; /* keeps knots without data and without neighbours from floating */
    static const double GOOD_ENOUGH = 1e-4;
    const size_t knots = job->knots, bytes = knots * sizeof *s->step;
    memset(s->step, 0, bytes);
    memcpy(s->residual, s->right, bytes);
    double size = precondition(s, knots);
    const double first = size;
    memcpy(s->direction, s->scaled, bytes);
    for (int i = 0; i < steps && size > GOOD_ENOUGH * first; i++) {
        job->direction = s->direction;
        bfl_parallel(threads, BFL_ALIGN_PARTS, apply_part, job);
        add_up(job->sum, knots, 1, s->applied);
        for (size_t k = 0; k < knots; k++) s->applied[k] += s->direction[k] * (GROUND * smoothness);
        (void)bending(job->transform, s->direction, smoothness, s->applied);
        const double curvature = total(s->direction, s->applied, knots);
        if (!(curvature > 0)) return;
        const float length = (float)(size / curvature);
        for (size_t k = 0; k < knots; k++) {
            s->step[k] += s->direction[k] * length;
            s->residual[k] -= s->applied[k] * length;
        }
        const double next = precondition(s, knots);
        const float keep = (float)(next / size);
        for (size_t k = 0; k < knots; k++) s->direction[k] = s->scaled[k] + s->direction[k] * keep;
        size = next;
    }
}

/* Cost of the spline as it is; right side and diagonal are left in the solver. */
static double linearise(uint32_t threads, spline_job *job, solver *s) {
    bfl_parallel(threads, BFL_ALIGN_PARTS, linearise_part, job);
    add_up(job->sum, job->knots, -1, s->right);
    add_up(job->stiff, job->knots, 1, s->diagonal);
    double cost = 0;
    for (int p = 0; p < BFL_ALIGN_PARTS; p++) cost += job->cost[p];
    return cost * (double)job->scale_hu * (double)job->scale_hu;
}

/* Median of the residuals that the last linearisation met, to half an HU. */
static float typical_residual(const spline_job *job) {
    size_t all = 0, below = 0;
    int32_t bin = 0;
    for (int p = 0; p < BFL_ALIGN_PARTS; p++)
        for (int32_t b = 0; b < RESIDUALS; b++) all += job->residuals[p][b];
    for (; bin < RESIDUALS; bin++) {
        for (int p = 0; p < BFL_ALIGN_PARTS; p++) below += job->residuals[p][bin];
        if (below * 2 >= all) break;
    }
    return (float)bin + 0.5F;
}

/* What differs far more than most points do is no misalignment but something new: a lesion must not pull. How much that is depends on
 * noise and on how well two scans can be laid on each other at all, so it is taken from the residuals (3.4 of their deviations,
 * as the median tells them), once a level. */
static double settle_scale(uint32_t threads, spline_job *job, solver *s, double cost) {
    static const float MEDIANS = 5, LEAST_HU = 40;
    const float scale = fmaxf(MEDIANS * typical_residual(job), LEAST_HU);
    if (scale >= job->scale_hu) return cost;
    job->scale_hu = scale;
    return linearise(threads, job, s);
}

/* Mean of the diagonal over the knots that data reach. */
static float stiffness(const solver *s, size_t knots) {
    double sum = 0;
    size_t reached = 0;
    for (size_t i = 0; i < knots; i++) {
        const float d = s->diagonal[i][0] + s->diagonal[i][1] + s->diagonal[i][2];
        if (!(d > 0)) continue;
        sum += (double)d;
        reached++;
    }
    return reached ? (float)(sum / (3.0 * (double)reached)) : 1;
}

static void add_smoothness(const spline_job *job, solver *s, float smoothness, const bfl_float4 *bent) {
    static const float OWN_SHARE = 18.001F; /* diagonal of the second differences, counted over their stencils */
    for (size_t i = 0; i < job->knots; i++) {
        s->right[i] -= bent[i];
        s->diagonal[i] += OWN_SHARE * smoothness;
    }
}

static void iterate(uint32_t threads, spline_job *job, solver *s, const bfl_deform_options *options, bfl_float4 *before,
                    bfl_float4 *bent) {
    static const double WORSE = 1.0005, BARELY_BETTER = 5e-4;
    static const float SHORTER = 0.4F;
    bfl_float4 *c = job->transform->coefficient;
    const size_t bytes = job->knots * sizeof *c;
    float smoothness = 0;
    double last = -1; /* not known */
    for (int step = 0; step < options->steps; step++) {
        double cost = linearise(threads, job, s);
        if (step == 0) cost = settle_scale(threads, job, s, cost);
        if (step == 0) smoothness = options->smoothness * stiffness(s, job->knots);
        memset(bent, 0, bytes);
        cost += bending(job->transform, c, smoothness, bent);
        if (last >= 0 && cost > last * WORSE) { /* the step went too far */
            for (size_t i = 0; i < job->knots; i++) c[i] = before[i] + s->step[i] * SHORTER;
            last = -1;
            continue;
        }
        if (last >= 0 && step > 2 && last - cost < BARELY_BETTER * last) return;
        last = cost;
        add_smoothness(job, s, smoothness, bent);
        solve_step(threads, job, s, smoothness, options->inner_steps);
        memcpy(before, c, bytes);
        for (size_t i = 0; i < job->knots; i++) c[i] += s->step[i];
    }
}

void bfl_align_spline(bfl_arena *arena, uint32_t threads, const bfl_bone_points *points, const bfl_slopes *moving,
                      const bfl_deform_options *options, bfl_transform *transform) {
    bfl_arena_mark mark = bfl_arena_here(arena);
    spline_job job = {.points = points, .moving = moving, .transform = transform, .scale_hu = options->scale_hu};
    job.knots = bfl_spline_knots(transform);
    job.place = BFL_ROOM_FOR(arena, points->count, bfl_spline_place);
    job.rigid = BFL_ROOM_FOR(arena, points->count, bfl_float4);
    job.slope = BFL_NEW_ARRAY(arena, points->count, bfl_float4);
    for (int p = 0; p < BFL_ALIGN_PARTS; p++) {
        job.sum[p] = BFL_NEW_ARRAY(arena, job.knots, bfl_float4);
        job.stiff[p] = BFL_NEW_ARRAY(arena, job.knots, bfl_float4);
    }
    solver s = new_solver(arena, job.knots);
    bfl_float4 *before = BFL_NEW_ARRAY(arena, job.knots, bfl_float4),
               *bent = BFL_NEW_ARRAY(arena, job.knots, bfl_float4);
    bfl_parallel(threads, BFL_ALIGN_PARTS, place_part, &job);
    iterate(threads, &job, &s, options, before, bent);
    bfl_arena_back(arena, mark);
}
