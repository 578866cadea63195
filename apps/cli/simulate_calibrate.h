/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare simulate --calibrate. Inside the program only. */
#ifndef BFL_CLI_SIMULATE_CALIBRATE_H
#define BFL_CLI_SIMULATE_CALIBRATE_H

#include <boneflare/sim.h>

/* Simulates the published series and prints each figure beside the printed one; CLI_DATA when one is not met. */
int cli_calibrate(const bfl_rulebook *rulebook, const bfl_sim_options *options, size_t patients, bool json);

#endif
