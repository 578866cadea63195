/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bone does not bend: where the spline does not move the bone around a place as one stiff piece, a growing lesion may have been
 * registered away. Around every place at bone the best stiff motion is found (small turn and shift, by least squares), and where
 * the spline differs from it by more than a body's slow bending does, the stiff motion is taken.
 */
#include "image/guard.h"

#include "image/transform.h"

#include <math.h>
#include <string.h>

static const float WINDOW_MM = 20; /* how far along connected bone counts as one piece */
/* Mean deviation up to which nothing is changed, and from which all is. */
static const float KEPT_MM = 0.5F, HELD_MM = 1.0F;
static const double DOUBTED_MM = 0.5; /* what is farther from the stiff motion of the rest counts little for it */
enum { BONE_HU = 170, STEP = 2 /* voxels of the image between places */, LEAST_POINTS = 12, BINS = 400 };
enum { ROUNDS = 3, REACH = 6, ACROSS = 2 * REACH + 1, MOST_POINTS = ACROSS * ACROSS * ACROSS };

/* The bone around a place that is connected with the bone at it. */
typedef struct window {
    int32_t at[3]; /* voxel in the middle */
    uint8_t seen[MOST_POINTS];
    uint16_t queue[MOST_POINTS];
    struct {
        double arm[3], moved[3], near; /* from the place, turned as the whole body is; by the spline; weight */
    } points[MOST_POINTS];
    size_t queued, count;
} window;

typedef struct guard_job {
    const bfl_banded *image;
    const bfl_transform *spline;
    bfl_float4 *moved;  /* of each bony voxel: what the spline adds; w is 1 */
    bfl_transform *out; /* its local lattice is filled */
    window *windows;    /* one a slice of the lattice */
    uint32_t (*bins)[BINS];
} guard_job;

static size_t slice_of(const bfl_banded *image) { return (size_t)image->size[0] * (size_t)image->size[1]; }

static void move_slice(void *context, size_t k) {
    const guard_job *job = context;
    const bfl_banded *image = job->image;
    size_t at = k * slice_of(image);
    for (int32_t j = 0; j < image->size[1]; j++)
        for (int32_t i = 0; i < image->size[0]; i++, at++) {
            if (image->value[at] < BONE_HU * BFL_BANDED_PER_HU) continue;
            const float mm[3] = {(float)i * image->spacing_mm, (float)j * image->spacing_mm,
                                 (float)k * image->spacing_mm};
            const bfl_spline_place place = bfl_spline_place_of(job->spline, mm);
            job->moved[at] = bfl_spline_value(job->spline, job->spline->coefficient, &place);
            job->moved[at][3] = 1;
        }
}

/* ---- the bone around a place ---- */

static void look_at(const guard_job *job, window *w, const int32_t offset[3]) {
    const bfl_banded *image = job->image;
    int32_t at[3];
    size_t cell = 0, voxel = 0;
    for (int a = 2; a >= 0; a--) {
        at[a] = w->at[a] + offset[a];
        if (offset[a] < -REACH || offset[a] > REACH || at[a] < 0 || at[a] >= image->size[a]) return;
        cell = cell * ACROSS + (size_t)(offset[a] + REACH);
        voxel = voxel * (size_t)image->size[a] + (size_t)at[a];
    }
    if (w->seen[cell]) return;
    w->seen[cell] = 1;
    if (!(job->moved[voxel][3] > 0)) return;
    float step[3], square = 0;
    for (int a = 0; a < 3; a++) {
        step[a] = (float)offset[a] * image->spacing_mm;
        square += step[a] * step[a];
    }
    const double near = 1 - (double)(square / (WINDOW_MM * WINDOW_MM));
    if (near <= 0) return;
    w->queue[w->queued++] = (uint16_t)cell;
    const float *r = job->spline->rotation;
    for (int a = 0; a < 3; a++, r += 3) {
        w->points[w->count].arm[a] = (double)(r[0] * step[0] + r[1] * step[1] + r[2] * step[2]);
        w->points[w->count].moved[a] = (double)job->moved[voxel][a];
    }
    w->points[w->count++].near = near;
}

static void look_around(const guard_job *job, window *w, const int32_t offset[3], int32_t reach) {
    for (int32_t k = -reach; k <= reach; k++)
        for (int32_t j = -reach; j <= reach; j++)
            for (int32_t i = -reach; i <= reach; i++)
                look_at(job, w, (int32_t[3]){offset[0] + i, offset[1] + j, offset[2] + k});
}

/* From all bone that the place's value is interpolated for, through faces, edges and corners. */
static void fill_window(const guard_job *job, window *w) {
    memset(w->seen, 0, sizeof w->seen);
    w->queued = w->count = 0;
    look_around(job, w, (int32_t[3]){0, 0, 0}, STEP);
    for (size_t head = 0; head < w->queued; head++) {
        const int32_t cell = w->queue[head];
        look_around(
            job, w,
            (int32_t[3]){cell % ACROSS - REACH, cell / ACROSS % ACROSS - REACH, cell / (ACROSS * ACROSS) - REACH}, 1);
    }
}

/* ---- the best stiff motion ---- */

/* moved = shift + turn x (arm - mean), for a small turn. */
typedef struct stiff {
    double turn[3], shift[3], mean[3];
} stiff;

static double off(const stiff *s, const double arm[3], const double moved[3]) {
    double square = 0, r[3];
    for (int a = 0; a < 3; a++) r[a] = arm[a] - s->mean[a];
    for (int a = 0; a < 3; a++) {
        const int b = (a + 1) % 3, c = (a + 2) % 3;
        const double d = s->shift[a] + s->turn[b] * r[c] - s->turn[c] * r[b] - moved[a];
        square += d * d;
    }
    return sqrt(square);
}

static double determinant(double m[3][3]) {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/* (sum of r'r - rr') turn = sum of r x moved. About the length of a rod nothing is known, which the ridge settles. */
static void solve_turn(stiff *s, double square[3][3], double cross[3][3]) {
    static const double RIDGE = 1e-3;
    const double trace = square[0][0] + square[1][1] + square[2][2];
    double matrix[3][3], right[3];
    for (int a = 0; a < 3; a++) {
        const int b = (a + 1) % 3, c = (a + 2) % 3;
        for (int d = 0; d < 3; d++) matrix[a][d] = (a == d ? trace * (1 + RIDGE) : 0) - square[a][d];
        right[a] = cross[b][c] - cross[c][b];
    }
    const double all = determinant(matrix);
    for (int a = 0; a < 3; a++) {
        double replaced[3][3];
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 3; c++) replaced[r][c] = c == a ? right[r] : matrix[r][c];
        s->turn[a] = all > 0 ? determinant(replaced) / all : 0;
    }
}

/* Least squares; from the second round on what differed counts less. */
static stiff fit(const window *w, const stiff *before) {
    stiff s = {.turn = {0}};
    double sum = 0, square[3][3] = {{0}}, cross[3][3] = {{0}};
    for (size_t n = 0; n < w->count; n++) {
        const double *arm = w->points[n].arm, *moved = w->points[n].moved;
        const double q = before ? off(before, arm, moved) / DOUBTED_MM : 0, robust = 1 / (1 + q * q);
        const double weight = w->points[n].near * robust * robust;
        sum += weight;
        for (int a = 0; a < 3; a++) {
            s.mean[a] += weight * arm[a];
            s.shift[a] += weight * moved[a];
            for (int b = 0; b < 3; b++) {
                square[a][b] += weight * arm[a] * arm[b];
                cross[a][b] += weight * arm[a] * moved[b];
            }
        }
    }
    for (int a = 0; a < 3; a++) {
        s.mean[a] /= sum;
        s.shift[a] /= sum;
    }
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            square[a][b] -= sum * s.mean[a] * s.mean[b];
            cross[a][b] -= sum * s.mean[a] * s.shift[b];
        }
    solve_turn(&s, square, cross);
    return s;
}

/* How much of the stiff motion is taken. */
static double share_of(double deviation) {
    const double x = fmin(fmax((deviation - (double)KEPT_MM) / (double)(HELD_MM - KEPT_MM), 0), 1);
    return x * x * (3 - 2 * x);
}

static void hold_place(const guard_job *job, window *w, size_t out, uint32_t *bins) {
    fill_window(job, w);
    if (w->count < LEAST_POINTS) return;
    stiff s = fit(w, NULL);
    for (int round = 1; round < ROUNDS; round++) s = fit(w, &s);
    double deviation = 0, weight = 0;
    for (size_t n = 0; n < w->count; n++) {
        deviation += w->points[n].near * off(&s, w->points[n].arm, w->points[n].moved);
        weight += w->points[n].near;
    }
    deviation /= weight;
    bins[(int32_t)fmin(deviation * 100, BINS - 1)]++;
    const double share = share_of(deviation);
    if (!(share > 0)) return;
    for (int a = 0; a < 3; a++) {
        const int b = (a + 1) % 3, c = (a + 2) % 3;
        const double here = s.shift[a] - s.turn[b] * s.mean[c] + s.turn[c] * s.mean[b];
        job->out->local[out][a] = (float)(share * here);
    }
    job->out->local[out][3] = (float)share;
}

/* Places of one slice of the lattice, at every other voxel. */
static void hold_slice(void *context, size_t slice) {
    const guard_job *job = context;
    const int32_t *n = job->out->local_size, *size = job->image->size;
    size_t out = slice * (size_t)n[0] * (size_t)n[1];
    for (int32_t j = 0; j < n[1]; j++)
        for (int32_t i = 0; i < n[0]; i++, out++) {
            window *w = &job->windows[slice];
            const int32_t at[3] = {i * STEP, j * STEP, (int32_t)slice * STEP};
            memcpy(w->at, at, sizeof at);
            if (at[0] < size[0] && at[1] < size[1] && at[2] < size[2]) hold_place(job, w, out, job->bins[slice]);
        }
}

float bfl_guard_spacing(float image_mm) { return STEP * image_mm; }

bfl_stiffness bfl_guard_hold(bfl_arena *arena, uint32_t threads, const bfl_banded *image, bfl_transform *t) {
    const bfl_transform spline = *t;
    const size_t slices = (size_t)t->local_size[2];
    bfl_arena_mark mark = bfl_arena_here(arena);
    guard_job job = {.image = image, .spline = &spline, .out = t};
    job.moved = BFL_NEW_ARRAY(arena, slice_of(image) * (size_t)image->size[2], bfl_float4);
    job.windows = BFL_NEW_ARRAY(arena, slices, window);
    job.bins = bfl_arena_alloc(arena, slices, sizeof *job.bins);
    bfl_parallel(threads, (size_t)image->size[2], move_slice, &job);
    bfl_parallel(threads, slices, hold_slice, &job);
    bfl_stiffness found = {0};
    size_t all = 0, held = 0, below = 0;
    for (int b = 0; b < BINS; b++)
        for (size_t k = 0; k < slices; k++) {
            all += job.bins[k][b];
            if ((float)b >= KEPT_MM * 100) held += job.bins[k][b];
            if (job.bins[k][b]) found.largest_mm = (float)(b + 1) / 100;
        }
    for (int b = 0; b < BINS && below * 100 < all * 95; b++) {
        for (size_t k = 0; k < slices; k++) below += job.bins[k][b];
        found.p95_mm = (float)(b + 1) / 100;
    }
    found.held = all ? (float)held / (float)all : 0;
    bfl_arena_back(arena, mark);
    return found;
}
