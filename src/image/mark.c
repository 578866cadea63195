/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding what changed. The difference is averaged over balls of three sizes within bone; each average is compared with how
 * much averages of that size vary where nothing is thought to have changed; the strongest of the three counts. Around each
 * peak the change is grown down to a share of its height. Numbers: docs/ct.md.
 */
#include "image/mark.h"
#include "image/doubt.h"
#include "image/nudge.h"
#include "image/skeleton.h"
#include "image/vary.h"

#include <math.h>
#include <string.h>

static const float GRID_MM = 1.5F, AROUND_BONE_MM = 3, BORDER_MM = 4, AIR_HU = -200, AROUND_AIR_MM = 1.6F;
/* Less than two voxels of air is what interpolation and a slightly wrong fit make; blur at an edge of bone reaches two voxels. */
static const float AIR_MOVED_MM = 3, AROUND_MOVED_AIR_MM = 3;
static const float MOST_CHANGE_HU = 600,
                   DENSEST_HU = 1300; /* denser is metal or contrast agent, which changes as it likes */
static const float SCALE_MM[] = {1.3F, 2, 3};
enum { SCALES = 3 };
static const float LEAST_COVER = 0.35F, SCALE_NORM = 1.6F;
static const float LEAST_STRENGTH = 2.5F, PEAK_APART_MM = 4;
static const float REACH_MM = 14, LEAST_CHANGE_HU = 35, PEAK_SHARE = 0.45F, LEAST_MM3 = 25, GOOD_COMPACTNESS = 0.5F,
                   LEAST_IN_BONE = 0.7F, EDGE_MM = 3, SHELL_MM = 4.5F;
static const float DEFAULT_SCORE = 3;

/* ---- where to look ---- */

/* Voxels of the working grid whose place in the volume holds a measurement. */
static bfl_shape *measured(bfl_arena *arena, const bfl_image *image, const bfl_volume *volume) {
    bfl_shape *shape = bfl_shape_new(arena, image->size, image->spacing_mm[0]);
    size_t v = 0;
    int32_t at[3], from[3];
    for (at[2] = 0; at[2] < image->size[2]; at[2]++)
        for (at[1] = 0; at[1] < image->size[1]; at[1]++)
            for (at[0] = 0; at[0] < image->size[0]; at[0]++) {
                for (int a = 0; a < 3; a++) {
                    from[a] =
                        (int32_t)((double)at[a] * (double)image->spacing_mm[a] / volume->grid.spacing_mm[a] + 0.5);
                    if (from[a] > volume->grid.size[a] - 1) from[a] = volume->grid.size[a] - 1;
                }
                shape->in[v++] = volume->hu[bfl_grid_index(&volume->grid, from[0], from[1], from[2])] >= BFL_HU_LOWEST;
            }
    return shape;
}

/* The outermost voxels, which have no neighbours to be judged by. */
static void clear_rim(bfl_shape *shape) {
    enum { RIM = 2 };
    size_t v = 0;
    int32_t at[3];
    for (at[2] = 0; at[2] < shape->size[2]; at[2]++)
        for (at[1] = 0; at[1] < shape->size[1]; at[1]++)
            for (at[0] = 0; at[0] < shape->size[0]; at[0]++, v++)
                for (int a = 0; a < 3; a++)
                    if (at[a] < RIM || at[a] >= shape->size[a] - RIM) shape->in[v] = 0;
}

/* What was air at one date and, well inside, soft tissue at the other: lung that moved along bone. A bone's edge is blurred with air at
 * one date and with tissue at the other, which changes it though nothing happened. (Bone where air was has grown.) */
static bfl_shape *air_that_moved(bfl_arena *arena, uint32_t threads, const bfl_image *one, const bfl_skeleton *other) {
    const size_t voxels = bfl_image_voxels(one);
    bfl_shape *moved = bfl_shape_new(arena, one->size, one->spacing_mm[0]);
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *still = bfl_shape_new(arena, one->size, one->spacing_mm[0]);
    for (size_t v = 0; v < voxels; v++) still->in[v] = other->image->value[v] < AIR_HU;
    bfl_shape_grow(arena, threads, still, AIR_MOVED_MM);
    for (size_t v = 0; v < voxels; v++) moved->in[v] = one->value[v] < AIR_HU && !still->in[v] && !other->bone->in[v];
    bfl_shape_grow(arena, threads, moved, AIR_MOVED_MM + AROUND_MOVED_AIR_MM);
    bfl_arena_back(arena, mark);
    return moved;
}

/* In and around the bone of either date, where both were measured, and not in air. */
static bfl_shape *where_to_search(bfl_arena *arena, uint32_t threads, const bfl_skeleton *was, const bfl_skeleton *is,
                                  const bfl_volume *before, const bfl_volume *after) {
    bfl_shape *searched = bfl_shape_copy(arena, is->bone);
    const size_t voxels = bfl_shape_voxels(searched);
    for (size_t v = 0; v < voxels; v++) searched->in[v] |= was->bone->in[v];
    bfl_shape_grow(arena, threads, searched, AROUND_BONE_MM);
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *air = bfl_shape_copy(arena, searched);
    for (size_t v = 0; v < voxels; v++) air->in[v] = is->image->value[v] < AIR_HU || was->image->value[v] < AIR_HU;
    bfl_shape_grow(arena, threads, air, AROUND_AIR_MM);
    const bfl_shape *left = air_that_moved(arena, threads, was->image, is),
                    *came = air_that_moved(arena, threads, is->image, was);
    for (size_t v = 0; v < voxels; v++) air->in[v] |= left->in[v] | came->in[v];
    bfl_shape *both = measured(arena, is->image, before);
    const bfl_shape *now = measured(arena, is->image, after);
    for (size_t v = 0; v < voxels; v++) both->in[v] &= now->in[v];
    bfl_shape_shrink(arena, threads, both, BORDER_MM);
    clear_rim(both);
    for (size_t v = 0; v < voxels; v++) searched->in[v] &= both->in[v] & is->body->in[v] & (uint8_t)!air->in[v];
    bfl_arena_back(arena, mark);
    return searched;
}

/* ---- what varies without a change ---- */

/* About a hundred thousand voxels of what is bone at both dates, sorted. */
static bfl_sample sample_bone(bfl_arena *arena, const float *value, const bfl_marks *c, bool absolute) {
    enum { WANTED = 100000 };
    const size_t voxels = bfl_shape_voxels(c->searched);
    size_t bony = 0, seen = 0;
    for (size_t v = 0; v < voxels; v++) bony += c->searched->in[v] & c->bone_before->in[v] & c->bone_after->in[v];
    const size_t stride = bony / WANTED + 1;
    bfl_sample s = {BFL_NEW_ARRAY(arena, bony / stride + 1, float), 0};
    for (size_t v = 0; v < voxels; v++) {
        if (!(c->searched->in[v] & c->bone_before->in[v] & c->bone_after->in[v])) continue;
        if (seen++ % stride == 0) s.values[s.count++] = absolute ? fabsf(value[v]) : value[v];
    }
    bfl_sample_sort(arena, &s);
    return s;
}

static float noise_of(bfl_arena *arena, const bfl_image *image, const bfl_marks *c) {
    bfl_arena_mark mark = bfl_arena_here(arena);
    const float noise = bfl_sample_noise(sample_bone(arena, image->value, c, true));
    bfl_arena_back(arena, mark);
    return noise;
}

/* ---- the difference and its strength ---- */

static bfl_image *like(bfl_arena *arena, const bfl_image *image) {
    bfl_image *other = BFL_NEW(arena, bfl_image);
    *other = *image;
    other->value = BFL_NEW_ARRAY(arena, bfl_image_voxels(image), float);
    return other;
}

static void subtract(bfl_arena *arena, bfl_marks *c) {
    const size_t voxels = bfl_image_voxels(c->after);
    c->difference = like(arena, c->after);
    float *d = c->difference->value;
    for (size_t v = 0; v < voxels; v++)
        d[v] = fminf(c->after->value[v], DENSEST_HU) - fminf(c->before->value[v], DENSEST_HU);
    bfl_arena_mark mark = bfl_arena_here(arena);
    const bfl_sample s = sample_bone(arena, d, c, false);
    c->offset_hu = bfl_sample_at(&s, 0.5);
    bfl_arena_back(arena, mark);
    for (size_t v = 0; v < voxels; v++) {
        const float value = d[v] - c->offset_hu;
        d[v] = c->searched->in[v] ? fminf(fmaxf(value, -MOST_CHANGE_HU), MOST_CHANGE_HU) : 0;
    }
}

/* Where the scans lie badly on each other everything differs: strengths are divided by how strong they are around, when that is
 * more than chance. A lesion alone in its surroundings hardly counts for them: what is over three counts as three. */
static void calm_down(bfl_arena *arena, uint32_t threads, const bfl_marks *c, const bfl_image *cover, bfl_image *z) {
    static const float AROUND_MM = 20, COARSE_MM = 6, MOST = 3;
    bfl_arena_mark mark = bfl_arena_here(arena);
    const size_t voxels = bfl_image_voxels(z);
    bfl_image *square = like(arena, z);
    for (size_t v = 0; v < voxels; v++) {
        const float held = fminf(fabsf(z->value[v]), MOST);
        square->value[v] = held * held;
    }
    const bfl_image *sum = bfl_image_coarser(arena, threads, square, COARSE_MM, AROUND_MM);
    const bfl_image *part = bfl_image_coarser(arena, threads, cover, COARSE_MM, AROUND_MM);
    double all = 0;
    size_t count = 0;
    for (size_t v = 0; v < voxels; v++)
        if (c->searched->in[v]) all += (double)square->value[v], count++;
    const float usual = count ? (float)(all / (double)count) : 1;
    for (size_t v = 0; v < voxels; v++) {
        if (!c->searched->in[v]) continue;
        size_t at = 0, stride = 1, rest = v;
        for (int a = 0; a < 3; a++) {
            const size_t index = rest % (size_t)z->size[a];
            const size_t coarse = (size_t)((float)index * GRID_MM / COARSE_MM + 0.5F), last = (size_t)sum->size[a] - 1;
            rest /= (size_t)z->size[a];
            at += (coarse < last ? coarse : last) * stride;
            stride *= (size_t)sum->size[a];
        }
        const float around = sum->value[at] / fmaxf(part->value[at], 1e-3F);
        if (around > usual) z->value[v] /= sqrtf(around / usual);
    }
    bfl_arena_back(arena, mark);
}

/* Strength of the change around each voxel, with its sign: the largest over the scales. */
static bfl_image *strengths(bfl_arena *arena, uint32_t threads, bfl_marks *c) {
    bfl_image *best = like(arena, c->difference);
    bfl_arena_mark all = bfl_arena_here(arena);
    bfl_image *cover = like(arena, c->difference);
    const size_t voxels = bfl_image_voxels(best);
    for (size_t v = 0; v < voxels; v++) cover->value[v] = c->searched->in[v];
    bfl_image *steep = like(arena, c->difference);
    for (size_t v = 0; v < voxels; v++)
        if (c->searched->in[v]) steep->value[v] = bfl_steepness(c->before, v);
    for (int s = 0; s < SCALES; s++) {
        bfl_arena_mark mark = bfl_arena_here(arena);
        bfl_image *mean = bfl_image_coarser(arena, threads, c->difference, GRID_MM, SCALE_MM[s]);
        const bfl_image *part = bfl_image_coarser(arena, threads, cover, GRID_MM, SCALE_MM[s]);
        for (size_t v = 0; v < voxels; v++) mean->value[v] /= fmaxf(part->value[v], LEAST_COVER);
        if (s == SCALES / 2) c->noise_hu = noise_of(arena, mean, c);
        const bfl_steep_noise noise = bfl_steep_noise_of(arena, mean, steep, c->searched);
        const float unit = sqrtf(SCALE_MM[s]) / SCALE_NORM;
        for (size_t v = 0; v < voxels; v++) {
            const float z =
                c->searched->in[v] ? mean->value[v] * unit / bfl_steep_noise_at(&noise, steep->value[v]) : 0;
            if (fabsf(z) > fabsf(best->value[v])) best->value[v] = z;
        }
        bfl_arena_back(arena, mark);
    }
    calm_down(arena, threads, c, cover, best);
    bfl_arena_back(arena, all);
    return best;
}

/* ---- peaks ---- */

typedef struct peak {
    float strength;
    size_t voxel;
} peak;

typedef BFL_LIST(peak) peak_list;

static int strongest_first(const void *a, const void *b, const void *context) {
    const peak *x = a, *y = b;
    (void)context;
    const float p = fabsf(x->strength), q = fabsf(y->strength);
    if (p > q) return -1;
    return p < q ? 1 : x->voxel < y->voxel ? -1 : x->voxel > y->voxel;
}

/* Is no voxel around stronger in the same direction? Of equals the first counts. */
static bool is_peak(const bfl_image *z, size_t voxel, int32_t reach) {
    int32_t at[3], low[3], high[3];
    const float sign = z->value[voxel] > 0 ? 1 : -1, height = z->value[voxel] * sign;
    bfl_voxel_at(z->size, voxel, at);
    for (int a = 0; a < 3; a++) {
        low[a] = at[a] > reach ? at[a] - reach : 0;
        high[a] = at[a] + reach < z->size[a] ? at[a] + reach : z->size[a] - 1;
    }
    for (int32_t k = low[2]; k <= high[2]; k++)
        for (int32_t j = low[1]; j <= high[1]; j++)
            for (int32_t i = low[0]; i <= high[0]; i++) {
                const size_t v = bfl_image_index(z, i, j, k);
                const float other = z->value[v] * sign;
                if (other > height || (v < voxel && other >= height)) return false;
            }
    return true;
}

static peak_list find_peaks(bfl_arena *arena, const bfl_image *z) {
    const int32_t reach = (int32_t)(PEAK_APART_MM / 2 / GRID_MM + 0.5F);
    const size_t voxels = bfl_image_voxels(z);
    peak_list peaks = {0};
    for (size_t v = 0; v < voxels; v++)
        if (fabsf(z->value[v]) > LEAST_STRENGTH && is_peak(z, v, reach))
            *BFL_PUSH(arena, &peaks) = (peak){z->value[v], v};
    bfl_sort(arena, peaks.items, peaks.count, sizeof *peaks.items, strongest_first, NULL);
    return peaks;
}

/* ---- growing a change around a peak ---- */

enum { TAKEN = 1, VISITED = 2, EDGE = 4, COUNTED = 8, CORE = 16 };

typedef BFL_LIST(size_t) voxel_list;

typedef struct growing {
    const bfl_marks *changes;
    uint8_t *taken; /* TAKEN by an earlier change, on the EDGE of one, VISITED by this one */
    int sign;
    float least;
    int32_t at[3];
    voxel_list voxels;
    size_t own, others; /* of these, those that no earlier change took, and those that one did; edges are neither */
} growing;

/* The median of the 27 values around a place, in the direction of the change. */
static float height_around(const bfl_image *d, const int32_t at[3], int sign) {
    float v[27];
    size_t n = 0;
    for (int32_t k = at[2] - 1; k <= at[2] + 1; k++)
        for (int32_t j = at[1] - 1; j <= at[1] + 1; j++)
            for (int32_t i = at[0] - 1; i <= at[0] + 1; i++) {
                if (i < 0 || j < 0 || k < 0 || i >= d->size[0] || j >= d->size[1] || k >= d->size[2]) continue;
                float value = d->value[bfl_image_index(d, i, j, k)] * (float)sign;
                size_t place = n++;
                for (; place > 0 && v[place - 1] > value; place--) v[place] = v[place - 1];
                v[place] = value;
            }
    return v[n * 6 / 10];
}

/* Where to grow from: the peak; or, since averages over a shell are highest in its middle, which need not have changed, the strongest
 * change close to it. */
static size_t start_of(const bfl_image *d, size_t top, int sign) {
    const int32_t reach = (int32_t)(SHELL_MM / GRID_MM);
    int32_t at[3], to[3];
    bfl_voxel_at(d->size, top, at);
    if (d->value[top] * (float)sign > fmaxf(LEAST_CHANGE_HU, PEAK_SHARE * height_around(d, at, sign))) return top;
    size_t best = top;
    for (to[2] = at[2] - reach; to[2] <= at[2] + reach; to[2]++)
        for (to[1] = at[1] - reach; to[1] <= at[1] + reach; to[1]++)
            for (to[0] = at[0] - reach; to[0] <= at[0] + reach; to[0]++) {
                int32_t away = 0;
                bool inside = true;
                for (int a = 0; a < 3; a++) {
                    inside &= to[a] >= 0 && to[a] < d->size[a];
                    away += (to[a] - at[a]) * (to[a] - at[a]);
                }
                if (!inside || away > reach * reach) continue;
                const size_t v = bfl_image_index(d, to[0], to[1], to[2]);
                if (d->value[v] * (float)sign > d->value[best] * (float)sign) best = v;
            }
    return best;
}

static bool belongs(const growing *g, const int32_t at[3], size_t v) {
    const int32_t reach = (int32_t)(REACH_MM / GRID_MM);
    for (int a = 0; a < 3; a++)
        if (at[a] < g->at[a] - reach || at[a] > g->at[a] + reach) return false;
    return g->changes->searched->in[v] && !(g->taken[v] & VISITED) &&
           g->changes->difference->value[v] * (float)g->sign > g->least;
}

static void visit(bfl_arena *arena, growing *g, size_t v) {
    g->own += g->taken[v] == 0;
    g->others += g->taken[v] & TAKEN;
    g->taken[v] |= VISITED;
    *BFL_PUSH(arena, &g->voxels) = v;
}

/* Through faces. Voxels of earlier changes are walked through but not counted: a second peak on the same lesion adds little. */
static void grow_change(bfl_arena *arena, growing *g, size_t start) {
    const bfl_image *d = g->changes->difference;
    const size_t stride[3] = {1, (size_t)d->size[0], (size_t)d->size[0] * (size_t)d->size[1]};
    bfl_voxel_at(d->size, start, g->at);
    if (!belongs(g, g->at, start)) return;
    visit(arena, g, start);
    for (size_t head = 0; head < g->voxels.count; head++) {
        int32_t at[3];
        bfl_voxel_at(d->size, g->voxels.items[head], at);
        for (int n = 0; n < 6; n++) {
            const int a = n / 2, step = n % 2 ? 1 : -1;
            int32_t next[3] = {at[0], at[1], at[2]};
            next[a] += step;
            if (next[a] < 0 || next[a] >= d->size[a]) continue;
            const size_t v = step > 0 ? g->voxels.items[head] + stride[a] : g->voxels.items[head] - stride[a];
            if (belongs(g, next, v)) visit(arena, g, v);
        }
    }
}

/* A lesion is blurred: what changed the same way close around it is its edge. Grown from a peak on it, lower down than the lesion
 * was, it would be a shell around the lesion, and the same thing told twice. */
static void take_with_edge(const growing *g) {
    const bfl_image *d = g->changes->difference;
    const int32_t reach = (int32_t)(EDGE_MM / GRID_MM);
    for (size_t n = 0; n < g->voxels.count; n++) {
        int32_t at[3], e[3];
        bfl_voxel_at(d->size, g->voxels.items[n], at);
        for (e[2] = at[2] - reach; e[2] <= at[2] + reach; e[2]++)
            for (e[1] = at[1] - reach; e[1] <= at[1] + reach; e[1]++)
                for (e[0] = at[0] - reach; e[0] <= at[0] + reach; e[0]++) {
                    bool inside = true;
                    for (int a = 0; a < 3; a++) inside &= e[a] >= 0 && e[a] < d->size[a];
                    const size_t v = inside ? bfl_image_index(d, e[0], e[1], e[2]) : 0;
                    if (inside && d->value[v] * (float)g->sign > 0) g->taken[v] |= EDGE;
                }
    }
    for (size_t n = 0; n < g->voxels.count; n++) g->taken[g->voxels.items[n]] = TAKEN;
}

/* The box of a mark's voxels. */
typedef struct extent {
    int32_t low[3], high[3];
} extent;

static extent extent_of(const bfl_image *d, const size_t *voxels, size_t count) {
    extent e = {{INT32_MAX, INT32_MAX, INT32_MAX}, {0, 0, 0}};
    for (size_t n = 0; n < count; n++) {
        int32_t at[3];
        bfl_voxel_at(d->size, voxels[n], at);
        for (int a = 0; a < 3; a++) {
            if (at[a] < e.low[a]) e.low[a] = at[a];
            if (at[a] > e.high[a]) e.high[a] = at[a];
        }
    }
    return e;
}

/* Whether, looking along the axes, the mark is met in nearly all directions. */
static bool is_enclosed(const bfl_image *d, const uint8_t *taken, const extent *e, const int32_t at[3]) {
    enum { SIDES = 6, LEAST = 5 };
    int met = 0;
    for (int s = 0; s < SIDES && met + SIDES - s >= LEAST; s++) {
        int32_t to[3] = {at[0], at[1], at[2]};
        const int a = s / 2, step = s % 2 ? 1 : -1;
        bool meets = false;
        while (!meets && (to[a] += step) >= e->low[a] && to[a] <= e->high[a])
            meets = taken[bfl_image_index(d, to[0], to[1], to[2])] & VISITED;
        met += meets;
    }
    return met >= LEAST;
}

/* What a mark encloses: a shell is as solid as its core makes it. */
static void find_core(bfl_arena *arena, const bfl_image *d, uint8_t *taken, const growing *g, voxel_list *core) {
    const extent e = extent_of(d, g->voxels.items, g->voxels.count);
    int32_t at[3];
    for (at[2] = e.low[2] + 1; at[2] < e.high[2]; at[2]++)
        for (at[1] = e.low[1] + 1; at[1] < e.high[1]; at[1]++)
            for (at[0] = e.low[0] + 1; at[0] < e.high[0]; at[0]++) {
                const size_t v = bfl_image_index(d, at[0], at[1], at[2]);
                if (!(taken[v] & VISITED) && is_enclosed(d, taken, &e, at)) *BFL_PUSH(arena, core) = v;
            }
    for (size_t n = 0; n < core->count; n++) taken[core->items[n]] |= CORE;
}

/* Diameter of the largest ball inside, over the diameter of a ball of the same volume: near 1 for a ball, small for a sheet. */
static float compactness(const bfl_image *d, const uint8_t *taken, const voxel_list *voxels, size_t all) {
    float widest = 0;
    for (size_t n = 0; n < voxels->count; n++) {
        int32_t at[3];
        int32_t radius = 0;
        bfl_voxel_at(d->size, voxels->items[n], at);
        for (bool inside = true; inside && radius < 10;) {
            radius++;
            for (int s = 0; s < 6 && inside; s++) {
                int32_t next[3] = {at[0], at[1], at[2]};
                next[s / 2] += s % 2 ? radius : -radius;
                inside = next[s / 2] >= 0 && next[s / 2] < d->size[s / 2] &&
                         (taken[bfl_image_index(d, next[0], next[1], next[2])] & (VISITED | CORE));
            }
        }
        widest = fmaxf(widest, 2 * (float)radius - 1);
    }
    return widest / cbrtf(6 * (float)all / 3.14159265F);
}

/* How solid a mark is: as it is, or with what it encloses. */
static float solidity(bfl_arena *arena, const bfl_image *d, uint8_t *taken, const growing *g) {
    const float alone = compactness(d, taken, &g->voxels, g->voxels.count);
    if (alone >= GOOD_COMPACTNESS) return 1;
    voxel_list core = {0};
    find_core(arena, d, taken, g, &core);
    const float filled = compactness(d, taken, &core, g->voxels.count + core.count);
    for (size_t n = 0; n < core.count; n++) taken[core.items[n]] &= (uint8_t)~CORE;
    return fminf(1, fmaxf(alone, filled) / GOOD_COMPACTNESS);
}

/* Does most of it lie in what is bone at one of the dates? Vessels, cartilage and the lung's edge beside bone do not. */
static bool in_bone(const growing *g) {
    size_t bony = 0;
    for (size_t n = 0; n < g->voxels.count; n++)
        bony += g->changes->bone_before->in[g->voxels.items[n]] | g->changes->bone_after->in[g->voxels.items[n]];
    return (float)bony >= LEAST_IN_BONE * (float)g->voxels.count;
}

/* What changed in the blurred edge around a mark, which reaches two voxels: what belongs to no other mark. */
static double edge_sum(bfl_arena *arena, const bfl_marks *c, uint8_t *taken, const bfl_mark *m) {
    enum { LAYERS = 2 };
    const bfl_image *d = c->difference;
    const size_t stride[3] = {1, (size_t)d->size[0], (size_t)d->size[0] * (size_t)d->size[1]};
    const size_t voxels = bfl_image_voxels(d);
    BFL_LIST(size_t) edge = {0};
    double sum = 0;
    size_t from = 0;
    for (int layer = 0; layer < LAYERS; layer++) {
        const size_t to = layer ? edge.count : m->count;
        for (size_t n = layer ? from : 0; n < to; n++)
            for (int a = 0; a < 6; a++) {
                const size_t v = layer ? edge.items[n] : m->voxels[n], step = stride[a / 2];
                const size_t next = a % 2 ? v + step : v - step;
                if (next >= voxels || taken[next] & (TAKEN | VISITED | COUNTED)) continue;
                taken[next] |= COUNTED;
                *BFL_PUSH(arena, &edge) = next;
                sum += (double)d->value[next];
            }
        from = layer ? to : 0;
    }
    for (size_t n = 0; n < edge.count; n++) taken[edge.items[n]] &= (uint8_t)~COUNTED;
    return sum;
}

/* Mean change of the mark's core, without the weakest fifth, which is blurred edge; and the volume that a change of that height would
 * need to hold all that changed, the edge included. (A fifth makes the mean that of what was put in, docs/ct.md; the mean of all is
 * 12 HU too small, and the 90th percentile, which noise raises, 30 too large.) */
static void measure(bfl_arena *arena, const bfl_marks *c, uint8_t *taken, bfl_mark *m) {
    enum { EDGE_PARTS = 5 };
    const float voxel_mm3 = GRID_MM * GRID_MM * GRID_MM, sign = (float)m->sign;
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_sample s = {BFL_NEW_ARRAY(arena, m->count, float), m->count};
    double inside = 0, core = 0;
    for (size_t n = 0; n < m->count; n++) {
        s.values[n] = c->difference->value[m->voxels[n]] * sign;
        inside += (double)s.values[n];
    }
    bfl_sample_sort(arena, &s);
    const size_t first = m->count / EDGE_PARTS;
    for (size_t n = first; n < m->count; n++) core += (double)s.values[n];
    const double height = core / (double)(m->count - first);
    const double all = inside + fmax(edge_sum(arena, c, taken, m) * (double)sign, 0);
    m->core_hu = s.values[first];
    m->change_hu = (float)height * sign;
    m->volume_mm3 = (float)(all / height) * voxel_mm3;
    bfl_arena_back(arena, mark);
}

/* A mark that touches an earlier one is what is left of it: no voxel is measured twice. */
static void take_own(bfl_arena *arena, const growing *g, bfl_mark *m) {
    m->voxels = BFL_NEW_ARRAY(arena, g->voxels.count, size_t);
    for (size_t n = 0; n < g->voxels.count; n++)
        if (!(g->taken[g->voxels.items[n]] & TAKEN)) m->voxels[m->count++] = g->voxels.items[n];
}

/* The share of a change that is left when the neighbourhood is shifted: the rest was a shift. */
static float left_of(const bfl_marks *calm, const bfl_marks *c, const bfl_mark *m) {
    float left = 0, all = 0;
    for (size_t n = 0; n < m->count; n++) {
        left += calm->difference->value[m->voxels[n]];
        all += c->difference->value[m->voxels[n]];
    }
    return fminf(fmaxf(left / all, 0), 1);
}

/* How far a mark that would be shown is to be trusted. */
static float trust(bfl_arena *arena, const bfl_marks *c, const bfl_mark *m) {
    const bfl_change change = {.before = c->before,
                               .after = c->after,
                               .difference = c->difference,
                               .searched = c->searched,
                               .offset_hu = c->offset_hu,
                               .sign = m->sign,
                               .voxels = m->voxels,
                               .count = m->count};
    return bfl_change_trust(arena, &change);
}

/* A mark that cannot reach the least score only takes its voxels. */
static bool take_change(bfl_arena *arena, const bfl_marks *c, uint8_t *taken, const peak *p, float least_score,
                        bfl_mark *out) {
    const float voxel_mm3 = GRID_MM * GRID_MM * GRID_MM;
    growing g = {.changes = c, .taken = taken, .sign = p->strength > 0 ? 1 : -1};
    const size_t start = start_of(c->difference, p->voxel, g.sign);
    bfl_voxel_at(c->difference->size, start, g.at);
    g.least = fmaxf(LEAST_CHANGE_HU, PEAK_SHARE * height_around(c->difference, g.at, g.sign));
    grow_change(arena, &g, start);
    const bool kept = (float)g.voxels.count * voxel_mm3 >= LEAST_MM3 && g.own >= g.others && in_bone(&g);
    if (kept) {
        *out = (bfl_mark){.sign = g.sign, .strength = fabsf(p->strength)};
        take_own(arena, &g, out);
        if (out->strength >= least_score) out->score = out->strength * solidity(arena, c->difference, taken, &g);
        for (int a = 0; a < 3; a++) out->peak_mm[a] = (float)g.at[a] * GRID_MM;
        if (out->score >= least_score) measure(arena, c, taken, out);
    }
    for (size_t n = 0; n < g.voxels.count; n++) taken[g.voxels.items[n]] &= (uint8_t)~VISITED;
    if (kept) take_with_edge(&g);
    return kept;
}

static int best_first(const void *a, const void *b, const void *context) {
    const bfl_mark *x = a, *y = b;
    (void)context;
    return x->score > y->score ? -1 : x->score < y->score;
}

/* The bones of both, side by side: much of the way to them is one step after the other. */
typedef struct skeletons {
    const bfl_volume *volumes[2];
    uint32_t threads;
    bfl_skeleton of[2];
} skeletons;

static void find_skeleton(bfl_arena *own, void *context, size_t index) {
    skeletons *s = context;
    s->of[index] = bfl_skeleton_of(own, s->threads, s->volumes[index], GRID_MM);
}

bfl_marks bfl_marks_of(bfl_arena *arena, const bfl_volume *before, const bfl_volume *after,
                       const bfl_mark_options *options) {
    enum { MOST_PEAKS = 1500 };
    skeletons both = {{before, after}, options->threads, {{.threshold_hu = 0}}};
    bfl_parallel_own(arena, options->threads, 2, find_skeleton, &both);
    const bfl_skeleton was = both.of[0], is = both.of[1];
    bfl_marks c = {.before = was.image,
                   .after = is.image,
                   .bone_before = was.bone,
                   .bone_after = is.bone,
                   .canal_after = is.canal};
    c.searched = where_to_search(arena, options->threads, &was, &is, before, after);
    subtract(arena, &c);
    bfl_marks calm = c; /* finds; what is told of a change is measured on what was registered alone */
    calm.before = bfl_nudged(arena, options->threads, c.before, c.after, c.searched);
    subtract(arena, &calm);
    const bfl_image *z = strengths(arena, options->threads, &calm);
    c.noise_hu = calm.noise_hu;
    const peak_list peaks = find_peaks(arena, z);
    uint8_t *taken = BFL_NEW_ARRAY(arena, bfl_image_voxels(z), uint8_t);
    const float least = options->least_score > 0 ? options->least_score : DEFAULT_SCORE;
    BFL_LIST(bfl_mark) found = {0};
    for (size_t p = 0; p < peaks.count && p < MOST_PEAKS; p++) {
        bfl_mark change;
        if (!(taken[peaks.items[p].voxel] & TAKEN) && take_change(arena, &c, taken, &peaks.items[p], least, &change) &&
            change.score >= least) {
            change.score *= trust(arena, &calm, &change) * left_of(&calm, &c, &change);
            if (change.score >= least) *BFL_PUSH(arena, &found) = change;
        }
    }
    bfl_sort(arena, found.items, found.count, sizeof *found.items, best_first, NULL);
    c.items = found.items;
    c.count = found.count;
    return c;
}
