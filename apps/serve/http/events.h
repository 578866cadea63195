/* SPDX-License-Identifier: Apache-2.0 */
/* Server-sent events: what a long work tells as it goes on. Any number of clients may listen, each from the beginning. */
#ifndef SERVE_HTTP_EVENTS_H
#define SERVE_HTTP_EVENTS_H

#include "serve/http/call.h"

/* One reference for the caller; NULL when there is no memory. */
serve_events *serve_events_new(void);
void serve_events_retain(serve_events *events);
void serve_events_release(serve_events *events);
/* Adds an event: data is one line of JSON. Left out when there is no memory. */
void serve_events_add(serve_events *events, const char *name, bfl_text data);
/* No event comes any more: listeners are told the rest and end. */
void serve_events_close(serve_events *events);
/* The reply is the stream of these events. */
void serve_reply_events(serve_call *call, serve_events *events);

/* ---- for daemon.c ---- */

struct MHD_Connection;
struct MHD_Response;
/* A response that tells the events; it keeps a reference. NULL when there is no memory. */
struct MHD_Response *serve_events_response(serve_events *events, struct MHD_Connection *connection);
/* A comment line to each listener: finds out who has gone. */
void serve_events_beat(serve_events *events);

#endif
