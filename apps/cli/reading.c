/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <string.h>

cli_reading cli_reading_default(void) { return (cli_reading){.options = {.struct_size = sizeof(bfl_sdtm_options)}}; }

void cli_reading_evaluator(cli_reading *reading, char *value) {
    char *colon = strchr(value, ':');
    reading->options.evaluator = value;
    if (!colon) return;
    *colon = '\0';
    reading->options.evaluator_id = colon + 1;
    if (!value[0]) reading->options.evaluator = NULL; /* ":RADIOLOGIST 1" */
}
