/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From findings to a probability. On the logit scale: prior + time window + vetoes + shrinkage * sum of weighted log
 * likelihood ratios. Time is part of the prior and a veto decides by itself: both count in full. The other findings repeat
 * each other in part, so their sum is shrunk, and within a group only the strongest of each direction counts in full. The
 * variance adds the prior's (from its effective count), each ratio's own, and the model's.
 */
#include "flare/evidence.h"

#include <math.h>

static double logistic(double x) { return 1 / (1 + exp(-x)); }

static bool same_group(const bfl_evidence *a, const bfl_evidence *b) {
    return bfl_text_equal(bfl_text_of(a->group), bfl_text_of(b->group)) && a->direction == b->direction;
}

/* Findings that repeat what a stronger one of their group says are weighed down, in place. */
static void discount(inquiry *q) {
    double weight = bfl_rule_double(q->findings->rulebook, BFL_NUM_FLARE_COMBINE__WITHIN_GROUP_WEIGHT);
    for (size_t i = 0; i < q->found.count; i++) {
        bfl_evidence *e = &q->found.items[i];
        for (size_t j = 0; j < i; j++) {
            if (!same_group(e, &q->found.items[j])) continue;
            e->log_lr *= weight; /* the list is sorted by strength: j is the stronger one */
            e->log_lr_sd *= weight;
            break;
        }
    }
}

static int by_strength(const void *a, const void *b, const void *context) {
    (void)context;
    double x = fabs(((const bfl_evidence *)a)->log_lr), y = fabs(((const bfl_evidence *)b)->log_lr);
    return (x < y) - (x > y);
}

/* Time is part of the prior, and destruction of bone decides by itself: neither is shrunk. */
static double share_in_sum(const bfl_rulebook *book, const bfl_evidence *e) {
    bool window = bfl_text_equal(bfl_text_of(e->group), BFL_TEXT("time"));
    return window || e->veto ? 1 : bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__SHRINKAGE_WEIGHT);
}

static double clamp_probability(const bfl_rulebook *book, double p) {
    double floor_p = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__PROBABILITY_FLOOR_FRACTION);
    return p < floor_p ? floor_p : p > 1 - floor_p ? 1 - floor_p : p;
}

/* Odds of "neither" against the two named hypotheses. */
static double other_odds(const inquiry *q) {
    double fraction = bfl_rule_double(q->findings->rulebook, BFL_NUM_FLARE_PRIOR_OTHER__FRACTION);
    double odds = fraction / (1 - fraction);
    for (size_t i = 0; i < q->found.count; i++)
        if (q->found.items[i].direction == BFL_FOR_OTHER) odds *= exp(q->found.items[i].log_lr);
    return odds;
}

void evidence_combine(inquiry *q, bfl_bone *bone) {
    const bfl_rulebook *book = q->findings->rulebook;
    bfl_sort(q->arena, q->found.items, q->found.count, sizeof *q->found.items, by_strength, NULL);
    discount(q);
    bfl_sort(q->arena, q->found.items, q->found.count, sizeof *q->found.items, by_strength, NULL);
    double sum = 0, variance = pow(bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__MODEL_SD_RATIO), 2);
    for (size_t i = 0; i < q->found.count; i++) {
        const bfl_evidence *e = &q->found.items[i];
        if (e->direction == BFL_FOR_OTHER) continue;
        double counted = share_in_sum(book, e);
        sum += counted * e->log_lr;
        variance += pow(counted * e->log_lr_sd, 2);
    }
    double prior = bone->prior_p_flare, count = 1;
    bfl_maybe effective = bfl_rule_value(bone->prior_rule, "effective_count");
    if (effective.present) count = bfl_decimal_double(effective.value);
    double prior_share = bfl_decimal_double(bfl_rule_value(bone->prior_rule, "p_flare_fraction").value);
    variance += 1 / (count * prior_share) + 1 / (count * (1 - prior_share));
    double logit = log(prior / (1 - prior)) + sum;
    double z = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__INTERVAL_Z_RATIO), sd = sqrt(variance);
    double other = other_odds(q), named = 1 / (1 + other);
    double share = clamp_probability(book, logistic(logit));
    bone->p_other = other / (1 + other);
    bone->p_flare = named * share;
    bone->p_progression = named * (1 - share);
    bone->low = named * clamp_probability(book, logistic(logit - z * sd));
    bone->high = named * clamp_probability(book, logistic(logit + z * sd));
    bone->evidence = q->found.items;
    bone->evidence_count = q->found.count;
}
