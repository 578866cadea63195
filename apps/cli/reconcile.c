/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare reconcile: derives every response of a study from its lesions and lists where the collected ones differ. */
#include "reconcile.h"
#include "cli.h"
#include "reading.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare reconcile STUDY [OPTION...]\n"
    "\n"
    "Derives target, non-target, new-lesion, overall and best response from the lesions of an SDTM study (TU, TR) and\n"
    "compares them with the responses that were collected (RS): every disagreement with the rule and the lesions "
    "behind\n"
    "the derived one; then readers against each other, with kappa.\n"
    "\n"
    "  --evaluator WHO      whose lesions and responses: INVESTIGATOR (default), ADJUDICATOR,\n"
    "                       \"INDEPENDENT ASSESSOR:RADIOLOGIST 1\"\n"
    "  --accepted-only      only accepted records (--ACPTFL = Y)\n"
    "  --format FORMAT      text (default), csv (a row a disagreement) or json (one object a line: each disagreement,\n"
    "                       each table, then a summary)\n"
    "  --rules OVERLAY.json rules of your own over the built-in ones\n"
    "  --out PATH           write to a file, replaced only when the output is whole\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 everything agrees; 1 something does not; 2 wrong command line; 3 a file cannot be read or written.\n"
    "\n"
    "Example:\n"
    "  boneflare reconcile trial --evaluator \"INDEPENDENT ASSESSOR:RADIOLOGIST 1\" --format csv\n";

typedef enum format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON } format;

typedef struct command {
    const char *input, *overlay_path, *out_path;
    format format;
    cli_reading reading;
} command;

static int read_option(command *c, int option, char *value) {
    static const char *const formats[] = {"text", "csv", "json"};
    switch (option) {
    case 'e': cli_reading_evaluator(&c->reading, value); return CLI_OK;
    case 'a': c->reading.options.accepted_only = true; return CLI_OK;
    case 'r': c->overlay_path = value; return CLI_OK;
    case 'o': c->out_path = value; return CLI_OK;
    default: break;
    }
    for (int i = 0; i <= FORMAT_JSON; i++)
        if (strcmp(value, formats[i]) == 0) {
            c->format = (format)i;
            return CLI_OK;
        }
    return cli_usage("reconcile", "--format %s: it takes text, csv or json", value);
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {
        {"evaluator", required_argument, NULL, 'e'}, {"accepted-only", no_argument, NULL, 'a'},
        {"format", required_argument, NULL, 'f'},    {"rules", required_argument, NULL, 'r'},
        {"out", required_argument, NULL, 'o'},       {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("reconcile", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("reconcile", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    if (argc - optind != 1) return cli_usage("reconcile", argc == optind ? "which study?" : "one study at a time");
    c->input = argv[optind];
    return CLI_OK;
}

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare reconcile: %s: cannot be written\n", path);
    return CLI_INPUT;
}

static int write_output(const command *c, const bfl_reconciliation *r) {
    static void (*const writers[])(FILE *, const bfl_reconciliation *) = {cli_reconcile_text, cli_reconcile_csv,
                                                                          cli_reconcile_json};
    FILE *out = stdout;
    char *temporary = NULL;
    if (c->out_path) {
        out = NULL;
        if (!(temporary = cli_open_temporary(c->out_path, &out))) return cannot_write(c->out_path);
    }
    writers[c->format](out, r);
    bool whole = !ferror(out);
    whole = (c->out_path ? fclose(out) : fflush(out)) == 0 && whole;
    int status = whole ? CLI_OK : cannot_write(c->out_path ? c->out_path : "standard output");
    if (temporary && status == CLI_OK && rename(temporary, c->out_path) != 0) status = cannot_write(c->out_path);
    if (temporary && status != CLI_OK) (void)unlink(temporary);
    free(temporary);
    return status;
}

static int reconcile(const command *c) {
    bfl_study *study = NULL;
    bfl_rulebook *rulebook = NULL;
    bfl_reconciliation *r = NULL;
    bfl_error err = {0};
    bfl_status status = bfl_rulebook_open_file(c->overlay_path, &rulebook, &err);
    if (!status) status = bfl_study_read_as(c->input, &c->reading.options, &study, &err);
    if (!status) status = bfl_reconcile(study, rulebook, &r, &err);
    int code = status ? cli_fail("reconcile", &err) : write_output(c, r);
    if (code == CLI_OK && r->disagreement_count) code = CLI_DATA;
    bfl_reconciliation_free(r);
    bfl_study_free(study);
    bfl_rulebook_free(rulebook);
    return code;
}

int cli_reconcile(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    command c = {.reading = cli_reading_default()};
    int status = read_arguments(&c, argc, argv);
    return status == CLI_OK ? reconcile(&c) : status;
}
