/* SPDX-License-Identifier: Apache-2.0 */
/* Nodules put into lungs, as a scanner would show them: soft balls blurred by its point spread. */
#include "image/lung.h"

#include "num/num.h"

#include <math.h>

enum { NODULE_STREAM = 51, TRIES = 50 };
static const float APART_MM = 6, EDGE_MM = 0.55F, FREE_HU = -700;
static const float DIAMETER_MM[] = {2, 2.5F, 3, 4, 5, 6};
enum { DIAMETERS = sizeof DIAMETER_MM / sizeof *DIAMETER_MM };

static void paint(bfl_volume *v, const bfl_nodule *n, float hu) {
    const bfl_grid *g = &v->grid;
    int32_t low[3], high[3], at[3];
    for (int a = 0; a < 3; a++) {
        const float reach = n->diameter_mm / 2 + 3, mm = (float)g->spacing_mm[a];
        low[a] = (int32_t)fmaxf(0, (n->mm[a] - reach) / mm);
        high[a] = (int32_t)fminf((float)g->size[a] - 1, (n->mm[a] + reach) / mm + 1);
    }
    for (at[2] = low[2]; at[2] <= high[2]; at[2]++)
        for (at[1] = low[1]; at[1] <= high[1]; at[1]++)
            for (at[0] = low[0]; at[0] <= high[0]; at[0]++) {
                float share = 0;
                enum { THIN = 4 }; /* a slice shows the mean over its thickness */
                for (int t = 0; t < THIN; t++) {
                    float away = 0;
                    for (int a = 0; a < 3; a++) {
                        const float more = a == 2 ? ((float)t + 0.5F) / THIN - 0.5F : 0;
                        const float d = ((float)at[a] + more) * (float)g->spacing_mm[a] - n->mm[a];
                        away += d * d;
                    }
                    share += 1 / (1 + expf((sqrtf(away) - n->diameter_mm / 2) / (EDGE_MM * 0.6F))) / THIN;
                }
                int16_t *value = &v->hu[bfl_grid_index(g, at[0], at[1], at[2])];
                if (*value >= BFL_HU_LOWEST && (float)*value < hu)
                    *value = (int16_t)lrintf((float)*value + share * (hu - (float)*value));
            }
}

static bool free_place(const bfl_nodule *out, size_t count, const float mm[3]) {
    for (size_t n = 0; n < count; n++) {
        float away = 0;
        for (int a = 0; a < 3; a++) away += (out[n].mm[a] - mm[a]) * (out[n].mm[a] - mm[a]);
        if (away < APART_MM * APART_MM) return false;
    }
    return true;
}

size_t bfl_nodules_put(bfl_arena *arena, bfl_volume *volume, const bfl_lungs *lungs, uint64_t seed, size_t wanted,
                       bfl_nodule *out) {
    bfl_arena_mark mark = bfl_arena_here(arena);
    bfl_shape *core = bfl_shape_copy(arena, lungs->in);
    bfl_shape_shrink(arena, 1, core, 6);
    const size_t voxels = bfl_shape_voxels(core);
    size_t *inside = BFL_NEW_ARRAY(arena, voxels, size_t), all = 0, count = 0;
    for (size_t v = 0; v < voxels; v++)
        if (core->in[v]) inside[all++] = v;
    bfl_random r = bfl_random_stream(seed, 0, NODULE_STREAM);
    for (size_t tries = 0; all > 0 && tries < wanted * TRIES && count < wanted; tries++) {
        const size_t v = inside[bfl_random_below(&r, (uint32_t)all)];
        int32_t index[3];
        bfl_voxel_at(core->size, v, index);
        bfl_nodule n = {.diameter_mm = DIAMETER_MM[bfl_random_below(&r, DIAMETERS)]};
        const float hu = (float)bfl_random_between(&r, -50, 60);
        int32_t at[3];
        for (int a = 0; a < 3; a++) {
            n.mm[a] = ((float)index[a] + (float)bfl_random_uniform(&r) - 0.5F) * core->spacing_mm;
            at[a] = (int32_t)((double)n.mm[a] / volume->grid.spacing_mm[a] + 0.5);
            if (at[a] > volume->grid.size[a] - 1) at[a] = volume->grid.size[a] - 1;
        }
        if ((float)volume->hu[bfl_grid_index(&volume->grid, at[0], at[1], at[2])] > FREE_HU ||
            !free_place(out, count, n.mm))
            continue;
        out[count++] = n;
        paint(volume, &n, hu);
    }
    bfl_arena_back(arena, mark);
    return count;
}
