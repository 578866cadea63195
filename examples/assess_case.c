/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way in one page: read a case folder, open the rulebook, assess each patient, print the verdict and why.
 *
 *     cc assess_case.c -lboneflare -o assess_case && ./assess_case kaneko2017
 */
#include <boneflare/boneflare.h>

#include <stdio.h>

static int fail(const bfl_error *err) {
    (void)fprintf(stderr, "%s: %s\n", err->where, err->message);
    return 1;
}

static void print_verdict(const bfl_assessment *assessment) {
    const bfl_bone *bone = &assessment->verdict->now;
    char day[32];
    (void)bfl_record_format_day(assessment->record, assessment->as_of, day, sizeof day);
    printf("%s on %s: %s\n", assessment->record->patient.id, day, bfl_bone_state_word(bone->state));
    for (size_t i = 0; i < bone->evidence_count; i++) {
        const bfl_evidence *e = &bone->evidence[i];
        printf("  %-11s %s [%s]\n", bfl_direction_word(e->direction), e->finding, e->rule->id);
    }
    if (assessment->workup->next_count) printf("  next: %s\n", assessment->workup->next[0].action);
}

int main(int argc, char **argv) {
    bfl_error err;
    bfl_study *study = NULL;
    bfl_rulebook *rulebook = NULL;
    if (argc != 2) return (void)fprintf(stderr, "usage: assess_case FOLDER\n"), 2;
    if (bfl_rulebook_open(bfl_text_of(""), &rulebook, &err) != BFL_OK) return fail(&err);
    if (bfl_casefolder_read(argv[1], NULL, &study, &err) != BFL_OK) {
        bfl_rulebook_free(rulebook);
        return fail(&err);
    }
    int status = 0;
    for (size_t i = 0; i < bfl_study_record_count(study) && status == 0; i++) {
        bfl_assessment *assessment = NULL;
        if (bfl_assess(bfl_study_record(study, i), rulebook, NULL, &assessment, &err) != BFL_OK)
            status = fail(&err);
        else
            print_verdict(assessment);
        bfl_assessment_free(assessment);
    }
    bfl_study_free(study);
    bfl_rulebook_free(rulebook);
    return status;
}
