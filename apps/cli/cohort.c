/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare cohort: a study in, its tables, data sets and summary out. */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare cohort STUDY [OPTION...]\n"
    "\n"
    "Reads a study (case folder, SDTM or FHIR), assesses every patient, and compares groups: baseline, responses with "
    "exact\n"
    "intervals, flare incidence and onset, serial markers, survival, Cox models, a landmark analysis, subgroups,\n"
    "agreement of definitions. Statements that the study carries about itself stand beside what its records give.\n"
    "\n"
    "  --by VARIABLE        what divides the patients: treatment (default), class, sex, age, stage, tumour, "
    "histology,\n"
    "                       smoking, egfr, bone, response, flare, or a gene of the records\n"
    "  --out DIR            write every table as CSV, ADaM-like adrs, adtr, adtte, adlb, cohort.json, summary.txt,\n"
    "                       report.html with all figures and tables, and figures/ as SVG, PNG and PDF\n"
    "  --name NAME          what the study is called in report and figures; default: its file or folder\n"
    "  --format FORMAT      what is printed: text (default) or json\n"
    "  --criterion ID       whose visits give responses and times; default recist11_flare_note\n"
    "  --policy NAME=VALUE  a policy of the endpoints (boneflare endpoints --list-policies); may be repeated\n"
    "  --flares WHOSE       who counts as a flare: called (by boneflare, default) or stated (by the source)\n"
    "  --landmark DAY       day of the landmark analysis; default 84\n"
    "  --level FRACTION     of the intervals; default 0.95\n"
    "  --threads N          default: one for each processor. The output is the same for any\n"
    "  --rules OVERLAY.json rules of your own over the built-in ones\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 done; 2 wrong command line; 3 a file cannot be read or written.\n"
    "\n"
    "Example:\n"
    "  boneflare cohort examples/cohort_shi2021/study --out tables\n";

typedef struct command {
    const char *study, *out, *overlay;
    char name[256]; /* of the study */
    const char **policies;
    int policy_count;
    bool json;
    bfl_cohort_options options;
    bfl_endpoint_options endpoints;
    bfl_rulebook *rulebook;
    bfl_cohort *cohort;
} command;

/* ---- the command line ---- */

/* A whole number from 1 to `most`; 0 when it is none. */
static long whole(const char *text, long most) {
    bfl_decimal value;
    if (bfl_decimal_parse(bfl_text_of(text), &value, NULL) != BFL_OK) return 0;
    double number = bfl_decimal_double(value);
    return number >= 1 && number <= (double)most && number == (double)(long)number ? (long)number : 0;
}

static int read_number(command *c, int option, const char *value) {
    bfl_decimal level;
    switch (option) {
    case 'd':
        c->options.landmark_day = (int32_t)whole(value, 40000);
        return c->options.landmark_day ? CLI_OK : cli_usage("cohort", "--landmark %s: a day from 1 on", value);
    case 't':
        c->options.threads = (unsigned)whole(value, 256);
        return c->options.threads ? CLI_OK : cli_usage("cohort", "--threads %s: 1 to 256", value);
    default: break;
    }
    if (bfl_decimal_parse(bfl_text_of(value), &level, NULL) == BFL_OK) c->options.level = bfl_decimal_double(level);
    bool inside = c->options.level > 0 && c->options.level < 1;
    return inside ? CLI_OK : cli_usage("cohort", "--level %s: a fraction between 0 and 1, as 0.95", value);
}

static int read_option(command *c, int option, const char *value) {
    switch (option) {
    case 'b': c->options.by = value; return CLI_OK;
    case 'o': c->out = value; return CLI_OK;
    case 'n': (void)snprintf(c->name, sizeof c->name, "%s", value); return CLI_OK;
    case 'c': c->options.criterion = value; return CLI_OK;
    case 'p': c->policies[c->policy_count++] = value; return CLI_OK;
    case 'r': c->overlay = value; return CLI_OK;
    case 'f':
        c->json = strcmp(value, "json") == 0;
        if (c->json || strcmp(value, "text") == 0) return CLI_OK;
        return cli_usage("cohort", "--format %s: it takes text or json", value);
    case 'w':
        if (strcmp(value, "stated") == 0) c->options.flares = BFL_FLARES_STATED;
        if (c->options.flares == BFL_FLARES_STATED || strcmp(value, "called") == 0) return CLI_OK;
        return cli_usage("cohort", "--flares %s: it takes called or stated", value);
    default: return read_number(c, option, value);
    }
}

/* The study is called after its file or folder; one called "study" after the folder it lies in. */
static void name_after_path(command *c) {
    const char *end = c->study + strlen(c->study), *begin = end;
    for (bool again = true; again; again = end - begin == 5 && strncmp(begin, "study", 5) == 0 && begin > c->study) {
        end = begin;
        while (end > c->study && end[-1] == '/') end--;
        for (begin = end; begin > c->study && begin[-1] != '/';) begin--;
    }
    (void)snprintf(c->name, sizeof c->name, "%.*s", (int)(end - begin), begin);
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {
        {"by", required_argument, NULL, 'b'},        {"out", required_argument, NULL, 'o'},
        {"name", required_argument, NULL, 'n'},      {"format", required_argument, NULL, 'f'},
        {"criterion", required_argument, NULL, 'c'}, {"policy", required_argument, NULL, 'p'},
        {"landmark", required_argument, NULL, 'd'},  {"level", required_argument, NULL, 'l'},
        {"threads", required_argument, NULL, 't'},   {"rules", required_argument, NULL, 'r'},
        {"flares", required_argument, NULL, 'w'},    {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("cohort", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("cohort", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    if (argc - optind != 1) return cli_usage("cohort", "name one study");
    c->study = argv[optind];
    if (!c->name[0]) name_after_path(c);
    return CLI_OK;
}

static int read_rules(command *c) {
    bfl_error err = {.status = BFL_OK};
    bfl_status status = bfl_rulebook_open_file(c->overlay, &c->rulebook, &err);
    if (status == BFL_OK) status = bfl_endpoint_options_init(c->rulebook, &c->endpoints, &err);
    if (status != BFL_OK) return cli_fail("cohort", &err);
    for (int i = 0; i < c->policy_count; i++)
        if (bfl_endpoint_options_set(&c->endpoints, bfl_text_of(c->policies[i]), &err) != BFL_OK)
            return cli_usage("cohort", "--policy %s: %s", c->policies[i], err.message);
    c->options.endpoints = &c->endpoints;
    return CLI_OK;
}

/* ---- the study ---- */

static void progress(void *context, size_t done, size_t total) { cli_progress(context, done, total); }

static int build(command *c) {
    bfl_error err = {.status = BFL_OK};
    bfl_study *study = NULL;
    if (bfl_study_read(c->study, NULL, &study, &err) != BFL_OK) return cli_fail("cohort", &err);
    char label[] = "patients";
    c->options.struct_size = sizeof c->options;
    c->options.progress = progress;
    c->options.progress_context = label;
    bfl_status status = bfl_cohort_build(study, c->rulebook, &c->options, &c->cohort, &err);
    cli_progress_end();
    bfl_study_free(study);
    if (status == BFL_ENOTFOUND) return cli_usage("cohort", "--%s: %s", err.where, err.message);
    return status == BFL_OK ? CLI_OK : cli_fail("cohort", &err);
}

/* ---- files ---- */

typedef bfl_status (*write_part)(const void *what, int index, bfl_sink sink, bfl_error *err);

static bfl_status write_table(const void *what, int index, bfl_sink sink, bfl_error *err) {
    return bfl_cohort_table_csv(&((const bfl_cohort *)what)->tables[index], sink, err);
}
static bfl_status write_adam(const void *what, int index, bfl_sink sink, bfl_error *err) {
    return bfl_cohort_adam(what, (bfl_adam)index, sink, err);
}
static bfl_status write_json(const void *what, int index, bfl_sink sink, bfl_error *err) {
    (void)index;
    return bfl_cohort_json(what, sink, err);
}
static bfl_status write_summary(const void *what, int index, bfl_sink sink, bfl_error *err) {
    (void)index;
    return bfl_cohort_text(what, sink, err);
}

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare cohort: %s: cannot be written\n", path);
    return CLI_INPUT;
}

/* DIR/name.suffix appears whole or not at all. */
static int write_whole(const command *c, const char *name, const char *suffix, write_part part, const void *what,
                       int index) {
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s.%s", c->out, name, suffix);
    if (length < 0 || (size_t)length >= sizeof path) return cannot_write(c->out);
    FILE *file = NULL;
    char *temporary = cli_open_temporary(path, &file);
    if (!temporary) return cannot_write(path);
    bfl_error err = {.status = BFL_OK};
    bfl_status status = part(what, index, cli_sink(file), &err);
    bool whole_file = !ferror(file);
    whole_file = fclose(file) == 0 && whole_file;
    int code = status == BFL_OK && whole_file && rename(temporary, path) == 0 ? CLI_OK : cannot_write(path);
    if (code != CLI_OK) (void)unlink(temporary);
    free(temporary);
    return code;
}

static int write_file(const command *c, const char *name, const char *suffix, write_part part, int index) {
    return write_whole(c, name, suffix, part, c->cohort, index);
}

/* ---- figures and report ---- */

static bfl_status write_figure(const void *what, int format, bfl_sink sink, bfl_error *err) {
    return bfl_figure_write(what, (bfl_figure_format)format, sink, err);
}
static bfl_status write_report(const void *what, int index, bfl_sink sink, bfl_error *err) {
    (void)index;
    const command *c = what;
    const bfl_presentation presentation = {sizeof presentation, c->name};
    return bfl_report_cohort_html(c->cohort, c->rulebook, &presentation, sink, err);
}

static bool take_nothing(void *context, const char *data, size_t size) {
    (void)context;
    (void)data;
    (void)size;
    return true;
}

/* Are there libraries for pictures? Without them the SVG files are written alone. */
static bool can_picture(const bfl_figures *figures) {
    bfl_error err = {.status = BFL_OK};
    const bfl_sink nowhere = {take_nothing, NULL};
    if (bfl_figure_write(&figures->items[0], BFL_FIGURE_PNG, nowhere, &err) != BFL_ENOTSUP) return true;
    (void)fprintf(stderr, "boneflare cohort: %s\n", err.message);
    return false;
}

static int write_figures(const command *c) {
    char name[4096];
    int length = snprintf(name, sizeof name, "%s/figures", c->out);
    if (length < 0 || (size_t)length >= sizeof name) return cannot_write(c->out);
    if (mkdir(name, 0777) != 0 && errno != EEXIST) return cannot_write(name);
    bfl_error err = {.status = BFL_OK};
    bfl_figures *figures = NULL;
    const bfl_presentation presentation = {sizeof presentation, c->name};
    if (bfl_figures_draw(c->cohort, c->rulebook, &presentation, &figures, &err) != BFL_OK)
        return cli_fail("cohort", &err);
    int formats = can_picture(figures) ? BFL_FIGURE_FORMATS : BFL_FIGURE_SVG + 1, code = CLI_OK;
    for (size_t i = 0; i < figures->count && code == CLI_OK; i++) {
        (void)snprintf(name, sizeof name, "figures/%s", figures->items[i].id);
        for (int f = 0; f < formats && code == CLI_OK; f++)
            code =
                write_whole(c, name, bfl_figure_format_word((bfl_figure_format)f), write_figure, &figures->items[i], f);
        cli_progress("figures", i + 1, figures->count);
    }
    cli_progress_end();
    bfl_figures_free(figures);
    return code == CLI_OK ? write_whole(c, "report", "html", write_report, c, 0) : code;
}

static int write_files(const command *c) {
    if (mkdir(c->out, 0777) != 0 && errno != EEXIST) return cannot_write(c->out);
    int code = CLI_OK;
    for (size_t i = 0; i < c->cohort->table_count && code == CLI_OK; i++)
        code = write_file(c, c->cohort->tables[i].id, "csv", write_table, (int)i);
    for (int i = 0; i < BFL_ADAM_COUNT && code == CLI_OK; i++)
        code = write_file(c, bfl_adam_word((bfl_adam)i), "csv", write_adam, i);
    if (code == CLI_OK) code = write_file(c, "cohort", "json", write_json, 0);
    if (code == CLI_OK) code = write_file(c, "summary", "txt", write_summary, 0);
    return code == CLI_OK ? write_figures(c) : code;
}

static int print(const command *c) {
    bfl_error err = {.status = BFL_OK};
    bfl_status status = c->json ? bfl_cohort_json(c->cohort, cli_sink(stdout), &err)
                                : bfl_cohort_text(c->cohort, cli_sink(stdout), &err);
    bool whole_output = !ferror(stdout);
    whole_output = fflush(stdout) == 0 && whole_output;
    return status == BFL_OK && whole_output ? CLI_OK : cannot_write("standard output");
}

int cli_cohort(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    command c = {.policies = calloc((size_t)argc + 1, sizeof *c.policies)};
    int status = c.policies ? CLI_OK : CLI_SYSTEM;
    if (status == CLI_OK) status = read_arguments(&c, argc, argv);
    if (status == CLI_OK) status = read_rules(&c);
    if (status == CLI_OK) status = build(&c);
    if (status == CLI_OK && c.out) status = write_files(&c);
    if (status == CLI_OK) status = print(&c);
    bfl_cohort_free(c.cohort);
    bfl_rulebook_free(c.rulebook);
    free(c.policies);
    return status;
}
