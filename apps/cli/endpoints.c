/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare endpoints: reads case folders, derives the endpoints of every patient under named policies. */
#include "endpoints.h"
#include "cli.h"
#include "reading.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare endpoints CASE... [OPTION...]\n"
    "\n"
    "Derives best and confirmed response, objective response, clinical benefit, disease control, durations,\n"
    "progression-free survival, time to progression and overall survival from the lesions of every patient.\n"
    "\n"
    "  --criterion ID       whose visits to use: recist11 (default), recist11_flare_note, soft_tissue, mda2004, "
    "irecist,\n                       pcwg3_bone, pcwg3, percist10, psa_pcwg3, ca125_gcig, cea\n"
    "  --policy NAME=VALUE  how to read what papers leave open; may be repeated\n"
    "  --list-policies      print every policy with its choices, clause and source\n"
    "  --format FORMAT      text (default), csv (a row an endpoint) or json (an object a patient)\n"
    "  --patient ID         only this patient; may be repeated\n"
    "  --evaluator WHO      whose measurements to read from SDTM: INVESTIGATOR, ADJUDICATOR,\n"
    "                       \"INDEPENDENT ASSESSOR:RADIOLOGIST 1\"\n"
    "  --accepted-only      read only accepted records of SDTM (--ACPTFL = Y)\n"
    "  --rules OVERLAY.json rules of your own over the built-in ones, defaults of policies too\n"
    "  --out PATH           write to a file, replaced only when the output is whole\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 done; 1 no such patient; 2 wrong command line; 3 a file cannot be read or written.\n"
    "\n"
    "Example:\n"
    "  boneflare endpoints examples/shi2021_patient2 --policy confirmation_minimum_days=35\n";

typedef enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON } format;

typedef struct command {
    char **cases;
    int case_count;
    const char **policies, **patients;
    bool *found; /* was there such a patient? */
    int policy_count, patient_count;
    format format;
    bool list;
    const char *out_path, *overlay_path, *criterion;
    bfl_rulebook *rulebook;
    bfl_endpoint_options options;
    cli_reading reading;
    FILE *out;
    size_t written;
} command;

/* ---- the command line ---- */

static int read_option(command *c, int option, char *value) {
    static const char *const formats[] = {"text", "csv", "json"};
    switch (option) {
    case 'c': c->criterion = value; return CLI_OK;
    case 'l': c->list = true; return CLI_OK;
    case 'o': c->out_path = value; return CLI_OK;
    case 'r': c->overlay_path = value; return CLI_OK;
    case 'p': c->policies[c->policy_count++] = value; return CLI_OK;
    case 'i': c->patients[c->patient_count++] = value; return CLI_OK;
    case 'e': cli_reading_evaluator(&c->reading, value); return CLI_OK;
    case 'a': c->reading.options.accepted_only = true; return CLI_OK;
    default: break;
    }
    for (int i = 0; i <= FORMAT_JSON; i++)
        if (strcmp(value, formats[i]) == 0) {
            c->format = (format)i;
            return CLI_OK;
        }
    return cli_usage("endpoints", "--format %s: it takes text, csv or json", value);
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {
        {"criterion", required_argument, NULL, 'c'}, {"policy", required_argument, NULL, 'p'},
        {"list-policies", no_argument, NULL, 'l'},   {"format", required_argument, NULL, 'f'},
        {"patient", required_argument, NULL, 'i'},   {"rules", required_argument, NULL, 'r'},
        {"out", required_argument, NULL, 'o'},       {"evaluator", required_argument, NULL, 'e'},
        {"accepted-only", no_argument, NULL, 'a'},   {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("endpoints", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("endpoints", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    c->cases = argv + optind;
    c->case_count = argc - optind;
    if (c->case_count == 0 && !c->list) return cli_usage("endpoints", "name at least one case folder");
    return CLI_OK;
}

static int set_policies(command *c) {
    bfl_error err = {0};
    bfl_status status = bfl_rulebook_open_file(c->overlay_path, &c->rulebook, &err);
    if (status == BFL_OK) status = bfl_endpoint_options_init(c->rulebook, &c->options, &err);
    if (status != BFL_OK) return cli_fail("endpoints", &err);
    for (int i = 0; i < c->policy_count; i++)
        if (bfl_endpoint_options_set(&c->options, bfl_text_of(c->policies[i]), &err) != BFL_OK)
            return cli_usage("endpoints", "--policy %s: %s", c->policies[i], err.message);
    c->options.criterion = c->criterion;
    return CLI_OK;
}

/* ---- patients ---- */

static bool wanted(command *c, const bfl_record *record) {
    bool any = c->patient_count == 0;
    for (int i = 0; i < c->patient_count; i++)
        if (strcmp(c->patients[i], record->patient.id) == 0) any = c->found[i] = true;
    return any;
}

static int derive(command *c, const bfl_record *record) {
    bfl_error err = {0};
    bfl_endpoints *endpoints = NULL;
    bfl_status status = bfl_endpoints_derive(record, c->rulebook, &c->options, &endpoints, &err);
    if (status == BFL_ENOTFOUND) return cli_usage("endpoints", "--criterion %s: %s", c->criterion, err.message);
    if (status != BFL_OK) return cli_fail("endpoints", &err);
    if (c->written++ == 0 && c->format == FORMAT_CSV) cli_endpoints_csv_head(c->out);
    if (c->format == FORMAT_CSV) cli_endpoints_csv(c->out, record, endpoints);
    if (c->format == FORMAT_JSON) cli_endpoints_json(c->out, record, endpoints);
    if (c->format == FORMAT_TEXT) cli_endpoints_text(c->out, record, endpoints);
    bfl_endpoints_free(endpoints);
    return CLI_OK;
}

static int derive_all(command *c) {
    int status = CLI_OK;
    for (int i = 0; i < c->case_count && status == CLI_OK; i++) {
        bfl_error err = {0};
        bfl_study *study = NULL;
        if (bfl_study_read_as(c->cases[i], &c->reading.options, &study, &err) != BFL_OK)
            return cli_fail("endpoints", &err);
        size_t count = bfl_study_record_count(study);
        for (size_t k = 0; k < count && status == CLI_OK; k++) {
            cli_progress(c->cases[i], k, count);
            if (wanted(c, bfl_study_record(study, k))) status = derive(c, bfl_study_record(study, k));
        }
        cli_progress_end();
        bfl_study_free(study);
    }
    for (int i = 0; i < c->patient_count && status == CLI_OK; i++)
        if (!c->found[i]) {
            (void)fprintf(stderr, "boneflare endpoints: there is no patient '%s'\n", c->patients[i]);
            status = CLI_DATA;
        }
    if (status == CLI_OK && c->format == FORMAT_TEXT) cli_endpoints_policies(c->out, c->rulebook, &c->options);
    return status;
}

/* ---- the run ---- */

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare endpoints: %s: cannot be written\n", path);
    return CLI_INPUT;
}

static int write_output(command *c) {
    char *temporary = NULL;
    int status = CLI_OK;
    c->out = stdout;
    if (c->out_path) {
        c->out = NULL;
        if (!(temporary = cli_open_temporary(c->out_path, &c->out))) return cannot_write(c->out_path);
    }
    if (c->list)
        cli_endpoints_list(c->out, c->rulebook, &c->options);
    else
        status = derive_all(c);
    bool whole = !ferror(c->out);
    whole = (c->out_path ? fclose(c->out) : fflush(stdout)) == 0 && whole;
    if (status == CLI_OK && !whole) status = cannot_write(c->out_path ? c->out_path : "standard output");
    if (temporary && status == CLI_OK && rename(temporary, c->out_path) != 0) status = cannot_write(c->out_path);
    if (temporary && status != CLI_OK) (void)unlink(temporary);
    free(temporary);
    return status;
}

int cli_endpoints(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    size_t room = (size_t)argc + 1;
    command c = {.policies = calloc(room, sizeof *c.policies),
                 .patients = calloc(room, sizeof *c.patients),
                 .found = calloc(room, sizeof *c.found),
                 .reading = cli_reading_default()};
    int status = c.policies && c.patients && c.found ? CLI_OK : CLI_SYSTEM;
    if (status == CLI_OK) status = read_arguments(&c, argc, argv);
    if (status == CLI_OK) status = set_policies(&c);
    if (status == CLI_OK) status = write_output(&c);
    bfl_rulebook_free(c.rulebook);
    free(c.policies);
    free(c.patients);
    free(c.found);
    return status;
}
