/* SPDX-License-Identifier: Apache-2.0 */
/* What rules that state a likelihood ratio weigh, worked out once when the book is opened. */
#include "rules/book.h"

#include <math.h>
#include <string.h>

static double value_of(const bfl_rulebook *book, const bfl_rule *rule, bfl_key_index key) {
    bfl_maybe value = bfl_rule_number_at(book, rule, key);
    return value.present ? bfl_decimal_double(value.value) : 1;
}

/* A 2x2 table: `a` of `n` with a flare and `c` of `m` with progression. An empty cell gets half a patient (Haldane, Anscombe). */
static void weigh_table(const bfl_rulebook *book, const bfl_rule *rule, bfl_weight *w) {
    double a = value_of(book, rule, BFL_KEY_FLARE_COUNT), n = value_of(book, rule, BFL_KEY_FLARE_TOTAL_COUNT);
    double c = value_of(book, rule, BFL_KEY_PROGRESSION_COUNT),
           m = value_of(book, rule, BFL_KEY_PROGRESSION_TOTAL_COUNT);
    double half = a > 0 && c > 0 ? 0 : 1.0 / 2;
    a += half, n += 2 * half, c += half, m += 2 * half;
    w->log_lr = log(a / n) - log(c / m);
    w->sd = sqrt(1 / a - 1 / n + 1 / c - 1 / m);
}

static void weigh_range(const bfl_rulebook *book, const bfl_rule *rule, bfl_weight *w) {
    double z = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__INTERVAL_Z_RATIO);
    w->log_lr = log(value_of(book, rule, BFL_KEY_LIKELIHOOD_LR));
    w->sd = log(value_of(book, rule, BFL_KEY_LIKELIHOOD_LR_HIGH) / value_of(book, rule, BFL_KEY_LIKELIHOOD_LR_LOW)) /
            (2 * z);
}

static bfl_weight weigh(const bfl_rulebook *book, const bfl_rule *rule) {
    bfl_weight w = {.group = bfl_rule_text(book, rule, BFL_KEY_GROUP),
                    .veto = bfl_rule_text(book, rule, BFL_KEY_VETO)[0] == 'y'};
    if (bfl_rule_parameter_at(book, rule, BFL_KEY_FLARE_COUNT))
        weigh_table(book, rule, &w);
    else
        weigh_range(book, rule, &w);
    return w;
}

/* One text for each group: that two are of one group is mostly seen without reading it. */
static const char *group_seen(const bfl_weight *weights, size_t count, const char *group) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(weights[i].group, group) == 0) return weights[i].group;
    return group;
}

void bfl_rules_weigh(bfl_arena *arena, bfl_rulebook *book) {
    const bfl_rule *first = NULL;
    size_t count = bfl_rules_with_prefix(book, "flare.", &first);
    book->weights = BFL_NEW_ARRAY(arena, count + 1, bfl_weight);
    book->first_weighed = first;
    for (size_t i = 0; i < count; i++) {
        bfl_weight w = weigh(book, &first[i]);
        w.group = group_seen(book->weights, i, w.group);
        book->weights[i] = w;
    }
}

const bfl_weight *bfl_rule_weight(const bfl_rulebook *book, const bfl_rule *rule) {
    return &book->weights[rule - book->first_weighed];
}
