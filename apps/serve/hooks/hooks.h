/* SPDX-License-Identifier: Apache-2.0 */
/* CDS Hooks over HTTP: who may ask, from which page, and what became of cards. The answers are boneflare/hooks.h's. */
#ifndef SERVE_HOOKS_HOOKS_H
#define SERVE_HOOKS_HOOKS_H

#include "serve/http/route.h"

typedef struct serve_hooks serve_hooks;

/* Reads the trusted issuers (--jwt-trust). Without them the services answer on this machine only, and *out is NULL for a server
 * that others reach. The server's place, rulebook and options must be set. Errors of serve_trust_read(), BFL_ENOMEM. */
BFL_MUST_USE bfl_status serve_hooks_open(serve_server *server, serve_hooks **out, bfl_error *err);
/* NULL is allowed. */
void serve_hooks_close(serve_hooks *hooks);

extern const serve_routes serve_hooks_routes; /* /cds-services */

#endif
