/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks: users, passwords, sessions, roles, and how often one may ask. */
#ifndef SERVE_ACCOUNT_ACCOUNT_H
#define SERVE_ACCOUNT_ACCOUNT_H

#include "serve/http/route.h"

/* Fills user, role, session and csrf of the call from its cookie, or from the demonstration. False: it has answered. */
bool serve_account_find(serve_call *call);
/* May this address ask again already? False: it has answered 429. */
bool serve_account_rate(serve_call *call);
/* Equal? In a time that does not depend on where they differ. */
bool serve_account_same(const char *a, const char *b);

extern const serve_routes serve_session_routes; /* /api/v1/session, /api/v1/setup */

#endif
