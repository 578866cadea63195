/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times raw lesions in memory -> criteria -> endpoints: endpoints [PATIENTS [VISITS [RUNS]]]. Each patient has five target and five
 * non-target lesions at every visit, from a seeded generator. Making the records is not timed.
 */
#include "endpoint/endpoint.h"
#include "record/record.h"

#include "raw_lesions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct bench {
    size_t patients, visits, runs;
    bfl_rulebook *rulebook;
    const bfl_record **records;
    double criteria_s, endpoints_s; /* best run */
    size_t responses[BFL_RESPONSE_PD_UNCONFIRMED + 1];
} bench;

static bfl_status make(bfl_arena *arena, void *context, bfl_error *err) {
    bench *b = context;
    (void)err;
    b->records = BFL_NEW_ARRAY(arena, b->patients, const bfl_record *);
    for (size_t i = 0; i < b->patients; i++) b->records[i] = raw_patient(arena, b->visits, i);
    return BFL_OK;
}

static double seconds(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef struct patient_job {
    bench *b;
    const bfl_record *record;
    const bfl_endpoint_options *options;
    double criteria_s, endpoints_s;
} patient_job;

static bfl_status one(bfl_arena *arena, void *context, bfl_error *err) {
    patient_job *j = context;
    (void)err;
    double start = seconds();
    const bfl_criteria *criteria = bfl_criteria_assess(arena, j->record, j->b->rulebook);
    double between = seconds();
    bfl_endpoint_input in = {j->record, j->b->rulebook, bfl_endpoint_criterion(criteria, "recist11"), j->options};
    const bfl_endpoints *e = bfl_endpoint_derive(arena, &in);
    j->b->responses[e->items[BFL_ENDPOINT_CONFIRMED].response]++;
    j->criteria_s += between - start;
    j->endpoints_s += seconds() - between;
    return BFL_OK;
}

static bfl_status run(bench *b, bfl_error *err) {
    bfl_endpoint_options options;
    bfl_status status = bfl_endpoint_options_init(b->rulebook, &options, err);
    for (size_t r = 0; r < b->runs && !status; r++) {
        patient_job j = {b, NULL, &options, 0, 0};
        bfl_arena *arena = bfl_arena_new();
        if (!arena) return BFL_ENOMEM;
        memset(b->responses, 0, sizeof b->responses);
        for (size_t i = 0; i < b->patients && !status; i++) {
            j.record = b->records[i];
            status = bfl_arena_run(arena, one, &j, err);
            bfl_arena_reset(arena);
        }
        bfl_arena_free(arena);
        if (r == 0 || j.criteria_s + j.endpoints_s < b->criteria_s + b->endpoints_s) {
            b->criteria_s = j.criteria_s;
            b->endpoints_s = j.endpoints_s;
        }
    }
    return status;
}

int main(int argc, char **argv) {
    bench b = {.patients = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000,
               .visits = argc > 2 ? strtoul(argv[2], NULL, 10) : 10,
               .runs = argc > 3 ? strtoul(argv[3], NULL, 10) : 3};
    bfl_error err = {0};
    bfl_arena *arena = bfl_arena_new();
    bfl_status status = arena ? bfl_rulebook_open(BFL_TEXT(""), &b.rulebook, &err) : BFL_ENOMEM;
    if (!status) status = bfl_arena_run(arena, make, &b, &err);
    if (!status) status = run(&b, &err);
    if (status) (void)fprintf(stderr, "%s\n", err.message[0] ? err.message : bfl_status_name(status));
    if (!status) {
        (void)printf("%zu patients, %zu visits, %d+%d lesions: criteria %d ms, endpoints %d ms, together %d ms\n",
                     b.patients, b.visits, TARGETS, NONTARGETS, (int)(b.criteria_s * 1e3), (int)(b.endpoints_s * 1e3),
                     (int)((b.criteria_s + b.endpoints_s) * 1e3));
        (void)printf("confirmed best response:");
        for (int i = 0; i <= BFL_RESPONSE_PD_UNCONFIRMED; i++)
            if (b.responses[i]) (void)printf(" %s %zu", bfl_response_word((bfl_response)i), b.responses[i]);
        (void)printf("\n");
    }
    bfl_rulebook_free(b.rulebook);
    bfl_arena_free(arena);
    return status ? 1 : 0;
}
