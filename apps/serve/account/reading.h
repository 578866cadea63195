/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who read of whom, for the audit log. A handler says what its answer shows; when the answer is a good one, an audit row is on the disk
 * before it is sent. The same user, action and patient again within ten minutes make no new row, so that opening a screen is one
 * reading, and asking again and again fills no disk. A thread writes what has come together in one transaction; an answer waits for it
 * a quarter of a second at most, and a store that cannot be written to is no reason not to see a patient: the log then says so.
 */
#ifndef SERVE_ACCOUNT_READING_H
#define SERVE_ACCOUNT_READING_H

#include "serve/http/call.h"

typedef struct serve_readings serve_readings;

/* NULL when there is no memory or no thread. */
serve_readings *serve_readings_new(const serve_server *server);
/* Writes what is waiting, and ends. NULL is allowed. */
void serve_readings_free(serve_readings *readings);

/* In a handler: its answer shows this patient (a key of the store; "" for many). "patient.read". */
void serve_reads(serve_call *call, const char *action, const char *key);
/* After the handler. */
void serve_reading_note(serve_call *call);

#endif
