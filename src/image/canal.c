/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The spinal canal is a hole in the bone of most slices, with something large and bony in front of it. Marrow makes holes too, and
 * so do joints; but none of these goes on from slice to slice with a vertebra before it. The chain of holes that gathers most is
 * taken, over gaps where no ring of bone closes (between arches, at the nerves' exits).
 */
#include "image/canal.h"

#include <math.h>
#include <string.h>

static const float LEAST_MM2 = 60, MOST_MM2 = 1100, LEAST_HU = -40, FRONT_FROM_MM = 3, FRONT_TO_MM = 22,
                   FRONT_HALF_MM = 9;
static const float LEAST_FRONT = 0.45F, GAP_MM = 36, STEP_MM = 2.5F, SLOPE = 0.6F, GAP_GAIN = 0.3F,
                   LEAST_LENGTH_MM = 20, ASIDE_MM = 45;

typedef struct hole {
    float x_mm, y_mm, radius_mm, weight;
    int32_t slice;
    float best;
    int32_t from; /* the hole before it in its chain, -1: none */
} hole;

typedef BFL_LIST(hole) holes;

typedef struct search {
    const bfl_image *image;
    const bfl_shape *bone;
    float bone_hu, middle_mm; /* of all bone, from side to side */
    uint8_t *mark;            /* of a slice: 0 unseen, 1 seen or bone */
    uint32_t *queue;
    holes found;
} search;

/* Share of bone before a hole: a vertebra's body there is nearly all bone, marrow included or not closed within its shell. */
static float bone_in_front(const search *s, int32_t k, float x_mm, float top_mm) {
    const float mm = s->bone->spacing_mm;
    size_t all = 0, bony = 0;
    for (float y = top_mm - FRONT_TO_MM; y < top_mm - FRONT_FROM_MM; y += mm)
        for (float x = x_mm - FRONT_HALF_MM; x <= x_mm + FRONT_HALF_MM; x += mm) {
            const int32_t i = (int32_t)lrintf(x / mm), j = (int32_t)lrintf(y / mm);
            if (i < 0 || j < 0 || i >= s->bone->size[0] || j >= s->bone->size[1]) continue;
            all++;
            bony += s->bone->in[bfl_image_index(s->image, i, j, k)];
        }
    return all ? (float)bony / (float)all : 0;
}

/* The unseen hole that holds pixel v, or the outside. */
static size_t flood(search *s, uint32_t start, bool *outside) {
    const uint32_t nx = (uint32_t)s->bone->size[0], ny = (uint32_t)s->bone->size[1];
    size_t head = 0, tail = 0;
    *outside = false;
    s->queue[tail++] = start;
    s->mark[start] = 1;
    while (head < tail) {
        const uint32_t v = s->queue[head++], i = v % nx, j = v / nx;
        *outside |= i == 0 || j == 0 || i + 1 == nx || j + 1 == ny;
        const uint32_t next[4] = {i > 0 ? v - 1 : v, i + 1 < nx ? v + 1 : v, j > 0 ? v - nx : v,
                                  j + 1 < ny ? v + nx : v};
        for (int n = 0; n < 4; n++)
            if (!s->mark[next[n]]) {
                s->mark[next[n]] = 1;
                s->queue[tail++] = next[n];
            }
    }
    return tail;
}

static void consider(bfl_arena *arena, search *s, int32_t k, size_t count) {
    const uint32_t nx = (uint32_t)s->bone->size[0];
    const float mm = s->bone->spacing_mm, area = (float)count * mm * mm;
    if (area < LEAST_MM2 || area > MOST_MM2) return;
    double x = 0, y = 0, hu = 0;
    uint32_t top = UINT32_MAX;
    for (size_t n = 0; n < count; n++) {
        const uint32_t i = s->queue[n] % nx, j = s->queue[n] / nx;
        x += i;
        y += j;
        top = j < top ? j : top;
        hu += (double)s->image->value[bfl_image_index(s->image, (int32_t)i, (int32_t)j, k)];
    }
    const float mean = (float)(hu / (double)count);
    hole h = {.slice = k, .from = -1, .radius_mm = sqrtf(area / 3.14159265F)};
    h.x_mm = (float)(x / (double)count) * mm;
    h.y_mm = (float)(y / (double)count) * mm;
    const float front = bone_in_front(s, k, h.x_mm, (float)top * mm);
    if (mean < LEAST_HU || mean > s->bone_hu || front < LEAST_FRONT) return;
    const float aside =
        (h.x_mm - s->middle_mm) / ASIDE_MM; /* hips have holes, too; a view of half a chest is one-sided */
    h.weight = front * expf(-0.5F * aside * aside);
    *BFL_PUSH(arena, &s->found) = h;
}

static float middle_of(const bfl_shape *bone) {
    const size_t voxels = bfl_shape_voxels(bone), nx = (size_t)bone->size[0];
    double sum = 0;
    size_t count = 0;
    for (size_t v = 0; v < voxels; v++)
        if (bone->in[v]) sum += (double)(v % nx), count++;
    return count ? (float)(sum / (double)count) * bone->spacing_mm : 0;
}

static void find_holes(bfl_arena *arena, search *s) {
    const size_t slice = (size_t)s->bone->size[0] * (size_t)s->bone->size[1];
    for (int32_t k = 0; k < s->bone->size[2]; k++) {
        memcpy(s->mark, s->bone->in + (size_t)k * slice, slice);
        for (uint32_t v = 0; v < slice; v++) {
            bool outside;
            if (s->mark[v]) continue;
            const size_t count = flood(s, v, &outside);
            if (!outside) consider(arena, s, k, count);
        }
    }
}

/* The best chain that ends at each hole; returns the best of all. */
static int32_t chain(const search *s) {
    const float mm = s->bone->spacing_mm;
    int32_t best = -1;
    for (size_t n = 0; n < s->found.count; n++) {
        hole *h = &s->found.items[n];
        h->best = h->weight;
        for (size_t p = n; p-- > 0;) {
            const hole *before = &s->found.items[p];
            const float up = (float)(h->slice - before->slice) * mm;
            if (up > GAP_MM) break;
            const float away = hypotf(h->x_mm - before->x_mm, h->y_mm - before->y_mm);
            if (up <= 0 || away > STEP_MM + SLOPE * up) continue;
            const float sum = before->best + h->weight + GAP_GAIN * (up / mm - 1) - away / 10;
            if (sum <= h->best) continue;
            h->best = sum;
            h->from = (int32_t)p;
        }
        if (best < 0 || h->best > s->found.items[best].best) best = (int32_t)n;
    }
    return best;
}

/* From the hole above down to `to`, which is filled in too. */
static void fill_between(bfl_canal *c, const hole *above, const hole *to) {
    for (int32_t k = to->slice; k <= above->slice; k++) {
        const float t = above->slice > to->slice ? (float)(k - to->slice) / (float)(above->slice - to->slice) : 0;
        c->slices[k - c->first] = (bfl_canal_slice){
            to->x_mm + t * (above->x_mm - to->x_mm), to->y_mm + t * (above->y_mm - to->y_mm),
            to->radius_mm + t * (above->radius_mm - to->radius_mm), k == to->slice || k == above->slice};
    }
}

bfl_canal bfl_canal_of(bfl_arena *arena, const bfl_image *image, const bfl_shape *bone, float bone_hu) {
    const size_t slice = (size_t)bone->size[0] * (size_t)bone->size[1];
    bfl_canal c = {.spacing_mm = bone->spacing_mm};
    c.slices = BFL_NEW_ARRAY(arena, (size_t)bone->size[2], bfl_canal_slice);
    bfl_arena_mark here = bfl_arena_here(arena);
    search s = {.image = image, .bone = bone, .bone_hu = bone_hu, .middle_mm = middle_of(bone)};
    s.mark = BFL_NEW_ARRAY(arena, slice, uint8_t);
    s.queue = BFL_NEW_ARRAY(arena, slice, uint32_t);
    find_holes(arena, &s);
    const int32_t top = chain(&s);
    int32_t last = top;
    while (last >= 0 && s.found.items[last].from >= 0) last = s.found.items[last].from;
    const int32_t length = top < 0 ? 0 : s.found.items[top].slice - s.found.items[last].slice + 1;
    if ((float)length * bone->spacing_mm >= LEAST_LENGTH_MM) {
        c.first = s.found.items[last].slice;
        c.end = c.first + length;
        for (int32_t n = top; n >= 0; n = s.found.items[n].from) {
            const int32_t next = s.found.items[n].from >= 0 ? s.found.items[n].from : n;
            fill_between(&c, &s.found.items[n], &s.found.items[next]);
        }
    }
    bfl_arena_back(arena, here);
    return c;
}
