/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of a request: what it owns goes with it, the latest first, also when memory runs out in the middle. And the limits of
 * how often something may be done, and the words of a question. */
#include "test.h"

#include "serve/account/limits.h"
#include "serve/api/words.h"
#include "serve/http/json.h"

typedef struct things {
    serve_pool *pool;
    char released[64];
    size_t count;
    bool reached;
} things;

typedef struct thing {
    things *all;
    char name;
} thing;

static void release(void *one) {
    thing *t = one;
    t->all->released[t->all->count++] = t->name;
}

static void own_some(void *context) {
    things *all = context;
    for (char name = 'a'; name <= 'e'; name++) {
        thing *t = SERVE_NEW(all->pool, thing);
        *t = (thing){all, name};
        CHECK(serve_pool_own(all->pool, t, release) == t);
    }
}

static void run_out(void *context) {
    things *all = context;
    own_some(context);
    (void)serve_pool_alloc(all->pool, SIZE_MAX / 2, 4);
    all->reached = true;
}

static void lose(void *context) {
    things *all = context;
    (void)serve_pool_own(all->pool, NULL, release);
    all->reached = true;
}

TEST(what_is_owned_goes_with_the_pool) {
    things all = {.pool = serve_pool_new()};
    CHECK(serve_pool_run(all.pool, own_some, &all));
    CHECK_INT(all.count, 0);
    serve_pool_free(all.pool);
    CHECK_TEXT(all.released, "edcba");
}

TEST(running_out_of_memory_loses_nothing) {
    things all = {.pool = serve_pool_new()};
    CHECK(!serve_pool_run(all.pool, run_out, &all));
    CHECK(!all.reached);
    CHECK(!serve_pool_run(all.pool, lose, &all));
    CHECK(!all.reached);
    CHECK(serve_pool_run(all.pool, own_some, &all));
    serve_pool_free(all.pool);
    CHECK_TEXT(all.released, "edcbaedcba");
}

static void write_json(void *context) {
    serve_pool *pool = ((things *)context)->pool;
    serve_json w = serve_json_in(pool);
    serve_json_open(&w, NULL, "{");
    serve_json_text(&w, "a\"b", "x\ny<\x01\xff");
    serve_json_text(&w, "none", NULL);
    serve_json_share(&w, "p", 0.0625);
    serve_json_open(&w, "list", "[");
    serve_json_whole(&w, NULL, -3);
    serve_json_decimal(&w, NULL, (bfl_decimal){950, -2});
    serve_json_maybe(&w, NULL, (bfl_maybe){.present = false});
    serve_json_close(&w, "]");
    serve_json_bool(&w, "yes", true);
    serve_json_close(&w, "}");
    CHECK_TEXT(serve_buf_text(&w.out).data, "{\"a\\\"b\":\"x\\ny\\u003c\\u0001\xef\xbf\xbd\",\"none\":null,\"p\":0.063,"
                                            "\"list\":[-3,9.50,null],\"yes\":true}");
}

TEST(json_is_written_with_its_own_digits) {
    things all = {.pool = serve_pool_new()};
    CHECK(serve_pool_run(all.pool, write_json, &all));
    serve_pool_free(all.pool);
}

TEST(buckets_empty_and_fill_again) {
    serve_limits *limits = serve_limits_new();
    const serve_limit three = {"test", 3, 1000}, other = {"other", 3, 1000};
    for (int i = 0; i < 3; i++) CHECK_INT(serve_limits_take(limits, &three, "a", 5000, 1), 0);
    CHECK_INT(serve_limits_take(limits, &three, "a", 5000, 1), 1000);
    CHECK_INT(serve_limits_take(limits, &three, "a", 5400, 0), 600);
    CHECK_INT(serve_limits_take(limits, &three, "b", 5000, 1), 0);
    CHECK_INT(serve_limits_take(limits, &other, "a", 5000, 1), 0);
    CHECK_INT(serve_limits_take(limits, &three, "a", 6000, 1), 0);
    CHECK_INT(serve_limits_take(limits, &three, "a", 6000, 1), 1000);
    CHECK_INT(serve_limits_take(limits, &three, "a", 100000, 1), 0);
    char name[16];
    for (int i = 0; i < 100000; i++) {
        (void)snprintf(name, sizeof name, "n%d", i);
        CHECK_INT(serve_limits_take(limits, &three, name, 100000, 1), 0);
    }
    serve_limits_free(limits);
}

static void search_words(void *context) {
    serve_pool *pool = ((things *)context)->pool;
    static const char *const texts[] = {"Flares of bone lesions were confirmed.", "The dose of gefitinib is 250 mg.",
                                        "A flare is healing.", "Progression of bone lesions."};
    serve_words sentences[4];
    serve_hit hits[3];
    for (size_t i = 0; i < 4; i++) sentences[i] = serve_words_of(pool, texts[i]);
    const serve_sentences all = {sentences, 4, 0, 1};
    serve_words question = serve_words_of(pool, "Which flaring bone lesion was confirmed?");
    CHECK_INT(serve_words_search(pool, &question, &all, hits, 3), 3);
    CHECK_INT(hits[0].index, 0);
    CHECK_NEAR(hits[0].covered, 1, 1e-9);
    question = serve_words_of(pool, "Paris");
    CHECK_INT(serve_words_search(pool, &question, &all, hits, 3), 0);
    question = serve_words_of(pool, "what is the");
    CHECK_INT(question.count, 0);
    CHECK_INT(serve_words_search(pool, &question, &all, hits, 3), 0);
    const serve_sentences own = {sentences, 4, 4, 10};
    question = serve_words_of(pool, "DOSES");
    CHECK_INT(serve_words_search(pool, &question, &own, hits, 1), 1);
    CHECK_INT(hits[0].index, 1);
}

TEST(sentences_are_found_by_their_rare_words) {
    things all = {.pool = serve_pool_new()};
    CHECK(serve_pool_run(all.pool, search_words, &all));
    serve_pool_free(all.pool);
}

TEST_CASES(CASE(what_is_owned_goes_with_the_pool), CASE(running_out_of_memory_loses_nothing),
           CASE(json_is_written_with_its_own_digits), CASE(buckets_empty_and_fill_again),
           CASE(sentences_are_found_by_their_rare_words))
