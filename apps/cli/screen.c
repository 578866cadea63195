/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare screen: who in a population has a question, in the order in which to see them. */
#include "cli.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare screen FOLDER|FILE... [OPTION...]\n"
    "\n"
    "Goes through the FHIR Bulk Data (.ndjson, split by resource type or not, in any order) of a population, and "
    "lists\n"
    "the patients for whom the question is open: bone looks worse, or ALP rises, under an anticancer drug. Urgent "
    "alarms\n"
    "come first, then alarms, disease in bone, the expected loss, the uncertainty, what is due first.\n"
    "\n"
    "  --as-of DATE|DAY     as known on that date: 2019-04-04, or days from the start of therapy: d41, 41\n"
    "  --format FORMAT      text (default, with an account), csv or json\n"
    "  --out PATH           write to a file, replaced only when the list is whole\n"
    "  --rules OVERLAY.json rules of your own over the built-in ones\n"
    "  --threads N          default as many as there are processors; the list is the same\n"
    "  --patient-mib N      a patient with more lines than so many MiB is refused; default 64\n"
    "  --temporary FOLDER   where a nameless file goes; default: the current folder\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 done; 1 done, and lines or patients were left out (see the messages); 2 wrong command line; 3 a file "
    "cannot\nbe read or written.\n"
    "\n"
    "Example:\n"
    "  boneflare screen export/ --as-of 2026-11-01 --format csv --out worklist.csv\n";

enum { MOST_THREADS = 256, MOST_MIB = 1 << 20 };

typedef struct command {
    bfl_screen_options options;
    bfl_assess_options assess;
    bfl_list_format format;
    const char *out_path, *overlay_path;
    bfl_rulebook *rulebook;
} command;

static int read_number(const char *option, const char *value, uint64_t most, uint64_t *out) {
    return cli_number(value, 1, most, out)
               ? CLI_OK
               : cli_usage("screen", "--%s %s: a number from 1 to %llu", option, value, (unsigned long long)most);
}

static int read_option(command *c, int option, const char *value) {
    static const char *const formats[] = {"text", "csv", "json"};
    bfl_error err = {0};
    uint64_t number = 0;
    int status = CLI_OK;
    switch (option) {
    case 'd':
        if (!cli_date(value, &c->assess.as_of, &err)) return cli_usage("screen", "--as-of %s: %s", value, err.message);
        c->assess.has_as_of = true;
        return CLI_OK;
    case 'o': c->out_path = value; return CLI_OK;
    case 'r': c->overlay_path = value; return CLI_OK;
    case 'T': c->options.folder = value; return CLI_OK;
    case 't':
        status = read_number("threads", value, MOST_THREADS, &number);
        c->options.threads = (uint32_t)number;
        return status;
    case 'm':
        status = read_number("patient-mib", value, MOST_MIB, &number);
        c->options.patient_bytes = (size_t)number << 20;
        return status;
    default: break;
    }
    for (int i = 0; i < 3; i++)
        if (strcmp(value, formats[i]) == 0) {
            c->format = (bfl_list_format)i;
            return CLI_OK;
        }
    return cli_usage("screen", "--format %s: it takes text, csv or json", value);
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {
        {"as-of", required_argument, NULL, 'd'},     {"format", required_argument, NULL, 'f'},
        {"out", required_argument, NULL, 'o'},       {"rules", required_argument, NULL, 'r'},
        {"threads", required_argument, NULL, 't'},   {"patient-mib", required_argument, NULL, 'm'},
        {"temporary", required_argument, NULL, 'T'}, {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("screen", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("screen", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    c->options.inputs = (const char *const *)argv + optind;
    c->options.input_count = (size_t)(argc - optind);
    return c->options.input_count ? CLI_OK : cli_usage("screen", "name at least one file or folder");
}

static int write_list(const command *c, const bfl_work_list *list) {
    char *temporary = NULL;
    FILE *out = stdout;
    bfl_error err = {0};
    if (c->out_path) {
        out = NULL;
        temporary = cli_open_temporary(c->out_path, &out);
    }
    bool good = out && bfl_work_list_write(list, c->format, 0, cli_sink(out), &err) == BFL_OK;
    if (out) good = (c->out_path ? fclose(out) : fflush(out)) == 0 && good;
    if (good && temporary) good = rename(temporary, c->out_path) == 0;
    if (!good && temporary) (void)unlink(temporary);
    free(temporary);
    if (good) return CLI_OK;
    (void)fprintf(stderr, "boneflare screen: %s: cannot be written\n", c->out_path ? c->out_path : "standard output");
    return CLI_INPUT;
}

static int run(command *c) {
    bfl_error err = {0};
    bfl_work_list *list = NULL;
    if (bfl_rulebook_open_file(c->overlay_path, &c->rulebook, &err) != BFL_OK) return cli_fail("screen", &err);
    bfl_status status = bfl_screen(c->rulebook, &c->options, &list, &err);
    cli_progress_end();
    if (status != BFL_OK) return cli_fail("screen", &err);
    int result = write_list(c, list);
    if (result == CLI_OK && list->account.problems) result = CLI_DATA;
    bfl_work_list_free(list);
    return result;
}

int cli_screen(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    static char name[] = "screen";
    command c = {.options.struct_size = sizeof c.options, .assess.struct_size = sizeof c.assess};
    c.options.assess = &c.assess;
    c.options.problems = (bfl_sink){cli_write_problems, name};
    c.options.progress = cli_show_progress();
    int status = read_arguments(&c, argc, argv);
    if (status == CLI_OK) status = run(&c);
    bfl_rulebook_free(c.rulebook);
    return status;
}
