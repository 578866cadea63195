/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

int cli_template(int argc, char **argv) {
    (void)argc;
    (void)argv;
    return cli_usage("template", "not built yet");
}
