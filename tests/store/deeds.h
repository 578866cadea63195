/* SPDX-License-Identifier: Apache-2.0 */
/* Short ways to do what most tests begin with. Each ends the program when the store refuses. */
#ifndef STORE_TEST_DEEDS_H
#define STORE_TEST_DEEDS_H

#include "fresh.h"

static const store_by ann = {"ann", 2000};

static inline void must(bfl_status status, const bfl_error *err) {
    if (status == BFL_OK) return;
    (void)fprintf(stderr, "%s: %s: %s\n", bfl_status_name(status), err->where, err->message);
    exit(1);
}

static inline store_record_put_result add_patient(store *s, const char *id, const char *content) {
    bfl_error err = {0};
    store_record_put_result out = {0};
    must(store_record_put(s, &ann,
                          &(store_record_new){.patient_id = id, .content = bfl_text_of(content), .reason = "import"},
                          &out, &err),
         &err);
    return out;
}

static inline int64_t add_version(store *s, const char *key, const char *content) {
    bfl_error err = {0};
    store_record_put_result out = {0};
    must(store_record_put(s, &ann,
                          &(store_record_new){.key = key, .expected_version = -1, .content = bfl_text_of(content)},
                          &out, &err),
         &err);
    return out.version;
}

static inline int64_t add_assessment(store *s, const char *key, const char *state, int64_t urgency) {
    bfl_error err = {0};
    int64_t id = 0;
    store_assessment a = {.rulebook = "abc",
                          .state = state,
                          .urgency = urgency,
                          .json = bfl_text_of("{}"),
                          .next_step = "wait",
                          .has_probability = true,
                          .p_flare = 0.25,
                          .p_progression = 0.5,
                          .low = 0.125,
                          .high = 0.375};
    (void)snprintf(a.key, sizeof a.key, "%s", key);
    must(store_assessment_put(s, &ann, &a, &id, &err), &err);
    return id;
}

static inline void add_user(store *s, const char *name, const char *role) {
    bfl_error err = {0};
    must(store_user_create(s, &ann, &(store_user){.name = name, .role = role, .password_hash = "$argon2id$x"}, &err),
         &err);
}

static inline store_verdict verdict(store *s, const store_head *known) {
    bfl_error err = {0};
    store_verdict v = {0};
    must(store_verify(s, known, &v, &err), &err);
    return v;
}

static inline void hash_of(const char *text, uint8_t out[STORE_HASH_BYTES]) {
    memset(out, 0, STORE_HASH_BYTES);
    memcpy(out, text, strlen(text) < STORE_HASH_BYTES ? strlen(text) : STORE_HASH_BYTES);
}

#endif
