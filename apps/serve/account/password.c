/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/account/account.h"
#include "serve/server.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* RFC 9106's second recommendation: Argon2id, 3 passes over 64 MiB. */
enum { PASSES = 3, MEMORY = 64 << 20 };

struct serve_passwords {
    atomic_uint busy;
    unsigned most;
    char nobody[crypto_pwhash_STRBYTES]; /* hash of what nobody knows: an unknown user takes as long as a known one */
};

serve_passwords *serve_passwords_new(unsigned most) {
    serve_passwords *p = calloc(1, sizeof *p);
    unsigned char secret[SERVE_TOKEN_BYTES];
    if (!p) return NULL;
    p->most = most;
    randombytes_buf(secret, sizeof secret);
    if (crypto_pwhash_str(p->nobody, (const char *)secret, sizeof secret, PASSES, MEMORY) == 0) return p;
    free(p);
    return NULL;
}

void serve_passwords_free(serve_passwords *passwords) { free(passwords); }

static bool enter(serve_call *call) {
    serve_passwords *p = call->server->passwords;
    if (atomic_fetch_add(&p->busy, 1) < p->most) return true;
    atomic_fetch_sub(&p->busy, 1);
    serve_problem(call, 503, "busy", "Too many people sign in at this moment.", "Try again in a few seconds.");
    serve_reply_header(call, "Retry-After", "2");
    return false;
}

static void leave(serve_call *call) { atomic_fetch_sub(&call->server->passwords->busy, 1); }

const char *serve_password_hash(serve_call *call, const char *password) {
    char *hash = serve_pool_alloc(call->pool, crypto_pwhash_STRBYTES, 1);
    size_t size = strlen(password);
    if (size < SERVE_PASSWORD_LEAST || size > SERVE_PASSWORD_MOST) {
        serve_problem(call, 422, "weak-password", "A password has at least 12 characters.", "Choose a longer one.");
        return NULL;
    }
    if (!enter(call)) return NULL;
    bool done = crypto_pwhash_str(hash, password, size, PASSES, MEMORY) == 0;
    leave(call);
    if (done) return hash;
    serve_problem(call, 503, "no-memory", "The server is short of memory.", "Try again in a moment.");
    return NULL;
}

bool serve_password_right(serve_call *call, const char *password, const char *hash, bool *busy) {
    const char *against = hash && *hash ? hash : call->server->passwords->nobody;
    if (!enter(call)) {
        *busy = true;
        return false;
    }
    bool right = crypto_pwhash_str_verify(against, password, strlen(password)) == 0;
    leave(call);
    return right && hash && *hash;
}
