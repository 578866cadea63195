/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare shard: puts the lines of each patient together. */
#include "cli.h"

#include <getopt.h>
#include <string.h>

static const char help[] =
    "Usage: boneflare shard --by patient -n N INPUT... --out FOLDER [OPTION...]\n"
    "\n"
    "Puts the lines of each patient together: FHIR Bulk Data (.ndjson files, folders of them, split by resource type "
    "or\n"
    "not, in any order) becomes N parts that 'boneflare assess --ndjson' can go through. Memory does not grow with "
    "the\n"
    "input: what does not fit goes to a nameless file beside FOLDER. The same input gives the same parts, in whatever\n"
    "order it comes.\n"
    "\n"
    "  --by patient         the only way so far\n"
    "  -n, --parts N        how many parts, 1 to 9999; a patient's part depends on the id and N only\n"
    "  --out FOLDER         is made, and appears when everything is in it; it must not be there, or be empty\n"
    "  --threads N          default as many as there are processors; the parts are the same\n"
    "  --help               this text\n"
    "\n"
    "Beside the parts: without-patient.ndjson (resources of no patient) and not-resolved.ndjson (resources whose "
    "patient\n"
    "is named by something else than an id), when there are any. A Medication goes to every patient who refers to it.\n"
    "\n"
    "Exit code: 0 done; 1 done, and lines were left out (see the messages); 2 wrong command line; 3 a file cannot be "
    "read "
    "or\nwritten.\n"
    "\n"
    "Example:\n"
    "  boneflare shard --by patient -n 8 export/ --out parts\n";

enum { MOST_THREADS = 256, MOST_PARTS = 9999 };

static void show_progress(void *context, const char *what, uint64_t done, uint64_t total) {
    (void)context;
    cli_progress(what, (size_t)done, (size_t)total);
}

bfl_progress cli_show_progress(void) { return (bfl_progress){show_progress, NULL}; }

static int read_option(bfl_shard_options *o, int option, const char *value) {
    uint64_t number = 0;
    switch (option) {
    case 'o': o->out = value; return CLI_OK;
    case 'n':
        if (!cli_number(value, 1, MOST_PARTS, &number))
            return cli_usage("shard", "-n %s: a number from 1 to %d", value, MOST_PARTS);
        o->parts = (uint32_t)number;
        return CLI_OK;
    case 't':
        if (!cli_number(value, 1, MOST_THREADS, &number))
            return cli_usage("shard", "--threads %s: a number from 1 to %d", value, MOST_THREADS);
        o->threads = (uint32_t)number;
        return CLI_OK;
    default: break;
    }
    return strcmp(value, "patient") == 0 ? CLI_OK : cli_usage("shard", "--by %s: it takes patient", value);
}

static int read_arguments(bfl_shard_options *o, int argc, char **argv) {
    static const struct option options[] = {{"by", required_argument, NULL, 'b'},
                                            {"parts", required_argument, NULL, 'n'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"threads", required_argument, NULL, 't'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":n:", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("shard", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("shard", "%s needs a value", argv[optind - 1]);
        int status = read_option(o, option, optarg);
        if (status != CLI_OK) return status;
    }
    o->inputs = (const char *const *)argv + optind;
    o->input_count = (size_t)(argc - optind);
    if (o->input_count == 0) return cli_usage("shard", "name at least one file or folder");
    if (!o->parts) return cli_usage("shard", "say how many parts: -n N");
    if (!o->out) return cli_usage("shard", "say where to: --out FOLDER");
    return CLI_OK;
}

bool cli_write_problems(void *context, const char *data, size_t size) {
    const char *command = context;
    cli_progress_end();
    for (const char *end = data + size, *next; data < end; data = next) {
        const char *stop = memchr(data, '\n', (size_t)(end - data));
        next = stop ? stop + 1 : end;
        (void)fprintf(stderr, "boneflare %s: %.*s", command, (int)(next - data), data);
    }
    return true; /* a closed standard error is no reason to stop */
}

static void print_count(const char *what, uint64_t count, const char *where) {
    if (count) (void)printf("%-26s %llu%s\n", what, (unsigned long long)count, where);
}

static void print_counts(const bfl_shard_options *o, const bfl_group_counts *c) {
    print_count("parts", o->parts, "");
    print_count("patients", c->patients, "");
    print_count("lines", c->lines, "");
    print_count("resources of patients", c->resources, "");
    print_count("copies of Medications", c->shared, "");
    print_count("resources of no patient", c->nobody, ", in without-patient.ndjson");
    print_count("patient cannot be told", c->unsolved, ", in not-resolved.ndjson");
    print_count("lines left out", c->broken, "");
    print_count("files that are no NDJSON", c->left_out, "");
}

int cli_shard(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    static char name[] = "shard";
    bfl_shard_options options = {
        .struct_size = sizeof options, .problems = {cli_write_problems, name}, .progress = cli_show_progress()};
    bfl_group_counts counts;
    bfl_error err = {0};
    int status = read_arguments(&options, argc, argv);
    if (status != CLI_OK) return status;
    bfl_status done = bfl_shard(&options, &counts, &err);
    cli_progress_end();
    if (done != BFL_OK) return cli_fail("shard", &err);
    print_counts(&options, &counts);
    if (fflush(stdout) != 0) return CLI_INPUT;
    return counts.broken ? CLI_DATA : CLI_OK;
}
