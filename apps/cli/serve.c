/* SPDX-License-Identifier: Apache-2.0 */
/* boneflare serve: the command line of the service. */
#include "cli.h"

#include "serve/serve.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: boneflare serve [OPTION...]\n"
    "\n"
    "Serves the page, the REST interface, FHIR and CDS Hooks (docs/serve.md) until SIGTERM, to this machine only "
    "unless told\n"
    "otherwise. The first start prints a link with which the first administrator signs in.\n"
    "\n"
    "  --listen ADDRESS:PORT  default 127.0.0.1:8080; port 0 takes any that is free and prints it\n"
    "  --store URL            sqlite:PATH (default sqlite:boneflare.db) or postgresql://...\n"
    "  --demo                 the bundled cases and a user \"demo\" without a password; nothing is kept; this machine "
    "only\n"
    "  --public-url URL       how users reach it, when a proxy stands before it: https://boneflare.example.org\n"
    "  --allow-host NAME      a further name that requests may be sent to; may be repeated\n"
    "  --tls-behind-proxy     a proxy on this machine ends TLS: cookies are Secure, its X-Forwarded-For is believed\n"
    "  --rulebook FILE        rules of your own over the built-in ones; assessments carry the hash\n"
    "  --jwt-trust FILE       who may call the CDS Hooks: issuers and their keys\n"
    "  --threads N            that answer requests; default: as many as there are processors\n"
    "  --upload-mib N         the largest upload; default 64\n"
    "  --per-address N        connections that an address may have; default 128, and any number from this machine\n"
    "  --rate N               requests a second that an address may make; default 100, and any number from this "
    "machine\n"
    "  --idle-minutes N       a session ends after so long without a request; default 30\n"
    "  --session-hours N      a session ends after so long in any case; default 12\n"
    "  --receive-seconds N    within which the head of a request must have come; default 20\n"
    "  --routes               print the table of routes and end\n"
    "  --help                 this text\n"
    "\n"
    "Exit code: 0 ended by a signal; 2 wrong command line; 3 cannot listen, or the store cannot be opened.\n"
    "\n"
    "Example:\n"
    "  boneflare serve --demo\n";

enum { MOST_THREADS = 256, MOST_NUMBER = 100000 };

typedef struct command {
    serve_options options;
    const char **hosts;
    bool routes;
} command;

/* Options with a number, by their letter. */
static unsigned *number_of(serve_options *o, int option) {
    switch (option) {
    case 'n': return &o->threads;
    case 'm': return &o->upload_mib;
    case 'a': return &o->per_address;
    case 't': return &o->rate;
    case 'i': return &o->idle_minutes;
    case 'o': return &o->session_hours;
    case 'c': return &o->receive_seconds;
    default: return NULL;
    }
}

static int read_option(command *c, int option, const char *name, char *value) {
    unsigned *number = number_of(&c->options, option);
    uint64_t read = 0;
    if (number) {
        if (!cli_number(value, 1, option == 'n' ? MOST_THREADS : MOST_NUMBER, &read))
            return cli_usage("serve", "%s %s: a number from 1", name, value);
        *number = (unsigned)read;
        return CLI_OK;
    }
    switch (option) {
    case 'l': c->options.listen = value; return CLI_OK;
    case 's': c->options.store_url = value; return CLI_OK;
    case 'd': c->options.demo = true; return CLI_OK;
    case 'u': c->options.public_url = value; return CLI_OK;
    case 'w': c->hosts[c->options.allowed_host_count++] = value; return CLI_OK;
    case 'p': c->options.behind_proxy = true; return CLI_OK;
    case 'r': c->options.overlay = value; return CLI_OK;
    case 'j': c->options.jwt_trust = value; return CLI_OK;
    case 'x': c->routes = true; return CLI_OK;
    default: return cli_usage("serve", "wrong option");
    }
}

static int read_arguments(command *c, int argc, char **argv) {
    static const struct option options[] = {{"listen", required_argument, NULL, 'l'},
                                            {"store", required_argument, NULL, 's'},
                                            {"demo", no_argument, NULL, 'd'},
                                            {"public-url", required_argument, NULL, 'u'},
                                            {"allow-host", required_argument, NULL, 'w'},
                                            {"tls-behind-proxy", no_argument, NULL, 'p'},
                                            {"rulebook", required_argument, NULL, 'r'},
                                            {"jwt-trust", required_argument, NULL, 'j'},
                                            {"threads", required_argument, NULL, 'n'},
                                            {"upload-mib", required_argument, NULL, 'm'},
                                            {"per-address", required_argument, NULL, 'a'},
                                            {"rate", required_argument, NULL, 't'},
                                            {"idle-minutes", required_argument, NULL, 'i'},
                                            {"session-hours", required_argument, NULL, 'o'},
                                            {"receive-seconds", required_argument, NULL, 'c'},
                                            {"routes", no_argument, NULL, 'x'},
                                            {NULL, 0, NULL, 0}};
    optind = 1;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == '?') return cli_usage("serve", "there is no option '%s'", argv[optind - 1]);
        if (option == ':') return cli_usage("serve", "%s needs a value", argv[optind - 1]);
        int status = read_option(c, option, optarg ? argv[optind - 2] : argv[optind - 1], optarg);
        if (status != CLI_OK) return status;
    }
    if (optind < argc) return cli_usage("serve", "'%s' is no option", argv[optind]);
    if (c->options.demo && c->options.store_url)
        return cli_usage("serve", "--demo keeps nothing: it goes without --store");
    return CLI_OK;
}

int cli_serve(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return fputs(help, stdout) < 0 ? CLI_SYSTEM : CLI_OK;
    command c = {.options = serve_defaults(), .hosts = calloc((size_t)argc, sizeof(const char *))};
    if (!c.hosts) return CLI_SYSTEM;
    bfl_error err = {0};
    int status = read_arguments(&c, argc, argv);
    c.options.allowed_hosts = c.hosts;
    if (!c.options.store_url) c.options.store_url = "sqlite:boneflare.db";
    if (status == CLI_OK && c.routes) serve_print_routes(stdout);
    if (status == CLI_OK && !c.routes && serve_run(&c.options, &err) != BFL_OK) status = cli_fail("serve", &err);
    free(c.hosts);
    return status;
}
