/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: what is a store, what is none, and what each refusal says. */
#include "fresh.h"

TEST(makes_and_reopens) {
    store *s = fresh_store("opening");
    CHECK(s != NULL);
    store_close(s);
    CHECK_INT(store_open(fresh_url(), NULL, &s, NULL), BFL_OK);
    store_close(s);
}

TEST(nothing_there) {
    store *s = NULL;
    bfl_error err = {0};
    fresh_remove("opening");
    CHECK_INT(store_open(fresh_url(), NULL, &s, &err), BFL_ENOTFOUND);
    CHECK(strstr(err.message, "boneflare store create") != NULL);
    CHECK(s == NULL);
}

TEST(urls) {
    store *s = NULL;
    bfl_error err = {0};
    CHECK_INT(store_open(NULL, NULL, &s, &err), BFL_EINVAL);
    CHECK_INT(store_open("", NULL, &s, &err), BFL_EINVAL);
    CHECK_INT(store_open("sqlite:", NULL, &s, &err), BFL_EINVAL);
    CHECK_INT(store_open("mysql://host/db", NULL, &s, &err), BFL_ENOTSUP);
    CHECK_INT(store_open("postgresql://u:secret@[/x", NULL, &s, &err), BFL_EINVAL);
    CHECK(!strstr(err.message, "secret") && !strstr(err.where, "secret"));
}

TEST(urls_without_secrets) {
    static const char *const pairs[][2] = {
        {"sqlite:/var/lib/a.db", "sqlite:/var/lib/a.db"},
        {"postgresql://host/db", "postgresql://host/db"},
        {"postgresql://ann@host/db", "postgresql://ann@host/db"},
        {"postgresql://ann:pa@ss/w@host:5432/db", "postgresql://ann:***@host:5432/db"},
        {"postgres://h/db?user=ann&password=x&sslmode=require",
         "postgres://h/db?user=ann&password=***&sslmode=require"},
        {"postgres://h/db?%70assword=x&host=/tmp", "postgres://h/db?%70assword=***&host=/tmp"},
        {"postgresql://", "postgresql://"},
    };
    char plain[100];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        CHECK_INT(store_url_plain(pairs[i][0], plain, sizeof plain), strlen(pairs[i][1]));
        CHECK_TEXT(plain, pairs[i][1]);
    }
    CHECK_INT(store_url_plain("sqlite:abc", plain, 8), 7);
    CHECK_TEXT(plain, "sqlite:");
}

/* clang-format off */
TEST_CASES(CASE(makes_and_reopens), CASE(nothing_there), CASE(urls), CASE(urls_without_secrets))
/* clang-format on */
