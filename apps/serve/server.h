/* SPDX-License-Identifier: Apache-2.0 */
/* What every handler can reach: options, rulebook, store, limits, jobs. Made by serve_run(), read-only while it serves. */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include "serve/account/account.h"
#include "serve/account/reading.h"
#include "serve/api/jobs.h"
#include "serve/api/words.h"
#include "serve/fhir/fhir.h"
#include "serve/hooks/hooks.h"
#include "serve/http/daemon.h"
#include "serve/serve.h"

enum { SERVE_SECRET_BYTES = 32 };

/* Where users reach the service. */
typedef struct serve_place {
    const char *scheme, *host;
    unsigned port; /* never 0 */
} serve_place;

struct serve_server {
    serve_options options;
    serve_pool *pool; /* of what lives as long as the server */
    bfl_rulebook *rulebook;
    const serve_words *rule_words; /* beside the rules: what a question is compared with */
    store *store;
    serve_daemon *daemon;
    serve_limits *limits;
    serve_passwords *passwords;
    serve_readings *readings;
    serve_jobs *jobs;
    serve_exports *exports;
    serve_hooks *hooks;  /* NULL: CDS Hooks are not answered */
    const char *address; /* listened on: numeric, without brackets */
    serve_place place;   /* --public-url, or where it listens */
    const char *base;    /* the same as text without a last '/': "http://127.0.0.1:8080" */
    const char **hosts;  /* that a Host header may name, lower case */
    size_t host_count;
    unsigned char secret[SERVE_SECRET_BYTES]; /* of this run */
};

#endif
