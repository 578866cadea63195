/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of truths: read whole or refused with a place; what is read answers for the patient it names. */
#include "evaluate/evaluate.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bfl_eval_labels *labels = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_eval_labels_parse(fuzz_text(data, size), "truth.csv", &labels, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(labels == NULL);
        return 0;
    }
    bfl_record record = {.patient = {.id = "a", .label = "flare"}};
    bfl_eval_truth truth = bfl_eval_truth_of(labels, &record);
    PROMISE(truth.known && strcmp(truth.patient, "a") == 0);
    record.patient.id = " nobody"; /* fields are trimmed: no table can name it */
    record.patient.label = "";
    PROMISE(!bfl_eval_truth_of(labels, &record).known);
    bfl_eval_labels_free(labels);
    return 0;
}
