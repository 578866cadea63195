/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times raw lesions in memory -> criteria -> endpoints: endpoints [PATIENTS [VISITS [RUNS]]]. Each patient has five target and five
 * non-target lesions at every visit, from a seeded generator. Making the records is not timed.
 */
#include "endpoint/endpoint.h"
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TARGETS = 5, NONTARGETS = 5, EVERY_DAYS = 42 };

typedef struct bench {
    size_t patients, visits, runs;
    bfl_rulebook *rulebook;
    const bfl_record **records;
    double criteria_s, endpoints_s; /* best run */
    size_t responses[BFL_RESPONSE_PD_UNCONFIRMED + 1];
} bench;

/* splitmix64, public domain. */
static uint64_t next(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static int64_t below(uint64_t *state, uint64_t n) { return (int64_t)(next(state) % n); }

static bfl_date on_day(int64_t day) { return (bfl_date){(int32_t)day, (int32_t)day, BFL_DATE_RELATIVE}; }

static void add_lesion(bfl_builder *b, int64_t day, int number, bool target, int64_t tenths) {
    static const char *const ids[] = {"T1", "T2", "T3", "T4", "T5", "N1", "N2", "N3", "N4", "N5"};
    static const bfl_organ organs[] = {BFL_ORGAN_LUNG, BFL_ORGAN_LUNG, BFL_ORGAN_LIVER, BFL_ORGAN_LIVER,
                                       BFL_ORGAN_ADRENAL};
    bfl_lesion *row = bfl_record_add_lesion(b, on_day(day));
    row->id = row->site = ids[number];
    row->organ = organs[number % TARGETS];
    row->role = target ? BFL_ROLE_TARGET : BFL_ROLE_NON_TARGET;
    row->modality = BFL_MODALITY_CT;
    row->state = target ? (tenths > 0 ? BFL_LESION_MEASURED : BFL_LESION_ABSENT) : BFL_LESION_PRESENT;
    if (target && tenths > 0) row->longest_mm = bfl_some((bfl_decimal){tenths, -1});
}

/* Sizes drift by a trend of the patient's own, with noise. */
static const bfl_record *make_patient(bfl_arena *arena, const bench *b, size_t number) {
    uint64_t state = number + 1;
    bfl_builder *builder = bfl_record_begin(arena, bfl_arena_printf(arena, "p%06zu", number));
    bfl_therapy *therapy = bfl_record_add_therapy(builder, on_day(0), (bfl_date){0, 0, BFL_DATE_NONE});
    therapy->drug = "osimertinib";
    therapy->intent = BFL_INTENT_ANTICANCER;
    int64_t sizes[TARGETS], trend = 80 + below(&state, 30);
    for (int i = 0; i < TARGETS; i++) sizes[i] = 150 + below(&state, 500);
    for (size_t visit = 0; visit < b->visits; visit++) {
        int64_t day = (int64_t)visit * EVERY_DAYS - (visit == 0 ? 7 : 0) + (visit ? below(&state, 5) : 0);
        for (int i = 0; i < TARGETS; i++) {
            if (visit) sizes[i] = sizes[i] * (trend + below(&state, 11) - 5) / 100;
            add_lesion(builder, day, i, true, sizes[i] < 30 ? 0 : sizes[i]);
        }
        for (int i = 0; i < NONTARGETS; i++) add_lesion(builder, day, TARGETS + i, false, 0);
    }
    return bfl_record_seal(arena, builder, NULL);
}

static bfl_status make(bfl_arena *arena, void *context, bfl_error *err) {
    bench *b = context;
    (void)err;
    b->records = BFL_NEW_ARRAY(arena, b->patients, const bfl_record *);
    for (size_t i = 0; i < b->patients; i++) b->records[i] = make_patient(arena, b, i);
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
