/* SPDX-License-Identifier: Apache-2.0 */
#include "image/skeleton.h"

#include "bones.h"
#include "format/format.h"

static bfl_status body_bones(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){140, 112, 60}, (double[3]){1.5, 1.5, 2.5}, (double[3]){0, 0, 0});
    bfl_volume *v = bones_volume(arena, grid, NULL);
    /* a table under the patient, as dense as bone, and a wire on the skin: neither is bone */
    for (int32_t k = 0; k < 60; k++)
        for (int32_t i = 10; i < 130; i++) v->hu[bfl_grid_index(&grid, i, 110, k)] = 700;
    for (int32_t i = 40; i < 60; i++) v->hu[bfl_grid_index(&grid, i, 8, 30)] = 2000;
    const bfl_skeleton s = bfl_skeleton_of(arena, 2, v, 1.5F);
    CHECK_NEAR((double)s.threshold_hu, 120, 1e-3);
    size_t both = 0, truth = 0, found = 0, table = 0;
    for (int32_t k = 0; k < s.bone->size[2]; k++)
        for (int32_t j = 0; j < s.bone->size[1]; j++)
            for (int32_t i = 0; i < s.bone->size[0]; i++) {
                const size_t at =
                    ((size_t)k * (size_t)s.bone->size[1] + (size_t)j) * (size_t)s.bone->size[0] + (size_t)i;
                const bool bone = bones_hu((double[3]){i * 1.5, j * 1.5, k * 1.5}) > 150;
                truth += bone;
                found += s.bone->in[at];
                both += bone && s.bone->in[at];
                table += j >= 108 && s.bone->in[at];
            }
    CHECK(2.0 * (double)both / (double)(truth + found) > 0.85);
    CHECK((double)both / (double)truth > 0.95);
    CHECK_INT(table, 0);
    printf("# Dice %.3f\n", 2.0 * (double)both / (double)(truth + found));
    return BFL_OK;
}

TEST(finds_bone_and_no_table) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_bones, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

/* In a made-up chest: the canal is followed from end to end, with its liquid, and is no bone; marrow is. */
static bfl_status body_canal(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    const uint64_t seed = *(const uint64_t *)context;
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){240, 190, 60}, (double[3]){1.6, 1.6, 2.5}, (double[3]){0, 0, 0});
    const bfl_skeleton s = bfl_skeleton_of(arena, 2, bfl_body_phantom(arena, 2, seed, &grid), 1.5F);
    CHECK(s.canal.first < 12 && s.canal.end > s.bone->size[2] - 12);
    for (int32_t k = s.canal.first; k < s.canal.end; k++) {
        const bfl_canal_slice *c = &s.canal.slices[k - s.canal.first];
        const int32_t i = (int32_t)lrintf(c->x_mm / 1.5F), j = (int32_t)lrintf(c->y_mm / 1.5F);
        const size_t v = bfl_image_index(s.image, i, j, k);
        CHECK_NEAR((double)c->x_mm, 239 * 1.6 / 2, 1.5);
        CHECK(c->radius_mm > 6 && c->radius_mm < 11);
        CHECK_NEAR((double)s.image->value[v], 25, 8);
        CHECK_INT(s.bone->in[v], 0);
        const int32_t front = (int32_t)lrintf((c->y_mm - 22) / 1.5F); /* the vertebra's middle, or a disc's */
        const size_t body = bfl_image_index(s.image, i, front, k);
        CHECK(s.image->value[body] <= s.threshold_hu || s.bone->in[body]);
    }
    return BFL_OK;
}

TEST(follows_the_canal) {
    for (uint64_t seed = 1; seed <= 2; seed++) {
        bfl_arena *arena = bfl_arena_new();
        CHECK_INT(bfl_arena_run(arena, body_canal, &seed, NULL), BFL_OK);
        bfl_arena_free(arena);
    }
}

/* A vertebra whose marrow is fat, within a thin shell with holes: filled. Beside it a tube of bone, as long as one can see: open. */
static bfl_status body_marrow(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){100, 80, 80}, (double[3]){1.5, 1.5, 1.5}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &grid);
    size_t at = 0, marrow = 0, filled = 0;
    for (int32_t k = 0; k < 80; k++)
        for (int32_t j = 0; j < 80; j++)
            for (int32_t i = 0; i < 100; i++, at++) {
                const double away = sqrt((i - 50) * (i - 50) + (j - 40) * (j - 40) + (k - 40) * (k - 40));
                const bool hole = (i + j) % 6 == 0;
                v->hu[at] = hypot((i - 50) / 46.0, (j - 40) / 36.0) > 1 ? -1000 : 45;
                if (away < 14) v->hu[at] = -60;
                if (away >= 13 && away < 15 && !hole) v->hu[at] = 700;
            }
    const bfl_skeleton s = bfl_skeleton_of(arena, 1, v, 1.5F);
    CHECK_INT(s.canal.end - s.canal.first, 0);
    for (int32_t k = 30; k <= 50; k++)
        for (int32_t j = 30; j <= 50; j++)
            for (int32_t i = 40; i <= 60; i++) {
                if (sqrt((i - 50) * (i - 50) + (j - 40) * (j - 40) + (k - 40) * (k - 40)) > 10) continue;
                marrow++;
                filled += s.bone->in[bfl_image_index(s.image, i, j, k)];
            }
    CHECK_INT(filled, marrow);
    CHECK_INT(s.bone->in[bfl_image_index(s.image, 20, 40, 40)], 0);
    return BFL_OK;
}

TEST(fills_marrow_behind_a_leaky_cortex) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_marrow, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

/* A heart and an aorta with contrast agent, as dense as the marrow of the vertebra that the aorta touches. */
static bfl_status body_contrast(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){100, 90, 60}, (double[3]){1.5, 1.5, 1.5}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &grid);
    uint8_t *what = BFL_NEW_ARRAY(arena, bfl_grid_voxels(&grid), uint8_t);
    size_t at = 0, blood = 0, blood_taken = 0, bone = 0, bone_found = 0;
    for (int32_t k = 0; k < 60; k++)
        for (int32_t j = 0; j < 90; j++)
            for (int32_t i = 0; i < 100; i++, at++) {
                const double heart = sqrt((i - 50) * (i - 50) + (j - 30) * (j - 30) + (k - 30) * (k - 30));
                const double aorta = hypot(i - 36, j - 57), vertebra = hypot(i - 50, j - 65);
                v->hu[at] = hypot((i - 50) / 46.0, (j - 45) / 42.0) > 1 ? -1000 : 45;
                if (heart < 16 || aorta < 7) what[at] = 1;
                if (vertebra < 12 && k % 20 > 2) what[at] = 2;
                if (what[at]) v->hu[at] = 260;
                if (what[at] == 2 && (vertebra > 10.5 || k % 20 < 5 || k % 20 > 17)) v->hu[at] = 650;
                v->hu[at] = (int16_t)(v->hu[at] + (int)((i * 7 + j * 13 + k * 29) % 21) - 10); /* noise, of a kind */
            }
    const bfl_skeleton s = bfl_skeleton_of(arena, 2, v, 1.5F);
    for (at = 0; at < bfl_grid_voxels(&grid); at++) {
        blood += what[at] == 1;
        blood_taken += what[at] == 1 && s.bone->in[at];
        bone += what[at] == 2;
        bone_found += what[at] == 2 && s.bone->in[at];
    }
    printf("# %.3f of the blood, %.3f of the bone\n", (double)blood_taken / (double)blood,
           (double)bone_found / (double)bone);
    CHECK((double)blood_taken / (double)blood < 0.03);
    CHECK((double)bone_found / (double)bone > 0.95);
    return BFL_OK;
}

TEST(blood_with_contrast_is_no_bone) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_contrast, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

/* ---- the vein that the agent comes in by ---- */

typedef enum thing { NOTHING, BLOOD, VEIN, STERNUM, ROD, VERTEBRA, LESION, THINGS } thing;

/* A heart, an aorta beside a vertebra, a vein that leads into the heart; behind the sternum and beside a rod. A stretch of the sternum, a
 * vertebra, the rod and a lesion in the marrow of another vertebra are solid and even. */
static thing thing_at(int32_t i, int32_t j, int32_t k) {
    const double heart = sqrt((i - 50) * (i - 50) + (j - 36) * (j - 36) + (k - 24) * (k - 24));
    if (hypot(i - 42, j - 26) < 5 && k > 26) return VEIN;
    if (heart < 16 || hypot(i - 31, j - 56) < 7) return BLOOD;
    if (j >= 10 && j < 18 && i >= 34 && i < 64 && k >= 8) return STERNUM;
    if (hypot(i - 31, j - 26) < 4 && k > 44) return ROD;
    const double arch = hypot(i - 50, j - 80);
    if (k % 20 > 2 && sqrt((i - 50) * (i - 50) + (j - 64) * (j - 64) + (k - 11) * (k - 11)) < 6.2) return LESION;
    return k % 20 > 2 && (hypot(i - 50, j - 64) < 11 || (arch > 6 && arch < 8)) ? VERTEBRA : NOTHING;
}

static int hu_of(thing what, int solid_hu, int32_t i, int32_t j, int32_t k) {
    const bool shell = hypot(i - 50, j - 64) > 9.5 || k % 20 < 5 || k % 20 > 17;
    switch (what) {
    case BLOOD: return 300;
    case VEIN: return 1200;
    case STERNUM: return k > 40 && k < 60 ? solid_hu : j < 11 || j > 16 || i < 36 || i > 61 ? 650 : 190;
    case ROD:
    case LESION: return solid_hu;
    case VERTEBRA: return k > 40 && k < 60 ? solid_hu : shell ? 650 : 190;
    case NOTHING:
    case THINGS: break;
    }
    return hypot((i - 50) / 46.0, (j - 45) / 42.0) > 1 ? -1000 : 45;
}

static bfl_status body_vein(bfl_arena *arena, void *context, bfl_error *err) {
    const int solid_hu = *(const int *)context;
    (void)err;
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){100, 90, 80}, (double[3]){1.5, 1.5, 1.5}, (double[3]){0, 0, 0});
    bfl_volume *v = bfl_volume_new(arena, &grid);
    size_t at = 0, all[THINGS] = {0}, found[THINGS] = {0};
    for (int32_t k = 0; k < 80; k++)
        for (int32_t j = 0; j < 90; j++)
            for (int32_t i = 0; i < 100; i++, at++)
                v->hu[at] =
                    (int16_t)(hu_of(thing_at(i, j, k), solid_hu, i, j, k) + (i * 7 + j * 13 + k * 29) % 21 - 10);
    const bfl_skeleton s = bfl_skeleton_of(arena, 2, v, 1.5F);
    at = 0;
    for (int32_t k = 0; k < 80; k++)
        for (int32_t j = 0; j < 90; j++)
            for (int32_t i = 0; i < 100; i++, at++) {
                const thing what = thing_at(i, j, k);
                all[what]++;
                found[what] += s.bone->in[at];
            }
    for (int t = BLOOD; t < THINGS; t++) {
        const double share = (double)found[t] / (double)all[t];
        printf("# solid %d, thing %d: %.3f counts as bone\n", solid_hu, t, share);
        CHECK(t == BLOOD || t == VEIN ? share < 0.03 : share > 0.95);
    }
    return BFL_OK;
}

TEST(a_dense_vein_goes_and_dense_bone_beside_it_stays) {
    static const int SOLID_HU[] = {350, 450, 700, 1000, 1200};
    for (size_t n = 0; n < sizeof SOLID_HU / sizeof *SOLID_HU; n++) {
        int solid_hu = SOLID_HU[n];
        bfl_arena *arena = bfl_arena_new();
        CHECK_INT(bfl_arena_run(arena, body_vein, &solid_hu, NULL), BFL_OK);
        bfl_arena_free(arena);
    }
}

typedef struct phase {
    float aorta_hu;
    double least_dice;
} phase;

/* The same chest without and with contrast agent: in a late phase, in one whose vein is denser than any bone, and with a dense heart. */
static bfl_status body_phases(bfl_arena *arena, void *context, bfl_error *err) {
    static const phase PHASES[] = {{180, 0.99}, {300, 0.99}, {400, 0.99}};
    const bfl_grid grid =
        bfl_grid_upright((int32_t[3]){240, 190, 60}, (double[3]){1.6, 1.6, 2.5}, (double[3]){0, 0, 0});
    (void)context;
    (void)err;
    const bfl_skeleton plain = bfl_skeleton_of(arena, 2, bfl_body_enhanced(arena, 2, 1, &grid, 0), 1.5F);
    CHECK(!(plain.blood_hu > 0));
    for (size_t n = 0; n < sizeof PHASES / sizeof *PHASES; n++) {
        bfl_arena_mark mark = bfl_arena_here(arena);
        const bfl_volume *v = bfl_body_enhanced(arena, 2, 1, &grid, PHASES[n].aorta_hu);
        const bfl_skeleton s = bfl_skeleton_of(arena, 2, v, 1.5F);
        size_t both = 0, either = 0;
        for (size_t at = 0; at < bfl_shape_voxels(s.bone); at++) {
            both += s.bone->in[at] && plain.bone->in[at];
            either += (size_t)s.bone->in[at] + plain.bone->in[at];
        }
        printf("# aorta of %.0f HU: Dice %.3f, blood up to %.0f HU\n", (double)PHASES[n].aorta_hu,
               2.0 * (double)both / (double)either, (double)s.blood_hu);
        CHECK(2.0 * (double)both / (double)either > PHASES[n].least_dice);
        bfl_arena_back(arena, mark);
    }
    return BFL_OK;
}

TEST(a_phase_of_contrast_changes_no_bone) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_phases, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

/* ---- beside a reference ---- */

/* Class numbers of TotalSegmentator 1: vertebrae, ribs, arms and shoulders, legs, hips, sacrum. */
static bool is_bone(int label) { return (label >= 18 && label <= 41) || (label >= 58 && label <= 92); }

static bfl_status body_reference(bfl_arena *arena, void *context, bfl_error *err) {
    bfl_scan *const *scans = context;
    (void)err;
    const bfl_skeleton s = bfl_skeleton_of(arena, 2, scans[0]->volume, 1.5F);
    const bfl_volume *labels = scans[1]->volume;
    size_t both = 0, truth = 0, found = 0, v = 0;
    for (int32_t k = 0; k < labels->grid.size[2]; k++)
        for (int32_t j = 0; j < labels->grid.size[1]; j++)
            for (int32_t i = 0; i < labels->grid.size[0]; i++, v++) { /* 3 mm: every second voxel of the skeleton */
                const bool bone = is_bone(labels->hu[v]);
                const bool in = s.bone->in[bfl_image_index(s.image, 2 * i, 2 * j, 2 * k)];
                truth += bone;
                found += in;
                both += bone && in;
            }
    printf("# Dice %.4f\n", 2.0 * (double)both / (double)(truth + found));
    CHECK(2.0 * (double)both / (double)(truth + found) >= 0.90);
    return BFL_OK;
}

static void beside(const char *labels) {
    static const char FOLDER[] = "../shared/data/ct/totalseg/";
    char path[256];
    bfl_scan *scans[2] = {NULL, NULL};
    (void)snprintf(path, sizeof path, "%sexample_ct.nii.gz", FOLDER);
    if (bfl_scan_read(path, NULL, &scans[0], NULL)) {
        printf("# skipped: no %s\n", path);
        return;
    }
    (void)snprintf(path, sizeof path, "%s%s", FOLDER, labels);
    CHECK_INT(bfl_scan_read(path, NULL, &scans[1], NULL), BFL_OK);
    bfl_arena *arena = bfl_arena_new();
    if (scans[1]) CHECK_INT(bfl_arena_run(arena, body_reference, scans, NULL), BFL_OK);
    bfl_arena_free(arena);
    bfl_scan_free(scans[0]);
    bfl_scan_free(scans[1]);
}

TEST(agrees_with_a_reference) {
    beside("example_seg_v1_fullres.nii.gz");
    beside("example_seg_fast_v1.nii.gz");
}

TEST_CASES(CASE(finds_bone_and_no_table), CASE(follows_the_canal), CASE(fills_marrow_behind_a_leaky_cortex),
           CASE(blood_with_contrast_is_no_bone), CASE(a_phase_of_contrast_changes_no_bone),
           CASE(a_dense_vein_goes_and_dense_bone_beside_it_stays), CASE(agrees_with_a_reference))
