/* SPDX-License-Identifier: Apache-2.0 */
#include "figure/figure.h"
#include "test.h"

static bfl_arena *arena;

static const char *listed(bfl_ticks ticks, bfl_time_unit unit) {
    bfl_buf out = {.arena = arena};
    for (size_t i = 0; i < ticks.count; i++)
        bfl_buf_addf(&out, "%s%s", i ? " " : "", bfl_tick_text(arena, ticks.items[i] / unit.days, 0.1));
    return bfl_buf_z(&out);
}

static const char *times(double from, double to, size_t most) {
    bfl_time_unit unit = bfl_time_unit_for(to - from);
    return bfl_arena_printf(arena, "%s: %s", unit.name, listed(bfl_ticks_time(arena, from, to, most, unit), unit));
}

TEST(time_ticks_are_whole_units) {
    CHECK_TEXT(times(0, 100, 8), "days: 0.0 28.0 56.0 84.0");
    CHECK_TEXT(times(-10, 20, 8), "days: \xE2\x88\x92"
                                  "7.0 0.0 7.0 14.0");
    CHECK_TEXT(times(0, 365.25, 8), "months: 0.0 2.0 4.0 6.0 8.0 10.0 12.0");
    CHECK_TEXT(times(0, 3000, 8), "months: 0.0 24.0 48.0 72.0 96.0");
    CHECK_TEXT(times(0, 7305, 8), "years: 0.0 5.0 10.0 15.0 20.0");
    CHECK_TEXT(times(5, 5, 8), "days: ");
    CHECK_TEXT(times(0, 100, 0), "days: ");
}

TEST(given_ticks_decide_the_unit) {
    double by_weeks[] = {0, 84, 168}, by_months[] = {0, 365.25, 730.5};
    CHECK_TEXT(bfl_time_unit_of(by_weeks, 3, 900).name, "days");
    CHECK_TEXT(bfl_time_unit_of(by_months, 3, 900).name, "months");
    CHECK_TEXT(bfl_time_unit_of(NULL, 0, 900).name, "months");
}

TEST(tick_texts_have_the_decimals_they_need) {
    CHECK_TEXT(bfl_tick_text(arena, 20, 20), "20");
    CHECK_TEXT(bfl_tick_text(arena, 0.05, 0.05), "0.05");
    CHECK_TEXT(bfl_tick_text(arena, 0.5, 0.1), "0.5");
    CHECK_TEXT(bfl_tick_text(arena, -30, 10), "\xE2\x88\x92"
                                              "30");
    CHECK_TEXT(bfl_tick_text(arena, -0.0, 1), "0");
    CHECK_TEXT(bfl_tick_text(arena, -0.2, 1), "0"); /* no minus before nothing */
    CHECK_TEXT(bfl_tick_text(arena, 1234.5678, 0.0001), "1234.568");
}

TEST(text_wraps_between_words) {
    bfl_lines lines = bfl_svg_wrap(arena, "one two three", 10, bfl_svg_text_width("one two", 10) + 0.1);
    CHECK_INT(lines.count, 2);
    CHECK_TEXT(lines.items[0], "one two");
    CHECK_TEXT(lines.items[1], "three");
    CHECK_INT(bfl_svg_wrap(arena, "", 10, 50).count, 0);
}

TEST(a_word_that_is_too_long_is_broken) {
    bfl_lines lines = bfl_svg_wrap(arena, "MMMMMMMMMM", 10, 30);
    CHECK_INT(lines.count, 4);
    for (size_t i = 0; i < lines.count; i++) CHECK(bfl_svg_text_width(lines.items[i], 10) <= 30);
    CHECK_INT(bfl_svg_wrap(arena, "MM", 10, 1).count, 2); /* one character a line at least */
    CHECK_TEXT(bfl_svg_wrap(arena, "\xC3\xBC\xC3\xBC", 10, 1).items[0], "\xC3\xBC");
}

TEST(hatch_stays_inside) {
    bfl_buf out = {.arena = arena};
    bfl_svg_hatch(&out, "hatch", 10, 20, 8, 8, 6, true);
    CHECK_TEXT(bfl_buf_z(&out), "<path class=\"hatch\" d=\"M10.0 26.0L16.0 20.0M14.0 28.0L18.0 24.0\"/>");
    bfl_buf none = {.arena = arena};
    bfl_svg_hatch(&none, "hatch", 10, 20, 0, 8, 6, true);
    bfl_svg_hatch(&none, "hatch", 10, 20, 8, -1, 6, false);
    CHECK_TEXT(bfl_buf_z(&none), "");
}

TEST(looks_differ_without_colour) {
    for (size_t i = 0; i < BFL_LOOKS; i++)
        for (size_t k = 0; k < i; k++) CHECK(bfl_look_mark(bfl_look_of(i)) != bfl_look_mark(bfl_look_of(k)));
    CHECK(bfl_look_of(BFL_LOOKS) == bfl_look_of(0));
    CHECK_TEXT(bfl_look_class(arena, "line", BFL_LOOK_RED), "line c2 d2");
}

TEST(folds_are_drawn_short) {
    const bfl_fold folds[] = {{100, 500}, {600, 900}};
    bfl_folded_axis axis = {{0, 1000, 50, 390, false}, folds, 2, 20};
    CHECK(fabs(bfl_folded_span(&axis) - 300) < 1e-9); /* 300 days on 300 px */
    CHECK(fabs(bfl_folded_at(&axis, 0) - 50) < 1e-9);
    CHECK(fabs(bfl_folded_at(&axis, 100) - 150) < 1e-9);
    CHECK(fabs(bfl_folded_at(&axis, 300) - 160) < 1e-9); /* the middle of the fold */
    CHECK(fabs(bfl_folded_at(&axis, 500) - 170) < 1e-9);
    CHECK(fabs(bfl_folded_at(&axis, 1000) - 390) < 1e-9);
    CHECK(fabs(bfl_folded_at(&axis, 5000) - 390) < 1e-9 && fabs(bfl_folded_at(&axis, -9) - 50) < 1e-9);
    double before = 0;
    for (int day = 0; day <= 1000; day++) {
        CHECK(bfl_folded_at(&axis, day) > before);
        before = bfl_folded_at(&axis, day);
    }
    bfl_folded_axis plain = {{0, 1000, 50, 390, false}, NULL, 0, 20};
    CHECK(fabs(bfl_folded_at(&plain, 250) - bfl_axis_at(&plain.axis, 250)) < 1e-9);
}

static const test_case cases[] = {CASE(folds_are_drawn_short),       CASE(time_ticks_are_whole_units),
                                  CASE(given_ticks_decide_the_unit), CASE(tick_texts_have_the_decimals_they_need),
                                  CASE(text_wraps_between_words),    CASE(a_word_that_is_too_long_is_broken),
                                  CASE(hatch_stays_inside),          CASE(looks_differ_without_colour)};

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
