/* SPDX-License-Identifier: Apache-2.0 */
/* Users, sessions, tokens that are good once, feedback, jti. */
#include "deeds.h"

TEST(users) {
    store *s = fresh_store("accounts");
    bfl_error err = {0};
    store_users *list = NULL;
    store_user *user = NULL;
    add_user(s, "root", "admin");
    add_user(s, "bob", "reader");
    CHECK_INT(store_user_create(s, &ann, &(store_user){.name = "bob", .role = "reader"}, &err), BFL_EEXIST);
    CHECK_INT(store_user_create(s, &ann, &(store_user){.name = "Bob", .role = "reader"}, &err), BFL_EEXIST);
    CHECK_INT(store_user_create(s, &ann, &(store_user){.name = "x", .role = "king"}, &err), BFL_EINVAL);
    CHECK_INT(store_user_create(s, &ann, &(store_user){.name = "x"}, &err), BFL_EINVAL);
    CHECK_INT(store_user_create(s, &ann, &(store_user){.name = "", .role = "reader"}, &err), BFL_EINVAL);
    CHECK_INT(store_user_list(s, &list, &err), BFL_OK);
    CHECK_INT(list->count, 2);
    CHECK_TEXT(list->items[0].name, "bob");
    store_free(list);
    CHECK_INT(store_user_change_put(s, &ann, "bob", &(store_user_change){.role = "reviewer"}, &err), BFL_OK);
    CHECK_INT(store_user_get(s, "bob", &user, &err), BFL_OK);
    CHECK_TEXT(user->role, "reviewer");
    CHECK_TEXT(user->password_hash, "$argon2id$x");
    CHECK(!user->disabled);
    store_free(user);
    CHECK_INT(store_user_change_put(s, &ann, "nobody", &(store_user_change){.role = "reader"}, &err), BFL_ENOTFOUND);
    CHECK_INT(store_user_change_put(s, &ann, "bob", &(store_user_change){.role = "king"}, &err), BFL_EINVAL);
    CHECK_INT(store_user_change_put(s, &ann, "root", &(store_user_change){.role = "reader"}, &err), BFL_EINVAL);
    CHECK_INT(
        store_user_change_put(s, &ann, "root", &(store_user_change){.set_disabled = true, .disabled = true}, &err),
        BFL_EINVAL);
    CHECK_INT(store_user_change_put(s, &ann, "bob", &(store_user_change){.role = "admin"}, &err), BFL_OK);
    CHECK_INT(
        store_user_change_put(s, &ann, "root", &(store_user_change){.set_disabled = true, .disabled = true}, &err),
        BFL_OK);
    CHECK_INT(store_user_get(s, "nobody", &user, &err), BFL_ENOTFOUND);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

TEST(the_first_user_is_one) {
    store *s = fresh_store("accounts");
    bfl_error err = {0};
    const store_user root = {.name = "root", .role = "admin", .password_hash = "$argon2id$x"},
                     eve = {.name = "eve", .role = "admin"};
    CHECK_INT(store_user_create_first(s, &ann, &root, &err), BFL_OK);
    CHECK_INT(store_user_create_first(s, &ann, &eve, &err), BFL_EEXIST);
    CHECK_INT(store_user_create_first(s, &ann, &root, &err), BFL_EEXIST);
    CHECK_INT(store_user_create(s, &ann, &eve, &err), BFL_OK);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

TEST(sessions) {
    store *s = fresh_store("accounts");
    bfl_error err = {0};
    store_session *back = NULL;
    store_session session = {.user = "bob", .csrf = "c", .expires_ms = 5000};
    hash_of("one", session.token);
    CHECK_INT(store_session_put(s, &ann, &session, &err), BFL_ENOTFOUND);
    add_user(s, "bob", "reader");
    CHECK_INT(store_session_put(s, &ann, &session, &err), BFL_OK);
    CHECK_INT(store_session_get(s, session.token, 4999, &back, &err), BFL_OK);
    CHECK_TEXT(back->user, "bob");
    CHECK_TEXT(back->role, "reader");
    CHECK_TEXT(back->csrf, "c");
    CHECK_INT(back->expires_ms, 5000);
    store_free(back);
    CHECK_INT(store_session_get(s, session.token, 5000, &back, &err), BFL_ENOTFOUND);
    CHECK_INT(store_session_touch(s, session.token, 3000, 9000, &err), BFL_OK);
    CHECK_INT(store_session_get(s, session.token, 5000, &back, &err), BFL_OK);
    CHECK_INT(back->seen_ms, 3000);
    store_free(back);
    CHECK_INT(store_session_touch(s, session.token, 9000, 99000, &err), BFL_OK); /* over: no way back */
    CHECK_INT(store_session_get(s, session.token, 9000, &back, &err), BFL_ENOTFOUND);
    uint8_t other[STORE_HASH_BYTES];
    hash_of("two", other);
    CHECK_INT(store_session_get(s, other, 0, &back, &err), BFL_ENOTFOUND);
    CHECK_INT(store_session_delete(s, &ann, other, &err), BFL_OK);
    CHECK_INT(store_session_delete(s, &ann, session.token, &err), BFL_OK);
    CHECK_INT(store_session_get(s, session.token, 3000, &back, &err), BFL_ENOTFOUND);
    CHECK_INT(store_session_put(s, &ann, &session, &err), BFL_OK);
    CHECK_INT(store_user_change_put(s, &ann, "bob", &(store_user_change){.password_hash = "new"}, &err), BFL_OK);
    CHECK_INT(store_session_get(s, session.token, 3000, &back, &err), BFL_ENOTFOUND);
    CHECK_INT(store_user_change_put(s, &ann, "bob", &(store_user_change){.set_disabled = true, .disabled = true}, &err),
              BFL_OK);
    CHECK_INT(store_session_put(s, &ann, &session, &err), BFL_ENOTFOUND);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

TEST(tokens_are_good_once) {
    store *s = fresh_store("accounts");
    bfl_error err = {0};
    store_token *taken = NULL, token = {.purpose = "setup", .subject = "admin", .expires_ms = 5000};
    hash_of("t", token.token);
    CHECK_INT(store_token_put(s, &ann, &token, &err), BFL_OK);
    CHECK_INT(store_token_take(s, &ann, token.token, "invite", &taken, &err), BFL_ENOTFOUND);
    CHECK_INT(store_token_take(s, &ann, token.token, "setup", &taken, &err), BFL_OK);
    CHECK_TEXT(taken->subject, "admin");
    store_free(taken);
    CHECK_INT(store_token_take(s, &ann, token.token, "setup", &taken, &err), BFL_ENOTFOUND);
    CHECK_INT(store_token_put(s, &ann, &token, &err), BFL_OK);
    CHECK_INT(store_token_take(s, &(store_by){"ann", 5000}, token.token, "setup", &taken, &err), BFL_ENOTFOUND);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

TEST(feedback_and_jti) {
    store *s = fresh_store("accounts");
    bfl_error err = {0};
    store_feedbacks *list = NULL;
    CHECK_INT(store_feedback_put(s, &ann, &(store_feedback){"view", "u-1", "accepted", "{}", 0}, &err), BFL_OK);
    CHECK_INT(store_feedback_put(s, &ann, &(store_feedback){"sign", "u-2", "overridden", "{\"a\":1}", 0}, &err),
              BFL_OK);
    CHECK_INT(store_feedback_put(s, &ann, &(store_feedback){"", "u-2", "overridden", "{}", 0}, &err), BFL_EINVAL);
    CHECK_INT(store_feedback_list(s, NULL, 10, &list, &err), BFL_OK);
    CHECK_INT(list->count, 2);
    CHECK_TEXT(list->items[0].card, "u-2");
    CHECK_INT(list->items[0].at_ms, 2000);
    store_free(list);
    CHECK_INT(store_feedback_list(s, "view", 10, &list, &err), BFL_OK);
    CHECK_INT(list->count, 1);
    store_free(list);
    const store_by issuer = {"https://hospital", 1000}, other = {"https://other", 1000},
                   later = {"https://hospital", 2000};
    CHECK_INT(store_jti_once(s, &issuer, "j", 2000, &err), BFL_OK);
    CHECK_INT(store_jti_once(s, &issuer, "j", 2000, &err), BFL_EEXIST);
    CHECK_INT(store_jti_once(s, &other, "j", 2000, &err), BFL_OK);
    CHECK_INT(store_jti_once(s, &later, "j", 3000, &err), BFL_OK);
    CHECK_INT(store_jti_once(s, &issuer, "", 2000, &err), BFL_EINVAL);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

/* clang-format off */
TEST_CASES(CASE(users), CASE(the_first_user_is_one), CASE(sessions), CASE(tokens_are_good_once), CASE(feedback_and_jti))
/* clang-format on */
