/* SPDX-License-Identifier: Apache-2.0 */
/* Files and folders, one after the other, as blocks of whole lines. */
#include "screen/screen.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_BYTES = 64 * 1024 * 1024 };

static ptrdiff_t read_file(void *context, char *data, size_t size) {
    ssize_t got;
    do got = read(*(const int *)context, data, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* ---- which files ---- */

typedef struct listing {
    bfl_inputs *inputs;
    const char *const *paths;
    size_t count;
    DIR *folder; /* outside the arena's reach */
} listing;

static bool ends_with(const char *file, const char *end) {
    size_t a = strlen(file), b = strlen(end);
    return a >= b && bfl_text_equal_nocase(bfl_text_of(file + a - b), bfl_text_of(end));
}

static int compare_names(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_file(bfl_inputs *in, const char *path, uint64_t size) {
    *BFL_PUSH(in->arena, &in->paths) = path;
    in->total_bytes += size;
}

static bfl_status add_folder(listing *l, const char *path, bfl_error *err) {
    bfl_inputs *in = l->inputs;
    size_t first = in->paths.count;
    struct stat info;
    l->folder = opendir(path);
    if (!l->folder) return bfl_fail(err, BFL_EIO, path, 0, "cannot open the folder: %s", strerror(errno));
    for (const struct dirent *e = readdir(l->folder); e; e = readdir(l->folder)) {
        if (e->d_name[0] == '.') continue;
        const char *file = bfl_arena_printf(in->arena, "%s/%s", path, e->d_name);
        bool wanted = ends_with(e->d_name, ".ndjson") || ends_with(e->d_name, ".jsonl");
        if (wanted && stat(file, &info) == 0 && S_ISREG(info.st_mode))
            add_file(in, file, (uint64_t)info.st_size);
        else
            in->left_out++;
    }
    (void)closedir(l->folder);
    l->folder = NULL;
    if (in->paths.count == first) return bfl_fail(err, BFL_ENOTFOUND, path, 0, "holds no .ndjson or .jsonl file");
    bfl_sort(in->arena, in->paths.items + first, in->paths.count - first, sizeof *in->paths.items, compare_names, NULL);
    return BFL_OK;
}

static bfl_status list(bfl_arena *arena, void *context, bfl_error *err) {
    listing *l = context;
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < l->count && !status; i++) {
        struct stat info;
        const char *path = bfl_arena_text(arena, bfl_text_of(l->paths[i]));
        if (stat(path, &info) != 0)
            status = bfl_fail(err, errno == ENOENT ? BFL_ENOTFOUND : BFL_EIO, path, 0, "%s", strerror(errno));
        else if (S_ISDIR(info.st_mode))
            status = add_folder(l, path, err);
        else
            add_file(l->inputs, path, (uint64_t)info.st_size);
    }
    return status;
}

bfl_status bfl_inputs_open(bfl_inputs *inputs, const char *const *paths, size_t count, bfl_error *err) {
    *inputs = (bfl_inputs){.file = -1, .arena = bfl_arena_new(), .stream_arena = bfl_arena_new()};
    listing l = {inputs, paths, count, NULL};
    bfl_status status = BFL_ENOMEM;
    if (inputs->arena && inputs->stream_arena)
        status = bfl_arena_run(inputs->arena, list, &l, err);
    else
        (void)bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    if (l.folder) (void)closedir(l.folder);
    return status;
}

/* ---- blocks ---- */

void bfl_inputs_rewind(bfl_inputs *in) {
    if (in->file >= 0) (void)close(in->file);
    in->file = -1;
    in->at = 0;
    in->bytes = 0;
}

void bfl_inputs_close(bfl_inputs *in) {
    bfl_inputs_rewind(in);
    bfl_arena_free(in->arena);
    bfl_arena_free(in->stream_arena);
    in->arena = in->stream_arena = NULL;
}

static bfl_status open_file(bfl_inputs *in, bfl_error *err) {
    const char *path = in->paths.items[in->at];
    in->file = open(path, O_RDONLY | O_CLOEXEC);
    if (in->file < 0) return bfl_fail(err, BFL_EIO, path, 0, "cannot be opened: %s", strerror(errno));
    bfl_block rest = in->stream.rest; /* its memory is used again */
    rest.arena = in->stream_arena;
    rest.size = 0;
    in->stream = (bfl_line_stream){.intake = {read_file, &in->file},
                                   .name = path,
                                   .block_bytes = BFL_STREAM_BLOCK_BYTES,
                                   .line_bytes = LINE_BYTES,
                                   .rest = rest};
    return BFL_OK;
}

bfl_status bfl_inputs_next(bfl_inputs *in, bfl_block *block, const char **path, bool *more, bfl_error *err) {
    bfl_status status = BFL_OK;
    *more = false;
    while (!status && !*more && in->at < in->paths.count) {
        if (in->file < 0) status = open_file(in, err);
        uint64_t before = status ? 0 : in->stream.bytes;
        if (!status) status = bfl_line_stream_next(&in->stream, block, more, err);
        if (status) break;
        in->bytes += in->stream.bytes - before;
        *path = in->paths.items[in->at];
        if (*more) break;
        (void)close(in->file);
        in->file = -1;
        in->at++;
    }
    return status;
}
