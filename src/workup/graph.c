/* SPDX-License-Identifier: Apache-2.0 */
/* The nodes of a graph: every rule is read once, from end to end. */
#include "workup/plan.h"

#include <stddef.h>
#include <string.h>

/* Where the value of a key goes, 0: nowhere. (At 0 stands the rule.) */
#define TO(key, member) [BFL_KEY_##key] = offsetof(bfl_node, member)
static const uint8_t texts[BFL_KEY_COUNT] = {TO(AFTER, after),         TO(WHO, who),
                                             TO(WHEN, when),           TO(DONE_BY, done_by),
                                             TO(SINCE, since),         TO(FROM, from),
                                             TO(NOTE_WHEN, note_when), TO(NOTE_TEXT, note),
                                             TO(ACTION_TEXT, action),  TO(PATIENT_TEXT, patient),
                                             TO(CHANGES_TEXT, changes)};
static const uint8_t numbers[BFL_KEY_COUNT] = {TO(ORDER, order), TO(PRIORITY, priority), TO(WITHIN_DAYS, within_days),
                                               TO(NOT_BEFORE_DAYS, not_before_days), TO(VALID_DAYS, valid_days)};
#undef TO

static bfl_node read_node(const bfl_rulebook *rulebook, const bfl_rule *rule) {
    bfl_node node = {.rule = rule,
                     .after = "",
                     .who = "",
                     .when = "",
                     .done_by = "",
                     .since = "",
                     .from = "",
                     .note_when = "",
                     .note = "",
                     .action = "",
                     .patient = "",
                     .changes = ""};
    const uint16_t *keys = bfl_rule_keys(rulebook, rule);
    for (size_t i = 0; i < rule->parameter_count; i++) {
        const bfl_parameter *p = &rule->parameters[i];
        size_t at = p->numeric ? numbers[keys[i]] : texts[keys[i]];
        bfl_maybe number = {p->number, true};
        if (at && p->numeric) memcpy((char *)&node + at, &number, sizeof number);
        if (at && !p->numeric) memcpy((char *)&node + at, &p->text, sizeof p->text);
    }
    return node;
}

static int by_order(const void *a, const void *b, const void *context) {
    (void)context;
    const bfl_node *left = *(const bfl_node *const *)a, *right = *(const bfl_node *const *)b;
    return bfl_decimal_compare(left->order.value, right->order.value);
}

const bfl_node **bfl_workup_nodes(bfl_arena *arena, const bfl_rulebook *rulebook, const char *prefix, size_t *count) {
    const bfl_rule *first = NULL;
    size_t rules = bfl_rules_with_prefix(rulebook, prefix, &first);
    const bfl_node **nodes = BFL_NEW_ARRAY(arena, rules, const bfl_node *);
    bfl_node *read = BFL_NEW_ARRAY(arena, rules, bfl_node);
    *count = 0;
    for (size_t i = 0; i < rules; i++) {
        read[i] = read_node(rulebook, &first[i]);
        if (read[i].order.present) nodes[(*count)++] = &read[i];
    }
    bfl_sort(arena, nodes, *count, sizeof *nodes, by_order, NULL);
    return nodes;
}
