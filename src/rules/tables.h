/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that tools/rulebook.py writes (rulebook_gen.c). For this room only. */
#ifndef BFL_RULES_TABLES_H
#define BFL_RULES_TABLES_H

#include "rules/rules.h"

/* Where a parameter is: rule and place in its list. */
typedef struct bfl_parameter_place {
    uint16_t rule, parameter;
} bfl_parameter_place;

extern const bfl_rule bfl_builtin_rules[];              /* in id order */
extern const bool bfl_builtin_fixed[];                  /* compiled into other tables, so no overlay may change it */
extern const bfl_parameter_place bfl_builtin_numbers[]; /* in the order of bfl_number_index */
extern const bfl_parameter_place bfl_builtin_texts[];   /* in the order of bfl_text_index */
extern const uint16_t bfl_builtin_keys[];               /* bfl_key_index of every parameter, rule after rule */
extern const uint16_t bfl_builtin_first_keys[];         /* where a rule's stretch of those begins */
extern const bfl_citation bfl_builtin_citations[];      /* in key order */
/* The counts are variables, not enumeration constants, so that a rulebook without texts compiles without warnings. */
extern const size_t bfl_builtin_rule_count, bfl_builtin_number_count, bfl_builtin_text_count;
extern const size_t bfl_builtin_citation_count;
extern const char bfl_builtin_version[];
extern const char bfl_builtin_terms_sha256[];

#endif
