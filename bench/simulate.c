/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times the simulator on one core: simulate [PATIENTS [RUNS]] makes two-year patients of every class in turn, record and truth.
 * simulate lesion [SOLVES] prints the constants of one lesion, solves it again and again, and prints its end: bench/simulate.py
 * solves the same equations elsewhere.
 */
#include "sim/body.h"

#include <inttypes.h>
#include <odeint/stiff.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Seconds for the patients of a class (NULL = drawn by their shares), the best run; negative when one fails. */
static double time_class(const bfl_rulebook *rulebook, const char *class_id, uint64_t count, int runs, size_t *rows) {
    double best = 0;
    for (int r = 0; r < runs; r++) {
        bfl_sim_options options = {.struct_size = sizeof options, .class_id = class_id};
        double start = seconds();
        *rows = 0;
        for (uint64_t i = 0; i < count; i++) {
            bfl_simulated *s = NULL;
            bfl_error err = {0};
            if (bfl_simulate_patient(rulebook, &options, i, &s, &err) != BFL_OK) {
                (void)fprintf(stderr, "%s\n", err.message);
                return -1;
            }
            *rows += bfl_simulated_record(s)->lesion_count + bfl_simulated_record(s)->lab_count;
            bfl_simulated_free(s);
        }
        double took = seconds() - start;
        if (r == 0 || took < best) best = took;
    }
    return best;
}

static int patients(const bfl_rulebook *rulebook, uint64_t count, int runs) {
    const char *class_id = NULL;
    for (size_t c = 0; c == 0 || class_id; class_id = bfl_sim_class(rulebook, c++)) {
        size_t rows = 0;
        double best = time_class(rulebook, class_id, count, runs, &rows);
        if (best < 0) return 1;
        (void)printf("%-18s %" PRIu64 " patients %6d ms: %5d a second, %zu rows each\n", class_id ? class_id : "mixed",
                     count, (int)(best * 1e3), (int)((double)count / best), rows / count);
    }
    return 0;
}

/* ---- one lesion ---- */

typedef struct one {
    const bfl_rulebook *rulebook;
    int solves;
} one;

static void print_constants(const sim_person *p, const sim_lesion *l) {
    const sim_biology *b = &p->biology;
    const struct {
        const char *name;
        double value;
    } all[] = {{"growth", l->growth},
               {"kill", l->kill},
               {"clastic", l->clastic},
               {"block", l->block},
               {"blastic", l->blastic},
               {"weight", l->weight},
               {"resistant", l->resistant},
               {"burden", l->burden},
               {"age", l->age_days},
               {"osteoclast", b->osteoclast_days},
               {"precursor", b->precursor_days},
               {"osteoblast", b->osteoblast_days},
               {"uptake", b->uptake_days},
               {"alp", b->alp_days},
               {"calcium", b->calcium_days},
               {"fill", b->fill_days},
               {"turnover", b->turnover_days},
               {"half", b->half_block_fraction},
               {"coupling", b->coupling_ratio},
               {"repair", b->repair_ratio},
               {"space", b->space_ratio},
               {"most", b->mineral_max_ratio},
               {"suppression", b->suppression_ratio},
               {"alp_u_l", b->alp_u_l},
               {"calcium_mg_dl", b->calcium_mg_dl},
               {"onset", p->onset_days},
               {"last", p->at[p->at_count - 1]},
               {"relative", sim_number(p, BFL_NUM_SIM_MODEL_SOLVER__RELATIVE_FRACTION)},
               {"absolute", sim_number(p, BFL_NUM_SIM_MODEL_SOLVER__ABSOLUTE_FRACTION)}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        (void)printf("%s %.17g\n", all[i].name, all[i].value); // lint: the C locale, and Python reads it
}

static bfl_status lesion_body(bfl_arena *arena, void *context, bfl_error *err) {
    one *o = context;
    bfl_sim_options options = {.struct_size = sizeof options, .class_id = "egfr_tki_1"};
    sim_person p;
    sim_schedule schedule;
    size_t i = 0;
    bfl_status status = sim_begin(&p, o->rulebook, &options, 0, err);
    if (!status) status = sim_live(arena, &p, &schedule, err);
    if (status) return status;
    while (p.lesions[i].organ != BFL_ORGAN_BONE) i++;
    p.agent_day = p.radiotherapy_day = BFL_TRUTH_NEVER;
    p.lesions += i;
    p.lesion_count = 1;
    print_constants(&p, p.lesions);
    double took = 0;
    for (int k = 0; k < o->solves && !status; k++) {
        bfl_arena_mark here = bfl_arena_here(arena);
        double start = seconds();
        status = sim_solve(arena, &p, err);
        took += seconds() - start;
        if (k + 1 < o->solves) bfl_arena_back(arena, here);
    }
    if (status) return status;
    for (int s = 0; s < SIM_BONE_STATES; s++)
        (void)printf("end%d %.17g\n", s, sim_value(p.lesions, p.at_count - 1, (sim_state)s)); // lint: as above
    (void)printf("seconds %.17g\n", took / o->solves);                                        // lint: as above
    return BFL_OK;
}

int main(int argc, char **argv) {
    bfl_rulebook *rulebook = NULL;
    bfl_error err = {0};
    if (bfl_rulebook_open(BFL_TEXT(""), &rulebook, &err) != BFL_OK) return 1;
    int status;
    if (argc > 1 && strcmp(argv[1], "lesion") == 0) {
        one o = {rulebook, argc > 2 ? atoi(argv[2]) : 200};
        bfl_arena *arena = bfl_arena_new();
        status = !arena || bfl_arena_run(arena, lesion_body, &o, &err) != BFL_OK;
        if (status) (void)fprintf(stderr, "%s\n", err.message);
        bfl_arena_free(arena);
    } else {
        status = patients(rulebook, argc > 1 ? strtoull(argv[1], NULL, 10) : 1000, argc > 2 ? atoi(argv[2]) : 3);
    }
    bfl_rulebook_free(rulebook);
    return status;
}
