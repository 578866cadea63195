/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare ct: what changed in the bone between two CT scans. */
#include "ct.h"

#include <getopt.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: boneflare ct BASELINE FOLLOWUP [OPTION...]\n"
    "\n"
    "Lays two CT scans of one patient on each other by their bones and lists what became denser or less dense. It\n"
    "describes and measures; whether that is healing or progression is for 'boneflare assess' and its reader to "
    "weigh.\n"
    "A scan is a folder or ZIP file of DICOM files, or a NIfTI, MetaImage, NRRD or DICOM file.\n"
    "\n"
    "  --out FOLDER          write lesions.csv, ct.json, change.nii.gz, findings.nii.gz, baseline.nii.gz, "
    "bone.nii.gz;\n"
    "                        of a DICOM follow-up also findings.dcm (SEG) and measurements.dcm (SR, TID 1500)\n"
    "  --viewer FILE         and viewer.html, which shows both scans with NiiVue: FILE is its niivue.umd.js, which is\n"
    "                        copied beside it; nothing is loaded from the network\n"
    "  --keep-identifiers    findings.dcm and measurements.dcm name the patient; nothing else ever does\n"
    "  --patient ID          for lesions.csv (default: patient)\n"
    "  --baseline-date DATE  for lesions.csv, as in a case folder: 2019-04-04 or d0 (default: the study's, else d0)\n"
    "  --date DATE           of the follow-up (default: the study's, else d1). A date that is given stands against a "
    "wrong\n"
    "                        one in a header\n"
    "  --record CASE         look for the findings among the lesions of this case folder (or SDTM, FHIR); why a "
    "finding\n"
    "                        was taken for one, or was not, is printed\n"
    "  --confirmed           a reader has looked at the findings: lesions.csv says measured, not equivocal\n"
    "  --allow-patient-mismatch\n"
    "                        compare scans that name two patients, which is refused otherwise; the outputs say so\n"
    "  --labels FILE         what bone each voxel of the baseline is, by TotalSegmentator 2 (117 classes, on the "
    "baseline's\n"
    "                        voxels): names the findings' sites instead of the spine that is followed here\n"
    "  --no-lungs            do not look for round marks in the lungs\n"
    "  --score N             least score of a finding; lower shows more, and more that is not there\n"
    "  --format FORMAT       text (default) or json; --json is short for the latter\n"
    "  --rules OVERLAY.json  rules of your own over the built-in ones\n"
    "  --progress            a line on standard error for each stage (on a terminal one line shows them anyway)\n"
    "  --threads N           default as many as there are processors; the output is the same\n"
    "  --help                this text\n"
    "\n"
    "Exit code: 0 compared; 1 the scans could not be compared (the reason is printed); 2 wrong command line; 3 a file\n"
    "cannot be read or written; 4 out of memory.\n"
    "\n"
    "Example:\n"
    "  boneflare ct before.nii.gz after.nii.gz --out ct --patient P1 --baseline-date 2019-04-04 --date 2019-06-01\n";

enum { MOST_THREADS = 256 };

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

static int read_option(cli_ct_command *c, int option, const char *value) {
    uint64_t number = 0;
    switch (option) {
    case 'o': c->out = value; return CLI_OK;
    case 'r': c->overlay = value; return CLI_OK;
    case 'R': c->record = value; return CLI_OK;
    case 'v': c->viewer = value; return CLI_OK;
    case 'c': c->rows.confirmed = true; return CLI_OK;
    case 'l': c->labels = value; return CLI_OK;
    case 'k': c->limits.keep_identifiers = true; return CLI_OK;
    case 'P': c->progress = true; return CLI_OK;
    case 'p': c->rows.patient = value; return CLI_OK;
    case 'b': return read_date("--baseline-date", value, &c->rows.baseline_date);
    case 'd': return read_date("--date", value, &c->rows.followup_date);
    case 'L': c->options.no_lungs = true; return CLI_OK;
    case 'A': c->options.allow_patient_mismatch = true; return CLI_OK;
    case 'j': c->json = true; return CLI_OK;
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

static int read_arguments(cli_ct_command *c, int argc, char **argv) {
    static const struct option options[] = {{"out", required_argument, NULL, 'o'},
                                            {"patient", required_argument, NULL, 'p'},
                                            {"baseline-date", required_argument, NULL, 'b'},
                                            {"date", required_argument, NULL, 'd'},
                                            {"score", required_argument, NULL, 's'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"rules", required_argument, NULL, 'r'},
                                            {"record", required_argument, NULL, 'R'},
                                            {"viewer", required_argument, NULL, 'v'},
                                            {"labels", required_argument, NULL, 'l'},
                                            {"no-lungs", no_argument, NULL, 'L'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"confirmed", no_argument, NULL, 'c'},
                                            {"allow-patient-mismatch", no_argument, NULL, 'A'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"keep-identifiers", no_argument, NULL, 'k'},
                                            {"progress", no_argument, NULL, 'P'},
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

/* Why files that one may look for are not there. */
static void say_what_is_missing(const cli_ct_command *c) {
    if (bfl_ct_registration_of(c->ct) == BFL_CT_KEPT_NOT_USED)
        (void)fprintf(stderr, "boneflare ct: ct.transform of an interrupted run was damaged or of another comparison: "
                              "it was not used\n");
    if (c->out && !bfl_ct_refused(c->ct) && !bfl_ct_has_origin(c->ct))
        (void)fprintf(stderr, "boneflare ct: no DICOM SEG and SR: they refer to the images of a DICOM series, and the "
                              "follow-up is none\n");
    if (c->out && c->undated)
        (void)fprintf(stderr, "boneflare ct: the scans do not tell their dates: lesions.csv says d0 and d1. Give "
                              "--baseline-date and --date\n");
}

/* ---- when ---- */

static int check_dates(const cli_ct_command *c, bool given) {
    const bfl_date *date = c->dates;
    if ((date[0].precision == BFL_DATE_RELATIVE) != (date[1].precision == BFL_DATE_RELATIVE))
        return cli_usage("ct", "%s and %s: give both dates in one way", c->rows.baseline_date, c->rows.followup_date);
    if (given && date[1].last < date[0].first)
        return cli_usage("ct", "%s is before %s: the baseline comes first", c->rows.followup_date,
                         c->rows.baseline_date);
    return CLI_OK;
}

/* The scans' own days unless others were given; relative ones when either is not known, since a record cannot mix them. */
static int settle_dates(cli_ct_command *c, bfl_scan *const scans[2]) {
    const char **days[2] = {&c->rows.baseline_date, &c->rows.followup_date};
    const bool given[2] = {*days[0] != NULL, *days[1] != NULL};
    bfl_date *date = c->dates;
    for (int i = 0; i < 2; i++) {
        const bfl_date known = bfl_scan_about(scans[i])->date;
        if (given[i] || known.precision != BFL_DATE_DAY) continue;
        (void)bfl_date_format(known, c->days[i], sizeof c->days[i]);
        *days[i] = c->days[i];
    }
    c->undated = !*days[0] || !*days[1];
    for (int i = 0; i < 2; i++) {
        if (c->undated && !given[i]) *days[i] = i ? "d1" : "d0";
        if (bfl_date_parse(bfl_text_of(*days[i]), &date[i], NULL)) return CLI_SYSTEM;
    }
    c->options.baseline_date = given[0] ? &date[0] : NULL;
    c->options.followup_date = given[1] ? &date[1] : NULL;
    return check_dates(c, given[0] || given[1]);
}

static int print(const cli_ct_command *c) {
    bfl_error err = {.status = BFL_OK};
    bfl_status status =
        c->json ? bfl_ct_write_json(c->ct, cli_sink(stdout), &err) : bfl_ct_write_text(c->ct, cli_sink(stdout), &err);
    if (status) return cli_fail("ct", &err);
    return fflush(stdout) == 0 ? CLI_OK : CLI_INPUT;
}

/* ---- lesions that are known ---- */

static const bfl_record *find_record(const cli_ct_command *c) {
    const size_t count = bfl_study_record_count(c->study);
    for (size_t i = 0; *c->rows.patient && i < count; i++)
        if (strcmp(bfl_study_record(c->study, i)->patient.id, c->rows.patient) == 0)
            return bfl_study_record(c->study, i);
    return !*c->rows.patient && count == 1 ? bfl_study_record(c->study, 0) : NULL;
}

/* A day of the command line on the record's timeline. */
static bool day_of(const bfl_record *record, const char *day, int32_t *out) {
    bfl_date date;
    if (bfl_date_parse(bfl_text_of(day), &date, NULL)) return false;
    const bool relative = date.precision == BFL_DATE_RELATIVE;
    *out = relative ? date.last : date.last - record->day0_civil;
    return relative || record->has_calendar;
}

static int match(cli_ct_command *c) {
    bfl_error err = {.status = BFL_OK};
    int32_t days[2];
    if (bfl_study_read(c->record, NULL, &c->study, &err)) return cli_fail("ct", &err);
    const bfl_record *record = find_record(c);
    if (!record && *c->rows.patient) return cli_usage("ct", "%s has no patient %s", c->record, c->rows.patient);
    if (!record) return cli_usage("ct", "%s does not hold one patient: name one with --patient", c->record);
    if (!day_of(record, c->rows.baseline_date, &days[0]) || !day_of(record, c->rows.followup_date, &days[1]))
        return cli_usage("ct", "%s has no calendar: give --baseline-date and --date as days, d0 and d41", c->record);
    c->rows.patient = record->patient.id;
    return bfl_ct_match(c->ct, record, days[0], days[1], &err) ? cli_fail("ct", &err) : CLI_OK;
}

/* With --progress a line for each stage, else one line on a terminal. */
static void tell_stage(void *context, const char *what) {
    enum { STAGES = 8 };
    cli_ct_command *c = context;
    c->stage++;
    if (c->progress)
        (void)fprintf(stderr, "boneflare ct: %s\n", what);
    else
        cli_progress(what, c->stage, STAGES);
}

/* Of a record nobody knows here whether it is still the same. */
static void find_key(cli_ct_command *c, bfl_scan *const scans[2]) {
    char more[1024];
    const int length =
        snprintf(more, sizeof more, "%s %s %s %d %d %s", c->rows.patient, c->rows.baseline_date, c->rows.followup_date,
                 (int)c->rows.confirmed, (int)c->limits.keep_identifiers, c->viewer ? c->viewer : "");
    const bool told = length > 0 && (size_t)length < sizeof more && !c->record;
    if (!told || bfl_ct_key(scans[0], scans[1], &c->options, more, c->key)) *c->key = '\0';
    memcpy(c->step_key, c->key, sizeof c->key);
    /* Registration knows of no record. */
    if (!told && bfl_ct_key(scans[0], scans[1], &c->options, "", c->step_key)) *c->step_key = '\0';
}

static int compare_read(cli_ct_command *c, bfl_scan *const scans[2]) {
    bfl_error err = {.status = BFL_OK};
    int code = settle_dates(c, scans);
    c->options.rulebook = c->rulebook;
    c->options.stage = tell_stage;
    c->options.stage_context = c;
    if (code == CLI_OK && c->out) find_key(c, scans);
    if (code == CLI_OK && cli_ct_is_done(c)) return CLI_OK;
    if (code == CLI_OK && c->out) cli_ct_keep_registration(c);
    if (code == CLI_OK && bfl_ct_compare(scans[0], scans[1], &c->options, &c->ct, &err))
        code = c->unkept ? CLI_INPUT : cli_fail("ct", &err);
    if (code == CLI_OK && c->record && !bfl_ct_refused(c->ct)) code = match(c);
    return code;
}

static int finish(cli_ct_command *c) {
    if (c->out) tell_stage(c, "writing");
    int code = c->out ? cli_ct_write(c) : CLI_OK;
    if (code == CLI_OK) code = print(c);
    if (code == CLI_OK) say_what_is_missing(c);
    return code == CLI_OK && bfl_ct_refused(c->ct) ? CLI_DATA : code;
}

static int compare(cli_ct_command *c) {
    bfl_scan *scans[2] = {NULL, NULL}, *labels = NULL;
    bfl_error err = {.status = BFL_OK};
    bfl_status status = c->overlay ? bfl_rulebook_open_file(c->overlay, &c->rulebook, &err)
                                   : bfl_rulebook_open((bfl_text){NULL, 0}, &c->rulebook, &err);
    for (size_t i = 0; i < 2 && !status; i++) {
        tell_stage(c, i ? "reading the follow-up" : "reading the baseline");
        status = bfl_scan_read(c->scans[i], &c->limits, &scans[i], &err);
    }
    if (!status && c->labels) status = bfl_scan_read(c->labels, NULL, &labels, &err);
    c->options.labels = labels;
    int code = status ? cli_fail("ct", &err) : compare_read(c, scans);
    cli_progress_end();
    if (code == CLI_OK) code = c->ct ? finish(c) : cli_ct_print_again(c);
    bfl_ct_free(c->ct);
    bfl_study_free(c->study);
    bfl_scan_free(scans[0]);
    bfl_scan_free(scans[1]);
    bfl_scan_free(labels);
    bfl_rulebook_free(c->rulebook);
    free(c->kept);
    return code;
}

/* Images of a hundred megabytes come and go by the dozen. What was given back to the system would come from it again page by page,
 * each cleared: a fifth of all processor time. So it stays, in one heap for all threads, where the next image takes its place: no
 * more than the most that was in use at a time. */
static void keep_memory(void) {
    (void)mallopt(M_MMAP_MAX, 0);
    (void)mallopt(M_TRIM_THRESHOLD, -1);
    (void)mallopt(M_ARENA_MAX, 1);
}

int cli_ct(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    cli_ct_command c = {.rows = {.struct_size = sizeof c.rows, .patient = ""},
                        .options = {.struct_size = sizeof c.options},
                        .limits = {.struct_size = sizeof c.limits}};
    int status = read_arguments(&c, argc, argv);
    keep_memory();
    return status == CLI_OK ? compare(&c) : status;
}
