/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a folder to one volume. */
#include "format/dicom/series.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_DEPTH = 16, PREAMBLE = 128, MARK_END = 132 };

bool bfl_is_dicom(bfl_text head) {
    return head.size >= MARK_END && memcmp(head.data + PREAMBLE, "DICM", MARK_END - PREAMBLE) == 0;
}

bool bfl_is_dicomdir(const char *path) {
    const char *name = strrchr(path, '/');
    return bfl_text_equal_nocase(bfl_text_of(name ? name + 1 : path), BFL_TEXT("DICOMDIR"));
}

/* ---- the files ---- */

typedef struct listing {
    bfl_arena *arena;
    const bfl_dicom_limits *limits;
    BFL_LIST(const char *) paths;
    size_t too_large;
} listing;

/* Names in a folder, which is open only while none of our memory is asked for: pass one counts, pass two fills. */
static bfl_status read_names(bfl_arena *arena, const char *path, size_t most, char (**out)[256], size_t *count,
                             bfl_error *err) {
    for (int pass = 0; pass < 2; pass++) {
        size_t room = *count;
        if (pass) *out = bfl_arena_alloc(arena, room + 1, sizeof **out);
        DIR *folder = opendir(path);
        if (!folder)
            return bfl_fail(err, errno == ENOENT ? BFL_ENOTFOUND : BFL_EIO, path, 0, "cannot open: %s",
                            strerror(errno));
        *count = 0;
        for (struct dirent *e; *count <= most && (e = readdir(folder));) {
            const size_t length = strlen(e->d_name);
            if (e->d_name[0] == '.' || length >= sizeof **out) continue; /* hidden files are no images */
            if (pass && *count == room) break;
            if (pass) memcpy((*out)[*count], e->d_name, length + 1);
            ++*count;
        }
        (void)closedir(folder);
        if (*count > most) return bfl_fail(err, BFL_ELIMIT, path, 0, "holds more than %zu files", most);
    }
    return BFL_OK;
}

static int by_name(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(a, b);
}

static bfl_status list(listing *l, const char *path, int depth, bfl_error *err) { // NOLINT(misc-no-recursion)
    char(*names)[256] = NULL;
    size_t count = 0;
    bfl_status status = read_names(l->arena, path, l->limits->files, &names, &count, err);
    if (status) return status;
    bfl_sort(l->arena, names, count, sizeof *names, by_name, NULL);
    for (size_t i = 0; i < count && !status; i++) {
        const char *file = bfl_arena_printf(l->arena, "%s/%s", path, names[i]);
        struct stat about;
        if (lstat(file, &about) != 0) continue;
        if (S_ISDIR(about.st_mode)) {
            if (depth >= MOST_DEPTH) return bfl_fail(err, BFL_ELIMIT, path, 0, "folders lie too deep");
            status = list(l, file, depth + 1, err);
        } else if (S_ISLNK(about.st_mode) && (stat(file, &about) != 0 || !S_ISREG(about.st_mode))) {
            continue; /* links to folders may go round */
        } else if (S_ISREG(about.st_mode) && !bfl_is_dicomdir(file)) {
            if (l->paths.count >= l->limits->files)
                return bfl_fail(err, BFL_ELIMIT, path, 0, "holds more than %zu files", l->limits->files);
            if ((uintmax_t)about.st_size > l->limits->file_bytes)
                l->too_large++;
            else
                *BFL_PUSH(l->arena, &l->paths) = file;
        }
    }
    return status;
}

/* ---- their headers ---- */

typedef struct heads {
    const bfl_dicom_source *sources;
    bfl_dicom_head *heads;
    bool *parsed;
} heads;

static void read_head(void *context, size_t index) {
    heads *h = context;
    h->parsed[index] = bfl_dicom_parse(&h->sources[index], &h->heads[index]);
}

/* ---- the volume ---- */

static void read_date(const char *z, bfl_date *out) {
    char text[11];
    if (strlen(z) != 8) return;
    (void)snprintf(text, sizeof text, "%.4s-%.2s-%.2s", z, z + 4, z + 6);
    if (bfl_date_parse(bfl_text_of(text), out, NULL)) *out = (bfl_date){.precision = BFL_DATE_NONE};
}

static void tell(bfl_arena *arena, const bfl_dicom_series *series, bool keep_identifiers, const bfl_notes *notes,
                 bfl_dicom_volume *out) {
    const bfl_dicom_head *head = series->slices[0].head;
    read_date(head->text[BFL_TAG_STUDY_DATE], &out->date);
    out->series = bfl_arena_text(arena, bfl_text_of(head->text[BFL_TAG_DESCRIPTION]));
    out->person = head->person;
    out->origin = bfl_dicom_origin_of(arena, series, keep_identifiers);
    out->notes = notes->items;
    out->note_count = notes->count;
}

static bfl_status read_sources(bfl_arena *arena, const bfl_dicom_source *sources, size_t count,
                               const bfl_dicom_limits *limits, const char *where, bfl_notes *notes,
                               bfl_dicom_volume *out, bfl_error *err) {
    heads h = {sources, BFL_NEW_ARRAY(arena, count, bfl_dicom_head), BFL_NEW_ARRAY(arena, count, bool)};
    bfl_dicom_series series;
    *out = (bfl_dicom_volume){.volume = NULL};
    bfl_parallel(0, count, read_head, &h);
    bfl_status status = bfl_dicom_series_choose(arena, sources, h.heads, h.parsed, count, where, notes, &series, err);
    if (!status) status = bfl_dicom_stack(arena, &series, limits->voxels, where, notes, &out->volume, err);
    if (!status) tell(arena, &series, limits->keep_identifiers, notes, out);
    return status;
}

bfl_status bfl_dicom_read_folder(bfl_arena *arena, const char *path, const bfl_dicom_limits *limits,
                                 bfl_dicom_volume *out, bfl_error *err) {
    listing l = {.arena = arena, .limits = limits};
    bfl_notes notes = {0};
    bfl_status status = list(&l, path, 0, err);
    if (status) return status;
    if (!l.paths.count) return bfl_fail(err, BFL_EPARSE, path, 0, "holds no file that can be read");
    if (l.too_large)
        *BFL_PUSH(arena, &notes) =
            bfl_arena_printf(arena, "%zu file%s set aside: too large", l.too_large, l.too_large == 1 ? "" : "s");
    bfl_dicom_source *sources = BFL_NEW_ARRAY(arena, l.paths.count, bfl_dicom_source);
    for (size_t i = 0; i < l.paths.count; i++) sources[i].path = l.paths.items[i];
    return read_sources(arena, sources, l.paths.count, limits, path, &notes, out, err);
}

bfl_status bfl_dicom_read(bfl_arena *arena, bfl_text bytes, const bfl_dicom_limits *limits, const char *where,
                          bfl_dicom_volume *out, bfl_error *err) {
    const bfl_dicom_source source = {where, bytes.data, bytes.size};
    bfl_notes notes = {0};
    return read_sources(arena, &source, 1, limits, where, &notes, out, err);
}
