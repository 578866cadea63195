/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare template: the empty tables of a case folder. */
#include "cli.h"

#include <string.h>

static int help(void) {
    (void)fputs(
        "Usage: boneflare template DIR\n\n"
        "Writes the eight empty tables of a case folder, with their headers, into the new or empty folder DIR.\n"
        "Fill in what is known and delete the rest; docs/case-folder.md explains every column.\n",
        stdout);
    return CLI_OK;
}

int cli_template(int argc, char **argv) {
    const char *path = NULL;
    bool options = true;
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        if (options && (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)) return help();
        if (options && strcmp(arg, "--") == 0) {
            options = false;
            continue;
        }
        if (options && arg[0] == '-') return cli_usage("template", "there is no option '%s'", arg);
        if (path) return cli_usage("template", "one folder at a time; '%s' is the second", arg);
        path = arg;
    }
    if (!path) return cli_usage("template", "which folder?");
    bfl_error err = {0};
    if (bfl_casefolder_template(path, &err) != BFL_OK) return cli_fail("template", &err);
    (void)printf("Wrote the empty tables of a case folder into %s.\n"
                 "Fill them in, then run: boneflare validate %s\n",
                 path, path);
    return CLI_OK;
}
