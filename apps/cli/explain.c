/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare explain: reads one case, says step by step how the verdict on each patient came about. */
#include "cli.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare explain CASE [OPTION...]\n"
    "\n"
    "Shows each step from prior to posterior: the onsets that compete, every finding with its likelihood ratio and\n"
    "interval, the probability after it, the expected loss of each answer, which single fact would turn the verdict,\n"
    "and what a test is worth.\n"
    "\n"
    "  --patient ID         only this patient\n"
    "  --as-of DATE|DAY     as known on that date: 2019-04-04, or days from the start of therapy: d41\n"
    "  --json               one object a patient, one a line\n"
    "  --rules OVERLAY.json rules of your own over the built-in ones, the losses too\n"
    "  --out PATH           write to a file, replaced only when the output is whole\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 explained; 1 no such patient, or one could not be assessed; 2 wrong command line; 3 a file cannot "
    "be\n"
    "read or written.\n"
    "\n"
    "Example:\n"
    "  boneflare explain examples/shi2021_patient2 --as-of d43\n";

typedef struct command {
    const char *case_path, *patient, *out_path, *overlay_path;
    bool json;
    bfl_assess_options assess;
    bfl_rulebook *rulebook;
    FILE *out;
    size_t written;
} command;

static int read_option(command *c, int option, const char *value) {
    bfl_error err = {0};
    switch (option) {
    case 'd':
        if (bfl_date_parse(bfl_text_of(value), &c->assess.as_of, &err) != BFL_OK)
            return cli_usage("explain", "--as-of %s: %s", value, err.message);
        c->assess.has_as_of = true;
        break;
    case 'i': c->patient = value; break;
    case 'j': c->json = true; break;
    case 'o': c->out_path = value; break;
    default: c->overlay_path = value; break;
    }
    return CLI_OK;
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {
        {"patient", required_argument, NULL, 'i'}, {"as-of", required_argument, NULL, 'd'},
        {"json", no_argument, NULL, 'j'},          {"rules", required_argument, NULL, 'r'},
        {"out", required_argument, NULL, 'o'},     {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("explain", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("explain", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    if (argc - optind != 1) return cli_usage("explain", "name one case");
    c->case_path = argv[optind];
    return CLI_OK;
}

static int explain(command *c, const bfl_record *record) {
    bfl_error err = {0};
    bfl_assessment *assessment = NULL;
    bfl_report_options options = {.struct_size = sizeof options};
    bfl_status status = bfl_assess(record, c->rulebook, &c->assess, &assessment, &err);
    if (status != BFL_OK) return cli_fail("explain", &err);
    if (c->written++ && !c->json) (void)fputs("\n", c->out);
    status = c->json ? bfl_report_explain_json(assessment, &options, cli_sink(c->out), &err)
                     : bfl_report_explain(assessment, &options, cli_sink(c->out), &err);
    bfl_assessment_free(assessment);
    return status == BFL_OK ? CLI_OK : cli_fail("explain", &err);
}

static int explain_all(command *c) {
    bfl_error err = {0};
    bfl_study *study = NULL;
    if (bfl_study_read(c->case_path, NULL, &study, &err) != BFL_OK) return cli_fail("explain", &err);
    int status = CLI_OK;
    size_t count = bfl_study_record_count(study);
    for (size_t i = 0; i < count && status == CLI_OK; i++) {
        const bfl_record *record = bfl_study_record(study, i);
        cli_progress(c->case_path, i, count);
        if (!c->patient || strcmp(c->patient, record->patient.id) == 0) status = explain(c, record);
    }
    cli_progress_end();
    bfl_study_free(study);
    if (status != CLI_OK || c->written) return status;
    if (c->patient) (void)fprintf(stderr, "boneflare explain: there is no patient '%s'\n", c->patient);
    return CLI_DATA;
}

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare explain: cannot write %s\n", path);
    return CLI_INPUT;
}

static int write_out(command *c) {
    char *temporary = NULL;
    c->out = stdout;
    if (c->out_path && !(temporary = cli_open_temporary(c->out_path, &c->out))) return cannot_write(c->out_path);
    int status = explain_all(c);
    if (status == CLI_OK && fflush(c->out) != 0) status = cannot_write(c->out_path ? c->out_path : "standard output");
    if (!temporary) return status;
    if (fclose(c->out) != 0 && status == CLI_OK) status = cannot_write(c->out_path);
    if (status == CLI_OK && rename(temporary, c->out_path) != 0) status = cannot_write(c->out_path);
    if (status != CLI_OK) (void)unlink(temporary);
    free(temporary);
    return status;
}

int cli_explain(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--help") == 0) return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    command c = {.assess = {.struct_size = sizeof c.assess}};
    int status = read_arguments(&c, argc, argv);
    if (status != CLI_OK) return status;
    bfl_error err = {0};
    if (bfl_rulebook_open_file(c.overlay_path, &c.rulebook, &err) != BFL_OK) return cli_fail("explain", &err);
    status = write_out(&c);
    bfl_rulebook_free(c.rulebook);
    return status;
}
