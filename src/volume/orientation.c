/* SPDX-License-Identifier: Apache-2.0 */
/* Which way the axes of a grid run, and turning them so that they run to the left, the back and the head. */
#include "volume/volume.h"

#include <math.h>
#include <string.h>

/* How to read the source for each axis of the canonical grid. */
typedef struct turn {
    int from[3]; /* axis of the source */
    bool flipped[3];
} turn;

/* The pairing of source axes with x, y, z that fits best; of 6 pairings, so that no axis is taken twice in an oblique grid. */
static turn find_turn(const bfl_grid *grid) {
    static const int PAIRINGS[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    turn best = {{0, 1, 2}, {false, false, false}};
    double most = -1;
    for (int p = 0; p < 6; p++) {
        double fit = 0;
        for (int x = 0; x < 3; x++) fit += fabs(grid->axis[PAIRINGS[p][x]][x]);
        if (fit <= most + 1e-9) continue;
        most = fit;
        for (int x = 0; x < 3; x++) {
            best.from[x] = PAIRINGS[p][x];
            best.flipped[x] = grid->axis[best.from[x]][x] < 0;
        }
    }
    return best;
}

static bool is_identity(const turn *t) {
    for (int x = 0; x < 3; x++)
        if (t->from[x] != x || t->flipped[x]) return false;
    return true;
}

static bfl_grid turned_grid(const bfl_grid *source, const turn *t) {
    bfl_grid grid = {0};
    double corner[3] = {0, 0, 0}; /* in the source: the voxel that becomes (0,0,0) */
    for (int x = 0; x < 3; x++) {
        int a = t->from[x];
        grid.size[x] = source->size[a];
        grid.spacing_mm[x] = source->spacing_mm[a];
        for (int i = 0; i < 3; i++) grid.axis[x][i] = t->flipped[x] ? -source->axis[a][i] : source->axis[a][i];
        if (t->flipped[x]) corner[a] = source->size[a] - 1;
    }
    bfl_grid_to_mm(source, corner, grid.origin_mm);
    return grid;
}

/* Copies items of `size` bytes, 1 or 2, from the source's order to the turned one. */
static void turn_voxels(const bfl_grid *source, const turn *t, const bfl_grid *grid, const char *from, char *to,
                        size_t size) {
    const ptrdiff_t strides[3] = {1, source->size[0], (ptrdiff_t)source->size[0] * source->size[1]};
    ptrdiff_t start = 0, step[3];
    for (int x = 0; x < 3; x++) {
        step[x] = t->flipped[x] ? -strides[t->from[x]] : strides[t->from[x]];
        if (t->flipped[x]) start += strides[t->from[x]] * (grid->size[x] - 1);
    }
    for (int32_t k = 0; k < grid->size[2]; k++)
        for (int32_t j = 0; j < grid->size[1]; j++) {
            ptrdiff_t at = start + k * step[2] + j * step[1];
            for (int32_t i = 0; i < grid->size[0]; i++, at += step[0], to += size)
                memcpy(to, from + at * (ptrdiff_t)size, size);
        }
}

bfl_volume *bfl_volume_canonical_copy(bfl_arena *arena, const bfl_volume *volume) {
    turn t = find_turn(&volume->grid);
    bfl_grid grid = turned_grid(&volume->grid, &t);
    bfl_volume *turned = bfl_volume_room(arena, &grid);
    turn_voxels(&volume->grid, &t, &grid, (const char *)volume->hu, (char *)turned->hu, sizeof *turned->hu);
    return turned;
}

const bfl_volume *bfl_volume_canonical(bfl_arena *arena, const bfl_volume *volume) {
    turn t = find_turn(&volume->grid);
    return is_identity(&t) ? volume : bfl_volume_canonical_copy(arena, volume);
}

const bfl_mask *bfl_mask_canonical(bfl_arena *arena, const bfl_mask *mask) {
    turn t = find_turn(&mask->grid);
    if (is_identity(&t)) return mask;
    bfl_grid grid = turned_grid(&mask->grid, &t);
    bfl_mask *turned = bfl_mask_new(arena, &grid);
    turn_voxels(&mask->grid, &t, &grid, (const char *)mask->in, (char *)turned->in, sizeof *turned->in);
    return turned;
}

void bfl_grid_orientation(const bfl_grid *grid, char letters[4]) {
    static const char TO[3] = {'L', 'P', 'S'}, AWAY[3] = {'R', 'A', 'I'};
    turn t = find_turn(grid);
    for (int x = 0; x < 3; x++) letters[t.from[x]] = t.flipped[x] ? AWAY[x] : TO[x];
    letters[3] = '\0';
}
