/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVE_DEMO_H
#define SERVE_DEMO_H

#include "serve/server.h"

/* Puts the bundled cases into the store. */
BFL_MUST_USE bfl_status serve_demo_fill(serve_server *server, bfl_error *err);

#endif
