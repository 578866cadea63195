/* SPDX-License-Identifier: Apache-2.0 */
/* The moving volume on the fixed grid, the fixed one blurred alike, and how well they fit. */
#include "image/register.h"

#include <math.h>
#include <stdlib.h>

enum { STEP = 4 }; /* the transform is evaluated at every fourth voxel of a slice and interpolated between */

typedef struct warp_job {
    const bfl_grid *grid;    /* what is made */
    const bfl_volume *fixed; /* to be blurred, else NULL */
    const bfl_volume *moving;
    const bfl_transform *transform;
    bfl_volume *out;
    bfl_float4 *nodes; /* scratch of each part: moving indices on the coarse lattice of a slice */
    int32_t across, down;
    size_t parts;
    void (*row)(const struct warp_job *job, int32_t j, int32_t k, const bfl_float4 *nodes);
} warp_job;

typedef void voxel_maker(const warp_job *job, size_t at, const int32_t index[3], const float moving[3]);

static void fill_nodes(const warp_job *job, int32_t k, bfl_float4 *nodes) {
    const bfl_grid *f = job->grid, *m = &job->moving->grid;
    for (int32_t j = 0; j < job->down; j++)
        for (int32_t i = 0; i < job->across; i++, nodes++) {
            const float mm[3] = {(float)(i * STEP * f->spacing_mm[0]), (float)(j * STEP * f->spacing_mm[1]),
                                 (float)(k * f->spacing_mm[2])};
            float moving[3];
            bfl_transform_point(job->transform, mm, moving);
            *nodes = (bfl_float4){0};
            for (int a = 0; a < 3; a++) (*nodes)[a] = moving[a] / (float)m->spacing_mm[a];
        }
}

/* One row, none of which is a measurement until its voxels are made. Inlined with what makes them, since there are many. */
static inline __attribute__((always_inline)) void make_row(const warp_job *job, int32_t j, int32_t k,
                                                           const bfl_float4 *nodes, voxel_maker *make) {
    const int32_t n = job->grid->size[0];
    const size_t first = bfl_grid_index(job->grid, 0, j, k);
    const bfl_float4 *above = nodes + (size_t)(j / STEP) * (size_t)job->across, *below = above + job->across;
    const float fy = (float)(j % STEP) / STEP;
    for (int32_t i = 0; i < n; i++) job->out->hu[first + (size_t)i] = BFL_HU_NONE;
    for (int32_t i = 0; i < n; i++) {
        const bfl_float4 *p = above + i / STEP, *q = below + i / STEP;
        const float fx = (float)(i % STEP) / STEP;
        const bfl_float4 up = p[0] + (p[1] - p[0]) * fx, low = q[0] + (q[1] - q[0]) * fx, at = up + (low - up) * fy;
        make(job, first + (size_t)i, (const int32_t[3]){i, j, k}, (const float[3]){at[0], at[1], at[2]});
    }
}

static void warp_part(void *context, size_t part) {
    const warp_job *job = context;
    bfl_float4 *nodes = job->nodes + part * (size_t)job->across * (size_t)job->down;
    for (int32_t k = (int32_t)part; k < job->grid->size[2]; k += (int32_t)job->parts) {
        fill_nodes(job, k, nodes);
        for (int32_t j = 0; j < job->grid->size[1]; j++) job->row(job, j, k, nodes);
    }
}

/* The cell of the moving grid around an index and where in the cell it lies; false outside the volume. */
static inline bool cell_of(const bfl_grid *grid, const float index[3], size_t *first, float part[3]) {
    int32_t at[3];
    for (int a = 0; a < 3; a++) {
        if (!(index[a] >= 0 && index[a] <= (float)(grid->size[a] - 1))) return false;
        at[a] = (int32_t)index[a];
        if (at[a] > grid->size[a] - 2) at[a] = grid->size[a] - 2;
        if (at[a] < 0) at[a] = 0;
        part[a] = index[a] - (float)at[a];
    }
    *first = bfl_grid_index(grid, at[0], at[1], at[2]);
    return true;
}

/* Trilinear; no value when one of the voxels that count has none. */
static inline void warp_voxel(const warp_job *job, size_t at, const int32_t index[3], const float moving[3]) {
    const bfl_grid *m = &job->moving->grid;
    size_t first = 0;
    float part[3];
    (void)index;
    if (!cell_of(m, moving, &first, part)) return;
    const size_t step[3] = {m->size[0] > 1 ? 1 : 0, m->size[1] > 1 ? (size_t)m->size[0] : 0,
                            m->size[2] > 1 ? (size_t)m->size[0] * (size_t)m->size[1] : 0};
    const float x[2] = {1 - part[0], part[0]};
    const bfl_float4 ends = {x[0], x[1], x[0], x[1]}, lines = {1 - part[1], 1 - part[1], part[1], part[1]};
    float sum = 0;
    for (int up = 0; up < 2; up++) {
        const int16_t *from = job->moving->hu + first + (up ? step[2] : 0), *back = from + step[1];
        const int16_t hu[4] = {from[0], from[step[0]], back[0], back[step[0]]};
        const bfl_float4 weight = ends * lines * (up ? part[2] : 1 - part[2]);
        for (int n = 0; n < 4; n++) {
            if (hu[n] < BFL_HU_LOWEST && weight[n] > 0) return;
            sum += weight[n] * (float)hu[n]; /* a weight of nothing adds nothing */
        }
    }
    job->out->hu[at] = (int16_t)lrintf(sum);
}

/* Weights of four voxels around a place between the second and the third (Keys 1981, a = -0.5). */
static void keys(float t, float weight[4]) {
    weight[0] = ((-0.5F * t + 1) * t - 0.5F) * t;
    weight[1] = (1.5F * t - 2.5F) * t * t + 1;
    weight[2] = ((-1.5F * t + 2) * t + 0.5F) * t;
    weight[3] = (0.5F * t - 0.5F) * t * t;
}

static void sharp_voxel(const warp_job *job, size_t at, const int32_t index[3], const float moving[3]) {
    const bfl_volume *m = job->moving;
    const int32_t *n = m->grid.size;
    size_t first = 0, from[3][4];
    float part[3], weight[3][4], sum = 0;
    if (!cell_of(&m->grid, moving, &first, part)) return;
    for (int a = 0; a < 3; a++) {
        const int32_t whole = (int32_t)(moving[a] - part[a] + 0.5F);
        keys(part[a], weight[a]);
        for (int w = 0; w < 4; w++) {
            int32_t i = whole - 1 + w;
            i = i < 0 ? 0 : i > n[a] - 1 ? n[a] - 1 : i;
            from[a][w] = (size_t)i * (a > 0 ? (size_t)n[0] : 1) * (a > 1 ? (size_t)n[1] : 1);
        }
    }
    for (int k = 0; k < 4; k++)
        for (int j = 0; j < 4; j++) {
            const int16_t *row = m->hu + from[2][k] + from[1][j];
            float along = 0;
            for (int i = 0; i < 4; i++) {
                const int16_t hu = row[from[0][i]];
                if (hu < BFL_HU_LOWEST) {
                    warp_voxel(job, at, index, moving);
                    return;
                }
                along += weight[0][i] * (float)hu;
            }
            sum += weight[2][k] * weight[1][j] * along;
        }
    job->out->hu[at] = (int16_t)lrintf(fminf(fmaxf(sum, BFL_HU_LOWEST), BFL_HU_HIGHEST));
}

static void label_voxel(const warp_job *job, size_t at, const int32_t index[3], const float moving[3]) {
    const bfl_grid *m = &job->moving->grid;
    int32_t near[3];
    (void)index;
    for (int a = 0; a < 3; a++) {
        near[a] = (int32_t)floorf(moving[a] + 0.5F);
        if (near[a] < 0 || near[a] >= m->size[a]) return;
    }
    job->out->hu[at] = job->moving->hu[bfl_grid_index(m, near[0], near[1], near[2])];
}

static inline float neighbour(const bfl_volume *v, const int32_t index[3], int axis, int by, float otherwise) {
    int32_t at[3] = {index[0], index[1], index[2]};
    at[axis] += by;
    if (at[axis] < 0 || at[axis] >= v->grid.size[axis]) return otherwise;
    const int16_t hu = v->hu[bfl_grid_index(&v->grid, at[0], at[1], at[2])];
    return hu < BFL_HU_LOWEST ? otherwise : (float)hu;
}

/* Linear interpolation at a fraction f between voxels has the variance f(1-f) of spacing squared: a three-point kernel with
 * the same variance does to the fixed image what interpolation did to the moving one. */
static inline void blur_voxel(const warp_job *job, size_t at, const int32_t index[3], const float moving[3]) {
    static const float MOST = 0.33F;
    const int16_t hu = job->fixed->hu[at];
    size_t first = 0;
    float part[3];
    job->out->hu[at] = hu;
    if (hu < BFL_HU_LOWEST || !cell_of(&job->moving->grid, moving, &first, part)) return;
    const float value = (float)hu;
    float sum = value;
    for (int a = 0; a < 3; a++) {
        const float ratio = (float)(job->moving->grid.spacing_mm[a] / job->fixed->grid.spacing_mm[a]);
        const float weight = fminf(0.5F * part[a] * (1 - part[a]) * ratio * ratio, MOST);
        sum += weight *
               (neighbour(job->fixed, index, a, -1, value) + neighbour(job->fixed, index, a, 1, value) - 2 * value);
    }
    job->out->hu[at] = (int16_t)lrintf(sum);
}

static void linear_row(const warp_job *job, int32_t j, int32_t k, const bfl_float4 *nodes) {
    make_row(job, j, k, nodes, warp_voxel);
}
static void sharp_row(const warp_job *job, int32_t j, int32_t k, const bfl_float4 *nodes) {
    make_row(job, j, k, nodes, sharp_voxel);
}
static void label_row(const warp_job *job, int32_t j, int32_t k, const bfl_float4 *nodes) {
    make_row(job, j, k, nodes, label_voxel);
}
static void blur_row(const warp_job *job, int32_t j, int32_t k, const bfl_float4 *nodes) {
    make_row(job, j, k, nodes, blur_voxel);
}

static bfl_volume *run(bfl_arena *arena, uint32_t threads, warp_job *job) {
    enum { PARTS = 16 };
    const int32_t *n = job->grid->size;
    job->out = bfl_volume_room(arena, job->grid);
    job->across = (n[0] + STEP - 1) / STEP + 1;
    job->down = (n[1] + STEP - 1) / STEP + 1;
    job->parts = PARTS;
    bfl_arena_mark mark = bfl_arena_here(arena);
    job->nodes = BFL_ROOM_FOR(arena, PARTS * (size_t)job->across * (size_t)job->down, bfl_float4);
    bfl_parallel(threads, PARTS, warp_part, job);
    bfl_arena_back(arena, mark);
    return job->out;
}

bfl_volume *bfl_warp(bfl_arena *arena, uint32_t threads, const bfl_volume *fixed, const bfl_volume *moving,
                     const bfl_transform *transform) {
    return bfl_warp_onto(arena, threads, &fixed->grid, moving, transform, BFL_WARP_LINEAR);
}

bfl_volume *bfl_warp_onto(bfl_arena *arena, uint32_t threads, const bfl_grid *grid, const bfl_volume *moving,
                          const bfl_transform *transform, bfl_warp_how how) {
    warp_job job = {.grid = grid, .moving = moving, .transform = transform, .row = linear_row};
    if (how == BFL_WARP_SHARP) job.row = sharp_row;
    if (how == BFL_WARP_LABELS) job.row = label_row;
    return run(arena, threads, &job);
}

bfl_volume *bfl_match_blur(bfl_arena *arena, uint32_t threads, const bfl_volume *fixed, const bfl_volume *moving,
                           const bfl_transform *transform) {
    warp_job job = {.grid = &fixed->grid, .fixed = fixed, .moving = moving, .transform = transform, .row = blur_row};
    return run(arena, threads, &job);
}

/* ---- fit ---- */

enum { BONE_HU = 200, AROUND = 2 };

/* Sums for a correlation. */
typedef struct moments {
    double a, b, aa, bb, ab;
    size_t n;
} moments;

static void add_pair(moments *m, double a, double b) {
    m->a += a, m->b += b, m->aa += a * a, m->bb += b * b, m->ab += a * b;
    m->n++;
}

static float correlation(const moments *m) {
    const double n = (double)m->n, variance_a = m->aa - m->a * m->a / n, variance_b = m->bb - m->b * m->b / n;
    if (m->n == 0 || !(variance_a > 0) || !(variance_b > 0)) return 0;
    return (float)((m->ab - m->a * m->b / n) / sqrt(variance_a * variance_b));
}

static bool near_bone(const bfl_volume *v, size_t at, int32_t i, int32_t j) {
    const size_t row = (size_t)v->grid.size[0];
    if (i >= AROUND && v->hu[at - AROUND] > BONE_HU) return true;
    if (i + AROUND < v->grid.size[0] && v->hu[at + AROUND] > BONE_HU) return true;
    if (j >= AROUND && v->hu[at - AROUND * row] > BONE_HU) return true;
    return j + AROUND < v->grid.size[1] && v->hu[at + AROUND * row] > BONE_HU;
}

typedef struct fitting {
    moments bone, near;
    double error;
    size_t all, covered, fixed, warped, both;
} fitting;

static void fit_voxel(fitting *f, const bfl_volume *fixed, const bfl_volume *warped, size_t v, int32_t i, int32_t j) {
    const bool a_bone = fixed->hu[v] > BONE_HU, b_bone = warped->hu[v] > BONE_HU;
    f->all += a_bone;
    if (warped->hu[v] < BFL_HU_LOWEST || fixed->hu[v] < BFL_HU_LOWEST) return;
    f->covered += a_bone;
    f->fixed += a_bone, f->warped += b_bone, f->both += a_bone && b_bone;
    if (a_bone || b_bone) {
        add_pair(&f->bone, fixed->hu[v], warped->hu[v]);
        f->error += abs(fixed->hu[v] - warped->hu[v]);
    }
    if (a_bone || b_bone || near_bone(fixed, v, i, j)) add_pair(&f->near, fixed->hu[v], warped->hu[v]);
}

typedef struct fit_job {
    const bfl_volume *fixed, *warped;
    fitting *slices;
} fit_job;

static void fit_slice(void *context, size_t k) {
    const fit_job *job = context;
    const int32_t *n = job->fixed->grid.size;
    size_t v = k * (size_t)n[0] * (size_t)n[1];
    for (int32_t j = 0; j < n[1]; j++)
        for (int32_t i = 0; i < n[0]; i++) fit_voxel(&job->slices[k], job->fixed, job->warped, v++, i, j);
}

static void add_moments(moments *sum, const moments *m) {
    sum->a += m->a, sum->b += m->b, sum->aa += m->aa, sum->bb += m->bb, sum->ab += m->ab;
    sum->n += m->n;
}

/* All are sums of whole numbers, exact in a double: their order does not matter. */
static fitting add_slices(const fitting *slices, size_t count) {
    fitting f = {.error = 0};
    for (size_t k = 0; k < count; k++) {
        const fitting *s = &slices[k];
        add_moments(&f.bone, &s->bone);
        add_moments(&f.near, &s->near);
        f.error += s->error;
        f.all += s->all, f.covered += s->covered, f.fixed += s->fixed, f.warped += s->warped, f.both += s->both;
    }
    return f;
}

bfl_fit bfl_fit_of(bfl_arena *arena, uint32_t threads, const bfl_volume *fixed, const bfl_volume *warped) {
    const size_t slices = (size_t)fixed->grid.size[2];
    bfl_arena_mark mark = bfl_arena_here(arena);
    fit_job job = {fixed, warped, BFL_NEW_ARRAY(arena, slices, fitting)};
    bfl_parallel(threads, slices, fit_slice, &job);
    const fitting f = add_slices(job.slices, slices);
    bfl_arena_back(arena, mark);
    bfl_fit fit = {.bone_voxels = f.all};
    if (f.all == 0 || f.bone.n == 0) return fit;
    fit.overlap = (float)((double)f.covered / (double)f.all);
    fit.bone_dice = (float)(2.0 * (double)f.both / (double)(f.fixed + f.warped));
    fit.bone_error_hu = (float)(f.error / (double)f.bone.n);
    fit.bone_ncc = correlation(&f.bone);
    fit.near_ncc = correlation(&f.near);
    return fit;
}
