/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

static bfl_date date(const char *text) {
    bfl_date d = {0, 0, BFL_DATE_NONE};
    CHECK_INT(bfl_date_parse(bfl_text_of(text), &d, NULL), BFL_OK);
    return d;
}

TEST(civil_days_round_trip) {
    CHECK_INT(bfl_civil_day(1970, 1, 1), 0);
    CHECK_INT(bfl_civil_day(2000, 3, 1), 11017);
    for (int32_t day = bfl_civil_day(1800, 1, 1); day <= bfl_civil_day(2200, 12, 31); day++) {
        int32_t y, m, d;
        bfl_civil_from_day(day, &y, &m, &d);
        if (bfl_civil_day(y, m, d) != day || m < 1 || m > 12 || d < 1 || d > 31) {
            CHECK_INT(day, -1);
            return;
        }
    }
}

TEST(reads_what_is_known) {
    CHECK_INT(date("2019-04-04").first - date("2019-02-22").first, 41);
    bfl_date month = date("2019-02");
    CHECK_INT(month.last - month.first, 27);
    CHECK_INT(date("2020-02").last - date("2020-02").first, 28);
    CHECK_INT(date("2019").last - date("2019").first, 364);
    CHECK_INT(date("d41").first, 41);
    CHECK_INT(date("d-5").first, -5);
    CHECK_INT(date("d56..d90").last, 90);
    static const char *const same[] = {"2019-04-04", "2019-04", "2019", "d41", "d-5", "d56..d90"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        char z[32];
        bfl_date_format(date(same[i]), z, sizeof z);
        CHECK_TEXT(z, same[i]);
    }
}

TEST(refuses_the_rest) {
    static const char *const bad[] = {"",
                                      "04/05/2019",
                                      "2019.04.05",
                                      "2019-13",
                                      "2019-02-30",
                                      "2019-2-3",
                                      "19-02-03",
                                      "2019-02-",
                                      "1799",
                                      "2201",
                                      "d",
                                      "d41.",
                                      "d41..",
                                      "d90..d56",
                                      "d50000",
                                      "day 41",
                                      "2019-04-04T00:00",
                                      "2019-02-29"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bfl_date d = {9, 9, BFL_DATE_NONE};
        if (bfl_date_parse(bfl_text_of(bad[i]), &d, NULL) != BFL_EPARSE || d.first != 9) CHECK_TEXT(bad[i], "refused");
    }
}

TEST(a_year_at_fault_is_told_apart) {
    bfl_date d;
    bfl_error err = {0};
    CHECK_INT(bfl_date_parse(BFL_TEXT("2999-02-08"), &d, &err), BFL_EPARSE);
    CHECK_TEXT(err.message, "'2999-02-08' has a year that is not taken: write a year from 1800 to 2200");
    CHECK(bfl_date_year_at_fault(BFL_TEXT("1799")) && bfl_date_year_at_fault(BFL_TEXT("2201-12")));
    CHECK(!bfl_date_year_at_fault(BFL_TEXT("2999-02-30")) && !bfl_date_year_at_fault(BFL_TEXT("29990208")));
    CHECK(!bfl_date_year_at_fault(BFL_TEXT("2019-02-08")) && !bfl_date_year_at_fault(BFL_TEXT("d41")));
    CHECK(!bfl_date_year_at_fault(BFL_TEXT("")));
}

TEST_CASES(CASE(civil_days_round_trip), CASE(reads_what_is_known), CASE(refuses_the_rest),
           CASE(a_year_at_fault_is_told_apart))
