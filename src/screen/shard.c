/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of a population: written into a folder with another name, which gets its own when everything is in it. */
#include "screen/screen.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_PATH = 4096, MOST_PARTS = 9999, WRITE_BYTES = 256 * 1024, NO_PART = -1 };

/* A file being written, with a buffer in the shard's arena. */
typedef struct output {
    int file;
    char *buffer;
    size_t used;
} output;

typedef struct shard {
    bfl_shard_options options;
    bfl_inputs inputs;
    bfl_arena *arena;
    char parent[LONGEST_PATH], folder[LONGEST_PATH]; /* folder: what `out` is called until it is whole */
    output part, nobody, unsolved;
    int64_t part_number;
    bool made;
} shard;

/* ---- files ---- */

static bfl_status flush(output *o, bfl_error *err) {
    for (size_t done = 0; done < o->used;) {
        ssize_t got = write(o->file, o->buffer + done, o->used - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return bfl_fail(err, BFL_EIO, "part", 0, "cannot be written: %s", strerror(errno));
        done += (size_t)got;
    }
    o->used = 0;
    return BFL_OK;
}

static bfl_status add(output *o, bfl_text text, bfl_error *err) {
    bfl_status status = BFL_OK;
    while (text.size && !status) {
        size_t part = WRITE_BYTES - o->used < text.size ? WRITE_BYTES - o->used : text.size;
        memcpy(o->buffer + o->used, text.data, part);
        o->used += part;
        text = (bfl_text){text.data + part, text.size - part};
        if (o->used == WRITE_BYTES) status = flush(o, err);
    }
    return status;
}

static bfl_status add_line(output *o, bfl_text line, bfl_error *err) {
    while (line.size && line.data[line.size - 1] == '\r') line.size--;
    bfl_status status = add(o, line, err);
    return status ? status : add(o, BFL_TEXT("\n"), err);
}

static bfl_status close_output(output *o, bfl_error *err) {
    if (o->file < 0) return BFL_OK;
    bfl_status status = flush(o, err);
    if (close(o->file) != 0 && !status)
        status = bfl_fail(err, BFL_EIO, "part", 0, "cannot be written: %s", strerror(errno));
    o->file = -1;
    return status;
}

static bfl_status open_output(shard *s, output *o, const char *name, bfl_error *err) {
    char path[LONGEST_PATH];
    int length = snprintf(path, sizeof path, "%s/%s", s->folder, name);
    if (length < 0 || (size_t)length >= sizeof path) return bfl_fail(err, BFL_EINVAL, s->folder, 0, "path is too long");
    o->file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return o->file >= 0 ? BFL_OK : bfl_fail(err, BFL_EIO, path, 0, "cannot be made: %s", strerror(errno));
}

/* ---- what the grouping hands over ---- */

static bfl_status put_aside(void *context, const bfl_line *line, bfl_error *err) {
    shard *s = context;
    bool nobody = line->kind == BFL_LINE_NOBODY;
    output *o = nobody ? &s->nobody : &s->unsolved;
    bfl_status status = BFL_OK;
    if (o->file < 0) status = open_output(s, o, nobody ? "without-patient.ndjson" : "not-resolved.ndjson", err);
    return status ? status : add_line(o, line->text, err);
}

/* Parts without patients are there too, empty. */
static bfl_status open_parts_to(shard *s, int64_t number, bfl_error *err) {
    bfl_status status = BFL_OK;
    while (s->part_number < number && !status) {
        char name[32];
        status = close_output(&s->part, err);
        (void)snprintf(name, sizeof name, "part-%04d.ndjson", (int)(s->part_number + 1));
        if (!status) status = open_output(s, &s->part, name, err);
        s->part_number++;
    }
    return status;
}

static bfl_status write_bucket(void *context, void *slot, uint32_t part, const bfl_grouped *lines, size_t count,
                               bfl_error *err) {
    (void)slot;
    shard *s = context;
    bfl_status status = open_parts_to(s, part, err);
    for (size_t i = 0; i < count && !status; i++) status = add_line(&s->part, lines[i].text, err);
    return status;
}

/* ---- the folder ---- */

/* The folder that `out` lies in: spills and the unfinished parts go there, so that a rename is enough. */
static void find_parent(shard *s, const char *out) {
    (void)snprintf(s->parent, sizeof s->parent, "%s", out);
    size_t size = strlen(s->parent);
    while (size > 1 && s->parent[size - 1] == '/') s->parent[--size] = '\0';
    char *slash = strrchr(s->parent, '/');
    if (!slash)
        (void)snprintf(s->parent, sizeof s->parent, ".");
    else
        slash[slash == s->parent] = '\0';
}

static bool is_empty_folder(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) return false;
    bool empty = true;
    for (const struct dirent *e = readdir(folder); e && empty; e = readdir(folder))
        empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    (void)closedir(folder);
    return empty;
}

static bfl_status make_folder(shard *s, bfl_error *err) {
    const char *out = s->options.out;
    struct stat info;
    if (strlen(out) + 32 > LONGEST_PATH) return bfl_fail(err, BFL_EINVAL, out, 0, "path is too long");
    if (stat(out, &info) == 0 && !is_empty_folder(out)) return bfl_fail(err, BFL_EEXIST, out, 0, "is there already");
    find_parent(s, out);
    int length = snprintf(s->folder, sizeof s->folder, "%s/.boneflare-shard-XXXXXX", s->parent);
    if (length < 0 || (size_t)length >= sizeof s->folder) return bfl_fail(err, BFL_EINVAL, out, 0, "path is too long");
    if (!mkdtemp(s->folder))
        return bfl_fail(err, BFL_EIO, s->parent, 0, "no folder can be made in it: %s", strerror(errno));
    s->made = true;
    return BFL_OK;
}

static bfl_status finish(shard *s, bfl_error *err) {
    mode_t mask = umask(0);
    (void)umask(mask);
    if (chmod(s->folder, 0777 & ~mask) == 0 && rename(s->folder, s->options.out) == 0) return BFL_OK;
    return bfl_fail(err, BFL_EIO, s->options.out, 0, "cannot be made: %s", strerror(errno));
}

static void remove_folder(const char *path) {
    DIR *folder = opendir(path);
    for (const struct dirent *e = folder ? readdir(folder) : NULL; e; e = readdir(folder))
        (void)unlinkat(dirfd(folder), e->d_name, 0);
    if (folder) (void)closedir(folder);
    (void)rmdir(path);
}

/* ---- the run ---- */

static bfl_status make_buffers(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    shard *s = context;
    output *all[] = {&s->part, &s->nobody, &s->unsolved};
    for (size_t i = 0; i < 3; i++) {
        all[i]->buffer = bfl_arena_alloc(arena, WRITE_BYTES, 1);
        all[i]->file = -1;
    }
    return BFL_OK;
}

static bfl_status run(shard *s, bfl_group_counts *counts, bfl_error *err) {
    bfl_group_job job = {.folder = s->parent,
                         .threads = s->options.threads,
                         .parts = s->options.parts,
                         .problems = s->options.problems,
                         .progress = s->options.progress,
                         .context = s,
                         .aside = put_aside,
                         .emit = write_bucket};
    bfl_status status = bfl_inputs_open(&s->inputs, s->options.inputs, s->options.input_count, err);
    if (!status) status = make_folder(s, err);
    if (!status) status = bfl_group_run(&job, &s->inputs, counts, err);
    if (!status) status = open_parts_to(s, (int64_t)s->options.parts - 1, err);
    output *all[] = {&s->part, &s->nobody, &s->unsolved};
    for (size_t i = 0; i < 3; i++)
        if (!status)
            status = close_output(all[i], err);
        else if (all[i]->file >= 0)
            (void)close(all[i]->file);
    if (!status) status = finish(s, err);
    if (status && s->made) remove_folder(s->folder);
    bfl_inputs_close(&s->inputs);
    return status;
}

bfl_status bfl_shard(const bfl_shard_options *options, bfl_group_counts *counts, bfl_error *err) {
    bfl_group_counts own = {0};
    shard s = {.part_number = NO_PART};
    if (!options || !options->inputs || !options->input_count || !options->out || !options->out[0])
        return bfl_fail(err, BFL_EINVAL, "bfl_shard", 0, "inputs and out are needed");
    memcpy(&s.options, options, options->struct_size < sizeof s.options ? options->struct_size : sizeof s.options);
    if (s.options.parts < 1 || s.options.parts > MOST_PARTS)
        return bfl_fail(err, BFL_EINVAL, "parts", 0, "must be 1 to %d", MOST_PARTS);
    s.arena = bfl_arena_new();
    bfl_status status = s.arena ? bfl_arena_run(s.arena, make_buffers, &s, err) : BFL_ENOMEM;
    if (!status) status = run(&s, &own, err);
    bfl_arena_free(s.arena);
    if (counts) *counts = own;
    return status;
}
