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

void evidence_order(bfl_evidence *items, size_t count) {
    for (size_t i = 1; i < count; i++) {
        size_t at = i;
        while (at > 0 && fabs(items[at - 1].log_lr) < fabs(items[i].log_lr)) at--;
        if (at == i) continue;
        bfl_evidence e = items[i];
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

/* What the groups say together. */
typedef struct sum {
    double within, between; /* weights of the rulebook */
    double log_odds, variance;
    double pro, contra; /* what speaks for flare and what for progression, added up */
    bool repeated;      /* some finding repeats what a stronger one of its group says */
} sum;

/* A finding that repeats another is weighed down. */
static void weigh(sum *s, bfl_evidence *e, bool repeats) {
    if (repeats) {
        e->log_lr *= s->within;
        e->log_lr_sd *= s->within;
        s->repeated = true;
    }
    e->share = (repeats ? s->within : 1) * (e->direction == BFL_FOR_OTHER ? 1 : s->between);
}

/* Adds what the group of items[first] says: log odds, and variance with its errors added up first. */
static void add_group(sum *s, bfl_evidence *items, size_t count, size_t first) {
    double sd = 0;
    for (size_t i = first; i < count; i++) {
        bfl_evidence *e = &items[i];
        if (!same_group(&items[first], e)) continue;
        weigh(s, e, i > first || beside_destruction(e, items, count));
        if (e->direction == BFL_FOR_OTHER) continue;
        double counted = e->share * e->raw_log_lr;
        s->log_odds += counted;
        *(counted > 0 ? &s->pro : &s->contra) += fabs(counted);
        sd += e->share * e->raw_log_lr_sd;
    }
    s->variance += sd * sd;
}

static bool first_of_group(const bfl_evidence *items, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (same_group(&items[i], &items[at])) return false;
    return true;
}

belief belief_of(const bfl_rulebook *book, const belief *prior, bfl_evidence *items, size_t count) {
    belief b = *prior;
    sum s = {.within = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__WITHIN_GROUP_WEIGHT),
             .between = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__SHRINKAGE_WEIGHT)};
    evidence_order(items, count);
    for (size_t i = 0; i < count; i++)
        if (first_of_group(items, i)) add_group(&s, items, count, i);
    if (s.repeated) evidence_order(items, count);
    double model = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__MODEL_SD_RATIO);
    double conflict = bfl_rule_double(book, BFL_NUM_FLARE_COMBINE__CONFLICT_SD_RATIO) * fmin(s.pro, s.contra);
    b.mean += s.log_odds;
    b.sd = sqrt(b.sd * b.sd + model * model + s.variance + conflict * conflict);
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
