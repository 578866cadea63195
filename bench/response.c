/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of raw lesions to a stream of endpoints: response [PATIENTS [VISITS [THREADS [ENDPOINTS.csv [VISITS.csv]]]]]. No patient is kept: one is made,
 * read by every criterion, its eleven endpoints become rows of CSV, and it is forgotten. Prints times, peak memory, and a
 * hash of the bytes, which must be the same for any number of threads.
 */
#include "endpoint/endpoint.h"

#include "raw_lesions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct bench {
    size_t patients, visits, next;
    bfl_rulebook *rulebook;
    bfl_endpoint_options options;
    uint64_t hash, bytes;
    double making_s, criteria_s, endpoints_s, writing_s; /* processor time */
    FILE *out, *visits_out;                              /* NULL: only counted */
} bench;

typedef struct slot {
    bfl_arena *arena;
    size_t number;
    bfl_buf text, visits;
    double making_s, criteria_s, endpoints_s, writing_s;
} slot;

static double seconds(clockid_t clock) {
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bfl_status next_patient(void *context, void *bytes, bool *more, bfl_error *err) {
    bench *b = context;
    (void)err;
    *more = b->next < b->patients;
    if (*more) ((slot *)bytes)->number = b->next++;
    return BFL_OK;
}

static void write_rows(bfl_buf *text, const char *id, const bfl_endpoints *e) {
    for (int i = 0; i < BFL_ENDPOINT_COUNT; i++) {
        const bfl_endpoint *item = &e->items[i];
        bfl_buf_addf(text, "%s,%s,%s,%s,%d,%s\n", id, item->id, bfl_endpoint_state_word(item->state), item->value,
                     (int)item->day, item->cause);
    }
}

static void write_visits(bfl_buf *text, const char *id, const bfl_criterion_result *criterion) {
    for (size_t i = 0; i < criterion->visit_count; i++)
        if (criterion->visits[i].response != BFL_RESPONSE_NONE)
            bfl_buf_addf(text, "%s,%d,%s\n", id, (int)criterion->visits[i].day,
                         bfl_response_word(criterion->visits[i].response));
}

typedef struct job {
    const bench *b;
    slot *s;
} job;

static bfl_status derive(bfl_arena *arena, void *context, bfl_error *err) {
    job *j = context;
    (void)err;
    double start = seconds(CLOCK_THREAD_CPUTIME_ID);
    const bfl_record *record = raw_patient(arena, j->b->visits, j->s->number);
    double made = seconds(CLOCK_THREAD_CPUTIME_ID);
    const bfl_criteria *criteria = bfl_criteria_assess(arena, record, j->b->rulebook);
    double read = seconds(CLOCK_THREAD_CPUTIME_ID);
    bfl_endpoint_input in = {record, j->b->rulebook, bfl_endpoint_criterion(criteria, "recist11"), &j->b->options};
    const bfl_endpoints *endpoints = bfl_endpoint_derive(arena, &in);
    double derived = seconds(CLOCK_THREAD_CPUTIME_ID);
    j->s->text = (bfl_buf){.arena = arena};
    j->s->visits = (bfl_buf){.arena = arena};
    write_rows(&j->s->text, record->patient.id, endpoints);
    if (j->b->visits_out) write_visits(&j->s->visits, record->patient.id, in.criterion);
    j->s->making_s = made - start;
    j->s->criteria_s = read - made;
    j->s->endpoints_s = derived - read;
    j->s->writing_s = seconds(CLOCK_THREAD_CPUTIME_ID) - derived;
    return BFL_OK;
}

static bfl_status work(void *context, void *bytes, bfl_error *err) {
    slot *s = bytes;
    if (s->arena)
        bfl_arena_reset(s->arena);
    else
        s->arena = bfl_arena_new();
    if (!s->arena) return BFL_ENOMEM;
    return bfl_arena_run(s->arena, derive, &(job){context, s}, err);
}

/* FNV-1a, 64 bits. */
static bfl_status emit(void *context, void *bytes, bfl_error *err) {
    bench *b = context;
    slot *s = bytes;
    for (size_t i = 0; i < s->text.size; i++) b->hash = (b->hash ^ (unsigned char)s->text.data[i]) * 0x100000001B3u;
    b->bytes += s->text.size;
    b->making_s += s->making_s;
    b->criteria_s += s->criteria_s;
    b->endpoints_s += s->endpoints_s;
    b->writing_s += s->writing_s;
    if ((b->out && fwrite(s->text.data, 1, s->text.size, b->out) != s->text.size) ||
        (b->visits_out && fwrite(s->visits.data, 1, s->visits.size, b->visits_out) != s->visits.size))
        return bfl_fail(err, BFL_EIO, "output", 0, "cannot be written");
    return BFL_OK;
}

static void release(void *context, void *bytes) {
    (void)context;
    bfl_arena_free(((slot *)bytes)->arena);
}

/* Linux: the peak since the program began (getrusage() would count the parent's before it). */
static long peak_kib(void) {
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, "VmHWM:", 6) == 0) kib = strtol(line + 6, NULL, 10);
    if (status) (void)fclose(status);
    return kib;
}

static void print(const bench *b, unsigned threads, double wall_s) {
    (void)printf("%zu patients, %zu visits, %d+%d lesions, %u threads: %d ms, %d patients/s\n", b->patients, b->visits,
                 TARGETS, NONTARGETS, threads, (int)(wall_s * 1e3), (int)((double)b->patients / wall_s));
    (void)printf("cpu: making %d ms, criteria %d ms, endpoints %d ms, writing %d ms\n", (int)(b->making_s * 1e3),
                 (int)(b->criteria_s * 1e3), (int)(b->endpoints_s * 1e3), (int)(b->writing_s * 1e3));
    (void)printf("%llu bytes out, hash %016llx, peak memory %ld KiB\n", (unsigned long long)b->bytes,
                 (unsigned long long)b->hash, peak_kib());
}

int main(int argc, char **argv) {
    bench b = {.patients = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000,
               .visits = argc > 2 ? strtoul(argv[2], NULL, 10) : 10,
               .hash = 0xCBF29CE484222325u,
               .out = argc > 4 ? fopen(argv[4], "wb") : NULL,
               .visits_out = argc > 5 ? fopen(argv[5], "wb") : NULL};
    unsigned threads = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
    bfl_error err = {.status = BFL_OK};
    bfl_status status = bfl_rulebook_open((bfl_text){NULL, 0}, &b.rulebook, &err);
    if (!status) status = bfl_endpoint_options_init(b.rulebook, &b.options, &err);
    double start = seconds(CLOCK_MONOTONIC);
    if (b.visits_out) (void)fputs("patient,day,response\n", b.visits_out);
    bfl_pipeline plan = {&b, sizeof(slot), threads, next_patient, work, emit, release};
    if (!status) status = bfl_pipeline_run(&plan, &err);
    if (b.out && fclose(b.out) != 0) status = BFL_EIO;
    if (b.visits_out && fclose(b.visits_out) != 0) status = BFL_EIO;
    if (status)
        (void)fprintf(stderr, "%s\n", err.message[0] ? err.message : bfl_status_name(status));
    else
        print(&b, threads ? threads : bfl_processors(), seconds(CLOCK_MONOTONIC) - start);
    bfl_rulebook_free(b.rulebook);
    return status ? 1 : 0;
}
