/* SPDX-License-Identifier: Apache-2.0 */
/* Which format an input is in. Adding a format = one folder, one line here, one build line. */
#include "format/registry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bfl_status read_sdtm(const char *path, const bfl_limits *limits, bfl_study **out, bfl_error *err) {
    const bfl_sdtm_options options = {.struct_size = sizeof options, .limits = limits};
    return bfl_sdtm_read(path, &options, out, err);
}

const bfl_format bfl_formats[] = {
    {"casefolder", "case folder", bfl_casefolder_probe, bfl_casefolder_read},
    {"sdtm", "SDTM datasets", bfl_sdtm_probe, read_sdtm},
    {"fhir", "FHIR", bfl_fhir_probe, bfl_fhir_read},
};
const size_t bfl_format_count = sizeof bfl_formats / sizeof *bfl_formats;

/* ---- the beginning of each file ---- */

enum { HEAD_SIZE = 4096, MOST_FILES = 10000, NONE = -1 };

static bfl_text read_head(int folder, const char *name, char buffer[HEAD_SIZE]) {
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC);
    size_t size = 0;
    while (file >= 0 && size < HEAD_SIZE) {
        ssize_t got = read(file, buffer + size, HEAD_SIZE - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += (size_t)got;
    }
    if (file >= 0) (void)close(file);
    return (bfl_text){buffer, size};
}

/* The first format in the list that knows the file, NONE when none does. */
static int format_of(int folder, const char *name) {
    char buffer[HEAD_SIZE];
    bfl_text head = read_head(folder, name, buffer);
    for (size_t i = 0; i < bfl_format_count; i++)
        if (bfl_formats[i].probe(name, head)) return (int)i;
    return NONE;
}

/* Of several formats in one folder the first in the list wins: its reader reports the files of the others. */
static int probe_folder(DIR *folder) {
    int best = NONE, files = 0;
    for (const struct dirent *e = readdir(folder); e && best != 0 && files < MOST_FILES; e = readdir(folder), files++) {
        int found = e->d_name[0] == '.' ? NONE : format_of(dirfd(folder), e->d_name);
        if (found != NONE && (best == NONE || found < best)) best = found;
    }
    return best;
}

static int probe(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) return errno == ENOTDIR ? format_of(AT_FDCWD, path) : NONE;
    int found = probe_folder(folder);
    (void)closedir(folder);
    return found;
}

bfl_status bfl_study_read(const char *path, const bfl_limits *limits, bfl_study **out, bfl_error *err) {
    if (!path || !out) return bfl_fail(err, BFL_EINVAL, "bfl_study_read", 0, "path and out must not be NULL");
    int found = probe(path);
    return bfl_formats[found == NONE ? 0 : found].read(path, limits, out, err);
}
