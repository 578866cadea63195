/* SPDX-License-Identifier: Apache-2.0 */
/* Bone beside a reference: skeleton SCAN [LABELS VERSION] [out MASK.nii.gz]. LABELS is a map by TotalSegmentator, whose VERSION is 1 or
 * 2. Prints Dice, sensitivity by bone, and in which other organs bone was found that is none; without LABELS the volume alone. */
#include "format/format.h"
#include "image/image.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LABELS = 256, GROUPS = 9 };

typedef struct request {
    const bfl_scan *scan, *labels;
    int version;
    const char *out;
} request;

static const char *const GROUP[GROUPS] = {"no bone", "sacrum", "lumbar", "thoracic and cervical", "ribs", "shoulder",
                                          "hips",    "humeri", "femora"};

static bool within(int label, int first, int last) { return label >= first && label <= last; }

/* Class numbers of TotalSegmentator 1 and 2 (totalsegmentator/map_to_binary.py). */
static int group_of(int version, int label) {
    if (version == 1) {
        if (label == 92) return 1;
        if (within(label, 18, 22)) return 2;
        if (within(label, 23, 41)) return 3;
        if (within(label, 58, 81)) return 4;
        if (within(label, 84, 87)) return 5;
        if (within(label, 90, 91)) return 6;
        if (within(label, 82, 83)) return 7;
        return within(label, 88, 89) ? 8 : 0;
    }
    if (within(label, 25, 26)) return 1;
    if (within(label, 27, 31)) return 2;
    if (within(label, 32, 50)) return 3;
    if (within(label, 92, 116)) return 4;
    if (within(label, 71, 74)) return 5;
    if (within(label, 77, 78)) return 6;
    if (within(label, 69, 70)) return 7;
    return within(label, 75, 76) ? 8 : 0;
}

static size_t nearest(const bfl_shape *s, const bfl_grid *from, const int32_t index[3]) {
    size_t at = 0, stride = 1;
    for (int a = 0; a < 3; a++) {
        int32_t n = (int32_t)lround(index[a] * from->spacing_mm[a] / (double)s->spacing_mm);
        if (n > s->size[a] - 1) n = s->size[a] - 1;
        at += (size_t)n * stride;
        stride *= (size_t)s->size[a];
    }
    return at;
}

static void count(const request *r, const bfl_shape *bone) {
    const bfl_grid *g = &r->labels->volume->grid;
    const double ml = bfl_grid_voxel_mm3(g) / 1000;
    size_t truth[GROUPS] = {0}, found[GROUPS] = {0}, organ[LABELS] = {0}, organ_all[LABELS] = {0}, v = 0;
    int32_t i[3];
    for (i[2] = 0; i[2] < g->size[2]; i[2]++)
        for (i[1] = 0; i[1] < g->size[1]; i[1]++)
            for (i[0] = 0; i[0] < g->size[0]; i[0]++, v++) {
                const int label = r->labels->volume->hu[v];
                if (label < 0 || label >= LABELS) continue;
                const int group = group_of(r->version, label);
                const bool in = bone->in[nearest(bone, g, i)];
                truth[group]++;
                found[group] += in;
                if (group) continue;
                organ_all[label]++;
                organ[label] += in;
            }
    size_t both = 0, all = 0;
    for (int n = 1; n < GROUPS; n++) both += found[n], all += truth[n];
    printf("Dice %.4f sensitivity %.4f precision %.4f\n", 2.0 * (double)both / (double)(all + both + found[0]),
           (double)both / (double)all, (double)both / (double)(both + found[0]));
    for (int n = 1; n < GROUPS; n++)
        if (truth[n])
            printf("  %-22s %7.1f mL, found %.3f (missed %.1f mL)\n", GROUP[n], (double)truth[n] * ml,
                   (double)found[n] / (double)truth[n], (double)(truth[n] - found[n]) * ml);
    for (int label = 0; label < LABELS; label++)
        if ((double)organ[label] * ml > 0.2)
            printf("  no bone: label %3d      %7.1f mL of %.1f\n", label, (double)organ[label] * ml,
                   (double)organ_all[label] * ml);
}

static bfl_status run(bfl_arena *arena, void *context, bfl_error *err) {
    const request *r = context;
    const double begin = (double)clock();
    const bfl_skeleton s = bfl_skeleton_of(arena, 1, r->scan->volume, 1.5F);
    size_t voxels = 0;
    for (size_t v = 0; v < bfl_shape_voxels(s.bone); v++) voxels += s.bone->in[v];
    printf("%s: threshold %.0f HU, %.0f mL, %.1f CPU s\n", bfl_scan_about(r->scan)->path, (double)s.threshold_hu,
           (double)voxels * 1.5 * 1.5 * 1.5 / 1000, ((double)clock() - begin) / CLOCKS_PER_SEC);
    if (r->labels) count(r, s.bone);
    if (!r->out) return BFL_OK;
    bfl_grid grid = r->scan->volume->grid;
    for (int a = 0; a < 3; a++) grid.size[a] = s.bone->size[a], grid.spacing_mm[a] = (double)s.bone->spacing_mm;
    return bfl_file_write(r->out, bfl_nifti_write_mask(arena, &(bfl_mask){grid, s.bone->in}), true, err);
}

static const bfl_scan *read_scan(const char *path) {
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    if (bfl_scan_read(path, NULL, &scan, &err) == BFL_OK) return scan;
    fprintf(stderr, "%s: %s\n", path, err.message);
    exit(3);
}

int main(int argc, char **argv) {
    if (argc < 2) return fprintf(stderr, "skeleton SCAN [LABELS VERSION] [out MASK.nii.gz]\n"), 2;
    request r = {.scan = read_scan(argv[1])};
    bfl_error err = {.status = BFL_OK};
    int next = 2;
    if (next + 1 < argc && strcmp(argv[next], "out") != 0) {
        r.labels = read_scan(argv[next]);
        r.version = atoi(argv[next + 1]); // lint: a bench
        next += 2;
        if (!bfl_grid_same(&r.labels->volume->grid, &r.scan->volume->grid))
            return fprintf(stderr, "the labels lie on another grid\n"), 3;
    }
    if (next + 1 < argc) r.out = argv[next + 1];
    bfl_arena *arena = bfl_arena_new();
    bfl_status status = bfl_arena_run(arena, run, &r, &err);
    bfl_arena_free(arena);
    return status ? fprintf(stderr, "%s\n", err.message), 3 : 0;
}
