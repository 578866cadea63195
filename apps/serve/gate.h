/* SPDX-License-Identifier: Apache-2.0 */
/* What every request must pass before its handler sees it: the right server, the right site, a route, a user, a token, a type. */
#ifndef SERVE_GATE_H
#define SERVE_GATE_H

#include "serve/http/call.h"

/* serve_daemon_options.admit, .work and .dress. */
void serve_admit(serve_call *call, size_t *limit);
void serve_work_call(serve_call *call);
void serve_dress(serve_call *call);

#endif
