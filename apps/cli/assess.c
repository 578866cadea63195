/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare assess: reads case folders, assesses every patient, writes a report. */
#include "cli.h"
#include "reading.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare assess CASE... [OPTION...]\n"
    "       boneflare assess --ndjson [OPTION...] < FHIR.ndjson\n"
    "\n"
    "Says what happened in the bone, how sure that is, why, and what to do next, for every patient of the case "
    "folders,\nSDTM datasets or FHIR (Bundle, NDJSON; a folder of them, or one file).\n"
    "\n"
    "  --as-of DATE|DAY     as known on that date: 2019-04-04, or days from the start of therapy: d41, 41\n"
    "  --format FORMAT      text (default), json (one object a line, docs/json.md), html (one file),\n"
    "                       pdf (one file), fhir (a Bundle a line, docs/fhir.md) or fhir-put (the same as "
    "transactions)\n"
    "  --for READER         clinician (default) or patient (plain words; text, html and pdf)\n"
    "  --out PATH           write to a file, replaced only when the report is whole\n"
    "  --patient ID         only this patient; may be repeated\n"
    "  --evaluator WHO      whose measurements to read from SDTM: INVESTIGATOR, ADJUDICATOR,\n"
    "                       \"INDEPENDENT ASSESSOR:RADIOLOGIST 1\"\n"
    "  --accepted-only      read only accepted records of SDTM (--ACPTFL = Y)\n"
    "  --rules OVERLAY.json rules of your own over the built-in ones; the hash in the report changes with them\n"
    "  --review STATE       draft (default), submitted, under_review or approved\n"
    "  --reviewer TEXT      who reviewed, and when\n"
    "  --ndjson             a filter: FHIR NDJSON, each patient's lines together, from standard input; one JSON object "
    "a "
    "line\n                       to standard output; what cannot be used is a line on standard error, and the rest "
    "goes on\n"
    "  --threads N          with --ndjson: default as many as there are processors; the output is the same\n"
    "  --patient-mib N      with --ndjson: a patient with more lines than so many MiB is refused; default 64\n"
    "  --recorded INSTANT   when it is written, for the Provenance of FHIR: 2019-04-04T10:30:00Z; default: unknown\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 assessed; 1 no such patient, or one could not be assessed; 2 wrong command line; 3 a file cannot be "
    "read\nor written.\n"
    "\n"
    "Example:\n"
    "  boneflare assess examples/kaneko2017 --as-of d13\n";

enum { MOST_COLUMNS = 100, OVERLAY_BYTES = 16 << 20, MOST_THREADS = 256, MOST_MIB = 1 << 20 };

typedef enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML, FORMAT_PDF, FORMAT_FHIR, FORMAT_FHIR_PUT } format;

typedef struct command {
    char **cases;
    int case_count;
    char **patients; /* --patient */
    bool *found;     /* was there such a patient? */
    int patient_count;
    cli_reading reading;
    format format;
    const char *out_path, *overlay_path;
    bfl_assess_options assess;
    bfl_report_options report;
    bfl_fhir_options fhir;
    bfl_rulebook *rulebook;
    FILE *out;
    bfl_study **studies;          /* case_count of them, read or NULL */
    bfl_assessment **assessments; /* html and pdf keep them all until the end */
    size_t assessment_count, assessment_room;
    bool incomplete;  /* a patient could not be assessed */
    bool filter;      /* --ndjson */
    bool filter_only; /* an option that only goes with it */
    uint64_t threads, patient_mib;
} command;

/* One file for all patients. */
static bool is_document(const command *c) { return c->format == FORMAT_HTML || c->format == FORMAT_PDF; }

/* ---- the command line ---- */

static bool choose(const char *word, const char *const *words, int count, int *out) {
    for (int i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0) {
            *out = i;
            return true;
        }
    return false;
}

static int read_option(command *c, int option, char *value) {
    static const char *const formats[] = {"text", "json", "html", "pdf", "fhir", "fhir-put"};
    static const char *const readers[] = {"clinician", "patient"};
    static const char *const reviews[] = {"draft", "submitted", "under_review", "approved"};
    bfl_error err = {0};
    int chosen = 0;
    switch (option) {
    case 'd':
        if (!cli_date(value, &c->assess.as_of, &err)) return cli_usage("assess", "--as-of %s: %s", value, err.message);
        c->assess.has_as_of = true;
        return CLI_OK;
    case 'f':
        if (!choose(value, formats, 6, &chosen))
            return cli_usage("assess", "--format %s: it takes text, json, html, pdf, fhir or fhir-put", value);
        c->format = (format)chosen;
        c->fhir.bundle = c->format == FORMAT_FHIR_PUT ? BFL_FHIR_TRANSACTION : BFL_FHIR_COLLECTION;
        return CLI_OK;
    case 'a':
        if (!choose(value, readers, 2, &chosen))
            return cli_usage("assess", "--for %s: it takes clinician or patient", value);
        c->report.audience = (bfl_audience)chosen;
        return CLI_OK;
    case 'v':
        if (!choose(value, reviews, 4, &chosen))
            return cli_usage("assess", "--review %s: it takes draft, submitted, under_review or approved", value);
        c->report.review = (bfl_review)chosen;
        return CLI_OK;
    case 'o': c->out_path = value; return CLI_OK;
    case 'r': c->overlay_path = value; return CLI_OK;
    case 'w': c->report.reviewer = value; return CLI_OK;
    case 'n': c->filter = true; return CLI_OK;
    case 't':
        c->filter_only = true;
        return cli_number(value, 1, MOST_THREADS, &c->threads) ? CLI_OK
                                                               : cli_usage("assess", "--threads %s: a number", value);
    case 'm':
        c->filter_only = true;
        return cli_number(value, 1, MOST_MIB, &c->patient_mib)
                   ? CLI_OK
                   : cli_usage("assess", "--patient-mib %s: a number", value);
    case 'i': c->fhir.recorded = value; return CLI_OK;
    case 'e': cli_reading_evaluator(&c->reading, value); return CLI_OK;
    case 'c': c->reading.options.accepted_only = true; return CLI_OK;
    default: return cli_usage("assess", "wrong option");
    }
}

static int check_filter(const command *c) {
    if (c->case_count) return cli_usage("assess", "--ndjson reads standard input: name no file");
    bool other = c->format != FORMAT_TEXT && c->format != FORMAT_JSON;
    if (other || c->report.audience == BFL_FOR_PATIENT || c->patient_count)
        return cli_usage("assess",
                         "--ndjson writes JSON of every patient: it goes with --format json only, and without "
                         "--for and --patient");
    return CLI_OK;
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {{"as-of", required_argument, NULL, 'd'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"for", required_argument, NULL, 'a'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"patient", required_argument, NULL, 'p'},
                                            {"rules", required_argument, NULL, 'r'},
                                            {"review", required_argument, NULL, 'v'},
                                            {"reviewer", required_argument, NULL, 'w'},
                                            {"ndjson", no_argument, NULL, 'n'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"patient-mib", required_argument, NULL, 'm'},
                                            {"recorded", required_argument, NULL, 'i'},
                                            {"evaluator", required_argument, NULL, 'e'},
                                            {"accepted-only", no_argument, NULL, 'c'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("assess", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("assess", "%s needs a value", argv[optind - 1]);
        int status = CLI_OK;
        if (option == 'p')
            c->patients[c->patient_count++] = optarg;
        else
            status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    c->cases = argv + optind;
    c->case_count = argc - optind;
    if (c->filter) return check_filter(c);
    if (c->filter_only) return cli_usage("assess", "--threads and --patient-mib go with --ndjson");
    if (c->case_count == 0) return cli_usage("assess", "name at least one case folder");
    bool pages = c->format == FORMAT_TEXT || is_document(c);
    if (!pages && c->report.audience == BFL_FOR_PATIENT)
        return cli_usage("assess", "--for patient goes with text, html and pdf");
    return CLI_OK;
}

/* ---- where the report goes ---- */

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare assess: %s: cannot be written\n", path);
    return CLI_INPUT;
}

/* ---- patients ---- */

static bool wanted(command *c, const bfl_record *record) {
    bool any = c->patient_count == 0;
    for (int i = 0; i < c->patient_count; i++)
        if (strcmp(c->patients[i], record->patient.id) == 0) any = c->found[i] = true;
    return any;
}

static int keep(command *c, bfl_assessment *assessment) {
    if (c->assessment_count == c->assessment_room) {
        size_t room = c->assessment_room ? c->assessment_room * 2 : 64;
        bfl_assessment **grown = realloc(c->assessments, room * sizeof *grown);
        if (!grown) {
            bfl_assessment_free(assessment);
            return cli_fail("assess", &(bfl_error){.status = BFL_ENOMEM});
        }
        c->assessments = grown;
        c->assessment_room = room;
    }
    c->assessments[c->assessment_count++] = assessment;
    return CLI_OK;
}

/* Text pages of several patients are kept apart by a rule. */
static void separate(command *c) {
    for (int i = 0; c->assessment_count > 0 && i < c->report.columns; i++) (void)fputs("═", c->out);
    if (c->assessment_count > 0) (void)fputs("\n\n", c->out);
}

static int write_one(command *c, const bfl_assessment *assessment) {
    bfl_error err = {0};
    bfl_status status = BFL_OK;
    if (c->format == FORMAT_TEXT) separate(c);
    if (c->format == FORMAT_TEXT) status = bfl_report_text(assessment, &c->report, cli_sink(c->out), &err);
    if (c->format == FORMAT_JSON) status = bfl_report_json(assessment, &c->report, cli_sink(c->out), &err);
    if (c->format == FORMAT_FHIR || c->format == FORMAT_FHIR_PUT)
        status = bfl_report_fhir(assessment, &c->report, &c->fhir, cli_sink(c->out), &err);
    return status == BFL_OK ? CLI_OK : cli_fail("assess", &err);
}

static int assess_record(command *c, const bfl_record *record) {
    bfl_error err = {0};
    bfl_assessment *assessment = NULL;
    bfl_status status = bfl_assess(record, c->rulebook, &c->assess, &assessment, &err);
    if (status == BFL_EINVAL) { /* this patient cannot be asked for that date: the others can */
        (void)cli_fail("assess", &err);
        c->incomplete = true;
        return CLI_OK;
    }
    if (status != BFL_OK) return cli_fail("assess", &err);
    if (is_document(c)) return keep(c, assessment);
    int result = write_one(c, assessment);
    bfl_assessment_free(assessment);
    c->assessment_count++;
    return result;
}

static int assess_study(command *c, const bfl_study *study, int folder) {
    size_t count = bfl_study_record_count(study);
    int status = CLI_OK;
    for (size_t i = 0; i < count && status == CLI_OK; i++) {
        const bfl_record *record = bfl_study_record(study, i);
        cli_progress(c->cases[folder], i, count);
        if (wanted(c, record)) status = assess_record(c, record);
    }
    cli_progress_end();
    return status;
}

static int missing_patients(const command *c) {
    int status = CLI_OK;
    for (int i = 0; i < c->patient_count; i++)
        if (!c->found[i]) {
            (void)fprintf(stderr, "boneflare assess: there is no patient '%s' in these cases\n", c->patients[i]);
            status = CLI_DATA;
        }
    return status;
}

static int assess_all(command *c) {
    bfl_error err = {0};
    int status = CLI_OK;
    for (int i = 0; i < c->case_count && status == CLI_OK; i++) {
        if (bfl_study_read_as(c->cases[i], &c->reading.options, &c->studies[i], &err) != BFL_OK)
            return cli_fail("assess", &err);
        status = assess_study(c, c->studies[i], i);
        if (is_document(c)) continue; /* assessments point into the study */
        bfl_study_free(c->studies[i]);
        c->studies[i] = NULL;
    }
    if (status == CLI_OK) status = missing_patients(c);
    if (status == CLI_OK && c->assessment_count == 0) {
        (void)fputs("boneflare assess: no patient could be assessed\n", stderr);
        return CLI_DATA;
    }
    if (status != CLI_OK || !is_document(c)) return status;
    const bfl_assessment *const *all = (const bfl_assessment *const *)c->assessments;
    bfl_status written = c->format == FORMAT_PDF
                             ? bfl_report_pdf(all, c->assessment_count, &c->report, cli_sink(c->out), &err)
                             : bfl_report_html(all, c->assessment_count, &c->report, cli_sink(c->out), &err);
    return written == BFL_OK ? CLI_OK : cli_fail("assess", &err);
}

/* ---- the run ---- */

static char *read_whole(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    char *data = file ? malloc(OVERLAY_BYTES) : NULL;
    *size = data ? fread(data, 1, OVERLAY_BYTES, file) : 0;
    bool whole = data && !ferror(file) && feof(file);
    if (file) (void)fclose(file);
    if (whole) return data;
    free(data);
    return NULL;
}

static int open_rulebook(command *c) {
    bfl_error err = {0};
    char *overlay = NULL;
    size_t size = 0;
    if (c->overlay_path && !(overlay = read_whole(c->overlay_path, &size))) {
        (void)fprintf(stderr, "boneflare assess: %s: cannot be read\n", c->overlay_path);
        return CLI_INPUT;
    }
    bfl_status status = bfl_rulebook_open((bfl_text){overlay ? overlay : "", size}, &c->rulebook, &err);
    free(overlay);
    if (status != BFL_OK && c->overlay_path) (void)snprintf(err.where, sizeof err.where, "%s", c->overlay_path);
    return status == BFL_OK ? CLI_OK : cli_fail("assess", &err);
}

/* As wide as the terminal, at most 100 columns; colour only on a terminal that did not ask for none (no-color.org). */
static void fit_terminal(command *c) {
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    struct winsize window = {0};
    c->report.columns = MOST_COLUMNS;
    if (c->out_path || !isatty(STDOUT_FILENO)) return;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 && window.ws_col < MOST_COLUMNS)
        c->report.columns = window.ws_col;
    c->report.colour = !(no_color && no_color[0]) && !(term && strcmp(term, "dumb") == 0);
}

static int filter_input(const command *c) {
    const cli_filter_options options = {
        (uint32_t)c->threads, (size_t)c->patient_mib << 20, c->rulebook, &c->assess, &c->report, c->out};
    return cli_filter(&options);
}

static int write_report(command *c) {
    char *temporary = NULL;
    c->out = stdout;
    if (c->out_path) {
        c->out = NULL;
        if (!(temporary = cli_open_temporary(c->out_path, &c->out))) return cannot_write(c->out_path);
    }
    int status = c->filter ? filter_input(c) : assess_all(c);
    bool flushed = c->out_path ? fclose(c->out) == 0 : fflush(stdout) == 0;
    if (status == CLI_OK && !flushed) status = cannot_write(c->out_path ? c->out_path : "standard output");
    if (temporary && status == CLI_OK && rename(temporary, c->out_path) != 0) status = cannot_write(c->out_path);
    if (temporary && status != CLI_OK) (void)unlink(temporary);
    free(temporary);
    return status == CLI_OK && c->incomplete ? CLI_DATA : status;
}

static void release(command *c) {
    for (size_t i = 0; c->assessments && i < c->assessment_count; i++) bfl_assessment_free(c->assessments[i]);
    for (int i = 0; c->studies && i < c->case_count; i++) bfl_study_free(c->studies[i]);
    bfl_rulebook_free(c->rulebook);
    free(c->assessments);
    free(c->studies);
    free(c->patients);
    free(c->found);
}

int cli_assess(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    command c = {.reading = cli_reading_default(),
                 .assess.struct_size = sizeof c.assess,
                 .report.struct_size = sizeof c.report,
                 .fhir.struct_size = sizeof c.fhir};
    size_t room = (size_t)argc + 1;
    c.patients = calloc(room, sizeof *c.patients);
    c.found = calloc(room, sizeof *c.found);
    c.studies = calloc(room, sizeof(bfl_study *));
    int status = c.patients && c.found && c.studies ? CLI_OK : CLI_SYSTEM;
    if (status == CLI_OK) status = read_arguments(&c, argc, argv);
    if (status == CLI_OK) status = open_rulebook(&c);
    fit_terminal(&c);
    if (status == CLI_OK) status = write_report(&c);
    release(&c);
    return status;
}
