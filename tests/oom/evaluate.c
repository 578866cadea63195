/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluating a case folder: labels, calls, measures, ablation, every format; and the shapes of its courses. */
#include "evaluate/evaluate.h"
#include "sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool forget(void *context, const char *data, size_t size) {
    (void)context, (void)data, (void)size;
    return true;
}

static const bfl_sink nowhere = {forget, NULL};

static char untouched;
#define UNTOUCHED ((void *)&untouched)

static bfl_status check(bfl_status status, const void *output, const bfl_error *err) {
    if (status && output != UNTOUCHED) oom_complain("an output was touched");
    if (status && err->status != status) oom_complain("the error says something else than the status");
    return status;
}

static bfl_status write_all(const bfl_evaluation *e) {
    bfl_status status = BFL_OK;
    bfl_error err = {0};
    for (int format = 0; format <= BFL_EVAL_DECISION_SVG && !status; format++)
        status = bfl_evaluation_write(e, (bfl_eval_format)format, nowhere, &err);
    return check(status, UNTOUCHED, &err);
}

static bfl_status evaluate(const bfl_record *record, const bfl_rulebook *rulebook) {
    bfl_eval_labels *labels = UNTOUCHED;
    bfl_evaluation *e = UNTOUCHED;
    bfl_error err = {0};
    bfl_text truths = bfl_text_of("patient,progression_day\nsomebody,90\nnobody,\n");
    bfl_status status = check(bfl_eval_labels_parse(truths, "truth.csv", &labels, &err), labels, &err);
    if (status) return status;
    bfl_eval_truth truth = bfl_eval_truth_of(labels, record);
    bfl_eval_options options = {.struct_size = sizeof options, .threads = 1};
    status = check(bfl_evaluate(&record, &truth, 1, rulebook, &options, &e, &err), e, &err);
    if (!status) {
        status = write_all(e);
        bfl_evaluation_free(e);
    }
    bfl_eval_labels_free(labels);
    return status;
}

static bfl_status shapes(const bfl_record *record, const bfl_rulebook *rulebook) {
    bfl_assessment *a = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_assess(record, rulebook, NULL, &a, &err);
    for (size_t i = 0; !status && i < a->markers->course_count; i++) {
        bfl_form_fit fit = {.value_count = 77};
        status = bfl_marker_compare(record, rulebook, &a->markers->courses[i], &fit, &err);
        if (status && fit.value_count != 77) oom_complain("an output was touched");
    }
    bfl_assessment_free(a);
    return status;
}

static bfl_status whole_way(const char *folder) {
    bfl_study *study = NULL;
    bfl_rulebook *rulebook = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_rulebook_open(bfl_text_of(""), &rulebook, &err);
    if (!status) status = bfl_study_read(folder, NULL, &study, &err);
    if (!status) status = evaluate(bfl_study_record(study, 0), rulebook);
    if (!status) status = shapes(bfl_study_record(study, 0), rulebook);
    bfl_study_free(study);
    bfl_rulebook_free(rulebook);
    return status;
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    printf("1..1\n");
    return oom_sweep(1, "evaluate", whole_way, argv[2], strtoll(argv[1], NULL, 10)) ? 0 : 1;
}
