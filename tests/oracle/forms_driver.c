/* SPDX-License-Identifier: Apache-2.0 */
/* Prints what the comparison of shapes says of every course of a case folder: forms_driver CASE_FOLDER [OVERLAY_JSON] */
#include "marker/marker.h"
#include <boneflare/format.h>

#include <stdio.h>

typedef struct job {
    const bfl_study *study;
    const bfl_rulebook *rulebook;
} job;

static void print_fit(const char *id, const bfl_marker *m, const bfl_form_fit *fit) {
    printf("%s,%s,%d,%zu,%zu", id, m->analyte->id, fit->fitted, fit->value_count, fit->bound_count);
    for (int k = 0; k < BFL_FORM_COUNT; k++) printf(",%.12g,%.12g", fit->log_marginal[k], fit->probability[k]);
    printf(",%s,%d,%.12g,%.12g,%.12g\n", bfl_form_word(fit->best), (int)fit->next_day, fit->next, fit->next_low,
           fit->next_high);
}

static bfl_status compare_all(bfl_arena *arena, void *context, bfl_error *err) {
    const job *j = context;
    (void)err;
    for (size_t i = 0; i < bfl_study_record_count(j->study); i++) {
        const bfl_record *record = bfl_study_record(j->study, i);
        const bfl_markers *markers = bfl_markers_assess(arena, record, j->rulebook);
        for (size_t k = 0; k < markers->course_count; k++) {
            bfl_form_fit fit = bfl_forms_compare(arena, record, j->rulebook, &markers->courses[k]);
            print_fit(record->patient.id, &markers->courses[k], &fit);
        }
    }
    return BFL_OK;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    job j = {NULL, NULL};
    bfl_study *study = NULL;
    bfl_rulebook *rulebook = NULL;
    bfl_error err = {BFL_OK, 0, 0, "", ""};
    bfl_status status = bfl_casefolder_read(argv[1], NULL, &study, &err);
    if (status == BFL_OK) status = bfl_rulebook_open(bfl_text_of(argc > 2 ? argv[2] : ""), &rulebook, &err);
    j.study = study;
    j.rulebook = rulebook;
    bfl_arena *arena = bfl_arena_new();
    if (status == BFL_OK && arena) status = bfl_arena_run(arena, compare_all, &j, &err);
    if (status != BFL_OK) fprintf(stderr, "%s: %s\n", argv[1], err.message);
    bfl_arena_free(arena);
    bfl_rulebook_free(rulebook);
    bfl_study_free(study);
    return status == BFL_OK ? 0 : 1;
}
