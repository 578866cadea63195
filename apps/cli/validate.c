/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

int cli_validate(int argc, char **argv) {
    (void)argc;
    (void)argv;
    return cli_usage("validate", "not built yet");
}
