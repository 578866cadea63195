/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare simulate: patients whose truth is known, written as any study is, and the truth beside them. */
#include "cli.h"
#include "simulate_calibrate.h"
#include "simulate_truth.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help_head[] =
    "Usage: boneflare simulate --out DIR [OPTION...]\n"
    "       boneflare simulate --calibrate [--patients N] [--seed S] [--world WORLD] [--rules OVERLAY.json] [--json]\n"
    "\n"
    "Simulates patients whose bone flares, progresses or neither (docs/simulator.md). Makes the folder DIR with the\n"
    "records in DIR/cases and the truth beside them in DIR/truth.csv and DIR/truth_lesions.csv. DIR must not be "
    "there,\n"
    "or be empty. The same options give the same bytes on any number of threads.\n"
    "\n"
    "  --out DIR            the folder to make\n"
    "  --patients N         how many, up to 100000; default 100\n"
    "  --first I            number of the first in the sequence of the seed; default 0\n"
    "  --seed S             a whole number; default 0\n"
    "  --class CLASS        drug class of all; default: a class drawn for each. One of\n";
static const char help_tail[] =
    "  --scenario NAME      mixed (default), flare, progression, liver, cholangitis, paget, fracture, radiotherapy,\n"
    "                       bone_agent, method_change\n"
    "  --world WORLD        default, held-back (population parameters drawn anew) or wrong (other kinetics and noise)\n"
    "  --visits WEEKS       between imaging visits, 1 to 52; default: that of the class\n"
    "  --days N             of follow-up, up to 3650; default 730\n"
    "  --format FORMAT      how to write DIR/cases: any of 'boneflare convert --help'; default case-folder\n"
    "  --threads N          default: one a processor\n"
    "  --rules OVERLAY.json parameters of your own (rules sim.*) over the built-in ones\n"
    "  --calibrate          make no folder: simulate the published series and print each figure beside the printed "
    "one;\n"
    "                       --patients of each series, default 1000\n"
    "  --json               with --calibrate: one JSON object a line\n"
    "  --help               this text\n"
    "\n"
    "Exit code: 0 done; 1 a published figure is not met; 2 wrong command line; 3 a file cannot be read or written, or "
    "no patient of the scenario is "
    "found;\n"
    "4 out of memory.\n"
    "\n"
    "Example:\n"
    "  boneflare simulate --patients 200 --class egfr_tki_3 --seed 7 --out simulated\n";

typedef struct command {
    bfl_sim_options options;
    bfl_write_options write;
    uint64_t patients, first;
    uint32_t threads;
    const char *out_path, *overlay_path;
    bool calibrate, json;
    bfl_rulebook *rulebook;
    /* the run */
    uint64_t next;
    bfl_simulated **made;
    size_t count, flares, progressions;
    FILE *visits, *lesions;
} command;

/* ---- the command line ---- */

static int read_number(const char *option, const char *value, uint64_t least, uint64_t most, uint64_t *out) {
    bfl_decimal d;
    bool good = bfl_decimal_parse(bfl_text_of(value), &d, NULL) == BFL_OK && d.exponent == 0 && d.mantissa >= 0;
    if (!good || (uint64_t)d.mantissa < least || (uint64_t)d.mantissa > most)
        return cli_usage("simulate", "--%s %s: it takes a whole number from %llu to %llu", option, value,
                         (unsigned long long)least, (unsigned long long)most);
    *out = (uint64_t)d.mantissa;
    return CLI_OK;
}

static int read_word(command *c, int option, const char *value) {
    if (option == 'w' && !bfl_sim_world_of(value, &c->options.world))
        return cli_usage("simulate", "--world %s: it takes default, held-back or wrong", value);
    if (option == 's' && !bfl_sim_scenario_of(value, &c->options.scenario))
        return cli_usage("simulate", "--scenario %s: there is no such scenario", value);
    return CLI_OK;
}

static int read_option(command *c, int option, const char *value) {
    const uint64_t largest = 999999999999999999;
    uint64_t n = 0;
    int status = CLI_OK;
    switch (option) {
    case 'o': c->out_path = value; break;
    case 'C': c->calibrate = true; break;
    case 'j': c->json = true; break;
    case 'c': c->options.class_id = value; break;
    case 'f': c->write.format = value; break;
    case 'r': c->overlay_path = value; break;
    case 'n': status = read_number("patients", value, 1, 100000, &c->patients); break;
    case 'i': status = read_number("first", value, 0, 1000000000, &c->first); break;
    case 'S': status = read_number("seed", value, 0, largest, &c->options.seed); break;
    case 'v':
        status = read_number("visits", value, 1, 52, &n);
        c->options.visit_weeks = (int32_t)n;
        break;
    case 'd':
        status = read_number("days", value, 1, 3650, &n);
        c->options.days = (int32_t)n;
        break;
    case 't':
        status = read_number("threads", value, 1, 1024, &n);
        c->threads = (uint32_t)n;
        break;
    default: return read_word(c, option, value);
    }
    return status;
}

static bool is_format(const char *id) {
    for (size_t i = 0; i < bfl_writer_count(); i++)
        if (strcmp(bfl_writer_id(i), id) == 0) return true;
    return false;
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {{"out", required_argument, NULL, 'o'},
                                            {"patients", required_argument, NULL, 'n'},
                                            {"first", required_argument, NULL, 'i'},
                                            {"seed", required_argument, NULL, 'S'},
                                            {"class", required_argument, NULL, 'c'},
                                            {"scenario", required_argument, NULL, 's'},
                                            {"world", required_argument, NULL, 'w'},
                                            {"visits", required_argument, NULL, 'v'},
                                            {"days", required_argument, NULL, 'd'},
                                            {"format", required_argument, NULL, 'f'},
                                            {"threads", required_argument, NULL, 't'},
                                            {"rules", required_argument, NULL, 'r'},
                                            {"calibrate", no_argument, NULL, 'C'},
                                            {"json", no_argument, NULL, 'j'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("simulate", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("simulate", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg);
        if (status != CLI_OK) return status;
    }
    if (optind < argc) return cli_usage("simulate", "it reads nothing: what is '%s' for?", argv[optind]);
    if (!c->out_path == !c->calibrate) return cli_usage("simulate", "it needs --out DIR, or --calibrate");
    if (c->json && !c->calibrate) return cli_usage("simulate", "--json goes with --calibrate");
    if (!is_format(c->write.format))
        return cli_usage("simulate", "--format %s: there is no such format", c->write.format);
    return CLI_OK;
}

static bool is_class(const command *c) {
    const char *id, *wanted = c->options.class_id;
    if (!wanted) return true;
    for (size_t i = 0; (id = bfl_sim_class(c->rulebook, i)); i++)
        if (strcmp(id, wanted) == 0) return true;
    return false;
}

/* ---- patients, in order, on all threads ---- */

typedef struct slot {
    uint64_t number;
    bfl_simulated *made;
} slot;

static bfl_status pull(void *context, void *s, bool *more, bfl_error *err) {
    command *c = context;
    (void)err;
    ((slot *)s)->number = c->first + c->next;
    *more = c->next++ < c->patients;
    return BFL_OK;
}

static bfl_status simulate(void *context, void *s, bfl_error *err) {
    const command *c = context;
    slot *item = s;
    return bfl_simulate_patient(c->rulebook, &c->options, item->number, &item->made, err);
}

static bfl_status keep(void *context, void *s, bfl_error *err) {
    command *c = context;
    slot *item = s;
    const bfl_truth *truth = bfl_simulated_truth(item->made);
    (void)err;
    cli_progress("patients", c->count, c->patients);
    c->flares += truth->flare_day != BFL_TRUTH_NEVER;
    c->progressions += truth->progression_day != BFL_TRUTH_NEVER;
    cli_truth_rows(c->visits, c->lesions, truth);
    c->made[c->count++] = item->made;
    item->made = NULL;
    return BFL_OK;
}

static void release(void *context, void *s) {
    (void)context;
    bfl_simulated_free(((slot *)s)->made);
}

static bfl_status run(command *c, bfl_error *err) {
    const bfl_pipeline plan = {.context = c,
                               .slot_size = sizeof(slot),
                               .threads = c->threads,
                               .next = pull,
                               .work = simulate,
                               .emit = keep,
                               .release = release};
    cli_truth_head(c->visits, c->lesions);
    bfl_status status = bfl_pipeline_run(&plan, err);
    cli_progress_end();
    return status;
}

/* ---- the folder: made beside its place under another name, renamed when it is whole ---- */

typedef struct folder {
    char path[4096], cases[4160], visits[4160], lesions[4160];
    bfl_written *written;
} folder;

static int cannot_write(const char *path) {
    (void)fprintf(stderr, "boneflare simulate: %s: cannot be written\n", path);
    return CLI_INPUT;
}

static bool name_folder(folder *f, const char *out_path) {
    int n = snprintf(f->path, sizeof f->path, "%s.%ld.tmp", out_path, (long)getpid());
    (void)snprintf(f->cases, sizeof f->cases, "%s/cases", f->path);
    (void)snprintf(f->visits, sizeof f->visits, "%s/truth.csv", f->path);
    (void)snprintf(f->lesions, sizeof f->lesions, "%s/truth_lesions.csv", f->path);
    return n > 0 && (size_t)n < sizeof f->path;
}

static void remove_folder(folder *f) {
    for (size_t i = 0; f->written && i < bfl_written_file_count(f->written); i++) {
        char file[8192];
        (void)snprintf(file, sizeof file, "%s/%s", f->cases, bfl_written_file_at(f->written, i)->name);
        (void)unlink(file);
    }
    (void)rmdir(f->cases);
    (void)unlink(f->visits);
    (void)unlink(f->lesions);
    (void)rmdir(f->path);
}

static int write_cases(command *c, folder *f) {
    bfl_error err = {0};
    bfl_study *study = NULL;
    const bfl_record **records = calloc(c->count, sizeof *records);
    if (!records) return CLI_SYSTEM;
    for (size_t i = 0; i < c->count; i++) records[i] = bfl_simulated_record(c->made[i]);
    bfl_status status = bfl_study_of(records, c->count, &study, &err);
    if (!status) status = bfl_study_write(study, f->cases, &c->write, &f->written, &err);
    bfl_study_free(study);
    free(records);
    return status ? cli_fail("simulate", &err) : CLI_OK;
}

static int fill_folder(command *c, folder *f) {
    bfl_error err = {0};
    bfl_status status = BFL_OK;
    bool whole;
    c->visits = fopen(f->visits, "wb");
    c->lesions = fopen(f->lesions, "wb");
    whole = c->visits && c->lesions;
    if (whole) status = run(c, &err);
    if (c->visits) whole = !ferror(c->visits) && fclose(c->visits) == 0 && whole;
    if (c->lesions) whole = !ferror(c->lesions) && fclose(c->lesions) == 0 && whole;
    if (status) return cli_fail("simulate", &err);
    return whole ? write_cases(c, f) : cannot_write(c->out_path);
}

static int make_folder(command *c) {
    folder f = {.written = NULL};
    if (!name_folder(&f, c->out_path) || mkdir(f.path, 0777) != 0) return cannot_write(c->out_path);
    int status = fill_folder(c, &f);
    if (status == CLI_OK && rename(f.path, c->out_path) != 0) {
        (void)fprintf(stderr, "boneflare simulate: %s: is there already, or cannot be made\n", c->out_path);
        status = CLI_INPUT;
    }
    if (status != CLI_OK) remove_folder(&f);
    bfl_written_free(f.written);
    return status;
}

/* ---- the run ---- */

static int help(void) {
    bfl_rulebook *rulebook = NULL;
    const char *id;
    (void)fputs(help_head, stdout);
    if (bfl_rulebook_open((bfl_text){NULL, 0}, &rulebook, NULL) == BFL_OK)
        for (size_t i = 0; (id = bfl_sim_class(rulebook, i)); i++) (void)printf("                         %s\n", id);
    bfl_rulebook_free(rulebook);
    return fputs(help_tail, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
}

static int simulate_all(command *c) {
    bfl_error err = {0};
    if (bfl_rulebook_open_file(c->overlay_path, &c->rulebook, &err) != BFL_OK) return cli_fail("simulate", &err);
    if (c->calibrate) return cli_calibrate(c->rulebook, &c->options, c->patients ? c->patients : 1000, c->json);
    if (!c->patients) c->patients = 100;
    if (!is_class(c)) return cli_usage("simulate", "--class %s: there is no such class", c->options.class_id);
    if (!(c->made = calloc(c->patients, sizeof(bfl_simulated *)))) return CLI_SYSTEM;
    int status = make_folder(c);
    if (status == CLI_OK)
        (void)printf("%zu patient%s in %s: bone flares in %zu, progresses in %zu\n", c->count, c->count == 1 ? "" : "s",
                     c->out_path, c->flares, c->progressions);
    return status == CLI_OK && fflush(stdout) != 0 ? cannot_write("standard output") : status;
}

int cli_simulate(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return help();
    command c = {.options = {.struct_size = sizeof c.options},
                 .write = {.struct_size = sizeof c.write, .format = "case-folder", .study_id = "SIMULATED"}};
    int status = read_arguments(&c, argc, argv);
    if (status == CLI_OK) status = simulate_all(&c);
    for (size_t i = 0; i < c.count; i++) bfl_simulated_free(c.made[i]);
    free(c.made);
    bfl_rulebook_free(c.rulebook);
    return status;
}
