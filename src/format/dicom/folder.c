/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a folder to one volume. */
#include "format/dicom/series.h"
#include "format/zip.h"

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

/* What cannot be read as it lies: a deflated file is unpacked, a file of many frames is taken apart. */
typedef struct unfolding {
    bfl_arena *arena;
    const bfl_dicom_limits *limits;
    const char *where;
    BFL_LIST(bfl_dicom_source) sources;
    BFL_LIST(bfl_dicom_head) heads;
    BFL_LIST(bool) parsed;
} unfolding;

static bfl_status bytes_of(bfl_arena *arena, const bfl_dicom_source *source, size_t most, bfl_text *out,
                           bfl_error *err) {
    *out = (bfl_text){source->data, source->size};
    return source->data ? BFL_OK : bfl_file_read(arena, source->path, most, out, err);
}

/* The same file without deflation (PS3.5, A.5): its data set is explicit, little-endian. Damaged ones stay unparsed. */
static bfl_status inflate(unfolding *u, const bfl_dicom_source *source, const bfl_dicom_head *head,
                          bfl_dicom_source *out, bfl_error *err) {
    static const char META[] = "\2\0\20\0UI\24\0"
                               "1.2.840.10008.1.2.1"; /* 19 characters and a NUL */
    bfl_text packed, rest;
    bfl_status status = bytes_of(u->arena, source, u->limits->file_bytes, &packed, err);
    if (status) return status;
    packed = (bfl_text){packed.data + head->dataset_at, packed.size - head->dataset_at};
    *out = *source;
    status = bfl_inflate_rest(u->arena, bfl_inflate_raw(u->arena, packed), u->limits->file_bytes, u->where, &rest, err);
    if (status == BFL_EPARSE) return BFL_OK;
    if (status) return status;
    char *bytes = bfl_arena_alloc(u->arena, MARK_END + sizeof META + rest.size, 1);
    memcpy(bytes + PREAMBLE, "DICM", MARK_END - PREAMBLE);
    memcpy(bytes + MARK_END, META, sizeof META);
    memcpy(bytes + MARK_END + sizeof META, rest.data, rest.size);
    out->data = bytes;
    out->size = MARK_END + sizeof META + rest.size;
    return BFL_OK;
}

static void add(unfolding *u, const bfl_dicom_source *source, const bfl_dicom_head *head, bool parsed) {
    *BFL_PUSH(u->arena, &u->sources) = *source;
    *BFL_PUSH(u->arena, &u->heads) = *head;
    *BFL_PUSH(u->arena, &u->parsed) = parsed;
}

static bfl_status unfold_one(unfolding *u, const bfl_dicom_source *given, const bfl_dicom_head *known, bool parsed,
                             bfl_error *err) {
    bfl_dicom_source source = *given;
    bfl_dicom_head *head = BFL_NEW(u->arena, bfl_dicom_head);
    *head = *known;
    if (parsed && head->deflated) {
        bfl_status status = inflate(u, given, known, &source, err);
        if (status) return status;
        parsed = bfl_dicom_parse(&source, head) && !head->deflated;
    }
    const size_t count = parsed ? bfl_dicom_frame_count(head) : 1;
    if (count == 1) {
        add(u, &source, head, parsed);
        return BFL_OK;
    }
    if (count > u->limits->files || u->heads.count > u->limits->files - count)
        return bfl_fail(err, BFL_ELIMIT, u->where, 0, "holds more than %zu images", u->limits->files);
    bfl_dicom_head *frames = BFL_NEW_ARRAY(u->arena, count, bfl_dicom_head);
    if (!bfl_dicom_frames(&source, head, frames, count)) {
        add(u, &source, head, true); /* set aside: several frames in one file */
        return BFL_OK;
    }
    for (size_t i = 0; i < count; i++) add(u, &source, &frames[i], true);
    return BFL_OK;
}

/* Only when something needs it: the headers of a large folder are not copied for nothing. */
static bfl_status unfold(bfl_arena *arena, const bfl_dicom_limits *limits, const char *where, heads *h, size_t *count,
                         bfl_error *err) {
    bool needed = false;
    for (size_t i = 0; i < *count; i++)
        needed |= h->parsed[i] && (h->heads[i].deflated || bfl_dicom_frame_count(&h->heads[i]) > 1);
    if (!needed) return BFL_OK;
    unfolding u = {.arena = arena, .limits = limits, .where = where};
    for (size_t i = 0; i < *count; i++) {
        bfl_status status = unfold_one(&u, &h->sources[i], &h->heads[i], h->parsed[i], err);
        if (status) return status;
    }
    *h = (heads){u.sources.items, u.heads.items, u.parsed.items};
    *count = u.heads.count;
    return BFL_OK;
}

/* Headers and packed bytes live in `scratch`, which is given back when the volume is made. */
static bfl_status read_sources(bfl_arena *arena, bfl_arena *scratch, const bfl_dicom_source *sources, size_t count,
                               const bfl_dicom_limits *limits, const char *where, bfl_notes *notes,
                               bfl_dicom_volume *out, bfl_error *err) {
    heads h = {sources, BFL_NEW_ARRAY(scratch, count, bfl_dicom_head), BFL_NEW_ARRAY(scratch, count, bool)};
    bfl_dicom_series series;
    *out = (bfl_dicom_volume){.volume = NULL};
    bfl_parallel(0, count, read_head, &h);
    bfl_status status = unfold(scratch, limits, where, &h, &count, err);
    if (!status)
        status = bfl_dicom_series_choose(arena, h.sources, h.heads, h.parsed, count, where, notes, &series, err);
    if (!status) status = bfl_dicom_stack(arena, scratch, &series, limits->voxels, where, notes, &out->volume, err);
    if (!status) tell(arena, &series, limits->keep_identifiers, notes, out);
    bfl_arena_reset(scratch);
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
    bfl_arena *scratch = bfl_arena_scratch(arena);
    bfl_dicom_source *sources = BFL_NEW_ARRAY(scratch, l.paths.count, bfl_dicom_source);
    for (size_t i = 0; i < l.paths.count; i++) sources[i].path = l.paths.items[i];
    return read_sources(arena, scratch, sources, l.paths.count, limits, path, &notes, out, err);
}

bfl_status bfl_dicom_read(bfl_arena *arena, bfl_text bytes, const bfl_dicom_limits *limits, const char *where,
                          bfl_dicom_volume *out, bfl_error *err) {
    const bfl_dicom_source source = {where, bytes.data, bytes.size};
    bfl_notes notes = {0};
    return read_sources(arena, bfl_arena_scratch(arena), &source, 1, limits, where, &notes, out, err);
}

/* ---- a ZIP file of them ---- */

static int by_entry(const void *a, const void *b, const void *context) {
    const bfl_zip_entry *x = a, *y = b;
    const size_t least = x->name.size < y->name.size ? x->name.size : y->name.size;
    (void)context;
    const int order = memcmp(x->name.data, y->name.data, least);
    return order ? order : (x->name.size > y->name.size) - (x->name.size < y->name.size);
}

/* Folders, hidden files and tables of contents are no images. */
static bool is_wanted(bfl_text name) {
    size_t base = name.size;
    while (base > 0 && name.data[base - 1] != '/') base--;
    const bfl_text last = {name.data + base, name.size - base};
    return last.size && last.data[0] != '.' && !bfl_text_equal_nocase(last, BFL_TEXT("DICOMDIR")) &&
           !bfl_text_starts(name, BFL_TEXT("__MACOSX"));
}

/* Unpacks what is wanted; together no more than `most` bytes, whatever the list says. *count is how many there are then. */
static bfl_status unzip(bfl_arena *arena, bfl_text bytes, bfl_zip_entry *entries, size_t *count, size_t most,
                        const char *where, bfl_dicom_source *out, bfl_notes *notes, bfl_arena *notes_arena,
                        bfl_error *err) {
    size_t taken = 0, locked = 0, damaged = 0;
    uint64_t total = 0;
    for (size_t i = 0; i < *count; i++) {
        const bfl_zip_entry *e = &entries[i];
        if (!is_wanted(e->name) || !e->size) continue;
        if (!bfl_zip_can_take(e)) {
            locked++;
            continue;
        }
        if (e->size > most || total > most - e->size)
            return bfl_fail(err, BFL_ELIMIT, where, 0, "unpacks to more than %zu bytes", most);
        total += e->size;
        bfl_arena_mark here = bfl_arena_here(arena);
        char *data = bfl_arena_alloc(arena, (size_t)e->size, 1);
        bfl_status status = bfl_zip_take(arena, bytes, e, data, where, err);
        if (status == BFL_EPARSE) {
            damaged++;
            bfl_arena_back(arena, here);
            continue;
        }
        if (status) return status;
        out[taken++] = (bfl_dicom_source){where, data, (size_t)e->size};
    }
    *count = taken;
    if (locked)
        *BFL_PUSH(notes_arena, notes) =
            bfl_arena_printf(notes_arena, "%zu file%s set aside: encrypted, damaged, or packed in an unknown way",
                             locked, locked == 1 ? "" : "s");
    if (damaged)
        *BFL_PUSH(notes_arena, notes) = bfl_arena_printf(notes_arena, "%zu file%s set aside: damaged in the ZIP file",
                                                         damaged, damaged == 1 ? "" : "s");
    return BFL_OK;
}

bfl_status bfl_dicom_read_zip(bfl_arena *arena, bfl_text bytes, const bfl_dicom_limits *limits, const char *where,
                              bfl_dicom_volume *out, bfl_error *err) {
    bfl_arena *scratch = bfl_arena_scratch(arena);
    bfl_notes notes = {0};
    bfl_zip_entry *entries = NULL;
    size_t count = 0;
    bfl_status status = bfl_zip_list(scratch, bytes, limits->files, where, &entries, &count, err);
    if (status) return status;
    bfl_dicom_source *sources = BFL_NEW_ARRAY(scratch, count + 1, bfl_dicom_source);
    bfl_sort(scratch, entries, count, sizeof *entries, by_entry, NULL);
    status = unzip(scratch, bytes, entries, &count, limits->file_bytes, where, sources, &notes, arena, err);
    if (status) return status;
    if (!count)
        return bfl_fail(err, BFL_EPARSE, where, 0, "holds no file that can be read%s%s", notes.count ? ": " : "",
                        notes.count ? notes.items[0] : "");
    return read_sources(arena, scratch, sources, count, limits, where, &notes, out, err);
}
