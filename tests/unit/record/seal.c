/* SPDX-License-Identifier: Apache-2.0 */
/* Day 0, the place of every event on the timeline, order, repeated rows. */
#include "record/rows.h"

TEST(day0_is_the_first_anticancer_drug) {
    begin();
    drug("zoledronate", "2019-01-01", "");
    drug("osimertinib", "2019-06-01", "");
    drug("gefitinib", "2019-02-22", "2019-05-31");
    lesion("T5", "2019-04-04", "12");
    const bfl_record *r = seal_it();
    CHECK(r->has_calendar);
    CHECK_INT(r->day0_civil, bfl_civil_day(2019, 2, 22));
    CHECK_INT(r->lesions[0].when.day, 41);
    CHECK(r->lesions[0].when.exact && r->lesions[0].when.known);
    CHECK_TEXT(r->therapies[0].drug, "zoledronate");
    CHECK_INT(r->therapies[0].start.day, -52);
    CHECK_INT(r->therapies[1].stop.day, 98);
    CHECK_INT(r->last_day, 99);
    CHECK_INT(r->issue_count, 0);
    end();
}

TEST(day0_of_the_patient_table_wins) {
    begin();
    drug("gefitinib", "2019-02-22", "");
    bfl_record_set_day0(builder, on("2019-03-01"));
    const bfl_record *r = seal_it();
    CHECK_INT(r->day0_civil, bfl_civil_day(2019, 3, 1));
    CHECK_INT(r->therapies[0].start.day, -7);
    end();
}

TEST(relative_days_need_no_calendar) {
    begin();
    drug("gefitinib", "d0", "");
    lesion("T5", "d56..d90", "");
    lesion("T4", "2019-04-04", "");
    const bfl_record *r = seal_it();
    CHECK(!r->has_calendar);
    CHECK_INT(r->lesions[0].when.first, 56);
    CHECK_INT(r->lesions[0].when.day, 90);
    CHECK(!r->lesions[0].when.exact);
    CHECK_TEXT(r->lesions[1].id, "T4"); /* without a place in time: last */
    CHECK(!r->lesions[1].when.known);
    CHECK_INT(issues_with(r, BFL_CODE_DATE_NO_CALENDAR), 1);
    CHECK_INT(r->last_day, 90);
    end();
}

TEST(relative_and_calendar_dates_mix) {
    begin();
    drug("gefitinib", "2019-01-09", "");
    lesion("a", "d43", "20");
    lesion("b", "2019-02-21", "20");
    const bfl_record *r = seal_it();
    CHECK_INT(r->lesions[0].when.day, 43);
    CHECK_INT(r->lesions[1].when.day, 43);
    CHECK_TEXT(r->lesions[0].id, "a");
    end();
}

TEST(partial_dates_stay_ranges) {
    begin();
    drug("gefitinib", "2018-10-22", "");
    lesion("a", "2019-04", "20");
    const bfl_record *r = seal_it();
    CHECK_INT(r->lesions[0].when.first, bfl_civil_day(2019, 4, 1) - bfl_civil_day(2018, 10, 22));
    CHECK_INT(r->lesions[0].when.day, bfl_civil_day(2019, 4, 30) - bfl_civil_day(2018, 10, 22));
    CHECK(r->lesions[0].when.known && !r->lesions[0].when.exact);
    CHECK_INT(issues_with(r, BFL_CODE_DATE_PARTIAL), 1);
    end();
}

TEST(a_partial_day0_widens_every_calendar_date) {
    begin();
    drug("gefitinib", "2018-03", "");
    lesion("a", "2018-03-31", "20");
    lesion("b", "d13", "20");
    const bfl_record *r = seal_it();
    CHECK(!r->has_calendar);
    CHECK_INT(r->therapies[0].start.day, 0);
    CHECK(r->therapies[0].start.exact);
    CHECK_INT(r->lesions[1].when.first, 0);
    CHECK_INT(r->lesions[1].when.day, 30);
    CHECK_INT(r->lesions[0].when.day, 13);
    CHECK_INT(issues_with(r, BFL_CODE_PATIENT_DAY0_PARTIAL), 1);
    end();
}

TEST(without_a_drug_days_count_from_the_first_event) {
    begin();
    drug("alendronate", "2024-05-06", "");
    lab("ALP", "2024-03-04", "312", "U/L")->ref_high = whole(125);
    const bfl_record *r = seal_it();
    CHECK(r->has_calendar);
    CHECK_INT(r->labs[0].when.day, 0);
    CHECK_INT(issues_with(r, BFL_CODE_PATIENT_NO_DAY0), 1);
    end();
    begin(); /* an anticancer drug whose start is missing is no reason to call another day the start of therapy */
    drug("gefitinib", "", "");
    lab("ALP", "2024-03-04", "312", "U/L")->ref_high = whole(125);
    r = seal_it();
    CHECK(!r->therapies[0].start.known);
    CHECK_INT(issues_with(r, BFL_CODE_DATE_MISSING), 1);
    CHECK_INT(issues_with(r, BFL_CODE_PATIENT_NO_DAY0), 1);
    end();
}

TEST(a_date_that_was_reported_is_not_missing_too) {
    begin();
    drug("gefitinib", "d0", "");
    bfl_record_add_lesion(builder, BFL_DATE_REPORTED)->id = "a";
    bfl_record_add_lesion(builder, BFL_NO_DATE)->id = "b";
    const bfl_record *r = seal_it();
    CHECK_INT(r->lesion_count, 2);
    CHECK_INT(issues_with(r, BFL_CODE_DATE_MISSING), 1);
    end();
}

TEST(events_are_ordered_by_day_then_name_then_row) {
    begin();
    drug("gefitinib", "d0", "");
    lesion("b", "d38", "10");
    lesion("a", "d38", "10");
    lesion("z", "d0", "10");
    lab("GGT", "d13", "37", "U/L")->ref_high = whole(40);
    lab("ALP", "d13", "952", "U/L")->ref_high = whole(338);
    const bfl_record *r = seal_it();
    CHECK_TEXT(r->lesions[0].id, "z");
    CHECK_TEXT(r->lesions[1].id, "a");
    CHECK_TEXT(r->lesions[2].id, "b");
    CHECK_TEXT(r->labs[0].name, "ALP");
    end();
}

TEST(the_order_of_rows_does_not_matter) {
    static const char *const ids[] = {"a", "b", "c", "d"};
    const bfl_record *records[2];
    bfl_arena *arenas[2];
    for (int turn = 0; turn < 2; turn++) {
        begin();
        drug("gefitinib", "2019-01-09", "");
        for (int i = 0; i < 4; i++) {
            const char *id = ids[turn ? 3 - i : i];
            lesion(id, "2019-02-21", id[0] == 'c' ? "5" : "20");
        }
        records[turn] = seal_it();
        arenas[turn] = arena;
    }
    CHECK_INT(records[0]->lesion_count, records[1]->lesion_count);
    for (size_t i = 0; i < records[0]->lesion_count; i++)
        CHECK_TEXT(records[0]->lesions[i].id, records[1]->lesions[i].id);
    bfl_arena_free(arenas[0]);
    bfl_arena_free(arenas[1]);
}

TEST(repeated_rows_are_used_once) {
    begin();
    drug("gefitinib", "d0", "");
    drug("gefitinib", "d0", "");
    lesion("a", "d0", "20");
    lesion("a", "d0", "20");
    lesion("a", "d0", "20.0");
    const bfl_record *r = seal_it();
    CHECK_INT(r->therapy_count, 1);
    CHECK_INT(r->lesion_count, 1);
    CHECK_INT(r->lesions[0].source.row, 4);
    CHECK_INT(issues_with(r, BFL_CODE_ROW_DUPLICATE), 3);
    end();
}

TEST(contradicting_lesion_rows_are_reported_and_the_first_is_used) {
    begin();
    drug("gefitinib", "d0", "");
    lesion("a", "d0", "20");
    lesion("a", "d0", "25");
    lesion("a", "d0", "27")->modality = BFL_MODALITY_MRI; /* another study */
    lesion("a", "d0", "")->hu_mean = whole(300);          /* adds to the first, does not contradict it */
    const bfl_record *r = seal_it();
    CHECK_INT(r->lesion_count, 3);
    CHECK_DECIMAL(r->lesions[0].longest_mm.value, "20");
    CHECK_INT(issues_with(r, BFL_CODE_LESION_CONFLICT), 1);
    CHECK_TEXT(issue_with(r, BFL_CODE_LESION_CONFLICT)->found, "25, but 20 in row 3");
    end();
}

TEST(sizes_that_cannot_be) {
    begin();
    drug("gefitinib", "d0", "");
    lesion("a", "d0", "-3");
    lesion("b", "d0", "20")->short_mm = whole(22);
    const bfl_record *r = seal_it();
    CHECK(!r->lesions[0].longest_mm.present);
    CHECK_INT(issues_with(r, BFL_CODE_LESION_SIZE_NEGATIVE), 1);
    CHECK_INT(issues_with(r, BFL_CODE_LESION_AXES), 1);
    CHECK_INT(r->lesions[1].state, BFL_LESION_MEASURED);
    end();
}

TEST(texts_and_sources_are_never_null) {
    begin();
    (void)bfl_record_add_therapy(builder, on("d0"), BFL_NO_DATE);
    (void)bfl_record_add_lesion(builder, on("d0"));
    (void)bfl_record_add_lab(builder, on("d0"));
    (void)bfl_record_add_clinical(builder, on("d0"));
    (void)bfl_record_add_molecular(builder, on("d0"));
    (void)bfl_record_add_pathology(builder, on("d0"));
    (void)bfl_record_add_note(builder);
    const bfl_record *r = seal_it();
    CHECK_TEXT(r->patient.note, "");
    CHECK_TEXT(r->therapies[0].dose, "");
    CHECK_TEXT(r->lesions[0].source.file, "");
    CHECK_TEXT(r->labs[0].method, "");
    CHECK_TEXT(r->clinicals[0].site, "");
    CHECK_TEXT(r->moleculars[0].specimen, "");
    CHECK_TEXT(r->pathologies[0].procedure, "");
    CHECK_TEXT(r->notes[0].text, "");
    end();
}

TEST_CASES(CASE(day0_is_the_first_anticancer_drug), CASE(day0_of_the_patient_table_wins),
           CASE(relative_days_need_no_calendar), CASE(relative_and_calendar_dates_mix), CASE(partial_dates_stay_ranges),
           CASE(a_partial_day0_widens_every_calendar_date), CASE(without_a_drug_days_count_from_the_first_event),
           CASE(a_date_that_was_reported_is_not_missing_too), CASE(events_are_ordered_by_day_then_name_then_row),
           CASE(the_order_of_rows_does_not_matter), CASE(repeated_rows_are_used_once),
           CASE(contradicting_lesion_rows_are_reported_and_the_first_is_used), CASE(sizes_that_cannot_be),
           CASE(texts_and_sources_are_never_null))
