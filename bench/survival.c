/* SPDX-License-Identifier: Apache-2.0 */
/* survival write FILE ROWS: seeded data as raw doubles, column by column. survival run FILE ROWS: times Cox and log-rank on it. */
#include "num/num.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TIME, EVENT, X1, X2, X3, GROUP, COLUMNS, RUNS = 5 };

typedef struct job {
    double *column[COLUMNS];
    size_t n;
} job;

static double uniform(uint64_t *state) { /* SplitMix64 */
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

/* Days of follow-up, so that there are ties as in a trial; about half are censored. */
static void simulate(job *j) {
    uint64_t state = 57;
    for (size_t i = 0; i < j->n; i++) {
        double x1 = sqrt(-2 * log(uniform(&state))) * cos(6.283185307179586 * uniform(&state));
        double x2 = uniform(&state) < 0.4, x3 = 40 + 45 * uniform(&state), group = floor(3 * uniform(&state));
        double rate = 0.0008 * exp(0.3 * x1 - 0.5 * x2 + 0.01 * (x3 - 60) + 0.1 * group);
        double event = -log(uniform(&state)) / rate, censored = 30 + 2000 * uniform(&state);
        j->column[TIME][i] = ceil(fmin(event, censored));
        j->column[EVENT][i] = event <= censored;
        j->column[X1][i] = x1;
        j->column[X2][i] = x2;
        j->column[X3][i] = x3;
        j->column[GROUP][i] = group;
    }
}

static double now(void) {
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct prepared {
    bfl_num_times times;
    bfl_num_factor group;
    double *x;
} prepared;

static prepared prepare(bfl_arena *arena, const job *j) {
    uint8_t *event = BFL_NEW_ARRAY(arena, j->n, uint8_t);
    uint32_t *group = BFL_NEW_ARRAY(arena, j->n, uint32_t);
    double *x = BFL_NEW_ARRAY(arena, 3 * j->n, double);
    for (size_t i = 0; i < j->n; i++) {
        event[i] = (uint8_t)j->column[EVENT][i];
        group[i] = (uint32_t)j->column[GROUP][i];
        for (size_t k = 0; k < 3; k++) x[3 * i + k] = j->column[X1 + (int)k][i];
    }
    return (prepared){{j->n, NULL, j->column[TIME], event}, {group, 3}, x};
}

static bfl_status run(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    prepared p = prepare(arena, context);
    bfl_num_cox_data data = {p.times, p.x, 3, {NULL, 1}, false, 0.95};
    double best_cox = HUGE_VAL, best_rank = HUGE_VAL;
    bfl_num_cox fit = {0};
    bfl_num_log_rank_test rank = {0};
    for (int i = 0; i < RUNS; i++) {
        double start = now();
        fit = bfl_num_cox_fit(arena, &data);
        best_cox = fmin(best_cox, now() - start);
        start = now();
        rank = bfl_num_log_rank(arena, &p.times, p.group, (bfl_num_factor){NULL, 1});
        best_rank = fmin(best_rank, now() - start);
    }
    printf("cox %.6f %.15g %.15g %.15g\n", best_cox, fit.terms[0].coefficient, fit.terms[1].coefficient,
           fit.terms[2].coefficient);
    printf("log_rank %.6f %.15g\n", best_rank, rank.statistic);
    return fit.state == BFL_NUM_OK && rank.state == BFL_NUM_OK ? BFL_OK : BFL_EINVAL;
}

static int write_or_read(job *j, const char *path, const char *mode) {
    FILE *file = fopen(path, mode);
    size_t moved = 0;
    if (!file) return 1;
    for (int c = 0; c < COLUMNS; c++)
        moved += mode[0] == 'w' ? fwrite(j->column[c], sizeof(double), j->n, file)
                                : fread(j->column[c], sizeof(double), j->n, file);
    return fclose(file) != 0 || moved != COLUMNS * j->n;
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    job j = {.n = strtoul(argv[3], NULL, 10)};
    for (int c = 0; c < COLUMNS; c++)
        if (!(j.column[c] = calloc(j.n, sizeof(double)))) return 1;
    int failed = 1;
    if (strcmp(argv[1], "write") == 0) {
        simulate(&j);
        failed = write_or_read(&j, argv[2], "wb");
    } else if (write_or_read(&j, argv[2], "rb") == 0) {
        bfl_arena *arena = bfl_arena_new();
        failed = !arena || bfl_arena_run(arena, run, &j, NULL) != BFL_OK;
        bfl_arena_free(arena);
    }
    for (int c = 0; c < COLUMNS; c++) free(j.column[c]);
    return failed;
}
