/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of bones beside a reference: labels SCAN LABELS VERSION [SEED SLICE_MM NOISE_HU TURN_DEGREES]
 *
 * Of each bone in the map of TotalSegmentator 1 or 2: how many of the voxels that are bone here as well got its name, no name or
 * number, or another's. With a seed the follow-up of a pair made from the scan is named (40 lesions in it, as boneflare ct-phantom
 * --in-bone 0 makes them), its labels carried along by the known motion.
 */
#include "format/format.h"
#include "lesion/site.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct request {
    const bfl_scan *scan, *labels;
    int version;
    bool made;
    bfl_pair_options how;
    size_t count[256][256]; /* of voxels: by the map, here */
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

/* The map's code at a place of its frame; 0 outside. */
static int label_at(const request *r, const float mm[3]) {
    const bfl_grid *g = &r->labels->volume->grid;
    int32_t at[3];
    for (int x = 0; x < 3; x++) {
        at[x] = (int32_t)lrint((double)mm[x] / g->spacing_mm[x]);
        if (at[x] < 0 || at[x] >= g->size[x]) return 0;
    }
    return code_of(r->version, r->labels->volume->hu[bfl_grid_index(g, at[0], at[1], at[2])]);
}

/* Bone voxels of the working grid, which the map knows in the baseline. */
static void count_voxels(request *r, const bfl_skeleton *s, const bfl_anatomy *a, const bfl_pair *pair) {
    const int32_t *n = s->bone->size;
    size_t v = 0;
    for (int32_t k = 0; k < n[2]; k++)
        for (int32_t j = 0; j < n[1]; j++)
            for (int32_t i = 0; i < n[0]; i++, v++) {
                const float mm[3] = {(float)i * 1.5F, (float)j * 1.5F, (float)k * 1.5F};
                float was[3] = {mm[0], mm[1], mm[2]};
                if (!s->bone->in[v]) continue;
                if (pair) {
                    bfl_pair_point(pair, mm, was);
                    was[2] += pair->moving_offset_mm;
                }
                const int code = label_at(r, was);
                if (code) r->count[code][bfl_anatomy_at(a, mm)]++;
            }
}

static void print(bfl_arena *arena, const request *r) {
    size_t right_all = 0, all_all = 0, bones = 0, named = 0;
    enum { COUNTS = 60 }; /* voxels that are a bone in view */
    for (int code = 1; code < 256; code++) {
        size_t all = 0, best = 0;
        const size_t *count = r->count[code];
        for (int other = 0; other < 256; other++) {
            all += count[other];
            if (other != code && count[other] > (best == (size_t)code ? 0 : count[best])) best = (size_t)other;
        }
        if (all == 0) continue;
        all_all += all;
        right_all += count[code];
        bones += all >= COUNTS;
        named += all >= COUNTS && count[code] * 2 > all;
        printf("%-28s %6zu voxels: right %.3f, most of the others (%.3f): %s\n", bfl_site_text(arena, code, -1), all,
               (double)count[code] / (double)all, (double)count[best] / (double)all,
               bfl_site_text(arena, (int)best, -1));
    }
    printf("all: %.3f of the voxels, %zu of %zu bones named rightly by most of their voxels\n",
           (double)right_all / (double)all_all, named, bones);
}

static bfl_status run(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    const bfl_volume *volume = r->scan->volume;
    bfl_pair pair;
    if (r->made) {
        bfl_status status = bfl_pair_of(arena, 1, volume, &r->how, &pair, err);
        if (status) return status;
        volume = pair.followup;
    }
    const bfl_skeleton s = bfl_skeleton_of(arena, 1, volume, 1.5F);
    const bfl_anatomy a = bfl_anatomy_of(arena, s.image, s.bone, &s.canal);
    count_voxels(r, &s, &a, r->made ? &pair : NULL);
    printf("%zu levels, L5 %d, sacrum %d, %zu ribs\n", a.spine.level_count, (int)a.l5, (int)a.sacrum,
           a.spine.rib_count);
    print(arena, r);
    return BFL_OK;
}

int main(int argc, char **argv) {
    bfl_scan *scans[2] = {NULL, NULL};
    bfl_error err = {.status = BFL_OK};
    if (argc != 4 && argc != 8)
        return fprintf(stderr, "labels SCAN LABELS VERSION [SEED SLICE_MM NOISE_HU TURN_DEGREES]\n"), 2;
    for (int n = 0; n < 2; n++)
        if (bfl_scan_read(argv[n + 1], NULL, &scans[n], &err))
            return fprintf(stderr, "%s: %s\n", argv[n + 1], err.message), 3;
    static request r;
    r = (request){.scan = scans[0], .labels = scans[1], .version = argv[3][0] - '0', .made = argc > 4};
    if (r.made) {
        r.how.lesions = (bfl_phantom_options){.seed = strtoull(argv[4], NULL, 10), .wanted = 40, .least_in_bone = -1};
        r.how.motion = (bfl_motion_options){
            .turn_degrees = strtof(argv[7], NULL), .shift_mm = 12, .bend_mm = 3.5F, .joint_degrees = 0.5F};
        r.how.slice_mm = strtof(argv[5], NULL);
        r.how.noise_hu[0] = r.how.noise_hu[1] = strtof(argv[6], NULL);
        r.how.blur_mm[1] = 0.5F;
    }
    bfl_arena *arena = bfl_arena_new();
    bfl_status status = bfl_arena_run(arena, run, &r, &err);
    bfl_arena_free(arena);
    return status ? fprintf(stderr, "%s\n", err.message), 3 : 0;
}
