/* SPDX-License-Identifier: Apache-2.0 */
#include "figure/figure.h"
#include "test.h"

static bfl_arena *arena;

static bool near(double a, double b) { return fabs(a - b) < 1e-6; }

TEST(linear_axis) {
    bfl_axis x = {0, 100, 50, 250, false};
    CHECK(near(bfl_axis_at(&x, 0), 50));
    CHECK(near(bfl_axis_at(&x, 25), 100));
    CHECK(near(bfl_axis_at(&x, 100), 250));
    CHECK(near(bfl_axis_at(&x, -10), 50)); /* outside: at the nearer end */
    CHECK(near(bfl_axis_at(&x, 1000), 250));
}

TEST(log_axis_runs_downwards) {
    bfl_axis y = {0.1, 10, 200, 0, true};
    CHECK(near(bfl_axis_at(&y, 1), 100));
    CHECK(near(bfl_axis_at(&y, 10), 0));
    CHECK(near(bfl_axis_at(&y, 0.1), 200));
}

static const char *listed(bfl_ticks ticks) {
    bfl_buf out = {.arena = arena};
    for (size_t i = 0; i < ticks.count; i++) {
        bfl_buf_add(&out, i ? " " : "");
        bfl_buf_double(&out, ticks.items[i], ticks.items[i] < 1 && ticks.items[i] > 0 ? 1 : 0);
    }
    return bfl_buf_z(&out);
}

TEST(ticks) {
    CHECK_TEXT(listed(bfl_ticks_linear(arena, 0, 81, 4)), "0 50");
    CHECK_TEXT(listed(bfl_ticks_linear(arena, 0, 90, 5)), "0 20 40 60 80");
    CHECK_TEXT(listed(bfl_ticks_linear(arena, 5, 5, 4)), "");
    CHECK_TEXT(listed(bfl_ticks_log(arena, 0.3, 6, 9)), "0.5 1 2 5");
    CHECK_TEXT(listed(bfl_ticks_log(arena, 60, 370, 9)), "70 100 150 200 300");
    CHECK_TEXT(listed(bfl_ticks_log(arena, 60, 370, 3)), "100 200");
    CHECK_TEXT(listed(bfl_ticks_log(arena, 0.1, 5000, 9)), "0.1 1 10 100 1000");
    CHECK_TEXT(listed(bfl_ticks_log(arena, 0, 5, 9)), "");
}

TEST(day_ticks_hold_day_0_and_are_few) {
    CHECK_TEXT(listed(bfl_ticks_days(arena, -10, 50, 9)), "-7 0 7 14 21 28 35 42 49");
    CHECK_TEXT(listed(bfl_ticks_days(arena, -10, 580, 9)), "0 84 168 252 336 420 504");
    for (int32_t span = 1; span < 40000; span = span * 3 + 1) {
        bfl_ticks ticks = bfl_ticks_days(arena, -span, span, 9);
        bool zero = false;
        for (size_t i = 0; i < ticks.count; i++) zero = zero || near(ticks.items[i], 0);
        CHECK(zero);
        CHECK(ticks.count <= 9);
    }
    CHECK_INT(bfl_ticks_days(arena, 5, 5, 9).count, 0);
}

TEST(labels_never_touch) {
    bfl_label labels[12];
    for (int i = 0; i < 12; i++) labels[i] = (bfl_label){.at = 10.0 * i, .width = 60};
    int lanes = bfl_labels_place(labels, 12, 0, 150, 6);
    CHECK(lanes >= 5);
    for (int i = 0; i < 12; i++) {
        CHECK(labels[i].left >= 0 && labels[i].left + labels[i].width <= 150);
        CHECK(labels[i].lane < lanes);
        for (int k = 0; k < i; k++) {
            bool apart = labels[i].left + 66 <= labels[k].left + 1e-9 || labels[k].left + 66 <= labels[i].left + 1e-9;
            CHECK(labels[i].lane != labels[k].lane || apart);
        }
    }
}

TEST(no_leader_runs_through_a_text) {
    bfl_label labels[10];
    for (int i = 0; i < 10; i++) labels[i] = (bfl_label){.at = 13.0 * i + (i % 3), .width = 20 + 17 * (i % 4)};
    (void)bfl_labels_place(labels, 10, 0, 1000, 6);
    for (int i = 0; i < 10; i++)
        for (int k = 0; k < 10; k++) {
            bool through = labels[k].lane > labels[i].lane && labels[k].at > labels[i].left &&
                           labels[k].at < labels[i].left + labels[i].width;
            CHECK(i == k || !through);
        }
}

TEST(a_free_label_stays_in_the_first_lane) {
    bfl_label labels[2] = {{.at = 0, .width = 30}, {.at = 100, .width = 30}};
    CHECK_INT(bfl_labels_place(labels, 2, 0, 500, 6), 1);
    CHECK(near(labels[1].left, 100));
    CHECK_INT(bfl_labels_place(NULL, 0, 0, 500, 6), 0);
}

TEST(names_spread) {
    double at[4] = {10, 11, 12, 100};
    bfl_labels_spread(at, 4, 15, 0, 100);
    for (int i = 1; i < 4; i++) CHECK(at[i] - at[i - 1] >= 15 - 1e-9);
    CHECK(at[3] <= 100);
    double low[2] = {99, 100};
    bfl_labels_spread(low, 2, 15, 0, 100);
    CHECK(near(low[0], 85) && near(low[1], 100));
}

TEST(text_fits) {
    CHECK(bfl_svg_text_width("iiii", 10) < bfl_svg_text_width("MMMM", 10));
    CHECK_TEXT(bfl_svg_fit(arena, "short", 12, 200), "short");
    const char *cut = bfl_svg_fit(arena, "bevacizumab + paclitaxel + carboplatin", 12, 100);
    CHECK(bfl_svg_text_width(cut, 12) <= 112);
    CHECK(strstr(cut, "…") != NULL && strncmp(cut, "bevac", 5) == 0);
}

TEST(elements_escape) {
    bfl_buf out = {.arena = arena};
    bfl_svg_text(&out, "label", BFL_ANCHOR_MIDDLE, 10, 20.25, "<b>&");
    CHECK_TEXT(bfl_buf_z(&out),
               "<text class=\"label\" text-anchor=\"middle\" x=\"10.0\" y=\"20.3\">&lt;b&gt;&amp;</text>");
    bfl_buf mark = {.arena = arena};
    bfl_svg_mark(&mark, "dot", BFL_MARK_DOT, 1, 2, 3, "<i>");
    CHECK_TEXT(bfl_buf_z(&mark),
               "<circle class=\"dot\" cx=\"1.0\" cy=\"2.0\" r=\"3.0\"><title>&lt;i&gt;</title></circle>");
}

TEST(a_path_breaks_at_gaps) {
    bfl_buf out = {.arena = arena};
    bfl_svg_path(&out, "sum", (double[]){0, 1, 2}, (double[]){3, 4, 5}, (bool[]){false, false, true}, 3);
    CHECK_TEXT(bfl_buf_z(&out), "<path class=\"sum\" d=\"M0.0 3.0L1.0 4.0M2.0 5.0\"/>");
}

static const test_case cases[] = {CASE(linear_axis),
                                  CASE(log_axis_runs_downwards),
                                  CASE(ticks),
                                  CASE(day_ticks_hold_day_0_and_are_few),
                                  CASE(labels_never_touch),
                                  CASE(no_leader_runs_through_a_text),
                                  CASE(a_free_label_stays_in_the_first_lane),
                                  CASE(names_spread),
                                  CASE(text_fits),
                                  CASE(elements_escape),
                                  CASE(a_path_breaks_at_gaps)};

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
