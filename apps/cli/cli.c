/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <stdarg.h>
#include <time.h>
#include <unistd.h>

int cli_fail(const char *command, const bfl_error *err) {
    (void)fprintf(stderr, "boneflare %s: ", command);
    if (err->where[0] && err->line)
        (void)fprintf(stderr, "%s:%u: ", err->where, err->line);
    else if (err->where[0])
        (void)fprintf(stderr, "%s: ", err->where);
    (void)fprintf(stderr, "%s\n", err->message[0] ? err->message : bfl_status_name(err->status));
    return err->status == BFL_ENOMEM ? CLI_SYSTEM : err->status == BFL_EINVAL ? CLI_USAGE : CLI_INPUT;
}

int cli_usage(const char *command, const char *format, ...) {
    va_list args;
    va_start(args, format);
    (void)fprintf(stderr, "boneflare %s: ", command);
    (void)vfprintf(stderr, format, args);
    (void)fprintf(stderr, "\nTry 'boneflare %s --help'.\n", command);
    va_end(args);
    return CLI_USAGE;
}

static bool write_stream(void *context, const char *data, size_t size) {
    return fwrite(data, 1, size, context) == size;
}

bfl_sink cli_sink(FILE *stream) { return (bfl_sink){write_stream, stream}; }

static bool progress_shown;

void cli_progress(const char *what, size_t done, size_t total) {
    static time_t first;
    if (!isatty(STDERR_FILENO)) return;
    time_t now = time(NULL);
    if (first == 0) first = now;
    if (now - first < 2) return;
    progress_shown = true;
    (void)fprintf(stderr, "\r%s %zu of %zu (%zu %%)\033[K", what, done, total, total ? done * 100 / total : 0);
}

void cli_progress_end(void) {
    if (progress_shown) (void)fputs("\r\033[K", stderr);
    progress_shown = false;
}
