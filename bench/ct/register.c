/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registration and warping alone: register FIXED MOVING [POINTS.csv] prints seconds, memory, fit, and errors at the points of
 * `boneflare ct-phantom`. register fit FIXED WARPED: how well what another program warped lies. register mask FIXED OUT.nii.gz: bone
 * and 6 mm around it, for programs that take a mask.
 */
#include "format/format.h"
#include "image/image.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static double wall(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bfl_scan *read_scan(const char *path) {
    bfl_scan *scan = NULL;
    bfl_error err = {.status = BFL_OK};
    if (bfl_scan_read(path, NULL, &scan, &err)) {
        (void)fprintf(stderr, "%s: %s\n", path, err.message);
        exit(3);
    }
    return scan;
}

static void print_fit(const char *name, const bfl_fit *fit) {
    printf("fit %s: overlap %.3f dice %.3f ncc_bone %.3f ncc_near %.3f error_hu %.1f\n", name, (double)fit->overlap,
           (double)fit->bone_dice, (double)fit->bone_ncc, (double)fit->near_ncc, (double)fit->bone_error_hu);
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_errors(const bfl_volume *fixed, const bfl_volume *moving, const bfl_transform *t, const char *path) {
    enum { MOST = 40000 };
    static double error[MOST];
    char line[256];
    size_t n = 0, close = 0;
    double sum = 0;
    FILE *file = fopen(path, "r");
    if (!file) return;
    while (fgets(line, sizeof line, file) && n < MOST) {
        double mm[6], index[3], at_mm[3], away = 0;
        char *rest = line;
        for (int i = 0; i < 6; i++) {
            mm[i] = strtod(rest, &rest);
            if (*rest == ',') rest++;
        }
        if (rest == line) continue; /* the head */
        float at[3], to[3];
        bfl_grid_to_index(&fixed->grid, mm, index);
        for (int a = 0; a < 3; a++) at[a] = (float)(index[a] * fixed->grid.spacing_mm[a]);
        bfl_transform_point(t, at, to);
        for (int a = 0; a < 3; a++) index[a] = (double)to[a] / moving->grid.spacing_mm[a];
        bfl_grid_to_mm(&moving->grid, index, at_mm);
        for (int a = 0; a < 3; a++) away += (at_mm[a] - mm[3 + a]) * (at_mm[a] - mm[3 + a]);
        error[n] = sqrt(away);
        sum += error[n];
        close += error[n++] < 1;
    }
    (void)fclose(file);
    if (n == 0) return;
    qsort(error, n, sizeof *error, by_value);
    printf("bone TRE: mean %.3f p90 %.3f p99 %.3f share_under_1mm %.4f points %zu\n", sum / (double)n,
           error[n * 9 / 10], error[n * 99 / 100], (double)close / (double)n, n);
}

typedef struct request {
    const bfl_scan *fixed, *moving;
    const char *points, *out;
} request;

static bfl_status align(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    const bfl_volume *fixed = r->fixed->volume, *moving = r->moving->volume;
    const double begin = wall(), cpu = (double)clock();
    bfl_transform t;
    const bfl_register_options how = {.threads = 0};
    bfl_status status = bfl_register(arena, fixed, moving, &how, &t, err);
    if (status) return status;
    const bfl_volume *warped = bfl_warp(arena, 0, fixed, moving, &t);
    struct rusage usage;
    const double seconds = wall() - begin, used = ((double)clock() - cpu) / CLOCKS_PER_SEC;
    (void)getrusage(RUSAGE_SELF, &usage);
    printf("registered and warped: wall %.2f s cpu %.2f s peak %.0f MB\n", seconds, used,
           (double)usage.ru_maxrss / 1024);
    bfl_fit fit = bfl_fit_of(arena, 1, fixed, warped);
    print_fit("as they are", &fit);
    const bfl_volume *matched = bfl_match_blur(arena, 0, fixed, moving, &t);
    fit = bfl_fit_of(arena, 1, matched, warped);
    print_fit("with matched variance", &fit);
    const bfl_noisy_fit noisy = bfl_noisy_fit_of(arena, 0, matched, warped);
    printf("fit at bone: noise %.0f and %.0f HU, ncc %.3f, without the noise %.3f\n", (double)noisy.noise_hu[0],
           (double)noisy.noise_hu[1], (double)noisy.plain_ncc, (double)noisy.ncc);
    if (r->points) print_errors(fixed, moving, &t, r->points);
    return BFL_OK;
}

static bfl_status mask(bfl_arena *arena, void *context, bfl_error *err) {
    request *r = context;
    const bfl_volume *v = r->fixed->volume;
    const bfl_skeleton s = bfl_skeleton_of(arena, 0, v, 1.5F);
    bfl_shape_grow(arena, 0, s.bone, 6);
    bfl_mask *out = bfl_mask_new(arena, &v->grid);
    size_t at = 0;
    for (int32_t k = 0; k < v->grid.size[2]; k++)
        for (int32_t j = 0; j < v->grid.size[1]; j++)
            for (int32_t i = 0; i < v->grid.size[0]; i++) {
                const int32_t index[3] = {i, j, k};
                size_t from = 0, stride = 1;
                for (int a = 0; a < 3; a++) {
                    int32_t n = (int32_t)lround(index[a] * v->grid.spacing_mm[a] / 1.5);
                    if (n > s.bone->size[a] - 1) n = s.bone->size[a] - 1;
                    from += (size_t)n * stride;
                    stride *= (size_t)s.bone->size[a];
                }
                out->in[at++] = s.bone->in[from];
            }
    return bfl_file_write(r->out, bfl_nifti_write_mask(arena, out), true, err);
}

static bfl_status as_they_are(bfl_arena *arena, void *context, bfl_error *err) {
    const request *r = context;
    const bfl_fit fit = bfl_fit_of(arena, 1, r->fixed->volume, r->moving->volume);
    (void)err;
    print_fit("as they are", &fit);
    return BFL_OK;
}

int main(int argc, char **argv) {
    if (argc < 3) return fprintf(stderr, "register [fit|mask] FIXED MOVING [POINTS.csv]\n"), 2;
    const bool fit = strcmp(argv[1], "fit") == 0, masking = strcmp(argv[1], "mask") == 0;
    request r = {.fixed = read_scan(argv[fit || masking ? 2 : 1])};
    if (masking)
        r.out = argv[3];
    else
        r.moving = read_scan(argv[fit ? 3 : 2]);
    if (!fit && argc > 3) r.points = argv[3];
    bfl_error err = {.status = BFL_OK};
    bfl_arena *arena = bfl_arena_new();
    bfl_status status = bfl_arena_run(arena, masking ? mask : fit ? as_they_are : align, &r, &err);
    if (status) (void)fprintf(stderr, "%s\n", err.message);
    bfl_arena_free(arena);
    return status ? 3 : 0;
}
