/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of a comparison of two CT scans. */
#include "ct.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what is written ---- */

typedef bfl_status (*writer)(const cli_ct_command *c, bfl_sink sink, bfl_error *err);

static bfl_status write_rows(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    bfl_ct_rows rows = c->rows;
    if (!*rows.patient) rows.patient = "patient";
    return bfl_ct_write_rows(c->ct, &rows, sink, err);
}
static bfl_status write_json(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_json(c->ct, sink, err);
}
static bfl_status write_change(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_image(c->ct, BFL_CT_CHANGE, sink, err);
}
static bfl_status write_findings(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_image(c->ct, BFL_CT_FINDINGS, sink, err);
}
static bfl_status write_baseline(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_image(c->ct, BFL_CT_BASELINE, sink, err);
}
static bfl_status write_segmentation(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_dicom(c->ct, BFL_CT_SEGMENTATION, sink, err);
}
static bfl_status write_measurements(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_dicom(c->ct, BFL_CT_MEASUREMENT_REPORT, sink, err);
}
static bfl_status write_page(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_report_ct(c->ct, &c->rows, sink, err);
}
static bfl_status write_viewer(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_report_ct_viewer(c->ct, sink, err);
}
static bfl_status write_viewer_data(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_report_ct_viewer_data(c->ct, sink, err);
}
/* NiiVue as it was given: a copy beside the page. */
static bfl_status write_niivue(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    char bytes[1 << 16];
    FILE *file = fopen(c->viewer, "rb");
    bool good = file != NULL;
    for (size_t got = 1; good && got > 0;) {
        got = fread(bytes, 1, sizeof bytes, file);
        good = !ferror(file) && (got == 0 || sink.write(sink.context, bytes, got));
    }
    if (file) (void)fclose(file);
    if (good) return BFL_OK;
    *err = (bfl_error){.status = BFL_EIO};
    (void)snprintf(err->where, sizeof err->where, "%s", c->viewer);
    (void)snprintf(err->message, sizeof err->message,
                   "cannot be copied: --viewer takes niivue.umd.js of the npm package @niivue/niivue");
    return BFL_EIO;
}
static bfl_status write_bone(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_image(c->ct, BFL_CT_BONE, sink, err);
}

static bfl_status write_text(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_text(c->ct, sink, err);
}

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare ct: cannot write %s: %s\n", path, strerror(errno));
    return CLI_INPUT;
}

/* ---- what an earlier run left ---- */

/* "ct.done" is written last and holds the key, the exit code, and every file of the run with its size. */
static const char DONE[] = "ct.done";

static bool path_of(const cli_ct_command *c, const char *file, char *out, size_t size) {
    const int length = snprintf(out, size, "%s/%s", c->out, file);
    if (length > 0 && (size_t)length < size) return true;
    errno = ENAMETOOLONG;
    return false;
}

static long long size_of(const cli_ct_command *c, const char *file) {
    char path[4096];
    struct stat about;
    return path_of(c, file, path, sizeof path) && stat(path, &about) == 0 ? (long long)about.st_size : -1;
}

static size_t read_done(const cli_ct_command *c, char *out, size_t size) {
    char path[4096];
    FILE *file = path_of(c, DONE, path, sizeof path) ? fopen(path, "rb") : NULL;
    const size_t got = file ? fread(out, 1, size - 1, file) : 0;
    if (file) (void)fclose(file);
    out[got] = '\0';
    return got;
}

/* The next line, its end cut off; *rest is left behind it. */
static char *next_line(char **rest) {
    char *line = *rest, *end = strchr(line, '\n');
    *rest = end ? end + 1 : line + strlen(line);
    if (end) *end = '\0';
    return line;
}

bool cli_ct_is_done(const cli_ct_command *c) {
    char text[4096], *rest = text;
    if (!c->out || !*c->key || !read_done(c, text, sizeof text)) return false;
    const char *line = next_line(&rest);
    if (strncmp(line, c->key, strlen(c->key)) != 0) return false;
    while (*rest) {
        char expected[64], *name = next_line(&rest), *size = strchr(name, ' ');
        if (!size) return false;
        *size++ = '\0';
        (void)snprintf(expected, sizeof expected, "%lld", size_of(c, name));
        if (strcmp(expected, size) != 0) return false;
    }
    return true;
}

int cli_ct_print_again(const cli_ct_command *c) {
    char text[4096], path[4096], bytes[1 << 14];
    (void)read_done(c, text, sizeof text);
    const int code = text[strlen(c->key) + 1] == '1' ? CLI_DATA : CLI_OK;
    FILE *file = path_of(c, c->json ? "ct.json" : "ct.txt", path, sizeof path) ? fopen(path, "rb") : NULL;
    bool good = file != NULL;
    for (size_t got = 1; good && got > 0;) {
        got = fread(bytes, 1, sizeof bytes, file);
        good = !ferror(file) && fwrite(bytes, 1, got, stdout) == got;
    }
    if (file) (void)fclose(file);
    return good && fflush(stdout) == 0 ? code : CLI_INPUT;
}

/* ---- a file, which appears when it is whole ---- */

typedef struct one_file {
    const char *name;
    writer write;
    bool due;
    int code;        /* not CLI_OK: it could not be begun, and a message said so */
    char *temporary; /* NULL: not begun, or there already */
    FILE *stream;
    int why; /* errno of what went wrong at its end; 0: nothing */
    bfl_status status;
    bfl_error err;
} one_file;

/* On the calling thread: the mode of a new file is looked up by changing what is the process's. */
static void begin_file(const cli_ct_command *c, one_file *o) {
    char path[4096];
    if (!path_of(c, o->name, path, sizeof path))
        o->code = cannot_write(c->out);
    else if (!(o->temporary = cli_open_temporary(path, &o->stream)))
        o->code = cannot_write(path);
}

static void fill_file(const cli_ct_command *c, one_file *o) {
    if (!o->temporary) return;
    o->status = o->write(c, cli_sink(o->stream), &o->err);
    if (fclose(o->stream) != 0) o->why = errno;
    o->stream = NULL;
}

static int finish_file(const cli_ct_command *c, one_file *o) {
    char path[4096];
    if (o->code != CLI_OK) return o->code;
    if (o->status) return cli_fail("ct", &o->err);
    (void)path_of(c, o->name, path, sizeof path);
    errno = o->why;
    if (o->why || rename(o->temporary, path) != 0) return cannot_write(path);
    free(o->temporary);
    o->temporary = NULL;
    return CLI_OK;
}

static void drop_file(one_file *o) {
    if (o->stream) (void)fclose(o->stream);
    if (o->temporary) (void)unlink(o->temporary);
    free(o->temporary);
}

static int write_file(const cli_ct_command *c, const char *name, writer write) {
    one_file o = {.name = name, .write = write};
    begin_file(c, &o);
    fill_file(c, &o);
    int code = finish_file(c, &o);
    drop_file(&o);
    return code;
}

/* What an earlier run left must not look like this one's. */
static int remove_file(const cli_ct_command *c, const char *file) {
    char path[4096];
    if (!path_of(c, file, path, sizeof path)) return cannot_write(c->out);
    return unlink(path) == 0 || errno == ENOENT ? CLI_OK : cannot_write(path);
}

/* ---- the registration of an interrupted run ---- */

static const char TRANSFORM[] = "ct.transform";

/* What keep_transform() was given. */
static bfl_status write_transform(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    if (sink.write(sink.context, c->options.kept.data, c->options.kept.size)) return BFL_OK;
    *err = (bfl_error){.status = BFL_EIO};
    (void)snprintf(err->message, sizeof err->message, "cannot be written");
    return BFL_EIO;
}

static bool keep_transform(void *context, const char *data, size_t size) {
    cli_ct_command *c = context;
    const bfl_text before = c->options.kept;
    c->options.kept = (bfl_text){data, size};
    c->unkept = (mkdir(c->out, 0777) != 0 && errno != EEXIST ? cannot_write(c->out)
                                                             : write_file(c, TRANSFORM, write_transform)) != CLI_OK;
    c->options.kept = before;
    return !c->unkept;
}

void cli_ct_keep_registration(cli_ct_command *c) {
    enum { MOST = 1 << 28 };
    char path[4096];
    if (!*c->step_key) return;
    c->options.key = c->step_key;
    c->options.keep = (bfl_sink){keep_transform, c};
    const long long size = size_of(c, TRANSFORM);
    FILE *file = size > 0 && size < MOST && path_of(c, TRANSFORM, path, sizeof path) ? fopen(path, "rb") : NULL;
    if (!file) return;
    c->kept = malloc((size_t)size);
    if (c->kept) c->options.kept = (bfl_text){c->kept, fread(c->kept, 1, (size_t)size, file)};
    (void)fclose(file);
}

/* What a file needs, beside a comparison. */
enum { NOTHING = 0, COMPARED = 1, DICOM = 2, FINDINGS = 4, VIEWER = 8 };

static bool is_due(const cli_ct_command *c, unsigned needs) {
    if (bfl_ct_refused(c->ct)) return needs == NOTHING;
    if (needs & VIEWER && !c->viewer) return false;
    return (!(needs & DICOM) || bfl_ct_has_origin(c->ct)) && (!(needs & FINDINGS) || bfl_ct_finding_count(c->ct));
}

static const struct {
    const char *file;
    writer write;
    unsigned needs;
} FILES[] = {{"change.nii.gz", write_change, COMPARED},
             {"findings.nii.gz", write_findings, COMPARED},
             {"baseline.nii.gz", write_baseline, COMPARED},
             {"bone.nii.gz", write_bone, COMPARED},
             {"findings.dcm", write_segmentation, COMPARED | DICOM | FINDINGS},
             {"measurements.dcm", write_measurements, COMPARED | DICOM},
             {"niivue.umd.js", write_niivue, COMPARED | VIEWER},
             {"viewer-data.js", write_viewer_data, COMPARED | VIEWER},
             {"viewer.html", write_viewer, COMPARED | VIEWER},
             {"report.html", write_page, NOTHING},
             {"lesions.csv", write_rows, NOTHING},
             {"ct.txt", write_text, NOTHING},
             {"ct.json", write_json, NOTHING}};
enum { FILES_COUNT = sizeof FILES / sizeof *FILES };

static bfl_status write_done(const cli_ct_command *c, bfl_sink sink, bfl_error *err) {
    char text[4096];
    int length = snprintf(text, sizeof text, "%s %d\n", c->key, bfl_ct_refused(c->ct) ? CLI_DATA : CLI_OK);
    for (size_t i = 0; i < FILES_COUNT; i++)
        if (is_due(c, FILES[i].needs))
            length += snprintf(text + length, sizeof text - (size_t)length, "%s %lld\n", FILES[i].file,
                               size_of(c, FILES[i].file));
    if (sink.write(sink.context, text, (size_t)length)) return BFL_OK;
    *err = (bfl_error){.status = BFL_EIO};
    (void)snprintf(err->message, sizeof err->message, "cannot be written");
    return BFL_EIO;
}

/* ---- the files, several at a time: each takes one thread most of its time ---- */

typedef struct folder {
    const cli_ct_command *c;
    size_t begun, ended;
    int code;
} folder;

static bfl_status begin_next(void *context, void *slot, bool *more, bfl_error *err) {
    folder *f = context;
    one_file *o = slot;
    (void)err;
    *more = f->begun < FILES_COUNT;
    if (!*more) return BFL_OK;
    *o = (one_file){
        .name = FILES[f->begun].file, .write = FILES[f->begun].write, .due = is_due(f->c, FILES[f->begun].needs)};
    f->begun++;
    if (o->due) begin_file(f->c, o);
    return BFL_OK;
}

static bfl_status fill_next(void *context, void *slot, bfl_error *err) {
    const folder *f = context;
    (void)err;
    fill_file(f->c, slot);
    return BFL_OK;
}

/* In the order of the files, so that the first failure is the same one whatever the threads. */
static bfl_status end_next(void *context, void *slot, bfl_error *err) {
    folder *f = context;
    one_file *o = slot;
    (void)err;
    f->code = o->due ? finish_file(f->c, o) : remove_file(f->c, o->name);
    cli_progress("files", ++f->ended, FILES_COUNT);
    return f->code == CLI_OK ? BFL_OK : BFL_EIO;
}

static void drop_next(void *context, void *slot) {
    (void)context;
    drop_file(slot);
}

static int write_files(const cli_ct_command *c) {
    folder f = {.c = c, .code = CLI_OK};
    const bfl_pipeline plan = {.context = &f,
                               .slot_size = sizeof(one_file),
                               .threads = c->options.threads,
                               .next = begin_next,
                               .work = fill_next,
                               .emit = end_next,
                               .release = drop_next};
    bfl_error err = {.status = BFL_OK};
    const bfl_status status = bfl_pipeline_run(&plan, &err);
    return status && f.code == CLI_OK ? cli_fail("ct", &err) : f.code;
}

int cli_ct_write(const cli_ct_command *c) {
    if (mkdir(c->out, 0777) != 0 && errno != EEXIST) return cannot_write(c->out);
    int code = remove_file(c, DONE);
    if (code == CLI_OK) code = write_files(c);
    if (code == CLI_OK && *c->key) code = write_file(c, DONE, write_done);
    if (code == CLI_OK) code = remove_file(c, TRANSFORM);
    cli_progress_end();
    return code;
}
