/* SPDX-License-Identifier: Apache-2.0 */
/* Inside flare: belief, loss, answer and state, each a pure function, so that tests and the model can ask all of them. */
#ifndef BFL_FLARE_DECIDE_H
#define BFL_FLARE_DECIDE_H

#include "flare/evidence.h"
#include "num/num.h"

/* ---- belief (combine.c) ---- */

/* Log odds flare : progression as a normal distribution, and the odds of something else against both. */
typedef struct belief {
    double mean, sd, other_odds;
} belief;

/* After the findings, which are ordered by weight, and their log_lr, log_lr_sd and share set (they come with the raw ones). */
belief belief_of(const bfl_rulebook *book, const belief *prior, bfl_evidence *items, size_t count);
/* Writes probabilities, interval and losses of a belief. */
void belief_publish(const bfl_rulebook *book, const belief *b, bfl_bone *bone);

/* ---- loss and answer (decide.c) ---- */

bfl_losses losses_of(const bfl_rulebook *book, double p_flare, double p_progression, double p_other);
/* The answer of least loss: FLARE_SUSPECTED, PROGRESSION or UNDETERMINED; a veto leaves no flare to choose. */
bfl_bone_state answer_of(const bfl_losses *losses, bool veto);

/* ---- state (decide.c) ---- */

/* What a day brings to the state machine. */
typedef struct day_news {
    bool asked;            /* something in the bone looks worse and is not settled */
    bool reopened;         /* a settled flare, contradicted by tissue or a resistance mutation */
    bfl_bone_state answer; /* of the losses; read when asked or reopened */
    bool confirmed;        /* a later quiet study under the same therapy */
    bool bone_study;       /* the day has a bone study */
} day_news;

/* The next state. No question and nothing reopened: the state stays. */
bfl_bone_state state_after(bfl_bone_state before, const day_news *news);

#endif
