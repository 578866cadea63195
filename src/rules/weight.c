/* SPDX-License-Identifier: Apache-2.0 */
/* What rules that state a likelihood ratio weigh, and what others say of beginnings, worked out once when the book is opened. */
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

double bfl_rule_range_sd(const bfl_rulebook *book, double low, double high) {
    return log(high / low) / (2 * bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__INTERVAL_Z_RATIO));
}

static double range_sd(const bfl_rulebook *book, const bfl_rule *rule, bfl_key_index low, bfl_key_index high) {
    return bfl_rule_range_sd(book, value_of(book, rule, low), value_of(book, rule, high));
}

static void weigh_range(const bfl_rulebook *book, const bfl_rule *rule, bfl_weight *w) {
    w->log_lr = log(value_of(book, rule, BFL_KEY_LIKELIHOOD_LR));
    w->sd = range_sd(book, rule, BFL_KEY_LIKELIHOOD_LR_LOW, BFL_KEY_LIKELIHOOD_LR_HIGH);
}

static bfl_weight weigh(const bfl_rulebook *book, const bfl_rule *rule) {
    bfl_weight w = {.group = bfl_rule_text(book, rule, BFL_KEY_GROUP),
                    .veto = bfl_rule_text(book, rule, BFL_KEY_VETO)[0] == 'y'};
    w.other = strcmp(w.group, "other") == 0;
    if (bfl_rule_parameter_at(book, rule, BFL_KEY_FLARE_COUNT))
        weigh_table(book, rule, &w);
    else
        weigh_range(book, rule, &w);
    return w;
}

/* s of n with half a patient on either side (Jeffreys): logit and its standard deviation. */
static void set_incidence(const bfl_rulebook *book, const bfl_rule *rule, bfl_beginning *b) {
    double flare = value_of(book, rule, BFL_KEY_FLARE_COUNT), patients = value_of(book, rule, BFL_KEY_PATIENTS_COUNT);
    double yes = flare + 1.0 / 2, no = patients - flare + 1.0 / 2;
    b->logit_incidence = log(yes / no);
    b->logit_incidence_sd = sqrt(1 / yes + 1 / no);
}

static void set_hazard(const bfl_rulebook *book, const bfl_rule *rule, bfl_beginning *b) {
    double month = 365.25 / 12; // lint: length of a month in days
    b->log_hazard = log(value_of(book, rule, BFL_KEY_PROGRESSION_PER_MONTH_FRACTION) / month);
    b->log_hazard_sd = range_sd(book, rule, BFL_KEY_PROGRESSION_LOW_FRACTION, BFL_KEY_PROGRESSION_HIGH_FRACTION);
}

static void set_onset(const bfl_rulebook *book, const bfl_rule *rule, bfl_beginning *b) {
    b->log_median = log(value_of(book, rule, BFL_KEY_MEDIAN_DAYS));
    b->log_median_sd = range_sd(book, rule, BFL_KEY_MEDIAN_LOW_DAYS, BFL_KEY_MEDIAN_HIGH_DAYS);
    b->log_spread = log(value_of(book, rule, BFL_KEY_SPREAD_RATIO));
}

static bfl_beginning beginning(const bfl_rulebook *book, const bfl_rule *rule) {
    bfl_beginning b = {0};
    if (bfl_rule_parameter_at(book, rule, BFL_KEY_PATIENTS_COUNT)) set_incidence(book, rule, &b);
    if (bfl_rule_parameter_at(book, rule, BFL_KEY_PROGRESSION_PER_MONTH_FRACTION)) set_hazard(book, rule, &b);
    if (bfl_rule_parameter_at(book, rule, BFL_KEY_MEDIAN_DAYS)) set_onset(book, rule, &b);
    return b;
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
    book->beginnings = BFL_NEW_ARRAY(arena, count + 1, bfl_beginning);
    book->first_weighed = first;
    for (size_t i = 0; i < count; i++) {
        bfl_weight w = weigh(book, &first[i]);
        w.group = group_seen(book->weights, i, w.group);
        book->weights[i] = w;
        book->beginnings[i] = beginning(book, &first[i]);
    }
}

const bfl_weight *bfl_rule_weight(const bfl_rulebook *book, const bfl_rule *rule) {
    return &book->weights[rule - book->first_weighed];
}

const bfl_beginning *bfl_rule_beginning(const bfl_rulebook *book, const bfl_rule *rule) {
    return &book->beginnings[rule - book->first_weighed];
}
