/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

static bfl_decimal dec(const char *text) {
    bfl_decimal d = {-12345, 3};
    CHECK_INT(bfl_decimal_parse(bfl_text_of(text), &d, NULL), BFL_OK);
    return d;
}

static void check_format(const char *text, const char *expected) {
    char z[48];
    bfl_decimal_format(dec(text), z, sizeof z);
    CHECK_TEXT(z, expected);
}

TEST(keeps_its_digits) {
    check_format("5.40", "5.40");
    check_format("-0.035", "-0.035");
    check_format("1e3", "1000");
    check_format("+12", "12");
    check_format(".5", "0.5");
    check_format("456e4", "4560000");
    check_format("100000000000000000", "100000000000000000");
    check_format("2.5E-3", "0.0025");
    check_format("0e5", "0");
}

TEST(refuses_what_is_not_a_number) {
    static const char *const bad[] = {"",    "-",   ".",  "1,5", "1.5 ", " 1",  "1..2", "0x10",
                                      "nan", "inf", "1e", "1e+", "--1",  "1_0", "١"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bfl_decimal d = {7, 0};
        bfl_error err;
        CHECK_INT(bfl_decimal_parse(bfl_text_of(bad[i]), &d, &err), BFL_EPARSE);
        CHECK_INT(d.mantissa, 7);
        CHECK(err.message[0] != '\0');
    }
    bfl_decimal d;
    CHECK_INT(bfl_decimal_parse(BFL_TEXT("1234567890123456789"), &d, NULL), BFL_ELIMIT);
    CHECK_INT(bfl_decimal_parse(BFL_TEXT("1e19"), &d, NULL), BFL_ELIMIT);
    CHECK_INT(bfl_decimal_parse(BFL_TEXT("1e100"), &d, NULL), BFL_ELIMIT);
}

TEST(compares_exactly) {
    CHECK_INT(bfl_decimal_compare(dec("1.20"), dec("1.2")), 0);
    CHECK_INT(bfl_decimal_compare(dec("0.1"), dec("0.10000000000000001")), -1);
    CHECK_INT(bfl_decimal_compare(dec("-3"), dec("-2.99")), -1);
    CHECK_INT(bfl_decimal_compare(dec("0"), dec("-0.0")), 0);
    CHECK_INT(bfl_decimal_compare(dec("1e18"), dec("1e-18")), 1);
    CHECK_INT(bfl_decimal_compare(dec("99999999999999999e1"), dec("1e18")), -1);
}

TEST(compares_products) {
    CHECK_INT(bfl_decimal_compare_products(dec("1.5"), dec("4"), dec("2"), dec("3.0")), 0);
    CHECK_INT(bfl_decimal_compare_products(dec("1.5"), dec("4"), dec("2"), dec("3.01")), -1);
    CHECK_INT(bfl_decimal_compare_products(dec("-1"), dec("4"), dec("2"), dec("-3")), 1);
    CHECK_INT(bfl_decimal_compare_products(dec("999999999999999999"), dec("30"), dec("999999999999999998"), dec("30")),
              1);
    CHECK_INT(bfl_decimal_compare_products(dec("1e18"), dec("1e-18"), dec("0.5"), dec("2")), 0);
}

TEST(arithmetic) {
    CHECK_DECIMAL(bfl_decimal_add(dec("0.1"), dec("0.2")), "0.3");
    CHECK_DECIMAL(bfl_decimal_subtract(dec("35.5"), dec("46")), "-10.5");
    CHECK_DECIMAL(bfl_decimal_multiply(dec("9.52"), dec("0.563")), "5.35976");
    CHECK_DECIMAL(bfl_decimal_multiply(dec("999999999999999999"), dec("1")), "999999999999999999");
    CHECK_DECIMAL(bfl_decimal_divide(dec("-15"), dec("45"), 1), "-0.3");
    CHECK_DECIMAL(bfl_decimal_divide(dec("2"), dec("3"), 4), "0.6667");
    CHECK_DECIMAL(bfl_decimal_divide(dec("1"), dec("0"), 4), "0");
    CHECK_DECIMAL(bfl_decimal_divide(dec("952"), dec("338"), 2), "2.82");
    CHECK_DECIMAL(bfl_decimal_divide(dec("1e9"), dec("1e-9"), 0), "1e18");
    CHECK_DECIMAL(bfl_decimal_round(dec("2.345"), 2), "2.35");
    CHECK_DECIMAL(bfl_decimal_round(dec("-2.345"), 2), "-2.35");
    CHECK_DECIMAL(bfl_decimal_round(dec("1e-18"), 2), "0");
    CHECK_DECIMAL(bfl_decimal_add(dec("1e18"), dec("1e-18")), "1e18");
    CHECK_DECIMAL(bfl_decimal_add(dec("1e18"), dec("999999999999999999e-3")), "1001e15");
    CHECK(fabs(bfl_decimal_double(dec("0.35")) - 0.35) < 1e-16);
    CHECK_DECIMAL(bfl_decimal_from_double(-1.005e3, 1), "-1005.0");
}

TEST(stays_in_range) {
    bfl_decimal most = dec("999999999999999999e18"), least = dec("1e-18");
    CHECK_DECIMAL(bfl_decimal_add(most, most), "999999999999999999e18");
    CHECK_DECIMAL(bfl_decimal_multiply(most, dec("-10")), "-999999999999999999e18");
    CHECK_DECIMAL(bfl_decimal_multiply(least, dec("0.5")), "1e-18");
    CHECK_DECIMAL(bfl_decimal_multiply(least, dec("0.4")), "0");
    char text[48];
    CHECK(bfl_decimal_format(bfl_decimal_multiply(most, most), text, sizeof text) == 36);
}

TEST_CASES(CASE(keeps_its_digits), CASE(refuses_what_is_not_a_number), CASE(compares_exactly), CASE(compares_products),
           CASE(arithmetic), CASE(stays_in_range))
