/* SPDX-License-Identifier: Apache-2.0 */
/* Nodules found in lungs: lungs SCAN|made NODULES SEED. Prints marks a litre and sensitivity by size, by threshold. */
#include "format/format.h"
#include "image/image.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct request {
    const bfl_scan *scan;
    uint64_t seed;
    size_t wanted;
} request;

static const float SIZES[] = {2, 2.5F, 3, 4, 5, 6};
enum { SIZE_COUNT = 6 };

static bool near(const bfl_dot *d, const bfl_nodule *n) {
    float away = 0;
    for (int a = 0; a < 3; a++) away += (d->mm[a] - n->mm[a]) * (d->mm[a] - n->mm[a]);
    return sqrtf(away) < fmaxf(1.8F, n->diameter_mm / 2);
}

static void print(const bfl_dots *dots, const bfl_nodule *nodules, size_t count, float threshold) {
    size_t marks = 0, others = 0, found[SIZE_COUNT] = {0}, all[SIZE_COUNT] = {0};
    while (marks < dots->count && dots->items[marks].score >= threshold) marks++;
    for (size_t m = 0; m < marks; m++) {
        bool hit = false;
        for (size_t n = 0; n < count && !hit; n++) hit = near(&dots->items[m], &nodules[n]);
        others += !hit;
    }
    for (size_t n = 0; n < count; n++) {
        bool hit = false;
        for (size_t m = 0; m < marks && !hit; m++) hit = near(&dots->items[m], &nodules[n]);
        for (int s = 0; s < SIZE_COUNT; s++)
            if (fabsf(SIZES[s] - nodules[n].diameter_mm) < 0.1F) all[s]++, found[s] += hit;
    }
    printf("score %3.0f: %.1f marks a litre, %.1f of them no nodule; found", (double)threshold,
           (double)marks / (double)dots->litres, (double)others / (double)dots->litres);
    for (int s = 0; s < SIZE_COUNT; s++)
        if (all[s])
            printf("  %.1f mm %zu/%zu %.0f%%", (double)SIZES[s], found[s], all[s],
                   100.0 * (double)found[s] / (double)all[s]);
    printf("\n");
}

static bfl_status run(bfl_arena *arena, void *context, bfl_error *err) {
    const request *r = context;
    (void)err;
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){480, 400, 200}, (double[3]){0.8, 0.8, 1.25}, (double[3]){0, 0, 0});
    const bfl_volume *source = r->scan ? r->scan->volume : bfl_body_phantom(arena, 0, r->seed, &grid);
    bfl_volume *v = bfl_volume_new(arena, &source->grid);
    memcpy(v->hu, source->hu, bfl_grid_voxels(&source->grid) * sizeof *v->hu);
    const bfl_lungs lungs = bfl_lungs_of(arena, 0, v);
    bfl_nodule *nodules = BFL_NEW_ARRAY(arena, r->wanted + 1, bfl_nodule);
    const size_t count = bfl_nodules_put(arena, v, &lungs, r->seed, r->wanted, nodules);
    if (!r->scan) bfl_phantom_noise(arena, v, r->seed, 20);
    const double begin = (double)clock();
    const bfl_dots dots = bfl_dots_of(arena, 0, v, &lungs, 20);
    printf("%.2f litres of lung, %.2f looked at, %zu nodules, %.1f CPU s\n", (double)lungs.litres, (double)dots.litres,
           count, ((double)clock() - begin) / CLOCKS_PER_SEC);
    for (float threshold = 40; threshold <= 120; threshold += 20) print(&dots, nodules, count, threshold);
    const bfl_dots strong = bfl_dots_of(arena, 0, v, &lungs, 60);
    printf("at 60: randomness %.2f, upper share %.2f\n", (double)strong.randomness, (double)strong.upper_share);
    return BFL_OK;
}

int main(int argc, char **argv) {
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    if (argc < 4) return fprintf(stderr, "lungs SCAN|made NODULES SEED\n"), 2;
    if (strcmp(argv[1], "made") != 0 && bfl_scan_read(argv[1], NULL, &scan, &err))
        return fprintf(stderr, "%s\n", err.message), 3;
    request r = {scan, strtoull(argv[3], NULL, 10), strtoul(argv[2], NULL, 10)};
    bfl_arena *arena = bfl_arena_new();
    bfl_status status = bfl_arena_run(arena, run, &r, &err);
    bfl_arena_free(arena);
    bfl_scan_free(scan);
    return status ? 3 : 0;
}
