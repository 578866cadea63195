/* SPDX-License-Identifier: Apache-2.0 */
#include "issues.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_ROWS = 12, SHOWN_OF_A_KIND = 12 };

const char *cli_severity_word(bfl_severity severity) {
    switch (severity) {
    case BFL_ISSUE_NOTE: return "note";
    case BFL_ISSUE_WARNING: return "warning";
    case BFL_ISSUE_ERROR: return "error";
    }
    return "";
}

/* A kind of problem in one file, and how many were printed. */
typedef struct kind {
    const char *code;
    size_t shown, hidden;
} kind;

typedef struct printer {
    FILE *out;
    const cli_issues *issues;
    bool all;
    kind *kinds; /* of the file being printed */
    size_t kind_count, kind_room;
} printer;

static const bfl_issue *at(const printer *p, size_t index) { return p->issues->at(p->issues->owner, index); }

/* ---- one problem ---- */

/* Issues that differ in their row only are shown together. */
static bool is_alike(const bfl_issue *a, const bfl_issue *b) {
    return strcmp(a->code, b->code) == 0 && strcmp(a->source.file, b->source.file) == 0 &&
           strcmp(a->column, b->column) == 0 && strcmp(a->patient, b->patient) == 0 &&
           strcmp(a->found, b->found) == 0 && strcmp(a->expected, b->expected) == 0;
}

static void print_rows(const printer *p, size_t first, size_t count) {
    (void)fprintf(p->out, "row%s %u", count > 1 ? "s" : "", at(p, first)->source.row);
    for (size_t i = 1; i < count && i < SHOWN_ROWS; i++)
        (void)fprintf(p->out, "%s%u", i + 1 == count ? " and " : ", ", at(p, first + i)->source.row);
    if (count > SHOWN_ROWS) (void)fprintf(p->out, " and %zu more", count - SHOWN_ROWS);
}

static void print_alike(const printer *p, size_t first, size_t count) {
    const bfl_issue *issue = at(p, first);
    (void)fprintf(p->out, "  %-7s ", cli_severity_word(issue->severity));
    if (issue->source.row) print_rows(p, first, count);
    (void)fprintf(p->out, "%s%s", issue->source.row && issue->column[0] ? ", " : "", issue->column);
    if (!issue->source.row && !issue->column[0]) (void)fprintf(p->out, "whole file");
    (void)fprintf(p->out, ": %s [%s]\n", issue->found, issue->code);
    if (issue->patient[0]) (void)fprintf(p->out, "          patient %s\n", issue->patient);
    if (issue->expected[0]) (void)fprintf(p->out, "          expected %s\n", issue->expected);
    if (issue->action[0]) (void)fprintf(p->out, "          to do: %s\n", issue->action);
}

/* ---- kinds ---- */

static kind *kind_of(printer *p, const char *code) {
    for (size_t i = 0; i < p->kind_count; i++)
        if (strcmp(p->kinds[i].code, code) == 0) return &p->kinds[i];
    if (p->kind_count == p->kind_room) {
        size_t room = p->kind_room ? p->kind_room * 2 : 16;
        kind *larger = realloc(p->kinds, room * sizeof *larger);
        if (!larger) return NULL;
        p->kinds = larger;
        p->kind_room = room;
    }
    p->kinds[p->kind_count] = (kind){code, 0, 0};
    return &p->kinds[p->kind_count++];
}

/* The issue at `first` and those after it that are alike; returns how many, 0 when out of memory. */
static size_t show(printer *p, size_t first) {
    const bfl_issue *issue = at(p, first);
    size_t count = 1;
    kind *k = kind_of(p, issue->code);
    if (!k) return 0;
    while (first + count < p->issues->count && is_alike(issue, at(p, first + count))) count++;
    if (p->all || k->shown < SHOWN_OF_A_KIND) {
        k->shown++;
        print_alike(p, first, count);
    } else {
        k->hidden += count;
    }
    return count;
}

static void print_hidden(const printer *p) {
    for (size_t i = 0; i < p->kind_count; i++)
        if (p->kinds[i].hidden)
            (void)fprintf(p->out, "  ... and %zu more [%s]; --all prints them\n", p->kinds[i].hidden, p->kinds[i].code);
}

/* ---- files ---- */

static bool is_in(const bfl_issue *issue, const char *file) { return strcmp(issue->source.file, file) == 0; }

static bool print_file(printer *p, size_t first) {
    const char *file = at(p, first)->source.file;
    if (file[0]) (void)fprintf(p->out, "%s\n", file);
    p->kind_count = 0;
    for (size_t i = first; i < p->issues->count;) {
        size_t count = is_in(at(p, i), file) ? show(p, i) : 1;
        if (count == 0) return false;
        i += count;
    }
    print_hidden(p);
    return true;
}

/* File by file: a study lists the issues of the input first and then those of each patient. */
bool cli_issues_print(FILE *out, const cli_issues *issues, bool all) {
    printer p = {.out = out, .issues = issues, .all = all};
    bool good = true;
    for (size_t i = 0; i < issues->count && good; i++) {
        const char *file = at(&p, i)->source.file;
        bool printed = false;
        for (size_t j = 0; j < i && !printed; j++) printed = is_in(at(&p, j), file);
        if (!printed) good = print_file(&p, i);
    }
    free(p.kinds);
    return good;
}

/* ---- JSON ---- */

void cli_json_string(FILE *out, const char *text) {
    (void)putc('"', out);
    for (const char *c = text; *c; c++) {
        unsigned char u = (unsigned char)*c;
        if (u == '"' || u == '\\')
            (void)fprintf(out, "\\%c", *c);
        else if (u < ' ')
            (void)fprintf(out, "\\u%04x", u);
        else
            (void)putc(*c, out);
    }
    (void)putc('"', out);
}

void cli_json_text(FILE *out, const char *key, const char *text) {
    (void)fprintf(out, "\"%s\":", key);
    cli_json_string(out, text);
}

void cli_issue_json(FILE *out, const char *folder, const bfl_issue *issue) {
    const char *const pairs[][2] = {{"column", issue->column},
                                    {"patient", issue->patient},
                                    {"found", issue->found},
                                    {"expected", issue->expected},
                                    {"action", issue->action}};
    (void)putc('{', out);
    cli_json_text(out, "severity", cli_severity_word(issue->severity)), (void)putc(',', out);
    cli_json_text(out, "code", issue->code), (void)putc(',', out);
    if (folder) cli_json_text(out, "folder", folder), (void)putc(',', out);
    cli_json_text(out, "file", issue->source.file), (void)fprintf(out, ",\"row\":%u", issue->source.row);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        (void)putc(',', out), cli_json_text(out, pairs[i][0], pairs[i][1]);
    (void)putc('}', out);
}
