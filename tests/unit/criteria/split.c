/* SPDX-License-Identifier: Apache-2.0 */
/* Targets that split into parts or merge into one. */
#include "timeline.h"

static char course[256];
static size_t split_reasons;
static void keep(const timeline *t) {
    size_t size = 0;
    split_reasons = 0;
    for (size_t i = 1; i < t->criteria->visit_count; i++) {
        const bfl_recist_visit *v = &t->criteria->visits[i];
        char mm[48] = "-";
        if (v->sum_mm.present) (void)bfl_decimal_format(v->sum_mm.value, mm, sizeof mm);
        size += (size_t)snprintf(course + size, sizeof course - size, "%s%s %s %s", i > 1 ? ", " : "",
                                 bfl_response_word(v->overall), mm, bfl_new_lesions_word(v->new_lesions));
        for (size_t k = 0; k < v->reason_count; k++)
            split_reasons += strcmp(v->reasons[k].rule->id, "recist11.target.split") == 0;
    }
}

static const char *course_of(const char *lesions) {
    with_timeline((timeline){.lesions = lesions, .check = keep});
    return course;
}

#define BEFORE "0 T01 lung target soft ct measured 50 -\n0 T02 liver target soft ct measured 30 -\n"

TEST(parts_are_added) {
    CHECK_TEXT(course_of(BEFORE
                         "60 T01.1 lung target soft ct measured 20 -\n60 T01.2 lung target soft ct measured 12 -\n"
                         "60 T02 liver target soft ct measured 20 -\n"),
               "PR 52 none");
    CHECK_INT(split_reasons, 1);
    CHECK_TEXT(course_of(BEFORE "60 T01.1 lung target soft ct measured 60 -\n60 T01.2 lung target soft ct absent - -\n"
                                "60 T02 liver target soft ct measured 36 -\n"),
               "PD 96 none");
}

TEST(a_part_without_a_size_leaves_no_sum) {
    CHECK_TEXT(course_of(BEFORE
                         "60 T01.1 lung target soft ct measured 20 -\n60 T01.2 lung target soft ct not_evaluable - -\n"
                         "60 T02 liver target soft ct measured 20 -\n"),
               "NE - none");
}

TEST(a_whole_counts_once) {
    CHECK_TEXT(course_of("0 T01 liver target soft ct measured 50 -\n0 T02 liver target soft ct measured 30 -\n"
                         "60 T01/T02 liver target soft ct measured 50 -\n"),
               "PR 50 none");
    CHECK_TEXT(course_of("0 T01 liver target soft ct measured 50 -\n0 T02 liver target soft ct measured 30 -\n"
                         "60 T01/T02 liver target soft ct not_evaluable - -\n"),
               "NE - none");
}

TEST(other_names_are_other_lesions) {
    CHECK_TEXT(course_of(BEFORE "60 T01 lung target soft ct measured 50 -\n60 T02 liver target soft ct measured 30 -\n"
                                "60 T011 lung new soft ct measured 20 -\n"),
               "PD 80 unequivocal");
    CHECK_TEXT(course_of(BEFORE "60 T03.1 lung new soft ct measured 20 -\n60 T01 lung target soft ct measured 50 -\n"
                                "60 T02 liver target soft ct measured 30 -\n"),
               "PD 80 unequivocal");
    CHECK_INT(split_reasons, 0);
}

TEST_CASES(CASE(parts_are_added), CASE(a_part_without_a_size_leaves_no_sum), CASE(a_whole_counts_once),
           CASE(other_names_are_other_lesions))
