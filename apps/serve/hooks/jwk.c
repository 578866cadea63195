/* SPDX-License-Identifier: Apache-2.0 */
/* JWK Sets to public keys of libcrypto, and signatures checked with them. */
#include "serve/hooks/jwt.h"

#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>
#include <string.h>

enum { P384_BYTES = 48, RSA_LEAST_BYTES = 256, RSA_MOST_BYTES = 1024, EXPONENT_MOST_BYTES = 8, SET_BYTES = 1 << 20 };

typedef struct set {
    serve_pool *pool;
    serve_key *keys;
    size_t count;
} set;

/* ---- members ---- */

static const char *text_of(const json_t *jwk, const char *name) {
    const char *text = json_string_value(json_object_get(jwk, name));
    return text ? text : "";
}

/* base64url without padding; NULL when it is not, or longer. */
static const unsigned char *bytes_of(set *s, const json_t *jwk, const char *name, size_t most, size_t *size) {
    const char *text = text_of(jwk, name);
    unsigned char *bytes = serve_pool_alloc(s->pool, 1, most);
    const char *end = NULL;
    bool good = sodium_base642bin(bytes, most, text, strlen(text), NULL, size, &end,
                                  sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    return good && *text && !*end ? bytes : NULL;
}

/* ---- public keys ---- */

static EVP_PKEY *make(const char *type, const OSSL_PARAM *params) {
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    OSSL_PARAM *copy = params ? OSSL_PARAM_dup(params) : NULL;
    if (context && copy && EVP_PKEY_fromdata_init(context) == 1)
        (void)EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, copy);
    OSSL_PARAM_free(copy);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_CTX *check = key ? EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL) : NULL;
    bool good = check && EVP_PKEY_public_check(check) == 1;
    EVP_PKEY_CTX_free(check);
    if (good) return key;
    EVP_PKEY_free(key);
    ERR_clear_error();
    return NULL;
}

/* An uncompressed point: 4, x, y. */
static EVP_PKEY *make_ec(set *s, const json_t *jwk) {
    unsigned char point[1 + 2 * P384_BYTES] = {POINT_CONVERSION_UNCOMPRESSED};
    char curve[] = "P-384";
    size_t x_size = 0, y_size = 0;
    const unsigned char *x = bytes_of(s, jwk, "x", P384_BYTES, &x_size);
    const unsigned char *y = bytes_of(s, jwk, "y", P384_BYTES, &y_size);
    if (!x || !y || x_size != P384_BYTES || y_size != P384_BYTES) return NULL;
    memcpy(point + 1, x, P384_BYTES);
    memcpy(point + 1 + P384_BYTES, y, P384_BYTES);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
                                 OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
                                 OSSL_PARAM_construct_end()};
    return make("EC", params);
}

static EVP_PKEY *make_rsa(set *s, const json_t *jwk) {
    size_t n_size = 0, e_size = 0;
    const unsigned char *n = bytes_of(s, jwk, "n", RSA_MOST_BYTES, &n_size);
    const unsigned char *e = bytes_of(s, jwk, "e", EXPONENT_MOST_BYTES, &e_size);
    if (!n || !e || n_size < RSA_LEAST_BYTES || !n[0]) return NULL;
    BIGNUM *modulus = BN_bin2bn(n, (int)n_size, NULL), *exponent = BN_bin2bn(e, (int)e_size, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    if (modulus && exponent && builder && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) == 1)
        params = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY *key = make("RSA", params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_free(exponent);
    BN_free(modulus);
    return key;
}

/* ---- the set ---- */

static void release_key(void *key) { EVP_PKEY_free(key); }

static bool lists(const json_t *array, const char *word) {
    size_t i;
    const json_t *item;
    json_array_foreach(array, i,
                       item) if (json_is_string(item) && strcmp(json_string_value(item), word) == 0) return true;
    return false;
}

/* For signatures of one of the two kinds? */
static bool is_for_us(const json_t *jwk, serve_signing *signing) {
    const char *type = text_of(jwk, "kty"), *use = text_of(jwk, "use"), *algorithm = text_of(jwk, "alg");
    const json_t *operations = json_object_get(jwk, "key_ops");
    bool ec = strcmp(type, "EC") == 0 && strcmp(text_of(jwk, "crv"), "P-384") == 0;
    if (!ec && strcmp(type, "RSA") != 0) return false;
    *signing = ec ? SERVE_ES384 : SERVE_RS384;
    if (*use && strcmp(use, "sig") != 0) return false;
    if (*algorithm && strcmp(algorithm, ec ? "ES384" : "RS384") != 0) return false;
    return !operations || lists(operations, "verify");
}

static const char *add(set *s, const json_t *jwk) {
    serve_signing signing;
    const char *kid = text_of(jwk, "kid");
    if (json_object_get(jwk, "d") || json_object_get(jwk, "k") || json_object_get(jwk, "p"))
        return "the key set holds a private or secret key; publish public keys only, and replace this one";
    if (!is_for_us(jwk, &signing)) return NULL;
    if (!*kid) return "a key has no kid";
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->keys[i].kid, kid) == 0) return "two keys have the same kid";
    EVP_PKEY *key = signing == SERVE_ES384 ? make_ec(s, jwk) : make_rsa(s, jwk);
    if (!key) return signing == SERVE_ES384 ? "a key is no point of P-384" : "an RSA key is not of 2048 to 8192 bits";
    (void)serve_pool_own(s->pool, key, release_key);
    s->keys[s->count++] = (serve_key){serve_pool_text(s->pool, bfl_text_of(kid)), signing, key};
    return NULL;
}

static void release_json(void *thing) { json_decref(thing); }

const char *serve_keys_read(serve_pool *pool, bfl_text json, serve_keys *out) {
    json_error_t error;
    if (json.size > SET_BYTES) return "the key set is longer than 1 MiB";
    json_t *root = json_loadb(json.data, json.size, JSON_REJECT_DUPLICATES, &error);
    if (!root) return "the key set is not JSON";
    (void)serve_pool_own(pool, root, release_json);
    const json_t *keys = json_object_get(root, "keys");
    if (!json_is_array(keys)) return "the key set has no list of keys";
    set s = {pool, SERVE_NEW_ARRAY(pool, json_array_size(keys) + 1, serve_key), 0};
    for (size_t i = 0; i < json_array_size(keys); i++) {
        const char *wrong = add(&s, json_array_get(keys, i));
        if (wrong) return wrong;
    }
    if (!s.count) return "the key set has no key for ES384 or RS384";
    *out = (serve_keys){s.keys, s.count};
    return NULL;
}

const serve_key *serve_keys_find(const serve_keys *keys, const char *kid) {
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->items[i].kid, kid) == 0) return &keys->items[i];
    return NULL;
}

/* ---- signatures ---- */

/* A token holds r and s side by side; libcrypto reads DER. NULL: not a signature, or out of memory. */
static unsigned char *der_of(bfl_text raw, int *size) {
    unsigned char *der = NULL;
    if (raw.size != 2 * P384_BYTES) return NULL;
    const unsigned char *bytes = (const unsigned char *)raw.data;
    BIGNUM *r = BN_bin2bn(bytes, P384_BYTES, NULL), *s = BN_bin2bn(bytes + P384_BYTES, P384_BYTES, NULL);
    ECDSA_SIG *both = ECDSA_SIG_new();
    if (r && s && both && ECDSA_SIG_set0(both, r, s) == 1) {
        r = s = NULL; /* they are its own now */
        *size = i2d_ECDSA_SIG(both, &der);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(both);
    return der;
}

static bool verify(EVP_PKEY *key, bfl_text text, const unsigned char *signature, size_t size) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestVerifyInit(context, NULL, EVP_sha384(), NULL, key) == 1 &&
                EVP_DigestVerify(context, signature, size, (const unsigned char *)text.data, text.size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good;
}

bool serve_key_verify(const serve_key *key, bfl_text text, bfl_text signature) {
    if (key->signing == SERVE_RS384)
        return verify(key->key, text, (const unsigned char *)signature.data, signature.size);
    int size = 0;
    unsigned char *der = der_of(signature, &size);
    bool good = der && size > 0 && verify(key->key, text, der, (size_t)size);
    OPENSSL_free(der);
    return good;
}
