/* SPDX-License-Identifier: Apache-2.0 */
/* The audit chain: what is changed, removed, put elsewhere or cut off is found, and said where. */
#include "deeds.h"

static store_head fill_anew(void) {
    store *s = fresh_store("tamper");
    bfl_error err = {0};
    store_head head;
    int64_t id;
    add_user(s, "root", "admin");
    add_user(s, "bob", "reader");
    store_record_put_result p = add_patient(s, "A", "one"), q = add_patient(s, "B", "two");
    (void)add_version(s, p.key, "three");
    must(store_source_put(s, &ann, &(store_source){.name = "f", .content = bfl_text_of("bytes")}, &id, &err), &err);
    (void)add_assessment(s, p.key, "flare", 1);
    (void)add_assessment(s, q.key, "none", 2);
    must(store_review_put(s, &ann, p.key, &(store_review){.version = 2, .status = STORE_REVIEW_DRAFT, .note = "n"},
                          &err),
         &err);
    must(store_feedback_put(s, &ann, &(store_feedback){"v", "c", "accepted", "{}", 0}, &err), &err);
    must(store_user_change_put(s, &ann, "bob", &(store_user_change){.role = "reviewer"}, &err), &err);
    must(store_audit_note(s, &ann, "patient.read", p.key, &err), &err);
    must(store_head_get(s, &head, &err), &err);
    CHECK(verdict(s, &head).good);
    store_close(s);
    return head;
}

/* A store with something of everything, closed. The file of the first is kept, since each write waits for the disk. */
static store_head fill(void) {
    enum { LARGEST = 1 << 20 };
    static char bytes[LARGEST];
    static size_t size;
    static store_head head;
    if (!fresh_is_sqlite()) return fill_anew();
    FILE *file = NULL;
    if (size == 0) {
        head = fill_anew();
        file = fopen(fresh_file(), "rb");
        size = file ? fread(bytes, 1, LARGEST, file) : 0;
    } else {
        fresh_remove("tamper");
        file = fopen(fresh_file(), "wb");
        CHECK(file && fwrite(bytes, 1, size, file) == size);
    }
    CHECK(size > 0 && size < LARGEST && file && fclose(file) == 0);
    return head;
}

/* Without the triggers and foreign keys that refuse an ordinary change. */
static void force(const char *script) {
    static const char *const tables[] = {"audit",       "patients", "sources", "records",
                                         "assessments", "reviews",  "feedback"};
    char text[2400] = "SET session_replication_role = replica;"; /* of a superuser: no foreign keys either */
    if (fresh_is_sqlite()) (void)snprintf(text, sizeof text, "PRAGMA synchronous = OFF;");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        size_t used = strlen(text);
        if (fresh_is_sqlite())
            (void)snprintf(text + used, sizeof text - used, "DROP TRIGGER %s_no_update; DROP TRIGGER %s_no_delete;",
                           tables[i], tables[i]);
        else
            (void)snprintf(text + used, sizeof text - used, "ALTER TABLE %s DISABLE TRIGGER ALL;", tables[i]);
    }
    (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s", script);
    CHECK(fresh_tamper(text));
}

TEST(append_only) {
    static const char *const scripts[] = {"UPDATE audit SET who = 'eve' WHERE seq = 3",
                                          "DELETE FROM audit WHERE seq = 3",
                                          "DELETE FROM records",
                                          "UPDATE records SET content = 'x'",
                                          "UPDATE reviews SET note = 'x'",
                                          "DELETE FROM assessments",
                                          "UPDATE patients SET patient_id = 'x' WHERE id=1",
                                          "DELETE FROM feedback",
                                          "UPDATE sources SET name = 'x'"};
    store_head head = fill();
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) CHECK(!fresh_tamper(scripts[i]));
    if (!fresh_is_sqlite()) CHECK(!fresh_tamper("TRUNCATE audit CASCADE"));
    store *s = fresh_reopen();
    CHECK(verdict(s, &head).good);
    store_close(s);
}

TEST(every_change_is_found) {
    static const struct {
        const char *script, *says;
        int64_t seq; /* 0 = whichever */
    } cases[] = {
        {"UPDATE audit SET who = 'eve' WHERE seq = 5", "row 5 was changed", 5},
        {"UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 5", "row 5 was changed", 5},
        {"UPDATE audit SET action = 'x' WHERE seq = 5", "row 5 was changed", 5},
        {"UPDATE audit SET subject = 'x' WHERE seq = 1", "row 1 was changed", 1},
        {"UPDATE audit SET details = previous WHERE seq = 7", "row 7 was changed", 7},
        {"UPDATE audit SET hash = previous WHERE seq = 7", "row 7 was changed", 7},
        {"DELETE FROM audit WHERE seq = 6", "row 6 is missing", 6},
        {"DELETE FROM audit WHERE seq = 1", "row 1 is missing", 1},
        {"DELETE FROM audit", "empty", 1},
        {"UPDATE audit SET seq = -1 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = 7;"
         "UPDATE audit SET seq = 7 WHERE seq = -1",
         "does not follow", 6},
        {"DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)", "cut off", 0},
        {"INSERT INTO audit SELECT -5, at_ms, who, action, subject, details, previous, hash FROM audit WHERE seq = 2",
         "before the first", 0},
        {"UPDATE records SET content = 'other' WHERE id = 2", "a row of records was changed", 0},
        {"UPDATE records SET made_by = 'eve' WHERE id = 2", "a row of records was changed", 0},
        {"UPDATE records SET source = 1 WHERE id = 2", "a row of records was changed", 0},
        {"UPDATE patients SET patient_id = 'Z' WHERE id = 1", "a row of patients was changed", 0},
        {"UPDATE sources SET name = 'Z'", "a row of sources was changed", 0},
        {"UPDATE sources SET content = sha256", "a row of sources was changed", 0},
        {"UPDATE records SET sha256 = (SELECT details FROM audit WHERE seq = 3) WHERE id = 2",
         "a row of records was changed", 0},
        {"UPDATE assessments SET p_flare = p_flare + 1 WHERE id = 2", "a row of assessments was changed", 0},
        {"UPDATE reviews SET status = 4", "a row of reviews was changed", 0},
        {"UPDATE feedback SET outcome = 'overridden'", "a row of feedback was changed", 0},
        {"UPDATE users SET role = 'admin' WHERE name = 'bob'", "a row of users was changed", 0},
        {"UPDATE users SET password_hash = 'x' WHERE name = 'root'", "a row of users was changed", 0},
        {"UPDATE users SET role = 'reader', audit = (SELECT MIN(seq) FROM audit WHERE subject = 'bob') WHERE name = "
         "'bob'",
         "put back", 0},
        {"DELETE FROM users WHERE name = 'bob'", "a row of users was removed", 0},
        {"DELETE FROM reviews; UPDATE latest SET review = NULL", "a row of reviews was removed", 0},
        {"DELETE FROM feedback", "a row of feedback was removed", 0},
        {"DELETE FROM sources", "a row of sources was removed", 0},
        {"UPDATE latest SET version = 1 WHERE patient = 1", "work list of 1 patients", 0},
        {"UPDATE latest SET assessment = NULL WHERE patient = 1", "work list of 1 patients", 0},
        {"UPDATE latest SET review = NULL WHERE patient = 1", "work list of 1 patients", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        store_head head = fill();
        force(cases[i].script);
        store *s = fresh_reopen();
        store_verdict v = verdict(s, &head);
        CHECK(!v.good);
        bool said = strstr(v.problem, cases[i].says) != NULL;
        /* In SQLite a foreign key that points nowhere is found first. */
        said = said || (fresh_is_sqlite() && strstr(v.problem, "a foreign key of ") != NULL);
        CHECK(said);
        if (!said) printf("# %s: %s\n", cases[i].script, v.problem);
        if (cases[i].seq && v.bad_seq) CHECK_INT(v.bad_seq, cases[i].seq);
        store_close(s);
    }
}

/* Who can compute hashes can write a new chain, but not one that holds the head that is known elsewhere. */
TEST(a_known_head_must_be_there) {
    store_head head = fill(), other = head;
    store *s = fresh_reopen();
    bfl_error err = {0};
    must(store_audit_note(s, &ann, "patient.read", "x", &err), &err);
    CHECK(verdict(s, &head).good);
    other.hash[0] ^= 1;
    store_verdict v = verdict(s, &other);
    CHECK(!v.good && strstr(v.problem, "written anew"));
    CHECK_INT(v.bad_seq, head.count);
    other = head;
    other.count += 2;
    v = verdict(s, &other);
    CHECK(!v.good && strstr(v.problem, "cut off"));
    other.count = head.count + 1;
    CHECK(!verdict(s, &other).good);
    store_close(s);
}

TEST(notes_are_not_rows_of_the_store) {
    static const char *const own[] = {"record.put", "user.create", "user.change", "store.create", "review.put", ""};
    store *s = fresh_store("tamper");
    bfl_error err = {0};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        CHECK_INT(store_audit_note(s, &ann, own[i], "x", &err), BFL_EINVAL);
    CHECK_INT(store_audit_note(s, &ann, "login.failed", "bob", &err), BFL_OK);
    CHECK_INT(store_audit_note(s, &ann, "export", NULL, &err), BFL_OK);
    store_audit_rows *rows = NULL;
    CHECK_INT(store_audit_list(s, 0, 0, &rows, &err), BFL_OK);
    CHECK_INT(rows->count, 4);
    CHECK_TEXT(rows->items[0].action, "store.create");
    CHECK_TEXT(rows->items[1].action, "store.migrate");
    CHECK_TEXT(rows->items[2].action, "login.failed");
    CHECK_TEXT(rows->items[2].subject, "bob");
    CHECK_INT(rows->items[2].at_ms, 2000);
    CHECK(memcmp(rows->items[3].previous, rows->items[2].hash, STORE_HASH_BYTES) == 0);
    store_free(rows);
    CHECK_INT(store_audit_list(s, 3, 1, &rows, &err), BFL_OK);
    CHECK_INT(rows->count, 1);
    CHECK_INT(rows->items[0].seq, 4);
    store_free(rows);
    store_close(s);
}

TEST(several_notes_are_kept_or_none) {
    store *s = fresh_store("tamper");
    bfl_error err = {0};
    const store_note good[] = {{{"ann", 10}, "patient.read", "x"}, {{"bob", 5}, "patient.read", "y"}};
    const store_note bad[] = {{{"ann", 20}, "patient.read", "x"}, {{"ann", 20}, "record.put", "x"}};
    const store_note nobody[] = {{{"ann", 20}, "patient.read", "x"}, {{"", 20}, "patient.read", "x"}};
    CHECK_INT(store_audit_notes(s, good, 2, &err), BFL_OK);
    CHECK_INT(store_audit_notes(s, good, 0, &err), BFL_OK);
    CHECK_INT(store_audit_notes(s, bad, 2, &err), BFL_EINVAL);
    CHECK_INT(store_audit_notes(s, nobody, 2, &err), BFL_EINVAL);
    CHECK_INT(store_audit_note(s, NULL, "patient.read", "x", &err), BFL_EINVAL);
    store_audit_rows *rows = NULL;
    CHECK_INT(store_audit_list(s, 2, 0, &rows, &err), BFL_OK);
    CHECK_INT(rows->count, 2);
    CHECK_TEXT(rows->items[0].who, "ann");
    CHECK_INT(rows->items[0].at_ms, 10);
    CHECK_TEXT(rows->items[1].who, "bob");
    CHECK_INT(rows->items[1].at_ms, 5);
    CHECK_TEXT(rows->items[1].subject, "y");
    store_free(rows);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

TEST(heads_as_text) {
    store_head head = {.count = 12, .hash = {0xab, 1}}, back;
    char text[STORE_HEAD_SIZE];
    bfl_error err = {0};
    store_head_format(&head, text);
    CHECK_TEXT(text, "12:ab01000000000000000000000000000000000000000000000000000000000000");
    CHECK_INT(store_head_parse(text, &back, &err), BFL_OK);
    CHECK(back.count == 12 && memcmp(back.hash, head.hash, STORE_HASH_BYTES) == 0);
    static const char *const wrong[] = {
        "",
        "12",
        "12:",
        ":ab",
        "12:ab",
        "-1:ab01000000000000000000000000000000000000000000000000000000000000",
        "12:AB01000000000000000000000000000000000000000000000000000000000000",
        "12:ab010000000000000000000000000000000000000000000000000000000000000",
        "012:ab01000000000000000000000000000000000000000000000000000000000000",
        "9999999999999999999:ab01000000000000000000000000000000000000000000000000000000000000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_INT(store_head_parse(wrong[i], &back, &err), BFL_EPARSE);
    CHECK_INT(store_head_parse(NULL, &back, &err), BFL_EPARSE);
}

/* clang-format off */
TEST_CASES(CASE(append_only), CASE(every_change_is_found), CASE(a_known_head_must_be_there),
           CASE(notes_are_not_rows_of_the_store), CASE(several_notes_are_kept_or_none), CASE(heads_as_text))
/* clang-format on */
