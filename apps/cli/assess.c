/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

int cli_assess(int argc, char **argv) {
    (void)argc;
    (void)argv;
    return cli_usage("assess", "not built yet");
}
