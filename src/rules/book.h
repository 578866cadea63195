/* SPDX-License-Identifier: Apache-2.0 */
/* What an open rulebook holds. For this room only. */
#ifndef BFL_RULES_BOOK_H
#define BFL_RULES_BOOK_H

#include "rules/tables.h"

#include <simdjson/flat_json.h>

struct bfl_rulebook {
    bfl_arena *arena;
    bfl_rule *rules;      /* bfl_builtin_rule_count, overlay applied */
    bfl_decimal *numbers; /* bfl_builtin_number_count, like the next two */
    double *doubles;
    int32_t *days;
    const char **words; /* bfl_builtin_text_count */
    uint16_t *places;   /* of rules, by the hash of their ids: place + 1, 0 = free; a power of two of them */
    size_t place_count;
    bfl_node *nodes; /* of all graphs, by the first letters of their ids, then by order */
    size_t node_count;
    bfl_word *list_words;  /* those of their lists, by number */
    uint16_t *word_places; /* number + 1 of a word by its hash; 0 = free; a power of two of them */
    size_t word_count, word_place_count;
    bfl_weight *weights; /* of the rules from first_weighed on */
    bfl_beginning *beginnings;
    const bfl_rule *first_weighed;
    bfl_variation *variations;   /* of all analytes, in the order of the terms */
    bfl_grade_term *grade_terms; /* those of one analyte after those of another, in that order too */
    size_t *first_grade_terms;   /* of each analyte, and the end */
    char sha256[65];
};

/* FNV-1a, public domain. */
static inline size_t bfl_rules_hash_of(bfl_text text) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < text.size; i++) hash = (hash ^ (unsigned char)text.data[i]) * 16777619u;
    return hash;
}

/* Reads the nodes out of the rules, and the words of their lists. */
void bfl_rules_read_graphs(bfl_arena *arena, bfl_rulebook *book);

/* Work out what bfl_rule_weight() and bfl_rule_beginning() give, and bfl_rule_variation() (weight.c, variation.c). */
void bfl_rules_weigh(bfl_arena *arena, bfl_rulebook *book);
void bfl_rules_read_variations(bfl_arena *arena, bfl_rulebook *book);
/* Reads what bfl_rule_grades() gives (grade.c). */
void bfl_rules_read_grades(bfl_arena *arena, bfl_rulebook *book);

/* Sets parameters from {"rule.id": {"parameter": value}} in book->rules, which are the built-in ones before. */
bfl_status bfl_rules_overlay(bfl_arena *arena, bfl_rulebook *book, const bfl_json_flat *json, bfl_error *err);
/* SHA-256 over the canonical text of the rules as they stand, the citations and the terms. */
void bfl_rules_hash(bfl_rulebook *book);
/* Position of a rule in id order, SIZE_MAX when there is none. */
size_t bfl_rules_position(const char *id);

#endif
