/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static ptrdiff_t read_file(void *context, char *data, size_t size) {
    ssize_t got;
    do got = read(*(const int *)context, data, size);
    while (got < 0 && errno == EINTR);
    return got;
}

bfl_intake cli_intake(int *file) { return (bfl_intake){read_file, file}; }

bool cli_date(const char *text, bfl_date *out, bfl_error *err) {
    char day[24];
    const char *digits = text[0] == '-' ? text + 1 : text;
    size_t length = strlen(digits);
    bool is_day = length > 0 && length != 4 && length < sizeof day - 3 && strspn(digits, "0123456789") == length;
    if (is_day) {
        (void)snprintf(day, sizeof day, "d%s", text);
        text = day;
    }
    return bfl_date_parse(bfl_text_of(text), out, err) == BFL_OK;
}

bool cli_number(const char *text, uint64_t least, uint64_t most, uint64_t *out) {
    uint64_t value = 0;
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18 || text[digits]) return false;
    for (size_t i = 0; i < digits; i++) value = value * 10 + (uint64_t)(text[i] - '0');
    if (value < least || value > most) return false;
    *out = value;
    return true;
}

char *cli_open_temporary(const char *path, FILE **out) {
    static const char suffix[] = ".XXXXXX";
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) { /* never replace a device or a folder */
        errno = S_ISDIR(info.st_mode) ? EISDIR : ENOTSUP;
        return NULL;
    }
    size_t size = strlen(path) + sizeof suffix;
    char *name = malloc(size);
    if (!name) return NULL;
    (void)snprintf(name, size, "%s%s", path, suffix);
    int file = mkstemp(name);
    mode_t mask = umask(0);
    (void)umask(mask);
    if (file >= 0 && fchmod(file, 0666 & ~mask) == 0) *out = fdopen(file, "wb");
    if (*out) return name;
    int why = errno;
    if (file >= 0) (void)close(file), (void)unlink(name);
    free(name);
    errno = why;
    return NULL;
}

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
