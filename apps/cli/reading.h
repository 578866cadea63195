/* SPDX-License-Identifier: Apache-2.0 */
/* Whose measurements a command reads from SDTM: --evaluator and --accepted-only, the same in every command. */
#ifndef BFL_CLI_READING_H
#define BFL_CLI_READING_H

#include <boneflare/format.h>

typedef struct cli_reading {
    bfl_sdtm_options options;
} cli_reading;

cli_reading cli_reading_default(void);
/* "INVESTIGATOR" or "INDEPENDENT ASSESSOR:RADIOLOGIST 1". The value is cut at the colon and borrowed. */
void cli_reading_evaluator(cli_reading *reading, char *value);

#endif
