/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what the criteria say about every patient of a case folder, one fact a line: what the Python oracles are compared with.
 * An argument "why" adds the reasons as comment lines; one that begins with { is an overlay of the rulebook.
 */
#include "endpoint/endpoint.h"
#include <boneflare/format.h>

#include <stdio.h>
#include <string.h>

static const char *maybe_z(bfl_arena *arena, bfl_maybe value) {
    if (!value.present) return "";
    bfl_decimal rounded = bfl_decimal_round(value.value, 2);
    return bfl_decimal_z(arena, rounded, 2);
}

static void print_visits(bfl_arena *arena, const char *id, const bfl_criteria *c, const bfl_best_responses *best) {
    for (size_t i = 0; i < c->visit_count; i++) {
        const bfl_recist_visit *v = &c->visits[i];
        printf("%s,visit,%d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", id, (int)v->day, bfl_response_word(v->target),
               bfl_response_word(v->nontarget), bfl_new_lesions_word(v->new_lesions), bfl_response_word(v->overall),
               bfl_response_word(v->overall_flare_note), bfl_response_word(v->soft_tissue), maybe_z(arena, v->sum_mm),
               maybe_z(arena, v->nadir_mm), maybe_z(arena, v->change_percent), maybe_z(arena, v->nadir_change_percent));
        for (size_t k = 0; k < c->criterion_count; k++)
            printf("%s,%s,%d,%s\n", id, c->criteria[k].id, (int)v->day, bfl_criterion_word(&c->criteria[k].visits[i]));
    }
    printf("%s,best,%s,%s,%s,%s,%s\n", id, c->measurable ? "measurable" : "not", bfl_response_word(best->overall),
           bfl_response_word(best->confirmed), bfl_response_word(best->flare_note),
           bfl_response_word(best->soft_tissue));
    for (size_t k = 0; k < c->criterion_count; k++)
        if (c->criteria[k].best_word) printf("%s,best_word,%s,%s\n", id, c->criteria[k].id, c->criteria[k].best_word);
}

static void print_laboratory(bfl_arena *arena, const char *id, const bfl_criteria *c) {
    for (size_t i = 0; i < c->grade_count; i++)
        printf("%s,grade,%d,%s,%s,%d,%s,%s\n", id, (int)c->grades[i].day, c->grades[i].analyte->id, c->grades[i].term,
               c->grades[i].grade, c->grades[i].baseline_abnormal ? "baseline" : "limit",
               maybe_z(arena, c->grades[i].multiple));
    for (size_t i = 0; i < c->liver_count; i++) {
        const bfl_liver_day *l = &c->liver[i];
        printf("%s,liver,%d,%s,%s,%s,%s,%s,%s,%s\n", id, (int)l->day, maybe_z(arena, l->alt_x_uln),
               maybe_z(arena, l->alp_x_uln), maybe_z(arena, l->r_value), maybe_z(arena, l->r_without_bone),
               bfl_liver_pattern_word(l->pattern), l->entry ? "entry" : "-", l->hys_law ? "hy" : "-");
    }
}

static void print_reasons(const char *id, const char *what, int32_t day, const bfl_reason *reasons, size_t count) {
    for (size_t i = 0; i < count; i++)
        printf("# %s %s day %d: [%s] %s\n", id, what, (int)day, reasons[i].rule->id, reasons[i].finding);
}

static void print_why(const char *id, const bfl_criteria *c, const bfl_best_responses *best) {
    for (size_t k = 0; k < c->criterion_count; k++)
        for (size_t i = 0; i < c->visit_count; i++)
            print_reasons(id, c->criteria[k].id, c->visits[i].day, c->criteria[k].visits[i].reasons,
                          c->criteria[k].visits[i].reason_count);
    for (size_t i = 0; i < c->grade_count; i++) print_reasons(id, "grade", c->grades[i].day, &c->grades[i].reason, 1);
    for (size_t i = 0; i < c->liver_count; i++)
        print_reasons(id, "liver", c->liver[i].day, c->liver[i].reasons, c->liver[i].reason_count);
    print_reasons(id, "best", 0, best->reasons, best->reason_count);
    print_reasons(id, "conflict", 0, c->conflicts, c->conflict_count);
    for (size_t i = 0; i < c->issue_count; i++)
        printf("# %s issue %s: %s\n", id, c->issues[i].code, c->issues[i].found);
}

typedef struct job {
    const bfl_study *study;
    const bfl_rulebook *rulebook;
    bool why;
} job;

static bfl_status assess_all(bfl_arena *arena, void *context, bfl_error *err) {
    const job *j = context;
    for (size_t i = 0; i < bfl_study_record_count(j->study); i++) {
        const bfl_record *record = bfl_study_record(j->study, i);
        const bfl_criteria *criteria = bfl_criteria_assess(arena, record, j->rulebook);
        bfl_endpoint_options options;
        bfl_status status = bfl_endpoint_options_init(j->rulebook, &options, err);
        if (status) return status;
        const bfl_best_responses *best = bfl_endpoint_best(arena, record, j->rulebook, criteria, &options);
        print_visits(arena, record->patient.id, criteria, best);
        print_laboratory(arena, record->patient.id, criteria);
        if (j->why) print_why(record->patient.id, criteria, best);
    }
    return BFL_OK;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: %s CASE_FOLDER [why | OVERLAY]\n", argv[0]);
        return 2;
    }
    job j = {.why = argc > 2 && strcmp(argv[2], "why") == 0};
    bfl_text overlay = argc > 2 && argv[2][0] == '{' ? bfl_text_of(argv[2]) : BFL_TEXT("");
    bfl_study *study = NULL;
    bfl_rulebook *rulebook = NULL;
    bfl_error err = {BFL_OK, 0, 0, "", ""};
    bfl_status status = bfl_casefolder_read(argv[1], NULL, &study, &err);
    if (status == BFL_OK) status = bfl_rulebook_open(overlay, &rulebook, &err);
    j.study = study;
    j.rulebook = rulebook;
    bfl_arena *arena = bfl_arena_new();
    if (status == BFL_OK && arena) status = bfl_arena_run(arena, assess_all, &j, &err);
    if (status != BFL_OK) fprintf(stderr, "%s: %s\n", argv[1], err.message);
    bfl_arena_free(arena);
    bfl_rulebook_free(rulebook);
    bfl_study_free(study);
    return status == BFL_OK ? 0 : 1;
}
