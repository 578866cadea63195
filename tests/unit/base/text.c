/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <stdio.h>
#include <string.h>

TEST(views) {
    CHECK(bfl_text_equal_nocase(BFL_TEXT("Gefitinib"), BFL_TEXT("GEFITINIB")));
    CHECK(!bfl_text_equal_nocase(BFL_TEXT("a"), BFL_TEXT("ab")));
    bfl_text t = bfl_text_trim(BFL_TEXT(" \t x y\r\n"));
    CHECK(bfl_text_equal(t, BFL_TEXT("x y")));
    bfl_text list = BFL_TEXT("a;;b");
    CHECK(bfl_text_equal(bfl_text_split(&list, ';'), BFL_TEXT("a")));
    CHECK(bfl_text_equal(bfl_text_split(&list, ';'), BFL_TEXT("")));
    CHECK(bfl_text_equal(bfl_text_split(&list, ';'), BFL_TEXT("b")));
    CHECK_INT(list.size, 0);
    CHECK_INT(bfl_text_find_nocase(BFL_TEXT("EGFR T790M found"), BFL_TEXT("t790m")), 5);
    CHECK(bfl_text_find_nocase(BFL_TEXT("x"), BFL_TEXT("xx")) == SIZE_MAX);
    CHECK(bfl_text_starts(BFL_TEXT("ALP_1"), BFL_TEXT("ALP")));
}

TEST(utf8) {
    size_t bad = 99;
    CHECK(bfl_utf8_valid(BFL_TEXT("Gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"), &bad));
    static const char *const wrong[] = {"a\xff",    "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                        "\xe2\x82", "\x80",     "caf\xe9 x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) CHECK(!bfl_utf8_valid(bfl_text_of(wrong[i]), &bad));
    CHECK_INT(bad, 3);
}

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_buf buf = {.arena = arena};
    CHECK_TEXT(bfl_buf_z(&buf), "");
    for (int i = 0; i < 50; i++) bfl_buf_addf(&buf, "%d,", i);
    CHECK_INT(buf.size, 140);
    bfl_buf b2 = {.arena = arena};
    bfl_buf_decimal(&b2, (bfl_decimal){28166, -4}, 2);
    bfl_buf_add(&b2, " ");
    bfl_buf_double(&b2, 0.125, 2);
    bfl_buf_add(&b2, " ");
    bfl_buf_double(&b2, (double)NAN, 2);
    CHECK_TEXT(bfl_buf_z(&b2), "2.82 0.13 -");
    bfl_buf list = {.arena = arena};
    bfl_buf_join(&list, ", ", "T5");
    bfl_buf_join(&list, ", ", "a name that is longer than the room that a text begins with, so that it has to grow");
    bfl_buf_join(&list, "; ", "");
    CHECK_TEXT(bfl_buf_z(&list),
               "T5, a name that is longer than the room that a text begins with, so that it has to grow; ");
    CHECK_TEXT(bfl_text_lower(arena, BFL_TEXT("EGFR")), "egfr");
    bfl_digits value, day;
    CHECK_TEXT(BFL_JOIN(arena, BFL_TEXT("ALP "), bfl_digits_decimal(&value, (bfl_decimal){-28166, -2}, 1), BFL_TEXT(""),
                        BFL_TEXT(", a middle of some length, on day "), bfl_digits_whole(&day, INT64_MIN)),
               "ALP -281.7, a middle of some length, on day -9223372036854775808");
    bfl_text pieces[] = {BFL_TEXT("new lytic: "), BFL_TEXT("T5"), BFL_TEXT("; L1")};
    for (size_t most = 0; most < 20; most++) { /* cut where it is full, whatever piece that is in */
        const char *cut = bfl_arena_join(arena, most, pieces, 3);
        CHECK_INT(strlen(cut), most < 17 ? most : 17);
        CHECK(memcmp(cut, "new lytic: T5; L1", strlen(cut)) == 0);
    }
    return BFL_OK;
}

TEST(builder) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(messages_are_one_printable_line) {
    bfl_error err;
    CHECK_INT(bfl_fail(&err, BFL_EPARSE, "x", 3, "%s", "a\nb\x1b[31m\xe9 \xc3\xa9"), BFL_EPARSE);
    CHECK_TEXT(err.message, "a?b?[31m? \xc3\xa9");
}

/* What the C library writes is the oracle, into every size of buffer. */
static void same_as_libc(const char *format, ...) BFL_PRINTF(1, 2);
static void same_as_libc(const char *format, ...) {
    for (size_t size = 0; size < 80; size++) {
        char ours[80], theirs[80];
        memset(ours, '#', sizeof ours), memset(theirs, '#', sizeof theirs);
        va_list one, two;
        va_start(one, format);
        va_copy(two, one);
        int length = bfl_text_vformat(ours, size, format, one);
        CHECK_INT(length, vsnprintf(theirs, size, format, two));
        CHECK(memcmp(ours, theirs, sizeof ours) == 0);
        va_end(two);
        va_end(one);
    }
}

TEST(formats_as_the_c_library) {
    same_as_libc("%s", "");
    same_as_libc("no conversion");
    same_as_libc("%d %d %d %d", 0, -7, INT32_MAX, INT32_MIN);
    same_as_libc("%zu of %zu, 100 %%: '%s'%c", (size_t)0, SIZE_MAX, "T5", '!');
    same_as_libc("%u and %u%s", 0u, UINT32_MAX, "");
    same_as_libc("'%.3s' %5d|%-4s|%02d", "abcdef", 41, "x", 7); /* goes to the C library whole */
    same_as_libc("%d %lld %s", 1, 2ll, "z");
}

TEST_CASES(CASE(views), CASE(utf8), CASE(builder), CASE(formats_as_the_c_library),
           CASE(messages_are_one_printable_line))
