/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of NDJSON: every one is checked whole, the same with and without SIMD; blocks and patients at any size of a read. */
#include "test.h"

#include "format/fhir/fhir.h"

#include <simdjson/line_json.h>
#include <simdjson/tree_json.h>
#include <string.h>

/* ---- the check ---- */

static bfl_json_status check_line(const char *z, const char **why) {
    char data[512];
    bfl_json_line line;
    int size = snprintf(data, sizeof data, "%s\n", z);
    bfl_json_lines *lines = bfl_json_lines_new(8);
    CHECK(bfl_json_lines_begin(lines, data, (size_t)size) == BFL_JSON_OK);
    CHECK(bfl_json_lines_next(lines, &line));
    *why = line.why;
    bfl_json_status status = line.blank ? BFL_JSON_OK : line.status;
    CHECK(!bfl_json_lines_next(lines, &line));
    bfl_json_lines_free(lines);
    return status;
}

TEST(good_json) {
    static const char *const good[] = {
        "",
        "   ",
        "{}",
        "[]",
        " [ ] ",
        "{\"a\":1}",
        "{ \"a\" : [ 1 , -0.5e+3 , true , false , null , \"x\" , { } ] }",
        "1",
        "-0",
        "0.0",
        "1E5",
        "\"x\"",
        "true",
        "null",
        "{\"a\":\"\\u00e9\\n\\/\\\\\\\"\"}",
        "{\"a\":\"\\ud83d\\ude00\"}",
        "{\"\\\"\":{\"b\":\"}{][,:\"}}",
        "[[[[[[[[1]]]]]]]]",
        "\"\\\\\"",
        "{\"a\":\"gr\xC3\xB6\xC3\x9F\x65r\"}\r",
    };
    const char *why;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        bfl_json_status status = check_line(good[i], &why);
        if (status != BFL_JSON_OK) printf("# %s: %s\n", good[i], why);
        CHECK(status == BFL_JSON_OK);
    }
}

TEST(broken_json) {
    static const char *const broken[] = {
        "{",
        "}",
        "[",
        "]",
        "{]",
        "[}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "[1,]",
        "[,1]",
        "{,}",
        "{\"a\" 1}",
        "{\"a\"::1}",
        "{1:1}",
        "[1 2]",
        "{} {}",
        "{}{}",
        "1 2",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "1e+",
        "0x1",
        "1a",
        "tru",
        "truee",
        "nul",
        "null0",
        "True",
        "NaN",
        "'a'",
        "\"a",
        "a\"",
        "\"a\"b",
        "\"a\"\"b\"",
        "[\"a\" \"b\"]",
        "{\"a\":1\"b\"}",
        "{\"a\":true\"e\"}",
        "\\",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":\"\\ude00\"}",
        "{\"a\":\"\\ud83d\\u0041\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\t\"}",
        "\xC3",
        "\"\xC3\"",
        "\"\xED\xA0\x80\"",
        "\"\xC0\xAF\"",
        "{\"a\":\"\xFF\"}",
        "{\"a\":1}x",
        "{\"a\":[1,{\"b\":2}]",
        "{\"a\":1]}",
        "/* a */ 1",
        "\xEF\xBB\xBF{}",
        "{\"a\":\"b\"\"c\":1}",
        "[1,\x01]",
    };
    const char *why;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        bfl_json_status status = check_line(broken[i], &why);
        if (status != BFL_JSON_BAD || !why[0]) printf("# taken as good: %s\n", broken[i]);
        CHECK(status == BFL_JSON_BAD && why[0]);
    }
    CHECK(check_line("[[[[[[[[[1]]]]]]]]]", &why) == BFL_JSON_LIMIT);
}

/* One broken line costs only itself, wherever it stands, and what was open does not reach into the next. */
TEST(broken_line_among_good) {
    static const char *const bad[] = {"{\"a\":[1,", "{\"a\":\"open", "\xFF\xFE", "{\"a\":\"\\", "\"",
                                      "[[[[",       "{\"x\"",        "\\\"",     "{\"a\":1}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char data[256];
        bfl_json_line line;
        int size = snprintf(data, sizeof data, "{\"n\":1}\n%s\n:{\"n\":2}\n{\"n\":3}\n\n{\"n\":4}\n", bad[i]);
        bfl_json_lines *lines = bfl_json_lines_new(8);
        CHECK(bfl_json_lines_begin(lines, data, (size_t)size) == BFL_JSON_OK);
        static const bool good[] = {true, false, false, true, true, true};
        for (size_t k = 0; k < 6; k++) {
            CHECK(bfl_json_lines_next(lines, &line));
            CHECK((line.status == BFL_JSON_OK) == good[k]);
            CHECK(line.blank == (k == 4));
        }
        CHECK(line.root.type == BFL_JSON_OBJECT && line.root.size == 7 && memcmp(line.root.text, "{\"n\":4}", 7) == 0);
        CHECK(!bfl_json_lines_next(lines, &line));
        bfl_json_lines_free(lines);
    }
}

TEST(finding_parts) {
    static const char data[] = "{\"a\" : {\"b\":[1,{\"c\":2}, \"\\u00e9\\n\" ]},\"a\":9,\"n\":null,\"z\": -1.50 }\n";
    static const bfl_json_name names[] = {BFL_JSON_NAME("z"), BFL_JSON_NAME("a"), BFL_JSON_NAME("n"),
                                          BFL_JSON_NAME("x")};
    bfl_json_lines *lines = bfl_json_lines_new(8);
    bfl_json_line line;
    bfl_json_part parts[4], list, element = {0};
    CHECK(bfl_json_lines_begin(lines, data, sizeof data - 1) == BFL_JSON_OK && bfl_json_lines_next(lines, &line));
    bfl_json_find(lines, &line.root, names, 4, parts);
    CHECK(parts[0].type == BFL_JSON_NUMBER && parts[0].size == 5 && memcmp(parts[0].text, "-1.50", 5) == 0);
    CHECK(parts[1].type == BFL_JSON_OBJECT && !parts[2].text && !parts[3].text);
    static const bfl_json_name b = BFL_JSON_NAME("b");
    bfl_json_find(lines, &parts[1], &b, 1, &list);
    CHECK(list.type == BFL_JSON_ARRAY);
    CHECK(bfl_json_element(lines, &list, &element) && element.type == BFL_JSON_NUMBER && element.size == 1);
    CHECK(bfl_json_element(lines, &list, &element) && element.type == BFL_JSON_OBJECT && element.size == 7);
    CHECK(bfl_json_element(lines, &list, &element) && element.type == BFL_JSON_STRING);
    char buffer[16];
    size_t size;
    const char *text = bfl_json_part_string(&element, buffer, &size);
    CHECK(text == buffer && size == 3 && memcmp(text, "\xC3\xA9\n", 3) == 0);
    CHECK(!bfl_json_element(lines, &list, &element));
    element = (bfl_json_part){0};
    CHECK(bfl_json_element(lines, &parts[0], &element) && !bfl_json_element(lines, &parts[0], &element));
    bfl_json_find(lines, &parts[0], &b, 1, &list);
    CHECK(!list.text);
    bfl_json_lines_free(lines);
}

TEST(kernels) {
    CHECK(bfl_json_use_kernel("fallback"));
    CHECK_TEXT(bfl_json_kernel(), "fallback");
    good_json();
    broken_json();
    broken_line_among_good();
    finding_parts();
    CHECK(!bfl_json_use_kernel("none of the kind"));
    CHECK(bfl_json_use_kernel(NULL));
}

/* ---- streams ---- */

typedef struct source {
    const char *text;
    size_t at, size, step; /* bytes given at a time */
} source;

static ptrdiff_t read_source(void *context, char *data, size_t size) {
    source *s = context;
    size_t n = s->size - s->at;
    if (n > s->step) n = s->step;
    if (n > size) n = size;
    memcpy(data, s->text + s->at, n);
    s->at += n;
    return (ptrdiff_t)n;
}

static const char people[] =
    "{\"resourceType\":\"Organization\",\"id\":\"o\"}\n"
    "{\"resourceType\":\"Patient\",\"id\":\"p1\"}\n"
    "{\"resourceType\":\"Observation\",\"id\":\"1\",\"subject\":{\"reference\":\"Patient/p1\"}}\r\n"
    "{\"resourceType\":\"Observation\",\"id\":\"2\",\"subject\":{\"reference\":\"https://a.example/fhir/Patient/p1/"
    "_history/3\"}}\n"
    "\n"
    "{\"resourceType\":\"Observation\",\"id\":\"3\",\"subj\n"
    "{\"resourceType\":\"Medication\",\"id\":\"m\"}\n"
    "{\"resourceType\":\"AllergyIntolerance\",\"patient\":{\"reference\":\"urn:uuid:p1\"}}\n"
    "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient\\/p2\"}}\n"
    "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"https://b.example/Patient/p2\"}}\n"
    "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"http://c.example/Patient/p2\"}}\n"
    "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"#x\"},\"contained\":[{\"resourceType\":\"Patient\","
    "\"id\":\"x\"}]}\n"
    "{\"resourceType\":\"Condition\",\"subject\":{\"identifier\":{\"value\":\"7\"}}}\n"
    "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Group/p2\"}}\n"
    "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Condition\"}},{\"resource\":{"
    "\"resourceType\":\"Patient\",\"id\":\"p3\"}}]}\n"
    "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"p3\"}},{\"resource\":"
    "{\"resourceType\":\"Patient\",\"id\":\"p4\"}}]}\n"
    "{\"resourceType\":\"Observation\",\"id\":\"9\",\"subject\":{\"reference\":\"Patient/p1\"}}\n"
    "[1]\n"
    "{\"resourceType\":\"Patient\",\"id\":\"p5\"}";

typedef struct patients {
    bfl_patient_stream stream;
    bfl_patient_lines lines;
    source from;
} patients;

static void open_patients(patients *p, const char *text, size_t step, size_t patient_bytes) {
    *p = (patients){.from = {text, 0, strlen(text), step}};
    p->stream.lines.intake = (bfl_intake){read_source, &p->from};
    p->stream.lines.name = "test";
    p->stream.lines.block_bytes = step < 64 ? 64 : step;
    p->stream.lines.line_bytes = p->stream.patient_bytes = patient_bytes;
    p->stream.lines.rest.arena = bfl_arena_new();
    p->stream.block.arena = bfl_arena_new();
    p->stream.arena = bfl_arena_new();
    p->stream.reader = bfl_line_reader_new();
    p->lines.arena = bfl_arena_new();
    p->lines.lines.arena = bfl_arena_new();
}

static void close_patients(patients *p) {
    bfl_line_reader_free(p->stream.reader);
    bfl_arena_free(p->stream.lines.rest.arena);
    bfl_arena_free(p->stream.block.arena);
    bfl_arena_free(p->stream.arena);
    bfl_arena_free(p->lines.arena);
    bfl_arena_free(p->lines.lines.arena);
}

/* "p1@2+5 6:not JSON" : patient, first line, resources kept, problems. */
static const char *describe(patients *p, bfl_buf *out) {
    bool more = true;
    while (bfl_patient_stream_next(&p->stream, &p->lines, &more, NULL) == BFL_OK && more) {
        size_t kept = 0;
        for (size_t i = 0; i + 1 < p->lines.lines.size; i++)
            kept += p->lines.lines.data[i] == '}' && p->lines.lines.data[i + 1] <= '\r';
        bfl_buf_addf(out, "%s@%d+%d%s\n", p->lines.id, (int)p->lines.lines.first_line, (int)kept,
                     p->lines.refused ? "!" : "");
        for (size_t i = 0; i < p->lines.problems.count; i++)
            bfl_buf_addf(out, "  %d %s: %.41s\n", (int)p->lines.problems.items[i].line,
                         p->lines.problems.items[i].patient, p->lines.problems.items[i].text);
    }
    return bfl_buf_z(out);
}

static bfl_status describe_body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    static const char expected[] = "p1@2+5\n"
                                   "  6 p1: not JSON: a string is not closed, or hold\n"
                                   "p2@9+0!\n"
                                   "  11 p2: two servers have a patient with this id: \n"
                                   "  12 p2: its patient is contained in the resource \n"
                                   "  13 p2: its patient is named by an identifier: th\n"
                                   "p3@15+1\n"
                                   "  16 p3: a Bundle of several patients: this line i\n"
                                   "p1@17+0!\n"
                                   "  17 p1: comes again behind other patients, and is\n"
                                   "  18 p1: JSON without resourceType: this line is l\n"
                                   "p5@19+1\n";
    patients *p = context;
    for (size_t step = 1; step < 4000; step += step < 70 ? 3 : 613) {
        bfl_buf out = {.arena = arena};
        open_patients(p, people, step, 10000);
        CHECK_TEXT(describe(p, &out), expected);
        CHECK(p->stream.patients == 5 && p->stream.nobody == 3 && p->stream.lines.lines == 19);
        close_patients(p);
    }
    return BFL_OK;
}

TEST(patients_of_a_stream) {
    patients p;
    bfl_arena *arena = bfl_arena_new();
    CHECK(bfl_arena_run(arena, describe_body, &p, NULL) == BFL_OK);
    bfl_arena_free(arena);
}

static bfl_status limits_body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)err;
    patients *p = context;
    bfl_buf text = {.arena = arena}, out = {.arena = arena};
    bfl_buf_add(&text, "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n{\"resourceType\":\"Patient\",\"id\":\"big\"}\n");
    for (int i = 0; i < 40; i++)
        bfl_buf_add(&text, "{\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"Patient/big\"}}\n");
    bfl_buf_add(&text, "{\"resourceType\":\"Patient\",\"id\":\"b\"}\n{\"long\":\"");
    for (int i = 0; i < 40; i++) bfl_buf_add(&text, "..................................................");
    bfl_buf_add(&text, "\"}\n{\"resourceType\":\"Patient\",\"id\":\"c\"}\n{\"long\":\"");
    for (int i = 0; i < 40; i++) bfl_buf_add(&text, "..................................................");
    static const char expected[] = "a@1+1\nbig@2+0!\n  16 big: more than the limit of 1000 bytes for one\n"
                                   "b@43+1\n  44 b: longer than the limit of 1000 bytes: this\n"
                                   "c@45+1\n  46 c: longer than the limit of 1000 bytes: this\n";
    open_patients(p, bfl_buf_z(&text), 100, 1000);
    CHECK_TEXT(describe(p, &out), expected);
    close_patients(p);
    return BFL_OK;
}

TEST(limits) {
    patients p;
    bfl_arena *arena = bfl_arena_new();
    CHECK(bfl_arena_run(arena, limits_body, &p, NULL) == BFL_OK);
    bfl_arena_free(arena);
}

TEST(empty_streams) {
    static const char *const texts[] = {"", "\n", "\n\n\n", "{\"resourceType\":\"Organization\"}\n"};
    for (size_t i = 0; i < 4; i++) {
        patients p;
        bool more = true;
        open_patients(&p, texts[i], 10, 1000);
        CHECK(bfl_patient_stream_next(&p.stream, &p.lines, &more, NULL) == BFL_OK && !more);
        close_patients(&p);
    }
}

TEST_CASES(CASE(good_json), CASE(broken_json), CASE(broken_line_among_good), CASE(finding_parts), CASE(kernels),
           CASE(patients_of_a_stream), CASE(limits), CASE(empty_streams))
