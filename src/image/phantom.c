/* SPDX-License-Identifier: Apache-2.0 */
/* Lesions in a real CT. Sizes, strengths and shapes: docs/ct.md. */
#include "image/phantom.h"

#include "num/num.h"

#include <math.h>
#include <string.h>

static const float DEEP_MM = 2.5F, APART_MM = 28, COUNTS_HU = 60, USUAL_PSF_MM = 0.6F, MARGIN_MM = 10;
static const float DENSE_HU = 900, DENSEST_HU = 1100, SOFT_HU = -20, LUNG_HU = -300, BEYOND_MM = 3, RIM_MM = 2.5F,
                   USUAL_IN_BONE = 0.6F;
static const float RADIUS_MM[] = {3, 4, 5, 7.5F, 10};
enum { RADII = 5, TRIES = 20000, PLACE_STREAM = 1, SHAPE_STREAM = 2, NOISE_STREAM = 3 };
typedef struct turn_of {
    bfl_insert_kind kind;
    float change_hu;
} turn_of;
static const turn_of TURNS[] = {{BFL_INSERT_DENSER, 150}, {BFL_INSERT_DENSER, 300}, {BFL_INSERT_DENSER, 500},
                                {BFL_INSERT_LYTIC, -150}, {BFL_INSERT_LYTIC, -250}, {BFL_INSERT_OUTGROWN, 0},
                                {BFL_INSERT_RIM, 300}};
enum { TURN_COUNT = sizeof TURNS / sizeof *TURNS };

/* ---- places ---- */

typedef struct places {
    size_t *voxels; /* of the skeleton's grid, deep in bone */
    size_t count;
} places;

static places deep_in_bone(bfl_arena *arena, uint32_t threads, const bfl_skeleton *s) {
    bfl_shape *deep = bfl_shape_copy(arena, s->bone);
    bfl_shape_shrink(arena, threads, deep, DEEP_MM);
    const size_t voxels = bfl_shape_voxels(deep);
    places p = {NULL, 0};
    for (size_t v = 0; v < voxels; v++) p.count += deep->in[v];
    p.voxels = BFL_NEW_ARRAY(arena, p.count + 1, size_t);
    p.count = 0;
    for (size_t v = 0; v < voxels; v++)
        if (deep->in[v]) p.voxels[p.count++] = v;
    return p;
}

static void place_mm(const bfl_shape *grid, size_t voxel, float mm[3]) {
    int32_t at[3];
    bfl_voxel_at(grid->size, voxel, at);
    for (int a = 0; a < 3; a++) mm[a] = (float)at[a] * grid->spacing_mm;
}

static bool free_place(const bfl_phantom *p, const bfl_grid *grid, const float mm[3]) {
    for (int a = 0; a < 3; a++)
        if (mm[a] < MARGIN_MM || mm[a] > (float)((grid->size[a] - 1) * grid->spacing_mm[a]) - MARGIN_MM) return false;
    for (size_t n = 0; n < p->count; n++) {
        float away = 0;
        for (int a = 0; a < 3; a++) away += (mm[a] - p->items[n].centre_mm[a]) * (mm[a] - p->items[n].centre_mm[a]);
        if (away < APART_MM * APART_MM) return false;
    }
    return true;
}

/* How much of a ball is bone. */
static float share_in_bone(const bfl_shape *bone, const float middle_mm[3], float radius_mm) {
    const float mm = bone->spacing_mm;
    int32_t low[3], high[3], at[3];
    size_t all = 0, in = 0;
    for (int a = 0; a < 3; a++) {
        low[a] = (int32_t)ceilf((middle_mm[a] - radius_mm) / mm);
        high[a] = (int32_t)floorf((middle_mm[a] + radius_mm) / mm);
    }
    for (at[2] = low[2]; at[2] <= high[2]; at[2]++)
        for (at[1] = low[1]; at[1] <= high[1]; at[1]++)
            for (at[0] = low[0]; at[0] <= high[0]; at[0]++) {
                float away = 0, place[3];
                for (int a = 0; a < 3; a++) {
                    place[a] = (float)at[a] * mm;
                    away += (place[a] - middle_mm[a]) * (place[a] - middle_mm[a]);
                }
                if (away > radius_mm * radius_mm) continue;
                all++;
                in += bfl_shape_at(bone, place);
            }
    return all ? (float)in / (float)all : 0;
}

/* What lies mostly outside bone is no lesion of bone, and smaller than its radius says. New bone beyond the surface is. */
static bool lies_in_bone(const bfl_insert *l, const bfl_phantom_options *options) {
    const float least = fabsf(options->least_in_bone) > 0 ? options->least_in_bone : USUAL_IN_BONE;
    return l->kind == BFL_INSERT_OUTGROWN || l->share_in_bone >= least;
}

/* Of this turn, with a size drawn: what a lesion is like before it has a place. */
static bfl_insert draw_insert(bfl_random *r, const turn_of *turn, const bfl_phantom_options *options) {
    bfl_insert insert = {.kind = turn->kind, .change_hu = turn->change_hu};
    insert.radius_mm = RADIUS_MM[bfl_random_below(r, RADII)];
    if ((insert.kind == BFL_INSERT_OUTGROWN || insert.kind == BFL_INSERT_RIM) && insert.radius_mm < 5)
        insert.radius_mm = 5;
    if (insert.kind == BFL_INSERT_OUTGROWN) insert.change_hu = (float)bfl_random_between(r, 350, 600);
    if (options->radius_mm > 0) insert.radius_mm = options->radius_mm;
    if (options->change_hu > 0) insert.change_hu = copysignf(options->change_hu, insert.change_hu);
    return insert;
}

static size_t choose_turns(unsigned kinds, turn_of turns[TURN_COUNT]) {
    size_t count = 0;
    for (size_t t = 0; t < TURN_COUNT; t++)
        if (!kinds || kinds >> TURNS[t].kind & 1U) turns[count++] = TURNS[t];
    return count;
}

static void choose_places(bfl_arena *arena, uint32_t threads, const bfl_skeleton *s, const bfl_phantom_options *options,
                          bfl_phantom *p) {
    const places at = deep_in_bone(arena, threads, s);
    turn_of turns[TURN_COUNT];
    const size_t turn_count = choose_turns(options->kinds, turns);
    bfl_random r = bfl_random_stream(options->seed, 0, PLACE_STREAM);
    for (int tries = 0; tries < TRIES && p->count < options->wanted && at.count && turn_count; tries++) {
        const size_t voxel = at.voxels[bfl_random_below(&r, (uint32_t)at.count)];
        bfl_insert insert = draw_insert(&r, &turns[p->count % turn_count], options);
        place_mm(s->bone, voxel, insert.centre_mm);
        if (!free_place(p, &p->volume->grid, insert.centre_mm)) continue;
        if (insert.kind == BFL_INSERT_LYTIC && s->image->value[voxel] < 130) continue; /* nothing to lose */
        insert.share_in_bone = share_in_bone(s->bone, insert.centre_mm, insert.radius_mm);
        if (!lies_in_bone(&insert, options)) continue;
        p->items[p->count++] = insert;
    }
}

/* ---- one lesion ---- */

typedef struct painter {
    const bfl_skeleton *skeleton;
    const bfl_shape *near_bone; /* within BEYOND_MM of it */
    bfl_phantom *phantom;
    float psf_mm;
} painter;

static float soft_step(float inside_mm, float psf_mm) { return 1 / (1 + expf(-inside_mm / psf_mm)); }

/* How the CT number at a place changes. */
static float painted(const painter *p, const bfl_insert *l, const float mm[3], float inside_mm, float hu) {
    const float share = soft_step(inside_mm, p->psf_mm);
    const bool bone = bfl_shape_at(p->skeleton->bone, mm);
    switch (l->kind) {
    case BFL_INSERT_DENSER:
        if (!bone || hu > DENSE_HU) return hu;
        return fminf(hu + share * l->change_hu, fmaxf(hu, DENSEST_HU));
    case BFL_INSERT_LYTIC: return bone ? fmaxf(hu + share * l->change_hu, fminf(hu, SOFT_HU)) : hu;
    case BFL_INSERT_RIM: {
        const float core = soft_step(inside_mm - RIM_MM, p->psf_mm);
        if (!bone || hu > DENSE_HU) return hu;
        return fmaxf(hu + (share - core) * l->change_hu - core * l->change_hu / 2, fminf(hu, SOFT_HU));
    }
    case BFL_INSERT_OUTGROWN:
        if (!bfl_shape_at(p->near_bone, mm) || hu < LUNG_HU) return hu;
        return hu + share * fmaxf(l->change_hu - hu, 0);
    }
    return hu;
}

static void paint(painter *p, size_t index, bfl_random *r) {
    bfl_insert *l = &p->phantom->items[index];
    bfl_volume *v = p->phantom->volume;
    const float wobble[3] = {(float)bfl_random_between(r, 0, 6.28), (float)bfl_random_between(r, 0, 6.28),
                             (float)bfl_random_between(r, 0, 6.28)};
    int32_t low[3], high[3], at[3];
    for (int a = 0; a < 3; a++) {
        const float reach = 1.4F * l->radius_mm + 4, mm = (float)v->grid.spacing_mm[a];
        low[a] = (int32_t)fmaxf(0, (l->centre_mm[a] - reach) / mm);
        high[a] = (int32_t)fminf((float)v->grid.size[a] - 1, (l->centre_mm[a] + reach) / mm + 1);
    }
    double sum = 0;
    size_t changed = 0;
    for (at[2] = low[2]; at[2] <= high[2]; at[2]++)
        for (at[1] = low[1]; at[1] <= high[1]; at[1]++)
            for (at[0] = low[0]; at[0] <= high[0]; at[0]++) {
                float mm[3], d[3];
                for (int a = 0; a < 3; a++) {
                    mm[a] = (float)at[a] * (float)v->grid.spacing_mm[a];
                    d[a] = mm[a] - l->centre_mm[a];
                }
                const float r_mm = sqrtf(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
                const float around = atan2f(d[1], d[0]), up = atan2f(d[2], hypotf(d[0], d[1]) + 1e-6F);
                const float radius =
                    l->radius_mm * (1 + 0.15F * sinf(2 * around + wobble[0]) + 0.12F * sinf(3 * up + wobble[1]) +
                                    0.1F * cosf(around - up + wobble[2]));
                const size_t voxel = bfl_grid_index(&v->grid, at[0], at[1], at[2]);
                if (v->hu[voxel] < BFL_HU_LOWEST) continue;
                const float was = (float)v->hu[voxel], is = painted(p, l, mm, radius - r_mm, was);
                v->hu[voxel] = (int16_t)lrintf(fminf(is, BFL_HU_HIGHEST));
                if (fabsf(is - was) <= COUNTS_HU) continue;
                p->phantom->truth->in[voxel] = (uint8_t)(index + 1);
                sum += (double)(is - was);
                changed++;
            }
    l->mean_change_hu = changed ? (float)(sum / (double)changed) : 0;
    l->volume_mm3 = (float)((double)changed * bfl_grid_voxel_mm3(&v->grid));
}

bfl_phantom bfl_phantom_of(bfl_arena *arena, uint32_t threads, const bfl_volume *volume,
                           const bfl_phantom_options *options) {
    enum { MOST = 255 };
    bfl_phantom_options o = *options;
    if (o.wanted > MOST) o.wanted = MOST;
    bfl_phantom p = {.volume = bfl_volume_new(arena, &volume->grid), .truth = bfl_mask_new(arena, &volume->grid)};
    memcpy(p.volume->hu, volume->hu, bfl_grid_voxels(&volume->grid) * sizeof *volume->hu);
    p.items = BFL_NEW_ARRAY(arena, (size_t)o.wanted + 1, bfl_insert);
    bfl_arena *scratch = bfl_arena_scratch(arena);
    bfl_arena_mark mark = bfl_arena_here(scratch);
    const bfl_skeleton s = bfl_skeleton_of(scratch, threads, o.plain ? o.plain : volume, 1.5F);
    p.bone = bfl_shape_copy(arena, s.bone);
    bfl_shape *near_bone = bfl_shape_copy(scratch, s.bone);
    bfl_shape_grow(scratch, threads, near_bone, BEYOND_MM);
    choose_places(scratch, threads, &s, &o, &p);
    painter brush = {&s, near_bone, &p, o.psf_mm > 0 ? o.psf_mm : USUAL_PSF_MM};
    for (size_t n = 0; n < p.count; n++) {
        bfl_random r = bfl_random_stream(o.seed, n, SHAPE_STREAM);
        paint(&brush, n, &r);
    }
    bfl_arena_back(scratch, mark);
    return p;
}

void bfl_phantom_noise(bfl_arena *arena, bfl_volume *volume, uint64_t seed, float sd_hu) {
    const int32_t *n = volume->grid.size;
    const size_t row = (size_t)n[0], slice = row * (size_t)n[1];
    bfl_arena_mark mark = bfl_arena_here(arena);
    float *noise = BFL_NEW_ARRAY(arena, slice, float);
    for (size_t k = 0; k < (size_t)n[2]; k++) {
        bfl_random r = bfl_random_stream(seed, k, NOISE_STREAM);
        for (size_t v = 0; v < slice; v++) noise[v] = (float)bfl_random_normal(&r);
        for (size_t j = 0; j + 1 < (size_t)n[1]; j++)
            for (size_t i = 0; i + 1 < row; i++) {
                const size_t v = j * row + i;
                const float smooth =
                    (noise[v] + noise[v + 1] + noise[v + row] + noise[v + row + 1]) / 2; /* of variance 1 */
                int16_t *hu = &volume->hu[k * slice + v];
                if (*hu < BFL_HU_LOWEST + 24) continue;
                *hu = (int16_t)lrintf(fmaxf((float)*hu + smooth * sd_hu, BFL_HU_LOWEST));
            }
    }
    bfl_arena_back(arena, mark);
}
