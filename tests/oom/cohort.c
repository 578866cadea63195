/* SPDX-License-Identifier: Apache-2.0 */
/* A study from its records to every output. One thread: failures are counted by thread. */
#include "sweep.h"

#include <boneflare/boneflare.h>

#include <stdio.h>
#include <stdlib.h>

static bool forget(void *context, const char *data, size_t size) {
    (void)context, (void)data, (void)size;
    return true;
}

static bfl_status write_all(const bfl_cohort *cohort, bfl_error *err) {
    const bfl_sink nowhere = {forget, NULL};
    bfl_status status = bfl_cohort_text(cohort, nowhere, err);
    if (!status) status = bfl_cohort_json(cohort, nowhere, err);
    for (size_t i = 0; i < cohort->table_count && !status; i++)
        status = bfl_cohort_table_csv(&cohort->tables[i], nowhere, err);
    for (int i = 0; i < BFL_ADAM_COUNT && !status; i++) status = bfl_cohort_adam(cohort, (bfl_adam)i, nowhere, err);
    return status;
}

static bfl_status study_to_tables(const char *folder) {
    static char untouched;
    bfl_study *study = NULL;
    bfl_rulebook *rulebook = NULL;
    bfl_cohort *cohort = (bfl_cohort *)(void *)&untouched;
    bfl_error err = {.status = BFL_OK};
    bfl_cohort_options options = {.struct_size = sizeof options, .threads = 1, .by = "egfr"};
    bfl_status status = bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, &err);
    if (!status) status = bfl_study_read(folder, NULL, &study, &err);
    if (!status) {
        status = bfl_cohort_build(study, rulebook, &options, &cohort, &err);
        if (status && (void *)cohort != (void *)&untouched) oom_complain("an output was touched");
    }
    bfl_study_free(study); /* the cohort needs it no more */
    bfl_rulebook_free(rulebook);
    if (status) return status;
    status = write_all(cohort, &err);
    if (status && err.status != status) oom_complain("the error says something else than the status");
    bfl_cohort_free(cohort);
    return status;
}

int main(int argc, char **argv) {
    bool good = true;
    int64_t most = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
    (void)printf("1..%d\n", argc > 2 ? argc - 2 : 0);
    for (int i = 2; i < argc; i++) good = oom_sweep(i - 1, argv[i], study_to_tables, argv[i], most) && good;
    return good ? 0 : 1;
}
