/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of `boneflare ct` share: ct.c reads the command line and compares, ct_write.c writes the folder. */
#ifndef BFL_CLI_CT_H
#define BFL_CLI_CT_H

#include "cli.h"

typedef struct cli_ct_command {
    const char *scans[2], *out, *overlay, *record, *viewer, *labels;
    bfl_ct_rows rows; /* the patient is "" when nobody said who */
    char days[2][32]; /* of the scans */
    bool undated;
    bfl_date dates[2]; /* of the baseline and the follow-up */
    bfl_ct_options options;
    bfl_scan_limits limits;
    bool json, progress;
    size_t stage;      /* how many have begun */
    char key[33];      /* of what the folder holds; "" when it cannot be told */
    char step_key[33]; /* of what ct.transform holds */
    char *kept;        /* what it held */
    bool unkept;       /* it could not be written, and a message said so */
    bfl_rulebook *rulebook;
    bfl_study *study; /* of --record */
    bfl_ct *ct;
} cli_ct_command;

/* Writes everything into the folder, each file by a rename. */
int cli_ct_write(const cli_ct_command *c);
/* Reads what an interrupted run left of its registration, and has this one's kept until the folder is whole. */
void cli_ct_keep_registration(cli_ct_command *c);
/* Does the folder hold the whole of this comparison from an earlier run? */
bool cli_ct_is_done(const cli_ct_command *c);
/* Prints what that run printed, and returns its exit code. */
int cli_ct_print_again(const cli_ct_command *c);

#endif
