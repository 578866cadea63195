/* SPDX-License-Identifier: Apache-2.0 */
/* Figures and report of a study, each allocation failing in turn: nothing leaks, the output stays as it was. */
#include "sweep.h"

#include <boneflare/boneflare.h>

#include <stdio.h>
#include <stdlib.h>

static bool forget(void *context, const char *data, size_t size) {
    (void)context;
    (void)data;
    (void)size;
    return true;
}

static const bfl_sink nowhere = {forget, NULL};
static bfl_cohort *cohort;
static bfl_rulebook *rulebook;
static char untouched;

static bfl_status draw(const char *name) {
    bfl_figures *figures = (void *)&untouched;
    bfl_error err = {0};
    bfl_presentation presentation = {sizeof presentation, name};
    bfl_status status = bfl_figures_draw(cohort, rulebook, &presentation, &figures, &err);
    if (status && (void *)figures != &untouched) oom_complain("an output was touched");
    if (status) return status;
    for (size_t i = 0; i < figures->count && !status; i++)
        status = bfl_figure_write(&figures->items[i], BFL_FIGURE_SVG, nowhere, &err);
    bfl_figures_free(figures);
    if (!status) status = bfl_report_cohort_html(cohort, rulebook, &presentation, nowhere, &err);
    if (status && err.status != status) oom_complain("the error says something else than the status");
    return status;
}

/* figures MOST FOLDER: the study is read and put together before, with all the memory it wants. */
int main(int argc, char **argv) {
    if (argc != 3) return 2;
    bfl_study *study = NULL;
    bfl_status status = bfl_rulebook_open((bfl_text){"", 0}, &rulebook, NULL);
    if (!status) status = bfl_study_read(argv[2], NULL, &study, NULL);
    bfl_cohort_options options = {.struct_size = sizeof options, .threads = 1};
    if (!status) status = bfl_cohort_build(study, rulebook, &options, &cohort, NULL);
    bool good = !status;
    printf("1..1\n");
    if (status) printf("not ok 1 - the study cannot be read: %s\n", bfl_status_name(status));
    if (good) good = oom_sweep(1, "figures and report", draw, "study", strtoll(argv[1], NULL, 10));
    bfl_cohort_free(cohort);
    bfl_study_free(study);
    bfl_rulebook_free(rulebook);
    return good ? 0 : 1;
}
