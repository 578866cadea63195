/* SPDX-License-Identifier: Apache-2.0 */
/* Layer by layer; through faces, then through edges and corners too, in turns, which is nearly round. */
#include "image/rim.h"

#include <math.h>

typedef struct front {
    size_t voxel;
    float lowest_hu; /* met on the way */
} front;

typedef struct growing {
    const bfl_image *image;
    const bfl_shape *within;
    bfl_shape *core;
    float rise_hu;
    BFL_LIST(front) list;
} growing;

static void step_to(bfl_arena *arena, growing *g, const front *from, const int32_t to[3]) {
    for (int a = 0; a < 3; a++)
        if (to[a] < 0 || to[a] >= g->core->size[a]) return;
    const size_t v = bfl_image_index(g->image, to[0], to[1], to[2]);
    if (g->core->in[v] || !g->within->in[v] || g->image->value[v] > from->lowest_hu + g->rise_hu) return;
    g->core->in[v] = 1;
    *BFL_PUSH(arena, &g->list) = (front){v, fminf(from->lowest_hu, g->image->value[v])};
}

static void step_from(bfl_arena *arena, growing *g, front from, bool corners) {
    int32_t at[3], d[3];
    bfl_voxel_at(g->core->size, from.voxel, at);
    for (d[2] = -1; d[2] <= 1; d[2]++)
        for (d[1] = -1; d[1] <= 1; d[1]++)
            for (d[0] = -1; d[0] <= 1; d[0]++)
                if (corners || d[0] * d[0] + d[1] * d[1] + d[2] * d[2] == 1)
                    step_to(arena, g, &from, (const int32_t[3]){at[0] + d[0], at[1] + d[1], at[2] + d[2]});
}

void bfl_rim_add(bfl_arena *arena, const bfl_image *image, const bfl_shape *within, float rim_mm, float rise_hu,
                 bfl_shape *core) {
    const size_t voxels = bfl_shape_voxels(core);
    const int layers = (int)(rim_mm / core->spacing_mm);
    bfl_arena_mark mark = bfl_arena_here(arena);
    growing g = {.image = image, .within = within, .core = core, .rise_hu = rise_hu};
    for (size_t v = 0; v < voxels; v++)
        if (core->in[v]) *BFL_PUSH(arena, &g.list) = (front){v, image->value[v]};
    size_t from = 0;
    for (int layer = 0; layer < layers; layer++) {
        const size_t to = g.list.count;
        for (; from < to; from++) step_from(arena, &g, g.list.items[from], layer % 2 == 1);
    }
    bfl_arena_back(arena, mark);
}
