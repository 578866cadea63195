/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files in and out. Standard C streams plus rename(): a reader sees the old file or the new one, never half of it. */
#include "base/base.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bfl_status check_regular(const char *path, size_t max_bytes, size_t *size, bfl_error *err) {
    struct stat s;
    if (stat(path, &s) != 0)
        return bfl_fail(err, errno == ENOENT ? BFL_ENOTFOUND : BFL_EIO, path, 0, "cannot open: %s", strerror(errno));
    if (S_ISDIR(s.st_mode)) return bfl_fail(err, BFL_EIO, path, 0, "is a folder where a file is expected");
    if (!S_ISREG(s.st_mode)) return bfl_fail(err, BFL_EIO, path, 0, "is not a regular file");
    if ((uint64_t)s.st_size > max_bytes)
        return bfl_fail(err, BFL_ELIMIT, path, 0, "is %lld bytes, over the limit of %zu", (long long)s.st_size,
                        max_bytes);
    *size = (size_t)s.st_size;
    return BFL_OK;
}

bfl_status bfl_file_read(bfl_arena *arena, const char *path, size_t max_bytes, bfl_text *out, bfl_error *err) {
    size_t size = 0;
    bfl_status status = check_regular(path, max_bytes, &size, err);
    if (status) return status;
    char *data = bfl_arena_alloc(arena, size + 1, 1); /* before the file is open: an allocation may jump away */
    FILE *file = fopen(path, "rb");
    if (!file) return bfl_fail(err, BFL_EIO, path, 0, "cannot open: %s", strerror(errno));
    size_t got = fread(data, 1, size, file);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed) return bfl_fail(err, BFL_EIO, path, 0, "cannot read: %s", strerror(errno));
    data[got] = '\0';
    *out = (bfl_text){data, got};
    return BFL_OK;
}

static bool write_all(const char *path, bfl_text data) {
    FILE *file = fopen(path, "wb");
    if (!file) return false;
    bool ok = data.size == 0 || fwrite(data.data, 1, data.size, file) == data.size;
    ok = fflush(file) == 0 && ok;
    ok = fsync(fileno(file)) == 0 && ok;
    return fclose(file) == 0 && ok;
}

bfl_status bfl_file_write(const char *path, bfl_text data, bool overwrite, bfl_error *err) {
    struct stat s;
    if (!overwrite && stat(path, &s) == 0)
        return bfl_fail(err, BFL_EEXIST, path, 0, "is already there; nothing was written");
    char temporary[4096];
    int length = snprintf(temporary, sizeof temporary, "%s.%ld.tmp", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof temporary) return bfl_fail(err, BFL_EINVAL, path, 0, "path is too long");
    if (!write_all(temporary, data) || rename(temporary, path) != 0) {
        int why = errno;
        (void)unlink(temporary);
        return bfl_fail(err, BFL_EIO, path, 0, "cannot write: %s", strerror(why));
    }
    return BFL_OK;
}

void bfl_out_text(bfl_out *out, bfl_text text) {
    if (out->failed || text.size == 0) return;
    out->failed = !out->sink.write(out->sink.context, text.data, text.size);
}

void bfl_out_z(bfl_out *out, const char *z) { bfl_out_text(out, bfl_text_of(z)); }
