/* SPDX-License-Identifier: Apache-2.0 */
/* Writing a study: a writer composes the files, and the folder appears by one rename when all of them are there. */
#include "format/writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const bfl_writer writers[] = {
    {"case-folder", "case folder: CSV tables", bfl_casefolder_compose},
    {"sdtm-csv", "SDTM datasets as CSV", bfl_sdtm_compose_csv},
    {"sdtm-xpt", "SDTM datasets as SAS transport files of version 5", bfl_sdtm_compose_xpt},
    {"dataset-json", "SDTM datasets as CDISC Dataset-JSON 1.1", bfl_sdtm_compose_json},
    {"ndjson", "the same, a row a line", bfl_sdtm_compose_ndjson},
    {"fhir", "FHIR R4, mCODE STU4: a Bundle a line for each patient", bfl_fhir_compose},
    {"fhir-put", "the same as transactions, to be posted to a server", bfl_fhir_compose_transactions},
};
enum { WRITER_COUNT = sizeof writers / sizeof *writers };

size_t bfl_writer_count(void) { return WRITER_COUNT; }

const char *bfl_writer_id(size_t index) { return index < WRITER_COUNT ? writers[index].id : NULL; }

const char *bfl_writer_name(size_t index) { return index < WRITER_COUNT ? writers[index].name : NULL; }

static const bfl_writer *find_writer(const char *id) {
    for (size_t i = 0; i < WRITER_COUNT; i++)
        if (strcmp(writers[i].id, id) == 0) return &writers[i];
    return NULL;
}

/* ---- what a writer calls ---- */

void bfl_writing_file(bfl_writing *w, const char *name, size_t rows, bfl_text bytes) {
    *BFL_PUSH(w->arena, &w->files) = (bfl_written_file){name, rows, bytes.size};
    *BFL_PUSH(w->arena, &w->bytes) = bytes;
}

void bfl_writing_lose(bfl_writing *w, bfl_loss_code code, bfl_place place, const char *found, const char *why) {
    static const char *const codes[][2] = {
#define LOSS_ROW(name, code, action) {code, action},
        BFL_LOSSES(LOSS_ROW)};
    *BFL_PUSH(w->arena, &w->losses) = (bfl_issue){.severity = BFL_ISSUE_WARNING,
                                                  .code = codes[code][0],
                                                  .patient = place.patient,
                                                  .source = place.source,
                                                  .column = place.column,
                                                  .found = found,
                                                  .expected = why,
                                                  .action = codes[code][1]};
}

/* ---- the folder ---- */

/* Names are made before the folder is: nothing below may run out of memory and leave it behind. */
typedef struct folder {
    const char *path, *temporary;
    const char **files; /* in the temporary folder */
    size_t made;
} folder;

static folder name_folder(const bfl_writing *w, const char *path) {
    folder f = {.path = path};
    f.temporary = bfl_arena_printf(w->arena, "%s.%ld.tmp", path, (long)getpid());
    f.files = BFL_NEW_ARRAY(w->arena, w->files.count, const char *);
    for (size_t i = 0; i < w->files.count; i++)
        f.files[i] = bfl_arena_printf(w->arena, "%s/%s", f.temporary, w->files.items[i].name);
    return f;
}

static void remove_folder(const folder *f) {
    for (size_t i = 0; i < f->made; i++) (void)unlink(f->files[i]);
    (void)rmdir(f->temporary);
}

static bfl_status make_folder(folder *f, const bfl_writing *w, bfl_error *err) {
    if (mkdir(f->temporary, 0777) != 0)
        return bfl_fail(err, BFL_EIO, f->path, 0, "cannot make a folder beside it: %s", strerror(errno));
    bfl_status status = BFL_OK;
    for (; f->made < w->files.count && !status; f->made++)
        status = bfl_file_write(f->files[f->made], w->bytes.items[f->made], false, err);
    if (!status && rename(f->temporary, f->path) != 0) {
        bool there = errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR;
        status = bfl_fail(err, there ? BFL_EEXIST : BFL_EIO, f->path, 0, "%s",
                          there ? "is already there; nothing was written" : strerror(errno));
    }
    if (status) remove_folder(f);
    return status;
}

/* ---- the whole ---- */

struct bfl_written {
    bfl_writing writing;
};

typedef struct job {
    const bfl_study *study;
    const char *path;
    bfl_write_options options;
    const bfl_writer *writer;
    bfl_written *out;
} job;

static bfl_status write_study(bfl_arena *arena, void *context, bfl_error *err) {
    job *j = context;
    j->out = BFL_NEW(arena, bfl_written);
    bfl_writing *w = &j->out->writing;
    w->arena = arena;
    w->study = j->study;
    w->study_id = bfl_arena_text(arena, bfl_text_of(j->options.study_id ? j->options.study_id : "STUDY"));
    w->created = bfl_arena_text(arena, bfl_text_of(j->options.created ? j->options.created : "1970-01-01T00:00:00"));
    j->writer->compose(w);
    if (!j->path) return BFL_OK;
    folder f = name_folder(w, j->path);
    return make_folder(&f, w, err);
}

/* "2026-11-22T08:00:00" */
static bool is_moment(const char *text) {
    static const char form[] = "0000-00-00T00:00:00";
    bfl_date day;
    if (strlen(text) != sizeof form - 1) return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i]) return false;
    return bfl_date_parse((bfl_text){text, 10}, &day, NULL) == BFL_OK;
}

static bfl_status prepare(job *j, const bfl_write_options *options, bfl_error *err) {
    memcpy(&j->options, options, options->struct_size < sizeof j->options ? options->struct_size : sizeof j->options);
    j->writer = j->options.format ? find_writer(j->options.format) : NULL;
    if (!j->writer)
        return bfl_fail(err, BFL_ENOTFOUND, j->options.format ? j->options.format : "", 0,
                        "is no format that is written");
    if (j->options.created && !is_moment(j->options.created))
        return bfl_fail(err, BFL_EINVAL, j->options.created, 0, "is no time such as 2026-11-22T08:00:00");
    return BFL_OK;
}

bfl_status bfl_study_write(const bfl_study *study, const char *path, const bfl_write_options *options,
                           bfl_written **out, bfl_error *err) {
    job j = {.study = study, .path = path, .options = {.struct_size = sizeof j.options}};
    if (!study || !path || !options || !out)
        return bfl_fail(err, BFL_EINVAL, "bfl_study_write", 0, "study, path, options and out must not be NULL");
    bfl_status status = prepare(&j, options, err);
    if (status) return status;
    struct stat s;
    if (lstat(path, &s) == 0 && !S_ISDIR(s.st_mode))
        return bfl_fail(err, BFL_EEXIST, path, 0, "is already there; nothing was written");
    status = bfl_arena_build(write_study, &j, err);
    if (!status) *out = j.out;
    return status;
}

bfl_status bfl_study_compose(const bfl_study *study, const bfl_write_options *options, bfl_written **out,
                             bfl_error *err) {
    job j = {.study = study, .options = {.struct_size = sizeof j.options}};
    if (!study || !options || !out)
        return bfl_fail(err, BFL_EINVAL, "bfl_study_compose", 0, "study, options and out must not be NULL");
    bfl_status status = prepare(&j, options, err);
    if (!status) status = bfl_arena_build(write_study, &j, err);
    if (!status) *out = j.out;
    return status;
}

bfl_text bfl_written_bytes(const bfl_written *written, size_t index) {
    return index < written->writing.bytes.count ? written->writing.bytes.items[index] : (bfl_text){"", 0};
}

void bfl_written_free(bfl_written *written) {
    if (written) bfl_arena_free(written->writing.arena);
}

size_t bfl_written_file_count(const bfl_written *written) { return written->writing.files.count; }

const bfl_written_file *bfl_written_file_at(const bfl_written *written, size_t index) {
    return index < written->writing.files.count ? &written->writing.files.items[index] : NULL;
}

size_t bfl_written_loss_count(const bfl_written *written) { return written->writing.losses.count; }

const bfl_issue *bfl_written_loss_at(const bfl_written *written, size_t index) {
    return index < written->writing.losses.count ? &written->writing.losses.items[index] : NULL;
}
