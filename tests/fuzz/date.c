/* SPDX-License-Identifier: Apache-2.0 */
/* Dates: what parses is a span of days in order, and is written as it can be read again. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bfl_date untouched = {-7, -9, BFL_DATE_NONE}, date = untouched;
    bfl_error err = {0};
    bfl_status status = bfl_date_parse(fuzz_text(data, size), &date, &err);
    if (status != BFL_OK) {
        fuzz_check_error(&err, status);
        PROMISE(date.first == untouched.first && date.last == untouched.last && date.precision == untouched.precision);
        return 0;
    }
    PROMISE(date.first <= date.last && date.precision != BFL_DATE_NONE);
    if (date.precision == BFL_DATE_DAY) PROMISE(date.first == date.last);

    char text[32];
    size_t length = bfl_date_format(date, text, sizeof text);
    PROMISE(length > 0 && length < sizeof text - 1 && strlen(text) == length);
    bfl_date again;
    PROMISE(bfl_date_parse(bfl_text_of(text), &again, NULL) == BFL_OK);
    PROMISE(again.first == date.first && again.last == date.last && again.precision == date.precision);
    if (date.precision != BFL_DATE_RELATIVE) {
        int32_t year, month, day;
        bfl_civil_from_day(date.first, &year, &month, &day);
        PROMISE(bfl_civil_day(year, month, day) == date.first);
    }
    return 0;
}
