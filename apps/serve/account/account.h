/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks: users, passwords, sessions, roles, and how often one may ask. */
#ifndef SERVE_ACCOUNT_ACCOUNT_H
#define SERVE_ACCOUNT_ACCOUNT_H

#include "serve/account/limits.h"
#include "serve/http/route.h"

#include "store/store.h"

enum { SERVE_TOKEN_BYTES = 32, SERVE_PASSWORD_LEAST = 12, SERVE_PASSWORD_MOST = 1024, SERVE_NAME_MOST = 100 };

/* ---- what every request passes (session.c) ---- */

/* Fills user, role, session and csrf of the call from its cookie, or from the demonstration. False: it has answered. */
bool serve_account_find(serve_call *call);
/* May this address ask again already? False: it has answered 429. */
bool serve_account_rate(serve_call *call);
/* Equal? In a time that does not depend on where they differ. */
bool serve_account_same(const char *a, const char *b);
/* A new session for the user: its cookie goes with the reply. False: it has answered. */
bool serve_session_begin(serve_call *call, const char *user);
/* Answers who is signed in. */
void serve_session_reply(serve_call *call, int status);

/* ---- passwords (password.c) ---- */

/* What takes long is counted: at most a few passwords are worked on at a time, so that sign-ins cannot stop the service. */
typedef struct serve_passwords serve_passwords;
serve_passwords *serve_passwords_new(unsigned most);
void serve_passwords_free(serve_passwords *passwords);
/* Argon2id, as text; NULL: it has answered (too weak, or busy). */
const char *serve_password_hash(serve_call *call, const char *password);
/* hash NULL (an unknown user): takes as long, and is false. *busy: nothing was checked, it has answered. */
bool serve_password_right(serve_call *call, const char *password, const char *hash, bool *busy);

/* ---- tokens (token.c) ---- */

/* SHA-256 of a token's text. */
void serve_token_hash(const char *token, uint8_t hash[STORE_HASH_BYTES]);
/* A random token as text that is fit for a URL. */
char *serve_token_new(serve_pool *pool);

/* ---- the first administrator (users.c) ---- */

/* Prints a one-time link for him when there is no user yet. */
BFL_MUST_USE bfl_status serve_setup_offer(serve_server *server, bfl_error *err);

extern const serve_routes serve_session_routes; /* /api/v1/session */
extern const serve_routes serve_user_routes;    /* /api/v1/users, /api/v1/setup */

#endif
