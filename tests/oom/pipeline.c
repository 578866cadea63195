/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way on case folders and SDTM datasets: read, open the rulebook, assess every patient, report in all three
 * formats, derive the endpoints, reconcile. */
#include "sweep.h"

#include <boneflare/boneflare.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool forget(void *context, const char *data, size_t size) {
    (void)context;
    (void)data;
    (void)size;
    return true;
}

static const bfl_sink nowhere = {forget, NULL};

/* Where an output points before the call, and must still point after a failure. */
static char untouched;
#define UNTOUCHED ((void *)&untouched)

static bfl_status check(bfl_status status, const void *output, const bfl_error *err) {
    if (status && output != UNTOUCHED) oom_complain("an output was touched");
    if (status && err->status != status) oom_complain("the error says something else than the status");
    return status;
}

static bfl_status report(const bfl_assessment *assessment) {
    bfl_error err = {0};
    bfl_status status = bfl_report_text(assessment, NULL, nowhere, &err);
    if (!status) status = bfl_report_json(assessment, NULL, nowhere, &err);
    if (!status) status = bfl_report_explain(assessment, NULL, nowhere, &err);
    if (!status) status = bfl_report_explain_json(assessment, NULL, nowhere, &err);
    if (!status) status = bfl_report_html(&assessment, 1, NULL, nowhere, &err);
    if (!status) status = bfl_report_fhir(assessment, NULL, NULL, nowhere, &err);
    if (!status) {
        bfl_report_options patient = {.struct_size = sizeof patient, .audience = BFL_FOR_PATIENT};
        status = bfl_report_html(&assessment, 1, &patient, nowhere, &err);
    }
    return check(status, UNTOUCHED, &err);
}

static bfl_status endpoints(const bfl_record *record, const bfl_rulebook *rulebook) {
    bfl_endpoints *out = UNTOUCHED;
    bfl_error err = {0};
    bfl_status status = check(bfl_endpoints_derive(record, rulebook, NULL, &out, &err), out, &err);
    if (!status) bfl_endpoints_free(out);
    return status;
}

static bfl_status assess(const bfl_study *study, const bfl_rulebook *rulebook) {
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < bfl_study_record_count(study) && !status; i++) {
        bfl_assessment *assessment = UNTOUCHED;
        bfl_error err = {0};
        status = check(bfl_assess(bfl_study_record(study, i), rulebook, NULL, &assessment, &err), assessment, &err);
        if (status) return status;
        status = report(assessment);
        bfl_assessment_free(assessment);
        if (!status) status = endpoints(bfl_study_record(study, i), rulebook);
    }
    return status;
}

static bfl_status reconcile(const bfl_study *study, const bfl_rulebook *rulebook) {
    bfl_reconciliation *out = UNTOUCHED;
    bfl_error err = {0};
    bfl_status status = check(bfl_reconcile(study, rulebook, &out, &err), out, &err);
    if (!status) bfl_reconciliation_free(out);
    return status;
}

static bfl_status whole_way(const char *folder) {
    bfl_study *study = UNTOUCHED;
    bfl_rulebook *rulebook = UNTOUCHED;
    bfl_error err = {0};
    bfl_text overlay = bfl_text_of("{\"recist11.target.pr\": {\"decrease_percent\": 30.5}}");
    bfl_status status = check(bfl_rulebook_open(overlay, &rulebook, &err), rulebook, &err);
    if (status) return status;
    status = check(bfl_study_read(folder, NULL, &study, &err), study, &err);
    if (!status) {
        status = assess(study, rulebook);
        if (!status) status = reconcile(study, rulebook);
        bfl_study_free(study);
    }
    bfl_rulebook_free(rulebook);
    return status;
}

/* pipeline MOST FOLDER...: at most that many failing allocations a folder, 0 = all. */
int main(int argc, char **argv) {
    if (argc < 3) return 2;
    int64_t most = strtoll(argv[1], NULL, 10);
    bool good = true;
    printf("1..%d\n", argc - 2);
    for (int i = 2; i < argc; i++) {
        const char *slash = strrchr(argv[i], '/');
        good = oom_sweep(i - 1, slash ? slash + 1 : argv[i], whole_way, argv[i], most ? most : INT64_MAX) && good;
    }
    return good ? 0 : 1;
}
