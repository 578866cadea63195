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
} bfl_evidence;

/** The bone at one date. */
typedef struct bfl_bone {
    int32_t day;
    bfl_bone_state state;
    bool question;                          /**< something in the bone (or the ALP) looked worse */
    double p_flare, p_progression, p_other; /**< sum to 1; 0 when there is no question */
    double low, high;                       /**< 95 % interval of p_flare */
    const bfl_rule *prior_rule;
    double prior_p_flare;
    int32_t therapy_day; /**< days from the start of the therapy in force */
    const bfl_evidence *evidence;
    size_t evidence_count; /**< strongest first */
    const char *because;   /**< one sentence: why this state, and why it changed */
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
