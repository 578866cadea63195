/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare convert: one study in, the same study in another format out, and a list of what that format does not hold. */
#include "cli.h"
#include "issues.h"
#include "reading.h"

#include <getopt.h>
#include <string.h>

static const char help_head[] =
    "Usage: boneflare convert INPUT --to FORMAT --out DIR [OPTION...]\n"
    "\n"
    "Reads a case folder, SDTM datasets or FHIR and writes the records in another format. What that format has no "
    "place\n"
    "for is listed. DIR appears when everything is in it; it must not be there, or be empty.\n"
    "\n"
    "  --to FORMAT          one of\n";
static const char help_tail[] =
    "  --out DIR            the folder to make\n"
    "  --study ID           STUDYID of the output; default STUDY\n"
    "  --created TIME       time of creation to print, as 2026-11-22T08:00:00; default 1970-01-01T00:00:00, for the "
    "same\n"
    "                       input gives the same bytes\n"
    "  --evaluator WHO      whose measurements to read from SDTM: INVESTIGATOR, ADJUDICATOR,\n"
    "                       \"INDEPENDENT ASSESSOR:RADIOLOGIST 1\"\n"
    "  --accepted-only      read only accepted records (--ACPTFL = Y)\n"
    "  --all                list every loss; without it a dozen of one kind in one file, and how many more there are\n"
    "  --json               one JSON object a line: each file, each loss, then a summary\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 done; 1 done, but something of the input is not in the output; 2 wrong command line;\n"
    "3 a file cannot be read or written.\n"
    "\n"
    "Example:\n"
    "  boneflare convert examples/shi2021_patient2 --to dataset-json --out shi2021\n";

typedef struct command {
    const char *input, *out_path;
    bfl_write_options options;
    cli_reading reading;
    bool all, json;
} command;

static int help(void) {
    (void)fputs(help_head, stdout);
    for (size_t i = 0; i < bfl_writer_count(); i++)
        (void)printf("                         %-13s %s\n", bfl_writer_id(i), bfl_writer_name(i));
    return fputs(help_tail, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
}

static int read_option(command *c, int option, char *value) {
    switch (option) {
    case 't': c->options.format = value; return CLI_OK;
    case 'o': c->out_path = value; return CLI_OK;
    case 's': c->options.study_id = value; return CLI_OK;
    case 'c': c->options.created = value; return CLI_OK;
    case 'e': cli_reading_evaluator(&c->reading, value); return CLI_OK;
    case 'a': c->reading.options.accepted_only = true; return CLI_OK;
    case 'A': c->all = true; return CLI_OK;
    default: c->json = true; return CLI_OK;
    }
}

static bool is_format(const char *id) {
    for (size_t i = 0; i < bfl_writer_count(); i++)
        if (strcmp(bfl_writer_id(i), id) == 0) return true;
    return false;
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {{"to", required_argument, NULL, 't'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"study", required_argument, NULL, 's'},
                                            {"created", required_argument, NULL, 'c'},
                                            {"evaluator", required_argument, NULL, 'e'},
                                            {"accepted-only", no_argument, NULL, 'a'},
                                            {"all", no_argument, NULL, 'A'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("convert", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("convert", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    if (argc - optind != 1) return cli_usage("convert", argc == optind ? "which input?" : "one input at a time");
    c->input = argv[optind];
    if (!c->options.format || !c->out_path) return cli_usage("convert", "it needs --to FORMAT and --out DIR");
    if (!is_format(c->options.format))
        return cli_usage("convert", "--to %s: there is no such format", c->options.format);
    return CLI_OK;
}

/* ---- what was written, and what was not ---- */

static const bfl_issue *loss_of(const void *written, size_t index) { return bfl_written_loss_at(written, index); }

static size_t count_unused(const bfl_study *study) {
    size_t n = 0;
    for (size_t i = 0; i < bfl_study_issue_count(study); i++)
        n += bfl_study_issue(study, i)->severity == BFL_ISSUE_ERROR;
    return n;
}

static bool print_text(const command *c, const bfl_study *study, const bfl_written *written) {
    const cli_issues losses = {written, bfl_written_loss_count(written), loss_of};
    size_t unused = count_unused(study);
    for (size_t i = 0; i < bfl_written_file_count(written); i++) {
        const bfl_written_file *f = bfl_written_file_at(written, i);
        (void)printf("%-16s %zu row%s\n", f->name, f->rows, f->rows == 1 ? "" : "s");
    }
    if (losses.count) (void)puts("\nNot in the output, or not as it was:");
    if (!cli_issues_print(stdout, &losses, c->all)) return false;
    (void)printf("%zu patient%s written to %s: %zu loss%s\n", bfl_study_record_count(study),
                 bfl_study_record_count(study) == 1 ? "" : "s", c->out_path, losses.count,
                 losses.count == 1 ? "" : "es");
    if (unused)
        (void)printf("%zu problem%s of the input kept facts out of the records: boneflare validate %s\n", unused,
                     unused == 1 ? "" : "s", c->input);
    return true;
}

static void print_json(const bfl_study *study, const bfl_written *written) {
    for (size_t i = 0; i < bfl_written_file_count(written); i++) {
        const bfl_written_file *f = bfl_written_file_at(written, i);
        (void)printf("{\"file\":\"%s\",\"rows\":%zu,\"bytes\":%zu}\n", f->name, f->rows, f->bytes);
    }
    for (size_t i = 0; i < bfl_written_loss_count(written); i++) {
        (void)fputs("{\"loss\":", stdout);
        cli_issue_json(stdout, NULL, bfl_written_loss_at(written, i));
        (void)fputs("}\n", stdout);
    }
    (void)printf("{\"summary\":{\"patients\":%zu,\"files\":%zu,\"losses\":%zu,\"unused_of_input\":%zu}}\n",
                 bfl_study_record_count(study), bfl_written_file_count(written), bfl_written_loss_count(written),
                 count_unused(study));
}

static int report(const command *c, const bfl_study *study, const bfl_written *written) {
    bool good = true;
    if (c->json)
        print_json(study, written);
    else
        good = print_text(c, study, written);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fprintf(stderr, "boneflare convert: cannot write the list\n");
        return CLI_INPUT;
    }
    if (!good) return CLI_SYSTEM;
    return bfl_written_loss_count(written) || count_unused(study) ? CLI_DATA : CLI_OK;
}

static int convert(const command *c) {
    bfl_study *study = NULL;
    bfl_written *written = NULL;
    bfl_error err = {0};
    if (bfl_study_read_as(c->input, &c->reading.options, &study, &err) != BFL_OK) return cli_fail("convert", &err);
    bfl_status status = bfl_study_write(study, c->out_path, &c->options, &written, &err);
    int code = status == BFL_OK ? report(c, study, written) : cli_fail("convert", &err);
    bfl_written_free(written);
    bfl_study_free(study);
    return code;
}

int cli_convert(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return help();
    command c = {.options = {.struct_size = sizeof c.options}, .reading = cli_reading_default()};
    int status = read_arguments(&c, argc, argv);
    return status == CLI_OK ? convert(&c) : status;
}
