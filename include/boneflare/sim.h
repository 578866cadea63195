/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sim.h
 * Simulated patients with the truth beside them: a mechanistic model of tumour, osteoclasts, osteoblasts and mineral in every
 * lesion, of liver and serum in the patient, and of the visits, readers and laboratories that write it down. docs/simulator.md
 * gives the equations and how far they agree with what is published; the parameters are rules "sim.*".
 *
 * The same rulebook, options and patient number give the same bytes, on any thread and in any order.
 */
#ifndef BONEFLARE_SIM_H
#define BONEFLARE_SIM_H

#include <boneflare/record.h>
#include <boneflare/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* clang-format off */
/**
 * Which model: X(SUFFIX, "word").
 * DEFAULT is what was calibrated. HELD_BACK has the same equations with population parameters drawn anew, once, around the
 * calibrated ones. WRONG has other kinetics and other noise, on purpose: for measuring a verdict on patients it was not made for.
 */
#define BFL_SIM_WORLDS(X) X(DEFAULT, "default") X(HELD_BACK, "held-back") X(WRONG, "wrong")
/**
 * What is asked of the patient: X(SUFFIX, "word"). MIXED takes patients as they come, with every other condition at its own
 * frequency. FLARE and PROGRESSION take the first patient of the patient's own sequence in whom bone flares, or progresses
 * without a flare, within the window of rule sim.model.scenario. The others add one condition for certain.
 */
#define BFL_SIM_SCENARIOS(X) \
    X(MIXED, "mixed") X(FLARE, "flare") X(PROGRESSION, "progression") X(LIVER, "liver") X(CHOLANGITIS, "cholangitis") \
    X(PAGET, "paget") X(FRACTURE, "fracture") X(RADIOTHERAPY, "radiotherapy") X(BONE_AGENT, "bone_agent") \
    X(METHOD_CHANGE, "method_change")
/** The truth about a lesion, or about all bone lesions, on a day: X(SUFFIX, "word"). */
#define BFL_TRUTH_STATES(X) X(NEITHER, "neither") X(FLARE, "flare") X(PROGRESSION, "progression")
/* clang-format on */
#define BFL_ENUM_SIM_WORLD(name, word) BFL_SIM_##name,
typedef enum bfl_sim_world { BFL_SIM_WORLDS(BFL_ENUM_SIM_WORLD) BFL_SIM_WORLD_COUNT } bfl_sim_world;
#define BFL_ENUM_SIM_SCENARIO(name, word) BFL_SIM_##name,
typedef enum bfl_sim_scenario { BFL_SIM_SCENARIOS(BFL_ENUM_SIM_SCENARIO) BFL_SIM_SCENARIO_COUNT } bfl_sim_scenario;
#define BFL_ENUM_TRUTH(name, word) BFL_TRUTH_##name,
typedef enum bfl_truth_state { BFL_TRUTH_STATES(BFL_ENUM_TRUTH) BFL_TRUTH_STATE_COUNT } bfl_truth_state;

/** Words of the lists above. Static text. */
BFL_API const char *bfl_sim_world_word(bfl_sim_world world);
BFL_API const char *bfl_sim_scenario_word(bfl_sim_scenario scenario);
BFL_API const char *bfl_truth_state_word(bfl_truth_state state);
/** The world or scenario of a word. False, and *out untouched, when there is none. */
BFL_API bool bfl_sim_world_of(const char *word, bfl_sim_world *out);
BFL_API bool bfl_sim_scenario_of(const char *word, bfl_sim_scenario *out);

/** Options. Set struct_size = sizeof(bfl_sim_options); zero members and NULL mean the default. */
typedef struct bfl_sim_options {
    size_t struct_size;
    uint64_t seed;        /**< default 0, a seed like any other */
    const char *class_id; /**< a class of bfl_sim_class(), "egfr_tki_1"; default: drawn for each patient */
    bfl_sim_scenario scenario;
    bfl_sim_world world;
    int32_t visit_weeks; /**< weeks between imaging visits, 1 to 52; default: that of the class */
    int32_t days;        /**< follow-up, 1 to 3650; default: two years */
} bfl_sim_options;

/** The classes that can be simulated, in the order of their ids; NULL past the end. */
BFL_API const char *bfl_sim_class(const bfl_rulebook *rulebook, size_t index);

/** A day that never comes. */
#define BFL_TRUTH_NEVER INT32_MAX

/** The truth about one lesion. Days are days from day 0. */
typedef struct bfl_truth_lesion {
    const char *id; /**< as in the record */
    bfl_organ organ;
    bfl_matrix matrix; /**< what it is before therapy: LYTIC, BLASTIC, MIXED, MARROW; SOFT outside bone */
    bool latent;       /**< tumour is there before therapy and CT does not show it */
    int32_t
        flare_day; /**< first day on which it takes up more tracer than before therapy, or grows denser, while tumour shrinks */
    int32_t flare_end_day;   /**< first day after it without that */
    int32_t regrowth_day;    /**< the living tumour was smallest on this day, and grew from then on */
    int32_t progression_day; /**< it had grown by as much as sim.truth says */
} bfl_truth_lesion;

/** The truth on the day of an imaging visit. */
typedef struct bfl_truth_visit {
    int32_t day;
    bfl_truth_state bone;           /**< of all bone lesions together: progression before flare before neither */
    const bfl_truth_state *lesions; /**< of each lesion of bfl_truth.lesions */
    bool progression_outside;       /**< a lesion outside bone has progressed */
} bfl_truth_visit;

/** The truth about a patient: what no record holds. */
typedef struct bfl_truth {
    const char *patient;  /**< as in the record, "egfr_tki_1-000042" */
    const char *class_id; /**< of the therapy given */
    bfl_sim_world world;
    bfl_sim_scenario scenario;
    bool responds;            /**< the drug kills faster than most of the tumour grows */
    int32_t flare_day;        /**< first flare of a bone lesion */
    int32_t flare_end_day;    /**< the last of them is over */
    int32_t regrowth_day;     /**< first regrowth of a bone lesion that came to progression */
    int32_t progression_day;  /**< first progression of a bone lesion */
    int32_t outside_day;      /**< first progression outside bone */
    int32_t liver_injury_day; /**< BFL_TRUTH_NEVER when there is none; the same below */
    int32_t cholangitis_day;
    int32_t fracture_day;
    int32_t radiotherapy_day;
    int32_t method_change_day; /**< the laboratory changes from the JSCC to the IFCC scale of ALP */
    bool paget, bone_agent;
    const bfl_truth_lesion *lesions;
    size_t lesion_count;
    const bfl_truth_visit *visits; /**< imaging visits after baseline, as they took place */
    size_t visit_count;
} bfl_truth;

typedef struct bfl_simulated bfl_simulated;

/**
 * Simulates one patient.
 * @param rulebook its rules "sim.*" are the parameters; must outlive the result
 * @param options NULL for the defaults
 * @param number which patient of the seed's sequence, from 0
 * @param[out] out the sealed record and the truth; released with bfl_simulated_free(); untouched on failure
 * @return BFL_OK, BFL_EINVAL (an option out of range), BFL_ENOTFOUND (no such class), BFL_ELIMIT (the equations could not be
 * solved to their tolerance, or no patient of the scenario was found: err says which), BFL_ENOMEM
 */
BFL_API BFL_MUST_USE bfl_status bfl_simulate_patient(const bfl_rulebook *rulebook, const bfl_sim_options *options,
                                                     uint64_t number, bfl_simulated **out, bfl_error *err);
/** Lives as long as `simulated`. The truth is nowhere in the record. */
BFL_API const bfl_record *bfl_simulated_record(const bfl_simulated *simulated);
BFL_API const bfl_truth *bfl_simulated_truth(const bfl_simulated *simulated);
/** NULL is allowed. */
BFL_API void bfl_simulated_free(bfl_simulated *simulated);

/** One published figure beside what the simulator gives for it. */
typedef struct bfl_sim_anchor {
    const bfl_rule
        *rule;        /**< "sim.anchor.chao_share": what is compared, the source, the published figure and its band */
    const char *unit; /**< "fraction", "days", "hu", "u_l", "percent" */
    bool printed;     /**< the source prints a number; else only a direction or a span, and published is 0 */
    double published, low, high;
    double simulated;
    size_t patients; /**< simulated patients the figure rests on */
    bool fits;       /**< simulated lies in the band, limits included */
} bfl_sim_anchor;

typedef struct bfl_sim_calibration bfl_sim_calibration;

/**
 * Simulates the published series of the rules "sim.anchor.*" and compares.
 * @param options seed and world count; the series set the rest; NULL for the defaults
 * @param patients of each series, 1 to 100000
 * @param[out] out released with bfl_sim_calibration_free()
 * @return as bfl_simulate_patient()
 */
BFL_API BFL_MUST_USE bfl_status bfl_sim_calibrate(const bfl_rulebook *rulebook, const bfl_sim_options *options,
                                                  size_t patients, bfl_sim_calibration **out, bfl_error *err);
/** The i-th comparison; NULL past the end. */
BFL_API const bfl_sim_anchor *bfl_sim_calibration_at(const bfl_sim_calibration *calibration, size_t index);
/** NULL is allowed. */
BFL_API void bfl_sim_calibration_free(bfl_sim_calibration *calibration);

#ifdef __cplusplus
}
#endif
#endif
