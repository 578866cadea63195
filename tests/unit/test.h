/* SPDX-License-Identifier: Apache-2.0 */
/* A test program: TEST(name) { CHECK(...); } ... and TESTS(a, b, c) last. Prints TAP, which meson reads. */
#ifndef BFL_TEST_H
#define BFL_TEST_H

#include "base/base.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int test_failures;

#define TEST(name) static void name(void)

#define CHECK(condition)                                             \
    do {                                                             \
        if (!(condition)) {                                          \
            test_failures++;                                         \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition); \
        }                                                            \
    } while (0)

#define CHECK_TEXT(actual, expected)                                                                                \
    do {                                                                                                            \
        const char *test_a = (actual), *test_e = (expected);                                                        \
        if (!test_a || strcmp(test_a, test_e) != 0) {                                                               \
            test_failures++;                                                                                        \
            printf("# %s:%d: %s is '%s', expected '%s'\n", __FILE__, __LINE__, #actual, test_a ? test_a : "(null)", \
                   test_e);                                                                                         \
        }                                                                                                           \
    } while (0)

#define CHECK_INT(actual, expected)                                                                      \
    do {                                                                                                 \
        long long test_a = (long long)(actual), test_e = (long long)(expected);                          \
        if (test_a != test_e) {                                                                          \
            test_failures++;                                                                             \
            printf("# %s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #actual, test_a, test_e); \
        }                                                                                                \
    } while (0)

/* A number within `tolerance` of the other; NaN is near nothing. */
#define CHECK_NEAR(actual, expected, tolerance)                                                            \
    do {                                                                                                   \
        double test_a = (actual), test_e = (expected);                                                     \
        if (!(fabs(test_a - test_e) <= (tolerance))) {                                                     \
            test_failures++;                                                                               \
            printf("# %s:%d: %s is %.10g, expected %.10g\n", __FILE__, __LINE__, #actual, test_a, test_e); \
        }                                                                                                  \
    } while (0)

/* A decimal equals the number written as text. */
#define CHECK_DECIMAL(actual, text)                                                                                 \
    do {                                                                                                            \
        bfl_decimal test_a = (actual), test_e = {0, 0};                                                             \
        char test_z[48];                                                                                            \
        if (bfl_decimal_parse(bfl_text_of(text), &test_e, NULL) != BFL_OK || bfl_decimal_compare(test_a, test_e)) { \
            test_failures++;                                                                                        \
            bfl_decimal_format(test_a, test_z, sizeof test_z);                                                      \
            printf("# %s:%d: %s is %s, expected %s\n", __FILE__, __LINE__, #actual, test_z, text);                  \
        }                                                                                                           \
    } while (0)

typedef struct test_case {
    const char *name;
    void (*run)(void);
} test_case;

static inline int test_main(const test_case *cases, int count) {
    int failed = 0;
    printf("1..%d\n", count);
    for (int i = 0; i < count; i++) {
        test_failures = 0;
        cases[i].run();
        if (test_failures) failed++;
        printf("%sok %d - %s\n", test_failures ? "not " : "", i + 1, cases[i].name);
        (void)fflush(stdout);
    }
    return failed ? 1 : 0;
}

#define TEST_CASES(...)                                               \
    int main(void) {                                                  \
        static const test_case cases[] = {__VA_ARGS__};               \
        return test_main(cases, (int)(sizeof cases / sizeof *cases)); \
    }
/* clang-format off */
#define CASE(name) {#name, name}
/* clang-format on */

#endif
