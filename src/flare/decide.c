/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision. Three answers cost something when they are wrong, in days of disease control (flare.loss.*, changeable by an
 * overlay); the answer is the one that is expected to cost least. "Undetermined" is the answer "leave it open and test".
 */
#include "flare/decide.h"

bfl_losses losses_of(const bfl_rulebook *book, double p_flare, double p_progression, double p_other) {
    bfl_losses l;
    l.flare = p_progression * bfl_rule_double(book, BFL_NUM_FLARE_LOSS_MISS__PROGRESSION_DAYS) +
              p_other * bfl_rule_double(book, BFL_NUM_FLARE_LOSS_MISS__OTHER_CAUSE_DAYS);
    l.progression = p_flare * bfl_rule_double(book, BFL_NUM_FLARE_LOSS_STOP__WORKING_DRUG_DAYS) +
                    p_other * bfl_rule_double(book, BFL_NUM_FLARE_LOSS_STOP__OTHER_CAUSE_DAYS);
    l.wait = p_flare * bfl_rule_double(book, BFL_NUM_FLARE_LOSS_WAIT__FLARE_DAYS) +
             p_progression * bfl_rule_double(book, BFL_NUM_FLARE_LOSS_WAIT__PROGRESSION_DAYS) +
             p_other * bfl_rule_double(book, BFL_NUM_FLARE_LOSS_WAIT__OTHER_CAUSE_DAYS);
    return l;
}

bfl_bone_state answer_of(const bfl_losses *l, bool veto) {
    if (!veto && l->flare < l->wait && l->flare < l->progression) return BFL_BONE_FLARE_SUSPECTED;
    return l->progression < l->wait ? BFL_BONE_PROGRESSION : BFL_BONE_UNDETERMINED;
}

/* Progression is left only by a new bone study, and first to undetermined; a flare is confirmed only by the study after it. */
bfl_bone_state state_after(bfl_bone_state before, const day_news *news) {
    if (!news->asked && !news->reopened) return before;
    bool flare = news->answer == BFL_BONE_FLARE_SUSPECTED;
    if (before == BFL_BONE_PROGRESSION && news->answer != BFL_BONE_PROGRESSION)
        return flare && news->bone_study ? BFL_BONE_UNDETERMINED : BFL_BONE_PROGRESSION;
    return flare && news->confirmed ? BFL_BONE_FLARE_CONFIRMED : news->answer;
}
