/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare validate: what is wrong with case folders, SDTM datasets and FHIR, where, and what to do. */
#include "cli.h"

#include <string.h>

typedef struct options {
    bool json, quiet;
} options;

typedef struct counts {
    size_t folders, patients, errors, warnings, notes;
} counts;

static int help(void) {
    (void)fputs("Usage: boneflare validate [--json] [--quiet] DIR...\n\n"
                "Checks case folders, SDTM datasets and FHIR (Bundles, NDJSON, folders of them): which file, row and "
                "column, what was found, what was expected, what to do.\n\n"
                "  --json   one JSON object per line: each problem, then a summary\n"
                "  --quiet  only the summary line\n"
                "  --help   this text\n\n"
                "Exit status: 0 everything can be used (warnings are allowed), 1 something cannot be used,\n"
                "2 the command line is wrong, 3 a folder cannot be read.\n",
                stdout);
    return CLI_OK;
}

/* ---- text ---- */

static const char *severity_word(bfl_severity severity) {
    switch (severity) {
    case BFL_ISSUE_NOTE: return "note";
    case BFL_ISSUE_WARNING: return "warning";
    case BFL_ISSUE_ERROR: return "error";
    }
    return "";
}

/* Issues that differ in their row only are shown together. */
static bool is_alike(const bfl_issue *a, const bfl_issue *b) {
    return strcmp(a->code, b->code) == 0 && strcmp(a->source.file, b->source.file) == 0 &&
           strcmp(a->column, b->column) == 0 && strcmp(a->patient, b->patient) == 0 &&
           strcmp(a->found, b->found) == 0 && strcmp(a->expected, b->expected) == 0;
}

enum { SHOWN_ROWS = 12 };

static void print_rows(const bfl_study *study, size_t first, size_t count) {
    (void)printf("row%s %u", count > 1 ? "s" : "", bfl_study_issue(study, first)->source.row);
    for (size_t i = 1; i < count && i < SHOWN_ROWS; i++)
        (void)printf("%s%u", i + 1 == count ? " and " : ", ", bfl_study_issue(study, first + i)->source.row);
    if (count > SHOWN_ROWS) (void)printf(" and %zu more", count - SHOWN_ROWS);
}

/* Prints the issue at `first` and those after it that are alike; returns how many. */
static size_t print_alike(const bfl_study *study, size_t first) {
    const bfl_issue *issue = bfl_study_issue(study, first);
    size_t count = 1;
    while (first + count < bfl_study_issue_count(study) && is_alike(issue, bfl_study_issue(study, first + count)))
        count++;
    (void)printf("  %-7s ", severity_word(issue->severity));
    if (issue->source.row) print_rows(study, first, count);
    (void)printf("%s%s", issue->source.row && issue->column[0] ? ", " : "", issue->column);
    if (!issue->source.row && !issue->column[0]) (void)printf("whole file");
    (void)printf(": %s [%s]\n", issue->found, issue->code);
    if (issue->patient[0]) (void)printf("          patient %s\n", issue->patient);
    if (issue->expected[0]) (void)printf("          expected %s\n", issue->expected);
    if (issue->action[0]) (void)printf("          to do: %s\n", issue->action);
    return count;
}

static bool is_in(const bfl_issue *issue, const char *file) { return strcmp(issue->source.file, file) == 0; }

/* File by file: a study lists the issues of the input first and then those of each patient. */
static void print_issues(const bfl_study *study) {
    size_t count = bfl_study_issue_count(study);
    for (size_t i = 0; i < count; i++) {
        const char *file = bfl_study_issue(study, i)->source.file;
        bool printed = false;
        for (size_t j = 0; j < i && !printed; j++) printed = is_in(bfl_study_issue(study, j), file);
        if (printed) continue;
        (void)printf("%s\n", file);
        for (size_t j = i; j < count;) j += is_in(bfl_study_issue(study, j), file) ? print_alike(study, j) : 1;
    }
}

/* ---- JSON ---- */

static void print_json_text(const char *key, const char *text) {
    (void)printf("\"%s\":\"", key);
    for (const char *c = text; *c; c++) {
        unsigned char u = (unsigned char)*c;
        if (u == '"' || u == '\\')
            (void)printf("\\%c", *c);
        else if (u < ' ')
            (void)printf("\\u%04x", u);
        else
            (void)putchar(*c);
    }
    (void)putchar('"');
}

static void print_json_issue(const char *folder, const bfl_issue *issue) {
    (void)putchar('{');
    print_json_text("severity", severity_word(issue->severity)), (void)putchar(',');
    print_json_text("code", issue->code), (void)putchar(',');
    print_json_text("folder", folder), (void)putchar(',');
    print_json_text("file", issue->source.file), (void)printf(",\"row\":%u,", issue->source.row);
    print_json_text("column", issue->column), (void)putchar(',');
    print_json_text("patient", issue->patient), (void)putchar(',');
    print_json_text("found", issue->found), (void)putchar(',');
    print_json_text("expected", issue->expected), (void)putchar(',');
    print_json_text("action", issue->action), (void)printf("}\n");
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
    print_json_text("folder", folder), (void)putchar(',');
    print_json_text("type", a->type), (void)putchar(',');
    print_json_text("what", a->what), (void)putchar(',');
    print_json_text("outcome", outcome_word(a->outcome)), (void)printf(",\"count\":%zu}}\n", a->count);
}

static void print_study(const bfl_study *study, const char *path, bool json) {
    for (size_t i = 0; json && i < bfl_study_issue_count(study); i++) print_json_issue(path, bfl_study_issue(study, i));
    for (size_t i = 0; json && i < bfl_study_account_count(study); i++)
        print_json_account(path, bfl_study_account(study, i));
    if (json) return;
    print_issues(study);
    print_account(study);
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
    if (bfl_study_read(path, NULL, &study, &err) != BFL_OK) return cli_fail("validate", &err);
    count_issues(study, n);
    if (several && !o->json && !o->quiet) (void)printf("%s\n", path);
    if (!o->quiet) print_study(study, path, o->json);
    bfl_study_free(study);
    return CLI_OK;
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

int cli_validate(int argc, char **argv) {
    options o = {0};
    int count = 0;
    bool flags = true;
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        if (!flags || arg[0] != '-')
            argv[count++] = argv[i]; /* folders move to the front */
        else if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
            return help();
        else if (strcmp(arg, "--json") == 0)
            o.json = true;
        else if (strcmp(arg, "--quiet") == 0 || strcmp(arg, "-q") == 0)
            o.quiet = true;
        else if (strcmp(arg, "--") == 0)
            flags = false;
        else
            return cli_usage("validate", "there is no option '%s'", arg);
    }
    if (count == 0) return cli_usage("validate", "which folder?");
    return validate_all(argv, count, &o);
}
