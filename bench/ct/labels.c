/* SPDX-License-Identifier: Apache-2.0 */
/* Names of bones beside a reference: labels SCAN LABELS VERSION. Of each bone in the map of TotalSegmentator 1 or 2: how many of the
 * voxels that are bone here as well got its name, no name or number, or another's. */
#include "format/format.h"
#include "lesion/site.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct request {
    const bfl_scan *scan, *labels;
    int version;
} request;

/* Version 1's class numbers as version 2's; only bones. */
static int code_of(int version, int label) {
    if (version == 2)
        return (label >= 25 && label <= 50) || (label >= 69 && label <= 78) || (label >= 92 && label <= 116) ? label
                                                                                                             : 0;
    if (label >= 18 && label <= 41) return label + 9;
    if (label >= 58 && label <= 81) return label + 34;
    if (label >= 88 && label <= 91) return label - 13;
    return label == 92 ? 25 : 0;
}

static bfl_status run(bfl_arena *arena, void *context, bfl_error *err) {
    const request *r = context;
    (void)err;
    const bfl_skeleton s = bfl_skeleton_of(arena, 1, r->scan->volume, 1.5F);
    const bfl_anatomy a = bfl_anatomy_of(arena, s.image, s.bone, &s.canal);
    static size_t count[256][256];
    const bfl_grid *g = &r->labels->volume->grid;
    size_t v = 0;
    for (int32_t k = 0; k < g->size[2]; k++)
        for (int32_t j = 0; j < g->size[1]; j++)
            for (int32_t i = 0; i < g->size[0]; i++, v++) {
                const int code = code_of(r->version, r->labels->volume->hu[v]);
                const float mm[3] = {(float)(i * g->spacing_mm[0]), (float)(j * g->spacing_mm[1]),
                                     (float)(k * g->spacing_mm[2])};
                int32_t at[3];
                bool inside = code > 0;
                for (int x = 0; x < 3; x++) {
                    at[x] = (int32_t)lrintf(mm[x] / 1.5F);
                    inside &= at[x] < s.bone->size[x];
                }
                if (inside && s.bone->in[bfl_image_index(s.image, at[0], at[1], at[2])])
                    count[code][bfl_anatomy_at(&a, mm)]++;
            }
    printf("%zu levels, L5 %d, sacrum %d, %zu ribs\n", a.spine.level_count, (int)a.l5, (int)a.sacrum,
           a.spine.rib_count);
    size_t right_all = 0, all_all = 0;
    for (int code = 1; code < 256; code++) {
        size_t all = 0, best = 0;
        for (int other = 0; other < 256; other++) {
            all += count[code][other];
            if (other != code && count[code][other] > (best == (size_t)code ? 0 : count[code][best]))
                best = (size_t)other;
        }
        if (all == 0) continue;
        all_all += all;
        right_all += count[code][code];
        printf("%-28s %6zu voxels: right %.3f, most of the others (%.3f): %s\n", bfl_site_text(arena, code, -1), all,
               (double)count[code][code] / (double)all, (double)count[code][best] / (double)all,
               bfl_site_text(arena, (int)best, -1));
    }
    printf("all: %.3f\n", (double)right_all / (double)all_all);
    return BFL_OK;
}

int main(int argc, char **argv) {
    bfl_scan *scans[2] = {NULL, NULL};
    bfl_error err = {.status = BFL_OK};
    if (argc < 4) return fprintf(stderr, "labels SCAN LABELS VERSION\n"), 2;
    for (int n = 0; n < 2; n++)
        if (bfl_scan_read(argv[n + 1], NULL, &scans[n], &err))
            return fprintf(stderr, "%s: %s\n", argv[n + 1], err.message), 3;
    request r = {scans[0], scans[1], argv[3][0] - '0'};
    bfl_arena *arena = bfl_arena_new();
    bfl_status status = bfl_arena_run(arena, run, &r, &err);
    bfl_arena_free(arena);
    return status ? fprintf(stderr, "%s\n", err.message), 3 : 0;
}
