/* SPDX-License-Identifier: Apache-2.0 */
/* Patients for benchmarks: five target and five non-target lesions at every visit, from a seeded generator. */
#ifndef BFL_BENCH_RAW_LESIONS_H
#define BFL_BENCH_RAW_LESIONS_H

#include "record/record.h"

enum { TARGETS = 5, NONTARGETS = 5, EVERY_DAYS = 42 };

/* splitmix64, public domain. */
static inline uint64_t raw_next(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static inline int64_t below(uint64_t *state, uint64_t n) { return (int64_t)(raw_next(state) % n); }

static inline bfl_date on_day(int64_t day) { return (bfl_date){(int32_t)day, (int32_t)day, BFL_DATE_RELATIVE}; }

static inline void add_lesion(bfl_builder *b, int64_t day, int number, bool target, int64_t tenths) {
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
static inline const bfl_record *raw_patient(bfl_arena *arena, size_t visits, size_t number) {
    uint64_t state = number + 1;
    bfl_builder *builder = bfl_record_begin(arena, bfl_arena_printf(arena, "p%06zu", number));
    bfl_therapy *therapy = bfl_record_add_therapy(builder, on_day(0), (bfl_date){0, 0, BFL_DATE_NONE});
    therapy->drug = "osimertinib";
    therapy->intent = BFL_INTENT_ANTICANCER;
    int64_t sizes[TARGETS], trend = 80 + below(&state, 30);
    for (int i = 0; i < TARGETS; i++) sizes[i] = 150 + below(&state, 500);
    for (size_t visit = 0; visit < visits; visit++) {
        int64_t day = (int64_t)visit * EVERY_DAYS - (visit == 0 ? 7 : 0) + (visit ? below(&state, 5) : 0);
        for (int i = 0; i < TARGETS; i++) {
            if (visit) sizes[i] = sizes[i] * (trend + below(&state, 11) - 5) / 100;
            add_lesion(builder, day, i, true, sizes[i] < 30 ? 0 : sizes[i]);
        }
        for (int i = 0; i < NONTARGETS; i++) add_lesion(builder, day, TARGETS + i, false, 0);
    }
    return bfl_record_seal(arena, builder, NULL);
}

#endif
