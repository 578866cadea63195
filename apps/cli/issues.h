/* SPDX-License-Identifier: Apache-2.0 */
/* Problems and losses as lines for people: by file, rows that say the same together, repeats of one kind counted. */
#ifndef BFL_CLI_ISSUES_H
#define BFL_CLI_ISSUES_H

#include <boneflare/record.h>

#include <stdio.h>

/* A list of issues, wherever they are kept. */
typedef struct cli_issues {
    const void *owner;
    size_t count;
    const bfl_issue *(*at)(const void *owner, size_t index);
} cli_issues;

/* Prints them; of one kind in one file the first dozen only and how many more there are, unless `all`. False: out of memory. */
bool cli_issues_print(FILE *out, const cli_issues *issues, bool all);
/* One issue as a JSON object on one line; `folder` NULL = none. */
void cli_issue_json(FILE *out, const char *folder, const bfl_issue *issue);
/* A text as JSON, in quotes. */
void cli_json_string(FILE *out, const char *text);
/* A key and a text as JSON: "key":"text". */
void cli_json_text(FILE *out, const char *key, const char *text);
/* "error", "warning", "note". */
const char *cli_severity_word(bfl_severity severity);

#endif
