/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

typedef struct squares {
    int pulled, last, emitted, released;
    int fail_next, fail_work, fail_emit; /* the item at which to fail; 0 = never */
    long sum;
} squares;

typedef struct item {
    int number;
    long square;
} item;

static bfl_status next(void *context, void *slot, bool *more, bfl_error *err) {
    squares *q = context;
    item *it = slot;
    if (q->pulled == q->last) return BFL_OK;
    it->number = ++q->pulled;
    *more = true;
    return it->number == q->fail_next ? bfl_fail(err, BFL_EIO, "items", 3, "no item %d", it->number) : BFL_OK;
}

static bfl_status work(void *context, void *slot, bfl_error *err) {
    const squares *q = context;
    item *it = slot;
    volatile long square = 0; /* the early items take longest */
    for (int spin = 0; spin < (q->last - it->number) * 50; spin++) square = spin;
    square = (long)it->number * it->number;
    it->square = square;
    return it->number == q->fail_work ? bfl_fail(err, BFL_EPARSE, "work", 0, "item %d", it->number) : BFL_OK;
}

static bfl_status emit(void *context, void *slot, bfl_error *err) {
    squares *q = context;
    const item *it = slot;
    CHECK_INT(it->number, q->emitted + 1);
    if (it->number == q->fail_emit) return bfl_fail(err, BFL_EIO, "emit", 0, "item %d", it->number);
    q->emitted++;
    q->sum += it->square;
    return BFL_OK;
}

static void release(void *context, void *slot) {
    (void)slot;
    ((squares *)context)->released++;
}

static bfl_status run(squares *q, uint32_t threads, bfl_error *err) {
    bfl_pipeline plan = {q, sizeof(item), threads, next, work, emit, release};
    return bfl_pipeline_run(&plan, err);
}

TEST(emits_in_order_at_any_thread_count) {
    for (uint32_t threads = 0; threads < 6; threads++) {
        squares q = {.last = 300};
        CHECK_INT(run(&q, threads, NULL), BFL_OK);
        CHECK_INT(q.emitted, 300);
        CHECK_INT(q.sum, 300L * 301 * 601 / 6);
        CHECK(q.released > 0);
    }
}

TEST(nothing_to_do) {
    squares q = {.last = 0};
    CHECK_INT(run(&q, 3, NULL), BFL_OK);
    CHECK_INT(q.emitted, 0);
    CHECK_INT(q.released, 12);
}

TEST(first_failure_in_order_is_reported) {
    for (uint32_t threads = 1; threads < 5; threads++) {
        bfl_error err = {.status = BFL_OK};
        squares q = {.last = 200, .fail_work = 70, .fail_next = 90};
        CHECK_INT(run(&q, threads, &err), BFL_EPARSE);
        CHECK_INT(q.emitted, 69);
        CHECK_TEXT(err.message, "item 70");

        q = (squares){.last = 200, .fail_next = 90};
        CHECK_INT(run(&q, threads, &err), BFL_EIO);
        CHECK_INT(q.emitted, 89);
        CHECK_TEXT(err.message, "no item 90");

        q = (squares){.last = 200, .fail_emit = 1};
        CHECK_INT(run(&q, threads, &err), BFL_EIO);
        CHECK_INT(q.emitted, 0);
        CHECK_TEXT(err.message, "item 1");
    }
}

TEST(no_memory_for_slots) {
    for (int64_t n = 1;; n++) {
        bfl_memory_fail_at(n);
        squares q = {.last = 5};
        bfl_status status = run(&q, 2, NULL);
        if (bfl_memory_fail_at(0) > 0) {
            CHECK_INT(status, BFL_OK);
            CHECK(n > 1);
            break;
        }
        CHECK_INT(status, BFL_ENOMEM);
        CHECK_INT(q.pulled, 0);
    }
}

static void mark(void *context, size_t index) { ((int *)context)[index]++; }

TEST(every_part_once) {
    for (uint32_t threads = 0; threads < 5; threads++) {
        int done[1000] = {0}, once = 0;
        bfl_parallel(threads, 1000, mark, done);
        for (int i = 0; i < 1000; i++) once += done[i] == 1;
        CHECK_INT(once, 1000);
    }
    bfl_parallel(4, 0, mark, NULL);
}

/* Each part keeps a text of its own; `most`: the part that asks for too much memory. */
typedef struct texts {
    const char *text[20];
    size_t most;
    uint32_t threads;
} texts;

static void write_text(bfl_arena *own, void *context, size_t index) {
    texts *t = context;
    bfl_arena *inner = bfl_arena_scratch(own);
    memset(bfl_arena_alloc(inner, 100000 * (index + 1), 1), 'x', 100000 * (index + 1));
    t->text[index] = bfl_arena_printf(own, "part %zu", index);
    if (index == t->most) (void)bfl_arena_alloc(own, SIZE_MAX, 1);
}

static bfl_status write_texts(bfl_arena *arena, void *context, bfl_error *err) {
    texts *t = context;
    char expected[20];
    (void)err;
    bfl_parallel_own(arena, t->threads, 20, write_text, t);
    for (size_t i = 0; i < 20; i++) {
        (void)snprintf(expected, sizeof expected, "part %zu", i);
        CHECK_TEXT(t->text[i], expected);
    }
    return BFL_OK;
}

static bfl_status run_texts(texts *t, bfl_error *err) {
    bfl_arena *arena = bfl_arena_new();
    const bfl_status status = bfl_arena_run(arena, write_texts, t, err);
    bfl_arena_free(arena);
    return status;
}

TEST(parts_have_memory_of_their_own) {
    for (uint32_t threads = 0; threads < 5; threads++) {
        texts t = {.most = 99, .threads = threads};
        CHECK_INT(run_texts(&t, NULL), BFL_OK);
    }
}

TEST(no_memory_in_a_part) {
    for (uint32_t threads = 1; threads < 4; threads++) {
        texts t = {.most = 7, .threads = threads};
        bfl_error err = {.status = BFL_OK};
        CHECK_INT(run_texts(&t, &err), BFL_ENOMEM);
        CHECK_INT(err.status, BFL_ENOMEM);
        CHECK(t.text[19]); /* the others went on */
    }
}

TEST(there_is_a_processor) { CHECK(bfl_processors() >= 1); }

TEST_CASES(CASE(emits_in_order_at_any_thread_count), CASE(nothing_to_do), CASE(first_failure_in_order_is_reported),
           CASE(no_memory_for_slots), CASE(every_part_once), CASE(parts_have_memory_of_their_own),
           CASE(no_memory_in_a_part), CASE(there_is_a_processor))
