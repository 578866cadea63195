/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of boneflare reconcile. */
#ifndef BFL_CLI_RECONCILE_H
#define BFL_CLI_RECONCILE_H

#include <boneflare/reconcile.h>

#include <stdio.h>

/* The whole reconciliation (reconcile_write.c). */
void cli_reconcile_text(FILE *out, const bfl_reconciliation *r);
void cli_reconcile_csv(FILE *out, const bfl_reconciliation *r);
void cli_reconcile_json(FILE *out, const bfl_reconciliation *r);

#endif
