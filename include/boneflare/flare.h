/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file flare.h
 * The verdict on the bone: state over time, probability with its interval, evidence for and against, alarms.
 */
#ifndef BONEFLARE_FLARE_H
#define BONEFLARE_FLARE_H

#include <boneflare/criteria.h>
#include <boneflare/marker.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_bone_state {
    BFL_BONE_NONE,
    BFL_BONE_FLARE_SUSPECTED,
    BFL_BONE_FLARE_CONFIRMED,
    BFL_BONE_PROGRESSION,
    BFL_BONE_UNDETERMINED
} bfl_bone_state;
/** "none", "flare_suspected", "flare_confirmed", "progression", "undetermined". */
BFL_API const char *bfl_bone_state_word(bfl_bone_state state);

typedef enum bfl_direction { BFL_FOR_FLARE, BFL_FOR_PROGRESSION, BFL_FOR_OTHER, BFL_NEUTRAL } bfl_direction;
/** "flare", "progression", "other", "neutral". */
BFL_API const char *bfl_direction_word(bfl_direction direction);

/** One piece of evidence. */
typedef struct bfl_evidence {
    const bfl_rule *rule;
    bfl_direction direction;
    const char *finding; /**< what was found in this record */
    const char *group;   /**< findings of one group say partly the same thing */
    double log_lr;       /**< natural logarithm of the likelihood ratio flare : progression, after grouping */
    double log_lr_sd;
    bool veto; /**< forbids calling flare, whatever the sum */
    const bfl_event_ref *events;
    size_t event_count;
    double raw_log_lr,
        raw_log_lr_sd; /**< before grouping: the rule's own ratio, from its 2x2 table or its stated range */
    double
        share; /**< how much of raw_log_lr counts in the sum: its group's weight times the shrinkage between groups */
} bfl_evidence;

/** Where the probability starts: in the time in which the worsening began, onsets of flare and of bone progression compete. */
typedef struct bfl_onset {
    int32_t from_day, to_day;     /**< of the therapy: not yet worse on from_day, worse on to_day */
    double flare, progression;    /**< probability that each begins between the two days, given neither began before */
    double log_odds, log_odds_sd; /**< flare : progression, with the uncertainty of incidence, onset and rate */
    const bfl_rule *rules[6];     /**< drug class first, then onset and what modifies them */
    size_t rule_count;
} bfl_onset;

/** Expected loss of each answer, in days of disease control; the verdict is the answer with the smallest. */
typedef struct bfl_losses {
    double flare;       /**< of going on as for a flare */
    double progression; /**< of changing the drug as for progression */
    double wait;        /**< of leaving it open and testing */
} bfl_losses;

/** What a later study says of an earlier day. It never changes what was said on that day. */
typedef struct bfl_hindsight {
    bool known;  /**< a study in the rulebook's window settled or changed the earlier judgement */
    int32_t day; /**< of that study */
    bfl_bone_state state;
    double p_flare, low, high; /**< as known on `day`, of the same question */
} bfl_hindsight;

/** The bone at one date. */
typedef struct bfl_bone {
    int32_t day;
    bfl_bone_state state;
    bool question;                          /**< something in the bone (or the ALP) looked worse */
    double p_flare, p_progression, p_other; /**< sum to 1; 0 when there is no question */
    double low, high;                       /**< 95 % interval of p_flare; p_flare is the mean, so it lies inside */
    const bfl_rule *prior_rule;
    double
        prior_p_flare;   /**< of flare before any finding, on the scale of p_flare: the rest is progression and other */
    int32_t therapy_day; /**< days from the start of the therapy in force */
    const bfl_evidence *evidence;
    size_t evidence_count; /**< strongest first */
    const char *because;   /**< one sentence: why this state, and why it changed */
    bfl_onset onset;
    double log_odds, log_odds_sd; /**< flare : progression after all findings; p_flare is the mean over it */
    bfl_losses losses;
    bfl_hindsight hindsight; /**< in the history only */
    int32_t asked_day;       /**< first worse day of the question */
    double prior_p_other;    /**< of something else, before any finding */
} bfl_bone;

/** An alarm is apart from the verdict and is never hidden by it. */
typedef struct bfl_alarm {
    const bfl_rule *rule;
    const char *finding; /**< with its date, or "date not known" */
    int32_t day;         /**< the day asked about when undated */
    bool undated;        /**< rests on a fact that carries no date */
    bool urgent;
    const bfl_event_ref *events;
    size_t event_count;
} bfl_alarm;

typedef struct bfl_verdict {
    bfl_bone now; /**< at the date asked for */
    const bfl_bone *history;
    size_t history_count; /**< at each follow-up visit and laboratory question, as known then */
    const bfl_alarm *alarms;
    size_t alarm_count;
} bfl_verdict;

#ifdef __cplusplus
}
#endif
#endif
