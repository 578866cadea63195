/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of boneflare endpoints. */
#ifndef BFL_CLI_ENDPOINTS_H
#define BFL_CLI_ENDPOINTS_H

#include <boneflare/endpoint.h>

#include <stdio.h>

/* Results of one patient (endpoints_write.c). */
void cli_endpoints_text(FILE *out, const bfl_record *record, const bfl_endpoints *endpoints);
void cli_endpoints_csv_head(FILE *out);
void cli_endpoints_csv(FILE *out, const bfl_record *record, const bfl_endpoints *endpoints);
void cli_endpoints_json(FILE *out, const bfl_record *record, const bfl_endpoints *endpoints);
/* The policies in force, a line each. */
void cli_endpoints_policies(FILE *out, const bfl_rulebook *rulebook, const bfl_endpoint_options *options);
/* The same with choices, text and sources. */
void cli_endpoints_list(FILE *out, const bfl_rulebook *rulebook, const bfl_endpoint_options *options);

#endif
