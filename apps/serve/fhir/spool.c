/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/fhir/spool.h"
#include "serve/api/unpack.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static FILE *open_nameless(void) {
    char path[4096];
    int size = snprintf(path, sizeof path, "%s/boneflare-export-XXXXXX", serve_temporary_place());
    int file = size > 0 && (size_t)size < sizeof path ? mkstemp(path) : -1;
    if (file < 0) return NULL;
    (void)unlink(path);
    FILE *stream = fdopen(file, "w+b");
    if (!stream) (void)close(file);
    return stream;
}

bool serve_spool_add(serve_spool *spool, bfl_text line) {
    if (!spool->file) spool->file = open_nameless();
    if (!spool->file || fwrite(line.data, 1, line.size, spool->file) != line.size || fputc('\n', spool->file) == EOF)
        return false;
    spool->size += line.size + 1;
    spool->lines++;
    return true;
}

bool serve_spool_finish(serve_spool *spool) {
    if (!spool->file) return true;
    if (fflush(spool->file) != 0) return false;
    void *bytes = mmap(NULL, spool->size, PROT_READ, MAP_SHARED, fileno(spool->file), 0);
    if (bytes == MAP_FAILED) return false;
    spool->bytes = bytes;
    return true;
}

void serve_spool_free(serve_spool *spool) {
    if (spool->bytes) (void)munmap((void *)(uintptr_t)spool->bytes, spool->size);
    if (spool->file) (void)fclose(spool->file);
    *spool = (serve_spool){0};
}
