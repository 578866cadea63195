/* SPDX-License-Identifier: Apache-2.0 */
/* SDTM on disk or in memory: a folder of datasets or one file, each file read by what it holds and not by its name. */
#include "format/registry.h"
#include "format/sdtm/sdtm.h"

#include <dirent.h>
#include <errno.h>
#include <simdjson/flat_json.h>
#include <string.h>
#include <sys/stat.h>

typedef struct job {
    const char *path;             /* NULL for files in memory */
    const bfl_table_bytes *files; /* in memory */
    size_t file_count;
    const bfl_sdtm_options *options;
    bfl_rulebook *rulebook; /* these are outside the arenas' reach: released whatever happens */
    DIR *folder;
    bfl_json_flat *json;
    bfl_format_job *memory;
} job;

static bfl_status run_job(job *j, bfl_study **out, bfl_error *err);

bfl_status bfl_sdtm_read(const char *path, const bfl_sdtm_options *options, bfl_study **out, bfl_error *err) {
    if (!path || !out) return bfl_fail(err, BFL_EINVAL, "bfl_sdtm_read", 0, "path and out must not be NULL");
    job j = {.path = path, .options = options};
    return run_job(&j, out, err);
}

bfl_status bfl_sdtm_parse(const bfl_table_bytes *files, size_t count, const bfl_sdtm_options *options, bfl_study **out,
                          bfl_error *err) {
    job j = {.files = files, .file_count = count, .options = options};
    return run_job(&j, out, err);
}

/* ---- one file ---- */

static bool ends_with(const char *file, const char *ending) {
    size_t size = strlen(file), length = strlen(ending);
    return size > length && bfl_text_equal_nocase(bfl_text_of(file + size - length), bfl_text_of(ending));
}

bfl_status bfl_sdtm_file(sdtm *s, const char *file, bfl_text bytes, bfl_error *err) {
    s->files_seen++;
    if (ends_with(file, ".xpt") || bfl_sdtm_is_xpt(bytes)) return bfl_sdtm_xpt(s, file, bytes, err);
    if (bfl_sdtm_is_json(bytes) || ends_with(file, ".json") || ends_with(file, ".ndjson"))
        return bfl_sdtm_json(s, file, bytes, err);
    return bfl_sdtm_csv(s, file, bytes, err);
}

static bfl_status read_path(job *j, sdtm *s, const char *path, const char *file, bfl_error *err) {
    bfl_text bytes;
    bfl_arena_reset(j->memory->bytes);
    bfl_status status = bfl_file_read(j->memory->bytes, path, s->limits.file_bytes, &bytes, err);
    return status ? status : bfl_sdtm_file(s, bfl_sdtm_keep(s, bfl_text_of(file)), bytes, err);
}

/* ---- a folder ---- */

typedef BFL_LIST(const char *) name_list;

static int compare_names(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_dataset_file(const char *file) {
    static const char *const endings[] = {".csv", ".xpt", ".json", ".ndjson"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(file, endings[i])) return file[0] != '.';
    return false;
}

static bfl_status read_folder(job *j, sdtm *s, bfl_error *err) {
    name_list list = {0};
    for (const struct dirent *e = readdir(j->folder); e; e = readdir(j->folder))
        if (is_dataset_file(e->d_name)) *BFL_PUSH(s->scratch, &list) = bfl_sdtm_keep(s, bfl_text_of(e->d_name));
    bfl_sort(s->scratch, list.items, list.count, sizeof *list.items, compare_names, NULL);
    for (size_t i = 0; i < list.count; i++) {
        const char *path = bfl_arena_printf(s->scratch, "%s/%s", j->path, list.items[i]);
        bfl_status status = read_path(j, s, path, list.items[i], err);
        if (status) return status;
    }
    if (s->files_seen) return BFL_OK;
    return bfl_fail(err, BFL_ENOTFOUND, j->path, 0, "holds no SDTM dataset (.csv, .xpt, .json or .ndjson)");
}

static bfl_status read_disk(job *j, sdtm *s, bfl_error *err) {
    j->folder = opendir(j->path);
    if (j->folder) return read_folder(j, s, err);
    if (errno == ENOTDIR) {
        const char *slash = strrchr(j->path, '/');
        return read_path(j, s, j->path, slash ? slash + 1 : j->path, err);
    }
    if (errno == ENOENT) return bfl_fail(err, BFL_ENOTFOUND, j->path, 0, "there is no such file or folder");
    return bfl_fail(err, BFL_EIO, j->path, 0, "cannot open it: %s", strerror(errno));
}

static bfl_status read_memory(const job *j, sdtm *s, bfl_error *err) {
    for (size_t i = 0; i < j->file_count; i++) {
        bfl_status status = bfl_sdtm_file(s, j->files[i].name, j->files[i].bytes, err);
        if (status) return status;
    }
    return BFL_OK;
}

/* ---- the whole ---- */

static void begin(job *j, sdtm *s) {
    bfl_sdtm_options o = {.struct_size = sizeof o};
    if (j->options) memcpy(&o, j->options, j->options->struct_size < sizeof o ? j->options->struct_size : sizeof o);
    s->arena = j->memory->arena;
    s->scratch = j->memory->scratch;
    s->row = j->memory->row;
    s->limits = bfl_format_limits(o.limits);
    s->wanted = (sdtm_reader_choice){o.evaluator, o.evaluator_id, o.accepted_only};
    s->rulebook = j->rulebook;
    s->json = &j->json;
    s->texts = (names){.arena = s->arena, .scratch = s->scratch};
    s->patients = s->texts;
    s->qualifiers = s->tumours = s->starts = (names){.arena = s->scratch, .scratch = s->scratch};
    s->study.scratch = s->scratch;
}

static bfl_status map(sdtm *s, bfl_study **out, bfl_error *err) {
    if (s->files_seen && !s->files_read) {
        if (s->first_problem.status == BFL_OK)
            return bfl_fail(err, BFL_EPARSE, "", 0, "no file holds an SDTM dataset that is read");
        if (err) *err = s->first_problem;
        return BFL_EPARSE;
    }
    bfl_sdtm_check_keys(s);
    bfl_sdtm_check_baselines(s);
    bfl_sdtm_people(s);
    bfl_status status = bfl_sdtm_choose(s, err);
    if (status) return status;
    bfl_sdtm_tumours(s);
    bfl_sdtm_responses(s);
    bfl_sdtm_labs(s);
    bfl_sdtm_events(s);
    bfl_study *study = bfl_study_seal(s->arena, &s->study);
    study->evaluator = s->chosen.evaluator ? bfl_sdtm_keep(s, bfl_text_of(s->chosen.evaluator)) : NULL;
    study->evaluator_id = s->chosen.evaluator_id ? bfl_sdtm_keep(s, bfl_text_of(s->chosen.evaluator_id)) : NULL;
    study->accepted_only = s->chosen.accepted;
    *out = study;
    return BFL_OK;
}

static bfl_status read_job(bfl_format_job *memory, void *context, bfl_error *err) {
    job *j = context;
    j->memory = memory;
    sdtm *s = BFL_NEW(memory->scratch, sdtm);
    begin(j, s);
    bfl_status status = j->path ? read_disk(j, s, err) : read_memory(j, s, err);
    return status ? status : map(s, &memory->study, err);
}

static bfl_status run_job(job *j, bfl_study **out, bfl_error *err) {
    bfl_status status = bfl_rulebook_open((bfl_text){"", 0}, &j->rulebook, err);
    if (!status) status = bfl_format_run(read_job, j, out, err);
    if (j->folder) (void)closedir(j->folder);
    bfl_json_free(j->json);
    bfl_rulebook_free(j->rulebook);
    return status;
}

/* ---- is it SDTM? ---- */

/* The first line of a dataset as CSV names the subject. */
static bool is_csv_dataset(bfl_text head) {
    bfl_text line = bfl_text_split(&head, '\n');
    return bfl_text_find_nocase(line, BFL_TEXT("USUBJID")) != SIZE_MAX;
}

bool bfl_sdtm_probe(const char *file, bfl_text head) {
    return is_dataset_file(file) && (bfl_sdtm_is_xpt(head) || bfl_sdtm_is_json(head) || is_csv_dataset(head));
}
