/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare assess --ndjson: standard input to standard output, one patient after the other. */
#include "cli.h"

#include <unistd.h>

/* Each patient's results leave at once, so that the next program in the pipe may begin. */
static bool write_result(void *context, const char *data, size_t size) {
    return fwrite(data, 1, size, context) == size && fflush(context) == 0;
}

int cli_filter(const cli_filter_options *o) {
    static char name[] = "assess";
    int input = STDIN_FILENO;
    bfl_error err = {0};
    const bfl_filter_options options = {.struct_size = sizeof options,
                                        .out = {write_result, o->out},
                                        .problems = {cli_write_problems, name},
                                        .threads = o->threads,
                                        .patient_bytes = o->patient_bytes,
                                        .name = "stdin",
                                        .assess = o->assess,
                                        .report = o->report};
    bfl_status status = bfl_filter(cli_intake(&input), o->rulebook, &options, NULL, &err);
    return status == BFL_OK ? CLI_OK : cli_fail("assess", &err);
}
