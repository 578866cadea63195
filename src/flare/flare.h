/* SPDX-License-Identifier: Apache-2.0 */
/* flare: the verdict on the bone; see the public face. */
#ifndef BFL_FLARE_FLARE_H
#define BFL_FLARE_FLARE_H

#include "criteria/criteria.h"
#include "marker/marker.h"
#include <boneflare/flare.h>

/* What the verdict rests on, all as known on the same day. */
typedef struct bfl_findings {
    const bfl_record *record;
    const bfl_rulebook *rulebook;
    const bfl_criteria *criteria;
    const bfl_markers *markers;
    int32_t as_of;
} bfl_findings;

/* The verdict now and at each earlier date that raised the question. */
const bfl_verdict *bfl_flare_assess(bfl_arena *arena, const bfl_findings *findings);
/* Safety alarms, most urgent first (alarm.c). */
const bfl_alarm *bfl_alarms_find(bfl_arena *arena, const bfl_findings *findings, size_t *count);

/* ---- the same question otherwise (whatif.c) ---- */

/* One finding more (by its rule), one less (of bone->evidence), or the odds of something else multiplied; 0 and NULL: not. */
typedef struct bfl_what_if {
    const bfl_rule *with;
    const bfl_evidence *without;
    double other_ratio;
} bfl_what_if;
/* Probabilities, losses and evidence as they would be; `state` is the answer of least loss then. */
bfl_bone bfl_flare_what_if(bfl_arena *arena, const bfl_rulebook *book, const bfl_bone *bone, const bfl_what_if *change);
/* What a rule of the rulebook would say, as if found. */
bfl_evidence bfl_flare_evidence_of(const bfl_rulebook *book, const bfl_rule *rule);
/* ---- the verdict taken apart (explain.c) ---- */

/* One step from the prior to the posterior. */
typedef struct bfl_explain_step {
    const bfl_evidence *evidence;        /* NULL: the prior, whose ratio is its odds */
    double ratio, ratio_low, ratio_high; /* flare : progression, alone, with its 95 % interval */
    double counted;                      /* the ratio as it counts in the sum */
    double log_odds_before, log_odds;    /* running */
    double p_flare, low, high;           /* after this step */
} bfl_explain_step;

/* A single fact that would turn the answer. */
typedef struct bfl_explain_fact {
    const bfl_rule *rule;
    const char *what;
    bool present; /* it was found, and turns the answer when it is left out; else it would, if found */
    double p_flare;
    bfl_bone_state state; /* the answer then */
} bfl_explain_fact;

typedef struct bfl_explanation {
    const bfl_explain_step *steps;
    size_t step_count; /* 0: no question is asked */
    bfl_bone_state answer;
    const bfl_explain_fact *facts;
    size_t fact_count;
} bfl_explanation;
/* `record` is as known on the day of `bone`; no fact is named that this patient cannot have. */
const bfl_explanation *bfl_flare_explain(bfl_arena *arena, const bfl_rulebook *book, const bfl_record *record,
                                         const bfl_bone *bone);

/* Of the best answer; without waiting: of the better of flare and progression. */
double bfl_flare_least_loss(const bfl_losses *losses, bool may_wait);

#endif
