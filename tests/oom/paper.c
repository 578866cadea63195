/* SPDX-License-Identifier: Apache-2.0 */
/* The report on paper, each allocation failing in turn; what Cairo and librsvg allocate is theirs and not failed here. */
#include "sweep.h"

#include <boneflare/boneflare.h>

#include <stdio.h>
#include <stdlib.h>

static size_t written;

static bool count_bytes(void *context, const char *data, size_t size) {
    (void)context;
    (void)data;
    written += size;
    return true;
}

static const bfl_assessment *assessment;

static bfl_status print(const char *reader) {
    bfl_report_options options = {.struct_size = sizeof options,
                                  .audience = reader[0] == 'p' ? BFL_FOR_PATIENT : BFL_FOR_CLINICIAN};
    bfl_error err = {0};
    written = 0;
    bfl_status status = bfl_report_pdf(&assessment, 1, &options, (bfl_sink){count_bytes, NULL}, &err);
    if (status && written) oom_complain("something was written");
    if (status && err.status != status) oom_complain("the error says something else than the status");
    if (status == BFL_ENOTSUP) return BFL_OK; /* no librsvg here */
    return status;
}

/* paper MOST FOLDER: its first patient is assessed before, with all the memory it wants. */
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    bfl_study *study = NULL;
    bfl_rulebook *rulebook = NULL;
    bfl_assessment *made = NULL;
    bfl_status status = bfl_rulebook_open((bfl_text){"", 0}, &rulebook, NULL);
    if (!status) status = bfl_study_read(argv[2], NULL, &study, NULL);
    if (!status) status = bfl_assess(bfl_study_record(study, 0), rulebook, NULL, &made, NULL);
    assessment = made;
    bool good = !status;
    printf("1..2\n");
    if (status) printf("not ok 1 - the case cannot be read: %s\n", bfl_status_name(status));
    if (good) good = oom_sweep(1, "for the clinician", print, "clinician", strtoll(argv[1], NULL, 10));
    if (good) good = oom_sweep(2, "for the patient", print, "patient", strtoll(argv[1], NULL, 10));
    bfl_assessment_free(made);
    bfl_study_free(study);
    bfl_rulebook_free(rulebook);
    return good ? 0 : 1;
}
