/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of the store fails once: each call says so, leaves its output alone, keeps nothing, and goes on afterwards. */
#include "memory.h"

#include "deeds.h"

static char key[STORE_KEY_SIZE];
static uint8_t token[STORE_HASH_BYTES];

#define GETS(name, type, call)                         \
    static bfl_status name(store *s, bfl_error *err) { \
        type *out = NULL;                              \
        bfl_status status = call;                      \
        CHECK((status == BFL_OK) == (out != NULL));    \
        store_free(out);                               \
        return status;                                 \
    }

GETS(get_record, store_record, store_record_get(s, key, 0, &out, err))
GETS(list_records, store_records, store_record_list(s, key, &out, err))
GETS(get_source, store_source, store_source_get(s, 1, &out, err))
GETS(get_assessment, store_assessment, store_assessment_get(s, 1, &out, err))
GETS(list_reviews, store_reviews, store_review_list(s, key, &out, err))
GETS(list_patients, store_patients, store_patient_list(s, &(store_list_want){.text = "p"}, &out, err))
GETS(get_patient, store_patient, store_patient_get(s, key, &out, err))
GETS(get_user, store_user, store_user_get(s, "root", &out, err))
GETS(list_users, store_users, store_user_list(s, &out, err))
GETS(get_session, store_session, store_session_get(s, token, 2000, &out, err))
GETS(take_token, store_token, store_token_take(s, &ann, token, "setup", &out, err))
GETS(list_feedback, store_feedbacks, store_feedback_list(s, NULL, 50, &out, err))
GETS(list_audit, store_audit_rows, store_audit_list(s, 0, 0, &out, err))

static bfl_status put_record(store *s, bfl_error *err) {
    store_record_put_result out = {0};
    store_record_new record = {.key = key, .expected_version = -1, .content = bfl_text_of("y"), .search = "words"};
    bfl_status status = store_record_put(s, &ann, &record, &out, err);
    CHECK((status == BFL_OK) == (out.version != 0));
    return status;
}

static bfl_status new_record(store *s, bfl_error *err) {
    store_record_put_result out = {0};
    return store_record_put(s, &ann, &(store_record_new){.patient_id = "new", .content = bfl_text_of("y")}, &out, err);
}

static bfl_status change_user(store *s, bfl_error *err) {
    return store_user_change_put(s, &ann, "root", &(store_user_change){.password_hash = "z"}, err);
}

static bfl_status reopen(store *s, bfl_error *err) {
    (void)s;
    store *other = NULL;
    bfl_status status = store_open(fresh_url(), NULL, &other, err);
    CHECK((status == BFL_OK) == (other != NULL));
    store_close(other);
    return status;
}

static const struct {
    const char *name;
    bfl_status (*run)(store *s, bfl_error *err);
    int least; /* allocations that it makes */
} calls[] = {{"get_record", get_record, 7},
             {"list_records", list_records, 7},
             {"get_source", get_source, 5},
             {"get_assessment", get_assessment, 7},
             {"list_reviews", list_reviews, 5},
             {"list_patients", list_patients, 5},
             {"get_patient", get_patient, 4},
             {"get_user", get_user, 4},
             {"list_users", list_users, 5},
             {"get_session", get_session, 4},
             {"list_feedback", list_feedback, 5},
             {"list_audit", list_audit, 5},
             {"put_record", put_record, 3},
             {"new_record", new_record, 3},
             {"take_token", take_token, 3},
             {"change_user", change_user, 4},
             {"reopen", reopen, 2}};

static store *filled(void) {
    store *s = fresh_store("memory");
    bfl_error err = {0};
    int64_t id;
    store_session session = {.user = "root", .csrf = "c", .expires_ms = 99999};
    store_token once = {.purpose = "setup", .subject = "", .expires_ms = 99999};
    hash_of("t", token);
    memcpy(session.token, token, sizeof token);
    memcpy(once.token, token, sizeof token);
    add_user(s, "root", "admin");
    for (int i = 0; i < 20; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "p%d", i);
        memcpy(key, add_patient(s, name, "x").key, sizeof key);
    }
    (void)add_assessment(s, key, "flare", 1);
    must(store_source_put(s, &ann, &(store_source){.name = "f", .content = bfl_text_of("b")}, &id, &err), &err);
    must(store_review_put(s, &ann, key, &(store_review){.version = 1, .status = STORE_REVIEW_DRAFT}, &err), &err);
    must(store_feedback_put(s, &ann, &(store_feedback){"v", "c", "accepted", "{}", 0}, &err), &err);
    must(store_session_put(s, &ann, &session, &err), &err);
    must(store_token_put(s, &ann, &once, &err), &err);
    return s;
}

TEST(each_failure) {
    store *s = filled();
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        int64_t n = 1;
        for (;; n++) {
            bfl_error err = {0};
            store_head before = {0}, after = {0};
            must(store_head_get(s, &before, &err), &err);
            (void)store_memory_fail_at(n);
            bfl_status status = calls[i].run(s, &err);
            if (store_memory_fail_at(0) > 0) { /* not reached: it had all it wanted */
                CHECK_INT(status, BFL_OK);
                if (status != BFL_OK) printf("# %s: %s\n", calls[i].name, err.message);
                break;
            }
            CHECK_INT(status, BFL_ENOMEM);
            CHECK_TEXT(err.message, "out of memory");
            must(store_head_get(s, &after, &err), &err);
            CHECK_INT(after.count, before.count);
            if (n > 1000) break;
        }
        CHECK(n > calls[i].least);
        if (n <= calls[i].least) printf("# %s makes %d allocations\n", calls[i].name, (int)n - 1);
    }
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

/* clang-format off */
TEST_CASES(CASE(each_failure))
/* clang-format on */
