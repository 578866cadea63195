/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <string.h>

static const cli_command commands[] = {
    {"assess", "what happened in the bone, how sure that is, why, and what to do next", cli_assess},
    {"explain", "how the verdict came about: prior, findings, probability, loss, what would turn it", cli_explain},
    {"endpoints", "best responses, durations and survival times, each contested rule a named policy", cli_endpoints},
    {"cohort", "a whole study: tables, curves, models, and what its source printed beside them", cli_cohort},
    {"screen", "who in a population has a question, in the order in which to see them", cli_screen},
    {"serve", "the page, REST, FHIR and CDS Hooks for a department, on this machine", cli_serve},
    {"shard", "put the lines of each patient of a FHIR Bulk Data export together", cli_shard},
    {"evaluate", "measure verdicts against patients whose truth is known, beside other criteria", cli_evaluate},
    {"ct", "what changed in the bone between two CT scans", cli_ct},
    {"ct-phantom", "write two CT scans with known lesions and motion, and the truth about them beside", cli_ct_phantom},
    {"store", "look after a store: create, verify, backup, restore, migrate, export", cli_store},
    {"validate", "check case folders: file, row, column, what was expected, what to do", cli_validate},
    {"reconcile", "derived against collected responses: every disagreement, with the rule and the lesions",
     cli_reconcile},
    {"convert", "write a study as SDTM or as a case folder, and list what the format does not hold", cli_convert},
    {"simulate", "write simulated patients, and the truth about them beside", cli_simulate},
    {"template", "write the empty tables of a case folder", cli_template},
    {"rules", "list, show, cite and compare the rules behind every verdict", cli_rules},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static int help(FILE *stream) {
    (void)fputs("Usage: boneflare COMMAND [OPTION...] [FILE...]\n\n"
                "Tells healing (bone flare, ALP flare) from progression when bone looks worse under therapy.\n"
                "It supports clinicians' judgement, is not a medical device and has not been clinically validated.\n\n"
                "Commands:\n",
                stream);
    for (int i = 0; i < COMMAND_COUNT; i++)
        (void)fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].summary);
    (void)fputs("\n'boneflare COMMAND --help' explains one; 'boneflare --version' prints the version.\n", stream);
    return stream == stdout ? CLI_OK : CLI_USAGE;
}

int main(int argc, char **argv) {
    if (argc < 2) return help(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return help(stdout);
    if (strcmp(argv[1], "--version") == 0) return printf("boneflare %s\n", bfl_version()) < 0 ? CLI_SYSTEM : CLI_OK;
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i].name) == 0) return commands[i].run(argc - 1, argv + 1);
    (void)fprintf(stderr, "boneflare: there is no command '%s'. Try 'boneflare --help'.\n", argv[1]);
    return CLI_USAGE;
}
