/* SPDX-License-Identifier: Apache-2.0 */
/* The overlay: a hospital's own values for existing parameters, {"rule.id": {"parameter": value}}. */
#include "rules/book.h"

#include <string.h>

static bfl_status wrong_shape(const bfl_json_item *item, bfl_error *err) {
    return bfl_fail(err, BFL_EPARSE, "overlay", item->line,
                    "'%s' is not what an overlay holds; write {\"rule.id\": {\"parameter\": 25}}", item->path);
}

/* The rule's own copy of its parameters, made at the first change. */
static bfl_parameter *own_parameters(bfl_arena *arena, bfl_rule *rule, size_t at) {
    if (rule->parameters == bfl_builtin_rules[at].parameters) {
        bfl_parameter *copy = BFL_NEW_ARRAY(arena, rule->parameter_count, bfl_parameter);
        memcpy(copy, rule->parameters, sizeof *copy * rule->parameter_count);
        rule->parameters = copy;
        return copy;
    }
    return (bfl_parameter *)(uintptr_t)rule->parameters; /* the copy made above, ours to write */
}

/* A control character could pretend to be the next line of the canonical text. */
static bool plain_text(const bfl_json_item *item) {
    for (size_t i = 0; i < item->text_size; i++)
        if ((unsigned char)item->text[i] < ' ') return false;
    return true;
}

static bfl_status read_value(const bfl_parameter *old, const bfl_json_item *item, const char *rule, bfl_decimal *number,
                             bfl_error *err) {
    if (old->numeric && item->type != BFL_JSON_NUMBER)
        return bfl_fail(err, BFL_EPARSE, "overlay", item->line, "parameter '%s' of '%s' is a number, as %s", old->key,
                        rule, old->text);
    if (!old->numeric && (item->type != BFL_JSON_STRING || !plain_text(item)))
        return bfl_fail(err, BFL_EPARSE, "overlay", item->line, "parameter '%s' of '%s' is a text on one line",
                        old->key, rule);
    if (!old->numeric) return BFL_OK;
    if (bfl_decimal_parse((bfl_text){item->text, item->text_size}, number, NULL) != BFL_OK)
        return bfl_fail(err, BFL_EPARSE, "overlay", item->line,
                        "parameter '%s' of '%s': '%.40s' has more than 18 digits or too large an exponent", old->key,
                        rule, item->text);
    return BFL_OK;
}

static bfl_status set_parameter(bfl_arena *arena, bfl_rulebook *book, size_t at, const bfl_json_item *item,
                                bfl_error *err) {
    bfl_rule *rule = &book->rules[at];
    const bfl_parameter *old = bfl_rule_parameter(rule, item->key);
    if (!old)
        return bfl_fail(err, BFL_ENOTFOUND, "overlay", item->line, "rule '%s' has no parameter '%s'", rule->id,
                        item->key);
    bfl_decimal number = {0, 0};
    bfl_status status = read_value(old, item, rule->id, &number, err);
    if (status) return status;
    bool same = old->numeric ? bfl_decimal_compare(number, old->number) == 0 : strcmp(old->text, item->text) == 0;
    if (same) return BFL_OK;
    ptrdiff_t position = old - rule->parameters;
    bfl_parameter *set = own_parameters(arena, rule, at) + position;
    set->number = number;
    set->text = bfl_arena_text(arena, (bfl_text){item->text, item->text_size});
    rule->overridden = true;
    return BFL_OK;
}

static bfl_status find_rule(const bfl_json_item *item, size_t *at, bfl_error *err) {
    if (item->type != BFL_JSON_OBJECT) return wrong_shape(item, err);
    *at = bfl_rules_position(item->key);
    if (*at == SIZE_MAX) return bfl_fail(err, BFL_ENOTFOUND, "overlay", item->line, "there is no rule '%s'", item->key);
    if (bfl_builtin_fixed[*at])
        return bfl_fail(err, BFL_ENOTSUP, "overlay", item->line,
                        "rule '%s' is compiled into the tables of units and drugs; an overlay cannot change it",
                        item->key);
    return BFL_OK;
}

bfl_status bfl_rules_overlay(bfl_arena *arena, bfl_rulebook *book, const bfl_json_flat *json, bfl_error *err) {
    size_t at = SIZE_MAX;
    for (size_t i = 0; i < json->count; i++) {
        const bfl_json_item *item = &json->items[i];
        bfl_status status = BFL_OK;
        if (item->depth == 0)
            status = item->type == BFL_JSON_OBJECT ? BFL_OK : wrong_shape(item, err);
        else if (item->depth == 1)
            status = find_rule(item, &at, err);
        else
            status = set_parameter(arena, book, at, item, err);
        if (status) return status;
    }
    return BFL_OK;
}
