/* SPDX-License-Identifier: Apache-2.0 */
/* Files, folders, Bundles and NDJSON: every resource of the input, twice: first who refers to whom, then what they tell. */
#include "format/fhir/mef.h"
#include "format/job.h"
#include "format/registry.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { JSON_DEPTH = 128, BUNDLE_DEPTH = 4, MOST_FILES = 100000 };

typedef struct job {
    const char *path; /* NULL for a text in memory, or a forest */
    bfl_fhir_forest *forest;
    const char *name;
    bfl_text bytes;
    const bfl_limits *limits;
    bfl_format_job *memory;
    reader *r;
    DIR *folder;           /* outside the arenas' reach: */
    bfl_json_reader *json; /* released whatever happens */
    BFL_LIST(const char *) files;
    bool lines;         /* NDJSON: a row is a line; else a row is a resource */
    uint32_t first_row; /* of lines in memory that are known to be NDJSON; else 0 */
    bool tables;        /* CSV files of the extraction layout */
    bool one_file;      /* its failure is the input's failure */
    size_t found;       /* resources of the last pass */
} job;

/* ---- one resource ---- */

static const char *tail_of(const char *url) {
    const char *slash = strrchr(url, '/');
    return slash ? slash + 1 : url;
}

static const char *profiles_of(reader *r, const node *root) {
    static const char *const path[] = {"meta", "profile", NULL};
    bfl_text raw;
    bool plain = bfl_fhir_peek(root, path, &raw);
    if (plain && !raw.data) return "";
    name *known = plain && raw.data[0] == '[' ? bfl_names_add(&r->profiles, raw) : NULL;
    if (known && known->value) return known->value;
    bfl_buf buf = {.arena = r->scratch};
    for (const node *p = bfl_fhir_first(bfl_fhir_get(bfl_fhir_get(root, "meta"), "profile")); p; p = p->next)
        bfl_buf_addf(&buf, "%s ", tail_of(bfl_fhir_string(p)));
    const char *words = bfl_fhir_keep(r, bfl_buf_z(&buf));
    if (known) known->value = (void *)(uintptr_t)words;
    return words;
}

/* "Observation/abc", kept once: the id is its end. Only of an id that is kept as it is written. */
static bool name_at_once(reader *r, resource *w, const char *id) {
    char both[160];
    size_t type = strlen(w->type), size = strlen(id);
    if (size == 0 || type + size + 2 > sizeof both) return false;
    for (size_t i = 0; i < size; i++)
        if (id[i] <= ' ' || id[i] > '~') return false;
    memcpy(both, w->type, type);
    both[type] = '/';
    memcpy(both + type + 1, id, size);
    w->name = bfl_names_add(&r->texts, (bfl_text){both, type + 1 + size});
    w->names = r->texts.slots;
    w->reference = w->name->text;
    w->id = w->reference + type + 1;
    return true;
}

static void name_resource(reader *r, resource *w, const char *url, bool pointed_to) {
    const char *id = bfl_fhir_string(bfl_fhir_get(w->root, "id"));
    bool named = name_at_once(r, w, id);
    if (!named) w->id = bfl_fhir_keep(r, id);
    w->url = pointed_to || !w->id[0] ? bfl_fhir_keep(r, url) : "";
    if (named) return;
    if (!w->id[0] && w->url[0]) w->id = bfl_fhir_keep(r, strncmp(w->url, "urn:", 4) == 0 ? w->url : tail_of(w->url));
    if (!w->id[0] && strcmp(bfl_fhir_string(bfl_fhir_get(w->root, "resourceType")), "Patient") == 0)
        w->id = bfl_fhir_keep(r, bfl_arena_printf(r->scratch, "patient %s:%u", r->file, r->row));
    w->reference = bfl_fhir_keep(r, w->id[0] ? bfl_arena_printf(r->scratch, "%s/%s", w->type, w->id) : w->type);
}

static bfl_status read_resource(job *j, const node *root, const char *url, int depth, bfl_error *err);

static bfl_status count_one(job *j, bfl_error *err) {
    reader *r = j->r;
    if (++r->resources > r->limits.rows)
        return bfl_fail(err, BFL_ELIMIT, r->file, r->row, "more than the limit of %zu resources", r->limits.rows);
    j->found++;
    return BFL_OK;
}

static bfl_status read_one(job *j, const node *root, const char *url, bfl_error *err) {
    reader *r = j->r;
    bfl_status status = count_one(j, err);
    if (status) return status;
    const char *type = bfl_fhir_string(bfl_fhir_get(root, "resourceType"));
    if (strcmp(type, "Patient") == 0) r->bundle_patients++;
    bool pointed_to = bfl_fhir_is_pointed_to(bfl_text_of(type));
    if (r->indexing && !pointed_to) return BFL_OK;
    resource w = {.r = r, .root = root, .what = "", .type = bfl_fhir_keep(r, type)};
    name_resource(r, &w, url, pointed_to);
    w.profile_words = profiles_of(r, root);
    w.source = (bfl_source){r->file, r->row, w.reference};
    w.source.stated = bfl_fhir_stated(&w);
    bfl_fhir_resource(&w);
    return BFL_OK;
}

/* ---- Bundles ---- */

static const char bundle_types[] = "document message transaction transaction-response batch batch-response history "
                                   "searchset collection";

static void check_bundle(const job *j, const node *root) {
    reader *r = j->r;
    const char *type = bfl_fhir_string(bfl_fhir_get(root, "type"));
    if (!bfl_fhir_among(type, bundle_types))
        bfl_fhir_file_issue(r, FHIR_CODE_SET, j->lines ? r->row : 0, "Bundle.type",
                            bfl_issue_quote(r->arena, bfl_text_of(type)), bundle_types);
    for (const node *l = bfl_fhir_first(bfl_fhir_get(root, "link")); l; l = l->next)
        if (strcmp(bfl_fhir_string(bfl_fhir_get(l, "relation")), "next") == 0)
            bfl_fhir_file_issue(r, FHIR_MORE_PAGES, j->lines ? r->row : 0, "Bundle.link",
                                "a page of a search with a next page", "all pages");
}

/* In the first pass, an entry that nothing points to. Nothing of it is opened. */
static bool is_only_counted(const job *j, const node *entry) {
    static const char *const path[] = {"resource", "resourceType", NULL};
    bfl_text type;
    if (!j->r->indexing || !bfl_fhir_peek_string(entry, path, &type) || !type.size) return false;
    return !bfl_text_equal(type, BFL_TEXT("Bundle")) && !bfl_fhir_is_pointed_to(type);
}

/* Does the first pass find nothing in the Bundle? It is then not even counted: only where the limit cannot be reached. */
static bool nothing_to_index(const reader *r, const node *root) {
    const node *entries = bfl_fhir_get(root, "entry");
    return bfl_fhir_holds_no_entity(entries) && bfl_json_most_values(entries) <= r->limits.rows - r->resources;
}

static bfl_status read_entry(job *j, const node *entry, int depth, bfl_error *err) {
    if (is_only_counted(j, entry)) {
        if (!j->lines) j->r->row++;
        return count_one(j, err);
    }
    const node *inner = bfl_fhir_get(entry, "resource");
    bool only_a_request = !inner && (bfl_fhir_get(entry, "request") || bfl_fhir_get(entry, "response"));
    if (only_a_request) return BFL_OK;
    return read_resource(j, inner, bfl_fhir_string(bfl_fhir_get(entry, "fullUrl")), depth, err);
}

static bfl_status read_bundle(job *j, const node *root, int depth, bfl_error *err) {
    reader *r = j->r;
    if (depth == BUNDLE_DEPTH)
        return bfl_fail(err, BFL_ELIMIT, r->file, r->row, "Bundles in Bundles, more than %d deep", BUNDLE_DEPTH);
    for (const node *member = bfl_json_child(root); member; member = member->next) {
        if (!member->repeated) continue;
        const char *key = bfl_issue_quote(r->arena, bfl_text_of(member->key));
        if (j->one_file && !j->lines)
            return bfl_fail(err, BFL_EPARSE, r->file, 0, "the Bundle has the key %s twice", key);
        bfl_fhir_file_issue(r, FHIR_DUPLICATE_KEY, j->lines ? r->row : 0, "Bundle", key, "each key once in an object");
        return BFL_OK;
    }
    check_bundle(j, root);
    if (r->indexing && nothing_to_index(r, root)) return BFL_OK;
    size_t patients = r->bundle_patients;
    r->bundle_patients = 0;
    bfl_status status = BFL_OK;
    bfl_json_elements entries = bfl_json_elements_of(bfl_fhir_get(root, "entry"));
    for (const node *e; !status && (e = bfl_json_next(&entries));) status = read_entry(j, e, depth, err);
    if (r->bundle_patients > 1)
        bfl_fhir_file_issue(r, FHIR_SEVERAL_PATIENTS, 0, "Bundle",
                            bfl_arena_printf(r->arena, "%zu patients in one Bundle", r->bundle_patients),
                            "one, as a rule");
    r->bundle_patients = patients;
    return status;
}

static bfl_status read_resource(job *j, const node *root, const char *url, int depth, bfl_error *err) {
    const char *type = bfl_fhir_string(bfl_fhir_get(root, "resourceType"));
    if (strcmp(type, "Bundle") == 0) return read_bundle(j, root, depth + 1, err);
    if (!j->lines) j->r->row++;
    if (type[0]) return read_one(j, root, url, err);
    bfl_fhir_file_issue(j->r, FHIR_NOT_RESOURCE, j->r->row, "resourceType",
                        root ? "an object without resourceType" : "an entry without a resource", "a FHIR resource");
    return BFL_OK;
}

/* ---- texts ---- */

static bfl_status read_tree(job *j, const node *root, bfl_error *err) {
    bfl_status status = read_resource(j, root, "", 0, err);
    return bfl_json_cut_short(root) ? bfl_fail(err, BFL_ENOMEM, j->r->file, 0, "out of memory") : status;
}

static bfl_status parse(job *j, bfl_text text, const node **root, char *message, size_t size) {
    switch (bfl_json_read(j->json, text.data, text.size, j->r->limits.file_bytes, JSON_DEPTH, root, message, size)) {
    case BFL_JSON_OK: return BFL_OK;
    case BFL_JSON_BAD: return BFL_EPARSE;
    case BFL_JSON_LIMIT: return BFL_ELIMIT;
    case BFL_JSON_NOMEM: return BFL_ENOMEM;
    }
    return BFL_EPARSE;
}

static const char *why_not(const job *j, bfl_text text, bfl_status status, const char *message) {
    size_t bad;
    if (!bfl_utf8_valid(text, &bad)) return bfl_arena_printf(j->r->arena, "not UTF-8: byte %zu", bad + 1);
    if (status == BFL_ELIMIT)
        return bfl_arena_printf(j->r->arena, "larger than %zu bytes, or nested deeper than %d", j->r->limits.file_bytes,
                                JSON_DEPTH);
    return bfl_issue_quote(j->r->arena, bfl_text_of(message));
}

static bfl_status read_json(job *j, bfl_text text, bfl_error *err) {
    const node *root = NULL;
    char message[160];
    bfl_status status = parse(j, text, &root, message, sizeof message);
    if (status == BFL_ENOMEM) return bfl_fail(err, status, j->r->file, 0, "out of memory");
    if (!status) return read_tree(j, root, err);
    const char *why = why_not(j, text, status, message);
    if (j->one_file) return bfl_fail(err, status, j->r->file, 0, "is not JSON: %s", why);
    bfl_fhir_file_issue(j->r, FHIR_NOT_JSON, 0, "", why, "JSON");
    return BFL_OK;
}

static bfl_status read_ndjson(job *j, bfl_text text, bfl_error *err) {
    bfl_status status = BFL_OK;
    for (j->r->row = j->first_row ? j->first_row : 1; text.size && !status; j->r->row++) {
        bfl_text line = bfl_text_trim(bfl_text_split(&text, '\n'));
        if (line.size == 0) continue;
        const node *root = NULL;
        char message[160];
        status = parse(j, line, &root, message, sizeof message);
        if (status == BFL_ENOMEM) return bfl_fail(err, status, j->r->file, j->r->row, "out of memory");
        if (status)
            bfl_fhir_file_issue(j->r, FHIR_NOT_JSON, j->r->row, "", why_not(j, line, status, message),
                                "one JSON text a line");
        status = status ? BFL_OK : read_tree(j, root, err);
    }
    return status;
}

static bool ends_with(const char *file, const char *end) {
    size_t a = strlen(file), b = strlen(end);
    return a >= b && bfl_fhir_same(file + a - b, end);
}

/* Several JSON texts, one a line: a line ends with } and the next begins with {. */
static bool is_ndjson(const char *file, bfl_text text) {
    if (ends_with(file, ".ndjson") || ends_with(file, ".jsonl")) return true;
    if (ends_with(file, ".json") && bfl_text_find_nocase(text, BFL_TEXT("}\n{")) == SIZE_MAX) return false;
    return bfl_text_find_nocase(text, BFL_TEXT("}\n{")) != SIZE_MAX;
}

/* A row of the extraction layout. */
static bfl_status receive(void *context, const node *root, bfl_error *err) {
    job *j = context;
    return read_one(j, root, "", err);
}

static bfl_status read_text(job *j, const char *file, bfl_text text, bfl_error *err) {
    reader *r = j->r;
    r->file = bfl_fhir_keep(r, file);
    r->row = 0;
    r->bundle_patients = 0;
    if (bfl_text_starts(text, BFL_TEXT("\xEF\xBB\xBF"))) text = (bfl_text){text.data + 3, text.size - 3};
    if (j->tables) return bfl_mef_read_text(r, j->memory->row, text, receive, j, err);
    j->lines = j->first_row || is_ndjson(file, text);
    if (j->lines) return read_ndjson(j, text, err);
    return read_json(j, text, err);
}

/* ---- files ---- */

static bool is_fhir_name(const char *file) {
    return file[0] != '.' && (ends_with(file, ".json") || ends_with(file, ".ndjson") || ends_with(file, ".jsonl"));
}

static bool is_table_name(const char *file) { return file[0] != '.' && ends_with(file, ".csv"); }

static int compare_names(const void *a, const void *b, const void *context) {
    (void)context;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void list_files(job *j) {
    reader *r = j->r;
    for (const struct dirent *e = readdir(j->folder); e && j->files.count < MOST_FILES; e = readdir(j->folder)) {
        r->file = bfl_fhir_keep(r, bfl_issue_quote(r->scratch, bfl_text_of(e->d_name)));
        if (j->tables ? is_table_name(e->d_name) : is_fhir_name(e->d_name))
            *BFL_PUSH(r->scratch, &j->files) = bfl_arena_text(r->scratch, bfl_text_of(e->d_name));
        else if (ends_with(e->d_name, ".gz") || ends_with(e->d_name, ".zip") || ends_with(e->d_name, ".xml"))
            bfl_fhir_file_issue(r, FHIR_FILE, 0, "", "a file that is not read",
                                j->tables ? ".csv" : ".json or .ndjson");
    }
    bfl_sort(r->scratch, j->files.items, j->files.count, sizeof *j->files.items, compare_names, NULL);
}

static bfl_status find_files(job *j, bfl_error *err) {
    struct stat info;
    if (stat(j->path, &info) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return bfl_fail(err, BFL_ENOTFOUND, j->path, 0, "there is no such file or folder");
        return bfl_fail(err, BFL_EIO, j->path, 0, "cannot be read: %s", strerror(errno));
    }
    if (!S_ISDIR(info.st_mode)) {
        j->one_file = true;
        *BFL_PUSH(j->r->scratch, &j->files) = "";
        return BFL_OK;
    }
    j->folder = opendir(j->path);
    if (!j->folder) return bfl_fail(err, BFL_EIO, j->path, 0, "cannot open the folder: %s", strerror(errno));
    list_files(j);
    if (j->files.count) return BFL_OK;
    return bfl_fail(err, BFL_ENOTFOUND, j->path, 0, "holds no %s file", j->tables ? ".csv" : ".json or .ndjson");
}

static bfl_status read_forest(job *j, bfl_error *err) {
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < j->forest->count && !status; i++) {
        j->r->file = bfl_fhir_keep(j->r, j->forest->trees[i].name);
        j->r->row = 0;
        j->r->bundle_patients = 0;
        status = read_tree(j, j->forest->trees[i].root, err);
    }
    return status;
}

static bfl_status read_pass(job *j, bool indexing, bfl_error *err) {
    reader *r = j->r;
    r->indexing = indexing;
    r->resources = j->found = 0;
    if (j->forest) return read_forest(j, err);
    if (!j->path) return read_text(j, j->name, j->bytes, err);
    bfl_status status = BFL_OK;
    for (size_t i = 0; i < j->files.count && !status; i++) {
        const char *file = j->files.items[i];
        const char *path = file[0] ? bfl_arena_printf(r->scratch, "%s/%s", j->path, file) : j->path;
        bfl_text bytes;
        bfl_arena_reset(j->memory->bytes);
        status = bfl_file_read(j->memory->bytes, path, r->limits.file_bytes, &bytes, err);
        if (!status) status = read_text(j, file[0] ? file : tail_of(j->path), bytes, err);
    }
    return status;
}

/* ---- the job ---- */

static bfl_status read_job(bfl_format_job *memory, void *context, bfl_error *err) {
    job *j = context;
    reader *r = BFL_NEW(memory->scratch, reader);
    j->memory = memory;
    j->r = r;
    r->arena = memory->arena;
    r->scratch = memory->scratch;
    r->limits = bfl_format_limits(j->limits);
    r->texts = (names){.arena = r->arena, .scratch = r->scratch};
    r->people = r->entities = r->said = r->meanings = r->profiles = r->subjects = r->accounts =
        (names){.arena = r->scratch, .scratch = r->scratch};
    r->study.scratch = r->scratch;
    bfl_status status = j->path ? find_files(j, err) : BFL_OK;
    if (!status) status = read_pass(j, true, err);
    if (!status) status = read_pass(j, false, err);
    if (status) return status;
    if (j->forest) j->forest->record = bfl_fhir_record_id(r, j->forest->patient);
    if (j->found == 0 && (j->one_file || (!j->path && !j->forest)))
        return bfl_fail(err, BFL_EPARSE, j->path ? j->path : j->name, 0,
                        j->tables ? "holds no row of the extraction layout" : "holds no FHIR resource");
    bfl_fhir_finish(r);
    memory->study = bfl_study_seal(r->arena, &r->study);
    bfl_fhir_close_accounts(r, memory->study);
    return BFL_OK;
}

static bfl_status run(job *j, bfl_study **out, bfl_error *err) {
    if (!j->forest) j->json = bfl_fhir_json_reader();
    if (!j->forest && !j->json) return bfl_fail(err, BFL_ENOMEM, "", 0, "out of memory");
    bfl_status status = bfl_format_run(read_job, j, out, err);
    if (j->folder) (void)closedir(j->folder);
    bfl_json_reader_free(j->json);
    return status;
}

bfl_status bfl_fhir_read(const char *path, const bfl_limits *limits, bfl_study **out, bfl_error *err) {
    if (!path || !out) return bfl_fail(err, BFL_EINVAL, "bfl_fhir_read", 0, "path and out must not be NULL");
    job j = {.path = path, .limits = limits};
    return run(&j, out, err);
}

bfl_status bfl_fhir_parse(const char *file, bfl_text bytes, const bfl_limits *limits, bfl_study **out, bfl_error *err) {
    job j = {.name = file, .bytes = bytes, .limits = limits, .one_file = true};
    return run(&j, out, err);
}

bfl_status bfl_fhir_parse_lines(const char *file, const bfl_block *lines, const bfl_limits *limits, bfl_study **out,
                                bfl_error *err) {
    job j = {.name = file, .bytes = {lines->data, lines->size}, .limits = limits, .one_file = true};
    j.first_row = lines->first_line < UINT32_MAX ? (uint32_t)lines->first_line : UINT32_MAX;
    return run(&j, out, err);
}

bfl_status bfl_fhir_parse_forest(bfl_fhir_forest *forest, const bfl_limits *limits, bfl_study **out, bfl_error *err) {
    job j = {.forest = forest, .limits = limits};
    return run(&j, out, err);
}

bfl_status bfl_mef_read(const char *path, const bfl_limits *limits, bfl_study **out, bfl_error *err) {
    job j = {.path = path, .limits = limits, .tables = true};
    return run(&j, out, err);
}

bfl_status bfl_mef_parse(const char *file, bfl_text bytes, const bfl_limits *limits, bfl_study **out, bfl_error *err) {
    job j = {.name = file, .bytes = bytes, .limits = limits, .one_file = true, .tables = true};
    return run(&j, out, err);
}

bool bfl_fhir_probe(const char *file, bfl_text head) {
    head = bfl_text_trim(head);
    if (bfl_text_starts(head, BFL_TEXT("\xEF\xBB\xBF"))) head = (bfl_text){head.data + 3, head.size - 3};
    return is_fhir_name(tail_of(file)) || bfl_text_starts(head, BFL_TEXT("{"));
}
