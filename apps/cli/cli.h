/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: what the commands share. Commands use the public headers only. */
#ifndef BFL_CLI_H
#define BFL_CLI_H

#include <boneflare/boneflare.h>

#include <stdio.h>

/* Exit codes, the same for every command. */
enum {
    CLI_OK = 0,    /* done */
    CLI_DATA = 1,  /* done as far as possible: something in the data cannot be used (see the message) */
    CLI_USAGE = 2, /* the command line is wrong */
    CLI_INPUT = 3, /* a file or folder cannot be read or written */
    CLI_SYSTEM = 4 /* out of memory, or a defect */
};

typedef struct cli_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
} cli_command;

int cli_assess(int argc, char **argv);
int cli_convert(int argc, char **argv);
int cli_reconcile(int argc, char **argv);
int cli_validate(int argc, char **argv);
int cli_template(int argc, char **argv);
int cli_rules(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_endpoints(int argc, char **argv);
int cli_simulate(int argc, char **argv);
int cli_cohort(int argc, char **argv);
int cli_shard(int argc, char **argv);
int cli_screen(int argc, char **argv);
int cli_serve(int argc, char **argv);
int cli_evaluate(int argc, char **argv);
int cli_ct(int argc, char **argv);
int cli_store(int argc, char **argv);
int cli_ct_phantom(int argc, char **argv);

/* Parts that are shared. cli_filter: standard input as patient-contiguous NDJSON, one result a line (filter.c). */
typedef struct cli_filter_options {
    uint32_t threads;
    size_t patient_bytes;
    const bfl_rulebook *rulebook;
    const bfl_assess_options *assess;
    const bfl_report_options *report;
    FILE *out;
} cli_filter_options;
int cli_filter(const cli_filter_options *options);
/* Reads a whole number from `least` to `most` without sign; false when it is none. */
bool cli_number(const char *text, uint64_t least, uint64_t most, uint64_t *out);
/* A sink for lines of problems on standard error; the context is the command's name. */
bool cli_write_problems(void *context, const char *data, size_t size);
bfl_progress cli_show_progress(void);
/* A date of the command line: "41" and "-5" are days of therapy, four digits are a year. */
bool cli_date(const char *text, bfl_date *out, bfl_error *err);
/* A file as input; `file` is an open descriptor in a pointer. */
bfl_intake cli_intake(int *file);
/* Prints "boneflare COMMAND: file:line: message" and returns the exit code for the status. */
int cli_fail(const char *command, const bfl_error *err);
/* Prints "boneflare COMMAND: ..." and a hint to --help; returns CLI_USAGE. */
int cli_usage(const char *command, const char *format, ...) BFL_PRINTF(2, 3);
/* A sink that writes to a stream. */
bfl_sink cli_sink(FILE *stream);
/* Opens a temporary file beside the target, which is replaced only by a whole output: returns its name, to be renamed or
 * unlinked, then freed; NULL with errno set when it cannot be opened. */
char *cli_open_temporary(const char *path, FILE **out);
/* Progress on a terminal: redraws one line on standard error when it is a terminal and two seconds have passed. */
void cli_progress(const char *what, size_t done, size_t total);
void cli_progress_end(void);

#endif
