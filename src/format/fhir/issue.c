/* SPDX-License-Identifier: Apache-2.0 */
#include "format/fhir/read.h"

typedef struct code_row {
    const char *code;
    bfl_severity severity;
    const char *action;
} code_row;

#define CODE_ROW(name, code, severity, action) {code, BFL_ISSUE_##severity, action},
static const code_row codes[] = {FHIR_ISSUES(CODE_ROW)};

static void put(bfl_arena *scratch, bfl_issue_list *list, fhir_issue_code code, bfl_issue issue) {
    issue.severity = codes[code].severity;
    issue.code = codes[code].code;
    issue.action = codes[code].action;
    *BFL_PUSH(scratch, list) = issue;
}

static bfl_issue issue_of(bfl_source source, const char *column, const char *found, const char *expected) {
    bfl_issue issue = {.patient = "", .column = column, .found = found, .expected = expected ? expected : ""};
    issue.source = source;
    return issue;
}

void bfl_fhir_issue(resource *w, fhir_issue_code code, const char *path, const char *found, const char *expected) {
    reader *r = w->r;
    r->told++;
    if (r->indexing) return;
    const char *column = path[0] ? bfl_arena_printf(r->arena, "%s.%s", w->reference, path) : w->reference;
    bfl_issue issue = issue_of(w->source, column, bfl_fhir_keep(r, found), expected);
    if (w->who) issue.patient = w->who->id;
    put(r->scratch, w->who ? bfl_record_issues(w->who->builder) : &r->study.issues, code, issue);
}

void bfl_fhir_issue_once(resource *w, fhir_issue_code code, const char *key, const char *path, const char *found,
                         const char *expected) {
    w->r->told++;
    const char *whole = bfl_arena_printf(w->r->scratch, "%d\n%s\n%s", (int)code, w->who ? w->who->id : "", key);
    name *n = bfl_names_add(&w->r->said, bfl_text_of(whole));
    if (n->value || w->r->indexing) return;
    n->value = n;
    bfl_fhir_issue(w, code, path, found, expected);
}

void bfl_fhir_file_issue(reader *r, fhir_issue_code code, uint32_t row, const char *column, const char *found,
                         const char *expected) {
    if (r->indexing) return;
    put(r->scratch, &r->study.issues, code, issue_of((bfl_source){r->file, row, ""}, column, found, expected));
}
