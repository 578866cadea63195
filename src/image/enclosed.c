/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lies within a shell that may be leaky. From each voxel one looks both ways along the three axes and the six diagonals of
 * the faces: marrow sees cortex nearly everywhere; a disc or the spinal canal lies open along an axis. A hole in the shell
 * costs the rays that pass through it, and no more, where a flood would pour out of it.
 */
#include "image/shape.h"

#include <math.h>
#include <string.h>

typedef struct looking {
    const bfl_shape *shape;
    uint8_t *left[2];      /* there and back: steps that a ray from the shape may still go; 0: no shape in reach */
    const uint8_t *beyond; /* a row beyond the first and last slice, where nobody knows: it counts as shell */
    int32_t way[3];
    uint8_t reach;
} looking;

/* One row from the row before on the way (NULL: outside the grid), which lies `shift` voxels on. */
static void look_row(uint8_t *restrict left, const uint8_t *restrict in, const uint8_t *restrict before, int32_t shift,
                     const looking *l) {
    const int32_t n = l->shape->size[0], low = shift < 0 ? 1 : 0, high = shift > 0 ? n - 1 : n;
    const uint8_t reach = l->reach;
    for (int32_t i = 0; i < n; i++) left[i] = in[i] ? reach : 0;
    if (!before) return;
    for (int32_t i = low; i < high; i++) {
        const uint8_t last = before[i + shift], more = (uint8_t)(last - (last > 0));
        left[i] = left[i] > more ? left[i] : more;
    }
}

static void look_along_row(uint8_t *left, const uint8_t *in, int32_t step, const looking *l) {
    const int32_t n = l->shape->size[0];
    uint8_t last = 0;
    for (int32_t t = 0; t < n; t++) {
        const int32_t i = step > 0 ? t : n - 1 - t;
        last = in[i] ? l->reach : (uint8_t)(last - (last > 0));
        left[i] = last;
    }
}

/* What each voxel sees behind it, there (0) or back (1): rows in the order in which the way meets them. */
static void look(void *context, size_t back) {
    const looking *l = context;
    const int32_t sign = back ? -1 : 1, d[3] = {sign * l->way[0], sign * l->way[1], sign * l->way[2]};
    const int32_t nx = l->shape->size[0], ny = l->shape->size[1], nz = l->shape->size[2];
    for (int32_t tk = 0; tk < nz; tk++)
        for (int32_t tj = 0; tj < ny; tj++) {
            const int32_t k = d[2] < 0 ? nz - 1 - tk : tk, j = d[1] < 0 ? ny - 1 - tj : tj;
            const int32_t from_k = k - d[2], from_j = j - d[1];
            const size_t row = ((size_t)k * (size_t)ny + (size_t)j) * (size_t)nx;
            const uint8_t *in = l->shape->in + row, *before = NULL;
            uint8_t *left = l->left[back] + row;
            if (from_k < 0 || from_k >= nz)
                before = l->beyond;
            else if (from_j >= 0 && from_j < ny)
                before = l->left[back] + ((size_t)from_k * (size_t)ny + (size_t)from_j) * (size_t)nx;
            if (d[1] == 0 && d[2] == 0)
                look_along_row(left, in, d[0], l);
            else
                look_row(left, in, before, -d[0], l);
        }
}

uint8_t *bfl_shape_enclosed(bfl_arena *arena, uint32_t threads, const bfl_shape *shape, float reach_mm) {
    enum { WAYS = 9, AXES = 3 };
    static const int32_t WAY[WAYS][3] = {{1, 0, 0}, {0, 1, 0},  {0, 0, 1}, {1, 1, 0}, {-1, 1, 0},
                                         {1, 0, 1}, {-1, 0, 1}, {0, 1, 1}, {0, -1, 1}};
    const size_t voxels = bfl_shape_voxels(shape);
    uint8_t *seen = BFL_NEW_ARRAY(arena, voxels, uint8_t);
    bfl_arena_mark mark = bfl_arena_here(arena);
    looking l = {.shape = shape};
    uint8_t *beyond = BFL_NEW_ARRAY(arena, (size_t)shape->size[0], uint8_t);
    for (int side = 0; side < 2; side++) l.left[side] = BFL_ROOM_FOR(arena, voxels, uint8_t);
    l.beyond = beyond;
    for (int w = 0; w < WAYS; w++) {
        const float step_mm = shape->spacing_mm * (w < AXES ? 1 : sqrtf(2));
        const uint8_t counts = w < AXES ? 2 : 1;
        l.reach = (uint8_t)fminf(reach_mm / step_mm + 1, UINT8_MAX);
        memcpy(l.way, WAY[w], sizeof l.way);
        memset(beyond, l.reach, (size_t)shape->size[0]);
        bfl_parallel(threads, 2, look, &l);
        const uint8_t *there = l.left[0], *back = l.left[1];
        for (size_t v = 0; v < voxels; v++) seen[v] = (uint8_t)(seen[v] + (there[v] && back[v] ? counts : 0));
    }
    bfl_arena_back(arena, mark);
    return seen;
}
