/* SPDX-License-Identifier: Apache-2.0 */
/* A case folder on disk or in memory: which tables there are. */
#include "format/casefolder/read.h"
#include "format/job.h"
#include "format/registry.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

typedef struct job {
    const char *path;              /* of the folder, NULL for tables in memory */
    const bfl_table_bytes *tables; /* in memory */
    size_t table_count;
    const bfl_limits *limits;
    bfl_format_job *memory;
    DIR *folder; /* outside the arenas' reach: closed whatever happens */
} job;

static bfl_status run_job(job *j, bfl_study **out, bfl_error *err);

bfl_status bfl_casefolder_read(const char *path, const bfl_limits *limits, bfl_study **out, bfl_error *err) {
    if (!path || !out) return bfl_fail(err, BFL_EINVAL, "bfl_casefolder_read", 0, "path and out must not be NULL");
    job j = {.path = path, .limits = limits};
    return run_job(&j, out, err);
}

bfl_status bfl_casefolder_parse(const bfl_table_bytes *tables, size_t count, const bfl_limits *limits, bfl_study **out,
                                bfl_error *err) {
    if (!out || (count && !tables))
        return bfl_fail(err, BFL_EINVAL, "bfl_casefolder_parse", 0, "tables and out must not be NULL");
    for (size_t i = 0; i < count; i++)
        if (!tables[i].name || (tables[i].bytes.size && !tables[i].bytes.data))
            return bfl_fail(err, BFL_EINVAL, "tables", 0, "a table needs a name and bytes");
    job j = {.tables = tables, .table_count = count, .limits = limits};
    return run_job(&j, out, err);
}

/* ---- in memory ---- */

static bfl_status read_memory(const job *j, reader *r, bfl_error *err) {
    for (size_t t = 0; t < TABLE_COUNT; t++)
        for (size_t i = 0; i < j->table_count; i++) {
            if (strcmp(j->tables[i].name, bfl_casefolder_tables[t].file) != 0) continue;
            bfl_status status = bfl_reader_table(r, &bfl_casefolder_tables[t], j->memory->row, j->tables[i].bytes, err);
            if (status) return status;
        }
    for (size_t i = 0; i < j->table_count; i++)
        if (!bfl_casefolder_table(j->tables[i].name)) bfl_reader_unknown_file(r, j->tables[i].name);
    return BFL_OK;
}

/* ---- on disk ---- */

/* "Labs.csv", "lab.csv", "labs.xlsx": looks like a table that somebody wanted to be read. */
static bool looks_like_table(const char *file) {
    bfl_text text = bfl_text_of(file);
    if (text.size > 4 && bfl_text_equal_nocase((bfl_text){file + text.size - 4, 4}, BFL_TEXT(".csv"))) return true;
    bfl_text stem = bfl_text_split(&text, '.');
    for (size_t t = 0; t < TABLE_COUNT && text.size; t++) {
        bfl_text known = bfl_text_of(bfl_casefolder_tables[t].file);
        if (bfl_text_equal_nocase(stem, bfl_text_split(&known, '.'))) return true;
    }
    return false;
}

static void report_unknown_files(const job *j, reader *r) {
    for (const struct dirent *e = readdir(j->folder); e; e = readdir(j->folder))
        if (e->d_name[0] != '.' && !bfl_casefolder_table(e->d_name) && looks_like_table(e->d_name))
            bfl_reader_unknown_file(r, e->d_name);
}

static bfl_status open_folder(job *j, bfl_error *err) {
    j->folder = opendir(j->path);
    if (j->folder) return BFL_OK;
    if (errno == ENOENT) return bfl_fail(err, BFL_ENOTFOUND, j->path, 0, "there is no such folder");
    if (errno == ENOTDIR)
        return bfl_fail(err, BFL_ENOTFOUND, j->path, 0, "is a file; give the folder that holds the tables");
    return bfl_fail(err, BFL_EIO, j->path, 0, "cannot open the folder: %s", strerror(errno));
}

static bfl_status read_folder(job *j, reader *r, bfl_error *err) {
    bfl_status status = open_folder(j, err);
    for (size_t t = 0; t < TABLE_COUNT && !status; t++) {
        const table *tab = &bfl_casefolder_tables[t];
        bfl_arena_reset(j->memory->bytes);
        bfl_text bytes;
        const char *path = bfl_arena_printf(j->memory->bytes, "%s/%s", j->path, tab->file);
        status = bfl_file_read(j->memory->bytes, path, r->limits.file_bytes, &bytes, err);
        if (status == BFL_ENOTFOUND)
            status = BFL_OK;
        else if (status == BFL_OK)
            status = bfl_reader_table(r, tab, j->memory->row, bytes, err);
    }
    if (status) return status;
    report_unknown_files(j, r);
    if (r->tables_seen == 0)
        return bfl_fail(err, BFL_ENOTFOUND, j->path, 0,
                        "holds no table of a case folder; 'boneflare template DIR' writes empty ones");
    return BFL_OK;
}

/* ---- is it one? ---- */

bool bfl_casefolder_probe(const char *file, bfl_text head) {
    (void)head;
    return bfl_casefolder_table(file) != NULL;
}

/* ---- the job ---- */

/* Of several folders it must be clear whose table it is. */
static void name_folder(const job *j, bfl_error *err) {
    if (!err || !j->path || !bfl_casefolder_table(err->where)) return;
    bfl_error at = *err;
    const char *path = bfl_arena_printf(j->memory->scratch, "%s/%s", j->path, at.where);
    (void)bfl_fail(err, at.status, path, at.line, "%s", at.message);
}

static bfl_status read_job(bfl_format_job *memory, void *context, bfl_error *err) {
    job *j = context;
    j->memory = memory;
    reader *r = BFL_NEW(memory->scratch, reader);
    bfl_reader_begin(r, memory->arena, memory->scratch, j->limits);
    bfl_status status = j->path ? read_folder(j, r, err) : read_memory(j, r, err);
    if (!status) status = bfl_reader_end(r, &memory->study, err);
    if (status) name_folder(j, err);
    return status;
}

static bfl_status run_job(job *j, bfl_study **out, bfl_error *err) {
    bfl_status status = bfl_format_run(read_job, j, out, err);
    if (j->folder) (void)closedir(j->folder);
    return status;
}
