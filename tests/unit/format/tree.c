/* SPDX-License-Identifier: Apache-2.0 */
/* JSON as a tree that is made where it is looked at: the same texts are taken as by the document parser, and memory does not grow. */
#include "test.h"

#include "format/fhir/fhir.h"

#include <string.h>

enum { DEPTH = 16, MOST = 1 << 20, MANY = 2000 };

/* ---- what is taken ---- */

static bfl_json_status take(bfl_json_reader *reader, const char *z, const bfl_json_node **root, char why[160]) {
    return bfl_json_read(reader, z, strlen(z), MOST, DEPTH, root, why, 160);
}

/* The document parser judges each of these inside an object, and by itself. */
TEST(the_same_is_taken_as_by_the_document_parser) {
    static const char *const values[] = {"1",
                                         "-0",
                                         "0.5",
                                         "123456789012345678",
                                         "12345678901234567890",
                                         "123456789012345678901",
                                         "1.23456789012345678901",
                                         "1e5",
                                         "1E-05",
                                         "1e99",
                                         "1e400",
                                         "-1e-400",
                                         "1e",
                                         "1.",
                                         ".5",
                                         "01",
                                         "-",
                                         "+1",
                                         "1a",
                                         "0x1",
                                         "true",
                                         "truee",
                                         "tru",
                                         "nul",
                                         "null",
                                         "null0",
                                         "\"\"",
                                         "\"a\"",
                                         "\"a",
                                         "a\"",
                                         "\"\\n\"",
                                         "\"\\x\"",
                                         "\"\\u0041\"",
                                         "\"\\u12\"",
                                         "\"\\u0000\"",
                                         "\"\\ud83d\\ude00\"",
                                         "\"\\ud83d\"",
                                         "\"\\ude00\"",
                                         "\"\\ud83d\\u0041\"",
                                         "\"\t\"",
                                         "\"\xC3\xA9\"",
                                         "\"\xC3\"",
                                         "\"\xFF\"",
                                         "[]",
                                         "[ ]",
                                         "[1]",
                                         "[1,]",
                                         "[,1]",
                                         "[1 2]",
                                         "{}",
                                         "{ }",
                                         "{,}",
                                         "{\"b\"}",
                                         "{\"b\":}",
                                         "{\"b\":1,}",
                                         "{\"b\" 1}",
                                         "{\"b\"::1}",
                                         "{1:1}",
                                         "[",
                                         "]",
                                         "{",
                                         "}",
                                         "[}",
                                         "{]",
                                         "[[[[[[[[[[[[[1]]]]]]]]]]]]]",
                                         "[[[[[[[[[[[[[[1]]]]]]]]]]]]]]",
                                         "[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]",
                                         "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
                                         "1}{",
                                         "1},{",
                                         "\"a\"\"b\"",
                                         "\"a\",\"b\"",
                                         "{\"b\":1 \"c\":2}",
                                         "1 ",
                                         " \r\n\t1"};
    static const char *const before[] = {"", "{\"a\":", "{\"a\":[", "{\"a\":"}, *const behind[] = {"", "}", ",2]}",
                                                                                                   "}x"};
    bfl_json_reader *reader = bfl_json_reader_new();
    char text[256], why[160], told[160];
    size_t good = 0;
    for (size_t f = 0; f < 4; f++)
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            bfl_json_flat *flat = NULL;
            const bfl_json_node *root = NULL;
            (void)snprintf(text, sizeof text, "%s%s%s", before[f], values[i], behind[f]);
            bfl_json_status wanted = bfl_json_flatten(text, strlen(text), MOST, DEPTH, &flat, told, sizeof told);
            bfl_json_status status = take(reader, text, &root, why);
            bool nul = strstr(values[i], "\\u0000") != NULL;
            if (status != (nul ? BFL_JSON_BAD : wanted)) printf("# %s: %s, %s\n", text, why, told);
            CHECK(status == (nul ? BFL_JSON_BAD : wanted));
            CHECK(status == BFL_JSON_OK || nul || strcmp(why, told) == 0);
            good += status == BFL_JSON_OK;
            if (flat) bfl_json_free(flat);
        }
    CHECK(good > 40);
    bfl_json_reader_free(reader);
}

static size_t count_values(const bfl_json_node *node) {
    size_t count = 1;
    for (const bfl_json_node *n = bfl_json_child(node); n; n = n->next) count += count_values(n);
    return count;
}

TEST(every_value_is_there) {
    static const char text[] = " { \"a\" : [ 1 , -2.50e1 , \"x\\u0041\\n\" , true , false , null , [ ] , { } ] ,\n "
                               "\"\\u0062\" : { \"c\" : \"\" } , \"d\":\"e\"}";
    bfl_json_reader *reader = bfl_json_reader_new();
    const bfl_json_node *root = NULL;
    char why[160];
    CHECK(take(reader, text, &root, why) == BFL_JSON_OK);
    CHECK_INT(count_values(root), 13);
    const bfl_json_node *list = bfl_fhir_get(root, "a"), *second = bfl_json_child(list)->next;
    CHECK_TEXT(second->text, "-2.50e1");
    CHECK_TEXT(second->next->text, "xA\n");
    CHECK(bfl_fhir_get(root, "b") && bfl_fhir_get(bfl_fhir_get(root, "b"), "c")->type == BFL_JSON_STRING);
    CHECK_TEXT(bfl_fhir_string(bfl_fhir_get(root, "d")), "e");
    bfl_json_reader_free(reader);
}

/* ---- keys that are there twice ---- */

static bool repeats(const bfl_json_node *node) {
    for (const bfl_json_node *n = bfl_json_child(node); n; n = n->next)
        if (n->repeated || repeats(n)) return true;
    return false;
}

static void check_repeats(const char *text, bool expected) {
    bfl_json_reader *reader = bfl_json_reader_new();
    const bfl_json_node *root = NULL;
    char why[160];
    CHECK(take(reader, text, &root, why) == BFL_JSON_OK);
    if (repeats(root) != expected) printf("# %s\n", text);
    CHECK(repeats(root) == expected);
    CHECK(!expected || bfl_json_may_repeat(root));
    bfl_json_reader_free(reader);
}

TEST(a_key_that_is_there_twice_is_found_at_any_depth) {
    check_repeats("{\"a\":1,\"b\":2}", false);
    check_repeats("{\"a\":1,\"a\":2}", true);
    check_repeats("{\"a\":{\"b\":{\"a\":1}},\"b\":{\"b\":1}}", false);
    check_repeats("{\"x\":[{\"a\":1},{\"a\":1},{\"longer than eight\":1,\"b\":{},\"longer than eight\":2}]}", true);
    check_repeats("{\"longer than eight a\":1,\"longer than eight b\":2}", false);
    check_repeats("{\"a\":1,\"\\u0061\":2}", true);
    check_repeats("{\"a\":1,\"\\u0062\":\"\\\\\"}", false);
    check_repeats("{\"\":1,\"a\":2,\"\":3}", true);
    check_repeats("{\"a\":{\"id\":1},\"id\":2,\"b\":{\"c\":[1]},\"id\":3}", true);
    check_repeats("{\"id\":1,\"i\":{},\"id\":1}", true);
}

TEST(a_key_that_is_there_twice_is_found_among_many) {
    for (int twice = 0; twice < 2; twice++) {
        char text[4096];
        size_t size = 0;
        text[size++] = '{';
        for (int i = 0; i < 200; i++) size += (size_t)snprintf(text + size, sizeof text - size, "\"k%d\":%d,", i, i);
        (void)snprintf(text + size, sizeof text - size, "\"k%d\":0}", twice ? 150 : 200);
        check_repeats(text, twice);
    }
}

/* ---- looking without opening ---- */

static const char *look(const bfl_json_node *node, const char *const *path) {
    static char found[64];
    bfl_text raw;
    if (!bfl_fhir_peek(node, path, &raw)) return "cannot tell";
    (void)snprintf(found, sizeof found, "%.*s", (int)raw.size, raw.data ? raw.data : "");
    return raw.data ? found : "nothing";
}

TEST(a_value_is_found_without_opening_anything) {
    static const char *const itself[] = {NULL}, *const inner[] = {"a", "b", NULL}, *const none[] = {"a", "c", NULL};
    static const char *const beyond[] = {"d", "b", NULL}, *const null[] = {"e", NULL};
    bfl_json_reader *reader = bfl_json_reader_new();
    const bfl_json_node *root = NULL;
    char why[160];
    CHECK(take(reader, "{\"a\": {\"b\" : \"x\" } , \"d\":[ 1 ], \"e\":null }", &root, why) == BFL_JSON_OK);
    CHECK_TEXT(look(root, inner), "\"x\"");
    CHECK_TEXT(look(root, none), "nothing");
    CHECK_TEXT(look(root, beyond), "nothing");
    CHECK_TEXT(look(root, null), "nothing");
    CHECK(root->shut);
    CHECK_TEXT(look(bfl_fhir_get(root, "d"), itself), "[ 1 ]");
    CHECK(bfl_fhir_says(root, inner, "x") && !bfl_fhir_says(root, inner, "y") && !bfl_fhir_says(root, none, "x"));
    CHECK(take(reader, "{\"a\":{\"b\":\"\\u0078\"}}", &root, why) == BFL_JSON_OK);
    CHECK(bfl_fhir_says(root, inner, "x"));
    CHECK(take(reader, "{\"\\u0061\":{\"b\":\"x\"}}", &root, why) == BFL_JSON_OK);
    CHECK_TEXT(look(root, inner), "cannot tell");
    CHECK(bfl_fhir_says(root, inner, "x"));
    bfl_json_reader_free(reader);
}

TEST(a_watched_key_tells_what_a_list_does_not_hold) {
    bfl_json_reader *reader = bfl_fhir_json_reader();
    const bfl_json_node *root = NULL;
    char why[160];
    CHECK(take(reader,
               "{\"resourceType\":\"Bundle\",\"x\":[{\"resourceType\":\"A\"},{\"resourceType\":\"A\"},"
               "{\"y\":{\"resourceType\":\"C\"}}],\"z\":{\"resourceType\":\"D\"},"
               "\"escaped\":{\"resourceType\":\"\\u0045\"},\"odd\":{\"resourceType\":1}}",
               &root, why) == BFL_JSON_OK);
    const bfl_json_node *list = bfl_fhir_get(root, "x");
    CHECK(!bfl_json_never_says(root, "Bundle") && bfl_json_never_says(list, "Bundle"));
    CHECK(!bfl_json_never_says(list, "A") && !bfl_json_never_says(list, "C") && bfl_json_never_says(list, "D"));
    CHECK(!bfl_json_never_says(bfl_fhir_get(root, "z"), "D") && bfl_json_never_says(bfl_fhir_get(root, "z"), "C"));
    CHECK(!bfl_json_never_says(bfl_fhir_get(root, "escaped"), "E"));
    CHECK(bfl_json_never_says(bfl_fhir_get(root, "odd"), "1"));
    bfl_json_reader_free(reader);
}

/* ---- memory ---- */

static const char observation[] =
    "{\"resource\":{\"resourceType\":\"Observation\",\"id\":\"o%05d-5f3a-4a3e\","
    "\"meta\":{\"lastUpdated\":\"2019-04-04\"},\"status\":\"final\","
    "\"category\":[{\"coding\":[{\"system\":\"urn:x\",\"code\":\"laboratory\"}]}],"
    "\"code\":{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"17861-6\",\"display\":\"Calcium\"}]},"
    "\"subject\":{\"reference\":\"Patient/p1\"},\"effectiveDateTime\":\"20%02d-%02d-%02d\","
    "\"valueQuantity\":{\"value\":2.%d,\"unit\":\"mmol/L\",\"code\":\"mmol/L\"},"
    "\"referenceRange\":[{\"low\":{\"value\":2.15,\"unit\":\"mmol/L\"},"
    "\"high\":{\"value\":2.55,\"unit\":\"mmol/L\"}}]}}";

static bfl_text make_bundle(char *room, size_t size, int count) {
    size_t at = (size_t)snprintf(room, size,
                                 "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":["
                                 "{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p1\"}}");
    for (int i = 0; i < count; i++) {
        room[at++] = ',';
        at += (size_t)snprintf(room + at, size - at, observation, i, 10 + i / 336, 1 + i / 28 % 12, 1 + i % 28, i % 10);
    }
    at += (size_t)snprintf(room + at, size - at, "]}");
    return (bfl_text){room, at};
}

/* Elements are forgotten one after the other: however many, their nodes take the memory of one. */
TEST(a_long_list_takes_the_memory_of_one_element) {
    static char room[MANY * 1024];
    bfl_text text = make_bundle(room, sizeof room, MANY);
    bfl_json_reader *reader = bfl_json_reader_new();
    const bfl_json_node *root = NULL;
    CHECK(bfl_json_read(reader, text.data, text.size, sizeof room, DEPTH, &root, NULL, 0) == BFL_JSON_OK);
    bfl_json_elements entries = bfl_json_elements_of(bfl_fhir_get(root, "entry"));
    size_t values = 0, count = 0;
    for (const bfl_json_node *e; (e = bfl_json_next(&entries)); count++) values += count_values(e);
    CHECK_INT(count, MANY + 1);
    CHECK_INT(values, MANY * 34 + 4);
    CHECK(bfl_json_held(reader) < 128 * 1024);
    bfl_json_reader_free(reader);
}

/* What a study keeps of a laboratory value: its row, its date and range as written, its reference. Codes, units and names once. */
TEST(an_observation_leaves_its_row_and_little_more) {
    static char room[MANY * 1024];
    size_t used[2];
    for (int i = 0; i < 2; i++) {
        bfl_study *study = NULL;
        CHECK(bfl_fhir_parse("many.json", make_bundle(room, sizeof room, i ? MANY : MANY / 2), NULL, &study, NULL) ==
              BFL_OK);
        CHECK_INT(bfl_study_record(study, 0)->lab_count, i ? MANY : MANY / 2);
        CHECK_INT(bfl_study_issue_count(study), 2); /* the unit, said once; no day 0 */
        used[i] = bfl_arena_used(study->arena);
        bfl_study_free(study);
    }
    size_t each = (used[1] - used[0]) / (MANY / 2);
    if (each > 320) printf("# %zu bytes\n", each);
    CHECK(each <= 320);
}

TEST_CASES(CASE(the_same_is_taken_as_by_the_document_parser), CASE(every_value_is_there),
           CASE(a_key_that_is_there_twice_is_found_at_any_depth), CASE(a_key_that_is_there_twice_is_found_among_many),
           CASE(a_value_is_found_without_opening_anything), CASE(a_watched_key_tells_what_a_list_does_not_hold),
           CASE(a_long_list_takes_the_memory_of_one_element), CASE(an_observation_leaves_its_row_and_little_more))
