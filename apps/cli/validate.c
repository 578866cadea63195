/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare validate: what is wrong with case folders, SDTM datasets and FHIR, where, and what to do. */
#include "cli.h"
#include "issues.h"
#include "reading.h"

#include <string.h>

typedef struct options {
    bool json, quiet, all;
    cli_reading reading;
} options;

typedef struct counts {
    size_t folders, patients, errors, warnings, notes;
} counts;

static int help(void) {
    (void)fputs("Usage: boneflare validate [--json] [--quiet] [--all] [--evaluator WHO] [--accepted-only] DIR...\n\n"
                "Checks case folders, SDTM datasets and FHIR (Bundles, NDJSON, folders of them): which file, row and "
                "column, what was found, what was expected, what to do.\n\n"
                "  --json   one JSON object per line: each problem, then a summary\n"
                "  --quiet  only the summary line\n"
                "  --all    every problem; without it a dozen of one kind in one file, and how many more there are\n"
                "  --evaluator WHO  whose measurements to check in SDTM: INVESTIGATOR,\n"
                "           \"INDEPENDENT ASSESSOR:RADIOLOGIST 1\"; --accepted-only: only accepted records\n"
                "  --help   this text\n\n"
                "Exit status: 0 everything can be used (warnings are allowed), 1 something cannot be used,\n"
                "2 the command line is wrong, 3 a folder cannot be read.\n",
                stdout);
    return CLI_OK;
}

/* ---- text ---- */

static const bfl_issue *issue_of(const void *study, size_t index) { return bfl_study_issue(study, index); }

static bool print_issues(const bfl_study *study, bool all) {
    const cli_issues issues = {study, bfl_study_issue_count(study), issue_of};
    return cli_issues_print(stdout, &issues, all);
}

/* ---- JSON ---- */

static void print_json_issue(const char *folder, const bfl_issue *issue) {
    cli_issue_json(stdout, folder, issue);
    (void)putchar('\n');
}

/* ---- the account of what was read ---- */

static const char *outcome_word(bfl_account_outcome outcome) {
    switch (outcome) {
    case BFL_ACCOUNT_USED: return "used";
    case BFL_ACCOUNT_KEPT: return "kept";
    case BFL_ACCOUNT_DROPPED: return "dropped";
    case BFL_ACCOUNT_UNKNOWN: return "unknown";
    }
    return "";
}

enum { SHOWN_KINDS = 12 };

/* The lines of one type and outcome from `first` on: "  Observation used 751: laboratory 720, ECOG 31"; returns how many. */
static size_t print_outcome(const bfl_study *study, size_t first) {
    const bfl_account *a = bfl_study_account(study, first), *b;
    size_t lines = 0, total = 0;
    for (; (b = bfl_study_account(study, first + lines)) && b->outcome == a->outcome && strcmp(a->type, b->type) == 0;
         lines++)
        total += b->count;
    (void)printf("  %-24s %-7s %6zu", a->type, outcome_word(a->outcome), total);
    for (size_t i = 0; i < lines && i < SHOWN_KINDS; i++) {
        b = bfl_study_account(study, first + i);
        if (b->what[0]) (void)printf("%s %s %zu", i ? "," : ":", b->what, b->count);
    }
    if (lines > SHOWN_KINDS) (void)printf(" and %zu more kinds", lines - SHOWN_KINDS);
    (void)putchar('\n');
    return lines;
}

static void print_account(const bfl_study *study) {
    size_t count = bfl_study_account_count(study);
    if (count) (void)printf("what was read\n");
    for (size_t i = 0; i < count;) i += print_outcome(study, i);
}

static void print_json_account(const char *folder, const bfl_account *a) {
    (void)printf("{\"account\":{");
    cli_json_text(stdout, "folder", folder), (void)putchar(',');
    cli_json_text(stdout, "type", a->type), (void)putchar(',');
    cli_json_text(stdout, "what", a->what), (void)putchar(',');
    cli_json_text(stdout, "outcome", outcome_word(a->outcome)), (void)printf(",\"count\":%zu}}\n", a->count);
}

static bool print_study(const bfl_study *study, const char *path, const options *o) {
    bool json = o->json;
    for (size_t i = 0; json && i < bfl_study_issue_count(study); i++) print_json_issue(path, bfl_study_issue(study, i));
    for (size_t i = 0; json && i < bfl_study_account_count(study); i++)
        print_json_account(path, bfl_study_account(study, i));
    if (json) return true;
    bool good = print_issues(study, o->all);
    print_account(study);
    return good;
}

/* ---- one folder, all folders ---- */

static void count_issues(const bfl_study *study, counts *n) {
    n->folders++;
    n->patients += bfl_study_record_count(study);
    for (size_t i = 0; i < bfl_study_issue_count(study); i++) {
        bfl_severity severity = bfl_study_issue(study, i)->severity;
        n->errors += severity == BFL_ISSUE_ERROR;
        n->warnings += severity == BFL_ISSUE_WARNING;
        n->notes += severity == BFL_ISSUE_NOTE;
    }
}

static int validate(const char *path, const options *o, bool several, counts *n) {
    bfl_study *study = NULL;
    bfl_error err = {0};
    if (bfl_study_read_as(path, &o->reading.options, &study, &err) != BFL_OK) return cli_fail("validate", &err);
    count_issues(study, n);
    if (several && !o->json && !o->quiet) (void)printf("%s\n", path);
    bool good = o->quiet || print_study(study, path, o);
    bfl_study_free(study);
    return good ? CLI_OK : CLI_SYSTEM;
}

static const char *plural(size_t count) { return count == 1 ? "" : "s"; }

static void print_summary(const options *o, const counts *n) {
    if (o->json)
        (void)printf("{\"summary\":{\"folders\":%zu,\"patients\":%zu,\"errors\":%zu,\"warnings\":%zu,\"notes\":%zu}}\n",
                     n->folders, n->patients, n->errors, n->warnings, n->notes);
    else
        (void)printf("%zu patient%s: %zu error%s, %zu warning%s, %zu note%s\n", n->patients, plural(n->patients),
                     n->errors, plural(n->errors), n->warnings, plural(n->warnings), n->notes, plural(n->notes));
}

static int validate_all(char **paths, int count, const options *o) {
    counts n = {0};
    int worst = CLI_OK;
    for (int i = 0; i < count; i++) {
        int code = validate(paths[i], o, count > 1, &n);
        if (code > worst) worst = code;
    }
    if (n.folders) print_summary(o, &n);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fprintf(stderr, "boneflare validate: cannot write the output\n");
        return CLI_INPUT;
    }
    return worst ? worst : n.errors ? CLI_DATA : CLI_OK;
}

/* Reads a flag at argv[*at]; CLI_OK when it is one. */
static int read_flag(options *o, int argc, char **argv, int *at) {
    const char *arg = argv[*at];
    if (strcmp(arg, "--json") == 0)
        o->json = true;
    else if (strcmp(arg, "--all") == 0)
        o->all = true;
    else if (strcmp(arg, "--accepted-only") == 0)
        o->reading.options.accepted_only = true;
    else if (strcmp(arg, "--quiet") == 0 || strcmp(arg, "-q") == 0)
        o->quiet = true;
    else if (strcmp(arg, "--evaluator") != 0)
        return cli_usage("validate", "there is no option '%s'", arg);
    else if (*at + 1 == argc)
        return cli_usage("validate", "--evaluator needs a value");
    else
        cli_reading_evaluator(&o->reading, argv[++*at]);
    return CLI_OK;
}

int cli_validate(int argc, char **argv) {
    options o = {.reading = cli_reading_default()};
    int count = 0, status = CLI_OK;
    bool flags = true;
    for (int i = 1; i < argc && status == CLI_OK; i++) {
        const char *arg = argv[i];
        if (!flags || arg[0] != '-')
            argv[count++] = argv[i]; /* folders move to the front */
        else if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
            return help();
        else if (strcmp(arg, "--") == 0)
            flags = false;
        else
            status = read_flag(&o, argc, argv, &i);
    }
    if (status != CLI_OK) return status;
    if (count == 0) return cli_usage("validate", "which folder?");
    return validate_all(argv, count, &o);
}
