/* SPDX-License-Identifier: Apache-2.0 */
/* Two processes of two threads each, at the same patients: nothing is lost, nothing is doubled. */
#include "deeds.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 2, THREADS = 2, ROUNDS = 20 };

typedef struct worker {
    store *s;
    const char *key;
    int id;
    int failures;
} worker;

/* Each round: a version of the common patient on top of what was read (again after a conflict), a patient of its own, a page. */
static void *work(void *context) {
    worker *w = context;
    bfl_error err = {0};
    for (int i = 0; i < ROUNDS; i++) {
        bfl_status status;
        char id[32];
        do {
            store_record *now = NULL;
            store_record_put_result out;
            if (store_record_get(w->s, w->key, 0, &now, &err) != BFL_OK) w->failures++;
            if (!now) break;
            store_record_new next = {.key = w->key, .expected_version = now->version, .content = bfl_text_of("next")};
            status = store_record_put(w->s, &ann, &next, &out, &err);
            store_free(now);
        } while (status == BFL_EEXIST);
        (void)snprintf(id, sizeof id, "own %d %d", w->id, i);
        store_record_put_result out;
        store_patients *page = NULL;
        if (store_record_put(w->s, &ann, &(store_record_new){.patient_id = id, .content = bfl_text_of("x")}, &out,
                             &err) != BFL_OK)
            w->failures++;
        if (store_patient_list(w->s, &(store_list_want){.sort = STORE_SORT_UPDATED}, &page, &err) != BFL_OK)
            w->failures++;
        store_free(page);
    }
    if (w->failures) printf("# worker %d: %d failures: %s\n", w->id, w->failures, err.message);
    return NULL;
}

static int process(int number, const char *key) {
    store *s = NULL;
    bfl_error err = {0};
    pthread_t threads[THREADS];
    worker workers[THREADS];
    int failures = 0;
    must(store_open(fresh_url(), &(store_options){.wait_ms = 60000}, &s, &err), &err);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.s = s, .key = key, .id = number * THREADS + i};
        if (pthread_create(&threads[i], NULL, work, &workers[i]) != 0) return 100;
    }
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
        failures += workers[i].failures;
    }
    store_close(s);
    (void)fflush(stdout);
    return failures;
}

TEST(writers) {
    store *s = fresh_store("together");
    bfl_error err = {0};
    store_info info;
    pid_t children[PROCESSES];
    store_record_put_result p = add_patient(s, "common", "x");
    store_close(s);
    (void)fflush(stdout);
    for (int i = 0; i < PROCESSES; i++)
        if ((children[i] = fork()) == 0) _exit(process(i, p.key));
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        CHECK(waitpid(children[i], &status, 0) == children[i] && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    s = fresh_reopen();
    CHECK_INT(store_info_get(s, &info, &err), BFL_OK);
    CHECK_INT(info.patients, 1 + PROCESSES * THREADS * ROUNDS);
    CHECK_INT(info.records, 1 + 2 * PROCESSES * THREADS * ROUNDS);
    store_records *list = NULL;
    CHECK_INT(store_record_list(s, p.key, &list, &err), BFL_OK);
    CHECK_INT(list->count, 1 + PROCESSES * THREADS * ROUNDS);
    store_free(list);
    store_verdict v = verdict(s, NULL);
    CHECK(v.good);
    CHECK_TEXT(v.problem, "");
    store_close(s);
}

/* ---- one token, many takers ---- */

typedef struct taker {
    store *s;
    uint8_t token[STORE_HASH_BYTES];
    atomic_int taken, refused, other;
} taker;

static void *take(void *context) {
    taker *t = context;
    store_token *token = NULL;
    bfl_error err = {0};
    bfl_status status = store_token_take(t->s, &ann, t->token, "setup", &token, &err);
    store_free(token);
    atomic_fetch_add(status == BFL_OK ? &t->taken : status == BFL_ENOTFOUND ? &t->refused : &t->other, 1);
    return NULL;
}

TEST(a_token_is_taken_once) {
    enum { TAKERS = 8 };
    taker t = {.s = fresh_store("together")};
    store_token token = {.purpose = "setup", .subject = "", .expires_ms = 9999};
    bfl_error err = {0};
    pthread_t threads[TAKERS];
    hash_of("t", t.token);
    hash_of("t", token.token);
    must(store_token_put(t.s, &ann, &token, &err), &err);
    for (int i = 0; i < TAKERS; i++) CHECK_INT(pthread_create(&threads[i], NULL, take, &t), 0);
    for (int i = 0; i < TAKERS; i++) (void)pthread_join(threads[i], NULL);
    CHECK_INT(t.taken, 1);
    CHECK_INT(t.refused, TAKERS - 1);
    CHECK_INT(t.other, 0);
    store_close(t.s);
}

/* In memory there is one connection: it is shared, and never closed between. */
TEST(in_memory) {
    store *s = NULL;
    bfl_error err = {0};
    pthread_t threads[THREADS];
    worker workers[THREADS];
    store_info info;
    must(store_open("sqlite::memory:", &(store_options){.create = true}, &s, &err), &err);
    store_record_put_result p = add_patient(s, "common", "x");
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.s = s, .key = p.key, .id = i};
        CHECK_INT(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
        CHECK_INT(workers[i].failures, 0);
    }
    CHECK_INT(store_info_get(s, &info, &err), BFL_OK);
    CHECK_INT(info.records, 1 + 2 * THREADS * ROUNDS);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

/* clang-format off */
TEST_CASES(CASE(writers), CASE(a_token_is_taken_once), CASE(in_memory))
/* clang-format on */
