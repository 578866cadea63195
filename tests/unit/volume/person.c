/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"
#include "volume/volume.h"

/* A person of four letters; '-' is not told. */
static bfl_scan_person person(const char *facts) {
    bfl_scan_person p = {.has = {false}};
    for (int f = 0; f < BFL_PERSON_FACTS; f++) {
        p.has[f] = facts[f] != '-';
        p.hash[f][15] = (uint8_t)facts[f];
    }
    return p;
}

static void check(const char *a, const char *b, const char *told, const char *other) {
    const bfl_scan_person people[2] = {person(a), person(b)};
    const bfl_scan_kinship k = bfl_scan_person_compare(&people[0], &people[1]);
    bfl_arena *arena = bfl_arena_new();
    CHECK_TEXT(bfl_scan_person_words(arena, k.told), told);
    CHECK_TEXT(bfl_scan_person_words(arena, k.other), other);
    bfl_arena_free(arena);
}

TEST(what_both_tell_is_compared) {
    check("abcd", "abcd", "number, name, date of birth and sex", "");
    check("----", "abcd", "", "");
    check("ab--", "--cd", "", "");
    check("abcd", "xbcd", "number, name, date of birth and sex", "number");
    check("abcd", "axcd", "number, name, date of birth and sex", "name");
    check("abcd", "abxd", "number, name, date of birth and sex", "date of birth");
    check("abcd", "abcx", "number, name, date of birth and sex", "sex");
    check("ab-d", "xy-d", "number, name and sex", "number and name");
    check("a-c-", "x-y-", "number and date of birth", "number and date of birth");
}

TEST_CASES(CASE(what_both_tell_is_compared))
