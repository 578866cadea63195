/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

static bfl_arena *arena;

static const char *json(const char *z) {
    bfl_buf out = {.arena = arena};
    bfl_json_string(&out, z);
    return bfl_buf_z(&out);
}

static const char *html(const char *z) {
    bfl_buf out = {.arena = arena};
    bfl_html_text(&out, z);
    return bfl_buf_z(&out);
}

TEST(json_strings) {
    CHECK_TEXT(json("T5"), "\"T5\"");
    CHECK_TEXT(json(""), "\"\"");
    CHECK_TEXT(json(NULL), "\"\"");
    CHECK_TEXT(json("a\"b\\c"), "\"a\\\"b\\\\c\"");
    CHECK_TEXT(json("a\nb\tc\x01"
                    "d\x7f"),
               "\"a\\u000ab\\u0009c\\u0001d\\u007f\"");
    CHECK_TEXT(json("µmol/L ≥ 2×"), "\"µmol/L ≥ 2×\"");
}

TEST(bad_utf8_becomes_the_replacement_character) {
    CHECK_TEXT(json("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
    CHECK_TEXT(json("\xC3"), "\"\xEF\xBF\xBD\"");                                  /* cut off */
    CHECK_TEXT(json("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  /* overlong '/' */
    CHECK_TEXT(json("\xE2\x82x"), "\"\xEF\xBF\xBD\xEF\xBF\xBDx\"");                /* broken in the middle */
    CHECK_TEXT(html("\xED\xA0\x80<"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD&lt;"); /* a surrogate */
}

TEST(html_text) {
    CHECK_TEXT(html("<script>alert('x')</script>"), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    CHECK_TEXT(html("\"><img src=x onerror=y>"), "&quot;&gt;&lt;img src=x onerror=y&gt;");
    CHECK_TEXT(html("a & b"), "a &amp; b");
    CHECK_TEXT(html("a\x1b[31mb"), "a\xEF\xBF\xBD[31mb");
    CHECK_TEXT(html("a\nb"), "a\nb");
    CHECK_TEXT(html("\xE2\x80\xAEgpj.exe"), "\xEF\xBF\xBDgpj.exe"); /* right-to-left override */
    CHECK_TEXT(html("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBDx"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx"); /* not XML */
}

TEST(terminal_text) {
    CHECK_TEXT(bfl_plain_text(arena, "a\x1b]0;x\x07z"), "a\xEF\xBF\xBD]0;x\xEF\xBF\xBDz");
    CHECK_TEXT(bfl_plain_text(arena, "two\nlines\there"), "two lines here");
    CHECK_TEXT(bfl_plain_text(arena, "\xC2\x9B"
                                     "31m"),
               "\xEF\xBF\xBD"
               "31m"); /* C1 control sequence introducer */
    CHECK_TEXT(bfl_plain_text(arena, NULL), "");
}

static const test_case cases[] = {CASE(json_strings), CASE(bad_utf8_becomes_the_replacement_character), CASE(html_text),
                                  CASE(terminal_text)};

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
