/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "test.h"

static bfl_status body(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context;
    (void)err;
    bfl_buf out = {.arena = arena};
    bfl_json_writer w = {.out = &out};
    bfl_json_open(&w, NULL, "{");
    bfl_json_text(&w, "a", "x\"\xFF");
    bfl_json_open(&w, "list", "[");
    bfl_json_decimal(&w, NULL, (bfl_decimal){150, -2});
    bfl_json_open(&w, NULL, "{");
    bfl_json_close(&w, "}");
    bfl_json_close(&w, "]");
    bfl_json_text(&w, "b", NULL);
    bfl_json_close(&w, "}");
    CHECK_TEXT(bfl_buf_z(&out), "{\"a\":\"x\\\""
                                "\xEF\xBF\xBD"
                                "\",\"list\":[1.50,{}],\"b\":\"\"}");
    return BFL_OK;
}

TEST(commas_stand_where_they_belong) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST_CASES(CASE(commas_stand_where_they_belong))
