/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that tools/rulebook.py writes (rulebook_gen.c). For this room only. */
#ifndef BFL_RULES_TABLES_H
#define BFL_RULES_TABLES_H

#include "rules/rules.h"

/* Where a parameter is: rule and place in its list. */
typedef struct bfl_parameter_place {
    uint16_t rule, parameter;
} bfl_parameter_place;

extern const bfl_rule bfl_builtin_rules[]; /* BFL_RULE_COUNT, in id order */
extern const bool bfl_builtin_fixed[];     /* BFL_RULE_COUNT: compiled into other tables, so no overlay may change it */
extern const bfl_parameter_place bfl_builtin_numbers[]; /* BFL_NUM_COUNT */
extern const bfl_parameter_place bfl_builtin_texts[];   /* BFL_TXT_COUNT */
extern const bfl_citation bfl_builtin_citations[];      /* in key order */
extern const size_t bfl_builtin_citation_count;
extern const char bfl_builtin_version[];
extern const char bfl_builtin_terms_sha256[];

#endif
