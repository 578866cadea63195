/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times full assessments of records in memory: verdict [PATIENTS [RUNS [DAYS]]]. A typical record has a baseline and seven
 * follow-up visits, twelve lesions at each (five bone lesions, three targets, four others), sixty laboratory values on fifteen days,
 * and symptoms at each visit; half of the patients flare, the others progress. With DAYS, one more patient is timed with a bone
 * study on each of so many days. Making the records is not timed; the interval is part of every assessment.
 */
#include "assess/assess.h"
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { VISITS = 8, EVERY_DAYS = 42, BONES = 5, TARGETS = 3, OTHERS = 4, LAB_DAYS = 15 };

static bfl_date on_day(int64_t day) { return (bfl_date){(int32_t)day, (int32_t)day, BFL_DATE_RELATIVE}; }

/* splitmix64, public domain. */
static uint64_t next(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static int64_t below(uint64_t *state, uint64_t n) { return (int64_t)(next(state) % n); }

static bfl_lesion *add_lesion(bfl_builder *b, int64_t day, const char *id, bfl_organ organ, bfl_role role) {
    bfl_lesion *row = bfl_record_add_lesion(b, on_day(day));
    row->id = row->site = id;
    row->organ = organ;
    row->role = role;
    row->modality = BFL_MODALITY_CT;
    row->state = BFL_LESION_PRESENT;
    return row;
}

static void add_visit(bfl_builder *b, int64_t day, int visit, bool flares, int64_t tenths) {
    static const char *const bones[BONES] = {"T5", "T9", "L2", "left 4th rib", "sacrum"};
    static const char *const targets[TARGETS] = {"right upper lobe", "segment 6", "adrenal"};
    static const char *const others[OTHERS] = {"node 4R", "node 7", "segment 2", "pleura"};
    static const bfl_organ organs[TARGETS] = {BFL_ORGAN_LUNG, BFL_ORGAN_LIVER, BFL_ORGAN_ADRENAL};
    for (int i = 0; i < BONES; i++) {
        bool is_new = visit == 1 && i >= BONES - 2;
        if (visit == 0 && i >= BONES - 2) continue; /* not seen yet: two fewer at baseline, made up by the PET below */
        bfl_lesion *l = add_lesion(b, day, bones[i], BFL_ORGAN_BONE, is_new ? BFL_ROLE_NEW : BFL_ROLE_NON_TARGET);
        l->matrix = flares || visit == 0 ? BFL_MATRIX_BLASTIC : BFL_MATRIX_LYTIC;
        l->changes = visit == 0 || is_new ? 0 : flares ? BFL_CHANGE_STABLE : BFL_CHANGE_LARGER;
    }
    for (int i = 0; i < 2 && visit == 0; i++) {
        bfl_lesion *l = add_lesion(b, day, bones[BONES - 1 - i], BFL_ORGAN_BONE, BFL_ROLE_NONE);
        l->matrix = BFL_MATRIX_MARROW, l->modality = BFL_MODALITY_FDG_PET;
        if (!flares) l->state = BFL_LESION_ABSENT;
    }
    for (int i = 0; i < TARGETS; i++) {
        bfl_lesion *l = add_lesion(b, day, targets[i], organs[i], BFL_ROLE_TARGET);
        l->state = BFL_LESION_MEASURED;
        l->longest_mm = bfl_some((bfl_decimal){tenths + 40 * i, -1});
    }
    for (int i = 0; i < OTHERS; i++)
        add_lesion(b, day, others[i],
                   i < 2    ? BFL_ORGAN_NODE
                   : i == 2 ? BFL_ORGAN_LIVER
                            : BFL_ORGAN_PLEURA,
                   BFL_ROLE_NON_TARGET);
    bfl_clinical *c = bfl_record_add_clinical(b, on_day(day));
    c->item = "pain", c->value = flares ? "improved" : "worse", c->unit = c->site = c->note = "";
}

static void add_lab(bfl_arena *arena, bfl_builder *b, int64_t day, const char *name, int64_t value, int high) {
    bfl_lab *l = bfl_record_add_lab(b, on_day(day));
    l->name = name, l->unit_text = "U/L", l->method = "", l->note = "";
    l->written = bfl_arena_printf(arena, "%d", (int)value);
    l->ref_low = bfl_some(bfl_decimal_of(1)), l->ref_high = bfl_some(bfl_decimal_of(high));
}

static const bfl_record *make_patient(bfl_arena *arena, size_t number) {
    uint64_t state = number + 1;
    bool flares = number % 2 == 0;
    bfl_builder *b = bfl_record_begin(arena, bfl_arena_printf(arena, "p%06zu", number));
    bfl_record_patient(b)->tumour = "lung";
    bfl_therapy *t = bfl_record_add_therapy(b, on_day(0), (bfl_date){0, 0, BFL_DATE_NONE});
    t->drug = "erlotinib", t->intent = BFL_INTENT_ANTICANCER;
    int64_t tenths = 300 + below(&state, 300), alp = 90 + below(&state, 60);
    for (int visit = 0; visit < VISITS; visit++) {
        add_visit(b, visit * EVERY_DAYS + (visit ? below(&state, 4) : -5), visit, flares, tenths);
        tenths = tenths * (flares ? 90 : 112) / 100;
    }
    for (int i = 0; i < LAB_DAYS; i++) {
        int64_t day = i * 21 - 3;
        alp = flares && i > 2 ? alp * 95 / 100 : alp * 108 / 100;
        add_lab(arena, b, day, "ALP", alp, 120);
        add_lab(arena, b, day, "GGT", 20 + below(&state, 15), 40);
        add_lab(arena, b, day, "ALT", 20 + below(&state, 15), 40);
        add_lab(arena, b, day, "AST", 20 + below(&state, 15), 40);
    }
    return bfl_record_seal(arena, b, NULL);
}

/* One bone study a day. */
static const bfl_record *make_long(bfl_arena *arena, int days) {
    bfl_builder *b = bfl_record_begin(arena, "long");
    bfl_therapy *t = bfl_record_add_therapy(b, on_day(0), (bfl_date){0, 0, BFL_DATE_NONE});
    t->drug = "erlotinib", t->intent = BFL_INTENT_ANTICANCER;
    for (int day = 1; day <= days; day++) {
        bfl_lesion *l = add_lesion(b, day, "T5", BFL_ORGAN_BONE, day == 1 ? BFL_ROLE_NEW : BFL_ROLE_NON_TARGET);
        l->matrix = BFL_MATRIX_BLASTIC, l->changes = day % 3 ? BFL_CHANGE_DENSER : BFL_CHANGE_STABLE;
    }
    return bfl_record_seal(arena, b, NULL);
}

typedef struct bench {
    size_t patients;
    int long_days;
    const bfl_record **records;
    const bfl_record *one_long;
} bench;

static bfl_status make(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    bench *b = context;
    b->records = BFL_NEW_ARRAY(arena, b->patients, const bfl_record *);
    for (size_t i = 0; i < b->patients; i++) b->records[i] = make_patient(arena, i);
    b->one_long = b->long_days ? make_long(arena, b->long_days) : NULL;
    return BFL_OK;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void assess(const bfl_record *record, const bfl_rulebook *book, size_t counts[5], double *sum) {
    bfl_assessment *a = NULL;
    if (bfl_assess(record, book, NULL, &a, NULL)) exit(1);
    counts[a->verdict->now.state]++;
    *sum += a->verdict->now.high - a->verdict->now.low;
    bfl_assessment_free(a);
}

int main(int argc, char **argv) {
    bench b = {.patients = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000, .long_days = argc > 3 ? atoi(argv[3]) : 0};
    int runs = argc > 2 ? atoi(argv[2]) : 5;
    bfl_rulebook *book = NULL;
    bfl_arena *arena = bfl_arena_new();
    if (!arena || bfl_arena_run(arena, make, &b, NULL) || bfl_rulebook_open((bfl_text){NULL, 0}, &book, NULL)) return 1;
    double best = 1e9, widths = 0;
    size_t counts[5] = {0};
    for (int run = 0; run < runs; run++) {
        double start = seconds();
        for (size_t i = 0; i < 5; i++) counts[i] = 0;
        widths = 0;
        for (size_t i = 0; i < b.patients; i++) assess(b.records[i], book, counts, &widths);
        double took = seconds() - start;
        best = took < best ? took : best;
    }
    const bfl_record *first = b.records[0];
    printf("%zu records of %zu lesion rows, %zu laboratory values: %.0f assessments/s, %.1f us each\n", b.patients,
           first->lesion_count, first->lab_count, (double)b.patients / best, best / (double)b.patients * 1e6);
    printf("flare suspected %zu, confirmed %zu, progression %zu, undetermined %zu; mean width of the interval %.3f\n",
           counts[BFL_BONE_FLARE_SUSPECTED], counts[BFL_BONE_FLARE_CONFIRMED], counts[BFL_BONE_PROGRESSION],
           counts[BFL_BONE_UNDETERMINED], widths / (double)b.patients);
    if (b.one_long) {
        double start = seconds();
        assess(b.one_long, book, counts, &widths);
        printf("one patient with %d bone studies: %.3f s\n", b.long_days, seconds() - start);
    }
    bfl_rulebook_free(book);
    bfl_arena_free(arena);
    return 0;
}
