/* SPDX-License-Identifier: Apache-2.0 */
/* Rules as JSON. Numbers keep their digits. */
#include "rules.h"

#include <stdio.h>
#include <string.h>

static void print_text(const char *text) {
    (void)putchar('"');
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (*p == '"' || *p == '\\')
            (void)printf("\\%c", *p);
        else if (*p < ' ')
            (void)printf("\\u%04x", (unsigned)*p);
        else
            (void)putchar(*p);
    }
    (void)putchar('"');
}

static void print_member(const char *indent, const char *key, const char *text) {
    (void)printf("%s  \"%s\": ", indent, key);
    print_text(text);
    (void)printf(",\n");
}

static void print_value(const bfl_parameter *parameter) {
    char number[48];
    print_text(parameter->key);
    (void)printf(": ");
    if (!parameter->numeric) {
        print_text(parameter->text);
        return;
    }
    (void)bfl_decimal_format(parameter->number, number, sizeof number);
    (void)printf("%s", number);
}

static void print_sources(const bfl_rule *rule, const char *indent) {
    (void)printf("%s  \"sources\": [", indent);
    for (size_t i = 0; i < rule->source_count; i++) {
        const bfl_citation *citation = bfl_citation_find(rule->sources[i]);
        (void)printf("%s{\"key\": ", i ? ", " : "");
        print_text(rule->sources[i]);
        (void)printf(", \"text\": ");
        print_text(citation ? citation->text : "");
        (void)printf(", \"url\": ");
        print_text(citation ? citation->url : "");
        (void)printf(", \"seen\": ");
        print_text(citation ? citation->seen : "");
        (void)putchar('}');
    }
    (void)printf("],\n");
}

void cli_rules_json_rule(const bfl_rule *rule, const char *indent) {
    (void)printf("%s{\n", indent);
    print_member(indent, "id", rule->id);
    print_member(indent, "standard", rule->standard);
    print_member(indent, "version", rule->version);
    print_member(indent, "title", rule->title);
    print_member(indent, "text", rule->text);
    print_member(indent, "known", bfl_known_word(rule->known));
    print_member(indent, "reason", rule->reason);
    print_sources(rule, indent);
    (void)printf("%s  \"parameters\": {", indent);
    for (size_t i = 0; i < rule->parameter_count; i++) {
        (void)printf("%s", i ? ", " : "");
        print_value(&rule->parameters[i]);
    }
    (void)printf("},\n%s  \"overridden\": %s\n%s}", indent, rule->overridden ? "true" : "false", indent);
}

void cli_rules_json_list(const bfl_rulebook *book, const char *standard) {
    bool first = true;
    (void)printf("{\n  \"rulebook\": {\"version\": ");
    print_text(bfl_rulebook_version(book));
    (void)printf(", \"sha256\": ");
    print_text(bfl_rulebook_sha256(book));
    (void)printf("},\n  \"rules\": [\n");
    for (size_t i = 0; i < bfl_rulebook_count(book); i++) {
        const bfl_rule *rule = bfl_rulebook_at(book, i);
        if (standard && strcmp(standard, rule->standard) != 0) continue;
        if (!first) (void)printf(",\n");
        cli_rules_json_rule(rule, "    ");
        first = false;
    }
    (void)printf("\n  ]\n}\n");
}
