/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of boneflare evaluate. */
#ifndef BFL_CLI_EVALUATE_H
#define BFL_CLI_EVALUATE_H

#include "cli.h"

/* Shapes of courses in people in whom nothing happened to the bone: what would be a false alarm (evaluate_markers.c). Adds the
 * patients of one study; prints the tallies. */
typedef struct cli_marker_tally cli_marker_tally;
cli_marker_tally *cli_marker_tally_new(void);
void cli_marker_tally_free(cli_marker_tally *tally);
int cli_marker_tally_add(cli_marker_tally *tally, const bfl_study *study, const bfl_rulebook *rulebook);
void cli_marker_tally_print(const cli_marker_tally *tally, FILE *out, bfl_eval_format format);

#endif
