/* SPDX-License-Identifier: Apache-2.0 */
/* What a mistyped id may have meant. */
#include "rules.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 120, SHOWN = 5 };

/* Edit distance: letters to put in, take out or change. */
static size_t distance(const char *a, const char *b) {
    size_t row[LONGEST + 1], size = strlen(b);
    if (strlen(a) > LONGEST || size > LONGEST) return SIZE_MAX;
    for (size_t j = 0; j <= size; j++) row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= size; j++) {
            size_t change = corner + (a[i - 1] != b[j - 1]), put = row[j - 1] + 1, take = row[j] + 1;
            corner = row[j];
            row[j] = change < put ? change : put;
            if (take < row[j]) row[j] = take;
        }
    }
    return row[size];
}

/* The nearest names found so far, best first. */
typedef struct near_names {
    const char *typed;
    const char *names[SHOWN];
    size_t costs[SHOWN];
    int count;
} near_names;

/* A part of a name ("target.pr") is near it however long the rest is. */
static void consider(near_names *found, const char *name) {
    size_t cost = strstr(name, found->typed) ? 1 : distance(found->typed, name);
    if (cost > 2 && cost > strlen(found->typed) / 3) return;
    int at = found->count;
    while (at > 0 && found->costs[at - 1] > cost) at--;
    if (at == SHOWN) return;
    if (found->count < SHOWN) found->count++;
    for (int i = found->count - 1; i > at; i--) {
        found->names[i] = found->names[i - 1];
        found->costs[i] = found->costs[i - 1];
    }
    found->names[at] = name;
    found->costs[at] = cost;
}

static void print_suggestions(const char *what, const near_names *found, const char *otherwise) {
    (void)fprintf(stderr, "boneflare rules: there is no %s '%s'", what, found->typed);
    for (int i = 0; i < found->count; i++) (void)fprintf(stderr, "%s%s", i ? ", " : "; near it: ", found->names[i]);
    if (found->count == 0) (void)fprintf(stderr, "; %s", otherwise);
    (void)fputc('\n', stderr);
}

void cli_rules_suggest_rule(const bfl_rulebook *book, const char *id) {
    near_names found = {id, {NULL}, {0}, 0};
    for (size_t i = 0; i < bfl_rulebook_count(book); i++) consider(&found, bfl_rulebook_at(book, i)->id);
    print_suggestions("rule", &found, "'boneflare rules list' names them all");
}

void cli_rules_suggest_citation(const char *key) {
    near_names found = {key, {NULL}, {0}, 0};
    for (size_t i = 0; i < bfl_citation_count(); i++) consider(&found, bfl_citation_at(i)->key);
    print_suggestions("source", &found, "'boneflare rules cite' names them all");
}

/* Rules stand in the order of their ids, and one standard may have ids of several beginnings. */
static bool named_before(const bfl_rulebook *book, size_t index) {
    const char *name = bfl_rulebook_at(book, index)->standard;
    for (size_t i = 0; i < index; i++)
        if (strcmp(bfl_rulebook_at(book, i)->standard, name) == 0) return true;
    return false;
}

void cli_rules_suggest_standard(const bfl_rulebook *book, const char *standard) {
    (void)fprintf(stderr, "boneflare rules: there is no standard '%s'; there are:", standard ? standard : "");
    for (size_t i = 0; i < bfl_rulebook_count(book); i++)
        if (!named_before(book, i)) (void)fprintf(stderr, " %s", bfl_rulebook_at(book, i)->standard);
    (void)fputc('\n', stderr);
}
