/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

static bfl_status body_fill(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    BFL_LIST(int) list = {0};
    for (int i = 0; i < 1000; i++) *BFL_PUSH(arena, &list) = i;
    long *sum = context;
    for (size_t i = 0; i < list.count; i++) *sum += list.items[i];
    CHECK_TEXT(bfl_arena_printf(arena, "%s-%d", "a", 7), "a-7");
    CHECK_TEXT(bfl_arena_text(arena, BFL_TEXT("xyz")), "xyz");
    return BFL_OK;
}

TEST(fills_and_resets) {
    bfl_arena *arena = bfl_arena_new();
    long sum = 0;
    CHECK_INT(bfl_arena_run(arena, body_fill, &sum, NULL), BFL_OK);
    CHECK_INT(sum, 499500);
    CHECK(bfl_arena_used(arena) > 4000);
    bfl_arena_reset(arena);
    CHECK_INT(bfl_arena_used(arena), 0);
    CHECK_INT(bfl_arena_run(arena, body_fill, &sum, NULL), BFL_OK);
    bfl_arena_free(arena);
    bfl_arena_free(NULL);
}

TEST(every_failure_is_reported) {
    (void)bfl_memory_count();
    for (int64_t n = 1;; n++) {
        bfl_memory_fail_at(n);
        bfl_arena *arena = bfl_arena_new();
        bfl_error err = {.status = BFL_OK};
        long sum = 0;
        bfl_status status = arena ? bfl_arena_run(arena, body_fill, &sum, &err) : BFL_ENOMEM;
        bfl_arena_free(arena);
        bool all_served = bfl_memory_fail_at(0) > 0;
        if (all_served) {
            CHECK_INT(status, BFL_OK);
            CHECK(n > 1);
            break;
        }
        CHECK_INT(status, BFL_ENOMEM);
        if (arena) CHECK_INT(err.status, BFL_ENOMEM);
    }
}

static bfl_status body_scratch(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_arena_mark empty = bfl_arena_here(arena);
    char *kept = bfl_arena_text(arena, BFL_TEXT("kept"));
    bfl_arena_mark mark = bfl_arena_here(arena);
    size_t used = bfl_arena_used(arena);
    for (int i = 0; i < 100; i++) {
        memset(bfl_arena_alloc(arena, 100000, 1), 'x', 100000); /* many blocks */
        if (i == 50) bfl_arena_back(arena, mark);
    }
    bfl_arena_back(arena, mark);
    CHECK_INT(bfl_arena_used(arena), used);
    CHECK_TEXT(kept, "kept");
    CHECK_TEXT(bfl_arena_printf(arena, "%s again", kept), "kept again");
    bfl_arena_back(arena, empty);
    CHECK_INT(bfl_arena_used(arena), 0);
    CHECK_TEXT(bfl_arena_text(arena, BFL_TEXT("new")), "new");
    return BFL_OK;
}

TEST(scratch_is_given_back) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_scratch, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

static bfl_status body_turns(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    long *sum = context;
    bfl_arena *scratch = bfl_arena_scratch(arena), *inner = bfl_arena_scratch(scratch);
    for (int turn = 0; turn < 3; turn++) {
        bfl_arena_reset(scratch);
        for (int i = 0; i < 600; i++)
            *sum += *bfl_arena_text(scratch, BFL_TEXT("a very long text for one turn")) == 'a';
        CHECK(bfl_arena_used(scratch) < 600 * 64);
        inner = bfl_arena_scratch(scratch);
        CHECK_TEXT(bfl_arena_text(inner, BFL_TEXT("kept")), "kept");
    }
    CHECK(bfl_arena_used(arena) < 1000);
    bfl_arena_mark mark = bfl_arena_here(arena);
    CHECK_TEXT(bfl_arena_text(bfl_arena_scratch(arena), BFL_TEXT("given back with the mark")),
               "given back with the mark");
    bfl_arena_back(arena, mark);
    return BFL_OK;
}

/* Each failed allocation comes back through the parent's run; the sanitizer build sees that nothing is left behind. */
TEST(a_scratch_belongs_to_its_parent) {
    for (int64_t n = 0;; n++) {
        long sum = 0;
        bfl_arena *arena = bfl_arena_new();
        bfl_memory_fail_at(n);
        bfl_status status = bfl_arena_run(arena, body_turns, &sum, NULL);
        bool failed = n > 0 && bfl_memory_fail_at(0) == 0;
        bfl_arena_free(arena);
        CHECK_INT(status, failed ? BFL_ENOMEM : BFL_OK);
        if (!failed) CHECK_INT(sum, 1800);
        if (n > 0 && !failed) break;
    }
}

static bfl_status body_huge(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    (void)bfl_arena_alloc(arena, SIZE_MAX / 2, 16);
    return BFL_OK;
}

static bfl_status body_huge_uncleared(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context, (void)err;
    (void)bfl_arena_uncleared(arena, SIZE_MAX / 2, 16);
    return BFL_OK;
}

TEST(overflowing_size_is_out_of_memory) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body_huge, NULL, NULL), BFL_ENOMEM);
    CHECK_INT(bfl_arena_run(arena, body_huge_uncleared, NULL, NULL), BFL_ENOMEM);
    bfl_arena_free(arena);
}

static bfl_status body_sort(bfl_arena *arena, void *context, bfl_error *err);

typedef struct pair {
    int key, order;
} pair;

static int by_key(const void *a, const void *b, const void *context) {
    (void)context;
    int ka = ((const pair *)a)->key, kb = ((const pair *)b)->key;
    return (ka > kb) - (ka < kb);
}

static bfl_status body_sort(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    int count = *(int *)context;
    pair *pairs = BFL_NEW_ARRAY(arena, (size_t)count, pair);
    unsigned seed = 1;
    for (int i = 0; i < count; i++) {
        seed = seed * 1103515245u + 12345u;
        pairs[i] = (pair){(int)(seed >> 16) % 10, i};
    }
    bfl_sort(arena, pairs, (size_t)count, sizeof *pairs, by_key, NULL);
    for (int i = 1; i < count; i++) {
        CHECK(pairs[i - 1].key <= pairs[i].key);
        if (pairs[i - 1].key == pairs[i].key) CHECK(pairs[i - 1].order < pairs[i].order);
    }
    return BFL_OK;
}

TEST(sort_is_stable) {
    bfl_arena *arena = bfl_arena_new();
    for (int count = 0; count < 300; count += count < 20 ? 1 : 37)
        CHECK_INT(bfl_arena_run(arena, body_sort, &count, NULL), BFL_OK);
    bfl_arena_free(arena);
}

static bfl_status body_two_lists(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    BFL_LIST(int64_t) alone = {0}, other = {0};
    const int64_t *first = BFL_PUSH(arena, &alone);
    for (int64_t i = 1; i < 40; i++) {
        int64_t *slot = BFL_PUSH(arena, &alone);
        CHECK_INT(*slot, 0);
        *slot = i;
    }
    *(bool *)context = first == alone.items;
    for (int64_t i = 0; i < 200; i++) { /* from here on each stands in the other's way */
        *BFL_PUSH(arena, &other) = -i;
        *BFL_PUSH(arena, &alone) = i + 40;
    }
    for (int64_t i = 0; i < 240; i++) CHECK_INT(alone.items[i], i);
    for (int64_t i = 0; i < 200; i++) CHECK_INT(other.items[i], -i);
    return BFL_OK;
}

TEST(the_last_list_grows_where_it_is) {
    bfl_arena *arena = bfl_arena_new();
    bool stayed = false;
    CHECK_INT(bfl_arena_run(arena, body_two_lists, &stayed, NULL), BFL_OK);
#ifndef BFL_ARENA_MALLOC
    CHECK(stayed);
#endif
    bfl_arena_free(arena);
}

static bool all_zero(const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (bytes[i]) return false;
    return true;
}

/* Small, of a block of its own, and large enough for large pages; each is as large as was asked for, and what comes after is cleared
 * though it may lie where something else was. */
static bfl_status allocate_uncleared(bfl_arena *arena, void *context, bfl_error *err) {
    static const size_t SIZES[] = {0, 1, 1000, 3 << 20, 9 << 20};
    (void)context, (void)err;
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        bfl_arena_mark mark = bfl_arena_here(arena);
        const size_t used = bfl_arena_used(arena);
        char *bytes = bfl_arena_uncleared(arena, SIZES[i], 1), *after = bfl_arena_text(arena, BFL_TEXT("after"));
        CHECK_INT((uintptr_t)BFL_ROOM_FOR(arena, 1, max_align_t) % _Alignof(max_align_t), 0);
        memset(bytes, 'x', SIZES[i]);
        CHECK_TEXT(after, "after");
        CHECK(bfl_arena_used(arena) >= used + SIZES[i]);
        bfl_arena_back(arena, mark);
        CHECK_INT(bfl_arena_used(arena), used);
        CHECK(all_zero(bfl_arena_alloc(arena, SIZES[i], 1), SIZES[i]));
        bfl_arena_back(arena, mark);
    }
    return BFL_OK;
}

TEST(what_is_not_cleared_is_given_back_and_what_follows_it_is_cleared) {
    for (int64_t n = 0;; n++) {
        bfl_arena *arena = bfl_arena_new();
        (void)bfl_memory_fail_at(n);
        const bfl_status status = bfl_arena_run(arena, allocate_uncleared, NULL, NULL);
        const bool failed = n > 0 && bfl_memory_fail_at(0) == 0;
        CHECK_INT(status, failed ? BFL_ENOMEM : BFL_OK);
        bfl_arena_free(arena);
        if (n > 0 && !failed) break;
    }
}

static bfl_status allocate_nothing(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context, (void)err;
    for (size_t size = 0; size < 40; size++) {
        const char *nothing = bfl_arena_alloc(arena, 0, 8), *some = bfl_arena_alloc(arena, 1, size);
        CHECK(nothing != some);
        CHECK_INT((uintptr_t)bfl_arena_alloc(arena, 1, sizeof(max_align_t)) % _Alignof(max_align_t), 0);
    }
    return BFL_OK;
}

TEST(an_allocation_of_nothing_keeps_the_next_one_aligned) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, allocate_nothing, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(what_is_not_cleared_is_given_back_and_what_follows_it_is_cleared),
           CASE(an_allocation_of_nothing_keeps_the_next_one_aligned), CASE(the_last_list_grows_where_it_is),
           CASE(fills_and_resets), CASE(every_failure_is_reported), CASE(scratch_is_given_back),
           CASE(a_scratch_belongs_to_its_parent), CASE(overflowing_size_is_out_of_memory), CASE(sort_is_stable))
