/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store URL VERSIONS BYTES: puts so many versions of 100 patients, one transaction each, then reads them in a scattered order, asks
 * for a page of the work list, verifies. Prints one line each: WHAT COUNT MICROSECONDS.
 */
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATIENTS = 100, PAGES = 200 };

static int64_t microseconds(void) {
    enum { US = 1000000, NS_A_US = 1000 };
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * US + now.tv_nsec / NS_A_US;
}

static void must(bfl_status status, const bfl_error *err) {
    if (status == BFL_OK) return;
    (void)fprintf(stderr, "%s: %s\n", err->where, err->message);
    exit(1);
}

static void say(const char *what, int64_t count, int64_t since) {
    printf("%s %" PRId64 " %" PRId64 "\n", what, count, microseconds() - since);
}

int main(int argc, char **argv) {
    static char keys[PATIENTS][STORE_KEY_SIZE];
    static const store_by by = {"bench", 1};
    bfl_error err = {0};
    store *s = NULL;
    if (argc != 4) return 2;
    int64_t versions = strtoll(argv[2], NULL, 10);
    size_t bytes = (size_t)strtoull(argv[3], NULL, 10);
    char *content = calloc(1, bytes + 1);
    if (!content || versions < PATIENTS) return 2;
    memset(content, 'x', bytes);
    must(store_open(argv[1], &(store_options){.create = true}, &s, &err), &err);

    int64_t start = microseconds();
    for (int64_t i = 0; i < versions; i++) {
        char id[32];
        store_record_put_result out;
        (void)snprintf(id, sizeof id, "patient %" PRId64, i);
        store_record_new r = {.key = i < PATIENTS ? NULL : keys[i % PATIENTS],
                              .patient_id = id,
                              .expected_version = -1,
                              .content = {content, bytes},
                              .search = i < PATIENTS ? "lung erlotinib" : NULL};
        must(store_record_put(s, &by, &r, &out, &err), &err);
        memcpy(keys[i % PATIENTS], out.key, STORE_KEY_SIZE);
    }
    say("put", versions, start);

    start = microseconds();
    for (int64_t i = 0; i < versions; i++) {
        store_record *r = NULL;
        must(store_record_get(s, keys[i * 37 % PATIENTS], 1, &r, &err), &err);
        store_free(r);
    }
    say("get", versions, start);

    start = microseconds();
    for (int i = 0; i < PAGES; i++) {
        store_patients *page = NULL;
        must(store_patient_list(s, &(store_list_want){.text = "lung erlo", .sort = STORE_SORT_UPDATED, .limit = 50},
                                &page, &err),
             &err);
        store_free(page);
    }
    say("page", PAGES, start);

    store_verdict v;
    start = microseconds();
    must(store_verify(s, NULL, &v, &err), &err);
    say("verify", v.rows, start);
    store_close(s);
    free(content);
    return v.good ? 0 : 1;
}
