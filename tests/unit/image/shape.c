/* SPDX-License-Identifier: Apache-2.0 */
#include "image/shape.h"
#include "test.h"

static const int32_t SIZE[3] = {23, 19, 17};

static size_t at(int32_t i, int32_t j, int32_t k) {
    return ((size_t)k * (size_t)SIZE[1] + (size_t)j) * (size_t)SIZE[0] + (size_t)i;
}

/* The slow way: is anything of the set within the radius? */
static bool near(const uint8_t *in, uint8_t wanted, int32_t i, int32_t j, int32_t k, double radius) {
    for (int32_t z = 0; z < SIZE[2]; z++)
        for (int32_t y = 0; y < SIZE[1]; y++)
            for (int32_t x = 0; x < SIZE[0]; x++)
                if (in[at(x, y, z)] == wanted &&
                    (x - i) * (x - i) + (y - j) * (y - j) + (z - k) * (z - k) <= radius * radius + 1e-6)
                    return true;
    return false;
}

static bfl_shape *scattered(bfl_arena *arena, uint32_t one_in) {
    bfl_shape *s = bfl_shape_new(arena, SIZE, 0.5F);
    uint32_t seed = 7;
    for (size_t v = 0; v < bfl_shape_voxels(s); v++) {
        seed = seed * 1664525U + 1013904223U;
        s->in[v] = (seed >> 16) % one_in == 0;
    }
    return s;
}

static bfl_status body_balls(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    for (int step = 0; step < 4; step++) {
        const float mm = 0.5F + 0.4F * (float)step;
        const bfl_shape *before = scattered(arena, step % 2 ? 3 : 200);
        bfl_shape *grown = bfl_shape_copy(arena, before), *shrunk = bfl_shape_copy(arena, before);
        bfl_shape_grow(arena, 2, grown, mm);
        bfl_shape_shrink(arena, 2, shrunk, mm);
        size_t wrong = 0;
        for (int32_t k = 0; k < SIZE[2]; k += 2)
            for (int32_t j = 0; j < SIZE[1]; j++)
                for (int32_t i = 0; i < SIZE[0]; i++) {
                    wrong += grown->in[at(i, j, k)] != near(before->in, 1, i, j, k, (double)mm / 0.5);
                    wrong += shrunk->in[at(i, j, k)] == near(before->in, 0, i, j, k, (double)mm / 0.5);
                }
        CHECK_INT(wrong, 0);
    }
    return BFL_OK;
}

static bfl_status body_parts(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_shape *s = bfl_shape_new(arena, SIZE, 1);
    s->in[at(1, 1, 1)] = s->in[at(2, 2, 2)] = 1; /* corner to corner: one part */
    for (int32_t i = 5; i < 20; i++) s->in[at(i, 9, 9)] = 1;
    s->in[at(20, 9, 11)] = 1; /* one voxel away: another part */
    const bfl_shape_parts parts = bfl_shape_parts_of(arena, s, NULL, NULL);
    CHECK_INT(parts.count, 3);
    CHECK_INT(parts.items[0].voxels, 2);
    CHECK_INT(parts.items[1].voxels, 15);
    CHECK_INT(parts.items[2].voxels, 1);
    CHECK_INT(parts.label[at(7, 9, 9)], 2);
    CHECK_INT(parts.label[0], 0);
    return BFL_OK;
}

static bfl_status body_fill(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_shape *s = bfl_shape_new(arena, SIZE, 1);
    for (int32_t i = 4; i <= 12; i++)
        for (int32_t j = 4; j <= 12; j++) s->in[at(i, j, 3)] = i == 4 || i == 12 || j == 4 || j == 12; /* a ring */
    for (int32_t i = 4; i <= 11; i++) s->in[at(i, 6, 8)] = 1;                                          /* not closed */
    bfl_shape_fill_slices(arena, 2, s);
    CHECK_INT(s->in[at(8, 8, 3)], 1);
    CHECK_INT(s->in[at(2, 8, 3)], 0);
    CHECK_INT(s->in[at(8, 7, 8)], 0);
    size_t count = 0;
    for (size_t v = 0; v < bfl_shape_voxels(s); v++) count += s->in[v];
    CHECK_INT(count, 81 + 8);
    bfl_shape *gap = bfl_shape_new(arena, SIZE, 1);
    for (int32_t k = 6; k <= 12; k++)
        for (int32_t j = 6; j <= 12; j++)
            for (int32_t i = 4; i <= 17; i++) gap->in[at(i, j, k)] = i != 10; /* a bar with a crack */
    bfl_shape_close(arena, 1, gap, 2);
    CHECK_INT(gap->in[at(10, 9, 9)], 1);
    gap->in[at(18, 9, 9)] = gap->in[at(19, 9, 9)] = 1; /* a thorn: only its foot stays */
    bfl_shape_open(arena, 1, gap, 1);
    CHECK_INT(gap->in[at(19, 9, 9)], 0);
    CHECK_INT(gap->in[at(5, 9, 9)], 1);
    return BFL_OK;
}

/* Within a box of walls one voxel thick, with a leak, one sees walls all around; in a tube one sees out at its ends. */
static bfl_status body_enclosed(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    const int32_t size[3] = {24, 24, 24};
    bfl_shape *box = bfl_shape_new(arena, size, 2), *tube = bfl_shape_new(arena, size, 2);
    for (int32_t k = 6; k <= 16; k++)
        for (int32_t j = 6; j <= 16; j++)
            for (int32_t i = 6; i <= 16; i++) {
                const size_t v = ((size_t)k * 24 + (size_t)j) * 24 + (size_t)i;
                tube->in[v] = i == 6 || i == 16 || j == 6 || j == 16;
                box->in[v] = tube->in[v] || k == 6 || k == 16;
            }
    const size_t middle = (11 * 24 + 11) * 24 + 11, leak = (11 * 24 + 11) * 24 + 6, above = (20 * 24 + 11) * 24 + 11;
    const uint8_t *in_box = bfl_shape_enclosed(arena, 2, box, 40);
    CHECK_INT(in_box[middle], 12);
    CHECK_INT(in_box[leak], 12); /* the shape itself */
    CHECK_INT(in_box[above], 6); /* the box below and, beyond the last slice, nobody knows: shape as well */
    CHECK_INT(in_box[0], 0);
    box->in[leak] = 0;
    CHECK_INT(bfl_shape_enclosed(arena, 1, box, 40)[middle], 10);  /* one axis of two */
    CHECK_INT(bfl_shape_enclosed(arena, 1, box, 8)[middle], 0);    /* the walls are 10 mm away */
    CHECK_INT(bfl_shape_enclosed(arena, 1, tube, 16)[middle], 10); /* nothing along the tube; its ends are 22 mm away */
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(balls_are_exact) { run(body_balls); }
TEST(parts_connect_by_corners) { run(body_parts); }
TEST(filling_and_closing) { run(body_fill); }

TEST(leaky_shells_enclose) { run(body_enclosed); }

TEST_CASES(CASE(leaky_shells_enclose), CASE(balls_are_exact), CASE(parts_connect_by_corners), CASE(filling_and_closing))
