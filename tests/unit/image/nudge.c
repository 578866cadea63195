/* SPDX-License-Identifier: Apache-2.0 */
/* A rod in soft tissue that slides, grows, loses density: what is but a shift must not pass for a change, and a change must. */
#include "image/doubt.h"
#include "image/nudge.h"

#include "test.h"

#include <math.h>

enum { SIDE = 48 };
static const float MM = 1.5F;

/* A rod along z at a place across it, and a ball of other density on it. */
typedef struct scene {
    float x, y, radius;     /* of the rod, in mm from the corner */
    float ball_hu, ball_mm; /* of a ball on its axis in the middle */
} scene;

static float step_of(float inside_mm) { return 1 / (1 + expf(-inside_mm / 0.8F)); }

static bfl_image *paint(bfl_arena *arena, const scene *s) {
    bfl_image *image = BFL_NEW(arena, bfl_image);
    *image = (bfl_image){.size = {SIDE, SIDE, SIDE}, .spacing_mm = {MM, MM, MM}};
    image->value = BFL_NEW_ARRAY(arena, bfl_image_voxels(image), float);
    for (int32_t k = 0; k < SIDE; k++)
        for (int32_t j = 0; j < SIDE; j++)
            for (int32_t i = 0; i < SIDE; i++) {
                const float dx = (float)i * MM - s->x, dy = (float)j * MM - s->y, dz = (float)k * MM - SIDE * MM / 2;
                const float hu = 40 + 460 * step_of(s->radius - hypotf(dx, dy)) +
                                 s->ball_hu * step_of(s->ball_mm - sqrtf(dx * dx + dy * dy + dz * dz));
                image->value[bfl_image_index(image, i, j, k)] = hu;
            }
    return image;
}

static bfl_shape *everywhere(bfl_arena *arena) {
    bfl_shape *shape = bfl_shape_new(arena, (const int32_t[3]){SIDE, SIDE, SIDE}, MM);
    memset(shape->in, 1, bfl_shape_voxels(shape));
    return shape;
}

static double largest(const bfl_image *a, const bfl_image *b) {
    double most = 0;
    for (int32_t k = 6; k < SIDE - 6; k++)
        for (int32_t j = 6; j < SIDE - 6; j++)
            for (int32_t i = 6; i < SIDE - 6; i++) {
                const size_t v = bfl_image_index(a, i, j, k);
                most = fmax(most, fabs((double)a->value[v] - (double)b->value[v]));
            }
    return most;
}

static const scene ROD = {36, 36, 6, 0, 5};

static bfl_status body_nudge(bfl_arena *arena, void *context, bfl_error *err) {
    scene moved = ROD, ball = ROD;
    (void)context;
    (void)err;
    moved.x += 1.6F, moved.y -= 1.1F;
    ball.ball_hu = 300;
    const bfl_image *rod = paint(arena, &ROD), *away = paint(arena, &moved), *with = paint(arena, &ball);
    const bfl_shape *where = everywhere(arena);
    const double apart = largest(rod, away);
    CHECK(apart > 200);
    CHECK(largest(bfl_nudged(arena, 2, away, rod, where), rod) < apart / 4);
    CHECK(largest(bfl_nudged(arena, 2, rod, rod, where), rod) < 1); /* nothing to do */
    /* A new lesion stays as strong as it is, whether or not its bone slid. */
    CHECK(largest(bfl_nudged(arena, 2, rod, with, where), with) > 270);
    CHECK(largest(bfl_nudged(arena, 2, away, with, where), with) > 250);
    const bfl_shape *nowhere = bfl_shape_new(arena, (const int32_t[3]){SIDE, SIDE, SIDE}, MM);
    CHECK(largest(bfl_nudged(arena, 2, away, rod, nowhere), away) < 1e-9);
    const bfl_image *one = bfl_nudged(arena, 1, away, with, where), *three = bfl_nudged(arena, 3, away, with, where);
    CHECK(memcmp(one->value, three->value, bfl_image_voxels(one) * sizeof *one->value) == 0);
    return BFL_OK;
}

/* Everything that changed by more than 60 HU in one direction, as one mark. */
static float trust_in(bfl_arena *arena, const scene *before, const scene *after, int sign) {
    bfl_image *a = paint(arena, before), *b = paint(arena, after), *d = paint(arena, before);
    const size_t voxels = bfl_image_voxels(a);
    size_t *marked = BFL_NEW_ARRAY(arena, voxels, size_t), count = 0;
    for (size_t v = 0; v < voxels; v++) {
        d->value[v] = b->value[v] - a->value[v];
        const int32_t k = (int32_t)(v / (SIDE * SIDE)); /* as long as marks are: they end after 14 mm */
        if (d->value[v] * (float)sign > 60 && k > SIDE / 2 - 6 && k < SIDE / 2 + 6) marked[count++] = v;
    }
    CHECK(count > 50);
    const bfl_change change = {a, b, d, everywhere(arena), 0, sign, marked, count};
    return bfl_change_trust(arena, &change);
}

static bfl_status body_doubt(bfl_arena *arena, void *context, bfl_error *err) {
    scene moved = ROD, dense = ROD, hole = ROD, rim = ROD;
    (void)context;
    (void)err;
    moved.x += 4.5F;
    dense.ball_hu = 300;
    hole.ball_hu = -400;
    rim = (scene){36, 36, 12, -150, 5};
    CHECK(trust_in(arena, &ROD, &moved, 1) < 0.2F); /* a rod that slid by three voxels */
    CHECK(trust_in(arena, &ROD, &moved, -1) < 0.2F);
    CHECK(trust_in(arena, &ROD, &dense, 1) > 0.99F); /* a new lesion */
    CHECK(trust_in(arena, &ROD, &hole, -1) > 0.99F);
    CHECK(trust_in(arena, &dense, &ROD, -1) > 0.99F);
    const scene wide = {36, 36, 12, 0, 5};
    CHECK(trust_in(arena, &wide, &rim, -1) > 0.99F);
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(a_shift_is_taken_back_and_a_lesion_is_not) { run(body_nudge); }
TEST(what_a_shift_explains_is_doubted) { run(body_doubt); }

/* A core that lost what the shell around it gained: what changed the other way lies around it, not aside. */
static bfl_status body_rim(bfl_arena *arena, void *context, bfl_error *err) {
    const scene wide = {36, 36, 14, 0, 5};
    bfl_image *a = paint(arena, &wide), *b = paint(arena, &wide), *d = paint(arena, &wide);
    const size_t voxels = bfl_image_voxels(a);
    size_t *marked = BFL_NEW_ARRAY(arena, voxels, size_t), count = 0;
    (void)context;
    (void)err;
    for (int half = 0; half < 2; half++) {
        count = 0;
        for (size_t v = 0; v < voxels; v++) {
            const float x = (float)(v % SIDE) * MM - 36, y = (float)(v / SIDE % SIDE) * MM - 36,
                        z = (float)(v / (SIDE * SIDE)) * MM - 36, r = sqrtf(x * x + y * y + z * z);
            const bool aside = half == 1 && x < 0; /* the shell on one side only, as beside what slid */
            const float change = r < 4 ? -150 : r < 8 && !aside ? 300 : 0;
            b->value[v] = a->value[v] + change;
            d->value[v] = change;
            if (r < 4) marked[count++] = v;
        }
        const bfl_change change = {a, b, d, everywhere(arena), 0, -1, marked, count};
        const float trust = bfl_change_trust(arena, &change);
        CHECK(half ? trust < 0.7F : trust > 0.99F);
    }
    return BFL_OK;
}

TEST(a_core_in_its_rim_is_believed) { run(body_rim); }

TEST_CASES(CASE(a_shift_is_taken_back_and_a_lesion_is_not), CASE(what_a_shift_explains_is_doubted),
           CASE(a_core_in_its_rim_is_believed))
