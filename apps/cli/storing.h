/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of boneflare store. */
#ifndef BFL_CLI_STORING_H
#define BFL_CLI_STORING_H

#include "cli.h"

#include "store/store.h"

/* Writes patients, their records and the audit log as files into a folder that appears when whole. */
bfl_status cli_store_export(store *s, const char *folder, bool all_versions, size_t *patients, bfl_error *err);

#endif
