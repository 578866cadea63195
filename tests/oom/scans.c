/* SPDX-License-Identifier: Apache-2.0 */
/* Scans of every format, each allocation failing in turn: nothing leaks, the output stays as it was. */
#include "sweep.h"

#include <boneflare/format.h>

#include <stdio.h>
#include <stdlib.h>

static char untouched;

static bfl_status read_scan(const char *path) {
    bfl_scan *scan = (void *)&untouched;
    bfl_error err = {0};
    const bfl_scan_limits limits = {.struct_size = sizeof limits, .keep_identifiers = true};
    bfl_status status = bfl_scan_read(path, &limits, &scan, &err);
    if (status && (void *)scan != &untouched) oom_complain("an output was touched");
    if (status && err.status != status) oom_complain("the error says something else than the status");
    if (!status) bfl_scan_free(scan);
    return status;
}

/* scans MOST PATH... */
int main(int argc, char **argv) {
    bool good = argc > 2;
    printf("1..%d\n", argc - 2);
    for (int i = 2; i < argc; i++)
        good = oom_sweep(i - 1, argv[i], read_scan, argv[i], strtoll(argv[1], NULL, 10)) && good;
    return good ? 0 : 1;
}
