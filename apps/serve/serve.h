/* SPDX-License-Identifier: Apache-2.0 */
/* The service: accounts, records, assessments, over HTTP. What `boneflare serve` calls. */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include <boneflare/boneflare.h>

#include <stdio.h>

typedef struct serve_options {
    const char *listen;               /* "127.0.0.1:8080", "[::1]:0": port 0 = any that is free */
    const char *store_url;            /* "sqlite:PATH", "postgresql://..."; NULL with demo */
    const char *public_url;           /* how users reach it: "https://boneflare.example.org"; NULL = http://LISTEN */
    const char *const *allowed_hosts; /* further names that a Host header may have */
    size_t allowed_host_count;
    const char *overlay;      /* rulebook overlay, a file; NULL for none */
    bool demo;                /* bundled cases, user "demo", nothing is kept */
    bool behind_proxy;        /* a proxy on this machine ends TLS: its X-Forwarded-For and -Proto are believed */
    unsigned threads;         /* that answer requests; 0 = as many as there are processors, at least 2 */
    unsigned upload_mib;      /* largest upload */
    unsigned per_address;     /* connections an address may have open; 0 = 128, and any number from this machine */
    unsigned rate;            /* requests a second an address may make; 0 = 100, and any number from this machine */
    unsigned idle_minutes;    /* a session ends when nothing was asked for so long */
    unsigned session_hours;   /* and after so long in any case */
    unsigned receive_seconds; /* within which a request's head must have come, and its body at a useful speed */
    const char *jwt_trust;    /* hooks: file of trusted issuers; NULL = none */
    FILE *out, *log;          /* the address, the first link; a line a request */
} serve_options;

/* The defaults. */
serve_options serve_defaults(void);
/* Serves until SIGTERM or SIGINT, then lets requests in progress end. Blocks these signals in the whole program. */
BFL_MUST_USE bfl_status serve_run(const serve_options *options, bfl_error *err);
/* Writes "METHOD PATTERN ROLE BYTES" a line: the table that openapi.json describes. */
void serve_print_routes(FILE *out);

#endif
