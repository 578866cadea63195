/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare evaluate: verdicts against the truth, on labelled case folders. */
#include "evaluate.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Usage: boneflare evaluate SET... [OPTION...]\n"
    "\n"
    "Measures how often boneflare, RECIST 1.1, iRECIST, PCWG3, MDA, the direction of ALP, always waiting and always\n"
    "continuing are right, on patients whose truth is known: wrong decisions, abstention, sensitivity, specificity,\n"
    "predictive values, calibration, decision curves, days of effective drug lost and of progression missed, time to\n"
    "the right answer; by drug class and day of therapy, with 95 % intervals.\n"
    "\n"
    "A SET is a folder that 'boneflare simulate' made (cases/ and truth.csv), or any input of 'boneflare assess' "
    "whose\n"
    "truth is in truth.csv within it, in --truth, or in the label column of its patients.\n"
    "\n"
    "  --truth FILE         truths: columns patient, progression_day; class and outside_day may be there too\n"
    "  --ablation           measure again without each group of evidence\n"
    "  --question-only      judge the day of the question only (quick: no days lost, no time to the right answer)\n"
    "  --markers            instead: shapes of marker courses, for people whose bone is quiet\n"
    "  --format FORMAT      text (default), json, csv, markdown, reliability-svg or decision-svg (drawings)\n"
    "  --seed S             of the bootstrap; default 0\n"
    "  --threads N          default: one a processor\n"
    "  --rules OVERLAY.json rules of your own over the built-in ones\n"
    "  --out PATH           write to a file, replaced only when the output is whole\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 done; 1 no patient has a truth; 2 wrong command line; 3 a file cannot be read or written.\n"
    "\n"
    "Example:\n"
    "  boneflare evaluate examples/debondt2020\n";

typedef struct command {
    char **sets;
    int set_count;
    const char *truth_path, *overlay_path, *out_path;
    bool markers;
    bfl_eval_format format;
    bfl_eval_options options;
    bfl_rulebook *rulebook;
    FILE *out;
    bfl_study **studies; /* one a set */
    bfl_eval_labels **labels;
    const bfl_record **records;
    bfl_eval_truth *truths;
    size_t count;
} command;

/* ---- the command line ---- */

static bool whole_number(const char *text, uint64_t most, uint64_t *out) {
    uint64_t value = 0;
    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9' || value > (most - (uint64_t)(*p - '0')) / 10) return false;
        value = value * 10 + (uint64_t)(*p - '0');
    }
    *out = value;
    return *text != 0;
}

static int read_format(command *c, const char *value) {
    static const char *const formats[] = {"text", "json", "csv", "markdown", "reliability-svg", "decision-svg"};
    for (int i = 0; i <= BFL_EVAL_DECISION_SVG; i++)
        if (strcmp(value, formats[i]) == 0) {
            c->format = (bfl_eval_format)i;
            return CLI_OK;
        }
    return cli_usage("evaluate", "--format %s: it takes text, json, csv, markdown, reliability-svg or decision-svg",
                     value);
}

static int read_option(command *c, int option, const char *value) {
    uint64_t number = 0;
    switch (option) {
    case 't': c->truth_path = value; return CLI_OK;
    case 'a': c->options.ablation = true; return CLI_OK;
    case 'q': c->options.question_only = true; return CLI_OK;
    case 'm': c->markers = true; return CLI_OK;
    case 'r': c->overlay_path = value; return CLI_OK;
    case 'o': c->out_path = value; return CLI_OK;
    case 'f': return read_format(c, value);
    case 's':
        if (!whole_number(value, UINT64_MAX, &c->options.seed))
            return cli_usage("evaluate", "--seed %s: no whole number", value);
        return CLI_OK;
    default: break;
    }
    if (!whole_number(value, 1024, &number)) return cli_usage("evaluate", "--threads %s: a number up to 1024", value);
    c->options.threads = (uint32_t)number;
    return CLI_OK;
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {
        {"truth", required_argument, NULL, 't'},   {"ablation", no_argument, NULL, 'a'},
        {"question-only", no_argument, NULL, 'q'}, {"markers", no_argument, NULL, 'm'},
        {"format", required_argument, NULL, 'f'},  {"seed", required_argument, NULL, 's'},
        {"threads", required_argument, NULL, 'n'}, {"rules", required_argument, NULL, 'r'},
        {"out", required_argument, NULL, 'o'},     {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("evaluate", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("evaluate", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    c->sets = argv + optind;
    c->set_count = argc - optind;
    if (c->set_count == 0) return cli_usage("evaluate", "name at least one labelled set");
    if (c->markers && c->format > BFL_EVAL_MARKDOWN) return cli_usage("evaluate", "--markers has no drawing");
    return CLI_OK;
}

/* ---- the sets ---- */

static char *inside(const char *folder, const char *name) {
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path) (void)snprintf(path, size, "%s/%s", folder, name);
    return path;
}

static bool is_there(const char *path) {
    struct stat about;
    return stat(path, &about) == 0;
}

/* The truth of one set: --truth, else its truth.csv when there is one. */
static int read_labels(command *c, int set, const char *beside) {
    const char *path = c->truth_path ? c->truth_path : is_there(beside) ? beside : NULL;
    bfl_error err = {0};
    if (!path || c->markers) return CLI_OK;
    return bfl_eval_labels_read(path, &c->labels[set], &err) == BFL_OK ? CLI_OK : cli_fail("evaluate", &err);
}

static int read_set(command *c, int set) {
    char *cases = inside(c->sets[set], "cases"), *truth = inside(c->sets[set], "truth.csv");
    bfl_error err = {0};
    int status = cases && truth ? CLI_OK : CLI_SYSTEM;
    if (status == CLI_OK) {
        bool simulated = is_there(cases) && is_there(truth);
        const char *path = simulated ? cases : c->sets[set];
        if (bfl_study_read(path, NULL, &c->studies[set], &err) != BFL_OK) status = cli_fail("evaluate", &err);
    }
    if (status == CLI_OK) status = read_labels(c, set, truth);
    free(cases);
    free(truth);
    return status;
}

static int read_sets(command *c) {
    size_t sets = (size_t)c->set_count, total = 0;
    c->studies = calloc(sets, sizeof *c->studies);
    c->labels = calloc(sets, sizeof *c->labels);
    if (!c->studies || !c->labels) return CLI_SYSTEM;
    for (int i = 0; i < c->set_count; i++) {
        int status = read_set(c, i);
        if (status != CLI_OK) return status;
        total += bfl_study_record_count(c->studies[i]);
    }
    c->records = calloc(total + 1, sizeof *c->records);
    c->truths = calloc(total + 1, sizeof *c->truths);
    if (!c->records || !c->truths) return CLI_SYSTEM;
    for (int i = 0; i < c->set_count; i++)
        for (size_t k = 0; k < bfl_study_record_count(c->studies[i]); k++) {
            c->records[c->count] = bfl_study_record(c->studies[i], k);
            c->truths[c->count] = bfl_eval_truth_of(c->labels[i], c->records[c->count]);
            c->count++;
        }
    return CLI_OK;
}

/* ---- the run ---- */

static void show_progress(void *context, size_t done, size_t total) {
    (void)context;
    cli_progress("evaluate", done, total);
}

static int measure(command *c) {
    bfl_error err = {0};
    bfl_evaluation *evaluation = NULL;
    c->options.struct_size = sizeof c->options;
    c->options.progress = show_progress;
    bfl_status status = bfl_evaluate(c->records, c->truths, c->count, c->rulebook, &c->options, &evaluation, &err);
    cli_progress_end();
    if (status == BFL_OK) status = bfl_evaluation_write(evaluation, c->format, cli_sink(c->out), &err);
    bool none = status == BFL_OK && evaluation->without_truth == evaluation->patients;
    bfl_evaluation_free(evaluation);
    if (status != BFL_OK) return cli_fail("evaluate", &err);
    if (none) (void)fprintf(stderr, "boneflare evaluate: no patient has a truth: give truth.csv or labels\n");
    return none ? CLI_DATA : CLI_OK;
}

static int tally(command *c) {
    cli_marker_tally *tally = cli_marker_tally_new();
    int status = tally ? CLI_OK : CLI_SYSTEM;
    for (int i = 0; i < c->set_count && status == CLI_OK; i++)
        status = cli_marker_tally_add(tally, c->studies[i], c->rulebook);
    if (status == CLI_OK) cli_marker_tally_print(tally, c->out, c->format);
    cli_marker_tally_free(tally);
    return status;
}

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare evaluate: %s: cannot be written\n", path);
    return CLI_INPUT;
}

static int write_output(command *c) {
    char *temporary = NULL;
    c->out = stdout;
    if (c->out_path) {
        c->out = NULL;
        if (!(temporary = cli_open_temporary(c->out_path, &c->out))) return cannot_write(c->out_path);
    }
    int status = c->markers ? tally(c) : measure(c);
    bool whole = !ferror(c->out);
    whole = (c->out_path ? fclose(c->out) : fflush(stdout)) == 0 && whole;
    bool done = status == CLI_OK || status == CLI_DATA;
    if (done && !whole) status = cannot_write(c->out_path ? c->out_path : "standard output");
    if (temporary && done && whole && rename(temporary, c->out_path) != 0) status = cannot_write(c->out_path);
    if (temporary) (void)unlink(temporary);
    free(temporary);
    return status;
}

static void release(command *c) {
    for (int i = 0; i < c->set_count; i++) {
        if (c->studies) bfl_study_free(c->studies[i]);
        if (c->labels) bfl_eval_labels_free(c->labels[i]);
    }
    free(c->studies);
    free(c->labels);
    free(c->records);
    free(c->truths);
    bfl_rulebook_free(c->rulebook);
}

int cli_evaluate(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    command c = {.format = BFL_EVAL_TEXT};
    bfl_error err = {0};
    int status = read_arguments(&c, argc, argv);
    if (status != CLI_OK) return status;
    if (bfl_rulebook_open_file(c.overlay_path, &c.rulebook, &err) != BFL_OK) status = cli_fail("evaluate", &err);
    if (status == CLI_OK) status = read_sets(&c);
    if (status == CLI_OK) status = write_output(&c);
    release(&c);
    return status;
}
