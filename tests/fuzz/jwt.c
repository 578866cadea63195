/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens and key sets: a text that begins with '{' is a key set, everything else a token. What is not refused has all that the
 * checks read; no token is right without a key, and none is right under the keys of the text.
 */
#include "fuzz.h"

#include "serve/hooks/jwt.h"

#include <sodium.h>

typedef struct input {
    serve_pool *pool;
    bfl_text text;
} input;

static void check_token(const input *in) {
    static const char *const endpoints[] = {"https://cds.example/cds-services/a", NULL};
    const serve_issuer nobody = {.iss = "https://host.example"};
    const serve_trust trust = {.issuers = &nobody, .issuer_count = 1, .leeway_s = 60, .lifetime_s = 3600};
    serve_jwt jwt;
    const char *wrong = serve_jwt_read(in->pool, in->text, &jwt);
    if (wrong) {
        PROMISE(wrong[0]);
        return;
    }
    PROMISE(jwt.kid[0] && jwt.iss[0] && jwt.jti[0] && jwt.aud_count > 0 && jwt.aud_count <= SERVE_JWT_AUDIENCES);
    PROMISE(jwt.exp_s >= 0 && jwt.iat_s >= 0 && jwt.nbf_s >= 0);
    PROMISE(jwt.text.size < in->text.size && jwt.signature.size > 0);
    PROMISE(serve_jwt_check(&jwt, &trust, endpoints, 1900000000000) != NULL);
}

static void check_keys(const input *in) {
    static const char signature[96] = "not a signature of anything";
    serve_keys keys = {0};
    const char *wrong = serve_keys_read(in->pool, in->text, &keys);
    PROMISE(wrong ? keys.count == 0 && wrong[0] : keys.count > 0);
    for (size_t i = 0; i < keys.count; i++) {
        PROMISE(serve_keys_find(&keys, keys.items[i].kid) == &keys.items[i]);
        PROMISE(!serve_key_verify(&keys.items[i], in->text, (bfl_text){signature, sizeof signature}));
    }
}

static void body(void *context) {
    const input *in = context;
    if (in->text.size && in->text.data[0] == '{')
        check_keys(in);
    else
        check_token(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input in = {serve_pool_new(), fuzz_text(data, size)};
    PROMISE(in.pool && sodium_init() >= 0);
    PROMISE(serve_pool_run(in.pool, body, &in));
    serve_pool_free(in.pool);
    return 0;
}
