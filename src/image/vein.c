/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Undiluted contrast agent is denser than bone, and its vein too narrow to be told by evenness: all of it lies near an edge of 1000 HU.
 * What gives it away: a solid, long and narrow thing that ends in blood, where a bone has marrow, a joint or cartilage.
 */
#include "image/vein.h"
#include "image/rim.h"

#include <math.h>

static const float CORE_MM = 2.4F, WIDE_MM = 13, RIM_MM = 7.5F, RISE_HU = 40, LEAST_LONG_MM = 25, LEAST_SLENDER = 2,
                   SPINE_MM = 42, MOST_AT_SPINE = 0.2F, SHELL_FROM_MM = 6, SHELL_TO_MM = 9, MOST_DENSE_SHELL = 0.3F;
enum { LEAST_CONTACT = 20 }; /* voxels */

typedef struct piece {
    size_t voxels, at_spine;
    double sum[3];
    float end[2][3], away[2]; /* squared: the farthest from the middle, and what is farthest from that */
    bool wide, taken;
} piece;

typedef struct search {
    const bfl_image *image;
    const bfl_vein_options *options;
    bfl_shape *blood, *dense;
    bfl_shape_parts parts;
    piece *pieces; /* by label */
} search;

static void place_of(const bfl_image *image, size_t voxel, float mm[3]) {
    int32_t at[3];
    bfl_voxel_at(image->size, voxel, at);
    for (int a = 0; a < 3; a++) mm[a] = (float)at[a] * image->spacing_mm[a];
}

static bool at_spine(const bfl_canal *canal, const float at[3]) {
    const int32_t k = (int32_t)lrintf(at[2] / canal->spacing_mm);
    if (k < canal->first || k >= canal->end) return false;
    const bfl_canal_slice *c = &canal->slices[k - canal->first];
    return hypotf(at[0] - c->x_mm, at[1] - c->y_mm) < SPINE_MM;
}

static void reach(piece *p, int which, const float from[3], const float at[3]) {
    float square = 0;
    for (int a = 0; a < 3; a++) square += (at[a] - from[a]) * (at[a] - from[a]);
    if (square <= p->away[which]) return;
    p->away[which] = square;
    for (int a = 0; a < 3; a++) p->end[which][a] = at[a];
}

/* Where each piece lies and how long it is: from what is farthest from its middle to what is farthest from there. */
static void measure(search *s, const bfl_shape *wide) {
    const size_t voxels = bfl_image_voxels(s->image);
    float at[3];
    for (size_t v = 0; v < voxels; v++) {
        piece *p = &s->pieces[s->parts.label[v]];
        if (!s->parts.label[v]) continue;
        place_of(s->image, v, at);
        for (int a = 0; a < 3; a++) p->sum[a] += (double)at[a];
        p->voxels++;
        p->at_spine += at_spine(s->options->canal, at);
        p->wide |= wide->in[v];
    }
    for (int which = 0; which < 2; which++)
        for (size_t v = 0; v < voxels; v++) {
            piece *p = &s->pieces[s->parts.label[v]];
            if (!s->parts.label[v]) continue;
            place_of(s->image, v, at);
            float middle[3];
            for (int a = 0; a < 3; a++) middle[a] = (float)(p->sum[a] / (double)p->voxels);
            reach(p, which, which ? p->end[0] : middle, at);
        }
}

/* Long and narrow, and not the spine. */
static bool is_slender(const search *s, const piece *p) {
    const float mm = s->image->spacing_mm[0], length = sqrtf(p->away[1]) + 2 * CORE_MM;
    const float core = sqrtf((float)p->voxels * mm * mm * mm / (3.14159F * fmaxf(length, 1)));
    return !p->wide && length >= LEAST_LONG_MM && length >= LEAST_SLENDER * 2 * (core + CORE_MM) &&
           (float)p->at_spine <= MOST_AT_SPINE * (float)p->voxels;
}

/* Does it run into blood, with nothing softer between? */
static bool leads_into_blood(bfl_arena *arena, const search *s, const bfl_shape *whole) {
    const size_t voxels = bfl_image_voxels(s->image);
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *both = bfl_shape_copy(arena, s->dense), *grown = bfl_shape_copy(arena, whole);
    for (size_t v = 0; v < voxels; v++) both->in[v] |= s->blood->in[v];
    bfl_rim_add(arena, s->image, both, 2 * s->image->spacing_mm[0], RISE_HU, grown);
    size_t contact = 0;
    for (size_t v = 0; v < voxels; v++) contact += grown->in[v] & s->blood->in[v];
    bfl_arena_back(arena, mark);
    return contact >= LEAST_CONTACT;
}

/* Is there soft tissue around it? */
static bool is_alone(bfl_arena *arena, const search *s, const bfl_shape *core) {
    const size_t voxels = bfl_image_voxels(s->image);
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *inner = bfl_shape_copy(arena, core), *outer = bfl_shape_copy(arena, core);
    bfl_shape_grow(arena, s->options->threads, inner, SHELL_FROM_MM);
    bfl_shape_grow(arena, s->options->threads, outer, SHELL_TO_MM);
    size_t all = 0, dense = 0;
    for (size_t v = 0; v < voxels; v++) {
        if (!outer->in[v] || inner->in[v]) continue;
        all++;
        dense += s->dense->in[v];
    }
    bfl_arena_back(arena, mark);
    return (float)dense <= MOST_DENSE_SHELL * (float)all;
}

/* Takes a piece with its rim when it is a vein. */
static bool take_piece(bfl_arena *arena, search *s, size_t label) {
    const size_t voxels = bfl_image_voxels(s->image);
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *core = bfl_shape_new(arena, s->dense->size, s->dense->spacing_mm);
    for (size_t v = 0; v < voxels; v++) core->in[v] = s->parts.label[v] == label;
    const bool alone = is_alone(arena, s, core);
    bfl_rim_add(arena, s->image, s->dense, RIM_MM, RISE_HU, core);
    const bool taken = alone && leads_into_blood(arena, s, core);
    for (size_t v = 0; v < voxels && taken; v++) {
        s->blood->in[v] |= core->in[v];
        s->dense->in[v] &= !core->in[v];
    }
    bfl_arena_back(arena, mark);
    return taken;
}

size_t bfl_vein_take_out(bfl_arena *arena, const bfl_image *image, const bfl_vein_options *options, bfl_shape *blood,
                         bfl_shape *dense) {
    const size_t voxels = bfl_image_voxels(image);
    bfl_arena_mark mark = bfl_arena_here(arena);
    search s = {.image = image, .options = options, .blood = blood, .dense = dense};
    bfl_shape *core = bfl_shape_copy(arena, dense);
    for (size_t v = 0; v < voxels; v++) core->in[v] &= image->value[v] > options->least_hu;
    bfl_shape *wide = bfl_shape_copy(arena, core);
    bfl_shape_shrink(arena, options->threads, core, CORE_MM);
    bfl_shape_shrink(arena, options->threads, wide, WIDE_MM);
    s.parts = bfl_shape_parts_of(arena, core, NULL, NULL);
    s.pieces = BFL_NEW_ARRAY(arena, s.parts.count + 1, piece);
    measure(&s, wide);
    size_t before = 0, after = 0;
    for (size_t v = 0; v < voxels; v++) before += dense->in[v];
    /* A piece may lead into blood by way of another. */
    for (bool more = true; more;) {
        more = false;
        for (size_t p = 1; p <= s.parts.count; p++)
            if (!s.pieces[p].taken && is_slender(&s, &s.pieces[p]))
                more |= s.pieces[p].taken = take_piece(arena, &s, p);
    }
    for (size_t v = 0; v < voxels; v++) after += dense->in[v];
    bfl_arena_back(arena, mark);
    return before - after;
}
