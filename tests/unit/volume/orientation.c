/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "volume/volume.h"

/* The value of a voxel tells its place in the patient, so that any mistake of order or flip shows. */
static int16_t value_at(const bfl_grid *grid, int32_t i, int32_t j, int32_t k) {
    double mm[3];
    bfl_grid_to_mm(grid, (double[3]){i, j, k}, mm);
    return (int16_t)lround(mm[0] + 10 * mm[1] + 100 * mm[2]);
}

static bfl_grid turned(const int axes[3], unsigned flips) {
    bfl_grid g = {.size = {3, 4, 5}, .spacing_mm = {1, 2, 3}, .origin_mm = {7, -3, 2}};
    for (int a = 0; a < 3; a++) g.axis[a][axes[a]] = flips >> a & 1U ? -1 : 1;
    return g;
}

static bfl_status body_all(bfl_arena *arena, void *context, bfl_error *err) {
    static const int AXES[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    int *seen = context;
    (void)err;
    for (int p = 0; p < 6; p++)
        for (unsigned flips = 0; flips < 8; flips++) {
            bfl_grid g = turned(AXES[p], flips);
            bfl_volume *v = bfl_volume_new(arena, &g);
            for (int32_t k = 0; k < 5; k++)
                for (int32_t j = 0; j < 4; j++)
                    for (int32_t i = 0; i < 3; i++) v->hu[bfl_grid_index(&g, i, j, k)] = value_at(&g, i, j, k);
            const bfl_volume *c = bfl_volume_canonical(arena, v);
            char letters[4];
            bfl_grid_orientation(&c->grid, letters);
            CHECK_TEXT(letters, "LPS");
            CHECK((c == v) == (p == 0 && flips == 0));
            const bfl_volume *copy = bfl_volume_canonical_copy(arena, v);
            CHECK(copy != v && bfl_grid_same(&copy->grid, &c->grid));
            CHECK(memcmp(copy->hu, c->hu, 60 * sizeof *c->hu) == 0);
            for (int32_t k = 0; k < c->grid.size[2]; k++)
                for (int32_t j = 0; j < c->grid.size[1]; j++)
                    for (int32_t i = 0; i < c->grid.size[0]; i++)
                        *seen += c->hu[bfl_grid_index(&c->grid, i, j, k)] == value_at(&c->grid, i, j, k);
        }
    return BFL_OK;
}

TEST(all_48_orientations) {
    bfl_arena *arena = bfl_arena_new();
    int seen = 0;
    CHECK_INT(bfl_arena_run(arena, body_all, &seen, NULL), BFL_OK);
    CHECK_INT(seen, 48 * 60);
    bfl_arena_free(arena);
}

TEST(letters) {
    char letters[4];
    bfl_grid g = turned((int[3]){2, 0, 1}, 6); /* first axis to the head, second to the right, third to the front */
    bfl_grid_orientation(&g, letters);
    CHECK_TEXT(letters, "SRA");
    /* oblique by 30 degrees about x: still the nearest axes */
    double c = sqrt(0.75);
    bfl_grid oblique = {.size = {1, 1, 1}, .spacing_mm = {1, 1, 1}, .axis = {{1, 0, 0}, {0, c, 0.5}, {0, -0.5, c}}};
    bfl_grid_orientation(&oblique, letters);
    CHECK_TEXT(letters, "LPS");
}

TEST_CASES(CASE(all_48_orientations), CASE(letters))
