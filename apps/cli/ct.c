/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare ct: what changed in the bone between two CT scans. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare ct BASELINE FOLLOWUP [OPTION...]\n"
    "\n"
    "Lays two CT scans of one patient on each other by their bones and lists what became denser or less dense. It\n"
    "describes and measures; whether that is healing or progression is for 'boneflare assess' and its reader to "
    "weigh.\n"
    "A scan is a folder of DICOM files, or a NIfTI (.nii, .nii.gz), MetaImage (.mha) or DICOM file.\n"
    "\n"
    "  --out FOLDER          write lesions.csv, ct.json, change.nii.gz, findings.nii.gz, baseline.nii.gz, "
    "bone.nii.gz;\n"
    "                        of a DICOM follow-up also findings.dcm (SEG) and measurements.dcm (SR, TID 1500)\n"
    "  --keep-identifiers    findings.dcm and measurements.dcm name the patient; nothing else ever does\n"
    "  --patient ID          for lesions.csv (default: patient)\n"
    "  --baseline-date DATE  for lesions.csv, as in a case folder: 2019-04-04 or d0 (default: d0)\n"
    "  --date DATE           of the follow-up (default: d1)\n"
    "  --confirmed           a reader has looked at the findings: lesions.csv says measured, not equivocal\n"
    "  --score N             least score of a finding; lower shows more, and more that is not there\n"
    "  --format FORMAT       text (default) or json\n"
    "  --rules OVERLAY.json  rules of your own over the built-in ones\n"
    "  --threads N           default as many as there are processors; the output is the same\n"
    "  --help                this text\n"
    "\n"
    "Exit code: 0 compared; 1 the scans could not be compared (the reason is printed); 2 wrong command line; 3 a file\n"
    "cannot be read or written; 4 out of memory.\n"
    "\n"
    "Example:\n"
    "  boneflare ct before.nii.gz after.nii.gz --out ct --patient P1 --baseline-date 2019-04-04 --date 2019-06-01\n";

enum { MOST_THREADS = 256 };

typedef struct command {
    const char *scans[2], *out, *overlay;
    bfl_ct_rows rows;
    bfl_ct_options options;
    bfl_scan_limits limits;
    bool json;
    bfl_rulebook *rulebook;
    bfl_ct *ct;
} command;

/* ---- the command line ---- */

static int read_date(const char *option, const char *value, const char **out) {
    bfl_date date;
    bfl_error err = {.status = BFL_OK};
    if (bfl_date_parse(bfl_text_of(value), &date, &err) != BFL_OK)
        return cli_usage("ct", "%s %s: %s", option, value, err.message);
    *out = value;
    return CLI_OK;
}

static int read_score(const char *value, double *out) {
    bfl_decimal score;
    if (bfl_decimal_parse(bfl_text_of(value), &score, NULL) != BFL_OK || !(bfl_decimal_double(score) > 0))
        return cli_usage("ct", "--score %s: a number above 0", value);
    *out = bfl_decimal_double(score);
    return CLI_OK;
}

static int read_option(command *c, int option, const char *value) {
    uint64_t number = 0;
    switch (option) {
    case 'o': c->out = value; return CLI_OK;
    case 'r': c->overlay = value; return CLI_OK;
    case 'c': c->rows.confirmed = true; return CLI_OK;
    case 'k': c->limits.keep_identifiers = true; return CLI_OK;
    case 'p': c->rows.patient = value; return CLI_OK;
    case 'b': return read_date("--baseline-date", value, &c->rows.baseline_date);
    case 'd': return read_date("--date", value, &c->rows.followup_date);
    case 's': return read_score(value, &c->options.least_score);
    case 't':
        if (!cli_number(value, 1, MOST_THREADS, &number))
            return cli_usage("ct", "--threads %s: a number from 1 to %d", value, MOST_THREADS);
        c->options.threads = (uint32_t)number;
        return CLI_OK;
    default: break;
    }
    c->json = strcmp(value, "json") == 0;
    return c->json || strcmp(value, "text") == 0 ? CLI_OK
                                                 : cli_usage("ct", "--format %s: it takes text or json", value);
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {{"out", required_argument, NULL, 'o'},
                                            {"patient", required_argument, NULL, 'p'},
                                            {"baseline-date", required_argument, NULL, 'b'},
                                            {"date", required_argument, NULL, 'd'},
                                            {"score", required_argument, NULL, 's'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"rules", required_argument, NULL, 'r'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"confirmed", no_argument, NULL, 'c'},
                                            {"keep-identifiers", no_argument, NULL, 'k'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("ct", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("ct", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    if (argc - optind != 2) return cli_usage("ct", "name two scans: the baseline and the follow-up");
    c->scans[0] = argv[optind];
    c->scans[1] = argv[optind + 1];
    return CLI_OK;
}

/* ---- what is written ---- */

typedef bfl_status (*writer)(const command *c, bfl_sink sink, bfl_error *err);

static bfl_status write_rows(const command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_rows(c->ct, &c->rows, sink, err);
}
static bfl_status write_json(const command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_json(c->ct, sink, err);
}
static bfl_status write_change(const command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_image(c->ct, BFL_CT_CHANGE, sink, err);
}
static bfl_status write_findings(const command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_image(c->ct, BFL_CT_FINDINGS, sink, err);
}
static bfl_status write_baseline(const command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_image(c->ct, BFL_CT_BASELINE, sink, err);
}
static bfl_status write_segmentation(const command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_dicom(c->ct, BFL_CT_SEGMENTATION, sink, err);
}
static bfl_status write_measurements(const command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_dicom(c->ct, BFL_CT_MEASUREMENT_REPORT, sink, err);
}
static bfl_status write_bone(const command *c, bfl_sink sink, bfl_error *err) {
    return bfl_ct_write_image(c->ct, BFL_CT_BONE, sink, err);
}

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare ct: cannot write %s: %s\n", path, strerror(errno));
    return CLI_INPUT;
}

/* The file appears when it is whole. */
static int write_file(const command *c, const char *file, writer write) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", c->out, file);
    FILE *stream = NULL;
    if (length < 0 || (size_t)length >= sizeof path) return cannot_write(c->out);
    char *temporary = cli_open_temporary(path, &stream);
    if (!temporary) return cannot_write(path);
    bfl_error err = {.status = BFL_OK};
    bfl_status status = write(c, cli_sink(stream), &err);
    int code = status ? cli_fail("ct", &err) : CLI_OK;
    if (fclose(stream) != 0 && code == CLI_OK) code = cannot_write(path);
    if (code == CLI_OK && rename(temporary, path) != 0) code = cannot_write(path);
    if (code != CLI_OK) (void)unlink(temporary);
    free(temporary);
    return code;
}

/* What an earlier run left must not look like this one's. */
static int remove_file(const command *c, const char *file) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", c->out, file);
    if (length < 0 || (size_t)length >= sizeof path) return cannot_write(c->out);
    return unlink(path) == 0 || errno == ENOENT ? CLI_OK : cannot_write(path);
}

/* What a file needs, beside a comparison. */
enum { NOTHING = 0, COMPARED = 1, DICOM = 2, FINDINGS = 4 };

static bool is_due(const command *c, unsigned needs) {
    if (bfl_ct_refused(c->ct)) return needs == NOTHING;
    return (!(needs & DICOM) || bfl_ct_has_origin(c->ct)) && (!(needs & FINDINGS) || bfl_ct_finding_count(c->ct));
}

static int write_files(const command *c) {
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
                 {"lesions.csv", write_rows, NOTHING},
                 {"ct.json", write_json, NOTHING}};
    const size_t count = sizeof FILES / sizeof *FILES;
    if (mkdir(c->out, 0777) != 0 && errno != EEXIST) return cannot_write(c->out);
    int code = CLI_OK;
    for (size_t i = 0; i < count && code == CLI_OK; i++) {
        code = is_due(c, FILES[i].needs) ? write_file(c, FILES[i].file, FILES[i].write) : remove_file(c, FILES[i].file);
        cli_progress("files", i + 1, count);
    }
    cli_progress_end();
    return code;
}

/* Why files that one may look for are not there. */
static void say_what_is_missing(const command *c) {
    if (c->out && !bfl_ct_refused(c->ct) && !bfl_ct_has_origin(c->ct))
        (void)fprintf(stderr, "boneflare ct: no DICOM SEG and SR: they refer to the images of a DICOM series, and the "
                              "follow-up is none\n");
}

static int print(const command *c) {
    bfl_error err = {.status = BFL_OK};
    bfl_status status =
        c->json ? bfl_ct_write_json(c->ct, cli_sink(stdout), &err) : bfl_ct_write_text(c->ct, cli_sink(stdout), &err);
    if (status) return cli_fail("ct", &err);
    return fflush(stdout) == 0 ? CLI_OK : CLI_INPUT;
}

static int compare(command *c) {
    bfl_scan *scans[2] = {NULL, NULL};
    bfl_error err = {.status = BFL_OK};
    bfl_status status = c->overlay ? bfl_rulebook_open_file(c->overlay, &c->rulebook, &err)
                                   : bfl_rulebook_open((bfl_text){NULL, 0}, &c->rulebook, &err);
    for (size_t i = 0; i < 2 && !status; i++) {
        cli_progress("scans", i, 2);
        status = bfl_scan_read(c->scans[i], &c->limits, &scans[i], &err);
    }
    c->options.rulebook = c->rulebook;
    if (!status) status = bfl_ct_compare(scans[0], scans[1], &c->options, &c->ct, &err);
    cli_progress_end();
    int code = status ? cli_fail("ct", &err) : CLI_OK;
    if (code == CLI_OK && c->out) code = write_files(c);
    if (code == CLI_OK) code = print(c);
    if (code == CLI_OK) say_what_is_missing(c);
    if (code == CLI_OK && bfl_ct_refused(c->ct)) code = CLI_DATA;
    bfl_ct_free(c->ct);
    bfl_scan_free(scans[0]);
    bfl_scan_free(scans[1]);
    bfl_rulebook_free(c->rulebook);
    return code;
}

int cli_ct(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    command c = {
        .rows = {.struct_size = sizeof c.rows, .patient = "patient", .baseline_date = "d0", .followup_date = "d1"},
        .options = {.struct_size = sizeof c.options},
        .limits = {.struct_size = sizeof c.limits}};
    int status = read_arguments(&c, argc, argv);
    return status == CLI_OK ? compare(&c) : status;
}
