/* SPDX-License-Identifier: Apache-2.0 */
/* Patients, versions, sources, assessments, reviews, the work list and search. */
#include "deeds.h"

TEST(versions_are_kept) {
    store *s = fresh_store("records");
    bfl_error err = {0};
    store_record *r = NULL;
    store_records *list = NULL;
    store_record_put_result p = add_patient(s, "P-001", "first");
    CHECK_INT(p.version, 1);
    CHECK_INT(strlen(p.key), 26);
    CHECK_INT(add_version(s, p.key, "second"), 2);
    CHECK_INT(store_record_get(s, p.key, 0, &r, &err), BFL_OK);
    CHECK_TEXT(r->content.data, "second");
    CHECK_TEXT(r->patient_id, "P-001");
    CHECK_TEXT(r->made_by, "ann");
    CHECK_INT(r->made_ms, 2000);
    CHECK_TEXT(r->issues, "[]");
    store_free(r);
    CHECK_INT(store_record_get(s, p.key, 1, &r, &err), BFL_OK);
    CHECK_TEXT(r->content.data, "first");
    CHECK_TEXT(r->reason, "import");
    CHECK_TEXT(r->key, p.key);
    store_free(r);
    CHECK_INT(store_record_list(s, p.key, &list, &err), BFL_OK);
    CHECK_INT(list->count, 2);
    CHECK_INT(list->items[0].version, 2);
    CHECK_INT(list->items[0].content_bytes, 6);
    CHECK_INT(list->items[0].content.size, 0);
    store_free(list);
    CHECK_INT(store_record_get(s, p.key, 3, &r, &err), BFL_ENOTFOUND);
    CHECK_INT(store_record_get(s, "aaaaaaaaaaaaaaaaaaaaaaaaaa", 0, &r, &err), BFL_ENOTFOUND);
    CHECK_INT(store_record_get(s, "../../etc/passwd", 0, &r, &err), BFL_ENOTFOUND);
    CHECK_INT(store_record_get(s, NULL, 0, &r, &err), BFL_ENOTFOUND);
    char key[STORE_KEY_SIZE];
    CHECK_INT(store_patient_find(s, "P-001", key, &err), BFL_OK);
    CHECK_TEXT(key, p.key);
    CHECK_INT(store_patient_find(s, "P-002", key, &err), BFL_ENOTFOUND);
    store_close(s);
    s = fresh_reopen();
    CHECK_INT(store_record_get(s, p.key, 0, &r, &err), BFL_OK);
    CHECK_TEXT(r->content.data, "second");
    store_free(r);
    store_close(s);
}

TEST(conflicts) {
    store *s = fresh_store("records");
    bfl_error err = {0};
    store_record_put_result p = add_patient(s, "P-001", "first"), out = {0};
    store_record_new mine = {.key = p.key, .expected_version = 1, .content = bfl_text_of("mine")}, hers = mine;
    hers.content = bfl_text_of("hers");
    CHECK_INT(store_record_put(s, &ann, &mine, &out, &err), BFL_OK);
    CHECK_INT(store_record_put(s, &ann, &hers, &out, &err), BFL_EEXIST);
    CHECK_INT(out.version, 2);
    CHECK(strstr(err.message, "version 1") && strstr(err.message, "version 2"));
    hers.expected_version = 0;
    CHECK_INT(store_record_put(s, &ann, &hers, &out, &err), BFL_EEXIST);
    out = (store_record_put_result){0};
    CHECK_INT(
        store_record_put(s, &ann, &(store_record_new){.patient_id = "P-001", .content = bfl_text_of("x")}, &out, &err),
        BFL_EEXIST);
    CHECK_TEXT(out.key, p.key);
    CHECK_INT(out.version, 2);
    CHECK(!strstr(err.message, "P-001"));
    hers.expected_version = 2;
    CHECK_INT(store_record_put(s, &ann, &hers, &out, &err), BFL_OK);
    CHECK_INT(out.version, 3);
    store_close(s);
}

TEST(bad_records) {
    store *s = fresh_store_with("records", &(store_options){.content_bytes = 1000});
    bfl_error err = {0};
    store_record_put_result out = {0};
    char large[1002];
    memset(large, 'x', sizeof large);
    const struct {
        store_record_new record;
        bfl_status status;
        const char *says;
    } cases[] = {
        {{.content = bfl_text_of("x")}, BFL_EINVAL, "id is empty"},
        {{.patient_id = "P\xff", .content = bfl_text_of("x")}, BFL_EINVAL, "UTF-8"},
        {{.patient_id = "P", .content = bfl_text_of("")}, BFL_EINVAL, "empty"},
        {{.patient_id = "P", .content = {"a\0b", 3}}, BFL_EINVAL, "NUL"},
        {{.patient_id = "P", .content = bfl_text_of("\xc3(")}, BFL_EINVAL, "UTF-8"},
        {{.patient_id = "P", .content = {large, 1001}}, BFL_ELIMIT, "1001 bytes; this store takes at most 1000"},
        {{.patient_id = "P", .content = bfl_text_of("x"), .source = 7}, BFL_ENOTFOUND, "source 7"},
        {{.patient_id = "P", .content = bfl_text_of("x"), .reason = "\xff"}, BFL_EINVAL, "reason"},
        {{.key = "x", .content = bfl_text_of("x")}, BFL_ENOTFOUND, "key"},
        {{.key = "aaaaaaaaaaaaaaaaaaaaaaaaaa", .content = bfl_text_of("x")}, BFL_ENOTFOUND, "key"},
    };
    store_head before, after;
    CHECK_INT(store_head_get(s, &before, &err), BFL_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(store_record_put(s, &ann, &cases[i].record, &out, &err), cases[i].status);
        CHECK(strstr(err.message, cases[i].says) != NULL);
        if (!strstr(err.message, cases[i].says)) printf("# %zu: %s\n", i, err.message);
    }
    store_record_new good = {.patient_id = "P", .content = bfl_text_of("x")};
    CHECK_INT(store_record_put(s, NULL, &good, &out, &err), BFL_EINVAL);
    CHECK_INT(store_record_put(s, &(store_by){"", 1}, &good, &out, &err), BFL_EINVAL);
    CHECK_INT(store_record_put(s, &(store_by){"a\xff", 1}, &good, &out, &err), BFL_EINVAL);
    CHECK_INT(store_head_get(s, &after, &err), BFL_OK);
    CHECK_INT(after.count, before.count);
    CHECK_INT(out.version, 0);
    store_close(s);
}

TEST(hostile_texts_come_back) {
    static const char *const texts[] = {"'; DROP TABLE audit; --",
                                        "Robert\"); DELETE FROM patients;",
                                        "\\'; SELECT 1",
                                        "$1 ?1 :x %s %n",
                                        "</script><script>alert(1)</script>",
                                        "\xe2\x80\xaegnp.exe \xf0\x9f\x92\x80 \xc3\xbc",
                                        "\x01\x1b[31m\x7f",
                                        "x' OR '1'='1"};
    enum { COUNT = sizeof texts / sizeof *texts };
    store *s = fresh_store("records");
    bfl_error err = {0};
    for (int i = 0; i < COUNT; i++) {
        store_record *r = NULL;
        store_reviews *reviews = NULL;
        char key[STORE_KEY_SIZE];
        store_record_put_result p = add_patient(s, texts[i], texts[i]);
        CHECK_INT(store_record_get(s, p.key, 0, &r, &err), BFL_OK);
        CHECK_TEXT(r->content.data, texts[i]);
        CHECK_TEXT(r->patient_id, texts[i]);
        store_free(r);
        CHECK_INT(store_patient_find(s, texts[i], key, &err), BFL_OK);
        CHECK_TEXT(key, p.key);
        CHECK_INT(store_review_put(s, &(store_by){texts[i], 1}, p.key,
                                   &(store_review){.version = 1, .status = STORE_REVIEW_DRAFT, .note = texts[i]}, &err),
                  BFL_OK);
        CHECK_INT(store_review_list(s, p.key, &reviews, &err), BFL_OK);
        CHECK_TEXT(reviews->items[0].note, texts[i]);
        CHECK_TEXT(reviews->items[0].who, texts[i]);
        store_free(reviews);
        store_patients *found = NULL;
        CHECK_INT(store_patient_list(s, &(store_list_want){.text = texts[i]}, &found, &err), BFL_OK);
        bool there = false;
        for (size_t k = 0; found && k < found->count; k++) there = there || strcmp(found->items[k].key, p.key) == 0;
        CHECK(there);
        store_free(found);
    }
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

TEST(sources) {
    store *s = fresh_store_with("records", &(store_options){.content_bytes = 300});
    bfl_error err = {0};
    store_source *back = NULL;
    char bytes[256], large[301] = {0};
    int64_t id = 0, again = 0, other = 0;
    for (int i = 0; i < 256; i++) bytes[i] = (char)i;
    store_source source = {
        .name = "a b/\xc3\xbc.zip", .media_type = "application/zip", .content = {bytes, sizeof bytes}};
    CHECK_INT(store_source_put(s, &ann, &source, &id, &err), BFL_OK);
    CHECK_INT(store_source_put(s, &ann, &source, &again, &err), BFL_OK);
    CHECK_INT(again, id);
    source.name = "other.zip";
    CHECK_INT(store_source_put(s, &ann, &source, &other, &err), BFL_OK);
    CHECK(other != id);
    CHECK_INT(store_source_get(s, id, &back, &err), BFL_OK);
    CHECK_TEXT(back->name, "a b/\xc3\xbc.zip");
    CHECK_INT(back->content.size, sizeof bytes);
    CHECK(memcmp(back->content.data, bytes, sizeof bytes) == 0);
    store_free(back);
    CHECK_INT(store_source_get(s, 99, &back, &err), BFL_ENOTFOUND);
    source.content = (bfl_text){large, sizeof large};
    CHECK_INT(store_source_put(s, &ann, &source, &other, &err), BFL_ELIMIT);
    source.content = (bfl_text){"", 0};
    CHECK_INT(store_source_put(s, &ann, &source, &other, &err), BFL_OK);
    source.name = "";
    CHECK_INT(store_source_put(s, &ann, &source, &other, &err), BFL_EINVAL);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

TEST(assessments) {
    store *s = fresh_store("records");
    bfl_error err = {0};
    store_assessment *back = NULL;
    store_record_put_result p = add_patient(s, "P", "x");
    int64_t first = add_assessment(s, p.key, "flare", 3);
    CHECK_INT(add_assessment(s, p.key, "flare", 3), first);
    CHECK_INT(store_assessment_latest(s, &(store_assessment_want){.key = p.key}, &back, &err), BFL_OK);
    CHECK_INT(back->id, first);
    CHECK_INT(back->version, 1);
    CHECK(back->has_probability);
    CHECK_NEAR(back->p_flare, 0.25, 1e-9);
    CHECK_NEAR(back->high, 0.375, 1e-9);
    CHECK_TEXT(back->json.data, "{}");
    CHECK_TEXT(back->made_by, "ann");
    store_free(back);
    store_assessment a = {
        .rulebook = "abc", .as_of = "d41", .replay = true, .state = "none", .json = bfl_text_of("{1}")};
    (void)snprintf(a.key, sizeof a.key, "%s", p.key);
    int64_t replay = 0;
    CHECK_INT(store_assessment_put(s, &ann, &a, &replay, &err), BFL_OK);
    CHECK(replay != first);
    CHECK_INT(store_assessment_latest(s, &(store_assessment_want){.key = p.key}, &back, &err), BFL_OK);
    CHECK_INT(back->id, first);
    store_free(back);
    CHECK_INT(store_assessment_latest(s, &(store_assessment_want){.key = p.key, .as_of = "d41"}, &back, &err), BFL_OK);
    CHECK_INT(back->id, replay);
    CHECK(back->replay && !back->has_probability);
    store_free(back);
    CHECK_INT(store_assessment_latest(s, &(store_assessment_want){.key = p.key, .rulebook = "other"}, &back, &err),
              BFL_ENOTFOUND);
    CHECK_INT(store_assessment_latest(s, &(store_assessment_want){.key = p.key, .version = 2}, &back, &err),
              BFL_ENOTFOUND);
    CHECK_INT(store_assessment_get(s, 77, &back, &err), BFL_ENOTFOUND);
    a.version = 2;
    CHECK_INT(store_assessment_put(s, &ann, &a, &replay, &err), BFL_ENOTFOUND);
    a.version = 1;
    a.has_probability = true;
    a.p_flare = (double)NAN;
    CHECK_INT(store_assessment_put(s, &ann, &a, &replay, &err), BFL_EINVAL);
    a.p_flare = 1.5;
    CHECK_INT(store_assessment_put(s, &ann, &a, &replay, &err), BFL_EINVAL);
    CHECK(verdict(s, NULL).good);
    store_close(s);
}

TEST(reviews) {
    store *s = fresh_store("records");
    bfl_error err = {0};
    store_reviews *list = NULL;
    store_patient *line = NULL;
    store_record_put_result p = add_patient(s, "P", "x");
    int64_t id = add_assessment(s, p.key, "flare", 1);
    store_review r = {
        .version = 1, .assessment = id, .status = STORE_REVIEW_SUBMITTED, .note = "please look", .as_of = "d41"};
    CHECK_INT(store_review_put(s, &ann, p.key, &r, &err), BFL_OK);
    r.status = STORE_REVIEW_APPROVED;
    CHECK_INT(store_review_put(s, &(store_by){"bob", 3000}, p.key, &r, &err), BFL_OK);
    CHECK_INT(store_review_list(s, p.key, &list, &err), BFL_OK);
    CHECK_INT(list->count, 2);
    CHECK_INT(list->items[0].status, STORE_REVIEW_APPROVED);
    CHECK_TEXT(list->items[0].who, "bob");
    CHECK_INT(list->items[0].at_ms, 3000);
    CHECK_TEXT(list->items[1].note, "please look");
    store_free(list);
    r.assessment = id + 1;
    CHECK_INT(store_review_put(s, &ann, p.key, &r, &err), BFL_ENOTFOUND);
    CHECK_INT(add_version(s, p.key, "y"), 2);
    r.assessment = 0;
    CHECK_INT(store_review_put(s, &ann, p.key, &r, &err), BFL_EEXIST);
    CHECK_INT(store_patient_get(s, p.key, &line, &err), BFL_OK);
    CHECK_INT(line->review, STORE_REVIEW_APPROVED);
    CHECK_INT(line->reviewed_version, 1);
    CHECK_INT(line->version, 2);
    CHECK_INT(line->assessed_version, 1);
    store_free(line);
    r.version = 2;
    r.status = STORE_REVIEW_NONE;
    CHECK_INT(store_review_put(s, &ann, p.key, &r, &err), BFL_EINVAL);
    store_review_status status;
    CHECK(store_review_parse("under_review", &status) && status == STORE_REVIEW_UNDER_REVIEW);
    CHECK(!store_review_parse("Approved", &status) && !store_review_parse(NULL, &status));
    CHECK_TEXT(store_review_name(STORE_REVIEW_APPROVED), "approved");
    store_close(s);
}

/* The ids in order, as one text. */
static const char *ids(store *s, const store_list_want *want) {
    static char text[400];
    store_patients *list = NULL;
    bfl_error err = {0};
    text[0] = '\0';
    must(store_patient_list(s, want, &list, &err), &err);
    for (size_t i = 0; i < list->count; i++) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s%s", i ? " " : "", list->items[i].id);
    }
    if (list->more) (void)snprintf(text + strlen(text), sizeof text - strlen(text), " ...");
    store_free(list);
    return text;
}

TEST(work_list) {
    store *s = fresh_store("records");
    bfl_error err = {0};
    store_record_put_result a = add_patient(s, "A", "x"), b = add_patient(s, "B", "x"), c = add_patient(s, "C", "x");
    (void)add_assessment(s, a.key, "flare", 1);
    (void)add_assessment(s, b.key, "progression", 9);
    CHECK_TEXT(ids(s, &(store_list_want){0}), "B A C");
    CHECK_TEXT(ids(s, &(store_list_want){.sort = STORE_SORT_ID}), "A B C");
    CHECK_TEXT(ids(s, &(store_list_want){.state = "flare"}), "A");
    CHECK_TEXT(ids(s, &(store_list_want){.state = "x' OR 1=1"}), "");
    CHECK_TEXT(ids(s, &(store_list_want){.review = "none", .sort = STORE_SORT_ID}), "A B C");
    CHECK_INT(store_review_put(s, &ann, c.key, &(store_review){.version = 1, .status = STORE_REVIEW_DRAFT}, &err),
              BFL_OK);
    CHECK_TEXT(ids(s, &(store_list_want){.review = "draft"}), "C");
    CHECK_TEXT(ids(s, &(store_list_want){.review = "none", .sort = STORE_SORT_ID}), "A B");
    CHECK_TEXT(ids(s, &(store_list_want){.limit = 2}), "B A ...");
    CHECK_TEXT(ids(s, &(store_list_want){.limit = 2, .after = a.key}), "C");
    CHECK_TEXT(ids(s, &(store_list_want){.after = c.key}), "");
    store_patients *list = NULL;
    CHECK_INT(store_patient_list(s, &(store_list_want){.after = "aaaaaaaaaaaaaaaaaaaaaaaaaa"}, &list, &err),
              BFL_ENOTFOUND);
    CHECK_INT(store_patient_list(s, &(store_list_want){.review = "maybe"}, &list, &err), BFL_EINVAL);
    CHECK_INT(store_patient_list(s, &(store_list_want){.sort = (store_sort)99}, &list, &err), BFL_EINVAL);
    store_close(s);
}

/* In every order, pages of any size give each patient once. */
TEST(pages) {
    enum { PATIENTS = 23 };
    store *s = fresh_store("records");
    bfl_error err = {0};
    for (int i = 0; i < PATIENTS; i++) {
        char id[16];
        (void)snprintf(id, sizeof id, "P%02d", i);
        store_record_put_result p = add_patient(s, id, "x");
        if (i % 3) (void)add_assessment(s, p.key, i % 2 ? "flare" : "none", i % 4);
    }
    for (int sort = STORE_SORT_URGENCY; sort <= STORE_SORT_DUE; sort++)
        for (uint32_t limit = 1; limit <= PATIENTS; limit += 7) {
            int seen[PATIENTS] = {0}, count = 0;
            char after[STORE_KEY_SIZE] = "";
            bool more = true;
            for (int page = 0; more && page <= PATIENTS; page++) {
                store_patients *list = NULL;
                must(store_patient_list(
                         s,
                         &(store_list_want){.sort = (store_sort)sort, .limit = limit, .after = *after ? after : NULL},
                         &list, &err),
                     &err);
                for (size_t i = 0; i < list->count; i++) {
                    seen[(list->items[i].id[1] - '0') * 10 + list->items[i].id[2] - '0']++;
                    (void)snprintf(after, sizeof after, "%s", list->items[i].key);
                    count++;
                }
                more = list->more;
                store_free(list);
            }
            CHECK_INT(count, PATIENTS);
            for (int i = 0; i < PATIENTS; i++) CHECK_INT(seen[i], 1);
        }
    store_close(s);
}

TEST(search) {
    store *s = fresh_store("records");
    bfl_error err = {0};
    store_record_put_result out;
    const char *const words[][2] = {{"LUNG-1", "erlotinib EGFR-T790M lung adenocarcinoma"},
                                    {"LUNG-2", "osimertinib EGFR lung"},
                                    {"MAMMA-3", "Mammakarzinom \xc3\xa4lter, 12.5 mm; letrozole"}};
    for (int i = 0; i < 3; i++)
        must(store_record_put(
                 s, &ann,
                 &(store_record_new){.patient_id = words[i][0], .content = bfl_text_of("x"), .search = words[i][1]},
                 &out, &err),
             &err);
#define FOUND(text_) ids(s, &(store_list_want){.text = (text_), .sort = STORE_SORT_ID})
    CHECK_TEXT(FOUND("lung"), "LUNG-1 LUNG-2");
    CHECK_TEXT(FOUND("LUNG egfr"), "LUNG-1 LUNG-2");
    CHECK_TEXT(FOUND("erlo"), "LUNG-1");
    CHECK_TEXT(FOUND("T790"), "LUNG-1");
    CHECK_TEXT(FOUND("egfr-t790m"), "LUNG-1");
    CHECK_TEXT(FOUND("lung-2"), "LUNG-2");
    CHECK_TEXT(FOUND("\xc3\xa4lt"), "MAMMA-3");
    CHECK_TEXT(FOUND("12.5"), "MAMMA-3");
    CHECK_TEXT(FOUND("erlotinib osimertinib"), "");
    CHECK_TEXT(FOUND("lung NOT egfr"), "");
    CHECK_TEXT(FOUND("\"lung"), "LUNG-1 LUNG-2");
    CHECK_TEXT(FOUND("' & | ! () * : <->"), "LUNG-1 LUNG-2 MAMMA-3");
    CHECK_TEXT(FOUND(""), "LUNG-1 LUNG-2 MAMMA-3");
    char key[STORE_KEY_SIZE];
    must(store_patient_find(s, "LUNG-2", key, &err), &err);
    must(store_record_put(
             s, &ann,
             &(store_record_new){.key = key, .expected_version = -1, .content = bfl_text_of("y"), .search = "breast"},
             &out, &err),
         &err);
    CHECK_TEXT(FOUND("osimertinib"), "");
    CHECK_TEXT(FOUND("breast"), "LUNG-2");
    CHECK_INT(add_version(s, key, "z"), 3);
    CHECK_TEXT(FOUND("breast"), "LUNG-2");
    store_close(s);
}

/* clang-format off */
TEST_CASES(CASE(versions_are_kept), CASE(conflicts), CASE(bad_records), CASE(hostile_texts_come_back), CASE(sources),
           CASE(assessments), CASE(reviews), CASE(work_list), CASE(pages), CASE(search))
/* clang-format on */
