/* SPDX-License-Identifier: Apache-2.0 */
/* Backup and restore, from and to either back end. */
#include "deeds.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct filled {
    char key[STORE_KEY_SIZE], path[400];
    store_head head;
} filled;

static store *fill(filled *f) {
    store *s = fresh_store("backup");
    bfl_error err = {0};
    int64_t id;
    store_session session = {.user = "root", .csrf = "c", .expires_ms = 99999};
    store_token token = {.purpose = "setup", .subject = "", .expires_ms = 99999};
    add_user(s, "root", "admin");
    hash_of("s", session.token);
    hash_of("t", token.token);
    must(store_session_put(s, &ann, &session, &err), &err);
    must(store_token_put(s, &ann, &token, &err), &err);
    must(store_jti_once(s, &ann, "j", 99999, &err), &err);
    for (int i = 0; i < 40; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "P%d", i);
        store_record_put_result p = add_patient(s, name, "x\xc3\xbc\n\"'");
        if (i == 7) memcpy(f->key, p.key, sizeof f->key);
        if (i % 2) (void)add_assessment(s, p.key, "flare", i);
    }
    (void)add_version(s, f->key, "seven");
    must(store_source_put(s, &ann, &(store_source){.name = "f", .content = {"a\0\xff", 3}}, &id, &err), &err);
    must(store_review_put(s, &ann, f->key, &(store_review){.version = 2, .status = STORE_REVIEW_APPROVED}, &err), &err);
    must(store_feedback_put(s, &ann, &(store_feedback){"v", "c", "accepted", "{}", 0}, &err), &err);
    (void)snprintf(f->path, sizeof f->path, "%s", fresh_path("copy.db"));
    must(store_backup(s, f->path, &f->head, &err), &err);
    return s;
}

/* What fill() made is there; who was logged in is not. */
static void check_restored(store *s, const filled *f) {
    bfl_error err = {0};
    store_record *record = NULL;
    store_patients *list = NULL;
    store_source *source = NULL;
    store_session *session = NULL;
    store_token *token = NULL;
    store_user *user = NULL;
    uint8_t hash[STORE_HASH_BYTES];
    CHECK(verdict(s, &f->head).good);
    CHECK_INT(store_record_get(s, f->key, 0, &record, &err), BFL_OK);
    CHECK_TEXT(record->content.data, "seven");
    CHECK_INT(record->version, 2);
    store_free(record);
    CHECK_INT(store_record_get(s, f->key, 1, &record, &err), BFL_OK);
    CHECK_TEXT(record->content.data, "x\xc3\xbc\n\"'");
    store_free(record);
    CHECK_INT(store_patient_list(s, &(store_list_want){.text = "p7"}, &list, &err), BFL_OK);
    CHECK(list->count == 1 && list->items[0].review == STORE_REVIEW_APPROVED && list->items[0].urgency == 7);
    store_free(list);
    CHECK_INT(store_source_get(s, 1, &source, &err), BFL_OK);
    CHECK(source->content.size == 3 && memcmp(source->content.data, "a\0\xff", 3) == 0);
    store_free(source);
    CHECK_INT(store_user_get(s, "root", &user, &err), BFL_OK);
    CHECK_TEXT(user->password_hash, "$argon2id$x");
    store_free(user);
    hash_of("s", hash);
    CHECK_INT(store_session_get(s, hash, 2000, &session, &err), BFL_ENOTFOUND);
    hash_of("t", hash);
    CHECK_INT(store_token_take(s, &ann, hash, "setup", &token, &err), BFL_ENOTFOUND);
    CHECK_INT(store_jti_once(s, &ann, "j", 99999, &err), BFL_EEXIST);
    CHECK_INT(add_version(s, f->key, "eight"), 3);
    CHECK(verdict(s, &f->head).good);
}

TEST(there_and_back) {
    filled f;
    store *s = fill(&f), *copy = NULL;
    bfl_error err = {0};
    store_head head;
    struct stat info;
    char url[440], back[440];
    store_close(s);
    CHECK(stat(f.path, &info) == 0 && (info.st_mode & 0777) == 0600);
    /* to a file, whichever back end it came from */
    (void)snprintf(url, sizeof url, "sqlite:%s", fresh_path("restored.db"));
    CHECK_INT(store_restore(f.path, url, &(store_restore_options){.known = &f.head}, &head, &err), BFL_OK);
    CHECK_INT(head.count, f.head.count + 1);
    CHECK_INT(store_open(url, NULL, &copy, &err), BFL_OK);
    check_restored(copy, &f);
    (void)snprintf(back, sizeof back, "%s", fresh_path("again.db"));
    CHECK_INT(store_backup(copy, back, &head, &err), BFL_OK);
    store_close(copy);
    /* to the back end under test */
    fresh_remove("backup");
    CHECK_INT(store_restore(f.path, fresh_url(), NULL, &head, &err), BFL_OK);
    s = fresh_reopen();
    check_restored(s, &f);
    store_close(s);
    /* over what is there: only when forced */
    CHECK_INT(store_restore(back, fresh_url(), NULL, &head, &err), BFL_EEXIST);
    CHECK(strstr(err.message, "--force") != NULL);
    s = fresh_reopen();
    CHECK(verdict(s, &f.head).good);
    CHECK_INT(store_restore(back, fresh_url(), &(store_restore_options){.force = true}, &head, &err), BFL_OK);
    CHECK(verdict(s, &f.head).good); /* by a program that had it open */
    CHECK_INT(add_version(s, f.key, "nine"), 4);
    store_close(s);
}

TEST(what_cannot_be_trusted_is_not_restored) {
    filled f;
    store *s = fill(&f);
    bfl_error err = {0};
    store_head other = f.head;
    char damaged[400], url[440];
    store_close(s);
    (void)snprintf(url, sizeof url, "sqlite:%s", fresh_path("target.db"));
    other.count++;
    CHECK_INT(store_restore(f.path, url, &(store_restore_options){.known = &other}, NULL, &err), BFL_EPARSE);
    CHECK(strstr(err.message, "cut off") != NULL);
    CHECK(access(url + 7, F_OK) != 0);
    /* half of it */
    (void)snprintf(damaged, sizeof damaged, "%s", fresh_path("half.db"));
    FILE *from = fopen(f.path, "rb"), *to = fopen(damaged, "wb");
    struct stat info;
    CHECK(from && to && stat(f.path, &info) == 0);
    for (long i = 0; from && to && i < info.st_size / 2; i++) (void)putc(getc(from), to);
    if (from) (void)fclose(from);
    if (to) (void)fclose(to);
    CHECK(store_restore(damaged, url, NULL, NULL, &err) != BFL_OK);
    CHECK(strstr(err.message, "damaged") != NULL || strstr(err.message, "trusted") != NULL);
    CHECK(access(url + 7, F_OK) != 0);
    CHECK_INT(store_restore("/no/such/file", url, NULL, NULL, &err), BFL_ENOTFOUND);
    CHECK_INT(store_restore(f.path, "mysql:x", NULL, NULL, &err), BFL_ENOTSUP);
}

TEST(a_backup_replaces_nothing) {
    filled f;
    store *s = fill(&f);
    bfl_error err = {0};
    CHECK_INT(store_backup(s, f.path, NULL, &err), BFL_EEXIST);
    CHECK_INT(store_backup(s, "/no/such/folder/copy.db", NULL, &err), BFL_EIO);
    CHECK_INT(store_backup(s, "/", NULL, &err), BFL_EEXIST);
    CHECK(verdict(s, &f.head).good);
    store_close(s);
}

/* ---- while others write ---- */

typedef struct writer {
    store *s;
    char key[STORE_KEY_SIZE];
    atomic_bool stop;
    int64_t written;
} writer;

static void *write_on(void *context) {
    writer *w = context;
    while (!atomic_load(&w->stop)) w->written = add_version(w->s, w->key, "more");
    return NULL;
}

TEST(one_state_while_others_write) {
    filled f;
    writer w = {.s = fill(&f)};
    bfl_error err = {0};
    pthread_t thread;
    memcpy(w.key, f.key, sizeof w.key);
    CHECK_INT(pthread_create(&thread, NULL, write_on, &w), 0);
    for (int i = 0; i < 4; i++) {
        char path[400], url[440];
        store_head head;
        store *copy = NULL;
        store_record *record = NULL;
        (void)snprintf(path, sizeof path, "%s", fresh_path("while.db"));
        CHECK_INT(store_backup(w.s, path, &head, &err), BFL_OK);
        (void)snprintf(url, sizeof url, "sqlite:%s", path);
        CHECK_INT(store_open(url, NULL, &copy, &err), BFL_OK);
        CHECK(verdict(copy, &head).good);
        CHECK_INT(verdict(copy, &head).head.count, head.count);
        CHECK_INT(store_record_get(copy, f.key, 0, &record, &err), BFL_OK);
        store_free(record);
        store_close(copy);
    }
    atomic_store(&w.stop, true);
    (void)pthread_join(thread, NULL);
    CHECK(w.written > 2);
    CHECK(verdict(w.s, &f.head).good);
    store_close(w.s);
}

/* clang-format off */
TEST_CASES(CASE(there_and_back), CASE(what_cannot_be_trusted_is_not_restored), CASE(a_backup_replaces_nothing),
           CASE(one_state_while_others_write))
/* clang-format on */
