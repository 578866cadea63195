/* SPDX-License-Identifier: Apache-2.0 */
/* sim: simulated patients, and what is known of them that no record holds. docs/simulator.md gives the equations. */
#ifndef BFL_SIM_SIM_H
#define BFL_SIM_SIM_H

#include "base/base.h"
#include "record/record.h"
#include "rules/rules.h"
#include <boneflare/sim.h>

struct bfl_simulated {
    bfl_arena *arena; /* holds everything, this struct too; NULL when the caller's arena does */
    const bfl_record *record;
    const bfl_truth *truth;
};

/* bfl_simulate_patient() inside bfl_arena_run(): record and truth live in `arena`. */
BFL_MUST_USE bfl_status bfl_sim_make(bfl_arena *arena, const bfl_rulebook *rulebook, const bfl_sim_options *options,
                                     uint64_t number, bfl_simulated *out, bfl_error *err);

#endif
