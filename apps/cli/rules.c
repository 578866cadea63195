/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

int cli_rules(int argc, char **argv) {
    (void)argc;
    (void)argv;
    return cli_usage("rules", "not built yet");
}
