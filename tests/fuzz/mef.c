/* SPDX-License-Identifier: Apache-2.0 */
/* The extraction layout: whatever a table holds, reading ends in a study whose account tells of it, or in an error that says why. */
#include "fuzz.h"

#include "format/fhir/fhir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const bfl_limits limits = {.struct_size = sizeof limits, .rows = 1000, .field_bytes = 1000};
    bfl_study *study = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_mef_parse("table.csv", fuzz_text(data, size), &limits, &study, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(study == NULL);
        return 0;
    }
    PROMISE(bfl_study_account_count(study) > 0);
    for (size_t i = 0; i < bfl_study_issue_count(study); i++) {
        const bfl_issue *issue = bfl_study_issue(study, i);
        PROMISE(issue->code[0] && issue->action[0] && strcmp(issue->source.file, "table.csv") == 0);
        PROMISE(bfl_utf8_valid(bfl_text_of(issue->found), NULL));
    }
    bfl_study_free(study);
    return 0;
}
