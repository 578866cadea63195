/* SPDX-License-Identifier: Apache-2.0 */
/* A token: three parts of base64url, of which the first two are JSON. */
#include "serve/hooks/jwt.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

enum { TEXT_BYTES = 512, PARTS = 3 };
static const int64_t most_seconds = (int64_t)1 << 40;

/* ---- the form ---- */

/* False when it is not base64url, has padding, or bits behind its end. */
static bool decode(serve_pool *pool, bfl_text part, bfl_text *out) {
    size_t size = 0;
    const char *end = NULL;
    char *bytes = serve_pool_alloc(pool, part.size + 1, 1);
    if (sodium_base642bin((unsigned char *)bytes, part.size, part.data, part.size, NULL, &size, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        end != part.data + part.size)
        return false;
    *out = (bfl_text){bytes, size};
    return part.size > 0;
}

static void release_json(void *thing) { json_decref(thing); }

static const json_t *object_in(serve_pool *pool, bfl_text part) {
    bfl_text text;
    if (!decode(pool, part, &text)) return NULL;
    json_t *json = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, NULL);
    if (!json) return NULL;
    (void)serve_pool_own(pool, json, release_json);
    return json_is_object(json) ? json : NULL;
}

/* A text of a reasonable length; "" otherwise. */
static const char *text_in(const json_t *object, const char *name) {
    const json_t *member = json_object_get(object, name);
    return json_is_string(member) && json_string_length(member) <= TEXT_BYTES ? json_string_value(member) : "";
}

static bool seconds_in(const json_t *object, const char *name, int64_t *out) {
    const json_t *member = json_object_get(object, name);
    if (!json_is_number(member)) return false;
    double value = json_number_value(member);
    if (!(value >= 0 && value <= (double)most_seconds)) return false;
    *out = (int64_t)value;
    return true;
}

static const char *read_header(const json_t *header, serve_jwt *out) {
    const char *algorithm = text_in(header, "alg");
    const json_t *jku = json_object_get(header, "jku");
    if (strcmp(algorithm, "ES384") == 0)
        out->signing = SERVE_ES384;
    else if (strcmp(algorithm, "RS384") == 0)
        out->signing = SERVE_RS384;
    else
        return "alg must be ES384 or RS384";
    if (strcmp(text_in(header, "typ"), "JWT") != 0) return "typ must be JWT";
    out->kid = text_in(header, "kid");
    if (!*out->kid) return "kid is missing";
    if (json_object_get(header, "crit")) return "crit names an extension that is not known here";
    out->jku = jku ? text_in(header, "jku") : NULL;
    return NULL;
}

/* aud is a text or a list of texts. */
static const char *read_audience(const json_t *claims, serve_jwt *out) {
    const json_t *aud = json_object_get(claims, "aud");
    size_t count = json_is_array(aud) ? json_array_size(aud) : 1;
    if (count == 0 || count > SERVE_JWT_AUDIENCES) return "aud is missing, or too long a list";
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_is_array(aud) ? json_array_get(aud, i) : aud;
        if (!json_is_string(one)) return "aud must be a text or a list of texts";
        out->aud[out->aud_count++] = json_string_value(one);
    }
    return NULL;
}

static const char *read_claims(const json_t *claims, serve_jwt *out) {
    out->iss = text_in(claims, "iss");
    out->jti = text_in(claims, "jti");
    if (!*out->iss) return "iss is missing";
    if (!*out->jti) return "jti is missing";
    if (!seconds_in(claims, "exp", &out->exp_s)) return "exp is missing, or no number of seconds";
    if (!seconds_in(claims, "iat", &out->iat_s)) return "iat is missing, or no number of seconds";
    if (json_object_get(claims, "nbf") && !seconds_in(claims, "nbf", &out->nbf_s)) return "nbf is no number of seconds";
    return read_audience(claims, out);
}

const char *serve_jwt_read(serve_pool *pool, bfl_text token, serve_jwt *out) {
    bfl_text parts[PARTS] = {{token.data, 0}};
    size_t part = 0;
    *out = (serve_jwt){.kid = ""};
    if (token.size > SERVE_JWT_BYTES) return "the token is too long";
    for (size_t i = 0; i < token.size; i++) {
        if (token.data[i] != '.')
            parts[part].size++;
        else if (++part == PARTS)
            return "the token has not three parts";
        else
            parts[part] = (bfl_text){token.data + i + 1, 0};
    }
    if (part != PARTS - 1) return "the token has not three parts";
    const json_t *header = object_in(pool, parts[0]), *claims = object_in(pool, parts[1]);
    if (!header || !claims) return "the token's header or claims are no JSON object in base64url";
    if (!decode(pool, parts[2], &out->signature)) return "the token has no signature in base64url";
    out->text = (bfl_text){token.data, parts[0].size + 1 + parts[1].size};
    const char *wrong = read_header(header, out);
    return wrong ? wrong : read_claims(claims, out);
}

/* ---- what it says ---- */

static bool meant_for(const serve_jwt *jwt, const char *const *endpoints) {
    for (size_t i = 0; i < jwt->aud_count; i++)
        for (const char *const *e = endpoints; *e; e++)
            if (strcmp(jwt->aud[i], *e) == 0) return true;
    return false;
}

static const char *check_time(const serve_jwt *jwt, const serve_trust *trust, int64_t now_s) {
    if (jwt->exp_s + trust->leeway_s <= now_s) return "the token has expired";
    if (jwt->iat_s > now_s + trust->leeway_s) return "the token was issued in the future";
    if (jwt->nbf_s > now_s + trust->leeway_s) return "the token is not good yet";
    if (jwt->exp_s <= jwt->iat_s || jwt->exp_s - jwt->iat_s > trust->lifetime_s)
        return "the token is good for too long a time";
    return NULL;
}

const char *serve_jwt_check(const serve_jwt *jwt, const serve_trust *trust, const char *const *endpoints,
                            int64_t now_ms) {
    const serve_issuer *issuer = serve_trust_find(trust, jwt->iss);
    if (!issuer) return "the issuer is not trusted here";
    if (jwt->jku && (!issuer->jku || strcmp(jwt->jku, issuer->jku) != 0)) return "jku is not that of the issuer";
    const serve_key *key = serve_keys_find(&issuer->keys, jwt->kid);
    if (!key) return "the issuer has no key of this kid";
    if (key->signing != jwt->signing) return "the key is for another algorithm";
    if (!serve_key_verify(key, jwt->text, jwt->signature)) return "the signature is not right";
    if (!meant_for(jwt, endpoints)) return "aud is not this endpoint";
    return check_time(jwt, trust, now_ms / 1000);
}
