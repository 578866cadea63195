/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who calls: JSON Web Tokens (RFC 7519) as CDS Hooks uses them. Signed by ES384 or RS384 with a key of an issuer that is trusted
 * by name; everything else is refused: no signature, HMAC, other curves and sizes, a key that the token brings along, a URL that is
 * not the issuer's. Keys come from local files; nothing is ever fetched.
 */
#ifndef SERVE_HOOKS_JWT_H
#define SERVE_HOOKS_JWT_H

#include "serve/http/pool.h"

/* ---- keys (jwk.c) ---- */

typedef enum serve_signing { SERVE_ES384, SERVE_RS384 } serve_signing;

typedef struct serve_key {
    const char *kid;
    serve_signing signing;
    void *key; /* EVP_PKEY, public; the pool releases it */
} serve_key;

typedef struct serve_keys {
    const serve_key *items;
    size_t count;
} serve_keys;

/* Reads a JWK Set (RFC 7517). Keys for other uses are passed over. NULL, or a sentence: not a set, a key without kid, a kid
 * twice, a private key, a point that is not on P-384, RSA below 2048 or above 8192 bits, no key that can be used. */
const char *serve_keys_read(serve_pool *pool, bfl_text json, serve_keys *out);
/* NULL when there is none. */
const serve_key *serve_keys_find(const serve_keys *keys, const char *kid);
/* Does the signature, as a token holds it, fit the text? */
bool serve_key_verify(const serve_key *key, bfl_text text, bfl_text signature);

/* ---- whom to trust (trust.c) ---- */

typedef struct serve_issuer {
    const char *iss;
    const char *jku; /* the only one that a token may name; NULL = none */
    serve_keys keys;
} serve_issuer;

typedef struct serve_seen_file serve_seen_file;

typedef struct serve_trust {
    const serve_issuer *issuers;
    size_t issuer_count;
    const char *const *origins; /* of pages in browsers that may call */
    size_t origin_count;
    int64_t leeway_s;             /* clocks may differ by so much */
    int64_t lifetime_s;           /* a token may be good for so long */
    const serve_seen_file *files; /* that this was read from */
    size_t file_count;
} serve_trust;

/* Reads the file of trusted issuers and the key sets that it names, relative to its folder (docs/hooks.md). BFL_EPARSE, BFL_EIO,
 * BFL_ENOTFOUND, BFL_ELIMIT. */
BFL_MUST_USE bfl_status serve_trust_read(serve_pool *pool, const char *path, serve_trust *out, bfl_error *err);
/* Are its files others now than those that were read? Also when one is missing. */
bool serve_trust_changed(const serve_trust *trust);
const serve_issuer *serve_trust_find(const serve_trust *trust, const char *iss);

/* ---- tokens (jwt.c) ---- */

enum { SERVE_JWT_BYTES = 8192, SERVE_JWT_AUDIENCES = 16 };

typedef struct serve_jwt {
    serve_signing signing;
    const char *kid, *jku; /* jku NULL: not said */
    const char *iss, *jti;
    const char *aud[SERVE_JWT_AUDIENCES];
    size_t aud_count;
    int64_t exp_s, iat_s, nbf_s; /* nbf_s 0: not said */
    bfl_text text, signature;    /* what is signed; its bytes */
} serve_jwt;

/* Takes a token apart. NULL, or a sentence that says what is wrong with its form. Believes nothing yet. */
const char *serve_jwt_read(serve_pool *pool, bfl_text token, serve_jwt *out);
/* Is it signed by an issuer that is trusted, for one of these endpoints, and now? NULL, or a sentence. Whether its jti was seen
 * before is the store's to say, and asked last. */
const char *serve_jwt_check(const serve_jwt *jwt, const serve_trust *trust, const char *const *endpoints,
                            int64_t now_ms);

#endif
