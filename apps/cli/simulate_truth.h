/* SPDX-License-Identifier: Apache-2.0 */
/* The truth about simulated patients as two tables. Inside the program only. */
#ifndef BFL_CLI_SIMULATE_TRUTH_H
#define BFL_CLI_SIMULATE_TRUTH_H

#include <boneflare/sim.h>
#include <stdio.h>

void cli_truth_head(FILE *visits, FILE *lesions);
void cli_truth_rows(FILE *visits, FILE *lesions, const bfl_truth *truth);

#endif
