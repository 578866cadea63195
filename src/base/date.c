/* SPDX-License-Identifier: Apache-2.0 */
/* Civil dates as days since 1970-01-01. Howard Hinnant's days_from_civil, restated for 32-bit years 1800..2200. */
#include "base/base.h"

#include <stdio.h>

enum { FIRST_YEAR = 1800, LAST_YEAR = 2200 };

int32_t bfl_civil_day(int32_t year, int32_t month, int32_t day) {
    year -= month <= 2;
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    int32_t year_of_era = year - era * 400;
    int32_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void bfl_civil_from_day(int32_t civil, int32_t *year, int32_t *month, int32_t *day) {
    int32_t z = civil + 719468;
    int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    int32_t day_of_era = z - era * 146097;
    int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t shifted = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted + (shifted < 10 ? 3 : -9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static int32_t days_in_month(int32_t year, int32_t month) {
    int32_t next_year = month == 12 ? year + 1 : year, next = month == 12 ? 1 : month + 1;
    return bfl_civil_day(next_year, next, 1) - bfl_civil_day(year, month, 1);
}

/* Exactly `digits` digits from *text. */
static bool take_digits(bfl_text *text, size_t digits, int32_t *out) {
    if (text->size < digits) return false;
    int32_t value = 0;
    for (size_t i = 0; i < digits; i++) {
        char c = text->data[i];
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    *text = (bfl_text){text->data + digits, text->size - digits};
    *out = value;
    return true;
}

static bool take(bfl_text *text, char c) {
    if (text->size == 0 || text->data[0] != c) return false;
    *text = (bfl_text){text->data + 1, text->size - 1};
    return true;
}

/* d41, d-5, d+3 */
static bool take_day(bfl_text *text, int32_t *out) {
    if (!take(text, 'd') && !take(text, 'D')) return false;
    bool negative = take(text, '-');
    if (!negative) (void)take(text, '+');
    size_t digits = 0;
    while (digits < text->size && text->data[digits] >= '0' && text->data[digits] <= '9') digits++;
    if (digits == 0 || digits > 5 || !take_digits(text, digits, out) || *out > BFL_FARTHEST_DAY) return false;
    if (negative) *out = -*out;
    return true;
}

static bool relative(bfl_text text, bfl_date *out) {
    bfl_date date = {.precision = BFL_DATE_RELATIVE};
    if (!take_day(&text, &date.first)) return false;
    date.last = date.first;
    if (take(&text, '.') && !(take(&text, '.') && take_day(&text, &date.last))) return false;
    if (text.size != 0 || date.last < date.first) return false;
    *out = date;
    return true;
}

/* -02: of a date that may end before it; *out is then left alone. */
static bool take_part(bfl_text *text, int32_t most, int32_t *out) {
    if (text->size == 0) return true;
    return take(text, '-') && take_digits(text, 2, out) && *out >= 1 && *out <= most;
}

/* YYYY, YYYY-MM or YYYY-MM-DD, of any year of four digits. */
static bool calendar_shaped(bfl_text text, int32_t *year, bfl_date *out) {
    int32_t month = 0, day = 0;
    if (!take_digits(&text, 4, year) || !take_part(&text, 12, &month)) return false;
    const int32_t last_month = month ? month : 12, last_day = days_in_month(*year, last_month);
    if (!take_part(&text, last_day, &day) || text.size) return false;
    bfl_precision precision = day ? BFL_DATE_DAY : month ? BFL_DATE_MONTH : BFL_DATE_YEAR;
    *out = (bfl_date){bfl_civil_day(*year, month ? month : 1, day ? day : 1),
                      bfl_civil_day(*year, last_month, day ? day : last_day), precision};
    return true;
}

static bool year_taken(int32_t year) { return year >= FIRST_YEAR && year <= LAST_YEAR; }

static bool calendar(bfl_text text, bfl_date *out) {
    int32_t year;
    bfl_date date;
    if (!calendar_shaped(text, &year, &date) || !year_taken(year)) return false;
    *out = date;
    return true;
}

bool bfl_date_year_at_fault(bfl_text text) {
    int32_t year;
    bfl_date date;
    return calendar_shaped(text, &year, &date) && !year_taken(year);
}

bfl_status bfl_date_parse(bfl_text text, bfl_date *out, bfl_error *err) {
    if (text.size > 0 && (calendar(text, out) || relative(text, out))) return BFL_OK;
    int shown = text.size < 40 ? (int)text.size : 40;
    if (bfl_date_year_at_fault(text))
        return bfl_fail(err, BFL_EPARSE, "", 0, "'%.*s' has a year that is not taken: write " BFL_DATE_YEARS, shown,
                        text.data);
    return bfl_fail(err, BFL_EPARSE, "", 0,
                    "'%.*s' is not a date: write 2019-04-04, 2019-04, 2019, or d41 for day 41 of therapy", shown,
                    text.data ? text.data : "");
}

size_t bfl_date_format(bfl_date date, char *buffer, size_t size) {
    int32_t y = 0, m = 0, d = 0;
    if (date.precision != BFL_DATE_NONE && date.precision != BFL_DATE_RELATIVE)
        bfl_civil_from_day(date.first, &y, &m, &d);
    int length = 0;
    if (size) buffer[0] = '\0';
    switch (date.precision) {
    case BFL_DATE_NONE: break;
    case BFL_DATE_YEAR: length = snprintf(buffer, size, "%04d", y); break;
    case BFL_DATE_MONTH: length = snprintf(buffer, size, "%04d-%02d", y, m); break;
    case BFL_DATE_DAY: length = snprintf(buffer, size, "%04d-%02d-%02d", y, m, d); break;
    case BFL_DATE_RELATIVE:
        length = date.first == date.last ? snprintf(buffer, size, "d%d", date.first)
                                         : snprintf(buffer, size, "d%d..d%d", date.first, date.last);
        break;
    }
    if (length < 0) return 0;
    return (size_t)length < size ? (size_t)length : size ? size - 1 : 0;
}

bool bfl_date_same(bfl_date a, bfl_date b) {
    if (a.precision == BFL_DATE_NONE) return b.precision == BFL_DATE_NONE; /* absent or unreadable: no date */
    return a.precision == b.precision && a.first == b.first && a.last == b.last;
}
