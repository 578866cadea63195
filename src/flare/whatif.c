/* SPDX-License-Identifier: Apache-2.0 */
/* The same question with a finding more or a finding less: what a test would change, and which fact carries the verdict. */
#include "flare/decide.h"

#include <string.h>

static bool veto_among(const bfl_evidence *items, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (items[i].veto) return true;
    return false;
}

/* As the rule itself says it: grouping starts anew. */
static bfl_evidence anew(const bfl_evidence *e) {
    bfl_evidence fresh = *e;
    fresh.log_lr = e->raw_log_lr;
    fresh.log_lr_sd = e->raw_log_lr_sd;
    return fresh;
}

bfl_bone bfl_flare_what_if(bfl_arena *arena, const bfl_rulebook *book, const bfl_bone *bone,
                           const bfl_what_if *change) {
    bfl_evidence *items = BFL_NEW_ARRAY(arena, bone->evidence_count + 1, bfl_evidence);
    size_t count = 0;
    for (size_t i = 0; i < bone->evidence_count; i++)
        if (&bone->evidence[i] != change->without) items[count++] = anew(&bone->evidence[i]);
    if (change->with) items[count++] = bfl_flare_evidence_of(book, change->with);
    double other = bone->prior_p_other;
    belief prior = {bone->onset.log_odds, bone->onset.log_odds_sd, other / (1 - other)};
    belief b = belief_of(book, &prior, items, count);
    if (change->other_ratio > 0) b.other_odds *= change->other_ratio;
    bfl_bone then = *bone;
    belief_publish(book, &b, &then);
    then.evidence = items;
    then.evidence_count = count;
    then.state = answer_of(&then.losses, veto_among(items, count));
    return then;
}

bfl_evidence bfl_flare_evidence_of(const bfl_rulebook *book, const bfl_rule *rule) {
    bfl_evidence e = evidence_of(book, rule);
    e.finding = rule->title;
    return e;
}

double bfl_flare_least_loss(const bfl_losses *losses, bool may_wait) {
    double least = losses->flare < losses->progression ? losses->flare : losses->progression;
    return may_wait && losses->wait < least ? losses->wait : least;
}
