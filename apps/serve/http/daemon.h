/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sockets: libmicrohttpd's loops read and write; each whole request goes to a worker thread and its connection sleeps until the
 * answer is there. So neither a slow client nor a long assessment stops others. Limits of time, size and number are kept here.
 */
#ifndef SERVE_HTTP_DAEMON_H
#define SERVE_HTTP_DAEMON_H

#include "serve/http/clock.h"
#include "serve/http/call.h"
#include "serve/http/events.h"

typedef struct serve_daemon serve_daemon;

typedef struct serve_daemon_options {
    const char *address; /* numeric: "127.0.0.1", "::1" */
    unsigned port;       /* 0 = any */
    unsigned loops, workers;
    unsigned connections; /* in all */
    unsigned per_address; /* 0 = from loopback any number, from others the default */
    unsigned receive_seconds;
    size_t body_bytes; /* of all requests together that are being received or answered */
    serve_server *server;
    /* On a loop, when the head of a request is there: looks at everything but the body. Leaves call->status 0 to go on, *limit =
     * how large the body may be; otherwise it has answered. */
    void (*admit)(serve_call *call, size_t *limit);
    /* On a worker, when the body is there. */
    void (*work)(serve_call *call);
    /* Adds the headers that every answer has. */
    void (*dress)(serve_call *call);
    /* When the answer is on its way, or the client went away. */
    void (*done)(const serve_call *call, int64_t took_ms);
} serve_daemon_options;

BFL_MUST_USE bfl_status serve_daemon_start(const serve_daemon_options *options, serve_daemon **out, bfl_error *err);
unsigned serve_daemon_port(const serve_daemon *daemon);
/* Takes no further connections, lets requests in progress end (at most `seconds`), stops the threads and releases it. */
void serve_daemon_stop(serve_daemon *daemon, unsigned seconds);

#endif
