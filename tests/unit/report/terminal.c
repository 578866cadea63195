/* SPDX-License-Identifier: Apache-2.0 */
#include "report/terminal.h"
#include "test.h"

static bfl_arena *arena;

static const char *wrapped(int columns, const char *lead, const char *z) {
    bfl_buf out = {.arena = arena};
    bfl_term term = {&out, columns, false};
    bfl_term_paragraph(&term, BFL_STYLE_BOLD, lead, z);
    return bfl_buf_z(&out);
}

TEST(widths_are_those_of_characters) {
    CHECK_INT(bfl_term_width("abc"), 3);
    CHECK_INT(bfl_term_width("µ×≥"), 3);
    CHECK_INT(bfl_term_width("骨転移"), 6);
    CHECK_INT(bfl_term_width("e\xCC\x81"), 1); /* e and a combining acute accent */
    CHECK_INT(bfl_term_width(""), 0);
}

TEST(wraps_at_words) {
    CHECK_TEXT(wrapped(20, "", "the sum of diameters fell"), "the sum of diameters\nfell\n");
    CHECK_TEXT(wrapped(12, "  ", "one two three"), "  one two\n  three\n");
    CHECK_TEXT(wrapped(12, " 1. ", "one two three"), " 1. one two\n    three\n");
    CHECK_TEXT(wrapped(20, "", ""), "\n");
    CHECK_TEXT(wrapped(20, "", "  much   space  "), "much   space\n");
}

TEST(cuts_what_has_no_space) {
    CHECK_TEXT(wrapped(10, "", "abcdefghijklmno"), "abcdefghij\nklmno\n");
    CHECK_TEXT(wrapped(10, "", "骨骨骨骨骨骨"), "骨骨骨骨骨\n骨\n");
    CHECK_TEXT(wrapped(8, "        ", "narrow page"), "        narrow\n        page\n");
}

TEST(colour_only_when_asked) {
    bfl_buf out = {.arena = arena};
    bfl_term term = {&out, 40, true};
    bfl_term_put(&term, BFL_STYLE_ALARM, "x");
    CHECK_TEXT(bfl_buf_z(&out), "\033[1;37;41mx\033[0m");
    CHECK(strchr(wrapped(40, "", "x"), 033) == NULL);
}

TEST(tables_align_and_shrink) {
    bfl_buf out = {.arena = arena};
    bfl_term term = {&out, 30, false};
    bfl_term_table table = {.column_count = 2};
    const char *words[] = {"visit", "RECIST", "2019-02-21", "PD", "2019-04-04", "a longer reading that wraps"};
    for (size_t i = 0; i < 6; i++) bfl_term_cell(&term, &table, words[i]);
    bfl_term_table_write(&term, &table);
    CHECK_TEXT(bfl_buf_z(&out), "  visit       RECIST\n"
                                "  2019-02-21  PD\n"
                                "  2019-04-04  a longer reading\n"
                                "              that wraps\n");
}

TEST(a_table_keeps_empty_cells) {
    bfl_buf out = {.arena = arena};
    bfl_term term = {&out, 40, false};
    bfl_term_table table = {.column_count = 3};
    const char *words[] = {"a", "b", "c", "1", "", "3"};
    for (size_t i = 0; i < 6; i++) bfl_term_cell(&term, &table, words[i]);
    bfl_term_table_write(&term, &table);
    CHECK_TEXT(bfl_buf_z(&out), "  a  b  c\n  1     3\n");
}

TEST(a_table_too_wide_becomes_paragraphs) {
    bfl_buf out = {.arena = arena};
    bfl_term term = {&out, 24, false};
    bfl_term_table table = {.column_count = 3};
    const char *words[] = {"visit", "RECIST", "MDA", "2019-02-21", "non-CR/non-PD", "-", "2019-04-04", "PD", "PR"};
    for (size_t i = 0; i < 9; i++) bfl_term_cell(&term, &table, words[i]);
    bfl_term_table_write(&term, &table);
    CHECK_TEXT(bfl_buf_z(&out), "  2019-02-21: RECIST\n  non-CR/non-PD\n  2019-04-04: RECIST PD;\n  MDA PR\n");
    const char *later[] = {"2019-05-04", "-", "PR"}; /* the first of the row is missing */
    for (size_t i = 0; i < 3; i++) bfl_term_cell(&term, &table, later[i]);
    out.size = 0;
    bfl_term_table_write(&term, &table);
    CHECK(strstr(bfl_buf_z(&out), "  2019-05-04: MDA PR\n"));
}

static const test_case cases[] = {CASE(widths_are_those_of_characters),
                                  CASE(wraps_at_words),
                                  CASE(cuts_what_has_no_space),
                                  CASE(colour_only_when_asked),
                                  CASE(tables_align_and_shrink),
                                  CASE(a_table_keeps_empty_cells),
                                  CASE(a_table_too_wide_becomes_paragraphs)};

static bfl_status body(bfl_arena *a, void *context, bfl_error *err) {
    (void)err;
    arena = a;
    *(int *)context = test_main(cases, (int)(sizeof cases / sizeof *cases));
    return BFL_OK;
}

int main(void) {
    int result = 1;
    bfl_arena *a = bfl_arena_new();
    if (a && bfl_arena_run(a, body, &result, NULL) != BFL_OK) result = 1;
    bfl_arena_free(a);
    return result;
}
