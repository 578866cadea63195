/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens with keys that are made here: one that is good for each algorithm, and one for each way to be wrong. */
#include "serve/hooks/jwt.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOW_S = 1900000000, P384_BYTES = 48 };

static int failures, number;
static serve_pool *pool;
static EVP_PKEY *ec, *rsa, *other_ec, *small_rsa, *p256;
static serve_trust trust;
static const char *const endpoints[] = {"https://cds.example/cds-services/boneflare-patient-view", NULL};

static void report(const char *name, bool good, const char *why) {
    printf("%sok %d - %s\n", good ? "" : "not ", ++number, name);
    if (!good) printf("# %s\n", why ? why : "accepted");
    failures += !good;
}

/* ---- making ---- */

static const char *base64(const void *bytes, size_t size) {
    size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *text = serve_pool_alloc(pool, room, 1);
    return sodium_bin2base64(text, room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static const char *number_of(EVP_PKEY *key, const char *name, size_t bytes) {
    BIGNUM *value = NULL;
    unsigned char out[1024];
    if (EVP_PKEY_get_bn_param(key, name, &value) != 1) abort();
    size_t size = bytes ? bytes : (size_t)BN_num_bytes(value);
    if (BN_bn2binpad(value, out, (int)size) < 0) abort();
    BN_free(value);
    return base64(out, size);
}

static const char *ec_jwk(EVP_PKEY *key, const char *kid, const char *crv, const char *more) {
    size_t bytes = (size_t)(EVP_PKEY_get_bits(key) + 7) / 8;
    return serve_pool_printf(pool, "{\"kty\":\"EC\",\"crv\":\"%s\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"%s}", crv,
                             kid, number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, bytes),
                             number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, bytes), more);
}

static const char *rsa_jwk(EVP_PKEY *key, const char *kid, const char *more) {
    return serve_pool_printf(pool, "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"%s}", kid,
                             number_of(key, OSSL_PKEY_PARAM_RSA_N, 0), number_of(key, OSSL_PKEY_PARAM_RSA_E, 0), more);
}

/* r and s side by side, as a token holds them. */
static const char *raw_of(const unsigned char *der, size_t size) {
    unsigned char raw[2 * P384_BYTES];
    ECDSA_SIG *both = d2i_ECDSA_SIG(NULL, &der, (long)size);
    if (!both || BN_bn2binpad(ECDSA_SIG_get0_r(both), raw, P384_BYTES) < 0 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(both), raw + P384_BYTES, P384_BYTES) < 0)
        abort();
    ECDSA_SIG_free(both);
    return base64(raw, sizeof raw);
}

static const char *signature_of(EVP_PKEY *key, const EVP_MD *hash, const char *text, bool raw) {
    unsigned char out[2048];
    size_t size = sizeof out;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (EVP_DigestSignInit(context, NULL, hash, NULL, key) != 1 ||
        EVP_DigestSign(context, out, &size, (const unsigned char *)text, strlen(text)) != 1)
        abort();
    EVP_MD_CTX_free(context);
    return raw ? raw_of(out, size) : base64(out, size);
}

static const char *unsigned_token(const char *header, const char *claims) {
    return serve_pool_printf(pool, "%s.%s", base64(header, strlen(header)), base64(claims, strlen(claims)));
}

static const char *signed_token(EVP_PKEY *key, const EVP_MD *hash, const char *header, const char *claims) {
    const char *text = unsigned_token(header, claims);
    bool raw = EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_bits(key) == 8 * P384_BYTES;
    return serve_pool_printf(pool, "%s.%s", text, signature_of(key, hash, text, raw));
}

static const char es_header[] = "{\"alg\":\"ES384\",\"typ\":\"JWT\",\"kid\":\"k1\"}";
static const char rs_header[] = "{\"alg\":\"RS384\",\"typ\":\"JWT\",\"kid\":\"k2\"}";

static const char *claims_at(int exp, int iat, const char *more) {
    return serve_pool_printf(pool,
                             "{\"iss\":\"https://host.example\",\"aud\":\"%s\",\"exp\":%d,\"iat\":%d,\"jti\":\"1\"%s}",
                             endpoints[0], NOW_S + exp, NOW_S + iat, more);
}

static const char *good_claims(void) { return claims_at(300, 0, ""); }

/* ---- asking ---- */

static const char *check_for(const char *token, const serve_trust *by) {
    serve_jwt jwt;
    const char *wrong = serve_jwt_read(pool, bfl_text_of(token), &jwt);
    return wrong ? wrong : serve_jwt_check(&jwt, by, endpoints, (int64_t)NOW_S * 1000);
}

static void good(const char *name, const char *token) {
    const char *wrong = check_for(token, &trust);
    report(name, !wrong, wrong);
}

/* Refused with these words. */
static void bad(const char *name, const char *token, const char *words) {
    const char *wrong = check_for(token, &trust);
    report(name, wrong && strstr(wrong, words), wrong);
}

static void bad_claims(const char *name, const char *claims, const char *words) {
    bad(name, signed_token(ec, EVP_sha384(), es_header, claims), words);
}

static void bad_header(const char *name, const char *header, const char *words) {
    bad(name, signed_token(ec, EVP_sha384(), header, good_claims()), words);
}

static const char *changed(const char *text, const char *from, const char *to) {
    const char *at = strstr(text, from);
    if (!at) abort();
    return serve_pool_printf(pool, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* ---- the tests ---- */

static void accepted(void) {
    good("ES384", signed_token(ec, EVP_sha384(), es_header, good_claims()));
    good("RS384", signed_token(rsa, EVP_sha384(), rs_header, good_claims()));
    good("aud in a list",
         signed_token(ec, EVP_sha384(), es_header,
                      changed(changed(good_claims(), "\"https://cds", "[\"x\",\"https://cds"), "view\"", "view\"]")));
    good("the jku of the issuer",
         signed_token(ec, EVP_sha384(), changed(es_header, "}", ",\"jku\":\"https://host.example/keys\"}"),
                      good_claims()));
    good("fractions of seconds",
         signed_token(ec, EVP_sha384(), es_header, changed(good_claims(), ",\"jti", ".5,\"jti")));
    good("just expired, within the leeway", signed_token(ec, EVP_sha384(), es_header, claims_at(-59, -300, "")));
    good("a little early, within the leeway", signed_token(ec, EVP_sha384(), es_header, claims_at(300, 59, "")));
    good("claims that are not known",
         signed_token(ec, EVP_sha384(), es_header, claims_at(300, 0, ",\"tenant\":\"t\",\"nbf\":1")));
}

static void refused_algorithms(void) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_size = 0;
    const char *secret = ec_jwk(ec, "k1", "P-384", "");
    const char *hs = unsigned_token("{\"alg\":\"HS384\",\"typ\":\"JWT\",\"kid\":\"k1\"}", good_claims());
    if (!HMAC(EVP_sha384(), secret, (int)strlen(secret), (const unsigned char *)hs, strlen(hs), mac, &mac_size))
        abort();
    bad("HMAC with the public key", serve_pool_printf(pool, "%s.%s", hs, base64(mac, mac_size)), "ES384 or RS384");
    const char *none = unsigned_token("{\"alg\":\"none\",\"typ\":\"JWT\",\"kid\":\"k1\"}", good_claims());
    bad("none, with an empty signature", serve_pool_printf(pool, "%s.", none), "no signature");
    bad("none, with some signature", serve_pool_printf(pool, "%s.AAAA", none), "ES384 or RS384");
    bad_header("nOnE", changed(es_header, "ES384", "nOnE"), "ES384 or RS384");
    bad_header("lower case", changed(es_header, "ES384", "es384"), "ES384 or RS384");
    bad("ES256", signed_token(p256, EVP_sha256(), changed(es_header, "ES384", "ES256"), good_claims()),
        "ES384 or RS384");
    bad("RS256", signed_token(rsa, EVP_sha256(), changed(rs_header, "RS384", "RS256"), good_claims()),
        "ES384 or RS384");
    bad("no algorithm", signed_token(ec, EVP_sha384(), "{\"typ\":\"JWT\",\"kid\":\"k1\"}", good_claims()),
        "ES384 or RS384");
    bad("SHA-256 under RS384", signed_token(rsa, EVP_sha256(), rs_header, good_claims()), "signature is not right");
    bad("the other algorithm's key", signed_token(ec, EVP_sha384(), changed(es_header, "k1", "k2"), good_claims()),
        "another algorithm");
}

static void refused_headers(void) {
    bad_header("no typ", changed(es_header, "\"typ\":\"JWT\",", ""), "typ");
    bad_header("another typ", changed(es_header, "JWT", "at+jwt"), "typ");
    bad_header("no kid", changed(es_header, ",\"kid\":\"k1\"", ""), "kid is missing");
    bad_header("a kid that is a number", changed(es_header, "\"k1\"", "1"), "kid is missing");
    bad_header("an unknown kid", changed(es_header, "k1", "k9"), "no key of this kid");
    bad_header("another jku", changed(es_header, "}", ",\"jku\":\"https://evil.example/keys\"}"), "jku");
    bad_header("a jku that is no text", changed(es_header, "}", ",\"jku\":7}"), "jku");
    bad_header("crit", changed(es_header, "}", ",\"crit\":[\"exp\"]}"), "crit");
    bad_header("a key twice", changed(es_header, "}", ",\"kid\":\"k1\"}"), "no JSON object");
    bad("a key that the token brings along",
        signed_token(
            other_ec, EVP_sha384(),
            changed(es_header, "}", serve_pool_printf(pool, ",\"jwk\":%s}", ec_jwk(other_ec, "k1", "P-384", ""))),
            good_claims()),
        "signature is not right");
}

static void refused_claims(void) {
    bad_claims("no iss", changed(good_claims(), "\"iss\"", "\"x\""), "iss is missing");
    bad_claims("another issuer", changed(good_claims(), "host.example", "evil.example"), "not trusted");
    bad_claims("no aud", changed(good_claims(), "\"aud\"", "\"x\""), "aud");
    bad_claims("another endpoint", changed(good_claims(), "patient-view", "order-sign"), "aud is not this endpoint");
    bad_claims("a beginning of the endpoint", changed(good_claims(), "/boneflare-patient-view", ""),
               "aud is not this endpoint");
    bad_claims("an aud that is a number",
               changed(good_claims(), "\"https://cds.example/cds-services/boneflare-patient-view\"", "7"), "aud");
    bad_claims("no exp", changed(good_claims(), "\"exp\"", "\"x\""), "exp");
    bad_claims("an exp that is a text", changed(good_claims(), "\"exp\":", "\"exp\":\"1900000300\",\"x\":"), "exp");
    bad_claims("an exp that is huge", changed(good_claims(), "\"exp\":", "\"exp\":1e300,\"x\":"), "exp");
    bad_claims("an exp below zero", changed(good_claims(), "\"exp\":", "\"exp\":-1,\"x\":"), "exp");
    bad_claims("no iat", changed(good_claims(), "\"iat\"", "\"x\""), "iat");
    bad_claims("no jti", changed(good_claims(), "\"jti\"", "\"x\""), "jti");
    bad_claims("an empty jti", changed(good_claims(), "\"jti\":\"1\"", "\"jti\":\"\""), "jti");
    bad_claims("expired", claims_at(-60, -300, ""), "expired");
    bad_claims("from the future", claims_at(300, 61, ""), "future");
    bad_claims("not good yet", claims_at(300, 0, ",\"nbf\":1900000061"), "not good yet");
    bad_claims("an nbf that is a text", claims_at(300, 0, ",\"nbf\":\"x\""), "nbf");
    bad_claims("good for ever", claims_at(3601, 0, ""), "too long");
    bad_claims("expires before it is issued", claims_at(10, 20, ""), "too long");
    bad_claims("claims that are a list", "[1]", "no JSON object");
}

static void refused_forms(void) {
    const char *token = signed_token(ec, EVP_sha384(), es_header, good_claims());
    const char *dot = strrchr(token, '.');
    const char *head = serve_pool_printf(pool, "%.*s", (int)(dot - token), token);
    char *flipped = serve_pool_text(pool, bfl_text_of(token));
    flipped[dot - token + 5] = flipped[dot - token + 5] == 'A' ? 'B' : 'A';
    bad("an empty token", "", "three parts");
    bad("one part", "abc", "three parts");
    bad("two parts", head, "three parts");
    bad("four parts", serve_pool_printf(pool, "%s.x", token), "three parts");
    bad("padding", serve_pool_printf(pool, "%s=", token), "no signature");
    bad("the other alphabet", serve_pool_printf(pool, "%s.+/+/", head), "no signature");
    bad("a space", serve_pool_printf(pool, "%s ", token), "no signature");
    bad("a signature of another length", serve_pool_printf(pool, "%s.AAAA", head), "signature is not right");
    bad("a signature in DER", serve_pool_printf(pool, "%s.%s", head, signature_of(ec, EVP_sha384(), head, false)),
        "signature is not right");
    bad("a signature of zeros",
        serve_pool_printf(pool, "%s.%s", head, base64((unsigned char[2 *P384_BYTES]){0}, 2 * P384_BYTES)),
        "signature is not right");
    bad("one bit", flipped, "signature is not right");
    bad("another key", signed_token(other_ec, EVP_sha384(), es_header, good_claims()), "signature is not right");
    bad("other claims under the signature",
        serve_pool_printf(pool, "%s%s", unsigned_token(es_header, claims_at(301, 0, "")), dot),
        "signature is not right");
    bad("too long", serve_pool_printf(pool, "%s.%08193d", head, 0), "too long");
}

static const char *set_of(const char *keys) { return serve_pool_printf(pool, "{\"keys\":[%s]}", keys); }

static void bad_set(const char *name, const char *json, const char *words) {
    serve_keys keys;
    const char *wrong = serve_keys_read(pool, bfl_text_of(json), &keys);
    report(name, wrong && strstr(wrong, words), wrong);
}

static void key_sets(void) {
    serve_keys keys;
    const char *mixed = set_of(
        serve_pool_printf(pool, "%s,%s,{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"o\",\"x\":\"AA\"},%s,%s",
                          ec_jwk(p256, "p", "P-256", ""), ec_jwk(ec, "e", "P-384", ",\"use\":\"enc\""),
                          rsa_jwk(rsa, "r", ",\"alg\":\"RS256\""),
                          ec_jwk(ec, "k1", "P-384", ",\"use\":\"sig\",\"alg\":\"ES384\",\"key_ops\":[\"verify\"]")));
    const char *wrong = serve_keys_read(pool, bfl_text_of(mixed), &keys);
    report("keys for other uses are passed over", !wrong && keys.count == 1, wrong);
    bad_set("no JSON", "{", "not JSON");
    bad_set("no list", "{\"keys\":{}}", "no list");
    bad_set("an empty set", "{\"keys\":[]}", "no key for");
    bad_set("a kid twice",
            set_of(serve_pool_printf(pool, "%s,%s", ec_jwk(ec, "k", "P-384", ""), rsa_jwk(rsa, "k", ""))), "same kid");
    bad_set("no kid", set_of(changed(ec_jwk(ec, "k", "P-384", ""), "\"kid\"", "\"x-kid\"")), "no kid");
    bad_set("a private key", set_of(ec_jwk(ec, "k", "P-384", ",\"d\":\"AAAA\"")), "private");
    bad_set("a secret key", set_of("{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"AAAA\"}"), "private");
    bad_set("a point off the curve",
            set_of(changed(ec_jwk(ec, "k", "P-384", ""), "\"y\":\"", "\"y\":\"AAAAAAAA\",\"z\":\"")), "no point");
    bad_set("a short RSA key", set_of(rsa_jwk(small_rsa, "k", "")), "2048");
    bad_set("an exponent of one", set_of(changed(rsa_jwk(rsa, "k", ""), "\"AQAB\"", "\"AQ\"")), "2048");
    bad_set("a modulus that is no base64url", set_of("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"+++\",\"e\":\"AQAB\"}"),
            "2048");
}

/* ---- the file of trusted issuers ---- */

static char folder[] = "/tmp/boneflare-jwt-XXXXXX";

static const char *file(const char *name, const char *text) {
    const char *path = serve_pool_printf(pool, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (!out || fputs(text, out) < 0 || fclose(out) != 0) abort();
    return path;
}

static void bad_file(const char *name, const char *json, bfl_status expected, const char *words) {
    serve_trust out;
    bfl_error err = {0};
    bfl_status status = serve_trust_read(pool, file("trust.json", json), &out, &err);
    report(name, status == expected && strstr(err.message, words), err.message);
}

static void trust_files(void) {
    serve_trust out;
    bfl_error err = {0};
    const char *keys = set_of(serve_pool_printf(pool, "%s,%s", ec_jwk(ec, "k1", "P-384", ""), rsa_jwk(rsa, "k2", "")));
    const char *whole = "{\"issuers\":[{\"iss\":\"https://host.example\",\"jwks\":\"keys.json\",\"jku\":\"https://"
                        "host.example/keys\"}],"
                        "\"origins\":[\"https://host.example\"],\"leeway_seconds\":10,\"lifetime_seconds\":600}";
    (void)file("keys.json", keys);
    bfl_status status = serve_trust_read(pool, file("trust.json", whole), &out, &err);
    report("a file of trusted issuers",
           !status && out.issuer_count == 1 && out.issuers[0].keys.count == 2 && out.origin_count == 1 &&
               out.leeway_s == 10 && out.lifetime_s == 600,
           err.message);
    report("its leeway counts",
           !status && check_for(signed_token(ec, EVP_sha384(), es_header, claims_at(-11, -300, "")), &out) != NULL,
           NULL);
    report("its lifetime counts",
           !status && check_for(signed_token(ec, EVP_sha384(), es_header, claims_at(601, 0, "")), &out) != NULL, NULL);
    report("its keys count", !status && !check_for(signed_token(rsa, EVP_sha384(), rs_header, good_claims()), &out),
           "refused");
    bad_file("no issuers", "{\"issuers\":[]}", BFL_EPARSE, "no list of issuers");
    bad_file("an issuer twice", changed(whole, "[{", "[{\"iss\":\"https://host.example\",\"jwks\":\"keys.json\"},{"),
             BFL_EPARSE, "twice");
    bad_file("an issuer without keys", changed(whole, "jwks", "jwk"), BFL_EPARSE, "not known: jwk");
    bad_file("a key set that is not there", changed(whole, "keys.json", "no.json"), BFL_ENOTFOUND, "cannot be opened");
    bad_file("a misspelt member", changed(whole, "leeway_seconds", "leeway"), BFL_EPARSE, "not known: leeway");
    bad_file("an origin that is none", changed(whole, "[\"https://host.example\"]", "[\"*\"]"), BFL_EPARSE, "origins");
    bad_file("seconds that are a text", changed(whole, ":10", ":\"10\""), BFL_EPARSE, "leeway_seconds");
    bad_file("no JSON", "x", BFL_EPARSE, "not JSON");
    (void)unlink(serve_pool_printf(pool, "%s/trust.json", folder));
    (void)unlink(serve_pool_printf(pool, "%s/keys.json", folder));
    (void)rmdir(folder);
}

static void body(void *context) {
    (void)context;
    serve_keys keys;
    if (!mkdtemp(folder)) abort();
    const char *wrong = serve_keys_read(
        pool,
        bfl_text_of(set_of(serve_pool_printf(pool, "%s,%s", ec_jwk(ec, "k1", "P-384", ""), rsa_jwk(rsa, "k2", "")))),
        &keys);
    if (wrong) printf("# %s\n", wrong), abort();
    serve_issuer *issuer = SERVE_NEW(pool, serve_issuer);
    *issuer = (serve_issuer){"https://host.example", "https://host.example/keys", keys};
    trust = (serve_trust){.issuers = issuer, .issuer_count = 1, .leeway_s = 60, .lifetime_s = 3600};
    accepted();
    refused_algorithms();
    refused_headers();
    refused_claims();
    refused_forms();
    key_sets();
    trust_files();
}

int main(void) {
    if (sodium_init() < 0) return 1;
    pool = serve_pool_new();
    ec = EVP_EC_gen("P-384");
    other_ec = EVP_EC_gen("P-384");
    p256 = EVP_EC_gen("P-256");
    rsa = EVP_RSA_gen(2048);
    small_rsa = EVP_RSA_gen(1024);
    if (!pool || !ec || !other_ec || !p256 || !rsa || !small_rsa || !serve_pool_run(pool, body, NULL)) return 1;
    EVP_PKEY *all[] = {ec, other_ec, p256, rsa, small_rsa};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) EVP_PKEY_free(all[i]);
    serve_pool_free(pool);
    printf("1..%d\n", number);
    return failures ? 1 : 0;
}
