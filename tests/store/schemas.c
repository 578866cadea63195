/* SPDX-License-Identifier: Apache-2.0 */
/* Stores of every released schema are brought up to date, and a step that fails leaves the store as it was. */
#include "schema.h"
#include "url.h"

#include "deeds.h"

/* The stored dump of a schema (tools/store_dump.py); its first line is "-- head COUNT:HASH". */
static char *read_dump(int number) {
    enum { MOST = 1 << 20 };
    char path[600];
    (void)snprintf(path, sizeof path, "%s/tests/store/schema/%03d.%s.sql", getenv("BFL_SOURCE"), number,
                   fresh_is_sqlite() ? "sqlite" : "postgresql");
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, MOST);
    if (!file || !text || fread(text, 1, MOST - 1, file) == 0) {
        printf("# %s cannot be read\n", path);
        exit(1);
    }
    (void)fclose(file);
    return text;
}

static store_head head_of(const char *dump) {
    char text[STORE_HEAD_SIZE] = "";
    store_head head = {0};
    size_t length = strcspn(dump, "\n");
    if (length > 8 && length - 8 < sizeof text) memcpy(text, dump + 8, length - 8);
    CHECK_INT(store_head_parse(text, &head, NULL), BFL_OK);
    return head;
}

/* What writer.c fills a store with, seen through the newest program. */
static void check_content(store *s) {
    bfl_error err = {0};
    char key[STORE_KEY_SIZE];
    store_record *record = NULL;
    store_patients *list = NULL;
    store_source *source = NULL;
    CHECK_INT(store_patient_find(s, "P1, \"quoted\"", key, &err), BFL_OK);
    CHECK_INT(store_record_get(s, key, 0, &record, &err), BFL_OK);
    CHECK(record->version == 2 && strstr(record->content.data, "boneflare.case/1"));
    store_free(record);
    CHECK_INT(store_patient_list(s, &(store_list_want){.text = "erloti"}, &list, &err), BFL_OK);
    CHECK(list->count == 1 && list->items[0].review == STORE_REVIEW_APPROVED &&
          strcmp(list->items[0].state, "flare") == 0);
    store_free(list);
    CHECK_INT(store_source_get(s, 1, &source, &err), BFL_OK);
    CHECK_INT(source->content.size, 3);
    store_free(source);
    CHECK_INT(add_version(s, key, "three"), 3);
}

TEST(every_released_schema) {
    for (int number = 1; number <= schema_newest; number++) {
        store *s = NULL;
        bfl_error err = {0};
        char *dump = read_dump(number);
        store_head head = head_of(dump);
        fresh_remove("schemas");
        CHECK(fresh_tamper(dump));
        free(dump);
        bfl_status status = store_open(fresh_url(), NULL, &s, &err);
        CHECK_INT(status, number < schema_newest ? BFL_ENOTSUP : BFL_OK);
        store_close(s);
        CHECK_INT(store_open(fresh_url(), &(store_options){.migrate = true}, &s, &err), BFL_OK);
        CHECK(verdict(s, &head).good);
        check_content(s);
        CHECK(verdict(s, &head).good);
        store_close(s);
    }
}

/* ---- the steps themselves, with steps of the test's own ---- */

static const char *const first[] = {"CREATE TABLE store (id INTEGER, name TEXT, created_ms INTEGER)",
                                    "CREATE TABLE audit (seq INTEGER PRIMARY KEY, at_ms INTEGER, who TEXT, action TEXT,"
                                    " subject TEXT, details BLOB, previous BLOB, hash BLOB)",
                                    NULL};
static const char *const first_on_server[] = {"CREATE SCHEMA boneflare",
                                              "CREATE TABLE store (id BIGINT, name TEXT, created_ms BIGINT)",
                                              "CREATE TABLE audit (seq BIGINT PRIMARY KEY, at_ms BIGINT, who TEXT,"
                                              " action TEXT, subject TEXT, details BYTEA, previous BYTEA, hash BYTEA)",
                                              NULL};
static const char *const second[] = {"ALTER TABLE store ADD COLUMN place TEXT", "UPDATE store SET place = 'here'",
                                     NULL};
static const char *const broken[] = {"UPDATE store SET place = 'gone'", "ALTER TABLE nothing ADD COLUMN x TEXT", NULL};
static const schema_step own_steps[] = {{first, first_on_server}, {second, second}, {broken, broken}};

static sql connect_again(void) {
    sql db = {.where = "test", .wait_ms = 1000};
    const char *address = NULL;
    CHECK_INT(url_read(fresh_url(), &db.back_end, &address, NULL), BFL_OK);
    db.back_end->open(&db, address, true);
    CHECK(sql_good(&db));
    return db;
}

static bfl_status open_with(int64_t newest, bool create, bool migrate) {
    sql db = connect_again();
    schema_open_by(&db, &(store_options){.create = create, .migrate = migrate, .now_ms = 7}, own_steps, newest);
    bfl_status status = db.failure.status;
    db.back_end->close(&db);
    return status;
}

static int64_t number_of(const char *query) {
    sql db = connect_again();
    int64_t number = sql_number(&db, -1, query, SQL_NONE);
    db.back_end->close(&db);
    return number;
}

static int64_t schema_now(void) {
    sql db = connect_again();
    int64_t number = schema_number(&db);
    db.back_end->close(&db);
    return number;
}

TEST(steps) {
    fresh_remove("schemas");
    CHECK_INT(open_with(1, false, true), BFL_ENOTFOUND);
    CHECK_INT(schema_now(), 0);
    CHECK_INT(open_with(1, true, false), BFL_OK);
    CHECK_INT(schema_now(), 1);
    CHECK_INT(open_with(1, false, false), BFL_OK);
    CHECK_INT(open_with(2, true, false), BFL_ENOTSUP); /* older: only when told to */
    CHECK_INT(schema_now(), 1);
    CHECK_INT(open_with(2, false, true), BFL_OK);
    CHECK_INT(schema_now(), 2);
    CHECK_INT(number_of("SELECT COUNT(*) FROM store WHERE place = 'here'"), 1);
    CHECK_INT(number_of("SELECT COUNT(*) FROM audit WHERE action = 'store.migrate' AND subject = 'schema 2'"), 1);
    CHECK_INT(open_with(1, true, true), BFL_ENOTSUP); /* newer than the program */
    CHECK_INT(schema_now(), 2);
}

TEST(a_step_that_fails) {
    fresh_remove("schemas");
    CHECK_INT(open_with(2, true, false), BFL_OK);
    int64_t rows = number_of("SELECT COUNT(*) FROM audit");
    CHECK(open_with(3, false, true) != BFL_OK);
    CHECK_INT(schema_now(), 2);
    CHECK_INT(number_of("SELECT COUNT(*) FROM audit"), rows);
    CHECK_INT(number_of("SELECT COUNT(*) FROM store WHERE place = 'here'"), 1);
    CHECK_INT(open_with(2, false, false), BFL_OK);
    fresh_remove("schemas");
    CHECK(open_with(3, true, false) != BFL_OK); /* a new store as well: whole or not at all */
    CHECK_INT(schema_now(), 0);
}

/* clang-format off */
TEST_CASES(CASE(every_released_schema), CASE(steps), CASE(a_step_that_fails))
/* clang-format on */
