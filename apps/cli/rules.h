/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of boneflare rules. */
#ifndef BFL_CLI_RULES_H
#define BFL_CLI_RULES_H

#include <boneflare/rules.h>

/* JSON on standard output (rules_json.c). */
void cli_rules_json_list(const bfl_rulebook *book, const char *standard);
void cli_rules_json_rule(const bfl_rule *rule, const char *indent);

/* "there is no rule 'x'; near it: ..." on standard error (rules_suggest.c). */
void cli_rules_suggest_rule(const bfl_rulebook *book, const char *id);
void cli_rules_suggest_citation(const char *key);
void cli_rules_suggest_standard(const bfl_rulebook *book, const char *standard);

#endif
