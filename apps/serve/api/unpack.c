/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/api/unpack.h"
#include "serve/http/parse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

enum { MOST_MEMBERS = 2000, MOST_DEPTH = 8, STEP = 64 << 10, MOST_RATIO = 200, SMALL = 1 << 20 };

bool serve_is_zip(bfl_text bytes) { return bytes.size >= 4 && memcmp(bytes.data, "PK\3\4", 4) == 0; }

/* ---- the folder ---- */

static void remove_tree(const char *path, int depth) {
    DIR *folder = depth <= MOST_DEPTH ? opendir(path) : NULL;
    char below[4096];
    for (const struct dirent *e = folder ? readdir(folder) : NULL; e; e = readdir(folder)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        int size = snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (size > 0 && (size_t)size < sizeof below && unlink(below) != 0) remove_tree(below, depth + 1);
    }
    if (folder) (void)closedir(folder);
    (void)rmdir(path);
}

static void release_folder(void *thing) {
    remove_tree(thing, 0);
    free(thing);
}

const char *serve_temporary_place(void) {
    const char *place = getenv("TMPDIR");
    return place && *place ? place : "/tmp";
}

static const char *make_folder(serve_pool *pool, const char **out) {
    char *path = strdup(serve_pool_printf(pool, "%s/boneflare-XXXXXX", serve_temporary_place()));
    if (!path || !mkdtemp(path)) {
        free(path);
        return "There is no room for temporary files.";
    }
    *out = serve_pool_own(pool, path, release_folder);
    return NULL;
}

/* Every folder above the file. */
static bool make_parents(serve_pool *pool, const char *folder, const char *name) {
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *path = serve_pool_printf(pool, "%s/%.*s", folder, (int)(slash - name), name);
        if (mkdir(path, 0700) != 0 && errno != EEXIST) return false;
    }
    return true;
}

static bool write_all(int file, const char *data, size_t size) {
    while (size > 0) {
        ssize_t done = write(file, data, size);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        data += done;
        size -= (size_t)done;
    }
    return true;
}

static int create(serve_pool *pool, const char *folder, const char *name) {
    if (!make_parents(pool, folder, name)) return -1;
    return open(serve_pool_printf(pool, "%s/%s", folder, name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

/* ---- an archive ---- */

typedef struct archive {
    serve_pool *pool;
    const char *folder;
    zip_t *zip;
    size_t most, written;
    char *step; /* STEP bytes */
} archive;

static void release_zip(void *thing) { zip_discard(thing); }

static const char *copy_member(archive *a, const zip_stat_t *about) {
    static const char cannot[] = "The archive is damaged.";
    zip_file_t *member = zip_fopen_index(a->zip, about->index, 0);
    int file = member ? create(a->pool, a->folder, about->name) : -1;
    const char *wrong = !member    ? cannot
                        : file < 0 ? "A member of the archive comes twice, or is a file and a folder."
                                   : NULL;
    while (!wrong) {
        zip_int64_t got = zip_fread(member, a->step, STEP);
        if (got == 0) break;
        if (got < 0)
            wrong = cannot;
        else if ((a->written += (size_t)got) > a->most)
            wrong = "The archive becomes too large when it is unpacked.";
        else if (!write_all(file, a->step, (size_t)got))
            wrong = "There is no room for temporary files.";
    }
    if (file >= 0) (void)close(file);
    if (member) (void)zip_fclose(member);
    return wrong;
}

static size_t depth_of(const char *name) {
    size_t depth = 0;
    for (; *name; name++) depth += *name == '/';
    return depth;
}

/* What a system puts into archives for itself. */
static bool is_litter(const char *name) {
    const char *last = strrchr(name, '/');
    return strncmp(name, "__MACOSX/", 9) == 0 || (last ? last[1] : name[0]) == '.';
}

static const char *take_member(archive *a, zip_uint64_t index) {
    zip_stat_t about;
    if (zip_stat_index(a->zip, index, ZIP_FL_ENC_RAW, &about) != 0 || !(about.valid & ZIP_STAT_NAME))
        return "The archive is damaged.";
    bfl_text name = bfl_text_of(about.name);
    if (!serve_parse_file_name(name) || depth_of(about.name) >= MOST_DEPTH)
        return "A name in the archive is not one of a file below it.";
    if (about.name[name.size - 1] == '/' || is_litter(about.name)) return NULL;
    if (about.valid & ZIP_STAT_ENCRYPTION_METHOD && about.encryption_method != ZIP_EM_NONE)
        return "The archive is encrypted.";
    bool sizes = about.valid & ZIP_STAT_SIZE && about.valid & ZIP_STAT_COMP_SIZE;
    if (sizes && about.size > SMALL && about.size / MOST_RATIO > about.comp_size)
        return "The archive becomes too large when it is unpacked.";
    return copy_member(a, &about);
}

static const char *unpack_zip(serve_pool *pool, const serve_unpack *upload, const char *folder) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(upload->bytes.data, upload->bytes.size, 0, &error);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (!zip && source) zip_source_free(source);
    zip_error_fini(&error);
    if (!zip) return "The archive is damaged.";
    archive a = {pool, folder, serve_pool_own(pool, zip, release_zip), upload->most, 0, NULL};
    zip_int64_t count = zip_get_num_entries(zip, 0);
    if (count > MOST_MEMBERS) return "The archive holds too many files.";
    a.step = serve_pool_alloc(pool, STEP, 1);
    for (zip_int64_t i = 0; i < count; i++) {
        const char *wrong = take_member(&a, (zip_uint64_t)i);
        if (wrong) return wrong;
    }
    return NULL;
}

/* A folder that holds one folder and nothing else is that folder. */
static const char *inner_folder(serve_pool *pool, const char *folder) {
    const char *only = NULL;
    DIR *listing = opendir(folder);
    size_t count = 0;
    for (const struct dirent *e = listing ? readdir(listing) : NULL; e; e = readdir(listing)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        if (count++ == 0) only = strdup(e->d_name);
    }
    if (listing) (void)closedir(listing);
    if (!only) return folder;
    const char *inner =
        serve_pool_printf(pool, "%s/%s", folder, (const char *)serve_pool_own(pool, (void *)(uintptr_t)only, free));
    struct stat s;
    return count == 1 && stat(inner, &s) == 0 && S_ISDIR(s.st_mode) ? inner_folder(pool, inner) : folder;
}

/* ---- one file ---- */

/* The reader of FHIR wants names that end in .json or .ndjson; who uploads may have said neither. */
static const char *named_json(serve_pool *pool, const serve_unpack *upload, const char *name) {
    bool json = upload->bytes.size && (upload->bytes.data[0] == '{' || upload->bytes.data[0] == '[');
    if (!json || strchr(name, '.')) return name;
    bool lines = strstr(upload->bytes.data, "}\n{") != NULL;
    return serve_pool_printf(pool, "%s.%s", name, lines ? "ndjson" : "json");
}

static const char *plain_file(serve_pool *pool, const serve_unpack *upload, const char *folder) {
    const char *slash = strrchr(upload->name, '/');
    const char *name = slash ? slash + 1 : upload->name;
    bool good = serve_parse_file_name(bfl_text_of(name)) && name[0] != '.';
    int file = create(pool, folder, named_json(pool, upload, good ? name : "upload"));
    bool written = file >= 0 && write_all(file, upload->bytes.data, upload->bytes.size);
    if (file >= 0) (void)close(file);
    return written ? NULL : "There is no room for temporary files.";
}

const char *serve_unpack_files(serve_pool *pool, const serve_unpack *upload, const char **folder) {
    const char *wrong = make_folder(pool, folder);
    if (wrong) return wrong;
    if (!serve_is_zip(upload->bytes)) return plain_file(pool, upload, *folder);
    wrong = unpack_zip(pool, upload, *folder);
    if (!wrong) *folder = inner_folder(pool, *folder);
    return wrong;
}
