/* SPDX-License-Identifier: Apache-2.0 */
/* Random tokens: of sessions, of one-time links. The store keeps their hashes only. */
#include "serve/account/account.h"

#include <sodium.h>
#include <string.h>

void serve_token_hash(const char *token, uint8_t hash[STORE_HASH_BYTES]) {
    (void)crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
}

char *serve_token_new(serve_pool *pool) {
    enum { TEXT = sodium_base64_ENCODED_LEN(SERVE_TOKEN_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING) };
    unsigned char bytes[SERVE_TOKEN_BYTES];
    char *text = serve_pool_alloc(pool, TEXT, 1);
    randombytes_buf(bytes, sizeof bytes);
    (void)sodium_bin2base64(text, TEXT, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    return text;
}
