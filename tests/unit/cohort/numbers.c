/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text: ten digits, no locale, nothing lost at either end. */
#include "test.h"

#include "cohort/study.h"

typedef struct sample {
    double value;
    const char *digits;
} sample;

static bfl_status digits(bfl_arena *arena, void *context, bfl_error *err) {
    static const sample samples[] = {{0, "0"},
                                     {1, "1"},
                                     {-1, "-1"},
                                     {10, "10"},
                                     {0.05, "0.05"},
                                     {1.0 / 3, "0.3333333333"},
                                     {-2.0 / 3, "-0.6666666667"},
                                     {123456789.123, "123456789.1"},
                                     {9999999999.6, "1e10"},
                                     {12345678901.0, "1.23456789e10"},
                                     {0.00012345678912, "0.0001234567891"},
                                     {1.5e-12, "1.5e-12"},
                                     {2.5e-300, "2.5e-300"},
                                     {5e-324, "4.940656458e-324"},
                                     {1.7976931348623157e308, "1.797693135e308"},
                                     {99.99999999999, "100"},
                                     {23.0 + 1.0 / 3, "23.33333333"}};
    (void)context, (void)err;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        bfl_buf buf = {.arena = arena};
        bfl_cohort_digits(&buf, samples[i].value);
        CHECK_TEXT(bfl_buf_z(&buf), samples[i].digits);
    }
    return BFL_OK;
}

static bfl_status p_values(bfl_arena *arena, void *context, bfl_error *err) {
    (void)context, (void)err;
    CHECK_TEXT(bfl_cohort_p(arena, 1), "1.00");
    CHECK_TEXT(bfl_cohort_p(arena, 0.456), "0.46");
    CHECK_TEXT(bfl_cohort_p(arena, 0.0456), "0.046");
    CHECK_TEXT(bfl_cohort_p(arena, 0.00046), "0.0005");
    CHECK_TEXT(bfl_cohort_p(arena, 0.00004), "<0.0001");
    CHECK_TEXT(bfl_cohort_p(arena, 0), "<0.0001");
    CHECK_TEXT(cohort_fixed(arena, 1e12, 1), "1e12");
    CHECK_TEXT(cohort_fixed(arena, 23.333, 1), "23.3");
    return BFL_OK;
}

static void run(bfl_arena_body body) {
    bfl_arena *arena = bfl_arena_new();
    CHECK_INT(bfl_arena_run(arena, body, NULL, NULL), BFL_OK);
    bfl_arena_free(arena);
}

TEST(ten_digits_at_any_size) { run(digits); }
TEST(p_values_as_people_write_them) { run(p_values); }

TEST(every_state_says_why_in_words) {
    CHECK_TEXT(state_words(BFL_NUM_OK), "");
    for (int s = BFL_NUM_EMPTY; s <= BFL_NUM_BAD_INPUT; s++) CHECK(state_words((bfl_num_state)s)[0] != '\0');
    CHECK(!real_some((double)NAN).present);
    CHECK(!real_some((double)INFINITY).present);
    CHECK(real_some(0).present);
}

TEST_CASES(CASE(ten_digits_at_any_size), CASE(p_values_as_people_write_them), CASE(every_state_says_why_in_words))
