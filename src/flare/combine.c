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

static bool same_text(const char *a, const char *b) { return a == b || (a[0] == b[0] && strcmp(a, b) == 0); }

static bool same_group(const bfl_evidence *a, const bfl_evidence *b) {
    return a->direction == b->direction && same_text(a->group, b->group);
}

/* Strongest first; findings of one strength keep the order in which they were found. */
static void order(bfl_evidence *items, size_t count) {
    for (size_t i = 1; i < count; i++) {
        bfl_evidence e = items[i];
        size_t at = i;
        while (at > 0 && fabs(items[at - 1].log_lr) < fabs(e.log_lr)) at--;
        if (at == i) continue;
        memmove(&items[at + 1], &items[at], (i - at) * sizeof *items);
        items[at] = e;
    }
}

/* Healing of other lesions, where one is destroyed: a clone escapes in one place while the others heal (Hong). */
static bool beside_destruction(const bfl_evidence *e, const bfl_evidence *items, size_t count) {
    if (e->direction != BFL_FOR_FLARE) return false;
    for (size_t j = 0; j < count; j++)
        if (items[j].veto && items[j].direction == BFL_FOR_PROGRESSION && same_text(items[j].group, e->group))
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
        for (size_t j = 0; j < i && !repeats; j++) repeats = same_group(e, &items[j]);
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
        bool first = true;
        for (size_t j = 0; j < i && first; j++) first = !same_group(&items[i], &items[j]);
        double sd = 0;
        for (size_t j = i; j < count && first; j++)
            if (same_group(&items[i], &items[j])) sd += items[j].share * items[j].raw_log_lr_sd;
        variance += sd * sd; /* 0 but for the first of its group */
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

/* Of flare, when it is flare or progression. */
static double share_of(const bfl_rulebook *book, const belief *b) {
    return clamp_probability(book, bfl_num_logistic_normal(b->mean, b->sd));
}

void belief_publish(const bfl_rulebook *book, const belief *b, bfl_bone *bone) {
    double z = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__INTERVAL_Z_RATIO), named = 1 / (1 + b->other_odds);
    double share = share_of(book, b);
    bone->log_odds = b->mean;
    bone->log_odds_sd = b->sd;
    bone->p_other = 1 - named;
    bone->p_flare = named * share;
    bone->p_progression = named * (1 - share);
    bone->low = named * clamp_probability(book, 1 / (1 + exp(z * b->sd - b->mean)));
    bone->high = named * clamp_probability(book, 1 / (1 + exp(-z * b->sd - b->mean)));
    bone->losses = losses_of(book, bone->p_flare, bone->p_progression, bone->p_other);
}

static belief prior_of(const bfl_bone *bone) {
    double other = bone->prior_p_other;
    return (belief){bone->onset.log_odds, bone->onset.log_odds_sd, other / (1 - other)};
}

void prior_publish(const inquiry *q, bfl_bone *bone) {
    const bfl_rulebook *book = q->findings->rulebook;
    bool serum = q->episode && q->episode->serum;
    bone->prior_p_other =
        bfl_rule_double(book, serum ? BFL_NUM_FLARE_PRIOR_OTHER_SERUM__FRACTION : BFL_NUM_FLARE_PRIOR_OTHER__FRACTION);
    belief prior = prior_of(bone), before = belief_of(book, &prior, NULL, 0);
    bone->prior_p_flare = 1 / (1 + before.other_odds) * share_of(book, &before);
}

void evidence_combine(inquiry *q, bfl_bone *bone) {
    belief prior = prior_of(bone), b = belief_of(q->findings->rulebook, &prior, q->found.items, q->found.count);
    belief_publish(q->findings->rulebook, &b, bone);
    bone->evidence = q->found.items;
    bone->evidence_count = q->found.count;
}
