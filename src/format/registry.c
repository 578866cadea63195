/* SPDX-License-Identifier: Apache-2.0 */
/* Which format an input is in. Adding a format = one folder, one line here, one build line. */
#include "format/registry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bfl_status read_casefolder(const char *path, const bfl_sdtm_options *options, bfl_study **out, bfl_error *err) {
    return bfl_casefolder_read(path, options->limits, out, err);
}

static bfl_status read_fhir(const char *path, const bfl_sdtm_options *options, bfl_study **out, bfl_error *err) {
    return bfl_fhir_read(path, options->limits, out, err);
}

static bfl_status read_mef(const char *path, const bfl_sdtm_options *options, bfl_study **out, bfl_error *err) {
    return bfl_mef_read(path, options->limits, out, err);
}

const bfl_format bfl_formats[] = {
    {"casefolder", "case folder", bfl_casefolder_probe, read_casefolder, false},
    {"sdtm", "SDTM datasets", bfl_sdtm_probe, bfl_sdtm_read, true},
    {"mef", "mCODE extraction tables", bfl_mef_probe, read_mef, false},
    {"fhir", "FHIR", bfl_fhir_probe, read_fhir, false},
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
    const bfl_sdtm_options options = {.struct_size = sizeof options, .limits = limits};
    return bfl_study_read_as(path, &options, out, err);
}

bfl_status bfl_study_read_as(const char *path, const bfl_sdtm_options *options, bfl_study **out, bfl_error *err) {
    bfl_sdtm_options o = {.struct_size = sizeof o};
    if (!path || !out) return bfl_fail(err, BFL_EINVAL, "bfl_study_read", 0, "path and out must not be NULL");
    if (options) memcpy(&o, options, options->struct_size < sizeof o ? options->struct_size : sizeof o);
    int found = probe(path);
    const bfl_format *format = &bfl_formats[found == NONE ? 0 : found];
    if (found != NONE && !format->evaluators && (o.evaluator || o.evaluator_id || o.accepted_only))
        return bfl_fail(err, BFL_EINVAL, path, 0, "is read as %s, and only SDTM names evaluators", format->name);
    return format->read(path, &o, out, err);
}
