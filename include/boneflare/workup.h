/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file workup.h
 * What to do next, when and why: the elevated-ALP pathway and the steps that the verdict, the images and the genome ask for.
 */
#ifndef BONEFLARE_WORKUP_H
#define BONEFLARE_WORKUP_H

#include <boneflare/flare.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bfl_step_state { BFL_STEP_DONE, BFL_STEP_NEXT, BFL_STEP_LATER, BFL_STEP_NOT_NEEDED } bfl_step_state;
/** "done", "next", "later", "not_needed". */
BFL_API const char *bfl_step_state_word(bfl_step_state state);

/** A node of the pathway as it stands for this patient. */
typedef struct bfl_step {
    const bfl_rule *rule; /**< the node */
    bfl_step_state state;
    const char *action;         /**< what to do, a sentence */
    const char *patient_action; /**< the same in the patient's language */
    const char *why;            /**< the reason, from this record */
    bool has_by;
    int32_t by_day;      /**< do it by this day */
    int priority;        /**< 1 = first */
    const char *changes; /**< what each answer would change; "" */
    const bfl_event_ref *events;
    size_t event_count; /**< what shows that it is done, or what asks for it */
} bfl_step;

/** A test that could settle an open question, and what it is expected to be worth. */
typedef struct bfl_test_worth {
    const bfl_rule *rule; /**< "workup.test.fdg_pet" */
    double value_days;    /**< expected loss of answering today less that of answering after it, in days of control */
    bool decisive;        /**< one of its answers would turn the verdict; such tests stand first */
    int32_t from_day;     /**< first day on which it can tell */
    int32_t by_day;       /**< its result is there, when it is done on from_day */
    const bfl_rule *if_for, *if_against;             /**< findings it may give; NULL when it only tells another cause */
    double chance_for, chance_against, chance_other; /**< of each answer, as things stand; sum to 1 */
    double p_flare_for, p_flare_against, p_flare_other;
    bfl_bone_state state_for, state_against, state_other; /**< the answer of least loss then */
} bfl_test_worth;

typedef struct bfl_workup {
    const bfl_step *next;
    size_t next_count; /**< in order of priority */
    const bfl_step *pathway;
    size_t pathway_count;        /**< every node of the ALP pathway that applies, in its order */
    const bfl_step *most_useful; /**< the single most useful next test when undetermined; NULL otherwise */
    const bfl_test_worth *
        tests; /**< while the question is open: tests worth doing; those that can turn the verdict first, then by value */
    size_t test_count;
} bfl_workup;

#ifdef __cplusplus
}
#endif
#endif
