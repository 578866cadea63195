/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes and masks in memory. */
#include "volume/volume.h"

bfl_volume *bfl_volume_room(bfl_arena *arena, const bfl_grid *grid) {
    bfl_volume *volume = BFL_NEW(arena, bfl_volume);
    volume->grid = *grid;
    volume->hu = BFL_ROOM_FOR(arena, bfl_grid_voxels(grid), int16_t);
    return volume;
}

bfl_volume *bfl_volume_new(bfl_arena *arena, const bfl_grid *grid) {
    bfl_volume *volume = bfl_volume_room(arena, grid);
    const size_t voxels = bfl_grid_voxels(grid);
    for (size_t v = 0; v < voxels; v++) volume->hu[v] = BFL_HU_NONE;
    return volume;
}

bfl_mask *bfl_mask_new(bfl_arena *arena, const bfl_grid *grid) {
    bfl_mask *mask = BFL_NEW(arena, bfl_mask);
    mask->grid = *grid;
    mask->in = BFL_NEW_ARRAY(arena, bfl_grid_voxels(grid), uint8_t);
    return mask;
}

size_t bfl_mask_count(const bfl_mask *mask) {
    size_t count = 0, voxels = bfl_grid_voxels(&mask->grid);
    for (size_t v = 0; v < voxels; v++) count += mask->in[v] != 0;
    return count;
}

const bfl_scan_info *bfl_scan_about(const bfl_scan *scan) { return &scan->info; }

void bfl_scan_hold(const bfl_scan *scan) {
    if (scan && scan->holders) (void)atomic_fetch_add(scan->holders, 1);
}

void bfl_scan_release(const bfl_scan *scan) {
    if (scan && scan->holders && atomic_fetch_sub(scan->holders, 1) == 0) bfl_arena_free(scan->arena);
}

void bfl_scan_free(bfl_scan *scan) {
    if (scan && scan->holders)
        bfl_scan_release(scan);
    else if (scan)
        bfl_arena_free(scan->arena);
}
