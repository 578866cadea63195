/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a registration comes back the same, or not at all. */
#include "lesion/lesion.h"

#include "test.h"

static const char KEY[] = "00112233445566778899aabbccddeeff";
typedef struct holder {
    char bytes[8192];
    size_t size;
    bool full;
} holder;

static bool hold(void *context, const char *data, size_t size) {
    holder *h = context;
    if (h->full || size > sizeof h->bytes) return false;
    memcpy(h->bytes, data, size);
    h->size = size;
    return true;
}

static bfl_transform made_up(bfl_arena *arena) {
    bfl_transform t = {.rotation = {1, 0, 0, 0, 1, 0, 0, 0, 1},
                       .shift_mm = {1, 2, 3},
                       .knots = {4, 4, 5},
                       .knot_mm = 16,
                       .local_size = {2, 2, 2},
                       .local_mm = 6,
                       .stiffness = {0.5F, 0.25F, 0.125F}};
    t.coefficient = BFL_NEW_ARRAY(arena, 80, bfl_float4);
    t.local = BFL_NEW_ARRAY(arena, 8, bfl_float4);
    for (size_t n = 0; n < 80; n++) t.coefficient[n] = (bfl_float4){(float)n, 2, -(float)n, 0};
    for (size_t n = 0; n < 8; n++) t.local[n] = (bfl_float4){1, (float)n, 0, 0.5F};
    return t;
}

static void begin(bfl_arena *arena, bfl_transform *t, holder *h, bfl_ct_options *how) {
    *t = made_up(arena);
    *h = (holder){.size = 0};
    *how = (bfl_ct_options){.struct_size = sizeof *how, .key = KEY, .keep = {hold, h}};
}

static bfl_status body_same(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_transform t, back;
    holder h;
    bfl_ct_options how;
    begin(arena, &t, &h, &how);
    CHECK(bfl_lesion_keep(arena, &how, &t) && h.size > 0);
    how.kept = (bfl_text){h.bytes, h.size};
    CHECK(bfl_lesion_take_over(arena, &how, &back));
    const bfl_text a = bfl_transform_bytes(arena, &t), b = bfl_transform_bytes(arena, &back);
    CHECK(a.size == b.size && memcmp(a.data, b.data, a.size) == 0);
    float from[3] = {20, 10, 5}, one[3], two[3];
    bfl_transform_point(&t, from, one);
    bfl_transform_point(&back, from, two);
    CHECK(memcmp(one, two, sizeof one) == 0);
    return BFL_OK;
}

static bfl_status body_damaged(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_transform t, back;
    holder h;
    bfl_ct_options how;
    begin(arena, &t, &h, &how);
    size_t taken = 0;
    CHECK(bfl_lesion_keep(arena, &how, &t));
    for (size_t size = 0; size < h.size; size++) {
        how.kept = (bfl_text){h.bytes, size};
        taken += bfl_lesion_take_over(arena, &how, &back);
    }
    how.kept = (bfl_text){h.bytes, h.size + 1};
    taken += bfl_lesion_take_over(arena, &how, &back);
    how.kept.size = h.size;
    for (size_t bit = 0; bit < h.size * 8; bit++) {
        h.bytes[bit / 8] = (char)(h.bytes[bit / 8] ^ (1 << bit % 8));
        taken += bfl_lesion_take_over(arena, &how, &back);
        h.bytes[bit / 8] = (char)(h.bytes[bit / 8] ^ (1 << bit % 8));
    }
    CHECK_INT(taken, 0);
    CHECK(bfl_lesion_take_over(arena, &how, &back));
    return BFL_OK;
}

static bfl_status body_key(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_transform t, back;
    holder h;
    bfl_ct_options how;
    begin(arena, &t, &h, &how);
    CHECK(bfl_lesion_keep(arena, &how, &t));
    how.kept = (bfl_text){h.bytes, h.size};
    const char *const others[] = {"10112233445566778899aabbccddeeff", "0011", "", NULL};
    for (size_t n = 0; n < 4; n++) {
        how.key = others[n];
        CHECK(!bfl_lesion_take_over(arena, &how, &back));
    }
    how.key = KEY;
    h.full = true;
    CHECK(!bfl_lesion_keep(arena, &how, &t));
    how.keep.write = NULL;
    CHECK(bfl_lesion_keep(arena, &how, &t));
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(comes_back_the_same) { run(body_same); }
TEST(every_flip_and_cut_is_refused) { run(body_damaged); }
TEST(only_under_its_key) { run(body_key); }

TEST_CASES(CASE(comes_back_the_same), CASE(every_flip_and_cut_is_refused), CASE(only_under_its_key))
