/* SPDX-License-Identifier: Apache-2.0 */
/* Registration, warping and detection of a made-up pair, as hashes of the results: image [avx2]. */
#include "../unit/image/bones.h"

static void say(const char *what, const void *bytes, size_t size) {
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (size_t i = 0; i < size; i++) hash = (hash ^ ((const uint8_t *)bytes)[i]) * 1099511628211U;
    printf("%s %zu %016llx\n", what, size, (unsigned long long)hash);
}

static void bent(const double f[3], double m[3]) {
    const double moved[3] = {f[0] + 6 + 3 * sin(f[2] / 45), f[1] - 4 + 2 * cos(f[0] / 60), f[2] + 3};
    memcpy(m, moved, sizeof moved);
}

/* What became denser: a ball within a vertebra. */
static void paint(bfl_volume *v) {
    size_t at = 0;
    for (int32_t k = 0; k < v->grid.size[2]; k++)
        for (int32_t j = 0; j < v->grid.size[1]; j++)
            for (int32_t i = 0; i < v->grid.size[0]; i++, at++) {
                const double d[3] = {i * v->grid.spacing_mm[0] - 94, j * v->grid.spacing_mm[1] - 124,
                                     k * v->grid.spacing_mm[2] - 72};
                if (d[0] * d[0] + d[1] * d[1] + d[2] * d[2] < 49) v->hu[at] = (int16_t)(v->hu[at] + 400);
            }
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    const double mm[3] = {2, 2, 2.5}, corner[3] = {0, 0, 0};
    const bfl_grid grid = bfl_grid_upright((int32_t[3]){100, 80, 60}, mm, corner);
    bfl_volume *fixed = bones_volume(arena, grid, bent);
    const bfl_volume *moving = bones_volume(arena, grid, NULL);
    const size_t size = bfl_grid_voxels(&grid) * sizeof(int16_t);
    paint(fixed);
    bfl_transform t;
    const bfl_register_options options = {.threads = 2};
    bfl_status status = bfl_register(arena, fixed, moving, &options, &t, err);
    if (status) return status;
    const bfl_text bytes = bfl_transform_bytes(arena, &t);
    say("transform", bytes.data, bytes.size);
    const bfl_volume *warped = bfl_warp(arena, 2, fixed, moving, &t);
    const bfl_volume *matched = bfl_match_blur(arena, 2, fixed, moving, &t);
    say("warped", warped->hu, size);
    say("matched", matched->hu, size);
    const bfl_fit fit = bfl_fit_of(arena, 1, matched, warped);
    say("fit", &fit.bone_ncc, sizeof fit.bone_ncc);
    const bfl_mark_options how = {2, 4};
    const bfl_marks marks = bfl_marks_of(arena, warped, matched, &how);
    printf("marks %zu\n", marks.count);
    CHECK((double)fit.overlap > 0.8 && marks.count > 0);
    for (size_t n = 0; n < marks.count; n++) {
        const bfl_mark *m = &marks.items[n];
        say("mark", m->peak_mm, sizeof m->peak_mm);
        say("score", &m->score, sizeof m->score);
    }
    return BFL_OK;
}

int main(int argc, char **argv) {
#if defined __x86_64__
    if (argc > 1 && strcmp(argv[1], "avx2") == 0 && !__builtin_cpu_supports("avx2")) return 77;
#else
    (void)argv;
    if (argc > 1) return 77;
#endif
    bfl_arena *arena = bfl_arena_new();
    bfl_status status = arena ? bfl_arena_run(arena, body, NULL, NULL) : BFL_ENOMEM;
    if (arena) bfl_arena_free(arena);
    return status || test_failures ? 1 : 0;
}
