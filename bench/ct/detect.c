/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many lesions are found at how many false marks: detect FIRST LAST SLICE_MM [SCAN [FOLLOWUP]] [noise N] [blur MM] [joints D]
 * [contrast BEFORE AFTER] [anywhere]
 *
 * For each seed from FIRST to LAST a pair is made (src/image/pair.c) from SCAN, or from a body made up by the same seed; with FOLLOWUP
 * the pair is real and only lesions are put into the follow-up. Prints sensitivity over false marks a pair, by size and kind, and
 * the errors of density and volume. With `anywhere` a lesion's middle alone must be bone; "inside" then counts those whose ball is
 * bone by 60 % or more, which is what is put in without it. Seeds under 100 are for tuning; what is reported uses others.
 */
#include "format/format.h"
#include "image/image.h"
#include "lesion/lesion.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LESIONS = 40, MOST = 4000, LESS = 200 };

typedef struct lesion {
    bfl_insert insert;
    bool counts;
    float best; /* score of the best mark on it; 0: none */
    double change_error, volume_ratio;
} lesion;

typedef struct bench {
    uint64_t seed;
    bfl_pair_options options;
    const bfl_scan *scans[2];
    bool real_pair, verbose, enhanced;
    float contrast_hu[2];
    lesion lesions[MOST];
    float false_score[MOST];
    double off[4]; /* mean, p90, p99, share under 1 mm: sums over pairs */
    double cpu;
    size_t lesion_count, false_count, pairs, refused;
} bench;

static double cpu_seconds(void) { return (double)clock() / CLOCKS_PER_SEC; }

static const bfl_volume *made_up(bfl_arena *arena, bench *b) {
    const double mm[3] = {0.8, 0.8, 1.25}, origin[3] = {0, 0, 0};
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){480, 400, LESS}, mm, origin);
    if (!b->enhanced) return bfl_body_phantom(arena, 2, b->seed, &grid);
    b->options.lesions.plain = bfl_body_enhanced(arena, 2, b->seed, &grid, 0);
    b->options.followup = bfl_body_enhanced(arena, 2, b->seed, &grid, b->contrast_hu[1]);
    return bfl_body_enhanced(arena, 2, b->seed, &grid, b->contrast_hu[0]);
}

static int by_value(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

/* Errors of the registration at bone of the follow-up, against the motion that is known. */
static void measure_error(bench *b, const bfl_pair *pair, const bfl_transform *t) {
    const bfl_grid *g = &pair->followup->grid;
    const size_t voxels = bfl_grid_voxels(g);
    float *error = malloc(voxels / 7 * sizeof *error + sizeof *error), sum = 0;
    size_t n = 0, close = 0;
    if (!error) return;
    for (size_t v = 0; v < voxels / 7; v++) {
        const size_t at = v * 7, row = (size_t)g->size[0], slice = row * (size_t)g->size[1];
        if (pair->followup->hu[at] < 200) continue;
        const float mm[3] = {(float)(at % row) * (float)g->spacing_mm[0],
                             (float)(at / row % (size_t)g->size[1]) * (float)g->spacing_mm[1],
                             (float)(at / slice) * (float)g->spacing_mm[2]};
        float is[3], should[3];
        bfl_pair_point(pair, mm, should);
        bool inside = bfl_pair_bone(pair, should);
        for (int a = 0; a < 3; a++)
            inside &= should[a] >= 0 &&
                      should[a] <= (float)((pair->baseline->grid.size[a] - 1) * pair->baseline->grid.spacing_mm[a]);
        if (!inside) continue;
        bfl_transform_point(t, mm, is);
        const float d[3] = {is[0] - should[0], is[1] - should[1], is[2] - should[2]};
        error[n] = sqrtf(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        sum += error[n];
        close += error[n++] < 1;
    }
    if (n > 0) {
        qsort(error, n, sizeof *error, by_value);
        b->off[0] += (double)sum / (double)n, b->off[1] += (double)error[n * 9 / 10],
            b->off[2] += (double)error[n * 99 / 100], b->off[3] += (double)close / (double)n;
    }
    free(error);
}

/* A lesion counts when it lies in both scans with 6 mm around it. */
static bool counts(const bfl_insert *l, const bfl_volume *warped) {
    if (l->volume_mm3 < 25) return false;
    for (int s = 0; s < 7; s++) {
        int32_t at[3];
        for (int a = 0; a < 3; a++) {
            const double mm = (double)l->centre_mm[a] + (s / 2 == a && s < 6 ? (s % 2 ? 6 : -6) : 0);
            at[a] = (int32_t)lround(mm / warped->grid.spacing_mm[a]);
            if (at[a] < 0 || at[a] >= warped->grid.size[a]) return false;
        }
        if (warped->hu[bfl_grid_index(&warped->grid, at[0], at[1], at[2])] < BFL_HU_LOWEST) return false;
    }
    return true;
}

/* The lesion that a mark lies on: most of its voxels, at least a fifth of the mark or two fifths of the lesion; else -1. */
static int lesion_under(const bfl_mask *truth, const bfl_insert *items, const bfl_marks *c, const bfl_mark *mark) {
    size_t votes[256] = {0}, best = 1;
    const bfl_grid *g = &truth->grid;
    const double mm = (double)c->after->spacing_mm[0];
    const size_t row = (size_t)c->after->size[0], slice = row * (size_t)c->after->size[1];
    for (size_t n = 0; n < mark->count; n++) {
        const size_t v = mark->voxels[n];
        const int32_t at[3] = {(int32_t)lround((double)(v % row) * mm / g->spacing_mm[0]),
                               (int32_t)lround((double)(v / row % (size_t)c->after->size[1]) * mm / g->spacing_mm[1]),
                               (int32_t)lround((double)(v / slice) * mm / g->spacing_mm[2])};
        if (at[0] < g->size[0] && at[1] < g->size[1] && at[2] < g->size[2])
            votes[truth->in[bfl_grid_index(g, at[0], at[1], at[2])]]++;
    }
    for (size_t l = 2; l < 256; l++)
        if (votes[l] > votes[best]) best = l;
    if (votes[best] == 0) return -1;
    const double on = (double)votes[best] * mm * mm * mm;
    return votes[best] * 5 >= mark->count || on >= 0.4 * (double)items[best - 1].volume_mm3 ? (int)best - 1 : -1;
}

static const char *const KINDS[] = {"denser", "lytic", "rim", "outgrown"};

static void score(bench *b, const bfl_mask *truth, const bfl_insert *items, size_t count, const bfl_marks *c,
                  const bfl_volume *warped) {
    lesion *first = b->lesions + b->lesion_count;
    for (size_t l = 0; l < count && b->lesion_count < MOST; l++)
        b->lesions[b->lesion_count++] = (lesion){.insert = items[l], .counts = counts(&items[l], warped)};
    for (size_t m = 0; m < c->count; m++) {
        const bfl_mark *mark = &c->items[m];
        const int under = lesion_under(truth, items, c, mark);
        if (under < 0) {
            if (b->verbose && mark->score > 4)
                printf("  false %d: score %.1f strength %.1f sign %d n %zu at %.0f %.0f %.0f before %.0f after %.0f\n",
                       (int)b->seed, (double)mark->score, (double)mark->strength, mark->sign, mark->count,
                       (double)mark->peak_mm[0], (double)mark->peak_mm[1], (double)mark->peak_mm[2],
                       (double)c->before->value[mark->voxels[0]], (double)c->after->value[mark->voxels[0]]);
            if (b->false_count < MOST) b->false_score[b->false_count++] = mark->score;
            continue;
        }
        lesion *l = &first[under];
        if (mark->score <= l->best) continue;
        l->best = mark->score;
        l->change_error = (double)mark->change_hu - (double)l->insert.mean_change_hu;
        l->volume_ratio = (double)mark->volume_mm3 / (double)l->insert.volume_mm3;
    }
    if (b->verbose)
        for (size_t l = 0; l < count; l++)
            if (first[l].counts && first[l].best < 5)
                printf("  missed %d: score %.1f %s r %.1f in bone %.2f hu %.0f mean %.0f vol %.0f at %.0f %.0f %.0f\n",
                       (int)b->seed, (double)first[l].best, KINDS[items[l].kind], (double)items[l].radius_mm,
                       (double)items[l].share_in_bone, (double)items[l].change_hu, (double)items[l].mean_change_hu,
                       (double)items[l].volume_mm3, (double)items[l].centre_mm[0], (double)items[l].centre_mm[1],
                       (double)items[l].centre_mm[2]);
}

static bfl_status one_pair(bfl_arena *arena, void *context, bfl_error *err) {
    bench *b = context;
    bfl_pair pair = {0};
    const bfl_volume *moving = NULL, *fixed = NULL;
    b->options.lesions.seed = b->seed;
    if (b->real_pair) {
        const bfl_phantom p = bfl_phantom_of(arena, 2, b->scans[1]->volume, &b->options.lesions);
        pair.truth = p.truth, pair.items = p.items, pair.count = p.count;
        moving = b->scans[0]->volume, fixed = p.volume;
    } else {
        const bfl_volume *source = b->scans[0] ? b->scans[0]->volume : made_up(arena, b);
        bfl_status status = bfl_pair_of(arena, 2, source, &b->options, &pair, err);
        if (status) return status;
        moving = pair.baseline, fixed = pair.followup;
    }
    const double begin = cpu_seconds();
    bfl_transform t;
    const bfl_register_options how = {.threads = 2};
    b->pairs++;
    if (bfl_register(arena, fixed, moving, &how, &t, err)) {
        b->refused++;
        printf("  %d: not registered: %s\n", (int)b->seed, err->message);
        return BFL_OK;
    }
    if (!b->real_pair) measure_error(b, &pair, &t);
    const bfl_volume *warped = bfl_warp(arena, 2, fixed, moving, &t);
    const bfl_volume *matched = bfl_match_blur(arena, 2, fixed, moving, &t);
    const bfl_mark_options marking = {.threads = 2, .least_score = 1};
    const bfl_marks c = bfl_marks_of(arena, warped, matched, &marking);
    b->cpu += cpu_seconds() - begin;
    if (b->verbose) printf("  noise %.1f offset %.1f marks %zu\n", (double)c.noise_hu, (double)c.offset_hu, c.count);
    score(b, pair.truth, pair.items, pair.count, &c, warped);
    return BFL_OK;
}

typedef bool (*chooser)(const lesion *l);
static bool any(const lesion *l) { return l->counts; }
static bool large(const lesion *l) { return l->counts && l->insert.radius_mm >= 5; }
static bool inside(const lesion *l) {
    return l->counts && (l->insert.kind == BFL_INSERT_OUTGROWN || l->insert.share_in_bone >= 0.6F);
}
static bool large_inside(const lesion *l) { return large(l) && inside(l); }
static bool small(const lesion *l) { return l->counts && l->insert.radius_mm < 5; }
static bool faint(const lesion *l) { return l->counts && fabsf(l->insert.change_hu) <= 150; }
static bool lytic(const lesion *l) { return l->counts && l->insert.kind == BFL_INSERT_LYTIC; }
static bool rim(const lesion *l) { return l->counts && l->insert.kind == BFL_INSERT_RIM; }
static bool outgrown(const lesion *l) { return l->counts && l->insert.kind == BFL_INSERT_OUTGROWN; }

static void print_share(const bench *b, const char *name, chooser choose, float threshold) {
    size_t all = 0, found = 0;
    for (size_t l = 0; l < b->lesion_count; l++) {
        if (!choose(&b->lesions[l])) continue;
        all++;
        found += b->lesions[l].best > threshold;
    }
    printf("  %s %zu/%zu %.1f%%", name, found, all, all ? 100.0 * (double)found / (double)all : 0);
}

static void print_errors(const bench *b) {
    static float change[MOST], ratio[MOST];
    size_t n = 0;
    for (size_t l = 0; l < b->lesion_count; l++) {
        const lesion *x = &b->lesions[l];
        if (!x->counts || !(x->best > 0) || x->insert.kind == BFL_INSERT_RIM) continue;
        change[n] = (float)x->change_error * (x->insert.mean_change_hu < 0 ? -1.0F : 1.0F);
        ratio[n++] = (float)x->volume_ratio;
    }
    if (n == 0) return;
    qsort(change, n, sizeof *change, by_value);
    qsort(ratio, n, sizeof *ratio, by_value);
    printf("measured less inserted: change of HU median %.0f (quartiles %.0f to %.0f), volume ratio median %.2f (%.2f "
           "to %.2f)\n",
           (double)change[n / 2], (double)change[n / 4], (double)change[n * 3 / 4], (double)ratio[n / 2],
           (double)ratio[n / 4], (double)ratio[n * 3 / 4]);
}

static void print(bench *b) {
    qsort(b->false_score, b->false_count, sizeof *b->false_score, by_value);
    printf("%zu pairs, %zu not registered, %.1f CPU s a pair\n", b->pairs, b->refused, b->cpu / (double)b->pairs);
    if (!b->real_pair)
        printf("bone TRE mean %.3f p90 %.3f p99 %.3f mm, %.1f %% under 1 mm\n", b->off[0] / (double)b->pairs,
               b->off[1] / (double)b->pairs, b->off[2] / (double)b->pairs, 100 * b->off[3] / (double)b->pairs);
    static const size_t AT[] = {0, 1, 2, 3, 5, 10};
    for (size_t i = 0; i < sizeof AT / sizeof *AT; i++) {
        const size_t allowed = AT[i] * b->pairs;
        const float threshold = allowed < b->false_count ? b->false_score[b->false_count - 1 - allowed] : 0;
        printf("false %2zu a pair, score over %5.2f:", AT[i], (double)threshold);
        print_share(b, "all", any, threshold);
        print_share(b, "r>=5", large, threshold);
        if (b->options.lesions.least_in_bone < 0) {
            print_share(b, "inside", inside, threshold);
            print_share(b, "r>=5 inside", large_inside, threshold);
        }
        print_share(b, "r<5", small, threshold);
        print_share(b, "150HU", faint, threshold);
        print_share(b, "lytic", lytic, threshold);
        print_share(b, "rim", rim, threshold);
        print_share(b, "outgrown", outgrown, threshold);
        printf("\n");
    }
    print_errors(b);
}

int main(int argc, char **argv) {
    static bench b;
    bfl_scan *scans[2] = {NULL, NULL};
    bfl_error err = {.status = BFL_OK};
    int scan_count = 0;
    if (argc < 4) return fprintf(stderr, "detect FIRST LAST SLICE_MM [SCAN [FOLLOWUP]] [noise N] [blur MM]\n"), 2;
    b.options = (bfl_pair_options){.lesions = {.wanted = LESIONS},
                                   .motion = {0, 4, 12, 3.5F, 0},
                                   .slice_mm = (float)strtod(argv[3], NULL),
                                   .noise_hu = {12, 15},
                                   .blur_mm = {0, 0}};
    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], "noise") == 0)
            b.options.noise_hu[0] = b.options.noise_hu[1] = (float)strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "blur") == 0)
            b.options.blur_mm[1] = (float)strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "joints") == 0)
            b.options.motion.joint_degrees = (float)strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "contrast") == 0 && i + 2 < argc) {
            b.enhanced = true;
            b.contrast_hu[0] = (float)strtod(argv[++i], NULL);
            b.contrast_hu[1] = (float)strtod(argv[++i], NULL);
        } else if (strcmp(argv[i], "lesions") == 0)
            b.options.lesions.wanted = (uint32_t)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "anywhere") == 0)
            b.options.lesions.least_in_bone = -1;
        else if (strcmp(argv[i], "verbose") == 0)
            b.verbose = true;
        else if (scan_count < 2 && bfl_scan_read(argv[i], NULL, &scans[scan_count], &err) == BFL_OK)
            scan_count++;
        else
            return fprintf(stderr, "%s: %s\n", argv[i], err.message), 3;
    }
    for (int i = 0; i < scan_count; i++) b.scans[i] = scans[i];
    b.real_pair = scan_count == 2;
    for (b.seed = strtoull(argv[1], NULL, 10); b.seed <= strtoull(argv[2], NULL, 10); b.seed++) {
        bfl_arena *arena = bfl_arena_new();
        bfl_status status = bfl_arena_run(arena, one_pair, &b, &err);
        bfl_arena_free(arena);
        if (status) return fprintf(stderr, "%s\n", err.message), 3;
    }
    print(&b);
    return 0;
}
