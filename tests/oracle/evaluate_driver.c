/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what the evaluation counts from, before it counts: evaluate_driver CASE_FOLDER TRUTH. A line a patient (p), a line a
 * question (q) with the calls of every method.
 */
#include "evaluate/trace.h"

#include <stdio.h>

static bfl_question room[4096];

static int print_patient(const bfl_record *record, const bfl_eval_labels *labels, const bfl_rulebook *rulebook) {
    bfl_trace t = {.questions = room};
    bfl_eval_truth truth = bfl_eval_truth_of(labels, record);
    if (bfl_eval_most_questions(record) > sizeof room / sizeof *room) return 1;
    if (bfl_eval_follow(record, &truth, rulebook, false, &t, NULL) != BFL_OK) return 1;
    printf("p,%s,%s,%d,%d,%d", t.patient, t.class_id, t.known, (int)t.failed_day, (int)t.end_day);
    for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) printf(",%d", (int)t.stop_day[m]);
    for (int k = 0; k < 2; k++) {
        printf(",%d,%d,%d", t.first[k].asked, (int)t.first[k].day, (int)t.first[k].open_until);
        for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) printf(",%d", (int)t.first[k].right_day[m]);
    }
    printf("\n");
    for (size_t i = 0; i < t.question_count; i++) {
        const bfl_question *q = &t.questions[i];
        printf("q,%s,%d,%d,%d,%.17g", t.patient, (int)q->therapy_day, q->progression, q->has_probability,
               q->probability);
        for (int m = 0; m < BFL_EVAL_METHOD_COUNT; m++) printf(",%s", bfl_eval_call_word(q->calls[m]));
        printf("\n");
    }
    return 0;
}

int main(int argc, char **argv) {
    bfl_study *study = NULL;
    bfl_eval_labels *labels = NULL;
    bfl_rulebook *rulebook = NULL;
    bfl_error err = {BFL_OK, 0, 0, "", ""};
    if (argc < 3) return 2;
    bfl_status status = bfl_casefolder_read(argv[1], NULL, &study, &err);
    if (status == BFL_OK) status = bfl_eval_labels_read(argv[2], &labels, &err);
    if (status == BFL_OK) status = bfl_rulebook_open(BFL_TEXT(""), &rulebook, &err);
    int failed = status != BFL_OK;
    for (size_t i = 0; !failed && i < bfl_study_record_count(study); i++)
        failed = print_patient(bfl_study_record(study, i), labels, rulebook);
    if (failed) fprintf(stderr, "%s: %s\n", argv[1], err.message);
    bfl_rulebook_free(rulebook);
    bfl_eval_labels_free(labels);
    bfl_study_free(study);
    return failed;
}
