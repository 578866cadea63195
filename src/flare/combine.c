/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From findings to a probability, on the scale of log odds flare : progression.
 *
 * Within a group the strongest finding of each direction counts in full and the others by a weight; their errors are taken as
 * one (standard deviations add), because they rest on the same sight. Between groups the sum is shrunk, because groups are not
 * independent, and errors are independent (variances add). A veto counts in full: it decides by itself. The standard deviation of
 * the sum joins those of the prior and of the model, and where findings contradict each other the sum of the weaker side joins too. So the log odds are normal, the interval is analytic, and the same record
 * gives the same digits; p_flare is the mean of the probability over that normal.
 */
#include "flare/decide.h"

#include <math.h>
#include <string.h>

static bool same_group(const bfl_evidence *a, const bfl_evidence *b) {
    return a->direction == b->direction && a->group[0] == b->group[0] && strcmp(a->group, b->group) == 0;
}

/* Strongest first; findings of one strength keep the order in which they were found. */
static void order(bfl_evidence *items, size_t count) {
    for (size_t i = 1; i < count; i++) {
        bfl_evidence e = items[i];
        size_t at = i;
        for (; at > 0 && fabs(items[at - 1].log_lr) < fabs(e.log_lr); at--) items[at] = items[at - 1];
        items[at] = e;
    }
}

/* Healing of other lesions, where one is destroyed: a clone escapes in one place while the others heal (Hong). */
static bool beside_destruction(const bfl_evidence *e, const bfl_evidence *items, size_t count) {
    for (size_t j = 0; j < count; j++)
        if (items[j].veto && items[j].direction == BFL_FOR_PROGRESSION && e->direction == BFL_FOR_FLARE &&
            strcmp(items[j].group, e->group) == 0)
            return true;
    return false;
}

/* Findings that repeat what a stronger one of their group says are weighed down. */
static void discount(const bfl_rulebook *book, bfl_evidence *items, size_t count) {
    double within = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__WITHIN_GROUP_WEIGHT);
    double between = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__SHRINKAGE_WEIGHT);
    for (size_t i = 0; i < count; i++) {
        bfl_evidence *e = &items[i];
        bool repeats = beside_destruction(e, items, count);
        for (size_t j = 0; j < i; j++) repeats = repeats || same_group(e, &items[j]);
        if (repeats) {
            e->log_lr *= within;
            e->log_lr_sd *= within;
        }
        e->share = (repeats ? within : 1) * (e->veto || e->direction == BFL_FOR_OTHER ? 1 : between);
    }
}

/* Adds what each group says: log odds, and variance with the errors of one group added up first. */
static void add_groups(const bfl_evidence *items, size_t count, double conflict_sd, belief *b) {
    double variance = 0, pro = 0, contra = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].direction == BFL_FOR_OTHER) continue;
        double counted = items[i].share * items[i].raw_log_lr;
        b->mean += counted;
        *(counted > 0 ? &pro : &contra) += fabs(counted);
        double sd = 0;
        bool first = true;
        for (size_t j = 0; j < count; j++) {
            if (!same_group(&items[i], &items[j])) continue;
            first = first && j >= i;
            sd += items[j].share * items[j].raw_log_lr_sd;
        }
        if (first) variance += sd * sd;
    }
    double conflict = conflict_sd * (pro < contra ? pro : contra);
    b->sd = sqrt(b->sd * b->sd + variance + conflict * conflict);
}

belief belief_of(const bfl_rulebook *book, const belief *prior, bfl_evidence *items, size_t count) {
    belief b = *prior;
    order(items, count);
    discount(book, items, count);
    order(items, count);
    double model = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__MODEL_SD_RATIO);
    b.sd = sqrt(b.sd * b.sd + model * model);
    add_groups(items, count, bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__CONFLICT_SD_RATIO), &b);
    for (size_t i = 0; i < count; i++)
        if (items[i].direction == BFL_FOR_OTHER) b.other_odds *= exp(items[i].log_lr);
    return b;
}

static double clamp_probability(const bfl_rulebook *book, double p) {
    double floor_p = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__PROBABILITY_FLOOR_FRACTION);
    return p < floor_p ? floor_p : p > 1 - floor_p ? 1 - floor_p : p;
}

void belief_publish(const bfl_rulebook *book, const belief *b, bfl_bone *bone) {
    double z = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__INTERVAL_Z_RATIO), named = 1 / (1 + b->other_odds);
    double share = clamp_probability(book, bfl_num_logistic_normal(b->mean, b->sd));
    bone->log_odds = b->mean;
    bone->log_odds_sd = b->sd;
    bone->p_other = 1 - named;
    bone->p_flare = named * share;
    bone->p_progression = named * (1 - share);
    bone->low = named * clamp_probability(book, 1 / (1 + exp(z * b->sd - b->mean)));
    bone->high = named * clamp_probability(book, 1 / (1 + exp(-z * b->sd - b->mean)));
    bone->losses = losses_of(book, bone->p_flare, bone->p_progression, bone->p_other);
}

void evidence_combine(inquiry *q, bfl_bone *bone) {
    const bfl_rulebook *book = q->findings->rulebook;
    bool serum = q->episode && q->episode->serum;
    bone->prior_p_other =
        bfl_rule_double(book, serum ? BFL_NUM_FLARE_PRIOR_OTHER_SERUM__FRACTION : BFL_NUM_FLARE_PRIOR_OTHER__FRACTION);
    double other = bone->prior_p_other;
    belief prior = {bone->onset.log_odds, bone->onset.log_odds_sd, other / (1 - other)};
    bfl_bone before = {0};
    belief none = belief_of(book, &prior, NULL, 0);
    belief_publish(book, &none, &before);
    bone->prior_p_flare = before.p_flare;
    belief b = belief_of(book, &prior, q->found.items, q->found.count);
    belief_publish(book, &b, bone);
    bone->evidence = q->found.items;
    bone->evidence_count = q->found.count;
}
