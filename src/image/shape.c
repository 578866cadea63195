/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing by a ball is a distance transform cut off at the ball's radius. Squared distances between voxels are whole numbers,
 * so they are exact in a byte up to 15 voxels, and three passes of "least of the neighbours plus the square of how far" give
 * them; the compiler makes each pass into vector code.
 */
#include "image/shape.h"

#include <math.h>
#include <string.h>

bfl_shape *bfl_shape_new(bfl_arena *arena, const int32_t size[3], float spacing_mm) {
    bfl_shape *shape = BFL_NEW(arena, bfl_shape);
    *shape = (bfl_shape){.size = {size[0], size[1], size[2]}, .spacing_mm = spacing_mm};
    shape->in = BFL_NEW_ARRAY(arena, bfl_shape_voxels(shape), uint8_t);
    return shape;
}

bfl_shape *bfl_shape_copy(bfl_arena *arena, const bfl_shape *shape) {
    bfl_shape *copy = BFL_NEW(arena, bfl_shape);
    *copy = *shape;
    copy->in = BFL_ROOM_FOR(arena, bfl_shape_voxels(shape), uint8_t);
    memcpy(copy->in, shape->in, bfl_shape_voxels(shape));
    return copy;
}

/* ---- distance ---- */

enum { FAR = 255, MOST_REACH = 15 };

typedef struct growth {
    bfl_shape *shape;
    uint8_t *distance, *next; /* squared, of each voxel to the set that grows */
    int32_t reach;
    int limit;     /* squared radius */
    uint8_t grows; /* 1: the shape grows; 0: what is outside of it grows, so the shape shrinks */
} growth;

/* least[i] = min(least[i], from[i] + add), without overflow; all in bytes, which vector code does 16 or 32 at a time. */
static void relax(uint8_t *restrict least, const uint8_t *restrict from, size_t count, int add) {
    const uint8_t more = (uint8_t)add, room = (uint8_t)(FAR - add);
    for (size_t i = 0; i < count; i++) {
        const uint8_t sum = (uint8_t)((from[i] < room ? from[i] : room) + more);
        least[i] = sum < least[i] ? sum : least[i];
    }
}

/* Along rows and columns of one slice: from the shape to squared distances within the slice. */
static void grow_slice(void *context, size_t k) {
    const growth *g = context;
    const size_t nx = (size_t)g->shape->size[0], ny = (size_t)g->shape->size[1], slice = nx * ny;
    const uint8_t *in = g->shape->in + k * slice;
    uint8_t *along = g->next + k * slice, *out = g->distance + k * slice;
    for (size_t v = 0; v < slice; v++) out[v] = in[v] == g->grows ? 0 : FAR;
    memcpy(along, out, slice);
    for (size_t j = 0; j < ny; j++)
        for (int32_t d = 1; d <= g->reach && (size_t)d < nx; d++) {
            const size_t row = j * nx, n = nx - (size_t)d;
            relax(along + row, out + row + d, n, d * d);
            relax(along + row + d, out + row, n, d * d);
        }
    memcpy(out, along, slice);
    for (int32_t d = 1; d <= g->reach && (size_t)d < ny; d++) {
        const size_t n = slice - (size_t)d * nx;
        relax(out, along + (size_t)d * nx, n, d * d);
        relax(out + (size_t)d * nx, along, n, d * d);
    }
}

/* Across slices, and from distances back to a shape. */
static void grow_depth(void *context, size_t k) {
    const growth *g = context;
    const size_t slice = (size_t)g->shape->size[0] * (size_t)g->shape->size[1];
    uint8_t *least = g->next + k * slice, *in = g->shape->in + k * slice;
    memcpy(least, g->distance + k * slice, slice);
    for (int32_t d = 1; d <= g->reach; d++) {
        if (k >= (size_t)d) relax(least, g->distance + (k - (size_t)d) * slice, slice, d * d);
        if (k + (size_t)d < (size_t)g->shape->size[2])
            relax(least, g->distance + (k + (size_t)d) * slice, slice, d * d);
    }
    for (size_t v = 0; v < slice; v++) in[v] = (uint8_t)(least[v] <= g->limit ? g->grows : 1 - g->grows);
}

static void grow(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm, uint8_t grows) {
    float radius = radius_mm / shape->spacing_mm;
    if (radius > MOST_REACH) radius = MOST_REACH;
    growth g = {.shape = shape, .reach = (int32_t)radius, .limit = (int)(radius * radius + 1e-4F), .grows = grows};
    bfl_arena_mark mark = bfl_arena_here(arena);
    g.distance = BFL_ROOM_FOR(arena, bfl_shape_voxels(shape), uint8_t);
    g.next = BFL_ROOM_FOR(arena, bfl_shape_voxels(shape), uint8_t);
    bfl_parallel(threads, (size_t)shape->size[2], grow_slice, &g);
    bfl_parallel(threads, (size_t)shape->size[2], grow_depth, &g);
    bfl_arena_back(arena, mark);
}

void bfl_shape_grow(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm) {
    grow(arena, threads, shape, radius_mm, 1);
}

void bfl_shape_shrink(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm) {
    grow(arena, threads, shape, radius_mm, 0);
}

void bfl_shape_close(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm) {
    bfl_shape_grow(arena, threads, shape, radius_mm);
    bfl_shape_shrink(arena, threads, shape, radius_mm);
}

void bfl_shape_open(bfl_arena *arena, uint32_t threads, bfl_shape *shape, float radius_mm) {
    bfl_shape_shrink(arena, threads, shape, radius_mm);
    bfl_shape_grow(arena, threads, shape, radius_mm);
}

/* ---- filling ---- */

typedef struct filling {
    bfl_shape *shape;
    uint32_t *queues; /* one a part */
    size_t parts;
} filling;

enum { REACHED = 2 };

/* From the slice's border inward through what is not in the shape; what was not reached is enclosed. */
static void fill_slice(const filling *f, size_t k, uint32_t *queue) {
    const uint32_t nx = (uint32_t)f->shape->size[0], ny = (uint32_t)f->shape->size[1];
    uint8_t *in = f->shape->in + k * nx * ny;
    size_t head = 0, tail = 0;
    for (uint32_t v = 0; v < nx * ny; v++) {
        const uint32_t i = v % nx, j = v / nx;
        if (i > 0 && i + 1 < nx && j > 0 && j + 1 < ny) continue;
        if (in[v] != 0) continue;
        in[v] = REACHED;
        queue[tail++] = v;
    }
    while (head < tail) {
        const uint32_t v = queue[head++], i = v % nx, j = v / nx;
        const uint32_t next[4] = {i > 0 ? v - 1 : v, i + 1 < nx ? v + 1 : v, j > 0 ? v - nx : v,
                                  j + 1 < ny ? v + nx : v};
        for (int n = 0; n < 4; n++)
            if (in[next[n]] == 0) {
                in[next[n]] = REACHED;
                queue[tail++] = next[n];
            }
    }
    for (uint32_t v = 0; v < nx * ny; v++) in[v] = in[v] != REACHED;
}

static void fill_part(void *context, size_t part) {
    const filling *f = context;
    const size_t slice = (size_t)f->shape->size[0] * (size_t)f->shape->size[1];
    for (size_t k = part; k < (size_t)f->shape->size[2]; k += f->parts) fill_slice(f, k, f->queues + part * slice);
}

void bfl_shape_fill_slices(bfl_arena *arena, uint32_t threads, bfl_shape *shape) {
    enum { PARTS = 16 };
    bfl_arena_mark mark = bfl_arena_here(arena);
    filling f = {shape, NULL, PARTS};
    f.queues = BFL_ROOM_FOR(arena, PARTS * (size_t)shape->size[0] * (size_t)shape->size[1], uint32_t);
    bfl_parallel(threads, PARTS, fill_part, &f);
    bfl_arena_back(arena, mark);
}

/* ---- parts ---- */

typedef struct tracing {
    const bfl_shape *shape;
    uint32_t *label;
    BFL_LIST(size_t) stack;
} tracing;

/* Puts the unlabelled neighbours of a voxel, out of 26, on the stack. */
static void trace_neighbours(bfl_arena *arena, tracing *t, size_t at, uint32_t label) {
    const int32_t *n = t->shape->size;
    const size_t row = (size_t)n[0], slice = row * (size_t)n[1];
    const int32_t i = (int32_t)(at % row), j = (int32_t)(at / row % (size_t)n[1]), k = (int32_t)(at / slice);
    for (int32_t z = k > 0 ? k - 1 : 0; z <= k + 1 && z < n[2]; z++)
        for (int32_t y = j > 0 ? j - 1 : 0; y <= j + 1 && y < n[1]; y++)
            for (int32_t x = i > 0 ? i - 1 : 0; x <= i + 1 && x < n[0]; x++) {
                const size_t v = (size_t)z * slice + (size_t)y * row + (size_t)x;
                if (!t->shape->in[v] || t->label[v]) continue;
                t->label[v] = label;
                *BFL_PUSH(arena, &t->stack) = v;
            }
}

bfl_shape_parts bfl_shape_parts_of(bfl_arena *arena, const bfl_shape *shape,
                                   double (*weigh)(const void *context, size_t voxel), const void *context) {
    const size_t voxels = bfl_shape_voxels(shape);
    tracing t = {.shape = shape, .label = BFL_NEW_ARRAY(arena, voxels, uint32_t)};
    BFL_LIST(bfl_shape_part) parts = {0};
    for (size_t v = 0; v < voxels; v++) {
        if (!shape->in[v] || t.label[v]) continue;
        bfl_shape_part part = {0};
        const uint32_t label = (uint32_t)parts.count + 1;
        t.label[v] = label;
        *BFL_PUSH(arena, &t.stack) = v;
        while (t.stack.count > 0) {
            const size_t at = t.stack.items[--t.stack.count];
            part.voxels++;
            if (weigh) part.weight += weigh(context, at);
            trace_neighbours(arena, &t, at, label);
        }
        *BFL_PUSH(arena, &parts) = part;
    }
    return (bfl_shape_parts){t.label, parts.items, parts.count};
}

bool bfl_shape_at(const bfl_shape *shape, const float mm[3]) {
    size_t at = 0, stride = 1;
    for (int a = 0; a < 3; a++) {
        const int32_t i = (int32_t)(mm[a] / shape->spacing_mm + 0.5F);
        if (i < 0 || i >= shape->size[a]) return false;
        at += (size_t)i * stride;
        stride *= (size_t)shape->size[a];
    }
    return shape->in[at] != 0;
}
