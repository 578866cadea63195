/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes of marker courses in people whose bone is known to be quiet: every named rise is a false alarm. */
#include "evaluate.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_VALUES = 3, MOST_ANALYTES = 1024 };

typedef struct line {
    const bfl_analyte *analyte;
    size_t courses, best[BFL_FORM_COUNT], named[BFL_FORM_COUNT];
} line;

struct cli_marker_tally {
    line lines[MOST_ANALYTES]; /* by analyte id */
    size_t patients, alp_raised, healing, progression, cholestatic, hepatocellular;
};

cli_marker_tally *cli_marker_tally_new(void) { return calloc(1, sizeof(cli_marker_tally)); }

void cli_marker_tally_free(cli_marker_tally *tally) { free(tally); }

static line *line_of(cli_marker_tally *tally, const bfl_analyte *analyte) {
    for (size_t i = 0; i < MOST_ANALYTES && i < bfl_analyte_count(); i++)
        if (bfl_analyte_at(i) == analyte) {
            tally->lines[i].analyte = analyte;
            return &tally->lines[i];
        }
    return NULL;
}

static int add_course(cli_marker_tally *tally, const bfl_assessment *a, const bfl_marker *marker) {
    bfl_error err = {0};
    bfl_form_fit fit = {.fitted = false};
    if (marker->point_count < LEAST_VALUES) return CLI_OK;
    if (bfl_marker_compare(a->record, a->rulebook, marker, &fit, &err) != BFL_OK) return cli_fail("evaluate", &err);
    line *l = line_of(tally, marker->analyte);
    if (!l || !fit.fitted || fit.value_count < LEAST_VALUES) return CLI_OK;
    l->courses++;
    l->best[fit.best]++;
    l->named[fit.best] += fit.named;
    return CLI_OK;
}

static void add_causes(cli_marker_tally *tally, const bfl_markers *markers) {
    const struct {
        const char *id;
        size_t *count;
    } wanted[] = {{"bone_healing", &tally->healing},
                  {"bone_progression", &tally->progression},
                  {"cholestatic", &tally->cholestatic},
                  {"hepatocellular", &tally->hepatocellular}};
    tally->alp_raised += markers->alp_raised;
    for (size_t i = 0; i < markers->cause_count; i++)
        for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
            if (markers->causes[i].present && strcmp(markers->causes[i].id, wanted[k].id) == 0) (*wanted[k].count)++;
}

int cli_marker_tally_add(cli_marker_tally *tally, const bfl_study *study, const bfl_rulebook *rulebook) {
    size_t count = bfl_study_record_count(study);
    int status = CLI_OK;
    for (size_t i = 0; i < count && status == CLI_OK; i++) {
        bfl_error err = {0};
        bfl_assessment *a = NULL;
        const bfl_record *record = bfl_study_record(study, i);
        if (record->lab_count == 0) continue;
        cli_progress("evaluate", i, count);
        if (bfl_assess(record, rulebook, NULL, &a, &err) != BFL_OK) return cli_fail("evaluate", &err);
        tally->patients++;
        add_causes(tally, a->markers);
        for (size_t k = 0; k < a->markers->course_count && status == CLI_OK; k++)
            status = add_course(tally, a, &a->markers->courses[k]);
        bfl_assessment_free(a);
    }
    cli_progress_end();
    return status;
}

/* ---- out ---- */

static void print_csv(const cli_marker_tally *tally, FILE *out) {
    (void)fputs("analyte,courses,shape,likeliest,named\n", out);
    for (size_t i = 0; i < MOST_ANALYTES; i++)
        for (int k = 0; tally->lines[i].courses && k < BFL_FORM_COUNT; k++)
            (void)fprintf(out, "%s,%zu,%s,%zu,%zu\n", tally->lines[i].analyte->id, tally->lines[i].courses,
                          bfl_form_word((bfl_form)k), tally->lines[i].best[k], tally->lines[i].named[k]);
}

static void print_json(const cli_marker_tally *tally, FILE *out) {
    (void)fprintf(out,
                  "{\"schema\":\"boneflare.marker_shapes/1\",\"patients\":%zu,\"alp_raised\":%zu,\"bone_healing\":%zu,"
                  "\"bone_progression\":%zu,\"cholestatic\":%zu,\"hepatocellular\":%zu,\"analytes\":[",
                  tally->patients, tally->alp_raised, tally->healing, tally->progression, tally->cholestatic,
                  tally->hepatocellular);
    const char *comma = "";
    for (size_t i = 0; i < MOST_ANALYTES; i++) {
        const line *l = &tally->lines[i];
        if (!l->courses) continue;
        (void)fprintf(out, "%s{\"analyte\":\"%s\",\"courses\":%zu", comma, l->analyte->id, l->courses);
        for (int k = 0; k < BFL_FORM_COUNT; k++)
            (void)fprintf(out, ",\"%s\":{\"likeliest\":%zu,\"named\":%zu}", bfl_form_word((bfl_form)k), l->best[k],
                          l->named[k]);
        (void)fputs("}", out);
        comma = ",";
    }
    (void)fputs("]}\n", out);
}

static void print_text(const cli_marker_tally *tally, FILE *out, bool markdown) {
    static const char *const head[] = {"analyte", "courses",        "stable", "fall",
                                       "rise",    "rise then fall", "step",   "none named"};
    (void)fprintf(
        out,
        "%zu patient%s with laboratory values; ALP counts as raised in %zu; bone healing is named in %zu, bone "
        "progression in %zu, a cholestatic cause in %zu, a hepatocellular one in %zu.\n\n"
        "Shapes of the courses of three values or more, named when probable enough:\n\n",
        tally->patients, tally->patients == 1 ? "" : "s", tally->alp_raised, tally->healing, tally->progression,
        tally->cholestatic, tally->hepatocellular);
    for (size_t i = 0; i < sizeof head / sizeof *head; i++) (void)fprintf(out, markdown ? "| %s " : "%-15s", head[i]);
    (void)fputs(markdown ? "|\n|---|---|---|---|---|---|---|---|\n" : "\n", out);
    for (size_t i = 0; i < MOST_ANALYTES; i++) {
        const line *l = &tally->lines[i];
        size_t rest = l->courses;
        if (!l->courses) continue;
        (void)fprintf(out, markdown ? "| %s | %zu " : "%-15s%-15zu", l->analyte->id, l->courses);
        for (int k = 0; k < BFL_FORM_COUNT; k++) {
            (void)fprintf(out, markdown ? "| %zu " : "%-15zu", l->named[k]);
            rest -= l->named[k];
        }
        (void)fprintf(out, markdown ? "| %zu |\n" : "%zu\n", rest);
    }
}

void cli_marker_tally_print(const cli_marker_tally *tally, FILE *out, bfl_eval_format format) {
    switch (format) {
    case BFL_EVAL_CSV: print_csv(tally, out); break;
    case BFL_EVAL_JSON: print_json(tally, out); break;
    case BFL_EVAL_TEXT: print_text(tally, out, false); break;
    case BFL_EVAL_MARKDOWN: print_text(tally, out, true); break;
    case BFL_EVAL_RELIABILITY_SVG:
    case BFL_EVAL_DECISION_SVG: break;
    }
}
