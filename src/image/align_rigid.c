/* SPDX-License-Identifier: Apache-2.0 */
/* Rotation and shift by Gauss-Newton. The rotation is changed by a small one in front of it, so that it stays a rotation. */
#include "image/align.h"
#include "image/transform.h"

#include <math.h>
#include <string.h>

enum { FREEDOMS = 6 };

/* Normal equations: upper triangle of J'WJ, and J'Wr. */
typedef struct normal {
    double matrix[FREEDOMS][FREEDOMS], right[FREEDOMS];
} normal;

typedef struct round_job {
    const bfl_bone_points *points;
    const bfl_slopes *moving;
    const bfl_transform *transform;
    float scale_hu;
    normal parts[BFL_ALIGN_PARTS];
} round_job;

static void add_point(normal *sum, const bfl_transform *t, const float mm[3], bfl_float4 m, float difference,
                      float scale) {
    const float q = difference / scale;
    const float robust = 1 / (1 + q * q), weight = robust * robust;
    float arm[3]; /* from the centre of rotation, after it */
    for (int a = 0; a < 3; a++) arm[a] = mm[a] - t->centre_mm[a] - t->shift_mm[a];
    const float j[FREEDOMS] = {
        m[1], m[2], m[3], arm[1] * m[3] - arm[2] * m[2], arm[2] * m[1] - arm[0] * m[3], arm[0] * m[2] - arm[1] * m[1]};
    for (int a = 0; a < FREEDOMS; a++) {
        sum->right[a] += (double)(weight * difference * j[a]);
        for (int b = a; b < FREEDOMS; b++) sum->matrix[a][b] += (double)(weight * j[a] * j[b]);
    }
}

static void add_part(void *context, size_t part) {
    round_job *job = context;
    normal *sum = &job->parts[part];
    const size_t from = job->points->count * part / BFL_ALIGN_PARTS,
                 to = job->points->count * (part + 1) / BFL_ALIGN_PARTS;
    *sum = (normal){0};
    for (size_t i = from; i < to; i++) {
        const bfl_bone_point *p = &job->points->items[i];
        float mm[3];
        bfl_float4 m;
        bfl_transform_rigid(job->transform, p->mm, mm);
        if (bfl_slopes_at(job->moving, mm, &m)) add_point(sum, job->transform, mm, m, m[0] - p->value, job->scale_hu);
    }
}

/* Solves for the step by Gaussian elimination with pivots; a direction that nothing holds gets no step. */
static void solve(normal *n, double step[FREEDOMS]) {
    static const double DAMPING = 1.001;
    for (int a = 0; a < FREEDOMS; a++) {
        for (int b = 0; b < a; b++) n->matrix[a][b] = n->matrix[b][a];
        n->matrix[a][a] *= DAMPING;
        n->right[a] = -n->right[a];
    }
    for (int c = 0; c < FREEDOMS; c++) {
        int pivot = c;
        for (int r = c + 1; r < FREEDOMS; r++)
            if (fabs(n->matrix[r][c]) > fabs(n->matrix[pivot][c])) pivot = r;
        for (int k = 0; k < FREEDOMS; k++) {
            double held = n->matrix[c][k];
            n->matrix[c][k] = n->matrix[pivot][k];
            n->matrix[pivot][k] = held;
        }
        double held = n->right[c];
        n->right[c] = n->right[pivot];
        n->right[pivot] = held;
        if (!(fabs(n->matrix[c][c]) > 0)) continue;
        for (int r = 0; r < FREEDOMS; r++) {
            if (r == c) continue;
            const double factor = n->matrix[r][c] / n->matrix[c][c];
            for (int k = c; k < FREEDOMS; k++) n->matrix[r][k] -= factor * n->matrix[c][k];
            n->right[r] -= factor * n->right[c];
        }
    }
    for (int a = 0; a < FREEDOMS; a++) step[a] = fabs(n->matrix[a][a]) > 0 ? n->right[a] / n->matrix[a][a] : 0;
}

/* Rodrigues: the rotation about an axis by its length in radians, put before the one there is. */
static void rotate(bfl_transform *t, const double by[3]) {
    const double angle = sqrt(by[0] * by[0] + by[1] * by[1] + by[2] * by[2]);
    if (!(angle > 0)) return;
    const double x = by[0] / angle, y = by[1] / angle, z = by[2] / angle, c = cos(angle), s = sin(angle), v = 1 - c;
    const double q[9] = {c + x * x * v,     x * y * v - z * s, x * z * v + y * s, y * x * v + z * s, c + y * y * v,
                         y * z * v - x * s, z * x * v - y * s, z * y * v + x * s, c + z * z * v};
    float rotated[9];
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            double sum = 0;
            for (size_t k = 0; k < 3; k++) sum += q[3 * i + k] * (double)t->rotation[3 * k + j];
            rotated[3 * i + j] = (float)sum;
        }
    memcpy(t->rotation, rotated, sizeof rotated);
}

/* False when the step was so small that the next would change nothing. */
static bool take(bfl_transform *t, const double step[FREEDOMS]) {
    static const double SMALL_MM = 1e-3, SMALL_RADIANS = 1e-5;
    double moved = 0, turned = 0;
    for (int a = 0; a < 3; a++) {
        t->shift_mm[a] += (float)step[a];
        moved += fabs(step[a]);
        turned += fabs(step[a + 3]);
    }
    rotate(t, step + 3);
    return moved > SMALL_MM || turned > SMALL_RADIANS;
}

void bfl_align_rigid(uint32_t threads, const bfl_bone_points *points, const bfl_slopes *moving, int steps,
                     float scale_hu, bfl_transform *transform) {
    bool moving_still = true;
    for (int i = 0; i < steps && moving_still; i++) {
        round_job job = {.points = points, .moving = moving, .transform = transform, .scale_hu = scale_hu};
        bfl_parallel(threads, BFL_ALIGN_PARTS, add_part, &job);
        normal sum = {0};
        for (int p = 0; p < BFL_ALIGN_PARTS; p++)
            for (int a = 0; a < FREEDOMS; a++) {
                sum.right[a] += job.parts[p].right[a];
                for (int b = a; b < FREEDOMS; b++) sum.matrix[a][b] += job.parts[p].matrix[a][b];
            }
        double step[FREEDOMS];
        solve(&sum, step);
        moving_still = take(transform, step);
    }
}
